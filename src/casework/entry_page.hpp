#pragma once
// One entry on its own page: what it says, who wrote it, what it corrected and what corrected it, what may answer it,
// and where it stands in the log.
#include <optional>
#include <vector>

#include "casework/adding.hpp"

namespace waymark::casework {

struct EntryPage {
    PersonPage child;
    std::size_t line = 0;                          // of child.lines
    std::vector<std::size_t> versions;             // lines of the same entry, the oldest first; itself among them
    std::vector<std::size_t> answers;              // lines that are about it, in the order of the record
    std::vector<const content::Kind*> may_answer;  // kinds about it that the asker may add
    bool may_correct = false;                      // the own agency's, the newest version, of a kind with a plain form
    std::optional<std::int64_t> log_index;         // nothing while it waits for its place, a second at most
    std::optional<std::int64_t> log_size;          // of the newest signed checkpoint that covers it
    std::optional<Instant> signed_at;
};
// `missing` where the asker may not know of the entry or its child; the answer is the same where there is none.
Result<EntryPage> entry_page(const Office&, const record::Asker&, EntryId);

}  // namespace waymark::casework
