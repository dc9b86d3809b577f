#pragma once
// Silences in a child's record: stretches in which nobody recorded anything, and stretches in which no agency recorded
// seeing the child (a visit at which the child was seen). Computed from the lines that the reader is shown, so that
// what they may not know leaves no gap and fills none.
#include <span>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

// A silence is shown where it is longer than this: what comes every four weeks leaves none (the measure of a month
// without support, contract section 5).
inline constexpr int shown_silence_days = 28;

struct Gap {
    Date after;   // the day of the last entry (of the last seeing) before it
    Date before;  // the day of the next one; the day asked about where there is none yet
    int days = 0;
    bool seeing = false;  // nobody recorded seeing the child; else nobody recorded anything
    bool open = false;    // it goes on
};
// In the order of their ends. `lines` are in the order of the record; what was corrected counts for nothing. A silence
// goes on to `today` only while a case is open. Nothing counts before the first concern or referral that the reader
// knows of.
std::vector<Gap> gaps_of(const Office&, std::span<const Line> lines, bool case_open, Date today);

// The day on which the child was last seen, and by whom.
struct LastSeen {
    Date day;
    std::string source;
};
std::optional<LastSeen> last_seen(const Office&, std::span<const Line> lines);

}  // namespace waymark::casework
