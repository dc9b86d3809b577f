#pragma once
// Most pairs of a block have nothing in common but its key. Whether a pair can reach a weight at all is found from
// equal codes and marks alone, many pairs at once; nothing that could reach it is passed over.
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "people/batch/weights.hpp"

namespace waymark::people::batch {

// The marks of a block's records, field by field, so that a register holds those of many records.
struct BlockMarks {
    enum class Way : std::uint8_t { equal_only, always_near, names, words, date, postcode };
    struct Column {
        Way way = Way::always_near;
        std::int32_t near = 0;
        std::int32_t far = 0;
        std::vector<std::int32_t> same;  // weight of the record's own value
        std::vector<std::uint32_t> code, kin_low, kin_high, letters_low, letters_high, sounds_low, sounds_high, first,
            open;  // open: all bits where far() never parts it
        std::vector<float> length;
    };
    std::size_t size = 0;
    std::int32_t prior = 0;
    std::int32_t least = 0;
    int given = -1;
    int family = -1;
    std::vector<Column> columns;
};

class Bound {
public:
    // `least`: the weight against strangers that a pair must be able to reach.
    Bound(const Prepared&, const Weights&, Weight least);

    [[nodiscard]] bool may_reach(std::uint32_t a, std::uint32_t b) const;

    // The same for a block: load() it, then for each record ask which of those behind it may be pairs.
    void load(std::span<const std::uint32_t> records, BlockMarks&) const;
    // Positions behind `i` in the block; `hits` has room for all.
    static std::size_t reach(const BlockMarks&, std::size_t i, std::uint32_t* hits);
    static std::string_view instructions();  // "AVX-512", …

private:
    [[nodiscard]] BlockMarks::Way way_of(std::size_t f) const;
    const Prepared& all_;
    const Weights& weights_;
    Weight least_;
};

}  // namespace waymark::people::batch
