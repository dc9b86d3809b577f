// Writes a summary list, and the card around it; an action in a card is read with the card's title.
#include "web/components/summary_list.hpp"

namespace waymark::web {

namespace {

void write_action(Writer& w, const SummaryAction& action, const Html& card_title) {
    w.open("a").classes({"govuk-link", action.classes}).href(action.href).attrs(action.attributes).add(action.text);
    if (!action.visually_hidden_text.empty() || !card_title.empty()) {
        w.open("span").classes({"govuk-visually-hidden"});
        if (!action.visually_hidden_text.empty()) w.literal(" ").text(action.visually_hidden_text);
        if (!card_title.empty()) w.literal(" (").add(card_title).literal(")");
        w.close("span");
    }
    w.close("a");
}

void write_row(Writer& w, const SummaryRow& row, bool any_actions, const Html& card_title) {
    const std::vector<SummaryAction>& actions = row.actions.items;
    w.open("div").classes({"govuk-summary-list__row",
                           any_actions && actions.empty() ? "govuk-summary-list__row--no-actions" : "", row.classes});
    w.open("dt").classes({"govuk-summary-list__key", row.key_classes}).add(row.key).close("dt");
    w.open("dd").classes({"govuk-summary-list__value", row.value_classes}).add(row.value).close("dd");
    if (!actions.empty()) {
        w.open("dd").classes({"govuk-summary-list__actions", row.actions.classes});
        if (actions.size() == 1) {
            write_action(w, actions.front(), card_title);
        } else {
            w.open("ul").classes({"govuk-summary-list__actions-list"});
            for (const SummaryAction& action : actions) {
                w.open("li").classes({"govuk-summary-list__actions-list-item"});
                write_action(w, action, card_title);
                w.close("li");
            }
            w.close("ul");
        }
        w.close("dd");
    }
    w.close("div");
}

}  // namespace

Html summary_card(const SummaryCard& o, const Html& content) {
    Writer w;
    w.open("div").classes({"govuk-summary-card", o.classes}).attrs(o.attributes);
    w.open("div").classes({"govuk-summary-card__title-wrapper"});
    if (!o.title.empty()) {
        w.open_heading(o.heading_level).classes({"govuk-summary-card__title", o.title_classes}).add(o.title);
        w.close_heading(o.heading_level);
    }
    if (o.actions.items.size() == 1) {
        w.open("div").classes({"govuk-summary-card__actions", o.actions.classes});
        write_action(w, o.actions.items.front(), o.title);
        w.close("div");
    } else if (!o.actions.items.empty()) {
        w.open("ul").classes({"govuk-summary-card__actions", o.actions.classes});
        for (const SummaryAction& action : o.actions.items) {
            w.open("li").classes({"govuk-summary-card__action"});
            write_action(w, action, o.title);
            w.close("li");
        }
        w.close("ul");
    }
    w.close("div");
    w.element("div", "govuk-summary-card__content", content);
    w.close("div");
    return w.done();
}

Html summary_list(const SummaryListOptions& o) {
    bool any_actions = false;
    for (const SummaryRow& row : o.rows) any_actions = any_actions || !row.actions.items.empty();
    Writer w;
    w.open("dl").classes({"govuk-summary-list", o.classes}).attrs(o.attributes);
    for (const SummaryRow& row : o.rows) write_row(w, row, any_actions, o.card ? o.card->title : Html());
    w.close("dl");
    return o.card ? summary_card(*o.card, w.done()) : w.done();
}

}  // namespace waymark::web
