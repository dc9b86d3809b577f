// Resolving a batch of identities: what the engine links, what it offers, and what is kept of it.
//
// A link joins two whole clusters, so it is made only where no member of one contradicts a member of the other or may
// be its twin or sibling; else the pair is offered. Chains cannot carry two children together.
#include <algorithm>
#include <tuple>

#include "people/resolving.hpp"

namespace waymark::people {

namespace {

constexpr std::size_t most_offers = 20;       // of one view
constexpr std::size_t links_to_a_person = 3;  // so that one link undone does not part a view that others still bear
constexpr std::size_t most_cross_checks = 4'096;

std::pair<ViewId, ViewId> ordered(ViewId a, ViewId b) {
    return {std::min(a, b), std::max(a, b)};
}
bool joins(store::LinkState state) {
    return state == store::LinkState::linked || state == store::LinkState::confirmed;
}

}  // namespace

// ---- clusters -------------------------------------------------------------------------------------------------------

// The clusters that may be joined: those of the candidates to be linked, and of the views that have changed.
Result<void> Resolving::load_clusters() {
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
    const auto rows = tx_.views_of_persons(p_, list);
    TRY_VOID(learn(rows));
    for (const auto& row : rows) {
        const auto [at, is_new] = cluster_of_person_.try_emplace(row.person, clusters_.size());
        if (is_new) clusters_.emplace_back();
        known_.at(row.view).cluster = at->second;
        clusters_[at->second].members.push_back(row.view);
        asked.push_back(row.view);
    }
    for (auto& link : tx_.links_of(p_, asked)) note_link(std::move(link));
    return {};
}

void Resolving::note_link(store::LinkRow link) {
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

std::size_t Resolving::cluster_at(ViewId view) const {
    const auto at = known_.find(view);
    return at == known_.end() ? none : at->second.cluster;
}

bool Resolving::may_join(std::size_t a, std::size_t b) const {
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

void Resolving::join(std::size_t a, std::size_t b) {
    if (clusters_[a].members.size() < clusters_[b].members.size()) std::swap(a, b);
    for (const auto view : clusters_[b].members) known_.at(view).cluster = a;
    clusters_[a].members.insert(clusters_[a].members.end(), clusters_[b].members.begin(), clusters_[b].members.end());
    clusters_[a].tangled = clusters_[a].tangled || clusters_[b].tangled;
    clusters_[b].members.clear();
}

// ---- settle ---------------------------------------------------------------------------------------------------------

void Resolving::settle(std::size_t s) {
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
void Resolving::reconsider(Slot& slot) {
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

void Resolving::write_link(ViewId own, ViewId other, store::LinkState state) {
    auto comparison = comparer_.compare(known_.at(own).who, known_.at(other).who);
    auto row = link_row(journal_, own, other, state, comparison, now_);
    written_.insert_or_assign({row.a, row.b}, row);
    if (state == store::LinkState::linked) engine_links_.push_back({own, other, std::move(comparison)});
    row.evidence.clear();
    links_.insert_or_assign({row.a, row.b}, std::move(row));
}

// ---- keep -----------------------------------------------------------------------------------------------------------

Result<void> Resolving::keep() {
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
void Resolving::settle_person(const Cluster& cluster, std::vector<std::pair<ViewId, ViewId>>& moved) {
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

void Resolving::tell(const Cluster& cluster, const std::set<ViewId>& changed) {
    for (const auto view : cluster.members) {
        const auto slot = known_.at(view).slot;
        if (slot != none && slots_[slot].to_match) slots_[slot].persons_changed.assign(changed.begin(), changed.end());
    }
}

void Resolving::write_views() {
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
Result<void> Resolving::untangle() {
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

}  // namespace waymark::people
