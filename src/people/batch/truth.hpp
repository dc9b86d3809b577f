#pragma once
// How well a set was linked, where it is known who is who.
#include <cstdint>
#include <vector>

#include "people/batch/score.hpp"

namespace waymark::people::batch {

// `truth` by record over both tables, 0 not known. `pairs` best first. `household` may be empty.
Truth judge(const Prepared&, const std::vector<std::uint64_t>& truth, const std::vector<std::uint64_t>& household,
            const Scores&, const std::vector<Pair>& pairs, const std::vector<std::uint32_t>& cluster_of);

}  // namespace waymark::people::batch
