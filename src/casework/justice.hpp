#pragma once
// A child's way through justice: from the first disclosure to the sentence, the days between, on whom it waits, and the
// days without support. Computed from the lines that the reader is shown.
//
// Source of the rules: the outside contract, section 5. Days are calendar days from the first `disclosure.made`;
// waiting ends at the sentence, at a decision of no charge or out of court, at `proceedings.ended`, or when the case is
// closed. A day of waiting is unsupported where no `support.delivered` stands in the 28 days before it.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

struct JusticeStage {
    std::string name;            // "Charge decision"
    const Line* line = nullptr;  // the first entry of it; nothing yet where there is none
    std::optional<int> days;     // from the disclosure
};
struct JusticePath {
    bool any = false;  // there is anything to show
    std::vector<JusticeStage> stages;
    std::optional<Date> disclosed;
    std::optional<Date> ended;   // the waiting
    std::string ended_as;        // "Sentence passed", "Decided: no charge", …
    int waiting_days = 0;        // so far, or in all
    int unsupported_days = 0;    // of them
    std::string waits_for;       // the stage after the furthest on record, where it waits
    const Line* last = nullptr;  // the newest entry of police or courts
};
JusticePath justice_of(const Office&, std::span<const Line> lines, Date today);

}  // namespace waymark::casework
