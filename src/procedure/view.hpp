#pragma once
// What is shown of a fold.
#include "procedure/cues.hpp"

namespace waymark::procedure {

struct View {
    const Compiled& compiled;
    const Calendar& calendar;
    const Known& known;
    const History& history;
    const Fold& fold;
    Instant now;
};

Standing standing_of(const View&, CaseId, ViewId person);

}  // namespace waymark::procedure
