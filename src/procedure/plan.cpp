// Proof by plan: steps that make an event happen from any state whatever. What is not known is taken at its worst, so a
// plan that is found holds for every state that can be reached, however many there are. Of what may be many, what is
// said of one is said of each: the steps are gone through once for each, and must hold the second time as the first.
#include <algorithm>

#include "procedure/soundness.hpp"

namespace waymark::procedure {

namespace {

constexpr std::size_t most_tries = 20'000;
constexpr int most_rounds = 2'000;

class Plan {
public:
    Plan(const Graph& graph, std::size_t age) : graph_(graph), age_(age) {
        const auto events = graph.book().events.size();
        sky_.included.resize(events);
        for (std::size_t e = 0; e < events; ++e) {
            const auto event = static_cast<std::uint16_t>(e);
            sky_.included[e] = !graph.changes(event).empty()     ? Known3::unknown
                               : graph.book().events[e].included ? Known3::yes
                                                                 : Known3::no;
        }
        sky_.satisfied.resize(graph.book().rules.size(), false);
        sky_.quiet.resize(graph.book().rules.size(), false);
        start_ = sky_;
    }

    bool find(std::uint16_t goal, PlanFrom from) {
        const bool there = from == PlanFrom::owed || (from == PlanFrom::beginning && graph_.node(goal).event->included);
        if (there && sky_.included[goal] == Known3::unknown) sky_.included[goal] = start_.included[goal] = Known3::yes;
        return achieve(goal) && holds_for_each();
    }

private:
    enum class Known3 : std::int8_t { no, yes, unknown };
    struct Sky {                       // over what is known
        std::vector<Known3> included;  // by event
        std::vector<bool> satisfied;   // by condition
        std::vector<bool> quiet;       // by response: nothing is owed
        bool judged = false;           // no earlier concern waits
    };

    [[nodiscard]] std::vector<std::uint16_t> effective(const Letter& letter) const {
        std::vector<std::uint16_t> events;
        for (const auto event : letter.events) {
            if (graph_.applies(graph_.node(event).ages, age_)) events.push_back(event);
        }
        return events;
    }
    [[nodiscard]] bool open(std::uint16_t rule) const {
        const auto& shape = graph_.rule(rule);
        const auto& link = graph_.link(rule);
        if (!graph_.applies(link.ages, age_) || sky_.included[link.from] == Known3::no) return true;
        if (shape.relation == Relation::milestone) {
            const auto& owes = graph_.node(link.from).owes;
            return std::all_of(owes.begin(), owes.end(), [&](std::uint16_t r) { return sky_.quiet[r]; });
        }
        if (shape.for_each == ForEach::earlier_concern) return sky_.judged;
        return sky_.satisfied[rule];
    }
    [[nodiscard]] bool can_go(const std::vector<std::uint16_t>& events) const {
        return std::all_of(events.begin(), events.end(), [&](std::uint16_t event) {
            const auto& gates = graph_.node(event).gates;
            return sky_.included[event] == Known3::yes &&
                   std::all_of(gates.begin(), gates.end(), [&](std::uint16_t gate) { return open(gate); });
        });
    }
    void apply(const std::vector<std::uint16_t>& events) {
        const auto has = [&](const std::vector<std::uint16_t>& some) {
            return std::any_of(some.begin(), some.end(), [&](std::uint16_t one) {
                return std::find(events.begin(), events.end(), one) != events.end();
            });
        };
        for (const auto event : events) {
            for (const auto rule : graph_.node(event).meets) sky_.quiet[rule] = true;
            const auto& kind = graph_.node(event).event->kind;
            if (kind == "earlier.judged") sky_.judged = true;
            if (kind == "concern.raised") sky_.judged = false;
        }
        for (std::size_t r = 0; r < sky_.satisfied.size(); ++r) {
            const auto& link = graph_.compiled().links[r];
            if (!link.active || graph_.book().rules[r].relation != Relation::condition) continue;
            if (has(link.since)) sky_.satisfied[r] = false;
            if (has({link.from}) || has(link.also)) sky_.satisfied[r] = true;
        }
        for (const auto event : events) {
            for (const auto rule : graph_.node(event).excludes) {
                if (graph_.applies(graph_.link(rule).ages, age_)) sky_.included[graph_.link(rule).to] = Known3::no;
            }
        }
        for (const auto event : events) {
            for (const auto rule : graph_.node(event).includes) {
                if (graph_.applies(graph_.link(rule).ages, age_)) sky_.included[graph_.link(rule).to] = Known3::yes;
            }
        }
        for (const auto event : events) {
            for (const auto rule : graph_.node(event).raises) sky_.quiet[rule] = false;
        }
    }

    bool achieve(std::uint16_t goal) {
        if (++tries_ > most_tries || !on_the_way_.insert(goal).second) return false;
        const bool done = graph_.node(goal).event->missed.empty() ? by_entry(goal) : by_time(goal);
        on_the_way_.erase(goal);
        return done;
    }
    bool by_entry(std::uint16_t goal) {
        std::vector<std::vector<std::uint16_t>> ways;
        for (const auto& letter : graph_.letters()) {
            auto events = effective(letter);
            if (std::find(events.begin(), events.end(), goal) != events.end()) ways.push_back(std::move(events));
        }
        const auto blocked = [&](const std::vector<std::uint16_t>& events) {
            return std::count_if(events.begin(), events.end(),
                                 [&](std::uint16_t event) { return graph_.can_be_blocked(event); });
        };
        std::stable_sort(ways.begin(), ways.end(), [&](const auto& a, const auto& b) {
            return std::pair(blocked(a), a.size()) < std::pair(blocked(b), b.size());
        });
        return first_of(ways, [&](const auto& way) { return go(way); });
    }
    // The first way that works; what the others changed is undone.
    template <class Ways, class Try>
    bool first_of(const Ways& ways, const Try& attempt) {
        for (const auto& way : ways) {
            const auto before = sky_;
            const auto steps = steps_.size();
            if (attempt(way)) return true;
            sky_ = before;
            steps_.resize(steps);
        }
        return false;
    }
    bool go(const std::vector<std::uint16_t>& events) {
        for (int round = 0; round < most_rounds; ++round) {
            const auto left_out = std::find_if(
                events.begin(), events.end(), [&](std::uint16_t event) { return sky_.included[event] != Known3::yes; });
            if (left_out != events.end()) {
                if (!bring_in(*left_out)) return false;
                continue;
            }
            std::optional<std::uint16_t> gate;
            for (const auto event : events) {
                for (const auto one : graph_.node(event).gates) {
                    if (!gate && !open(one)) gate = one;
                }
            }
            if (!gate) {
                apply(events);
                steps_.push_back(events);
                return true;
            }
            if (!open_up(*gate)) return false;
        }
        return false;
    }
    bool bring_in(std::uint16_t event) {
        return first_of(graph_.changes(event), [&](std::uint16_t rule) {
            return graph_.rule(rule).relation == Relation::include && graph_.applies(graph_.link(rule).ages, age_) &&
                   achieve(graph_.link(rule).from) && sky_.included[event] == Known3::yes;
        });
    }
    bool open_up(std::uint16_t gate) {
        const auto& shape = graph_.rule(gate);
        const auto& link = graph_.link(gate);
        if (shape.relation == Relation::milestone) return settle(link.from);
        if (shape.for_each == ForEach::earlier_concern) {
            std::vector<std::uint16_t> judging;
            for (std::size_t e = 0; e < graph_.book().events.size(); ++e) {
                if (graph_.book().events[e].kind == "earlier.judged") judging.push_back(static_cast<std::uint16_t>(e));
            }
            return first_of(judging, [&](std::uint16_t event) { return achieve(event); });
        }
        std::vector<std::uint16_t> sources{link.from};
        sources.insert(sources.end(), link.also.begin(), link.also.end());
        if (first_of(sources, [&](std::uint16_t source) { return achieve(source) && open(gate); })) return true;
        return first_of(graph_.changes(link.from), [&](std::uint16_t rule) {
            return graph_.rule(rule).relation == Relation::exclude && graph_.applies(graph_.link(rule).ages, age_) &&
                   achieve(graph_.link(rule).from) && open(gate);
        });
    }
    // Meets all that is owed of an event.
    bool settle(std::uint16_t event) {
        for (const auto rule : graph_.node(event).owes) {
            if (sky_.quiet[rule]) continue;
            std::vector<std::uint16_t> ways{event};
            ways.insert(ways.end(), graph_.link(rule).also.begin(), graph_.link(rule).also.end());
            if (!first_of(ways, [&](std::uint16_t way) { return achieve(way) && sky_.quiet[rule]; })) return false;
        }
        return true;
    }
    // The duty is met if it was owed, raised anew, and its time runs out.
    bool by_time(std::uint16_t goal) {
        std::vector<std::uint16_t> rules;
        for (std::size_t r = 0; r < graph_.book().rules.size(); ++r) {
            if (graph_.book().rules[r].id == graph_.node(goal).event->missed && graph_.compiled().links[r].active)
                rules.push_back(static_cast<std::uint16_t>(r));
        }
        if (!graph_.applies(graph_.node(goal).ages, age_)) return false;
        return first_of(rules, [&](std::uint16_t rule) {
            const auto& link = graph_.link(rule);
            // A clock that counts from something earlier may have been kept for it already, and one that runs once may
            // have run.
            const auto& shape = graph_.rule(rule);
            const bool may_be_spent = shape.counts_from != CountsFrom::raising || shape.once || shape.before;
            if (!graph_.applies(link.ages, age_) || may_be_spent) return false;
            if (graph_.rule(rule).single && !achieve(link.to)) return false;
            if (!achieve(link.from) || sky_.quiet[rule]) return false;
            if (sky_.included[link.to] != Known3::yes || !can_go({goal})) return false;
            apply({goal});
            steps_.push_back({goal});
            return true;
        });
    }
    // Gone through again for another instance, of which nothing is known.
    bool holds_for_each() {
        const auto member = [&](const std::vector<std::uint16_t>& events) {
            return std::any_of(events.begin(), events.end(), [&](std::uint16_t e) { return graph_.is_member(e); });
        };
        if (std::none_of(steps_.begin(), steps_.end(), member)) return true;
        for (std::size_t e = 0; e < sky_.included.size(); ++e) {
            if (graph_.is_member(static_cast<std::uint16_t>(e))) sky_.included[e] = start_.included[e];
        }
        for (std::size_t r = 0; r < sky_.quiet.size(); ++r) {
            const auto& link = graph_.compiled().links[r];
            if (!link.active || (!graph_.is_member(link.from) && !graph_.is_member(link.to))) continue;
            sky_.satisfied[r] = sky_.quiet[r] = false;
        }
        for (const auto& step : steps_) {
            if (!can_go(step)) return false;
            apply(step);
        }
        return true;
    }

    const Graph& graph_;
    std::size_t age_;
    Sky sky_;
    Sky start_;
    std::set<std::uint16_t> on_the_way_;
    std::vector<std::vector<std::uint16_t>> steps_;
    std::size_t tries_ = 0;
};

// The longest wait for an event in any state.
Wait longest_wait(const Graph& graph, std::uint16_t event, std::set<std::uint16_t>& walking) {
    Wait longest;
    if (!walking.insert(event).second) {
        longest.endless = true;
        return longest;
    }
    for (const auto gate : graph.node(event).gates) {
        const auto& shape = graph.rule(gate);
        const auto& link = graph.link(gate);
        if (graph.can_be_excluded(link.from) || shape.for_each == ForEach::earlier_concern) continue;
        auto wait = longest_wait(graph, link.from, walking);
        if (shape.relation == Relation::condition) {
            for (const auto also : link.also) {
                const auto other = longest_wait(graph, also, walking);
                if (other.hours(graph, true) < wait.hours(graph, true)) wait = other;
            }
            if (shape.deadline) wait.add(*shape.deadline);
        }
        if (wait.hours(graph, true) > longest.hours(graph, true)) longest = wait;
    }
    const auto& missed = graph.node(event).event->missed;
    if (!missed.empty()) {
        if (const auto* rule = graph.book().rule(missed); rule != nullptr) longest.add_missing(*rule);
    }
    walking.erase(event);
    return longest;
}

}  // namespace

bool can_happen(const Graph& graph, std::uint16_t event, std::size_t age, PlanFrom from) {
    return Plan(graph, age).find(event, from);
}

bool always_in_time(const Graph& graph, std::uint16_t rule) {
    const auto& shape = graph.rule(rule);
    if (!shape.deadline || shape.for_each != ForEach::once) return true;
    const auto& link = graph.link(rule);
    std::vector<std::uint16_t> ways{link.to};
    ways.insert(ways.end(), link.also.begin(), link.also.end());
    return std::any_of(ways.begin(), ways.end(), [&](std::uint16_t way) {
        std::set<std::uint16_t> walking;
        return longest_wait(graph, way, walking).keeps(graph, least_time(shape));
    });
}

}  // namespace waymark::procedure
