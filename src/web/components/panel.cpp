// Writes a panel; actions belong to an interruption only.
#include "web/components/panel.hpp"

#include "web/components/button.hpp"
#include "web/components/form_group.hpp"

namespace waymark::web {

namespace {

void write_action(Writer& w, const PanelAction& action) {
    if (!action.href.empty() && action.type != "button") {
        w.open("a").classes({"govuk-link govuk-link--inverse", action.classes}).href(action.href);
        w.attrs(action.attributes).text(action.text).close("a");
        return;
    }
    w.add(button({.text = action.text,
                  .type = action.type.empty() ? "button" : action.type,
                  .href = action.href,
                  .classes = with_word("govuk-button--inverse", action.classes),
                  .attributes = action.attributes}));
}

}  // namespace

Html panel(const PanelOptions& o) {
    const bool interruption = o.classes.find("govuk-panel--interruption") != std::string::npos;
    Writer w;
    w.open("div").classes({"govuk-panel", interruption ? "" : "govuk-panel--confirmation", o.classes});
    w.attrs(o.attributes);
    w.open_heading(o.heading_level).classes({"govuk-panel__title"}).add(o.title).close_heading(o.heading_level);
    if (!o.content.empty()) w.element("div", "govuk-panel__body", o.content);
    if (interruption && o.actions) {
        w.open("div").classes({"govuk-panel__actions", o.actions->classes}).attrs(o.actions->attributes);
        if (!o.actions->items.empty()) {
            w.open("div").classes({"govuk-button-group"});
            for (const PanelAction& action : o.actions->items) {
                write_action(w, action);
                w.literal(" ");
            }
            w.close("div");
        }
        w.close("div");
    }
    w.close("div");
    return w.done();
}

}  // namespace waymark::web
