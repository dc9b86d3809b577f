#pragma once
// Which pairs are compared at all: several rules, each a key of one or more fields; records with one key are a block. A
// pair belongs to the first rule that finds it, so none is compared twice.
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "people/batch/fields.hpp"

namespace waymark::people::batch {

enum class KeyPart : std::uint8_t {
    whole,
    sound,  // of the first word
    first_letter,
    variant,  // the first of the groups of variants, or the whole
    year,
    year_month,
    month_day,
    district  // of a postcode
};
struct RulePart {
    int field = 0;
    KeyPart part = KeyPart::whole;
};
struct Rule {
    std::string name;
    std::vector<RulePart> parts;
    std::uint32_t most_in_block = 0;  // 0: the options' own
    int either = -1;  // with `parts`: the sounds of this field and of the next given, in any order (names swapped)
    int or_else = -1;
    bool if_cheap = false;  // kept only where what it costs is left of the budget
    bool former = false;    // the postcode of now or any former one: a record has several keys, see former_keys_of
};

// Rules for the fields that there are, those that may be left out last.
std::vector<Rule> default_rules(const Prepared&, Effort);

// The keys of all records: of record i and rule r at r * size + i; 0 where a part is missing. And, where asked for,
// short tags of the keys side by side: at i * rules + r, 0 for none. A rule of former postcodes has none here.
std::vector<std::uint64_t> keys_of(const Prepared&, std::span<const Rule>, unsigned threads,
                                   std::vector<std::uint32_t>* tags = nullptr);

// Of a rule of former postcodes: of record i with its postcode of now at i, with its s-th former one at s * size + i.
// No record has one key twice.
std::vector<std::uint64_t> former_keys_of(const Prepared&, const Rule&, unsigned threads);
inline constexpr std::size_t former_slots = most_former + 1;

// About how many pairs each rule would compare, from a part of the records taken by their ids; without blocks of more
// than the rule's limit, or `most_in_block`.
std::vector<std::uint64_t> expected_pairs(const Prepared&, std::span<const Rule>, std::uint32_t most_in_block,
                                          unsigned threads);
inline std::uint32_t limit_of(const Rule& rule, std::uint32_t most_in_block) {
    return rule.most_in_block == 0 ? most_in_block : std::min(rule.most_in_block, most_in_block);
}

struct Grouping {
    std::vector<std::uint32_t> records;  // block by block
    std::vector<std::uint32_t> starts;   // of each block of two records or more, and one past the last
    std::vector<std::uint64_t> keys;     // of each block
    [[nodiscard]] std::size_t blocks() const { return starts.empty() ? 0 : starts.size() - 1; }
    [[nodiscard]] std::span<const std::uint32_t> block(std::size_t b) const {
        return {records.data() + starts[b], starts[b + 1] - starts[b]};
    }
};
// Blocks of records with one key, in no order that means anything.
Grouping group(std::span<const std::uint64_t> keys, unsigned threads);

// Pairs of a block that may be: any two, or one of each table.
std::uint64_t pairs_in(const Prepared&, std::span<const std::uint32_t> block);

}  // namespace waymark::people::batch
