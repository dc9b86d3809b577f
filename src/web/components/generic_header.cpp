// Writes the header.
#include "web/components/generic_header.hpp"

namespace waymark::web {

Html generic_header(const GenericHeaderOptions& o) {
    Writer w;
    w.open("div").classes({"govuk-generic-header", o.classes}).attrs(o.attributes);
    w.open("div").classes({"govuk-generic-header__container", o.container_classes});
    w.open("div").classes({"govuk-generic-header__logo"});
    w.open("a").href(o.url).classes({"govuk-generic-header__homepage-link"}).add(o.logo).close("a");
    w.close("div").close("div").close("div");
    return w.done();
}

}  // namespace waymark::web
