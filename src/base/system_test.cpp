// Clocks and generators.
#include "base/system.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

using namespace waymark;

TEST_CASE("a set clock stands still until it is moved") {
    SetClock clock(Instant{5});
    CHECK(clock.now() == Instant{5});
    clock.advance(std::chrono::hours(1));
    CHECK(clock.now() == Instant{3'600'000'005});
    clock.set(Instant{1});
    CHECK(clock.now() == Instant{1});
}

TEST_CASE("the system clock is between two readings of the library's") {
    using std::chrono::duration_cast;
    using std::chrono::microseconds;
    const auto before = duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    const auto now = SystemClock().now().micros;
    const auto after = duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    CHECK(before <= now);
    CHECK(now <= after);
}

TEST_CASE("the same seed gives the same bytes and another seed others") {
    SeededRandom first(7);
    SeededRandom second(7);
    SeededRandom other(8);
    std::array<std::uint8_t, 21> a{};
    std::array<std::uint8_t, 21> b{};
    std::array<std::uint8_t, 21> c{};
    first.fill(a);
    second.fill(b);
    other.fill(c);
    CHECK(a == b);
    CHECK(a != c);
}

TEST_CASE("SplitMix64 gives its published sequence") {
    SeededRandom random(1234567);
    CHECK(random.next() == 6457827717110365317u);
    CHECK(random.next() == 3203168211198807973u);
}

TEST_CASE("a bounded draw stays in bounds and reaches both ends") {
    SeededRandom random(1);
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(random.below(6));
    CHECK(seen == std::set<std::uint64_t>{0, 1, 2, 3, 4, 5});
    CHECK(random.below(1) == 0);
}

TEST_CASE("no two draws of the system's generator are the same, small or large, in one thread or several") {
    SystemRandom random;
    std::vector<std::vector<std::array<std::uint8_t, 16>>> drawn(4);
    std::vector<std::thread> threads;
    for (auto& mine : drawn) {
        threads.emplace_back([&mine, &random] {
            mine.resize(1000);
            for (auto& octets : mine) random.fill(octets);
        });
    }
    for (auto& thread : threads) thread.join();
    std::set<std::array<std::uint8_t, 16>> seen;
    for (const auto& mine : drawn) seen.insert(mine.begin(), mine.end());
    CHECK(seen.size() == 4000);
    std::vector<std::uint8_t> large(1000);
    random.fill(large);
    CHECK(std::count(large.begin(), large.end(), 0) < 50);
    random.fill({});
}
