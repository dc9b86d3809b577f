// The lines of the audit: what they say, how they are kept, and that altering one is noticed.
#include "record/audit.hpp"

#include <doctest/doctest.h>

#include "support/test_permit.hpp"

using namespace waymark;
using namespace waymark::record;
using sharing::Gate;

namespace {

struct Pen {
    std::unique_ptr<Seal> seal = plain_seal();
    const std::array<std::uint8_t, 16> key{1, 2, 3};
    Auditor auditor{*seal, key};
    SeededRandom random{1};
    SetClock clock{Instant{1'000'000}};
    EntryId entry() { return EntryId{make_uuid7(clock, random)}; }
};

Asker some_asker() {
    auto asker = Gate::some_asker();
    asker.reason = "Asked by the panel";
    return asker;
}

}  // namespace

TEST_CASE("An audit line says who, what, why, from where, by which rule and with what result") {
    Pen pen;
    const std::vector<EntryId> entries{pen.entry(), pen.entry()};
    const ViewId record{make_uuid7(pen.clock, pen.random)};
    const auto line = audit_line(Gate::make(Action::read, some_asker()), Instant{5}, record, {}, entries, "allowed");
    const auto opened = pen.auditor.open(pen.auditor.seal({&line, 1}).front());
    REQUIRE(opened);
    CHECK(opened->at == Instant{5});
    CHECK(opened->practitioner == "a.rahman");
    CHECK(opened->agency == "csc");
    CHECK(opened->role == "front-door");
    CHECK(opened->session == "command");
    CHECK(opened->strength == "command");
    CHECK(opened->issuer == "local");
    CHECK(opened->reason == "Asked by the panel");
    CHECK(opened->action == "read");
    CHECK(opened->purpose == "safeguarding");
    CHECK(opened->route == "test");
    CHECK(opened->from == "local");
    CHECK(opened->rule == "test");
    CHECK(opened->policy == "test-1");
    CHECK(opened->record == record);
    CHECK(opened->result == "allowed");
    CHECK(opened->shown == std::vector<Shown>{{entries[0], Depth::full}, {entries[1], Depth::full}});
}

TEST_CASE("An audit line says how deep each entry was shown") {
    Pen pen;
    std::vector<Shown> shown{{pen.entry(), Depth::full},
                             {pen.entry(), Depth::dates},
                             {pen.entry(), Depth::dates},
                             {pen.entry(), Depth::summary}};
    auto line = shown_line(Gate::make(Action::read), Instant{5}, {}, {}, shown, "allowed");
    line.fields = "given_name date_of_birth";
    const auto opened = pen.auditor.open(pen.auditor.seal({&line, 1}).front());
    REQUIRE(opened);
    CHECK(opened->shown == shown);
    CHECK(opened->fields == "given_name date_of_birth");
}

TEST_CASE("An audit line names a thousand entries and counts the rest") {
    Pen pen;
    std::vector<EntryId> entries;
    for (int i = 0; i < 1'037; ++i) entries.push_back(pen.entry());
    const auto line = audit_line(Gate::make(Action::export_record), Instant{5}, {}, {}, entries, "allowed");
    const auto row = pen.auditor.seal({&line, 1}).front();
    CHECK(row.shown.size() < 1'000 * 16 + 10);
    const auto opened = pen.auditor.open(row);
    REQUIRE(opened);
    CHECK(opened->shown.size() == 1'000);
    CHECK(opened->more == 37);
    CHECK(opened->action == "export");
}

TEST_CASE("What is personal in a line stands in its sealed part alone, and a practitioner is found by a keyed tag") {
    Pen pen;
    const auto line = audit_line(Gate::make(Action::read, some_asker()), Instant{5}, {}, {}, {}, "allowed");
    const auto row = pen.auditor.seal({&line, 1}).front();
    for (const auto* text : {&row.agency, &row.role, &row.strength, &row.action, &row.purpose, &row.relationship,
                             &row.basis, &row.route, &row.fields, &row.result, &row.rule, &row.policy}) {
        CHECK(text->find("rahman") == std::string::npos);
        CHECK(text->find("panel") == std::string::npos);
    }
    CHECK(row.who == pen.auditor.tag_of("a.rahman"));
    CHECK(row.who != pen.auditor.tag_of("a.rahmann"));
    const std::array<std::uint8_t, 16> other_key{9};
    CHECK(row.who != Auditor(*pen.seal, other_key).tag_of("a.rahman"));
}

TEST_CASE("A line under another's tag, or with a cut or a foreign part, does not open") {
    Pen pen;
    const std::vector<EntryId> entries{pen.entry()};
    const auto line = audit_line(Gate::make(Action::read), Instant{5}, {}, {}, entries, "allowed");
    const auto good = pen.auditor.seal({&line, 1}).front();
    REQUIRE(pen.auditor.open(good));
    auto row = good;
    row.who = pen.auditor.tag_of("m.brennan");
    CHECK_FALSE(pen.auditor.open(row));
    for (std::size_t size = 1; size < good.shown.size(); ++size) {
        row = good;
        row.shown.resize(size);
        if (size > 1) CHECK_FALSE(pen.auditor.open(row));
    }
    for (std::size_t size = 1; size < good.sealed.size(); ++size) {
        row = good;
        row.sealed.resize(size);
        CHECK_FALSE(pen.auditor.open(row));
    }
}

TEST_CASE("A line from before its parts were sealed opens with what it held") {
    Pen pen;
    const auto entry = pen.entry();
    store::AuditRow row;
    row.at = {7};
    row.agency = "csc";
    row.before = {"a.rahman", "ab12", "192.0.2.1", to_string(entry) + " +12"};
    const auto opened = pen.auditor.open(row);
    REQUIRE(opened);
    CHECK(opened->practitioner == "a.rahman");
    CHECK(opened->session == "ab12");
    CHECK(opened->from == "192.0.2.1");
    CHECK(opened->shown == std::vector<Shown>{{entry, Depth::full}});
    CHECK(opened->more == 12);
}
