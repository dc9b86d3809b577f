#pragma once
// What interrupts a person today, and putting a prompt aside: by name, with a reason, until a day.
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

// The child's page as it stands now, with what interrupts this person. At most `procedure::interruptions_a_day` do in
// one day of the partnership's calendar, over all the cases that they look at; danger and what the law sets are not
// counted. What is counted is kept in the store with the audit line of the look, so that every server and every later
// look knows; a prompt that interrupted today goes on doing so and is counted once.
Result<PersonPage> prompted_page(const Office&, const record::Asker&, ViewId person);

// Whether this person may put it aside at all: for buttons; `dismiss_cue` asks again.
bool may_dismiss(const Office&, const record::Asker&, const procedure::Cue&);

}  // namespace waymark::casework
