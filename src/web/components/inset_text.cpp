// Writes inset text.
#include "web/components/inset_text.hpp"

namespace waymark::web {

Html inset_text(const InsetTextOptions& o) {
    Writer w;
    w.open("div").attr_if("id", o.id).classes({"govuk-inset-text", o.classes}).attrs(o.attributes);
    w.add(o.content).close("div");
    return w.done();
}

}  // namespace waymark::web
