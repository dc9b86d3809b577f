// Two worlds that differ only in what somebody may not know, asked the same: every answer must be the same, byte for
// byte.
//
//   access_twins pairs [N [SEED [ONE]]]   N pairs, of guesses one in ONE; ends with "N passed, M failed"
//   access_twins pair SEED                one pair, told in full
//   access_twins tries SEED               what is tried in a pair
//   access_twins timing [N]               how long both take to answer, N times each
//   access_twins leaks                    faults planted one by one, each of which must be seen
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <malloc.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "leaks.hpp"
#include "support/everyone.hpp"
#include "timing.hpp"
#include "visits.hpp"

namespace {

using namespace waymark;
using namespace waymark::twins;

struct Difference {
    std::string name;
    std::string without;
    std::string with;
};
struct Compared {
    Script script;
    std::size_t tries = 0;
    std::vector<Difference> differences;
};

const content::Profile& profile() {
    static const auto parsed = content::parse_profile(testing::profile_with_everyone(), "everyone.toml").value();
    return parsed;
}
const sharing::Policy& policy() {
    static const auto parsed = [] {
        const auto folder = std::string(WAYMARK_SOURCE_DIR) + "/content";
        const auto kinds = content::load_kinds(folder).value();
        return sharing::parse_policy(content::read_content(folder, "access/matrix.toml").value(), "matrix.toml", kinds)
            .value();
    }();
    return parsed;
}

Compared compare(std::uint64_t seed, const Leak* planted, std::size_t most_differences, std::size_t one_in = 1,
                 bool list = false) {
    Compared out;
    out.script = script(seed, profile(), policy());
    testing::Ground ground;
    ground.profile = testing::profile_with_everyone();
    ground.seed = 4711;
    std::optional<testing::ScratchFolder> folder;
    if (planted != nullptr && planted->policy) {
        folder.emplace();
        ground.content = content_with(*planted, *folder);
    }
    World without(ground, out.script, false);
    World with(ground, out.script, true);
    if (planted != nullptr) {
        for (auto* world : {&without, &with}) {
            world->leak = planted->web;
            world->leak_of_command = planted->command;
        }
    }
    without.sign_in();
    with.sign_in();
    const auto known = known_of(with.house);
    without.keep_names(known);
    with.keep_names(known);
    each_try(with, known, seed, one_in, [&](const Try& one) {
        ++out.tries;
        if (list) fmt::print("{}\n", one.name);
        auto a = one.make(without);
        auto b = one.make(with);
        if (a != b) out.differences.push_back({one.name, std::move(a), std::move(b)});
        return out.differences.size() < most_differences;
    });
    return out;
}

void tell(const Compared& one, std::FILE* out, std::size_t most) {
    std::string kept;
    for (const auto& name : one.script.kept) kept += ' ' + name;
    fmt::print(out, "pair {}: {} ({}), kept from them:{}\n", one.script.seed, one.script.who.key, one.script.who.role,
               kept);
    std::size_t n = 0;
    for (const auto& difference : one.differences) {
        if (n++ == most) break;
        const auto& a = difference.without;
        const auto& b = difference.with;
        std::size_t at = 0;
        while (at < a.size() && at < b.size() && a[at] == b[at]) ++at;
        const auto from = at > 60 ? at - 60 : 0;
        fmt::print(out, "  {}\n    without …{}…\n    with    …{}…\n", difference.name.substr(0, 200),
                   a.substr(from, 260), b.substr(from, 260));
    }
}

unsigned threads() {
    return std::max(1u, std::min(4u, std::thread::hardware_concurrency()));
}

int run_pairs(std::uint64_t n, std::uint64_t first, std::size_t one_in) {
    std::atomic<std::uint64_t> next{0};
    std::atomic<std::uint64_t> failed{0};
    std::atomic<std::uint64_t> tries{0};
    std::map<std::string, std::uint64_t> kept;
    std::map<std::string, std::uint64_t> roles;
    std::mutex mutex;
    const auto work = [&] {
        for (auto i = next++; i < n; i = next++) {
            try {
                const auto one = compare(first + i, nullptr, 3, one_in);
                tries += one.tries;
                const std::lock_guard lock(mutex);
                for (const auto& name : one.script.kept) ++kept[name];
                ++roles[one.script.who.role];
                if (one.differences.empty()) continue;
                if (failed++ < 20) tell(one, stdout, 3);
            } catch (const std::exception& error) {
                const std::lock_guard lock(mutex);
                ++failed;
                fmt::print("pair {}: {}\n", first + i, error.what());
            }
        }
    };
    std::vector<std::thread> workers;
    for (unsigned i = 1; i < threads(); ++i) workers.emplace_back(work);
    work();
    for (auto& one : workers) one.join();
    for (const auto& [name, count] : kept) fmt::print("{:>6} pairs keep {}\n", count, name);
    fmt::print("{} roles, {} tries in each world\n", roles.size(), tries.load());
    fmt::print("{} passed, {} failed\n", n - failed, failed.load());
    return failed == 0 ? 0 : 1;
}

int run_leaks() {
    constexpr std::uint64_t most_pairs = 60;
    std::atomic<std::size_t> next{0};
    std::atomic<std::size_t> missed{0};
    std::mutex mutex;
    std::map<std::uint64_t, bool> equal;  // pairs without a plant, each compared once
    const auto equal_without = [&](std::uint64_t seed) {
        {
            const std::lock_guard lock(mutex);
            if (const auto known = equal.find(seed); known != equal.end()) return known->second;
        }
        const bool same = compare(seed, nullptr, 1).differences.empty();
        const std::lock_guard lock(mutex);
        return equal.emplace(seed, same).first->second;
    };
    const auto work = [&] {
        for (auto i = next++; i < leaks().size(); i = next++) {
            const auto& leak = leaks()[i];
            std::string seen;
            std::uint64_t seed = 1;
            for (; seed <= most_pairs && seen.empty(); ++seed) {
                const auto one = script(seed, profile(), policy());
                // Only where what leaks is among what is kept.
                const bool possible = std::any_of(one.kept.begin(), one.kept.end(), [&](const std::string& name) {
                    return std::find(leak.of.begin(), leak.of.end(), name) != leak.of.end();
                });
                if (!possible) continue;
                const auto compared = compare(seed, &leak, 1);
                // Seen is what the plant tells, not what the program does by itself.
                if (!compared.differences.empty() && equal_without(seed)) seen = compared.differences.front().name;
            }
            const std::lock_guard lock(mutex);
            if (seen.empty()) ++missed;
            fmt::print("{}  {}{}\n", seen.empty() ? "MISSED" : "seen  ", leak.name,
                       seen.empty() ? std::string() : fmt::format(": pair {}, {}", seed - 1, seen.substr(0, 80)));
        }
    };
    std::vector<std::thread> workers;
    for (unsigned i = 1; i < threads(); ++i) workers.emplace_back(work);
    work();
    for (auto& one : workers) one.join();
    fmt::print("{} passed, {} failed\n", leaks().size() - missed, missed.load());
    return missed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    // Pages are made and thrown away by the thousand: what was freed is kept for the next one.
    ::mallopt(M_TRIM_THRESHOLD, 1 << 30);
    ::mallopt(M_MMAP_THRESHOLD, 1 << 30);
    // A world is a file that is thrown away: memory serves where there is a folder in it.
    if (std::filesystem::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 0);
    const std::vector<std::string> words(argv + 1, argv + argc);
    const auto number = [&](std::size_t i, std::uint64_t otherwise) {
        return words.size() > i ? std::stoull(words[i]) : otherwise;
    };
    if (!words.empty() && words[0] == "pairs") return run_pairs(number(1, 300), number(2, 1), number(3, 1));
    if (words.size() == 2 && words[0] == "pair") {
        const auto one = compare(number(1, 1), nullptr, 100);
        tell(one, stdout, 100);
        fmt::print("{} tries, {} differ\n", one.tries, one.differences.size());
        return one.differences.empty() ? 0 : 1;
    }
    if (words == std::vector<std::string>{"leaks"}) return run_leaks();
    if (words.size() == 2 && words[0] == "tries") {
        compare(number(1, 1), nullptr, 1, 1, true);
        return 0;
    }
    if (!words.empty() && words[0] == "timing") return run_timing(number(1, 400), profile(), policy());
    fmt::print(stderr, "use: access_twins pairs [N [SEED [ONE]]] | pair SEED | tries SEED | leaks | timing [N]\n");
    return 2;
}
