#pragma once
// Steps that tests of the store share: keep some entries, ask a question, make a change.
#include <optional>

#include "support/scratch_store.hpp"
#include "support/store_samples.hpp"

namespace waymark::testing {

constexpr store::Partnership here = 1;
constexpr store::Partnership elsewhere = 2;

inline Result<void> keep(store::Store& store, const SampleEntries& rows, store::Partnership p = here,
                         store::Pace pace = store::Pace::person) {
    return store.write(
        [&](store::Transaction& t) -> Result<void> {
            t.insert_entries(p, rows.entries, rows.texts, rows.leaves);
            return {};
        },
        pace);
}

// Runs a reading that cannot be refused.
template <class F>
auto ask(store::Store& store, const F& question) {
    std::optional<decltype(question(std::declval<store::Snapshot&>()))> answer;
    const Result<void> done = store.read([&](store::Snapshot& s) -> Result<void> {
        answer = question(s);
        return {};
    });
    REQUIRE_MESSAGE(done.has_value(), (done ? "" : describe(done.error())));
    return *answer;
}

template <class F>
void change(store::Store& store, const F& work) {
    const Result<void> done = store.write([&](store::Transaction& t) -> Result<void> {
        work(t);
        return {};
    });
    REQUIRE_MESSAGE(done.has_value(), (done ? "" : describe(done.error())));
}

inline std::int64_t count_entries(store::Store& store) {
    return ask(store, [](store::Snapshot& s) { return s.count_entries(here); });
}

}  // namespace waymark::testing
