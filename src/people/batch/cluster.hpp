#pragma once
// From pairs to persons, without chains: two clusters are joined only where their members agree on the average, and
// never where a member of one contradicts one of the other or may be its twin.
#include <cstdint>
#include <functional>
#include <vector>

#include "people/batch/score.hpp"

namespace waymark::people::batch {

// By record: the smallest position in its cluster. `pairs` in order, best first; those that are linked.
std::vector<std::uint32_t> cluster(const Prepared&, const Weights&, const std::vector<Scored>& linked, double link_at,
                                   const Options&);

}  // namespace waymark::people::batch
