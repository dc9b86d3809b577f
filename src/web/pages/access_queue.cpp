// The access review queue: was each access right? For those who oversee; of the children it says nothing.
#include <fmt/format.h>

#include "casework/glass.hpp"
#include "web/components/button.hpp"
#include "web/components/radios.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/table.hpp"
#include "web/components/textarea.hpp"
#include "web/pages/access_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t most_uses_shown = 200;

std::string use_url(const casework::GlassUse& use) {
    return "/access/glass/" + to_string(use.entry);
}

Html uses_table(const Visit& visit, const std::vector<casework::GlassUse>& uses) {
    TableOptions o;
    o.caption = "Records opened in an emergency";
    o.caption_classes = "govuk-table__caption--m";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Who"}, {.content = "When"}, {.content = "Reason given"}, {.content = "Review"}};
    for (const auto& use : uses) {
        o.rows.push_back({{.content = Html(use.name) + Html::raw("<br>") +
                                      Writer().element("span", "govuk-body-s", use.agency).done()},
                          labelled("When", moment_words(visit.zone(), use.at)),
                          labelled("Reason given", use.reason),
                          labelled("Review", glass_state(visit, use) + Html::raw("<br>") +
                                                 link(use_url(use), Html(use.review ? "Read it" : "Review it") +
                                                                        visually_hidden(" (" + use.reference + ")")))});
    }
    return table(o);
}

Result<Response> queue(Visit& visit) {
    const auto uses = TRY(casework::glass_uses(visit.office(), visit.asker(), most_uses_shown));
    Page page = visit.page("Access", Place::access);
    page.wide = true;
    page.content = heading(1, "Access", "l");
    page.content +=
        paragraph("Who opened what they could not, and whether it was right. The children are not named here.");
    page.content += paragraph(link("/access/looks", "Looks that seem wrong"));
    page.content += uses.empty() ? heading(2, "Records opened in an emergency", "m") +
                                       paragraph("Nobody has opened a record in an emergency.")
                                 : uses_table(visit, uses);
    page.content += heading(2, "Conflicts of interest", "m") + TRY(conflicts_table(visit));
    page.content += TRY(ended_connections_table(visit));
    page.content += heading(2, "Restrictions that are due for review", "m");
    page.content += restrictions_table(visit, TRY(casework::restrictions_in_force(visit.office(), visit.asker(), true)),
                                       "Restrictions that are due for review");
    page.content += paragraph(link("/access/restrictions", "See every restriction in force"));
    page.content += paragraph(link("/approvals", "Waiting for a second person"));
    return visit.show(page);
}

Response use_page(const Visit& visit, const casework::GlassUse& use, const Typed& typed) {
    Page page = visit.page("Emergency access", Place::access);
    page.errors = typed.summary();
    page.back_link = BackLinkOptions{.href = "/access", .text = "Back to the queue"};
    page.content = heading(1, "Emergency access", "l");
    SummaryListOptions o;
    const auto row = [&o](const char* key, const Html& value) { o.rows.push_back({.key = key, .value = value}); };
    row("Reference", use.reference);
    row("Who", fmt::format("{}, {}, {}", use.name, use.role, use.agency));
    row("When", fmt::format("{}, until {}", moment_words(visit.zone(), use.at), moment_words(visit.zone(), use.until)));
    row("Reason given", use.reason);
    row("Restriction that it opened", use.level.empty() ? "None: no work with the child" : use.level);
    row("Looks into the record meanwhile", std::to_string(use.looks));
    row("Review", glass_state(visit, use));
    if (use.review) {
        row("Why", use.review->reason);
        row("Reviewed by", fmt::format("{} on {}", use.review->by, moment_words(visit.zone(), use.review->at)));
    }
    page.content += summary_list(o);
    if (use.review) return visit.show(page);
    if (visit.who && visit.who->practitioner != nullptr && visit.who->practitioner->key == use.by) {
        page.content += paragraph("Nobody reviews their own use. Somebody else who oversees access reviews it.");
        return visit.show(page);
    }
    const auto outcomes = choices_of(visit.office().catalogue, "glass.reviewed", "outcome");
    Html content = radios(
        {.name = "outcome",
         .fieldset = FieldsetOptions{.legend = {.text = "Was it justified?", .classes = "govuk-fieldset__legend--m"}},
         .error_message = typed.message("outcome"),
         .items = radio_items(outcomes),
         .value = typed.value("outcome")});
    content += textarea({.name = "reason",
                         .label = {.text = "Why?", .classes = "govuk-label--s"},
                         .hint = {.text = "Say what you looked at, or whom you asked."},
                         .error_message = typed.message("reason"),
                         .value = typed.value("reason"),
                         .rows = 3,
                         .spellcheck = true});
    content += button({.text = "Save the review", .prevent_double_click = true});
    page.content += visit.form({.action = use_url(use), .key = visit.form_key()}, content);
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_use(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("entry"));
    return use_page(visit, TRY(casework::glass_use(visit.office(), visit.asker(), id)), {});
}

Result<Response> review_use(Visit& visit) {
    casework::ReviewGlass request;
    request.entry = TRY(visit.id<EntryId>("entry"));
    request.key = visit.form_key();
    request.outcome =
        visit.typed.choice("outcome", codes_of(choices_of(visit.office().catalogue, "glass.reviewed", "outcome")),
                           "Choose whether it was justified");
    request.reason = visit.typed.required_text("reason", "the reason", "Say why it was justified, or why not");
    if (!visit.typed.good())
        return use_page(visit, TRY(casework::glass_use(visit.office(), visit.asker(), request.entry)), visit.typed);
    TRY_VOID(casework::review_glass(visit.office(), visit.asker(), request));
    return Visit::see("/access");
}

}  // namespace

std::vector<PageRoute> access_queue_pages() {
    return {{{Method::get, "/access", Shows::record, "access"}, queue},
            {{Method::get, "/access/glass/:entry", Shows::record, "access.glass"}, show_use},
            {{Method::post, "/access/glass/:entry", Shows::record, "access.glass-review"}, review_use}};
}

}  // namespace waymark::web
