// Coming back to a child's page: what is new since, and who looked last.
#include "casework/child_home.hpp"

#include <doctest/doctest.h>

#include "support/ada.hpp"

using namespace waymark;
using namespace testing;

TEST_CASE("a first look has nothing to be new since; the next sign-in is told what others brought meanwhile") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        const auto look = [&](std::string_view which) {
            return must(casework::child_home(world.office(), signed_in(world, "m.brennan", "triage", which), ada.view));
        };
        CHECK_FALSE(look("one").last_looked);
        world.clock().set(*parse_instant("2026-03-03T09:00:00Z"));
        CHECK_FALSE(look("one").last_looked);  // still the same sign-in
        world.clock().set(*parse_instant("2026-03-03T10:00:00Z"));
        ada.add("visit.made", "2026-02-20", R"({"seen":true})", "csc", "a.rahman");  // written then, brought now
        ada.triaged();                                                               // her own
        world.clock().set(*parse_instant("2026-03-04T09:00:00Z"));
        const auto home = look("two");
        REQUIRE(home.last_looked);
        CHECK(*home.last_looked == *parse_instant("2026-03-03T09:00:00Z"));
        CHECK(home.page.lines.size() == 3);
        CHECK(home.fresh.size() == 1);
        CHECK(look("two").fresh.size() == 1);
        world.clock().set(*parse_instant("2026-03-05T09:00:00Z"));
        CHECK(look("three").fresh.empty());
        // Of another practitioner's look nothing is said here.
        CHECK_FALSE(must(casework::child_home(world.office(), signed_in(world, "d.kowalczyk", "triage"), ada.view))
                        .last_looked);
    });
}

TEST_CASE("what somebody may not know is not counted among what is new") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        const auto look = [&](std::string_view which) {
            return must(
                casework::child_home(world.office(), signed_in(world, "s.iyer", "supervision", which), ada.view));
        };
        look("one");
        world.clock().set(*parse_instant("2026-03-03T10:00:00Z"));
        ada.add("visit.made", "2026-02-20", R"({"seen":true})", "csc", "a.rahman", R"(,"marking":"sealed")");
        ada.add("visit.made", "2026-02-21", R"({"seen":true})", "csc", "a.rahman");
        world.clock().set(*parse_instant("2026-03-04T09:00:00Z"));
        const auto home = look("two");
        CHECK(home.page.lines.size() == 2);
        CHECK(home.fresh.size() == 1);
    });
}

TEST_CASE("the newest looks stand on the page for those who may ask who has looked, and for nobody else") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        for (int i = 0; i < 30; ++i) must(ada.read("m.brennan", "triage"));
        const auto manager = must(casework::child_home(world.office(), world.asker("s.iyer", "supervision"), ada.view));
        CHECK(manager.may_ask);
        REQUIRE(manager.looks.size() == casework::looks_at_home);
        CHECK(manager.looks.front().name == "Maeve Brennan");
        const auto front = must(casework::child_home(world.office(), world.asker("m.brennan", "triage"), ada.view));
        CHECK_FALSE(front.may_ask);
        CHECK(front.looks.empty());
    });
}
