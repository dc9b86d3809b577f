// Undoing a link: each record has back what was its own, what is in doubt is assigned with a reason, nothing is lost.
#include "casework/unmerge.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "support/two_agencies.hpp"
#include "support/two_people.hpp"

using namespace waymark;
using namespace std::chrono_literals;
using casework::Taken;
using namespace testing;
using Decision = people::Registry::Decision;

namespace {

// The nursery's child and the school's, joined by the engine, about whom people then wrote; then parted.
struct Parted {
    explicit Parted(OpenOffice& of) : world(of), front(of.asker("m.brennan", "triage")) {
        nursery = known(world, "nursery", "n1", is_ada, {.at = "2026-01-05"});
        first = nursery.records[0];
        school = known(world, "education", "e1", is_ada);
        second = school.records[0];
        REQUIRE(world.person_of(second) == first);
        world.clock().advance(1h);
        // The social worker writes about the joined child: into the record of the first.
        visit = written("visit.made", R"({"seen":true})", "v1", first);
        // The front door decides on the school's concern, and the raiser is told.
        decided = must(casework::triage(world.office(), front, {"t1", school.entries[0], "assessment", "Weighed."}));
        world.clock().advance(1h);
        must(casework::give_feedback(world.office(), front, {"f1", school.entries[0], "assessment", "It begins."}));
        must(casework::person_page(world.office(), world.asker("a.rahman"), first, std::nullopt));
        world.clock().advance(1h);
        decided_by_two(world, {"d1", first, second, Decision::not_same, "Two children."});
        world.clock().advance(1h);
    }
    EntryId written(const std::string& kind, const std::string& body, const std::string& id, ViewId person) {
        const auto outcome = world.take(fmt::format(
            R"({{"kind":"{}","at":"2026-03-02T09:30:00Z","agency":"csc","author":"a.rahman","id":"{}","body":{},)"
            R"("subjects":[{{"involvement":"subject","person":"{}"}}]}})",
            kind, id, body, to_string(person)));
        REQUIRE_MESSAGE(outcome.taken == Taken::taken, (outcome.faults.empty() ? "" : describe(outcome.faults[0])));
        return outcome.entries[0];
    }
    casework::Undone undone() { return must(casework::undone_link(world.office(), front, first, second)); }
    Result<EntryId> assign(EntryId entry, ViewId to, const std::string& reason = "The visit sheet has the address.") {
        world.clock().advance(1h);
        return casework::assign_entry(world.office(), front,
                                      {fmt::format("a{}", ++keys), first, second, entry, to, reason});
    }
    // Effective entries of a kind in the chronology of a record.
    std::vector<casework::Line> lines(ViewId record, const std::string& kind) {
        auto page = must(casework::person_page(world.office(), front, record, std::nullopt));
        std::erase_if(page.lines,
                      [&](const casework::Line& line) { return line.entry.row.kind != kind || line.superseded; });
        return std::move(page.lines);
    }
    const casework::WrittenSince& of(const casework::Undone& page, EntryId entry) {
        const auto found =
            std::find_if(page.written.begin(), page.written.end(),
                         [&](const casework::WrittenSince& one) { return one.line.entry.row.entry == entry; });
        REQUIRE(found != page.written.end());
        return *found;
    }

    OpenOffice& world;
    record::Asker front;
    casework::Outcome nursery;
    casework::Outcome school;
    ViewId first;
    ViewId second;
    EntryId visit;
    EntryId decided;
    int keys = 0;
};

}  // namespace

TEST_CASE("undoing a link gives each record back what was its own, and shows what is in doubt") {
    for_each_office([](OpenOffice& world) {
        Parted parted(world);
        CHECK(parted.world.person_of(parted.second) == parted.second);
        CHECK(parted.lines(parted.first, "concern.raised").size() == 1);
        CHECK(parted.lines(parted.second, "concern.raised").size() == 1);
        const auto page = parted.undone();
        REQUIRE(page.was_joined);
        // The visit, the decision and the feedback; not the concerns, which brought their own identity.
        CHECK(page.written.size() == 3);
        CHECK(page.to_assign == 3);
        CHECK(parted.of(page, parted.visit).in_first);
        CHECK_FALSE(parted.of(page, parted.decided).in_first);
    });
}

TEST_CASE("what went over the link is listed: cases, answers, who was told, who read") {
    for_each_office([](OpenOffice& world) {
        Parted parted(world);
        const auto page = parted.undone();
        const auto has = [&](casework::Routed::How how) {
            return std::any_of(page.routed.begin(), page.routed.end(), [&](const auto& one) { return one.how == how; });
        };
        CHECK(has(casework::Routed::How::into_case));  // the school's concern, in the case of the nursery's child
        CHECK(has(casework::Routed::How::told));
        CHECK(has(casework::Routed::How::duty));
        REQUIRE_FALSE(page.readers.empty());
        CHECK(std::any_of(page.readers.begin(), page.readers.end(), [&](const auto& one) {
            return one.name == world.office().profile.practitioner("a.rahman")->name;
        }));
    });
}

TEST_CASE("an entry of the other child goes to the other record under its author's name, and stays readable here") {
    for_each_office([](OpenOffice& world) {
        Parted parted(world);
        const auto before = world.entries();
        const auto assignment = must(parted.assign(parted.visit, parted.second));
        CHECK(world.entries() == before + 2);
        CHECK(parted.lines(parted.first, "visit.made").empty());
        const auto moved = parted.lines(parted.second, "visit.made");
        REQUIRE(moved.size() == 1);
        CHECK(moved[0].entry.row.author == "a.rahman");
        CHECK(moved[0].entry.row.agency == "csc");
        CHECK(moved[0].entry.row.at == When{*parse_instant("2026-03-02T09:30:00Z"), false});
        const auto there = must(casework::person_page(world.office(), parted.front, parted.first, std::nullopt));
        CHECK(std::any_of(there.lines.begin(), there.lines.end(),
                          [&](const auto& line) { return line.entry.row.entry == parted.visit && line.superseded; }));
        const auto page = parted.undone();
        CHECK(page.to_assign == 2);
        const auto& one = parted.of(page, parted.visit);
        REQUIRE(one.assigned);
        CHECK_FALSE(one.assigned->to_first);
        CHECK(one.assigned->reason == "The visit sheet has the address.");
        CHECK_FALSE(assignment.is_nil());
        // The decision that parted them is not changed by it.
        CHECK(parted.world.person_of(parted.second) == parted.second);
        CHECK(must(casework::match_page(world.office(), parted.front, parted.first, parted.second)).history.size() ==
              2);
    });
}

TEST_CASE("an entry that stays is assigned too, and nothing is assigned twice") {
    for_each_office([](OpenOffice& world) {
        Parted parted(world);
        must(parted.assign(parted.visit, parted.first));
        CHECK(parted.lines(parted.first, "visit.made").size() == 1);
        CHECK(parted.lines(parted.second, "visit.made").empty());
        CHECK(parted.undone().to_assign == 2);
        const auto again = parted.assign(parted.visit, parted.second);
        REQUIRE_FALSE(again);
        CHECK(again.error().kind == FaultKind::missing);
        // The same form again is the same entry.
        CHECK(casework::assign_entry(
            world.office(), parted.front,
            {"a1", parted.first, parted.second, parted.visit, parted.first, "The visit sheet has the address."}));
    });
}

TEST_CASE("assigning needs a reason, one of the two records, an entry in doubt and a role that may decide") {
    for_each_office([](OpenOffice& world) {
        Parted parted(world);
        CHECK(parted.assign(parted.visit, parted.second, " ").error().place == "reason");
        CHECK(parted.assign(parted.visit, ViewId{}).error().place == "to");
        CHECK(parted.assign(parted.nursery.entries[0], parted.second).error().kind == FaultKind::missing);
        const auto denied =
            casework::assign_entry(world.office(), world.asker("a.rahman"),
                                   {"a9", parted.first, parted.second, parted.visit, parted.second, "Why."});
        REQUIRE_FALSE(denied);
        CHECK(denied.error().kind == FaultKind::forbidden);
        CHECK_FALSE(casework::undone_link(world.office(), world.asker("a.rahman"), parted.first, parted.second));
    });
}

TEST_CASE("two records that were never joined have nothing to part") {
    for_each_office([](OpenOffice& world) {
        Parted parted(world);
        const auto other = world.take(
            R"({"kind":"concern.raised","at":"2026-02-02","agency":"health","author":"someone","id":"c9","body":{)"
            R"("about_what":"other"},"subjects":[{"involvement":"displayed","identity":{"source":"mis","id":"h9",)"
            R"("given_name":"Rosalind","family_name":"Okonkwo","date_of_birth":"2009-01-30"}}]})");
        const auto page = must(casework::undone_link(world.office(), parted.front, parted.first, other.records[0]));
        CHECK_FALSE(page.was_joined);
        CHECK(page.written.empty());
    });
}

TEST_CASE("an entry that goes to the other record still answers what it answered") {
    for_each_office([](OpenOffice& world) {
        Parted parted(world);
        must(parted.assign(parted.decided, parted.first));
        const auto moved = parted.lines(parted.first, "triage.decided");
        REQUIRE(moved.size() == 1);
        CHECK(moved[0].entry.row.about == parted.school.entries[0]);
        CHECK(parted.lines(parted.second, "triage.decided").empty());
    });
}
