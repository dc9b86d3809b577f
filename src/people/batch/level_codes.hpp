#pragma once
// The codes of the levels of each kind of field. The order is that of the lists in level_texts.cpp.
#include "people/batch/levels.hpp"

namespace waymark::people::batch {

enum Name : LevelCode {
    name_same = 1,  // four codes
    name_variant = 5,
    name_one_letter = 6,   // rare, uncommon, common
    name_two_letters = 9,  // rare, uncommon, common
    name_part = 12,
    name_first_only,
    name_initial,
    name_begins,
    name_sounds,  // rare, common
    name_swapped = 18,
    name_other,
    name_loose,  // rare, common
    name_different = 22
};
enum Words : LevelCode {
    words_same = 1,
    words_one_letter = 5,
    words_two_letters = 6,  // rare, common
    words_part = 8,         // all words of one are words of the other
    words_some,
    words_loose,
    words_different
};
enum Birth : LevelCode {
    birth_same = 1,
    birth_swapped,
    birth_first_of_month,
    birth_year_only,
    birth_next_year,
    birth_other_year,
    birth_next_day,
    birth_one_digit,
    birth_digits_swapped,
    birth_same_month,
    birth_other_month,
    birth_partial_month,
    birth_partial_year,
    birth_expected_near,
    birth_expected_far,
    birth_two_digits,
    birth_same_year,
    birth_different
};
enum Postcode : LevelCode {
    postcode_same = 1,  // four codes
    postcode_former = 5,
    postcode_one_letter,
    postcode_two_letters,
    postcode_sector,
    postcode_district,
    postcode_area,
    postcode_different
};
enum Number : LevelCode { number_same = 1, number_one_digit, number_two_digits, number_different };
enum Plain : LevelCode { plain_same = 1, plain_different };

inline constexpr double much_alike = 0.92;  // Jaro and Winkler's likeness
inline constexpr double loosely_alike = 0.82;

}  // namespace waymark::people::batch
