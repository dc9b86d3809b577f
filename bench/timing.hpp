#pragma once
// What the measurements of whole runs share: the time since a start, a centile, and how a fault ends a run.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"

namespace waymark::bench {

using Steady = std::chrono::steady_clock;
inline double seconds_since(Steady::time_point from) {
    return std::chrono::duration<double>(Steady::now() - from).count();
}

inline double percentile(const std::vector<double>& sorted, double share) {
    return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

inline int fail(const Fault& fault) {
    fmt::print(stderr, "{}\n", describe(fault));
    return 1;
}

}  // namespace waymark::bench
