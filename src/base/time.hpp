#pragma once
// Instants, dates and the local calendar day.
//
// An instant is UTC microseconds. A date is a day of the proleptic Gregorian calendar. What a day is, for clocks and
// pages, is decided by one zone: the partnership's (Europe/London throughout the British Isles).
#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace waymark {

using Date = std::chrono::sys_days;

struct Instant {
    std::int64_t micros = 0;  // since 1970-01-01T00:00:00Z
    auto operator<=>(const Instant&) const = default;
};
constexpr Instant operator+(Instant t, std::chrono::microseconds d) {
    return {t.micros + d.count()};
}
constexpr Instant operator-(Instant t, std::chrono::microseconds d) {
    return {t.micros - d.count()};
}
constexpr std::chrono::microseconds operator-(Instant a, Instant b) {
    return std::chrono::microseconds{a.micros - b.micros};
}

// When something took place: an instant, or a day whose time is not known. A day without a time is held as the day's
// midnight in UTC, so it orders before what happened later that day.
struct When {
    Instant instant;
    bool date_only = false;
    auto operator<=>(const When&) const = default;
};

// A named IANA time zone. Throws std::runtime_error if the system has no such zone (package tzdata).
class Zone {
public:
    explicit Zone(std::string_view name = "Europe/London");
    [[nodiscard]] Date day_of(Instant) const;
    [[nodiscard]] Date day_of(When) const;
    [[nodiscard]] Instant start_of(Date) const;           // the first instant of that local day
    [[nodiscard]] Instant end_of(Date) const;             // the first instant of the next local day
    [[nodiscard]] std::string clock_time(Instant) const;  // "16:55", local
    [[nodiscard]] Instant at(Date, int hour, int minute) const;

private:
    const void* zone_;
};

// RFC 3339: "2026-03-27T16:55:00Z", with fraction and numeric offset accepted.
Result<Instant> parse_instant(std::string_view);
// "2026-03-27"; the day must exist; years 1000 to 9999.
Result<Date> parse_date(std::string_view);
// Either of the two.
Result<When> parse_when(std::string_view);

std::string to_string(Instant);  // always UTC with Z; microseconds only where they are not zero
std::string to_string(When);     // "2026-03-27" where only the day is known
std::string format_date(Date);   // "2026-03-27"
std::string format_long(Date);   // "27 March 2026", the GOV.UK form
Date make_date(int year, unsigned month, unsigned day);
Date add_months(Date, int months);  // the last day of the month where the day does not exist
bool is_weekend(Date);

}  // namespace waymark
