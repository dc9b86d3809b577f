#pragma once
// What the audit holds of who looked at whose record, tallied in one walk over its open parts: nothing sealed is
// opened. For alerts.hpp, which says what of it seems wrong.
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

inline constexpr std::size_t most_moments = 64;  // of one person at one record that are kept one by one: the newest
inline constexpr std::size_t most_lines_to_open = 2'000;  // of those whose sealed part is asked for

// One person's looks at one child's record.
struct LookPair {
    std::uint32_t who = 0;  // index of Looks::people
    ViewId person;          // whose record
    std::size_t looks = 0;  // all but those in an emergency
    std::size_t by_glass = 0;
    Instant first, last;             // of either
    std::vector<Instant> moments;    // without the emergency's, oldest first
    std::vector<Instant> unfounded;  // of these, on no relationship of their own: the role's, or an agency's that knows
    std::size_t days = 0;            // different days
    std::size_t odd = 0;             // at odd hours
    Instant odd_last;
    bool wrote = false;
    bool worked = false;               // wrote, led the case, or had it for a task, in this time
    std::optional<Instant> had_until;  // the last look on which they led the case or had it for a task
    std::size_t after = 0;             // looks since, and since they last wrote
    Instant wrote_last;
    Date last_day;
};
struct LookPerson {
    Bytes tag;
    const content::Practitioner* known = nullptr;  // nothing for whoever has left the profile
    std::int64_t position = 0;                     // of a line of theirs
    struct Opened {
        Instant at;
        ViewId person;
    };
    std::vector<Opened> opened;  // records, in the order of time; not in an emergency
    std::vector<Opened> copied;
    std::vector<Instant> searched;  // moments
    std::size_t odd_days = 0;       // different days on which they looked at odd hours
    Date odd_last_day;
};
struct Looks {
    std::vector<LookPerson> people;
    std::vector<LookPair> pairs;
    std::vector<std::int64_t> moved;     // positions: a sign-in was used from another address; the newest
    std::vector<std::int64_t> shut_out;  // positions: a personal connection closed a record; the newest
};
Result<Looks> tally_looks(const Office&, store::Snapshot&, Instant from);

}  // namespace waymark::casework
