// Linked but separate: who links two records, who is told where they bring the children together, and who never is.
#include "casework/separate.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "support/ada.hpp"

using namespace waymark;
using namespace testing;

namespace {

constexpr const char* manager = "s.iyer";
constexpr const char* front_door = "m.brennan";

// Ada and Bo, whose concern another agency raised.
struct Two {
    explicit Two(OpenOffice& w) : world(w), ada(w) {
        bo = known(world, "health", "bo", R"("given_name":"Bo","family_name":"Aldersey","date_of_birth":"2011-05-09")")
                 .records.front();
        ada.on("2026-03-05");
    }
    EntryId add(ViewId child, const std::string& kind, const std::string& at, const std::string& body,
                const std::string& more = {}) {
        const auto outcome =
            world.take(fmt::format(R"({{"kind":"{}","at":"{}","agency":"csc","author":"{}","id":"p{}","body":{}{},)"
                                   R"("subjects":[{{"involvement":"displayed","person":"{}"}}]}})",
                                   kind, at, front_door, ++last, body, more, to_string(child)));
        REQUIRE_MESSAGE(outcome.taken == casework::Taken::taken,
                        (outcome.faults.empty() ? "" : describe(outcome.faults.front())));
        return outcome.entries.front();
    }
    EntryId planned(ViewId child, const std::string& setting, const std::string& place, const std::string& more = {}) {
        return add(child, "plan.agreed", "2026-03-01",
                   fmt::format(R"({{"type":"school","setting":"{}","place":"{}"{}}})", setting, place, more));
    }
    Result<EntryId> link(std::string_view who = front_door, const std::string& coordinator = manager) {
        return casework::pair_children(
            world.office(), world.asker(who),
            {fmt::format("link{}", ++last), ada.view, bo, coordinator, "One incident, by category and code"});
    }
    casework::Pairing of(EntryId pairing, std::string_view who = manager) {
        return must(casework::pairing_page(world.office(), world.asker(who), pairing));
    }
    Result<EntryId> answer(EntryId pairing, const std::string& place, std::string_view who = manager) {
        return casework::answer_together(world.office(), world.asker(who),
                                         {fmt::format("a{}", ++last), pairing, place, "changed", "Changed in code"});
    }

    OpenOffice& world;
    Ada ada;
    ViewId bo;
    int last = 0;
};

}  // namespace

TEST_CASE("one place in two plans is told to the coordinator, to nobody else, and in neither record") {
    for_each_office([](OpenOffice& world) {
        Two two(world);
        const auto lines = must(two.ada.read(front_door)).lines.size();
        const auto pairing = must(two.link());
        CHECK(two.of(pairing).together.empty());
        two.planned(two.ada.view, "school", "Saint Ninian’s School");
        two.planned(two.bo, "school", "saint ninian’s school");
        const auto told = two.of(pairing);
        REQUIRE(told.together.size() == 1);
        CHECK(told.mine);
        CHECK(told.waiting() == 1);
        CHECK(told.together.front().place.name == "Saint Ninian’s School");
        CHECK(told.together.front().place.by_plan);
        CHECK_FALSE(told.together.front().place.from);
        CHECK_FALSE(told.together.front().place.kept_apart);
        // Who linked them knows that they are linked, and no more.
        const auto linked = two.of(pairing, front_door);
        CHECK_FALSE(linked.mine);
        CHECK(linked.together.empty());
        for (const auto* who : {"g.ferreira", "d.kowalczyk", "r.macleod", "a.rahman"}) {
            CAPTURE(who);
            CHECK_FALSE(casework::pairing_page(world.office(), world.asker(who), pairing));
            const auto theirs = casework::pairings(world.office(), world.asker(who), 10);
            CHECK((!theirs || theirs->empty()));
        }
        // The plan is the only line that came.
        CHECK(must(two.ada.read(front_door)).lines.size() == lines + 1);
        CHECK(must(casework::pairings(world.office(), world.asker(manager), 10)).size() == 1);
    });
}

TEST_CASE("what brings two children together is answered by the coordinator, and asked again when it changes") {
    for_each_office([](OpenOffice& world) {
        Two two(world);
        two.planned(two.ada.view, "school", "Saint Ninian’s");
        const auto theirs = two.planned(two.bo, "school", "Saint Ninian's");
        const auto pairing = must(two.link());
        const auto way = two.of(pairing).together.front().place.key;
        CHECK(two.answer(pairing, way, front_door).error().kind == FaultKind::forbidden);
        CHECK(two.answer(pairing, way, "g.ferreira").error().kind == FaultKind::missing);
        CHECK(two.answer(pairing, "elsewhere").error().kind == FaultKind::conflict);
        must(two.answer(pairing, way));
        CHECK(two.of(pairing).waiting() == 0);
        REQUIRE(two.of(pairing).together.front().answer);
        CHECK(two.of(pairing).together.front().answer->outcome == "changed");
        two.add(two.bo, "plan.ended", "2026-03-02", R"({"type":"school","outcome":"replaced"})",
                fmt::format(R"(,"about":"{}")", to_string(theirs)));
        CHECK(two.of(pairing).together.empty());
        two.planned(two.bo, "school", "Saint Ninian's");
        CHECK(two.of(pairing).waiting() == 1);
    });
}

TEST_CASE("places that are not at one time bring nobody together; one that is to come says from when") {
    for_each_office([](OpenOffice& world) {
        Two two(world);
        const auto pairing = must(two.link());
        two.planned(two.ada.view, "residential", "Quay House", R"(,"from":"2026-03-01","to":"2026-06-01")");
        two.planned(two.bo, "residential", "Quay House", R"(,"from":"2026-06-01")");
        CHECK(two.of(pairing).together.empty());
        two.planned(two.bo, "residential", "Quay House", R"(,"from":"2026-05-01")");
        const auto told = two.of(pairing);
        REQUIRE(told.together.size() == 1);
        CHECK(told.together.front().place.from == parse_date("2026-05-01").value());
    });
}

TEST_CASE("a place that is recorded for both counts until it has ended") {
    for_each_office([](OpenOffice& world) {
        Two two(world);
        const auto pairing = must(two.link());
        const std::string club = R"({"setting":"community","name":"Harbour club","source":"child"})";
        two.add(two.ada.view, "place.recorded", "2026-03-01", club);
        const auto theirs = two.add(two.bo, "place.recorded", "2026-03-01", club);
        REQUIRE(two.of(pairing).together.size() == 1);
        CHECK_FALSE(two.of(pairing).together.front().place.by_plan);
        two.add(two.bo, "place.ended", "2026-03-02", R"({"to":"2026-03-02"})",
                fmt::format(R"(,"about":"{}")", to_string(theirs)));
        CHECK(two.of(pairing).together.empty());
    });
}

TEST_CASE("a place in which children are to be kept apart is told as one") {
    for_each_office([](OpenOffice& world) {
        Two two(world);
        const auto pairing = must(two.link());
        two.planned(two.ada.view, "community", "Harbour club");
        two.planned(two.bo, "community", "Harbour Club");
        const auto apart = two.add(two.ada.view, "keep-apart.agreed", "2026-03-02",
                                   R"({"setting":"community","review_by":"2026-04-01"})");
        CHECK(two.of(pairing).together.front().place.kept_apart);
        two.add(two.ada.view, "keep-apart.ended", "2026-03-03", R"({"setting":"community"})",
                fmt::format(R"(,"about":"{}")", to_string(apart)));
        CHECK_FALSE(two.of(pairing).together.front().place.kept_apart);
    });
}

TEST_CASE("one address on two registers is told, and a protected one is compared with nothing") {
    for_each_office([](OpenOffice& world) {
        Two two(world);
        const auto pair_with = [&](const std::string& id, const std::string& more) {
            const auto child = known(world, "education", id,
                                     R"("given_name":"Cyr","family_name":"Dunmore","address":"4 Quay Row",)"
                                     R"("postcode":"NB1 4QQ")" +
                                         more);
            const auto pairing = must(casework::pair_children(
                world.office(), world.asker(front_door),
                {"link-" + id, child.records.front(), two.bo, manager, "One incident, by category and code"}));
            return two.of(pairing).together.size();
        };
        two.bo = known(world, "health", "bo2",
                       R"("given_name":"Bo","family_name":"Eastlake","address":"4 QUAY ROW","postcode":"nb14qq")")
                     .records.front();
        CHECK(pair_with("c1", "") == 1);
        CHECK(pair_with("c2", R"(,"address_protected":true)") == 0);
    });
}

TEST_CASE("only to whom both records are open coordinates, and a record that closes takes its pairs along") {
    for_each_office([](OpenOffice& world) {
        Two two(world);
        const auto offer = must(casework::pair_offer(world.office(), world.asker(front_door), two.ada.view, two.bo));
        const std::pair<std::string, std::string> iyer{manager, "Sunita Iyer"};
        CHECK(std::find(offer.coordinators.begin(), offer.coordinators.end(), iyer) != offer.coordinators.end());
        CHECK(two.link(front_door, "a.rahman").error().place == "coordinator");
        CHECK(two.link("a.rahman").error().kind == FaultKind::forbidden);
        const auto pairing = must(two.link());
        two.ada.restricted("named-only", fmt::format(R"("{}")", front_door));
        CHECK_FALSE(casework::pairing_page(world.office(), world.asker(manager), pairing));
        CHECK(must(casework::pairings(world.office(), world.asker(manager), 10)).empty());
        CHECK(casework::pairing_page(world.office(), world.asker(front_door), pairing));
    });
}

TEST_CASE("two records are unlinked with a reason, by who linked them or coordinates them") {
    for_each_office([](OpenOffice& world) {
        Two two(world);
        const auto pairing = must(two.link());
        CHECK_FALSE(casework::end_pairing(world.office(), world.asker("g.ferreira"), {"e1", pairing, "Code"}));
        CHECK_FALSE(casework::end_pairing(world.office(), world.asker(manager), {"e2", pairing, " "}));
        must(casework::end_pairing(world.office(), world.asker(manager), {"e3", pairing, "Code"}));
        CHECK_FALSE(casework::pairing_page(world.office(), world.asker(manager), pairing));
        CHECK(must(casework::pairings(world.office(), world.asker(front_door), 10)).empty());
    });
}

TEST_CASE("comparing two records is a look at both, and stands in both logs") {
    for_each_office([](OpenOffice& world) {
        Two two(world);
        const auto pairing = must(two.link());
        two.of(pairing);
        for (const auto child : {two.ada.view, two.bo}) {
            const auto lines = world.audit_of(world.person_of(child));
            REQUIRE_FALSE(lines.empty());
            CHECK(lines.front().practitioner == manager);
        }
    });
}

TEST_CASE("a child is not linked with itself") {
    for_each_office([](OpenOffice& world) {
        Two two(world);
        two.bo = two.ada.view;
        CHECK(two.link().error().place == "other");
        CHECK(casework::pair_offer(world.office(), world.asker(front_door), two.ada.view, two.bo).error().kind ==
              FaultKind::invalid);
    });
}
