#include <doctest/doctest.h>

#include "record/journal.hpp"
#include "support/test_permit.hpp"

using namespace waymark;
using namespace waymark::record;
using sharing::Gate;

TEST_CASE("A permit covers no kind and no marking that it does not name") {
    const auto permit = Gate::with_markings(Gate::with_kinds(Gate::make(Action::read), {"concern.raised"}), {"team"});
    CHECK(permit.covers("concern.raised", "team", "csc"));
    CHECK_FALSE(permit.covers("triage.decided", "team", "csc"));
    CHECK_FALSE(permit.covers("concern.raised", "hidden", "csc"));
    CHECK_FALSE(permit.covers("concern.raised", "", "csc"));
    CHECK_FALSE(Gate::with_markings(Gate::make(Action::read), {}).covers("concern.raised", "team", "csc"));
}

TEST_CASE("A permit for one's own agency covers no other's entries") {
    const auto permit = Gate::own_agency_only(Gate::make(Action::read));
    CHECK(permit.covers("concern.raised", "team", "csc"));
    CHECK_FALSE(permit.covers("concern.raised", "team", "police"));
    CHECK(Gate::make(Action::read).covers("concern.raised", "team", "police"));
}

TEST_CASE("An audit line says who, what, why, from where, by which rule and with what result") {
    SeededRandom random(1);
    const SetClock clock(Instant{1'000'000});
    const std::vector<EntryId> entries{EntryId{make_uuid7(clock, random)}, EntryId{make_uuid7(clock, random)}};
    const auto record = ViewId{make_uuid7(clock, random)};
    const auto row = audit_line(Gate::make(Action::read), Instant{5}, record, {}, entries, "allowed");
    CHECK(row.at == Instant{5});
    CHECK(row.practitioner == "a.rahman");
    CHECK(row.agency == "csc");
    CHECK(row.role == "front-door");
    CHECK(row.session == "command");
    CHECK(row.action == "read");
    CHECK(row.purpose == "safeguarding");
    CHECK(row.route == "test");
    CHECK(row.from == "local");
    CHECK(row.rule == "test");
    CHECK(row.policy == "test-1");
    CHECK(row.record == record);
    CHECK(row.result == "allowed");
    CHECK(row.entries == to_string(entries[0]) + " " + to_string(entries[1]));
}

TEST_CASE("An audit line names two hundred entries and counts the rest") {
    SeededRandom random(1);
    const SetClock clock(Instant{1'000'000});
    std::vector<EntryId> entries;
    for (int i = 0; i < 237; ++i) entries.push_back(EntryId{make_uuid7(clock, random)});
    const auto row = audit_line(Gate::make(Action::export_record), Instant{5}, {}, {}, entries, "allowed");
    CHECK(row.entries.size() == 200 * 37 - 1 + 4);
    CHECK(row.entries.ends_with(" +37"));
    CHECK(row.action == "export");
}
