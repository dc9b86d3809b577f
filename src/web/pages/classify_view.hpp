#pragma once
// The way to the pages of classifying.
#include <string>

#include "base/id.hpp"

namespace waymark::web {

std::string classify_url(EntryId concern);
std::string classifications_url(ViewId person);

}  // namespace waymark::web
