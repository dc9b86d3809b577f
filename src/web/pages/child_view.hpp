#pragma once
// The frame of every page of a child's record: whose it is, and its parts.
#include <string>
#include <utility>
#include <vector>

#include "web/pages/parts.hpp"

namespace waymark::web {

enum class ChildPart {
    chronology,
    standing,
    plans,
    justice,
    matches,
    add,
    entry,
    looked,
    telling,
    meetings,
    assessments,
    classification,
    consultation,
    people,
    places,
    ring
};

std::string child_url(ViewId person);
// Groups of kinds and their names, in the order of the page.
const std::vector<std::pair<std::string, std::string>>& group_names();
// Whether this role adds anything to records by a plain form; whose record is asked when the page is opened.
bool adds_entries(const Visit&);
Page child_frame(const Visit&, const casework::PersonPage&, const std::string& title, ChildPart);

}  // namespace waymark::web
