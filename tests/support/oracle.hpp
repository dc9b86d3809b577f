#pragma once
// A second interpreter, written from the published definitions and not from the engine: a marking is the set of events
// that have happened (and when), the responses that are pending (each with its deadline) and the set of included events
// (Hildebrandt and Mukkamala 2010; time: Hildebrandt, Mukkamala, Slaats, Zanitti 2013; a relation to a group stands for
// all its events: 2011; one marking for each instance: Debois, Hildebrandt, Slaats 2014). Sets, maps and loops only.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "support/sample_case.hpp"

namespace waymark::testing {

// A rulebook whose rules may name groups: by id, its events.
struct Shape {
    procedure::Rulebook book;
    std::map<std::string, std::vector<std::string>> groups;
};

// id, raised by, due, state, met by, opener of the instance
using DutyRow = std::tuple<std::string, EntryId, std::int64_t, std::string, EntryId, EntryId>;
using BreachRow = std::pair<EntryId, std::string>;

class Oracle {
    using Rule = procedure::Rule;
    using Event = procedure::Event;
    using Fact = record::Fact;
    using Relation = procedure::Relation;
    using Unit = content::ClockLength::Unit;

public:
    Oracle(const Shape& shape, const std::vector<Fact>& facts, std::optional<Date> born, Instant now)
        : shape_(shape), born_(born), now_(now) {
        for (const auto& fact : facts) {
            if (fact.recorded <= now && fact.at.instant <= now) known_.push_back(fact);
        }
        for (const auto& fact : known_) {
            bool corrected = false;
            for (const auto& other : known_) corrected = corrected || other.supersedes == fact.id;
            if (!corrected) effective_.push_back(fact);
        }
        std::sort(effective_.begin(), effective_.end(), [](const Fact& a, const Fact& b) {
            return std::tuple(a.at.instant, a.recorded, a.id) < std::tuple(b.at.instant, b.recorded, b.id);
        });
        whole_case_ = marking_of("");
        for (const auto& fact : effective_) {
            let_time_pass(fact.at.instant);
            execute(fact);
        }
        let_time_pass(now);
    }
    [[nodiscard]] std::vector<DutyRow> duties() const {
        std::vector<DutyRow> rows;
        for (const auto& p : pending_) {
            const auto& where = marking(p.to, p.instance);
            std::string state = now_ > p.due ? "overdue" : "open";
            if (p.met) {
                state = p.met_at <= p.due ? "met" : "met-late";
            } else if (p.ended) {
                state = "not-met";
            } else if (p.withdrawn) {
                if (p.withdrawn_at <= p.due) continue;
                state = "not-met";
            } else if (!where.included.contains(p.to)) {
                const auto since = where.excluded_at.find(p.to);
                if (since == where.excluded_at.end() || since->second <= p.due) continue;
                state = "not-met";
            }
            rows.emplace_back(p.rule->id, p.raised_by, p.due.micros, state, p.met ? p.met_by : EntryId{},
                              p.instance >= 0 ? instances_[static_cast<std::size_t>(p.instance)].opened_by : EntryId{});
        }
        std::sort(rows.begin(), rows.end());
        return rows;
    }
    [[nodiscard]] std::vector<BreachRow> breaches() const {
        auto all = breaches_;
        std::sort(all.begin(), all.end());
        return all;
    }
    [[nodiscard]] bool closed() const { return closed_; }

private:
    struct Marking {
        std::map<std::string, Instant> executed;
        std::map<std::string, EntryId> executed_by;
        std::set<std::string> included;
        std::map<std::string, Instant> excluded_at;
        std::map<std::string, std::string> excluded_by;
    };
    struct Instance {
        std::string type;
        EntryId opened_by;
        bool open = true;
        std::string key;
        Marking marking;
    };
    struct Pending {
        const Rule* rule = nullptr;
        std::string from;
        std::string to;
        int instance = -1;
        EntryId raised_by;
        Instant due;
        EntryId met_by;
        Instant met_at;
        Instant withdrawn_at;
        bool met = false;
        bool ended = false;
        bool withdrawn = false;
        bool timed_out = false;
        [[nodiscard]] bool open() const { return !met && !ended && !withdrawn; }
    };
    struct Happening {
        const Event* event = nullptr;
        int instance = -1;
    };

    // ---- the graph ----
    [[nodiscard]] std::vector<std::string> events_of(const std::string& id) const {
        const auto group = shape_.groups.find(id);
        return group == shape_.groups.end() ? std::vector{id} : group->second;
    }
    [[nodiscard]] bool names(const std::string& id, const std::string& event) const {
        const auto all = events_of(id);
        return std::find(all.begin(), all.end(), event) != all.end();
    }
    static bool in(const std::vector<std::string>& all, const std::string& one) {
        return std::find(all.begin(), all.end(), one) != all.end();
    }
    [[nodiscard]] const Event& event(const std::string& id) const { return *shape_.book.event(id); }
    [[nodiscard]] bool of_age(const procedure::AgeLimits& limits, Instant at) const {
        if (!born_) return true;
        const std::chrono::year_month_day b{*born_};
        const std::chrono::year_month_day d{england().zone().day_of(at)};
        int years = int(d.year()) - int(b.year());
        if (d.month() < b.month() || (d.month() == b.month() && d.day() < b.day())) --years;
        return (!limits.from || years >= limits.from->value) && (!limits.to || years <= limits.to->value);
    }
    // A rule between two events is for children for whom both are there.
    [[nodiscard]] bool of_age(const Rule& rule, const std::string& from, const std::string& to, Instant at) const {
        return of_age(rule.age, at) && of_age(event(from).guard.age, at) && of_age(event(to).guard.age, at);
    }
    [[nodiscard]] bool is(const Event& one, const Fact& fact) const {
        if (one.kind.empty() || one.kind != fact.kind) return false;
        if (one.guard.involvement != 0 && (one.guard.involvement & fact.involvement) == 0) return false;
        if (!of_age(one.guard.age, fact.at.instant)) return false;
        for (const auto& [field, codes] : one.guard.fields) {
            if (in(codes, "present") && fact.fields.contains(field)) continue;
            if (!in(codes, std::string(string_or(fact.fields, field, "absent")))) return false;
        }
        for (const auto& [field, codes] : one.guard.except) {
            if (in(codes, std::string(string_or(fact.fields, field, "absent")))) return false;
        }
        return true;
    }

    // ---- time ----
    static Date day_after(Date from, content::ClockLength length) {
        using std::chrono::days;
        if (length.unit == Unit::calendar_days) return from + days(length.count);
        if (length.unit == Unit::weeks) return from + days(7 * length.count);
        if (length.unit == Unit::months) return add_months(from, length.count);
        for (int left = length.count; left > 0;) {
            from += days(1);
            if (england().is_working_day(from)) --left;
        }
        return from;
    }
    static Instant deadline(Instant from, content::ClockLength length) {
        if (length.unit == Unit::hours) return from + std::chrono::hours(length.count);
        return england().zone().end_of(day_after(england().zone().day_of(from), length)) - std::chrono::microseconds(1);
    }

    // ---- markings ----
    [[nodiscard]] Marking marking_of(const std::string& type) const {
        Marking fresh;
        for (const auto& one : shape_.book.events) {
            if (one.instance == type && one.included) fresh.included.insert(one.id);
        }
        return fresh;
    }
    [[nodiscard]] const Marking& marking(const std::string& id, int instance) const {
        return event(id).instance.empty() ? whole_case_ : instances_[static_cast<std::size_t>(instance)].marking;
    }
    [[nodiscard]] Marking& marking(const std::string& id, int instance) {
        return event(id).instance.empty() ? whole_case_ : instances_[static_cast<std::size_t>(instance)].marking;
    }
    [[nodiscard]] const Fact* look_up(EntryId id) const {
        for (bool again = true; again && id;) {
            again = false;
            EntryId newest;
            for (const auto& fact : known_) {
                if (fact.supersedes == id && (newest.is_nil() || newest < fact.id)) newest = fact.id;
            }
            if (newest) {
                id = newest;
                again = true;
            }
        }
        for (const auto& fact : effective_) {
            if (id && fact.id == id) return &fact;
        }
        return nullptr;
    }

    // ---- instances ----
    [[nodiscard]] std::string key_of(const procedure::InstanceType& type, const Fact& fact) const {
        if (type.key.empty() || type.key == "case") return {};  // "case": they all belong together
        return type.key == "incident" ? fact.incident : std::string(string_or(fact.fields, type.key, ""));
    }
    int instance_for(const std::string& type_id, const Fact& fact, bool opens) {
        const auto& type = *shape_.book.instance(type_id);
        const auto known = belongs_.find({fact.id, type_id});
        if (known != belongs_.end()) return known->second;
        int found = -1;
        if (!opens || !type.key.empty()) {
            const Fact* about = look_up(fact.about);
            for (int steps = 0; steps < 8 && about != nullptr && found < 0; ++steps) {
                const auto at = belongs_.find({about->id, type_id});
                if (at != belongs_.end() && (!opens || instances_[static_cast<std::size_t>(at->second)].open))
                    found = at->second;
                about = look_up(about->about);
            }
            const auto key = key_of(type, fact);
            for (std::size_t i = 0; found < 0 && i < instances_.size(); ++i) {
                const auto& one = instances_[i];
                const bool same = type.key.empty() || one.key == key || (key.empty() && !opens);
                if (one.type == type_id && one.open && same) found = static_cast<int>(i);
            }
        }
        if (found < 0) {
            found = static_cast<int>(instances_.size());
            instances_.push_back({type_id, fact.id, opens, key_of(type, fact), marking_of(type_id)});
        }
        belongs_[{fact.id, type_id}] = found;
        return found;
    }

    // ---- gates ----
    [[nodiscard]] bool is_pending(const std::string& id, int instance) const {
        for (const auto& p : pending_) {
            if (p.to == id && p.open() && (event(id).instance.empty() || p.instance == instance)) return true;
        }
        return false;
    }
    [[nodiscard]] bool satisfied(const Rule& rule, const std::string& by, int instance, Instant at) const {
        const auto& there = marking(by, instance).executed;
        const auto last = there.find(by);
        if (last == there.end()) return false;
        for (const auto& since : rule.since) {
            const auto& other = marking(since, instance).executed;
            const auto later = other.find(since);
            if (later != other.end() && later->second > last->second) return false;
        }
        if (!rule.deadline) return true;
        if (rule.deadline->unit == Unit::hours) return last->second + std::chrono::hours(rule.deadline->count) <= at;
        return day_after(england().zone().day_of(last->second), *rule.deadline) <= england().zone().day_of(at);
    }
    [[nodiscard]] bool allowed(const Rule& rule, const std::string& from, int instance, Instant at) const {
        if (!marking(from, instance).included.contains(from)) return true;
        if (rule.relation == Relation::milestone) return !is_pending(from, instance);
        if (satisfied(rule, from, instance, at)) return true;
        for (const auto& also : rule.also_met_by) {
            if (satisfied(rule, also, instance, at)) return true;
        }
        return false;
    }
    // The rules that hold it, each as often as it does.
    [[nodiscard]] std::vector<std::string> held_by(const Event& one, int instance, Instant at) const {
        std::vector<std::string> held;
        const auto& here = marking(one.id, instance);
        if (!here.included.contains(one.id)) {
            const auto by = here.excluded_by.find(one.id);
            held.push_back(by == here.excluded_by.end() ? "not-included" : by->second);
        }
        for (const auto& rule : shape_.book.rules) {
            if (rule.relation != Relation::condition && rule.relation != Relation::milestone) continue;
            if (!names(rule.to, one.id)) continue;
            for (const auto& from : events_of(rule.from)) {
                if (!of_age(rule, from, one.id, at)) continue;
                bool free = true;
                if (!event(from).instance.empty() && one.instance.empty()) {
                    for (std::size_t i = 0; i < instances_.size(); ++i) {
                        if (instances_[i].type == event(from).instance && instances_[i].open)
                            free = free && allowed(rule, from, static_cast<int>(i), at);
                    }
                } else {
                    free = allowed(rule, from, instance, at);
                }
                if (!free) held.push_back(rule.id);
            }
        }
        return held;
    }

    // ---- what happens ----
    static bool mark_met(Pending& p, const Fact& by) {
        p.met = true;
        p.met_by = by.id;
        p.met_at = by.at.instant;
        return true;
    }
    // A rule from several events is one rule from each.
    void meet(const Rule& rule, const std::string& from, const std::string& to, const Happening& by, const Fact& fact) {
        const auto here = [&](const Pending& p) {
            if (p.rule != &rule || p.from != from || p.to != to || p.met) return false;
            return by.event->instance.empty() || event(to).instance.empty() || p.instance == by.instance;
        };
        const auto meet_about = [&](EntryId raised_by) {
            bool any = false;
            for (auto& p : pending_) {
                if (here(p) && p.open() && p.raised_by == raised_by) any = mark_met(p, fact);
            }
            for (auto& p : pending_) {
                if (!any && here(p) && p.ended && p.raised_by == raised_by) any = mark_met(p, fact);
            }
            return any;
        };
        if (!rule.matched_by_about) {
            for (auto& p : pending_) {
                if (here(p) && p.open()) mark_met(p, fact);
            }
        } else if (!fact.about) {
            for (auto& p : pending_) {
                if (here(p) && p.open()) {
                    mark_met(p, fact);
                    return;
                }
            }
        } else if (const auto* target = look_up(fact.about)) {
            if (meet_about(target->id)) return;
            if (const auto* beyond = look_up(target->about)) meet_about(beyond->id);
        }
    }
    // ---- limits before a date that an entry carries ----
    static Date day_back(Date from, content::ClockLength length) {
        using std::chrono::days;
        if (length.unit == Unit::calendar_days) return from - days(length.count);
        if (length.unit == Unit::weeks) return from - days(7 * length.count);
        if (length.unit == Unit::months) return add_months(from, -length.count);
        for (int left = length.count; left > 0;) {
            from -= days(1);
            if (england().is_working_day(from)) --left;
        }
        return from;
    }
    static Instant end_of(Date day) { return england().zone().end_of(day) - std::chrono::microseconds(1); }
    // The entries that it is about, and that those are about.
    [[nodiscard]] std::set<EntryId> spoken_of(const Fact& fact) const {
        std::set<EntryId> all;
        const Fact* about = look_up(fact.about);
        for (int steps = 0; steps < 8 && about != nullptr; ++steps) {
            all.insert(about->id);
            about = look_up(about->about);
        }
        return all;
    }
    void raise_before(const Rule& rule, const std::string& source, const std::string& to, const Fact& by,
                      int instance) {
        const auto date = parse_date(string_or(by.fields, rule.due_field, ""));
        if (!date) return;
        const auto older = spoken_of(by);
        std::vector<Pending*> same_meeting;
        for (auto& p : pending_) {
            if (p.rule->id != rule.id || p.to != to || p.instance != instance) continue;
            if (p.raised_by == by.id) return;
            const bool moved = older.count(p.raised_by) != 0;
            if (p.met ? moved || (rule.single && instance >= 0) : moved || rule.single) same_meeting.push_back(&p);
        }
        bool was_met = false;
        for (auto* p : same_meeting) {
            was_met = was_met || p->met;
            if (!p->open()) continue;
            p->withdrawn = true;
            p->withdrawn_at = by.at.instant;
        }
        if (was_met) return;
        Pending p;
        p.rule = &rule;
        p.from = source;
        p.to = to;
        p.instance = instance;
        p.raised_by = by.id;
        const auto& length = *rule.deadline;
        p.due = length.unit == Unit::hours ? end_of(*date) - std::chrono::hours(length.count)
                                           : end_of(day_back(*date, length));
        const auto at_once = end_of(england().zone().day_of(by.at.instant));
        if (p.due < at_once) p.due = at_once;
        pending_.push_back(p);
    }
    // What sets the date may itself be what had to be done.
    void meet_at_once(const std::vector<Happening>& happening, const Fact& fact) {
        for (auto& p : pending_) {
            if (!p.rule->before || p.rule->matched_by_about || !p.open() || p.raised_by != fact.id) continue;
            for (const auto& one : happening) {
                if (one.event->id != p.to && !in(p.rule->also_met_by, one.event->id)) continue;
                if (p.open() && (one.event->instance.empty() || one.instance == p.instance)) mark_met(p, fact);
            }
        }
    }
    void raise(const Rule& rule, const std::string& source, const std::string& to, EntryId by, Instant at,
               int instance) {
        if (rule.before) {
            raise_before(rule, source, to, *look_up(by), instance);
            return;
        }
        auto from = by;
        auto starts = at;
        if (rule.counts_from == procedure::CountsFrom::events) {
            bool any = false;
            for (const auto& id : rule.counts_from_events) {
                if (!event(id).instance.empty() && instance < 0) continue;
                const auto& where = marking(id, instance);
                const auto last = where.executed.find(id);
                if (last == where.executed.end() || (any && last->second < starts)) continue;
                any = true;
                starts = last->second;
                from = where.executed_by.at(id);
            }
            for (const auto& p : pending_) {
                if (p.rule->id == rule.id && p.to == to && p.raised_by == from && p.instance == instance) return;
            }
        }
        if (rule.single) {
            for (const auto& p : pending_) {
                if (p.rule->id == rule.id && p.to == to && p.open() && p.instance == instance) return;
            }
        }
        if (rule.once) {
            for (const auto& p : pending_) {
                if (p.rule->id == rule.id && p.to == to && p.instance == instance) return;
            }
        }
        Pending p;
        p.rule = &rule;
        p.from = source;
        p.to = to;
        p.instance = instance;
        p.raised_by = from;
        p.due = deadline(starts, *rule.deadline);
        pending_.push_back(p);
    }
    void happen(const std::vector<Happening>& happening, EntryId by, Instant at, const Fact* fact) {
        for (const auto& one : happening) {
            marking(one.event->id, one.instance).executed[one.event->id] = at;
            marking(one.event->id, one.instance).executed_by[one.event->id] = by;
        }
        for (const auto relation : {Relation::exclude, Relation::include}) {
            for (const auto& one : happening) {
                for (const auto& rule : shape_.book.rules) {
                    if (rule.relation != relation || !names(rule.from, one.event->id)) continue;
                    for (const auto& to : events_of(rule.to)) {
                        if (of_age(rule, one.event->id, to, at)) change(rule, to, one, at);
                    }
                }
            }
        }
        if (fact != nullptr) end_or_open(*fact);
        for (const auto& one : happening) {
            if (one.event->instance.empty()) continue;
            if (!in(shape_.book.instance(one.event->instance)->closed_by, one.event->id)) continue;
            auto& closing = instances_[static_cast<std::size_t>(one.instance)];
            if (!closing.open) continue;
            closing.open = false;
            for (auto& p : pending_) {
                if (p.instance != one.instance || !p.open()) continue;
                p.withdrawn = true;
                p.withdrawn_at = at;
            }
        }
        for (const auto& one : happening) {
            for (const auto& rule : shape_.book.rules) {
                if (rule.relation != Relation::response || !names(rule.from, one.event->id)) continue;
                for (const auto& to : events_of(rule.to)) {
                    if (!of_age(rule, one.event->id, to, at)) continue;
                    if (event(to).instance.empty() || !one.event->instance.empty()) {
                        raise(rule, one.event->id, to, by, at, one.instance);
                        continue;
                    }
                    const auto there = instances_.size();
                    for (std::size_t i = 0; i < there; ++i) {
                        if (instances_[i].type == event(to).instance && instances_[i].open)
                            raise(rule, one.event->id, to, by, at, static_cast<int>(i));
                    }
                }
            }
        }
        if (fact != nullptr) meet_at_once(happening, *fact);
    }
    void change(const Rule& rule, const std::string& to, const Happening& by, Instant at) {
        const auto act = [&](Marking& where) {
            if (rule.relation == Relation::include) {
                where.included.insert(to);
            } else if (where.included.erase(to) != 0) {
                where.excluded_at[to] = at;
                where.excluded_by[to] = rule.id;
            }
        };
        if (event(to).instance.empty()) {
            act(whole_case_);
        } else if (!by.event->instance.empty()) {
            act(instances_[static_cast<std::size_t>(by.instance)].marking);
        } else {
            for (auto& one : instances_) {
                if (one.type == event(to).instance) act(one.marking);
            }
        }
    }
    void end_or_open(const Fact& fact) {
        const auto outcome = string_or(fact.fields, "outcome", "");
        const bool triage_ends =
            fact.kind == "triage.decided" && (outcome == "advice" || outcome == "no-further-action");
        if (fact.kind == "case.closed" || triage_ends) {
            closed_ = true;
            for (auto& p : pending_) {
                const auto ends = p.rule->ends_with;
                if (!p.open() || ends == procedure::EndsWith::never ||
                    (ends == procedure::EndsWith::case_closed && triage_ends))
                    continue;
                p.ended = true;
            }
        } else if (fact.kind == "concern.raised") {
            closed_ = false;
        }
    }
    void execute(const Fact& fact) {
        std::vector<Happening> happening;
        std::set<std::string> opening;  // types
        for (const auto& one : shape_.book.events) {
            if (!is(one, fact)) continue;
            happening.push_back({&one, -1});
            if (!one.instance.empty() && in(shape_.book.instance(one.instance)->opened_by, one.id))
                opening.insert(one.instance);
        }
        for (auto& one : happening) {
            const auto& type = one.event->instance;
            if (!type.empty()) one.instance = instance_for(type, fact, opening.contains(type));
        }
        for (const auto& one : happening) {
            for (auto& rule : held_by(*one.event, one.instance, fact.at.instant))
                breaches_.emplace_back(fact.id, std::move(rule));
        }
        for (const auto& one : happening) {
            for (const auto& rule : shape_.book.rules) {
                if (rule.relation != Relation::response) continue;
                for (const auto& to : events_of(rule.to)) {
                    if (to != one.event->id && !in(rule.also_met_by, one.event->id)) continue;
                    for (const auto& from : events_of(rule.from)) meet(rule, from, to, one, fact);
                }
            }
        }
        happen(happening, fact.id, fact.at.instant, &fact);
    }
    // Each duty that is missed before then, the earliest first, tells those who listen.
    void let_time_pass(Instant until) {
        for (;;) {
            int next = -1;
            for (std::size_t i = 0; i < pending_.size(); ++i) {
                if (pending_[i].timed_out || pending_[i].due >= until) continue;
                if (next < 0 || pending_[i].due < pending_[static_cast<std::size_t>(next)].due)
                    next = static_cast<int>(i);
            }
            if (next < 0) return;
            auto& duty = pending_[static_cast<std::size_t>(next)];
            duty.timed_out = true;
            if (!duty.open() || !marking(duty.to, duty.instance).included.contains(duty.to)) continue;
            std::vector<Happening> happening;
            for (const auto& one : shape_.book.events) {
                if (one.missed != duty.rule->id) continue;
                const int instance = one.instance.empty() ? -1 : duty.instance;
                if (of_age(one.guard.age, duty.due) && held_by(one, instance, duty.due).empty())
                    happening.push_back({&one, instance});
            }
            if (!happening.empty()) happen(happening, duty.raised_by, duty.due, nullptr);
        }
    }

    const Shape& shape_;
    std::optional<Date> born_;
    Instant now_;
    std::vector<Fact> known_;
    std::vector<Fact> effective_;
    Marking whole_case_;
    std::vector<Instance> instances_;
    std::map<std::pair<EntryId, std::string>, int> belongs_;
    std::vector<Pending> pending_;
    std::vector<BreachRow> breaches_;
    bool closed_ = false;
};

}  // namespace waymark::testing
