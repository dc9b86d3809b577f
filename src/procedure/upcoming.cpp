// Duties that count back from a date that an entry carries: "48 hours before the conference".
#include <algorithm>

#include "procedure/fold.hpp"

namespace waymark::procedure {

// Whether an entry is about the other, or about one that is.
bool Fold::speaks_of(std::uint32_t item, std::uint32_t other) const {
    for (int step = 0; step < most_steps_about; ++step) {
        item = known_.find(known_.fact(item).about);
        if (item == Known::none || item == other) return item == other;
    }
    return false;
}

// A limit before a date that the entry carries. An entry about the one that set the date (or, of a rule that is
// `single`, any later one) moves it: what is still owed is owed for the new date instead, what was missed by then stays
// missed, and what was met stays met.
std::uint32_t Fold::raise_before(std::uint16_t rule, std::uint32_t by, When at, std::uint32_t instance) {
    const auto& shape = compiled_.book->rules[rule];
    const auto& link = compiled_.links[rule];
    if (!parse_date(string_or(known_.fact(by).fields, shape.due_field, ""))) return Known::none;
    bool met = false;
    std::vector<std::uint32_t> moved;
    for (std::uint32_t i = 0; i < owed_.size(); ++i) {
        const auto& duty = owed_[i];
        const auto& other = compiled_.links[duty.rule];
        if (other.first_of_id != link.first_of_id || other.to != link.to || duty.instance != instance) continue;
        if (duty.raised_by == by) return Known::none;
        const bool same = speaks_of(by, duty.raised_by);
        if (duty.met_by != Known::none) {
            met = met || same || (shape.single && instance != Owed::whole_case);
        } else if (!duty.ended && !duty.withdrawn && (same || shape.single)) {
            moved.push_back(i);
        }
    }
    for (const auto i : moved) {
        owed_[i].withdrawn = at.instant;
        std::erase(open_[owed_[i].rule], i);
    }
    return met ? Known::none : add(rule, by, Known::none, at, instance);
}

// Where less time is left than the limit, it is due at once: by the end of the day on which the date was set.
void Fold::set_due_before(Owed& duty, std::uint32_t raised_by) const {
    const auto& rule = compiled_.book->rules[duty.rule];
    const auto day = parse_date(string_or(known_.fact(raised_by).fields, rule.due_field, ""));
    if (!day || !rule.deadline) return;
    const auto today = calendar_.day_of(duty.from);
    const auto end_of_today = calendar_.start_of(today + std::chrono::days(1)) - std::chrono::microseconds(1);
    const auto due = calendar_.due_before(*day, *rule.deadline);
    duty.at_once = due < end_of_today;
    duty.due = std::max(due, end_of_today);
    if (duty.at_once) {
        duty.due_day = today;
    } else if (rule.deadline->unit != ClockLength::Unit::hours) {
        duty.due_day = calendar_.due_day_before(*day, *rule.deadline);
    }
}

// An invitation that names the day of the meeting sets the date from which the limit counts back, and keeps it or not.
void Fold::meet_what_it_raised(std::size_t first, std::uint32_t by, const std::vector<Happening>& happening) {
    for (auto i = first; i < owed_.size(); ++i) {
        const auto rule = owed_[i].rule;
        const auto& shape = compiled_.book->rules[rule];
        if (!shape.before || shape.matched_by_about) continue;
        const auto meets = [&](const Happening& one) {
            const auto& met = compiled_.nodes[one.event].meets;
            return std::find(met.begin(), met.end(), rule) != met.end() &&
                   (one.instance == Owed::whole_case || one.instance == owed_[i].instance);
        };
        if (std::none_of(happening.begin(), happening.end(), meets)) continue;
        meet_one(static_cast<std::uint32_t>(i), by);
        std::erase(open_[rule], static_cast<std::uint32_t>(i));
    }
}

}  // namespace waymark::procedure
