#pragma once
// What the journal does apart from the store: entries into rows, and rows into facts.
#include <span>
#include <vector>

#include "record/journal.hpp"

namespace waymark::record {

struct Prepared {
    std::vector<store::EntryRow> rows;
    std::vector<store::TextRow> texts;
    std::vector<store::LeafRow> leaves;
};
// Salts, texts, cards and leaves of a batch; one draw of randomness for all of it.
Result<Prepared> prepare(std::span<const Ready>, const content::Catalogue&, const Seal&, Instant kept, Random&);

// The fields of the fact live in `storage`.
Result<Fact> open_fact(store::EntryRow, const Seal&, json::storage_ptr storage);

}  // namespace waymark::record
