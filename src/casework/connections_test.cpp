// The conflict register. The case to design against is a worker in a relationship with the person suspected (Ali v
// Luton).
#include "casework/connections.hpp"

#include <doctest/doctest.h>

#include "casework/glass.hpp"
#include "support/ada.hpp"

using namespace waymark;
using namespace testing;

namespace {

void declare(OpenOffice& world, std::string_view who, casework::Declared declared) {
    static int keys = 0;
    must(casework::declare_connection(world.office(), world.asker(who),
                                      {fmt::format("declared-{}", ++keys), std::move(declared)}));
}
std::vector<casework::ConflictItem> open_conflicts(OpenOffice& world, std::string_view who) {
    auto all = must(casework::conflicts(world.office(), world.asker(who)));
    std::erase_if(all, [](const auto& one) { return one.cleared.has_value(); });
    return all;
}
Result<EntryId> clear(OpenOffice& world, std::string_view who, EntryId entry) {
    static int keys = 0;
    return casework::clear_conflict(world.office(), world.asker(who),
                                    {fmt::format("clear-{}", ++keys), entry, "Another family of that name."});
}
const auto born = parse_date("2012-04-05").value();

}  // namespace

TEST_CASE("whoever declares a child as their own may not open the record, whatever their role and emergency") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.triaged();
        REQUIRE(ada.read("a.rahman"));
        declare(world, "a.rahman", {"child", "Ada", "Lindgren", born, "", "", ""});
        const auto refused = ada.read("a.rahman");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().place == "social-worker/read/conflict");
        CHECK(ada.read("t.okafor"));
        CHECK(casework::break_glass(world.office(), world.asker("a.rahman"),
                                    {"g1", ada.view, "The child is in hospital now.", 4})
                  .error()
                  .kind == FaultKind::forbidden);
        // Who reads every record is held too.
        declare(world, "m.brennan", {"relative", "Ada", "Lindgren", born, "", "", ""});
        CHECK(ada.read("m.brennan").error().place == "front-door/read/conflict");
        const auto found = must(casework::inbox(world.office(), world.asker("m.brennan", "triage"), 10));
        CHECK(found.empty());
    });
}

TEST_CASE("a worker close to an adult in a child's record may not open that record: declared before or after") {
    constexpr auto harmful = R"({"involvement":"person-of-concern","identity":{"source":"pnc","id":"p1",)"
                             R"("given_name":"Corin","family_name":"Vale","date_of_birth":"1990-01-02"}})";
    const auto concern = [&](const std::string& id, const std::string& child) {
        return fmt::format(
            R"({{"kind":"concern.raised","at":"2026-02-02","recorded":"2026-02-02T12:00:00Z","agency":"education",)"
            R"("author":"someone","id":"{}","body":{{"about_what":"harmed"}},"subjects":[{{"involvement":"affected",)"
            R"("identity":{{"source":"mis","id":"{}",{}}}}},{}]}})",
            id, id, child, harmful);
    };
    for (const bool before : {true, false}) {
        CAPTURE(before);
        for_each_office([&](OpenOffice& world) {
            if (before)
                declare(world, "s.iyer", {"partner", "Corin", "Vale", parse_date("1990-01-02").value(), "", "", ""});
            const auto child = world.take(concern("c1", is_ada));
            REQUIRE(child.taken == casework::Taken::taken);
            if (!before)
                declare(world, "s.iyer", {"partner", "Corin", "Vale", parse_date("1990-01-02").value(), "", "", ""});
            const auto read = [&](const char* who) {
                return casework::person_page(world.office(), world.asker(who), child.records.front(), std::nullopt);
            };
            CHECK(read("s.iyer").error().place == "social-care-manager/read/conflict");
            CHECK(read("m.brennan"));
            const auto told = open_conflicts(world, "p.whitlock");
            REQUIRE(told.size() == 1);
            CHECK(told.front().who == "s.iyer");
            CHECK(told.front().declared);
            CHECK_FALSE(told.front().person);
        });
    }
}

TEST_CASE(
    "the same family name and home, or the same telephone, is a suspected conflict and shuts until it is cleared") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.triaged();
        declare(world, "a.rahman", {"self", "Amina", "Lindgren", parse_date("1985-03-03").value(), "", "NB1 4AA", ""});
        CHECK(ada.read("a.rahman").error().place == "social-worker/read/conflict");
        const auto seen = open_conflicts(world, "s.iyer");
        REQUIRE(seen.size() == 1);
        CHECK_FALSE(seen.front().declared);
        CHECK(seen.front().person);
        CHECK(seen.front().signs == std::vector<std::string>{"Family name", "Postcode"});
        CHECK(clear(world, "a.rahman", seen.front().entry).error().kind == FaultKind::forbidden);
        CHECK(clear(world, "w.tremblay", seen.front().entry).error().kind == FaultKind::missing);  // not their people
        CHECK(clear(world, "s.iyer", seen.front().entry));
        CHECK(ada.read("a.rahman"));
        CHECK(open_conflicts(world, "p.whitlock").empty());
    });
}

TEST_CASE("nobody clears a conflict of their own, and no entry that a person brings clears one") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        declare(world, "s.iyer", {"child", "Ada", "Lindgren", born, "", "", ""});
        const auto own = open_conflicts(world, "s.iyer");
        REQUIRE(own.size() == 1);
        CHECK(clear(world, "s.iyer", own.front().entry).error().place == "own-conflict");
        ada.on("2026-03-02");
        ada.add("conflict.cleared", "2026-03-02", R"({"who":"s.iyer","reason":"Mine"})", "csc", "s.iyer");
        CHECK_FALSE(ada.read("s.iyer"));
    });
}

TEST_CASE("a declaration tells its author nothing, and a protected address is compared with nothing") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        const auto shielded = known(world, "health", "h1",
                                    R"("given_name":"Isla","family_name":"Marrow","date_of_birth":"2014-01-01",)"
                                    R"("address":"9 Quay Street","postcode":"NB2 2BB","address_protected":true)");
        REQUIRE(shielded.taken == casework::Taken::taken);
        declare(world, "s.iyer", {"household", "", "Marrow", std::nullopt, "9 Quay Street", "NB2 2BB", ""});
        CHECK(open_conflicts(world, "p.whitlock").empty());
        CHECK(casework::person_page(world.office(), world.asker("s.iyer"), shielded.records.front(), std::nullopt));
        // The same answer with and without a match.
        declare(world, "s.iyer", {"child", "Ada", "Lindgren", born, "", "", ""});
        declare(world, "s.iyer", {"child", "Nobody", "Nowhere", born, "", "", ""});
        CHECK(must(casework::my_connections(world.office(), world.asker("s.iyer"))).size() == 3);
        CHECK(must(casework::my_connections(world.office(), world.asker("t.okafor"))).empty());
    });
}

TEST_CASE("a conflict keeps nobody from raising a concern, and a child whom nobody may tell of stays untold") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        declare(world, "b.hughes", {"child", "Ada", "Lindgren", born, "", "", ""});
        casework::RaiseRequest request;
        request.key = "raised";
        request.about_what = "harmed";
        request.summary = "Category 2 on the list.";
        request.children.push_back(
            {static_cast<record::Involvements>(record::Involvement::affected), std::nullopt, {}});
        request.children.front().as_described.given_name = "Ada";
        request.children.front().as_described.family_name = "Lindgren";
        CHECK(casework::raise(world.office(), world.asker("b.hughes"), request));
        // A nurse whose agency does not know the child is told no more than before.
        const auto untold = ada.read("y.chen");
        declare(world, "y.chen", {"child", "Ada", "Lindgren", born, "", "", ""});
        CHECK(ada.read("y.chen").error() == untold.error());
    });
}

TEST_CASE(
    "a connection that has ended is compared until a manager agrees, and what it shut stays shut until it is cleared") {
    for_each_office([](OpenOffice& world) {
        declare(world, "a.rahman", {"partner", "Ada", "Lindgren", born, "", "", ""});
        const auto mine = [&] { return must(casework::my_connections(world.office(), world.asker("a.rahman"))); };
        const auto waiting = [&](const char* who) {
            return must(casework::ended_connections(world.office(), world.asker(who)));
        };
        const auto end = [&](const char* who, const char* reason = "We parted.") {
            static int keys = 0;
            return casework::end_connection(world.office(), world.asker(who),
                                            {fmt::format("end-{}", ++keys), mine().front().entry, reason});
        };
        CHECK(end("a.rahman", " ").error().place == "reason");
        CHECK(end("s.iyer").error().kind == FaultKind::missing);  // nobody has said so yet
        CHECK(end("t.okafor").error().kind == FaultKind::missing);
        REQUIRE(end("a.rahman"));
        CHECK(mine().front().said_ended);
        CHECK(end("a.rahman").error().kind == FaultKind::conflict);
        CHECK(waiting("w.tremblay").empty());  // not their people
        REQUIRE(waiting("s.iyer").size() == 1);
        CHECK(waiting("s.iyer").front().relation == "My partner or former partner");
        CHECK(waiting("s.iyer").front().reason == "We parted.");

        Ada ada(world);  // comes while only its declarer has said so
        ada.triaged();
        CHECK(ada.read("a.rahman").error().place == "social-worker/read/conflict");
        REQUIRE(end("s.iyer"));
        CHECK(mine().empty());
        CHECK(waiting("s.iyer").empty());
        CHECK_FALSE(ada.read("a.rahman"));
        REQUIRE(clear(world, "s.iyer", open_conflicts(world, "s.iyer").front().entry));
        CHECK(ada.read("a.rahman"));
        // What comes now is compared with it no more.
        const auto twin = known(world, "health", "h2", is_ada);
        REQUIRE(twin.taken == casework::Taken::taken);
        CHECK(open_conflicts(world, "p.whitlock").empty());
    });
}

TEST_CASE("no manager agrees to the end of their own connection") {
    for_each_office([](OpenOffice& world) {
        declare(world, "s.iyer", {"child", "Ada", "Lindgren", born, "", "", ""});
        const auto entry = must(casework::my_connections(world.office(), world.asker("s.iyer"))).front().entry;
        const casework::EndConnection first{"own-1", entry, "A mistake."};
        CHECK(casework::end_connection(world.office(), world.asker("s.iyer"), first));
        CHECK(casework::end_connection(world.office(), world.asker("s.iyer"), {"own-2", entry, "A mistake."})
                  .error()
                  .kind == FaultKind::conflict);
        CHECK(must(casework::ended_connections(world.office(), world.asker("s.iyer"))).empty());
        Ada ada(world);
        CHECK_FALSE(ada.read("s.iyer"));
    });
}
