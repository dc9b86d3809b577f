#pragma once
// How long the worlds of a pair take to answer: whether there is a hidden record must not show in that either.
#include <cstdint>

#include "worlds.hpp"

namespace waymark::twins {

// Asks each page at which a hidden record may be looked for `n` times in either world, in turns, and tells the medians,
// their difference, and within what it lies (95 %). 0 where each difference is at most a millisecond.
int run_timing(std::uint64_t n, const content::Profile&, const sharing::Policy&);

}  // namespace waymark::twins
