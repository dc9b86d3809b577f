#pragma once
// One entry, as several pages show it, and the addresses of what is done with it.
#include <string>
#include <string_view>

#include "web/pages/parts.hpp"

namespace waymark::web {

std::string entry_url(EntryId);
std::string add_url(ViewId person, std::string_view kind);  // the form of a kind for this child

// What it says, who wrote it and when, as question and answer.
Html entry_summary(const Visit&, const casework::Line&);

}  // namespace waymark::web
