// Writes tabs: first the list of links, then the panels.
#include "web/components/tabs.hpp"

namespace waymark::web {

namespace {

std::string panel_id(const TabsOptions& o, std::size_t index) {
    const TabItem& item = o.items[index - 1];
    return item.id.empty() ? o.id_prefix + "-" + std::to_string(index) : item.id;
}

void write_panel(Writer& w, const TabsOptions& o, std::size_t index) {
    const TabItem& item = o.items[index - 1];
    w.open("div").classes({"govuk-tabs__panel", index > 1 ? "govuk-tabs__panel--hidden" : ""});
    w.attr("id", panel_id(o, index)).attrs(item.panel_attributes);
    if (!item.panel.empty() && item.panel.is_text()) {
        w.element("p", "govuk-body", item.panel);
    } else {
        w.add(item.panel);
    }
    w.close("div");
}

}  // namespace

Html tabs(const TabsOptions& o) {
    Writer w;
    w.open("div").attr_if("id", o.id).classes({"govuk-tabs", o.classes}).attrs(o.attributes);
    w.attr("data-module", "govuk-tabs");
    w.element("h2", "govuk-tabs__title", o.title);
    if (!o.items.empty()) {
        w.open("ul").classes({"govuk-tabs__list"});
        for (std::size_t index = 1; index <= o.items.size(); ++index) {
            const TabItem& item = o.items[index - 1];
            if (!item.when) continue;
            w.open("li").classes({"govuk-tabs__list-item", index == 1 ? "govuk-tabs__list-item--selected" : ""});
            w.open("a").classes({"govuk-tabs__tab"}).href("#" + panel_id(o, index)).attrs(item.attributes);
            w.text(item.label).close("a").close("li");
        }
        w.close("ul");
        for (std::size_t index = 1; index <= o.items.size(); ++index) {
            if (o.items[index - 1].when) write_panel(w, o, index);
        }
    }
    w.close("div");
    return w.done();
}

}  // namespace waymark::web
