// Silences of a record.
#include "casework/gaps.hpp"

#include <doctest/doctest.h>

#include "support/two_agencies.hpp"

using namespace waymark;
using testing::must;
using testing::OpenOffice;

namespace {

// A concern in January; seen in February and in May; a telephone call in between.
casework::PersonPage page_of(OpenOffice& world, std::string_view now) {
    world.clock().set(*parse_instant(now));
    const auto entry = [&](const char* kind, const std::string& at, const char* body) {
        world.take(testing::line_of("csc", "1", testing::is_ada, {kind + at, at, kind, body, "displayed"}));
    };
    entry("concern.raised", "2026-01-05", R"({"about_what":"other"})");
    entry("visit.made", "2026-02-02", R"({"seen":true})");
    entry("visit.made", "2026-03-10", R"({"seen":false})");
    entry("visit.made", "2026-05-20", R"({"seen":true,"seen_alone":true})");
    const auto person = world.read([&](store::Snapshot& s) {
        return s.views_by_key(world.office().partnership, std::vector{store::ViewKey{"csc", "mis", "1"}}).front()->view;
    });
    return must(casework::person_page(world.office(), world.asker("m.brennan", "triage"), person, std::nullopt));
}

std::vector<casework::Gap> gaps_at(OpenOffice& world, const casework::PersonPage& page, bool open) {
    return casework::gaps_of(world.office(), page.lines, open, world.office().calendar->day_of(world.clock().now()));
}

}  // namespace

TEST_CASE(
    "a silence is longer than four weeks, and one in which the child was not seen reaches past what others wrote") {
    testing::for_each_office([](OpenOffice& world) {
        const auto page = page_of(world, "2026-05-30T09:00:00Z");
        const auto gaps = gaps_at(world, page, true);
        REQUIRE(gaps.size() == 3);
        CHECK(gaps[0].days == 36);  // 2 February to 10 March: nobody wrote
        CHECK_FALSE(gaps[0].seeing);
        CHECK(gaps[1].days == 71);
        CHECK(gaps[2].days == 107);  // 2 February to 20 May: nobody saw the child
        CHECK(gaps[2].seeing);
        CHECK_FALSE(gaps[2].open);
        CHECK(casework::last_seen(world.office(), page.lines)->day == *parse_date("2026-05-20"));
    });
}

TEST_CASE("a silence goes on until today while a case is open, and said once where nobody wrote anything either") {
    testing::for_each_office([](OpenOffice& world) {
        const auto page = page_of(world, "2026-07-30T09:00:00Z");
        const auto open = gaps_at(world, page, true);
        REQUIRE(open.size() == 4);
        CHECK(open.back().open);
        CHECK(open.back().days == 71);
        CHECK_FALSE(open.back().seeing);
        CHECK(gaps_at(world, page, false).size() == 3);
    });
}
