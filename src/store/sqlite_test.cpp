// What only SQLite promises: one process that writes, an orderly refusal of every other file, an honest start-up
// report.
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "store/readers.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"
#include "support/store_steps.hpp"

using namespace waymark;
using namespace waymark::store;
using namespace waymark::testing;

namespace {

Address at(const std::string& path) {
    return {Engine::sqlite, path};
}

void in_sqlite(const std::string& path, const char* sql) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
}

bool has_row_numbers(const std::string& path, const std::string& table) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
    const int rc = sqlite3_exec(db, ("select rowid from " + table + " limit 1").c_str(), nullptr, nullptr, nullptr);
    sqlite3_close(db);
    return rc == SQLITE_OK;
}

std::string plan_of(const std::string& path, const std::string& sql) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
    std::string plan;
    const int rc = sqlite3_exec(
        db, ("explain query plan " + sql).c_str(),
        [](void* to, int, char** cells, char**) {
            *static_cast<std::string*>(to) += std::string(cells[3]) + "; ";
            return 0;
        },
        &plan, nullptr);
    sqlite3_close(db);
    REQUIRE(rc == SQLITE_OK);
    return plan;
}

Fault refusal(const std::string& path, Opening opening) {
    const auto opened = open(at(path), opening);
    REQUIRE_FALSE(opened);
    CHECK_FALSE(opened.error().mend.empty());
    return opened.error();
}

}  // namespace

TEST_CASE(
    "what is asked about one person, practitioner or kind is answered from an index and not from the whole table") {
    const ScratchStore scratch;
    const auto& path = scratch.address().path_or_url;
    const auto uses = [&](const std::string& sql, const char* index) {
        const auto plan = plan_of(path, sql);
        CHECK_MESSAGE(plan.find(index) != std::string::npos, plan);
        CHECK_MESSAGE(plan.find("(partnership=?)") == std::string::npos, plan);
    };
    uses("select identity from view where partnership = 1 and person = x'00' order by recorded, view",
         "view_by_person (partnership=? AND person=?)");
    uses("select opened from casefile where partnership = 1 and record = x'00'",
         "casefile_by_record (partnership=? AND record=?)");
    uses(
        "select duty from duty where partnership = 1 and state in ('open', 'overdue') and case_id in (select case_id "
        "from casefile where partnership = 1 and lead = 'a' and lead <> '' and closed is null) order by due",
        "casefile_lead (partnership=? AND lead=?)");
    uses("select count(*) from audit where partnership = 1 and record = x'00' and who = x'01'",
         "audit_of_who (partnership=? AND who=? AND record=?)");
    uses("select login from session where partnership = 1 and practitioner = 'a' order by created",
         "session_by_practitioner (partnership=? AND practitioner=?)");
}

TEST_CASE("a second opening for writing is refused, naming the process that holds the store") {
    ScratchStore scratch;
    CHECK(is_held(scratch.address()));
    const Fault why = refusal(scratch.address().path_or_url, Opening::existing);
    CHECK(why.kind == FaultKind::conflict);
    CHECK(why.reason.find(std::to_string(::getpid())) != std::string::npos);
    CHECK(refusal(scratch.address().path_or_url, Opening::read_only).kind == FaultKind::conflict);
    // Under another name it is the same store.
    const std::string other = scratch.folder() / "other.db";
    std::filesystem::create_symlink(scratch.address().path_or_url, other);
    CHECK(refusal(other, Opening::existing).kind == FaultKind::conflict);
    scratch.close();
    CHECK_FALSE(is_held(scratch.address()));
    scratch.open();
}

TEST_CASE("a store is free again when the process that held it was killed") {
    ScratchStore scratch;
    scratch.close();
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto held = open(scratch.address(), Opening::existing);
        const char byte = held ? 'y' : 'n';
        if (::write(ready[1], &byte, 1) == 1) ::pause();
        ::_exit(1);
    }
    char byte = 0;
    REQUIRE(::read(ready[0], &byte, 1) == 1);
    CHECK(byte == 'y');
    const Fault why = refusal(scratch.address().path_or_url, Opening::existing);
    CHECK(why.reason.find(std::to_string(child)) != std::string::npos);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::close(ready[0]);
    ::close(ready[1]);
    scratch.open();
    CHECK(keep(*scratch, sample_entries(1, 1)).has_value());
}

TEST_CASE("a store of a newer schema is refused and left as it is") {
    ScratchStore scratch;
    scratch.close();
    in_sqlite(scratch.address().path_or_url, "insert into migration values (999, 0)");
    const Fault why = refusal(scratch.address().path_or_url, Opening::existing);
    CHECK(why.kind == FaultKind::conflict);
    CHECK(why.reason.find("999") != std::string::npos);
    CHECK(refusal(scratch.address().path_or_url, Opening::create).kind == FaultKind::conflict);
    in_sqlite(scratch.address().path_or_url, "delete from migration where version = 999");
    scratch.open();
}

TEST_CASE("a store of the version whose views had row numbers is brought up to date with all its views") {
    ScratchFolder folder;
    const std::string path = folder / "older.db";
    in_sqlite(path, "pragma page_size = 8192; pragma application_id = 1463900493; pragma journal_mode = wal");
    for (std::size_t version = 1; version <= 8; ++version) {
        in_sqlite(path, std::string(sqlite_migrations().at(version - 1)).c_str());
        in_sqlite(path, ("insert into migration values (" + std::to_string(version) + ", 1)").c_str());
    }
    std::vector<ViewId> ids;
    std::vector<ViewKey> keys;
    for (int n = 0; n < 300; ++n) {
        const auto id = sample_id<ViewId>(static_cast<std::uint64_t>(1 + n * 7'919 % 300));
        const auto person = sample_id<ViewId>(static_cast<std::uint64_t>(1 + n % 3));
        const auto hex = [](const ViewId& view) {
            std::string out;
            for (const auto octet : view.value.octets) out += fmt::format("{:02x}", octet);
            return out;
        };
        in_sqlite(path, fmt::format("insert into view values (1, x'{}', '{}', 'system', '{}', x'{}', {}, {}, x'07')",
                                    hex(id), n % 2 == 0 ? "csc" : "school", n, hex(person), 1 + n % 4, n)
                            .c_str());
        ids.push_back(id);
        keys.push_back({n % 2 == 0 ? "csc" : "school", "system", std::to_string(n)});
    }
    REQUIRE(has_row_numbers(path, "view"));
    CHECK(refusal(path, Opening::read_only).kind == FaultKind::conflict);
    {
        const auto opened = open(at(path), Opening::existing);
        REQUIRE(opened);
        const auto by_id = ask(**opened, [&](Snapshot& s) { return s.views(1, ids); });
        const auto by_key = ask(**opened, [&](Snapshot& s) { return s.views_by_key(1, keys); });
        for (std::size_t i = 0; i < ids.size(); ++i) {
            REQUIRE(by_id[i]);
            CHECK(by_id[i]->source_id == keys[i].id);
            CHECK(by_id[i]->version == static_cast<std::int32_t>(1 + i % 4));
            CHECK(by_id[i]->identity == Bytes{7});
            REQUIRE(by_key[i]);
            CHECK(by_key[i]->view == ids[i]);
        }
        const ViewId first = sample_id<ViewId>(1);
        CHECK(ask(**opened, [&](Snapshot& s) { return s.views_of_persons(1, {&first, 1}); }).size() == 100);
    }
    CHECK_FALSE(has_row_numbers(path, "view"));
}

TEST_CASE(
    "what is not a store is refused: no file, a folder, other bytes, another program's database, an endless path") {
    const ScratchFolder folder;
    CHECK(refusal(folder / "nothing.db", Opening::existing).kind == FaultKind::missing);
    CHECK_FALSE(std::filesystem::exists(folder / "nothing.db"));
    CHECK(refusal(folder.path().string(), Opening::create).kind == FaultKind::invalid);
    CHECK(refusal(folder / "no/such/folder/x.db", Opening::create).kind == FaultKind::unavailable);
    std::ofstream(folder / "text.db") << std::string(5'000, 'x');
    CHECK(refusal(folder / "text.db", Opening::existing).kind == FaultKind::invalid);
    CHECK(refusal(folder / "text.db", Opening::create).kind == FaultKind::invalid);
    CHECK(refusal(folder / "text.db", Opening::read_only).kind == FaultKind::invalid);
    in_sqlite(folder / "foreign.db", "create table other (x)");
    const auto before = std::filesystem::file_size(folder / "foreign.db");
    CHECK(refusal(folder / "foreign.db", Opening::create).kind == FaultKind::invalid);
    CHECK(std::filesystem::file_size(folder / "foreign.db") == before);
    CHECK(refusal(folder / std::string(600, 'p'), Opening::create).kind == FaultKind::invalid);
    std::ofstream(folder / "empty.db").close();
    CHECK(refusal(folder / "empty.db", Opening::existing).kind == FaultKind::missing);
}

TEST_CASE("the start-up report names the WAL-reset fault of an old SQLite and how it is avoided") {
    ScratchStore scratch;
    std::string report;
    for (const std::string& line : scratch->mode()) report += line + "\n";
    CHECK(report.find(sqlite3_libversion()) != std::string::npos);
    CHECK(report.find("synchronous=FULL") != std::string::npos);
    if (sqlite3_libversion_number() < 3'051'003) CHECK(report.find("WAL-reset") != std::string::npos);
}

TEST_CASE("a store that was closed is one file that its owner alone may read") {
    ScratchStore scratch;
    REQUIRE(keep(*scratch, sample_entries(0, 500)));
    const std::string path = scratch.address().path_or_url;
    CHECK(std::filesystem::exists(path + "-wal"));
    scratch.close();
    CHECK_FALSE(std::filesystem::exists(path + "-wal"));
    CHECK(std::filesystem::status(path).permissions() ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("opened for reading only, a store answers and takes nothing") {
    ScratchStore scratch;
    REQUIRE(keep(*scratch, sample_entries(0, 5)));
    scratch.close();
    scratch.open(Opening::read_only);
    CHECK(count_entries(*scratch) == 5);
    CHECK_FALSE(is_held(scratch.address()));
    CHECK(open(scratch.address(), Opening::read_only).has_value());
    CHECK(refusal(scratch.address().path_or_url, Opening::existing).kind == FaultKind::conflict);
    CHECK(keep(*scratch, sample_entries(9, 1)).error().kind == FaultKind::invalid);
    CHECK(scratch->backup(scratch.folder() / "b.db", {}).error().kind == FaultKind::invalid);
}

TEST_CASE("the write-ahead log does not grow without end, also while somebody reads") {
    ScratchStore scratch;
    for (std::uint64_t n = 0; n < 40; ++n) {
        REQUIRE(keep(*scratch, sample_entries(n * 100, 100)));
        REQUIRE(scratch->read([](Snapshot& s) -> Result<void> {
            s.count_entries(here);
            return {};
        }));
    }
    // The writer checkpoints after it has answered: it is given its turn.
    const auto grown = [&] { return std::filesystem::file_size(scratch.address().path_or_url) > 1u << 20; };
    for (int n = 0; n < 1'000 && !grown(); ++n) std::this_thread::sleep_for(std::chrono::milliseconds{10});
    // Far above what a checkpoint leaves, far below what all these commits have written.
    CHECK(std::filesystem::file_size(scratch.address().path_or_url + "-wal") < 32u << 20);
    CHECK(grown());
}

TEST_CASE("a reader that is given up is told to ask again, and the next one reads") {
    ScratchStore scratch;
    const Options options;
    Readers readers(
        [&]() -> Result<std::unique_ptr<Connection>> {
            return SqliteConnection::open(scratch.address().path_or_url, SqliteRole::reader, options, false)
                .map([](auto connection) { return std::unique_ptr<Connection>(std::move(connection)); });
        },
        options, std::make_shared<const NameCovers>());
    const auto ended = readers.read([&](Snapshot& snapshot) -> Result<void> {
        readers.give_up_older_than(std::chrono::hours(1));
        CHECK(snapshot.count_entries(here) == 0);
        readers.give_up_older_than(std::chrono::seconds(-1));
        snapshot.count_entries(here);
        return {};
    });
    REQUIRE_FALSE(ended);
    CHECK(ended.error().kind == FaultKind::unavailable);
    CHECK(readers.read([](Snapshot& snapshot) -> Result<void> {
        CHECK(snapshot.count_entries(here) == 0);
        return {};
    }));
}

TEST_CASE("lines of the audit from before their parts were sealed are found in a store that was brought up to date") {
    ScratchStore scratch;
    const std::string path = scratch.folder() / "older.db";
    in_sqlite(path, "pragma page_size = 8192; pragma application_id = 1463900493; pragma journal_mode = wal");
    for (std::size_t version = 1; version <= 4; ++version) {
        in_sqlite(path, std::string(sqlite_migrations().at(version - 1)).c_str());
        in_sqlite(path, ("insert into migration values (" + std::to_string(version) + ", 1)").c_str());
    }
    in_sqlite(path,
              "insert into audit values (1, 1, 7, 'a.rahman', 'csc', 'social-worker', 'ab12', 'read', 'safeguarding', "
              "'', '/person', x'00000000000000000000000000000001', null, 'e1 e2', 'allowed', 'own', '7', '192.0.2.1')");
    const auto opened = open(at(path), Opening::existing);
    REQUIRE(opened);
    ViewId record;
    record.value.octets.back() = 1;
    const auto rows = ask(**opened, [&](Snapshot& s) { return s.audit(1, {.records = {record}}, 5); });
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].before.practitioner == "a.rahman");
    CHECK(rows[0].before.session == "ab12");
    CHECK(rows[0].before.from == "192.0.2.1");
    CHECK(rows[0].before.entries == "e1 e2");
    CHECK(rows[0].sealed.empty());
    CHECK(rows[0].relationship.empty());
    CHECK(ask(**opened, [&](Snapshot& s) { return s.access_epoch(1); }) == 0);
}
