// Agency checks: ask the agencies what they hold, see who has answered and who is late, chase; and answer for one's own
// agency on one page.
#include <algorithm>

#include <fmt/format.h>

#include "web/components/button.hpp"
#include "web/components/checkboxes.hpp"
#include "web/components/details.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/panel.hpp"
#include "web/components/radios.hpp"
#include "web/components/select.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/task_list.hpp"
#include "web/components/textarea.hpp"
#include "web/pages/checks_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

using casework::AskedAgency;

constexpr const char* s_legend = "govuk-fieldset__legend--s";

std::string ask_url(ViewId person) {
    return telling_url(person) + "/checks/new";
}
std::string chase_url(ViewId person) {
    return telling_url(person) + "/checks/chase";
}

std::string people_words(const std::vector<std::string>& people) {
    constexpr std::size_t most = 4;
    std::string words;
    for (std::size_t i = 0; i < people.size() && i < most; ++i) words += (i == 0 ? "" : ", ") + people[i];
    if (people.size() > most) words += fmt::format(" and {} more", people.size() - most);
    return words;
}

// ---- who has answered -----------------------------------------------------------------------------------------------

TaskListItem agency_item(const Visit& visit, const AskedAgency& one) {
    TaskListItem item{.title = one.agency};
    Html hint;
    switch (one.state) {
        case AskedAgency::State::answered:
            item.status.text = one.holds_words;
            hint = Html(fmt::format("Answered by {}, {}", one.answered_by, when_words(visit.zone(), *one.answered_at)));
            if (one.last_seen) hint += Html(fmt::format(". Last seen {}", format_long(*one.last_seen)));
            break;
        case AskedAgency::State::more_time:
        case AskedAgency::State::waiting:
            item.status.tag = TagOptions{.text = one.overdue                                  ? "Overdue"
                                                 : one.state == AskedAgency::State::more_time ? "More time"
                                                                                              : "Waiting",
                                         .classes = one.overdue ? "govuk-tag--red" : "govuk-tag--blue"};
            hint = due_date(visit.zone(), one.due, visit.now());
            break;
    }
    if (one.chased > 0)
        hint +=
            Html(fmt::format(". Chased {}, last on {}", one.chased == 1 ? "once" : fmt::format("{} times", one.chased),
                             when_words(visit.zone(), *one.last_chased)));
    item.hint = hint;
    return item;
}

Html chase_form(const Visit& visit, const casework::PersonPage& child, const casework::AgencyCheck& check,
                std::size_t n) {
    std::vector<ChoiceItem> items;
    for (const auto& one : check.agencies) {
        if (one.state != AskedAgency::State::answered)
            items.push_back({.text = one.agency, .value = to_string(one.check)});
    }
    if (items.empty() || !visit.may(record::Action::append, "check.chased")) return {};
    const auto suffix = fmt::format("-{}", n);
    Html content = radios({.name = "check",
                           .id_prefix = "check" + suffix,
                           .fieldset = FieldsetOptions{.legend = {.text = "Whom did you chase?", .classes = s_legend}},
                           .items = std::move(items),
                           .classes = "govuk-radios--small"});
    content += select(
        {.name = "how", .id = "how" + suffix, .label = {.text = "How?", .classes = "govuk-label--s"}, .items = [&] {
             std::vector<SelectItem> all;
             for (const auto& [code, words] : choices_of(visit.office().catalogue, "check.chased", "how"))
                 all.push_back({.text = words, .value = code});
             return all;
         }()});
    content += textarea({.name = "text",
                         .id = "text" + suffix,
                         .label = {.text = "What was said? (optional)", .classes = "govuk-label--s"},
                         .rows = 2});
    content += button({.text = "Save", .classes = "govuk-button--secondary", .prevent_double_click = true});
    return details(
        {.summary = "Note that you chased an answer",
         .content = visit.form({.action = chase_url(child.person), .key = to_string(make_uuid4(visit.office().random))},
                               content)});
}

Html check_block(const Visit& visit, const casework::PersonPage& child, const casework::AgencyCheck& check,
                 std::size_t n) {
    const auto all = check.agencies.size();
    const auto late = check.overdue();
    std::string summary = fmt::format("{} of {} answered", all - check.waiting(), all);
    if (late > 0) summary += fmt::format(", {} overdue", late);
    Html out =
        heading(3, fmt::format("Asked on {} by {}: {}", when_words(visit.zone(), check.at), check.by, summary), "s");
    if (!check.question.empty()) out += paragraph(check.question);
    if (!check.purpose.empty()) out += hint_paragraph("For: " + check.purpose);
    TaskListOptions list{.id_prefix = fmt::format("check-{}", n)};
    for (const auto& one : check.agencies) list.items.push_back(agency_item(visit, one));
    out += task_list(list);
    for (const auto& one : check.agencies) {
        if (one.summary.empty()) continue;
        out += details({.summary = fmt::format("What {} holds", one.agency), .content = paragraph(one.summary)});
    }
    return out + chase_form(visit, child, check, n);
}

// ---- asking ---------------------------------------------------------------------------------------------------------

Response ask_page(const Visit& visit, const casework::ToAsk& to_ask, const KeptForm& form) {
    const auto& typed = form.typed;
    Page page = child_frame(visit, to_ask.child, "Ask agencies what they hold", ChildPart::telling);
    page.back_link = BackLinkOptions{.href = telling_url(to_ask.child.person)};
    page.errors = typed.summary();
    page.content += heading(1, "What does each agency hold?", "l");
    if (to_ask.named_only)
        page.content += inset_text(
            {.content = paragraph("Access to this record is restricted. Only the people who are named for it "
                                  "get the question; other agencies cannot be asked.")});
    if (to_ask.agencies.empty()) {
        page.content += paragraph("There is nobody who could be asked about this child.");
        return visit.show(page);
    }
    std::vector<ChoiceItem> items;
    std::vector<std::string> chosen = typed.all("agencies");
    const bool fresh = typed.good() && !typed.has("question") && chosen.empty();
    for (const auto& one : to_ask.agencies) {
        items.push_back({.text = one.name, .value = one.agency, .hint = {.text = people_words(one.people)}});
        if (fresh && one.required) chosen.push_back(one.agency);
    }
    Html content = checkboxes(
        {.name = "agencies",
         .fieldset = FieldsetOptions{.legend = {.text = "Whom do you ask?", .classes = s_legend}},
         .hint =
             {.text =
                  "Those that the partnership’s profile requires are chosen already. Below each name: who sees it."},
         .error_message = typed.message("agencies"),
         .items = std::move(items),
         .values = std::move(chosen),
         .classes = "govuk-checkboxes--small"});
    content += textarea(
        {.name = "question",
         .label = {.text = "What do you need to know?", .classes = "govuk-label--s"},
         .hint = {.text = "They see the child’s name and date of birth, and this. Do not write what you know."},
         .error_message = typed.message("question"),
         .value = typed.value("question"),
         .rows = 3,
         .spellcheck = true});
    std::vector<SelectItem> purposes;
    for (const auto& [code, words] : purposes_of(visit)) purposes.push_back({.text = words, .value = code});
    content += select({.name = "purpose",
                       .label = {.text = "What for?", .classes = "govuk-label--s"},
                       .error_message = typed.message("purpose"),
                       .items = std::move(purposes),
                       .value = typed.value("purpose").empty() ? "triage" : typed.value("purpose")});
    content += day_question(typed, "due", "By when?",
                            "No source gives a number of days. The day that is filled in is the partnership’s own.",
                            to_ask.usual);
    content += button({.text = "Send the question", .prevent_double_click = true});
    page.content +=
        visit.form({.action = ask_url(to_ask.child.person), .key = form.key, .draft_url = form.autosave}, content);
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_ask(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto to_ask = TRY(casework::agencies_to_ask(visit.office(), visit.asker(), person));
    const auto form = TRY(kept_form(visit));
    if (!form) return begin_kept_form(visit, "ask", ask_url(person));
    return ask_page(visit, to_ask, *form);
}

Result<Response> take_ask(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    auto form = TRY(sent_kept_form(visit, "ask", ask_url(person)));
    auto& typed = form.typed;
    casework::AskRequest request;
    request.key = form.key;
    request.child = person;
    request.agencies = typed.all("agencies");
    if (request.agencies.empty()) typed.fault("agencies", "Choose whom you ask");
    request.question = typed.required_text("question", "the question", "Enter what you need to know");
    request.purpose = typed.choice("purpose", codes_of(purposes_of(visit)), "Choose what it is for");
    request.due = day_to_come(visit, typed, "due", "Enter by when you need the answers");
    if (typed.good()) {
        const auto done = casework::ask_agencies(visit.office(), visit.asker(request.purpose), request);
        if (done) {
            forget_kept_form(visit, form);
            return Visit::see(telling_url(person));
        }
        const auto& why = done.error();
        const auto field = why.place == "basis" ? std::string("purpose") : why.place;
        if (!typed.has(field) && field != "agencies" && field != "due") return tl::unexpected(why);
        typed.fault(field, why.reason + " " + why.mend);
    }
    const auto to_ask = TRY(casework::agencies_to_ask(visit.office(), visit.asker(), person));
    return ask_page(visit, to_ask, form);
}

Result<Response> take_chase(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto check = parse_id<EntryId>(visit.typed.value("check"));
    // Nothing chosen: the form is short enough to be opened again.
    if (!check) {
        TRY(casework::person_page(visit.office(), visit.asker(), person, std::nullopt));
        return Visit::see(telling_url(person));
    }
    TRY(casework::chase_check(
        visit.office(), visit.asker(),
        {visit.form_key(), *check, visit.typed.value("how"), visit.typed.text("text", "what was said")}));
    return Visit::see(telling_url(person));
}

// ---- answering ------------------------------------------------------------------------------------------------------

Response answer_page(const Visit& visit, const casework::CheckToAnswer& check, const KeptForm& form) {
    const auto& typed = form.typed;
    Page page = visit.page("What does your agency hold?", Place::home);
    page.back_link = BackLinkOptions{.href = "/"};
    page.errors = typed.summary();
    if (check.answered) {
        page.content += panel({.title = "Your agency has answered", .content = "Thank you"});
        page.content += paragraph("The answer is in the child’s record, with your agency’s name.");
        page.content += paragraph(link("/", "Back to My day"));
        return visit.show(page);
    }
    page.content += heading(1, "What does your agency hold?", "l");
    std::vector<SummaryRow> rows;
    rows.push_back({.key = "Child", .value = record::shown_name(check.child)});
    rows.push_back({.key = "Born", .value = born_words(check.child, visit.today())});
    rows.push_back(
        {.key = "Asked by",
         .value = fmt::format("{}, {}, {}", check.from, check.from_agency, when_words(visit.zone(), check.asked))});
    rows.push_back({.key = "What for", .value = check.purpose});
    rows.push_back({.key = "What they need to know", .value = check.question});
    rows.push_back({.key = "Answer", .value = due_date(visit.zone(), check.due, visit.now())});
    page.content += summary_list({.rows = std::move(rows)});
    if (check.asked_for_time)
        page.content += inset_text({.content = paragraph("Your agency has asked for more time.")});
    Html something = textarea({.name = "summary",
                               .label = {.text = "What does your agency hold?", .classes = "govuk-label--s"},
                               .hint = {.text = "A few sentences. Only what is needed for this purpose."},
                               .error_message = typed.message("summary"),
                               .value = typed.value("summary"),
                               .rows = 5,
                               .spellcheck = true});
    something +=
        day_question(typed, "seen", "When did your agency last see the child? (optional)", "For example, 27 3 2026.");
    Html content =
        radios({.name = "holds",
                .fieldset = FieldsetOptions{.legend = {.text = "Does your agency hold anything about this child?",
                                                       .classes = s_legend}},
                .error_message = typed.message("holds"),
                .items = {{.text = "No: nothing is known", .value = "nothing"},
                          {.text = "Yes", .value = "something"},
                          {.text = "We need more time", .value = "more-time"}},
                .value = typed.value("holds")});
    // Not folded away until chosen: what script does to such radios, assistive technology is not told in a way it
    // knows.
    content += fieldset({.legend = {.text = "If it does", .classes = s_legend}, .content = something});
    content += fieldset({.legend = {.text = "If you need more time", .classes = s_legend},
                         .content = day_question(typed, "until", "By when will you answer?", "")});
    if (check.words.empty()) {
        content += inset_text(
            {.content = paragraph("No lawful basis is written down for this answer. Ask your information governance "
                                  "lead before you answer. If the child is in danger, telephone.")});
    } else {
        std::vector<Html> sentences(check.words.begin(), check.words.end());
        content += details({.summary = "On what basis you answer", .content = bullets(sentences)});
    }
    content += button({.text = "Send the answer", .prevent_double_click = true});
    page.content +=
        visit.form({.action = check_url(check.check), .key = form.key, .draft_url = form.autosave}, content);
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_answer(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("check"));
    const auto check = TRY(casework::check_to_answer(visit.office(), visit.asker(), id));
    if (check.answered) return answer_page(visit, check, KeptForm{});
    const auto form = TRY(kept_form(visit));
    if (!form) return begin_kept_form(visit, "answer", check_url(id));
    return answer_page(visit, check, *form);
}

Result<Response> take_answer(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("check"));
    auto form = TRY(sent_kept_form(visit, "answer", check_url(id)));
    auto& typed = form.typed;
    casework::AnswerRequest request;
    request.key = form.key;
    request.check = id;
    request.holds =
        typed.choice("holds", {"nothing", "something", "more-time"}, "Choose whether your agency holds anything");
    if (request.holds == "something") {
        request.summary = typed.required_text("summary", "what your agency holds", "Enter what your agency holds");
        const auto seen = typed.date("seen", "The day", false);
        if (seen.date && *seen.date > visit.today()) typed.fault("seen", "The day must be today or in the past");
        request.last_seen = seen.date;
    }
    if (request.holds == "more-time")
        request.until = day_to_come(visit, typed, "until", "Enter by when you will answer");
    if (typed.good()) {
        const auto done = casework::answer_check(visit.office(), visit.asker(), request);
        if (done) {
            forget_kept_form(visit, form);
            return Visit::see(request.holds == "more-time" ? "/" : check_url(id));
        }
        const auto& why = done.error();
        if (why.place != "basis" && !typed.has(why.place) && why.place != "until") return tl::unexpected(why);
        typed.fault(why.place == "basis" ? "holds" : why.place, why.reason + " " + why.mend);
    }
    return answer_page(visit, TRY(casework::check_to_answer(visit.office(), visit.asker(), id)), form);
}

}  // namespace

Html checks_section(const Visit& visit, const casework::PersonPage& child) {
    const auto checks = casework::checks_of(visit.office(), child);
    Html out;
    if (checks.empty()) out += paragraph("No agency has been asked.");
    for (std::size_t n = 0; n < checks.size(); ++n) out += check_block(visit, child, checks[n], n + 1);
    if (visit.may(record::Action::append, "check.requested"))
        out += button({.text = "Ask agencies what they hold",
                       .href = ask_url(child.person),
                       .classes = "govuk-button--secondary"});
    return out;
}

std::vector<PageRoute> check_pages() {
    return {{{Method::get, "/children/:person/telling/checks/new", Shows::record, "check.ask"}, show_ask},
            {{Method::post, "/children/:person/telling/checks/new", Shows::record, "check.ask"}, take_ask},
            {{Method::post, "/children/:person/telling/checks/chase", Shows::record, "check.chase"}, take_chase},
            {{Method::get, "/checks/:check", Shows::record, "check.answer"}, show_answer},
            {{Method::post, "/checks/:check", Shows::record, "check.answer"}, take_answer}};
}

}  // namespace waymark::web
