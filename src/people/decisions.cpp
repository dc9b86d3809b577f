// A person's word about two views outweighs the engine, and can be taken back by another.
#include <algorithm>
#include <array>

#include "people/links.hpp"

namespace waymark::people {

namespace {

store::LinkState state_of(Registry::Decision decision) {
    switch (decision) {
        case Registry::Decision::same:
            return store::LinkState::confirmed;
        case Registry::Decision::not_same:
            return store::LinkState::not_same;
        case Registry::Decision::not_yet:
            return store::LinkState::review;
    }
    return store::LinkState::review;
}

// A pair in the order of its row, weighed as its two views stand now.
struct Weighing {
    std::array<ViewId, 2> pair{};
    Comparison comparison;
};
Result<Weighing> weigh_now(const Registry& registry, store::Snapshot& snapshot, store::Partnership p, ViewId a,
                           ViewId b) {
    if (a == b) return invalid("identities", "A decision needs two different views", "Name two views");
    Weighing out{{std::min(a, b), std::max(a, b)}, {}};
    const auto rows = snapshot.views(p, out.pair);
    if (!rows[0] || !rows[1])
        return fault(FaultKind::missing, "identities", "There is no such view", "Choose two views of the record");
    out.comparison = TRY(registry.compare(snapshot, p, *rows[0], *rows[1]));
    return out;
}

}  // namespace

bool is_offered(const store::LinkRow& row) {
    const bool open = row.weight != 0;
    if (row.state == store::LinkState::review) return !row.decided_by || open;
    return row.state == store::LinkState::not_same && open;
}

// The row keeps what the person had before them: later evidence is measured against it.
Result<std::vector<ViewId>> Registry::apply_decision(store::Transaction& tx, store::Partnership p, ViewId a, ViewId b,
                                                     Decision decision, EntryId decided_by, Instant when) const {
    const auto now = TRY(weigh_now(*this, tx, p, a, b));
    auto row = link_row(journal_, a, b, state_of(decision), now.comparison, when);
    row.weight = 0;
    row.decided_by = decided_by;
    tx.put_links(p, std::span(&row, 1));
    return recluster(tx, p, now.pair);
}

Result<std::vector<ViewId>> Registry::take_back(store::Transaction& tx, store::Partnership p, ViewId a, ViewId b,
                                                EntryId by, Instant when) const {
    const auto now = TRY(weigh_now(*this, tx, p, a, b));
    auto row = link_row(journal_, a, b, store::LinkState::review, now.comparison, when);
    row.weight = open_weight(now.comparison.weight);
    row.decided_by = by;
    tx.put_links(p, std::span(&row, 1));
    return recluster(tx, p, now.pair);
}

}  // namespace waymark::people
