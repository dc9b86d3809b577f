#pragma once
// Expectation and maximisation with three classes of pair: one person, two of one household, two strangers. Each
// training rule has its own mixture of the classes, the shares are common to all rules and to the judged pairs.
#include <vector>

#include "people/batch/fit.hpp"

namespace waymark::people::batch {

// Finds m, h and the priors of `fit`, which holds the first guess and u.
void find_shares(const Prepared&, std::vector<Training>&, const std::vector<Judged>&, Fit& fit);

}  // namespace waymark::people::batch
