// Finding views: a person's search before anything is made, what stands open to be looked at, and the views of a
// person.
#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <unordered_map>

#include "people/links.hpp"

namespace waymark::people {

namespace {

// Views that are opened and weighed: what a search costs. Those that have more in common with who is asked for come
// first.
constexpr std::size_t most_weighed = 16;
// Of a second look, with tags more that say less each: of these a list of many is left out before it is read.
constexpr std::size_t most_weighed_wider = 40;
constexpr std::size_t most_weighed_likely = 20;
constexpr std::size_t hits_wider = 120;
// A person who asks by a name alone has no birth date to lift the odds; far below the offer of an import is still an
// answer, down to one in a thousand.
constexpr double least_shown = -10;
// Who is found with this weight or more is whom the asker means, 256 to 1, and there is no second look: of 7,529 that
// were made all the same, one brought the right child. Where somebody is as likely as not it is less wide: 37 of 3,995
// brought the right one, and 275 of 1,442 where nobody was.
constexpr double surely = 8;
constexpr double likely = 0;

// Bits for what a view has in common with who is asked for, as its tags tell before it is opened: about as rare as it
// is among a million children, and more where two records of one child seldom differ in it. Only the order matters. A
// first letter and a year beside the year say nothing of their own.
double bits_of(std::uint16_t alike) {
    double bits = 0;
    if ((alike & alike_number) != 0) bits += 40;
    if ((alike & alike_date) != 0) {
        bits += 15;
    } else if ((alike & alike_slipped_date) != 0) {
        bits += 9;
    } else if ((alike & alike_year) != 0) {
        bits += 3;
    }
    if ((alike & alike_place) != 0) bits += 14;
    if ((alike & alike_contact) != 0) bits += 12;
    if ((alike & alike_family) != 0) bits += 11;
    if ((alike & alike_given) != 0) bits += 10;
    return bits;
}

// What tags say of the views that are found under them.
class Sayings {
public:
    // Common tags are looked at only where nothing rarer finds anybody, and none before does.
    void add(const std::vector<SearchTag>& tags, const std::vector<store::Snapshot::TokenHits>& hits) {
        take(tags, hits, false);
        if (said_.empty()) take(tags, hits, true);
        unite();
    }
    // Those that the most is said of and that were not asked for yet.
    std::vector<ViewId> next(std::size_t most_views) {
        std::vector<std::pair<double, std::size_t>> order;
        order.reserve(said_.size());
        for (std::size_t i = 0; i < said_.size(); ++i) {
            const auto& said = said_[i];
            if (said.asked) continue;
            // Of two that have as much in common, whose rarest tag finds fewer: rarer names, a date with fewer births.
            order.emplace_back(std::log2(1 + static_cast<double>(said.fewest)) - bits_of(said.alike), i);
        }
        const auto most = std::min(order.size(), most_views);
        std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(most), order.end());
        std::vector<ViewId> out;
        for (std::size_t i = 0; i < most; ++i) {
            auto& said = said_[order[i].second];
            said.asked = true;
            out.push_back(said.view);
        }
        return out;
    }

private:
    struct Said {
        ViewId view;
        std::uint32_t fewest = 0;  // views under the rarest of its tags
        std::uint16_t alike = 0;
        bool asked = false;
    };

    void take(const std::vector<SearchTag>& tags, const std::vector<store::Snapshot::TokenHits>& hits, bool common) {
        for (std::size_t i = 0; i < hits.size(); ++i) {
            if (hits[i].more != common) continue;
            const auto views = static_cast<std::uint32_t>(hits[i].views.size());
            for (const auto view : hits[i].views) said_.push_back({view, views, tags[i].alike, false});
        }
    }
    // By view, each once: in that order too views that have equally much in common are opened.
    void unite() {
        std::sort(said_.begin(), said_.end(), [](const Said& x, const Said& y) { return x.view < y.view; });
        std::size_t kept = 0;
        for (const auto& each : said_) {
            if (kept == 0 || said_[kept - 1].view != each.view) {
                said_[kept++] = each;
                continue;
            }
            auto& one = said_[kept - 1];
            one.fewest = std::min(one.fewest, each.fewest);
            one.alike = static_cast<std::uint16_t>(one.alike | each.alike);
            one.asked = one.asked || each.asked;
        }
        said_.resize(kept);
    }

    std::vector<Said> said_;
};

std::vector<std::uint64_t> tokens_in(const std::vector<SearchTag>& tags) {
    std::vector<std::uint64_t> out;
    out.reserve(tags.size());
    for (const auto& tag : tags) out.push_back(tag.token);
    return out;
}

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
    double heaviest = least_shown;
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
            heaviest = std::max(heaviest, weighed.weight);
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
    const auto look = [&](const std::vector<SearchTag>& tags, std::size_t most_hits, std::size_t most) {
        sayings.add(tags, snapshot.views_by_token(p, tokens_in(tags), most_hits));
        return weigh(sayings.next(most));
    };
    TRY_VOID(look(search_tokens_of(wanted, key_), hits_each, most_weighed));
    if (heaviest < surely) {
        const auto most = heaviest < likely ? most_weighed_wider : most_weighed_likely;
        TRY_VOID(look(wider_tokens_of(wanted, key_), hits_wider, most));
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
