// What holds an event: conditions, milestones, and being excluded.
#include <algorithm>

#include <fmt/core.h>

#include "procedure/fold.hpp"

namespace waymark::procedure {

namespace {

// Whether what must wait this long after `from` may happen at `at`.
bool has_waited(const Calendar& calendar, When from, ClockLength delay, When at) {
    if (delay.unit == ClockLength::Unit::hours)
        return not_after({from.instant + std::chrono::hours(delay.count), from.date_only}, at);
    return calendar.due_day(calendar.day_of(from), delay) <= calendar.day_of(at);
}

std::string lower_first(std::string text) {
    if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && !(text[1] >= 'A' && text[1] <= 'Z')) {
        text[0] = static_cast<char>(text[0] - 'A' + 'a');
    }
    return text;
}

}  // namespace

bool Fold::pending(std::uint16_t event, std::uint32_t instance) const {
    const bool one = compiled_.nodes[event].type != Compiled::none;
    return std::any_of(compiled_.nodes[event].owes.begin(), compiled_.nodes[event].owes.end(), [&](std::uint16_t rule) {
        const auto& open = open_[rule];
        if (!one) return !open.empty();
        return std::any_of(open.begin(), open.end(), [&](std::uint32_t i) { return owed_[i].instance == instance; });
    });
}

// Where only the day of an entry is known, what happened later that day may have come first: nobody is accused of that.
bool Fold::happens_that_day(std::uint16_t event, const Attempt& attempt) const {
    if (attempt.position == Known::none || !attempt.at.date_only) return false;
    const auto& items = known_.items();
    for (auto i = attempt.position + 1; i < items.size() && not_after(items[i].fact->at, attempt.at); ++i) {
        if (items[i].own && is_event(event, i)) return true;
    }
    return false;
}

std::vector<std::uint32_t> Fold::waits_for(const Attempt& attempt) const {
    const auto before = attempt.position;  // `none` is above every position
    if (attempt.part != Part::triage) return history_.unjudged_of_case(attempt.at, attempt.recorded, before);
    const auto* in_hand = history_.decided_on(attempt.about, before);
    if (in_hand == nullptr) return {};
    return history_.unjudged(*in_hand, attempt.at, attempt.recorded);
}

bool Fold::allows(std::uint16_t rule, const Attempt& attempt, std::uint32_t instance) const {
    const auto& link = compiled_.links[rule];
    if (!of_age(rule, attempt.at)) return true;
    const auto type = compiled_.nodes[link.from].type;
    if (type == Compiled::none) return allows_within(rule, attempt, instance);
    if (compiled_.nodes[link.to].type == type) return allows_within(rule, attempt, instance);
    // From an event of instances to one of the case: it waits for every instance that is open.
    for (std::uint32_t i = 0; i < instances_.size(); ++i) {
        if (instances_[i].type == type && instances_[i].open && !allows_within(rule, attempt, i)) return false;
    }
    return true;
}

bool Fold::allows_within(std::uint16_t rule, const Attempt& attempt, std::uint32_t instance) const {
    const auto& shape = compiled_.book->rules[rule];
    const auto& link = compiled_.links[rule];
    if (!marking(link.from, instance).included) return true;
    if (shape.relation == Relation::milestone)
        return !pending(link.from, instance) || happens_that_day(link.from, attempt);
    if (shape.for_each == ForEach::earlier_concern) return waits_for(attempt).empty();
    const auto satisfied = [&](std::uint16_t event) {
        const auto& executed = marking(event, instance).executed;
        if (!executed) return false;
        for (const auto other : link.since) {
            const auto& later = marking(other, instance).executed;
            if (later && !not_after(*later, *executed)) return false;
        }
        return !shape.deadline || has_waited(calendar_, *executed, *shape.deadline, attempt.at);
    };
    if (satisfied(link.from) || std::any_of(link.also.begin(), link.also.end(), satisfied)) return true;
    return !shape.deadline && happens_that_day(link.from, attempt);
}

Gate Fold::gate(std::uint16_t rule, std::uint16_t event, const Attempt& attempt, std::uint32_t instance) const {
    auto gate = told(rule, event, attempt, instance);
    gate.proposed = gate.open || compiled_.book->rules[rule].course.empty() || !gate.waits_for.empty() ||
                    pending(compiled_.links[rule].from, instance);
    return gate;
}

Gate Fold::told(std::uint16_t rule, std::uint16_t event, const Attempt& attempt, std::uint32_t instance) const {
    const auto& shape = compiled_.book->rules[rule];
    const auto& link = compiled_.links[rule];
    const auto& node = compiled_.nodes[event];
    Gate gate;
    gate.rule = shape.id;
    gate.course = shape.course.empty() ? node.event->kind : shape.course;
    gate.open = allows(rule, attempt, instance);
    if (gate.open) return gate;
    const auto& source = *compiled_.nodes[link.from].event;
    const auto type = compiled_.nodes[link.from].type;
    const bool of_each = type != Compiled::none && node.type == Compiled::none;
    if (of_each) {
        for (std::uint32_t i = 0; i < instances_.size(); ++i) {
            if (instances_[i].type == type && instances_[i].open && !allows_within(rule, attempt, i))
                gate.waits_for.push_back(known_.fact(instances_[i].opened_by).id);
        }
    }
    if (shape.for_each == ForEach::earlier_concern) {
        for (const auto at : waits_for(attempt)) gate.waits_for.push_back(known_.fact(at).id);
        gate.why = gate.waits_for.size() == 1
                       ? fmt::format("{} waits: 1 earlier concern has not been judged.", node.event->label)
                       : fmt::format("{} waits: {} earlier concerns have not been judged.", node.event->label,
                                     gate.waits_for.size());
        return gate;
    }
    if (shape.relation == Relation::milestone) {
        gate.why = fmt::format("{} waits while this is still owed: {}.", node.event->label, lower_first(source.label));
        for (const auto r : compiled_.nodes[link.from].owes) {
            for (const auto i : open_[r]) {
                if (!of_each && (type == Compiled::none || owed_[i].instance == instance))
                    gate.waits_for.push_back(known_.fact(owed_[i].raised_by).id);
            }
        }
        return gate;
    }
    const auto& mark = marking(link.from, instance);
    if (!of_each && shape.deadline && mark.executed) {
        gate.why = fmt::format("{} waits until {} after this: {}.", node.event->label,
                               content::to_string(*shape.deadline), lower_first(source.label));
    } else if (!of_each && mark.executed && !link.since.empty()) {
        gate.why = fmt::format("{} waits until this has happened again, since something changed: {}.",
                               node.event->label, lower_first(source.label));
        for (const auto event_since : link.since) {
            const auto& later = marking(event_since, instance);
            if (later.executed && !not_after(*later.executed, *mark.executed) && later.executed_by != Known::none)
                gate.waits_for.push_back(known_.fact(later.executed_by).id);
        }
    } else {
        gate.why = fmt::format("{} waits until this has happened: {}.", node.event->label, lower_first(source.label));
    }
    return gate;
}

std::vector<Gate> Fold::held(std::uint16_t event, const Attempt& attempt, std::uint32_t instance) const {
    std::vector<Gate> found;
    const auto& node = compiled_.nodes[event];
    const auto& mark = marking(event, instance);
    if (!mark.included) {
        Gate gate;
        gate.rule = mark.excluded_by == Compiled::none ? "not-included" : compiled_.book->rules[mark.excluded_by].id;
        gate.course = node.event->kind;
        gate.why = fmt::format("{} is not part of this case now.", node.event->label);
        found.push_back(std::move(gate));
    }
    for (const auto rule : node.gates) {
        if (allows(rule, attempt, instance)) continue;
        found.push_back(gate(rule, event, attempt, instance));
    }
    return found;
}

}  // namespace waymark::procedure
