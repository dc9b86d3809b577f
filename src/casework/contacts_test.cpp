// Who to ring: those whom the entries name that the asker may see, with today's number and cover.
#include "casework/contacts.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/ada.hpp"

using namespace waymark;
using namespace testing;

namespace {

const casework::Contact* of(const casework::ContactSheet& sheet, std::string_view name) {
    const auto found =
        std::find_if(sheet.people.begin(), sheet.people.end(), [&](const auto& one) { return one.name == name; });
    return found == sheet.people.end() ? nullptr : &*found;
}

casework::ContactSheet sheet_for(Ada& ada, std::string_view who, const char* purpose = "triage") {
    return must(casework::who_to_ring(ada.world.office(), ada.world.asker(who, purpose), ada.view));
}

}  // namespace

TEST_CASE("who leads stands first, then those who wrote and met, each with a number and a reason") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.triaged();
        ada.add("visit.made", "2026-02-06", R"({"seen":true})", "health", "r.macleod");
        ada.add("case.opened", "2026-02-05", R"({"lead":"a.rahman"})");
        ada.add(
            "strategy.held", "2026-02-07",
            R"({"attended":["csc",{"agency":"police","name":"Joshua Mensah"},{"agency":"health","name":"A Locum"}],)"
            R"("decision":"plan"})");
        const auto sheet = sheet_for(ada, "m.brennan");
        REQUIRE(sheet.people.size() >= 4);
        CHECK(sheet.people.front().name == "Amina Rahman");
        CHECK(sheet.people.front().ties.front() == "Leads the case");
        CHECK(sheet.people.front().telephone == "01632 960 101");
        REQUIRE(of(sheet, "Rhona MacLeod") != nullptr);
        CHECK(of(sheet, "Rhona MacLeod")->ties.front().starts_with("Last entry on 6 February 2026"));
        REQUIRE(of(sheet, "Joshua Mensah") != nullptr);
        CHECK(of(sheet, "Joshua Mensah")->ties.front().starts_with("Came to "));
        const auto* locum = of(sheet, "A Locum");
        REQUIRE(locum != nullptr);
        CHECK(locum->of_the_agency);
        CHECK(locum->telephone == "01632 960 004");
        // Whose agency knows the child has a designated lead.
        REQUIRE(of(sheet, "Bethan Hughes") != nullptr);
    });
}

TEST_CASE("somebody who is away has a colleague who stands in, for those days only") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.add("case.opened", "2026-02-05", R"({"lead":"a.rahman"})");
        casework::SetContact away{"one", "01632 960 555", "t.okafor", make_date(2026, 3, 1), make_date(2026, 3, 6)};
        must(casework::set_contact(world.office(), world.asker("a.rahman"), away));
        const auto lead = sheet_for(ada, "m.brennan").people.front();
        CHECK(lead.telephone == "01632 960 555");
        REQUIRE(lead.away);
        CHECK(lead.away->cover == "Tobenna Okafor");
        CHECK(lead.away->telephone == "01632 960 102");
        world.clock().set(*parse_instant("2026-03-07T09:00:00Z"));
        CHECK_FALSE(sheet_for(ada, "m.brennan").people.front().away);
        const auto own = must(casework::my_contact(world.office(), world.asker("a.rahman")));
        CHECK(own.cover == "t.okafor");
        CHECK(own.of_profile == "01632 960 101");
    });
}

TEST_CASE("a number that is none, half an absence and oneself as cover are refused") {
    for_each_office([](OpenOffice& world) {
        const auto set = [&](const casework::SetContact& said) {
            const auto done = casework::set_contact(world.office(), world.asker("a.rahman"), said);
            return done ? std::string() : done.error().place;
        };
        const auto first = make_date(2026, 3, 1);
        const auto last = make_date(2026, 3, 6);
        CHECK(set({"k", "ring me", "", {}, {}}) == "telephone");
        CHECK(set({"k", "01632 960 555", "", first, {}}) == "away_to");
        CHECK(set({"k", "01632 960 555", "", last, first}) == "away_to");
        CHECK(set({"k", "01632 960 555", "a.rahman", first, last}) == "cover");
        CHECK(set({"k", "01632 960 555", "t.okafor", {}, {}}) == "away_from");
        CHECK(set({"k", "01632 960 555", "t.okafor", first, last}).empty());
    });
}

TEST_CASE("the front door is open on working days in its hours, and nobody else is named to who may not see the work") {
    for_each_office([](OpenOffice& world) {
        const auto at = [&](const char* moment) {
            world.clock().set(*parse_instant(moment));
            return casework::front_door_now(world.office()).open;
        };
        CHECK_FALSE(at("2026-03-02T08:59:00Z"));
        CHECK(at("2026-03-02T09:00:00Z"));
        CHECK_FALSE(at("2026-03-02T17:00:00Z"));
        CHECK_FALSE(at("2026-03-07T12:00:00Z"));  // a Saturday
        CHECK_FALSE(at("2026-04-03T12:00:00Z"));  // Good Friday
        CHECK(at("2026-04-07T08:00:00Z"));        // nine o'clock in summer
        Ada ada(world);
        world.clock().set(*parse_instant("2026-03-02T09:00:00Z"));
        ada.triaged();
        ada.add("case.opened", "2026-02-05", R"({"lead":"a.rahman"})");
        // A school sees that there are entries, and when; not whose.
        const auto school = sheet_for(ada, "b.hughes", "safeguarding");
        CHECK(of(school, "Maeve Brennan") == nullptr);
        CHECK_FALSE(
            casework::who_to_ring(world.office(), world.asker("f.begum", "safeguarding"), ada.view).has_value());
    });
}
