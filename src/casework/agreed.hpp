#pragma once
// What is done when a second person has agreed, in the transaction of the agreement. By the machine, under the name of
// who asked; the entry says who agreed.
#include "casework/two_persons.hpp"

namespace waymark::casework {

Result<EntryId> lift_as_agreed(const Office&, store::Transaction&, const two_persons::Pending&,
                               const record::Asker& second);
Result<EntryId> decide_as_agreed(const Office&, store::Transaction&, const two_persons::Pending&,
                                 const record::Asker& second);

// Whether this second person may do the act itself; else why not. `missing` where they may not know of it.
Result<void> may_lift(const Office&, store::Snapshot&, const two_persons::Pending&, const record::Asker&);
Result<void> may_decide(const Office&, store::Snapshot&, const two_persons::Pending&, const record::Asker&);

// By the person who asked, as the machine carries it out.
record::Draft draft_as_agreed(const Office&, const two_persons::Pending&, const record::Asker& second,
                              std::string_view kind);

}  // namespace waymark::casework
