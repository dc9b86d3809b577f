// What both engines promise alike of audit, sessions, secrets and the log.
#include "support/scratch_store.hpp"
#include "support/store_steps.hpp"

using namespace waymark;
using namespace waymark::store;
using namespace waymark::testing;

TEST_CASE("the audit of a record comes newest first, with every field") {
    for_each_engine([](Store& store) {
        AuditRow a{{5},
                   "a.rahman",
                   "csc",
                   "social-worker",
                   "ab12",
                   "read",
                   "safeguarding",
                   "s11",
                   "/person",
                   sample_id<ViewId>(1),
                   sample_id<CaseId>(2),
                   "e1 e2",
                   "allowed",
                   "own-team",
                   "7",
                   "local"};
        AuditRow b = a;
        b.at = {4};
        b.action = "append";
        b.case_id = {};
        AuditRow without = a;
        without.record = {};
        const std::vector<AuditRow> first = {a, without};
        const std::vector<AuditRow> then = {b};
        change(store, [&](Transaction& t) { t.insert_audit(here, first); });
        change(store, [&](Transaction& t) { t.insert_audit(here, then); });
        const auto found = ask(store, [&](Snapshot& s) { return s.audit_of_record(here, sample_id<ViewId>(1), 10); });
        REQUIRE(found.size() == 2);
        CHECK(found[0].action == "append");
        CHECK(found[0].case_id.is_nil());
        CHECK(found[1].session == "ab12");
        CHECK(found[1].from == "local");
        CHECK(found[1].entries == "e1 e2");
        CHECK(found[1].policy == "7");
        CHECK(ask(store, [&](Snapshot& s) { return s.count_audit(here); }) == 3);
    });
}

TEST_CASE("sessions and drafts are replaced by their key and go when they expire") {
    for_each_engine([](Store& store) {
        SessionRow session;
        session.token = sha256(as_bytes("one"));
        session.practitioner = "a.rahman";
        session.expires = {100};
        DraftRow draft{sample_id<DraftId>(1), "a.rahman", "raise", {5}, {200}, sample_bytes("draft", 1, 30)};
        change(store, [&](Transaction& t) {
            t.put_session(here, session);
            session.seen = {50};
            t.put_session(here, session);
            t.put_draft(here, draft);
            draft.form = "classify";
            t.put_draft(here, draft);
            t.delete_expired(here, {99});
        });
        CHECK(ask(store, [&](Snapshot& s) { return s.session(here, session.token); })->seen == Instant{50});
        CHECK(ask(store, [&](Snapshot& s) { return s.drafts_of(here, "a.rahman", 5); }).at(0).form == "classify");
        change(store, [&](Transaction& t) { t.delete_expired(here, {100}); });
        CHECK_FALSE(ask(store, [&](Snapshot& s) { return s.session(here, session.token); }));
        CHECK(ask(store, [&](Snapshot& s) { return s.draft(here, draft.draft); })->fields == draft.fields);
        change(store, [&](Transaction& t) { t.delete_draft(here, draft.draft); });
        CHECK_FALSE(ask(store, [&](Snapshot& s) { return s.draft(here, draft.draft); }));
    });
}

TEST_CASE("a secret is replaced by its name, a partnership keeps its profile") {
    for_each_engine([](Store& store) {
        const Bytes first = sample_bytes("secret", 1, 40);
        const Bytes second = sample_bytes("secret", 2, 40);
        change(store, [&](Transaction& t) {
            t.put_secret(here, "key", first);
            t.put_secret(here, "key", second);
            t.insert_partnership({here, "northbay", "Northbay", "a = 1", true});
            t.update_profile(here, "a = 2");
        });
        CHECK(ask(store, [&](Snapshot& s) { return s.secret(here, "key"); }) == second);
        CHECK_FALSE(ask(store, [&](Snapshot& s) { return s.secret(here, "other"); }));
        const auto all = ask(store, [&](Snapshot& s) { return s.partnerships(); });
        REQUIRE(all.size() == 1);
        CHECK(all[0].profile == "a = 2");
        CHECK(all[0].demonstration);
    });
}

TEST_CASE("leaves leave the queue for the log in order, once, and only for the sequencer that holds the fence") {
    for_each_engine([](Store& store) {
        REQUIRE(keep(store, sample_entries(1, 30)));
        REQUIRE(keep(store, sample_entries(100, 5)));
        std::int64_t fence = 0;
        change(store, [&](Transaction& t) { fence = t.raise_fence(here); });
        CHECK(fence == 1);
        const auto sequence = [&](std::size_t limit, std::int64_t with_fence) {
            return store.write([&](Transaction& t) -> Result<void> {
                LogState state = t.log_state(here);
                std::vector<LeafRow> taken = t.take_queue(here, limit);
                for (LeafRow& leaf : taken) leaf.log_index = state.size++;
                state.frontier = sample_bytes("frontier", static_cast<std::uint64_t>(state.size), 64);
                return t.append_leaves(here, taken, state, with_fence);
            });
        };
        REQUIRE(sequence(20, 1));
        const auto found = ask(store, [&](Snapshot& s) { return s.leaves(here, 0, 100); });
        REQUIRE(found.size() == 20);
        for (std::size_t i = 0; i < 20; ++i) {
            CHECK(found[i].log_index == static_cast<std::int64_t>(i));
            CHECK(found[i].entry == sample_id<EntryId>(1 + i));
        }
        CHECK(ask(store, [&](Snapshot& s) { return s.queued_leaves(here); }) == 15);
        CHECK(ask(store, [&](Snapshot& s) { return s.leaf_of(here, sample_id<EntryId>(20)); })->log_index == 19);
        CHECK(ask(store, [&](Snapshot& s) { return s.leaf_of(here, sample_id<EntryId>(104)); })->log_index == -1);
        CHECK_FALSE(ask(store, [&](Snapshot& s) { return s.leaf_of(here, sample_id<EntryId>(999)); }));
        change(store, [&](Transaction& t) { t.raise_fence(here); });
        const auto overtaken = sequence(20, 1);
        REQUIRE_FALSE(overtaken);
        CHECK(overtaken.error().kind == FaultKind::conflict);
        CHECK(ask(store, [&](Snapshot& s) { return s.log_state(here).size; }) == 20);
        REQUIRE(sequence(100, 2));
        const LogState state = ask(store, [&](Snapshot& s) { return s.log_state(here); });
        CHECK(state.size == 35);
        CHECK(state.fence == 2);
        CHECK(state.frontier == sample_bytes("frontier", 35, 64));
        CHECK(ask(store, [&](Snapshot& s) { return s.queued_leaves(here); }) == 0);
        // The queue begins anew without giving a place twice.
        REQUIRE(keep(store, sample_entries(200, 2)));
        REQUIRE(sequence(1, 2));
        CHECK(ask(store, [&](Snapshot& s) { return s.leaf_of(here, sample_id<EntryId>(200)); })->log_index == 35);
    });
}

TEST_CASE("the latest checkpoint is the one of the largest log") {
    for_each_engine([](Store& store) {
        CHECK_FALSE(ask(store, [&](Snapshot& s) { return s.latest_checkpoint(here); }));
        change(store, [&](Transaction& t) {
            t.put_checkpoint(here, {20, {1}, "twenty"});
            t.put_checkpoint(here, {9, {2}, "nine"});
        });
        CHECK(ask(store, [&](Snapshot& s) { return s.latest_checkpoint(here); })->note == "twenty");
    });
}

TEST_CASE("text with a NUL is refused on both engines") {
    for_each_engine([](Store& store) {
        SampleEntries rows = sample_entries(1, 1);
        rows.entries[0].incident = std::string("a\0b", 3);
        const auto refused = keep(store, rows);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == FaultKind::invalid);
        CHECK(ask(store, [&](Snapshot& s) { return s.count_entries(here); }) == 0);
    });
}

TEST_CASE("what was kept is there after the store has been opened again") {
    for_each_scratch([](ScratchStore& scratch) {
        REQUIRE(keep(*scratch, sample_entries(0, 100)));
        scratch.close();
        scratch.open();
        CHECK(ask(*scratch, [&](Snapshot& s) { return s.count_entries(here); }) == 100);
    });
}
