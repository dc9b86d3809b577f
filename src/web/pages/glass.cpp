// Opening a record in an emergency: the page that interrupts, with the reason and the end; and what is said of it to
// those who are told.
#include <charconv>

#include <fmt/format.h>

#include "casework/glass.hpp"
#include "web/components/button.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/select.hpp"
#include "web/components/tag.hpp"
#include "web/components/textarea.hpp"
#include "web/components/warning_text.hpp"
#include "web/pages/access_view.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

std::string glass_url(ViewId person) {
    return child_url(person) + "/glass";
}

Response interruption(const Visit& visit, const casework::GlassOffer& offer, const Typed& typed) {
    Page page = visit.page("Open a record in an emergency", Place::children);
    page.errors = typed.summary();
    page.back_link = BackLinkOptions{.href = "/", .text = "Do not open it"};
    page.content = heading(1, "Open a record in an emergency", "l");
    page.content += paragraph(offer.why);
    page.content += paragraph(
        "If a child cannot be made safe without what is in it, you can open it now. You do not need to wait for "
        "anybody.");
    page.content += bullets({"What you write below is kept in the child’s record with your name.",
                             "Whoever leads the case, the front door and your own agency are told at once.",
                             "Somebody else looks into it by the end of the next working day."});
    if (!offer.strong_enough) {
        page.content +=
            warning_text({.text = fmt::format("You have to sign in with {} for this. You did not this time.",
                                              sharing::strength_words(offer.needed))});
        page.content += paragraph(link("/sign-in?again=1&next=" + percent_encode(glass_url(offer.person)),
                                       fmt::format("Sign in again with {}", sharing::strength_words(offer.needed)))) +
                        hint_paragraph("You come back to this page.");
        page.content += paragraph("If a child is in immediate danger, call 999 now.");
        return visit.show(page, 403);
    }
    Html content = textarea({.name = "reason",
                             .label = {.text = "Why do you need this record now?", .classes = "govuk-label--m"},
                             .hint = {.text = "Say what is happening, and what you have to know. Others will read it."},
                             .error_message = typed.message("reason"),
                             .value = typed.value("reason"),
                             .rows = 4,
                             .spellcheck = true});
    std::vector<SelectItem> hours;
    for (const int n : {1, 4, 12, 24}) {
        if (n < offer.most_hours)
            hours.push_back(
                {.text = count_words(static_cast<std::size_t>(n), "hour", "hours"), .value = std::to_string(n)});
    }
    hours.push_back({.text = count_words(static_cast<std::size_t>(offer.most_hours), "hour", "hours"),
                     .value = std::to_string(offer.most_hours)});
    const std::string chosen = typed.value("hours");
    content += select({.name = "hours",
                       .label = {.text = "For how long?", .classes = "govuk-label--s"},
                       .hint = {.text = "It closes by itself."},
                       .error_message = typed.message("hours"),
                       .items = hours,
                       .value = chosen.empty() ? std::to_string(std::min(4, offer.most_hours)) : chosen});
    content += button({.text = "Open the record", .classes = "govuk-button--warning", .prevent_double_click = true});
    page.content += visit.form({.action = glass_url(offer.person), .key = visit.form_key()}, content);
    return visit.show(page, typed.good() ? 200 : 422);
}

// Who can open the record as they are goes straight to it.
Result<Response> interrupt(Visit& visit, ViewId person) {
    const auto offer = casework::glass_offer(visit.office(), visit.asker(), person);
    if (offer) return interruption(visit, *offer, visit.typed);
    if (offer.error().kind == FaultKind::conflict) return Visit::see(child_url(person));
    return tl::unexpected(offer.error());
}

Result<Response> show_glass(Visit& visit) {
    return interrupt(visit, TRY(visit.id<ViewId>("person")));
}

Result<Response> break_it(Visit& visit) {
    casework::BreakGlass request;
    request.person = TRY(visit.id<ViewId>("person"));
    request.key = visit.form_key();
    request.reason = visit.typed.required_text("reason", "the reason", "Say why you need this record now");
    const std::string hours = visit.typed.value("hours");
    if (!hours.empty()) {
        request.hours = 0;
        std::from_chars(hours.data(), hours.data() + hours.size(), request.hours);
    }
    if (!visit.typed.good()) return interrupt(visit, request.person);
    const auto broken = casework::break_glass(visit.office(), visit.asker(), request);
    if (broken) return Visit::see(child_url(request.person));
    const auto& why = broken.error();
    if (why.kind == FaultKind::invalid && (why.place == "reason" || why.place == "hours")) {
        visit.typed.fault(why.place, why.reason + " " + why.mend);
        return interrupt(visit, request.person);
    }
    return tl::unexpected(why);
}

}  // namespace

Html glass_state(const Visit& visit, const casework::GlassUse& use) {
    if (use.review)
        return tag({.text = use.review->outcome == "justified" ? "Justified" : "Not justified",
                    .classes = use.review->outcome == "justified" ? "govuk-tag--green" : "govuk-tag--red"});
    if (use.days_late > 0)
        return tag({.text = "Review overdue", .classes = "govuk-tag--orange"}) +
               Html(" by " + count_words(static_cast<std::size_t>(use.days_late), "working day", "working days"));
    return tag({.text = use.review_by == visit.today() ? "Review today" : "To review", .classes = "govuk-tag--blue"});
}

Result<Html> glass_told(Visit& visit) {
    const auto told = TRY(casework::glass_notices(visit.office(), visit.asker()));
    if (told.empty()) return Html{};
    constexpr std::size_t most_shown = 10;
    std::vector<Html> lines;
    const bool oversees = visit.may(record::Action::oversee);
    for (const auto& use : told) {
        if (lines.size() == most_shown) break;
        const auto words =
            fmt::format("{}, {}, opened a record on {}. ", use.name, use.agency, moment_words(visit.zone(), use.at));
        Html line = Html(words) + glass_state(visit, use) + Html::raw("<br>") + Html("Reason given: " + use.reason);
        if (use.person) line += Html::raw("<br>") + link(child_url(*use.person), "Open the child’s record");
        if (oversees && !use.review)
            line += Html::raw("<br>") + link("/access/glass/" + to_string(use.entry),
                                             Html("Review it") + visually_hidden(" (" + use.reference + ")"));
        lines.push_back(std::move(line));
    }
    Html out = heading(2, "Records opened in an emergency", "m") + bullets(lines);
    if (told.size() > most_shown && oversees) out += paragraph(link("/access", "See all of them"));
    return out;
}

std::vector<PageRoute> glass_pages() {
    return {{{Method::get, "/children/:person/glass", Shows::record, "child.glass"}, show_glass},
            {{Method::post, "/children/:person/glass", Shows::record, "child.break-glass"}, break_it}};
}

}  // namespace waymark::web
