// Disagreement: say that a decision is wrong for a child, see at which stage it is and by when an answer is owed,
// answer, take it on, end it.
#include <algorithm>

#include <fmt/format.h>

#include "web/components/button.hpp"
#include "web/components/details.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/radios.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/tag.hpp"
#include "web/components/task_list.hpp"
#include "web/components/textarea.hpp"
#include "web/components/timeline.hpp"
#include "web/components/warning_text.hpp"
#include "web/pages/desk_view.hpp"
#include "web/pages/manual_view.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/raise_draft.hpp"
#include "web/pages/telling_view.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

using casework::Challenge;

// ---- I disagree -----------------------------------------------------------------------------------------------------

Response disagree_page(const Visit& visit, EntryId decision, const casework::Challengeable& of, const KeptForm& form) {
    const auto& typed = form.typed;
    Page page = visit.page("I disagree", Place::home);
    page.back_link = BackLinkOptions{.href = of.concern  ? receipt_url(*of.concern)
                                             : of.person ? telling_url(*of.person)
                                                         : std::string("/")};
    page.errors = typed.summary();
    page.content += heading(1, "I disagree", "l");
    page.content += warning_text(
        {.text =
             "If a child may be in immediate danger, do not use this form. Call 999, and telephone the front door."});
    page.content += paragraph(
        "To challenge a decision is part of the job. It is not a complaint, and it is not used to blame anybody. The "
        "child’s plan goes on meanwhile.");
    page.content += summary_list(
        {.rows = {{.key = "What you challenge", .value = of.what}, {.key = "Who has to answer", .value = of.to}}});
    std::vector<std::pair<std::string, std::string>> subjects;
    for (auto& one : choices_of(visit.office().catalogue, "challenge.raised", "about_what")) {
        if (one.first != "independent-review") subjects.push_back(std::move(one));
    }
    Html content = radios(
        {.name = "about_what",
         .fieldset = FieldsetOptions{.legend = {.text = "What is it about?", .classes = "govuk-fieldset__legend--s"}},
         .error_message = typed.message("about_what"),
         .items = radio_items(subjects),
         .value = typed.value("about_what")});
    content += textarea({.name = "text",
                         .label = {.text = "What do you ask for, and why?", .classes = "govuk-label--s"},
                         .hint = {.text = "They read this, and so does whoever works with the child’s record."},
                         .error_message = typed.message("text"),
                         .value = typed.value("text"),
                         .rows = 6,
                         .spellcheck = true});
    content += button({.text = "Send", .prevent_double_click = true});
    page.content +=
        visit.form({.action = challenge_form_url(decision), .key = form.key, .draft_url = form.autosave}, content);
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_disagree(Visit& visit) {
    const auto decision = TRY(visit.id<EntryId>("decision"));
    const auto of = TRY(casework::challengeable(visit.office(), visit.asker(), decision));
    const auto form = TRY(kept_form(visit));
    if (!form) return begin_kept_form(visit, "disagree", challenge_form_url(decision));
    return disagree_page(visit, decision, of, *form);
}

Result<Response> take_disagree(Visit& visit) {
    const auto decision = TRY(visit.id<EntryId>("decision"));
    auto form = TRY(sent_kept_form(visit, "disagree", challenge_form_url(decision)));
    auto& typed = form.typed;
    casework::ChallengeRequest request;
    request.key = form.key;
    request.decision = decision;
    request.about_what =
        typed.choice("about_what", codes_of(choices_of(visit.office().catalogue, "challenge.raised", "about_what")),
                     "Choose what it is about");
    request.text = typed.required_text("text", "what you ask for", "Enter what you ask for, and why");
    if (typed.good()) {
        const auto done = casework::raise_challenge(visit.office(), visit.asker(), request);
        if (done) {
            forget_kept_form(visit, form);
            return Visit::see(challenge_url(*done));
        }
        if (done.error().place != "basis") return tl::unexpected(done.error());
        typed.fault("text", done.error().reason + " " + done.error().mend);
    }
    return disagree_page(visit, decision, TRY(casework::challengeable(visit.office(), visit.asker(), decision)), form);
}

// ---- the challenge --------------------------------------------------------------------------------------------------

// The stages of the partnership, with where it is now.
Html stages(const Visit& visit, const Challenge& one) {
    TaskListOptions list{.id_prefix = "stage"};
    const auto* kind = visit.office().catalogue.find("challenge.raised");
    const auto* field = kind == nullptr ? nullptr : kind->field("stage");
    for (int n = 1; n <= one.stages; ++n) {
        const auto code = std::to_string(n);
        const auto words = field == nullptr ? code : field->code_label(code);
        TaskListItem item{.title = fmt::format("Stage {}: {}", n, words)};
        if (n < one.stage || (n == one.stage && one.resolved)) {
            item.status.text = n == one.stage ? "Ended here" : "Passed";
        } else if (n == one.stage) {
            item.status.tag = TagOptions{.text = one.overdue ? "Overdue" : "Now",
                                         .classes = one.overdue ? "govuk-tag--red" : "govuk-tag--blue"};
            if (one.due) item.hint = Html(one.owed + ": ") + due_date(visit.zone(), *one.due, visit.now());
        } else {
            item.status.text = one.resolved ? "Not needed" : "Not yet";
        }
        list.items.push_back(std::move(item));
    }
    return task_list(list);
}

Html story_of_challenge(const Visit& visit, const Challenge& one) {
    TimelineOptions o{.heading_level = 3};
    for (auto step = one.steps.rbegin(); step != one.steps.rend(); ++step) {
        o.items.push_back({.label = step->title,
                           .byline = fmt::format("{}, {}", step->by, step->agency),
                           .machine_date = machine_time(step->at),
                           .shown_date = when_words(visit.zone(), step->at),
                           .content = step->text.empty() ? Html() : paragraph(step->text)});
    }
    return timeline(o);
}

const Typed fresh_form;

struct StepForm {
    const char* name;  // of the address
    const char* title;
    const char* kind;
    const char* outcome;  // question; nothing where there is none
    const char* question;
    const char* send;
};
constexpr StepForm answer_step{"answer", "Answer",         "challenge.responded", "What do you answer?",
                               "Why?",   "Send the answer"};
constexpr StepForm escalate_step{"escalate", "Take it to the next stage", "challenge.escalated",
                                 nullptr,    "Why are you not content?",  "Take it to the next stage"};
constexpr StepForm resolve_step{"resolve",         "End the challenge", "challenge.resolved",
                                "How did it end?", "What was agreed?",  "End the challenge"};

Html step_form(const Visit& visit, const Challenge& one, const StepForm& form, const Typed& typed, bool first) {
    const auto suffix = fmt::format("-{}", form.name);
    Html content;
    if (form.outcome != nullptr) {
        content += radios(
            {.name = "outcome",
             .id_prefix = "outcome" + suffix,
             .fieldset = FieldsetOptions{.legend = {.text = form.outcome, .classes = "govuk-fieldset__legend--s"}},
             .error_message = typed.message("outcome"),
             .items = radio_items(choices_of(visit.office().catalogue, form.kind, "outcome")),
             .value = typed.value("outcome"),
             .classes = "govuk-radios--small"});
    }
    content += textarea({.name = "text",
                         .id = "text" + suffix,
                         .label = {.text = form.question, .classes = "govuk-label--s"},
                         .error_message = typed.message("text"),
                         .value = typed.value("text"),
                         .rows = 3,
                         .spellcheck = true});
    content +=
        button({.text = form.send, .classes = first ? "" : "govuk-button--secondary", .prevent_double_click = true});
    const auto key = parse_uuid(typed.value("key")) ? typed.value("key") : to_string(make_uuid4(visit.office().random));
    const auto html = visit.form({.action = challenge_url(one.challenge) + "/" + form.name, .key = key}, content);
    if (first) return heading(2, form.title, "m") + html;
    return details({.summary = form.title, .content = html, .open = !typed.good()});
}

Response challenge_page(const Visit& visit, const Challenge& one, std::string_view returned, const Typed& typed) {
    Page page = visit.page("Disagreement", Place::home);
    page.back_link = BackLinkOptions{.href = one.person    ? telling_url(*one.person)
                                             : one.concern ? receipt_url(*one.concern)
                                                           : std::string("/")};
    page.errors = typed.summary(returned.empty() ? std::string() : fmt::format("-{}", returned));
    page.content += heading(1, one.resolved ? "Disagreement, ended" : "Disagreement", "l");
    std::vector<SummaryRow> rows;
    if (one.name) {
        rows.push_back({.key = "Child",
                        .value = one.person ? link(telling_url(*one.person), record::shown_name(*one.name))
                                            : Html(record::shown_name(*one.name))});
        rows.push_back({.key = "Born", .value = born_words(*one.name, visit.today())});
    }
    if (one.concern) rows.push_back({.key = "About", .value = link(receipt_url(*one.concern), "Your concern")});
    rows.push_back({.key = "Raised by",
                    .value = fmt::format("{}, {}, {}", one.raised_by, one.from, when_words(visit.zone(), one.at))});
    rows.push_back({.key = "Who has to answer", .value = one.to});
    rows.push_back({.key = "What it is about",
                    .value = one.about.empty() ? one.about_what : fmt::format("{}: {}", one.about_what, one.about)});
    page.content += summary_list({.rows = std::move(rows)});
    page.content += heading(2, "Where it is", "m") + stages(visit, one);
    page.content += paragraph(
        Html(
            "What is not answered in time goes to the next stage by itself. The time limits are the partnership’s own; "
            "those that no source gave are marked in ") +
        link("/manual/6", "the manual") + Html("."));
    const auto of = [&](const StepForm& form) -> const Typed& { return returned == form.name ? typed : fresh_form; };
    bool first = true;
    for (const auto& [may, form] :
         {std::pair(one.may_answer, &answer_step), std::pair(one.may_escalate, &escalate_step),
          std::pair(one.may_resolve, &resolve_step)}) {
        if (!may) continue;
        page.content += step_form(visit, one, *form, of(*form), first && form == &answer_step);
        first = false;
    }
    page.content += heading(2, "What has been said", "m") + story_of_challenge(visit, one);
    page.content += print_button();
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_challenge(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("challenge"));
    return challenge_page(visit, TRY(casework::challenge_story(visit.office(), visit.asker(), id)), {}, Typed());
}

using StepVerb = Result<EntryId> (*)(const casework::Office&, const record::Asker&,
                                     const casework::ChallengeStepRequest&);

Result<Response> take_step(Visit& visit, const StepForm& form, StepVerb verb) {
    const auto id = TRY(visit.id<EntryId>("challenge"));
    Typed& typed = visit.typed;
    casework::ChallengeStepRequest request;
    request.key = visit.form_key();
    request.challenge = id;
    if (form.outcome != nullptr)
        request.outcome =
            typed.choice("outcome", codes_of(choices_of(visit.office().catalogue, form.kind, "outcome")), "Choose one");
    request.text = typed.required_text("text", "the reason", "Enter why");
    if (typed.good()) {
        const auto done = verb(visit.office(), visit.asker(), request);
        if (done) return Visit::see(challenge_url(id));
        if (done.error().kind != FaultKind::invalid || !typed.has(done.error().place))
            return tl::unexpected(done.error());
        typed.fault(done.error().place, done.error().reason + " " + done.error().mend);
    }
    return challenge_page(visit, TRY(casework::challenge_story(visit.office(), visit.asker(), id)), form.name, typed);
}

Result<Response> take_answer_to(Visit& visit) {
    return take_step(visit, answer_step, casework::answer_challenge);
}
Result<Response> take_escalation(Visit& visit) {
    return take_step(visit, escalate_step, casework::escalate_challenge);
}
Result<Response> take_end(Visit& visit) {
    return take_step(visit, resolve_step, casework::resolve_challenge);
}

}  // namespace

std::vector<PageRoute> challenge_pages() {
    return {{{Method::get, "/challenges/new/:decision", Shows::record, "challenge.raise"}, show_disagree},
            {{Method::post, "/challenges/new/:decision", Shows::record, "challenge.raise"}, take_disagree},
            {{Method::get, "/challenges/:challenge", Shows::record, "challenge"}, show_challenge},
            {{Method::post, "/challenges/:challenge/answer", Shows::record, "challenge.answer"}, take_answer_to},
            {{Method::post, "/challenges/:challenge/escalate", Shows::record, "challenge.escalate"}, take_escalation},
            {{Method::post, "/challenges/:challenge/resolve", Shows::record, "challenge.resolve"}, take_end}};
}

}  // namespace waymark::web
