#pragma once
// Patterns over the record that somebody must look at (outside contract, section 5). Evaluated beside the graph.
#include "procedure/fold.hpp"

namespace waymark::procedure {

// Those of the rulebook that show at `now`, immediate danger first, without those put aside.
std::vector<Cue> cues_of(const Compiled&, const Calendar&, const Known&, const History&, const Fold&, Instant now);

// The cue ids that this version evaluates.
const std::vector<std::string>& known_cues();
// The parameters of a cue with their defaults.
const std::map<std::string, int>& cue_parameters(std::string_view id);

}  // namespace waymark::procedure
