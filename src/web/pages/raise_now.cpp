// Raising a concern when the record cannot be reached: one page, nothing kept on the way, and into the spool. It shows
// nothing of the record: only what its reader has typed a moment ago.
#include <fmt/format.h>

#include "web/components/button.hpp"
#include "web/components/checkboxes.hpp"
#include "web/components/input.hpp"
#include "web/components/notification_banner.hpp"
#include "web/components/panel.hpp"
#include "web/components/radios.hpp"
#include "web/components/textarea.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/parts.hpp"
#include "web/pages/raise_draft.hpp"
#include "web/pages/raise_now.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr const char* now_url = "/concerns/now";
constexpr const char* legend_small = "govuk-fieldset__legend--s";

Response now_page(const Visit& visit, const Typed& typed, bool away, unsigned status) {
    Page page = visit.page("Raise a concern on one page", Place::raise);
    page.errors = typed.summary();
    page.content += heading(1, "Raise a concern on one page", "l");
    if (away) {
        page.content += notification_banner(
            {.content = paragraph("The record cannot be written just now, so the usual form cannot be used and nothing "
                                  "of the record can be shown.") +
                        paragraph("You can still raise a concern here. It is kept safe on its own, and reaches the "
                                  "front door when the record is back.")});
    }
    page.content += paragraph("If a child is in immediate danger, call 999 now. Do not wait for this form.");
    Html content = textarea({.name = "summary",
                             .label = {.text = "What did you see or hear?", .classes = "govuk-label--m"},
                             .hint = {.text = "Write it as you would tell a colleague. Use the words that were said."},
                             .error_message = typed.message("summary"),
                             .value = typed.value("summary"),
                             .rows = 6,
                             .spellcheck = true});
    content +=
        radios({.name = "danger",
                .fieldset =
                    FieldsetOptions{.legend = {.text = "Is a child in immediate danger now?", .classes = legend_small}},
                .error_message = typed.message("danger"),
                .items = {{.text = "Yes", .value = "yes", .hint = {.text = "Call 999 first."}},
                          {.text = "No, or I do not know", .value = "no"}},
                .value = typed.value("danger")});
    content +=
        radios({.name = "about_what",
                .fieldset = FieldsetOptions{.legend = {.text = "What is the concern about?", .classes = legend_small}},
                .error_message = typed.message("about_what"),
                .items = radio_items(choices_of(visit.office().catalogue, "concern.raised", "about_what")),
                .value = typed.value("about_what")});
    content += input({.name = "given_name",
                      .label = {.text = "The child’s first name or nickname"},
                      .error_message = typed.message("given_name"),
                      .value = typed.value("given_name"),
                      .classes = "govuk-input--width-20",
                      .autocomplete = "off",
                      .spellcheck = false});
    content += input({.name = "family_name",
                      .label = {.text = "Last name (optional)"},
                      .error_message = typed.message("family_name"),
                      .value = typed.value("family_name"),
                      .classes = "govuk-input--width-20",
                      .autocomplete = "off",
                      .spellcheck = false});
    content += checkboxes(
        {.name = "role",
         .fieldset = FieldsetOptions{.legend = {.text = "How is this child involved?", .classes = legend_small}},
         .hint = {.text = "Choose all that apply. This is what is said now. It is not a finding."},
         .error_message = typed.message("role"),
         .items = {{.text = "Is said to have been harmed, or may be harmed", .value = "affected"},
                   {.text = "Is said to have displayed the behaviour", .value = "displayed"},
                   {.text = "Saw or heard it", .value = "witness"},
                   {.text = "In another way, or I do not know", .value = "subject"}},
         .values = typed.all("role")});
    content += button({.text = "Send to the front door", .prevent_double_click = true});
    page.content += visit.form({.action = now_url, .key = visit.form_key()}, content);
    page.content += paragraph("If there is more than one child, send this page once for each.");
    return visit.show(page, status);
}

Result<Response> show_now(Visit& visit) {
    if (!visit.may_raise())
        return fault(FaultKind::forbidden, "concern.raised", "Your role raises no concerns.", "Ask your manager.");
    return now_page(visit, Typed(), false, 200);
}

Result<Response> take_now(Visit& visit) {
    casework::RaiseRequest request;
    request.key = visit.form_key();
    read_what(visit.typed, request);
    request.about_what =
        visit.typed.choice("about_what", codes_of(choices_of(visit.office().catalogue, "concern.raised", "about_what")),
                           "Choose what the concern is about");
    casework::RaiseRequest::Child child;
    read_child(visit, visit.typed, std::nullopt, child);
    request.children.push_back(std::move(child));
    if (!visit.typed.good()) return now_page(visit, visit.typed, false, 422);
    const auto receipt = TRY(casework::raise(visit.office(), visit.asker(), request));
    return receipt.spooled ? spooled_page(visit, receipt) : Visit::see(receipt_url(receipt.concern));
}

}  // namespace

bool may_raise_anyway(const Visit& visit, const Route& route) {
    const bool raising = route.pattern == "/concerns/new" || route.pattern.starts_with("/concerns/drafts/");
    return raising && visit.office().spool && visit.may_raise() && route.pattern.find("autosave") == std::string::npos;
}

Response raise_anyway(const Visit& visit) {
    return now_page(visit, Typed(visit.typed.form()), true, 503);
}

Response spooled_page(const Visit& visit, const casework::Receipt& receipt) {
    Page page = visit.page("Your concern is kept", Place::raise);
    if (receipt.immediate_danger) page.content += danger_panel();
    page.content += panel({.title = "Your concern is kept", .content = Html("It has not reached the front door yet")});
    page.content += paragraph(
        "The record cannot be written just now. What you wrote is sealed and safe on this service’s own disk, with "
        "the time at which you sent it. It goes to the front door by itself as soon as the record is back. You need "
        "not send it again.");
    if (receipt.immediate_danger) {
        page.content += paragraph(
            "Because a child is in immediate danger: call 999, and telephone the front door as "
            "well. Do not wait until this has arrived.");
    } else {
        page.content += paragraph("If it cannot wait, telephone the front door as well.");
    }
    page.content +=
        paragraph(fmt::format("Sent {}. When it has arrived you find it among your concerns, with its "
                              "reference.",
                              moment_words(visit.zone(), visit.now())));
    page.content += print_button();
    return visit.show(page, 202);
}

std::vector<PageRoute> raise_now_pages() {
    return {{{Method::get, now_url, Shows::nothing, "concern.now"}, show_now},
            {{Method::post, now_url, Shows::nothing, "concern.now"}, take_now}};
}

}  // namespace waymark::web
