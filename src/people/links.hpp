#pragma once
// What the registry's parts share: link rows with their evidence, and the re-clustering of one component.
#include <span>
#include <utility>
#include <vector>

#include "people/people.hpp"

namespace waymark::people {

constexpr std::size_t hits_each = 200;  // views under one token before it is called common

// A row for the pair, in the order that the store wants.
store::LinkRow link_row(const record::Journal&, ViewId x, ViewId y, store::LinkState, const Comparison&, Instant when);
// What spoke for and against when the engine weighed the pair.
Result<Comparison> open_evidence(const record::Journal&, const store::LinkRow&);

// The weight of a row whose question is open: never 0, which says that a person's decision stands.
inline double open_weight(double weight) {
    return weight == 0 ? 1e-6 : weight;
}

// Gives every view that links connect with the seeds the person that Registry::clusters gives it. Returns the persons
// that gained or lost a view.
Result<std::vector<ViewId>> recluster(store::Transaction&, store::Partnership, std::span<const ViewId> seeds);

}  // namespace waymark::people
