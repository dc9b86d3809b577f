#pragma once
// The most that a field can add to a pair's weight where its two values are not the same, as far as the marks of the
// two say it before their texts are looked at. Nothing that compare_values() may find weighs more.
#include <array>
#include <cstdint>
#include <span>

#include "people/batch/levels.hpp"

namespace waymark::people::batch {

// Weights in 1/1024 bit.
inline constexpr double unit = 1024;
using Weight = std::int32_t;

// How much of the letters may be in one of two texts alone, by their lengths a and b, for a likeness by Jaro and
// Winkler: q + share * (a + b - q), with q = (a - b)^2 / (a + b). Jaro's likeness J with m letters matched is at most
// (m / a + m / b + 1) / 3, so m / a + m / b is at least 3 J - 1, and each letter that only one text has is unmatched
// there; the share is (3 - 3 J) / 2. Winkler adds a tenth of what is missing for each of up to four first letters.
inline constexpr double share_much_alike = 0.2;           // of 0.92 with four first letters in common: J is 0.867
inline constexpr double share_loosely_alike = 0.3;        // of 0.82 with one
inline constexpr double share_loosely_alike_of3 = 0.386;  // with three
inline constexpr double share_loosely_alike_of4 = 0.45;
inline constexpr std::size_t longest_marked = 40;  // marks of longer texts say nothing

// Names: what must be seen in two names' marks for a level to be possible, and its weight; by how rare the rarer of the
// two is where the level is graded so. Of the levels of letters apart each includes those before it.
struct NameLimits {
    using ByRarity = std::array<Weight, 4>;
    Weight different = 0;
    alignas(16) ByRarity loose{};
    alignas(16) ByRarity alike{};
    alignas(16) ByRarity one_letter{};  // a slip puts at most two letters into one of two names alone
    alignas(16) ByRarity sounds{};
    Weight variant = 0;
    Weight words = 0;  // several of them, some in common
    Weight initial = 0;
    Weight begins = 0;
    Weight near = 0;  // any of them
};
// Names in each other's place or among the other names not counted. `sound_alike`: the first words may sound the same.
Weight most_of_name(const NameLimits&, const ValueMarks&, const ValueMarks&, bool sound_alike);

// Postcodes: area, district and sector are told exactly, slips by the letters apart.
struct PostcodeLimits {
    bool british = false;
    Weight different = 0;
    Weight area = 0;
    Weight district = 0;
    Weight sector = 0;
    Weight two_letters = 0;
    Weight one_letter = 0;  // or two
    Weight near = 0;        // any of them
};
// Of two places (place_marks) that are known, what they have in common: the bits below are equal.
inline constexpr std::uint32_t same_area_below = 1u << 14;
inline constexpr std::uint32_t same_district_below = 1u << 4;

struct Limits {
    // What is read of the marks.
    enum class Way : std::uint8_t { equal_only, always_near, names, words, date, postcode };
    Way way = Way::always_near;
    Weight near = 0;  // values that may be near each other
    Weight far = 0;   // values with at most some likeness (far_level)
    NameLimits name;
    PostcodeLimits postcode;
};
// `weights`: of each level of the field.
Limits limits_of(const Prepared&, std::size_t field, std::span<const Weight> weights);

// Of two values of a table that are there and not the same.
Weight most_unlike(const Limits&, const PreparedField&, std::uint32_t code_a, std::uint32_t code_b);

// Given and family name may stand in each other's place, a slip in each allowed.
bool may_be_swapped(const Prepared&, std::span<const std::uint32_t> row_a, std::span<const std::uint32_t> row_b);

}  // namespace waymark::people::batch
