#pragma once
// What is known of each value before any two are compared: how common it is, its letters, and marks that two values
// must share to be forms of one another.
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "people/batch/table.hpp"

namespace waymark::people::batch {

inline constexpr std::size_t most_levels_of_field = 32;
inline constexpr std::size_t most_compared = 12;

// How common a value is; for a pair, that of the rarer one. A slip of the pen makes a rare value of a common one, so
// two common names that are alike are two names.
enum class Rarity : std::uint8_t { rare, uncommon, common, very_common };

struct ValueMarks {
    // Names: a bit for each group of variants; texts: for each word; dates: year, month, day; postcodes: place_marks().
    std::uint64_t kin = 0;
    std::uint64_t sounds = 0;   // names: a bit for the sound of each word
    std::uint64_t letters = 0;  // which of A-Z, digits and others there are, and above them which there are twice
    std::uint32_t start = 0;    // four letters of the text, the first one lowest
    std::uint8_t length = 0;    // of the text, at most 255
    Rarity rarity = Rarity::rare;
    bool initial = false;  // some word is one letter
    bool several = false;  // words
};

struct PreparedField {
    std::string header;
    Kind kind = Kind::text;
    const Strings* values = nullptr;
    std::vector<std::uint32_t> count;     // by code
    std::vector<ValueMarks> marks;        // by code; names and texts only
    std::vector<std::uint32_t> sound;     // by code: number of the first word's sound; 0 none
    std::vector<std::uint32_t> variants;  // names: where the value's groups of variants begin, one more at the end
    std::vector<std::uint32_t> groups;
    std::uint64_t present = 0;  // records that have a value
    double same_share = 0;      // chance that two records' values are equal: the sum of the squared shares
    bool british = false;       // postcodes of the British form
    bool expected = false;      // dates of birth, some of them expected ones
    bool former = false;        // postcodes, and some records say which they had before
    double with_former = 0;     // of two records, how often one of them says so
    std::shared_ptr<const ValueShares>
        shares;  // what the model says of how common values are; none: the records say it

    [[nodiscard]] std::string_view text(std::uint32_t code) const { return (*values)[code]; }
    [[nodiscard]] std::span<const std::uint32_t> groups_of(std::uint32_t code) const {
        if (variants.empty()) return {};
        return {groups.data() + variants[code], variants[code + 1] - variants[code]};
    }
    [[nodiscard]] double share(std::uint32_t code) const {
        if (shares) return shares->share(kind, text(code));
        return present == 0 ? 0 : static_cast<double>(count[code]) / static_cast<double>(present);
    }
};

// All records of one or two tables, by row.
struct Prepared {
    std::size_t size = 0;
    std::size_t left = 0;  // records of the first table; size where there is one
    std::vector<PreparedField> fields;
    std::vector<std::uint32_t> rows;  // size times fields: the codes
    std::vector<std::uint64_t> id_hash;
    std::vector<Strings> own_values;  // of two tables, brought together
    FormerValues former;              // postcodes, by record
    int given = -1;                   // the field of that kind that is compared first; -1 none
    int family = -1;
    int other = -1;
    int birth = -1;
    int postcode = -1;
    int address = -1;
    int sex = -1;

    [[nodiscard]] std::span<const std::uint32_t> row(std::uint32_t record) const {
        return {rows.data() + std::size_t{record} * fields.size(), fields.size()};
    }
    // Whether two records may be a pair: any two of one table, or one of each.
    [[nodiscard]] bool may_pair(std::uint32_t a, std::uint32_t b) const {
        return left == size || (a < left) != (b < left);
    }
};

// A number or address of the person's own, which alone is a key.
inline bool is_key(Kind kind) {
    return kind == Kind::nhs_number || kind == Kind::upn || kind == Kind::number || kind == Kind::la_child_id ||
           kind == Kind::phone || kind == Kind::email;
}
// How rare a value is by what the model says of it; a name that has forms is none that a slip made.
Rarity rarity_in(const ValueShares&, Kind, std::string_view text, bool has_forms);
// What is known of a value, also of one that stands in no table.
ValueMarks marks_of(Kind, std::string_view text, std::span<const std::uint32_t> groups, Rarity);
std::uint64_t letter_marks(std::string_view text);  // as ValueMarks::letters
std::uint64_t sound_marks(std::string_view name);   // as ValueMarks::sounds
std::uint32_t sound_number(std::string_view text);  // of the first word; 0 none
std::uint32_t start_of(std::string_view text);      // as ValueMarks::start
// Area, district within it (10 bits) and sector within that (4 bits) of a whole British postcode; 0 for what is none.
std::uint32_t place_marks(std::string_view postcode);
std::vector<std::uint32_t> variant_groups(const NameVariants&,
                                          std::string_view text);  // of the whole, of the first word

// One table, or two with the same columns (their values are brought together).
Result<Prepared> prepare(const Table& left, const Table* right, const Options&);
// The model's fields, with no record in them: what two people that stand in no table are compared by.
Prepared prepare_none(const LinkageModel&);

}  // namespace waymark::people::batch
