#pragma once
// Patterns over the record that somebody must look at (outside contract, section 5). Evaluated beside the graph.
#include "procedure/scene.hpp"

namespace waymark::procedure {

// Those of the rulebook that show at a moment, immediate danger first; and those that would, and were put aside.
struct Shown {
    std::vector<Cue> cues;
    std::vector<PutAside> put_aside;
};
Shown cues_of(const Scene&);
// One of them, by its place in the rulebook, where it shows.
std::optional<Cue> cue_at(const Scene&, std::size_t rule);

// The cue ids that this version evaluates.
const std::vector<std::string>& known_cues();
// The parameters of a cue with their defaults; of one that shows entries of an event, those that all have.
const std::map<std::string, int>& cue_parameters(std::string_view id);
// Nothing for a rulebook's own.
const Evaluator* evaluator_of(std::string_view id);
// The role that looks at a cue where the rulebook names none.
std::string_view cue_owner(std::string_view id);

}  // namespace waymark::procedure
