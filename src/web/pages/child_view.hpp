#pragma once
// The frame of every page of a child's record: whose it is, and its parts.
#include <string>

#include "web/pages/parts.hpp"

namespace waymark::web {

enum class ChildPart { chronology, standing, matches };

std::string child_url(ViewId person);
Page child_frame(const Visit&, const casework::PersonPage&, const std::string& title, ChildPart);

}  // namespace waymark::web
