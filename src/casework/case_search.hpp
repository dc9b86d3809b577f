#pragma once
// Cases by their number or by their child, as far as the asker may read them. What may not be read takes no place among
// what is found, and a number of such a case is answered as one that nobody has given.
#include <optional>
#include <string>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

struct FindCases {
    std::string number;            // a case's id here, or the number that an agency's own system gave it
    std::vector<ViewId> children;  // views that a search has found
};
struct FoundCase {
    CaseId case_id;
    ViewId person;
    std::string name;    // of the child, or "Name not known"
    std::string number;  // of an agency's own system; empty where none is known to the asker
    Instant opened;
    std::optional<Instant> closed;
    std::string lead;  // name; empty where nobody was named
};
// Those that are open first, the newest first; at most `limit`. A role that may not search finds nothing: `forbidden`.
Result<std::vector<FoundCase>> find_cases(const Office&, const record::Asker&, const FindCases&, std::size_t limit);

}  // namespace waymark::casework
