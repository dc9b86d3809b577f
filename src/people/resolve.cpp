// Resolving a batch of identities: which view each is, whom it may be, what the engine links and what it offers.
//
// In four steps, so that a batch of thousands asks the store a handful of questions: place (is the view known?), gather
// (candidates by token, in the store and in the batch itself), settle (in the order given: link, offer or leave), keep.
//
// A link joins two whole clusters, so it is made only where no member of one contradicts a member of the other or may
// be its twin or sibling; else the pair is offered. Chains cannot carry two children together.
#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "base/hash.hpp"
#include "people/links.hpp"

namespace waymark::people {

namespace {

constexpr std::size_t most_candidates = 500;  // of one view
constexpr std::size_t most_offers = 20;       // of one view
constexpr std::size_t links_to_a_person = 3;  // so that one link undone does not part a view that others still bear
constexpr std::size_t most_cross_checks = 4'096;

// Random to all who lack the key, the same for a retried transaction; begins with the time so that new rows lie
// together.
ViewId new_view(const TokenKey& key, const Arrived& arrived, Instant now) {
    std::string name =
        "view\x1f" + arrived.agency + "\x1f" + arrived.identity.source + "\x1f" + arrived.identity.id + "\x1f";
    const std::uint64_t high = keyed_tag(key, name + "1");
    const std::uint64_t low = keyed_tag(key, name + "2");
    const auto millis = static_cast<std::uint64_t>(now.micros / 1000);
    ViewId id;
    auto& o = id.value.octets;
    for (std::size_t i = 0; i < 6; ++i) o[i] = static_cast<std::uint8_t>(millis >> (8 * (5 - i)));
    o[6] = static_cast<std::uint8_t>(0x70u | ((high >> 56) & 0x0fu));
    o[7] = static_cast<std::uint8_t>(high >> 48);
    for (std::size_t i = 0; i < 8; ++i) o[8 + i] = static_cast<std::uint8_t>(low >> (8 * (7 - i)));
    o[8] = static_cast<std::uint8_t>(0x80u | (o[8] & 0x3fu));
    return id;
}

struct PairHash {
    std::size_t operator()(const std::pair<ViewId, ViewId>& pair) const noexcept {
        return std::hash<ViewId>{}(pair.first) * 31 + std::hash<ViewId>{}(pair.second);
    }
};
std::pair<ViewId, ViewId> ordered(ViewId a, ViewId b) {
    return {std::min(a, b), std::max(a, b)};
}
bool joins(store::LinkState state) {
    return state == store::LinkState::linked || state == store::LinkState::confirmed;
}

class Resolving {
public:
    Resolving(const record::Journal& journal, const Comparer& comparer, const TokenKey& key, store::Transaction& tx,
              store::Partnership p, Instant now)
        : journal_(journal), key_(key), comparer_(comparer), tx_(tx), p_(p), now_(now) {}

    Result<std::vector<Resolved>> run(std::span<const Arrived> arrived,
                                      std::vector<Registry::EngineLink>& engine_links) {
        TRY_VOID(place(arrived));
        TRY_VOID(gather());
        TRY_VOID(load_clusters());
        for (std::size_t i = 0; i < slots_.size(); ++i) {
            if (slots_[i].to_match) settle(i);
        }
        TRY_VOID(keep());
        engine_links.insert(engine_links.end(), std::make_move_iterator(engine_links_.begin()),
                            std::make_move_iterator(engine_links_.end()));
        return answer(arrived.size());
    }

private:
    struct Candidate {
        ViewId view;
        Weighed weighed;
    };
    // One view that this batch brings or changes.
    struct Slot {
        store::ViewRow row;
        record::Identity identity;  // as last written
        bool is_new = false;
        bool to_match = false;  // new, or its content changed
        std::vector<std::uint64_t> tokens;
        std::vector<std::uint64_t> looked_up;  // the part of them under which others are looked for
        std::vector<Candidate> candidates;
        std::vector<ViewId> linked;
        std::vector<ViewId> to_review;
        std::vector<ViewId> unlinked;
        std::vector<ViewId> persons_changed;
    };
    struct Known {
        Ready who;
        ViewId person;
        Instant recorded;
        std::size_t slot = none;  // where this batch brings it
        std::size_t cluster = none;
    };
    struct Cluster {
        std::vector<ViewId> members;
        bool touched = false;  // gained or lost a link
        bool tangled =
            false;  // a person's decision or a refused link lies in it: only the whole component can be clustered
    };
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    // ---- place ----------------------------------------------------------------------------------------------------

    Result<void> place(std::span<const Arrived> arrived) {
        std::unordered_map<std::string, std::size_t> slot_of_key;
        std::vector<store::ViewKey> keys;
        std::vector<std::size_t> first;  // the arrival that first names the key
        for (std::size_t i = 0; i < arrived.size(); ++i) {
            const auto& a = arrived[i];
            const auto [at, is_new] =
                slot_of_key.try_emplace(a.agency + "\x1f" + a.identity.source + "\x1f" + a.identity.id, keys.size());
            slot_of_.push_back(at->second);
            if (!is_new) continue;
            keys.push_back({a.agency, a.identity.source, a.identity.id});
            first.push_back(i);
        }
        auto rows = tx_.views_by_key(p_, keys);
        slots_.resize(keys.size());
        std::vector<bool> only_named(keys.size(), true);
        for (std::size_t i = 0; i < arrived.size(); ++i) {
            if (!record::names_only(arrived[i].identity)) only_named[slot_of_[i]] = false;
        }
        for (std::size_t s = 0; s < keys.size(); ++s) {
            auto& slot = slots_[s];
            if (rows[s]) {
                slot.row = std::move(*rows[s]);
                if (!only_named[s])
                    slot.identity = TRY(journal_.open_identity(slot.row.identity, slot.row.view, slot.row.version));
                continue;
            }
            const auto& a = arrived[first[s]];
            slot.is_new = true;
            slot.row.view = new_view(key_, a, now_);
            slot.row.agency = a.agency;
            slot.row.source = a.identity.source;
            slot.row.source_id = a.identity.id;
            slot.row.person = slot.row.view;
            slot.row.version = 0;
            slot.row.recorded = a.recorded;
        }
        for (std::size_t i = 0; i < arrived.size(); ++i) {
            auto& slot = slots_[slot_of_[i]];
            // Who is only named brings nothing: the view stays as it is.
            const bool named = slot.row.version != 0 && record::names_only(arrived[i].identity);
            if (!named && (slot.row.version == 0 || slot.identity != arrived[i].identity))
                write_version(slot, arrived[i]);
            version_of_.push_back(named ? 0 : slot.row.version);
        }
        for (std::size_t s = 0; s < slots_.size(); ++s) {
            if (slots_[s].is_new || !only_named[s]) index_slot(s);
        }
        return {};
    }

    void write_version(Slot& slot, const Arrived& arrived) {
        ++slot.row.version;
        slot.identity = arrived.identity;
        slot.to_match = true;
        auto sealed = journal_.seal_identity(arrived.identity, slot.row.view, slot.row.version);
        if (slot.row.version == 1) slot.row.identity = sealed;
        versions_.push_back({slot.row.view, slot.row.version, arrived.recorded, arrived.entry, std::move(sealed)});
    }

    void index_slot(std::size_t s) {
        auto& slot = slots_[s];
        auto& known = known_[slot.row.view];
        const auto features = features_of(slot.identity);
        known.who = comparer_.ready(features);
        if (slot.to_match) {
            slot.tokens = tokens_of(features, key_);
            slot.looked_up = import_tokens_of(features, key_);
        }
        known.person = slot.row.person;
        known.recorded = slot.row.recorded;
        known.slot = s;
        if (slot.is_new) cluster_alone(slot.row.view, known);
    }

    void cluster_alone(ViewId view, Known& known) {
        known.cluster = clusters_.size();
        clusters_.push_back({{view}, false, false});
    }

    // ---- gather ---------------------------------------------------------------------------------------------------

    Result<void> gather() {
        std::vector<std::pair<std::uint64_t, std::size_t>> wanted;  // token and slot
        for (std::size_t s = 0; s < slots_.size(); ++s) {
            auto& slot = slots_[s];
            if (!slot.to_match) continue;
            for (const auto token : slot.looked_up) wanted.emplace_back(token, s);
            slot.looked_up = {};
        }
        std::sort(wanted.begin(), wanted.end());
        std::vector<std::uint64_t> tokens;
        for (const auto& each : wanted) {
            if (tokens.empty() || tokens.back() != each.first) tokens.push_back(each.first);
        }
        const auto hits = tx_.views_by_token(p_, tokens, hits_each);
        collect(wanted, hits, false);
        collect(wanted, hits, true);
        TRY_VOID(load(candidate_ids()));
        for (auto& slot : slots_) {
            if (slot.to_match) weigh(slot);
        }
        return {};
    }

    // Gives each slot its candidates. Common tokens serve only those slots that no rarer one has served.
    void collect(const std::vector<std::pair<std::uint64_t, std::size_t>>& wanted,
                 const std::vector<store::Snapshot::TokenHits>& hits, bool common) {
        std::vector<bool> served(slots_.size());
        for (std::size_t s = 0; s < slots_.size(); ++s) served[s] = common && !slots_[s].candidates.empty();
        std::size_t token = 0;
        for (std::size_t from = 0; from < wanted.size(); ++token) {
            std::size_t to = from;
            while (to < wanted.size() && wanted[to].first == wanted[from].first) ++to;
            const auto& hit = hits[token];
            const bool is_common = hit.more || hit.views.size() + (to - from) > hits_each;
            for (std::size_t i = from; i < to && is_common == common; ++i) {
                auto& slot = slots_[wanted[i].second];
                if (served[wanted[i].second]) continue;
                for (const auto view : hit.views) add_candidate(slot, wanted[i].second, view);
                // Those of the batch that came before.
                for (std::size_t j = from; j < i; ++j)
                    add_candidate(slot, wanted[i].second, slots_[wanted[j].second].row.view);
            }
            from = to;
        }
    }

    void add_candidate(Slot& slot, std::size_t s, ViewId view) {
        if (view == slot.row.view || slot.candidates.size() >= 4 * most_candidates) return;
        if (const auto at = known_.find(view);
            at != known_.end() && at->second.slot != none && at->second.slot > s && slots_[at->second.slot].to_match) {
            return;  // the later one looks at the earlier
        }
        slot.candidates.push_back({view, {}});
    }

    std::vector<ViewId> candidate_ids() {
        std::vector<ViewId> ids;
        for (auto& slot : slots_) {
            auto& all = slot.candidates;
            std::sort(all.begin(), all.end(), [](const Candidate& x, const Candidate& y) { return x.view < y.view; });
            all.erase(std::unique(all.begin(), all.end(),
                                  [](const Candidate& x, const Candidate& y) { return x.view == y.view; }),
                      all.end());
            if (all.size() > most_candidates) all.resize(most_candidates);
            for (const auto& each : all) {
                if (known_.find(each.view) == known_.end()) ids.push_back(each.view);
            }
        }
        std::sort(ids.begin(), ids.end());
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
        return ids;
    }

    Result<void> load(const std::vector<ViewId>& ids) {
        for (auto& row : tx_.views(p_, ids)) {
            if (row) TRY_VOID(learn(*row));
        }
        return {};
    }
    Result<void> learn(const store::ViewRow& row) {
        const auto [at, is_new] = known_.try_emplace(row.view);
        if (!is_new) return {};
        at->second.who = comparer_.ready(features_of(TRY(journal_.open_identity(row.identity, row.view, row.version))));
        at->second.person = row.person;
        at->second.recorded = row.recorded;
        return {};
    }

    void weigh(Slot& slot) {
        const auto& own = known_.at(slot.row.view).who;
        for (auto& each : slot.candidates) {
            const auto other = known_.find(each.view);
            if (other != known_.end()) each.weighed = comparer_.weigh(own, other->second.who);
        }
        std::erase_if(slot.candidates,
                      [](const Candidate& each) { return each.weighed.outcome == Outcome::not_linked; });
        std::sort(slot.candidates.begin(), slot.candidates.end(), [](const Candidate& x, const Candidate& y) {
            if (x.weighed.outcome != y.weighed.outcome) return x.weighed.outcome < y.weighed.outcome;  // linked first
            if (x.weighed.weight != y.weighed.weight) return x.weighed.weight > y.weighed.weight;
            return x.view < y.view;
        });
    }

    // ---- clusters -------------------------------------------------------------------------------------------------

    // The clusters that may be joined: those of the candidates to be linked, and of the views that have changed.
    Result<void> load_clusters() {
        std::set<ViewId> persons;
        std::vector<ViewId> asked;  // for their links
        for (const auto& slot : slots_) {
            if (!slot.to_match) continue;
            if (!slot.is_new) {
                persons.insert(slot.row.person);
                asked.push_back(slot.row.view);
            }
            for (const auto& each : slot.candidates) {
                const auto& known = known_.at(each.view);
                const bool kept = known.slot == none || !slots_[known.slot].is_new;
                if (kept && each.weighed.outcome == Outcome::linked) persons.insert(known.person);
            }
        }
        const std::vector<ViewId> list(persons.begin(), persons.end());
        for (const auto& row : tx_.views_of_persons(p_, list)) {
            TRY_VOID(learn(row));
            const auto [at, is_new] = cluster_of_person_.try_emplace(row.person, clusters_.size());
            if (is_new) clusters_.emplace_back();
            known_.at(row.view).cluster = at->second;
            clusters_[at->second].members.push_back(row.view);
            asked.push_back(row.view);
        }
        for (auto& link : tx_.links_of(p_, asked)) note_link(std::move(link));
        return {};
    }

    void note_link(store::LinkRow link) {
        const auto a = cluster_at(link.a);
        const auto b = cluster_at(link.b);
        const bool refused = joins(link.state) && a != b;  // a decision of a person keeps the two apart all the same
        if (link.state == store::LinkState::not_same || refused) {
            if (a != none) clusters_[a].tangled = true;
            if (b != none) clusters_[b].tangled = true;
        }
        if (link.state == store::LinkState::not_same) apart_.insert({link.a, link.b});
        link.evidence.clear();  // only the state is asked for
        links_.insert_or_assign({link.a, link.b}, std::move(link));
    }

    [[nodiscard]] std::size_t cluster_at(ViewId view) const {
        const auto at = known_.find(view);
        return at == known_.end() ? none : at->second.cluster;
    }

    bool may_join(std::size_t a, std::size_t b) const {
        const auto& x = clusters_[a].members;
        const auto& y = clusters_[b].members;
        if (x.size() * y.size() > most_cross_checks) return false;
        for (const auto one : x) {
            for (const auto other : y) {
                if (apart_.contains(ordered(one, other))) return false;
                const auto weighed = comparer_.weigh(known_.at(one).who, known_.at(other).who);
                if (weighed.contradicted || weighed.twin_or_sibling) return false;
            }
        }
        return true;
    }

    void join(std::size_t a, std::size_t b) {
        if (clusters_[a].members.size() < clusters_[b].members.size()) std::swap(a, b);
        for (const auto view : clusters_[b].members) known_.at(view).cluster = a;
        clusters_[a].members.insert(clusters_[a].members.end(), clusters_[b].members.begin(),
                                    clusters_[b].members.end());
        clusters_[a].tangled = clusters_[a].tangled || clusters_[b].tangled;
        clusters_[b].members.clear();
    }

    // ---- settle ---------------------------------------------------------------------------------------------------

    void settle(std::size_t s) {
        auto& slot = slots_[s];
        const ViewId own = slot.row.view;
        if (!slot.is_new) reconsider(slot);
        std::unordered_map<std::size_t, std::size_t> links_into;  // by cluster
        std::unordered_set<ViewId> offered;                       // by person or cluster
        for (const auto& each : slot.candidates) {
            const auto existing = links_.find(ordered(own, each.view));
            if (existing != links_.end() &&
                (existing->second.state != store::LinkState::review || existing->second.decided_by))
                continue;
            bool link = each.weighed.outcome == Outcome::linked;
            if (link) {
                const auto mine = known_.at(own).cluster;
                const auto its = known_.at(each.view).cluster;
                if (mine == its) {
                    if (links_into[its] >= links_to_a_person) continue;
                } else if (may_join(mine, its)) {
                    join(mine, its);
                    links_into.clear();  // clusters have new numbers; the count below begins with this link
                } else {
                    link = false;
                }
            }
            if (link) {
                const auto cluster = known_.at(own).cluster;
                ++links_into[cluster];
                clusters_[cluster].touched = true;
                slot.linked.push_back(each.view);
                write_link(own, each.view, store::LinkState::linked);
                continue;
            }
            if (existing != links_.end()) continue;  // offered before
            const auto& other = known_.at(each.view);
            if (other.cluster != none && other.cluster == known_.at(own).cluster) continue;
            const ViewId whom = other.cluster == none ? other.person : clusters_[other.cluster].members.front();
            if (offered.size() >= most_offers || !offered.insert(whom).second) continue;
            slot.to_review.push_back(each.view);
            write_link(own, each.view, store::LinkState::review);
        }
    }

    // What the engine had linked on content that has changed is weighed again.
    void reconsider(Slot& slot) {
        const ViewId own = slot.row.view;
        for (auto& [pair, link] : links_) {
            if (link.state != store::LinkState::linked || (pair.first != own && pair.second != own)) continue;
            const ViewId other = pair.first == own ? pair.second : pair.first;
            const auto known = known_.find(other);
            if (known == known_.end()) continue;
            if (comparer_.weigh(known_.at(own).who, known->second.who).outcome == Outcome::linked) continue;
            slot.unlinked.push_back(other);
            slot.to_review.push_back(other);
            auto& cluster = clusters_[known_.at(own).cluster];
            cluster.touched = cluster.tangled = true;
            loosened_.push_back(other);
            link.state = store::LinkState::review;
        }
        for (const auto other : slot.unlinked) write_link(own, other, store::LinkState::review);
    }

    void write_link(ViewId own, ViewId other, store::LinkState state) {
        auto comparison = comparer_.compare(known_.at(own).who, known_.at(other).who);
        auto row = link_row(journal_, own, other, state, comparison, now_);
        written_.insert_or_assign({row.a, row.b}, row);
        if (state == store::LinkState::linked) engine_links_.push_back({own, other, std::move(comparison)});
        row.evidence.clear();
        links_.insert_or_assign({row.a, row.b}, std::move(row));
    }

    // ---- keep -----------------------------------------------------------------------------------------------------

    Result<void> keep() {
        std::vector<std::pair<ViewId, ViewId>> moved;
        for (auto& cluster : clusters_) {
            if (cluster.touched && !cluster.tangled) settle_person(cluster, moved);
        }
        write_views();
        std::vector<store::LinkRow> rows;
        rows.reserve(written_.size());
        for (auto& each : written_) rows.push_back(std::move(each.second));
        std::sort(rows.begin(), rows.end(),
                  [](const auto& x, const auto& y) { return std::tie(x.a, x.b) < std::tie(y.a, y.b); });
        tx_.put_links(p_, rows);
        tx_.set_persons(p_, moved);
        return untangle();
    }

    // A cluster that no decision runs through is all that its links connect: its person is its oldest view.
    void settle_person(const Cluster& cluster, std::vector<std::pair<ViewId, ViewId>>& moved) {
        const auto oldest = *std::min_element(cluster.members.begin(), cluster.members.end(), [&](ViewId x, ViewId y) {
            return std::pair(known_.at(x).recorded, x) < std::pair(known_.at(y).recorded, y);
        });
        std::set<ViewId> changed{oldest};
        for (const auto view : cluster.members) {
            auto& known = known_.at(view);
            const bool is_new = known.slot != none && slots_[known.slot].is_new;
            if (!is_new) changed.insert(known.person);
            if (!is_new && known.person != oldest) moved.emplace_back(view, oldest);
            known.person = oldest;
            if (known.slot != none) slots_[known.slot].row.person = oldest;
        }
        tell(cluster, changed);
    }

    void tell(const Cluster& cluster, const std::set<ViewId>& changed) {
        for (const auto view : cluster.members) {
            const auto slot = known_.at(view).slot;
            if (slot != none && slots_[slot].to_match)
                slots_[slot].persons_changed.assign(changed.begin(), changed.end());
        }
    }

    void write_views() {
        std::vector<store::ViewRow> views;
        std::vector<store::TokenRow> tokens;
        std::vector<ViewId> stale;
        for (auto& slot : slots_) {
            if (!slot.to_match) continue;
            for (const auto token : slot.tokens) tokens.push_back({token, slot.row.view});
            if (!slot.is_new) {
                stale.push_back(slot.row.view);
                continue;
            }
            const auto version = std::exchange(slot.row.version, 1);
            views.push_back(slot.row);
            slot.row.version = version;
        }
        tx_.insert_views(p_, views);
        tx_.add_view_versions(p_, versions_);
        if (!stale.empty()) tx_.delete_tokens_of(p_, stale);
        std::sort(tokens.begin(), tokens.end(),
                  [](const auto& x, const auto& y) { return std::tie(x.token, x.view) < std::tie(y.token, y.view); });
        tx_.insert_tokens(p_, tokens);
    }

    // Where decisions of people run through a cluster, only the whole component tells who is whose.
    Result<void> untangle() {
        std::vector<ViewId> seeds = loosened_;
        std::vector<const Cluster*> tangled;
        for (const auto& cluster : clusters_) {
            if (!cluster.touched || !cluster.tangled) continue;
            seeds.insert(seeds.end(), cluster.members.begin(), cluster.members.end());
            tangled.push_back(&cluster);
        }
        if (seeds.empty()) return {};
        const auto changed = TRY(recluster(tx_, p_, seeds));
        std::vector<ViewId> ids;
        for (const auto& slot : slots_) ids.push_back(slot.row.view);
        const auto rows = tx_.views(p_, ids);
        for (std::size_t s = 0; s < slots_.size(); ++s) {
            if (rows[s]) slots_[s].row.person = rows[s]->person;
        }
        for (const auto* cluster : tangled) tell(*cluster, {changed.begin(), changed.end()});
        return {};
    }

    std::vector<Resolved> answer(std::size_t count) {
        std::vector<Resolved> out(count);
        std::vector<bool> told(slots_.size());
        for (std::size_t i = 0; i < count; ++i) {
            auto& slot = slots_[slot_of_[i]];
            out[i].view = slot.row.view;
            out[i].version = version_of_[i];
            const auto known = known_.find(slot.row.view);
            out[i].person =
                known != known_.end() && known->second.slot == none ? known->second.person : slot.row.person;
            if (told[slot_of_[i]]) continue;  // the same view again in this batch: its links were told with the first
            told[slot_of_[i]] = true;
            out[i].is_new = slot.is_new;
            out[i].linked = std::move(slot.linked);
            out[i].to_review = std::move(slot.to_review);
            out[i].unlinked = std::move(slot.unlinked);
            out[i].persons_changed = std::move(slot.persons_changed);
        }
        return out;
    }

    const record::Journal& journal_;
    const TokenKey& key_;
    const Comparer& comparer_;
    store::Transaction& tx_;
    const store::Partnership p_;
    const Instant now_;

    std::vector<Slot> slots_;
    std::vector<std::size_t> slot_of_;      // by arrival
    std::vector<std::int32_t> version_of_;  // by arrival
    std::vector<store::ViewVersion> versions_;
    std::unordered_map<ViewId, Known> known_;
    std::vector<Cluster> clusters_;
    std::unordered_map<ViewId, std::size_t> cluster_of_person_;
    std::unordered_map<std::pair<ViewId, ViewId>, store::LinkRow, PairHash> links_;    // as they stand
    std::unordered_map<std::pair<ViewId, ViewId>, store::LinkRow, PairHash> written_;  // by this batch
    std::unordered_set<std::pair<ViewId, ViewId>, PairHash> apart_;
    std::vector<ViewId> loosened_;
    std::vector<Registry::EngineLink> engine_links_;
};

}  // namespace

Result<std::vector<Resolved>> Registry::resolve(store::Transaction& tx, store::Partnership p,
                                                std::span<const Arrived> arrived, Instant now,
                                                std::vector<EngineLink>& engine_links) const {
    return Resolving(journal_, comparer_, key_, tx, p, now).run(arrived, engine_links);
}

}  // namespace waymark::people
