#pragma once
// One case under another version of the procedure: what it would have required, held and shown that was not, and what
// it would no longer.
//
// Both versions are stepped through as the record became known, entry by entry, with what was recorded by then. What
// people would have done otherwise is not imagined: the entries stay as they are.
#include <optional>
#include <string>
#include <vector>

#include "procedure/procedure.hpp"

namespace waymark::procedure {

// Both ends included; nothing: open.
struct Period {
    std::optional<Date> from;
    std::optional<Date> to;
    [[nodiscard]] bool holds(Date day) const { return (!from || day >= *from) && (!to || day <= *to); }
};

struct WouldBeDue {
    std::string id;
    std::string label;
    std::string owner;
    EntryId raised_by;
    EntryId about;
    Date first;  // the day from which it would have been owed
    Date due;
    std::optional<Date> due_in_force;  // of the same duty (or one that the same event meets) under what was in force
    std::optional<int> earlier_days;   // from `due` to `due_in_force`; where these are one day, of the days first owed
};
struct WouldBeBlocked {  // recorded, and would have been a breach
    EntryId entry;
    std::string rule;
    std::string why;
    Date on;
};
struct WouldBeShown {
    std::string id;
    std::string why;  // as it would have said on that day
    std::vector<EntryId> entries;
    Date first;
    std::optional<Date> first_in_force;  // the same cue for the same entries
    std::optional<int> earlier_days;
};
// Required, held or shown under what was in force, and never under the other version.
struct NoLongerDue {
    std::string id;
    std::string label;
    std::string owner;
    EntryId raised_by;
    EntryId about;
    Date first;  // the day from which it was owed
    Date due;
};
struct NoLongerShown {
    std::string id;
    std::string why;  // as it said on that day
    std::vector<EntryId> entries;
    Date first;
};
struct NoLonger {
    std::vector<NoLongerDue> due;  // neither it nor one that the same event meets
    std::vector<WouldBeBlocked> blocked;
    std::vector<NoLongerShown> shown;
    [[nodiscard]] bool empty() const { return due.empty() && blocked.empty() && shown.empty(); }
};
struct Replayed {
    CaseId case_id;
    ViewId person;
    std::string procedure;  // name and version that were in force
    std::vector<WouldBeDue> due;
    std::vector<WouldBeBlocked> blocked;
    std::vector<WouldBeShown> shown;
    NoLonger no_longer;
    [[nodiscard]] bool empty() const { return due.empty() && blocked.empty() && shown.empty() && no_longer.empty(); }
    [[nodiscard]] std::optional<int> earlier_days() const;  // the most of any duty or cue
};

// Items whose day (first owed, recorded, first shown) lies in the period, oldest first.
Replayed replay(const Procedure& in_force, const Procedure& other, const Calendar&, const Dossier&, Instant as_of,
                const Period& = {});

json::object to_json(const Replayed&);

}  // namespace waymark::procedure
