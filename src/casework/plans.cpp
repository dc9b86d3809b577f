// Each entry finds its plan by what it is about; one that is about none belongs to the newest plan of its type.
#include "casework/plans.hpp"

#include <algorithm>

#include "casework/child.hpp"

namespace waymark::casework {

namespace {

std::vector<PlanAction> actions_in(const Office& office, const json::object& body) {
    std::vector<PlanAction> actions;
    const auto* list = find(body, "actions");
    if (list == nullptr || !list->is_array()) return actions;
    for (const auto& value : list->get_array()) {
        const auto* action = value.if_object();
        if (action == nullptr) continue;
        actions.push_back({std::string(string_or(*action, "id", "")), std::string(string_or(*action, "text", "")),
                           agency_name(office, string_or(*action, "owner", "")), day_in(*action, "due"), nullptr});
    }
    return actions;
}

// The plan that an entry speaks of: by what it is about, through reviews; else the newest of its type.
Plan* plan_of(std::vector<Plan>& plans, const Line& line) {
    const auto& entry = line.entry;
    const auto about = entry.row.about;
    for (auto plan = plans.rbegin(); about && plan != plans.rend(); ++plan) {
        const bool reviewed = std::any_of(plan->reviews.begin(), plan->reviews.end(),
                                          [&](const Line* review) { return review->entry.row.entry == about; });
        if (plan->agreed->entry.row.entry == about || reviewed) return &*plan;
    }
    const auto type = string_or(entry.body, "type", "");
    for (auto plan = plans.rbegin(); plan != plans.rend(); ++plan) {
        if (plan->ended == nullptr && (type.empty() || string_or(plan->agreed->entry.body, "type", "") == type))
            return &*plan;
    }
    return nullptr;
}

void take_line(const Office& office, Plans& found, const Line& line) {
    const auto& kind = line.entry.row.kind;
    const auto& body = line.entry.body;
    if (kind == "plan.agreed") {
        found.plans.push_back({&line, actions_in(office, body), {}, nullptr, day_in(body, "review_by"), nullptr});
    } else if (kind == "plan.reviewed" || kind == "review.independent") {
        auto* plan = plan_of(found.plans, line);
        if (plan == nullptr) return;
        plan->reviews.push_back(&line);
        plan->changed = nullptr;
        if (string_or(body, "outcome", "") == "ends") plan->ended = &line;
    } else if (kind == "plan.ended") {
        if (auto* plan = plan_of(found.plans, line)) plan->ended = &line;
    } else if (kind == "action.completed") {
        auto* plan = plan_of(found.plans, line);
        if (plan == nullptr) return;
        const auto id = string_or(body, "action", "");
        for (auto& action : plan->actions) {
            if (action.id == id && action.done == nullptr) action.done = &line;
        }
    } else if (kind == "circumstance.changed") {
        for (auto& plan : found.plans) {
            if (plan.ended == nullptr) plan.changed = &line;
        }
    } else if (kind == "keep-apart.agreed") {
        found.apart.push_back({&line, nullptr, day_in(body, "review_by")});
    } else if (kind == "keep-apart.ended") {
        for (auto one = found.apart.rbegin(); one != found.apart.rend(); ++one) {
            const bool of_this = !line.entry.row.about || one->agreed->entry.row.entry == line.entry.row.about;
            if (one->ended != nullptr || !of_this) continue;
            one->ended = &line;
            break;
        }
    }
}

}  // namespace

Plans plans_of(const Office& office, std::span<const Line> lines) {
    Plans found;
    for (const auto& line : lines) {
        if (!line.superseded) take_line(office, found, line);
    }
    std::reverse(found.plans.begin(), found.plans.end());
    std::stable_partition(found.plans.begin(), found.plans.end(),
                          [](const Plan& plan) { return plan.ended == nullptr; });
    std::reverse(found.apart.begin(), found.apart.end());
    std::stable_partition(found.apart.begin(), found.apart.end(),
                          [](const KeepApart& one) { return one.ended == nullptr; });
    return found;
}

}  // namespace waymark::casework
