#pragma once
// Raising a concern when the record cannot be written.
#include "web/visit.hpp"

namespace waymark::web {

// Whether this route is a step of raising a concern by somebody who may, where there is a spool.
bool may_raise_anyway(const Visit&, const Route&);
// 503, with the form that needs no store, filled with what was just typed.
Response raise_anyway(const Visit&);
// What the raiser is told of a concern that waits in the spool.
Response spooled_page(const Visit&, const casework::Receipt&);

}  // namespace waymark::web
