// How two values of one kind are compared.
#include "people/batch/levels.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cmath>

#include "base/text.hpp"
#include "people/batch/level_codes.hpp"
#include "people/similarity.hpp"

namespace waymark::people::batch {

namespace {

LevelCode by_rarity(LevelCode base, Rarity rarity) {
    return static_cast<LevelCode>(base + std::min<LevelCode>(static_cast<LevelCode>(rarity), 2));
}
LevelCode rare_or_common(LevelCode base, Rarity rarity) {
    return static_cast<LevelCode>(base + (rarity >= Rarity::uncommon ? 1 : 0));
}

struct Words2 {
    std::array<std::string_view, 8> word;
    std::size_t count = 0;
    explicit Words2(std::string_view text) {
        std::size_t from = 0;
        while (from < text.size() && count < word.size()) {
            auto to = text.find(' ', from);
            if (to == std::string_view::npos) to = text.size();
            if (to > from) word[count++] = text.substr(from, to - from);
            from = to + 1;
        }
    }
    [[nodiscard]] bool has(std::string_view w) const {
        return std::find(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(count), w) !=
               word.begin() + static_cast<std::ptrdiff_t>(count);
    }
};

bool same_without_spaces(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    std::size_t j = 0;
    for (;;) {
        while (i < a.size() && a[i] == ' ') ++i;
        while (j < b.size() && b[j] == ' ') ++j;
        if (i == a.size() || j == b.size()) return i == a.size() && j == b.size();
        if (a[i++] != b[j++]) return false;
    }
}

// One value of a table's column; LooseValue has the same shape.
struct CodedValue {
    const PreparedField& field;
    std::uint32_t code;
    [[nodiscard]] std::string_view text() const { return field.text(code); }
    [[nodiscard]] Rarity rarity() const { return field.marks[code].rarity; }
    [[nodiscard]] std::uint32_t sound() const { return field.sound[code]; }
    [[nodiscard]] std::uint64_t letters() const { return field.marks[code].letters; }
    [[nodiscard]] bool several() const { return field.marks[code].several; }
    [[nodiscard]] std::uint64_t sounds() const { return field.marks[code].sounds; }
    [[nodiscard]] std::span<const std::uint32_t> groups() const { return field.groups_of(code); }
};

bool share_group(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (a[i] == b[j]) return true;
        if (a[i] < b[j])
            ++i;
        else
            ++j;
    }
    return false;
}

// Words in common of two or more letters, and whether they are all that one side has (an initial may stand for a word).
struct Common {
    std::size_t words = 0;
    bool all = false;
};
Common common_words(const Words2& a, const Words2& b) {
    Common common;
    for (std::size_t i = 0; i < a.count; ++i) {
        if (a.word[i].size() > 1 && b.has(a.word[i])) ++common.words;
    }
    const auto covered = [](const Words2& one, const Words2& other) {
        for (std::size_t i = 0; i < one.count; ++i) {
            bool found = other.has(one.word[i]);
            for (std::size_t j = 0; j < other.count && !found; ++j) {
                found = (one.word[i].size() == 1 || other.word[j].size() == 1) && one.word[i][0] == other.word[j][0];
            }
            if (!found) return false;
        }
        return true;
    };
    common.all = common.words > 0 && (covered(a, b) || covered(b, a));
    return common;
}

// A word of one sounds like a word of the other.
bool share_sound(const Words2& a, const Words2& b) {
    for (std::size_t i = 0; i < a.count; ++i) {
        if (a.word[i].size() < 3) continue;
        const auto sound = phonetic(a.word[i]);
        for (std::size_t j = 0; j < b.count; ++j) {
            if (b.word[j].size() >= 3 && sound.size() >= 2 && phonetic(b.word[j]) == sound) return true;
        }
    }
    return false;
}

// Each slip puts two letters at most into one of two texts alone: the marks often say enough, and the texts need not be
// walked through.
struct Alike {
    unsigned apart;   // edits, at most 3
    double likeness;  // Jaro and Winkler's where it is `loosely_alike` or more, else less
    template <class Value>
    static Alike of(const Value& a, const Value& b) {
        const int letters = std::popcount(a.letters() ^ b.letters());
        const auto x = a.text();
        const auto y = b.text();
        return {letters > 4 ? 3u : edits(x, y, 2),
                most_alike(x, y, letters) < loosely_alike ? 0.0 : jaro_winkler(x, y)};
    }
};

// "Anna Maria" and "Anna Marai" differ as a slip would make them; "Mohammed Ali" and "Mohammed Adi" may be brothers,
// and so may those whose words do not stand one against one.
LevelCode slip_in_one_word(const Words2& a, const Words2& b, Rarity rarity) {
    if (a.count != b.count) return name_first_only;
    std::size_t at = a.count;
    for (std::size_t i = 0; i < a.count; ++i) {
        if (a.word[i] == b.word[i]) continue;
        if (at != a.count) return name_first_only;
        at = i;
    }
    if (at == a.count) return name_first_only;
    const auto x = a.word[at];
    const auto y = b.word[at];
    const auto shorter = std::min(x.size(), y.size());
    if (shorter < 4) return name_first_only;
    const auto apart = edits(x, y, 2);
    if (apart == 1) return by_rarity(name_one_letter, rarity);
    if ((apart == 2 && shorter >= 6) || jaro_winkler(x, y) >= much_alike) return by_rarity(name_two_letters, rarity);
    return name_first_only;
}

template <class Value>
LevelCode compare_names(const Value& a, const Value& b) {
    const auto x = a.text();
    const auto y = b.text();
    const auto rarity = std::min(a.rarity(), b.rarity());
    const bool several = a.several() || b.several();
    if (several) {
        if (same_without_spaces(x, y)) return name_part;
        const Words2 wx(x);
        const Words2 wy(y);
        const auto common = common_words(wx, wy);
        if (common.all) return name_part;
        if (common.words > 0) return slip_in_one_word(wx, wy, rarity);
    }
    if (share_group(a.groups(), b.groups())) return name_variant;
    if (x.size() == 1 || y.size() == 1) return x[0] == y[0] ? name_initial : name_different;
    const auto shorter = std::min(x.size(), y.size());
    const auto [apart, alike] = Alike::of(a, b);
    if (apart == 1 && shorter >= 2) return by_rarity(name_one_letter, rarity);
    if (shorter >= 3 && (x.starts_with(y) || y.starts_with(x))) return name_begins;
    if ((apart == 2 && shorter >= 6) || alike >= much_alike) return by_rarity(name_two_letters, rarity);
    if (several && (a.sounds() & b.sounds()) != 0 && share_sound(Words2(x), Words2(y))) return name_first_only;
    if (shorter >= 3 && a.sound() == b.sound() && a.sound() != 0) return rare_or_common(name_sounds, rarity);
    if (alike >= loosely_alike || apart == 2) return rare_or_common(name_loose, rarity);
    return name_different;
}

template <class Value>
LevelCode compare_words(const Value& a, const Value& b) {
    const auto x = a.text();
    const auto y = b.text();
    const auto rarity = std::min(a.rarity(), b.rarity());
    const auto [apart, alike] = Alike::of(a, b);
    if (apart == 1) return words_one_letter;
    const Words2 wx(x);
    const Words2 wy(y);
    const auto common = common_words(wx, wy);
    if (common.all || same_without_spaces(x, y)) return words_part;
    if ((apart == 2 && std::min(x.size(), y.size()) >= 6) || alike >= much_alike)
        return rare_or_common(words_two_letters, rarity);
    if (common.words > 0) return words_some;
    return alike >= loosely_alike ? words_loose : words_different;
}

// "12 High St" and "14 High St" are one letter apart and two homes.
bool other_house_numbers(std::string_view a, std::string_view b) {
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    std::size_t i = 0;
    std::size_t j = 0;
    std::size_t seen_a = 0;
    std::size_t seen_b = 0;
    bool differ = false;
    for (;;) {
        while (i < a.size() && !digit(a[i])) ++i;
        while (j < b.size() && !digit(b[j])) ++j;
        const bool more_a = i < a.size();
        const bool more_b = j < b.size();
        if (!more_a && !more_b) return differ && seen_a != 0 && seen_b != 0;
        if (!more_a || !more_b || a[i] != b[j]) differ = true;
        if (more_a) ++seen_a, ++i;
        if (more_b) ++seen_b, ++j;
    }
}

template <class Value>
LevelCode compare_addresses(const Value& a, const Value& b) {
    const auto x = a.text();
    const auto y = b.text();
    if (!other_house_numbers(x, y)) return compare_words(a, b);
    const auto common = common_words(Words2(x), Words2(y));
    return common.words > 0 ? words_some : words_different;
}

struct Date3 {
    int year = 0;
    int month = 0;  // 0: not known
    int day = 0;
};
Date3 date_of(std::string_view text) {
    const auto number = [&](std::size_t from, std::size_t n) {
        int out = 0;
        for (std::size_t i = from; i < from + n; ++i) out = out * 10 + (text[i] - '0');
        return out;
    };
    Date3 date;
    date.year = number(0, 4);
    if (text.size() >= 7) date.month = number(5, 2);
    if (text.size() >= 10) date.day = number(8, 2);
    return date;
}

bool next_to(const Date3& a, const Date3& b) {
    using namespace std::chrono;
    const year_month_day x{year(a.year), month(static_cast<unsigned>(a.month)), day(static_cast<unsigned>(a.day))};
    const year_month_day y{year(b.year), month(static_cast<unsigned>(b.month)), day(static_cast<unsigned>(b.day))};
    if (!x.ok() || !y.ok()) return false;
    const auto apart = (sys_days(x) - sys_days(y)).count();
    return apart == 1 || apart == -1;
}

// Nine in ten are born within three weeks of the date that was expected; ten weeks: born early, or an early estimate.
LevelCode compare_expected(std::string_view x, std::string_view y) {
    using namespace std::chrono;
    const auto day_of = [](const Date3& d) {
        return year_month_day{year(d.year), month(static_cast<unsigned>(d.month)), day(static_cast<unsigned>(d.day))};
    };
    const auto a = date_of(x);
    const auto b = date_of(y);
    if (a.day == 0 || b.day == 0) return std::abs(a.year - b.year) <= 1 ? LevelCode{0} : LevelCode{birth_different};
    if (!day_of(a).ok() || !day_of(b).ok()) return birth_different;
    const auto days = (sys_days(day_of(a)) - sys_days(day_of(b))).count();
    if (std::abs(days) <= 21) return birth_expected_near;
    return std::abs(days) <= 70 ? birth_expected_far : birth_different;
}

LevelCode compare_births(std::string_view x, std::string_view y) {
    if (x.back() == expected_mark || y.back() == expected_mark) return compare_expected(x, y);
    const auto a = date_of(x);
    const auto b = date_of(y);
    if (a.month == 0 || b.month == 0) return a.year == b.year ? birth_partial_year : birth_different;
    if (a.day == 0 || b.day == 0) {
        if (a.year != b.year) return birth_different;
        return a.month == b.month ? birth_partial_month : birth_same_year;
    }
    if (a.year == b.year && a.month == b.day && a.day == b.month) return birth_swapped;
    if (a.year == b.year) {
        if (a.month == b.month && (a.day == 1 || b.day == 1)) return birth_first_of_month;
        if ((a.month == 1 && a.day == 1) || (b.month == 1 && b.day == 1)) return birth_year_only;
    }
    if (a.month == b.month && a.day == b.day)
        return std::abs(a.year - b.year) == 1 ? birth_next_year : birth_other_year;
    if (next_to(a, b)) return birth_next_day;
    unsigned apart = 0;
    std::size_t first = 0;
    std::size_t last = 0;
    for (std::size_t i = 0; i < 10; ++i) {
        if (x[i] == y[i]) continue;
        if (apart++ == 0) first = i;
        last = i;
    }
    if (apart == 1) return birth_one_digit;
    if (apart == 2 && x[first] == y[last] && x[last] == y[first]) return birth_digits_swapped;
    if (a.year == b.year && a.month == b.month) return birth_same_month;
    if (a.year == b.year && a.day == b.day) return birth_other_month;
    if (apart == 2) return birth_two_digits;
    return a.year == b.year ? birth_same_year : birth_different;
}

std::size_t area_length(std::string_view code) {
    std::size_t n = 0;
    while (n < code.size() && code[n] >= 'A' && code[n] <= 'Z') ++n;
    return n;
}

// A district alone ("SW1A") is what is left of a postcode that is no more.
bool whole_postcode(std::string_view code) {
    return code.size() >= 5 && code[0] >= 'A';
}
std::string_view district_of(std::string_view code) {
    return whole_postcode(code) ? code.substr(0, code.size() - 3) : code;
}

LevelCode compare_postcodes(bool british, std::string_view x, std::string_view y) {
    const unsigned apart = edits(x, y, 2);
    if (apart == 1 && (!british || (whole_postcode(x) && whole_postcode(y)))) return postcode_one_letter;
    if (!british) return apart == 2 && std::min(x.size(), y.size()) >= 4 ? postcode_two_letters : postcode_different;
    if (!whole_postcode(x) || !whole_postcode(y))
        return district_of(x) == district_of(y) ? postcode_district : postcode_different;
    const auto front = [](std::string_view code, std::size_t without) { return code.substr(0, code.size() - without); };
    if (front(x, 2) == front(y, 2)) return postcode_sector;
    if (apart == 2) return postcode_two_letters;
    if (front(x, 3) == front(y, 3)) return postcode_district;
    return x.substr(0, area_length(x)) == y.substr(0, area_length(y)) ? postcode_area : postcode_different;
}

LevelCode compare_numbers(std::string_view x, std::string_view y) {
    const unsigned apart = edits(x, y, 2);
    if (std::min(x.size(), y.size()) < 5) return number_different;
    return apart == 1 ? number_one_digit : apart == 2 ? number_two_digits : number_different;
}

LevelCode compare_numbers_of_sources(std::string_view x, std::string_view y) {
    const auto of = [](std::string_view text) {
        const auto cut = text.find(source_ends);
        return cut == std::string_view::npos ? std::pair(std::string_view(), text)
                                             : std::pair(text.substr(0, cut), text.substr(cut + 1));
    };
    const auto [source_x, number_x] = of(x);
    const auto [source_y, number_y] = of(y);
    return source_x == source_y ? compare_numbers(number_x, number_y) : LevelCode{0};
}

}  // namespace

bool graded_by_frequency(Kind kind) {
    return kind == Kind::given_name || kind == Kind::family_name || kind == Kind::other_names ||
           kind == Kind::postcode || kind == Kind::address || kind == Kind::text || kind == Kind::email;
}

static_assert(former_level == postcode_former);

LevelCode different_level(Kind kind) {
    return static_cast<LevelCode>(levels_of(kind).size() - 1);
}

LevelCode swapped_level(Kind) {
    return name_swapped;
}
LevelCode other_level(Kind) {
    return name_other;
}

bool another_given_name(LevelCode level) {
    return level == name_different || level == name_first_only || level == name_loose + 1;
}

namespace {
template <class Value>
LevelCode compare_kind(Kind kind, bool british, const Value& a, const Value& b) {
    switch (kind) {
        case Kind::given_name:
        case Kind::family_name:
        case Kind::other_names:
            return compare_names(a, b);
        case Kind::date_of_birth:
            return compare_births(a.text(), b.text());
        case Kind::postcode:
            return compare_postcodes(british, a.text(), b.text());
        case Kind::number:
        case Kind::phone:
            return compare_numbers(a.text(), b.text());
        case Kind::la_child_id:
            return compare_numbers_of_sources(a.text(), b.text());
        case Kind::address:
            return compare_addresses(a, b);
        case Kind::sex:
        case Kind::nhs_number:
        case Kind::upn:
            return plain_different;
        default:
            return compare_words(a, b);
    }
}
}  // namespace

LevelCode compare_values(const PreparedField& field, std::uint32_t a, std::uint32_t b) {
    if (a > b) std::swap(a, b);
    return compare_kind(field.kind, field.british, CodedValue{field, a}, CodedValue{field, b});
}

LooseValue loose_value(const PreparedField& field, std::uint32_t code) {
    const CodedValue value{field, code};
    return {value.text(),   value.rarity(),  field.sound.empty() ? 0 : value.sound(),
            value.groups(), value.letters(), value.sounds()};
}

LevelCode compare_loose(Kind kind, bool british, const LooseValue& a, const LooseValue& b) {
    return compare_kind(kind, british, a, b);
}

}  // namespace waymark::people::batch
