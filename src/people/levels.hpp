#pragma once
// The levels of each aspect, in one place: their order here is the order in the code, their names are the ids in a
// model.
#include <array>
#include <cstdint>
#include <string_view>

#include "people/people.hpp"

namespace waymark::people {

enum class GivenLevel : std::uint8_t {
    missing,
    same,
    nickname,
    part,
    middle,
    initial,
    one_letter,
    similar,
    sounds_alike,
    swapped,
    first_only,
    two_names,
    different
};
enum class FamilyLevel : std::uint8_t {
    missing,
    same,
    variant,
    part,
    one_letter,
    similar,
    sounds_alike,
    previous,
    swapped,
    different
};
enum class BirthLevel : std::uint8_t {
    missing,
    same,
    swapped_day_month,
    one_digit,
    next_day,
    ten_days,
    same_month,
    same_day_of_year,
    same_day_and_year,
    year_only,
    partial_month,
    partial_year,
    expected_near,
    expected_far,
    different
};
enum class AddressLevel : std::uint8_t { missing, same, similar, different };
enum class PostcodeLevel : std::uint8_t { missing, same, one_letter, sector, outcode, different };
enum class PlainLevel : std::uint8_t { missing, same, different };  // sex, numbers, phone, e-mail

inline constexpr std::size_t aspect_count = 11;
inline constexpr std::size_t most_levels = 16;

// Id and words of a level. The words never hold a value.
struct LevelText {
    std::string_view id;
    std::string_view words;
};
// Ends with an entry whose id is empty.
const std::array<LevelText, most_levels>& level_texts(Aspect);
// The position of an id, or `most_levels`.
std::size_t find_level(Aspect, std::string_view id);
std::size_t level_count(Aspect);

GivenLevel given_level(const Features&, const Features&, const NameVariants&);
FamilyLevel family_level(const Features&, const Features&, const NameVariants&);
BirthLevel birth_level(const Features&, const Features&);

// Shares of names in Britain, approximate: for default_model().
struct NameShare {
    std::string_view name;
    double percent;
};
std::span<const NameShare> common_family_names();
std::span<const NameShare> common_given_names();

}  // namespace waymark::people
