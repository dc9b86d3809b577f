// What only SQLite promises: one process that writes, an orderly refusal of every other file, an honest start-up
// report.
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

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

Fault refusal(const std::string& path, Opening opening) {
    const auto opened = open(at(path), opening);
    REQUIRE_FALSE(opened);
    CHECK_FALSE(opened.error().mend.empty());
    return opened.error();
}

}  // namespace

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
