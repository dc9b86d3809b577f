#pragma once
// Putting a prompt aside: by name, with a reason, until a day.
#include <string>
#include <string_view>

#include "casework/casework.hpp"

namespace waymark::casework {

struct DismissRequest {
    std::string key;
    CaseId case_id;
    std::string cue;
    std::string reason;
    std::optional<Date> until;
};
// `cue.dismissed` in the case. It hides the prompt for everybody until the end of that day, or until something that it
// rests on comes on record. `invalid` where it may never be put aside (immediate danger), or not for so long, or with
// no reason; `conflict` where it does not show (any more); `forbidden` for whoever neither triages nor owns it.
Result<EntryId> dismiss_cue(const Office&, const record::Asker&, const DismissRequest&);

// Whether this person may put it aside at all: for buttons; `dismiss_cue` asks again.
bool may_dismiss(const Office&, const record::Asker&, const procedure::Cue&);

}  // namespace waymark::casework
