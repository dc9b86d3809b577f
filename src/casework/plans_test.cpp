// Plans and the way through justice, as the lines of a record tell them.
#include "casework/plans.hpp"

#include <doctest/doctest.h>

#include "casework/justice.hpp"
#include "support/two_agencies.hpp"

using namespace waymark;
using testing::for_each_office;
using testing::must;
using testing::OpenOffice;

namespace {

void say(OpenOffice& world, const std::string& id, const std::string& at, const char* kind, const char* body,
         const std::string& about = {}) {
    auto line = testing::line_of("csc", "1", testing::is_ada, {id, at, kind, body, "affected"});
    if (!about.empty()) line.insert(line.size() - 1, R"(,"about":")" + about + "\"");
    const auto outcome = world.take(line);
    REQUIRE(outcome.taken == casework::Taken::taken);
}

casework::PersonPage ada(OpenOffice& world) {
    const auto view = world.read([&](store::Snapshot& s) {
        return s.views_by_key(world.office().partnership, std::vector{store::ViewKey{"csc", "mis", "1"}}).front()->view;
    });
    return must(casework::person_page(world.office(), world.asker("m.brennan", "triage"), view, std::nullopt));
}

constexpr auto safety =
    R"({"type":"safety","review_by":"2026-05-01","actions":[{"id":"a1","text":"Visit","owner":"csc","due":"2026-03-01"},)"
    R"({"id":"a2","text":"Ring","owner":"police","due":"2026-03-01"}]})";

}  // namespace

TEST_CASE("a plan tells who does what by when, and what was done") {
    for_each_office([](OpenOffice& world) {
        world.clock().set(*parse_instant("2026-06-01T09:00:00Z"));
        say(world, "c", "2026-01-05", "concern.raised", R"({"about_what":"harmed"})");
        say(world, "p", "2026-02-01", "plan.agreed", safety);
        say(world, "d", "2026-02-20", "action.completed", R"({"action":"a1"})", "p");
        const auto page = ada(world);
        const auto found = casework::plans_of(world.office(), page.lines);
        REQUIRE(found.plans.size() == 1);
        const auto& plan = found.plans.front();
        REQUIRE(plan.actions.size() == 2);
        CHECK(plan.actions[0].done != nullptr);
        CHECK_FALSE(plan.actions[0].overdue(*parse_date("2026-06-01")));
        CHECK(plan.actions[1].overdue(*parse_date("2026-06-01")));
        CHECK(plan.actions[1].owner == "Northbay Police");
        CHECK(plan.review_by == *parse_date("2026-05-01"));
    });
}

TEST_CASE("a plan that was ended, or whose review ends it, comes after those in force") {
    for_each_office([](OpenOffice& world) {
        world.clock().set(*parse_instant("2026-06-01T09:00:00Z"));
        say(world, "c", "2026-01-05", "concern.raised", R"({"about_what":"harmed"})");
        say(world, "p", "2026-02-01", "plan.agreed", safety);
        say(world, "q", "2026-02-02", "plan.agreed", R"({"type":"school"})");
        say(world, "r", "2026-03-01", "plan.reviewed", R"({"type":"school","outcome":"ends"})", "q");
        const auto page = ada(world);
        const auto found = casework::plans_of(world.office(), page.lines);
        REQUIRE(found.plans.size() == 2);
        CHECK(found.plans[0].ended == nullptr);
        CHECK(string_or(found.plans[0].agreed->entry.body, "type", "") == "safety");
        CHECK(found.plans[1].ended != nullptr);
    });
}

TEST_CASE("circumstances that change make a plan due until it is reviewed") {
    for_each_office([](OpenOffice& world) {
        world.clock().set(*parse_instant("2026-06-01T09:00:00Z"));
        say(world, "c", "2026-01-05", "concern.raised", R"({"about_what":"harmed"})");
        say(world, "p", "2026-02-01", "plan.agreed", safety);
        say(world, "x", "2026-03-01", "circumstance.changed", R"({"type":"school"})");
        {
            const auto page = ada(world);
            CHECK(casework::plans_of(world.office(), page.lines).plans.front().changed != nullptr);
        }
        say(world, "r", "2026-03-05", "plan.reviewed", R"({"type":"safety","outcome":"continues"})", "p");
        const auto page = ada(world);
        CHECK(casework::plans_of(world.office(), page.lines).plans.front().changed == nullptr);
    });
}

TEST_CASE("days are counted from disclosure to what ends the waiting, and those without support apart") {
    for_each_office([](OpenOffice& world) {
        world.clock().set(*parse_instant("2026-12-01T09:00:00Z"));
        say(world, "c", "2026-01-05", "concern.raised", R"({"about_what":"harmed"})");
        say(world, "d", "2026-01-10", "disclosure.made", "{}");
        say(world, "i", "2026-01-20", "investigation.opened", "{}");
        say(world, "s", "2026-02-01", "support.delivered", R"({"type":"practical"})");
        {
            const auto page = ada(world);
            const auto path = casework::justice_of(world.office(), page.lines, *parse_date("2026-03-01"));
            CHECK(path.waiting_days == 50);
            CHECK(path.unsupported_days == 22);  // 10 to 31 January; from 1 February the support lasts 28 days
            CHECK_FALSE(path.ended);
            CHECK(path.waits_for == "Investigation closed");
        }
        say(world, "n", "2026-04-10", "charge.decided", R"({"decision":"no-charge"})");
        const auto page = ada(world);
        const auto path = casework::justice_of(world.office(), page.lines, *parse_date("2026-12-01"));
        CHECK(path.ended == *parse_date("2026-04-10"));
        CHECK(path.waiting_days == 90);
        CHECK(path.waits_for.empty());
    });
}
