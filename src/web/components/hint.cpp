// Writes a hint.
#include "web/components/hint.hpp"

namespace waymark::web {

Html hint(const HintOptions& o) {
    Writer w;
    w.open("div").attr_if("id", o.id).classes({"govuk-hint", o.classes}).attrs(o.attributes);
    w.add(o.text).close("div");
    return w.done();
}

}  // namespace waymark::web
