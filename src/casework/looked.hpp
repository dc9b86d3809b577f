#pragma once
// Who has looked at a child's record, when, why and at what: the audit's lines of every view of the child, for whoever
// answers for the record.
//
// Who may ask: the operator; a privacy officer, who sees the log and nothing of the record; whoever may read the record
// and manages (may record supervision) or leads the case. Asking leaves a line itself, with the action
// `read-log`. A line that speaks of nothing but entries that the reader may not know is not told: that somebody wrote
// one would tell that it is there. Source: domain register 4.1 (CP-IS shows the last accesses; Lincolnshire, audit by
// worker and client) and 4.2 (information governance: logs only).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

// Where a page ends, told without a number of the whole log, which would tell how much others did: a moment, and how
// many lines of that very moment, among those that the reader may know, are still to come.
struct LookedPlace {
    Instant at;
    std::size_t left = 0;
};

struct LookedQuery {
    std::optional<Date> from = {};           // that day too
    std::optional<Date> to = {};             // that day too
    std::string agency = {};                 // key
    std::string action = {};                 // read, search, append, export, decide-identity, read-log
    std::optional<LookedPlace> before = {};  // from there on
    std::size_t limit = 50;                  // at most 1,000
};

struct Look {
    std::int64_t position = 0;
    Instant at;
    std::string practitioner;  // key
    std::string name;          // of the practitioner; "The system itself" for the machine
    std::string role;          // in words
    std::string agency;        // name
    std::string strength;      // of the sign-in
    std::string action;
    std::string route;
    std::string purpose;       // in words
    std::string relationship;  // code, as the audit has it
    std::string ground;        // the same in words
    std::string reason;        // as typed
    std::string basis;
    std::size_t entries = 0;                                 // shown or kept, of those that the asker may know
    std::vector<std::pair<std::string, std::size_t>> kinds;  // label and how many, most first; empty for a log reader
    std::string fields;                                      // names of the identity's fields, separated by spaces
    std::string result;
    bool unreadable = false;  // the line was altered since it was kept: its open parts only
};

struct LookedPage {
    ViewId person;
    PersonPage child;                   // views and identities only; empty where the asker sees the log alone
    bool log_only = false;              // a privacy officer
    std::vector<Look> looks;            // newest first
    std::optional<std::int64_t> total;  // of the query, over all pages; for who sees the log alone
    std::optional<LookedPlace> next;    // `before` of the next page
};
Result<LookedPage> who_looked(const Office&, const record::Asker&, ViewId person, const LookedQuery&);
// The newest few, for a page that tells them beside the record itself, whose own line says that it was looked at.
// `under` is the reader's permit for this child; `records` are all views of the child.
std::vector<Look> newest_looks(const Office&, store::Snapshot&, const record::Permit& under,
                               const std::vector<ViewId>& records, std::size_t limit);
// Whether a button for it may be offered to somebody who reads this child.
bool may_ask_who_looked(const Office&, const record::Asker&, bool leads);

// A relationship of the audit in words: "Leads an open case".
std::string ground_in_words(std::string_view relationship);

}  // namespace waymark::casework
