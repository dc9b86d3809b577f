#pragma once
// How far two values of a field agree, as a small integer. Levels are graded by kind of difference and, where it tells,
// by how common the rarer of the two values is.
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "people/batch/fields.hpp"
#include "people/similarity.hpp"

namespace waymark::people::batch {

using LevelCode = std::uint8_t;  // 0: missing on a side

struct LevelInfo {
    std::string_view id;
    std::string_view words;
};
// The levels of a kind of field, by code; the first is "missing".
const std::vector<LevelInfo>& levels_of(Kind);

// Names, texts, postcodes and e-mail have four codes for the same value, from rare to very common.
inline constexpr LevelCode same_level = 1;
bool graded_by_frequency(Kind);
inline LevelCode same_code(const PreparedField& field, std::uint32_t code) {
    if (!graded_by_frequency(field.kind)) return same_level;
    return static_cast<LevelCode>(same_level + static_cast<LevelCode>(field.marks[code].rarity));
}
// How many codes say "the same".
inline LevelCode same_codes(Kind kind) {
    return graded_by_frequency(kind) ? 4 : 1;
}
LevelCode different_level(Kind);
inline constexpr LevelCode former_level = 5;  // of postcodes
// Two values of it may have nothing to say of one another: numbers of two sources, an expected date and a year.
inline bool may_say_nothing(Kind kind) {
    return kind == Kind::la_child_id || kind == Kind::date_of_birth;
}

// Two values that are there and not equal; the same whichever stands first.
LevelCode compare_values(const PreparedField&, std::uint32_t a, std::uint32_t b);

// Whether it is the level of two values with at most some likeness.
bool far_level(Kind, LevelCode);

// A value that stands in no table, as of someone who is looked for.
struct LooseValue {
    std::string_view value;
    Rarity how_rare = Rarity::rare;
    std::uint32_t first_sound = 0;                 // as PreparedField::sound
    std::span<const std::uint32_t> variants;       // its groups, sorted
    std::uint64_t letter_bits = 0;                 // as ValueMarks::letters
    std::uint64_t sound_bits = ~std::uint64_t{0};  // as ValueMarks::sounds; where not known: any
    [[nodiscard]] std::string_view text() const { return value; }
    [[nodiscard]] Rarity rarity() const { return how_rare; }
    [[nodiscard]] std::uint32_t sound() const { return first_sound; }
    [[nodiscard]] std::uint64_t letters() const { return letter_bits; }
    [[nodiscard]] bool several() const { return value.find(' ') != std::string_view::npos; }
    [[nodiscard]] std::uint64_t sounds() const { return sound_bits; }
    [[nodiscard]] std::span<const std::uint32_t> groups() const { return variants; }
};
LooseValue loose_value(const PreparedField&, std::uint32_t code);
// The same of such values. `a` is the one that stands first in the order of a table's values (table.hpp).
LevelCode compare_loose(Kind, bool british, const LooseValue& a, const LooseValue& b);

// Levels that hang on two fields at once.
LevelCode swapped_level(Kind);  // given and family name in each other's place
LevelCode other_level(Kind);    // among the other names of the other record

// Given names that are no form of one another: what makes two of one household two children.
bool another_given_name(LevelCode);

// What is said of a field of a pair. Where names stand in each other's place the family name weighs nothing and says
// so.
const LevelInfo& info_of(const Prepared&, const std::array<LevelCode, most_compared>& levels, std::size_t field);

// The tools of comparing are the whole room's.
using people::edits;
using people::most_alike;

}  // namespace waymark::people::batch
