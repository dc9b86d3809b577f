// Times of answers in twin worlds.
#include "timing.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <set>

#include <fmt/format.h>

#include "support/everyone.hpp"
#include "visits.hpp"

namespace waymark::twins {

namespace {

using web::Method;

constexpr double most_ms = 1.0;

struct Asked {
    std::string name;
    std::function<void(World&)> make;
};

double median(std::vector<double> times) {
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    return *middle;
}

// Half the width of the interval that holds the median with 95 %: between the order statistics n/2 -+ 0.98 sqrt(n).
double half_width(std::vector<double> times) {
    std::sort(times.begin(), times.end());
    const auto n = static_cast<double>(times.size());
    const auto step = 0.98 * std::sqrt(n);
    const auto low = static_cast<std::size_t>(std::max(0.0, n / 2 - step));
    const auto high = std::min(times.size() - 1, static_cast<std::size_t>(n / 2 + step));
    return (times[high] - times[low]) / 2;
}

// Processor time of all threads: what a busy machine leaves as it is.
double processor_ms() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

template <class Ids>
std::string only_in(const Ids& with, const Ids& without) {
    const std::set<std::string> known(without.begin(), without.end());
    for (const auto& id : with) {
        if (!known.contains(id)) return id;
    }
    return {};
}

// By name, born and where, as far as a form goes.
void raise_about(World& world, const Child& child) {
    const auto what = testing::location(world.browser.get("/concerns/new"));
    const auto draft = what.substr(0, what.rfind('/'));
    world.ask(Method::post, draft + "/what", "summary=Category+only&danger=no");
    world.ask(Method::post, draft + "/when", "about_what=other&on-day=24&on-month=3&on-year=2026");
    world.ask(
        Method::post, draft + "/children/1",
        fmt::format("given_name={}&family_name={}&born-day={}&born-month={}&born-year={}&postcode={}&role=affected",
                    child.given, child.family, child.born.substr(8, 2), child.born.substr(5, 2),
                    child.born.substr(0, 4), percent_encode(child.postcode)));
    world.ask(Method::get, draft + "/children/1/match");
    world.ask(Method::post, draft + "/children/1/match", "choice=none");
    world.ask(Method::post, draft + "/send");
}

std::vector<Asked> asked_about(const Child& child, const Known& with, const Known& without) {
    std::vector<Asked> all;
    const auto page = [&](const std::string& name, const std::string& path) {
        all.push_back({name, [path](World& world) { world.ask(Method::get, path); }});
    };
    const auto view = only_in(with.views, without.views);
    const auto entry = only_in(with.entries, without.entries);
    const auto concern = only_in(with.concerns, without.concerns);
    if (!view.empty()) {
        all.push_back({"search by name and birth", [child](World& world) {
                           world.ask(Method::post, "/children",
                                     fmt::format("name={}+{}&born-year={}&born-month={}&born-day={}", child.given,
                                                 child.family, child.born.substr(0, 4), child.born.substr(5, 2),
                                                 child.born.substr(8, 2)));
                       }});
        page("child's page", "/children/" + view);
        page("child's standing", "/children/" + view + "/standing");
        page("who has looked", "/children/" + view + "/looked");
        page("add to the record", "/children/" + view + "/add");
    }
    if (!entry.empty()) page("entry", "/entries/" + entry);
    if (!concern.empty()) page("concern", "/concerns/" + concern);
    page("no such child", "/children/00000000-0000-4000-8000-0000000000ab");
    page("My day", "/");
    page("what is due", "/due");
    page("caseload", "/caseload");
    // Last: what is told of a hidden child joins that record, and of nobody makes a new one, which is then on the
    // pages.
    if (!view.empty())
        all.push_back({"concern about them, sent", [child](World& world) { raise_about(world, child); }});
    return all;
}

}  // namespace

int run_timing(std::uint64_t n, const content::Profile& profile, const sharing::Policy& policy) {
    struct Case {
        std::string_view role;
        std::string_view kept;
    };
    constexpr Case cases[] = {{"front-door", "hidden-child"},          {"social-worker", "hidden-child"},
                              {"social-care-manager", "sealed-child"}, {"health-practitioner", "hidden-child"},
                              {"social-worker", "sealed-entry"},       {"front-door", "marked-entry"}};
    int passed = 0;
    int failed = 0;
    for (const auto& one : cases) {
        Script of;
        for (std::uint64_t seed = 1;; ++seed) {
            of = script(seed, profile, policy);
            if (of.who.role == one.role && of.kept == std::vector<std::string>{std::string(one.kept)}) break;
        }
        testing::Ground ground;
        ground.profile = testing::profile_with_everyone();
        ground.seed = 4711;
        World without(ground, of, false);
        World with(ground, of, true);
        without.sign_in();
        with.sign_in();
        const auto asked = asked_about(of.children.back(), known_of(with.house), known_of(without.house));
        for (const auto& ask : asked) {
            std::vector<double> times[2];
            std::vector<double> work[2];
            const auto timed = [&](World& world, std::size_t which, std::uint64_t i) {
                world.house.random.begin(i * 7919 + of.seed);
                world.house.clock.advance(std::chrono::seconds(1));
                const auto worked = processor_ms();
                const auto began = std::chrono::steady_clock::now();
                ask.make(world);
                times[which].push_back(
                    std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
                work[which].push_back(processor_ms() - worked);
            };
            const bool writes = ask.name == "concern about them, sent";
            const auto times_each = writes ? std::max<std::uint64_t>(50, n / 8) : n;
            for (std::uint64_t i = 0; i < times_each + 10; ++i) {
                const bool first = i % 2 == 0;  // each is first as often as second
                timed(first ? without : with, first ? 0 : 1, i);
                timed(first ? with : without, first ? 1 : 0, i);
            }
            for (auto* some : {&times[0], &times[1], &work[0], &work[1]})
                some->erase(some->begin(), some->begin() + 10);  // what warms up
            const double a = median(times[0]);
            const double b = median(times[1]);
            const double within = std::hypot(half_width(times[0]), half_width(times[1]));
            const bool ok = std::abs(b - a) <= most_ms;
            ++(ok ? passed : failed);
            fmt::print(
                "{} {:<20} {:<14} {:<28} {:7.3f} ms without, {:7.3f} ms with: {:+.3f} +- {:.3f} ms; of the "
                "processor {:+.3f} ms ({} each)\n",
                ok ? "ok    " : "SLOWER", one.role, one.kept, ask.name, a, b, b - a, within,
                median(work[1]) - median(work[0]), times[0].size());
            std::fflush(stdout);
        }
    }
    fmt::print("{} passed, {} failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}

}  // namespace waymark::twins
