// Counting days. Tables over the listed span make every question an index; outside it the days are walked.
#include <algorithm>

#include "procedure/procedure.hpp"

namespace waymark::procedure {

namespace {

using std::chrono::days;

constexpr std::int64_t micros_per_day = 86'400'000'000;

Date utc_day(Instant t) {
    const auto whole = t.micros / micros_per_day - (t.micros % micros_per_day < 0 ? 1 : 0);
    return Date(days(static_cast<days::rep>(whole)));
}

// Days that a table may hold: a span typed wrongly must not fill the memory.
constexpr int most_days = 200 * 366;

}  // namespace

Calendar::Calendar(content::CalendarData data, Zone zone)
    : data_(std::move(data)), zone_(zone), table_first_(data_.first) {
    const auto span = std::clamp<std::int64_t>((data_.last - data_.first).count() + 1, 0, most_days);
    data_.last = data_.first + days(span - 1);
    starts_.reserve(static_cast<std::size_t>(span) + 2);
    worked_.reserve(static_cast<std::size_t>(span));
    std::int32_t worked = 0;
    for (std::int64_t i = 0; i < span; ++i) {
        const auto day = data_.first + days(i);
        starts_.push_back(zone_.start_of(day));
        if (!is_weekend(day) && !data_.holidays.contains(day)) {
            ++worked;
            working_.push_back(day);
        }
        worked_.push_back(worked);
    }
    for (std::int64_t i = span; i < span + 2; ++i) starts_.push_back(zone_.start_of(data_.first + days(i)));
}

bool Calendar::is_working_day(Date day) const {
    if (!covers(day)) return !is_weekend(day);
    const auto at = static_cast<std::size_t>((day - table_first_).count());
    return worked_[at] != (at == 0 ? 0 : worked_[at - 1]);
}

Date Calendar::add_working_days(Date from, int n) const {
    if (n <= 0) return from;
    if (covers(from)) {
        const auto target = static_cast<std::size_t>(worked_[static_cast<std::size_t>((from - table_first_).count())]) +
                            static_cast<std::size_t>(n) - 1;
        if (target < working_.size()) return working_[target];
    }
    auto day = from;
    for (int left = n; left > 0;) {
        day += days(1);
        if (is_working_day(day)) --left;
    }
    return day;
}

Date Calendar::subtract_working_days(Date from, int n) const {
    auto day = from;
    for (int left = n; left > 0;) {
        day -= days(1);
        if (is_working_day(day)) --left;
    }
    return day;
}

int Calendar::working_days_between(Date from, Date to) const {
    if (to <= from) return 0;
    if (covers(from) && covers(to)) {
        return worked_[static_cast<std::size_t>((to - table_first_).count())] -
               worked_[static_cast<std::size_t>((from - table_first_).count())];
    }
    int count = 0;
    for (auto day = from + days(1); day <= to; day += days(1)) count += is_working_day(day) ? 1 : 0;
    return count;
}

Instant Calendar::start_of(Date day) const {
    const auto at = (day - table_first_).count();
    if (at >= 0 && static_cast<std::size_t>(at) < starts_.size()) return starts_[static_cast<std::size_t>(at)];
    return zone_.start_of(day);
}

Date Calendar::day_of(Instant t) const {
    // No zone is more than a day from UTC: the local day is the UTC day or a neighbour of it.
    auto day = utc_day(t);
    const auto at = (day - table_first_).count();
    if (at < 1 || static_cast<std::size_t>(at) + 1 >= starts_.size()) return zone_.day_of(t);
    const auto i = static_cast<std::size_t>(at);
    if (t < starts_[i]) return day - days(1);
    return t < starts_[i + 1] ? day : day + days(1);
}

Date Calendar::day_of(When when) const {
    return when.date_only ? utc_day(when.instant) : day_of(when.instant);
}

Date Calendar::due_day(Date trigger, ClockLength length) const {
    switch (length.unit) {
        case ClockLength::Unit::working_days:
            return add_working_days(trigger, length.count);
        case ClockLength::Unit::calendar_days:
            return trigger + days(length.count);
        case ClockLength::Unit::weeks:
            return trigger + days(std::int64_t{length.count} * 7);
        case ClockLength::Unit::months:
            return add_months(trigger, length.count);
        case ClockLength::Unit::hours:
            break;
    }
    return day_of(due({start_of(trigger), false}, length));
}

Date Calendar::due_day_before(Date day, ClockLength length) const {
    switch (length.unit) {
        case ClockLength::Unit::working_days:
            return subtract_working_days(day, length.count);
        case ClockLength::Unit::calendar_days:
            return day - days(length.count);
        case ClockLength::Unit::weeks:
            return day - days(std::int64_t{length.count} * 7);
        case ClockLength::Unit::months:
            return add_months(day, -length.count);
        case ClockLength::Unit::hours:
            break;
    }
    return day_of(due_before(day, length));
}

Instant Calendar::due_before(Date day, ClockLength length) const {
    const auto end_of = [&](Date last) { return start_of(last + days(1)) - std::chrono::microseconds(1); };
    if (length.unit == ClockLength::Unit::hours) return end_of(day) - std::chrono::hours(length.count);
    return end_of(due_day_before(day, length));
}

Instant Calendar::due(When trigger, ClockLength length) const {
    if (length.unit == ClockLength::Unit::hours) {
        const auto from = trigger.date_only ? start_of(day_of(trigger) + days(1)) : trigger.instant;
        return from + std::chrono::hours(length.count);
    }
    return start_of(due_day(day_of(trigger), length) + days(1)) - std::chrono::microseconds(1);
}

}  // namespace waymark::procedure
