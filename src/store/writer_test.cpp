// Group commit, on both engines: who gets which answer, what is undone, who goes first.
#include <atomic>
#include <future>
#include <thread>

#include "support/store_steps.hpp"

using namespace waymark;
using namespace waymark::store;
using namespace waymark::testing;

namespace {

// A piece of work that holds the writer until it is let go; entered() waits until it runs.
class Stopper {
public:
    explicit Stopper(Store& store) {
        running_ = std::async(std::launch::async, [this, &store] {
            return store.write([this](Transaction&) -> Result<void> {
                if (!entered_.exchange(true)) in_.set_value();
                go_.wait();
                return {};
            });
        });
        in_.get_future().wait();
    }
    ~Stopper() { let_go(); }
    void let_go() {
        if (!gone_.exchange(true)) out_.set_value();
    }

private:
    std::promise<void> in_;
    std::promise<void> out_;
    std::shared_future<void> go_{out_.get_future()};
    std::atomic<bool> entered_{false};
    std::atomic<bool> gone_{false};
    std::future<Result<void>> running_;
};

void until_queued() {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

}  // namespace

TEST_CASE("a piece of work that is refused leaves nothing, and those committed with it stay") {
    for_each_engine([](Store& store) {
        Stopper stopper(store);
        std::vector<std::future<Result<void>>> answers;
        for (std::uint64_t n = 0; n < 20; ++n) {
            answers.push_back(std::async(std::launch::async, [&store, n] {
                const SampleEntries rows = sample_entries(n, 1);
                return store.write([&](Transaction& t) -> Result<void> {
                    t.insert_entries(here, rows.entries, rows.texts, rows.leaves);
                    if (n % 4 == 0) return fault(FaultKind::held, "course", "not yet", "ask first");
                    // A database error half-way is the work's own refusal too.
                    if (n % 4 == 1) t.insert_entries(here, rows.entries, rows.texts, rows.leaves);
                    return {};
                });
            }));
        }
        until_queued();
        stopper.let_go();
        for (std::uint64_t n = 0; n < 20; ++n) {
            const Result<void> answer = answers[n].get();
            CAPTURE(n);
            CHECK(answer.has_value() == (n % 4 > 1));
            if (n % 4 == 0) CHECK(answer.error() == Fault{FaultKind::held, "course", "not yet", "ask first"});
            if (n % 4 == 1) CHECK(answer.error().kind == FaultKind::conflict);
        }
        CHECK(count_entries(store) == 10);
        CHECK(ask(store, [](Snapshot& s) { return s.queued_leaves(here); }) == 10);
    });
}

TEST_CASE("an exception of the work comes back to its caller and undoes it alone") {
    for_each_engine([](Store& store) {
        CHECK_THROWS_AS(store.write([](Transaction& t) -> Result<void> {
            t.put_secret(here, "a", {});
            throw std::logic_error("a fault of the program");
        }),
                        std::logic_error);
        CHECK_FALSE(ask(store, [](Snapshot& s) { return s.secret(here, "a"); }));
        CHECK(keep(store, sample_entries(1, 1)).has_value());
    });
}

TEST_CASE("a piece of work that waits for another piece is refused instead of waiting for ever") {
    for_each_engine([](Store& store) {
        Result<void> inner;
        REQUIRE(store.write([&](Transaction&) -> Result<void> {
            inner = store.write([](Transaction&) -> Result<void> { return {}; });
            return {};
        }));
        REQUIRE_FALSE(inner);
        CHECK(inner.error().kind == FaultKind::invalid);
    });
}

TEST_CASE("people's work goes before bulk work that was queued earlier") {
    for_each_engine([](Store& store) {
        Stopper stopper(store);
        std::mutex mutex;
        std::vector<int> order;
        const auto queue = [&](int who, Pace pace) {
            auto answer = std::async(std::launch::async, [&, who, pace] {
                return store.write(
                    [&, who](Transaction&) -> Result<void> {
                        const std::lock_guard lock(mutex);
                        order.push_back(who);
                        return {};
                    },
                    pace);
            });
            until_queued();
            return answer;
        };
        auto bulk = queue(2, Pace::bulk);
        auto person = queue(1, Pace::person);
        stopper.let_go();
        CHECK(bulk.get().has_value());
        CHECK(person.get().has_value());
        CHECK(order == std::vector<int>{1, 2});
    });
}

TEST_CASE("bulk work is not starved by people who never stop") {
    Options options;
    options.wait = std::chrono::milliseconds(400);
    ScratchStore scratch(Engine::sqlite, options);
    std::atomic<bool> stop{false};
    std::vector<std::thread> people;
    for (int i = 0; i < 4; ++i) {
        people.emplace_back([&] {
            while (!stop)
                CHECK(scratch
                          ->write([](Transaction& t) -> Result<void> {
                              t.put_secret(here, "busy", {});
                              return {};
                          })
                          .has_value());
        });
    }
    for (std::uint64_t n = 0; n < 3; ++n) CHECK(keep(*scratch, sample_entries(n, 1), here, Pace::bulk).has_value());
    stop = true;
    for (auto& person : people) person.join();
}

TEST_CASE("a full queue and a writer that does not get free are answered as unavailable, and nothing of it is kept") {
    for (const Engine engine : engines_to_test()) {
        Options options;
        options.queue = 2;
        options.wait = std::chrono::milliseconds(300);
        ScratchStore scratch(engine, options);
        {
            Stopper stopper(*scratch);
            std::vector<std::future<Result<void>>> answers;
            for (std::uint64_t n = 0; n < 4; ++n) {
                answers.push_back(
                    std::async(std::launch::async, [&scratch, n] { return keep(*scratch, sample_entries(n, 1)); }));
            }
            for (auto& answer : answers) {
                const Result<void> refused = answer.get();
                REQUIRE_FALSE(refused);
                CHECK(refused.error().kind == FaultKind::unavailable);
            }
        }
        CHECK(count_entries(*scratch) == 0);
        CHECK(keep(*scratch, sample_entries(9, 1)).has_value());
    }
}

TEST_CASE("more readers than connections wait, and are told when it takes too long") {
    for (const Engine engine : engines_to_test()) {
        Options options;
        options.readers = 1;
        options.wait = std::chrono::milliseconds(200);
        ScratchStore scratch(engine, options);
        REQUIRE(scratch->read([&](Snapshot&) -> Result<void> {
            const auto refused = std::async(std::launch::async, [&] {
                                     return scratch->read([](Snapshot&) -> Result<void> { return {}; });
                                 }).get();
            REQUIRE_FALSE(refused);
            CHECK(refused.error().kind == FaultKind::unavailable);
            return {};
        }));
        CHECK(count_entries(*scratch) == 0);
    }
}

TEST_CASE("numbers taken in a transaction have no gap and no repeat, however many take them") {
    for_each_engine([](Store& store) {
        CaseRow file;
        file.case_id = sample_id<CaseId>(1);
        file.record = sample_id<ViewId>(1);
        const std::vector<CaseId> ids = {file.case_id};
        change(store, [&](Transaction& t) { t.insert_cases(here, {&file, 1}); });
        std::mutex mutex;
        std::vector<std::int64_t> taken;
        std::vector<std::thread> threads;
        for (int who = 0; who < 8; ++who) {
            threads.emplace_back([&] {
                for (int i = 0; i < 25; ++i) {
                    std::int64_t mine = 0;
                    const auto done = store.write([&](Transaction& t) -> Result<void> {
                        CaseRow row = *t.cases(here, ids)[0];
                        mine = row.next_seq++;
                        t.update_cases(here, {&row, 1});
                        return {};
                    });
                    const std::lock_guard lock(mutex);
                    if (done) taken.push_back(mine);
                }
            });
        }
        for (auto& thread : threads) thread.join();
        std::sort(taken.begin(), taken.end());
        REQUIRE(taken.size() == 200);
        for (std::size_t i = 0; i < taken.size(); ++i) CHECK(taken[i] == static_cast<std::int64_t>(i) + 1);
    });
}

TEST_CASE("a reader sees one state of the store while others write") {
    for_each_engine([](Store& store) {
        // Each write adds an entry and its leaf: in one state their numbers are the same.
        std::atomic<bool> stop{false};
        std::thread writing([&] {
            for (std::uint64_t n = 0; !stop; n += 3) REQUIRE(keep(store, sample_entries(n, 3)).has_value());
        });
        std::vector<std::thread> reading;
        std::atomic<int> uneven{0};
        std::atomic<int> moved{0};
        for (int who = 0; who < 3; ++who) {
            reading.emplace_back([&] {
                for (int i = 0; i < 50; ++i) {
                    const auto done = store.read([&](Snapshot& s) -> Result<void> {
                        const std::int64_t entries = s.count_entries(here);
                        std::this_thread::sleep_for(std::chrono::milliseconds(2));
                        if (s.queued_leaves(here) != entries || entries % 3 != 0) ++uneven;
                        if (s.count_entries(here) != entries) ++moved;
                        return {};
                    });
                    if (!done) ++moved;
                }
            });
        }
        for (auto& thread : reading) thread.join();
        stop = true;
        writing.join();
        CHECK(uneven == 0);
        CHECK(moved == 0);
        CHECK(count_entries(store) > 0);
    });
}

TEST_CASE("what a write has kept is seen by the next read, and what a reading refuses comes back as it is") {
    for_each_engine([](Store& store) {
        for (std::uint64_t n = 0; n < 20; ++n) {
            REQUIRE(keep(store, sample_entries(n, 1)));
            CHECK(count_entries(store) == static_cast<std::int64_t>(n) + 1);
        }
        const Fault why{FaultKind::forbidden, "a", "b", "c"};
        CHECK(store.read([&](Snapshot&) -> Result<void> { return tl::unexpected(why); }).error() == why);
    });
}
