#pragma once
// The checks of a draft, for those who know whether its `at` was read.
#include <vector>

#include "record/entry.hpp"

namespace waymark::record {

std::vector<Fault> check_draft(const Draft&, const content::Catalogue&, Instant now, const Zone&, const DecodeLimits&,
                               bool at_known);

}  // namespace waymark::record
