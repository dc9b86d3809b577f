// Writes a back link.
#include "web/components/back_link.hpp"

namespace waymark::web {

Html back_link(const BackLinkOptions& o) {
    Writer w;
    w.open("a").href(o.href).classes({"govuk-back-link", o.classes}).attrs(o.attributes).add(o.text).close("a");
    return w.done();
}

}  // namespace waymark::web
