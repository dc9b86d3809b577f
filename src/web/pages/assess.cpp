// Assessing together: starting, asking agencies for sections, writing one, reading all of it, the supervisor's
// agreement, completion. Each section has its own draft; what another agency wrote is shown only where the role shows
// it.
#include <algorithm>

#include <fmt/format.h>

#include "casework/assessing.hpp"
#include "web/components/button.hpp"
#include "web/components/checkboxes.hpp"
#include "web/components/details.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/panel.hpp"
#include "web/components/radios.hpp"
#include "web/components/select.hpp"
#include "web/components/tag.hpp"
#include "web/components/task_list.hpp"
#include "web/components/textarea.hpp"
#include "web/components/warning_text.hpp"
#include "web/pages/assess_view.hpp"
#include "web/pages/entry_view.hpp"
#include "web/pages/meeting_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

using casework::AssessmentPage;
using casework::AssessmentStory;
using casework::SectionAnswer;

constexpr std::size_t most_assessment_tasks = 30;

std::string assessment_url(EntryId id) {
    return "/assessments/" + to_string(id);
}
std::string assessments_url(ViewId person) {
    return child_url(person) + "/assessments";
}
std::string section_url(EntryId id, const std::string& section) {
    return assessment_url(id) + "/sections/" + section;
}
std::string template_title(const Visit& visit, const std::string& key) {
    const auto form = casework::assessment_template(visit.office(), key);
    return form ? form->title : code_words(visit.office().catalogue, "assessment.started", "template", key);
}
std::string who_words(const Visit& visit, const std::string& key) {
    const auto* who = visit.office().profile.practitioner(key);
    return who == nullptr ? key : fmt::format("{}, {}", who->name, agency_words(visit.office(), who->agency));
}
std::string one_key(const Visit& visit, const Typed& typed) {
    return parse_uuid(typed.value("key")) ? typed.value("key") : to_string(make_uuid4(visit.office().random));
}

Html assessment_state(const Visit& visit, const AssessmentStory& story) {
    if (story.completed != nullptr)
        return tag({.text = "Completed", .classes = "govuk-tag--green"}) + Html(" ") +
               Html(when_words(visit.zone(), story.completed->entry.row.at));
    if (story.agreed != nullptr) return tag({.text = "Agreed", .classes = "govuk-tag--turquoise"});
    if (story.returned != nullptr) return tag({.text = "Sent back", .classes = "govuk-tag--yellow"});
    if (story.submitted != nullptr) return tag({.text = "With the supervisor", .classes = "govuk-tag--purple"});
    return tag({.text = "Being written", .classes = "govuk-tag--blue"});
}

// ---- the child's assessments ----------------------------------------------------------------------------------------

Response assessments_page(const Visit& visit, const casework::PersonPage& child, const Typed& typed, unsigned status) {
    Page page = child_frame(visit, child, "Assessments", ChildPart::assessments);
    page.errors = typed.summary();
    page.content += heading(1, "Assessments", "l");
    const auto stories = casework::assessments_in(visit.office(), child.lines);
    TaskListOptions list{.id_prefix = "assessment"};
    for (const auto& one : stories)
        list.items.push_back(
            {.title = template_title(visit, one.template_key),
             .href = assessment_url(one.started->entry.row.entry),
             .hint = Html(fmt::format("Started {}, {}", when_words(visit.zone(), one.started->entry.row.at),
                                      one.started->source)),
             .status = {.text = assessment_state(visit, one)}});
    page.content += list.items.empty() ? paragraph("No assessment is in the record.") : task_list(list);
    if (visit.may(record::Action::append, "assessment.started")) {
        std::vector<ChoiceItem> forms;
        if (const auto all = content::load_assessments(visit.office().content_dir)) {
            for (const auto& one : *all)
                forms.push_back({.text = one.title, .value = one.key, .hint = {.text = one.source}});
        }
        Html content = radios({.name = "template",
                               .fieldset = FieldsetOptions{.legend = {.text = "Which assessment?",
                                                                      .classes = "govuk-fieldset__legend--s"}},
                               .error_message = typed.message("template"),
                               .items = std::move(forms),
                               .value = typed.value("template")});
        content += person_question(typed, "co_worker", "Who works on it with you? (optional)", "",
                                   casework::co_workers_of(visit.office(), visit.asker()), "Nobody");
        content += person_question(typed, "supervisor", "Which supervisor agrees to it in the end?", "",
                                   casework::supervisors_of(visit.office(), visit.asker()), "Choose one");
        content += button({.text = "Start the assessment", .prevent_double_click = true});
        page.content += heading(2, "Start an assessment", "m") +
                        visit.form({.action = assessments_url(child.person), .key = one_key(visit, typed)}, content);
    }
    return visit.show(page, status);
}

Result<Response> show_assessments(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    return assessments_page(visit, TRY(casework::person_page(visit.office(), visit.asker(), person, std::nullopt)),
                            Typed(), 200);
}

Result<Response> take_start(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    Typed& typed = visit.typed;
    std::vector<std::string> keys;
    for (const auto& one : TRY(content::load_assessments(visit.office().content_dir))) keys.push_back(one.key);
    casework::StartAssessment request;
    request.key = visit.form_key();
    request.child = person;
    request.template_key = typed.choice("template", keys, "Choose which assessment");
    request.co_worker = typed.value("co_worker");
    request.supervisor = typed.value("supervisor");
    if (request.supervisor.empty()) typed.fault("supervisor", "Choose which supervisor agrees to it in the end");
    if (typed.good()) {
        const auto done = casework::start_assessment(visit.office(), visit.asker(), request);
        if (done) return Visit::see(assessment_url(*done));
        if (!beside(typed, done.error(), {"template", "co_worker", "supervisor"})) return tl::unexpected(done.error());
    }
    return assessments_page(visit, TRY(casework::person_page(visit.office(), visit.asker(), person, std::nullopt)),
                            typed, 422);
}

// ---- one assessment -------------------------------------------------------------------------------------------------

Html answers_shown(const std::vector<SectionAnswer>& answers, const content::AssessmentSection& section) {
    if (answers.empty()) return paragraph("You may know that it is written, and not what it says.");
    Html out;
    for (const auto& one : answers) {
        const auto question = std::find_if(section.questions.begin(), section.questions.end(),
                                           [&](const auto& asked) { return asked.id == one.id; });
        Html words = question != section.questions.end() && !question->about.empty()
                         ? tag({.text = question->about == "strengths" ? "Strength" : "Need",
                                .classes = question->about == "strengths" ? "govuk-tag--green" : "govuk-tag--yellow"}) +
                               Html(" ")
                         : Html();
        out += heading(4, words + Html(one.question), "s") +
               (one.not_known ? paragraph("Not known.") : paragraph(one.text));
        if (!one.carried_from.empty()) out += hint_paragraph("Carried forward from " + one.carried_from + ".");
    }
    return out;
}

Html section_shown(const Visit& visit, const AssessmentPage& page, const content::AssessmentSection& section) {
    Html out = heading(2, section.title, "m");
    bool any = false;
    for (const auto& one : page.story.written) {
        if (one.section != section.id) continue;
        any = true;
        out += heading(3,
                       fmt::format("{}, {}, {}", one.line->source, author_words(*one.line),
                                   when_words(visit.zone(), one.line->entry.row.at)),
                       "s") +
               answers_shown(one.answers, section) +
               paragraph(link(entry_url(one.line->entry.row.entry), "The entry and its versions"));
    }
    if (!any) out += paragraph("Nobody has written this section yet.");
    for (const auto& one : page.story.asked) {
        if (one.section != section.id || one.written != nullptr) continue;
        out += paragraph(fmt::format("{}, {}, is asked to write it{}.", one.who, one.agency_name,
                                     one.due ? " by " + format_long(*one.due) : std::string()));
    }
    if (page.story.completed == nullptr && visit.may(record::Action::append, "assessment.section"))
        out += Writer()
                   .open("p")
                   .classes({"govuk-body waymark-screen-only"})
                   .add(link(section_url(page.story.started->entry.row.entry, section.id),
                             "Write this section for your agency"))
                   .close("p")
                   .done();
    return out;
}

Html ask_form(const Visit& visit, const AssessmentPage& page, const Typed& typed) {
    std::vector<ChoiceItem> sections;
    for (const auto& one : page.form.sections) {
        std::string asks;
        for (const auto& type : one.asks) asks += (asks.empty() ? "" : ", ") + content::agency_type_label(type);
        sections.push_back(
            {.text = one.title, .value = one.id, .hint = {.text = asks.empty() ? asks : "Asked first: " + asks}});
    }
    Html content = radios(
        {.name = "section",
         .fieldset = FieldsetOptions{.legend = {.text = "Which section?", .classes = "govuk-fieldset__legend--s"}},
         .error_message = typed.message("section"),
         .items = std::move(sections),
         .value = typed.value("section"),
         .classes = "govuk-radios--small"});
    content +=
        person_question(typed, "practitioner", "Who writes it?",
                        "They see the child’s name and date of birth and the questions, and nothing that others wrote.",
                        casework::section_writers(visit.office(), page.form.sections.front()), "Choose somebody");
    content += day_question(typed, "due", "By when?", "No source gives a number of days.");
    return content;
}

Html end_form(const Visit& visit, const Typed& typed) {
    Html content = textarea({.name = "judgement",
                             .label = {.text = "What is your judgement?", .classes = "govuk-label--s"},
                             .error_message = typed.message("judgement"),
                             .value = typed.value("judgement"),
                             .rows = 5,
                             .spellcheck = true});
    content +=
        details({.summary = "Which factors were found? (optional)",
                 .content = checkboxes(
                     {.name = "factors",
                      .fieldset = FieldsetOptions{.legend = {.text = "Factors, as the census counts them",
                                                             .classes = "govuk-fieldset__legend--s"}},
                      .items = radio_items(choices_of(visit.office().catalogue, "assessment.completed", "factors")),
                      .values = typed.all("factors"),
                      .classes = "govuk-checkboxes--small"}),
                 .open = !typed.all("factors").empty()});
    return content;
}

Html agree_form(const Visit& visit, const Typed& typed) {
    Html content = radios({.name = "outcome",
                           .fieldset = FieldsetOptions{.legend = {.text = "Do you agree to it as it stands?",
                                                                  .classes = "govuk-fieldset__legend--s"}},
                           .error_message = typed.message("outcome"),
                           .items = radio_items(choices_of(visit.office().catalogue, "assessment.agreed", "outcome")),
                           .value = typed.value("outcome")});
    return content + textarea({.name = "text",
                               .label = {.text = "What do you want to say to it?", .classes = "govuk-label--s"},
                               .hint = {.text = "Needed where you send it back."},
                               .error_message = typed.message("text"),
                               .value = typed.value("text"),
                               .rows = 3,
                               .spellcheck = true});
}

Html next_steps(const Visit& visit, const AssessmentPage& page, const std::string& returned, const Typed& typed) {
    static const Typed none;
    const auto& story = page.story;
    const auto url = assessment_url(story.started->entry.row.entry);
    const auto of = [&](const char* which) -> const Typed& { return returned == which ? typed : none; };
    const auto form = [&](const char* which, Html content, const char* send, const char* classes) {
        content += button({.text = send, .classes = classes, .prevent_double_click = true});
        return visit.form({.action = url + "/" + which, .key = one_key(visit, of(which))}, content);
    };
    if (story.completed != nullptr) return {};
    Html out;
    if (visit.may(record::Action::append, "assessment.asked"))
        out += details(
            {.summary = "Ask an agency for a section",
             .content = form("ask", ask_form(visit, page, of("ask")), "Send the request", "govuk-button--secondary"),
             .open = !of("ask").good()});
    const bool leads = visit.may(record::Action::append, "assessment.submitted");
    if (leads && (story.submitted == nullptr || story.returned != nullptr)) {
        Html content;
        if (!page.unwritten.empty()) {
            std::vector<Html> missing(page.unwritten.begin(), page.unwritten.end());
            content += paragraph("Nobody has written yet:") + bullets(missing);
        }
        if (of("submit").at_fault("sections"))
            content += Writer()
                           .open("p")
                           .classes({"govuk-error-message"})
                           .attr("id", "sections")
                           .text(of("submit").message("sections").text.markup())
                           .close("p")
                           .done();
        out += form("submit", content, "Send it to the supervisor",
                    page.unwritten.empty() ? "" : "govuk-button--secondary");
    }
    if (story.submitted != nullptr && story.agreed == nullptr && story.returned == nullptr &&
        story.supervisor == visit.asker().practitioner)
        out += heading(2, "Your agreement", "m") + form("agree", agree_form(visit, of("agree")), "Record it", "");
    if (story.agreed != nullptr && visit.may(record::Action::append, "assessment.completed"))
        out += heading(2, "Complete it", "m") +
               form("complete", end_form(visit, of("complete")), "Complete the assessment", "");
    return out;
}

Response assessment_page_of(const Visit& visit, const AssessmentPage& assessment, const std::string& returned,
                            const Typed& typed, unsigned status) {
    const auto& story = assessment.story;
    Page page = child_frame(visit, assessment.child, "Assessment", ChildPart::assessments);
    page.back_link = BackLinkOptions{.href = assessments_url(assessment.child.person)};
    page.errors = typed.summary();
    page.content += heading(1, assessment.form.title, "l");
    std::vector<SummaryRow> rows;
    rows.push_back({.key = "State", .value = assessment_state(visit, story)});
    rows.push_back({.key = "Started",
                    .value = fmt::format("{}, {}, {}", when_words(visit.zone(), story.started->entry.row.at),
                                         author_words(*story.started), story.started->source)});
    if (!story.co_worker.empty()) rows.push_back({.key = "Co-worker", .value = who_words(visit, story.co_worker)});
    rows.push_back(
        {.key = "Supervisor",
         .value = story.supervisor.empty() ? std::string("Nobody named") : who_words(visit, story.supervisor)});
    const auto said = [&](const char* key, const casework::Line* line, const char* field) {
        if (line == nullptr) return;
        const auto text = std::string(string_or(line->entry.body, field, ""));
        rows.push_back(
            {.key = key,
             .value = fmt::format("{}, {}{}", author_words(*line), when_words(visit.zone(), line->entry.row.at),
                                  text.empty() ? std::string() : ": " + text)});
    };
    said("Agreed by", story.agreed, "text");
    said("Sent back by", story.returned, "text");
    said("Judgement", story.completed, "judgement");
    rows.push_back(
        {.key = "Template", .value = fmt::format("Version {}. {}", assessment.form.version, assessment.form.source)});
    page.content += summary_list({.rows = std::move(rows)});
    page.content += next_steps(visit, assessment, returned, typed);
    for (const auto& section : assessment.form.sections) page.content += section_shown(visit, assessment, section);
    page.content += print_button();
    return visit.show(page, status);
}

Result<Response> show_assessment(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("assessment"));
    return assessment_page_of(visit, TRY(casework::assessment_page(visit.office(), visit.asker(), id)), {}, Typed(),
                              200);
}

// A step of the assessment; what is wrong comes back to its form.
Result<Response> step(Visit& visit, const char* which, const std::function<Result<EntryId>(EntryId)>& verb,
                      std::initializer_list<std::string_view> fields) {
    const auto id = TRY(visit.id<EntryId>("assessment"));
    Typed& typed = visit.typed;
    if (typed.good()) {
        const auto done = verb(id);
        if (done) return Visit::see(assessment_url(id));
        if (!beside(typed, done.error(), fields)) return tl::unexpected(done.error());
    }
    return assessment_page_of(visit, TRY(casework::assessment_page(visit.office(), visit.asker(), id)), which, typed,
                              422);
}

Result<Response> take_ask_section(Visit& visit) {
    Typed& typed = visit.typed;
    casework::AskForSection request;
    request.key = visit.form_key();
    request.section = typed.value("section");
    if (request.section.empty()) typed.fault("section", "Choose which section");
    request.practitioner = typed.value("practitioner");
    if (request.practitioner.empty()) typed.fault("practitioner", "Choose who writes it");
    request.due = day_to_come(visit, typed, "due", "Enter by when you need it");
    return step(visit, "ask",
                [&](EntryId id) {
                    request.assessment = id;
                    return casework::ask_for_section(visit.office(), visit.asker(), request);
                },
                {"section", "practitioner", "due"});
}
Result<Response> take_submit(Visit& visit) {
    return step(
        visit, "submit",
        [&](EntryId id) { return casework::submit_assessment(visit.office(), visit.asker(), id, visit.form_key()); },
        {"sections"});
}
Result<Response> take_agreement(Visit& visit) {
    Typed& typed = visit.typed;
    casework::AgreeAssessment request;
    request.key = visit.form_key();
    request.outcome = typed.choice("outcome", {"agreed", "returned"}, "Choose whether you agree");
    request.text = request.outcome == "returned"
                       ? typed.required_text("text", "what is missing", "Enter what is missing")
                       : typed.text("text", "what you want to say");
    return step(visit, "agree",
                [&](EntryId id) {
                    request.assessment = id;
                    return casework::agree_assessment(visit.office(), visit.asker(), request);
                },
                {"outcome", "text"});
}
Result<Response> take_completion(Visit& visit) {
    Typed& typed = visit.typed;
    casework::CompleteAssessment request;
    request.key = visit.form_key();
    request.judgement = typed.required_text("judgement", "your judgement", "Enter your judgement");
    const auto factors = codes_of(choices_of(visit.office().catalogue, "assessment.completed", "factors"));
    for (const auto& one : typed.all("factors")) {
        if (std::find(factors.begin(), factors.end(), one) != factors.end()) request.factors.push_back(one);
    }
    return step(visit, "complete",
                [&](EntryId id) {
                    request.assessment = id;
                    return casework::complete_assessment(visit.office(), visit.asker(), request);
                },
                {"judgement"});
}

// ---- one section ----------------------------------------------------------------------------------------------------

std::string carried_words(const Visit& visit, const casework::Carried& one) {
    return fmt::format("{}, {}", when_words(visit.zone(), one.at), one.source);
}

Html question_asked(const Visit& visit, const casework::SectionToWrite& section,
                    const content::AssessmentQuestion& question, const Typed& typed) {
    const auto name = "q-" + question.id;
    Html out = textarea({.name = name,
                         .label = {.text = question.label, .classes = "govuk-label--s"},
                         .hint = {.text = question.hint},
                         .error_message = typed.message(name),
                         .value = typed.value(name),
                         .rows = 3,
                         .spellcheck = true});
    for (const auto& one : section.carried) {
        if (one.answer.id != question.id) continue;
        out += details({.summary = "Last time: " + carried_words(visit, one),
                        .content = paragraph(one.answer.text) +
                                   checkboxes({.name = "carry-" + question.id,
                                               .items = {{.text = "It still holds: carry it forward", .value = "yes"}},
                                               .values = typed.all("carry-" + question.id),
                                               .classes = "govuk-checkboxes--small"}),
                        .open = true});
    }
    return out +
           checkboxes({.name = "unknown-" + question.id,
                       .items = {{.text = Html("Not known") + visually_hidden(": " + question.label), .value = "yes"}},
                       .values = typed.all("unknown-" + question.id),
                       .classes = "govuk-checkboxes--small"});
}

Form section_form(const casework::SectionToWrite& section) {
    Form form;
    for (const auto& one : section.answers) {
        if (one.not_known)
            form.add("unknown-" + one.id, "yes");
        else
            form.add("q-" + one.id, one.text);
    }
    return form;
}

std::vector<SummaryRow> section_rows(const Visit& visit, const casework::SectionToWrite& section) {
    std::vector<SummaryRow> rows{{.key = "Child", .value = record::shown_name(section.child)},
                                 {.key = "Born", .value = born_words(section.child, visit.today())},
                                 {.key = "Assessment", .value = section.form.title}};
    if (!section.from.empty())
        rows.push_back({.key = "Asked by", .value = fmt::format("{}, {}", section.from, section.from_agency)});
    if (section.due) rows.push_back({.key = "By when", .value = format_long(*section.due)});
    return rows;
}

struct SectionPlace {
    EntryId id;  // the request, or the assessment
    std::string url;
    std::string back;
};

Response section_page(const Visit& visit, const casework::SectionToWrite& section, const SectionPlace& place,
                      const KeptForm& form, unsigned status) {
    const bool fresh = !form.typed.has("sent") && form.typed.good();
    const Typed filled(section_form(section));
    const Typed& typed = fresh ? filled : form.typed;
    Page page = visit.page("A section of an assessment", Place::home);
    page.back_link = BackLinkOptions{.href = place.back};
    page.errors = typed.summary();
    page.content += heading(1, section.section.title, "l") + summary_list({.rows = section_rows(visit, section)});
    if (section.completed) {
        page.content += paragraph("This assessment has been completed.");
        return visit.show(page);
    }
    if (section.written_at)
        page.content += inset_text(
            {.content = paragraph(fmt::format("Your agency wrote this section: {}, {}. What you send now takes its "
                                              "place, and the first stays in the record.",
                                              section.written_by, when_words(visit.zone(), *section.written_at)))});
    if (!section.section.hint.empty()) page.content += paragraph(section.section.hint);
    Html content;
    for (const auto& question : section.section.questions) content += question_asked(visit, section, question, typed);
    content += button({.text = "Add the section", .prevent_double_click = true});
    content +=
        button({.text = "Save and finish later", .name = "later", .value = "1", .classes = "govuk-button--secondary"});
    Visit::FormOptions options{.action = place.url, .key = form.key, .draft_url = form.autosave};
    options.hidden.emplace_back("sent", "yes");
    options.hidden.emplace_back("seen", form.typed.has("seen") ? form.typed.value("seen")
                                        : section.stands       ? to_string(section.stands)
                                                               : std::string());
    page.content += visit.form(options, content);
    return visit.show(page, status);
}

std::vector<SectionAnswer> read_answers(const Visit& visit, const casework::SectionToWrite& section, Typed& typed) {
    std::vector<SectionAnswer> answers;
    for (const auto& question : section.section.questions) {
        SectionAnswer one;
        one.id = question.id;
        one.question = question.label;
        const auto name = "q-" + question.id;
        one.text = typed.text(name, "the answer");
        one.not_known = typed.value("unknown-" + question.id) == "yes";
        if (typed.value("carry-" + question.id) == "yes") {
            for (const auto& last : section.carried) {
                if (last.answer.id != question.id) continue;
                one.carried_from = carried_words(visit, last);
                one.text = one.text.empty() || one.text == last.answer.text ? last.answer.text
                                                                            : last.answer.text + "\n\n" + one.text;
            }
        }
        if (one.text.empty() && !one.not_known)
            typed.fault(name, "Answer the question, or say that it is not known: " + question.label);
        if (!one.text.empty() && one.not_known)
            typed.fault(name, "There is an answer, and it is said not to be known. Take one of the two away");
        answers.push_back(std::move(one));
    }
    return answers;
}

// Two of one agency wrote it at once: both, side by side; what was typed can be sent again, and is kept in its draft.
Response both_sections(const Visit& visit, const casework::SectionToWrite& section, const SectionPlace& place,
                       const KeptForm& form) {
    Page page = visit.page("Somebody wrote this before you", Place::home);
    page.wide = true;
    page.back_link = BackLinkOptions{.href = place.back};
    page.content += heading(1, "Somebody wrote this before you", "l");
    page.content += paragraph(
        fmt::format("{} wrote this section on {}. Nothing that you typed is lost. Compare the two.", section.written_by,
                    section.written_at ? when_words(visit.zone(), *section.written_at) : std::string()));
    TableOptions o;
    o.caption = "What stands now, and what you typed";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Question"}, {.content = "What stands now"}, {.content = "What you typed"}};
    for (const auto& question : section.section.questions) {
        std::string stands;
        for (const auto& one : section.answers)
            if (one.id == question.id) stands = one.not_known ? "Not known" : one.text;
        const auto typed = form.typed.value("unknown-" + question.id) == "yes" ? std::string("Not known")
                                                                               : form.typed.value("q-" + question.id);
        o.rows.push_back(
            {{.content = question.label}, labelled("What stands now", stands), labelled("What you typed", typed)});
    }
    page.content += table(o);
    Visit::FormOptions again{.action = place.url, .key = form.key};
    again.hidden.emplace_back("seen", to_string(section.stands));
    for (const auto& [name, values] : form.typed.form().fields()) {
        if (name == "csrf" || name == "key" || name == "seen") continue;
        for (const auto& value : values) again.hidden.emplace_back(name, value);
    }
    page.content +=
        visit.form(again, button({.text = "Put what you typed in its place", .classes = "govuk-button--secondary"}));
    page.content += paragraph(link(place.url, "Leave what stands, and begin from it"));
    return visit.show(page, 409);
}

Result<Response> section_shown_to(Visit& visit, const SectionPlace& place, const std::string& section_id) {
    const auto section = TRY(casework::section_to_write(visit.office(), visit.asker(), place.id, section_id));
    if (section.completed) return section_page(visit, section, place, KeptForm{}, 200);
    const auto form = TRY(kept_form(visit));
    if (!form) return begin_kept_form(visit, "section", place.url);
    return section_page(visit, section, place, *form, 200);
}

Result<Response> section_taken(Visit& visit, const SectionPlace& place, const std::string& section_id) {
    auto form = TRY(sent_kept_form(visit, "section", place.url));
    const auto section = TRY(casework::section_to_write(visit.office(), visit.asker(), place.id, section_id));
    Typed& typed = form.typed;
    if (typed.has("later")) return Visit::see("/");
    casework::WriteSection request;
    request.key = form.key;
    request.id = place.id;
    request.section = section.section.id;
    if (const auto seen = parse_id<EntryId>(typed.value("seen"))) request.seen = *seen;
    request.answers = read_answers(visit, section, typed);
    if (!typed.good()) return section_page(visit, section, place, form, 422);
    const auto done = casework::write_section(visit.office(), visit.asker(), request);
    if (!done) {
        if (done.error().kind == FaultKind::conflict && done.error().place == "seen")
            return both_sections(visit, section, place, form);
        return tl::unexpected(done.error());
    }
    forget_kept_form(visit, form);
    return Visit::see(place.back == "/" ? place.url + "/done" : place.back);
}

Result<SectionPlace> of_assessment(const Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("assessment"));
    return SectionPlace{id, section_url(id, std::string(visit.parameter("section"))), assessment_url(id)};
}
Result<SectionPlace> of_request(const Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("asked"));
    return SectionPlace{id, "/sections/" + to_string(id), "/"};
}
Result<Response> show_section(Visit& visit) {
    return section_shown_to(visit, TRY(of_assessment(visit)), std::string(visit.parameter("section")));
}
Result<Response> take_section(Visit& visit) {
    return section_taken(visit, TRY(of_assessment(visit)), std::string(visit.parameter("section")));
}
Result<Response> show_asked_section(Visit& visit) {
    return section_shown_to(visit, TRY(of_request(visit)), {});
}
Result<Response> take_asked_section(Visit& visit) {
    return section_taken(visit, TRY(of_request(visit)), {});
}
Result<Response> show_section_done(Visit& visit) {
    const auto place = TRY(of_request(visit));
    const auto section = TRY(casework::section_to_write(visit.office(), visit.asker(), place.id, {}));
    Page page = visit.page("Your section is in the record", Place::home);
    page.content += panel({.title = "Your section is in the record", .content = section.section.title});
    page.content += paragraph("Whoever leads the assessment reads it there.") +
                    paragraph(link(place.url, "Look at it again, or change it")) +
                    paragraph(link("/", "Back to My day"));
    return visit.show(page);
}

}  // namespace

Result<Html> assessment_tasks_shown(Visit& visit) {
    TaskListOptions write{.id_prefix = "section"};
    TaskListOptions agree{.id_prefix = "agree"};
    for (const auto& one : TRY(casework::assessment_tasks(visit.office(), visit.asker(), most_assessment_tasks))) {
        TaskStatus status;
        status.tag = TagOptions{.text = one.overdue ? "Overdue" : "To do",
                                .classes = one.overdue ? "govuk-tag--red" : "govuk-tag--blue"};
        (one.to_agree ? agree : write)
            .items.push_back({.title = fmt::format("{}: {}", one.name, one.words),
                              .href = one.to_agree ? assessment_url(one.entry) : "/sections/" + to_string(one.entry),
                              .hint = due_date(visit.zone(), one.due, visit.now()),
                              .status = std::move(status)});
    }
    Html out;
    if (!write.items.empty()) out += heading(2, "Sections that you are asked to write", "m") + task_list(write);
    if (!agree.items.empty()) out += heading(2, "Assessments to agree to", "m") + task_list(agree);
    return out;
}

std::vector<PageRoute> assess_pages() {
    return {
        {{Method::get, "/children/:person/assessments", Shows::record, "child.assessments"}, show_assessments},
        {{Method::post, "/children/:person/assessments", Shows::record, "assessment.start"}, take_start},
        {{Method::get, "/assessments/:assessment", Shows::record, "assessment"}, show_assessment},
        {{Method::post, "/assessments/:assessment/ask", Shows::record, "assessment.ask"}, take_ask_section},
        {{Method::post, "/assessments/:assessment/submit", Shows::record, "assessment.submit"}, take_submit},
        {{Method::post, "/assessments/:assessment/agree", Shows::record, "assessment.agree"}, take_agreement},
        {{Method::post, "/assessments/:assessment/complete", Shows::record, "assessment.complete"}, take_completion},
        {{Method::get, "/assessments/:assessment/sections/:section", Shows::record, "assessment.section"},
         show_section},
        {{Method::post, "/assessments/:assessment/sections/:section", Shows::record, "assessment.section"},
         take_section},
        {{Method::get, "/sections/:asked", Shows::record, "section"}, show_asked_section},
        {{Method::post, "/sections/:asked", Shows::record, "section"}, take_asked_section},
        {{Method::get, "/sections/:asked/done", Shows::record, "section"}, show_section_done}};
}

}  // namespace waymark::web
