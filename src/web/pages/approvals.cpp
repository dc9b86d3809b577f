// Waiting for a second person: what somebody else asks for, in words, with the reason; and the answer.
#include <fmt/format.h>

#include "casework/two_persons.hpp"
#include "web/components/button.hpp"
#include "web/components/radios.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/textarea.hpp"
#include "web/pages/access_view.hpp"
#include "web/pages/match_view.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

using casework::two_persons::Act;
using casework::two_persons::Pending;

constexpr std::size_t most_told = 5;
constexpr std::string_view asking = "ask";  // the form that is shown again

Html where_to_look(const Visit& visit, const Pending& asked) {
    if (asked.act == Act::join || asked.act == Act::part) {
        const auto a = parse_id<ViewId>(string_or(asked.exact, "a", ""));
        const auto b = parse_id<ViewId>(string_or(asked.exact, "b", ""));
        if (a && b) return link(match_url(*a, *b), "Look at both records");
    }
    if (asked.act == Act::unrestrict) {
        const auto entry = parse_id<EntryId>(string_or(asked.exact, "restriction", ""));
        if (entry && visit.may(record::Action::append, "restriction.reviewed"))
            return link("/access/restrictions/" + to_string(*entry), "Look at the restriction");
    }
    return {};
}

Html second_answer_form(const Visit& visit, const Pending& asked, const std::string& suffix, const Typed& typed) {
    const std::string action = "/approvals/" + to_string(asked.entry);
    if (asked.own && asked.of_operator) {
        return visit.form({.action = action, .key = visit.form_key(), .hidden = {{"agree", "no"}}},
                          paragraph("You have agreed. Somebody else answers too, then the command is run again.") +
                              button({.text = Html("Take it back") + visually_hidden(" (" + asked.words + ")"),
                                      .classes = "govuk-button--secondary",
                                      .prevent_double_click = true}));
    }
    if (asked.own) {
        return visit.form({.action = action, .key = visit.form_key(), .hidden = {{"agree", "no"}}},
                          paragraph("You asked for this. Somebody else answers.") +
                              button({.text = Html("Withdraw it") + visually_hidden(" (" + asked.words + ")"),
                                      .classes = "govuk-button--secondary",
                                      .prevent_double_click = true}));
    }
    Html content = radios(
        {.name = "agree",
         .id_prefix = "agree" + suffix,
         .fieldset = FieldsetOptions{.legend = {.text = "Do you agree?", .classes = "govuk-fieldset__legend--s"}},
         .error_message = typed.message("agree"),
         .items = {{.text = "Yes", .value = "yes"}, {.text = "No", .value = "no"}},
         .value = typed.value("agree")});
    content += textarea(
        {.name = "reason",
         .id = "reason" + suffix,
         .label = {.text = asked.of_operator && asked.backed_by.empty() ? "Why? (you are the first of two)"
                                                                        : "Why? (only needed if you do not agree)"},
         .error_message = typed.message("reason"),
         .value = typed.value("reason"),
         .rows = 2,
         .spellcheck = true});
    content += button({.text = "Save the answer", .prevent_double_click = true});
    return visit.form({.action = action, .key = visit.form_key()}, content);
}

// What whoever runs the machine may do only with two practitioners behind it.
Html ask_form(const Visit& visit, const Typed& typed) {
    RadiosOptions acts{
        .name = "act",
        .fieldset = FieldsetOptions{.legend = {.text = "What is to be done?", .classes = "govuk-fieldset__legend--s"}},
        .error_message = typed.message("act"),
        .value = typed.value("act")};
    for (const auto& [act, words] : casework::two_persons::acts_to_ask_for())
        acts.items.push_back({.text = words, .value = act});
    Html content = radios(acts);
    content += textarea({.name = "why",
                         .label = {.text = "Why is it to be done?"},
                         .error_message = typed.message("why"),
                         .value = typed.value("why"),
                         .rows = 2,
                         .spellcheck = true});
    content += button({.text = "Ask for it", .classes = "govuk-button--secondary", .prevent_double_click = true});
    return heading(2, "Ask for an act of the operator", "m") +
           paragraph(
               "Whoever runs the machine does these by a command, which works once, after you have asked and somebody "
               "else has agreed. New content and a new policy are put here by the command itself (waymark adopt).") +
           visit.form({.action = "/approvals", .key = visit.form_key()}, content);
}

Result<Response> list_with(Visit& visit, std::string_view about, const Typed& typed) {
    const auto pending = TRY(casework::two_persons::pending(visit.office(), visit.asker()));
    Page page = visit.page("Waiting for a second person");
    page.content = heading(1, "Waiting for a second person", "l");
    page.content += paragraph(
        "Some things are done only when two people agree. Look for yourself before you answer: your name stands beside "
        "the other’s.");
    if (pending.empty()) page.content += paragraph("Nothing waits for you.");
    std::size_t n = 0;
    for (const auto& asked : pending) {
        const std::string suffix = fmt::format("-{}", ++n);
        const bool here = to_string(asked.entry) == about;
        if (here) page.errors = typed.summary(suffix);
        SummaryListOptions o;
        o.rows.push_back({.key = "Asked by",
                          .value = asked.of_operator ? asked.name
                                                     : fmt::format("{}, {}", asked.name,
                                                                   agency_words(visit.office(), asked.agency))});
        if (!asked.backed_by.empty()) o.rows.push_back({.key = "Agreed by", .value = asked.backed_name});
        o.rows.push_back({.key = "When", .value = moment_words(visit.zone(), asked.at)});
        if (!asked.reason.empty()) o.rows.push_back({.key = "Why", .value = asked.reason});
        o.rows.push_back({.key = "Lapses", .value = moment_words(visit.zone(), asked.expires)});
        Html card = summary_list(o);
        if (const Html look = where_to_look(visit, asked); !look.empty()) card += paragraph(look);
        card += second_answer_form(visit, asked, suffix, here ? typed : Typed{});
        page.content += summary_card({.title = asked.words}, card);
    }
    if (casework::two_persons::may_ask_for(visit.office(), visit.asker())) {
        if (about == asking) page.errors = typed.summary();
        page.content += ask_form(visit, about == asking ? typed : Typed{});
    }
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> list_pending(Visit& visit) {
    return list_with(visit, {}, {});
}

Result<Response> take_request(Visit& visit) {
    casework::two_persons::AskFor wanted;
    wanted.key = visit.form_key();
    std::vector<std::string> acts;
    const auto known = casework::two_persons::acts_to_ask_for();
    for (const auto& one : known) acts.emplace_back(one.first);
    wanted.act = visit.typed.choice("act", acts, "Choose what is to be done");
    wanted.reason = visit.typed.text("why", "the reason");
    if (wanted.reason.empty()) visit.typed.fault("why", "Say why it is to be done");
    if (visit.typed.good()) {
        const auto done = casework::two_persons::ask_for(visit.office(), visit.asker(), wanted);
        if (done) return Visit::see("/approvals");
        const auto& why = done.error();
        if (why.kind != FaultKind::invalid && why.kind != FaultKind::conflict) return tl::unexpected(why);
        visit.typed.fault(why.place == "reason" ? "why" : "act", why.reason + " " + why.mend);
    }
    return list_with(visit, asking, visit.typed);
}

Result<Response> take_answer(Visit& visit) {
    casework::two_persons::Answer answer;
    answer.entry = TRY(visit.id<EntryId>("entry"));
    answer.key = visit.form_key();
    const std::string agree = visit.typed.choice("agree", {"yes", "no"}, "Choose whether you agree");
    answer.agree = agree == "yes";
    answer.reason = visit.typed.text("reason", "the reason");
    if (visit.typed.good()) {
        const auto done = casework::two_persons::approve(visit.office(), visit.asker(), answer);
        if (done) return Visit::see("/approvals");
        const auto& why = done.error();
        if (why.kind != FaultKind::invalid && why.kind != FaultKind::conflict) return tl::unexpected(why);
        visit.typed.fault(why.place == "reason" ? "reason" : "agree", why.reason + " " + why.mend);
    }
    return list_with(visit, visit.parameter("entry"), visit.typed);
}

}  // namespace

Result<Html> approvals_waiting(Visit& visit) {
    if (!visit.may(record::Action::append, "approval.given")) return Html{};
    std::size_t n = 0;
    for (const auto& one : TRY(casework::two_persons::pending(visit.office(), visit.asker()))) n += one.own ? 0 : 1;
    if (n == 0) return Html{};
    return heading(2, "Waiting for a second person", "m") +
           paragraph(
               link("/approvals", count_words(n, "request waits for your answer", "requests wait for your answer")));
}

Result<Html> let_in_told(Visit& visit) {
    if (!visit.may(record::Action::oversee)) return Html{};
    std::vector<Html> lines;
    for (const auto& one : TRY(casework::two_persons::let_in_lately(visit.office(), visit.asker()))) {
        lines.emplace_back(fmt::format("{}, {}: asked for by {}, agreed to by {}, on {}. Reason given: {}", one.name,
                                       agency_words(visit.office(), one.agency), one.first, one.second,
                                       moment_words(visit.zone(), one.at), one.reason));
        if (lines.size() == most_told) break;
    }
    if (lines.empty()) return Html{};
    return heading(2, "Let in again", "m") +
           paragraph("The sign-in of these people was begun anew. If you did not expect it, ask them.") +
           bullets(lines);
}

std::vector<PageRoute> approval_pages() {
    return {{{Method::get, "/approvals", Shows::record, "approvals"}, list_pending},
            {{Method::post, "/approvals", Shows::record, "approvals.ask"}, take_request},
            {{Method::post, "/approvals/:entry", Shows::record, "approvals.answer"}, take_answer}};
}

}  // namespace waymark::web
