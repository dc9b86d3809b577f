#pragma once
// Adding an entry to a child's record by its kind alone. What a kind asks for is data (content/kinds/*.toml), so one
// verb serves visits, views, plans, meetings, hearings and whatever a partnership adds. Kinds with a flow of their own
// (`own_flow`: raising, triage, judging, restrictions, …) are not added here.
#include <optional>
#include <string>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

// A child's record with the kinds that the asker may add to it, in the order of the content.
struct Adding {
    PersonPage child;
    std::vector<const content::Kind*> kinds;
};
Result<Adding> adding_page(const Office&, const record::Asker&, ViewId person);

struct AddRequest {
    std::string key;  // of the form: sent twice, it is one entry
    ViewId person;    // any view of the child that the asker may know
    std::string kind;
    std::optional<When> at;  // when it took place; default now
    json::object body;       // fields of the kind, as the outside contract writes them
    std::optional<EntryId> about;
    std::optional<EntryId> supersedes;  // the entry of the asker's own agency, and of this kind, that this one corrects
    // A course that the procedure gates and that has been taken all the same: it is kept, and leaves a breach. What
    // only decides (closing a case) is held whatever this says.
    bool has_happened = false;
};
// Faults, by the name of the form's field: `invalid`; `held` with the gate's reason; `conflict` at `supersedes` where
// the entry has been corrected already; `missing` where the asker may not know of the child or the entry.
Result<EntryId> add_entry(const Office&, const record::Asker&, const AddRequest&);

}  // namespace waymark::casework
