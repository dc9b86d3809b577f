// Writes a sub navigation.
#include "web/components/sub_navigation.hpp"

namespace waymark::web {

Html sub_navigation(const SubNavigationOptions& o) {
    Writer w;
    w.open("nav").classes({"moj-sub-navigation", o.classes}).attr("aria-label", o.label).attrs(o.attributes);
    w.open("ul").classes({"moj-sub-navigation__list"});
    for (const SubNavigationItem& item : o.items) {
        w.open("li").classes({"moj-sub-navigation__item", item.classes});
        w.open("a").classes({"moj-sub-navigation__link"});
        if (item.current) w.attr("aria-current", "page");
        w.href(item.href).attrs(item.attributes).add(item.text).close("a").close("li");
    }
    w.close("ul").close("nav");
    return w.done();
}

}  // namespace waymark::web
