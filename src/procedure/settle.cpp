// A rulebook as a whole: what a rule takes from the events that it joins, instances that are not mixed, and rings.
#include <algorithm>

#include "procedure/reading.hpp"

namespace waymark::procedure {

// The tighter of two limits; two that name parameters cannot be compared before a profile is known: the inner one.
AgeLimits within(const AgeLimits& inner, const AgeLimits& outer) {
    AgeLimits both = inner;
    if (!both.from) both.from = outer.from;
    if (!both.to) both.to = outer.to;
    if (inner.from && outer.from && inner.from->parameter.empty() && outer.from->parameter.empty())
        both.from = std::max(*inner.from, *outer.from);
    if (inner.to && outer.to && inner.to->parameter.empty() && outer.to->parameter.empty())
        both.to = std::min(*inner.to, *outer.to);
    return both;
}

Needs both(Needs a, const Needs& b) {
    for (const auto& [id, value] : b) a[id] = std::max(a.contains(id) ? a[id] : 0, value);
    return a;
}

namespace {

using Waits = std::map<std::string, std::vector<const Rule*>>;  // by target

// What holds for the events that a rule joins holds for the rule; instances are not mixed.
Result<void> join_events(Rulebook& book) {
    for (auto& rule : book.rules) {
        const auto& from = *book.event(rule.from);
        const auto& to = *book.event(rule.to);
        if (rule.relation == Relation::response) {
            auto meets = rule.also_met_by;
            meets.push_back(rule.to);
            for (const auto& id : meets) {
                if (!book.event(id)->missed.empty())
                    return invalid(rule.place, fmt::format("\"{}\" is no entry and meets no duty", id),
                                   "name an [[event]] with a kind");
            }
        }
        rule.age = within(rule.age, within(from.guard.age, to.guard.age));
        rule.needs = both(rule.needs, both(from.needs, to.needs));
        auto joined = rule.also_met_by;
        joined.insert(joined.end(), rule.since.begin(), rule.since.end());
        joined.insert(joined.end(), rule.counts_from_events.begin(), rule.counts_from_events.end());
        joined.push_back(rule.from);
        std::string type = to.instance;
        for (const auto& id : joined) {
            const auto& other = book.event(id)->instance;
            if (other.empty() || other == type) continue;
            if (type.empty() && (id == rule.from || !from.instance.empty())) {
                type = other;
                continue;
            }
            return invalid(rule.place,
                           fmt::format("rule \"{}\" joins events of {} and of {}", rule.id,
                                       type.empty() ? "the case" : type, other),
                           "a rule joins events of one [[instance]], or one of its events and one of the case");
        }
        if (rule.for_each != ForEach::once && !type.empty())
            return invalid(rule.place, fmt::format("for_each beside the instance {}", type), "name events of the case");
        for (const auto& id : rule.also_met_by) {
            const auto& other = book.event(id)->instance;
            const auto& met = rule.relation == Relation::response ? to.instance : from.instance;
            if (other.empty() || other == met) continue;
            return invalid(rule.place, fmt::format("\"{}\" is an event of {}", id, other),
                           "name one that is of the same instance, or of the case");
        }
    }
    for (const auto& event : book.events) {
        if (!event.missed.empty()) {
            for (const auto& rule : book.rules) {
                if (rule.id != event.missed) continue;
                const auto& to = book.event(rule.to)->instance;
                if (event.instance.empty() || event.instance == to) continue;
                return invalid(event.place,
                               fmt::format("\"{}\" is of {} and the duty is not", event.id, event.instance),
                               to.empty() ? "take instance out" : fmt::format("write instance = \"{}\"", to));
            }
        }
    }
    return {};
}
Result<void> walk(const std::string& event, Waits& waits, std::map<std::string, int>& seen,
                  std::vector<std::string>& way) {
    if (seen[event] == 2) return {};
    seen[event] = 1;
    way.push_back(event);
    for (const auto* rule : waits[event]) {
        if (seen[rule->from] == 1) {
            auto ring = std::vector<std::string>(std::find(way.begin(), way.end(), rule->from), way.end());
            ring.push_back(rule->from);
            return invalid(rule->place, fmt::format("a ring of conditions: {}", join(ring, " waits for ")),
                           "take one of them out: none of these can ever happen");
        }
        TRY_VOID(walk(rule->from, waits, seen, way));
    }
    way.pop_back();
    seen[event] = 2;
    return {};
}

// Events that wait for each other for ever, whatever happens: each included at the start and excluded by nothing.
Result<void> no_ring_of_conditions(const Rulebook& book) {
    Waits waits;
    std::set<std::string> excluded;
    for (const auto& rule : book.rules) {
        if (rule.relation == Relation::exclude) excluded.insert(rule.to);
    }
    for (const auto& rule : book.rules) {
        const bool always = rule.relation == Relation::condition && rule.for_each == ForEach::once &&
                            rule.also_met_by.empty() && book.event(rule.from)->included &&
                            !excluded.contains(rule.from) && !rule.age.any();
        if (always) waits[rule.to].push_back(&rule);
    }
    std::map<std::string, int> seen;  // 1: on the way, 2: done
    std::vector<std::string> way;
    for (const auto& event : book.events) TRY_VOID(walk(event.id, waits, seen, way));
    return {};
}
}  // namespace

Result<void> settle(Rulebook& book) {
    TRY_VOID(join_events(book));
    return no_ring_of_conditions(book);
}

}  // namespace waymark::procedure
