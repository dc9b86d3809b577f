// Page 29: looks that seem wrong. A list with the pattern in words, for whoever oversees; each is answered by somebody
// else than who looked.
#include <fmt/format.h>

#include "casework/alerts.hpp"
#include "web/components/button.hpp"
#include "web/components/details.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/radios.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/table.hpp"
#include "web/components/textarea.hpp"
#include "web/pages/access_view.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr const char* looks_url = "/access/looks";

std::string alert_url(const casework::LookAlert& one) {
    return fmt::format("{}/{}", looks_url, to_string(one.id));
}

Html looker_words(const casework::LookAlert& one) {
    Html out(one.name);
    if (!one.agency.empty())
        out += Html::raw("<br>") + Writer().element("span", "govuk-body-s", one.role + ", " + one.agency).done();
    return out;
}

std::string span_words(const Visit& visit, const casework::LookAlert& one) {
    const auto first = moment_words(visit.zone(), one.first);
    const auto last = moment_words(visit.zone(), one.last);
    return first == last ? last : first + " to " + last;
}

// Who has looked at that record, on those days and from that agency.
std::string looked_url(const Visit& visit, const casework::LookAlert& one) {
    return fmt::format("{}/looked?from={}&to={}", child_url(*one.person), format_date(visit.zone().day_of(one.first)),
                       format_date(visit.zone().day_of(one.last)));
}

Html alerts_table(const Visit& visit, const std::vector<casework::LookAlert>& alerts, const char* caption,
                  const char* act) {
    TableOptions o;
    o.caption = caption;
    o.caption_classes = "govuk-table__caption--m";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "What seems wrong"},
              {.content = "Who"},
              {.content = "Whose record"},
              {.content = "When"},
              {.content = "Answer"}};
    for (const auto& one : alerts) {
        Html answer;
        if (one.answer && !one.is_new())
            answer += Html(one.answer->by + ", " + moment_words(visit.zone(), one.answer->at)) + Html::raw("<br>");
        if (one.answer && one.is_new()) answer += Html("Looked again since it was answered") + Html::raw("<br>");
        answer += link(alert_url(one), Html(act) + visually_hidden(fmt::format(": {}, {}", one.words, one.name)));
        o.rows.push_back({{.content = Html(one.words) + Html::raw("<br>") +
                                      Writer().element("span", "govuk-body-s", one.said).done()},
                          labelled("Who", looker_words(one)),
                          labelled("Whose record", one.child),
                          labelled("When", span_words(visit, one)),
                          labelled("Answer", answer)});
    }
    return table(o);
}

Html what_is_looked_for(const Visit& visit) {
    std::vector<Html> patterns;
    for (const auto& one : visit.office().look_patterns.patterns) {
        std::string words = one.words + ": " + one.about;
        words += fmt::format(" From {} on", one.least);
        if (one.minutes > 0)
            words +=
                fmt::format(", within {}", count_words(static_cast<std::size_t>(one.minutes), "minute", "minutes"));
        if (one.days > 0)
            words += fmt::format(", within {}", count_words(static_cast<std::size_t>(one.days), "day", "days"));
        patterns.emplace_back(words + ".");
    }
    Html content = paragraph(
        "No source gives these figures: they are the partnership’s own, in content/access/alerts.toml. They count what "
        "is on record. They say nothing of why somebody looked, and nobody is scored.");
    content += bullets(patterns);
    return details({.summary = "What is looked for, and from how many on", .content = content});
}

Result<Response> list_looks(Visit& visit) {
    const auto found = TRY(casework::look_alerts(visit.office(), visit.asker()));
    Page page = visit.page("Looks that seem wrong", Place::access);
    page.wide = true;
    page.back_link = BackLinkOptions{.href = "/access", .text = "Back to access"};
    page.content = heading(1, "Looks that seem wrong", "l");
    page.content += paragraph(fmt::format(
        "Of the last {}, up to now. Most looks are right: ask before you judge. Your own are shown to others, never to "
        "you. That you opened this list is recorded too.",
        count_words(static_cast<std::size_t>(found.days), "day", "days")));
    if (found.log_only)
        page.content +=
            inset_text({.content = paragraph("You see who looked, and nothing of the records themselves.")});
    page.content += found.open.empty() ? heading(2, "To be answered", "m") + paragraph("Nothing waits for an answer.")
                                       : alerts_table(visit, found.open, "To be answered", "Answer");
    if (!found.taken_up.empty()) page.content += alerts_table(visit, found.taken_up, "To be taken up", "Read it");
    if (!found.explained.empty())
        page.content += details({.summary = fmt::format("Explained ({})", found.explained.size()),
                                 .content = alerts_table(visit, found.explained, "Explained", "Read it")});
    if (found.more) page.content += paragraph("There are more. Answer these first.");
    page.content += what_is_looked_for(visit);
    return visit.show(page);
}

Response alert_page(const Visit& visit, const casework::LookAlert& one, const Typed& typed) {
    Page page = visit.page("Looks that seem wrong", Place::access);
    page.errors = typed.summary();
    page.back_link = BackLinkOptions{.href = looks_url, .text = "Back to the list"};
    page.content = heading(1, one.words, "l") + paragraph(one.said);
    SummaryListOptions o;
    const auto row = [&o](const char* key, const Html& value) { o.rows.push_back({.key = key, .value = value}); };
    row("Who", looker_words(one));
    row("Whose record", one.child);
    row("When", span_words(visit, one));
    if (one.answer) {
        const bool explained = one.answer->outcome == "explained";
        row(one.is_new() ? "Answered before" : "Answer",
            Html(explained ? "Explained: the looks were right" : "To be taken up") + Html::raw("<br>") +
                Html(one.answer->reason));
        row("Answered by", fmt::format("{} on {}", one.answer->by, moment_words(visit.zone(), one.answer->at)));
    }
    page.content += summary_list(o);
    if (one.person) page.content += paragraph(link(looked_url(visit, one), "Who has looked at this record then"));
    if (!one.is_new()) return visit.show(page);
    Html content = radios(
        {.name = "outcome",
         .fieldset = FieldsetOptions{.legend = {.text = "What do you decide?", .classes = "govuk-fieldset__legend--m"}},
         .error_message = typed.message("outcome"),
         .items = radio_items(choices_of(visit.office().catalogue, "look.answered", "outcome")),
         .value = typed.value("outcome")});
    content += textarea({.name = "reason",
                         .label = {.text = "Why?", .classes = "govuk-label--s"},
                         .hint = {.text = "Say whom you asked, or what you looked at. Do not name the child."},
                         .error_message = typed.message("reason"),
                         .value = typed.value("reason"),
                         .rows = 3,
                         .spellcheck = true});
    content += button({.text = "Save the answer", .prevent_double_click = true});
    page.content += visit.form(
        {.action = alert_url(one), .key = visit.form_key(), .hidden = {{"until", to_string(one.last)}}}, content);
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_looks(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("alert"));
    return alert_page(visit, TRY(casework::look_alert(visit.office(), visit.asker(), id.value)), {});
}

Result<Response> answer_looks_form(Visit& visit) {
    casework::AnswerLooks request;
    request.alert = TRY(visit.id<EntryId>("alert")).value;
    request.key = visit.form_key();
    request.outcome =
        visit.typed.choice("outcome", codes_of(choices_of(visit.office().catalogue, "look.answered", "outcome")),
                           "Choose what you decide");
    request.reason = visit.typed.required_text("reason", "the reason", "Say why");
    if (!visit.typed.good())
        return alert_page(visit, TRY(casework::look_alert(visit.office(), visit.asker(), request.alert)), visit.typed);
    const auto until = parse_instant(visit.typed.value("until"));
    if (!until) return fault(FaultKind::invalid, "until", "This form is not whole.", "Open the page again.");
    request.until = *until;
    TRY_VOID(casework::answer_looks(visit.office(), visit.asker(), request));
    return Visit::see(looks_url);
}

}  // namespace

std::vector<PageRoute> look_alert_pages() {
    return {{{Method::get, "/access/looks", Shows::record, "access.looks"}, list_looks},
            {{Method::get, "/access/looks/:alert", Shows::record, "access.look"}, show_looks},
            {{Method::post, "/access/looks/:alert", Shows::record, "access.look-answer"}, answer_looks_form}};
}

}  // namespace waymark::web
