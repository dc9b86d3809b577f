// Telling and not telling, on a child's record: what agencies were asked, what was shared and on what basis, what was
// not shared and why, and who disagrees.
#include <algorithm>

#include <fmt/format.h>

#include "web/components/button.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/radios.hpp"
#include "web/components/select.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/table.hpp"
#include "web/components/tag.hpp"
#include "web/components/textarea.hpp"
#include "web/components/warning_text.hpp"
#include "web/pages/checks_view.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/telling_view.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr const char* small_legend = "govuk-fieldset__legend--s";

std::string not_shared_url(ViewId person) {
    return telling_url(person) + "/not-shared";
}
std::string review_url(ViewId person, EntryId decision) {
    return not_shared_url(person) + "/" + to_string(decision);
}

std::vector<SelectItem> select_items(const std::vector<std::pair<std::string, std::string>>& choices,
                                     const char* none) {
    std::vector<SelectItem> items{{.text = none, .value = ""}};
    for (const auto& [value, words] : choices) items.push_back({.text = words, .value = value});
    return items;
}

// What casework refused, beside its field where that is on this form.
bool put_beside(Typed& typed, const Fault& fault, std::initializer_list<std::pair<const char*, const char*>> fields) {
    if (fault.kind != FaultKind::invalid && fault.place != "basis") return false;
    for (const auto& [place, field] : fields) {
        if (fault.place != place) continue;
        typed.fault(field, fault.reason + " " + fault.mend);
        return true;
    }
    return false;
}

// ---- the page of the record -----------------------------------------------------------------------------------------

Html withheld_card(const Visit& visit, const casework::PersonPage& child, const casework::Withheld& one,
                   int heading_level = 3) {
    std::vector<SummaryRow> rows;
    rows.push_back({.key = "Asked by", .value = one.asked_by});
    if (!one.asked_for.empty()) rows.push_back({.key = "What was asked for", .value = one.asked_for});
    rows.push_back({.key = "Reason", .value = one.reason_words});
    if (!one.reason.empty()) rows.push_back({.key = "Why", .value = one.reason});
    rows.push_back(
        {.key = "Decided", .value = fmt::format("{}, {}, {}", one.by, one.agency, when_words(visit.zone(), one.at))});
    for (const auto& review : one.reviews) {
        rows.push_back({.key = "Reviewed",
                        .value = fmt::format("{}: {}, {}. {}", when_words(visit.zone(), review.at), review.outcome,
                                             review.by, review.reason)});
    }
    if (!one.ended) {
        Html when = one.review_by ? due_date(visit.zone(),
                                             visit.office().calendar->start_of(*one.review_by + std::chrono::days(1)) -
                                                 std::chrono::microseconds(1),
                                             visit.now())
                                  : Html("No day was given");
        rows.push_back({.key = "Look at it again", .value = std::move(when)});
    }
    SummaryCard card{.title = one.ended ? "Shared after all" : "Not shared", .heading_level = heading_level};
    const auto hidden = " of the decision of " + when_words(visit.zone(), one.at);
    if (!one.ended && visit.may(record::Action::append, "sharing.reviewed"))
        card.actions.items.push_back(
            {.text = "Review", .href = review_url(child.person, one.decision), .visually_hidden_text = hidden});
    if (visit.may(record::Action::append, "challenge.raised"))
        card.actions.items.push_back(
            {.text = "I disagree", .href = challenge_form_url(one.decision), .visually_hidden_text = hidden});
    return summary_list({.rows = std::move(rows), .card = std::move(card)});
}

Html released_table(const Visit& visit, const std::vector<casework::Released>& released) {
    TableOptions o;
    o.caption = "What was shared, newest first";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "When"},     {.content = "With"},        {.content = "What"},
              {.content = "What for"}, {.content = "Person told"}, {.content = "Basis"}};
    for (const auto& one : released) {
        o.rows.push_back({{.content = when_words(visit.zone(), one.at)},
                          labelled("With", one.to),
                          labelled("What", one.items.empty() ? std::string("Not shown to you") : one.items),
                          labelled("What for", one.purpose),
                          labelled("Person told", one.informed),
                          labelled("Basis", Writer().element("code", "waymark-code", one.basis).done())});
    }
    return table(o);
}

Html challenges_list(const Visit& visit, const casework::PersonPage& child) {
    std::vector<Html> items;
    for (const auto& one : casework::challenges_of(visit.office(), child)) {
        Html words = link(challenge_url(one.challenge), fmt::format("{} to {}: {}, {}", one.from, one.to,
                                                                    one.about_what, when_words(visit.zone(), one.at)));
        if (one.due) words += Html(" ") + due_date(visit.zone(), *one.due, visit.now());
        items.push_back(std::move(words));
    }
    return items.empty() ? paragraph("Nobody has challenged a decision.") : bullets(items);
}

Result<Response> show_telling(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto child = TRY(casework::person_page(visit.office(), visit.asker(), person, std::nullopt));
    const auto told = casework::told_of(visit.office(), child);
    Page page = child_frame(visit, child, "Sharing and checks", ChildPart::telling);
    page.content += heading(1, "Sharing and checks", "l");
    page.content += heading(2, "What does each agency hold?", "m") + checks_section(visit, child);
    page.content += heading(2, "What was shared", "m");
    page.content += told.released.empty() ? paragraph("Nothing is recorded as shared outside this record.")
                                          : released_table(visit, told.released);
    if (visit.may(record::Action::append, "information.shared"))
        page.content += button({.text = "Share information",
                                .href = telling_url(child.person) + "/share",
                                .classes = "govuk-button--secondary"});
    page.content += heading(2, "What was not shared, and why", "m");
    if (told.withheld.empty()) page.content += paragraph("No decision not to share is recorded.");
    for (const auto& one : told.withheld) page.content += withheld_card(visit, child, one);
    if (visit.may(record::Action::append, "sharing.decided"))
        page.content += button({.text = "Record a decision not to share",
                                .href = not_shared_url(child.person),
                                .classes = "govuk-button--secondary"});
    page.content += heading(2, "Disagreements", "m") + challenges_list(visit, child);
    page.content += print_button();
    return visit.show(page);
}

// ---- deciding not to share ------------------------------------------------------------------------------------------

Response not_shared_page(const Visit& visit, const casework::PersonPage& child, const KeptForm& form) {
    const auto& typed = form.typed;
    Page page = child_frame(visit, child, "Decision not to share", ChildPart::telling);
    page.back_link = BackLinkOptions{.href = telling_url(child.person)};
    page.errors = typed.summary();
    page.content += heading(1, "Record a decision not to share", "l");
    page.content += paragraph(
        "This decision goes into the child’s record with your name, like any other. It is looked at again on the day "
        "that you give.");
    Html content = select({.name = "asked_by",
                           .label = {.text = "Which agency asked?", .classes = "govuk-label--s"},
                           .error_message = typed.message("asked_by"),
                           .items = select_items(other_agencies(visit), "Choose an agency"),
                           .value = typed.value("asked_by")});
    content += textarea({.name = "asked_for",
                         .label = {.text = "What did they ask for?", .classes = "govuk-label--s"},
                         .error_message = typed.message("asked_for"),
                         .value = typed.value("asked_for"),
                         .rows = 2});
    content +=
        radios({.name = "reason_code",
                .fieldset = FieldsetOptions{.legend = {.text = "Why is it not shared?", .classes = small_legend}},
                .error_message = typed.message("reason_code"),
                .items = radio_items(choices_of(visit.office().catalogue, "sharing.decided", "reason_code")),
                .value = typed.value("reason_code")});
    content += textarea({.name = "reason",
                         .label = {.text = "Explain it", .classes = "govuk-label--s"},
                         .hint = {.text = "So that somebody who reads it in a year understands it."},
                         .error_message = typed.message("reason"),
                         .value = typed.value("reason"),
                         .rows = 4,
                         .spellcheck = true});
    content +=
        day_question(typed, "review", "On which day is this looked at again?", "You may give an earlier day later.");
    content += button({.text = "Record the decision", .prevent_double_click = true});
    page.content +=
        visit.form({.action = not_shared_url(child.person), .key = form.key, .draft_url = form.autosave}, content);
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_not_shared(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto child = TRY(casework::person_page(visit.office(), visit.asker(), person, std::nullopt));
    const auto form = TRY(kept_form(visit));
    if (!form) return begin_kept_form(visit, "not-shared", not_shared_url(person));
    return not_shared_page(visit, child, *form);
}

Result<Response> take_not_shared(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    auto form = TRY(sent_kept_form(visit, "not-shared", not_shared_url(person)));
    auto& typed = form.typed;
    casework::NotShareRequest request;
    request.key = form.key;
    request.child = person;
    request.asked_by = typed.choice("asked_by", codes_of(other_agencies(visit)), "Choose which agency asked");
    request.asked_for = typed.required_text("asked_for", "what was asked for", "Enter what they asked for");
    request.reason_code =
        typed.choice("reason_code", codes_of(choices_of(visit.office().catalogue, "sharing.decided", "reason_code")),
                     "Choose why it is not shared");
    request.reason = typed.required_text("reason", "the explanation", "Explain why it is not shared");
    request.review_by = day_to_come(visit, typed, "review", "Enter the day on which this is looked at again");
    if (typed.good()) {
        const auto done = casework::decide_not_to_share(visit.office(), visit.asker(), request);
        if (done) {
            forget_kept_form(visit, form);
            return Visit::see(telling_url(person));
        }
        if (!put_beside(typed, done.error(), {{"review_by", "review"}, {"asked_by", "asked_by"}, {"reason", "reason"}}))
            return tl::unexpected(done.error());
    }
    const auto child = TRY(casework::person_page(visit.office(), visit.asker(), person, std::nullopt));
    return not_shared_page(visit, child, form);
}

// ---- looking at it again --------------------------------------------------------------------------------------------

Result<Response> review_page(Visit& visit, const Typed& typed) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto decision = TRY(visit.id<EntryId>("decision"));
    const auto child = TRY(casework::person_page(visit.office(), visit.asker(), person, std::nullopt));
    const auto told = casework::told_of(visit.office(), child);
    const auto found = std::find_if(told.withheld.begin(), told.withheld.end(),
                                    [&](const auto& one) { return one.decision == decision; });
    if (found == told.withheld.end())
        return fault(FaultKind::missing, "decision", "There is no such decision, or you may not know of it.",
                     "Choose one from the child’s page.");
    Page page = child_frame(visit, child, "Review a decision not to share", ChildPart::telling);
    page.back_link = BackLinkOptions{.href = telling_url(child.person)};
    page.errors = typed.summary();
    page.content += heading(1, "Review a decision not to share", "l") + withheld_card(visit, child, *found, 2);
    if (found->ended) {
        page.content += paragraph("It has been shared. Nothing is left to review.");
        return visit.show(page);
    }
    Html content =
        radios({.name = "outcome",
                .fieldset = FieldsetOptions{.legend = {.text = "What do you decide now?", .classes = small_legend}},
                .error_message = typed.message("outcome"),
                .items = {{.text = "Share it now",
                           .value = "share",
                           .hint = {.text = "Then record what you share, and on what basis."}},
                          {.text = "Keep it: it is still not shared", .value = "keep"}},
                .value = typed.value("outcome")});
    content += day_question(typed, "review", "If it is still not shared, on which day is it looked at again?", "");
    content += textarea({.name = "reason",
                         .label = {.text = "Why?", .classes = "govuk-label--s"},
                         .error_message = typed.message("reason"),
                         .value = typed.value("reason"),
                         .rows = 3});
    content += button({.text = "Save the review", .prevent_double_click = true});
    page.content += visit.form({.action = review_url(person, decision), .key = visit.form_key()}, content);
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_review(Visit& visit) {
    return review_page(visit, Typed());
}

Result<Response> take_review(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    Typed& typed = visit.typed;
    casework::ReviewRequest request;
    request.key = visit.form_key();
    request.decision = TRY(visit.id<EntryId>("decision"));
    request.outcome = typed.choice("outcome", {"share", "keep"}, "Choose what you decide now");
    request.reason = typed.required_text("reason", "the reason", "Enter why");
    if (request.outcome == "keep")
        request.review_by = day_to_come(visit, typed, "review", "Enter the day on which it is looked at again");
    if (typed.good()) {
        const auto done = casework::review_not_shared(visit.office(), visit.asker(), request);
        if (done) return Visit::see(telling_url(person) + (request.outcome == "share" ? "/share" : ""));
        if (!put_beside(typed, done.error(), {{"review_by", "review"}, {"outcome", "outcome"}, {"reason", "reason"}}))
            return tl::unexpected(done.error());
    }
    return review_page(visit, typed);
}

// ---- sharing --------------------------------------------------------------------------------------------------------

std::string share_url(ViewId person) {
    return telling_url(person) + "/share";
}

std::vector<std::pair<std::string, std::string>> contents_of(const Visit& visit) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& [id, content] : visit.office().bases.contents) {
        if (id == "feedback" || id == "check-answer" || id == "challenge") continue;  // have pages of their own
        auto words = content.words;
        if (!words.empty() && words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 'a' + 'A');
        out.emplace_back(id, std::move(words));
    }
    return out;
}

Html share_questions(const Visit& visit, const Typed& typed) {
    Html content = select({.name = "to",
                           .label = {.text = "With whom?", .classes = "govuk-label--s"},
                           .error_message = typed.message("to"),
                           .items = select_items(other_agencies(visit), "Choose an agency"),
                           .value = typed.value("to")});
    content += select({.name = "purpose",
                       .label = {.text = "What for?", .classes = "govuk-label--s"},
                       .error_message = typed.message("purpose"),
                       .items = select_items(purposes_of(visit), "Choose a purpose"),
                       .value = typed.value("purpose")});
    content += select({.name = "content",
                       .label = {.text = "What is it about?", .classes = "govuk-label--s"},
                       .error_message = typed.message("content"),
                       .items = select_items(contents_of(visit), "Choose one"),
                       .value = typed.value("content")});
    return content;
}

Html share_details(const Visit& visit, const Typed& typed) {
    const auto& catalogue = visit.office().catalogue;
    Html content = textarea({.name = "items",
                             .label = {.text = "What exactly do you share?", .classes = "govuk-label--s"},
                             .hint = {.text = "Only what is needed for this purpose."},
                             .error_message = typed.message("items"),
                             .value = typed.value("items"),
                             .rows = 3,
                             .spellcheck = true});
    content += radios({.name = "informed",
                       .fieldset = FieldsetOptions{.legend = {.text = "Has the child or the family been told?",
                                                              .classes = small_legend}},
                       .hint = {.text = "Tell them what you share and why, if that is safe."},
                       .error_message = typed.message("informed"),
                       .items = radio_items(choices_of(catalogue, "information.shared", "informed")),
                       .value = typed.value("informed")});
    content += textarea({.name = "not_informed",
                         .label = {.text = "If not, why not?", .classes = "govuk-label--s"},
                         .error_message = typed.message("not_informed"),
                         .value = typed.value("not_informed"),
                         .rows = 2});
    content += radios(
        {.name = "onward",
         .fieldset = FieldsetOptions{.legend = {.text = "May they pass it on? (optional)", .classes = small_legend}},
         .items = radio_items(choices_of(catalogue, "information.shared", "onward")),
         .value = typed.value("onward"),
         .classes = "govuk-radios--small"});
    return content;
}

// With the three answers that the basis needs the page says on what it rests; else why it may not be, and what to do.
Response share_page(const Visit& visit, const casework::PersonPage& child, const KeptForm& form) {
    const auto& typed = form.typed;
    Page page = child_frame(visit, child, "Share information", ChildPart::telling);
    page.back_link = BackLinkOptions{.href = telling_url(child.person)};
    page.errors = typed.summary();
    page.content += heading(1, "Share information", "l");
    page.content += warning_text({.text = "If the child is in danger, telephone first. Record it afterwards."});
    const bool asked = !typed.value("to").empty() && !typed.value("purpose").empty() && !typed.value("content").empty();
    const auto basis = casework::basis_between(visit.office(), visit.asker().agency, typed.value("to"),
                                               typed.value("purpose"), typed.value("content"));
    Html content = share_questions(visit, typed);
    if (asked && basis) {
        content += heading(2, "You may share this", "m") + basis_words(*basis);
        content += share_details(visit, typed);
        Writer buttons;
        buttons.open("div").classes({"govuk-button-group"});
        buttons.add(button({.text = "Record that you shared it", .prevent_double_click = true}));
        buttons.add(button({.text = "Ask again with other answers",
                            .name = "ask",
                            .value = "1",
                            .classes = "govuk-button--secondary"}));
        content += buttons.close("div").done();
    } else {
        if (asked) {
            content += inset_text({.content = heading(2, "There is no basis written down for this", "s") +
                                              paragraph(basis.error().reason) + paragraph(basis.error().mend)});
        }
        content += button({.text = "May I share it?", .name = "ask", .value = "1"});
    }
    page.content +=
        visit.form({.action = share_url(child.person), .key = form.key, .draft_url = form.autosave}, content);
    page.content += paragraph(link(not_shared_url(child.person), "Record a decision not to share instead"));
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_share(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto child = TRY(casework::person_page(visit.office(), visit.asker(), person, std::nullopt));
    const auto form = TRY(kept_form(visit));
    if (!form) return begin_kept_form(visit, "share", share_url(person));
    return share_page(visit, child, *form);
}

Result<Response> take_share(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    auto form = TRY(sent_kept_form(visit, "share", share_url(person)));
    auto& typed = form.typed;
    casework::ShareRequest request;
    request.key = form.key;
    request.child = person;
    request.to = typed.choice("to", codes_of(other_agencies(visit)), "Choose with whom you share it");
    request.purpose = typed.choice("purpose", codes_of(purposes_of(visit)), "Choose what it is for");
    request.content = typed.choice("content", codes_of(contents_of(visit)), "Choose what it is about");
    if (!typed.has("ask")) {
        const auto& catalogue = visit.office().catalogue;
        request.items = typed.required_text("items", "what you share", "Enter what exactly you share");
        request.informed = typed.choice("informed", codes_of(choices_of(catalogue, "information.shared", "informed")),
                                        "Choose whether they have been told");
        request.not_informed = typed.text("not_informed", "the reason");
        if (!request.informed.empty() && request.informed != "yes" && request.not_informed.empty())
            typed.fault("not_informed", "Enter why they have not been told");
        if (!typed.value("onward").empty()) request.onward = typed.value("onward");
        if (typed.good()) {
            const auto done = casework::record_sharing(visit.office(), visit.asker(), request);
            if (done) {
                forget_kept_form(visit, form);
                return Visit::see(telling_url(person));
            }
            if (!put_beside(typed, done.error(), {{"to", "to"}, {"basis", "purpose"}, {"items", "items"}}))
                return tl::unexpected(done.error());
        }
    }
    const auto child = TRY(casework::person_page(visit.office(), visit.asker(), person, std::nullopt));
    return share_page(visit, child, form);
}

}  // namespace

std::vector<PageRoute> telling_pages() {
    return {
        {{Method::get, "/children/:person/telling", Shows::record, "child.telling"}, show_telling},
        {{Method::get, "/children/:person/telling/not-shared", Shows::record, "child.not-shared"}, show_not_shared},
        {{Method::post, "/children/:person/telling/not-shared", Shows::record, "child.not-shared"}, take_not_shared},
        {{Method::get, "/children/:person/telling/not-shared/:decision", Shows::record, "child.review"}, show_review},
        {{Method::post, "/children/:person/telling/not-shared/:decision", Shows::record, "child.review"}, take_review},
        {{Method::get, "/children/:person/telling/share", Shows::record, "child.share"}, show_share},
        {{Method::post, "/children/:person/telling/share", Shows::record, "child.share"}, take_share}};
}

}  // namespace waymark::web
