#include "people/batch/fields.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include <fmt/core.h>

#include "base/text.hpp"
#include "people/batch/parallel.hpp"

namespace waymark::people::batch {

namespace {

bool is_name(Kind kind) {
    return kind == Kind::given_name || kind == Kind::family_name || kind == Kind::other_names;
}
bool is_words(Kind kind) {
    return is_name(kind) || kind == Kind::address || kind == Kind::text;
}

std::uint64_t bit(std::uint64_t hash) {
    return std::uint64_t{1} << (hash >> 58);
}

std::uint32_t letter_bit(char c) {
    if (c >= 'A' && c <= 'Z') return 1u << (c - 'A');
    if (c >= '0' && c <= '9') return 1u << (26 + (c - '0') % 5);
    return c == ' ' ? 0 : 1u << 31;
}

// Shares that part a slip of the pen from a name: 1 in 50,000, 1 in 2,000, 1 in 200. In a small file a value that
// stands there three times is rare too.
Rarity rarity_of_share(double share) {
    if (share < 2e-5) return Rarity::rare;
    if (share < 5e-4) return Rarity::uncommon;
    return share < 5e-3 ? Rarity::common : Rarity::very_common;
}
Rarity rarity_of(std::uint32_t count, double share) {
    return count <= 3 ? Rarity::rare : rarity_of_share(share);
}

}  // namespace

Rarity rarity_in(const ValueShares& shares, Kind kind, std::string_view text, bool has_forms) {
    const bool listed = !is_name(kind) || shares.of.contains(std::string(text));
    const auto rarity = listed ? rarity_of_share(shares.share(kind, text)) : Rarity::rare;
    const bool one_word = text.find(' ') == std::string_view::npos;
    return has_forms && one_word ? std::max(rarity, Rarity::uncommon) : rarity;
}

std::uint32_t sound_number(std::string_view text) {
    const auto sound = phonetic(text.substr(0, text.find(' ')));
    return sound.empty() ? 0 : static_cast<std::uint32_t>(hash_bytes(sound, 9) >> 32) | 1u;
}

std::vector<std::uint32_t> variant_groups(const NameVariants& variants, std::string_view text) {
    std::vector<std::uint32_t> all;
    const std::string whole(text);
    for (const auto group : variants.groups_of(whole)) all.push_back(group);
    if (const auto space = whole.find(' '); space != std::string::npos) {
        for (const auto group : variants.groups_of(whole.substr(0, space))) all.push_back(group);
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

std::uint64_t letter_marks(std::string_view text) {
    std::uint64_t letters = 0;
    for (const char c : text) {
        const std::uint64_t one = letter_bit(c);
        letters |= (letters & one) != 0 ? one << 32 : one;
    }
    return letters;
}

std::uint32_t start_of(std::string_view text) {
    std::uint32_t start = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(text.size(), 4); ++i)
        start |= std::uint32_t{static_cast<std::uint8_t>(text[i])} << (8 * i);
    return start;
}

std::uint32_t place_marks(std::string_view postcode) {
    const auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto number = [](char c, char from) { return static_cast<std::uint32_t>(c - from); };
    if (postcode.size() < 5 || !letter(postcode[0])) return 0;
    const std::size_t area = letter(postcode[1]) ? 2 : 1;
    const auto sector = postcode.size() - 3;
    if (sector <= area || sector > area + 2 || !digit(postcode[area]) || !digit(postcode[sector])) return 0;
    std::uint32_t after = 0;  // the district's second character: none, a digit, a letter
    if (sector == area + 2) {
        const char c = postcode[area + 1];
        if (!digit(c) && !letter(c)) return 0;
        after = digit(c) ? number(c, '0') + 1 : number(c, 'A') + 11;
    }
    const auto of_area = (number(postcode[0], 'A') + 1) * 27 + (area == 2 ? number(postcode[1], 'A') + 1 : 0);
    const auto of_district = number(postcode[area], '0') * 37 + after;
    return of_area << 14 | of_district << 4 | number(postcode[sector], '0');
}

std::uint64_t sound_marks(std::string_view name) {
    std::uint64_t sounds = 0;
    for (const auto word : split(name, ' ')) {
        if (word.size() > 1) sounds |= bit(hash_bytes(phonetic(word), 8));
    }
    return sounds;
}

ValueMarks marks_of(Kind kind, std::string_view text, std::span<const std::uint32_t> groups, Rarity rarity) {
    ValueMarks marks;
    marks.length = static_cast<std::uint8_t>(std::min<std::size_t>(text.size(), 255));
    marks.letters = letter_marks(text);
    marks.start = start_of(text);
    if (kind == Kind::postcode) marks.kin = place_marks(text);
    marks.rarity = rarity;
    marks.several = text.find(' ') != std::string_view::npos;
    if (kind == Kind::date_of_birth && text.size() == 10) {
        std::uint64_t digits = 0;
        for (const char c : text) digits = c == '-' ? digits : digits * 10 + static_cast<std::uint64_t>(c - '0');
        const auto month = digits / 100 % 100;
        const std::uint64_t turn = month == 1 || month == 12 ? 0x8000 : 0;  // a day away the year may be another
        marks.kin = (digits / 10000) << 16 | turn | month << 8 | digits % 100;
    }
    if (!is_words(kind)) return marks;
    if (is_name(kind)) marks.sounds = sound_marks(text);
    for (const auto word : split(text, ' ')) {
        if (word.size() == 1) marks.initial = true;
        if (!is_name(kind) && !word.empty()) marks.kin |= bit(hash_bytes(word, 7));
    }
    for (const auto group : groups) marks.kin |= bit(mix(group + 0x9e3779b97f4a7c15ull));
    return marks;
}

namespace {

void find_variants(PreparedField& field, const NameVariants* variants) {
    field.variants.assign(1, 0);
    for (std::uint32_t code = 0; code < field.values->size(); ++code) {
        if (variants != nullptr && code != 0) {
            const auto all = variant_groups(*variants, field.text(code));
            field.groups.insert(field.groups.end(), all.begin(), all.end());
        }
        field.variants.push_back(static_cast<std::uint32_t>(field.groups.size()));
    }
}

// The groups that two values of the table share, the most common with a bit of their own: so that what marks have in
// common is seldom chance.
void mark_groups(PreparedField& field) {
    constexpr std::size_t own_bits = 48;
    struct Group {
        std::uint64_t records = 0;
        std::uint32_t values = 0;
    };
    std::unordered_map<std::uint32_t, Group> groups;
    for (std::uint32_t code = 1; code < field.values->size(); ++code) {
        for (const auto group : field.groups_of(code)) {
            groups[group].records += field.count[code];
            ++groups[group].values;
        }
    }
    std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
    for (const auto& [group, of_group] : groups) {
        if (of_group.values > 1) order.emplace_back(of_group.records, group);
    }
    std::sort(order.rbegin(), order.rend());
    std::unordered_map<std::uint32_t, std::uint64_t> bits;
    for (std::size_t i = 0; i < order.size(); ++i)
        bits[order[i].second] = std::uint64_t{1} << (i < own_bits ? i : own_bits + i % (64 - own_bits));
    for (std::uint32_t code = 1; code < field.values->size(); ++code) {
        auto& kin = field.marks[code].kin;
        kin = 0;
        for (const auto group : field.groups_of(code)) {
            if (const auto found = bits.find(group); found != bits.end()) kin |= found->second;
        }
    }
}

void find_sounds(PreparedField& field) {
    field.sound.assign(field.values->size(), 0);
    for (std::uint32_t code = 1; code < field.values->size(); ++code)
        field.sound[code] = sound_number(field.text(code));
}

void prepare_field(PreparedField& field, const Options& options) {
    const auto values = field.values->size();
    field.present = 0;
    for (std::uint32_t code = 1; code < values; ++code) field.present += field.count[code];
    std::uint64_t squares = 0;  // in integers: the same in any order
    for (std::uint32_t code = 1; code < values; ++code) squares += std::uint64_t{field.count[code]} * field.count[code];
    const auto present = static_cast<double>(std::max<std::uint64_t>(field.present, 1));
    // Without the records themselves: two different records.
    const auto different = static_cast<double>(squares - std::min(squares, field.present));
    field.same_share = std::max(different, 0.5) / std::max(present * (present - 1), 1.0);
    if (is_name(field.kind)) {
        find_variants(field, field.kind == Kind::family_name ? options.family_variants : options.given_variants);
        find_sounds(field);
    } else if (field.kind == Kind::text || field.kind == Kind::address) {
        find_sounds(field);
    }
    if (field.kind == Kind::postcode) {
        std::uint32_t seen = 0;
        std::uint32_t british = 0;
        for (std::uint32_t code = 1; code < values && seen < 1000; ++code, ++seen) {
            british += normalise_postcode(field.text(code)).has_value() ? 1u : 0u;
        }
        field.british = british * 2 > seen;
    }
    if (field.kind == Kind::date_of_birth) {
        for (std::uint32_t code = 1; code < values; ++code) field.expected |= field.text(code).back() == expected_mark;
    }
    field.marks.resize(values);
    for (std::uint32_t code = 1; code < values; ++code) {
        const auto groups = field.groups_of(code);
        const auto rarity = field.shares ? rarity_in(*field.shares, field.kind, field.text(code), !groups.empty())
                                         : rarity_of(field.count[code], field.share(code));
        field.marks[code] = marks_of(field.kind, field.text(code), groups, rarity);
    }
    if (is_name(field.kind)) mark_groups(field);
}

// Values of two tables in one order; gives for each of the two the new codes.
Strings unite(const Strings& a, const Strings& b, std::vector<std::uint32_t>& to_a, std::vector<std::uint32_t>& to_b) {
    Strings out;
    out.add("");
    to_a.assign(a.size(), 0);
    to_b.assign(b.size(), 0);
    std::size_t i = 1;
    std::size_t j = 1;
    const auto before = [](std::string_view x, std::string_view y) {
        const auto hx = hash_bytes(x, 1);
        const auto hy = hash_bytes(y, 1);
        return hx != hy ? hx < hy : x < y;
    };
    while (i < a.size() || j < b.size()) {
        const auto code = static_cast<std::uint32_t>(out.size());
        if (j == b.size() || (i < a.size() && before(a[i], b[j]))) {
            out.add(a[i]);
            to_a[i++] = code;
        } else if (i == a.size() || before(b[j], a[i])) {
            out.add(b[j]);
            to_b[j++] = code;
        } else {
            out.add(a[i]);
            to_a[i++] = code;
            to_b[j++] = code;
        }
    }
    return out;
}

// Of two tables: the lists of the first and then those of the second, with the values' new numbers.
FormerValues unite_former(const Table& left, const Table& right, const std::vector<std::uint32_t>& to_left,
                          const std::vector<std::uint32_t>& to_right) {
    FormerValues out;
    out.starts.assign(1, 0);
    std::uint32_t before = 0;  // lists
    for (const auto& [table, to] : {std::pair(&left, &to_left), std::pair(&right, &to_right)}) {
        const auto& own = table->former;
        for (std::size_t l = 0; l + 1 < own.starts.size(); ++l) {
            for (auto i = own.starts[l]; i < own.starts[l + 1]; ++i) out.codes.push_back((*to)[own.codes[i]]);
            out.starts.push_back(static_cast<std::uint32_t>(out.codes.size()));
        }
        for (std::uint32_t i = 0; i < table->size; ++i) out.list.push_back(before + (own.any() ? own.list[i] : 0));
        before += static_cast<std::uint32_t>(own.starts.size() - 1);
    }
    return out;
}

void note_kinds(Prepared& all) {
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        int* of_kind = nullptr;
        switch (all.fields[f].kind) {
            case Kind::given_name:
                of_kind = &all.given;
                break;
            case Kind::family_name:
                of_kind = &all.family;
                break;
            case Kind::other_names:
                of_kind = &all.other;
                break;
            case Kind::date_of_birth:
                of_kind = &all.birth;
                break;
            case Kind::postcode:
                of_kind = &all.postcode;
                break;
            case Kind::address:
                of_kind = &all.address;
                break;
            case Kind::sex:
                of_kind = &all.sex;
                break;
            default:
                break;
        }
        if (of_kind != nullptr && *of_kind < 0) *of_kind = static_cast<int>(f);
    }
}

}  // namespace

Result<Prepared> prepare(const Table& left, const Table* right, const Options& options) {
    Prepared all;
    const auto columns = left.fields.size();
    if (right != nullptr) {
        if (right->fields.size() != columns)
            return invalid(right->name, "the two files have different columns to compare",
                           "say for both which column holds what");
        for (std::size_t f = 0; f < columns; ++f) {
            if (left.fields[f].kind != right->fields[f].kind)
                return invalid(right->name,
                               fmt::format("{} is another kind of column than {} of the first file",
                                           right->fields[f].header, left.fields[f].header),
                               "say for both which column holds what, in the same order");
        }
    }
    all.left = left.size;
    all.size = left.size + (right != nullptr ? right->size : 0);
    all.fields.resize(columns);
    all.own_values.resize(columns);
    all.rows.resize(all.size * columns);
    all.id_hash = left.id_hash;
    if (right != nullptr) all.id_hash.insert(all.id_hash.end(), right->id_hash.begin(), right->id_hash.end());
    // Of the first column of postcodes, as in a table.
    auto of_former = columns;
    if (left.former.any() || (right != nullptr && right->former.any())) {
        of_former = 0;
        while (of_former < columns && left.fields[of_former].kind != Kind::postcode) ++of_former;
    }
    parallel(columns, thread_count(options.threads), [&](std::size_t f, unsigned) {
        auto& field = all.fields[f];
        const auto& from = left.fields[f];
        field.former = f == of_former;
        field.header = from.header;
        field.kind = from.kind;
        if (options.model != nullptr && f < options.model->fields.size())
            field.shares = options.model->fields[f].shares;
        if (right == nullptr) {
            field.values = &from.values;
            field.count = from.count;
            for (std::size_t i = 0; i < left.size; ++i) all.rows[i * columns + f] = from.code[i];
            if (field.former) all.former = left.former;
        } else {
            std::vector<std::uint32_t> to_left;
            std::vector<std::uint32_t> to_right;
            all.own_values[f] = unite(from.values, right->fields[f].values, to_left, to_right);
            field.values = &all.own_values[f];
            for (std::size_t i = 0; i < left.size; ++i) all.rows[i * columns + f] = to_left[from.code[i]];
            for (std::size_t i = 0; i < right->size; ++i)
                all.rows[(left.size + i) * columns + f] = to_right[right->fields[f].code[i]];
            if (field.former) all.former = unite_former(left, *right, to_left, to_right);
            field.count.assign(field.values->size(), 0);
            const auto counted = options.frequencies_of_left ? left.size : all.size;
            for (std::size_t i = 0; i < counted; ++i) ++field.count[all.rows[i * columns + f]];
        }
        if (field.former) {
            const auto with = std::count_if(all.former.list.begin(), all.former.list.end(), [&](auto list) {
                return all.former.starts[list] != all.former.starts[list + 1];
            });
            const double without =
                1 - static_cast<double>(with) / static_cast<double>(std::max<std::size_t>(all.size, 1));
            field.with_former = 1 - without * without;
            field.former = with != 0;
        }
        prepare_field(field, options);
    });
    note_kinds(all);
    return all;
}

Prepared prepare_none(const LinkageModel& model) {
    Prepared all;
    const auto fields = model.fields.size();
    all.own_values.resize(fields);
    all.fields.resize(fields);
    for (std::size_t f = 0; f < fields; ++f) {
        auto& field = all.fields[f];
        field.header = model.fields[f].name;
        field.kind = model.fields[f].kind;
        field.shares = model.fields[f].shares;
        all.own_values[f].add("");
        field.values = &all.own_values[f];
        field.count = {0};
        field.marks.resize(1);
        field.british = true;
    }
    note_kinds(all);
    return all;
}

}  // namespace waymark::people::batch
