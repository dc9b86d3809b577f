// What is due, what is held and what somebody must look at, for each case of a child; each with the paragraph that says
// so. `?on=DATE` shows it as it stood at the end of a day.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/cues.hpp"
#include "web/components/button.hpp"
#include "web/components/input.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/tag.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/cue_view.hpp"
#include "web/pages/desk_view.hpp"
#include "web/pages/manual_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

Html state_tag(procedure::DutyState state) {
    using procedure::DutyState;
    switch (state) {
        case DutyState::open:
            return tag({.text = "To do", .classes = "govuk-tag--blue"});
        case DutyState::met:
            return tag({.text = "Done in time", .classes = "govuk-tag--green"});
        case DutyState::met_late:
            return tag({.text = "Done late", .classes = "govuk-tag--orange"});
        case DutyState::overdue:
            return tag({.text = "Overdue", .classes = "govuk-tag--red"});
        case DutyState::not_met:
            return tag({.text = "Not done", .classes = "govuk-tag--red"});
    }
    return {};
}

// Which paragraph says so; and where nobody's source does, that.
Html why_words(const Visit& visit, const casework::Edition& edition, const procedure::Source& source) {
    Html words = manual_link(visit, edition, source.paragraph);
    if (words.empty() && !source.unsourced) words = source.text;
    if (source.unsourced) words += paragraph("No source was found for this limit. The partnership sets it.");
    return words;
}

Html duties_table(const Visit& visit, const casework::Edition& edition, const procedure::Standing& standing,
                  Instant now) {
    TableOptions o;
    o.caption = "What must be done";
    o.caption_classes = "govuk-table__caption--s";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {
        {.content = "Duty"}, {.content = "Due"}, {.content = "State"}, {.content = "Who owes it"}, {.content = "Why"}};
    auto duties = standing.duties;
    const auto unmet = [](const procedure::Duty& d) {
        return d.state == procedure::DutyState::open || d.state == procedure::DutyState::overdue;
    };
    std::stable_sort(duties.begin(), duties.end(), [&](const auto& a, const auto& b) {
        if (unmet(a) != unmet(b)) return unmet(a);
        return unmet(a) ? a.due < b.due : a.due > b.due;
    });
    for (const auto& duty : duties) {
        Html due =
            unmet(duty) ? due_date(visit.zone(), duty.due, now) : Html(format_long(visit.zone().day_of(duty.due)));
        if (duty.at_once) due += Html(" (at once: less time was left than the limit)");
        o.rows.push_back(
            {{.content = duty.label},
             labelled("Due", due),
             labelled("State", state_tag(duty.state)),
             labelled("Who owes it", content::role_label(duty.escalated_to.empty() ? duty.owner : duty.escalated_to)),
             labelled("Why", duty.rule == nullptr ? Html() : why_words(visit, edition, duty.rule->source))});
    }
    return table(o);
}

std::string in_words(std::string code) {
    std::replace(code.begin(), code.end(), '-', ' ');
    return code;
}

// As of another day nothing can be put aside: the prompts are told, and have no form.
Html prompts_then(const Visit& visit, const casework::PersonPage& child, std::size_t n) {
    const auto& standing = child.standings[n];
    if (standing.cues.empty()) return {};
    Html content = heading(3, "Somebody had to look at this", "s");
    for (const auto& cue : standing.cues) {
        content +=
            paragraph(
                Html(cue.why) + Html(" ") +
                (cue.rule == nullptr ? Html() : manual_link(visit, *child.editions[n], cue.rule->source.paragraph))) +
            entry_links(visit, child, cue.entries);
    }
    return content;
}

Html case_standing(const Visit& visit, const casework::PersonPage& child, std::size_t n, const Returned& returned,
                   const std::optional<Instant>& then) {
    const auto& standing = child.standings[n];
    const auto& edition = *child.editions[n];
    const auto& rulebook = edition.procedure.rulebook();
    const std::size_t number = child.standings.size() - n;
    Html content = heading(2, fmt::format("Case {}{}", number, standing.closed ? " (closed)" : ""), "m");
    if (!standing.closed) content += then ? prompts_then(visit, child, n) : prompts(visit, child, n, returned);
    if (!standing.duties.empty()) content += duties_table(visit, edition, standing, then.value_or(visit.now()));
    std::vector<Html> held;
    std::set<std::string> ask_first;
    for (const auto& gate : standing.gates) {
        if (gate.open || standing.closed) continue;
        if (!gate.proposed) {  // one line for all of them is enough
            ask_first.insert(in_words(gate.course));
            continue;
        }
        const auto* rule = rulebook.rule(gate.rule);
        held.push_back(Html(gate.why) + Html(" ") +
                       (rule == nullptr ? Html() : manual_link(visit, edition, rule->source.paragraph)) +
                       entry_links(visit, child, gate.waits_for));
    }
    if (!held.empty()) content += heading(3, "What may not happen yet, and why", "s") + bullets(held);
    if (!ask_first.empty())
        content += paragraph("Others are asked before any of these: " +
                             waymark::join(std::vector<std::string>(ask_first.begin(), ask_first.end()), ", ") + ".");
    std::vector<Html> breaches;
    for (const auto& breach : standing.breaches)
        breaches.push_back(Html(breach.why) + entry_links(visit, child, {breach.entry}));
    if (!breaches.empty())
        content += heading(3, "What was recorded although the procedure forbade it", "s") + bullets(breaches);
    const auto& gathering = standing.gathering;
    if (gathering.past_triage || !gathering.meetings.empty()) content += meetings_table(visit, gathering);
    if (standing.duties.empty() && standing.cues.empty() && held.empty()) content += paragraph("Nothing is due.");
    return content;
}

// The day of the address; a fault where it is none, or is still to come.
struct AskedDay {
    std::string text;
    std::optional<Date> day;
    std::optional<Instant> end;  // of that day, or now
    std::string fault;
};
AskedDay asked_day(const Visit& visit) {
    AskedDay asked{std::string(visit.request().target.query.first("on")), std::nullopt, std::nullopt, {}};
    if (asked.text.empty()) return asked;
    if (const auto day = past_day(visit, asked.text)) {
        asked.day = *day;
        asked.end = std::min(visit.now(), visit.office().calendar->zone().end_of(*day) - std::chrono::microseconds{1});
    } else {
        asked.fault = day.error();
    }
    return asked;
}

Html day_form(const Visit& visit, ViewId person, const AskedDay& asked) {
    Writer w;
    w.open("form")
        .attr("method", "get")
        .attr("action", child_url(person) + "/standing")
        .attr("novalidate", "")
        .classes({"waymark-screen-only"});
    w.add(input({.name = "on",
                 .label = {.text = "Show as it stood on"},
                 .hint = {.text = "At the end of that day, with what had been recorded by then."},
                 .error_message = {.text = asked.fault},
                 .type = "date",
                 .value = asked.text,
                 .classes = "govuk-input--width-10",
                 .attributes = {{"max", format_date(visit.today())}}}));
    w.add(button({.text = "Show", .classes = "govuk-button--secondary"})).close("form");
    return w.done();
}

Html then_and_not_now(ViewId person, Date day) {
    return inset_text({.content = paragraph("This is how it stood at the end of " + format_long(day) +
                                            ", with what had been recorded by then. It is not how it stands now.") +
                                  paragraph(link(child_url(person) + "/standing", "Show how it stands now"))});
}

Response standing_page(const Visit& visit, const casework::PersonPage& child, const Returned& returned,
                       const AskedDay& asked = {}) {
    Page page = child_frame(visit, child, "Standing", ChildPart::standing);
    page.errors = returned.typed.summary(cue_suffix(child, returned.about));
    page.content += heading(1, "Standing", "l");
    if (!asked.fault.empty()) page.errors.push_back({.text = asked.fault, .href = "#on"});
    page.content += asked.day ? then_and_not_now(child.person, *asked.day)
                              : paragraph(
                                    "This is worked out from the record each time you open it. Nobody has to "
                                    "keep it up to date.");
    if (child.standings.empty()) page.content += paragraph(asked.day ? "There was no case." : "There is no case.");
    for (std::size_t n = 0; n < child.standings.size(); ++n)
        page.content += case_standing(visit, child, n, returned, asked.end);
    page.content += day_form(visit, child.person, asked);
    page.content += print_button();
    return visit.show(page, returned.typed.good() ? 200 : 422);
}

Result<Response> show_standing(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto asked = asked_day(visit);
    const auto child = TRY(asked.end ? casework::person_page(visit.office(), visit.asker(), person, asked.end)
                                     : casework::prompted_page(visit.office(), visit.asker(), person));
    return standing_page(visit, child, {}, asked);
}

// What was typed is shown again with what is wrong; a prompt that shows no more has no form, and says so by itself.
Result<Response> put_aside(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    Typed& typed = visit.typed;
    casework::DismissRequest request;
    request.key = visit.form_key();
    request.case_id = parse_id<CaseId>(typed.value("case")).value_or(CaseId{});
    request.cue = typed.value("cue");
    request.reason = typed.required_text("reason", "the reason", "Say why it may wait");
    const auto until = typed.date("until", "The day", false);
    if (until.empty) typed.fault("until", "Enter the day until which it may wait");
    request.until = until.date;
    if (typed.good()) {
        const auto done = casework::dismiss_cue(visit.office(), visit.asker(), request);
        if (done) return Visit::see(child_url(person) + "/standing");
        const auto& why = done.error();
        if (why.kind != FaultKind::invalid || (why.place != "reason" && why.place != "until"))
            return tl::unexpected(why);
        typed.fault(why.place, why.reason + " " + why.mend);
    }
    const auto child = TRY(casework::prompted_page(visit.office(), visit.asker(), person));
    return standing_page(visit, child, {"cue", cue_about(request.case_id, request.cue), typed});
}

}  // namespace

std::vector<PageRoute> standing_pages() {
    return {{{Method::get, "/children/:person/standing", Shows::record, "child.standing"}, show_standing},
            {{Method::post, "/children/:person/standing", Shows::record, "child.cue"}, put_aside}};
}

}  // namespace waymark::web
