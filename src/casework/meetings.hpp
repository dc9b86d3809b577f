#pragma once
// The open cases in which the required agencies have never all been at one meeting, with who is missing.
//
// Whether they have is kept beside the entries whenever a case is folded, so that a look at the list folds only what it
// shows, what is marked for some readers only, and what time alone may have changed since.
#include <string>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

struct UnmetCase {
    CaseId case_id;
    ViewId person;
    std::string name;                  // or "Name not known"
    std::optional<Date> since;         // the first concern or referral
    bool past_triage = false;          // a decision of assessment or strategy discussion stands
    std::size_t meetings = 0;          // that were held
    std::vector<std::string> missing;  // types that the fullest meeting still lacked
};
struct Unmet {
    std::size_t open_cases = 0;    // in which somebody is required
    std::size_t never_met = 0;     // of them
    std::size_t past_triage = 0;   // of those that never met
    std::vector<UnmetCase> cases;  // past a triage first, then the longest open: those of the range
    bool counts_only = false;      // the asker may count without being shown any case
    bool led_only = false;  // the agency knows too many children: only what the asker or it leads was looked into
    bool partly = false;    // there were more to look into than one look does: some are not counted
};
// An open case in which the required agencies have been due to meet since a known day: what is counted and listed.
bool ought_to_meet(const procedure::Standing&);
// What is kept of it beside the entries.
store::GatheringRow gathering_row(const Office&, const procedure::Dossier&, const procedure::Standing&, Instant now);

// Whether every case has been folded since the store keeps this: in one that an earlier version wrote, not before
// `rebuild`.
Result<bool> gatherings_are_kept(const Office&);

struct Range {
    std::size_t from = 0;
    std::size_t limit = 50;  // at most 200
};
// Now. For who may read: counted and listed from what they may know; for who may read their own agency's entries only,
// from those, which seldom hold a meeting; where it knows more than 100 children, of the cases that they or it leads.
// For boards, who may count without being shown: the totals of all, and no case. A store in which a case was not folded
// since it knows of this is folded whole, on `threads` threads: `rebuild` ends that.
Result<Unmet> never_all_met(const Office&, const record::Asker&, unsigned threads, Range);

}  // namespace waymark::casework
