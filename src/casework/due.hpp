#pragma once
// What the tellings, checks and challenges share: what is owed by an entry of some kind, and the chain of entries about
// one.
#include <string_view>
#include <vector>

#include "casework/access.hpp"
#include "casework/casework.hpp"
#include "casework/knowing.hpp"

namespace waymark::casework {

// One look in one snapshot: several lists of it leave one audit line.
struct Look {
    const Office& office;
    store::Snapshot& snapshot;
    const record::Asker& asker;
    Seen& seen;
};

// An entry, read as its card by the machine, to which an entry of the other kind is still owed.
struct OwedEntry {
    record::Entry entry;
    Instant due;
};
// By the rules that an entry of this kind meets, the soonest first. Bounded; the caller shows only what the asker may
// know.
Result<std::vector<OwedEntry>> owed_about(const Office&, store::Snapshot&, std::string_view kind_that_meets);

// The first of a chain and the last that is about it, as far as the asker may know the child; `missing` at `place`.
struct Chain {
    record::Entry first;
    record::Entry last;
};
Result<Chain> chain_of(const Office&, store::Snapshot&, Knowing&, EntryId first, std::string_view first_kind,
                       std::string_view further_kind, const char* place);

// Entries of these kinds that are about one, or about one that is, oldest first, corrected ones left out; the one
// itself first. Read by the machine: the caller has asked whether the asker may.
Result<std::vector<record::Entry>> story_of(const Office&, store::Snapshot&, const record::Entry& first);

// The child's open case that was opened last, else the last that was closed; nil where there was none.
CaseId case_of(const Office&, store::Snapshot&, std::span<const store::ViewRow>);

// The child whose record this is.
record::Subject the_child(ViewId record);

// By when such an entry, made then, is answered by the procedure's clock; nothing where no rule says.
std::optional<Date> usual_day(const Office&, std::string_view raising_kind, std::string_view meeting_kind, When made);

// The name and the birth alone, of the oldest view that has a name: what somebody learns who is asked about a child.
Result<record::Identity> name_of_record(const Office&, store::Snapshot&, ViewId record);

// Whether nothing restricts the child's record, or the asker is named. Of a knowing that was made to search: a read
// asks for more than that.
bool not_shut_out(const Knowing&, ViewId person);

}  // namespace waymark::casework
