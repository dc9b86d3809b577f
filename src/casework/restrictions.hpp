#pragma once
// Restrictions on a child's record: setting one, looking at it again at the latest after the policy's days (Nottingham
// City: a rolling cycle of 90), and lifting it, to which two people have to agree.
//
// Source: domain register 4.1 (restrictions and their review), targets page 30.
#include <optional>
#include <string>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

struct RestrictionItem {
    EntryId entry;
    std::string reference;         // random: names it where the child may not be named
    std::optional<ViewId> person;  // of whom; nothing for those who see logs and not content
    std::string level;             // a marking
    std::string words;             // "Only the people named"
    std::vector<std::string> names;
    std::string reason;
    std::string by;  // name
    std::string agency;
    Instant since;
    Date review_by;
    bool due = false;   // within the policy's days of warning, or past
    bool late = false;  // past
    std::optional<EntryId> lift_asked;
    std::string lift_asked_by;
};

// In force, the first to be reviewed first: for a privacy officer of every record, without the child; for those who may
// restrict of the children whom they may know. `due_only`: those that are due for review.
Result<std::vector<RestrictionItem>> restrictions_in_force(const Office&, const record::Asker&, bool due_only);
// Of one child: for those who may restrict.
Result<std::vector<RestrictionItem>> restrictions_of_child(const Office&, const record::Asker&, ViewId person);
Result<RestrictionItem> restriction_item(const Office&, const record::Asker&, EntryId);

struct SetRestriction {
    std::string key;
    ViewId person;
    std::string level;  // named-only, all-but-named, hidden, sealed
    std::vector<std::string> persons;
    std::string reason;
    std::optional<Date> review_by;  // without a day: after the policy's days
};
Result<EntryId> set_restriction(const Office&, const record::Asker&, const SetRestriction&);
// Names or keys as typed, one a line, to keys of practitioners; a fault names those that are not known.
Result<std::vector<std::string>> practitioners_named(const Office&, std::string_view text);

struct ReviewRestriction {
    std::string key;
    EntryId entry;
    bool lift = false;  // a second person is asked; until one agrees it stays
    std::string reason;
    std::optional<Date> review_by;  // where it is kept
};
Result<EntryId> review_restriction(const Office&, const record::Asker&, const ReviewRestriction&);

}  // namespace waymark::casework
