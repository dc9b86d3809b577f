#pragma once
// What waits for a practitioner: the duties of the cases that they lead and those that their role owes, soonest due
// first; and who of their agency carries what. Counted from what the asker may know, so that a child who is hidden from
// them leaves no number either.
#include <optional>
#include <string>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

struct DueItem {
    CaseId case_id;
    ViewId person;
    std::string name;  // or "Name not known"
    std::string duty;  // "Decide what happens next, and record it"
    Instant due;
    bool overdue = false;
    bool leads = false;  // the asker leads the case; else their role owes it
};
struct Due {
    std::vector<DueItem> items;
    bool more = false;  // there are more than one look shows
};
// At most `limit` after the first `from`; of the 200 that are due soonest.
Result<Due> what_is_due(const Office&, const record::Asker&, std::size_t limit, std::size_t from = 0);

struct CarriedCase {
    CaseId case_id;
    ViewId person;
    std::string name;
    Instant opened;
    std::size_t overdue = 0;
    std::optional<Instant> next_due;  // the soonest that is not overdue
};
struct Carrier {
    std::string practitioner;
    std::string name;
    std::string role;
    std::size_t cases = 0;
    std::size_t overdue = 0;        // duties
    std::optional<Instant> oldest;  // opened
};
struct Caseload {
    std::string of;  // whose cases are listed: practitioner key
    std::string name;
    std::vector<CarriedCase> cases;  // most overdue first, then the longest open
    std::vector<Carrier> team;  // of the asker's agency, those with most overdue first; empty where `supervises` is not
    // Where the agency has more than 30 practitioners, `team` is one of its teams: which, and which there are.
    std::string team_shown;
    std::vector<std::string> teams;
    bool supervises = false;  // the asker's role looks over others' cases (`supervision.recorded`)
    bool more = false;        // not all of the cases are listed
};
// `of`: a practitioner of the asker's own agency; empty: the asker. `forbidden` for another's where the asker does not
// supervise. `team`: which team of a large agency; empty, or none of its: the asker's own.
Result<Caseload> caseload(const Office&, const record::Asker&, std::string_view of, std::string_view team = {});

}  // namespace waymark::casework
