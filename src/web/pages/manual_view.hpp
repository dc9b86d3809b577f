#pragma once
// The way from a duty, a gate or a cue to the paragraph of the manual that says so.
#include <string>

#include "web/visit.hpp"

namespace waymark::web {

// "Manual 2.1.3": the paragraph as it was in force for the case. Nothing where the rule names none, or one that the
// manual does not have.
Html manual_link(const Visit&, const casework::Edition&, const std::string& paragraph);

// One paragraph of a chapter for another page, with its number as the link. Its sources stand in the chapter.
Html manual_paragraph(const content::Chapter&, const content::ManualBlock&);

}  // namespace waymark::web
