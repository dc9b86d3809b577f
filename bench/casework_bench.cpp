// The door for entries in bulk, and the standing of a whole partnership: entries like a census's, on SQLite or, where
// WAYMARK_BENCH_PG names an empty database, on PostgreSQL. WAYMARK_BENCH_ENTRIES sets how many.
#include <benchmark/benchmark.h>

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "casework/keys.hpp"
#include "casework/meetings.hpp"
#include "casework/replay.hpp"
#include "sealed_root.hpp"
#include "timing.hpp"

using namespace waymark;

namespace {

constexpr std::size_t batch = 2'000;
const std::string content = std::string(WAYMARK_SOURCE_DIR) + "/content";

std::size_t wanted_entries() {
    const char* set = std::getenv("WAYMARK_BENCH_ENTRIES");
    return set == nullptr ? 100'000 : static_cast<std::size_t>(std::strtoull(set, nullptr, 10));
}

std::string letters(std::uint64_t n) {
    std::string word;
    for (int i = 0; i < 6; ++i, n /= 26) word += static_cast<char>((i == 0 ? 'A' : 'a') + n % 26);
    return word;
}

// Five entries a child, in the order of a census: referral, assessment begun and done, plan, and for most the end.
std::vector<record::Draft> census(std::size_t entries) {
    std::vector<record::Draft> drafts;
    drafts.reserve(entries);
    SeededRandom random(5);
    for (std::size_t child = 0; drafts.size() < entries; ++child) {
        record::Identity identity;
        identity.source = "cin";
        identity.id = fmt::format("LA{:07}", child);
        identity.la_child_id = identity.id;
        identity.upn = fmt::format("A{:012}", random.below(900'000'000'000));
        identity.sex = random.below(2) == 0 ? "F" : "M";
        identity.given_name = letters(random.below(26 * 26 * 26));
        identity.family_name = letters(random.below(26 * 26 * 26 * 26));
        identity.date_of_birth = make_date(2008, 1, 1) + std::chrono::days(random.below(5'000));
        identity.postcode = fmt::format("NB{} {}{}{}", random.below(90), random.below(10), 'A',
                                        static_cast<char>('A' + random.below(26)));
        auto day = make_date(2024, 4, 1) + std::chrono::days(random.below(300));
        int n = 0;
        const auto add = [&](const char* kind, json::object body) {
            if (drafts.size() == entries) return;
            record::Draft draft;
            draft.kind = kind;
            draft.at = {Instant{std::chrono::duration_cast<std::chrono::microseconds>(day.time_since_epoch()).count()},
                        true};
            draft.agency = "csc";
            draft.author = "census";
            draft.id = fmt::format("cin/{}/{}", child, n++);
            draft.case_key = fmt::format("cin/{}", child);
            draft.body = std::move(body);
            draft.subjects.push_back(
                {static_cast<record::Involvements>(record::Involvement::subject), identity, std::nullopt});
            drafts.push_back(std::move(draft));
            day += std::chrono::days(5 + random.below(20));
        };
        add("referral.received", {{"source", "2A"}, {"primary_need", "N1"}, {"no_further_action", false}});
        add("assessment.started", {});
        add("assessment.completed", {});
        add("plan.agreed", {{"type", "child-in-need"}});
        add("case.closed", {{"reason", "RC1"}});
    }
    return drafts;
}

struct World {
    World() {
        const char* postgresql = std::getenv("WAYMARK_BENCH_PG");
        folder = std::filesystem::temp_directory_path() /
                 fmt::format("waymark-bench-{}", std::chrono::steady_clock::now().time_since_epoch().count());
        std::filesystem::create_directories(folder);
        const auto address =
            store::parse_address(postgresql != nullptr ? std::string(postgresql) : (folder / "store.db").string());
        kept = std::move(*store::open(*address, store::Opening::create));
        std::ifstream in(content + "/profiles/northbay.toml");
        std::stringstream profile;
        profile << in.rdbuf();
        (void)casework::found_partnership(*kept, content, profile.str(), "northbay.toml", false, clock, random,
                                          root.get());
        office = std::move(*casework::open_office(*kept, content, std::string("northbay"), clock, random, root.get()));
    }
    ~World() {
        office.reset();
        kept.reset();
        std::filesystem::remove_all(folder);
    }
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    std::filesystem::path folder;
    SystemClock clock;
    SystemRandom random;
    bench::BenchRoot root;
    std::unique_ptr<store::Store> kept;
    std::unique_ptr<casework::Office> office;
};

void fill(World& world, std::vector<record::Draft> drafts, double& preparing, double& taking, bool refresh) {
    const auto permit = world.office->gate->operator_of_machine(record::Action::append, "bench", "operation");
    casework::TakeOptions options;
    options.refresh = refresh;
    for (std::size_t from = 0; from < drafts.size(); from += batch) {
        const auto to = std::min(drafts.size(), from + batch);
        auto began = std::chrono::steady_clock::now();
        auto prepared = casework::prepare(*world.office,
                                          {std::make_move_iterator(drafts.begin() + static_cast<std::ptrdiff_t>(from)),
                                           std::make_move_iterator(drafts.begin() + static_cast<std::ptrdiff_t>(to))});
        preparing += bench::seconds_since(began);
        began = std::chrono::steady_clock::now();
        const auto done = world.kept->write(
            [&](store::Transaction& tx) -> Result<void> {
                const auto outcomes = casework::take(*world.office, tx, permit, prepared, options);
                if (!outcomes) return tl::unexpected(outcomes.error());
                for (const auto& outcome : *outcomes) {
                    if (outcome.taken != casework::Taken::taken) {
                        return fault(FaultKind::conflict, "bench",
                                     outcome.faults.empty() ? "repeated" : describe(outcome.faults.front()));
                    }
                }
                return {};
            },
            store::Pace::bulk);
        taking += bench::seconds_since(began);
        if (!done) throw std::runtime_error(describe(done.error()));
    }
}

void take_census(benchmark::State& state) {
    for (auto _ : state) {
        World world;
        auto drafts = census(wanted_entries());
        const auto count = static_cast<double>(drafts.size());
        double preparing = 0;
        double taking = 0;
        fill(world, std::move(drafts), preparing, taking, state.range(0) != 0);
        state.SetIterationTime(taking);
        state.counters["entries_per_s"] = count / taking;
        state.counters["us_per_entry"] = taking / count * 1e6;
        state.counters["prepare_us"] = preparing / count * 1e6;
    }
}
BENCHMARK(take_census)->Arg(1)->Arg(0)->Iterations(1)->UseManualTime()->Unit(benchmark::kSecond);

void standings_of_all(benchmark::State& state) {
    World world;
    double ignored = 0;
    fill(world, census(wanted_entries()), ignored, ignored, false);
    for (auto _ : state) {
        std::size_t cases = 0;
        const auto done =
            casework::standings(*world.office, sharing::operator_asker("bench", "operation"), world.clock.now(),
                                static_cast<unsigned>(state.range(0)), [&](const procedure::Standing&) {
                                    ++cases;
                                    return true;
                                });
        if (!done) throw std::runtime_error(describe(done.error()));
        state.counters["cases"] = static_cast<double>(cases);
    }
}
BENCHMARK(standings_of_all)->Arg(1)->Arg(2)->Iterations(1)->UseRealTime()->Unit(benchmark::kSecond);

// Fifty entries a case over a year and more, each recorded when it took place, as an open case of many agencies grows.
std::vector<record::Draft> long_cases(std::size_t entries) {
    std::vector<record::Draft> drafts;
    drafts.reserve(entries);
    SeededRandom random(6);
    const std::string shown_body = R"({"about_what": "displayed-behaviour"})";
    for (std::size_t child = 0; drafts.size() < entries; ++child) {
        record::Identity identity;
        identity.source = "mis";
        identity.id = fmt::format("P{:07}", child);
        identity.given_name = letters(random.below(26 * 26 * 26 * 26));
        identity.family_name = letters(random.below(26 * 26 * 26 * 26));
        identity.date_of_birth = make_date(2008, 1, 1) + std::chrono::days(random.below(5'000));
        Instant at = *parse_instant("2024-01-08T09:00:00Z") + std::chrono::hours(24 * random.below(300));
        int n = 0;
        std::string concern;
        const auto add = [&](const char* kind, std::string_view body, const std::string& about = {}) {
            if (drafts.size() == entries) return std::string();
            record::Draft draft;
            draft.kind = kind;
            draft.at = {at, false};
            draft.recorded = at;
            draft.agency = "csc";
            draft.author = "bench";
            draft.id = fmt::format("long/{}/{}", child, n++);
            draft.case_key = fmt::format("long/{}", child);
            draft.body = parse_json(body)->as_object();
            draft.about = about;
            draft.subjects.push_back(
                {static_cast<record::Involvements>(record::Involvement::displayed), identity, std::nullopt});
            drafts.push_back(std::move(draft));
            at = at + std::chrono::hours(20 + random.below(300));
            return drafts.back().id;
        };
        for (int round = 0; round < 5; ++round) {
            concern = add("concern.raised", shown_body);
            add("triage.decided", R"({"outcome": "assessment"})", concern);
            add("feedback.given", R"({"outcome": "assessment"})", concern);
            add("assessment.started", "{}");
            add("visit.made", R"({"seen": true})");
            add("concern.classified", R"({"category": "problematic"})", concern);
            add("assessment.completed", "{}");
            add("support.delivered", "{}");
            add("visit.made", R"({"seen": true})");
            add("support.delivered", "{}");
        }
    }
    return drafts;
}

std::string replaced(std::string text, const std::string& after, const std::string& from, const std::string& to) {
    const auto at = text.find(from, text.find(after));
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// A chronology of a child with 500 entries, as its page is made.
void chronology_of_500(benchmark::State& state) {
    World world;
    double ignored = 0;
    auto drafts = long_cases(500);
    const auto first = drafts.front().subjects.front().identity;
    for (auto& draft : drafts) {
        draft.subjects.front().identity = first;
        draft.case_key = "long/0";
        draft.body["summary"] = std::string(300, 's');
    }
    fill(world, std::move(drafts), ignored, ignored, true);
    ViewId person;
    (void)world.kept->read([&](store::Snapshot& snapshot) -> Result<void> {
        snapshot.scan_views(world.office->partnership, [&](const store::ViewRow& row) {
            person = row.person;
            return false;
        });
        return {};
    });
    const auto asker = sharing::operator_asker("bench", "operation");
    for (auto _ : state) {
        const auto page = casework::person_page(*world.office, asker, person, std::nullopt);
        if (!page) throw std::runtime_error(describe(page.error()));
        state.counters["lines"] = static_cast<double>(page->lines.size());
    }
}
BENCHMARK(chronology_of_500)->Iterations(100)->UseRealTime()->Unit(benchmark::kMillisecond);

// Rotation of the partnership's key, and of each text's own key.
void rotation_of_all(benchmark::State& state) {
    World world;
    double ignored = 0;
    fill(world, long_cases(wanted_entries()), ignored, ignored, false);
    for (auto _ : state) {
        const auto done = state.range(0) == 0 ? casework::rotate_partnership(*world.office, {})
                                              : casework::rotate_records(*world.office, {});
        if (!done) throw std::runtime_error(describe(done.error()));
        state.counters["renewed"] = static_cast<double>(done->renewed);
    }
}
BENCHMARK(rotation_of_all)->Arg(0)->Arg(1)->Iterations(1)->UseRealTime()->Unit(benchmark::kSecond);

// A stricter version of the first procedure: every decision in hours, drift after a week.
void replay_of_all(benchmark::State& state) {
    World world;
    double ignored = 0;
    fill(world, long_cases(wanted_entries()), ignored, ignored, false);
    std::string text;
    for (const auto& one : world.office->editions.newest()) {
        if (one.what == "procedure" && one.name == "hsb-england") text = one.text;
    }
    text = replaced(text, "id = \"referral-decision\"", "\"1 working day\"", "\"4 hours\"");
    text = replaced(text, "id = \"drift\"", "{days = 30}", "{days = 7}");
    const auto changed = casework::changed_procedure(*world.office, text, "next.toml");
    if (!changed) throw std::runtime_error(describe(changed.error()));
    for (auto _ : state) {
        const auto totals = casework::replay(*world.office, sharing::operator_asker("bench", "operation"), *changed, {},
                                             world.clock.now(), static_cast<unsigned>(state.range(0)),
                                             [](const procedure::Replayed&) { return true; });
        if (!totals) throw std::runtime_error(describe(totals.error()));
        state.counters["cases"] = static_cast<double>(totals->cases);
        state.counters["changed"] = static_cast<double>(totals->changed);
        state.counters["due"] = static_cast<double>(totals->due);
        state.counters["shown"] = static_cast<double>(totals->shown);
    }
}
BENCHMARK(replay_of_all)->Arg(2)->Iterations(1)->UseRealTime()->MeasureProcessCPUTime()->Unit(benchmark::kSecond);

// Open cases with a decision, five entries each; the list of those in which the agencies have never all met. With 0 the
// cases were not folded as they came, and the list has to fold them all.
void never_met_of_all(benchmark::State& state) {
    World world;
    double ignored = 0;
    std::vector<record::Draft> drafts;
    for (auto& draft : long_cases(10 * wanted_entries())) {
        const auto nth = draft.id.substr(draft.id.rfind('/') + 1);
        if (nth.size() == 1 && nth < "5") drafts.push_back(std::move(draft));
    }
    fill(world, std::move(drafts), ignored, ignored, state.range(0) != 0);
    record::Asker asker = sharing::operator_asker("bench", "operation");
    for (auto _ : state) {
        const auto unmet = casework::never_all_met(*world.office, asker, 2, {0, 50});
        if (!unmet) throw std::runtime_error(describe(unmet.error()));
        state.counters["cases"] = static_cast<double>(unmet->open_cases);
        state.counters["listed"] = static_cast<double>(unmet->cases.size());
    }
}
BENCHMARK(never_met_of_all)->Arg(0)->Arg(1)->Iterations(3)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
