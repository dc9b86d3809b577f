#include "people/batch/levels.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "base/text.hpp"
#include "people/letters.hpp"
#include "people/similarity.hpp"

namespace waymark::people::batch {

namespace {

// The order of each list is the order of the codes below it.
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
    birth_two_digits,
    birth_same_year,
    birth_different
};
enum Postcode : LevelCode {
    postcode_same = 1,
    postcode_one_letter = 5,
    postcode_two_letters,
    postcode_sector,
    postcode_district,
    postcode_area,
    postcode_different
};
enum Number : LevelCode { number_same = 1, number_one_digit, number_two_digits, number_different };
enum Plain : LevelCode { plain_same = 1, plain_different };

const std::vector<LevelInfo> given_levels = {
    {"missing", "Only one side has a given name"},
    {"same", "Same given name, a rare one"},
    {"same", "Same given name, an uncommon one"},
    {"same", "Same given name, a common one"},
    {"same", "Same given name, a very common one"},
    {"nickname", "A short form or another spelling of the same given name"},
    {"one-letter", "Given names differ by one letter, as a slip would"},
    {"one-letter-uncommon", "Given names differ by one letter"},
    {"one-letter-common", "Given names differ by one letter, but both are common names"},
    {"similar", "Given names are written much alike, as a slip would"},
    {"similar-uncommon", "Given names are written much alike"},
    {"similar-common", "Given names are written much alike, but both are common names"},
    {"part", "One given name is a part of the other, or the same written together"},
    {"first-only", "One given name in common, but another after it"},
    {"initial", "Same initial; one side has no more than that"},
    {"begins", "One given name is the beginning of the other"},
    {"sounds-alike", "Given names sound alike"},
    {"sounds-alike-common", "Given names sound alike, but both are common names"},
    {"swapped", "Given and family name stand in each other's place"},
    {"other-name", "The given name of one is another name of the other"},
    {"loose", "Given names have some likeness, as several slips would"},
    {"loose-common", "Given names have some likeness, but both are common names"},
    {"different", "Another given name"},
};
const std::vector<LevelInfo> family_levels = {
    {"missing", "Only one side has a family name"},
    {"same", "Same family name, a rare one"},
    {"same", "Same family name, an uncommon one"},
    {"same", "Same family name, a common one"},
    {"same", "Same family name, a very common one"},
    {"variant", "Another spelling of the same family name"},
    {"one-letter", "Family names differ by one letter, as a slip would"},
    {"one-letter-uncommon", "Family names differ by one letter"},
    {"one-letter-common", "Family names differ by one letter, but both are common names"},
    {"similar", "Family names are written much alike, as a slip would"},
    {"similar-uncommon", "Family names are written much alike"},
    {"similar-common", "Family names are written much alike, but both are common names"},
    {"part", "One family name is a part of the other"},
    {"first-only", "One part of the family names in common"},
    {"initial", "Same initial; one side has no more than that"},
    {"begins", "One family name is the beginning of the other"},
    {"sounds-alike", "Family names sound alike"},
    {"sounds-alike-common", "Family names sound alike, but both are common names"},
    {"swapped", "Family and given name stand in each other's place"},
    {"other-name", "The family name of one is another or earlier name of the other"},
    {"loose", "Family names have some likeness, as several slips would"},
    {"loose-common", "Family names have some likeness, but both are common names"},
    {"different", "Another family name"},
};
const std::vector<LevelInfo> other_levels = {
    {"missing", "Only one side has other names"},
    {"same", "Same other names, rare ones"},
    {"same", "Same other names, uncommon ones"},
    {"same", "Same other names, common ones"},
    {"same", "Same other names, very common ones"},
    {"nickname", "A short form or another spelling of the same other name"},
    {"one-letter", "Other names differ by one letter, as a slip would"},
    {"one-letter-uncommon", "Other names differ by one letter"},
    {"one-letter-common", "Other names differ by one letter, but both are common names"},
    {"similar", "Other names are written much alike, as a slip would"},
    {"similar-uncommon", "Other names are written much alike"},
    {"similar-common", "Other names are written much alike, but both are common names"},
    {"part", "Other names have all of one side in common"},
    {"first-only", "One of several other names in common"},
    {"initial", "Same initial of the other name; one side has no more than that"},
    {"begins", "One other name is the beginning of the other"},
    {"sounds-alike", "Other names sound alike"},
    {"sounds-alike-common", "Other names sound alike, but both are common names"},
    {"swapped", "Other and given name stand in each other's place"},
    {"other-name", "The other name of one is a name of the other"},
    {"loose", "Other names have some likeness, as several slips would"},
    {"loose-common", "Other names have some likeness, but both are common names"},
    {"different", "Other names are different"},
};
const std::vector<LevelInfo> birth_levels = {
    {"missing", "Only one side has a date of birth"},
    {"same", "Same date of birth"},
    {"swapped-day-month", "Dates of birth with day and month in each other's place"},
    {"first-of-month", "Same month of birth; one side has its first day, as is written where the day is not known"},
    {"year-only", "Same year of birth; one side has 1 January, as is written where only the year is known"},
    {"next-year", "Same day and month of birth, one year apart"},
    {"same-day-of-year", "Same day and month of birth, another year"},
    {"next-day", "Dates of birth are one day apart"},
    {"one-digit", "Dates of birth differ by one digit"},
    {"digits-swapped", "Dates of birth differ by two digits in each other's place"},
    {"same-month", "Same month and year of birth, another day"},
    {"same-day-and-year", "Same day and year of birth, another month"},
    {"partial-month", "Same month and year of birth as far as they are known"},
    {"partial-year", "Same year of birth as far as it is known"},
    {"two-digits", "Dates of birth differ by two digits"},
    {"same-year", "Same year of birth, another day and month"},
    {"different", "Another date of birth"},
};
const std::vector<LevelInfo> postcode_levels = {
    {"missing", "Only one side has a postcode"},
    {"same", "Same postcode, of few records"},
    {"same", "Same postcode"},
    {"same", "Same postcode, of many records"},
    {"same", "Same postcode, of very many records"},
    {"one-letter", "Postcodes differ by one character"},
    {"two-letters", "Postcodes differ by two characters"},
    {"sector", "Postcodes of the same neighbourhood"},
    {"district", "Postcodes of the same district"},
    {"area", "Postcodes of the same area"},
    {"different", "Postcodes of different areas"},
};
const std::vector<LevelInfo> text_levels = {
    {"missing", "Only one side says it"},
    {"same", "The same, and rare"},
    {"same", "The same, and uncommon"},
    {"same", "The same, and common"},
    {"same", "The same, and very common"},
    {"one-letter", "One letter is different"},
    {"similar", "Written much alike, as a slip would"},
    {"similar-common", "Written much alike, but both are common"},
    {"part", "All words of one side are there on the other"},
    {"some-words", "Some words in common"},
    {"loose", "Some likeness"},
    {"different", "Different"},
};
const std::vector<LevelInfo> number_levels = {
    {"missing", "Only one side has the number"},
    {"same", "Same number"},
    {"one-digit", "Numbers differ by one digit"},
    {"two-digits", "Numbers differ by two digits"},
    {"different", "Another number"},
};
const std::vector<LevelInfo> sex_levels = {
    {"missing", "Only one side has a sex"}, {"same", "Same sex"}, {"different", "Another sex"}};
const std::vector<LevelInfo> nhs_levels = {{"missing", "Only one side has an NHS number"},
                                           {"same", "Same NHS number"},
                                           {"different", "Two different valid NHS numbers"}};
const std::vector<LevelInfo> upn_levels = {{"missing", "Only one side has a unique pupil number"},
                                           {"same", "Same unique pupil number"},
                                           {"different", "Two different valid unique pupil numbers"}};

constexpr double much_alike = 0.92;  // Jaro-Winkler
constexpr double loosely_alike = 0.82;

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
        if (common.words > 0) return name_first_only;
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

LevelCode compare_births(std::string_view x, std::string_view y) {
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

LevelCode compare_postcodes(bool british, std::string_view x, std::string_view y) {
    const unsigned apart = edits(x, y, 2);
    if (apart == 1) return postcode_one_letter;
    if (!british) return apart == 2 && std::min(x.size(), y.size()) >= 4 ? postcode_two_letters : postcode_different;
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

}  // namespace

const std::vector<LevelInfo>& levels_of(Kind kind) {
    switch (kind) {
        case Kind::given_name:
            return given_levels;
        case Kind::family_name:
            return family_levels;
        case Kind::other_names:
            return other_levels;
        case Kind::date_of_birth:
            return birth_levels;
        case Kind::sex:
            return sex_levels;
        case Kind::postcode:
            return postcode_levels;
        case Kind::nhs_number:
            return nhs_levels;
        case Kind::upn:
            return upn_levels;
        case Kind::number:
            return number_levels;
        default:
            return text_levels;
    }
}

bool graded_by_frequency(Kind kind) {
    return kind == Kind::given_name || kind == Kind::family_name || kind == Kind::other_names ||
           kind == Kind::postcode || kind == Kind::address || kind == Kind::text || kind == Kind::email;
}

LevelCode different_level(Kind kind) {
    return static_cast<LevelCode>(levels_of(kind).size() - 1);
}

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
            return compare_numbers(a.text(), b.text());
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

double most_alike(std::string_view a, std::string_view b, int apart) {
    constexpr std::size_t read = 64;  // jaro_winkler() reads no further
    if (a.size() > read || b.size() > read || a.empty() || b.empty()) return 1;
    const auto x = static_cast<double>(a.size());
    const auto y = static_cast<double>(b.size());
    const double matched = std::min(std::floor((x + y - apart) / 2), std::min(x, y));
    if (matched <= 0) return 0;
    const double jaro = (matched / x + matched / y + 1) / 3;
    std::size_t prefix = 0;
    while (prefix < 4 && prefix < a.size() && prefix < b.size() && a[prefix] == b[prefix]) ++prefix;
    return jaro + static_cast<double>(prefix) * 0.1 * (1 - jaro) + 1e-9;
}

namespace {

// Hyyro (2003), "A bit-vector algorithm for computing Levenshtein and Damerau edit distances": a column of the table of
// distances in two words, as the steps up and down in it. `a` is the shorter and not empty.
unsigned edits_of_short(std::string_view a, std::string_view b) {
    const Letters letters(a);
    const std::uint32_t last = std::uint32_t{1} << (a.size() - 1);
    auto distance = static_cast<unsigned>(a.size());
    std::uint32_t up = 0xffffffffu;
    std::uint32_t down = 0;
    std::uint32_t diagonal = 0;
    std::uint32_t before = 0;
    for (const char letter : b) {
        const auto here = letters.where(letter);
        const auto swapped = ((~diagonal & here) << 1) & before;
        diagonal = (((here & up) + up) ^ up) | here | down | swapped;
        auto right = down | ~(diagonal | up);
        const auto left = diagonal & up;
        if ((right & last) != 0) ++distance;
        if ((left & last) != 0) --distance;
        right = (right << 1) | 1u;
        up = (left << 1) | ~(diagonal | right);
        down = right & diagonal;
        before = here;
    }
    return distance;
}

}  // namespace

unsigned edits(std::string_view a, std::string_view b, unsigned most) {
    // What is equal at both ends costs nothing.
    while (!a.empty() && !b.empty() && a.front() == b.front()) {
        a.remove_prefix(1);
        b.remove_prefix(1);
    }
    while (!a.empty() && !b.empty() && a.back() == b.back()) {
        a.remove_suffix(1);
        b.remove_suffix(1);
    }
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > most) return most + 1;
    if (a.empty()) return static_cast<unsigned>(b.size());
    if (a.size() <= Letters::longest) return std::min(edits_of_short(a, b), most + 1);
    constexpr std::size_t longest = 64;
    if (b.size() > longest) return most + 1;  // beyond what a slip explains: the differing middle alone is this long
    std::array<std::array<unsigned, longest + 1>, 3> rows;
    auto* before = &rows[0];
    auto* last = &rows[1];
    auto* now = &rows[2];
    for (std::size_t j = 0; j <= a.size(); ++j) (*last)[j] = static_cast<unsigned>(j);
    for (std::size_t i = 1; i <= b.size(); ++i) {
        (*now)[0] = static_cast<unsigned>(i);
        unsigned least = (*now)[0];
        for (std::size_t j = 1; j <= a.size(); ++j) {
            const unsigned change = (*last)[j - 1] + (a[j - 1] == b[i - 1] ? 0u : 1u);
            unsigned best = std::min({change, (*last)[j] + 1, (*now)[j - 1] + 1});
            if (i > 1 && j > 1 && a[j - 1] == b[i - 2] && a[j - 2] == b[i - 1])
                best = std::min(best, (*before)[j - 2] + 1);
            (*now)[j] = best;
            least = std::min(least, best);
        }
        if (least > most) return most + 1;
        std::swap(before, last);
        std::swap(last, now);
    }
    return std::min((*last)[a.size()], most + 1);
}

}  // namespace waymark::people::batch
