// What the marks of two values say before their texts are looked at: that they are no more than a little alike.
#include <array>
#include <bit>

#include "people/batch/level_codes.hpp"

namespace waymark::people::batch {

bool far_level(Kind kind, LevelCode level) {
    switch (kind) {
        case Kind::given_name:
        case Kind::family_name:
        case Kind::other_names:
            return level >= name_loose;
        case Kind::address:
        case Kind::text:
        case Kind::email:
            return level >= words_loose;
        case Kind::date_of_birth:
            return level == birth_different;
        case Kind::postcode:
            return level >= postcode_district;
        default:
            return true;
    }
}

namespace {

constexpr std::size_t longest_marked = 40;

// How many letters (the first and the second of a kind) may be in one of two texts alone, by their lengths, where Jaro
// and Winkler's likeness is `much_alike` or more. Jaro's is at least (much_alike - 0.4) / 0.6 = 0.867 then, so m / a +
// m / b is at least 1.6, with m letters matched; each letter that only one text has is unmatched there.
struct MostApart {
    std::array<std::array<std::uint8_t, longest_marked>, longest_marked> most{};
    constexpr MostApart() {
        for (std::size_t a = 1; a < longest_marked; ++a) {
            for (std::size_t b = 1; b < longest_marked; ++b) {
                const double unmatched =
                    static_cast<double>(a + b) - 3.2 * static_cast<double>(a * b) / static_cast<double>(a + b) + 1e-6;
                // One slip puts two letters apart, two slips (which count in longer names) four.
                const double slips = a < 6 || b < 6 ? 2 : 4;
                most[a][b] = static_cast<std::uint8_t>(unmatched < slips ? slips : unmatched);
            }
        }
    }
};
constexpr MostApart most_apart;

// Year, month and day all differ, and it is not the turn of a year: no slip that has a level.
bool dates_far(std::uint64_t a, std::uint64_t b) {
    if (a == 0 || b == 0) return false;  // known in part
    const auto differs = a ^ b;
    return (differs & 0xff) != 0 && (differs & 0x7f00) != 0 && (differs >> 16) != 0 && (a & b & 0x8000) == 0;
}

}  // namespace

bool far(const PreparedField& field, const ValueMarks& a, const ValueMarks& b) {
    switch (field.kind) {
        case Kind::given_name:
        case Kind::family_name:
        case Kind::other_names:
            // An initial stands for a word; a word that two names share has one sound.
            if (a.initial || b.initial || (a.sounds & b.sounds) != 0) return false;
            break;
        case Kind::address:
        case Kind::text:
        case Kind::email:
            break;
        case Kind::date_of_birth:
            return dates_far(a.kin, b.kin);
        case Kind::postcode:
            // Two changes put at most two letters into one of two codes alone, each; a sector's codes differ by as
            // many.
            return std::popcount(a.letters ^ b.letters) > 4;
        default:
            return false;
    }
    if ((a.kin & b.kin) != 0 || a.length >= longest_marked || b.length >= longest_marked) return false;
    const auto both = a.letters & b.letters;
    // One may begin with the other.
    if (a.first == b.first && (both == a.letters || both == b.letters)) return false;
    return std::popcount(a.letters ^ b.letters) > most_apart.most[a.length][b.length];
}

}  // namespace waymark::people::batch
