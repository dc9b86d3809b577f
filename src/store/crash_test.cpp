// Acknowledged means kept: through kill -9 and through a full disk (SQLite; the process dies, not the machine).
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <mutex>
#include <thread>

#include "support/store_steps.hpp"

using namespace waymark;
using namespace waymark::store;
using namespace waymark::testing;

namespace {

// Writes one entry after another from several threads, and into the pipe the number of each that was acknowledged.
[[noreturn]] void write_until_killed(const Address& address, std::uint64_t from, int acknowledged) {
    auto opened = open(address, Opening::existing);
    if (!opened) ::_exit(2);
    std::atomic<std::uint64_t> next{from};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            while (true) {
                const std::uint64_t n = next++;
                if (!keep(**opened, sample_entries(n, 1))) ::_exit(3);
                if (::write(acknowledged, &n, sizeof n) != sizeof n) ::_exit(4);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    ::_exit(0);
}

std::vector<std::uint64_t> read_numbers(int fd) {
    std::vector<std::uint64_t> out;
    std::uint64_t n = 0;
    while (::read(fd, &n, sizeof n) == sizeof n) out.push_back(n);
    return out;
}

void check_kept(Store& store, const std::vector<std::uint64_t>& numbers) {
    std::vector<EntryId> ids;
    for (const std::uint64_t n : numbers) ids.push_back(sample_id<EntryId>(n));
    const auto found = ask(store, [&](Snapshot& s) { return s.entries(here, ids, Want::whole); });
    std::size_t lost = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (!found[i] || found[i]->text != sample_entries(numbers[i], 1).texts[0].text) ++lost;
    }
    CHECK(lost == 0);
    // No half of a piece of work is there either.
    CHECK(ask(store, [](Snapshot& s) { return s.queued_leaves(here); }) == count_entries(store));
}

}  // namespace

TEST_CASE("no acknowledged entry is lost when the writing process is killed") {
    ScratchStore scratch;
    scratch.close();
    std::vector<std::uint64_t> acknowledged;
    std::uint64_t from = 0;
    for (int round = 0; round < 20; ++round) {
        int pipe[2];
        REQUIRE(::pipe(pipe) == 0);
        const pid_t child = ::fork();
        if (child == 0) {
            ::close(pipe[0]);
            write_until_killed(scratch.address(), from, pipe[1]);
        }
        ::close(pipe[1]);
        std::uint64_t first = 0;
        REQUIRE(::read(pipe[0], &first, sizeof first) == sizeof first);
        acknowledged.push_back(first);
        std::this_thread::sleep_for(std::chrono::milliseconds(5 + round * 7 % 40));
        ::kill(child, SIGKILL);
        for (const std::uint64_t n : read_numbers(pipe[0])) acknowledged.push_back(n);
        ::close(pipe[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        CHECK(WIFSIGNALED(status));
        from += 1'000'000;
    }
    CHECK(acknowledged.size() > 20);
    scratch.open();
    check_kept(*scratch, acknowledged);
    CHECK(count_entries(*scratch) >= static_cast<std::int64_t>(acknowledged.size()));
}

TEST_CASE("on a full disk nothing is acknowledged that is not kept, and the store goes on when there is room again") {
    ScratchStore scratch;
    scratch.close();
    int pipe[2];
    REQUIRE(::pipe(pipe) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        // A file may not grow above a limit: the write fails as on a full disk.
        std::signal(SIGXFSZ, SIG_IGN);
        auto opened = open(scratch.address(), Opening::existing);
        if (!opened) ::_exit(2);
        rlimit old{};
        ::getrlimit(RLIMIT_FSIZE, &old);
        std::uint64_t n = 0;
        int refused = 0;
        const auto try_one = [&](std::size_t count) {
            const std::uint64_t first = n;
            n += count;
            const Result<void> done = keep(**opened, sample_entries(first, count));
            if (!done) {
                if (done.error().kind != FaultKind::unavailable) ::_exit(3);
                ++refused;
                return;
            }
            for (std::uint64_t i = first; i < n; ++i) {
                if (::write(pipe[1], &i, sizeof i) != sizeof i) ::_exit(4);
            }
        };
        for (int round = 0; round < 3; ++round) {
            rlimit tight = old;
            tight.rlim_cur = (2u << 20) << round;
            ::setrlimit(RLIMIT_FSIZE, &tight);
            const int before = refused;
            for (int i = 0; i < 400 && refused < before + 3; ++i) try_one(i % 10 == 9 ? 500 : 10);
            if (refused < before + 3) ::_exit(5);  // the disk never filled
            ::setrlimit(RLIMIT_FSIZE, &old);
            const int after = refused;
            for (int i = 0; i < 3; ++i) try_one(10);
            if (refused != after) ::_exit(6);  // it did not go on
        }
        opened->reset();
        ::_exit(0);
    }
    ::close(pipe[1]);
    const std::vector<std::uint64_t> acknowledged = read_numbers(pipe[0]);
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    scratch.open();
    check_kept(*scratch, acknowledged);
    CHECK(count_entries(*scratch) == static_cast<std::int64_t>(acknowledged.size()));
}
