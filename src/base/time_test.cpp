// Dates, instants and the London day.
#include "base/time.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace waymark;

namespace {

Instant instant(std::string_view text) {
    return parse_instant(text).value();
}
Date date(std::string_view text) {
    return parse_date(text).value();
}

rc::Gen<Date> any_date() {
    return rc::gen::map(rc::gen::inRange(-354'285, 2'932'897), [](int days) { return Date(std::chrono::days(days)); });
}
rc::Gen<Instant> any_instant() {
    return rc::gen::map(rc::gen::inRange<std::int64_t>(-30'610'224'000'000'000, 253'402'300'800'000'000),
                        [](std::int64_t micros) { return Instant{micros}; });
}

}  // namespace

TEST_CASE("an instant survives its text") {
    CHECK(rc::check("round trip", [] {
        const auto t = *any_instant();
        RC_ASSERT(parse_instant(to_string(t)).value() == t);
        RC_ASSERT(parse_when(to_string(t)).value() == (When{t, false}));
    }));
}

TEST_CASE("a date survives its text") {
    CHECK(rc::check("round trip", [] {
        const auto day = *any_date();
        RC_ASSERT(parse_date(format_date(day)).value() == day);
        const auto when = parse_when(format_date(day)).value();
        RC_ASSERT(when.date_only);
        RC_ASSERT(to_string(when) == format_date(day));
        RC_ASSERT(Zone().day_of(when) == day);
    }));
}

TEST_CASE("an instant is read with its fraction and offset") {
    CHECK(instant("1970-01-01T00:00:00Z") == Instant{0});
    CHECK(instant("2026-03-27T17:55:00+01:00") == instant("2026-03-27T16:55:00Z"));
    CHECK(instant("2026-01-01T00:15:00+05:30") == instant("2025-12-31T18:45:00Z"));
    CHECK(instant("2026-01-01T00:00:00-00:30") == instant("2026-01-01T00:30:00Z"));
    CHECK(instant("1970-01-01T00:00:00.5Z") == Instant{500'000});
    CHECK(instant("1970-01-01T00:00:00.0000019Z") == Instant{1});
    CHECK(instant("1969-12-31T23:59:59.999999Z") == Instant{-1});
    CHECK(instant("2026-03-27t16:55:00z") == instant("2026-03-27T16:55:00Z"));
}

TEST_CASE("an instant is written in UTC, with microseconds only where there are some") {
    CHECK(to_string(instant("2026-03-27T16:55:00.000+00:00")) == "2026-03-27T16:55:00Z");
    CHECK(to_string(Instant{-1}) == "1969-12-31T23:59:59.999999Z");
    CHECK(to_string(Instant{1}) == "1970-01-01T00:00:00.000001Z");
}

TEST_CASE("text that is not an instant is refused with a mend") {
    for (const char* text : {"",
                             "2026-03-27",
                             "2026-03-27T16:55Z",
                             "2026-03-27T16:55:00",
                             "2026-03-27 16:55:00Z",
                             "2026-02-30T00:00:00Z",
                             "2026-03-27T24:00:00Z",
                             "2026-03-27T23:60:00Z",
                             "2026-03-27T23:59:60Z",
                             "2026-03-27T16:55:00.Z",
                             "2026-03-27T16:55:00.1234567890Z",
                             "2026-03-27T16:55:00+0100",
                             "2026-03-27T16:55:00+24:00",
                             "2026-03-27T16:55:00Zx",
                             "2026-03-27T16:55:00+01:60",
                             "2026-03-27T1a:55:00Z",
                             "2026-03-27T16-55-00Z",
                             "9999-12-31T23:59:59-01:00",
                             "1000-01-01T00:00:00+01:00",
                             "-2026-03-27T16:55:00Z"}) {
        CAPTURE(text);
        const auto t = parse_instant(text);
        REQUIRE_FALSE(t);
        CHECK_FALSE(t.error().mend.empty());
    }
}

TEST_CASE("a date must exist and be written in full") {
    CHECK(date("2024-02-29") == make_date(2024, 2, 29));
    for (const char* text :
         {"", "2023-02-29", "1900-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-04-31", "26-03-27",
          "2026-3-27", "2026/03/27", "27-03-2026", "0999-12-31", "2026-03-27 ", "2026-03-2x"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_date(text));
        CHECK_FALSE(parse_when(text));
    }
}

TEST_CASE("a day without a time comes before what happened later that day") {
    CHECK(parse_when("2026-03-27").value() < parse_when("2026-03-27T00:00:01Z").value());
    CHECK(parse_when("2026-03-27").value() > parse_when("2026-03-26T23:59:59Z").value());
}

TEST_CASE("the London day begins at midnight by the clocks of London") {
    const Zone london;
    CHECK(london.start_of(date("2026-01-15")) == instant("2026-01-15T00:00:00Z"));
    CHECK(london.start_of(date("2026-07-15")) == instant("2026-07-14T23:00:00Z"));
    CHECK(london.day_of(instant("2026-07-14T22:59:59.999999Z")) == date("2026-07-14"));
    CHECK(london.day_of(instant("2026-07-14T23:00:00Z")) == date("2026-07-15"));
    CHECK(london.clock_time(instant("2026-03-27T16:55:59Z")) == "16:55");
    CHECK(london.clock_time(instant("2026-07-01T23:05:00Z")) == "00:05");
}

TEST_CASE("the day of the spring change has 23 hours and that of the autumn change 25") {
    const Zone london;
    const auto hours = [&](std::string_view day) {
        return (london.end_of(date(day)) - london.start_of(date(day))) / std::chrono::hours(1);
    };
    CHECK(hours("2026-03-28") == 24);
    CHECK(hours("2026-03-29") == 23);
    CHECK(hours("2026-10-25") == 25);
}

TEST_CASE("a time that the spring change leaves out is when the clocks change; one that comes twice is the first") {
    const Zone london;
    CHECK(london.at(date("2026-03-29"), 0, 59) == instant("2026-03-29T00:59:00Z"));
    CHECK(london.at(date("2026-03-29"), 1, 30) == instant("2026-03-29T01:00:00Z"));
    CHECK(london.at(date("2026-03-29"), 2, 0) == instant("2026-03-29T01:00:00Z"));
    CHECK(london.at(date("2026-10-25"), 1, 30) == instant("2026-10-25T00:30:00Z"));
    CHECK(london.at(date("2026-10-25"), 2, 0) == instant("2026-10-25T02:00:00Z"));
    CHECK(london.clock_time(instant("2026-10-25T00:30:00Z")) == london.clock_time(instant("2026-10-25T01:30:00Z")));
}

TEST_CASE("a zone whose midnight is left out begins its day when the clocks change") {
    // Chile's clocks went from 24:00 on 7 September 2024 to 01:00 on the 8th.
    const Zone santiago("America/Santiago");
    CHECK(santiago.start_of(date("2024-09-08")) == instant("2024-09-08T04:00:00Z"));
    CHECK(santiago.clock_time(santiago.start_of(date("2024-09-08"))) == "01:00");
}

TEST_CASE("every instant lies in its own day") {
    const Zone london;
    CHECK(rc::check("start <= t < end", [&] {
        const Instant t{*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000'000)};
        const auto day = london.day_of(t);
        RC_ASSERT(london.start_of(day) <= t);
        RC_ASSERT(t < london.end_of(day));
        RC_ASSERT(london.day_of(london.start_of(day)) == day);
    }));
}

TEST_CASE("a zone that does not exist cannot be made") {
    CHECK_THROWS_AS(Zone("Europe/Atlantis"), std::runtime_error);
}

TEST_CASE("months are added to the day, or to the last day of a shorter month") {
    CHECK(add_months(date("2026-01-31"), 1) == date("2026-02-28"));
    CHECK(add_months(date("2024-01-31"), 1) == date("2024-02-29"));
    CHECK(add_months(date("2026-03-31"), -1) == date("2026-02-28"));
    CHECK(add_months(date("2026-10-31"), 6) == date("2027-04-30"));
    CHECK(add_months(date("2024-02-29"), 12) == date("2025-02-28"));
    CHECK(add_months(date("2026-01-15"), -13) == date("2024-12-15"));
    CHECK(rc::check("inside the right month", [] {
        const auto start = *any_date();
        const int months = *rc::gen::inRange(-240, 240);
        const std::chrono::year_month_day before(start);
        const std::chrono::year_month_day after(add_months(start, months));
        RC_ASSERT(after.ok());
        RC_ASSERT(after.year() / after.month() == before.year() / before.month() + std::chrono::months(months));
        RC_ASSERT(after.day() <= before.day());
    }));
}

TEST_CASE("a date is written out as GOV.UK writes it") {
    CHECK(format_long(date("2026-03-27")) == "27 March 2026");
    CHECK(format_long(date("2026-09-01")) == "1 September 2026");
}

TEST_CASE("Saturday and Sunday are the weekend") {
    CHECK_FALSE(is_weekend(date("2026-03-27")));
    CHECK(is_weekend(date("2026-03-28")));
    CHECK(is_weekend(date("2026-03-29")));
    CHECK_FALSE(is_weekend(date("2026-03-30")));
}
