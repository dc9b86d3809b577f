#pragma once
// The answer to "is it the same child?", as typed on any page that asks it.
#include "casework/matches.hpp"
#include "web/visit.hpp"

namespace waymark::web {

// Faults of fields are left in visit.typed; what is returned as a fault was not made by our form.
Result<casework::MatchDecision> read_match_decision(Visit&);

}  // namespace waymark::web
