// What both engines promise alike of audit, sessions, secrets and the log.
#include "store/sign_ins.hpp"
#include "support/scratch_store.hpp"
#include "support/store_steps.hpp"

using namespace waymark;
using namespace waymark::store;
using namespace waymark::testing;

namespace {

AuditRow sample_line(std::int64_t at, std::uint64_t record) {
    AuditRow a;
    a.at = {at};
    a.who = sample_bytes("who", 1, 16);
    a.agency = "csc";
    a.role = "social-worker";
    a.strength = "two-factor";
    a.action = "read";
    a.purpose = "safeguarding";
    a.relationship = "allocated";
    a.basis = "s11";
    a.route = "/person";
    a.record = sample_id<ViewId>(record);
    a.case_id = sample_id<CaseId>(2);
    a.shown = sample_bytes("shown", 1, 34);
    a.fields = "given_name";
    a.result = "allowed";
    a.rule = "own-team";
    a.policy = "7";
    a.sealed = sample_bytes("sealed", 1, 60);
    return a;
}

}  // namespace

TEST_CASE("the audit is walked in the order of time from a moment on, until the visitor has enough") {
    for_each_engine([](Store& store) {
        std::vector<AuditRow> rows;
        for (const std::int64_t at : {30, 10, 20, 20}) rows.push_back(sample_line(at, 1));
        rows[2].who = {};
        rows[2].record = {};
        rows[3].action = "append";
        change(store, [&](Transaction& t) { t.insert_audit(here, rows); });
        std::vector<std::string> seen;
        const auto walk = [&](std::int64_t from, std::size_t most) {
            seen.clear();
            static_cast<void>(ask(store, [&](Snapshot& s) {
                s.scan_audit(here, Instant{from}, [&](const Snapshot::AuditGlance& one) {
                    seen.push_back(std::to_string(one.at.micros) + std::string(one.action) +
                                   (one.who.empty() ? "-" : "+") + (one.record.is_nil() ? "-" : "+"));
                    CHECK(one.route == "/person");
                    CHECK(one.relationship == "allocated");
                    CHECK(one.result == "allowed");
                    CHECK(one.position > 0);
                    return seen.size() < most;
                });
                return true;
            }));
        };
        walk(0, 10);
        CHECK(seen == std::vector<std::string>{"10read++", "20read--", "20append++", "30read++"});
        walk(20, 10);
        CHECK(seen.size() == 3);
        walk(0, 2);
        CHECK(seen.size() == 2);
    });
}

TEST_CASE("the audit of a record comes newest first, with every field") {
    for_each_engine([](Store& store) {
        const AuditRow a = sample_line(5, 1);
        AuditRow b = sample_line(5, 1);
        b.action = "append";
        b.case_id = {};
        b.who = {};
        b.shown = {};
        AuditRow without = a;
        without.record = {};
        const std::vector<AuditRow> first = {a, without};
        const std::vector<AuditRow> then = {b};
        change(store, [&](Transaction& t) { t.insert_audit(here, first); });
        change(store, [&](Transaction& t) { t.insert_audit(here, then); });
        const auto found = ask(store, [&](Snapshot& s) { return s.audit(here, {.records = {a.record}}, 10); });
        REQUIRE(found.size() == 2);
        CHECK(found[0].action == "append");
        CHECK(found[0].case_id.is_nil());
        CHECK(found[0].who.empty());
        CHECK(found[0].shown.empty());
        CHECK(found[0].position > found[1].position);
        const auto& last = found[1];
        CHECK(last.at == a.at);
        CHECK(last.who == a.who);
        CHECK(last.strength == a.strength);
        CHECK(last.relationship == a.relationship);
        CHECK(last.basis == a.basis);
        CHECK(last.shown == a.shown);
        CHECK(last.fields == a.fields);
        CHECK(last.policy == a.policy);
        CHECK(last.sealed == a.sealed);
        CHECK(ask(store, [&](Snapshot& s) { return s.count_audit(here); }) == 3);
        CHECK(ask(store, [&](Snapshot& s) { return s.audit_after(here, found[1].position, 10); }).size() == 2);
    });
}

TEST_CASE("lines of the audit are found by record, practitioner, time, agency, action and result, page by page") {
    for_each_engine([](Store& store) {
        change(store, [&](Transaction& t) {
            std::vector<AuditRow> lines;
            for (int i = 0; i < 30; ++i) {
                auto line = sample_line(100 + i / 3, i % 2 == 0 ? 1 : 2);
                if (i % 5 == 0) line.who = sample_bytes("who", 2, 16);
                if (i % 10 == 0) line.agency = "police";
                if (i == 7) line.action = "export";
                if (i == 8) line.result = "denied";
                lines.push_back(std::move(line));
            }
            t.insert_audit(here, lines);
        });
        const auto count = [&](const Snapshot::AuditFilter& filter) {
            const auto rows = ask(store, [&](Snapshot& s) { return s.audit(here, filter, 100); });
            const auto counted = ask(store, [&](Snapshot& s) { return s.count_audit(here, filter); });
            CHECK(static_cast<std::int64_t>(rows.size()) == counted);
            return counted;
        };
        const auto one = sample_id<ViewId>(1);
        const auto two = sample_id<ViewId>(2);
        CHECK(count({.records = {one}}) == 15);
        CHECK(count({.records = {one, two}}) == 30);
        CHECK(count({.who = sample_bytes("who", 2, 16)}) == 6);
        CHECK(count({.records = {one}, .who = sample_bytes("who", 2, 16)}) == 3);
        CHECK(count({.records = {one, two}, .from = Instant{102}, .until = Instant{104}}) == 6);
        CHECK(count({.records = {one, two}, .agency = "police"}) == 3);
        CHECK(count({.records = {one, two}, .action = "export"}) == 1);
        CHECK(count({.records = {one}, .result = "denied"}) == 1);
        // Pages of seven, across lines of the same moment.
        Snapshot::AuditFilter filter{.records = {one, two}};
        std::vector<std::int64_t> positions;
        while (true) {
            const auto page = ask(store, [&](Snapshot& s) { return s.audit(here, filter, 7); });
            if (page.empty()) break;
            for (const auto& row : page) positions.push_back(row.position);
            filter.before = {page.back().at, page.back().position};
        }
        CHECK(positions.size() == 30);
        CHECK(std::is_sorted(positions.rbegin(), positions.rend()));
    });
}

TEST_CASE("the number of access rises with each change and is nought before the first") {
    for_each_engine([](Store& store) {
        const auto epoch = [&] { return ask(store, [&](Snapshot& s) { return s.access_epoch(here); }); };
        CHECK(epoch() == 0);
        change(store, [&](Transaction& t) { t.raise_access_epoch(here); });
        change(store, [&](Transaction& t) { t.raise_access_epoch(here); });
        CHECK(epoch() == 2);
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

TEST_CASE("a person's sessions are listed newest first and ended together, but for one that is spared") {
    for_each_engine([](Store& store) {
        const auto session = [](const char* name, const char* who, std::int64_t created) {
            SignedInRow row;
            row.token = sha256(as_bytes(name));
            row.practitioner = who;
            row.created = {created};
            row.expires = {1'000};
            row.strength = "two-factor";
            row.issuer = "council";
            row.subject = sample_bytes("subject", 1, 32);
            row.login = sample_bytes(name, 1, 32);
            row.details = sample_bytes("details", 1, 60);
            return row;
        };
        const auto one = session("one", "a.rahman", 1);
        const auto two = session("two", "a.rahman", 2);
        const auto three = session("three", "a.rahman", 3);
        const auto other = session("other", "t.mason", 4);
        change(store, [&](Transaction& t) {
            for (const auto& row : {one, two, three, other}) sign_ins(t).put_signed_in(here, row);
        });
        const auto listed = [&] {
            return ask(store, [&](Snapshot& s) { return sign_ins(s).sessions_of(here, "a.rahman", 5); });
        };
        REQUIRE(listed().size() == 3);
        CHECK(listed()[0].token == three.token);
        CHECK(listed()[0].strength == "two-factor");
        CHECK(listed()[0].issuer == "council");
        CHECK(listed()[0].login == three.login);
        CHECK(listed()[0].details == three.details);
        change(store,
               [&](Transaction& t) { CHECK(sign_ins(t).delete_sessions_at(here, "another", one.login, {}) == 0); });
        change(store,
               [&](Transaction& t) { CHECK(sign_ins(t).delete_sessions_at(here, "council", one.login, {}) == 1); });
        change(store, [&](Transaction& t) { CHECK(sign_ins(t).delete_sessions_at(here, "council", {}, {}) == 0); });
        change(store,
               [&](Transaction& t) { CHECK(sign_ins(t).delete_sessions_of(here, "a.rahman", three.token) == 1); });
        CHECK(listed().at(0).token == three.token);
        change(store,
               [&](Transaction& t) { CHECK(sign_ins(t).delete_sessions_of(here, "a.rahman", std::nullopt) == 1); });
        change(store,
               [&](Transaction& t) { CHECK(sign_ins(t).delete_sessions_at(here, "council", {}, other.subject) == 1); });
        CHECK(listed().empty());
    });
}

TEST_CASE("who may sign in, accounts, steps and tallies are replaced by their key") {
    for_each_engine([](Store& store) {
        EngagementRow said;
        said.practitioner = "a.rahman";
        AccountRow account{"a.rahman", {5}, sample_bytes("account", 1, 80)};
        SignInStepRow step{sha256(as_bytes("step")), "code", {50}, sample_bytes("step", 1, 40)};
        SignInTallyRow tally{sha256(as_bytes("tally")), 1, {10}};
        change(store, [&](Transaction& t) {
            sign_ins(t).put_engagement(here, said);
            sign_ins(t).put_account(here, account);
            sign_ins(t).put_sign_in_step(here, step);
            sign_ins(t).put_sign_in_tally(here, tally);
        });
        const auto first = ask(store, [&](Snapshot& s) { return sign_ins(s).engagement(here, "a.rahman"); });
        REQUIRE(first);
        CHECK_FALSE(first->agency);
        CHECK_FALSE(first->closed);
        said.agency = "";
        said.role = "social-worker";
        said.closed = {7};
        said.last_sign_in = {6};
        said.last_issuer = "local";
        tally.failures = 2;
        change(store, [&](Transaction& t) {
            sign_ins(t).put_engagement(here, said);
            sign_ins(t).put_sign_in_tally(here, tally);
        });
        const auto second = ask(store, [&](Snapshot& s) { return sign_ins(s).engagements(here, 5); }).at(0);
        CHECK(second.agency == "");
        CHECK(second.role == "social-worker");
        CHECK(second.closed == Instant{7});
        CHECK(second.last_sign_in == Instant{6});
        CHECK(ask(store, [&](Snapshot& s) { return sign_ins(s).account(here, "a.rahman"); })->sealed == account.sealed);
        CHECK(ask(store, [&](Snapshot& s) { return sign_ins(s).accounts(here, 5); }).size() == 1);
        CHECK(ask(store, [&](Snapshot& s) { return sign_ins(s).sign_in_step(here, step.token); })->kind == "code");
        CHECK(ask(store, [&](Snapshot& s) { return sign_ins(s).sign_in_tally(here, tally.tag); })->failures == 2);
        change(store, [&](Transaction& t) { t.delete_expired(here, {50}); });
        CHECK_FALSE(ask(store, [&](Snapshot& s) { return sign_ins(s).sign_in_step(here, step.token); }));
        CHECK(ask(store, [&](Snapshot& s) { return sign_ins(s).sign_in_tally(here, tally.tag); }));
        change(store, [&](Transaction& t) { t.delete_expired(here, {25ll * 3'600 * 1'000'000}); });
        CHECK_FALSE(ask(store, [&](Snapshot& s) { return sign_ins(s).sign_in_tally(here, tally.tag); }));
        change(store, [&](Transaction& t) { sign_ins(t).delete_account(here, "a.rahman"); });
        CHECK_FALSE(ask(store, [&](Snapshot& s) { return sign_ins(s).account(here, "a.rahman"); }));
    });
}
