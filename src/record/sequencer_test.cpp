#include <doctest/doctest.h>

#include "support/record_samples.hpp"

using namespace waymark;
using namespace waymark::record;
using namespace waymark::testing;

namespace {

std::vector<Draft> concerns(int from, int count) {
    std::vector<Draft> drafts;
    for (int i = from; i < from + count; ++i) {
        drafts.push_back(sample_concern("e-" + std::to_string(i), "C" + std::to_string(i % 7)));
    }
    return drafts;
}

std::vector<Digest> logged(SampleRecord& record) {
    return record.read([](store::Snapshot& s) {
        std::vector<Digest> hashes;
        for (const auto& leaf : s.leaves(sample_partnership, 0, 100'000)) hashes.push_back(leaf.leaf);
        return hashes;
    });
}

Checkpoint newest(SampleRecord& record) {
    const auto note =
        record.read([](store::Snapshot& s) { return s.latest_checkpoint(sample_partnership).value().note; });
    return open_checkpoint(note, record.key.verifier(SampleRecord::origin)).value();
}

}  // namespace

TEST_CASE("The sequencer moves what is queued into the log, in the order of the queue, and signs a checkpoint") {
    for_each_engine([](store::Store& store) {
        SampleRecord record(store);
        record.keep(concerns(0, 5));
        record.keep(concerns(5, 6));
        const auto queued = record.read([](store::Snapshot& s) { return s.take_queue(sample_partnership, 100); });
        REQUIRE(queued.size() == 11);
        CHECK(record.sequence() == 11);
        const auto hashes = logged(record);
        REQUIRE(hashes.size() == 11);
        for (std::size_t i = 0; i < 11; ++i) CHECK(hashes[i] == queued[i].leaf);
        CHECK(newest(record).size == 11);
        CHECK(newest(record).root == root_of(hashes));
        CHECK(record.read([](store::Snapshot& s) { return s.queued_leaves(sample_partnership) + 1; }) == 1);
    });
}

TEST_CASE("A run with nothing queued changes nothing") {
    ScratchStore store;
    SampleRecord record(*store);
    CHECK(record.sequence() == 0);
    CHECK_FALSE(record.read([](store::Snapshot& s) { return s.latest_checkpoint(sample_partnership); }));
    record.keep(concerns(0, 3));
    CHECK(record.sequence() == 3);
    record.clock.advance(std::chrono::hours(1));
    CHECK(record.sequence() == 0);
    CHECK(record.read([](store::Snapshot& s) { return s.latest_checkpoint(sample_partnership).value().at; }) ==
          sample_now());
}

TEST_CASE("The log goes on where the last run stopped, and each checkpoint continues the one before") {
    ScratchStore store;
    SampleRecord record(*store);
    std::vector<Checkpoint> checkpoints;
    for (int i = 0; i < 6; ++i) {
        record.keep(concerns(i * 10, i + 1));
        CHECK(record.sequence() == i + 1);
        checkpoints.push_back(newest(record));
    }
    const auto hashes = logged(record);
    for (const auto& earlier : checkpoints) {
        const auto size = static_cast<std::size_t>(earlier.size);
        CHECK(verify_consistency(size, hashes.size(), consistency_proof(hashes, size), earlier.root,
                                 checkpoints.back().root));
    }
}

TEST_CASE("A run indexes no more than it is asked to") {
    ScratchStore store;
    SampleRecord record(*store);
    record.keep(concerns(0, 9));
    CHECK(record.sequencer->run(4) == 4);
    CHECK(newest(record).size == 4);
    CHECK(record.sequencer->run(4) == 4);
    CHECK(record.sequencer->run(4) == 1);
}

TEST_CASE("A sequencer that another has taken over from is told so and changes nothing") {
    for_each_engine([](store::Store& store) {
        SampleRecord record(store);
        record.keep(concerns(0, 2));
        CHECK(record.sequence() == 2);
        Sequencer second(store, sample_partnership, SampleRecord::origin, record.key, record.clock);
        CHECK(second.run() == 0);
        record.keep(concerns(2, 2));
        const auto refused = record.sequence();
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == FaultKind::conflict);
        CHECK(newest(record).size == 2);
        CHECK(second.run() == 2);
        CHECK(record.verify().sound());
    });
}

TEST_CASE("More than one chunk is moved in one run") {
    ScratchStore store;
    SampleRecord record(*store);
    for (int i = 0; i < 4; ++i) record.keep(concerns(i * 3'000, 3'000));
    CHECK(record.sequence() == 12'000);
    CHECK(newest(record).size == 12'000);
    CHECK(newest(record).root == root_of(logged(record)));
}
