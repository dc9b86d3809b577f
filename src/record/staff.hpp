#pragma once
// Who works here, as the newest profile says it, beside what a server that opened an older one still holds.
#include "content/content.hpp"
#include "store/store.hpp"

namespace waymark::record {

// Part of adopting a profile: whoever works here no longer, or as somebody else, has no session when the transaction is
// over and cannot begin one at a server that still holds the older profile.
void note_profile(store::Transaction&, store::Partnership, const content::Profile& before,
                  const content::Profile& after);
// Whether this person, as this server's profile has them, is still so, and nobody closed their access.
bool may_enter(store::Snapshot&, store::Partnership, const content::Practitioner&);

}  // namespace waymark::record
