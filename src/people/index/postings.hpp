#pragma once
// Which records stand under a key. The built part: for each rule, records by the first bits of their key, one list
// behind the other. Keys that share the bits share the list: a stranger among some is weighed and falls out, which
// costs less than telling keys apart.
#include <bit>
#include <cstdint>
#include <vector>

#include "people/index/growing.hpp"
#include "people/index/huge.hpp"

namespace waymark::people::index {

class Postings {
public:
    struct List {
        const std::uint32_t* begin = nullptr;
        const std::uint32_t* end = nullptr;
    };

    explicit Postings(std::size_t rules) : built_(rules) {}

    // Each rule once, rules apart from each other in any threads. key(record) is 0 where the rule does not apply.
    template <class Key>
    void build(std::size_t rule, std::uint32_t records, Key&& key) {
        auto& part = built_[rule];
        const auto buckets = std::bit_ceil(std::max<std::size_t>(records / 2, 256));
        part.shift = 64 - std::countr_zero(buckets);
        part.starts.assign(buckets + 1, 0);
        for (std::uint32_t i = 0; i < records; ++i) {
            if (const auto k = key(i); k != 0) ++part.starts[(k >> part.shift) + 1];
        }
        for (std::size_t b = 0; b < buckets; ++b) part.starts[b + 1] += part.starts[b];
        part.records.resize(part.starts[buckets]);
        for (std::uint32_t i = 0; i < records; ++i) {
            if (const auto k = key(i); k != 0) part.records[part.starts[k >> part.shift]++] = i;
        }
        // Each start has moved to its end, which is the next one's start.
        for (std::size_t b = buckets; b > 0; --b) part.starts[b] = part.starts[b - 1];
        part.starts[0] = 0;
    }
    void add(std::uint64_t key, std::uint32_t record) { added_.insert(key, record); }

    void prefetch(std::size_t rule, std::uint64_t key) const {
        const auto& part = built_[rule];
        __builtin_prefetch(part.starts.data() + (key >> part.shift));
    }
    [[nodiscard]] List list(std::size_t rule, std::uint64_t key) const {
        const auto& part = built_[rule];
        const auto bucket = key >> part.shift;
        return {part.records.data() + part.starts[bucket], part.records.data() + part.starts[bucket + 1]};
    }
    [[nodiscard]] const GrowingMap& added() const { return added_; }
    [[nodiscard]] std::size_t bytes() const {
        std::size_t sum = added_.bytes();
        for (const auto& part : built_) sum += (part.starts.size() + part.records.size()) * sizeof(std::uint32_t);
        return sum;
    }

private:
    struct Built {
        int shift = 56;
        Huge<std::uint32_t> starts = Huge<std::uint32_t>(257, 0);  // of a rule that was not built: empty lists
        Huge<std::uint32_t> records;
    };
    std::vector<Built> built_;
    GrowingMap added_;
};

}  // namespace waymark::people::index
