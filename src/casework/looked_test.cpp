// Who has looked: every view's looks, for those who answer for the record, and no trace of more.
#include "casework/looked.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "support/ada.hpp"

using namespace waymark;
using namespace testing;

namespace {

Result<casework::LookedPage> ask(OpenOffice& world, std::string_view who, ViewId person,
                                 const casework::LookedQuery& query = {}) {
    const bool privacy = world.asker(who).role == "privacy-officer";
    return casework::who_looked(world.office(), world.asker(who, privacy ? "subject-access" : "supervision"), person,
                                query);
}

std::string one_of_role(OpenOffice& world, std::string_view role) {
    for (const auto& one : world.office().profile.practitioners) {
        if (one.role == role) return one.key;
    }
    throw std::runtime_error("nobody has this role");
}

}  // namespace

TEST_CASE("who has looked is told to a manager: who, when, why, on what ground and at what; asking is on record too") {
    for_each_office([](OpenOffice& world) {
        const auto concern = known(world, "education", "ada", is_ada);
        const auto person = concern.records.front();
        must(casework::person_page(world.office(), world.asker("m.brennan", "triage"), person, std::nullopt));
        const auto manager = one_of_role(world, "social-care-manager");
        const auto page = must(ask(world, manager, person));
        CHECK_FALSE(page.log_only);
        REQUIRE(page.looks.size() == 2);  // the look, and the import that brought the concern
        const auto& look = page.looks.front();
        CHECK(look.name == "Maeve Brennan");
        CHECK(look.role == "Front door");
        CHECK(look.purpose == "To decide what happens after a concern or referral");
        CHECK(look.ground == "Their role opens every record that nothing restricts");
        CHECK(look.entries == 1);
        REQUIRE(look.kinds.size() == 1);
        CHECK(look.kinds.front().second == 1);
        const auto again = must(ask(world, manager, person));
        REQUIRE(again.looks.size() == 3);
        CHECK(again.looks.front().action == "read-log");
        CHECK_FALSE(again.total);
    });
}

TEST_CASE("a privacy officer sees the log and nothing of the record; who neither manages nor leads is refused") {
    for_each_office([](OpenOffice& world) {
        const auto person = known(world, "education", "ada", is_ada).records.front();
        must(casework::person_page(world.office(), world.asker("m.brennan", "triage"), person, std::nullopt));
        const auto page = must(ask(world, one_of_role(world, "privacy-officer"), person));
        CHECK(page.log_only);
        CHECK(page.total == 2);
        CHECK(page.child.identities.empty());
        REQUIRE(page.looks.size() == 2);
        for (const auto& look : page.looks) CHECK(look.kinds.empty());
        const auto refused = ask(world, "m.brennan", person);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == FaultKind::forbidden);
        CHECK_FALSE(ask(world, "f.begum", person));
    });
}

TEST_CASE("a front door worker who leads the case may ask who has looked, and no longer once another leads it") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.triaged();
        CHECK_FALSE(ask(world, "m.brennan", ada.view));
        ada.add("case.opened", "2026-02-05", R"({"lead":"m.brennan"})");
        CHECK(ask(world, "m.brennan", ada.view));
        CHECK(must(ada.read("m.brennan")).leads);
        CHECK_FALSE(ask(world, "d.kowalczyk", ada.view));
        ada.add("case.transferred", "2026-02-06", R"({"lead":"d.kowalczyk"})");
        CHECK_FALSE(ask(world, "m.brennan", ada.view));
        CHECK(ask(world, "d.kowalczyk", ada.view));
    });
}

TEST_CASE("looks at any view of the child count, page by page, by day, agency and act") {
    for_each_office([](OpenOffice& world) {
        const auto first = known(world, "education", "ada", std::string(is_ada) + R"(,"nhs_number":"9434765919")");
        const auto second = known(world, "health", "ada2", std::string(is_ada) + R"(,"nhs_number":"9434765919")");
        const auto person = world.person_of(first.records.front());
        REQUIRE(world.person_of(second.records.front()) == person);
        for (int i = 0; i < 7; ++i) {
            world.clock().advance(std::chrono::hours(24));
            must(casework::person_page(world.office(), world.asker("m.brennan", "triage"), second.records.front(),
                                       std::nullopt));
        }
        const auto manager = one_of_role(world, "social-care-manager");
        casework::LookedQuery query;
        query.action = "read";
        query.limit = 3;
        std::size_t seen = 0;
        for (int pages = 0; pages < 5; ++pages) {
            const auto page = must(ask(world, manager, person, query));
            seen += page.looks.size();
            if (!page.next) break;
            query.before = page.next;
        }
        CHECK(seen == 7);
        casework::LookedQuery days;
        days.from = parse_date("2026-03-04").value();
        days.to = parse_date("2026-03-05").value();
        days.action = "read";
        CHECK(must(ask(world, manager, person, days)).looks.size() == 2);
        days.agency = "education";
        CHECK(must(ask(world, manager, person, days)).looks.empty());
    });
}

TEST_CASE("a line about nothing but an entry that the reader may not know is not told; pages go on where one ended") {
    for_each_office([](OpenOffice& world) {
        const auto person = known(world, "education", "ada", is_ada).records.front();
        const auto manager = one_of_role(world, "social-care-manager");
        casework::LookedQuery appended;
        appended.action = "append";
        const auto before = must(ask(world, manager, person, appended)).looks.size();
        auto marked = line_of("education", "ada", is_ada,
                              {"m-1", "2026-03-01", "concern.raised", R"({"about_what":"other"})", "displayed"});
        marked.insert(marked.size() - 1, R"(,"marking":"sealed")");
        world.take(marked);
        CHECK(must(ask(world, manager, person, appended)).looks.size() == before);
        const auto privacy = one_of_role(world, "privacy-officer");
        CHECK(must(ask(world, privacy, person, appended)).looks.size() == before + 1);
        // All of one moment, and each look at the list adds a line: none is told twice, none left out.
        for (int i = 0; i < 5; ++i)
            must(casework::person_page(world.office(), world.asker("m.brennan", "triage"), person, std::nullopt));
        const auto whole = must(ask(world, manager, person));
        casework::LookedQuery query;
        query.limit = 2;
        std::vector<std::int64_t> positions;
        for (int pages = 0; pages < 20; ++pages) {
            const auto page = must(ask(world, manager, person, query));
            for (const auto& look : page.looks) positions.push_back(look.position);
            if (!page.next) break;
            query.before = page.next;
        }
        std::vector<std::int64_t> expected{whole.looks.front().position + 1};  // the look at the whole list
        for (const auto& look : whole.looks) expected.push_back(look.position);
        CHECK(positions == expected);
    });
}
