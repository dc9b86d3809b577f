// Check and send: is it right, and who gets it? Sending twice is sending once: the draft's id is the key of the entry.
#include <fmt/format.h>

#include "web/components/button.hpp"
#include "web/components/summary_list.hpp"
#include "web/pages/parts.hpp"
#include "web/pages/raise_draft.hpp"
#include "web/pages/raise_now.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

Html lines_of(std::string_view text) {
    Html out;
    std::size_t from = 0;
    while (from <= text.size()) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        if (from > 0) out += Html::raw("<br>");
        out += Html(text.substr(from, end - from));
        from = end + 1;
    }
    return out;
}

SummaryRow row(const char* key, const Html& value, const std::string& change, const char* about) {
    SummaryRow row{.key = key, .value = value.empty() ? Html("Not given") : value};
    row.actions.items.push_back({.text = "Change", .href = change, .visually_hidden_text = about});
    return row;
}

std::string role_words(record::Involvements set) {
    std::string words;
    const auto add = [&](record::Involvement one, const char* text) {
        if (record::has(set, one)) words += (words.empty() ? "" : "; ") + std::string(text);
    };
    add(record::Involvement::affected, "Is said to have been harmed, or may be harmed");
    add(record::Involvement::displayed, "Is said to have displayed the behaviour");
    add(record::Involvement::witness, "Saw or heard it");
    add(record::Involvement::subject, "In another way, or not known");
    return words;
}

std::string born(const Visit& visit, const record::Identity& identity) {
    return identity.date_of_birth || identity.expected_date_of_birth ? born_words(identity, visit.today())
                                                                     : std::string();
}

Html child_card(const Visit& visit, const Answers& answers, std::size_t n, const casework::RaiseRequest::Child& child) {
    const std::string url = child_url(answers.draft, n);
    const std::string choice(answers.children[n - 1].first("choice"));
    std::string known =
        "Nobody whom your agency knows is like this child. The front door looks whether others know them";
    if (child.known)
        known = "Yes, chosen from your agency’s list";
    else if (choice == choice_none)
        known = "None of those who were offered. The front door looks whether another agency knows the child";
    else if (choice == choice_unsure)
        known = "You are not sure. The front door will find out";
    std::vector<SummaryRow> rows{row("Name", record::shown_name(child.as_described), url, "name"),
                                 row("Born", born(visit, child.as_described), url, "date of birth"),
                                 row("Involved", role_words(child.involvement), url, "how the child is involved"),
                                 row("Known to you", known, url + "/match", "which child it is")};
    Html remove;
    if (answers.children.size() > 1) {
        remove =
            visit.form({.action = url + "/remove"},
                       button({.text = Html(fmt::format("Remove child {}", n)), .classes = "govuk-button--secondary"}));
    }
    return summary_list({.rows = std::move(rows), .card = SummaryCard{.title = fmt::format("Child {}", n)}}) + remove;
}

Response check_page(const Visit& visit, const Answers& answers, const casework::RaiseRequest& request,
                    std::vector<ErrorSummaryItem> errors) {
    const auto& catalogue = visit.office().catalogue;
    Page page = visit.page("Raise a concern: check and send", Place::raise);
    page.back_link =
        BackLinkOptions{.href = child_url(answers.draft, std::max<std::size_t>(1, answers.children.size()))};
    const unsigned status = errors.empty() ? 200 : 422;
    page.errors = std::move(errors);
    if (request.immediate_danger) page.content += danger_panel();
    page.content += heading(1, "Check and send", "l");
    const std::string what = step_url(answers.draft, "what");
    const std::string when = step_url(answers.draft, "when");
    const auto words = [&](const char* field, const std::string& code) {
        return code.empty() ? std::string() : code_words(catalogue, "concern.raised", field, code);
    };
    const std::string danger = request.immediate_danger               ? "Yes"
                               : answers.what.first("danger") == "no" ? "No, or not known"
                                                                      : "";
    const Date noticed = request.at ? visit.zone().day_of(*request.at) : visit.today();
    page.content +=
        summary_list({.rows = {row("What you saw or heard", lines_of(request.summary), what, "what you saw or heard"),
                               row("Immediate danger", danger, what, "whether a child is in immediate danger"),
                               row("About", words("about_what", request.about_what), when, "what it is about"),
                               row("Noticed", format_long(noticed), when, "when you noticed it"),
                               row("How you know", words("noticed", request.noticed), when, "how you know"),
                               row("Where", words("setting", request.setting), when, "where it happened")}});
    for (std::size_t n = 0; n < request.children.size(); ++n)
        page.content += child_card(visit, answers, n + 1, request.children[n]);
    if (answers.children.size() < most_children) {
        page.content += paragraph(link(child_url(answers.draft, answers.children.size() + 1), "Add another child"));
    }
    page.content += heading(2, "Who gets it, and why that is lawful", "m");
    page.content += paragraph(
        fmt::format("The front door of {} gets it at once. They read it with what other agencies know about the child. "
                    "It goes into the child’s record, and every person who reads it is noted.",
                    visit.office().profile.name));
    page.content += paragraph(
        "You may share this without asking for consent, to keep a child safe: it is part of the duty to safeguard "
        "children (Children Act 2004, section 11). Tell the family if that is safe for the child.");
    Html send = button({.text = "Send the concern", .prevent_double_click = true});
    page.content += visit.form({.action = step_url(answers.draft, "send")}, send);
    page.content += visit.form({.action = step_url(answers.draft, "discard")},
                               button({.text = "Throw this draft away", .classes = "govuk-button--secondary"}));
    return visit.show(page, status);
}

// The page on which the record's own refusal can be mended.
std::string mended_on(const Answers& answers, std::string_view place) {
    if (place.find("summary") != std::string_view::npos) return step_url(answers.draft, "what");
    if (place.starts_with("at") || place.find("about_what") != std::string_view::npos ||
        place.find("noticed") != std::string_view::npos) {
        return step_url(answers.draft, "when");
    }
    for (std::size_t n = answers.children.size(); n > 1; --n) {
        if (place.find(fmt::format("[{}]", n - 1)) != std::string_view::npos) return child_url(answers.draft, n);
    }
    return place.find("child") != std::string_view::npos || place.find("subject") != std::string_view::npos
               ? child_url(answers.draft, 1)
               : step_url(answers.draft, "what");
}

Result<Response> show_check(Visit& visit) {
    const Answers answers = TRY(load(visit));
    if (answers.sent) return Visit::see(receipt_url(*answers.sent));
    const Complete all = read_all(visit, answers);
    if (!all.fault_in.empty()) return Visit::see(step_url(answers.draft, all.fault_in) + "?check=1");
    return check_page(visit, answers, all.request, {});
}

// To be sent on and shown to nobody, so that no line is needed: where none can be kept, a concern still goes.
Result<Answers> load_to_send(const Visit& visit) {
    auto answers = load(visit);
    if (answers || answers.error().kind != FaultKind::unavailable || !visit.office().spool) return answers;
    const auto draft = TRY(visit.id<DraftId>("draft"));
    const auto fields = TRY(casework::draft_to_send(visit.office(), visit.asker(), draft));
    if (!fields) return answers;
    auto unseen = to_answers(draft, *fields);
    // What is wanting cannot be asked for on a page that shows what is there.
    if (!read_all(visit, unseen).fault_in.empty()) return answers;
    return unseen;
}

Result<Response> send(Visit& visit) {
    Answers answers = TRY(load_to_send(visit));
    if (answers.sent) return Visit::see(receipt_url(*answers.sent));
    const Complete all = read_all(visit, answers);
    if (!all.fault_in.empty()) return Visit::see(step_url(answers.draft, all.fault_in) + "?check=1");
    const auto receipt = casework::raise(visit.office(), visit.asker(), all.request);
    if (!receipt) {
        const Fault& fault = receipt.error();
        if (fault.kind != FaultKind::invalid) return tl::unexpected(fault);
        return check_page(visit, answers, all.request,
                          {{.text = fault.reason + " " + fault.mend, .href = mended_on(answers, fault.place)}});
    }
    if (receipt->spooled) return spooled_page(visit, *receipt);
    // What was written is in the record now; the draft keeps only where it went, so that the form sent again finds it.
    answers.sent = receipt->concern;
    static_cast<void>(save(visit, answers));
    return Visit::see(receipt_url(receipt->concern));
}

Result<Response> discard(Visit& visit) {
    const Answers answers = TRY(load(visit));
    TRY_VOID(casework::discard_draft(visit.office(), visit.asker(), answers.draft));
    return Visit::see("/");
}

}  // namespace

std::string step_url(DraftId draft, std::string_view step) {
    return fmt::format("/concerns/drafts/{}/{}", to_string(draft), step);
}
std::string child_url(DraftId draft, std::size_t n) {
    return step_url(draft, fmt::format("children/{}", n));
}
std::string receipt_url(EntryId concern) {
    return "/concerns/" + to_string(concern) + "/receipt";
}

Result<Answers> load(const Visit& visit) {
    const auto draft = TRY(visit.id<DraftId>("draft"));
    const auto fields = TRY(casework::load_draft(visit.office(), visit.asker(), draft));
    if (!fields)
        return fault(FaultKind::missing, "draft", "There is no such draft, or it has expired.", "Begin again.");
    return to_answers(draft, *fields);
}

Result<void> save(const Visit& visit, const Answers& answers) {
    // Only one that holds something, and was not sent, is offered to be carried on with.
    const bool empty = answers.what.first("summary").empty() && answers.children.empty();
    const char* form = answers.sent ? sent_form : empty ? begun_form : draft_form;
    TRY_VOID(casework::save_draft(visit.office(), visit.asker(), answers.draft, form, to_json(answers)));
    return {};
}

std::vector<PageRoute> send_pages() {
    return {{{Method::get, "/concerns/drafts/:draft/check", Shows::record, "concern.check"}, show_check},
            {{Method::post, "/concerns/drafts/:draft/send", Shows::record, "concern.raise"}, send},
            {{Method::post, "/concerns/drafts/:draft/discard", Shows::record, "concern.draft"}, discard}};
}

}  // namespace waymark::web
