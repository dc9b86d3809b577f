// What both engines promise alike of entries. Here and in its neighbours each case runs on SQLite and, where
// WAYMARK_TEST_PG names a server, on PostgreSQL.
#include <algorithm>

#include "support/scratch_store.hpp"
#include "support/store_steps.hpp"

using namespace waymark;
using namespace waymark::store;
using namespace waymark::testing;

namespace {

bool same(const EntryRow& a, const EntryRow& b) {
    return a.entry == b.entry && a.record == b.record && a.case_id == b.case_id && a.case_seq == b.case_seq &&
           a.agency == b.agency && a.author == b.author && a.kind == b.kind && a.source_id == b.source_id &&
           a.at == b.at && a.recorded == b.recorded && a.kept == b.kept && a.about == b.about &&
           a.supersedes == b.supersedes && a.incident == b.incident && a.marking == b.marking && a.digest == b.digest &&
           a.salt == b.salt && a.card == b.card;
}

}  // namespace

TEST_CASE("an entry comes back with every field as it was kept") {
    for_each_engine([](Store& store) {
        SampleEntries rows = sample_entries(7, 1);
        EntryRow& e = rows.entries[0];
        e.about = sample_id<EntryId>(3);
        e.supersedes = sample_id<EntryId>(4);
        e.incident = "incident ‘9’ — ź";
        REQUIRE(keep(store, rows));
        const std::vector<EntryId> ids = {sample_id<EntryId>(99), e.entry};
        const auto found = ask(store, [&](Snapshot& s) { return s.entries(here, ids, Want::whole); });
        CHECK_FALSE(found[0]);
        REQUIRE(found[1]);
        CHECK(same(found[1]->row, e));
        CHECK(found[1]->text == rows.texts[0].text);
    });
}

TEST_CASE("an entry without case, source id, about and text stays without") {
    for_each_engine([](Store& store) {
        SampleEntries rows = sample_entries(1, 2);
        for (std::size_t i = 0; i < 2; ++i) {
            rows.entries[i].case_id = {};
            rows.entries[i].source_id.clear();
            rows.entries[i].card.clear();
            rows.texts[i].text.clear();
        }
        REQUIRE(keep(store, rows));
        const std::vector<EntryId> ids = {rows.entries[0].entry};
        const auto found = ask(store, [&](Snapshot& s) { return s.entries(here, ids, Want::whole); });
        CHECK(same(found[0]->row, rows.entries[0]));
        CHECK(found[0]->text.empty());
    });
}

TEST_CASE("the entries of a record come in the order of at, recorded and id") {
    for_each_engine([](Store& store) {
        SampleEntries rows = sample_entries(0, 6, 1);
        // Same at: recorded decides; same recorded too: the id. A time before 1970 comes first.
        const std::int64_t at[] = {50, 10, 10, 10, -5, 60};
        const std::int64_t recorded[] = {1, 9, 8, 9, 1, 1};
        for (std::size_t i = 0; i < 6; ++i) {
            rows.entries[i].at.instant = {at[i]};
            rows.entries[i].recorded = {recorded[i]};
        }
        REQUIRE(keep(store, rows));
        const std::vector<ViewId> records = {sample_id<ViewId>(0)};
        const auto found =
            ask(store, [&](Snapshot& s) { return s.entries_of_records(here, records, Want::cards, 100); });
        std::vector<std::size_t> order;
        for (const WholeEntry& w : found) {
            order.push_back(w.row.entry.value.octets[15]);
            CHECK(w.text.empty());
        }
        CHECK(order == std::vector<std::size_t>{4, 2, 1, 3, 0, 5});
    });
}

TEST_CASE("the limit on entries counts over all the records asked for") {
    for_each_engine([](Store& store) {
        REQUIRE(keep(store, sample_entries(0, 30, 3)));
        const std::vector<ViewId> records = {sample_id<ViewId>(2), sample_id<ViewId>(0), sample_id<ViewId>(9)};
        const auto found =
            ask(store, [&](Snapshot& s) { return s.entries_of_records(here, records, Want::whole, 15); });
        REQUIRE(found.size() == 15);
        CHECK(found[9].row.record == records[0]);
        CHECK(found[10].row.record == records[1]);
    });
}

TEST_CASE("what ties an agency to a record is its own entries and those of some kinds, with the cards of these alone") {
    for_each_engine([](Store& store) {
        SampleEntries rows = sample_entries(0, 4, 1);
        for (auto& e : rows.entries) {
            e.agency = "health";
            e.kind = "visit.made";
            e.card = sample_bytes("card", 1, 30);
        }
        rows.entries[1].agency = "csc";
        rows.entries[2].kind = "case.opened";
        for (std::size_t i = 0; i < 4; ++i) rows.entries[i].at.instant = {static_cast<std::int64_t>(10 - i)};
        REQUIRE(keep(store, rows));
        const std::vector<ViewId> records = {sample_id<ViewId>(0)};
        const std::string_view kinds[] = {"case.opened", "meeting.held"};
        const auto ties = ask(store, [&](Snapshot& s) { return s.ties_of_records(here, records, "csc", kinds, 100); });
        REQUIRE(ties.size() == 2);
        CHECK(ties[0].entry == rows.entries[2].entry);  // the earlier
        CHECK(ties[0].card == rows.entries[2].card);
        CHECK(ties[0].agency == "health");
        CHECK(ties[1].entry == rows.entries[1].entry);
        CHECK(ties[1].card.empty());
        CHECK(ties[1].case_id == rows.entries[1].case_id);
        CHECK(ties[1].author == rows.entries[1].author);
        CHECK(ties[1].marking == rows.entries[1].marking);
        CHECK(ties[1].at == rows.entries[1].at);
        CHECK(ask(store, [&](Snapshot& s) { return s.ties_of_records(here, records, "csc", kinds, 1); }).size() == 1);
        CHECK(ask(store, [&](Snapshot& s) { return s.ties_of_records(here, records, "csc", {}, 9); }).size() == 1);
    });
}

TEST_CASE("what is about an entry is found in its record with what corrects any") {
    for_each_engine([](Store& store) {
        SampleEntries rows = sample_entries(0, 4, 1);
        for (auto& e : rows.entries) e.about = e.supersedes = {};
        rows.entries[1].about = rows.entries[0].entry;
        rows.entries[2].supersedes = rows.entries[1].entry;
        rows.entries[3].about = rows.entries[2].entry;
        REQUIRE(keep(store, rows));
        const std::vector<ViewId> records = {sample_id<ViewId>(0)};
        const auto found =
            ask(store, [&](Snapshot& s) { return s.entries_about(here, records, rows.entries[0].entry); });
        REQUIRE(found.size() == 2);
        CHECK(found[0].row.entry == rows.entries[1].entry);
        CHECK(found[1].row.entry == rows.entries[2].entry);
    });
}

TEST_CASE("a scan gives every entry record by record, in order, and stops when told to") {
    for_each_engine([](Store& store) {
        REQUIRE(keep(store, sample_entries(0, 5'000, 70)));
        for (const Want want : {Want::cards, Want::whole}) {
            std::vector<EntryRow> seen;
            std::size_t visits = 0;
            REQUIRE(store.read([&](Snapshot& s) -> Result<void> {
                s.scan_entries(here, want, [&](const WholeEntry& w) {
                    seen.push_back(w.row);
                    CHECK(w.text.empty() == (want == Want::cards));
                    return true;
                });
                s.scan_entries(here, want, [&](const WholeEntry&) { return ++visits < 10; });
                return {};
            }));
            CHECK(seen.size() == 5'000);
            CHECK(visits == 10);
            CHECK(std::is_sorted(seen.begin(), seen.end(), [](const EntryRow& a, const EntryRow& b) {
                return std::tie(a.record, a.at.instant, a.recorded, a.entry) <
                       std::tie(b.record, b.at.instant, b.recorded, b.entry);
            }));
        }
        CHECK(ask(store, [&](Snapshot& s) { return s.count_entries(here); }) == 5'000);
    });
}

TEST_CASE("a visitor of a scan may ask other questions, and scan again") {
    for_each_engine([](Store& store) {
        REQUIRE(keep(store, sample_entries(0, 50, 5)));
        int inner = 0;
        REQUIRE(store.read([&](Snapshot& s) -> Result<void> {
            s.scan_entries(here, Want::cards, [&](const WholeEntry& w) {
                const std::vector<EntryId> ids = {w.row.entry};
                CHECK(s.entries(here, ids, Want::whole)[0]);
                s.scan_entries(here, Want::cards, [&](const WholeEntry&) { return ++inner % 50 != 0; });
                return true;
            });
            return {};
        }));
        CHECK(inner == 2'500);
    });
}

TEST_CASE("an entry is found by its source id with and without the agency") {
    for_each_engine([](Store& store) {
        SampleEntries rows = sample_entries(0, 4);
        for (std::size_t i = 0; i < 3; ++i) rows.entries[i].source_id = "same";
        rows.entries[0].agency = "csc";
        rows.entries[1].agency = "police";
        rows.entries[2].agency = "health";
        REQUIRE(keep(store, rows));
        const std::vector<SourceKey> keys = {{"health", "same"}, {"health", "other"}, {"", ""}};
        const auto found = ask(store, [&](Snapshot& s) { return s.entries_by_source(here, keys); });
        REQUIRE(found[0]);
        CHECK(found[0]->entry == rows.entries[2].entry);
        CHECK(found[0]->digest == rows.entries[2].digest);
        CHECK(found[0]->kind == rows.entries[2].kind);
        CHECK_FALSE(found[1]);
        CHECK_FALSE(found[2]);
        CHECK(ask(store, [&](Snapshot& s) { return s.entries_by_source_id(here, "same"); }).size() == 2);
        CHECK(ask(store, [&](Snapshot& s) { return s.entries_by_source_id(here, "source-3"); }).size() == 1);
        CHECK(ask(store, [&](Snapshot& s) { return s.entries_by_source_id(here, ""); }).empty());
    });
}

TEST_CASE("the same source id of the same agency, or the same id, is refused as a conflict") {
    for_each_engine([](Store& store) {
        REQUIRE(keep(store, sample_entries(1, 1)));
        SampleEntries again = sample_entries(2, 1);
        again.entries[0].agency = "police";
        again.entries[0].source_id = "source-1";
        const auto refused = keep(store, again);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == FaultKind::conflict);
        CHECK(keep(store, sample_entries(1, 1)).error().kind == FaultKind::conflict);
        // Many at once take another way into PostgreSQL.
        CHECK(keep(store, sample_entries(0, 100)).error().kind == FaultKind::conflict);
        CHECK(ask(store, [&](Snapshot& s) { return s.count_entries(here); }) == 1);
        CHECK(keep(store, sample_entries(2, 98)).has_value());
    });
}

TEST_CASE("partnerships in one store see nothing of each other") {
    for_each_engine([](Store& store) {
        REQUIRE(keep(store, sample_entries(0, 10), here));
        REQUIRE(keep(store, sample_entries(0, 3), elsewhere));
        CHECK(ask(store, [&](Snapshot& s) { return s.count_entries(here); }) == 10);
        CHECK(ask(store, [&](Snapshot& s) { return s.count_entries(elsewhere); }) == 3);
        CHECK(ask(store, [&](Snapshot& s) { return s.queued_leaves(elsewhere); }) == 3);
        const std::vector<EntryId> ids = {sample_id<EntryId>(5)};
        CHECK_FALSE(ask(store, [&](Snapshot& s) { return s.entries(elsewhere, ids, Want::cards); })[0]);
    });
}

TEST_CASE("entries that say who may see a record are found whosoever it is, the oldest first") {
    for_each_engine([](Store& store) {
        SampleEntries rows = sample_entries(0, 6);
        rows.entries[4].kind = "restriction.set";
        rows.entries[1].kind = "restriction.lifted";
        rows.entries[3].kind = "access.granted";
        REQUIRE(keep(store, rows));
        const auto found = ask(store, [&](Snapshot& s) { return s.access_entries(here, 10); });
        REQUIRE(found.size() == 3);
        CHECK(std::is_sorted(found.begin(), found.end(),
                             [](const auto& a, const auto& b) { return a.row.at.instant < b.row.at.instant; }));
        CHECK(ask(store, [&](Snapshot& s) { return s.access_entries(here, 2); }).size() == 2);
        CHECK(ask(store, [&](Snapshot& s) { return s.access_entries(elsewhere, 10); }).empty());
    });
}

TEST_CASE("entries about the partnership are found by kind") {
    for_each_engine([](Store& store) {
        SampleEntries rows = sample_entries(0, 5);
        for (std::size_t i = 0; i < 3; ++i) rows.entries[i].record = {};
        rows.entries[0].kind = rows.entries[2].kind = "guidance.issued";
        REQUIRE(keep(store, rows));
        const auto found =
            ask(store, [&](Snapshot& s) { return s.partnership_entries(here, "guidance.issued", Want::whole); });
        REQUIRE(found.size() == 2);
        CHECK(found[1].row.entry == rows.entries[2].entry);
        CHECK(found[1].text == rows.texts[2].text);
    });
}
