#pragma once
// What every verb of a practitioner does before and around its own entry.
#include <optional>
#include <string_view>

#include "casework/casework.hpp"

namespace waymark::casework {

Result<void> key_stands(std::string_view key);
Result<void> given(std::string_view text, const char* field, const char* mend);

record::Draft draft_by(const Office&, const record::Asker&, std::string_view kind, std::string_view key);
// The first fault that the record would find in it, under the name of the form's field.
Result<void> well_formed(const Office&, const record::Draft&);

// Whether the procedure that is in force in this case lets the draft be decided now; `held` with each gate's reason
// where not. `about` is the concern that it decides on, nil where it is about none.
Result<void> not_held(const Office&, const procedure::Dossier&, const record::Draft&, EntryId about);

// The entry that this form made when it was first sent. The same form with other content is a fault: nothing that
// somebody wrote may be dropped without a word.
Result<std::optional<record::Entry>> sent_before(const Office&, store::Transaction&, const record::Draft&);

// One draft through the one door; a refusal is a fault.
Result<Outcome> take_one(const Office&, store::Transaction&, const record::Permit&, record::Draft,
                         std::optional<CaseId> into);

}  // namespace waymark::casework
