// One entry after the other, and what time itself brings between them.
#include "procedure/fold.hpp"

#include <algorithm>

namespace waymark::procedure {

namespace {

using record::Fact;

// A duty that misses itself for ever would otherwise never end; no case comes near.
constexpr std::size_t most_missed = 20'000;

}  // namespace

Fold::Fold(const Compiled& compiled, const Calendar& calendar, const Known& known, const History& history,
           const std::optional<Born>& born)
    : compiled_(compiled),
      calendar_(calendar),
      known_(known),
      history_(history),
      born_(born),
      place_(compiled.nodes.size(), 0),
      open_(compiled.book->rules.size()) {
    marks_.reserve(compiled.globals.size());
    for (const auto event : compiled.globals) {
        place_[event] = static_cast<std::uint32_t>(marks_.size());
        marks_.emplace_back().included = compiled.nodes[event].event->included;
    }
}

void Fold::take(std::uint32_t at) {
    const auto& item = known_.items()[at];
    if (!item.own) return;
    if (!timers_.empty()) pass_to(item.fact->at.instant);
    apply(at);
}

void Fold::pass_to(Instant now) {
    while (waits_until(now) && missed_ < most_missed) {
        const auto timer = timers_.top();
        timers_.pop();
        miss(timer.owed);
    }
}

void Fold::miss(std::uint32_t index) {
    const auto& duty = owed_[index];
    const auto rule = duty.rule;
    const auto& link = compiled_.links[rule];
    if (duty.met_by != Known::none || duty.ended || duty.withdrawn || !marking(link.to, duty.instance).included) return;
    const When at{*duty.due, false};
    const auto by = duty.raised_by;
    std::vector<Happening> happening;
    const Attempt attempt{at, at.instant, Known::none, {}, Part::other};
    for (const auto event : link.missed) {
        const auto& node = compiled_.nodes[event];
        const auto instance = node.type == Compiled::none ? Owed::whole_case : duty.instance;
        if (node.ages.any() && !node.ages.hold(born_, calendar_.day_of(at))) continue;
        const bool free = marking(event, instance).included &&
                          std::all_of(node.gates.begin(), node.gates.end(),
                                      [&](std::uint16_t gate) { return allows(gate, attempt, instance); });
        if (free) happening.push_back({event, instance});
    }
    if (happening.empty()) return;
    ++missed_;
    const auto before = owed_.size();
    happen(happening, by, at, nullptr);
    if (owed_.size() > before) owed_[index].passed_to = owed_[before].rule;
}

bool Fold::is_event(std::uint16_t event, std::uint32_t at) const {
    const auto& item = known_.items()[at];
    const auto& events = item.kind->events;
    if (std::find(events.begin(), events.end(), event) == events.end()) return false;
    return compiled_.matches(compiled_.nodes[event], candidate(*item.fact, *item.kind));
}

Candidate Fold::candidate(const Fact& fact, const KindInfo& kind) const {
    auto seen = candidate(fact.fields, fact.about, kind, calendar_.day_of(fact.at));
    seen.involvement = fact.involvement;
    seen.agency = fact.agency;
    return seen;
}

Candidate Fold::candidate(const json::object& fields, EntryId about, const KindInfo& kind, Date day) const {
    Candidate seen;
    seen.fields = &fields;
    seen.involvement = UINT16_MAX;
    seen.day = day;
    seen.born = &born_;
    if (kind.inherits) {
        for (auto& beyond : seen.beyond) {
            const auto at = known_.find(about);
            if (at == Known::none) break;
            beyond = &known_.fact(at).fields;
            about = known_.fact(at).about;
        }
    }
    return seen;
}

void Fold::apply(std::uint32_t at) {
    const auto& item = known_.items()[at];
    const auto& fact = *item.fact;
    std::vector<Happening> happening;
    if (!item.kind->events.empty()) {
        const auto seen = candidate(fact, *item.kind);
        for (const auto event : item.kind->events) {
            if (compiled_.matches(compiled_.nodes[event], seen)) happening.push_back({event, Owed::whole_case});
        }
    }
    const auto part = item.kind->part;
    for (auto& one : happening) {
        if (compiled_.nodes[one.event].type != Compiled::none) one.instance = place_in(one.event, at);
    }
    const Attempt attempt{fact.at, fact.recorded, at, fact.about, part};
    for (const auto& one : happening) {
        const auto& node = compiled_.nodes[one.event];
        const bool free = marking(one.event, one.instance).included &&
                          std::all_of(node.gates.begin(), node.gates.end(),
                                      [&](std::uint16_t rule) { return allows(rule, attempt, one.instance); });
        if (free) continue;
        for (auto& gate : held(one.event, attempt, one.instance))
            breaches_.push_back({fact.id, std::move(gate.rule), std::move(gate.why)});
    }
    for (const auto& one : happening) {
        for (const auto rule : compiled_.nodes[one.event].meets) meet(rule, at, one);
    }
    if (part == Part::concern || part == Part::referral || part == Part::opened) {
        if (closed_ || !opened_by_) opened_by_ = at;
        closed_ = false;
    } else if (!opened_by_ && part != Part::triage && part != Part::closed) {
        opened_by_ = at;
    }
    happen(happening, at, fact.at, &fact);
}

// Events of an entry, or those that time brings: `at` is then the due time and `by` what raised the duty.
void Fold::happen(const std::vector<Happening>& happening, std::uint32_t by, When at, const Fact* entry) {
    for (const auto& one : happening) {
        auto& mark = marks_[mark_of(one.event, one.instance)];
        mark.executed = at;
        mark.executed_by = by;
    }
    for (const auto& one : happening) {
        for (const auto rule : compiled_.nodes[one.event].excludes) {
            if (!of_age(rule, at)) continue;
            each_target(compiled_.links[rule].to, one.instance, [&](Marking& mark) {
                if (mark.included) {
                    mark.excluded_at = at.instant;
                    mark.excluded_by = rule;
                }
                mark.included = false;
            });
        }
    }
    for (const auto& one : happening) {
        for (const auto rule : compiled_.nodes[one.event].includes) {
            if (!of_age(rule, at)) continue;
            each_target(compiled_.links[rule].to, one.instance, [](Marking& mark) { mark.included = true; });
        }
    }
    if (entry != nullptr) {
        const auto part = known_.items()[by].kind->part;
        if ((part == Part::triage || part == Part::closed) && record::ends_case(entry->kind, entry->fields))
            end_case(*entry);
    }
    for (const auto& one : happening) {
        if (compiled_.nodes[one.event].closes) close(one.instance, at.instant);
    }
    const auto before = owed_.size();
    for (const auto& one : happening) {
        for (const auto rule : compiled_.nodes[one.event].raises) raise(rule, by, at, one);
    }
    if (entry != nullptr) meet_what_it_raised(before, by, happening);
}

void Fold::end_case(const Fact& fact) {
    closed_ = true;
    for (std::size_t rule = 0; rule < open_.size(); ++rule) {
        if (open_[rule].empty()) continue;
        const auto ends = compiled_.book->rules[rule].ends_with;
        if (ends == EndsWith::never || (ends == EndsWith::case_closed && fact.kind != "case.closed")) continue;
        for (const auto i : open_[rule]) owed_[i].ended = fact.at.instant;
        open_[rule].clear();
    }
}

void Fold::close(std::uint32_t instance, Instant at) {
    if (!instances_[instance].open) return;
    instances_[instance].open = false;
    for (auto& open : open_) {
        std::erase_if(open, [&](std::uint32_t i) {
            if (owed_[i].instance != instance) return false;
            owed_[i].withdrawn = at;
            return true;
        });
    }
}

template <class Do>
void Fold::each_target(std::uint16_t event, std::uint32_t from_instance, const Do& act) {
    const auto type = compiled_.nodes[event].type;
    if (type == Compiled::none || from_instance != Owed::whole_case) {
        act(marks_[mark_of(event, from_instance)]);
        return;
    }
    for (std::uint32_t i = 0; i < instances_.size(); ++i) {
        if (instances_[i].type == type) act(marks_[mark_of(event, i)]);
    }
}

void Fold::meet_one(std::uint32_t index, std::uint32_t at) {
    owed_[index].met_by = at;
    owed_[index].met_at = known_.fact(at).at;
}

void Fold::meet(std::uint16_t rule, std::uint32_t at, const Happening& by) {
    const auto& shape = compiled_.book->rules[rule];
    auto& open = open_[rule];
    // An event of an instance meets what is owed in that instance; an event of the case meets it in all.
    const bool one_instance =
        by.instance != Owed::whole_case && compiled_.nodes[compiled_.links[rule].to].type != Compiled::none;
    const auto here = [&](const Owed& duty) { return !one_instance || duty.instance == by.instance; };
    if (!shape.matched_by_about && shape.for_each == ForEach::once) {
        std::erase_if(open, [&](std::uint32_t i) {
            if (!here(owed_[i])) return false;
            meet_one(i, at);
            return true;
        });
        return;
    }
    const auto& fact = known_.fact(at);
    const auto meets = [&](const Owed& duty, std::uint32_t target) {
        return here(duty) && (shape.for_each == ForEach::once ? duty.raised_by : duty.about) == target;
    };
    const auto meet_those_of = [&](std::uint32_t target) {
        bool any = false;
        std::erase_if(open, [&](std::uint32_t i) {
            if (!meets(owed_[i], target)) return false;
            meet_one(i, at);
            any = true;
            return true;
        });
        if (any) return true;
        // One that was no longer owed when its case ended is still met, late or not, by an entry that says what it is
        // about.
        for (std::uint32_t i = 0; i < owed_.size(); ++i) {
            const auto& duty = owed_[i];
            if (duty.rule == rule && duty.met_by == Known::none && duty.ended && meets(duty, target)) {
                meet_one(i, at);
                return true;
            }
        }
        return false;
    };
    if (!fact.about) {
        // An import that does not say: the oldest that is open.
        const auto oldest = std::find_if(open.begin(), open.end(), [&](std::uint32_t i) { return here(owed_[i]); });
        if (oldest == open.end()) return;
        meet_one(*oldest, at);
        open.erase(oldest);
        return;
    }
    const auto target = known_.find(fact.about);
    if (target == Known::none || meet_those_of(target)) return;
    // Feedback on the decision on a concern is feedback on the concern.
    const auto beyond = known_.find(known_.fact(target).about);
    if (beyond != Known::none) meet_those_of(beyond);
}

void Fold::raise(std::uint16_t rule, std::uint32_t by, When at, const Happening& happening) {
    const auto& shape = compiled_.book->rules[rule];
    if (!of_age(rule, at)) return;
    if (shape.for_each == ForEach::earlier_concern) {
        const auto& fact = known_.fact(by);
        const auto* in_hand = history_.decided_on(fact.about, by);
        if (in_hand == nullptr) return;
        for (const auto earlier : history_.unjudged(*in_hand, fact.at, fact.recorded))
            add(rule, by, earlier, fact.at, Owed::whole_case);
        return;
    }
    const auto type = compiled_.nodes[compiled_.links[rule].to].type;
    if (type == Compiled::none || happening.instance != Owed::whole_case) {
        raise_in(rule, by, at, happening.instance);
        return;
    }
    for (std::uint32_t i = 0; i < instances_.size(); ++i) {
        if (instances_[i].type == type && instances_[i].open) raise_in(rule, by, at, i);
    }
}

std::uint32_t Fold::raise_in(std::uint16_t rule, std::uint32_t by, When at, std::uint32_t instance) {
    const auto& shape = compiled_.book->rules[rule];
    const auto& link = compiled_.links[rule];
    if (shape.before) return raise_before(rule, by, at, instance);
    auto from = by;
    auto starts = at;
    if (shape.counts_from == CountsFrom::referral) {
        const auto* line = history_.line_of(known_.fact(by).about);
        if (line != nullptr) {
            from = line->at;
        } else {
            for (const auto& candidate : history_.lines()) {
                if (candidate.at <= by && candidate.own) from = candidate.at;
            }
        }
    } else if (shape.counts_from == CountsFrom::strategy) {
        const auto& items = known_.items();
        for (auto i = by + 1; i-- > 0;) {
            if (items[i].own && items[i].kind->part == Part::strategy) {
                from = i;
                break;
            }
        }
    } else if (shape.counts_from == CountsFrom::events) {
        std::optional<When> latest;
        for (const auto event : link.counts) {
            const auto in = compiled_.nodes[event].type == Compiled::none ? Owed::whole_case : instance;
            if (compiled_.nodes[event].type != Compiled::none && in == Owed::whole_case) continue;
            const auto& mark = marking(event, in);
            if (!mark.executed || (latest && mark.executed->instant < latest->instant)) continue;
            latest = mark.executed;
            from = mark.executed_by;
        }
        if (latest) starts = *latest;
    }
    if (shape.counts_from == CountsFrom::referral || shape.counts_from == CountsFrom::strategy)
        starts = known_.fact(from).at;
    if (shape.counts_from != CountsFrom::raising) {
        // The clock of one referral or strategy discussion is one duty, whatever raised it first.
        for (const auto& duty : owed_) {
            if (duty.raised_by == from && duty.instance == instance &&
                compiled_.links[duty.rule].first_of_id == link.first_of_id && compiled_.links[duty.rule].to == link.to)
                return Known::none;
        }
    }
    if (shape.single) {
        for (std::size_t r = link.first_of_id; r < open_.size(); ++r) {
            if (compiled_.links[r].first_of_id != link.first_of_id || compiled_.links[r].to != link.to) continue;
            const bool there = std::any_of(open_[r].begin(), open_[r].end(),
                                           [&](std::uint32_t i) { return owed_[i].instance == instance; });
            if (there) return Known::none;
        }
    }
    if (shape.once) {
        const bool before = std::any_of(owed_.begin(), owed_.end(), [&](const Owed& duty) {
            return duty.instance == instance && compiled_.links[duty.rule].first_of_id == link.first_of_id &&
                   compiled_.links[duty.rule].to == link.to;
        });
        if (before) return Known::none;
    }
    return add(rule, from, Known::none, starts, instance);
}

std::uint32_t Fold::add(std::uint16_t rule, std::uint32_t raised_by, std::uint32_t about, When from,
                        std::uint32_t instance) {
    Owed duty;
    duty.rule = rule;
    duty.raised_by = raised_by;
    duty.about = about;
    duty.instance = instance;
    duty.from = from;
    set_due(duty, raised_by);
    const auto index = static_cast<std::uint32_t>(owed_.size());
    if (duty.due && !compiled_.links[rule].missed.empty()) timers_.push({*duty.due, index});
    open_[rule].push_back(index);
    owed_.push_back(duty);
    return index;
}

void Fold::set_due(Owed& duty, std::uint32_t raised_by) const {
    const auto& rule = compiled_.book->rules[duty.rule];
    if (rule.before) {
        set_due_before(duty, raised_by);
        return;
    }
    if (!rule.due_field.empty()) {
        if (const auto day = parse_date(string_or(known_.fact(raised_by).fields, rule.due_field, "")))
            duty.due_day = *day;
    }
    if (!duty.due_day) {
        if (!rule.deadline) return;
        if (rule.deadline->unit == ClockLength::Unit::hours) {
            duty.due = calendar_.due(duty.from, *rule.deadline);
            return;
        }
        duty.due_day = calendar_.due_day(calendar_.day_of(duty.from), *rule.deadline);
    }
    duty.due = calendar_.start_of(*duty.due_day + std::chrono::days(1)) - std::chrono::microseconds(1);
}

bool Fold::of_age(std::uint16_t rule, When at) const {
    const auto& ages = compiled_.links[rule].ages;
    return !ages.any() || ages.hold(born_, calendar_.day_of(at));
}

std::optional<DutyState> Fold::state_of(const Owed& duty, Instant now) const {
    if (duty.met_by != Known::none) {
        const bool in_time = !duty.due || duty.met_at.instant <= *duty.due;
        return in_time ? DutyState::met : DutyState::met_late;
    }
    if (duty.ended) return DutyState::not_met;
    const auto& mark = marking(compiled_.links[duty.rule].to, duty.instance);
    if (duty.withdrawn || !mark.included) {
        // An excluded event is no longer owed; what was missed by then stays missed.
        const auto& since = duty.withdrawn ? duty.withdrawn : mark.excluded_at;
        if (since && duty.due && *since > *duty.due) return DutyState::not_met;
        return std::nullopt;
    }
    return duty.due && now > *duty.due ? DutyState::overdue : DutyState::open;
}

}  // namespace waymark::procedure
