// The identity that a child had before adoption and the one after it are never brought together, whoever asks.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "casework/matches.hpp"
#include "support/two_agencies.hpp"

using namespace waymark;
using namespace std::chrono_literals;
using casework::Taken;
using namespace testing;
using Decision = people::Registry::Decision;

namespace {

// Enough in common that the engine would join it with the first.
constexpr auto after = R"("given_name":"Ada","family_name":"Lindgren","date_of_birth":"2012-04-05","sex":"F",)"
                       R"("postcode":"NB1 4AA","address":"4 Harbour Lane","upn":"A801200001001")";
constexpr auto closed = R"(,"adoption":"former")";

casework::Outcome identity(OpenOffice& world, const std::string& agency, const std::string& id,
                           const std::string& identity, const std::string& entry_id) {
    return known(world, agency, id, identity,
                 {.entry_id = entry_id, .kind = "identity.recorded", .body = "{}", .involvement = "subject"});
}
std::vector<people::Offered> search(OpenOffice& world, const std::string& who) {
    record::Identity query;
    query.source = query.id = "search";
    query.given_name = "Ada";
    query.family_name = "Lindgren";
    query.date_of_birth = parse_date("2012-04-05").value();
    return must(casework::who_may_this_be(world.office(), world.asker(who), query, 10));
}

// Two agencies' records of the child as it was, joined by the engine; then one of them marked.
struct AdoptedChild {
    explicit AdoptedChild(OpenOffice& of) : world(of) {
        old_care = identity(world, "csc", "s1", is_ada, "i1").records[0];
        old_school = identity(world, "education", "e1", is_ada, "i2").records[0];
        REQUIRE(world.person_of(old_school) == world.person_of(old_care));
        world.clock().advance(1h);
        REQUIRE(identity(world, "csc", "s1", std::string(is_ada) + closed, "i3").taken == Taken::taken);
    }
    OpenOffice& world;
    ViewId old_care;
    ViewId old_school;
};

}  // namespace

TEST_CASE("an identity closed by an adoption keeps what was joined with it, and is offered to nobody") {
    for_each_office([](OpenOffice& world) {
        const AdoptedChild child(world);
        CHECK(world.person_of(child.old_school) == world.person_of(child.old_care));
        const auto front = world.asker("m.brennan", "triage");
        CHECK(must(casework::matches_to_look_at(world.office(), front, 0, 10)).total == 0);
        // Not even the old record of the agency that has not marked its own.
        for (const auto* who : {"m.brennan", "e.vasquez", "a.rahman"}) CHECK(search(world, who).empty());
    });
}

TEST_CASE("the new identity is neither linked with the old one nor offered beside it: import, search, list and page") {
    for_each_office([](OpenOffice& world) {
        const AdoptedChild child(world);
        const auto front = world.asker("m.brennan", "triage");
        world.clock().advance(1h);
        const auto taken = identity(world, "health", "h1", after, "i4");
        const auto now = taken.records[0];
        CHECK(taken.linked == 0);
        CHECK(world.person_of(now) == now);
        const auto found = search(world, "m.brennan");
        REQUIRE(found.size() == 1);
        CHECK(found[0].view == now);
        CHECK(must(casework::matches_to_look_at(world.office(), front, 0, 10)).total == 0);
        for (const auto view : {child.old_care, child.old_school, now})
            CHECK(must(casework::person_page(world.office(), front, view, std::nullopt)).to_review.empty());
        for (const auto view : {child.old_care, child.old_school}) {
            const auto page = casework::match_page(world.office(), front, view, now);
            REQUIRE_FALSE(page);
            CHECK(page.error().kind == FaultKind::missing);
            const auto decided =
                casework::decide_match(world.office(), front, {"k1", view, now, Decision::same, "One child."});
            REQUIRE_FALSE(decided);
            CHECK(decided.error().kind == FaultKind::missing);
        }
    });
}

TEST_CASE("the new identity is recognised by other agencies as any child is") {
    for_each_office([](OpenOffice& world) {
        const AdoptedChild child(world);
        world.clock().advance(1h);
        const auto health = identity(world, "health", "h1", after, "i4").records[0];
        const auto nursery = identity(world, "nursery", "n1", after, "i5");
        CHECK(world.person_of(nursery.records[0]) == world.person_of(health));
    });
}

TEST_CASE("an identity that arrives marked is compared with other marked ones only") {
    for_each_office([](OpenOffice& world) {
        const auto now = identity(world, "health", "h1", after, "i1").records[0];
        const auto old_care = identity(world, "csc", "s1", std::string(is_ada) + closed, "i2");
        CHECK(old_care.linked == 0);
        CHECK(old_care.to_review == 0);
        const auto old_school = identity(world, "education", "e1", std::string(is_ada) + closed, "i3");
        CHECK(world.person_of(old_school.records[0]) == world.person_of(old_care.records[0]));
        CHECK(world.person_of(now) == now);
    });
}

TEST_CASE("a decision out of a file that would join the two is refused") {
    for_each_office([](OpenOffice& world) {
        const AdoptedChild child(world);
        world.clock().advance(1h);
        identity(world, "health", "h1", after, "i4");
        const auto refused = world.take(
            R"({"kind":"identity.decided","at":"2026-03-02","agency":"csc","author":"someone","id":"d1","body":{)"
            R"("decision":"same","reason":"One child.","identities":[{"agency":"csc","source":"mis","id":"s1"},)"
            R"({"agency":"health","source":"mis","id":"h1"}]},"subjects":[{"involvement":"subject","identity":)"
            R"({"source":"mis","id":"s1"}}]})");
        REQUIRE(refused.taken == Taken::refused);
        CHECK(refused.faults[0].place == "body.identities");
    });
}

TEST_CASE("what is kept of closed identities is made again from the views") {
    for_each_office([](OpenOffice& world) {
        const AdoptedChild child(world);
        const auto& office = world.office();
        REQUIRE(world.store().write([&](store::Transaction& tx) -> Result<void> {
            return office.registry->note_former(tx, office.partnership, {}, std::vector{child.old_care});
        }));
        CHECK(world.read([&](store::Snapshot& s) {
            return office.registry->former_views(s, office.partnership)->size();
        }) == 0);
        REQUIRE(casework::rebuild(office, {}));
        CHECK(world.read([&](store::Snapshot& s) {
            return office.registry->former_views(s, office.partnership)->size();
        }) == 1);
        CHECK(search(world, "m.brennan").empty());
    });
}

TEST_CASE("a mark that was a mistake is taken away by writing the identity without it") {
    for_each_office([](OpenOffice& world) {
        const AdoptedChild child(world);
        world.clock().advance(1h);
        identity(world, "csc", "s1", is_ada, "i9");
        CHECK(search(world, "m.brennan").size() == 1);
    });
}
