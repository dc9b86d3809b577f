// What a standing costs. The bars: a case of 500 entries in at most 1 ms, and at most 100 µs when one entry is added to
// a case that is kept folded; 1,000,000 entries from memory in at most 1 s a core; 20,000 cases and 1,000,000 entries,
// read from SQLite, in at most 10 s on 2 cores; the check of a rulebook in at most 10 s.
#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "record/card.hpp"
#include "record/journal.hpp"
#include "support/sample_case.hpp"
#include "support/scratch_files.hpp"
#include "support/store_samples.hpp"

using namespace waymark;
using namespace waymark::procedure;
using namespace waymark::testing;

namespace {

constexpr std::int64_t hour = 3'600'000'000;

struct Step {
    const char* kind;
    const char* fields;
    int about;  // so many steps back; 0: nothing
};
// One turn of a case: a concern, what is decided about it, and the work that follows.
constexpr Step turn[] = {
    {"concern.raised", R"({"about_what":"displayed-behaviour","setting":"school","noticed":"observed"})", 0},
    {"earlier.judged", R"({"judgement":"counts"})", 10},
    {"triage.decided", R"({"outcome":"assessment"})", 2},
    {"concern.classified", R"({"category":"problematic","tool":"hackett-continuum"})", 3},
    {"feedback.given", R"({"outcome":"assessment"})", 4},
    {"assessment.started", R"({"template":"aim3"})", 0},
    {"visit.made", R"({"seen":true,"seen_alone":true})", 0},
    {"support.delivered", R"({"type":"interim"})", 0},
    {"assessment.completed", R"({"template":"aim3"})", 0},
    {"meeting.held", R"({"type":"core-group","attended":["csc","police","health"]})", 0},
};
constexpr std::size_t turn_length = std::size(turn);

record::Fact fact_of(std::uint32_t n, const Step& step, Instant at, bool own) {
    record::Fact fact;
    fact.id = entry_id(n + 1);
    fact.kind = step.kind;
    fact.case_id = case_id(own ? 1 : 2);
    fact.at = {at, false};
    fact.recorded = at;
    fact.agency = n % 3 == 0 ? "csc" : "school";
    fact.involvement = 2;
    fact.fields = parse_json(step.fields).value().as_object();
    if (step.about != 0 && n >= static_cast<std::uint32_t>(step.about))
        fact.about = entry_id(n + 1 - static_cast<std::uint32_t>(step.about));
    return fact;
}

// `entries` in all; of each ten turns so many in the case itself, the others elsewhere; a concern in every so many
// turns.
Dossier dossier_of(std::uint32_t entries, std::uint32_t own_of_ten, std::uint32_t turns_a_concern) {
    Dossier dossier;
    dossier.case_id = case_id(1);
    const auto start = instant("2025-01-06T09:00:00Z");
    for (std::uint32_t n = 0; n < entries; ++n) {
        const bool own = (n / turn_length) % 10 < own_of_ten;
        const bool concern = turns_a_concern != 0 && (n / turn_length) % turns_a_concern == 0;
        const auto& step = turn[turns_a_concern == 0 ? 0 : concern ? n % turn_length : 6 + n % 4];
        auto& facts = own ? dossier.own : dossier.others;
        facts.push_back(fact_of(n, step, {start.micros + n * 20 * hour}, own));
    }
    return dossier;
}

// Arguments: entries; of each ten turns so many in the case itself; turns for each concern (1: every tenth entry is
// one, and each decision owes a judgement of every one before it).
void standing_of_one_case(benchmark::State& state) {
    const Procedure procedure(hsb());
    const auto dossier =
        dossier_of(static_cast<std::uint32_t>(state.range(0)), static_cast<std::uint32_t>(state.range(1)),
                   static_cast<std::uint32_t>(state.range(2)));
    const auto now = instant("2026-11-02T12:00:00Z");
    for (auto _ : state) benchmark::DoNotOptimize(procedure.standing(england(), dossier, now));
}

// Nothing but concerns, each of them open: the most duties, and the most that is earlier.
void standing_of_concerns_only(benchmark::State& state) {
    const Procedure procedure(hsb());
    const auto dossier = dossier_of(static_cast<std::uint32_t>(state.range(0)), 10, 0);
    const auto now = instant("2026-11-02T12:00:00Z");
    for (auto _ : state) benchmark::DoNotOptimize(procedure.standing(england(), dossier, now));
}

void standing_with_the_rulebook_made_ready_each_time(benchmark::State& state) {
    const auto dossier = dossier_of(50, 10, 1);
    const auto now = instant("2026-11-02T12:00:00Z");
    for (auto _ : state) benchmark::DoNotOptimize(standing(hsb(), england(), dossier, now));
}

// One entry more, and the standing after it. Arguments as above.
void append_to_a_case_kept_folded(benchmark::State& state) {
    const Procedure procedure(hsb());
    const auto dossier =
        dossier_of(static_cast<std::uint32_t>(state.range(0)), static_cast<std::uint32_t>(state.range(1)),
                   static_cast<std::uint32_t>(state.range(2)));
    const auto now = instant("2026-11-02T12:00:00Z");
    for (auto _ : state) {
        auto before = dossier;
        auto last = before.own.back();
        before.own.pop_back();
        Running running(procedure, england(), std::move(before));
        const auto start = std::chrono::steady_clock::now();
        running.append(std::move(last), true);
        auto standing = running.standing(now);
        benchmark::DoNotOptimize(standing);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        state.SetIterationTime(took.count());
        if (running.folded_afresh() != 1) state.SkipWithError("it was folded afresh");
    }
}

// 20,000 cases of 50 entries, one after the other on one core, from memory.
void a_million_entries_from_memory(benchmark::State& state) {
    const Procedure procedure(hsb());
    std::vector<Dossier> dossiers;
    for (int i = 0; i < 1'000; ++i) dossiers.push_back(dossier_of(50, 10, 5));
    const auto now = instant("2026-11-02T12:00:00Z");
    for (auto _ : state) {
        for (int i = 0; i < 20'000; ++i) {
            auto standing = procedure.standing(england(), dossiers[static_cast<std::size_t>(i) % 1'000], now);
            benchmark::DoNotOptimize(standing);
        }
    }
    state.SetItemsProcessed(state.iterations() * 1'000'000);
}

// Ten courses of action, each held until four agencies were asked, and forty duties in a row: 200 events and more.
std::string large_rulebook() {
    std::string text =
        "name = \"large\"\nversion = \"1\"\ntitle = \"Large\"\nnation = \"england\"\nin_force = 2020-01-01\n"
        "[[event]]\nid = \"change\"\nkind = \"circumstance.changed\"\n";
    for (int i = 0; i < 10; ++i) {
        text += fmt::format(
            "[[consultation]]\nid = \"c{0}\"\ncourse = \"course-{0}\"\nlabel = \"C\"\nwith = [\"police\", "
            "\"social-care\", \"health\", \"education\"]\nowner = \"social-worker\"\nno_reply = \"2 working days\"\n"
            "since = \"change\"\nreview = \"1 working day\"\nreviewer = \"front-door\"\nsource = \"[D]\"\n",
            i);
    }
    for (int i = 0; i < 41; ++i) {
        text += fmt::format("[[event]]\nid = \"e{0}\"\nkind = \"meeting.held\"\nwhere = {{type = \"m{0}\"}}\n", i);
    }
    for (int i = 0; i < 40; ++i) {
        text += fmt::format(
            "[[rule]]\nid = \"d{0}\"\nrelation = \"response\"\nfrom = \"e{0}\"\nto = \"e{1}\"\nclock = "
            "\"5 days\"\nowner = \"front-door\"\nlabel = \"D\"\nsource = \"[U]\"\n[[rule]]\nid = \"g{0}\"\n"
            "relation = \"condition\"\nfrom = \"e{0}\"\nto = \"e{1}\"\n",
            i, i + 1);
    }
    return text;
}

void check_of_a_large_rulebook(benchmark::State& state) {
    const auto book = rulebook_of(large_rulebook());
    for (auto _ : state) {
        const auto found = check(book, england(), nullptr);
        if (found.answer != Check::Answer::proved) state.SkipWithError("not proved");
        state.counters["states"] = static_cast<double>(found.states);
    }
    state.counters["events"] = static_cast<double>(book.events.size());
    state.counters["rules"] = static_cast<double>(book.rules.size());
}

void check_of_the_rulebook(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(check(hsb(), england(), nullptr));
}

// ---- every case of a store ------------------------------------------------------------------------------------------

constexpr std::uint64_t cases = 20'000;
constexpr std::uint64_t entries_a_case = 50;

struct FullStore {
    FullStore() : seal(record::plain_seal()), journal(catalogue(), *seal, clock, random) {
        store = store::open({store::Engine::sqlite, folder / "store.db"}, store::Opening::create).value();
        const auto start = instant("2025-01-06T09:00:00Z");
        for (std::uint64_t first = 0; first < cases; first += 40) {
            std::vector<store::EntryRow> rows;
            std::vector<store::TextRow> texts;
            std::vector<store::LeafRow> leaves;
            for (std::uint64_t c = first; c < first + 40; ++c) add_case(c, start, rows, texts, leaves);
            const auto done = store->write(
                [&](store::Transaction& t) -> Result<void> {
                    t.insert_entries(1, rows, texts, leaves);
                    return {};
                },
                store::Pace::bulk);
            if (!done) throw std::runtime_error(describe(done.error()));
        }
    }
    void add_case(std::uint64_t c, Instant start, std::vector<store::EntryRow>& rows,
                  std::vector<store::TextRow>& texts, std::vector<store::LeafRow>& leaves) const {
        for (std::uint64_t n = 0; n < entries_a_case; ++n) {
            const auto& step = turn[n % turn_length];
            const auto number = c * entries_a_case + n;
            store::EntryRow row;
            row.entry = sample_id<EntryId>(number);
            row.record = sample_id<ViewId>(c);
            row.case_id = sample_id<CaseId>(c);
            row.case_seq = static_cast<std::int64_t>(n) + 1;
            row.agency = n % 3 == 0 ? "csc" : "school";
            row.author = "a.author";
            row.kind = step.kind;
            row.at = {{start.micros + static_cast<std::int64_t>(n) * 200 * hour}, false};
            row.recorded = row.at.instant;
            row.kept = row.at.instant;
            row.marking = "team";
            if (step.about != 0 && n >= static_cast<std::uint64_t>(step.about)) {
                row.about = sample_id<EntryId>(number - static_cast<std::uint64_t>(step.about));
            }
            const auto body = parse_json(step.fields).value().as_object();
            const auto card = record::write_card(2, std::nullopt, "public-task",
                                                 record::card_fields(body, *catalogue().find(step.kind)));
            row.card = seal->close(as_bytes(card), {"card", row.entry.value, row.kind, 1, row.record.value});
            texts.push_back({row.entry, sample_bytes("text", number, 200)});
            leaves.push_back({-1, row.entry, row.digest});
            rows.push_back(std::move(row));
        }
    }
    ScratchFolder folder;
    SetClock clock{instant("2026-11-02T12:00:00Z")};
    SeededRandom random{1};
    std::unique_ptr<record::Seal> seal;
    record::Journal journal;
    std::unique_ptr<store::Store> store;
};

// Records in batches from the one that reads to those that fold; it waits while they are behind.
class Queue {
public:
    using Batch = std::vector<store::EntryRow>;
    void put(Batch batch) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return batches_.size() < 32; });
        batches_.push_back(std::move(batch));
        changed_.notify_all();
    }
    std::optional<Batch> take() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return done_ || !batches_.empty(); });
        if (batches_.empty()) return std::nullopt;
        auto batch = std::move(batches_.front());
        batches_.pop_front();
        changed_.notify_all();
        return batch;
    }
    void end() {
        const std::lock_guard lock(mutex_);
        done_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Batch> batches_;
    bool done_ = false;
};

struct Totals {
    std::size_t cases = 0;
    std::size_t entries = 0;
    std::size_t duties = 0;
    std::size_t cues = 0;
};

Totals fold_from(Queue& queue, const Procedure& procedure, const record::Journal& journal, Instant now) {
    Totals totals;
    while (const auto batch = queue.take()) {
        Dossier dossier;
        const auto flush = [&] {
            if (dossier.own.empty()) return;
            const auto standing = procedure.standing(england(), dossier, now);
            ++totals.cases;
            totals.entries += dossier.own.size();
            totals.duties += standing.duties.size();
            totals.cues += standing.cues.size();
            dossier.own.clear();
        };
        for (const auto& row : *batch) {
            if (!dossier.own.empty() && dossier.person != row.record) flush();
            dossier.person = row.record;
            dossier.case_id = row.case_id;
            dossier.own.push_back(journal.open_card(row).value());
        }
        flush();
    }
    return totals;
}

void every_case_of_a_store(benchmark::State& state) {
    static FullStore full;
    const Procedure procedure(hsb());
    const auto now = instant("2026-11-02T12:00:00Z");
    Totals totals;
    for (auto _ : state) {
        Queue queue;
        std::vector<Totals> parts(static_cast<std::size_t>(state.range(0)));
        std::vector<std::thread> threads;
        for (auto& part : parts) threads.emplace_back([&] { part = fold_from(queue, procedure, full.journal, now); });
        const auto read = full.store->read([&](store::Snapshot& snapshot) -> Result<void> {
            Queue::Batch batch;
            snapshot.scan_entries(1, store::Want::cards, [&](const store::WholeEntry& entry) {
                if (batch.size() >= 2'000 && batch.back().record != entry.row.record)
                    queue.put(std::exchange(batch, {}));
                batch.push_back(entry.row);
                return true;
            });
            queue.put(std::move(batch));
            return {};
        });
        queue.end();
        for (auto& thread : threads) thread.join();
        if (!read) state.SkipWithError(describe(read.error()).c_str());
        totals = {};
        for (const auto& part : parts) {
            totals.cases += part.cases;
            totals.entries += part.entries;
            totals.duties += part.duties;
            totals.cues += part.cues;
        }
    }
    if (totals.cases != cases || totals.entries != cases * entries_a_case)
        state.SkipWithError("not every entry was folded");
    state.counters["duties"] = static_cast<double>(totals.duties);
    state.counters["cues"] = static_cast<double>(totals.cues);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(cases * entries_a_case));
}

BENCHMARK(standing_of_one_case)
    ->Args({500, 10, 5})
    ->Args({500, 10, 1})
    ->Args({500, 2, 1})
    ->Args({50, 10, 1})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(standing_of_concerns_only)->Arg(500)->Unit(benchmark::kMicrosecond);
BENCHMARK(standing_with_the_rulebook_made_ready_each_time)->Unit(benchmark::kMicrosecond);
BENCHMARK(append_to_a_case_kept_folded)
    ->Args({500, 10, 5})
    ->Args({500, 10, 1})
    ->UseManualTime()
    ->Iterations(2'000)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(a_million_entries_from_memory)->Iterations(3)->Unit(benchmark::kMillisecond);
BENCHMARK(check_of_a_large_rulebook)->Unit(benchmark::kMillisecond);
BENCHMARK(check_of_the_rulebook)->Unit(benchmark::kMillisecond);
BENCHMARK(every_case_of_a_store)
    ->Arg(1)
    ->Arg(2)
    ->Iterations(1)
    ->UseRealTime()
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kSecond);

}  // namespace

BENCHMARK_MAIN();
