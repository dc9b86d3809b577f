#include "procedure/replay.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/core.h>

#include "procedure/trace.hpp"

namespace waymark::procedure {

namespace {

bool same_limits(const AgeLimits& a, const Rulebook& in_a, const AgeLimits& b, const Rulebook& in_b) {
    const auto same = [&](const std::optional<Bound>& x, const std::optional<Bound>& y) {
        return x.has_value() == y.has_value() && (!x || in_a.value_of(*x) == in_b.value_of(*y));
    };
    return same(a.from, b.from) && same(a.to, b.to);
}

// Whether an entry is this event under both. Who must have attended is the profile's, and may be another's.
bool same_event(const Rulebook& a, const Rulebook& b, const std::string& id) {
    const auto* one = a.event(id);
    const auto* other = b.event(id);
    return one != nullptr && other != nullptr && one->kind == other->kind && one->guard == other->guard &&
           one->needs == other->needs && one->guard.attendance == Attendance::any &&
           same_limits(one->guard.age, a, other->guard.age, b);
}

// The cues of a rulebook that another one may show otherwise: what cannot differ is not stepped through.
std::vector<bool> may_differ(const Rulebook& book, const Rulebook& other) {
    std::vector<bool> all;
    for (const auto& cue : book.cues) {
        const auto same = std::find_if(other.cues.begin(), other.cues.end(), [&](const CueRule& one) {
            return one.id == cue.id && one.parameters == cue.parameters && one.event == cue.event &&
                   one.until == cue.until && one.overlaps_until == cue.overlaps_until;
        });
        bool alike = same != other.cues.end();
        if (alike && cue.event.empty()) {
            const auto* known = evaluator_of(cue.id);
            alike = known != nullptr && known->by_entries;
        } else if (alike) {
            auto ends = cue.until;
            ends.insert(ends.end(), cue.overlaps_until.begin(), cue.overlaps_until.end());
            alike = same_event(book, other, cue.event) &&
                    std::all_of(ends.begin(), ends.end(),
                                [&](const std::string& id) { return same_event(book, other, id); });
        }
        all.push_back(!alike);
    }
    return all;
}

int days_between(Date from, Date to) {
    return static_cast<int>((to - from).count());
}

// Duties of what was in force, each given away once: to the same duty, else to one that the same event meets.
class InForce {
public:
    explicit InForce(const std::vector<Trace::Owes>& owed) : owed_(owed), taken_(owed.size(), false) {
        for (std::size_t i = 0; i < owed.size(); ++i) by_key_[key(owed[i])].push_back(i);
    }
    const Trace::Owes* same(const Trace::Owes& duty) {
        const auto found = by_key_.find(key(duty));
        if (found == by_key_.end()) return nullptr;
        return take_first(found->second, [](const Trace::Owes&) { return true; });
    }
    const Trace::Owes* alike(const Trace::Owes& duty) {
        std::vector<std::size_t> all(owed_.size());
        for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
        return take_first(all, [&](const Trace::Owes& other) {
            return other.rule->to == duty.rule->to && other.about == duty.about;
        });
    }
    // That were given to none.
    template <class Visit>
    void each_left(const Visit& visit) const {
        for (std::size_t i = 0; i < owed_.size(); ++i) {
            if (!taken_[i]) visit(owed_[i]);
        }
    }

private:
    using Key = std::tuple<std::string_view, std::string_view, EntryId, EntryId, EntryId>;
    static Key key(const Trace::Owes& one) {
        return {one.rule->id, one.rule->to, one.raised_by, one.about, one.instance};
    }
    template <class Fits>
    const Trace::Owes* take_first(const std::vector<std::size_t>& among, const Fits& fits) {
        for (const auto i : among) {
            if (taken_[i] || !fits(owed_[i])) continue;
            taken_[i] = true;
            return &owed_[i];
        }
        return nullptr;
    }

    const std::vector<Trace::Owes>& owed_;
    std::vector<bool> taken_;
    std::map<Key, std::vector<std::size_t>> by_key_;
};

Date due_day(const Trace::Owes& duty, const Calendar& calendar) {
    return duty.due_day ? *duty.due_day : calendar.day_of(duty.due);
}

void add_due(const Trace::Owes& duty, const Trace::Owes* in_force, const Calendar& calendar, Replayed& out) {
    WouldBeDue one{duty.rule->id,
                   duty.rule->label,
                   duty.rule->owner,
                   duty.raised_by,
                   duty.about,
                   calendar.day_of(duty.first),
                   due_day(duty, calendar),
                   {},
                   {}};
    if (in_force != nullptr) {
        const auto first = calendar.day_of(in_force->first);
        if (duty.due >= in_force->due && one.first >= first) return;
        one.due_in_force = due_day(*in_force, calendar);
        const auto days = days_between(one.due, *one.due_in_force);
        one.earlier_days = days != 0 ? days : days_between(one.first, first);
        if (*one.earlier_days < 0) return;  // owed sooner, and due later
    }
    out.due.push_back(std::move(one));
}

void compare_duties(const Trace& in_force, const Trace& other, const Calendar& calendar, Replayed& out) {
    InForce pool(in_force.owed());
    std::vector<const Trace::Owes*> alone;
    for (const auto& duty : other.owed()) {
        const auto* same = pool.same(duty);
        if (same == nullptr) {
            alone.push_back(&duty);
        } else {
            add_due(duty, same, calendar, out);
        }
    }
    for (const auto* duty : alone) add_due(*duty, pool.alike(*duty), calendar, out);
    pool.each_left([&](const Trace::Owes& duty) {
        out.no_longer.due.push_back({duty.rule->id, duty.rule->label, duty.rule->owner, duty.raised_by, duty.about,
                                     calendar.day_of(duty.first), due_day(duty, calendar)});
    });
}

// Of the case's own entries, those that are breaches in one and not in the other.
std::vector<WouldBeBlocked> blocked_only(const Trace& in, const Trace& not_in, const Calendar& calendar,
                                         const Dossier& dossier) {
    std::vector<WouldBeBlocked> found;
    const auto& others = not_in.breaches();
    for (const auto& breach : in.breaches()) {
        const auto same = [&](const Breach& one) { return one.entry == breach.entry && one.rule == breach.rule; };
        if (std::any_of(others.begin(), others.end(), same)) continue;
        const auto fact = std::find_if(dossier.own.begin(), dossier.own.end(),
                                       [&](const auto& one) { return one.id == breach.entry; });
        if (fact == dossier.own.end()) continue;
        found.push_back({breach.entry, breach.rule, breach.why, calendar.day_of(fact->at)});
    }
    return found;
}

void compare_cues(const Trace& in_force, const Trace& other, const Calendar& calendar, Replayed& out) {
    std::map<std::pair<std::string_view, EntryId>, Date> before;
    for (const auto& cue : in_force.shown()) before[{cue.rule->id, cue.entry}] = calendar.day_of(cue.first);
    for (const auto& cue : other.shown()) {
        const auto first = calendar.day_of(cue.first);
        const auto found = before.find({cue.rule->id, cue.entry});
        std::optional<Date> in_fact;
        if (found != before.end()) in_fact = found->second;
        if (in_fact && *in_fact <= first) continue;
        auto same = std::find_if(out.shown.begin(), out.shown.end(), [&](const WouldBeShown& one) {
            return one.id == cue.rule->id && one.first == first && one.first_in_force == in_fact;
        });
        if (same == out.shown.end()) {
            same = out.shown.insert(out.shown.end(), {cue.rule->id, cue.why, {}, first, in_fact, {}});
            if (in_fact) same->earlier_days = days_between(first, *in_fact);
        }
        if (cue.entry) same->entries.push_back(cue.entry);
    }
}

void compare_cues_gone(const Trace& in_force, const Trace& other, const Calendar& calendar, NoLonger& out) {
    std::set<std::pair<std::string_view, EntryId>> still;
    for (const auto& cue : other.shown()) still.insert({cue.rule->id, cue.entry});
    for (const auto& cue : in_force.shown()) {
        if (still.contains({cue.rule->id, cue.entry})) continue;
        const auto first = calendar.day_of(cue.first);
        auto same = std::find_if(out.shown.begin(), out.shown.end(), [&](const NoLongerShown& one) {
            return one.id == cue.rule->id && one.first == first;
        });
        if (same == out.shown.end()) same = out.shown.insert(out.shown.end(), {cue.rule->id, cue.why, {}, first});
        if (cue.entry) same->entries.push_back(cue.entry);
    }
}

template <class Item, class Day>
void keep(std::vector<Item>& items, const Period& period, const Day& day) {
    std::erase_if(items, [&](const Item& item) { return !period.holds(day(item)); });
    std::stable_sort(items.begin(), items.end(), [&](const Item& a, const Item& b) { return day(a) < day(b); });
}

json::value day_or_null(const std::optional<Date>& day) {
    return day ? json::value(format_date(*day)) : json::value(nullptr);
}
json::value days_or_null(const std::optional<int>& days) {
    return days ? json::value(*days) : json::value(nullptr);
}

json::array ids_in_json(const std::vector<EntryId>& entries) {
    json::array all;
    for (const auto id : entries) all.emplace_back(to_string(id));
    return all;
}
json::array blocked_in_json(const std::vector<WouldBeBlocked>& blocked) {
    json::array all;
    for (const auto& one : blocked) {
        all.push_back(json::object{
            {"entry", to_string(one.entry)}, {"rule", one.rule}, {"on", format_date(one.on)}, {"why", one.why}});
    }
    return all;
}
template <class Due>
json::object due_in_json(const Due& one) {
    json::object duty{{"id", one.id},
                      {"label", one.label},
                      {"owner", one.owner},
                      {"raised_by", to_string(one.raised_by)},
                      {"first", format_date(one.first)},
                      {"due", format_date(one.due)}};
    if (one.about) duty["about"] = to_string(one.about);
    return duty;
}
json::object no_longer_in_json(const NoLonger& gone) {
    json::array due;
    for (const auto& one : gone.due) due.push_back(due_in_json(one));
    json::array shown;
    for (const auto& one : gone.shown) {
        shown.push_back(json::object{{"id", one.id},
                                     {"why", one.why},
                                     {"entries", ids_in_json(one.entries)},
                                     {"first", format_date(one.first)}});
    }
    return {{"due", std::move(due)}, {"blocked", blocked_in_json(gone.blocked)}, {"shown", std::move(shown)}};
}

}  // namespace

std::optional<int> Replayed::earlier_days() const {
    std::optional<int> most;
    const auto look = [&](const std::optional<int>& days) {
        if (days && (!most || *days > *most)) most = days;
    };
    for (const auto& one : due) look(one.earlier_days);
    for (const auto& one : shown) look(one.earlier_days);
    return most;
}

Replayed replay(const Procedure& in_force, const Procedure& other, const Calendar& calendar, const Dossier& dossier,
                Instant as_of, const Period& period) {
    Replayed out;
    out.case_id = dossier.case_id;
    out.person = dossier.person;
    out.procedure = fmt::format("{} {}", in_force.rulebook().name, in_force.rulebook().version);
    const auto& before = in_force.rulebook();
    const auto& after = other.rulebook();
    const Trace was(in_force, calendar, dossier, as_of, may_differ(before, after));
    const Trace would_be(other, calendar, dossier, as_of, may_differ(after, before));
    compare_duties(was, would_be, calendar, out);
    out.blocked = blocked_only(would_be, was, calendar, dossier);
    out.no_longer.blocked = blocked_only(was, would_be, calendar, dossier);
    compare_cues(was, would_be, calendar, out);
    compare_cues_gone(was, would_be, calendar, out.no_longer);
    const auto by_first = [](const auto& one) { return one.first; };
    const auto by_day = [](const auto& one) { return one.on; };
    keep(out.due, period, by_first);
    keep(out.blocked, period, by_day);
    keep(out.shown, period, by_first);
    keep(out.no_longer.due, period, by_first);
    keep(out.no_longer.blocked, period, by_day);
    keep(out.no_longer.shown, period, by_first);
    return out;
}

json::object to_json(const Replayed& replayed) {
    json::array due;
    for (const auto& one : replayed.due) {
        auto duty = due_in_json(one);
        duty["due_in_force"] = day_or_null(one.due_in_force);
        duty["earlier_days"] = days_or_null(one.earlier_days);
        due.push_back(std::move(duty));
    }
    json::array shown;
    for (const auto& one : replayed.shown) {
        shown.push_back(json::object{{"id", one.id},
                                     {"why", one.why},
                                     {"entries", ids_in_json(one.entries)},
                                     {"first", format_date(one.first)},
                                     {"first_in_force", day_or_null(one.first_in_force)},
                                     {"earlier_days", days_or_null(one.earlier_days)}});
    }
    return {{"case", to_string(replayed.case_id)},
            {"person", to_string(replayed.person)},
            {"procedure", replayed.procedure},
            {"due", std::move(due)},
            {"blocked", blocked_in_json(replayed.blocked)},
            {"shown", std::move(shown)},
            {"no_longer", no_longer_in_json(replayed.no_longer)},
            {"earlier_days", days_or_null(replayed.earlier_days())}};
}

}  // namespace waymark::procedure
