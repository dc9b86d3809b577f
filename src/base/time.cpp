// Dates and instants are read and written by hand: they are on every path, and streams would cost more than all else.
#include "base/time.hpp"

// Debian builds the library against the system's zoneinfo.
#ifndef USE_OS_TZDB
#define USE_OS_TZDB 1
#endif
#include <date/tz.h>

#include <fmt/core.h>

namespace waymark {

namespace {

constexpr std::int64_t micros_per_second = 1'000'000;
constexpr std::int64_t micros_per_day = 86'400 * micros_per_second;

constexpr std::int64_t floor_days(std::int64_t micros) {
    return micros / micros_per_day - (micros % micros_per_day < 0 ? 1 : 0);
}

constexpr Instant midnight_utc(Date day) {
    return {day.time_since_epoch().count() * micros_per_day};
}

constexpr Date day_from_count(std::int64_t days) {
    return Date(std::chrono::days(static_cast<std::chrono::days::rep>(days)));
}

constexpr Date utc_day(Instant t) {
    return day_from_count(floor_days(t.micros));
}

constexpr Date first_day = std::chrono::year(1000) / 1 / 1;
constexpr Date last_day = std::chrono::year(9999) / 12 / 31;

const date::time_zone& as_zone(const void* zone) {
    return *static_cast<const date::time_zone*>(zone);
}

date::sys_seconds to_seconds(Instant t) {
    const auto whole = t.micros / micros_per_second - (t.micros % micros_per_second < 0 ? 1 : 0);
    return date::sys_seconds(std::chrono::seconds(whole));
}

Instant local_now(const date::time_zone& zone, Instant t) {
    return t + zone.get_info(to_seconds(t)).offset;
}

Instant from_local(const date::time_zone& zone, Instant local) {
    const auto info = zone.get_info(date::local_seconds(to_seconds(local).time_since_epoch()));
    // An hour that the spring change leaves out begins when the clocks change; of an hour that comes twice it is the
    // first.
    if (info.result == date::local_info::nonexistent) {
        return {info.first.end.time_since_epoch().count() * micros_per_second};
    }
    return local - std::chrono::microseconds(info.first.offset);
}

// Two decimal digits at `at`, or -1.
int two_digits(std::string_view text, std::size_t at) {
    const auto high = static_cast<unsigned char>(text[at] - '0');
    const auto low = static_cast<unsigned char>(text[at + 1] - '0');
    return high > 9 || low > 9 ? -1 : high * 10 + low;
}

// The first ten characters, which are there.
Result<Date> read_date(std::string_view text) {
    const int century = two_digits(text, 0);
    const int of_century = two_digits(text, 2);
    const int month = two_digits(text, 5);
    const int day = two_digits(text, 8);
    if (century < 0 || of_century < 0 || month < 0 || day < 0 || text[4] != '-' || text[7] != '-') {
        return invalid("", "not a date", "write it as 2026-03-27");
    }
    const int year = century * 100 + of_century;
    if (year < 1000) return invalid("", "a year before 1000", "write the year with four digits");
    const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day)));
    if (!date.ok()) return invalid("", "a day that does not exist", "check the day and the month");
    return Date(date);
}

auto not_an_instant() {
    return invalid("", "not a date with a time", "write it as 2026-03-27T16:55:00Z");
}

// ".25" as microseconds; what is finer than a microsecond is dropped. -1 where it is ill-formed.
std::int64_t read_fraction(std::string_view text, std::size_t& at) {
    if (at >= text.size() || text[at] != '.') return 0;
    ++at;
    std::int64_t micros = 0;
    std::int64_t scale = 100'000;
    const auto first = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
        micros += (text[at] - '0') * scale;
        scale /= 10;
    }
    return at == first || at - first > 9 ? -1 : micros;
}

constexpr int no_offset = 10'000;

// "Z" or "+01:00", which must be all that is left, in minutes.
int read_offset(std::string_view text) {
    if (text == "Z" || text == "z") return 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return no_offset;
    const int hours = two_digits(text, 1);
    const int minutes = two_digits(text, 4);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return no_offset;
    return (hours * 60 + minutes) * (text[0] == '-' ? -1 : 1);
}

void put_digits(std::string& out, std::uint64_t value, unsigned width) {
    const auto at = out.size();
    out.resize(at + width);
    for (unsigned i = width; i-- > 0; value /= 10) out[at + i] = static_cast<char>('0' + value % 10);
}

void put_date(std::string& out, Date day) {
    const std::chrono::year_month_day date(day);
    int year = static_cast<int>(date.year());
    if (year < 0) {
        out += '-';
        year = -year;
    }
    put_digits(out, static_cast<std::uint64_t>(year), year > 9999 ? 5 : 4);
    out += '-';
    put_digits(out, static_cast<unsigned>(date.month()), 2);
    out += '-';
    put_digits(out, static_cast<unsigned>(date.day()), 2);
}

}  // namespace

Zone::Zone(std::string_view name) : zone_(date::locate_zone(std::string(name))) {}

Date Zone::day_of(Instant t) const {
    return utc_day(local_now(as_zone(zone_), t));
}

Date Zone::day_of(When when) const {
    return when.date_only ? utc_day(when.instant) : day_of(when.instant);
}

Instant Zone::start_of(Date day) const {
    return from_local(as_zone(zone_), midnight_utc(day));
}

Instant Zone::end_of(Date day) const {
    return start_of(day + std::chrono::days(1));
}

std::string Zone::clock_time(Instant t) const {
    const auto local = local_now(as_zone(zone_), t);
    const auto minutes = (local.micros - floor_days(local.micros) * micros_per_day) / (60 * micros_per_second);
    std::string out;
    put_digits(out, static_cast<std::uint64_t>(minutes / 60), 2);
    out += ':';
    put_digits(out, static_cast<std::uint64_t>(minutes % 60), 2);
    return out;
}

Instant Zone::at(Date day, int hour, int minute) const {
    return from_local(as_zone(zone_), midnight_utc(day) + std::chrono::hours(hour) + std::chrono::minutes(minute));
}

Result<Instant> parse_instant(std::string_view text) {
    constexpr std::size_t shortest = 20;  // 2026-03-27T16:55:00Z
    if (text.size() < shortest) return not_an_instant();
    const auto day = TRY(read_date(text));
    if ((text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':') return not_an_instant();
    const int hour = two_digits(text, 11);
    const int minute = two_digits(text, 14);
    const int second = two_digits(text, 17);
    if (hour < 0 || minute < 0 || second < 0) return not_an_instant();
    if (hour > 23 || minute > 59 || second > 59) {
        return invalid("", "a time that does not exist", "hours go to 23, minutes and seconds to 59");
    }
    std::size_t at = 19;
    const auto fraction = read_fraction(text, at);
    if (fraction < 0)
        return invalid("", "an ill-formed fraction of a second", "write one to nine digits after the point");
    const int offset = read_offset(text.substr(at));
    if (offset == no_offset)
        return invalid("", "a time without a zone", "end it with Z, or with an offset such as +01:00");
    const Instant result = midnight_utc(day) + std::chrono::hours(hour) + std::chrono::minutes(minute - offset) +
                           std::chrono::seconds(second) + std::chrono::microseconds(fraction);
    if (utc_day(result) < first_day || utc_day(result) > last_day) {
        return invalid("", "a year outside 1000 to 9999", "write the year with four digits");
    }
    return result;
}

Result<Date> parse_date(std::string_view text) {
    if (text.size() != 10) return invalid("", "not a date", "write it as 2026-03-27");
    return read_date(text);
}

Result<When> parse_when(std::string_view text) {
    if (text.size() <= 10) return When{midnight_utc(TRY(parse_date(text))), true};
    return When{TRY(parse_instant(text)), false};
}

std::string to_string(Instant t) {
    std::string out;
    out.reserve(28);
    put_date(out, utc_day(t));
    const auto of_day = static_cast<std::uint64_t>(t.micros - floor_days(t.micros) * micros_per_day);
    const auto seconds = of_day / 1'000'000;
    const auto fraction = of_day % 1'000'000;
    out += 'T';
    put_digits(out, seconds / 3600, 2);
    out += ':';
    put_digits(out, seconds / 60 % 60, 2);
    out += ':';
    put_digits(out, seconds % 60, 2);
    if (fraction != 0) {
        out += '.';
        put_digits(out, fraction, 6);
    }
    out += 'Z';
    return out;
}

std::string to_string(When when) {
    return when.date_only ? format_date(utc_day(when.instant)) : to_string(when.instant);
}

std::string format_date(Date day) {
    std::string out;
    out.reserve(10);
    put_date(out, day);
    return out;
}

std::string format_long(Date day) {
    static constexpr const char* months[] = {"January", "February", "March",     "April",   "May",      "June",
                                             "July",    "August",   "September", "October", "November", "December"};
    const std::chrono::year_month_day date(day);
    return fmt::format("{} {} {}", static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()));
}

Date make_date(int year, unsigned month, unsigned day) {
    return std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
}

Date add_months(Date day, int months) {
    const std::chrono::year_month_day date(day);
    const auto moved = date + std::chrono::months(months);
    if (moved.ok()) return moved;
    return moved.year() / moved.month() / std::chrono::last;
}

bool is_weekend(Date day) {
    const std::chrono::weekday weekday(day);
    return weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
}

}  // namespace waymark
