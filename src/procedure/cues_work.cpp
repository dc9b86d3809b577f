// Cues that rest on what was done since the case opened, and on what was not.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "procedure/scene.hpp"

namespace waymark::procedure {

namespace {

using std::chrono::days;

// ---- meetings -----------------------------------------------------------------------------------------------------

std::optional<Cue> not_all_agencies_met(const Scene& scene, const CueRule& rule) {
    const auto& gathering = scene.gathering;
    if (!scene.is_open() || !gathering.asked || !gathering.past_triage || gathering.all_met) return std::nullopt;
    auto cue = cue_of(rule);
    Date decided;
    for (std::uint32_t i = 0; i < scene.size(); ++i) {
        if (!scene.known.items()[i].own || scene.part(i) != Part::triage) continue;
        const auto outcome = string_or(scene.fact(i).fields, "outcome", "");
        if (outcome != "assessment" && outcome != "strategy-discussion") continue;
        if (cue.entries.empty()) decided = scene.day_of(i);
        cue.entries.push_back(scene.fact(i).id);
    }
    if (scene.today - decided < days(parameter(rule, "days"))) return std::nullopt;
    for (const auto& meeting : gathering.meetings) cue.entries.push_back(meeting.entry);
    const auto lacking = join(gathering.missing, ", ");
    cue.why =
        gathering.meetings.empty()
            ? fmt::format("No meeting of the required agencies is recorded. They are: {}.", lacking)
            : fmt::format("The required agencies have never all been at one meeting. The fullest lacked: {}.", lacking);
    return cue;
}

// ---- drift and support --------------------------------------------------------------------------------------------

std::optional<Cue> drift(const Scene& scene, const CueRule& rule) {
    if (!scene.is_open()) return std::nullopt;
    const auto opened = *scene.fold.opened_by();
    auto last = opened;
    bool seen = false;
    for (auto i = scene.size(); i-- > opened;) {
        const auto part = scene.part(i);
        const auto& fields = scene.fact(i).fields;
        if (part == Part::action || part == Part::support ||
            (part == Part::visit && (is_true(fields, "seen") || is_true(fields, "seen_alone")))) {
            last = i;
            seen = true;
            break;
        }
    }
    const auto since = (scene.today - scene.day_of(last)).count();
    const auto limit = parameter(rule, "days");
    if (since < limit) return std::nullopt;
    auto cue = cue_of(rule);
    cue.entries.push_back(scene.fact(last).id);
    cue.why =
        seen ? fmt::format("{} days since the child was last seen or an action was delivered (limit {}).", since, limit)
             : fmt::format(
                   "{} days since the case opened, and the child has not been seen nor an action delivered (limit {}).",
                   since, limit);
    return cue;
}

bool ends_waiting(const Known::Item& item) {
    switch (item.kind->part) {
        case Part::sentence:
        case Part::proceedings:
            return true;
        case Part::charge: {
            const auto decision = string_or(item.fact->fields, "decision", "");
            return decision == "out-of-court" || decision == "no-charge";
        }
        default:
            return false;
    }
}

// Contract section 5: days of waiting, from the first disclosure, with no support delivered in the 28 days before.
std::optional<Cue> no_support(const Scene& scene, const CueRule& rule) {
    if (!scene.is_open()) return std::nullopt;
    const auto& items = scene.known.items();
    std::uint32_t disclosure = Known::none;
    for (std::uint32_t i = *scene.fold.opened_by(); i < items.size(); ++i) {
        if (disclosure == Known::none) {
            if (items[i].own && items[i].kind->part == Part::disclosure) disclosure = i;
        } else if (ends_waiting(items[i])) {
            return std::nullopt;
        }
    }
    if (disclosure == Known::none) return std::nullopt;
    const auto from = scene.day_of(disclosure);
    const auto window = days(parameter(rule, "window_days"));
    std::int64_t supported = 0;
    auto covered = from;  // the last day that is counted as supported, or the day of the disclosure
    for (const auto& item : items) {
        if (item.kind->part != Part::support) continue;
        const auto day = scene.calendar.day_of(item.fact->at);
        const auto first = std::max(covered + days(1), day);
        const auto last = std::min(scene.today, day + window);
        if (last < first) continue;
        supported += (last - first).count() + 1;
        covered = last;
    }
    const auto waited = (scene.today - from).count();
    if (waited < 1 || (covered == scene.today && covered > from)) return std::nullopt;
    auto cue = cue_of(rule);
    cue.entries.push_back(scene.fact(disclosure).id);
    cue.why = fmt::format("{} since the disclosure, {} of them with no support delivered in the {} days before.",
                          counted(static_cast<std::size_t>(waited), "day", "days"), waited - supported, window.count());
    return cue;
}

// ---- plans --------------------------------------------------------------------------------------------------------

struct OpenPlan {
    std::uint32_t agreed = 0;
    std::uint32_t looked_at = 0;  // the latest of: agreed, reviewed, reviewed independently
    std::uint32_t independent = Known::none;
    std::string_view type;
    bool ended = false;
};

// The plans that an entry is of: the one that it is about; else those of its type, or all where it names none.
template <class Do>
void each_plan(const Scene& scene, std::uint32_t at, std::vector<OpenPlan>& plans, const Do& act) {
    const auto about = scene.about(at, Part::planned);
    const auto type = string_or(scene.fact(at).fields, "type", "");
    for (auto& plan : plans) {
        if (plan.ended) continue;
        const bool its = about != Known::none ? plan.agreed == about : type.empty() || type == plan.type;
        if (its) act(plan);
    }
}

std::vector<OpenPlan> open_plans(const Scene& scene) {
    std::vector<OpenPlan> plans;
    for (std::uint32_t i = 0; i < scene.size(); ++i) {
        if (!scene.known.items()[i].own) continue;
        switch (scene.part(i)) {
            case Part::planned:
                plans.push_back({i, i, Known::none, string_or(scene.fact(i).fields, "type", ""), false});
                break;
            case Part::plan_ended:
                each_plan(scene, i, plans, [](OpenPlan& plan) { plan.ended = true; });
                break;
            case Part::reviewed:
                each_plan(scene, i, plans, [&](OpenPlan& plan) { plan.looked_at = i; });
                break;
            case Part::independent:
                each_plan(scene, i, plans, [&](OpenPlan& plan) { plan.looked_at = plan.independent = i; });
                break;
            default:
                break;
        }
    }
    std::erase_if(plans, [](const OpenPlan& plan) { return plan.ended; });
    return plans;
}

std::optional<Cue> changed_since_review(const Scene& scene, const CueRule& rule) {
    if (!scene.is_open()) return std::nullopt;
    const auto plans = open_plans(scene);
    if (plans.empty()) return std::nullopt;
    const auto oldest = std::min_element(plans.begin(), plans.end(), [](const auto& a, const auto& b) {
                            return a.looked_at < b.looked_at;
                        })->looked_at;
    auto cue = cue_of(rule);
    // A child's circumstances are the child's, in whichever case they were recorded.
    for (auto i = oldest + 1; i < scene.size(); ++i) {
        if (scene.part(i) == Part::changed && scene.today - scene.day_of(i) >= days(parameter(rule, "days")))
            cue.entries.push_back(scene.fact(i).id);
    }
    if (cue.entries.empty()) return std::nullopt;
    cue.why = fmt::format("{} since a plan was agreed or last reviewed, on {}.",
                          counted(cue.entries.size(), "change of circumstances", "changes of circumstances"),
                          format_long(scene.day_of(oldest)));
    return cue;
}

// Duties to an event of this kind that are overdue now.
template <class Do>
void each_overdue(const Scene& scene, std::string_view kind, const Do& act) {
    for (const auto& owed : scene.fold.owed()) {
        const auto& target = scene.compiled.nodes[scene.compiled.links[owed.rule].to];
        if (target.event->kind != kind || !owed.due || *owed.due >= scene.now) continue;
        if (scene.fold.state_of(owed, scene.now) == DutyState::overdue) act(owed);
    }
}

std::optional<Cue> plan_unreviewed(const Scene& scene, const CueRule& rule) {
    if (!scene.is_open()) return std::nullopt;
    auto cue = cue_of(rule);
    std::optional<Date> due;
    const auto late = [&](std::uint32_t at, Date day) {
        const auto id = scene.fact(at).id;
        if (std::find(cue.entries.begin(), cue.entries.end(), id) == cue.entries.end()) cue.entries.push_back(id);
        due = due ? std::min(*due, day) : day;
    };
    // The clocks of the procedure say when a review is due; where it has none, the parameter does.
    if (scene.compiled.kind("plan.reviewed").owed) {
        each_overdue(scene, "plan.reviewed", [&](const Owed& owed) {
            late(owed.raised_by, owed.due_day.value_or(scene.calendar.day_of(*owed.due)));
        });
    } else {
        for (const auto& plan : open_plans(scene)) {
            auto day = scene.calendar.due_day(scene.day_of(plan.looked_at),
                                              {ClockLength::Unit::months, parameter(rule, "months")});
            const auto by = parse_date(string_or(scene.fact(plan.agreed).fields, "review_by", ""));
            if (by && plan.looked_at == plan.agreed) day = *by;
            if (day < scene.today) late(plan.looked_at, day);
        }
    }
    if (!due) return std::nullopt;
    const auto n = (scene.today - *due).count();
    cue.why = fmt::format("A review of a plan was due by {}, {} ago, and is not recorded.", format_long(*due),
                          counted(static_cast<std::size_t>(std::max<std::int64_t>(0, n)), "day", "days"));
    return cue;
}

std::optional<Cue> no_independent_review(const Scene& scene, const CueRule& rule) {
    if (!scene.is_open()) return std::nullopt;
    auto cue = cue_of(rule);
    const ClockLength length{ClockLength::Unit::months, parameter(rule, "months")};
    bool ever = false;
    for (const auto& plan : open_plans(scene)) {
        const auto last = plan.independent == Known::none ? plan.agreed : plan.independent;
        if (scene.calendar.due_day(scene.day_of(last), length) >= scene.today) continue;
        ever = ever || plan.independent != Known::none;
        cue.entries.push_back(scene.fact(last).id);
    }
    if (cue.entries.empty()) return std::nullopt;
    cue.why = fmt::format("{} had no independent review{} for more than {}.",
                          counted(cue.entries.size(), "plan has", "plans have"), ever ? " since the last" : "",
                          counted(static_cast<std::size_t>(length.count), "month", "months"));
    return cue;
}

// ---- challenge ----------------------------------------------------------------------------------------------------

struct Challenge {
    std::uint32_t raised = 0;
    std::uint32_t asked = 0;  // when it was last put to somebody
    bool answered = false;
    bool ended = false;
};

std::vector<Challenge> challenges_of(const Scene& scene) {
    std::vector<Challenge> all;
    const auto of = [&](std::uint32_t at) -> Challenge* {
        const auto about = scene.about(at, Part::challenged);
        const auto found = std::find_if(all.begin(), all.end(), [&](const Challenge& one) {
            return about != Known::none ? one.raised == about : !one.ended;
        });
        return found == all.end() ? nullptr : &*found;
    };
    for (std::uint32_t i = 0; i < scene.size(); ++i) {
        if (!scene.known.items()[i].own) continue;
        switch (scene.part(i)) {
            case Part::challenged:
                all.push_back({i, i, false, false});
                break;
            case Part::challenge_passed_on:
                if (auto* one = of(i)) {
                    one->asked = i;
                    one->answered = false;
                }
                break;
            case Part::challenge_answered:
                if (auto* one = of(i)) one->answered = true;
                break;
            case Part::challenge_ended:
                if (auto* one = of(i)) one->ended = true;
                break;
            default:
                break;
        }
    }
    return all;
}

std::optional<Cue> unanswered_challenge(const Scene& scene, const CueRule& rule) {
    if (!scene.is_open()) return std::nullopt;
    auto challenges = challenges_of(scene);
    std::erase_if(challenges, [](const Challenge& one) { return one.ended || one.answered; });
    if (challenges.empty()) return std::nullopt;
    auto cue = cue_of(rule);
    Date oldest = scene.today;
    const auto late = [&](const Challenge& one) {
        cue.entries.push_back(scene.fact(one.asked).id);
        oldest = std::min(oldest, scene.day_of(one.asked));
    };
    // The clocks of the procedure say when an answer is due; where it has none, the parameter does.
    if (scene.compiled.kind("challenge.responded").owed) {
        std::vector<std::uint32_t> overdue;
        each_overdue(scene, "challenge.responded", [&](const Owed& owed) {
            const auto about = scene.about(owed.raised_by, Part::challenged);
            overdue.push_back(about == Known::none ? owed.raised_by : about);
        });
        for (const auto& one : challenges) {
            if (std::find(overdue.begin(), overdue.end(), one.raised) != overdue.end()) late(one);
        }
    } else {
        for (const auto& one : challenges) {
            if (scene.calendar.add_working_days(scene.day_of(one.asked), parameter(rule, "working_days")) < scene.today)
                late(one);
        }
    }
    if (cue.entries.empty()) return std::nullopt;
    cue.why = fmt::format("{} no answer, and the time for it has passed. The oldest was put on {}.",
                          counted(cue.entries.size(), "challenge has", "challenges have"), format_long(oldest));
    return cue;
}

// ---- consultation -------------------------------------------------------------------------------------------------

// Whether somebody who had to be asked gave a view after the entry.
bool view_given_after(const Scene& scene, std::uint32_t at, const std::string& event) {
    const std::vector<std::string> events{event};
    for (auto i = at + 1; i < scene.size(); ++i) {
        if (scene.known.items()[i].own && scene.fact(i).kind == "consultation.given" && scene.is_one_of(i, events))
            return true;
    }
    return false;
}

std::optional<Cue> acted_without_consultation(const Scene& scene, const CueRule& rule) {
    auto cue = cue_of(rule);
    const auto add = [&](EntryId id) {
        if (std::find(cue.entries.begin(), cue.entries.end(), id) == cue.entries.end()) cue.entries.push_back(id);
    };
    for (const auto& breach : scene.fold.breaches()) {
        const auto* broken = scene.compiled.book->rule(breach.rule);
        const auto* from = broken == nullptr ? nullptr : scene.compiled.book->event(broken->from);
        if (from == nullptr || from->kind != "consultation.given" || broken->relation != Relation::condition) continue;
        const auto at = scene.known.find(breach.entry);
        if (at != Known::none && !view_given_after(scene, at, from->id)) add(breach.entry);
    }
    // Protection is never held: the view falls due once the step is taken, and shows here when it is late.
    each_overdue(scene, "consultation.given", [&](const Owed& owed) {
        const auto part = scene.part(owed.raised_by);
        if (part != Part::proposed && part != Part::asked) add(scene.fact(owed.raised_by).id);
    });
    if (cue.entries.empty()) return std::nullopt;
    cue.why = fmt::format("{} taken, and not everybody who had to be asked has given a view.",
                          counted(cue.entries.size(), "step was", "steps were"));
    return cue;
}

constexpr Evaluator of_work[] = {
    {"not-all-agencies-met", not_all_agencies_met, "social-care-manager",
     "When every required agency was at one meeting, or the case ends."},
    {"no-support", no_support, "social-worker", "When support is delivered, or the waiting ends.", true},
    {"changed-since-review", changed_since_review, "social-worker", "When the plan is reviewed or ends."},
    {"plan-unreviewed", plan_unreviewed, "social-worker", "When the review is recorded, or the plan or case ends."},
    {"no-independent-review", no_independent_review, "reviewing-officer",
     "When an independent review is recorded, or the plan ends."},
    {"drift", drift, "social-care-manager", "When the child is seen, an action is delivered, or the case ends.", true},
    {"unanswered-challenge", unanswered_challenge, "social-care-manager",
     "When the challenge is answered or resolved, or the case ends."},
    {"acted-without-consultation", acted_without_consultation, "social-care-manager",
     "When those who had to be asked have given their view."},
};

}  // namespace

std::span<const Evaluator> cues_of_work() {
    return of_work;
}

}  // namespace waymark::procedure
