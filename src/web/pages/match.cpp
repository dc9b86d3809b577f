// The possible matches of one child, side by side, each with its answers.
#include <fmt/format.h>

#include "web/components/sub_navigation.hpp"
#include "web/components/summary_list.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/desk_view.hpp"
#include "web/pages/match_decision.hpp"
#include "web/pages/match_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

Html decided_before(const Visit& visit, const std::vector<casework::DecidedLine>& decided) {
    if (decided.empty()) return {};
    std::vector<Html> items;
    for (const auto& one : decided) {
        const char* words = one.state == store::LinkState::confirmed  ? "one person"
                            : one.state == store::LinkState::not_same ? "two people"
                                                                      : "it cannot be told yet";
        items.push_back(
            Html(fmt::format("{} of {}, and {} of {}: {}. ", record::shown_name(one.own.identity), one.own.agency,
                             record::shown_name(one.other.identity), one.other.agency, words)) +
            link(match_url(one.own.view.view, one.other.view.view),
                 Html("See the two records") +
                     visually_hidden(fmt::format(", decided on {}", format_long(visit.zone().day_of(one.when))))));
    }
    return heading(2, "What people decided before", "m") + bullets(items);
}

Response matches_page(const Visit& visit, const casework::PersonPage& child,
                      const std::vector<casework::DecidedLine>& decided, const Returned& returned) {
    Page page = child_frame(visit, child, "Possible matches", ChildPart::matches);
    page.content += heading(1, "Possible matches", "l");
    if (child.to_review.empty()) {
        page.content += paragraph("No other record is offered as perhaps this child.");
        page.content += decided_before(visit, decided);
        return visit.show(page);
    }
    page.content += paragraph(
        "Another record may be about the same child. Nothing is joined until you or a colleague say so, and it can be "
        "undone.");
    const record::Identity* own = best_identity(child);
    std::size_t n = 0;
    std::string suffix;
    for (const auto& offered : child.to_review) {
        ++n;
        if (to_string(offered.view) == returned.about) suffix = fmt::format("-match-{}", n);
        const std::string from = agency_words(visit.office(), offered.agency);
        Html card = side_by_side(visit, own == nullptr ? record::Identity{} : *own, "This child", offered, from,
                                 fmt::format("Possible match {}", n));
        const ViewId of = offered.of.is_nil() ? child.person : offered.of;
        card += paragraph(link(match_url(of, offered.view), Html("See all that speaks for and against") +
                                                                visually_hidden(fmt::format(" possible match {}", n))));
        if (visit.may(record::Action::decide_identity)) {
            card += match_form(visit, child_url(child.person) + "/matches", of, offered.view, n, returned);
        }
        page.content += summary_card({.title = fmt::format("Possible match {}: known to {}", n, from)}, card);
    }
    page.content += decided_before(visit, decided);
    page.errors = returned.typed.summary(suffix);
    return visit.show(page, returned.typed.good() ? 200 : 422);
}

Result<Response> show_candidates(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto child = TRY(casework::person_page(visit.office(), visit.asker(), person, std::nullopt));
    const auto decided = TRY(casework::decided_matches(visit.office(), visit.asker(), person));
    return matches_page(visit, child, decided, {});
}

Result<Response> take(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto decision = TRY(read_match_decision(visit));
    if (!visit.typed.good()) {
        const auto child = TRY(casework::person_page(visit.office(), visit.asker(), person, std::nullopt));
        const auto decided = TRY(casework::decided_matches(visit.office(), visit.asker(), person));
        return matches_page(visit, child, decided, {"match", visit.typed.value("b"), visit.typed});
    }
    TRY_VOID(casework::decide_match(visit.office(), visit.asker(), decision));
    // What takes two is shown where the second person answers.
    if (decision.decision == people::Registry::Decision::same) return Visit::see(match_url(decision.a, decision.b));
    return Visit::see(child_url(person) + "/matches");
}

}  // namespace

Result<casework::MatchDecision> read_match_decision(Visit& visit) {
    using Decision = people::Registry::Decision;
    casework::MatchDecision decision;
    decision.key = visit.form_key();
    decision.a = TRY(parse_id<ViewId>(visit.typed.value("a")));
    decision.b = TRY(parse_id<ViewId>(visit.typed.value("b")));
    const std::string same =
        visit.typed.choice("same", {"same", "not-same", "not-yet"}, "Choose whether it is the same child");
    decision.decision = same == "same" ? Decision::same : same == "not-same" ? Decision::not_same : Decision::not_yet;
    decision.reason = visit.typed.required_text("reason", "the reason", "Say what speaks for it or against it");
    return decision;
}

std::vector<PageRoute> match_pages() {
    return {{{Method::get, "/children/:person/matches", Shows::record, "child.matches"}, show_candidates},
            {{Method::post, "/children/:person/matches", Shows::record, "child.match"}, take}};
}

}  // namespace waymark::web
