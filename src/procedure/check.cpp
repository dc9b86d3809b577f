// Soundness of a rulebook: its questions, each answered by walking the part of the graph that bears on it, or, where
// that part is too large, by a plan that works from every state.
#include <algorithm>

#include <fmt/core.h>

#include "procedure/soundness.hpp"

namespace waymark::procedure {

namespace {

// A part with more bits of state than this is planned before it is walked.
constexpr std::size_t small_part = 20'000;

struct Explored {
    std::vector<std::uint16_t> events;  // can they happen?
    std::vector<std::uint16_t> duties;  // are they raised, can they be met, in time?
};

class Questions {
public:
    Questions(const Graph& graph, std::size_t most_states, Check& check)
        : graph_(graph), most_states_(most_states), check_(check) {}

    void ask() {
        std::map<std::set<std::uint16_t>, Explored> parts;
        for (std::size_t e = 0; e < graph_.book().events.size(); ++e) {
            const auto event = static_cast<std::uint16_t>(e);
            if (graph_.node(event).active) parts[graph_.cone({event})].events.push_back(event);
        }
        for (std::size_t r = 0; r < graph_.book().rules.size(); ++r) {
            const auto rule = static_cast<std::uint16_t>(r);
            if (graph_.rule(rule).relation != Relation::response || !graph_.link(rule).active) continue;
            if (graph_.same_duty(rule).front() == rule)
                parts[graph_.cone(graph_.events_of_duty(rule))].duties.push_back(rule);
        }
        for (const auto& [events, part] : parts) answer(events, part);
        said_ = {};
        std::stable_sort(check_.faults.begin(), check_.faults.end(),
                         [](const Unsound& a, const Unsound& b) { return order(a.what) < order(b.what); });
    }

private:
    static int order(const std::string& what) {
        const std::vector<std::string> all{"time-lock", "deadlock", "never", "unreachable"};
        return static_cast<int>(std::find(all.begin(), all.end(), what) - all.begin()) % 4;
    }
    void answer(const std::set<std::uint16_t>& events, const Explored& part) {
        Slice slice(graph_, events, part.duties);
        const auto some = std::min(small_part, most_states_);
        if (slice.walk(some)) {
            check_.states += slice.states();
            read_off(slice, part);
            return;
        }
        check_.states += slice.states();
        if (planned(part)) return;
        if (some < most_states_) {
            Slice whole(graph_, events, part.duties);
            if (whole.walk(most_states_)) {
                check_.states += whole.states();
                read_off(whole, part);
                return;
            }
        }
        check_.answer = Check::Answer::undecided;
    }

    // ---- from a part that was walked whole ----
    void read_off(const Slice& slice, const Explored& part) {
        for (const auto event : part.events) {
            if (!slice.happens(event)) never(event);
        }
        for (const auto rule : part.duties) {
            const auto& shape = graph_.rule(rule);
            if (!slice.is_raised(rule)) {
                say("unreachable", shape, "Nothing that can happen raises this duty.", {});
                continue;
            }
            if (auto found = slice.deadlock(rule)) say("deadlock", shape, found->why, std::move(found->run));
            if (auto found = slice.time_lock(rule)) say("time-lock", shape, found->why, std::move(found->run));
        }
    }
    void never(std::uint16_t number) {
        const auto& event = *graph_.node(number).event;
        std::string why = event.included ? "No run that the procedure allows comes to it."
                                         : "It is not included at the start, and nothing that can happen includes it.";
        for (const auto gate : graph_.node(number).gates) why += fmt::format(" {} holds it.", graph_.rule(gate).id);
        check_.faults.push_back({"never", event.id, std::move(why), {}, event.place});
    }
    void say(const std::string& what, const Rule& rule, std::string why, std::vector<std::string> run) {
        if (!said_.insert(what + ' ' + rule.id).second) return;
        check_.faults.push_back({what, rule.id, std::move(why), std::move(run), rule.place});
    }

    // ---- from a plan ----
    [[nodiscard]] bool planned(const Explored& part) const {
        return std::all_of(part.events.begin(), part.events.end(), [&](std::uint16_t e) { return at_some_age(e); }) &&
               std::all_of(part.duties.begin(), part.duties.end(),
                           [&](std::uint16_t rule) { return is_raised(rule) && always_met(rule) && in_time(rule); });
    }
    [[nodiscard]] bool at_some_age(std::uint16_t event) const {
        for (std::size_t age = 0; age < graph_.ages().size(); ++age) {
            if (can_happen(graph_, event, age, PlanFrom::beginning)) return true;
        }
        return false;
    }
    [[nodiscard]] bool is_raised(std::uint16_t rule) const {
        const auto same = graph_.same_duty(rule);
        return std::any_of(same.begin(), same.end(), [&](std::uint16_t r) {
            const auto& link = graph_.link(r);
            for (std::size_t age = 0; age < graph_.ages().size(); ++age) {
                if (!graph_.applies(link.ages, age) || !can_happen(graph_, link.from, age, PlanFrom::beginning))
                    continue;
                if (!graph_.is_member(link.to) || graph_.is_member(link.from)) return true;
                const auto& events = graph_.compiled().types[graph_.node(link.to).type].events;
                if (std::any_of(events.begin(), events.end(), [&](std::uint16_t event) {
                        // Once it is open, what raises the duty must still be able to happen.
                        return graph_.node(event).opens && can_happen(graph_, event, age, PlanFrom::beginning) &&
                               can_happen(graph_, link.from, age, PlanFrom::anywhere);
                    }))
                    return true;
            }
            return false;
        });
    }
    // By a child of every age at which it may be owed: as old as when it was raised, or older.
    [[nodiscard]] bool always_met(std::uint16_t rule) const {
        bool may_be_owed = false;
        for (std::size_t age = 0; age < graph_.ages().size(); ++age) {
            for (const auto same : graph_.same_duty(rule))
                may_be_owed = may_be_owed || graph_.applies(graph_.link(same).ages, age);
            if (!may_be_owed) continue;
            const auto& link = graph_.link(rule);
            const bool met = can_happen(graph_, link.to, age, PlanFrom::owed) ||
                             std::any_of(link.also.begin(), link.also.end(), [&](std::uint16_t also) {
                                 return can_happen(graph_, also, age, PlanFrom::anywhere);
                             });
            if (!met) return false;
        }
        return true;
    }
    [[nodiscard]] bool in_time(std::uint16_t rule) const {
        const auto same = graph_.same_duty(rule);
        return std::all_of(same.begin(), same.end(), [&](std::uint16_t r) { return always_in_time(graph_, r); });
    }

    const Graph& graph_;
    std::size_t most_states_;
    Check& check_;
    std::set<std::string> said_;
};

void read_over_rule(const Rulebook& book, const Rule& rule, const content::Profile* profile, Check& check) {
    if (rule.deadline && rule.source.text.empty()) {
        check.faults.push_back(
            {"unsourced", rule.id, "The clock has neither a source nor the mark [U].", {}, rule.place});
    } else if (rule.deadline && rule.source.unsourced) {
        check.notes.push_back({"unsourced",
                               rule.id,
                               fmt::format("The clock of {} rests on no source.", content::to_string(*rule.deadline)),
                               {},
                               rule.place});
    }
    if (rule.owner.empty() || !book.has(rule.needs)) return;
    const auto& roles = content::roles();
    if (std::find(roles.begin(), roles.end(), rule.owner) == roles.end()) {
        check.faults.push_back(
            {"unknown-role", rule.id, fmt::format("There is no role \"{}\".", rule.owner), {}, rule.place});
    } else if (profile != nullptr && std::none_of(profile->practitioners.begin(), profile->practitioners.end(),
                                                  [&](const auto& who) { return who.role == rule.owner; })) {
        check.notes.push_back(
            {"nobody", rule.id, fmt::format("Nobody in the profile has the role \"{}\".", rule.owner), {}, rule.place});
    }
}

// Agency types that guards name: one that no agency of the profile has means that nobody can do it.
void read_over_agencies(const Rulebook& book, const content::Profile& profile, Check& check) {
    std::set<std::string> said;
    const auto look_at = [&](const std::string& type, const std::string& id, const std::string& place) {
        if (type == "absent" || type == "present" || !said.insert(type).second) return;
        if (std::any_of(profile.agencies.begin(), profile.agencies.end(),
                        [&](const auto& agency) { return agency.type == type; }))
            return;
        check.faults.push_back(
            {"unknown-agency", id, fmt::format("The profile has no agency of the type \"{}\".", type), {}, place});
    };
    for (const auto& event : book.events) {
        if (!book.has(event.needs) || event.of_members) continue;
        for (const auto& type : event.guard.agencies) look_at(type, event.id, event.place);
        for (const auto* part : {&event.guard.fields, &event.guard.except}) {
            for (const auto& [field, types] : *part) {
                if (!event.guard.by_type.contains(field)) continue;
                for (const auto& type : types) look_at(type, event.id, event.place);
            }
        }
    }
}

// Sources, roles, agencies and names: what needs no walking.
void read_over(const Rulebook& book, const content::Profile* profile, Check& check) {
    std::set<std::string> done;
    for (const auto& rule : book.rules) {
        for (const auto* id : {&rule.from, &rule.to}) {
            if (book.event(*id) == nullptr) {
                check.faults.push_back(
                    {"unknown-event", rule.id, fmt::format("There is no event \"{}\".", *id), {}, rule.place});
            }
        }
        if (done.insert(rule.id).second) read_over_rule(book, rule, profile, check);
    }
    if (profile != nullptr) read_over_agencies(book, *profile, check);
}

}  // namespace

Check check(const Rulebook& book, const Calendar& calendar, const content::Profile* profile, std::size_t most_states) {
    Check check;
    read_over(book, profile, check);
    const bool names_are_known = std::none_of(check.faults.begin(), check.faults.end(),
                                              [](const Unsound& fault) { return fault.what == "unknown-event"; });
    if (names_are_known) {
        const Graph graph(book, calendar);
        if (graph.whole()) {
            Questions(graph, most_states, check).ask();
        } else {
            check.answer = Check::Answer::undecided;
        }
    }
    if (!check.faults.empty()) check.answer = Check::Answer::refuted;
    return check;
}

}  // namespace waymark::procedure
