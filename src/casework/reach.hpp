#pragma once
// Who of the partnership may be told of a child: who must meet, and whom a restricted record leaves.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "casework/casework.hpp"
#include "casework/knowing.hpp"

namespace waymark::casework {

template <class Names>
bool stands_in(const Names& names, std::string_view one) {
    return std::find(names.begin(), names.end(), one) != names.end();
}

// Named for every restriction of the record that keeps others out, and shut out by none.
bool is_named(const std::vector<const Restriction*>&, const std::string& practitioner);
bool keeps_out(const std::vector<const Restriction*>&);

// Agency types that must meet for a child of this age, whatever the procedure: who is asked unless somebody says
// otherwise.
std::set<std::string> required_types(const Office&, const std::optional<procedure::Born>&);

// Between two days.
int whole_years_on(Date born, Date day);

// The person of whom this is a view.
std::optional<ViewId> person_of(const Office&, store::Snapshot&, ViewId record);

}  // namespace waymark::casework
