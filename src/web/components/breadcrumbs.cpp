// Writes breadcrumbs; the item without an address is the page itself.
#include "web/components/breadcrumbs.hpp"

namespace waymark::web {

Html breadcrumbs(const BreadcrumbsOptions& o) {
    Writer w;
    w.open("nav").classes(
        {"govuk-breadcrumbs", o.classes, o.collapse_on_mobile ? "govuk-breadcrumbs--collapse-on-mobile" : ""});
    w.attrs(o.attributes).attr("aria-label", o.label_text);
    w.open("ol").classes({"govuk-breadcrumbs__list"});
    for (const BreadcrumbItem& item : o.items) {
        w.open("li").classes({"govuk-breadcrumbs__list-item"});
        if (item.href.empty()) {
            w.attr("aria-current", "page").add(item.text);
        } else {
            w.open("a").classes({"govuk-breadcrumbs__link"}).href(item.href).attrs(item.attributes);
            w.add(item.text).close("a");
        }
        w.close("li");
    }
    w.close("ol").close("nav");
    return w.done();
}

}  // namespace waymark::web
