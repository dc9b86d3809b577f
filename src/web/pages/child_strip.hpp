#pragma once
// What each agency recorded along time: the drawing over a child's chronology, and the same as a table.
#include <span>
#include <string_view>

#include "casework/gaps.hpp"
#include "web/visit.hpp"

namespace waymark::web {

// Nothing where there are too few entries for a drawing to say more than the list.
Html child_strip(const Visit&, const casework::PersonPage&, std::span<const casework::Gap>);

// "63 days in which no agency recorded seeing the child"
std::string gap_words(const casework::Gap&);

// The groups that are shown at a first look.
bool is_significant(std::string_view group);
std::string group_of(const Visit&, const casework::Line&);

}  // namespace waymark::web
