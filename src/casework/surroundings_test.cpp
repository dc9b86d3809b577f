// Who and where is in a child's life, as the entries that the reader sees tell it.
#include "casework/surroundings.hpp"

#include <doctest/doctest.h>

#include "support/two_agencies.hpp"

using namespace waymark;
using testing::for_each_office;
using testing::must;
using testing::OpenOffice;

namespace {

void tell(OpenOffice& world, const std::string& id, const std::string& at, const char* kind, const char* body,
          const std::string& more = {}) {
    auto line = testing::line_of("csc", "1", testing::is_ada, {id, at, kind, body, "affected"});
    line.insert(line.size() - 1, more);
    const auto outcome = world.take(line);
    REQUIRE(outcome.taken == casework::Taken::taken);
}

ViewId ada_view(OpenOffice& world) {
    return world.read([&](store::Snapshot& s) {
        return s.views_by_key(world.office().partnership, std::vector{store::ViewKey{"csc", "mis", "1"}}).front()->view;
    });
}

casework::PeopleSheet people_of(OpenOffice& world) {
    return must(casework::people_around(world.office(), world.asker("m.brennan", "triage"), ada_view(world)));
}

casework::PlacesSheet places_of(OpenOffice& world) {
    return must(casework::places_of(world.office(), world.asker("m.brennan", "triage"), ada_view(world)));
}

}  // namespace

TEST_CASE("a relationship is recorded, corrected and ended by entries, and stands once") {
    for_each_office([](OpenOffice& world) {
        world.clock().set(*parse_instant("2026-06-01T09:00:00Z"));
        tell(world, "c", "2026-01-05", "concern.raised", R"({"about_what":"harmed"})");
        tell(world, "r", "2026-02-01", "relationship.recorded",
             R"({"relation":"carer","who":"Rowan Ashdown","from":"2025-09-01","source":"family"})");
        tell(world, "s", "2026-01-30", "relationship.recorded",
             R"({"relation":"foster-carer","who":"Rowan Ashdown","from":"2025-09-03","source":"register"})",
             R"(,"supersedes":"r")");
        tell(world, "m", "2026-02-04", "relationship.recorded", R"({"relation":"mother","source":"child"})");
        auto sheet = people_of(world);
        REQUIRE(sheet.relations.size() == 2);
        CHECK(sheet.relations[1].relation == "Foster carer");
        CHECK(sheet.relations[1].who == "Rowan Ashdown");
        CHECK(sheet.relations[1].from == *parse_date("2025-09-03"));
        CHECK(sheet.relations[1].source == "An agency’s register");
        tell(world, "e", "2026-03-01", "relationship.ended", R"({"to":"2026-02-27"})", R"(,"about":"r")");
        sheet = people_of(world);
        REQUIRE(sheet.relations.size() == 2);
        CHECK(sheet.relations[0].relation == "Mother");
        CHECK(sheet.relations[1].to == *parse_date("2026-02-27"));
        CHECK(sheet.relations[1].is_over(*parse_date("2026-06-01")));
    });
}

TEST_CASE("practitioners stand with their first and last entry, and with when they led") {
    for_each_office([](OpenOffice& world) {
        world.clock().set(*parse_instant("2026-06-01T09:00:00Z"));
        tell(world, "c", "2026-01-05", "concern.raised", R"({"about_what":"harmed"})");
        tell(world, "o", "2026-01-07", "case.opened", R"({"lead":"a.rahman"})");
        tell(world, "t", "2026-03-01", "case.transferred", R"({"lead":"s.iyer"})");
        const auto sheet = people_of(world);
        const auto find = [&](const std::string& name) {
            return std::find_if(sheet.workers.begin(), sheet.workers.end(),
                                [&](const auto& one) { return one.name == name; });
        };
        const auto first = find("Amina Rahman");
        const auto now = find("Sunita Iyer");
        REQUIRE(first != sheet.workers.end());
        REQUIRE(now != sheet.workers.end());
        CHECK_FALSE(first->leads);
        REQUIRE(first->led.size() == 1);
        CHECK(first->led.front().second == *parse_date("2026-03-01"));
        CHECK(now->leads);
        CHECK(now == sheet.workers.begin());
        CHECK_FALSE(now->led.front().second);
    });
}

TEST_CASE("an adult whom entries bring is named once, with when and by whom") {
    for_each_office([](OpenOffice& world) {
        world.clock().set(*parse_instant("2026-06-01T09:00:00Z"));
        tell(world, "c", "2026-01-05", "concern.raised", R"({"about_what":"harmed"})");
        const std::string parent = R"({"kind":"visit.made","at":"2026-02-0)";
        for (const char* day : {"2", "5"}) {
            const auto outcome = world.take(
                parent + day + R"(","agency":"csc","author":"a.rahman","id":"v)" + day +
                R"(","body":{"seen":true},"subjects":[{"involvement":"subject","identity":{"source":"mis","id":"1"}},)"
                R"({"involvement":"parent","identity":{"source":"mis","id":"p1","given_name":"Rowan",)"
                R"("family_name":"Ashdown"}}]})");
            REQUIRE(outcome.taken == casework::Taken::taken);
        }
        const auto sheet = people_of(world);
        REQUIRE(sheet.named.size() == 1);
        CHECK(sheet.named.front().name == "Rowan Ashdown");
        CHECK(sheet.named.front().first == *parse_date("2026-02-02"));
        CHECK(sheet.named.front().last == *parse_date("2026-02-05"));
        CHECK(record::has(sheet.named.front().involvement, record::Involvement::parent));
    });
}

TEST_CASE("places stand with their dates, and each kind of place with what is on record of safety there") {
    for_each_office([](OpenOffice& world) {
        world.clock().set(*parse_instant("2026-06-01T09:00:00Z"));
        tell(world, "c", "2026-01-05", "concern.raised", R"({"about_what":"harmed","setting":"school"})");
        tell(
            world, "p", "2026-02-01", "place.recorded",
            R"({"setting":"school","name":"Hillcrest","from":"2025-09-01","safety":"Watched at breaks","source":"professional"})");
        tell(world, "k", "2026-02-02", "keep-apart.agreed", R"({"setting":"school","review_by":"2026-05-01"})");
        tell(world, "h", "2026-02-03", "place.recorded",
             R"({"setting":"residential","name":"Larch House","source":"register"})");
        tell(world, "e", "2026-03-03", "place.ended", R"({})", R"(,"about":"h")");
        const auto sheet = places_of(world);
        REQUIRE(sheet.places.size() == 2);
        CHECK(sheet.places[0].name == "Hillcrest");
        CHECK(sheet.places[1].is_over(*parse_date("2026-06-01")));
        CHECK(sheet.places[1].to == *parse_date("2026-03-03"));
        REQUIRE(sheet.safety.size() == 4);
        CHECK(sheet.safety[0].setting == "home");
        CHECK(sheet.safety[0].concerns == 0);
        CHECK(sheet.safety[1].concerns == 1);
        CHECK(sheet.safety[1].kept_apart == 1);
        CHECK(sheet.safety[1].review_by == *parse_date("2026-05-01"));
        CHECK(sheet.safety[1].arranged.front() == "Hillcrest: Watched at breaks");
    });
}

TEST_CASE("an address that is replaced is a former one, and one that is protected leaves none") {
    for_each_office([](OpenOffice& world) {
        world.clock().set(*parse_instant("2026-06-01T09:00:00Z"));
        const auto said = [&](const char* id, const char* day, const std::string& address) {
            const auto outcome =
                world.take(std::string(R"({"kind":"visit.made","at":")") + day + R"(","recorded":")" + day +
                           R"(T09:00:00Z","agency":"csc","author":"a.rahman","id":")" + id +
                           R"(","body":{"seen":true},"subjects":[{"involvement":"subject","identity":{"source":"mis",)"
                           R"("id":"1","given_name":"Ada","family_name":"Quillfeather",)" +
                           address + "}}]}");
            REQUIRE(outcome.taken == casework::Taken::taken);
        };
        said("a", "2026-01-02", R"("address":"1 Quay Street")");
        said("b", "2026-02-02", R"("address":"9 Mill Lane")");
        const auto sheet = places_of(world);
        REQUIRE(sheet.addresses.size() == 2);
        CHECK(sheet.addresses[0].address == "9 Mill Lane");
        CHECK_FALSE(sheet.addresses[0].until);
        CHECK(sheet.addresses[1].address == "1 Quay Street");
        CHECK(sheet.addresses[1].until.has_value());
        said("d", "2026-03-02", R"("address":"3 Far Road","address_protected":true)");
        CHECK(places_of(world).addresses.empty());
    });
}
