#pragma once
// For My day: what brings together children whose records the reader coordinates. Nothing for everybody else.
#include "web/visit.hpp"

namespace waymark::web {

Result<Html> separate_told(Visit&);

}  // namespace waymark::web
