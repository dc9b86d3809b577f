#pragma once
// The way to the pages of consulting, and what of it waits for somebody.
#include <string>

#include "web/visit.hpp"

namespace waymark::web {

std::string consultations_url(ViewId person);
std::string consultation_url(EntryId consultation);
std::string view_url(EntryId request);  // where the asked agency answers

// Views to give, views that were asked for and have not come, and going ahead that waits for a review; empty where
// nothing does.
Result<Html> consultation_tasks_shown(Visit&);

}  // namespace waymark::web
