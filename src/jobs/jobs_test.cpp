// Indexing, checkpoints and expiry beside requests.
#include "jobs/jobs.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "support/scratch_store.hpp"
#include "support/store_samples.hpp"

using namespace waymark;
using namespace std::chrono_literals;

namespace {

struct World {
    explicit World(store::Store& kept) : store(kept), key(record::SigningKey::make(random)) {
        REQUIRE(store.write([](store::Transaction& tx) -> Result<void> {
            tx.insert_partnership({1, "northbay", "Northbay", "", false});
            return {};
        }));
    }
    jobs::Charge charge() { return {store, 1, "waymark/northbay", key, clock}; }
    void keep(std::uint64_t from, std::size_t count) {
        const auto rows = testing::sample_entries(from, count);
        REQUIRE(store.write([&](store::Transaction& tx) -> Result<void> {
            tx.insert_entries(1, rows.entries, rows.texts, rows.leaves);
            return {};
        }));
    }

    store::Store& store;
    SetClock clock{*parse_instant("2026-03-02T09:00:00Z")};
    SeededRandom random{7};
    record::SigningKey key;
    testing::ScratchFolder folder;
};

std::string text_of(const std::string& file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

template <class Condition>
bool within(std::chrono::milliseconds most, const Condition& condition) {
    for (auto waited = 0ms; waited < most; waited += 20ms) {
        if (condition()) return true;
        std::this_thread::sleep_for(20ms);
    }
    return condition();
}

}  // namespace

TEST_CASE("settling indexes what is queued and writes a checkpoint that its key opens") {
    testing::for_each_engine([](store::Store& store) {
        World world(store);
        world.keep(1, 5);
        const auto file = world.folder / "checkpoint";
        const auto status = jobs::settle(world.charge(), file);
        REQUIRE(status);
        CHECK(status->log_size == 5);
        CHECK(status->queued == 0);
        const auto opened = record::open_checkpoint(text_of(file), world.key.verifier("waymark/northbay"));
        REQUIRE(opened);
        CHECK(opened->size == 5);
        CHECK_FALSE(std::filesystem::exists(file + ".new"));
    });
}

TEST_CASE("a checkpoint that cannot be written is a fault with its place") {
    testing::for_each_engine([](store::Store& store) {
        World world(store);
        world.keep(1, 1);
        const auto status = jobs::settle(world.charge(), world.folder / "no-such-folder/checkpoint");
        REQUIRE_FALSE(status);
        CHECK(status.error().kind == FaultKind::unavailable);
        CHECK(status.error().place.find("no-such-folder") != std::string::npos);
    });
}

TEST_CASE("the caretaker indexes within moments, keeps the checkpoint file and stops within a second") {
    testing::for_each_engine([](store::Store& store) {
        World world(store);
        std::ostringstream out;
        Log log(out, world.clock);
        const auto file = world.folder / "checkpoint";
        std::chrono::steady_clock::time_point stopping;
        {
            jobs::Caretaker caretaker(world.charge(), file, log);
            world.keep(1, 3);
            CHECK(within(5s, [&] { return caretaker.status().log_size == 3 && caretaker.status().queued == 0; }));
            CHECK(within(5s, [&] { return text_of(file).find("\n3\n") != std::string::npos; }));
            world.keep(10, 4);
            CHECK(within(5s, [&] { return text_of(file).find("\n7\n") != std::string::npos; }));
            stopping = std::chrono::steady_clock::now();
        }
        CHECK(std::chrono::steady_clock::now() - stopping < 1s);
        CHECK(out.str().empty());
    });
}

TEST_CASE("the caretaker takes away what has expired and nothing else") {
    testing::for_each_engine([](store::Store& store) {
        World world(store);
        const auto now = world.clock.now();
        const Digest old_token{1};
        const Digest new_token{2};
        REQUIRE(store.write([&](store::Transaction& tx) -> Result<void> {
            tx.put_session(1, {old_token, "a", now - 13h, now - 2h, now - 1h, "c"});
            tx.put_session(1, {new_token, "a", now, now, now + 1h, "c"});
            return {};
        }));
        std::ostringstream out;
        Log log(out, world.clock);
        const jobs::Caretaker caretaker(world.charge(), {}, log);
        const auto is_there = [&](const Digest& token) {
            bool there = false;
            REQUIRE(store.read([&](store::Snapshot& snapshot) -> Result<void> {
                there = snapshot.session(1, token).has_value();
                return {};
            }));
            return there;
        };
        CHECK(within(5s, [&] { return !is_there(old_token); }));
        CHECK(is_there(new_token));
    });
}

TEST_CASE("a fault that stays is logged once") {
    testing::for_each_engine([](store::Store& store) {
        World world(store);
        world.keep(1, 1);
        std::ostringstream out;
        Log log(out, world.clock);
        std::string fault;
        {
            const jobs::Caretaker caretaker(world.charge(), world.folder / "no-such-folder/checkpoint", log);
            CHECK(within(5s, [&] { return !caretaker.status().last_fault.empty(); }));
            std::this_thread::sleep_for(1200ms);
            fault = caretaker.status().last_fault;
        }
        CHECK(fault.find("no-such-folder") != std::string::npos);
        std::size_t lines = 0;
        for (const char c : out.str()) lines += c == '\n' ? 1 : 0;
        CHECK(lines == 1);
    });
}
