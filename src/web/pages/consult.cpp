// Consulting before a course of action: which courses ask for it, asking, the story of one consultation with who has
// answered and who has not, and going ahead with the answers or without.
#include <algorithm>

#include <fmt/format.h>

#include "casework/consulting.hpp"
#include "web/components/button.hpp"
#include "web/components/checkboxes.hpp"
#include "web/components/details.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/radios.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/table.hpp"
#include "web/components/tag.hpp"
#include "web/components/task_list.hpp"
#include "web/components/textarea.hpp"
#include "web/components/warning_text.hpp"
#include "web/pages/consult_view.hpp"
#include "web/pages/entry_view.hpp"
#include "web/pages/manual_view.hpp"
#include "web/pages/meeting_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

using casework::AgencyView;
using casework::Consultation;
using casework::ConsultationPage;
using casework::CourseToConsult;

constexpr std::size_t most_consult_tasks = 30;

std::string new_consultation_url(ViewId person, std::string_view course) {
    return consultations_url(person) + "/new/" + std::string(course);
}

std::string types_in_a_row(const std::vector<std::string>& types) {
    std::string words;
    for (const auto& one : types) words += (words.empty() ? "" : ", ") + content::agency_type_label(one);
    return words;
}

// Where it stands, in a word.
Html state_of(const Consultation& one) {
    if (one.taken != nullptr) return tag({.text = "Gone ahead", .classes = "govuk-tag--grey"});
    if (one.waiting() > 0)
        return tag({.text = fmt::format("{} of {} answered", one.agencies.size() - one.waiting(), one.agencies.size()),
                    .classes = "govuk-tag--blue"});
    return tag({.text = one.disagreeing() > 0 ? "Answered, not all agree" : "Answered",
                .classes = one.disagreeing() > 0 ? "govuk-tag--yellow" : "govuk-tag--green"});
}

// ---- all of a record ------------------------------------------------------------------------------------------------

Html begun_table(const Visit& visit, const std::vector<Consultation>& all) {
    TableOptions o;
    o.caption = "Consultations about this child, the newest first";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Course of action"}, {.content = "Asked"}, {.content = "By"}, {.content = "Where it stands"}};
    for (const auto& one : all) {
        const auto when = when_words(visit.zone(), one.asked->entry.row.at);
        o.rows.push_back({{.content = link(consultation_url(one.consultation),
                                           Html(one.course_words) + visually_hidden(", asked " + when))},
                          labelled("Asked", when),
                          labelled("By", one.asked->source),
                          labelled("Where it stands", state_of(one))});
    }
    return table(o);
}

Html course_words_of(const Visit& visit, const casework::PersonPage& child, const CourseToConsult& one, bool may_ask) {
    Html content = may_ask ? link(new_consultation_url(child.person, one.course), one.words) : Html(one.words);
    std::string words = one.types.empty()   ? std::string("the procedure names nobody; you choose whom to ask")
                        : one.protective    ? "never waits; ask at once: " + types_in_a_row(one.types)
                        : one.waits.empty() ? "may go ahead: every view that is needed has come"
                                            : "waits for the view of " + types_in_a_row(one.waits);
    content += Html(": " + words);
    if (one.rule != nullptr && !child.editions.empty()) {
        const auto manual = manual_link(visit, *child.editions.front(), one.rule->source.paragraph);
        if (!manual.empty()) content += Html(" (") + manual + visually_hidden(" on " + one.words) + Html(")");
    }
    return content;
}

Result<Response> show_consultations(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto courses = TRY(casework::courses_to_consult(visit.office(), visit.asker(), person));
    Page page = child_frame(visit, courses.child, "Consultation", ChildPart::consultation);
    page.content += heading(1, "Consultation", "l");
    page.content += paragraph(
        "Welfare and justice agencies ask each other before a step that affects the other side. Protection never "
        "waits: a strategy discussion, an enquiry, an arrest and any emergency step go ahead.");
    const auto all = casework::consultations_in(visit.office(), courses.child.lines);
    if (all.empty())
        page.content += paragraph("Nobody has been consulted about this child.");
    else
        page.content += begun_table(visit, all);
    const bool may_ask = visit.may(record::Action::append, "consultation.requested");
    page.content += heading(2, may_ask ? "Ask before you act" : "What is asked before which course", "m");
    std::vector<Html> named;
    std::vector<Html> others;
    for (const auto& one : courses.courses)
        (one.types.empty() ? others : named).push_back(course_words_of(visit, courses.child, one, may_ask));
    page.content += bullets(named);
    if (!others.empty()) page.content += details({.summary = "Other courses", .content = bullets(others)});
    page.content += print_button();
    return visit.show(page);
}

// ---- asking ---------------------------------------------------------------------------------------------------------

Html clock_words(const CourseToConsult& course) {
    if (course.rule == nullptr || course.rule->source.unsourced || !course.rule->deadline)
        return "The day that is filled in is the partnership’s own: no source gives a number of days.";
    return "The day that is filled in is the procedure’s.";
}

Html asking_questions(const casework::ToConsult& of, const Typed& typed) {
    std::vector<ChoiceItem> items;
    auto chosen = typed.all("agencies");
    const bool fresh = typed.good() && !typed.has("question") && chosen.empty();
    for (const auto& one : of.agencies) {
        std::string people;
        for (std::size_t n = 0; n < one.people.size() && n < 4; ++n) people += (n == 0 ? "" : ", ") + one.people[n];
        if (one.people.size() > 4) people += fmt::format(" and {} more", one.people.size() - 4);
        std::string hint = one.required ? "Must be asked. " : one.named ? "Named by the procedure; has answered. " : "";
        items.push_back({.text = one.name, .value = one.agency, .hint = {.text = hint + people}});
        if (fresh && one.required) chosen.push_back(one.agency);
    }
    Html content = checkboxes(
        {.name = "agencies",
         .fieldset = FieldsetOptions{.legend = {.text = "Whom do you ask?", .classes = "govuk-fieldset__legend--s"}},
         .hint = {.text = "Those that the procedure names are chosen already. Below each name: who sees the question."},
         .error_message = typed.message("agencies"),
         .items = std::move(items),
         .values = std::move(chosen),
         .classes = "govuk-checkboxes--small"});
    const auto text = [&](const char* name, const char* question, const char* hint, int rows) {
        content += textarea({.name = name,
                             .label = {.text = question, .classes = "govuk-label--s"},
                             .hint = {.text = hint},
                             .error_message = typed.message(name),
                             .value = typed.value(name),
                             .rows = rows,
                             .spellcheck = true});
    };
    text("question", "What do you propose, and what do you ask of them?",
         "They see the child’s name and date of birth, the course, this and your own view. Do not name another child.",
         4);
    if (of.own_view)
        text("view", "What is your own agency’s view?",
             "The course waits for it too. It is recorded with the question.", 3);
    else
        text("view", "What is your own view? (optional)", "", 3);
    text("dissent", "Does anybody in your agency disagree, and why? (optional)", "", 2);
    content += day_question(typed, "due", "By when do you need the answers?", clock_words(of.course), of.usual);
    return content + button({.text = "Ask for their views", .prevent_double_click = true});
}

Response asking_page(const Visit& visit, const casework::ToConsult& of, const KeptForm& form) {
    const auto& typed = form.typed;
    Page page = child_frame(visit, of.child, "Ask before you act", ChildPart::consultation);
    page.back_link = BackLinkOptions{.href = consultations_url(of.child.person)};
    page.errors = typed.summary();
    page.content += heading(1, "Ask before you act: " + of.course.words, "l");
    if (of.course.protective) page.content += warning_text({.text = "This never waits. Go ahead, and ask at once."});
    if (of.named_only)
        page.content += inset_text(
            {.content = paragraph("Access to this record is restricted. Only the people who are named for it "
                                  "get the question; other agencies cannot be asked.")});
    if (of.agencies.empty()) {
        page.content += paragraph("There is nobody who could be asked about this child.");
        return visit.show(page);
    }
    page.content += visit.form({.action = new_consultation_url(of.child.person, of.course.course),
                                .key = form.key,
                                .draft_url = form.autosave},
                               asking_questions(of, typed));
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_asking(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto of = TRY(casework::to_consult(visit.office(), visit.asker(), person, visit.parameter("course")));
    const auto form = TRY(kept_form(visit));
    if (!form) return begin_kept_form(visit, "consult", new_consultation_url(person, visit.parameter("course")));
    return asking_page(visit, of, *form);
}

Result<Response> take_asking(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto course = std::string(visit.parameter("course"));
    auto form = TRY(sent_kept_form(visit, "consult", new_consultation_url(person, course)));
    auto& typed = form.typed;
    casework::ConsultRequest request;
    request.key = form.key;
    request.child = person;
    request.course = course;
    request.agencies = typed.all("agencies");
    if (request.agencies.empty()) typed.fault("agencies", "Choose whom you ask");
    request.question = typed.required_text("question", "the question", "Enter what you propose, and what you ask");
    request.view = typed.text("view", "your own view");
    request.dissent = typed.text("dissent", "who disagrees");
    request.due = day_to_come(visit, typed, "due", "Enter by when you need the answers");
    if (typed.good()) {
        const auto done = casework::ask_for_views(visit.office(), visit.asker(), request);
        if (done) {
            forget_kept_form(visit, form);
            return Visit::see(consultation_url(*done));
        }
        const auto& why = done.error();
        if (why.place == "basis")
            typed.fault("agencies", why.reason + " " + why.mend);
        else if (!beside(typed, why, {"agencies", "question", "view", "due"}))
            return tl::unexpected(why);
    }
    return asking_page(visit, TRY(casework::to_consult(visit.office(), visit.asker(), person, course)), form);
}

// ---- one consultation -----------------------------------------------------------------------------------------------

Html answer_of(const Visit& visit, const AgencyView& one) {
    if (one.answer == nullptr) {
        return tag({.text = one.overdue ? "No reply" : "Waiting",
                    .classes = one.overdue ? "govuk-tag--red" : "govuk-tag--blue"}) +
               Html(" ") + due_date(visit.zone(), one.due, visit.now());
    }
    Html out = one.disagrees()            ? tag({.text = "Disagrees", .classes = "govuk-tag--yellow"})
               : one.position == "agrees" ? tag({.text = "Agrees", .classes = "govuk-tag--green"})
                                          : tag({.text = "No view", .classes = "govuk-tag--grey"});
    out += Html(fmt::format(" {}, {}", author_words(*one.answer), when_words(visit.zone(), one.answer->entry.row.at)));
    if (one.changed_times > 0) out += Html(one.changed_times == 1 ? ". Changed once" : ". Changed several times");
    if (!one.dissent.empty()) out += paragraph("Why it disagrees: " + one.dissent);
    if (!one.view.empty()) out += paragraph(one.view);
    if (one.disagrees() && visit.may(record::Action::append, "challenge.raised"))
        out += paragraph(link(challenge_form_url(one.answer->entry.row.entry),
                              Html("Take the disagreement further") + visually_hidden(": " + one.agency_name)));
    return out;
}

Html answers_table(const Visit& visit, const Consultation& of) {
    TableOptions o;
    o.caption = "Who was asked, and what they answered";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Agency"}, {.content = "Answer"}};
    for (const auto& one : of.agencies)
        o.rows.push_back({{.content = one.agency_name}, labelled("Answer", answer_of(visit, one))});
    return table(o);
}

struct StepTyped {
    std::string which;  // "go-ahead", "override", "review"
    Typed typed;
};

std::string step_key(const Visit& visit, const Typed& typed) {
    return parse_uuid(typed.value("key")) ? typed.value("key") : to_string(make_uuid4(visit.office().random));
}

Html reason_of(const Typed& typed, const std::string& id, const Html& question, const Html& hint) {
    return textarea({.name = "reason",
                     .id = id,
                     .label = {.text = question, .classes = "govuk-label--s"},
                     .hint = {.text = hint},
                     .error_message = typed.message("reason"),
                     .value = typed.value("reason"),
                     .rows = 3,
                     .spellcheck = true});
}

Html overrides_of(const Visit& visit, const ConsultationPage& page, const StepTyped& returned) {
    Html out;
    static const Typed fresh;
    for (const auto& one : page.of.overrides) {
        const auto& row = one.line->entry.row;
        Html content = paragraph(
            fmt::format("{}, {}, {}", author_words(*one.line), one.line->source, when_words(visit.zone(), row.at)));
        if (!one.reason.empty()) content += paragraph("Why it could not wait: " + one.reason);
        if (one.reviewed != nullptr) {
            content += paragraph(fmt::format("{} {}, {}, {}.",
                                             !one.upheld   ? "Reviewed."
                                             : *one.upheld ? "Reviewed: it was right to go ahead."
                                                           : "Reviewed: it was not right to go ahead.",
                                             author_words(*one.reviewed), one.reviewed->source,
                                             when_words(visit.zone(), one.reviewed->entry.row.at)));
            if (!one.review.empty()) content += paragraph(one.review);
        } else {
            content += paragraph("Somebody else has to look at this within the procedure’s time.");
        }
        out += inset_text({.content = content});
        const bool own = row.agency == visit.asker().agency && row.author == visit.asker().practitioner;
        if (one.reviewed != nullptr || own || !visit.may(record::Action::append, "override.reviewed")) continue;
        const bool back = returned.which == "review" && returned.typed.value("override") == to_string(row.entry);
        const Typed& typed = back ? returned.typed : fresh;
        Html form = radios({.name = "upheld",
                            .fieldset = FieldsetOptions{.legend = {.text = "Was it right to go ahead without waiting?",
                                                                   .classes = "govuk-fieldset__legend--s"}},
                            .error_message = typed.message("upheld"),
                            .items = {{.text = "Yes", .value = "yes"}, {.text = "No", .value = "no"}},
                            .value = typed.value("upheld"),
                            .classes = "govuk-radios--inline"});
        form += reason_of(typed, "reason-review", "Why?", "");
        form += button({.text = "Record the review", .prevent_double_click = true});
        out += heading(3, "Review going ahead without waiting", "s") +
               visit.form({.action = consultation_url(page.of.consultation) + "/review",
                           .key = step_key(visit, typed),
                           .hidden = {{"override", to_string(row.entry)}}},
                          form);
    }
    return out.empty() ? out : heading(2, "Gone ahead without waiting", "m") + out;
}

Html what_to_do_now(const Visit& visit, const ConsultationPage& page, const StepTyped& returned) {
    const auto& of = page.of;
    if (of.taken != nullptr)
        return heading(2, "The course was taken", "m") +
               paragraph(Html(fmt::format("{}, {}, {}. ", author_words(*of.taken), of.taken->source,
                                          when_words(visit.zone(), of.taken->entry.row.at))) +
                         link(entry_url(of.taken->entry.row.entry), "Open the entry"));
    Html out = heading(2, "Going ahead", "m");
    const auto url = consultation_url(of.consultation);
    const std::vector<std::pair<std::string, std::string>> hidden{{"seen", to_string(of.newest)}};
    if (page.held.empty()) {
        out += paragraph(of.disagreeing() > 0
                             ? "Every view that is needed has come. You may go ahead, though not all agree."
                             : "You may go ahead: nothing holds this course.");
        if (visit.may(record::Action::append, "action.taken"))
            out += visit.form({.action = url + "/go-ahead", .key = step_key(visit, Typed()), .hidden = hidden},
                              button({.text = "Record that it goes ahead", .prevent_double_click = true}));
        return out;
    }
    std::vector<Html> why(page.held.begin(), page.held.end());
    out += paragraph("It waits. No reply is not a yes:") + bullets(why);
    if (!visit.may(record::Action::append, "gate.overridden")) return out;
    static const Typed fresh;
    const Typed& typed = returned.which == "override" ? returned.typed : fresh;
    Html content = reason_of(typed, "reason-override", "Why can it not wait?",
                             "Your name and this reason are recorded, and somebody else looks at it within one working "
                             "day. Ask for the views all the same.");
    content +=
        button({.text = "Go ahead without waiting", .classes = "govuk-button--warning", .prevent_double_click = true});
    out += details(
        {.summary = "It cannot wait",
         .content = visit.form({.action = url + "/override", .key = step_key(visit, typed), .hidden = hidden}, content),
         .open = !typed.good()});
    return out;
}

Response story_page(const Visit& visit, const ConsultationPage& of, const StepTyped& returned, const std::string& note,
                    unsigned status) {
    Page page = child_frame(visit, of.child, "Consultation", ChildPart::consultation);
    page.back_link = BackLinkOptions{.href = consultations_url(of.child.person)};
    page.errors = returned.typed.summary("-" + returned.which);
    for (auto& error : page.errors) {
        if (error.href == "#upheld-review") error.href = "#upheld";
    }
    page.content += heading(1, "Consultation: " + of.of.course_words, "l");
    if (!note.empty()) page.content += heading(2, "What stands now", "m") + warning_text({.text = note});
    std::vector<SummaryRow> rows;
    const auto& asked = *of.of.asked;
    rows.push_back({.key = "Asked by",
                    .value = fmt::format("{}, {}, {}", author_words(asked), asked.source,
                                         when_words(visit.zone(), asked.entry.row.at))});
    if (!of.of.question.empty()) rows.push_back({.key = "What is proposed and asked", .value = of.of.question});
    if (!of.of.view.empty()) rows.push_back({.key = "Own view of who asks", .value = of.of.view});
    if (!of.of.dissent.empty()) rows.push_back({.key = "Who disagrees in that agency", .value = of.of.dissent});
    page.content += summary_list({.rows = std::move(rows)});
    page.content += heading(2, "Who has answered", "m") + answers_table(visit, of.of);
    page.content += what_to_do_now(visit, of, returned) + overrides_of(visit, of, returned);
    if (of.of.taken == nullptr && visit.may(record::Action::append, "consultation.requested"))
        page.content +=
            paragraph(link(new_consultation_url(of.child.person, of.of.course), "Ask again, or ask another agency"));
    page.content += print_button();
    return visit.show(page, status);
}

Result<Response> show_consultation(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("consultation"));
    return story_page(visit, TRY(casework::consultation_page(visit.office(), visit.asker(), id)), {}, {}, 200);
}

// What was refused, at its field or above what stands now.
Result<Response> step_refused(const Visit& visit, EntryId id, StepTyped returned, const Fault* why) {
    std::string note;
    unsigned status = 422;
    if (why != nullptr) {
        if (why->kind == FaultKind::conflict || why->kind == FaultKind::held) {
            note = why->reason + " " + why->mend;
            status = 409;
        } else if (!beside(returned.typed, *why, {"reason", "upheld"})) {
            return tl::unexpected(*why);
        }
    }
    return story_page(visit, TRY(casework::consultation_page(visit.office(), visit.asker(), id)), returned, note,
                      status);
}

Result<Response> take_go_ahead(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("consultation"));
    casework::GoAhead request{
        visit.form_key(), id, parse_id<EntryId>(visit.typed.value("seen")).value_or(EntryId{}), {}};
    const auto done = casework::take_course(visit.office(), visit.asker(), request);
    if (done) return Visit::see(consultation_url(id));
    return step_refused(visit, id, {"go-ahead", Typed()}, &done.error());
}

Result<Response> take_override(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("consultation"));
    casework::GoAhead request{
        visit.form_key(), id, parse_id<EntryId>(visit.typed.value("seen")).value_or(EntryId{}), {}};
    request.reason = visit.typed.required_text("reason", "the reason", "Enter why it cannot wait");
    if (!visit.typed.good()) return step_refused(visit, id, {"override", visit.typed}, nullptr);
    const auto done = casework::go_without_waiting(visit.office(), visit.asker(), request);
    if (done) return Visit::see(consultation_url(id));
    return step_refused(visit, id, {"override", visit.typed}, &done.error());
}

Result<Response> take_review(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("consultation"));
    const auto upheld = visit.typed.choice("upheld", {"yes", "no"}, "Choose whether it was right to go ahead");
    casework::ReviewGoing request{visit.form_key(),
                                  parse_id<EntryId>(visit.typed.value("override")).value_or(EntryId{}), upheld == "yes",
                                  visit.typed.required_text("reason", "the reason", "Enter why")};
    if (!visit.typed.good()) return step_refused(visit, id, {"review", visit.typed}, nullptr);
    const auto done = casework::review_going_ahead(visit.office(), visit.asker(), request);
    if (done) return Visit::see(consultation_url(id));
    return step_refused(visit, id, {"review", visit.typed}, &done.error());
}

}  // namespace

std::string consultations_url(ViewId person) {
    return child_url(person) + "/consultations";
}
std::string consultation_url(EntryId consultation) {
    return "/consultations/" + to_string(consultation);
}
std::string view_url(EntryId request) {
    return consultation_url(request) + "/view";
}

Result<Html> consultation_tasks_shown(Visit& visit) {
    using What = casework::ConsultationTask::What;
    TaskListOptions answer{.id_prefix = "view"};
    TaskListOptions waiting{.id_prefix = "consulted"};
    TaskListOptions review{.id_prefix = "went"};
    for (const auto& one : TRY(casework::consultation_tasks(visit.office(), visit.asker(), most_consult_tasks))) {
        TaskListItem item;
        item.hint = due_date(visit.zone(), one.due, visit.now());
        item.status.tag = TagOptions{.text = one.overdue                      ? "Overdue"
                                             : one.what == What::not_answered ? "Waiting"
                                                                              : "To do",
                                     .classes = one.overdue ? "govuk-tag--red" : "govuk-tag--blue"};
        item.href = one.what == What::to_answer ? view_url(one.entry) : consultation_url(one.entry);
        switch (one.what) {
            case What::to_answer:
                item.title =
                    fmt::format("{}: {} asks for your view before it acts: {}", one.name, one.agency, one.course);
                answer.items.push_back(std::move(item));
                break;
            case What::not_answered:
                item.title = fmt::format("{}: {} has not given its view: {}", one.name, one.agency, one.course);
                waiting.items.push_back(std::move(item));
                break;
            case What::to_review:
                item.title = fmt::format("{}: {} went ahead without waiting: {}", one.name, one.agency, one.course);
                review.items.push_back(std::move(item));
                break;
        }
    }
    Html out;
    if (!answer.items.empty()) out += heading(2, "Your view is asked", "m") + task_list(answer);
    if (!review.items.empty()) out += heading(2, "Gone ahead without waiting, to look at", "m") + task_list(review);
    if (!waiting.items.empty()) out += heading(2, "Views that you asked for", "m") + task_list(waiting);
    return out;
}

std::vector<PageRoute> consult_pages() {
    return {
        {{Method::get, "/children/:person/consultations", Shows::record, "child.consultations"}, show_consultations},
        {{Method::get, "/children/:person/consultations/new/:course", Shows::record, "consultation.ask"}, show_asking},
        {{Method::post, "/children/:person/consultations/new/:course", Shows::record, "consultation.ask"}, take_asking},
        {{Method::get, "/consultations/:consultation", Shows::record, "consultation"}, show_consultation},
        {{Method::post, "/consultations/:consultation/go-ahead", Shows::record, "consultation.taken"}, take_go_ahead},
        {{Method::post, "/consultations/:consultation/override", Shows::record, "consultation.override"},
         take_override},
        {{Method::post, "/consultations/:consultation/review", Shows::record, "consultation.review"}, take_review}};
}

}  // namespace waymark::web
