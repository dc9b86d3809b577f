// What a look leaves behind, and that nothing is shown where access changed under it.
#include "casework/access.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "casework/child.hpp"
#include "support/failing_store.hpp"
#include "support/two_agencies.hpp"

using namespace waymark;
using namespace testing;

namespace {

// A child whose concern the school raised and social care takes on, with what schools and social care wrote since.
ViewId ada_in_assessment(OpenOffice& world) {
    const auto concern = known(world, "education", "ada", is_ada);
    const auto add = [&](const char* id, const char* kind, const char* agency, const char* author, const char* body) {
        const auto about = std::string_view(kind) == "triage.decided" ? R"(,"about":"education/c-ada")" : "";
        const auto taken = world.take(fmt::format(
            R"({{"kind":"{}","at":"2026-02-03","recorded":"2026-02-03T12:00:00Z","agency":"{}","author":"{}","id":"{}",)"
            R"("body":{}{},"subjects":[{{"involvement":"displayed","person":"{}"}}]}})",
            kind, agency, author, id, body, about, to_string(concern.records.front())));
        REQUIRE(taken.taken == casework::Taken::taken);
    };
    add("t1", "triage.decided", "csc", "m.brennan", R"({"outcome":"assessment","rationale":"Weighed"})");
    add("v1", "visit.made", "csc", "a.rahman", R"({"seen":true,"text":"own words"})");
    add("v2", "visit.made", "education", "e.vasquez", R"({"seen":true,"text":"free words"})");
    return concern.records.front();
}

void restrict_to_nobody(OpenOffice& world, ViewId person, int n) {
    const auto taken = world.take(
        fmt::format(R"({{"kind":"restriction.set","at":"2026-02-04","recorded":"2026-02-04T12:00:00Z","agency":"csc",)"
                    R"("author":"m.brennan","id":"r{}","body":{{"level":"hidden","persons":[]}},)"
                    R"("subjects":[{{"involvement":"displayed","person":"{}"}}]}})",
                    n, to_string(person)));
    REQUIRE(taken.taken == casework::Taken::taken);
}

// The child's page, with something done between the reading and the keeping of its line.
Result<casework::PersonPage> read_while(OpenOffice& world, std::string_view who, ViewId person,
                                        const std::function<void()>& meanwhile) {
    const auto& office = world.office();
    const auto permit = must(casework::permit_for(office, world.asker(who), record::Action::read));
    const std::function<Result<casework::PersonPage>(store::Snapshot&, casework::Seen&)> work =
        [&](store::Snapshot& snapshot, casework::Seen& seen) -> Result<casework::PersonPage> {
        auto knowing = TRY(casework::Knowing::of(office, snapshot, permit));
        auto page = TRY(casework::assemble_page(office, snapshot, knowing, person, std::nullopt));
        seen.add(page.relationship, page.person, {}, casework::shown_of(page));
        meanwhile();
        return page;
    };
    return casework::read_as<casework::PersonPage>(office, permit, work);
}

}  // namespace

TEST_CASE("a line says on which relationship a look rests, which entries were shown, how deep, and which fields") {
    for_each_office([](OpenOffice& world) {
        const auto person = ada_in_assessment(world);
        const auto page = must(casework::person_page(world.office(), world.asker("a.rahman"), person, std::nullopt));
        const auto line = world.audit_of(page.person).front();
        CHECK(line.practitioner == "a.rahman");
        CHECK(line.relationship == "involved");
        CHECK(line.strength == "command");
        CHECK(line.action == "read");
        CHECK(line.fields == "given_name family_name date_of_birth sex address postcode");
        REQUIRE(line.shown.size() == page.lines.size());
        for (std::size_t i = 0; i < line.shown.size(); ++i) {
            const auto& entry = page.lines[i].entry;
            CHECK(line.shown[i].entry == entry.row.entry);
            const bool others_visit = entry.row.kind == "visit.made" && entry.row.agency == "education";
            if (entry.row.kind == "visit.made")
                CHECK(line.shown[i].depth == (others_visit ? record::Depth::summary : record::Depth::full));
        }
        must(casework::person_page(world.office(), world.asker("m.brennan"), person, std::nullopt));
        CHECK(world.audit_of(page.person).front().relationship == "role");
    });
}

TEST_CASE("a restriction set between the reading and its line withholds the page") {
    for_each_office([](OpenOffice& world) {
        const auto person = ada_in_assessment(world);
        int runs = 0;
        const auto page = read_while(world, "a.rahman", person, [&] {
            if (++runs == 1) restrict_to_nobody(world, person, 1);
        });
        REQUIRE_FALSE(page);
        CHECK(page.error().kind == FaultKind::missing);  // read again, under the restriction
        CHECK(runs == 1);                                // the second time nothing was found to be shown
    });
}

TEST_CASE("a reading beside which access changes twice is not shown at all, and leaves no line that it was") {
    for_each_office([](OpenOffice& world) {
        const auto person = ada_in_assessment(world);
        const auto other = known(world, "health", "other", is_olive).records.front();
        int runs = 0;
        const auto page = read_while(world, "a.rahman", person, [&] { restrict_to_nobody(world, other, ++runs); });
        REQUIRE_FALSE(page);
        CHECK(page.error().kind == FaultKind::unavailable);
        CHECK(runs == 2);
        for (const auto& line : world.audit_of(person)) CHECK(line.practitioner != "a.rahman");
        // What is appended beside it without a word on access does not disturb it.
        const auto calm = read_while(world, "a.rahman", person, [&] {
            known(world, "police", fmt::format("n{}", ++runs), R"("given_name":"Bo","family_name":"Berg")");
        });
        CHECK(calm);
    });
}

TEST_CASE("what is read together is kept together, and nothing of it is given where access changed beside it") {
    for_each_office([](OpenOffice& world) {
        const auto person = ada_in_assessment(world);
        const auto& office = world.office();
        auto asker = world.asker("a.rahman");
        const auto lines_of_worker = [&] {
            const auto lines = world.audit_of(person);
            return std::count_if(lines.begin(), lines.end(),
                                 [](const auto& line) { return line.practitioner == "a.rahman"; });
        };
        const auto read_twice = [&](const std::function<void()>& between) {
            return casework::look_together<int>(office, asker, [&](record::Readings& readings) -> Result<int> {
                asker.readings = &readings;
                const auto before = lines_of_worker();
                TRY(casework::person_page(office, asker, person, std::nullopt));
                between();
                TRY(casework::person_page(office, asker, person, std::nullopt));
                CHECK(lines_of_worker() == before);
                return static_cast<int>(readings.all.size());
            });
        };
        CHECK(must(read_twice([] {})) == 2);
        const auto kept = lines_of_worker();
        CHECK(kept == 2);
        const auto other = known(world, "health", "other", is_olive).records.front();
        int runs = 0;
        const auto disturbed = read_twice([&] { restrict_to_nobody(world, other, ++runs); });
        REQUIRE_FALSE(disturbed);
        CHECK(disturbed.error().kind == FaultKind::unavailable);
        CHECK(runs == 2);
        CHECK(lines_of_worker() == kept);
        // The child is hidden meanwhile: read again, they are not there.
        const auto hidden = read_twice([&] { restrict_to_nobody(world, person, ++runs); });
        REQUIRE_FALSE(hidden);
        CHECK(hidden.error().kind == FaultKind::missing);
        CHECK(lines_of_worker() == kept);
    });
}
