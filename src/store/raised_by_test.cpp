// What a practitioner raised, found without looking through the record.
#include <doctest/doctest.h>

#include <algorithm>

#include "support/scratch_store.hpp"
#include "support/store_samples.hpp"

using namespace waymark;
using namespace waymark::store;
using namespace waymark::testing;

TEST_CASE("what one practitioner of one agency raised is found, newest first, and nobody else's") {
    for_each_engine([](Store& store) {
        auto rows = sample_entries(1, 6);
        for (std::size_t i = 0; i < rows.entries.size(); ++i) {
            auto& entry = rows.entries[i];
            entry.kind = "concern.raised";
            entry.agency = "school";
            entry.author = "t.mason";
            entry.at.instant = Instant{static_cast<std::int64_t>(1'000 + i)};
        }
        rows.entries[1].author = "another";
        rows.entries[2].agency = "nursery";
        rows.entries[3].kind = "triage.decided";
        REQUIRE(store.write([&](Transaction& tx) -> Result<void> {
            tx.insert_entries(1, rows.entries, rows.texts, rows.leaves);
            return {};
        }));
        std::vector<EntryId> found;
        std::vector<EntryId> two;
        REQUIRE(store.read([&](Snapshot& snapshot) -> Result<void> {
            found = snapshot.concerns_raised_by(1, "school", "t.mason", 100);
            two = snapshot.concerns_raised_by(1, "school", "t.mason", 2);
            return {};
        }));
        const std::vector<EntryId> expected{rows.entries[5].entry, rows.entries[4].entry, rows.entries[0].entry};
        CHECK(found == expected);
        CHECK(two == std::vector<EntryId>(expected.begin(), expected.begin() + 2));
    });
}
