// Resolving a batch of identities: which view each is and whom it may be.
//
// In four steps, so that a batch of thousands asks the store a handful of questions: place (is the view known?), gather
// (candidates by token, in the store and in the batch itself), settle (in the order given: link, offer or leave), keep.
// The last two are in settle.cpp.
#include <algorithm>

#include "base/hash.hpp"
#include "people/resolving.hpp"

namespace waymark::people {

namespace {

constexpr std::size_t most_candidates = 500;  // of one view

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

}  // namespace

Result<std::vector<Resolved>> Resolving::run(std::span<const Arrived> arrived,
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

// ---- place ----------------------------------------------------------------------------------------------------------

Result<void> Resolving::place(std::span<const Arrived> arrived) {
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
    std::vector<std::size_t> rewritten;
    for (std::size_t s = 0; s < keys.size(); ++s) {
        auto& slot = slots_[s];
        if (rows[s]) {
            if (!only_named[s] && rows[s]->version > 1) rewritten.push_back(s);
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
    TRY_VOID(load_earlier(rewritten));
    for (std::size_t i = 0; i < arrived.size(); ++i) {
        auto& slot = slots_[slot_of_[i]];
        // Who is only named brings nothing: the view stays as it is.
        const bool named = slot.row.version != 0 && record::names_only(arrived[i].identity);
        if (!named && (slot.row.version == 0 || slot.identity != arrived[i].identity)) write_version(slot, arrived[i]);
        version_of_.push_back(named ? 0 : slot.row.version);
    }
    for (std::size_t s = 0; s < slots_.size(); ++s) {
        if (slots_[s].is_new || !only_named[s]) index_slot(s);
    }
    return {};
}

Result<void> Resolving::load_earlier(const std::vector<std::size_t>& slots) {
    std::unordered_map<ViewId, std::size_t> of_view;
    std::vector<ViewId> ids;
    for (const auto s : slots) {
        ids.push_back(slots_[s].row.view);
        of_view.emplace(ids.back(), s);
    }
    if (ids.empty()) return {};
    for (const auto& version : tx_.view_versions(p_, ids)) {
        auto& slot = slots_[of_view.at(version.view)];
        if (version.version == slot.row.version) continue;
        slot.earlier.push_back(TRY(journal_.open_identity(version.identity, version.view, version.version)));
    }
    return {};
}

void Resolving::write_version(Slot& slot, const Arrived& arrived) {
    if (slot.row.version != 0) slot.earlier.push_back(slot.identity);
    ++slot.row.version;
    slot.identity = arrived.identity;
    slot.to_match = true;
    auto sealed = journal_.seal_identity(arrived.identity, slot.row.view, slot.row.version);
    if (slot.row.version == 1) slot.row.identity = sealed;
    versions_.push_back({slot.row.view, slot.row.version, arrived.recorded, arrived.entry, std::move(sealed)});
}

void Resolving::index_slot(std::size_t s) {
    auto& slot = slots_[s];
    auto& known = known_[slot.row.view];
    const auto features = features_of(slot.identity, slot.earlier);
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

void Resolving::cluster_alone(ViewId view, Known& known) {
    known.cluster = clusters_.size();
    clusters_.push_back({{view}, false, false});
}

// ---- gather ---------------------------------------------------------------------------------------------------------

Result<void> Resolving::gather() {
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
void Resolving::collect(const std::vector<std::pair<std::uint64_t, std::size_t>>& wanted,
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

void Resolving::add_candidate(Slot& slot, std::size_t s, ViewId view) {
    if (view == slot.row.view || slot.candidates.size() >= 4 * most_candidates) return;
    if (const auto at = known_.find(view);
        at != known_.end() && at->second.slot != none && at->second.slot > s && slots_[at->second.slot].to_match) {
        return;  // the later one looks at the earlier
    }
    slot.candidates.push_back({view, {}});
}

std::vector<ViewId> Resolving::candidate_ids() {
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

Result<void> Resolving::load(const std::vector<ViewId>& ids) {
    std::vector<store::ViewRow> rows;
    for (auto& row : tx_.views(p_, ids)) {
        if (row) rows.push_back(std::move(*row));
    }
    return learn(rows);
}

Result<void> Resolving::learn(std::span<const store::ViewRow> rows) {
    std::vector<store::ViewRow> fresh;
    for (const auto& row : rows) {
        if (!known_.contains(row.view)) fresh.push_back(row);
    }
    const auto features = TRY(features_of(journal_, tx_, p_, fresh));
    for (std::size_t i = 0; i < fresh.size(); ++i) {
        auto& known = known_[fresh[i].view];
        known.who = comparer_.ready(features[i]);
        known.person = fresh[i].person;
        known.recorded = fresh[i].recorded;
    }
    return {};
}

void Resolving::weigh(Slot& slot) {
    const auto& own = known_.at(slot.row.view).who;
    for (auto& each : slot.candidates) {
        const auto other = known_.find(each.view);
        if (other != known_.end()) each.weighed = comparer_.weigh(own, other->second.who);
    }
    std::erase_if(slot.candidates, [](const Candidate& each) { return each.weighed.outcome == Outcome::not_linked; });
    std::sort(slot.candidates.begin(), slot.candidates.end(), [](const Candidate& x, const Candidate& y) {
        if (x.weighed.outcome != y.weighed.outcome) return x.weighed.outcome < y.weighed.outcome;  // linked first
        if (x.weighed.weight != y.weighed.weight) return x.weighed.weight > y.weighed.weight;
        return x.view < y.view;
    });
}

// ---- answer ---------------------------------------------------------------------------------------------------------

std::vector<Resolved> Resolving::answer(std::size_t count) {
    std::vector<Resolved> out(count);
    std::vector<bool> told(slots_.size());
    for (std::size_t i = 0; i < count; ++i) {
        auto& slot = slots_[slot_of_[i]];
        out[i].view = slot.row.view;
        out[i].version = version_of_[i];
        const auto known = known_.find(slot.row.view);
        out[i].person = known != known_.end() && known->second.slot == none ? known->second.person : slot.row.person;
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

Result<std::vector<Resolved>> Registry::resolve(store::Transaction& tx, store::Partnership p,
                                                std::span<const Arrived> arrived, Instant now,
                                                std::vector<EngineLink>& engine_links) const {
    return Resolving(journal_, comparer_, key_, tx, p, now).run(arrived, engine_links);
}

}  // namespace waymark::people
