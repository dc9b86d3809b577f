#pragma once
// Which records stand under a key. The built part: for each rule, records by the first bits of their key, one list
// behind the other. Beside where a list begins stands a filter of its keys, so that of a key that nobody has mostly one
// line of memory is read; beside each record, in the bits that its number leaves free, a mark of its key, so that
// strangers under the same first bits are seldom looked at.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "people/index/growing.hpp"
#include "people/index/huge.hpp"

namespace waymark::people::index {

class Postings {
public:
    // What may stand under a key: those of its entries that bear its mark.
    struct List {
        const std::uint32_t* begin = nullptr;
        const std::uint32_t* end = nullptr;
        std::uint32_t mark = 0;
    };

    Postings(std::size_t rules, std::uint32_t records)
        : built_(rules), record_bits_(std::min(31, std::max(1, static_cast<int>(std::bit_width(records))))) {}

    // Each rule once, rules apart from each other in any threads. key(record) is 0 where the rule does not apply.
    template <class Key>
    void build(std::size_t rule, std::uint32_t records, Key&& key) {
        auto& part = built_[rule];
        const auto buckets = std::bit_ceil(std::max<std::size_t>(records / 4, 256));
        part.shift = 64 - std::countr_zero(buckets);
        part.slots.assign(buckets + 1, {});
        for (std::uint32_t i = 0; i < records; ++i) {
            const auto k = key(i);
            if (k == 0) continue;
            ++part.slots[(k >> part.shift) + 1].start;
            part.slots[k >> part.shift].filter |= filter_of(k);
        }
        for (std::size_t b = 0; b < buckets; ++b) part.slots[b + 1].start += part.slots[b].start;
        part.entries.resize(part.slots[buckets].start);
        for (std::uint32_t i = 0; i < records; ++i) {
            if (const auto k = key(i); k != 0) part.entries[part.slots[k >> part.shift].start++] = mark_of(k) | i;
        }
        // Each start has moved to its end, which is the next one's start.
        for (std::size_t b = buckets; b > 0; --b) part.slots[b].start = part.slots[b - 1].start;
        part.slots[0].start = 0;
    }
    void add(std::uint64_t key, std::uint32_t record) { added_.insert(key, record); }

    void prefetch(std::size_t rule, std::uint64_t key) const {
        const auto& part = built_[rule];
        __builtin_prefetch(part.slots.data() + (key >> part.shift));
    }
    [[nodiscard]] List list(std::size_t rule, std::uint64_t key) const {
        const auto& part = built_[rule];
        const auto* const slot = part.slots.data() + (key >> part.shift);
        if ((slot->filter & filter_of(key)) == 0) return {};
        return {part.entries.data() + slot->start, part.entries.data() + slot[1].start, mark_of(key)};
    }
    [[nodiscard]] bool bears(const List& list, std::uint32_t entry) const {
        return (entry >> record_bits_) == (list.mark >> record_bits_);
    }
    [[nodiscard]] std::uint32_t record(std::uint32_t entry) const { return entry & ((1u << record_bits_) - 1); }
    [[nodiscard]] const GrowingMap& added() const { return added_; }
    [[nodiscard]] std::size_t bytes() const {
        std::size_t sum = added_.bytes();
        for (const auto& part : built_)
            sum += part.slots.size() * sizeof(Slot) + part.entries.size() * sizeof(std::uint32_t);
        return sum;
    }

private:
    struct Slot {
        std::uint32_t start = 0;
        std::uint32_t filter = 0;
    };
    struct Built {
        int shift = 56;
        Huge<Slot> slots = Huge<Slot>(257);  // of a rule that was not built: empty lists
        Huge<std::uint32_t> entries;
    };
    // The last bit of a key says nothing; the first ones choose the list.
    static std::uint32_t filter_of(std::uint64_t key) { return 1u << ((key >> 1) & 31u); }
    [[nodiscard]] std::uint32_t mark_of(std::uint64_t key) const {
        return static_cast<std::uint32_t>(key >> 6) << record_bits_;
    }
    std::vector<Built> built_;
    int record_bits_;
    GrowingMap added_;
};

}  // namespace waymark::people::index
