// What only PostgreSQL can do to us: a connection that dies, a COMMIT whose answer is lost or doubtful, other servers.
#include <atomic>
#include <thread>

#include "support/store_steps.hpp"

using namespace waymark;
using namespace waymark::store;
using namespace waymark::testing;

namespace {

// A statement in the test's own database, past the store.
void beside(const ScratchDatabase& database, const std::string& sql) {
    database.on_this(sql);
}

const char* end_waymark =
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = "
    "'waymark'";

// Runs at COMMIT, after every statement has succeeded.
std::string at_commit(const std::string& what) {
    return "create function at_commit() returns trigger language plpgsql as $$ begin " + what +
           " return null; end $$; create constraint trigger at_commit after insert on entry deferrable initially "
           "deferred "
           "for each row execute function at_commit()";
}

}  // namespace

TEST_CASE("a connection that died while idle is made anew without anybody noticing") {
    if (!ScratchDatabase::possible()) return;
    ScratchStore scratch(Engine::postgresql);
    REQUIRE(keep(*scratch, sample_entries(1, 1)));
    CHECK(count_entries(*scratch) == 1);
    beside(scratch.database(), end_waymark);
    CHECK(count_entries(*scratch) == 1);
    CHECK(keep(*scratch, sample_entries(2, 1)).has_value());
    CHECK(count_entries(*scratch) == 2);
}

TEST_CASE("a connection lost during COMMIT is answered as uncertain, and asking again with the same key is safe") {
    if (!ScratchDatabase::possible()) return;
    ScratchStore scratch(Engine::postgresql);
    beside(scratch.database(), at_commit("perform pg_sleep(1);"));
    Result<void> answer;
    std::thread writing([&] { answer = keep(*scratch, sample_entries(1, 1)); });
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    beside(scratch.database(), end_waymark);
    writing.join();
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == FaultKind::uncertain);
    beside(scratch.database(), "drop trigger at_commit on entry");
    CHECK(count_entries(*scratch) == 0);
    CHECK(keep(*scratch, sample_entries(1, 1)).has_value());
}

TEST_CASE("a COMMIT that succeeds with a warning, as a cancelled synchronous wait does, is not acknowledged") {
    if (!ScratchDatabase::possible()) return;
    ScratchStore scratch(Engine::postgresql);
    beside(scratch.database(),
           at_commit("raise warning 'canceling wait for synchronous replication due to user request';"));
    const Result<void> answer = keep(*scratch, sample_entries(1, 1));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == FaultKind::uncertain);
    CHECK(count_entries(*scratch) == 1);
    // A notice says nothing against it.
    beside(scratch.database(),
           "create or replace function at_commit() returns trigger language plpgsql as $$ begin raise notice 'x'; "
           "return null; end $$");
    CHECK(keep(*scratch, sample_entries(2, 1)).has_value());
}

TEST_CASE(
    "a COMMIT without an answer is not waited for without end: uncertain, and no later work is mixed up with it") {
    if (!ScratchDatabase::possible()) return;
    Options options;
    options.wait = std::chrono::milliseconds(300);
    ScratchStore scratch(Engine::postgresql, options);
    beside(scratch.database(), at_commit("if new.source_id = 'source-1' then perform pg_sleep(3); end if;"));
    const auto began = std::chrono::steady_clock::now();
    const Result<void> answer = keep(*scratch, sample_entries(1, 1));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == FaultKind::uncertain);
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(2));
    // The writer still waits; others are told so, and nothing of theirs is kept.
    CHECK(keep(*scratch, sample_entries(2, 1)).error().kind == FaultKind::unavailable);
    std::this_thread::sleep_for(std::chrono::milliseconds(2'500));
    CHECK(keep(*scratch, sample_entries(3, 1)).has_value());
    CHECK(count_entries(*scratch) == 2);
}

TEST_CASE("a COMMIT that the database refuses keeps nothing and says so") {
    if (!ScratchDatabase::possible()) return;
    ScratchStore scratch(Engine::postgresql);
    beside(scratch.database(), at_commit("raise exception 'no' using errcode = '23514';"));
    const Result<void> answer = keep(*scratch, sample_entries(1, 1));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == FaultKind::conflict);
    CHECK(count_entries(*scratch) == 0);
}

TEST_CASE("two servers on one database take numbers without a gap or a repeat") {
    if (!ScratchDatabase::possible()) return;
    ScratchStore scratch(Engine::postgresql);
    auto second = open(scratch.address(), Opening::existing);
    REQUIRE(second);
    CaseRow file;
    file.case_id = sample_id<CaseId>(1);
    change(*scratch, [&](Transaction& t) { t.insert_cases(here, {&file, 1}); });
    const std::vector<CaseId> ids = {file.case_id};
    std::atomic<int> done{0};
    const auto take = [&](Store& store) {
        for (int i = 0; i < 50; ++i) {
            const auto kept = store.write([&](Transaction& t) -> Result<void> {
                CaseRow row = *t.cases(here, ids)[0];
                ++row.next_seq;
                t.update_cases(here, {&row, 1});
                return {};
            });
            done += kept ? 1 : 0;
        }
    };
    std::thread other([&] { take(**second); });
    take(*scratch);
    other.join();
    CHECK(done > 90);
    CHECK(ask(*scratch, [&](Snapshot& s) { return s.cases(here, ids); })[0]->next_seq == 1 + done);
}

TEST_CASE(
    "gates that span rows hold between servers: of two that each look before they write, one is made to look again") {
    if (!ScratchDatabase::possible()) return;
    ScratchStore scratch(Engine::postgresql);
    auto second = open(scratch.address(), Opening::existing);
    REQUIRE(second);
    // At most one entry in all may be kept: write skew, which only SERIALIZABLE refuses.
    std::atomic<int> kept{0};
    const auto add_if_empty = [&](Store& store, std::uint64_t n) {
        const SampleEntries rows = sample_entries(n, 1);
        const auto done = store.write([&](Transaction& t) -> Result<void> {
            if (t.count_entries(here) > 0) return fault(FaultKind::held, "", "there is one already");
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            t.insert_entries(here, rows.entries, rows.texts, rows.leaves);
            return {};
        });
        if (done) ++kept;
    };
    std::thread other([&] { add_if_empty(**second, 1); });
    add_if_empty(*scratch, 2);
    other.join();
    CHECK(kept == 1);
    CHECK(count_entries(*scratch) == 1);
}

TEST_CASE("a database of a newer schema, or without one, is refused") {
    if (!ScratchDatabase::possible()) return;
    ScratchStore scratch(Engine::postgresql);
    scratch.close();
    beside(scratch.database(), "insert into migration values (999, 0)");
    CHECK(open(scratch.address(), Opening::existing).error().kind == FaultKind::conflict);
    beside(scratch.database(), "set client_min_messages = warning; drop schema public cascade; create schema public");
    CHECK(open(scratch.address(), Opening::existing).error().kind == FaultKind::missing);
    scratch.open(Opening::create);
    CHECK(keep(*scratch, sample_entries(1, 1)).has_value());
}
