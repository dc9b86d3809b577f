#pragma once
// How a child is asked for by name, date of birth and postcode, wherever a page asks.
#include "record/identity.hpp"
#include "web/visit.hpp"

namespace waymark::web {

Html child_search_fields(const Typed&);
// From what was typed in them; faults stand at the fields.
record::Identity child_query(Visit&);

}  // namespace waymark::web
