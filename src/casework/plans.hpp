#pragma once
// The plans of a child as the record tells them: what is agreed, who does what by when, what was done, and when each
// was looked at. Computed from the lines that the reader is shown.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

struct PlanAction {
    std::string id;
    std::string text;   // empty where the reader sees codes and dates only
    std::string owner;  // agency's name, or as it was written
    std::optional<Date> due;
    const Line* done = nullptr;  // the entry that says so
    [[nodiscard]] bool overdue(Date today) const { return done == nullptr && due && *due < today; }
};
struct Plan {
    const Line* agreed = nullptr;
    std::vector<PlanAction> actions;
    std::vector<const Line*> reviews;  // of the team and independent ones, the oldest first
    const Line* ended = nullptr;
    std::optional<Date> review_by;  // as it was agreed
    const Line* changed = nullptr;  // circumstances that changed after the last review, so that the plan is due for one
};
struct KeepApart {
    const Line* agreed = nullptr;
    const Line* ended = nullptr;
    std::optional<Date> review_by;
};
struct Plans {
    std::vector<Plan> plans;  // those in force first, the newest first
    std::vector<KeepApart> apart;
};
// `lines` outlive what is returned. A plan ends with `plan.ended` about it, or with a review whose outcome is `ends`.
Plans plans_of(const Office&, std::span<const Line> lines);

}  // namespace waymark::casework
