// Writes a skip link.
#include "web/components/skip_link.hpp"

namespace waymark::web {

Html skip_link(const SkipLinkOptions& o) {
    Writer w;
    w.open("a").href(o.href).classes({"govuk-skip-link", o.classes}).attrs(o.attributes);
    w.attr("data-module", "govuk-skip-link").add(o.text).close("a");
    return w.done();
}

}  // namespace waymark::web
