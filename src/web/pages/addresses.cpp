// Reading a protected address: a page that interrupts and asks why, and the address in the answer to it and nowhere
// else.
#include <fmt/format.h>

#include "casework/addresses.hpp"
#include "web/components/button.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/radios.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/textarea.hpp"
#include "web/components/warning_text.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

std::string address_url(ViewId person) {
    return child_url(person) + "/address";
}

// Those that the reader may not have: whom to ask.
Html others(const std::vector<casework::WithheldAddress>& withheld, bool some) {
    std::vector<Html> asked;
    for (const auto& one : withheld) {
        if (!one.may) asked.emplace_back(fmt::format("{}: ask {}", one.words, one.agency));
    }
    if (asked.empty()) return {};
    return heading(2, some ? "Addresses that you may not read" : "Whom to ask", "m") + bullets(asked);
}

Html ask_form(const Visit& visit, ViewId person, const std::vector<casework::WithheldAddress>& open) {
    const auto& typed = visit.typed;
    Html content;
    if (open.size() > 1) {
        std::vector<ChoiceItem> items;
        for (const auto& one : open) items.push_back({.text = one.words, .value = one.id});
        content += radios({.name = "address",
                           .fieldset = FieldsetOptions{.legend = {.text = "Which address do you need?",
                                                                  .classes = "govuk-fieldset__legend--m"}},
                           .error_message = typed.message("address"),
                           .items = items,
                           .value = typed.value("address")});
    } else {
        content += paragraph(open.front().words + ".");
    }
    content += textarea({.name = "reason",
                         .label = {.text = "Why do you need the address now?", .classes = "govuk-label--m"},
                         .hint = {.text = "For instance a visit today. Others will read what you write."},
                         .error_message = typed.message("reason"),
                         .value = typed.value("reason"),
                         .rows = 3,
                         .spellcheck = true});
    content += button({.text = "Show the address", .classes = "govuk-button--warning", .prevent_double_click = true});
    return visit.form({.action = address_url(person), .key = visit.form_key()}, content);
}

Result<Response> interrupt_address(Visit& visit, ViewId person) {
    const auto found = TRY(casework::withheld_addresses(visit.office(), visit.asker(), person));
    Page page = child_frame(visit, found.child, "Read a protected address", ChildPart::entry);
    page.errors = visit.typed.summary();
    page.back_link = BackLinkOptions{.href = child_url(found.child.person), .text = "Do not read it"};
    page.content += heading(1, "Read a protected address", "l");
    std::vector<casework::WithheldAddress> open;
    for (const auto& one : found.withheld) {
        if (one.may) open.push_back(one);
    }
    if (found.withheld.empty()) {
        page.content += paragraph("No address that you may know of in this record is protected.");
        return visit.show(page);
    }
    page.content += warning_text({.text = "Somebody may be harmed if this address reaches the wrong person."});
    if (open.empty()) {
        page.content += paragraph("You may not read it here.");
    } else {
        page.content +=
            bullets({"It is shown once, in the answer to this form. It is not on any other page.",
                     "That you read it, when and why is kept. Those who manage the case and the privacy "
                     "officer can see that.",
                     "Do not write it in an entry, a message or a letter, or say it where others hear it."});
        page.content += ask_form(visit, found.child.person, open);
    }
    page.content += others(found.withheld, !open.empty());
    return visit.show(page, visit.typed.good() ? 200 : 422);
}

Result<Response> show_addresses(Visit& visit) {
    return interrupt_address(visit, TRY(visit.id<ViewId>("person")));
}

Result<Response> reveal(Visit& visit) {
    casework::RevealAddress request;
    request.person = TRY(visit.id<ViewId>("person"));
    request.id = visit.typed.value("address");
    request.reason = visit.typed.required_text("reason", "the reason", "Say why you need the address now");
    if (!visit.typed.good()) return interrupt_address(visit, request.person);
    const auto revealed = casework::reveal_address(visit.office(), visit.asker(), request);
    if (!revealed) {
        const auto& why = revealed.error();
        if (why.kind != FaultKind::invalid || (why.place != "reason" && why.place != "address"))
            return tl::unexpected(why);
        visit.typed.fault(why.place, why.place == "address" ? "Choose which address you need" : why.reason);
        return interrupt_address(visit, request.person);
    }
    Page page = child_frame(visit, revealed->page.child, "Protected address", ChildPart::entry);
    const std::string back = child_url(revealed->page.child.person);
    page.back_link = BackLinkOptions{.href = back, .text = "Back to the chronology"};
    page.content += heading(1, "Protected address", "l");
    page.content += paragraph(revealed->words + ".");
    std::vector<SummaryRow> rows;
    for (const auto& [label, value] : revealed->lines) rows.push_back({.key = label, .value = value});
    Writer w;
    w.open("div").classes({"waymark-screen-only"}).add(summary_list({.rows = std::move(rows)})).close("div");
    page.content += w.done();
    page.content +=
        inset_text({.content = paragraph("It is shown this once and is left out of a print. That you read it, and why, "
                                         "is on record. To see it again, say again why.")});
    page.content += button({.text = "Close the address", .href = back});
    return visit.show(page);
}

}  // namespace

std::vector<PageRoute> address_pages() {
    return {{{Method::get, "/children/:person/address", Shows::record, "child.addresses"}, show_addresses},
            {{Method::post, "/children/:person/address", Shows::record, "child.address"}, reveal}};
}

}  // namespace waymark::web
