#pragma once
// Sections to write and assessments to agree to, for My day.
#include "web/visit.hpp"

namespace waymark::web {

Result<Html> assessment_tasks_shown(Visit&);

}  // namespace waymark::web
