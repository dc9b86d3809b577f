// Writes the service navigation.
#include "web/components/service_navigation.hpp"

namespace waymark::web {

namespace {

void write_item(Writer& w, const ServiceNavigationItem& item) {
    const bool here = item.active || item.current;
    w.open("li").classes({"govuk-service-navigation__item", here ? "govuk-service-navigation__item--active" : ""});
    if (!item.href.empty() || !item.text.empty()) {
        const bool link = !item.href.empty();
        const char* element = link ? "a" : "span";
        w.open(element).classes({link ? "govuk-service-navigation__link" : "govuk-service-navigation__text"});
        if (link) w.href(item.href);
        if (here) w.attr("aria-current", item.current ? "page" : "true");
        if (link) w.attrs(item.attributes);
        // Strong, so that those who override colours or styles still see which place is the current one.
        if (here) {
            w.element("strong", "govuk-service-navigation__active-fallback", item.text);
        } else {
            w.add(item.text);
        }
        w.close(element);
    }
    w.close("li");
}

void write_name(Writer& w, const ServiceNavigationOptions& o) {
    if (o.service_name.empty()) return;
    w.open("span").classes({"govuk-service-navigation__service-name"});
    if (o.service_url.empty()) {
        w.element("span", "govuk-service-navigation__text", o.service_name);
    } else {
        w.open("a").href(o.service_url).classes({"govuk-service-navigation__link"}).text(o.service_name).close("a");
    }
    w.close("span");
}

void write_navigation(Writer& w, const ServiceNavigationOptions& o) {
    if (o.items.empty() && o.navigation_start.empty() && o.navigation_end.empty()) return;
    w.open("nav").attr("aria-label", o.navigation_label.empty() ? o.menu_button_text : o.navigation_label);
    w.classes({"govuk-service-navigation__wrapper", o.navigation_classes});
    if (o.collapse_on_mobile.value_or(o.items.size() > 1)) {
        w.open("button").attr("type", "button");
        w.classes({"govuk-service-navigation__toggle govuk-js-service-navigation-toggle"});
        w.attr("aria-controls", o.navigation_id);
        if (o.menu_button_label != o.menu_button_text) w.attr_if("aria-label", o.menu_button_label);
        w.flag("hidden", true).attr("aria-hidden", "true").text(o.menu_button_text).close("button");
    }
    w.open("ul").classes({"govuk-service-navigation__list"}).attr("id", o.navigation_id).add(o.navigation_start);
    for (const ServiceNavigationItem& item : o.items) write_item(w, item);
    w.add(o.navigation_end).close("ul").close("nav");
}

}  // namespace

Html service_navigation(const ServiceNavigationOptions& o) {
    // With a name or slots it is a landmark of its own; otherwise the nav inside is landmark enough.
    const bool landmark = !o.service_name.empty() || !o.start.empty() || !o.end.empty();
    Writer w;
    w.open(landmark ? "section" : "div");
    if (landmark) w.attr("aria-label", o.aria_label);
    w.classes({"govuk-service-navigation", o.classes}).attr("data-module", "govuk-service-navigation");
    w.attrs(o.attributes);
    w.open("div").classes(
        {"govuk-width-container", o.end_inline ? "govuk-service-navigation__inlining-container" : ""});
    w.add(o.start).open("div").classes({"govuk-service-navigation__container"});
    write_name(w, o);
    write_navigation(w, o);
    w.close("div").add(o.end).close("div").close(landmark ? "section" : "div");
    return w.done();
}

}  // namespace waymark::web
