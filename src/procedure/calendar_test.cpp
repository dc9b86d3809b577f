#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <random>
#include <set>

#include "support/sample_case.hpp"

using namespace waymark;
using namespace waymark::procedure;
using namespace waymark::testing;
using Unit = ClockLength::Unit;

namespace {
constexpr Instant last_moment(Instant start_of_next) {
    return start_of_next - std::chrono::microseconds(1);
}
Instant end_of_day(std::string_view date) {
    return last_moment(england().zone().end_of(parse_date(date).value()));
}
}  // namespace

TEST_CASE("a referral on the Friday before a bank-holiday Monday is due by the end of Tuesday") {
    CHECK(england().due(when("2026-05-22T15:55:00Z"), {Unit::working_days, 1}) == end_of_day("2026-05-26"));
    CHECK(england().due(when("2026-04-02T16:55:00Z"), {Unit::working_days, 1}) == end_of_day("2026-04-07"));
}

TEST_CASE("the day of the trigger is day 0, whatever its hour") {
    CHECK(england().due(when("2026-03-02T00:00:00Z"), {Unit::working_days, 1}) == end_of_day("2026-03-03"));
    CHECK(england().due(when("2026-03-02T23:59:59Z"), {Unit::working_days, 1}) == end_of_day("2026-03-03"));
    CHECK(england().due(when("2026-03-02"), {Unit::working_days, 1}) == end_of_day("2026-03-03"));
}

TEST_CASE("a trigger at a weekend is answered on the first working day") {
    CHECK(england().due(when("2026-03-07T12:00:00Z"), {Unit::working_days, 1}) == end_of_day("2026-03-09"));
    CHECK(england().due(when("2026-03-08"), {Unit::working_days, 1}) == end_of_day("2026-03-09"));
}

TEST_CASE("the local day decides, not that of UTC") {
    // Half past midnight on 2 June in London is still 1 June in UTC.
    CHECK(england().due(when("2026-06-01T23:30:00Z"), {Unit::working_days, 1}) == end_of_day("2026-06-03"));
}

TEST_CASE("hours run over midnight and over the change of the clocks") {
    CHECK(england().due(when("2026-03-02T23:30:00Z"), {Unit::hours, 1}) == instant("2026-03-03T00:30:00Z"));
    // The clocks go forward in the night to 29 March 2026, and back in the night to 25 October.
    CHECK(england().due(when("2026-03-28T12:00:00Z"), {Unit::hours, 24}) == instant("2026-03-29T12:00:00Z"));
    CHECK(england().due(when("2026-10-24T12:00:00Z"), {Unit::hours, 24}) == instant("2026-10-25T12:00:00Z"));
    CHECK(england().due(when("2026-03-28"), {Unit::working_days, 1}) == end_of_day("2026-03-30"));
}

TEST_CASE("hours from a day without a time run from the end of that day") {
    CHECK(england().due(when("2026-03-02"), {Unit::hours, 24}) == instant("2026-03-04T00:00:00Z"));
}

TEST_CASE("a limit in calendar days that ends on a Sunday is shown as it is") {
    CHECK(england().due(when("2026-03-01"), {Unit::calendar_days, 7}) == end_of_day("2026-03-08"));
    CHECK(is_weekend(england().due_day(parse_date("2026-03-01").value(), {Unit::calendar_days, 7})));
}

TEST_CASE("months end on the last day where the day does not exist") {
    CHECK(england().due(when("2026-08-31T10:00:00Z"), {Unit::months, 6}) == end_of_day("2027-02-28"));
    CHECK(england().due(when("2026-01-15"), {Unit::months, 3}) == end_of_day("2026-04-15"));
}

TEST_CASE("outside the listed span only weekends are left out, and the calendar says so") {
    const auto christmas = parse_date("2040-12-25").value();
    CHECK_FALSE(england().covers(christmas));
    CHECK(england().is_working_day(christmas) == !is_weekend(christmas));
    CHECK(england().due(when("9999-12-01"), {Unit::working_days, 1}) >
          england().due(when("2026-12-01"), {Unit::working_days, 1}));
    CHECK(england().add_working_days(england().last(), 1) > england().last());
    CHECK(england().add_working_days(england().first() - std::chrono::days(10), 20) > england().first());
}

TEST_CASE("counting by table and counting by walking agree, inside, outside and across the listed span") {
    CHECK(rc::check("add_working_days and working_days_between", [] {
        const auto from = england().first() + std::chrono::days(*rc::gen::inRange(-400, 6500));
        const auto n = *rc::gen::inRange(0, 70);
        auto day = from;
        for (int left = n; left > 0;) {
            day += std::chrono::days(1);
            const bool works = !is_weekend(day) && (!england().covers(day) || england().is_working_day(day));
            if (works) --left;
        }
        RC_ASSERT(england().add_working_days(from, n) == day);
        RC_ASSERT(england().working_days_between(from, day) == n);
    }));
}

TEST_CASE("the local day by table is the local day of the zone") {
    CHECK(rc::check("day_of", [] {
        const Instant t{*rc::gen::inRange<std::int64_t>(1'300'000'000, 1'900'000'000) * 1'000'000};
        RC_ASSERT(england().day_of(t) == england().zone().day_of(t));
    }));
    for (const auto* text :
         {"2026-03-28T23:59:59Z", "2026-03-29T00:00:00Z", "2026-03-29T22:59:59Z", "2026-03-29T23:00:00Z",
          "2026-10-24T22:59:59Z", "2026-10-24T23:00:00Z", "2026-10-25T23:59:59Z", "2026-10-26T00:00:00Z"}) {
        CHECK(england().day_of(instant(text)) == england().zone().day_of(instant(text)));
    }
}

// Children in need census, rules 8670Q (an assessment that started more than 45 working days before the end of the
// census year has an end) and 8675Q (a section 47 enquiry that started more than 15 before it has a conference),
// written here over the published list of holidays itself, day by day, with no calendar of ours.
TEST_CASE("the census's two deadline rules give a second opinion on working days over 100,000 random dates") {
    const auto published = parse_json(content::read_content(std::string(WAYMARK_SOURCE_DIR) + "/content",
                                                            "calendars/source/bank-holidays.json")
                                          .value())
                               .value();
    std::set<std::string> off;
    for (const auto& one : published.at("england-and-wales").at("events").as_array())
        off.insert(std::string(one.at("date").as_string()));
    std::vector<bool> works;  // by days since 1970, up to the end of the list
    const auto end_of_list = parse_date("2028-12-31").value();
    for (Date day{}; day <= end_of_list; day += std::chrono::days(1)) {
        const std::chrono::weekday weekday{day};
        works.push_back(weekday != std::chrono::Saturday && weekday != std::chrono::Sunday &&
                        !off.contains(format_date(day)));
    }
    const auto since = [](Date day) { return static_cast<std::size_t>(day.time_since_epoch().count()); };
    const auto first = parse_date("2012-01-02").value();
    std::mt19937 chance(8670);
    int differ = 0;
    int queried = 0;
    for (int i = 0; i < 100'000; ++i) {
        const auto start = first + std::chrono::days(chance() % 6'000);
        const auto census_day = start + std::chrono::days(chance() % 100);
        const int limit = i % 2 == 0 ? 45 : 15;
        int between = 0;
        for (auto day = since(start) + 1; day <= since(census_day); ++day) between += works[day] ? 1 : 0;
        // On the last day of the limit it is still in time, and stays so over the days off that follow.
        const bool query = between > limit;
        queried += query ? 1 : 0;
        auto due = england().due_day(start, {Unit::working_days, limit});
        while (!works[since(due + std::chrono::days(1))]) due += std::chrono::days(1);
        differ += query != (due < census_day) ? 1 : 0;
        differ += england().working_days_between(start, census_day) != between ? 1 : 0;
    }
    CHECK(differ == 0);
    CHECK(queried > 20'000);
}

TEST_CASE("the four calendars reach to the end of 2035, and say what of it is computed") {
    for (const auto* name : {"england-and-wales", "scotland", "northern-ireland", "guernsey"}) {
        const Calendar calendar(content::load_calendar(std::string(WAYMARK_SOURCE_DIR) + "/content", name).value());
        CAPTURE(name);
        CHECK(calendar.covers(parse_date("2035-12-31").value()));
        CHECK_FALSE(calendar.covers(parse_date("2036-01-01").value()));
        CHECK_FALSE(calendar.is_working_day(parse_date("2035-12-25").value()));
        CHECK(calendar.is_computed(parse_date("2030-01-01").value()));
        CHECK_FALSE(calendar.is_computed(parse_date("2024-01-01").value()));
    }
}
