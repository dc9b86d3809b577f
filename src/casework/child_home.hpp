#pragma once
// The child's page as its reader comes back to it: what came on record since they last looked, and, for those who may
// ask, who looked last. Both from the audit alone.
//
// Source: targets page 11 and 28; domain register 4.1 (CP-IS shows the last 25 accesses).
#include <optional>
#include <unordered_set>
#include <vector>

#include "casework/looked.hpp"

namespace waymark::casework {

inline constexpr std::size_t looks_at_home = 25;

struct ChildHome {
    PersonPage page;
    // When this practitioner last opened this page in another sign-in than this one; nothing for a first look. Within
    // one sign-in it stays the same, so that what was new goes on being marked.
    std::optional<Instant> last_looked;
    std::unordered_set<EntryId> fresh;  // of the page's lines, what came since and is not their own
    bool may_ask = false;               // who has looked
    std::vector<Look> looks;            // the newest, for those who may
};
Result<ChildHome> child_home(const Office&, const record::Asker&, ViewId person);

}  // namespace waymark::casework
