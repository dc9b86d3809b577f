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
    struct Column {
        const Limits* limits = nullptr;
        bool settled = false;            // every record has the same value, and `prior` holds its weight
        std::vector<std::int32_t> same;  // weight of the record's own value
        std::vector<std::uint32_t> code;
        // As Way needs them; `kin_low` of a date or a postcode is all that there is. `form`: see bound.cpp.
        std::vector<std::uint32_t> kin_low, kin_high, letters_low, letters_high, start, sound, form;
        std::vector<float> length;
    };
    // Of `form`; above them the sounds, folded.
    static constexpr std::uint32_t rarity = 3;
    static constexpr std::uint32_t several = 1u << 2;
    static constexpr std::uint32_t initial = 1u << 3;
    static constexpr std::uint32_t too_long = 1u << 4;  // the marks say nothing
    static constexpr std::uint32_t sounds_from = 8;

    std::size_t size = 0;
    std::int32_t prior = 0;
    std::int32_t least = 0;
    bool may_be_swapped = false;  // names in each other's place are looked for
    std::size_t given = 0;
    std::size_t family = 0;
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
    void load_marks(std::size_t f, std::size_t room, BlockMarks&) const;
    const Prepared& all_;
    const Weights& weights_;
    Weight least_;
};

}  // namespace waymark::people::batch
