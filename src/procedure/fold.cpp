// One entry after the other.
#include "procedure/fold.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace waymark::procedure {

namespace {

using record::Fact;

constexpr std::uint16_t no_rule = UINT16_MAX;

// The first instant at which something that must wait this long after `from` may happen.
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

Fold::Fold(const Compiled& compiled, const Calendar& calendar, const Known& known, const History& history)
    : compiled_(compiled),
      calendar_(calendar),
      known_(known),
      history_(history),
      executed_(compiled.nodes.size()),
      included_(compiled.nodes.size()),
      excluded_at_(compiled.nodes.size()),
      excluded_by_(compiled.nodes.size(), no_rule),
      open_(compiled.book->rules.size()) {
    for (std::size_t i = 0; i < compiled.nodes.size(); ++i) included_[i] = compiled.nodes[i].event->included;
    const auto& items = known.items();
    for (std::uint32_t i = 0; i < items.size(); ++i) {
        if (items[i].own) apply(i);
    }
}

bool Fold::is_event(std::uint16_t event, std::uint32_t at) const {
    const auto& item = known_.items()[at];
    const auto& node = compiled_.nodes[event];
    const auto& events = item.kind->events;
    if (std::find(events.begin(), events.end(), event) == events.end()) return false;
    return compiled_.matches(node, item.fact->fields, item.fact->involvement);
}

void Fold::apply(std::uint32_t at) {
    const auto& item = known_.items()[at];
    const auto& fact = *item.fact;
    matched_.clear();
    for (const auto event : item.kind->events) {
        if (compiled_.matches(compiled_.nodes[event], fact.fields, fact.involvement)) matched_.push_back(event);
    }
    const auto part = item.kind->part;
    if (!matched_.empty()) {
        const Attempt attempt{fact.at, fact.recorded, at, fact.about, part};
        for (const auto event : matched_) {
            const auto& node = compiled_.nodes[event];
            const bool free =
                included_[event] && std::all_of(node.gates.begin(), node.gates.end(),
                                                [&](std::uint16_t rule) { return allows(rule, attempt); });
            if (free) continue;
            for (auto& gate : held(event, attempt))
                breaches_.push_back({fact.id, std::move(gate.rule), std::move(gate.why)});
        }
        for (const auto event : matched_) {
            for (const auto rule : compiled_.nodes[event].meets) meet(rule, at);
        }
        for (const auto event : matched_) executed_[event] = fact.at;
        for (const auto event : matched_) {
            for (const auto rule : compiled_.nodes[event].excludes) {
                const auto target = compiled_.to[rule];
                if (included_[target]) {
                    excluded_at_[target] = fact.at.instant;
                    excluded_by_[target] = rule;
                }
                included_[target] = false;
            }
        }
        for (const auto event : matched_) {
            for (const auto rule : compiled_.nodes[event].includes) included_[compiled_.to[rule]] = true;
        }
    }
    if (part == Part::triage || part == Part::closed) {
        if (record::ends_case(fact.kind, fact.fields)) end_case(fact);
    } else if (part == Part::concern || part == Part::referral || part == Part::opened) {
        if (closed_ || !opened_by_) opened_by_ = at;
        closed_ = false;
    } else if (!opened_by_) {
        opened_by_ = at;
    }
    for (const auto event : matched_) {
        for (const auto rule : compiled_.nodes[event].raises) raise(rule, at);
    }
}

void Fold::end_case(const Fact& fact) {
    closed_ = true;
    for (std::size_t rule = 0; rule < open_.size(); ++rule) {
        if (open_[rule].empty()) continue;
        const auto ends = compiled_.book->rules[rule].ends_with;
        if (ends == EndsWith::never || (ends == EndsWith::case_closed && fact.kind != "case.closed")) continue;
        for (const auto i : open_[rule]) instances_[i].ended = fact.at.instant;
        open_[rule].clear();
    }
}

void Fold::meet(std::uint16_t rule, std::uint32_t at) {
    const auto& shape = compiled_.book->rules[rule];
    auto& open = open_[rule];
    if (!shape.matched_by_about && shape.for_each == ForEach::once) {
        for (const auto i : open) instances_[i].met_by = at;
        open.clear();
        return;
    }
    const auto& fact = known_.fact(at);
    const auto meets = [&](const Instance& instance, std::uint32_t target) {
        return (shape.for_each == ForEach::once ? instance.raised_by : instance.about) == target;
    };
    const auto meet_those_of = [&](std::uint32_t target) {
        bool any = false;
        for (std::size_t i = 0; i < open.size();) {
            if (meets(instances_[open[i]], target)) {
                instances_[open[i]].met_by = at;
                open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
                any = true;
            } else {
                ++i;
            }
        }
        if (any) return true;
        // One that was no longer owed when its case ended is still met, late or not, by an entry that says what it is
        // about.
        for (auto& instance : instances_) {
            if (instance.rule == rule && instance.met_by == Known::none && instance.ended && meets(instance, target)) {
                instance.met_by = at;
                return true;
            }
        }
        return false;
    };
    if (!fact.about) {
        // An import that does not say: the oldest that is open.
        if (open.empty()) return;
        instances_[open.front()].met_by = at;
        open.erase(open.begin());
        return;
    }
    const auto target = known_.find(fact.about);
    if (target == Known::none || meet_those_of(target)) return;
    // Feedback on the decision on a concern is feedback on the concern.
    const auto beyond = known_.find(known_.fact(target).about);
    if (beyond != Known::none) meet_those_of(beyond);
}

void Fold::raise(std::uint16_t rule, std::uint32_t at) {
    const auto& shape = compiled_.book->rules[rule];
    const auto& fact = known_.fact(at);
    if (shape.for_each == ForEach::earlier_concern) {
        const auto* in_hand = history_.decided_on(fact.about, at);
        if (in_hand == nullptr) return;
        for (const auto earlier : history_.unjudged(*in_hand, fact.at, fact.recorded)) add(rule, at, earlier, fact.at);
        return;
    }
    auto from = at;
    if (shape.counts_from == CountsFrom::referral) {
        const auto* line = history_.line_of(fact.about);
        if (line != nullptr) {
            from = line->at;
        } else {
            for (const auto& candidate : history_.lines()) {
                if (candidate.at <= at && candidate.own) from = candidate.at;
            }
        }
    } else if (shape.counts_from == CountsFrom::strategy) {
        const auto& items = known_.items();
        for (auto i = at + 1; i-- > 0;) {
            if (items[i].own && items[i].kind->part == Part::strategy) {
                from = i;
                break;
            }
        }
    }
    if (shape.counts_from != CountsFrom::raising) {
        // The clock of one referral or strategy discussion is one duty, whatever raised it first.
        for (const auto& instance : instances_) {
            if (instance.rule < compiled_.book->rules.size() && instance.raised_by == from &&
                compiled_.book->rules[instance.rule].id == shape.id) {
                return;
            }
        }
    }
    add(rule, from, Known::none, known_.fact(from).at);
}

void Fold::add(std::uint16_t rule, std::uint32_t raised_by, std::uint32_t about, When from) {
    Instance instance;
    instance.rule = rule;
    instance.raised_by = raised_by;
    instance.about = about;
    instance.from = from;
    if (const auto& deadline = compiled_.book->rules[rule].deadline) {
        if (deadline->unit == ClockLength::Unit::hours) {
            instance.due = calendar_.due(from, *deadline);
        } else {
            instance.due_day = calendar_.due_day(calendar_.day_of(from), *deadline);
            instance.due = calendar_.start_of(*instance.due_day + std::chrono::days(1)) - std::chrono::microseconds(1);
        }
    }
    open_[rule].push_back(static_cast<std::uint32_t>(instances_.size()));
    instances_.push_back(instance);
}

bool Fold::pending(std::uint16_t event) const {
    for (std::size_t rule = 0; rule < open_.size(); ++rule) {
        if (compiled_.to[rule] == event && !open_[rule].empty()) return true;
    }
    return false;
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

bool Fold::allows(std::uint16_t rule, const Attempt& attempt) const {
    const auto& shape = compiled_.book->rules[rule];
    const auto source = compiled_.from[rule];
    if (!included_[source]) return true;
    if (shape.relation == Relation::milestone) return !pending(source) || happens_that_day(source, attempt);
    if (shape.for_each == ForEach::earlier_concern) return waits_for(attempt).empty();
    const auto& executed = executed_[source];
    if (executed && (!shape.deadline || has_waited(calendar_, *executed, *shape.deadline, attempt.at))) return true;
    return !shape.deadline && happens_that_day(source, attempt);
}

Gate Fold::gate(std::uint16_t rule, std::uint16_t event, const Attempt& attempt) const {
    const auto& shape = compiled_.book->rules[rule];
    const auto& node = compiled_.nodes[event];
    Gate gate;
    gate.rule = shape.id;
    gate.course = shape.course.empty() ? node.event->kind : shape.course;
    gate.open = allows(rule, attempt);
    if (gate.open) return gate;
    const auto& source = *compiled_.nodes[compiled_.from[rule]].event;
    if (shape.for_each == ForEach::earlier_concern) {
        for (const auto at : waits_for(attempt)) gate.waits_for.push_back(known_.fact(at).id);
        gate.why = gate.waits_for.size() == 1
                       ? fmt::format("{} waits: 1 earlier concern has not been judged.", node.event->label)
                       : fmt::format("{} waits: {} earlier concerns have not been judged.", node.event->label,
                                     gate.waits_for.size());
    } else if (shape.relation == Relation::milestone) {
        gate.why = fmt::format("{} waits while this is still owed: {}.", node.event->label, lower_first(source.label));
        for (std::size_t r = 0; r < open_.size(); ++r) {
            if (compiled_.to[r] != compiled_.from[rule]) continue;
            for (const auto i : open_[r]) gate.waits_for.push_back(known_.fact(instances_[i].raised_by).id);
        }
    } else if (shape.deadline && executed_[compiled_.from[rule]]) {
        gate.why = fmt::format("{} waits until {} after this: {}.", node.event->label,
                               content::to_string(*shape.deadline), lower_first(source.label));
    } else {
        gate.why = fmt::format("{} waits until this has happened: {}.", node.event->label, lower_first(source.label));
    }
    return gate;
}

std::vector<Gate> Fold::held(std::uint16_t event, const Attempt& attempt) const {
    std::vector<Gate> found;
    const auto& node = compiled_.nodes[event];
    if (!included_[event]) {
        Gate gate;
        const auto by = excluded_by_[event];
        gate.rule = by == no_rule ? "not-included" : compiled_.book->rules[by].id;
        gate.course = node.event->kind;
        gate.why = fmt::format("{} is not part of this case now.", node.event->label);
        found.push_back(std::move(gate));
    }
    for (const auto rule : node.gates) {
        if (allows(rule, attempt)) continue;
        found.push_back(gate(rule, event, attempt));
    }
    return found;
}

std::optional<DutyState> Fold::state_of(const Instance& instance, Instant now) const {
    if (instance.met_by != Known::none) {
        const bool in_time = !instance.due || known_.fact(instance.met_by).at.instant <= *instance.due;
        return in_time ? DutyState::met : DutyState::met_late;
    }
    if (instance.ended) return DutyState::not_met;
    const auto target = compiled_.to[instance.rule];
    if (!included_[target]) {
        // An excluded event is no longer owed; what was missed by then stays missed.
        const auto& since = excluded_at_[target];
        if (since && instance.due && *since > *instance.due) return DutyState::not_met;
        return std::nullopt;
    }
    return instance.due && now > *instance.due ? DutyState::overdue : DutyState::open;
}

}  // namespace waymark::procedure
