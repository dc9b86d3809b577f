// What recognising people costs: comparing, tokens, an import of half a million views, and a search among 100,000.
//
// The population is made up: children in households, names drawn with a long tail, three in ten views seen before with
// a slip.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "people/people.hpp"
#include "record/journal.hpp"
#include "support/scratch_files.hpp"
#include "support/test_permit.hpp"

using namespace waymark;
using namespace waymark::people;

namespace {

const Model& model() {
    static const Model made = [] {
        Model m = default_model();
        if (!load_name_variants(std::string(WAYMARK_SOURCE_DIR) + "/content", m))
            throw std::runtime_error("no content");
        return m;
    }();
    return made;
}

class Population {
public:
    explicit Population(std::uint64_t seed) : random_(seed) {
        for (int i = 0; i < 3'000; ++i) given_.push_back(name(2));
        for (int i = 0; i < 30'000; ++i) family_.push_back(name(3));
    }
    record::Identity next() {
        if (count_ > 100 && random_.below(10) < 3) return seen_again();
        record::Identity child;
        child.source = "liquid";
        child.id = std::to_string(++count_);
        if (count_ % 2 == 0) {  // every household has two children
            child.family_name = recent_.back().family_name;
            child.address = recent_.back().address;
            child.postcode = recent_.back().postcode;
        } else {
            child.family_name = of(family_);
            child.address = std::to_string(random_.below(200) + 1) + " Mill Lane";
            child.postcode = postcode();
        }
        child.given_name = of(given_);
        child.date_of_birth = make_date(2009, 1, 1) + std::chrono::days(random_.below(6'200));
        child.sex = random_.below(2) == 0 ? "F" : "M";
        recent_.push_back(child);
        return child;
    }

private:
    record::Identity seen_again() {
        auto child = recent_[random_.below(recent_.size())];
        child.id = "again-" + std::to_string(++count_);
        if (random_.below(4) == 0) std::swap(child.given_name[1], child.given_name[2]);
        if (random_.below(4) == 0) child.postcode = postcode();
        count_ += count_ % 2;
        return child;
    }
    // The rank falls as its square: few names are common, most are rare.
    const std::string& of(const std::vector<std::string>& names) {
        const double x = static_cast<double>(random_.below(1'000'000)) / 1e6;
        return names[static_cast<std::size_t>(x * x * static_cast<double>(names.size()))];
    }
    std::string name(int syllables) {
        static constexpr std::string_view starts = "bcdfghjklmnprstvwz";
        static constexpr std::string_view vowels = "aeiou";
        std::string out;
        for (int i = 0; i < syllables; ++i) {
            out += starts[random_.below(starts.size())];
            out += vowels[random_.below(vowels.size())];
            if (random_.below(2) == 0) out += starts[random_.below(starts.size())];
        }
        return out;
    }
    std::string postcode() {
        const auto digit = [&] { return static_cast<char>('0' + random_.below(10)); };
        const auto letter = [&] { return static_cast<char>('A' + random_.below(26)); };
        return {'N', 'B', static_cast<char>('1' + random_.below(9)), digit(), ' ', digit(), letter(), letter()};
    }
    SeededRandom random_;
    std::vector<std::string> given_;
    std::vector<std::string> family_;
    std::vector<record::Identity> recent_;
    std::uint64_t count_ = 0;
};

struct Place {
    explicit Place(std::size_t views) {
        auto opened = store::open({store::Engine::sqlite, folder / "store.db"}, store::Opening::create,
                                  {4, std::chrono::seconds(60), 4'096, 262'144});
        if (!opened) throw std::runtime_error(describe(opened.error()));
        store = std::move(*opened);
        Population population(7);
        while (kept < views) import_batch(population);
    }
    void import_batch(Population& population) {
        std::vector<Arrived> batch;
        for (std::size_t i = 0; i < 25'000; ++i, ++kept)
            batch.push_back({i % 2 == 0 ? "csc" : "school", population.next(), clock.now(), EntryId{}});
        clock.advance(std::chrono::milliseconds(100));
        const auto begin = std::chrono::steady_clock::now();
        const auto done = store->write(
            [&](store::Transaction& tx) -> Result<void> {
                std::vector<Registry::EngineLink> links;
                const auto resolved = registry.resolve(tx, 1, batch, clock.now(), links);
                if (!resolved) return tl::unexpected(resolved.error());
                linked += links.size();
                return {};
            },
            store::Pace::bulk);
        if (!done) throw std::runtime_error(describe(done.error()));
        seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    }

    testing::ScratchFolder folder;
    std::unique_ptr<store::Store> store;
    SetClock clock{Instant{1'700'000'000'000'000}};
    SeededRandom random{3};
    content::Catalogue catalogue = content::load_kinds(std::string(WAYMARK_SOURCE_DIR) + "/content").value();
    std::unique_ptr<record::Seal> seal = record::plain_seal();
    record::Journal journal{catalogue, *seal, clock, random};
    Registry registry{journal, model(), TokenKey{5}};
    std::size_t kept = 0;
    std::size_t linked = 0;
    double seconds = 0;
};

std::vector<Features> features(std::size_t count) {
    Population population(11);
    std::vector<Features> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(features_of(population.next()));
    return out;
}

std::vector<Ready> made_ready(const Comparer& comparer, std::size_t count) {
    std::vector<Ready> out;
    for (const auto& each : features(count)) out.push_back(comparer.ready(each));
    return out;
}

void weigh(benchmark::State& state) {
    const Comparer comparer(model());
    const auto all = made_ready(comparer, 10'000);
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(comparer.weigh(all[i % all.size()], all[(i * 7 + 1) % all.size()]));
        ++i;
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(weigh);

void compare_in_words(benchmark::State& state) {
    const Comparer comparer(model());
    const auto all = made_ready(comparer, 10'000);
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(comparer.compare(all[i % all.size()], all[(i * 7 + 1) % all.size()]));
        ++i;
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(compare_in_words);

void make_ready(benchmark::State& state) {
    const auto all = features(10'000);
    const Comparer comparer(model());
    std::size_t i = 0;
    for (auto _ : state) benchmark::DoNotOptimize(comparer.ready(all[i++ % all.size()]));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(make_ready);

void tokens(benchmark::State& state) {
    const auto all = features(10'000);
    const TokenKey key{5};
    std::size_t i = 0;
    for (auto _ : state) benchmark::DoNotOptimize(tokens_of(all[i++ % all.size()], key));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(tokens);

// Views imported a second, for the whole import of so many.
void import(benchmark::State& state) {
    for (auto _ : state) {
        const Place place(static_cast<std::size_t>(state.range(0)));
        state.SetIterationTime(place.seconds);
        state.counters["linked"] = static_cast<double>(place.linked);
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(import)->Arg(100'000)->Arg(500'000)->UseManualTime()->Iterations(1)->Unit(benchmark::kSecond);

// One search for a child of 100,000, misspelt; the slowest of a hundred as p99.
void search(benchmark::State& state) {
    static Place place(100'000);
    Population population(7);
    const auto permit = sharing::Gate::make(record::Action::search);
    std::vector<double> times;
    for (auto _ : state) {
        const auto query = population.next();
        const auto begin = std::chrono::steady_clock::now();
        const auto done = place.store->read([&](store::Snapshot& snapshot) -> Result<void> {
            const auto found = place.registry.search(
                snapshot, 1, permit, query, [](const store::ViewRow&) { return true; }, 10);
            if (!found) return tl::unexpected(found.error());
            return {};
        });
        if (!done) throw std::runtime_error(describe(done.error()));
        times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
    }
    std::sort(times.begin(), times.end());
    state.counters["p50_ms"] = times[times.size() / 2];
    state.counters["p99_ms"] = times[times.size() * 99 / 100];
}
BENCHMARK(search)->Iterations(5'000)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
