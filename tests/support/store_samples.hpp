#pragma once
// Rows for tests of the store: opaque, synthetic, different for each number.
#include <string>

#include "base/hash.hpp"
#include "store/store.hpp"

namespace waymark::testing {

// An id that orders by its number.
template <class T>
T sample_id(std::uint64_t n) {
    T id;
    id.value.octets[0] = 1;
    for (std::size_t i = 0; i < 8; ++i) id.value.octets[15 - i] = static_cast<std::uint8_t>(n >> (8 * i));
    return id;
}

inline Bytes sample_bytes(std::string_view what, std::uint64_t n, std::size_t size) {
    Bytes out;
    for (std::uint64_t block = 0; out.size() < size; ++block) {
        const Digest digest = sha256(as_bytes(std::string(what) + std::to_string(n) + "/" + std::to_string(block)));
        out.insert(out.end(), digest.begin(), digest.end());
    }
    out.resize(size);
    return out;
}

struct SampleEntries {
    std::vector<store::EntryRow> entries;
    std::vector<store::TextRow> texts;
    std::vector<store::LeafRow> leaves;
};

// Entries number `from` to `from + count - 1`, spread over `records` records.
inline SampleEntries sample_entries(std::uint64_t from, std::size_t count, std::uint64_t records = 10,
                                    std::size_t card_bytes = 200, std::size_t text_bytes = 400) {
    SampleEntries out;
    for (std::uint64_t n = from; n < from + count; ++n) {
        store::EntryRow e;
        e.entry = sample_id<EntryId>(n);
        e.record = sample_id<ViewId>(n % records);
        e.case_id = sample_id<CaseId>(n % records);
        e.case_seq = static_cast<std::int64_t>(n / records) + 1;
        e.agency = n % 2 == 0 ? "csc" : "police";
        e.author = "a.author";
        e.kind = "concern.raised";
        e.source_id = "source-" + std::to_string(n);
        e.at = {{static_cast<std::int64_t>(n * 1'000'000)}, n % 3 == 0};
        e.recorded = {static_cast<std::int64_t>(n * 1'000'000 + 5)};
        e.kept = {static_cast<std::int64_t>(n * 1'000'000 + 9)};
        e.marking = "team";
        e.digest = sha256(as_bytes("entry" + std::to_string(n)));
        e.salt = sha256(as_bytes("salt" + std::to_string(n)));
        e.card = sample_bytes("card", n, card_bytes);
        out.texts.push_back({e.entry, sample_bytes("text", n, text_bytes)});
        out.leaves.push_back({-1, e.entry, sha256(as_bytes("leaf" + std::to_string(n)))});
        out.entries.push_back(std::move(e));
    }
    return out;
}

}  // namespace waymark::testing
