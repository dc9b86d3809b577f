#pragma once
// The open cases in which the required agencies have never all been at one meeting, with who is missing.
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
    std::vector<UnmetCase> cases;  // past a triage first, then the longest open; at most `limit`
    bool counts_only = false;      // the asker may count without being shown any case
};
// An open case in which the required agencies have been due to meet since a known day: what is counted and listed.
bool ought_to_meet(const procedure::Standing&);

// For who may read: counted and listed from what they may know. For boards, who may count without being shown: the
// totals of all, and no case.
Result<Unmet> never_all_met(const Office&, const record::Asker&, Instant as_of, unsigned threads, std::size_t limit);

}  // namespace waymark::casework
