// Finding views: a person's search before anything is made, what stands open to be looked at, and the views of a
// person.
#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "people/links.hpp"

namespace waymark::people {

namespace {

// Views that are opened and weighed: what a search costs. Those found by more tokens and by rarer ones come first.
constexpr std::size_t most_weighed = 20;
// Of a second look, with tags more that say less each: of these a list of many is left out before it is read.
constexpr std::size_t most_weighed_wider = 40;
constexpr std::size_t hits_wider = 120;
// A person who asks by a name alone has no birth date to lift the odds; far below the offer of an import is still an
// answer, down to one in a thousand.
constexpr double least_shown = -10;
// Who is found with this weight or more is most likely whom the asker means: 4,000 to 1, where a wrong one of a common
// name and the same date has half as many bits.
constexpr double surely = 12;

// A token that finds few views says much of each; in bits, with the common ones at about four.
double says(std::size_t views) {
    return 12 - std::log2(1 + static_cast<double>(views));
}

// What tokens say of the views that are found under them.
class Sayings {
public:
    // Common tokens are looked at only where nothing rarer finds anybody, and none before does.
    void add(const std::vector<store::Snapshot::TokenHits>& hits) {
        take(hits, false);
        if (said_.empty() && asked_.empty()) take(hits, true);
    }
    // Those that the most is said of and that were not asked for yet.
    std::vector<ViewId> next(std::size_t most_views) {
        std::vector<std::pair<double, ViewId>> order;
        order.reserve(said_.size());
        for (const auto& [view, bits] : said_) {
            if (!asked_.contains(view)) order.emplace_back(-bits, view);
        }
        const auto most = std::min(order.size(), most_views);
        std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(most), order.end());
        std::vector<ViewId> out;
        for (std::size_t i = 0; i < most; ++i) out.push_back(order[i].second);
        asked_.insert(out.begin(), out.end());
        return out;
    }

private:
    void take(const std::vector<store::Snapshot::TokenHits>& hits, bool common) {
        for (const auto& hit : hits) {
            if (hit.more != common) continue;
            for (const auto view : hit.views) said_[view] += says(hit.views.size());
        }
    }

    std::unordered_map<ViewId, double> said_;
    std::unordered_set<ViewId> asked_;
};

// Whom a search may show: weighed, and its evidence not yet told.
struct Candidate {
    store::ViewRow row;
    Ready who;
    Weighed weighed;
};
bool better(const Candidate& x, const Candidate& y) {
    if (x.weighed.weight != y.weighed.weight) return x.weighed.weight > y.weighed.weight;
    return x.row.view < y.row.view;
}

}  // namespace

Result<std::vector<Offered>> Registry::search(store::Snapshot& snapshot, store::Partnership p,
                                              const record::Permit& permit, const record::Identity& query,
                                              const Visible& visible, std::size_t limit) const {
    if (permit.action() != record::Action::search) {
        return fault(FaultKind::forbidden, "permit", "This permit is not for a search", "Ask for a search");
    }
    const Features wanted = features_of(query);
    const auto asked = comparer_.ready(wanted);
    std::unordered_map<ViewId, Candidate> best;  // of each person, the best view that the asker may see
    bool sure = false;
    const auto weigh = [&](const std::vector<ViewId>& candidates) -> Result<void> {
        std::vector<store::ViewRow> seen;
        for (auto& row : snapshot.views(p, candidates)) {
            if (!row || (permit.own_agency_only() && row->agency != permit.asker().agency) || !visible(*row)) continue;
            seen.push_back(std::move(*row));
        }
        const auto features = TRY(features_of(journal_, snapshot, p, seen));
        for (std::size_t i = 0; i < seen.size(); ++i) {
            auto who = comparer_.ready(features[i]);
            const auto weighed = comparer_.weigh(asked, who);
            if (weighed.weight < least_shown) continue;
            sure = sure || weighed.weight >= surely;
            const auto person = seen[i].person;
            Candidate candidate{std::move(seen[i]), std::move(who), weighed};
            const auto at = best.find(person);
            if (at == best.end()) {
                best.emplace(person, std::move(candidate));
            } else if (better(candidate, at->second)) {
                at->second = std::move(candidate);
            }
        }
        return {};
    };
    Sayings sayings;
    sayings.add(snapshot.views_by_token(p, search_tokens_of(wanted, key_), hits_each));
    TRY_VOID(weigh(sayings.next(most_weighed)));
    if (!sure) {
        sayings.add(snapshot.views_by_token(p, wider_tokens_of(wanted, key_), hits_wider));
        TRY_VOID(weigh(sayings.next(most_weighed_wider)));
    }
    std::vector<Candidate> ranked;
    ranked.reserve(best.size());
    for (auto& each : best) ranked.push_back(std::move(each.second));
    std::sort(ranked.begin(), ranked.end(), better);
    if (ranked.size() > limit) ranked.resize(limit);
    std::vector<Offered> out;
    out.reserve(ranked.size());
    for (auto& one : ranked) {
        Offered offered;
        offered.identity = TRY(journal_.open_identity(one.row.identity, one.row.view, one.row.version));
        offered.view = one.row.view;
        offered.person = one.row.person;
        offered.agency = std::move(one.row.agency);
        offered.comparison = comparer_.compare(asked, one.who);
        offered.outcome = one.weighed.outcome;
        out.push_back(std::move(offered));
    }
    return out;
}

Result<std::vector<std::pair<store::LinkRow, Comparison>>> Registry::to_review(store::Snapshot& snapshot,
                                                                               store::Partnership p,
                                                                               std::optional<ViewId> of,
                                                                               std::size_t limit) const {
    auto rows = of ? snapshot.links_of(p, std::span(&*of, 1)) : offered(snapshot, p, limit);
    std::erase_if(rows, [](const store::LinkRow& row) { return !is_offered(row); });
    std::stable_sort(rows.begin(), rows.end(), [](const auto& x, const auto& y) { return x.weight > y.weight; });
    if (rows.size() > limit) rows.resize(limit);
    std::vector<std::pair<store::LinkRow, Comparison>> out;
    out.reserve(rows.size());
    for (auto& row : rows) {
        auto comparison = TRY(open_evidence(journal_, row));
        out.emplace_back(std::move(row), std::move(comparison));
    }
    return out;
}

std::vector<store::LinkRow> Registry::offered(store::Snapshot& snapshot, store::Partnership p, std::size_t most) {
    // People decide by the thousand at most: all that they found to be two are looked through.
    constexpr std::size_t most_decided = 20'000;
    auto rows = snapshot.links_in_state(p, store::LinkState::review, most);
    for (auto& row : snapshot.links_in_state(p, store::LinkState::not_same, most_decided)) {
        if (is_offered(row)) rows.push_back(std::move(row));
    }
    std::erase_if(rows, [](const store::LinkRow& row) { return !is_offered(row); });
    std::stable_sort(rows.begin(), rows.end(), [](const auto& x, const auto& y) {
        return std::tie(x.when, x.a, x.b) < std::tie(y.when, y.a, y.b);
    });
    return rows;
}

Result<Comparison> Registry::evidence_of(const store::LinkRow& row) const {
    return open_evidence(journal_, row);
}

Result<std::vector<ViewId>> Registry::persons(store::Snapshot& snapshot, store::Partnership p,
                                              std::span<const ViewId> views) const {
    std::vector<ViewId> out;
    out.reserve(views.size());
    for (const auto& row : snapshot.views(p, views)) {
        if (!row) return fault(FaultKind::missing, "view", "There is no such view", "Choose a view of the record");
        out.push_back(row->person);
    }
    return out;
}

Result<std::vector<store::ViewRow>> Registry::views_of(store::Snapshot& snapshot, store::Partnership p,
                                                       ViewId person) const {
    return snapshot.views_of_persons(p, std::span(&person, 1));
}

Result<Comparison> Registry::compare(store::Snapshot& snapshot, store::Partnership p, const store::ViewRow& a,
                                     const store::ViewRow& b) const {
    const std::array<store::ViewRow, 2> rows{a, b};
    const auto features = TRY(features_of(journal_, snapshot, p, rows));
    return comparer_.compare(features[0], features[1]);
}

Result<std::vector<record::Identity>> Registry::identities(std::span<const store::ViewRow> rows) const {
    std::vector<record::Identity> out;
    out.reserve(rows.size());
    for (const auto& row : rows) out.push_back(TRY(journal_.open_identity(row.identity, row.view, row.version)));
    return out;
}

}  // namespace waymark::people
