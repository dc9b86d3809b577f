// The list of pairs that wait for a person, the page of one pair, and the decisions on it.
#include "casework/matches.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_map>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/pairs.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t most_a_page = 100;
constexpr std::size_t most_waiting = 2'000;  // pairs that are looked through at once

std::string_view word_of(people::Registry::Decision decision) {
    switch (decision) {
        case people::Registry::Decision::same:
            return "same";
        case people::Registry::Decision::not_same:
            return "not-same";
        case people::Registry::Decision::not_yet:
            break;
    }
    return "not-yet";
}

// The entry lies in the record of the view that became known later, with what the engine had found at that moment.
record::Draft decision_on(const Office& office, const record::Asker& asker, const std::string& key, const Pair& pair,
                          std::string_view decision, const std::string& reason, const people::Comparison& evidence) {
    auto draft = draft_by(office, asker, "identity.decided", key);
    draft.body = {{"decision", decision},
                  {"reason", reason},
                  {"identities", json::array{words_for(pair.a), words_for(pair.b)}},
                  {"weight", std::round(evidence.weight * 100) / 100},
                  {"evidence", evidence_json(evidence)}};
    record::Subject subject;
    subject.involvement = static_cast<record::Involvements>(record::Involvement::subject);
    subject.person = pair.b.view;
    draft.subjects.push_back(std::move(subject));
    return draft;
}

bool weighs_more(const people::Evidence& x, const people::Evidence& y) {
    return std::abs(x.weight) > std::abs(y.weight);
}

}  // namespace

Result<MatchList> matches_to_look_at(const Office& office, const record::Asker& asker, std::size_t from,
                                     std::size_t limit) {
    TRY_VOID(permit_for(office, asker, record::Action::decide_identity));
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    limit = std::min(limit, most_a_page);
    return read_as<MatchList>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<MatchList> {
        const auto p = office.partnership;
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        auto links = people::Registry::offered(snapshot, p, most_waiting);
        MatchList list;
        list.more = links.size() >= most_waiting;
        std::vector<ViewId> ids;
        for (const auto& link : links) {
            ids.push_back(link.a);
            ids.push_back(link.b);
        }
        std::sort(ids.begin(), ids.end());
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
        std::unordered_map<ViewId, store::ViewRow> views;
        for (auto& view : snapshot.views(p, ids)) {
            if (view && (!permit.own_views_only() || view->agency == permit.asker().agency) &&
                knowing.may(view->person))
                views.emplace(view->view, std::move(*view));
        }
        const auto former = TRY(office.registry->former_persons(snapshot, p));
        // A pair that is one person by other links needs nobody; one that the asker may not know of leaves no trace.
        std::erase_if(links, [&](const store::LinkRow& link) {
            const auto a = views.find(link.a);
            const auto b = views.find(link.b);
            return a == views.end() || b == views.end() || a->second.person == b->second.person ||
                   former.contains(a->second.person) != former.contains(b->second.person);
        });
        list.total = links.size();
        for (std::size_t i = from; i < links.size() && list.lines.size() < limit; ++i) {
            const auto pair = TRY(pair_of(office, snapshot, permit, links[i].a, links[i].b));
            MatchLine line;
            line.a = TRY(side_of(office, snapshot, permit, pair.a));
            line.b = TRY(side_of(office, snapshot, permit, pair.b));
            line.offered = links[i].when;
            line.comparison = TRY(compare_now(office, snapshot, pair));
            std::stable_sort(line.comparison.evidence.begin(), line.comparison.evidence.end(), weighs_more);
            if (links[i].decided_by) {
                for (auto& past : TRY(decisions_between(office, snapshot, permit, pair))) {
                    if (!past.of_this_pair || past.by_engine || past.takes_back) continue;
                    line.decided = std::move(past);
                    break;
                }
            }
            seen.add(pair.a.view, {}, {});
            seen.add(pair.b.view, {}, {});
            list.lines.push_back(std::move(line));
        }
        return list;
    });
}

Result<MatchPage> match_page(const Office& office, const record::Asker& asker, ViewId a, ViewId b) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<MatchPage>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<MatchPage> {
        const auto pair = TRY(pair_of(office, snapshot, permit, a, b));
        MatchPage page;
        page.a = TRY(side_of(office, snapshot, permit, pair.a));
        page.b = TRY(side_of(office, snapshot, permit, pair.b));
        page.one_person = pair.a.person == pair.b.person;
        page.comparison = TRY(compare_now(office, snapshot, pair));
        page.engine = people::decide(page.comparison, office.registry->model());
        page.prior = page.comparison.weight;
        for (const auto& each : page.comparison.evidence) page.prior -= each.weight;
        page.review_at = office.registry->model().review_at;
        page.link_at = office.registry->model().link_at;
        page.history = TRY(decisions_between(office, snapshot, permit, pair));
        // Told by the decisions: some time one said that they are one, and they are not.
        page.parted = !page.one_person && std::any_of(page.history.begin(), page.history.end(),
                                                      [](const PastDecision& one) { return one.decision == "same"; });
        std::vector<EntryId> entries;
        for (const auto& one : page.history) entries.push_back(one.entry);
        const auto least = std::min(pair.a.view, pair.b.view);
        const auto other = std::max(pair.a.view, pair.b.view);
        for (const auto& link : snapshot.links_of(office.partnership, std::vector{least})) {
            if (link.a == least && link.b == other) page.offered = !page.one_person && people::is_offered(link);
        }
        seen.add(pair.a.view, {}, entries);
        seen.add(pair.b.view, {}, {});
        return page;
    });
}

Result<std::vector<DecidedLine>> decided_matches(const Office& office, const record::Asker& asker, ViewId person) {
    constexpr std::size_t most_shown = 50;
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    using Lines = std::vector<DecidedLine>;
    return read_as<Lines>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Lines> {
        const auto views = TRY(known_child(office, snapshot, permit, person)).shown;
        std::unordered_map<ViewId, store::ViewRow> own;
        for (const auto& view : views) own.emplace(view.view, view);
        auto links = snapshot.links_of(office.partnership, ids_of(views));
        std::erase_if(links, [](const store::LinkRow& link) {
            // What a person said and what stands; the engine's own links say `linked`.
            return !link.decided_by || link.state == store::LinkState::linked || people::is_offered(link);
        });
        std::sort(links.begin(), links.end(),
                  [](const auto& x, const auto& y) { return std::tie(y.when, x.a, x.b) < std::tie(x.when, y.a, y.b); });
        links.erase(std::unique(links.begin(), links.end(),
                                [](const auto& x, const auto& y) { return x.a == y.a && x.b == y.b; }),
                    links.end());
        Lines lines;
        for (const auto& link : links) {
            if (lines.size() >= most_shown) break;
            const bool a_is_own = own.contains(link.a);
            const auto pair = pair_of(office, snapshot, permit, link.a, link.b);
            if (!pair) continue;  // the other is not for this asker: no trace of it
            const auto mine = a_is_own ? link.a : link.b;
            const auto& first = pair->a.view == mine ? pair->a : pair->b;
            const auto& second = pair->a.view == mine ? pair->b : pair->a;
            lines.push_back({TRY(side_of(office, snapshot, permit, first)),
                             TRY(side_of(office, snapshot, permit, second)), link.state, link.when});
            seen.add(second.view, {}, {});
        }
        seen.add(views.front().view, {}, {});
        return lines;
    });
}

Result<EntryId> decide_match(const Office& office, const record::Asker& asker, const MatchDecision& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say what speaks for it or against it."));
    const auto decides = TRY(permit_for(office, asker, record::Action::decide_identity));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, "identity.decided"));
    return write_as<EntryId>(office, permit, "identity.decided", [&](store::Transaction& tx) -> Result<EntryId> {
        const auto pair = TRY(pair_of(office, tx, decides, request.a, request.b));
        const auto evidence = TRY(compare_now(office, tx, pair));
        auto draft = decision_on(office, asker, request.key, pair, word_of(request.decision), request.reason, evidence);
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        return TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
    });
}

Result<EntryId> take_back_match(const Office& office, const record::Asker& asker, const TakeBack& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say why the decision no longer stands."));
    const auto decides = TRY(permit_for(office, asker, record::Action::decide_identity));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, "identity.decided"));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, "identity.decided", [&](store::Transaction& tx) -> Result<EntryId> {
        const auto pair = TRY(pair_of(office, tx, decides, request.a, request.b));
        const auto evidence = TRY(compare_now(office, tx, pair));
        auto draft = decision_on(office, asker, request.key, pair, "not-yet", request.reason, evidence);
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        MatchPage page;
        page.history = TRY(decisions_between(office, tx, reads, pair));
        const auto* standing = page.standing();
        if (standing == nullptr) {
            return fault(FaultKind::missing, "decision", "No decision of a person stands on these two records.",
                         "Open the pair again to see what was decided.");
        }
        draft.supersedes = to_string(standing->entry);
        return TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
    });
}

}  // namespace waymark::casework
