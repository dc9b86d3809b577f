#pragma once
// What is due, as My day and its own page show it.
#include "casework/workload.hpp"
#include "web/pages/parts.hpp"

namespace waymark::web {

Html due_table(const Visit&, const casework::Due&);

}  // namespace waymark::web
