// Back-up and restore, between both engines.
#include <atomic>
#include <thread>

#include "support/store_steps.hpp"

using namespace waymark;
using namespace waymark::store;
using namespace waymark::testing;

namespace {

// Something in every table.
void fill(Store& store) {
    REQUIRE(keep(store, sample_entries(0, 3'000, 50)));
    change(store, [&](Transaction& t) {
        t.insert_partnership({here, "northbay", "Northbay", "a = 1", false});
        ViewRow view;
        view.view = view.person = sample_id<ViewId>(1);
        view.source_id = "1";
        view.identity = sample_bytes("identity", 1, 90);
        t.insert_views(here, {&view, 1});
        const ViewVersion version{view.view, 1, {}, {}, view.identity};
        t.add_view_versions(here, {&version, 1});
        const TokenRow token{0xfedc'ba98'7654'3210, view.view};
        t.insert_tokens(here, {&token, 1});
        LinkRow link;
        link.a = sample_id<ViewId>(1);
        link.b = sample_id<ViewId>(2);
        link.weight = -1.5;
        t.put_links(here, {&link, 1});
        CaseRow file;
        file.case_id = sample_id<CaseId>(1);
        t.insert_cases(here, {&file, 1});
        DutyRow duty;
        duty.case_id = file.case_id;
        duty.state = "open";
        t.replace_duties(here, {&file.case_id, 1}, {&duty, 1});
        AuditRow audit;
        audit.record = sample_id<ViewId>(1);
        audit.action = "read";
        t.insert_audit(here, {&audit, 1});
        t.put_session(here, {});
        t.put_draft(here, {});
        t.put_secret(here, "key", sample_bytes("secret", 1, 40));
        t.put_checkpoint(here, {10, {3}, "note"});
        std::vector<LeafRow> leaves = t.take_queue(here, 10);
        for (std::size_t i = 0; i < leaves.size(); ++i) leaves[i].log_index = static_cast<std::int64_t>(i);
        REQUIRE(t.append_leaves(here, leaves, {10, sample_bytes("frontier", 1, 64), 0}, 0));
    });
}

void check_filled(Store& store) {
    REQUIRE(store.read([](Snapshot& s) -> Result<void> {
        std::size_t seen = 0;
        s.scan_entries(here, Want::whole, [&](const WholeEntry& w) {
            std::uint64_t n = 0;
            for (std::size_t i = 8; i < 16; ++i) n = n << 8 | w.row.entry.value.octets[i];
            const SampleEntries expected = sample_entries(n, 1, 50);
            CHECK((w.row.card == expected.entries[0].card && w.text == expected.texts[0].text &&
                   w.row.at == expected.entries[0].at && w.row.case_id == expected.entries[0].case_id &&
                   w.row.about.is_nil()));
            return ++seen > 0;
        });
        CHECK(seen == 3'000);
        CHECK(s.partnerships().at(0).key == "northbay");
        const std::vector<ViewId> one = {sample_id<ViewId>(1)};
        CHECK(s.views(here, one)[0]->identity == sample_bytes("identity", 1, 90));
        CHECK(s.view_versions(here, one).size() == 1);
        const std::vector<std::uint64_t> token = {0xfedc'ba98'7654'3210};
        CHECK(s.views_by_token(here, token, 5)[0].views == one);
        CHECK(s.links_of(here, one).at(0).weight == -1.5);
        const std::vector<CaseId> file = {sample_id<CaseId>(1)};
        CHECK(s.cases(here, file)[0]);
        CHECK(s.duties_of_case(here, file[0]).at(0).state == "open");
        CHECK(s.audit(here, {.records = {one[0]}}, 5).at(0).action == "read");
        CHECK(s.session(here, Digest{}));
        CHECK(s.draft(here, DraftId{}));
        CHECK(s.secret(here, "key") == sample_bytes("secret", 1, 40));
        CHECK(s.latest_checkpoint(here)->note == "note");
        CHECK(s.leaves(here, 0, 100).size() == 10);
        CHECK(s.queued_leaves(here) == 2'990);
        CHECK(s.log_state(here).frontier == sample_bytes("frontier", 1, 64));
        return {};
    }));
    // The queue goes on behind what was restored.
    REQUIRE(keep(store, sample_entries(9'000, 1)));
    change(store, [](Transaction& t) {
        const auto queue = t.take_queue(here, 5'000);
        CHECK(queue.front().entry == sample_id<EntryId>(10));
        CHECK(queue.back().entry == sample_id<EntryId>(9'000));
    });
    change(store, [](Transaction& t) {
        AuditRow audit;
        audit.at = {9};
        audit.action = "append";
        audit.record = sample_id<ViewId>(1);
        t.insert_audit(here, {&audit, 1});
        CHECK(t.audit(here, {.records = {sample_id<ViewId>(1)}}, 1).at(0).action == "append");
    });
}

}  // namespace

TEST_CASE("a back-up of either engine restores into either engine, with every table") {
    for (const Engine from : engines_to_test()) {
        for (const Engine into : engines_to_test()) {
            CAPTURE(from == Engine::sqlite);
            CAPTURE(into == Engine::sqlite);
            ScratchStore source(from);
            fill(*source);
            const std::string file = source.folder() / "backup.db";
            std::uint64_t last = 0;
            REQUIRE(source->backup(file, [&](std::uint64_t done, std::uint64_t total) {
                CHECK(done <= total);
                last = done;
            }));
            ScratchStore target(into);
            target.close();
            const auto restored = restore(file, target.address(), {});
            REQUIRE_MESSAGE(restored.has_value(), (restored ? "" : describe(restored.error())));
            target.open();
            check_filled(*target);
        }
    }
}

TEST_CASE("restore refuses a store that holds a record, one that is in use, and a file that is no back-up") {
    for_each_scratch([](ScratchStore& scratch) {
        REQUIRE(keep(*scratch, sample_entries(0, 5)));
        const std::string file = scratch.folder() / "backup.db";
        REQUIRE(scratch->backup(file, {}));
        if (scratch->engine() == Engine::sqlite) {
            CHECK(restore(file, scratch.address(), {}).error().kind == FaultKind::conflict);
        }
        scratch.close();
        const auto refused = restore(file, scratch.address(), {});
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == FaultKind::conflict);
        CHECK(restore(scratch.folder() / "nothing", scratch.address(), {}).error().kind == FaultKind::missing);
        scratch.open();
        CHECK(count_entries(*scratch) == 5);
    });
}

TEST_CASE("a back-up does not overwrite a file") {
    for_each_scratch([](ScratchStore& scratch) {
        const std::string file = scratch.folder() / "backup.db";
        REQUIRE(scratch->backup(file, {}));
        CHECK(scratch->backup(file, {}).error().kind == FaultKind::conflict);
        CHECK_FALSE(std::filesystem::exists(file + ".part"));
        CHECK(scratch->backup(scratch.folder() / "no/such/folder/b.db", {}).error().kind == FaultKind::unavailable);
    });
}

TEST_CASE("a back-up taken while others write is one state of the store, and they go on") {
    for_each_scratch([](ScratchStore& scratch) {
        REQUIRE(keep(*scratch, sample_entries(1'000'000, 4'002)));
        std::atomic<bool> stop{false};
        std::atomic<int> kept{0};
        std::thread writing([&] {
            for (std::uint64_t n = 0; !stop; n += 3) kept += keep(*scratch, sample_entries(n, 3)).has_value() ? 1 : 0;
        });
        const std::string file = scratch.folder() / "backup.db";
        const Result<void> done = scratch->backup(file, {});
        stop = true;
        writing.join();
        REQUIRE(done);
        CHECK(kept > 0);
        const auto copy = open({Engine::sqlite, file}, Opening::read_only);
        REQUIRE(copy);
        const std::int64_t entries = count_entries(**copy);
        CHECK(entries >= 4'002);
        CHECK(entries % 3 == 0);
        CHECK(ask(**copy, [](Snapshot& s) { return s.queued_leaves(here); }) == entries);
    });
}
