#pragma once
// The demonstration: a synthetic partnership whose children come from the sample extracts, with two years of record
// behind them. Everything is made by category and code; nothing describes behaviour. The same day gives the same
// demonstration.
#include <functional>
#include <vector>

#include "base/system.hpp"
#include "cli/session.hpp"
#include "content/content.hpp"
#include "record/entry.hpp"

namespace waymark::cli {

// Imports the sample extracts as their agencies' registers and takes in the made record. Says what it does on
// `terminal.err`.
Result<void> make_demonstration(const World&, store::Store&, casework::Office&, Terminal&);
// Founds the demonstration's partnership in an empty store.
Result<void> found_demonstration(const World&, store::Store&, const record::Root&);

// ---- the made record ------------------------------------------------------------------------------------------------

// A child of the extracts, as the agencies that know them hold them.
struct DemoChild {
    record::Identity social_care;
    record::Identity school;
};

// Two years of record up to `now`, oldest first, made from these children by a fixed seed.
std::vector<record::Draft> demonstration_record(const content::Profile&, const std::vector<DemoChild>&, Instant now,
                                                const Zone&);
// The first agency of this type; empty where there is none.
std::string agency_of_type(const content::Profile&, std::string_view type);
// Pairs of records for the front door to look at: alike, set aside with news since, decided, and parted again.
using TakeDrafts = std::function<Result<void>(const std::vector<record::Draft>&)>;
Result<void> demonstration_matches(const casework::Office&, const std::vector<DemoChild>&, Instant now,
                                   const TakeDrafts&);
// Names for the children of a census, which holds none, as social care's own register would have them.
std::vector<record::Draft> names_for_census(const content::Profile&, const std::vector<record::Identity>& census,
                                            Instant now, SeededRandom&);

}  // namespace waymark::cli
