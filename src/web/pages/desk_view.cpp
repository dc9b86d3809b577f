// Everything that the front door needs, from the top of the page down in the order in which it is needed.
#include "web/pages/desk_view.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "web/components/button.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/notification_banner.hpp"
#include "web/components/radios.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/textarea.hpp"
#include "web/components/warning_text.hpp"
#include "web/pages/classify_view.hpp"
#include "web/pages/match_view.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/telling_view.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

const Typed no_answers;

const Typed& answers_of(const Returned& returned, std::string_view form, std::string_view about) {
    return returned.form == form && returned.about == about ? returned.typed : no_answers;
}

std::string key_for(const Visit& visit, const Typed& typed) {
    return parse_uuid(typed.value("key")) ? typed.value("key") : to_string(make_uuid4(visit.office().random));
}

// How each of the small forms ends: why, and a button.
Html reason_and_save(const Typed& typed, const std::string& suffix, const std::string& reason_for,
                     const std::string& save, const std::string& what) {
    return textarea({.name = "reason",
                     .id = "reason" + suffix,
                     .label = {.text = Html::raw("Why?") + visually_hidden(" " + reason_for)},
                     .error_message = typed.message("reason"),
                     .value = typed.value("reason"),
                     .rows = 2}) +
           button({.text = Html(save) + visually_hidden(" " + what),
                   .classes = "govuk-button--secondary",
                   .prevent_double_click = true});
}

std::size_t still_to_judge(const casework::Desk& desk) {
    return static_cast<std::size_t>(
        std::count_if(desk.earlier.begin(), desk.earlier.end(), [](const auto& e) { return !e.judged; }));
}

bool in_danger(const casework::Desk& desk) {
    const auto* danger = find(desk.concern.body, "immediate_danger");
    return danger != nullptr && danger->is_bool() && danger->get_bool();
}

// The duty in hours, in the procedure's own words.
Html urgent_duties(const Visit& visit, const casework::Desk& desk) {
    Html out;
    for (const auto& duty : desk.standing.duties) {
        const bool unmet = duty.state == procedure::DutyState::open || duty.state == procedure::DutyState::overdue;
        if (duty.urgent.empty() || !unmet || duty.raised_by != desk.concern.row.entry) continue;
        out += urgent_panel(
            {.heading = duty.urgent,
             .content =
                 paragraph(
                     "A child is said to be in immediate danger. Call the police, and the person who raised this. "
                     "Then decide on this page.") +
                 paragraph(Html(duty.label + ": ") + due_date(visit.zone(), duty.due, visit.now())),
             .telephone = "999"});
        return out;
    }
    if (in_danger(desk) && !desk.decided) out += danger_panel();
    return out;
}

// What other agencies were asked, in one line; the whole stands on the child's page.
Html asked_agencies(const Visit& visit, const casework::Desk& desk) {
    const auto checks = casework::checks_of(visit.office(), desk.child);
    std::size_t asked = 0;
    std::size_t waiting = 0;
    std::size_t late = 0;
    for (const auto& one : checks) {
        asked += one.agencies.size();
        waiting += one.waiting();
        late += one.overdue();
    }
    std::string words = "No agency has been asked what it holds.";
    if (asked > 0)
        words = fmt::format("{} of {} agencies that were asked have answered{}.", asked - waiting, asked,
                            late > 0 ? fmt::format(", {} overdue", late) : std::string());
    return paragraph(Html(words + " ") + link(telling_url(desk.child.person), "Ask agencies and see their answers"));
}

Html the_concern(const Visit& visit, const casework::Desk& desk) {
    Html content = heading(2, "The concern", "m");
    if (const auto* line = line_of(desk.child, desk.concern.row.entry)) {
        std::vector<SummaryRow> rows;
        rows.push_back({.key = "From", .value = line->source + ", " + author_words(*line)});
        rows.push_back({.key = "Noticed", .value = when_words(visit.zone(), desk.concern.row.at)});
        rows.push_back({.key = "Received", .value = moment_words(visit.zone(), desk.concern.row.kept)});
        for (const auto& [label, value] : line->details) rows.push_back({.key = label, .value = value});
        if (line->withheld)
            rows.push_back({.key = "Held back", .value = "A text that names another child waits to be redacted."});
        content += summary_list({.rows = std::move(rows)});
    }
    for (const auto& duty : desk.standing.duties) {
        if (duty.raised_by != desk.concern.row.entry || !duty.urgent.empty()) continue;
        if (duty.state != procedure::DutyState::open && duty.state != procedure::DutyState::overdue) continue;
        content += paragraph(Html(duty.label + ": ") + due_date(visit.zone(), duty.due, visit.now()));
    }
    return content;
}

Html matches(const Visit& visit, EntryId concern, const casework::Desk& desk, const Returned& returned) {
    if (desk.matches.empty()) return {};
    Html content = heading(2, count_words(desk.matches.size(), "possible match", "possible matches"), "m");
    content += paragraph("Another record may be about the same child. If it is, its earlier concerns join this page.");
    const record::Identity* own = best_identity(desk.child);
    std::size_t n = 0;
    for (const auto& offered : desk.matches) {
        ++n;
        Html card = side_by_side(visit, own == nullptr ? record::Identity{} : *own, "This child", offered,
                                 agency_words(visit.office(), offered.agency), fmt::format("Possible match {}", n));
        const ViewId of = offered.of.is_nil() ? desk.child.person : offered.of;
        card += paragraph(link(match_url(of, offered.view), Html("See all that speaks for and against") +
                                                                visually_hidden(fmt::format(" possible match {}", n))));
        card += match_form(visit, desk_url(concern) + "/match", of, offered.view, n, returned);
        content += summary_card(
            {.title = fmt::format("Possible match {}: known to {}", n, agency_words(visit.office(), offered.agency)),
             .heading_level = 3},
            card);
    }
    return content;
}

Html judgements(const Visit& visit, const casework::EarlierItem& earlier) {
    std::vector<Html> lines;
    for (const auto& j : earlier.judgements) {
        std::string words = fmt::format("{}. {} ({}, {})", j.judgement, j.reason, j.by, when_words(visit.zone(), j.at));
        if (j.for_this) words += ". Judged for this concern";
        lines.emplace_back(words);
    }
    return lines.empty() ? Html("Not judged before") : lines.size() == 1 ? lines.front() : bullets(lines);
}

Html judge_form(const Visit& visit, EntryId concern, const casework::EarlierItem& earlier, std::size_t n,
                const Returned& returned) {
    const std::string about = to_string(earlier.concern.row.entry);
    const Typed& typed = answers_of(returned, "judge", about);
    const std::string suffix = fmt::format("-{}", n);
    const auto choices = choices_of(visit.office().catalogue, "earlier.judged", "judgement");
    Html content =
        radios({.name = "judgement",
                .id_prefix = "judgement" + suffix,
                .fieldset = FieldsetOptions{.legend = {.text = fmt::format("Does earlier concern {} count now?", n),
                                                       .classes = "govuk-fieldset__legend--s"}},
                .error_message = typed.message("judgement"),
                .items = radio_items(choices),
                .value = typed.value("judgement"),
                .classes = "govuk-radios--small"});
    content += reason_and_save(typed, suffix, fmt::format("Reason for earlier concern {}", n), "Save this judgement",
                               fmt::format("of earlier concern {}", n));
    return visit.form(
        {.action = desk_url(concern) + "/judge", .key = key_for(visit, typed), .hidden = {{"earlier", about}}},
        content);
}

Html earlier_card(const Visit& visit, EntryId concern, const casework::Desk& desk, std::size_t n,
                  const Returned& returned) {
    const auto& earlier = desk.earlier[n - 1];
    std::vector<SummaryRow> rows;
    rows.push_back({.key = "What", .value = earlier.title});
    rows.push_back({.key = "From", .value = earlier.agency_name});
    rows.push_back({.key = "When", .value = when_words(visit.zone(), earlier.concern.row.at)});
    if (const auto* line = line_of(desk.child, earlier.concern.row.entry)) {
        for (const auto& [label, value] : line->details) rows.push_back({.key = label, .value = value});
    }
    rows.push_back(
        {.key = "How it ended",
         .value = earlier.closed_as.empty()
                      ? std::string("No decision on record")
                      : earlier.closed_as + (earlier.closed_without_action ? " (closed without action)" : "")});
    rows.push_back(
        {.key = "Classified",
         .value = earlier.classification.empty() ? std::string("Never classified") : earlier.classification});
    rows.push_back({.key = "Judgements", .value = judgements(visit, earlier)});
    Html card = summary_list({.rows = std::move(rows), .classes = earlier.judged ? "" : "govuk-!-margin-bottom-6"});
    if (!earlier.judged) card += judge_form(visit, concern, earlier, n, returned);
    return Html::raw(fmt::format("<div id=\"earlier-{}\">", n)) +
           summary_card({.title = fmt::format("Earlier concern {} of {}: {}", n, desk.earlier.size(),
                                              earlier.judged ? "judged" : "to be judged"),
                         .heading_level = 3},
                        card) +
           Html::raw("</div>");
}

Html earlier_concerns(const Visit& visit, EntryId concern, const casework::Desk& desk, const Returned& returned) {
    Html content = heading(2, "Earlier concerns and referrals", "m");
    if (desk.earlier.empty()) return content + paragraph("None is on record, from any agency.");
    const std::size_t waiting = still_to_judge(desk);
    content += paragraph(fmt::format(
        "{} on record, from any agency. {}.",
        count_words(desk.earlier.size(), "earlier concern or referral about this child is",
                    "earlier concerns and referrals about this child are"),
        waiting == 0 ? std::string("Every one has been judged") : fmt::format("{} still to be judged", waiting)));
    for (std::size_t n = 1; n <= desk.earlier.size(); ++n) content += earlier_card(visit, concern, desk, n, returned);
    return content;
}

Html decision_form(const Visit& visit, EntryId concern, const casework::Desk& desk, const Returned& returned) {
    const Typed& typed = answers_of(returned, "decide", "");
    const auto held = desk.may_close ? std::set<std::string>{}
                                     : visit.office().rulebook().values_that_wait("triage.decided", "outcome");
    const std::size_t waiting = still_to_judge(desk);
    // What waits is said in words: a greyed-out answer is hard to read and says nothing of why.
    std::vector<ChoiceItem> now;
    std::vector<Html> later;
    for (const auto& [code, label] : choices_of(visit.office().catalogue, "triage.decided", "outcome")) {
        if (held.contains(code))
            later.emplace_back(label);
        else
            now.push_back({.text = label, .value = code});
    }
    Html content;
    if (!later.empty()) {
        content += inset_text(
            {.content =
                 paragraph(
                     "You can decide to protect the child now. The judging then falls due on the next working day.") +
                 paragraph(fmt::format("These wait until {} above {} judged:",
                                       count_words(waiting, "earlier concern", "earlier concerns"),
                                       waiting == 1 ? "is" : "are")) +
                 bullets(later)});
    }
    content += radios(
        {.name = "outcome",
         .fieldset = FieldsetOptions{.legend = {.text = "What happens next?", .classes = "govuk-fieldset__legend--m"}},
         .error_message = typed.message("outcome"),
         .items = std::move(now),
         .value = typed.value("outcome")});
    content += textarea({.name = "rationale",
                         .label = {.text = "Why?", .classes = "govuk-label--s"},
                         .hint = {.text = "Say what you weighed. Others will read this in years to come."},
                         .error_message = typed.message("rationale"),
                         .value = typed.value("rationale"),
                         .rows = 4,
                         .spellcheck = true});
    content += button({.text = "Record the decision", .prevent_double_click = true});
    return heading(2, "Decide", "m") + visit.form({.action = desk_url(concern) + "/decide",
                                                   .key = key_for(visit, typed),
                                                   .draft_url = desk_url(concern) + "/decide/draft"},
                                                  content);
}

const casework::Line* feedback_given(const casework::Desk& desk) {
    for (const auto& line : desk.child.lines) {
        const bool about_this = line.entry.row.about == desk.concern.row.entry ||
                                (desk.decided && line.entry.row.about == desk.decided->row.entry);
        if (line.entry.row.kind == "feedback.given" && about_this && !line.superseded) return &line;
    }
    return nullptr;
}

Html feedback_form(const Visit& visit, EntryId concern, const casework::Desk& desk, const Returned& returned) {
    const Typed& typed = answers_of(returned, "feedback", "");
    const std::string decided(string_or(desk.decided->body, "outcome", ""));
    const std::string words = code_words(visit.office().catalogue, "triage.decided", "outcome", decided);
    Html content = radios({.name = "outcome",
                           .id_prefix = "told",
                           .fieldset = FieldsetOptions{.legend = {.text = "What do you tell them?",
                                                                  .classes = "govuk-fieldset__legend--s"}},
                           .error_message = typed.message("outcome"),
                           .items = radio_items(choices_of(visit.office().catalogue, "feedback.given", "outcome")),
                           .value = typed.has("outcome") ? typed.value("outcome") : decided,
                           .classes = "govuk-radios--small"});
    content +=
        textarea({.name = "text",
                  .label = {.text = "Your message to them", .classes = "govuk-label--s"},
                  .hint = {.text = "They see this message. Do not give details about another child or adult."},
                  .error_message = typed.message("text"),
                  .value = typed.has("text") ? typed.value("text")
                                             : fmt::format("Thank you for raising this. What happens next: {}.", words),
                  .rows = 3});
    content += button({.text = "Tell the person who raised it", .prevent_double_click = true});
    return heading(2, "Tell the person who raised it", "m") +
           visit.form({.action = desk_url(concern) + "/feedback", .key = key_for(visit, typed)}, content);
}

// Typed for a concern that somebody decided meanwhile: beside what stands, and never lost.
Html not_recorded(const Visit& visit, const Typed& typed) {
    std::vector<SummaryRow> rows;
    rows.push_back(
        {.key = "What happens next?",
         .value = code_words(visit.office().catalogue, "triage.decided", "outcome", typed.value("outcome"))});
    rows.push_back({.key = "Why?", .value = typed.value("rationale")});
    Writer w;
    w.open("div").attr("id", "outcome").attr("tabindex", "-1");
    w.add(heading(2, "What you typed, which was not recorded", "m")).add(summary_list({.rows = std::move(rows)}));
    w.add(paragraph("If you think that what stands is wrong, say that you disagree, with your reason."));
    return w.close("div").done();
}

Html decided(const Visit& visit, EntryId concern, const casework::Desk& desk, const Returned& returned) {
    Html content = heading(2, "The decision", "m");
    std::vector<SummaryRow> rows;
    if (const auto* line = line_of(desk.child, desk.decided->row.entry)) {
        rows.push_back({.key = "Decided", .value = when_words(visit.zone(), desk.decided->row.at)});
        rows.push_back({.key = "By", .value = author_words(*line) + ", " + line->source});
        for (const auto& [label, value] : line->details) rows.push_back({.key = label, .value = value});
    }
    content += summary_list({.rows = std::move(rows)});
    if (visit.may(record::Action::append, "concern.classified"))
        content += paragraph(link(classify_url(concern), "Classify the behaviour"));
    if (const std::size_t waiting = still_to_judge(desk); waiting > 0) {
        content +=
            warning_text({.text = fmt::format(
                              "{} still to be judged. The judging is due on the next working day after the decision.",
                              count_words(waiting, "earlier concern is", "earlier concerns are"))});
    }
    if (const auto* told = feedback_given(desk)) {
        content += paragraph(
            fmt::format("The person who raised it was told on {}.", when_words(visit.zone(), told->entry.row.at)));
    } else if (visit.may(record::Action::append, "feedback.given")) {
        content += feedback_form(visit, concern, desk, returned);
    }
    if (desk.decided && visit.may(record::Action::append, "challenge.raised"))
        content += paragraph(link(challenge_form_url(desk.decided->row.entry), "I disagree with this decision"));
    return content;
}

}  // namespace

std::string desk_url(EntryId concern) {
    return "/concerns/" + to_string(concern);
}

const casework::Line* line_of(const casework::PersonPage& page, EntryId id) {
    const auto found = std::find_if(page.lines.begin(), page.lines.end(),
                                    [&](const casework::Line& line) { return line.entry.row.entry == id; });
    return found == page.lines.end() ? nullptr : &*found;
}

Html details_list(const casework::Line& line) {
    std::vector<SummaryRow> rows;
    for (const auto& [label, value] : line.details) rows.push_back({.key = label, .value = value});
    return rows.empty() ? Html() : summary_list({.rows = std::move(rows), .classes = "govuk-summary-list--no-border"});
}

Html match_form(const Visit& visit, const std::string& action, ViewId a, ViewId b, std::size_t n,
                const Returned& returned) {
    const std::string about = to_string(b);
    const Typed& typed = answers_of(returned, "match", about);
    const std::string suffix = fmt::format("-match-{}", n);
    Html content =
        radios({.name = "same",
                .id_prefix = "same" + suffix,
                .fieldset = FieldsetOptions{.legend = {.text = fmt::format("Is possible match {} the same child?", n),
                                                       .classes = "govuk-fieldset__legend--s"}},
                .error_message = typed.message("same"),
                .items = {{.text = "Yes, the same child", .value = "same"},
                          {.text = "No, a different child", .value = "not-same"},
                          {.text = "I cannot tell yet", .value = "not-yet"}},
                .value = typed.value("same"),
                .classes = "govuk-radios--small"});
    content += reason_and_save(typed, suffix, fmt::format("Reason for possible match {}", n), "Save",
                               fmt::format("the answer on possible match {}", n));
    return visit.form({.action = action, .key = key_for(visit, typed), .hidden = {{"a", to_string(a)}, {"b", about}}},
                      content);
}

Response desk_page(const Visit& visit, EntryId concern, const casework::Desk& desk, const Returned& returned) {
    Page page = visit.page(desk.decided ? "Concern decided" : "Triage a concern", Place::inbox);
    page.wide = true;
    page.back_link = BackLinkOptions{.href = "/inbox", .text = "Back to the inbox"};
    page.before_main = whose_record(visit, desk.child);
    if (!returned.typed.good()) {
        std::string suffix;
        const auto place = [&](const auto& list, auto id_of) {
            for (std::size_t n = 1; n <= list.size(); ++n) {
                if (to_string(id_of(list[n - 1])) == returned.about) return n;
            }
            return std::size_t{1};
        };
        if (returned.form == "judge")
            suffix = fmt::format("-{}", place(desk.earlier, [](const auto& e) { return e.concern.row.entry; }));
        if (returned.form == "match")
            suffix = fmt::format("-match-{}", place(desk.matches, [](const auto& m) { return m.view; }));
        page.errors = returned.typed.summary(suffix);
        if (returned.form == "feedback") {
            for (auto& error : page.errors) {
                if (error.href == "#outcome") error.href = "#told";
            }
        }
    }
    page.content = heading(1, desk.decided ? "Concern decided" : "Triage a concern", "l");
    page.content += urgent_duties(visit, desk);
    page.content += paragraph(link("/children/" + to_string(desk.child.person), "Open the child’s chronology"));
    page.content += asked_agencies(visit, desk);
    const bool late = desk.decided && returned.form == "decide" && !returned.typed.good();
    if (late) page.content += heading(2, "What stands now", "m") + paragraph("Somebody decided before you.");
    if (desk.decided) page.content += decided(visit, concern, desk, returned);
    if (late) page.content += not_recorded(visit, returned.typed);
    page.content += the_concern(visit, desk) + matches(visit, concern, desk, returned) +
                    earlier_concerns(visit, concern, desk, returned);
    if (!desk.decided) page.content += decision_form(visit, concern, desk, returned);
    page.content += print_button();
    return visit.show(page, returned.typed.good() ? 200 : late ? 409 : 422);
}

}  // namespace waymark::web
