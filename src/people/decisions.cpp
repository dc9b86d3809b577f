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

}  // namespace

Result<std::vector<ViewId>> Registry::apply_decision(store::Transaction& tx, store::Partnership p, ViewId a, ViewId b,
                                                     Decision decision, EntryId decided_by, Instant when) const {
    if (a == b) return invalid("identities", "A decision needs two different views", "Name two views");
    const std::array<ViewId, 2> pair{std::min(a, b), std::max(a, b)};
    const auto rows = tx.views(p, pair);
    if (!rows[0] || !rows[1])
        return fault(FaultKind::missing, "identities", "There is no such view", "Choose two views of the record");

    store::LinkRow row;
    bool known = false;
    for (auto& link : tx.links_of(p, std::span(pair).first(1))) {
        if (link.a == pair[0] && link.b == pair[1]) {
            row = std::move(link);
            known = true;
        }
    }
    if (!known) {  // what the person had before them is kept with what they decided
        const std::array<store::ViewRow, 2> both{*rows[0], *rows[1]};
        const auto opened = TRY(identities(both));
        row = link_row(journal_, a, b, store::LinkState::review,
                       compare(features_of(opened[0]), features_of(opened[1]), model_), when);
    }
    row.state = state_of(decision);
    if (decision != Decision::not_yet) row.weight = 0;
    row.decided_by = decided_by;
    row.when = when;
    tx.put_links(p, std::span(&row, 1));
    return recluster(tx, p, pair);
}

}  // namespace waymark::people
