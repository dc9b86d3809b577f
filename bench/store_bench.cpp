// What the store costs: inserts as an import does them, commits as people do them, scans as a replay does them.
//
// Names end in the engine: 0 SQLite, 1 PostgreSQL (where WAYMARK_TEST_PG names a server).
#include <benchmark/benchmark.h>

#include <atomic>
#include <thread>

#include "support/scratch_files.hpp"
#include "support/scratch_postgresql.hpp"
#include "support/store_samples.hpp"

using namespace waymark;
using namespace waymark::store;
using namespace waymark::testing;

namespace {

constexpr std::size_t batch = 2'000;

struct Scratch {
    explicit Scratch(std::int64_t engine) {
        Address address{Engine::sqlite, folder / "store.db"};
        if (engine == 1) {
            database = std::make_unique<ScratchDatabase>();
            address = {Engine::postgresql, database->url()};
        }
        auto opened = open(address, Opening::create);
        if (!opened) throw std::runtime_error(describe(opened.error()));
        store = std::move(*opened);
    }
    ScratchFolder folder;
    std::unique_ptr<ScratchDatabase> database;
    std::unique_ptr<Store> store;
};

bool skip(benchmark::State& state) {
    if (state.range(0) == 0 || ScratchDatabase::possible()) return false;
    state.SkipWithError("WAYMARK_TEST_PG is not set");
    return true;
}

void keep(Store& store, const SampleEntries& rows) {
    const auto done = store.write(
        [&](Transaction& t) -> Result<void> {
            t.insert_entries(1, rows.entries, rows.texts, rows.leaves);
            return {};
        },
        Pace::bulk);
    if (!done) throw std::runtime_error(describe(done.error()));
}

// Entries with text and queued leaf, 2,000 in a transaction. records = how the entries fall: in the order of the
// clustered key (one record after another) or all over it.
void insert_entries(benchmark::State& state) {
    if (skip(state)) return;
    const bool scattered = state.range(1) != 0;
    const std::size_t batches = 50;
    std::vector<SampleEntries> work;
    for (std::uint64_t b = 0; b < batches; ++b) {
        work.push_back(sample_entries(b * batch, batch, 20'000, 250, 450));
        if (scattered) continue;
        for (auto& e : work.back().entries)
            e.record = sample_id<ViewId>(static_cast<std::uint64_t>(e.at.instant.micros) / 5'000'000);
    }
    for (auto _ : state) {
        state.PauseTiming();
        auto scratch = std::make_unique<Scratch>(state.range(0));
        state.ResumeTiming();
        for (const auto& rows : work) keep(*scratch->store, rows);
        state.PauseTiming();
        scratch.reset();
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batches * batch));
}

void insert_tokens(benchmark::State& state) {
    if (skip(state)) return;
    Scratch scratch(state.range(0));
    SeededRandom random(7);
    std::uint64_t view = 0;
    std::vector<TokenRow> rows;
    for (auto _ : state) {
        state.PauseTiming();
        rows.clear();
        for (std::size_t i = 0; i < batch; ++i, ++view) {
            for (int k = 0; k < 10; ++k) rows.push_back({random.next(), sample_id<ViewId>(view)});
        }
        state.ResumeTiming();
        const auto done = scratch.store->write([&](Transaction& t) -> Result<void> {
            t.insert_tokens(1, rows);
            return {};
        });
        if (!done) state.SkipWithError("refused");
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch * 10));
}

void look_up_by_source(benchmark::State& state) {
    if (skip(state)) return;
    Scratch scratch(state.range(0));
    for (std::uint64_t b = 0; b < 25; ++b) keep(*scratch.store, sample_entries(b * batch, batch, 5'000));
    std::vector<SourceKey> keys;
    for (std::uint64_t n = 0; n < batch; ++n)
        keys.push_back({n % 2 == 0 ? "csc" : "police", "source-" + std::to_string(n * 25)});
    for (auto _ : state) {
        const auto done = scratch.store->read([&](Snapshot& s) -> Result<void> {
            benchmark::DoNotOptimize(s.entries_by_source(1, keys));
            return {};
        });
        if (!done) state.SkipWithError("refused");
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch));
}

// One person's concern: an entry, its leaf and an audit line; 8 people at once share the commits.
void one_entry_each(benchmark::State& state) {
    if (skip(state)) return;
    Scratch scratch(state.range(0));
    std::atomic<std::uint64_t> next{0};
    constexpr int people = 8;
    constexpr std::uint64_t each = 200;
    for (auto _ : state) {
        std::vector<std::thread> threads;
        for (int p = 0; p < people; ++p) {
            threads.emplace_back([&] {
                for (std::uint64_t i = 0; i < each; ++i) {
                    const SampleEntries rows = sample_entries(next++, 1, 1'000, 250, 450);
                    const AuditRow audit;
                    const auto done = scratch.store->write([&](Transaction& t) -> Result<void> {
                        t.insert_entries(1, rows.entries, rows.texts, rows.leaves);
                        t.insert_audit(1, {&audit, 1});
                        return {};
                    });
                    if (!done) std::abort();
                }
            });
        }
        for (auto& thread : threads) thread.join();
    }
    state.SetItemsProcessed(state.iterations() * people * static_cast<std::int64_t>(each));
}

void scan(benchmark::State& state) {
    if (skip(state)) return;
    const auto entries = static_cast<std::uint64_t>(state.range(1));
    Scratch scratch(state.range(0));
    for (std::uint64_t n = 0; n < entries; n += batch)
        keep(*scratch.store, sample_entries(n, batch, 100'000, 250, 450));
    for (auto _ : state) {
        std::uint64_t seen = 0;
        const auto done = scratch.store->read([&](Snapshot& s) -> Result<void> {
            s.scan_entries(1, Want::cards, [&](const WholeEntry&) {
                ++seen;
                return true;
            });
            return {};
        });
        if (!done || seen != entries) state.SkipWithError("not all were seen");
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(entries));
}

}  // namespace

BENCHMARK(insert_entries)
    ->ArgsProduct({{0, 1}, {0, 1}})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(insert_tokens)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(look_up_by_source)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(one_entry_each)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(scan)
    ->ArgsProduct({{0, 1}, {1'000'000}})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Iterations(1);

BENCHMARK_MAIN();
