// A child's plans: who does what by when, what was done, when each plan was looked at and by when it must be again.
#include <fmt/format.h>

#include "casework/plans.hpp"
#include "web/components/button.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/table.hpp"
#include "web/components/tag.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/entry_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

Html action_state(const Visit& visit, const casework::PlanAction& action) {
    if (action.done != nullptr)
        return tag({.text = "Done", .classes = "govuk-tag--green"}) + Html(" ") +
               link(entry_url(action.done->entry.row.entry), when_words(visit.zone(), action.done->entry.row.at));
    if (action.overdue(visit.today())) return tag({.text = "Overdue", .classes = "govuk-tag--red"});
    return tag({.text = "To do", .classes = "govuk-tag--blue"});
}

Html actions_table(const Visit& visit, const casework::Plan& plan, const std::string& of) {
    if (plan.actions.empty()) return paragraph("The plan has no actions.");
    TableOptions o;
    o.caption = "Actions of the " + of;
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "What"}, {.content = "By whom"}, {.content = "By when"}, {.content = "State"}};
    for (const auto& action : plan.actions) {
        o.rows.push_back({{.content = action.text.empty() ? std::string("An action") : action.text},
                          labelled("By whom", action.owner.empty() ? std::string("Nobody named") : action.owner),
                          labelled("By when", action.due ? format_long(*action.due) : std::string("No day given")),
                          labelled("State", action_state(visit, action))});
    }
    return table(o);
}

bool offers(const Visit& visit, const char* kind) {
    return visit.may(record::Action::append, kind);
}

Html plan_buttons(const Visit& visit, ViewId person, const casework::Plan& plan) {
    if (plan.ended != nullptr) return {};
    const auto about = "?about=" + to_string(plan.agreed->entry.row.entry);
    Writer w;
    w.open("div").classes({"govuk-button-group waymark-screen-only"});
    bool any = false;
    for (const auto& [kind, words] :
         {std::pair("action.completed", "Say that an action is done"), std::pair("plan.reviewed", "Review the plan"),
          std::pair("review.independent", "Review it independently"), std::pair("plan.ended", "End the plan")}) {
        if (!offers(visit, kind)) continue;
        any = true;
        w.add(button({.text = words, .href = add_url(person, kind) + about, .classes = "govuk-button--secondary"}));
    }
    w.close("div");
    return any ? w.done() : Html();
}

Html reviews_of(const Visit& visit, const casework::Plan& plan) {
    std::vector<Html> items;
    for (auto review = plan.reviews.rbegin(); review != plan.reviews.rend(); ++review)
        items.push_back(
            link(entry_url((*review)->entry.row.entry), (*review)->title) +
            Html(fmt::format(", {}, {}", when_words(visit.zone(), (*review)->entry.row.at), (*review)->source)));
    return items.empty() ? Html("Not reviewed yet") : bullets(items);
}

Html plan_section(const Visit& visit, ViewId person, const casework::Plan& plan) {
    const auto type =
        code_words(visit.office().catalogue, "plan.agreed", "type", string_or(plan.agreed->entry.body, "type", ""));
    const auto name = type.empty() ? std::string("Plan") : type;
    Html content = heading(2, plan.ended == nullptr ? name : name + " (ended)", "m");
    if (plan.changed != nullptr && plan.ended == nullptr) {
        content += inset_text(
            {.content = paragraph(Html("Circumstances have changed since the plan was last looked at: ") +
                                  link(entry_url(plan.changed->entry.row.entry), plan.changed->title) + Html("."))});
    }
    std::vector<SummaryRow> rows;
    rows.push_back(
        {.key = "Agreed",
         .value = link(entry_url(plan.agreed->entry.row.entry), when_words(visit.zone(), plan.agreed->entry.row.at)) +
                  Html(", " + plan.agreed->source)});
    rows.push_back({.key = "Reviews", .value = reviews_of(visit, plan)});
    if (plan.ended == nullptr && plan.review_by)
        rows.push_back({.key = "To be reviewed by", .value = format_long(*plan.review_by)});
    if (plan.ended != nullptr)
        rows.push_back({.key = "Ended",
                        .value = link(entry_url(plan.ended->entry.row.entry),
                                      when_words(visit.zone(), plan.ended->entry.row.at))});
    content += summary_list({.rows = std::move(rows), .classes = "govuk-summary-list--no-border"});
    return content + actions_table(visit, plan, name) + plan_buttons(visit, person, plan);
}

Html apart_section(const Visit& visit, ViewId person, const std::vector<casework::KeepApart>& apart) {
    if (apart.empty()) return {};
    TableOptions o;
    o.caption = "Agreed to keep children apart";
    o.caption_classes = "govuk-table__caption--m";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Where"}, {.content = "Agreed"}, {.content = "Review by"}, {.content = "State"}};
    for (const auto& one : apart) {
        const auto setting = code_words(visit.office().catalogue, "keep-apart.agreed", "setting",
                                        string_or(one.agreed->entry.body, "setting", ""));
        Html state = one.ended != nullptr ? Html("Ended " + when_words(visit.zone(), one.ended->entry.row.at))
                     : one.review_by && *one.review_by < visit.today()
                         ? tag({.text = "Review overdue", .classes = "govuk-tag--red"})
                         : tag({.text = "In force", .classes = "govuk-tag--blue"});
        if (one.ended == nullptr && offers(visit, "keep-apart.ended"))
            state += Html(" ") +
                     link(add_url(person, "keep-apart.ended") + "?about=" + to_string(one.agreed->entry.row.entry),
                          Html("End it") + visually_hidden(": " + setting));
        o.rows.push_back(
            {{.content = link(entry_url(one.agreed->entry.row.entry), setting.empty() ? "Not said" : setting)},
             labelled("Agreed", when_words(visit.zone(), one.agreed->entry.row.at)),
             labelled("Review by", one.review_by ? format_long(*one.review_by) : std::string("No day given")),
             labelled("State", state)});
    }
    return table(o);
}

Result<Response> show_plans(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto child = TRY(casework::person_page(visit.office(), visit.asker(), person, std::nullopt));
    const auto found = casework::plans_of(visit.office(), child.lines);
    Page page = child_frame(visit, child, "Plans", ChildPart::plans);
    page.content += heading(1, "Plans", "l");
    if (found.plans.empty()) page.content += paragraph("No plan is on record, as far as you may see.");
    for (const auto& plan : found.plans) page.content += plan_section(visit, child.person, plan);
    page.content += apart_section(visit, child.person, found.apart);
    Writer w;
    w.open("div").classes({"govuk-button-group waymark-screen-only"});
    for (const auto& [kind, words] : {std::pair("plan.agreed", "Record a plan that was agreed"),
                                      std::pair("keep-apart.agreed", "Record that children are kept apart")}) {
        if (offers(visit, kind)) w.add(button({.text = words, .href = add_url(child.person, kind)}));
    }
    page.content += w.close("div").done() + print_button();
    return visit.show(page);
}

}  // namespace

std::vector<PageRoute> child_plans_pages() {
    return {{{Method::get, "/children/:person/plans", Shows::record, "child.plans"}, show_plans}};
}

}  // namespace waymark::web
