// Cases by number and by child, as far as each may read them.
#include "casework/case_search.hpp"

#include <doctest/doctest.h>

#include "support/two_agencies.hpp"

using namespace waymark;
using testing::for_each_office;
using testing::must;
using testing::OpenOffice;

namespace {

void enter(OpenOffice& world, const std::string& id, const std::string& at, const char* kind, const char* body,
           const std::string& more = {}) {
    auto line = testing::line_of("csc", "1", testing::is_ada, {id, at, kind, body, "affected"});
    line.insert(line.size() - 1, more);
    const auto outcome = world.take(line);
    REQUIRE(outcome.taken == casework::Taken::taken);
}

std::vector<casework::FoundCase> by(OpenOffice& world, const char* who, const casework::FindCases& request) {
    return must(casework::find_cases(world.office(), world.asker(who), request, 10));
}

}  // namespace

TEST_CASE("a case is found by the number of its agency, by its own and by its child") {
    for_each_office([](OpenOffice& world) {
        world.clock().set(*parse_instant("2026-06-01T09:00:00Z"));
        enter(world, "c", "2026-01-05", "concern.raised", R"({"about_what":"harmed"})", R"(,"case":"CSC-77")");
        enter(world, "o", "2026-01-07", "case.opened", R"({"lead":"a.rahman"})", R"(,"case":"CSC-77")");
        const auto found = by(world, "m.brennan", {.number = "CSC-77", .children = {}});
        REQUIRE(found.size() == 1);
        CHECK(found.front().number == "CSC-77");
        CHECK(found.front().lead == "Amina Rahman");
        CHECK_FALSE(found.front().closed);
        CHECK(by(world, "m.brennan", {.number = to_string(found.front().case_id), .children = {}}).size() == 1);
        CHECK(by(world, "m.brennan", {.number = {}, .children = {found.front().person}}).size() == 1);
        CHECK(by(world, "m.brennan", {.number = "CSC-78", .children = {}}).empty());
    });
}

TEST_CASE("a case that may not be read is found by no number and by no child") {
    for_each_office([](OpenOffice& world) {
        world.clock().set(*parse_instant("2026-06-01T09:00:00Z"));
        enter(world, "c", "2026-01-05", "concern.raised", R"({"about_what":"harmed"})", R"(,"case":"CSC-77")");
        const auto seen = by(world, "m.brennan", {.number = "CSC-77", .children = {}});
        REQUIRE(seen.size() == 1);
        const casework::FindCases everything{.number = "CSC-77", .children = {seen.front().person}};
        // The police work no case of this child.
        CHECK(by(world, "j.mensah", everything).empty());
        enter(world, "h", "2026-02-01", "restriction.set", R"({"level":"hidden","persons":["s.iyer"]})");
        CHECK(by(world, "m.brennan", everything).empty());
        CHECK(by(world, "s.iyer", everything).size() == 1);
        CHECK(by(world, "m.brennan", {.number = to_string(seen.front().case_id), .children = {}}).empty());
    });
}
