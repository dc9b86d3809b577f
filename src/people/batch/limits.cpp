// What the marks of two values say before their texts are looked at.
#include "people/batch/limits.hpp"

#include <algorithm>
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

// By the lengths of two texts.
struct MostApart {
    std::array<std::array<std::uint8_t, longest_marked>, longest_marked> most{};
    // `slips_short`: letters that slips put apart in names of fewer than six letters.
    constexpr MostApart(double share, int slips_short) {
        for (std::size_t a = 1; a < longest_marked; ++a) {
            for (std::size_t b = 1; b < longest_marked; ++b) {
                const auto sum = static_cast<double>(a + b);
                const double gap = static_cast<double>(a) - static_cast<double>(b);
                const double uneven = gap * gap / sum;
                const double unmatched = uneven + share * (sum - uneven) + 1e-6;
                // One slip puts two letters apart, two slips four.
                const double slips = a < 6 || b < 6 ? slips_short : 4;
                most[a][b] = static_cast<std::uint8_t>(unmatched < slips ? slips : unmatched);
            }
        }
    }
    [[nodiscard]] bool within(int apart, const ValueMarks& a, const ValueMarks& b) const {
        return apart <= most[a.length][b.length];
    }
};
constexpr MostApart much_alike_apart(share_much_alike, 2);  // two slips count in longer names
constexpr std::array<MostApart, 3> loosely_alike_apart = {
    MostApart(share_loosely_alike, 4), MostApart(share_loosely_alike_of3, 4), MostApart(share_loosely_alike_of4, 4)};

bool longer_than_marked(const ValueMarks& a, const ValueMarks& b) {
    return a.length >= longest_marked || b.length >= longest_marked;
}

// The letters of one are among those of the other.
bool contains(const ValueMarks& a, const ValueMarks& b) {
    const auto both = a.letters & b.letters;
    return both == a.letters || both == b.letters;
}

bool words_far(const ValueMarks& a, const ValueMarks& b) {
    if ((a.kin & b.kin) != 0 || longer_than_marked(a, b)) return false;
    // One may begin with the other.
    if (((a.start ^ b.start) & 0xffff) == 0 && contains(a, b)) return false;
    return !much_alike_apart.within(std::popcount(a.letters ^ b.letters), a, b);
}

// Year, month and day all differ, and it is not the turn of a year: no slip that has a level.
bool dates_far(std::uint64_t a, std::uint64_t b) {
    if (a == 0 || b == 0) return false;  // known in part
    const auto differs = a ^ b;
    return (differs & 0xff) != 0 && (differs & 0x7f00) != 0 && (differs >> 16) != 0 && (a & b & 0x8000) == 0;
}

Weight most_of_postcode(const PostcodeLimits& limits, const ValueMarks& a, const ValueMarks& b) {
    if (limits.british && (a.kin == 0 || b.kin == 0)) return limits.near;
    const int apart = std::popcount(a.letters ^ b.letters);
    const auto slips = apart <= 2 ? limits.one_letter : apart <= 4 ? limits.two_letters : limits.different;
    if (!limits.british) return slips;
    const auto unlike = a.kin ^ b.kin;
    const auto place = unlike == 0                    ? limits.sector
                       : unlike < same_district_below ? limits.district
                       : unlike < same_area_below     ? limits.area
                                                      : limits.different;
    return std::max(slips, place);
}

Limits::Way way_of(const Prepared& all, std::size_t f) {
    using enum Limits::Way;
    // A name may stand among the other names, which only the texts say.
    const int at = static_cast<int>(f);
    if (all.other >= 0 && (at == all.given || at == all.family)) return always_near;
    switch (all.fields[f].kind) {
        case Kind::given_name:
        case Kind::family_name:
        case Kind::other_names:
            return names;
        case Kind::address:
        case Kind::text:
        case Kind::email:
            return words;
        case Kind::date_of_birth:
            return date;
        case Kind::postcode:
            return all.fields[f].former ? always_near : postcode;  // which one had before is known of records alone
        case Kind::sex:
        case Kind::nhs_number:
        case Kind::upn:
            return equal_only;
        default:
            return always_near;
    }
}

NameLimits limits_of_names(std::span<const Weight> weights) {
    NameLimits out;
    out.different = weights[name_different];
    out.variant = weights[name_variant];
    out.words = std::max(weights[name_part], weights[name_first_only]);
    out.initial = weights[name_initial];
    out.begins = weights[name_begins];
    out.near = std::max({out.different, out.variant, out.words, out.initial, out.begins});
    for (std::size_t r = 0; r < 4; ++r) {
        const std::size_t of_three = std::min<std::size_t>(r, 2);
        const std::size_t of_two = std::min<std::size_t>(r, 1);
        out.loose[r] = std::max(out.different, weights[name_loose + of_two]);
        out.alike[r] = std::max(out.loose[r], weights[name_two_letters + of_three]);
        out.one_letter[r] = std::max(out.alike[r], weights[name_one_letter + of_three]);
        out.sounds[r] = weights[name_sounds + of_two];
        out.near = std::max({out.near, out.one_letter[r], out.sounds[r]});
    }
    return out;
}

PostcodeLimits limits_of_postcodes(bool british, std::span<const Weight> weights) {
    PostcodeLimits out;
    out.british = british;
    out.different = weights[postcode_different];
    out.two_letters = std::max(weights[postcode_two_letters], out.different);
    out.one_letter = std::max(weights[postcode_one_letter], out.two_letters);
    out.area = weights[postcode_area];
    out.district = weights[postcode_district];
    out.sector = weights[postcode_sector];
    out.near = std::max({out.one_letter, out.area, out.district, out.sector});
    return out;
}

}  // namespace

Weight most_of_name(const NameLimits& limits, const ValueMarks& a, const ValueMarks& b, bool sound_alike) {
    if (longer_than_marked(a, b)) return limits.near;
    const auto r = static_cast<std::size_t>(std::min(a.rarity, b.rarity));
    const int apart = std::popcount(a.letters ^ b.letters);
    const auto unlike = a.start ^ b.start;
    const auto& loosely = loosely_alike_apart[unlike == 0 ? 2 : (unlike & 0xffff) == 0 ? 1 : 0];
    Weight most = apart <= 2                             ? limits.one_letter[r]
                  : much_alike_apart.within(apart, a, b) ? limits.alike[r]
                  : loosely.within(apart, a, b)          ? limits.loose[r]
                                                         : limits.different;
    if ((a.kin & b.kin) != 0) most = std::max(most, limits.variant);
    // A word that two names share has one sound; the other words may differ by a slip.
    if ((a.several || b.several) && ((a.sounds & b.sounds) != 0 || apart == 0))
        most = std::max({most, limits.words, limits.alike[r]});
    // A word of one letter has a sound that the marks do not say.
    if (a.initial || b.initial) most = std::max({most, limits.initial, limits.sounds[r]});
    if ((unlike & 0xffffff) == 0 && contains(a, b)) most = std::max(most, limits.begins);
    if (sound_alike) most = std::max(most, limits.sounds[r]);
    return most;
}

Limits limits_of(const Prepared& all, std::size_t f, std::span<const Weight> weights) {
    const auto& field = all.fields[f];
    const auto kind = field.kind;
    Limits out;
    out.way = way_of(all, f);
    out.near = out.far = weights[different_level(kind)];
    if (kind == Kind::la_child_id || field.expected) out.near = std::max(out.near, Weight{0});
    const auto levels = static_cast<LevelCode>(weights.size());
    for (auto l = static_cast<LevelCode>(same_codes(kind) + 1); l < levels; ++l) {
        if (!field.expected && kind == Kind::date_of_birth && (l == birth_expected_near || l == birth_expected_far))
            continue;
        if (kind == Kind::postcode && l == postcode_former && !field.former) continue;
        const bool across = (kind == Kind::given_name || kind == Kind::family_name) &&
                            (l == swapped_level(kind) || (l == other_level(kind) && all.other < 0));
        if (!across) out.near = std::max(out.near, weights[l]);
        if (far_level(kind, l)) out.far = std::max(out.far, weights[l]);
    }
    if (kind == Kind::given_name || kind == Kind::family_name || kind == Kind::other_names)
        out.name = limits_of_names(weights);
    if (kind == Kind::postcode) out.postcode = limits_of_postcodes(field.british, weights);
    return out;
}

Weight most_unlike(const Limits& limits, const PreparedField& field, std::uint32_t code_a, std::uint32_t code_b) {
    const auto& a = field.marks[code_a];
    const auto& b = field.marks[code_b];
    switch (limits.way) {
        case Limits::Way::equal_only:
            return limits.far;
        case Limits::Way::names:
            return most_of_name(limits.name, a, b,
                                field.sound[code_a] == field.sound[code_b] && field.sound[code_a] != 0);
        case Limits::Way::words:
            return words_far(a, b) ? limits.far : limits.near;
        case Limits::Way::date:
            return dates_far(a.kin, b.kin) ? limits.far : limits.near;
        case Limits::Way::postcode:
            return most_of_postcode(limits.postcode, a, b);
        default:
            return limits.near;
    }
}

bool may_be_swapped(const Prepared& all, std::span<const std::uint32_t> row_a, std::span<const std::uint32_t> row_b) {
    if (all.given < 0 || all.family < 0) return false;
    const auto g = static_cast<std::size_t>(all.given);
    const auto s = static_cast<std::size_t>(all.family);
    if (row_a[g] == 0 || row_b[g] == 0 || row_a[s] == 0 || row_b[s] == 0) return false;
    if (row_a[g] == row_b[g] || row_a[s] == row_b[s]) return false;
    const auto& given = all.fields[g].marks;
    const auto& family = all.fields[s].marks;
    return std::popcount(given[row_a[g]].letters ^ family[row_b[s]].letters) <= 2 &&
           std::popcount(family[row_a[s]].letters ^ given[row_b[g]].letters) <= 2;
}

}  // namespace waymark::people::batch
