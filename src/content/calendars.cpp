// Calendars: listed days, and the yearly ones computed beyond the list.
#include <algorithm>

#include <fmt/core.h>

#include "content/content.hpp"
#include "content/toml_reader.hpp"

namespace waymark::content {

namespace {

using std::chrono::days;

bool ends_a_year(Date day) {
    const std::chrono::year_month_day ymd{day};
    return ymd.month() == std::chrono::December && ymd.day() == std::chrono::day(31);
}

Result<YearlyHoliday> read_one_yearly(const TomlReader& in, const toml::table& table) {
    TRY_VOID(in.only(table, {"name", "easter", "month", "day", "weekday", "nth", "substitute"}));
    YearlyHoliday one;
    one.name = TRY(in.need_string(table, "name"));
    one.substitute = TRY(in.boolean(table, "substitute", false));
    if (table.contains("easter")) {
        one.easter = TRY(in.integer(table, "easter", -100, 100, 0));
        return one;
    }
    one.month = TRY(in.integer(table, "month", 1, 12, 0));
    if (one.month == 0) return invalid(in.place(table), "neither easter nor month", "write easter = 1, or month = 12");
    one.day = TRY(in.integer(table, "day", 1, 31, 0));
    one.nth = TRY(in.integer(table, "nth", -1, 4, 0));
    if ((one.day == 0) == (one.nth == 0))
        return invalid(in.place(table), "neither a day nor which of the month", "write day = 25, or weekday and nth");
    if (one.day == 0) {
        const std::string name = TRY(in.need_string(table, "weekday"));
        const std::vector<std::string> names{"sunday",   "monday", "tuesday", "wednesday",
                                             "thursday", "friday", "saturday"};
        const auto at = std::find(names.begin(), names.end(), name);
        if (at == names.end())
            return invalid(in.place_of(table, "weekday"), fmt::format("“{}” is not a day of the week", name),
                           "write weekday = \"monday\"");
        one.weekday = std::chrono::weekday(static_cast<unsigned>(at - names.begin()));
    }
    return one;
}

Result<std::vector<YearlyHoliday>> read_yearly(const TomlReader& in, const toml::table& table) {
    std::vector<YearlyHoliday> all;
    const std::vector<const toml::table*> tables = TRY(in.tables(table, "yearly"));
    all.reserve(tables.size());
    for (const toml::table* one : tables) all.push_back(TRY(read_one_yearly(in, *one)));
    return all;
}

}  // namespace

// The anonymous Gregorian algorithm ("Nature", 1876), as Meeus gives it in Astronomical Algorithms, chapter 8.
Date easter_sunday(std::chrono::year year) {
    const int y = static_cast<int>(year);
    const int a = y % 19;
    const int b = y / 100;
    const int c = y % 100;
    const int g = (b - (b + 8) / 25 + 1) / 3;
    const int h = (19 * a + b - b / 4 - g + 15) % 30;
    const int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    const int m = (a + 11 * h + 22 * l) / 451;
    const int n = h + l - 7 * m + 114;
    return Date{year / std::chrono::month(static_cast<unsigned>(n / 31)) /
                std::chrono::day(static_cast<unsigned>(n % 31 + 1))};
}

std::set<Date> holidays_of(std::span<const YearlyHoliday> yearly, std::chrono::year year) {
    std::set<Date> all;
    std::vector<Date> moved;  // they give way to those that stay where they are
    for (const auto& one : yearly) {
        if (one.easter) {
            all.insert(easter_sunday(year) + days(*one.easter));
            continue;
        }
        const auto month = year / std::chrono::month(static_cast<unsigned>(one.month));
        if (one.day == 0) {
            all.insert(one.nth < 0 ? Date{month / one.weekday[std::chrono::last]}
                                   : Date{month / one.weekday[static_cast<unsigned>(one.nth)]});
            continue;
        }
        const auto ymd = month / std::chrono::day(static_cast<unsigned>(one.day));
        if (!ymd.ok()) continue;  // 29 February
        const Date day{ymd};
        if (!is_weekend(day)) {
            all.insert(day);
        } else if (one.substitute) {
            moved.push_back(day);
        }
    }
    for (Date day : moved) {
        while (is_weekend(day) || all.count(day) > 0) day += days(1);
        all.insert(day);
    }
    return all;
}

Result<CalendarData> load_calendar(const std::string& content_dir, std::string_view name) {
    TRY_VOID(check_name(name, "calendar"));
    const std::string file = fmt::format("calendars/{}.toml", name);
    const std::string text = TRY(read_content(content_dir, file));
    const TomlReader in(file);
    const toml::table table = TRY(in.parse(text));
    TRY_VOID(in.only(table, {"name", "source", "first", "listed_until", "last", "holidays", "yearly"}));
    CalendarData out;
    out.name = TRY(in.need_string(table, "name"));
    if (out.name != name)
        return invalid(in.place_of(table, "name"), fmt::format("the name is “{}”, but the file is {}", out.name, file));
    out.source = TRY(in.need_string(table, "source"));
    out.first = TRY(in.need_date(table, "first"));
    out.last = TRY(in.need_date(table, "last"));
    if (out.last < out.first) return invalid(in.place_of(table, "last"), "the span ends before it begins");
    out.listed_until = table.contains("listed_until") ? TRY(in.need_date(table, "listed_until")) : out.last;
    if (out.listed_until < out.first || out.listed_until > out.last || !ends_a_year(out.listed_until)) {
        if (out.listed_until != out.last)
            return invalid(in.place_of(table, "listed_until"), "is not the last day of a year of the calendar",
                           "write listed_until = 2028-12-31");
    }
    out.yearly = TRY(read_yearly(in, table));
    if (out.listed_until != out.last && out.yearly.empty())
        return invalid(in.place_of(table, "listed_until"), "nothing says what comes after the listed days",
                       "add [[yearly]], or end the calendar there");
    const toml::array* days = table.get_as<toml::array>("holidays");
    if (days == nullptr) return invalid(file, "holidays is missing", "write holidays = [2026-12-25, …]");
    for (const toml::node& node : *days) {
        const Date day = TRY(in.date(node));
        if (day < out.first || day > out.listed_until)
            return invalid(in.place(node), "the day is outside the span of the calendar");
        if (!out.holidays.insert(day).second) return invalid(in.place(node), "the day is here twice");
    }
    const std::chrono::year_month_day listed{out.listed_until};
    const std::chrono::year_month_day end{out.last};
    for (auto year = listed.year() + std::chrono::years(1); year <= end.year(); ++year) {
        for (const Date day : holidays_of(out.yearly, year)) {
            if (day <= out.last) out.holidays.insert(day);
        }
    }
    return out;
}

}  // namespace waymark::content
