// The calendars, vocabularies and the demonstration profile that are shipped, and what is refused of such files.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/json.hpp"
#include "content/content.hpp"
#include "support/content_dir.hpp"

using namespace waymark;
using namespace waymark::content;
using testing::content_dir;

namespace {

struct TempContent {
    explicit TempContent(const char* folder, const char* name, const std::string& text)
        : dir(std::filesystem::temp_directory_path() /
              ("waymark-data-test-" + std::to_string(reinterpret_cast<std::uintptr_t>(this)))) {
        std::filesystem::create_directories(dir / folder);
        std::ofstream(dir / folder / name) << text;
    }
    ~TempContent() { std::filesystem::remove_all(dir); }
    TempContent(const TempContent&) = delete;
    TempContent& operator=(const TempContent&) = delete;
    std::filesystem::path dir;
};

}  // namespace

TEST_CASE("each calendar holds every day of its source and no other") {
    const json::value source =
        parse_json(read_content(content_dir, "calendars/source/bank-holidays.json").value()).value();
    for (const char* name : {"england-and-wales", "scotland", "northern-ireland"}) {
        CAPTURE(name);
        const Result<CalendarData> calendar = load_calendar(content_dir, name);
        REQUIRE(calendar);
        std::set<Date> days;
        for (const json::value& event : source.at(name).at("events").as_array()) {
            days.insert(parse_date(event.at("date").as_string().c_str()).value());
        }
        const auto computed = calendar->holidays.upper_bound(calendar->listed_until);
        CHECK(std::set<Date>(calendar->holidays.begin(), computed) == days);
        CHECK(calendar->first == make_date(2012, 1, 1));
        CHECK(calendar->listed_until == make_date(2028, 12, 31));
        CHECK(calendar->last == make_date(2035, 12, 31));
        CHECK_FALSE(calendar->source.empty());
    }
}

TEST_CASE("what is computed for the listed years is what is listed, but for what was moved or added by proclamation") {
    const std::set<Date> moved_to{make_date(2012, 6, 4), make_date(2020, 5, 8), make_date(2022, 6, 2)};
    const std::set<Date> moved_from{make_date(2012, 5, 28), make_date(2020, 5, 4), make_date(2022, 5, 30)};
    const std::set<Date> added{make_date(2012, 6, 5), make_date(2022, 6, 3), make_date(2022, 9, 19),
                               make_date(2023, 5, 8)};
    for (const char* name : {"england-and-wales", "scotland", "northern-ireland", "guernsey"}) {
        CAPTURE(name);
        const CalendarData calendar = load_calendar(content_dir, name).value();
        std::set<Date> expected;
        for (int year = 2012; year <= 2024; ++year) {
            for (const Date day : holidays_of(calendar.yearly, std::chrono::year(year))) expected.insert(day);
        }
        for (const Date day : moved_from) expected.erase(day);
        expected.insert(moved_to.begin(), moved_to.end());
        expected.insert(added.begin(), added.end());
        if (std::string_view(name) == "guernsey") expected.insert(make_date(2024, 7, 16));
        const auto end = calendar.holidays.upper_bound(make_date(2024, 12, 31));
        CHECK(std::set<Date>(calendar.holidays.begin(), end) == expected);
    }
}

TEST_CASE("Easter falls where the almanacs say") {
    const std::pair<int, Date> known[] = {{1818, make_date(1818, 3, 22)}, {1943, make_date(1943, 4, 25)},
                                          {2000, make_date(2000, 4, 23)}, {2026, make_date(2026, 4, 5)},
                                          {2035, make_date(2035, 3, 25)}, {2038, make_date(2038, 4, 25)}};
    for (const auto& [year, day] : known) CHECK(easter_sunday(std::chrono::year(year)) == day);
}

TEST_CASE("beyond the list the yearly holidays are computed, with their substitutes") {
    const auto england = load_calendar(content_dir, "england-and-wales").value();
    const auto has = [](const CalendarData& calendar, Date day) { return calendar.holidays.count(day) == 1; };
    CHECK(has(england, make_date(2035, 3, 26)));   // Easter Monday
    CHECK(has(england, make_date(2032, 12, 27)));  // Christmas Day is a Saturday
    CHECK(has(england, make_date(2032, 12, 28)));
    CHECK(has(england, make_date(2033, 1, 3)));
    CHECK(has(england, make_date(2034, 12, 25)));
    const auto scotland = load_calendar(content_dir, "scotland").value();
    CHECK(has(scotland, make_date(2034, 1, 3)));  // 1 January is a Sunday, 2 January a Monday
    CHECK(has(scotland, make_date(2030, 8, 5)));
    CHECK_FALSE(has(scotland, make_date(2035, 3, 26)));
    const auto guernsey = load_calendar(content_dir, "guernsey").value();
    CHECK(has(guernsey, make_date(2030, 5, 9)));
    CHECK_FALSE(has(guernsey, make_date(2032, 5, 10)));  // 9 May is a Sunday, and nothing stands for it
}

TEST_CASE("Easter Monday is a holiday in England and Wales and not in Scotland") {
    CHECK(load_calendar(content_dir, "england-and-wales")->holidays.count(make_date(2026, 4, 6)) == 1);
    CHECK(load_calendar(content_dir, "scotland")->holidays.count(make_date(2026, 4, 6)) == 0);
}

TEST_CASE("a calendar that holds a day twice, or one outside its span, is refused where it stands") {
    const std::string head = "name = \"x\"\nsource = \"s\"\nfirst = 2026-01-01\nlast = 2026-12-31\n";
    for (const char* days : {"holidays = [\n2026-12-25,\n2026-12-25]", "holidays = [\n2026-12-25,\n2027-01-01]",
                             "holidays = [\n2026-12-25,\n\"soon\"]"}) {
        CAPTURE(days);
        const TempContent content("calendars", "x.toml", head + days);
        const Result<CalendarData> calendar = load_calendar(content.dir.string(), "x");
        REQUIRE_FALSE(calendar);
        CHECK(calendar.error().place == "calendars/x.toml:7");
    }
}

TEST_CASE("a calendar that says what cannot be computed is refused where it stands") {
    const std::string head = "name = \"x\"\nsource = \"s\"\nfirst = 2026-01-01\nlast = 2030-12-31\nholidays = []\n";
    const std::pair<const char*, const char*> wrong[] = {
        {"listed_until = 2026-06-30\n[[yearly]]\nname = \"a\"\neaster = 1", "calendars/x.toml:6"},
        {"listed_until = 2026-12-31", "calendars/x.toml:6"},
        {"[[yearly]]\nname = \"a\"", "calendars/x.toml:6"},
        {"[[yearly]]\nname = \"a\"\nmonth = 5", "calendars/x.toml:6"},
        {"[[yearly]]\nname = \"a\"\nmonth = 5\nnth = 1\nweekday = \"moonday\"", "calendars/x.toml:10"},
        {"[[yearly]]\nname = \"a\"\nmonth = 13\nday = 1", "calendars/x.toml:8"},
    };
    for (const auto& [text, place] : wrong) {
        CAPTURE(text);
        const TempContent content("calendars", "x.toml", head + text);
        const Result<CalendarData> calendar = load_calendar(content.dir.string(), "x");
        REQUIRE_FALSE(calendar);
        CHECK(calendar.error().place == place);
    }
}

TEST_CASE("every vocabulary names its source and has a label for each code") {
    int seen = 0;
    for (const auto& file : std::filesystem::directory_iterator(content_dir + "/vocabularies")) {
        const std::string name = file.path().stem().string();
        CAPTURE(name);
        const Result<Vocabulary> vocabulary = load_vocabulary(content_dir, name);
        REQUIRE_MESSAGE(vocabulary, (vocabulary ? std::string{} : describe(vocabulary.error())));
        CHECK_FALSE(vocabulary->source.empty());
        ++seen;
    }
    CHECK(seen >= 9);
    const Vocabulary factors = load_vocabulary(content_dir, "assessment-factor").value();
    CHECK(factors.has("19B"));
    CHECK(factors.label("11A") == "Child sexual exploitation");
    CHECK(load_vocabulary(content_dir, "referral-source")->codes.size() == 22);
    CHECK(load_vocabulary(content_dir, "ethnicity")->label("BCRB") == "Caribbean");
    CHECK_FALSE(load_vocabulary(content_dir, "sex")->has("Z"));
}

TEST_CASE("names and paths of content cannot leave its folder") {
    CHECK_FALSE(load_vocabulary(content_dir, "../kinds/case"));
    CHECK_FALSE(load_calendar(content_dir, ""));
    for (const char* path :
         {"../CMakeLists.txt", "/etc/hostname", "kinds/../../x", "", "kinds//case.toml", "./kinds/case.toml"}) {
        CAPTURE(path);
        const Result<std::string> text = read_content(content_dir, path);
        REQUIRE_FALSE(text);
        CHECK(text.error().kind == FaultKind::invalid);
    }
    const Result<std::string> missing = read_content(content_dir, "kinds/none.toml");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == FaultKind::missing);
    CHECK(missing.error().place == "kinds/none.toml");
}

TEST_CASE("the demonstration partnership has somebody in each role of its agencies") {
    const Result<Profile> profile =
        parse_profile(read_content(content_dir, "profiles/northbay.toml").value(), "profiles/northbay.toml");
    REQUIRE_MESSAGE(profile, (profile ? std::string{} : describe(profile.error())));
    std::set<std::string> held;
    for (const Practitioner& one : profile->practitioners) held.insert(one.role);
    const std::set<std::string> elsewhere{"secure-estate-worker", "probation-worker", "young-person", "parent-carer"};
    for (const std::string& role : roles()) {
        CAPTURE(role);
        CHECK(held.count(role) + elsewhere.count(role) == 1);
    }
    for (const std::string& type : profile->require) {
        CHECK(std::any_of(profile->agencies.begin(), profile->agencies.end(),
                          [&](const Agency& one) { return one.type == type; }));
    }
    CHECK(load_calendar(content_dir, profile->calendar));
}
