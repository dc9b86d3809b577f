// An agency is asked for its view before a course of action: the question with the child's name, and the answer.
#include <fmt/format.h>

#include "casework/consulting.hpp"
#include "web/components/button.hpp"
#include "web/components/details.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/radios.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/textarea.hpp"
#include "web/pages/consult_view.hpp"
#include "web/pages/meeting_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

using casework::ViewToGive;

std::vector<std::pair<std::string, std::string>> positions(const Visit& visit) {
    return choices_of(visit.office().catalogue, "consultation.given", "position");
}

Html own_answer(const Visit& visit, const ViewToGive& of) {
    Html content = paragraph(fmt::format(
        "{} answered for your agency on {}: {}", of.answered_by, when_words(visit.zone(), *of.answered),
        of.position.empty() ? std::string("with a view")
                            : code_words(visit.office().catalogue, "consultation.given", "position", of.position)));
    if (!of.own_dissent.empty()) content += paragraph("Why your agency disagrees: " + of.own_dissent);
    if (!of.own_view.empty()) content += paragraph(of.own_view);
    return content;
}

Html view_questions(const Visit& visit, const Typed& typed) {
    const auto text = [&](const char* name, const char* question, const char* hint) {
        return textarea({.name = name,
                         .label = {.text = question, .classes = "govuk-label--s"},
                         .hint = {.text = hint},
                         .error_message = typed.message(name),
                         .value = typed.value(name),
                         .rows = 4,
                         .spellcheck = true});
    };
    Html content = radios({.name = "position",
                           .fieldset = FieldsetOptions{.legend = {.text = "What does your agency think?",
                                                                  .classes = "govuk-fieldset__legend--s"}},
                           .error_message = typed.message("position"),
                           .items = radio_items(positions(visit)),
                           .value = typed.value("position")});
    content += text("dissent", "If you disagree: why?", "It is recorded with your agency’s name, and shown.");
    content += text("view", "What else should they know? (optional)", "Only what is needed for this step.");
    return content;
}

Html view_form(const Visit& visit, const ViewToGive& of, const KeptForm& form, const std::string& seen,
               const char* send) {
    Visit::FormOptions options{.action = view_url(of.request), .key = form.key, .draft_url = form.autosave};
    options.hidden.emplace_back("seen", seen);
    Html content = view_questions(visit, form.typed);
    if (of.basis.empty()) {
        content += inset_text(
            {.content = paragraph("No lawful basis is written down for this answer. Ask your information governance "
                                  "lead before you answer. If the child is in danger, telephone.")});
    } else {
        std::vector<Html> sentences(of.basis.begin(), of.basis.end());
        content += details({.summary = "On what basis you answer", .content = bullets(sentences)});
    }
    content += button({.text = send, .prevent_double_click = true});
    return visit.form(options, content);
}

Html question_of_view(const Visit& visit, const ViewToGive& of) {
    std::vector<SummaryRow> rows;
    rows.push_back({.key = "Child", .value = record::shown_name(of.child)});
    rows.push_back({.key = "Born", .value = born_words(of.child, visit.today())});
    rows.push_back({.key = "Asked by",
                    .value = fmt::format("{}, {}, {}", of.from, of.from_agency, when_words(visit.zone(), of.asked))});
    rows.push_back({.key = "Course of action", .value = of.course_words});
    if (!of.question.empty()) rows.push_back({.key = "What they propose and ask", .value = of.question});
    if (!of.view.empty()) rows.push_back({.key = "Their own view", .value = of.view});
    if (!of.answered) rows.push_back({.key = "Answer", .value = due_date(visit.zone(), of.due, visit.now())});
    return summary_list({.rows = std::move(rows)});
}

std::string last_answer(const ViewToGive& of) {
    return of.seen ? to_string(of.seen) : std::string();
}

// `why`: a colleague has answered meanwhile; the two stand on one page.
Response view_page(const Visit& visit, const ViewToGive& of, const KeptForm& form, const Fault* why, unsigned status) {
    Page page = visit.page(why == nullptr ? "Your view is asked" : "Somebody answered this before you", Place::home);
    page.back_link = BackLinkOptions{.href = "/"};
    page.errors = form.typed.summary();
    page.content += heading(
        1, why == nullptr ? "Your view is asked before a step is taken" : "Somebody answered this before you", "l");
    if (why != nullptr) page.content += paragraph(why->reason + " Nothing that you typed is lost. " + why->mend);
    page.content += question_of_view(visit, of);
    if (of.answered)
        page.content += heading(2, why == nullptr ? "Your agency’s answer" : "What stands now", "m") +
                        inset_text({.content = own_answer(visit, of)});
    const bool again = of.answered && why == nullptr;
    const auto seen = why == nullptr && form.typed.has("seen") ? form.typed.value("seen") : last_answer(of);
    const auto questions = view_form(visit, of, form, seen, again ? "Send the changed view" : "Send the view");
    if (again)
        page.content +=
            details({.summary = "Has your view changed?", .content = questions, .open = !form.typed.good()});
    else
        page.content += (why == nullptr ? Html() : heading(2, "What you typed", "m")) + questions;
    if (!again)
        page.content +=
            paragraph("To disagree is part of the job. The step may go ahead all the same; your reason stays.");
    page.content += paragraph(link("/", "Back to My day"));
    return visit.show(page, status);
}

Result<Response> show_view(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("consultation"));
    const auto of = TRY(casework::view_to_give(visit.office(), visit.asker(), id));
    const auto form = TRY(kept_form(visit));
    if (!form) return begin_kept_form(visit, "view", view_url(id));
    return view_page(visit, of, *form, nullptr, 200);
}

Result<Response> take_view(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("consultation"));
    auto form = TRY(sent_kept_form(visit, "view", view_url(id)));
    Typed& typed = form.typed;
    casework::GiveView request;
    request.key = form.key;
    request.request = id;
    request.seen = parse_id<EntryId>(typed.value("seen")).value_or(EntryId{});
    request.position = typed.choice("position", codes_of(positions(visit)), "Choose what your agency thinks");
    request.view = typed.text("view", "what else they should know");
    request.dissent = request.position == "disagrees"
                          ? typed.required_text("dissent", "the reason", "Enter why you disagree")
                          : typed.text("dissent", "the reason");
    if (!request.position.empty() && request.position != "disagrees" && !request.dissent.empty())
        typed.fault("dissent", "Leave this empty, or choose that you disagree");
    if (typed.good()) {
        const auto done = casework::give_view(visit.office(), visit.asker(), request);
        if (done) {
            forget_kept_form(visit, form);
            return Visit::see(view_url(id));
        }
        const auto& why = done.error();
        if (why.kind == FaultKind::conflict && why.place == "seen")
            return view_page(visit, TRY(casework::view_to_give(visit.office(), visit.asker(), id)), form, &why, 409);
        if (why.place == "basis")
            typed.fault("position", why.reason + " " + why.mend);
        else if (!beside(typed, why, {"position", "view", "dissent"}))
            return tl::unexpected(why);
    }
    return view_page(visit, TRY(casework::view_to_give(visit.office(), visit.asker(), id)), form, nullptr, 422);
}

}  // namespace

std::vector<PageRoute> consult_answer_pages() {
    return {{{Method::get, "/consultations/:consultation/view", Shows::record, "consultation.view"}, show_view},
            {{Method::post, "/consultations/:consultation/view", Shows::record, "consultation.view"}, take_view}};
}

}  // namespace waymark::web
