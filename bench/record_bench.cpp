// How much the record costs, without a store: appending, opening cards, growing the log, decoding lines.
#include <benchmark/benchmark.h>

#include "record/entry.hpp"
#include "record/journal.hpp"
#include "record/log.hpp"
#include "record/prepare.hpp"

using namespace waymark;
using namespace waymark::record;

namespace {

const content::Catalogue& kinds() {
    static const content::Catalogue catalogue =
        content::load_kinds(std::string(WAYMARK_SOURCE_DIR) + "/content").value();
    return catalogue;
}

constexpr std::string_view line =
    R"({"kind":"concern.raised","at":"2026-03-20T09:00:00Z","recorded":"2026-03-20T09:30:00Z",)"
    R"("happened":{"from":"2026-03-18","to":"2026-03-19","accuracy":"AAA"},"agency":"csc","author":"a.rahman",)"
    R"("subjects":[{"involvement":"displayed","identity":{"source":"liquid","id":"C-123456","given_name":"Alma","family_name":"Reyes",)"
    R"("date_of_birth":"2014-06-01","sex":"F","address":"1 Some Street, Northbay","postcode":"NB1 1AA","nhs_number":"9434765919"}}],)"
    R"("id":"e-1234567","case":"K-4711","basis":"public-task","body":{"about_what":"displayed-behaviour","setting":"school",)"
    R"("noticed":"reported","immediate_danger":false,"summary":"A summary of usual length that says by category and code what was )"
    R"(reported, when it was reported and by whom, and that nothing further is known at this time of writing; category 2."}})";

constexpr std::size_t batch = 2'000;

struct Bench {
    SetClock clock{Instant{1'774'612'800'000'000}};
    SeededRandom seeded{3};
    SystemRandom random;
    std::unique_ptr<Seal> seal = plain_seal();
    Journal journal{kinds(), *seal, clock, random};
    Zone zone;
    Draft draft = decode_draft(line, kinds(), clock.now(), zone).value();

    std::vector<Ready> ready() {
        std::vector<Ready> all(batch);
        for (auto& one : all) {
            one.id = EntryId{make_uuid7(clock, seeded)};
            one.draft = draft;
            one.record = ViewId{make_uuid7(clock, seeded)};
            one.case_id = CaseId{make_uuid7(clock, seeded)};
            one.case_seq = 1;
            one.subjects = {{2, one.record, 1, {}}};
        }
        return all;
    }
};

// Content digest, salt, text, card, envelope and leaf of each entry.
void append(benchmark::State& state) {
    Bench bench;
    const auto ready = bench.ready();
    for (auto _ : state)
        benchmark::DoNotOptimize(prepare(ready, kinds(), *bench.seal, bench.clock.now(), bench.random));
    state.SetItemsProcessed(state.iterations() * std::int64_t{batch});
}
BENCHMARK(append)->Unit(benchmark::kMillisecond);

void open_card(benchmark::State& state) {
    Bench bench;
    const auto prepared = prepare(bench.ready(), kinds(), *bench.seal, bench.clock.now(), bench.random).value();
    for (auto _ : state) {
        for (const auto& row : prepared.rows) benchmark::DoNotOptimize(bench.journal.open_card(row));
    }
    state.SetItemsProcessed(state.iterations() * std::int64_t{batch});
}
BENCHMARK(open_card)->Unit(benchmark::kMillisecond);

// As a fold opens them: one arena for all, and all kept until the end.
void facts(benchmark::State& state) {
    Bench bench;
    const auto prepared = prepare(bench.ready(), kinds(), *bench.seal, bench.clock.now(), bench.random).value();
    for (auto _ : state) {
        const auto arena = json::make_shared_resource<json::monotonic_resource>();
        std::vector<Fact> facts;
        for (const auto& row : prepared.rows) facts.push_back(open_fact(row, *bench.seal, arena).value());
        benchmark::DoNotOptimize(facts);
    }
    state.SetItemsProcessed(state.iterations() * std::int64_t{batch});
}
BENCHMARK(facts)->Unit(benchmark::kMillisecond);

void leaf_and_frontier(benchmark::State& state) {
    const Bytes data(900, 7);
    Frontier frontier;
    for (auto _ : state) frontier.append(leaf_hash(data));
    benchmark::DoNotOptimize(frontier.root());
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(leaf_and_frontier);

void decode(benchmark::State& state) {
    const Bench bench;
    for (auto _ : state) benchmark::DoNotOptimize(decode_draft(line, kinds(), bench.clock.now(), bench.zone));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(decode);

}  // namespace

BENCHMARK_MAIN();
