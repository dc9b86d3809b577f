// What is addressed to somebody about a meeting: the invitation, what it gave them to do, and its minutes. They see the
// child's name and birth and what was sent to them, whatever else their role shows.
#include <fmt/format.h>

#include "web/components/button.hpp"
#include "web/components/details.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/panel.hpp"
#include "web/components/radios.hpp"
#include "web/components/textarea.hpp"
#include "web/components/warning_text.hpp"
#include "web/pages/meeting_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

std::vector<SummaryRow> child_rows(const Visit& visit, const record::Identity& child) {
    return {{.key = "Child", .value = record::shown_name(child)},
            {.key = "Born", .value = born_words(child, visit.today())}};
}

std::string key_of_form(const Visit& visit, const Typed& typed) {
    return parse_uuid(typed.value("key")) ? typed.value("key") : to_string(make_uuid4(visit.office().random));
}

Html long_answer(const Typed& typed, const std::string& name, const Html& question, const Html& hint, int rows) {
    return textarea({.name = name,
                     .label = {.text = question, .classes = "govuk-label--s"},
                     .hint = {.text = hint},
                     .error_message = typed.message(name),
                     .value = typed.value(name),
                     .rows = rows,
                     .spellcheck = true});
}

// ---- the invitation -------------------------------------------------------------------------------------------------

std::string invitation_url(EntryId id) {
    return "/invitations/" + to_string(id);
}

Html answered_words(const casework::Invitation& one) {
    if (one.outcome.empty()) return {};
    std::string words = one.outcome == "coming"      ? "You have answered that you come."
                        : one.outcome == "apologies" ? fmt::format("You sent apologies. {} comes instead.", one.instead)
                                                     : "You have answered that nobody from your agency can come.";
    if (!one.answer_text.empty()) words += " You wrote: " + one.answer_text;
    return inset_text({.content = paragraph(words)});
}

// `contributing`: which of the two forms came back with a fault.
Response invitation_page(const Visit& visit, const casework::Invitation& one, const KeptForm& form,
                         const Typed* contributing, unsigned status) {
    static const Typed none;
    const auto& typed = form.typed;
    const auto& contribution = contributing == nullptr ? none : *contributing;
    Page page = visit.page("You are invited to a meeting", Place::home);
    page.back_link = BackLinkOptions{.href = "/"};
    page.errors = contributing == nullptr ? typed.summary() : contribution.summary();
    page.content += heading(1, "You are invited to a meeting", "l");
    if (one.cancelled) page.content += warning_text({.text = "This meeting has been cancelled."});
    if (one.over)
        page.content += paragraph("This meeting has been held. Its minutes come to you on My day when they are sent.");
    auto rows = child_rows(visit, one.child);
    for (auto& row : call_rows(visit, one.story)) rows.push_back(std::move(row));
    rows.push_back({.key = "Called by", .value = fmt::format("{}, {}", one.from, one.from_agency)});
    page.content += summary_list({.rows = std::move(rows)}) + answered_words(one);
    if (!one.cancelled && !one.over) {
        Html content = radios(
            {.name = "outcome",
             .fieldset = FieldsetOptions{.legend = {.text = one.outcome.empty() ? "Will you be there?" : "Answer again",
                                                    .classes = "govuk-fieldset__legend--s"}},
             .error_message = typed.message("outcome"),
             .items = radio_items(choices_of(visit.office().catalogue, "meeting.answered", "outcome")),
             .value = typed.value("outcome")});
        content += person_question(typed, "instead", "If somebody else comes: who?",
                                   "They get an invitation of their own.", one.colleagues, "Nobody");
        content += long_answer(typed, "text", "Anything that the chair needs to know (optional)", "", 2);
        content += button({.text = "Send the answer", .prevent_double_click = true});
        page.content += visit.form(
            {.action = invitation_url(one.invitation), .key = form.key, .draft_url = form.autosave}, content);
    }
    std::vector<Html> sent;
    for (const auto& [at, text] : one.contributed) sent.push_back(Html(when_words(visit.zone(), at) + ": " + text));
    if (!sent.empty()) page.content += heading(2, "What you sent in writing", "m") + bullets(sent);
    if (!one.cancelled && !one.over) {
        Html content = long_answer(contribution, "contribution", "What does the meeting need to know from you?",
                                   "It helps the meeting. It is not the same as being there.", 5);
        content += button(
            {.text = "Send it to the meeting", .classes = "govuk-button--secondary", .prevent_double_click = true});
        page.content += details({.summary = "Send something in writing before the meeting",
                                 .content = visit.form({.action = invitation_url(one.invitation) + "/contribution",
                                                        .key = key_of_form(visit, contribution)},
                                                       content),
                                 .open = !contribution.good()});
    }
    return visit.show(page, status);
}

Result<Response> show_invitation(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("invitation"));
    const auto one = TRY(casework::invitation_for(visit.office(), visit.asker(), id));
    if (one.over || one.cancelled) return invitation_page(visit, one, KeptForm{}, nullptr, 200);
    const auto form = TRY(kept_form(visit));
    if (!form) return begin_kept_form(visit, "invitation", invitation_url(id));
    return invitation_page(visit, one, *form, nullptr, 200);
}

Result<Response> take_answer_to_invitation(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("invitation"));
    auto form = TRY(sent_kept_form(visit, "invitation", invitation_url(id)));
    Typed& typed = form.typed;
    casework::AnswerInvitation request;
    request.key = form.key;
    request.invitation = id;
    request.outcome =
        typed.choice("outcome", codes_of(choices_of(visit.office().catalogue, "meeting.answered", "outcome")),
                     "Choose whether you will be there");
    request.text = typed.text("text", "what the chair needs to know");
    request.instead = typed.value("instead");
    if (request.outcome == "apologies" && request.instead.empty()) typed.fault("instead", "Choose who comes instead");
    if (request.outcome != "apologies" && !request.instead.empty())
        typed.fault("instead", "Choose “Nobody”, or say that somebody else comes");
    if (typed.good()) {
        const auto done = casework::answer_invitation(visit.office(), visit.asker(), request);
        if (done) {
            forget_kept_form(visit, form);
            return Visit::see(invitation_url(id));
        }
        if (!beside(typed, done.error(), {"outcome", "instead", "text"})) return tl::unexpected(done.error());
    }
    return invitation_page(visit, TRY(casework::invitation_for(visit.office(), visit.asker(), id)), form, nullptr, 422);
}

Result<Response> take_contribution(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("invitation"));
    Typed& typed = visit.typed;
    const auto text =
        typed.required_text("contribution", "your contribution", "Enter what the meeting needs to know from you");
    if (typed.good()) {
        TRY(casework::contribute_to_meeting(visit.office(), visit.asker(), {visit.form_key(), id, text}));
        return Visit::see(invitation_url(id));
    }
    KeptForm form;
    form.key = to_string(make_uuid4(visit.office().random));
    return invitation_page(visit, TRY(casework::invitation_for(visit.office(), visit.asker(), id)), form, &typed, 422);
}

// ---- minutes --------------------------------------------------------------------------------------------------------

Result<Response> show_minutes(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("minutes"));
    const auto minutes = TRY(casework::minutes_for(visit.office(), visit.asker(), id));
    Page page = visit.page("Minutes of a meeting", Place::home);
    page.back_link = BackLinkOptions{.href = "/"};
    page.content += heading(1, "Minutes: " + minutes->story.label, "l");
    auto rows = child_rows(visit, minutes->child);
    rows.push_back({.key = "Sent by",
                    .value = fmt::format("{}, {}, {}", minutes->from, minutes->from_agency,
                                         when_words(visit.zone(), minutes->sent))});
    if (minutes->read) rows.push_back({.key = "You read them", .value = when_words(visit.zone(), *minutes->read)});
    page.content += summary_list({.rows = std::move(rows)}) + minutes_words(visit, minutes->story);
    if (!minutes->read) {
        Html content =
            long_answer(Typed(), "text", "Is anything wrong in them? (optional)", "Whoever sent them reads this.", 2);
        content += button({.text = "I have read them", .prevent_double_click = true});
        page.content += visit.form(
            {.action = "/minutes/" + to_string(id), .key = to_string(make_uuid4(visit.office().random))}, content);
    }
    page.content += print_button();
    return visit.show(page);
}

Result<Response> take_minutes_read(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("minutes"));
    TRY(casework::note_minutes_read(visit.office(), visit.asker(), id, visit.form_key(),
                                    visit.typed.text("text", "your remark")));
    return Visit::see("/minutes/" + to_string(id));
}

// ---- an action ------------------------------------------------------------------------------------------------------

std::string action_url(EntryId id) {
    return "/actions/" + to_string(id);
}

Response action_page(const Visit& visit, const casework::ActionToAnswer& one, const KeptForm& form, unsigned status) {
    const auto& typed = form.typed;
    Page page = visit.page("What a meeting agreed", Place::home);
    page.back_link = BackLinkOptions{.href = "/"};
    page.errors = typed.summary();
    if (one.ended()) {
        page.content +=
            panel({.title = "You have answered", .content = one.outcome == "done" ? "Done" : "It cannot be done"});
        if (!one.answer.empty()) page.content += paragraph(one.answer);
        page.content += paragraph(link("/", "Back to My day"));
        return visit.show(page);
    }
    page.content += heading(1, "What a meeting agreed", "l");
    auto rows = child_rows(visit, one.child);
    rows.push_back({.key = "What is to be done", .value = one.text});
    if (one.due) rows.push_back({.key = "By when", .value = format_long(*one.due)});
    rows.push_back(
        {.key = "Minuted by",
         .value = fmt::format("{}, {}, {}", one.from, one.from_agency, when_words(visit.zone(), one.agreed))});
    page.content += summary_list({.rows = std::move(rows)});
    if (one.outcome == "later")
        page.content += inset_text({.content = paragraph("You have asked for more time. " + one.answer)});
    Html content = radios(
        {.name = "outcome",
         .fieldset = FieldsetOptions{.legend = {.text = "How does it stand?", .classes = "govuk-fieldset__legend--s"}},
         .error_message = typed.message("outcome"),
         .items = radio_items(choices_of(visit.office().catalogue, "action.answered", "outcome")),
         .value = typed.value("outcome")});
    content += day_question(typed, "due", "If it needs more time: by when?", "");
    content += long_answer(typed, "text", "What was done, or why not? (optional where it is done)", "", 3);
    content += button({.text = "Send the answer", .prevent_double_click = true});
    page.content +=
        visit.form({.action = action_url(one.action), .key = form.key, .draft_url = form.autosave}, content);
    return visit.show(page, status);
}

Result<Response> show_action(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("action"));
    const auto one = TRY(casework::action_to_answer(visit.office(), visit.asker(), id));
    if (one.ended()) return action_page(visit, one, KeptForm{}, 200);
    const auto form = TRY(kept_form(visit));
    if (!form) return begin_kept_form(visit, "action", action_url(id));
    return action_page(visit, one, *form, 200);
}

Result<Response> take_action_answer(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("action"));
    auto form = TRY(sent_kept_form(visit, "action", action_url(id)));
    Typed& typed = form.typed;
    casework::AnswerAction request;
    request.key = form.key;
    request.action = id;
    request.outcome =
        typed.choice("outcome", codes_of(choices_of(visit.office().catalogue, "action.answered", "outcome")),
                     "Choose how it stands");
    request.text = request.outcome == "cannot"
                       ? typed.required_text("text", "the reason", "Enter why it cannot be done")
                       : typed.text("text", "the answer");
    if (request.outcome == "later") request.due = day_to_come(visit, typed, "due", "Enter by when it will be done");
    if (typed.good()) {
        const auto done = casework::answer_action(visit.office(), visit.asker(), request);
        if (done) {
            forget_kept_form(visit, form);
            return Visit::see(request.outcome == "later" ? "/" : action_url(id));
        }
        if (!beside(typed, done.error(), {"outcome", "due", "text"})) return tl::unexpected(done.error());
    }
    return action_page(visit, TRY(casework::action_to_answer(visit.office(), visit.asker(), id)), form, 422);
}

}  // namespace

std::vector<PageRoute> invitation_pages() {
    return {{{Method::get, "/invitations/:invitation", Shows::record, "invitation"}, show_invitation},
            {{Method::post, "/invitations/:invitation", Shows::record, "invitation.answer"}, take_answer_to_invitation},
            {{Method::post, "/invitations/:invitation/contribution", Shows::record, "invitation.contribute"},
             take_contribution},
            {{Method::get, "/minutes/:minutes", Shows::record, "minutes"}, show_minutes},
            {{Method::post, "/minutes/:minutes", Shows::record, "minutes.read"}, take_minutes_read},
            {{Method::get, "/actions/:action", Shows::record, "action"}, show_action},
            {{Method::post, "/actions/:action", Shows::record, "action.answer"}, take_action_answer}};
}

}  // namespace waymark::web
