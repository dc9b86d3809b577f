#include "people/batch/blocking.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "people/batch/parallel.hpp"

namespace waymark::people::batch {

namespace {

std::uint64_t hash_part(const PreparedField& field, std::uint32_t code, KeyPart part) {
    if (code == 0) return 0;
    const auto text = field.text(code);
    switch (part) {
        case KeyPart::whole:
            return hash_bytes(text, 11) | 1u;
        case KeyPart::sound: {
            const auto sound = field.sound.empty() ? 0u : field.sound[code];
            return sound == 0 ? 0 : mix(sound) | 1u;
        }
        case KeyPart::first_letter:
            return mix(static_cast<std::uint8_t>(text[0])) | 1u;
        case KeyPart::variant:
            if (field.variants.empty() || field.variants[code] == field.variants[code + 1])
                return hash_bytes(text.substr(0, text.find(' ')), 11) | 1u;
            return mix(field.groups[field.variants[code]] + (std::uint64_t{1} << 40)) | 1u;
        case KeyPart::year:
            return hash_bytes(text.substr(0, 4), 12) | 1u;
        case KeyPart::year_month:
            return text.size() < 7 ? 0 : hash_bytes(text.substr(0, 7), 13) | 1u;
        case KeyPart::month_day:
            return text.size() < 10 ? 0 : hash_bytes(text.substr(5, 5), 14) | 1u;
        case KeyPart::district:
            return text.size() < 5 ? hash_bytes(text, 15) | 1u : hash_bytes(text.substr(0, text.size() - 3), 15) | 1u;
    }
    return 0;
}

std::string_view words_of(KeyPart part) {
    switch (part) {
        case KeyPart::whole:
            return "";
        case KeyPart::sound:
            return " (sound)";
        case KeyPart::first_letter:
            return " (first letter)";
        case KeyPart::variant:
            return " (variant)";
        case KeyPart::year:
            return " (year)";
        case KeyPart::year_month:
            return " (month and year)";
        case KeyPart::month_day:
            return " (day and month)";
        case KeyPart::district:
            return " (district)";
    }
    return "";
}

class RuleMaker {
public:
    explicit RuleMaker(const Prepared& all) : all_(all) {}
    // Leaves out a rule that names a field which is not there.
    void add(std::vector<RulePart> parts, std::uint32_t most_in_block = 0) {
        Rule rule;
        for (const auto& part : parts) {
            if (part.field < 0) return;
            rule.name += fmt::format("{}{}{}", rule.name.empty() ? "" : " + ", header(part.field), words_of(part.part));
        }
        rule.parts = std::move(parts);
        rule.most_in_block = most_in_block;
        rules_.push_back(std::move(rule));
    }
    void add_swapped(int given, int family, std::vector<RulePart> parts) {
        if (given < 0 || family < 0) return;
        for (const auto& part : parts) {
            if (part.field < 0) return;
        }
        const auto before = rules_.size();
        add(std::move(parts));
        if (rules_.size() == before) return;
        auto& rule = rules_.back();
        rule.either = given;
        rule.or_else = family;
        rule.name = fmt::format("{} and {} (sounds, in any order) + {}", header(given), header(family), rule.name);
    }
    std::vector<Rule> take() { return std::move(rules_); }

private:
    const std::string& header(int field) const { return all_.fields[static_cast<std::size_t>(field)].header; }
    const Prepared& all_;
    std::vector<Rule> rules_;
};

}  // namespace

std::vector<Rule> default_rules(const Prepared& all, Effort effort) {
    using enum KeyPart;
    RuleMaker make(all);
    const int given = all.given;
    const int family = all.family;
    const int birth = all.birth;
    const int postcode = all.postcode;
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        const auto kind = all.fields[f].kind;
        const bool number =
            kind == Kind::nhs_number || kind == Kind::upn || kind == Kind::number || kind == Kind::email;
        if (number) make.add({{static_cast<int>(f), whole}}, 100);
    }
    if (effort == Effort::thorough) {
        make.add({{birth, whole}});
        make.add({{given, sound}, {family, sound}}, 2000);
        make.add({{postcode, whole}, {given, first_letter}}, 2000);
    }
    make.add({{birth, whole}, {family, sound}});
    make.add({{birth, whole}, {given, sound}}, 500);
    make.add({{birth, whole}, {postcode, whole}});
    make.add({{postcode, whole}, {given, variant}}, 500);
    make.add({{postcode, whole}, {given, sound}}, 500);
    make.add({{given, variant}, {family, sound}, {birth, year}}, 200);
    make.add({{given, variant}, {family, sound}, {birth, month_day}}, 200);
    make.add({{given, whole}, {family, whole}}, 30);
    make.add({{postcode, whole}, {family, whole}, {birth, year}});
    make.add_swapped(given, family, {{birth, year}});
    // What else there is, by twos with what tells most.
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        const auto& field = all.fields[f];
        const int at = static_cast<int>(f);
        if (field.kind == Kind::address || (field.kind == Kind::text && field.same_share < 0.05)) {
            make.add({{at, whole}, {birth, whole}}, 500);
            make.add({{at, whole}, {given, sound}, {family, first_letter}}, 500);
            make.add({{at, whole}, {family, sound}, {given, first_letter}}, 500);
        }
    }
    if (birth < 0 && postcode < 0) make.add({{given, sound}, {family, sound}}, 500);
    auto rules = make.take();
    if (rules.empty()) {
        for (std::size_t f = 0; f < all.fields.size(); ++f) make.add({{static_cast<int>(f), whole}}, 500);
        rules = make.take();
    }
    return rules;
}

std::vector<std::uint64_t> keys_of(const Prepared& all, const Rule& rule, unsigned threads) {
    struct Column {
        std::size_t field;
        std::vector<std::uint64_t> of_code;
    };
    std::vector<Column> columns(rule.parts.size());
    parallel(rule.parts.size(), threads, [&](std::size_t p, unsigned) {
        const auto& field = all.fields[static_cast<std::size_t>(rule.parts[p].field)];
        columns[p].field = static_cast<std::size_t>(rule.parts[p].field);
        columns[p].of_code.resize(field.values->size());
        for (std::uint32_t code = 0; code < field.values->size(); ++code)
            columns[p].of_code[code] = hash_part(field, code, rule.parts[p].part);
    });
    std::vector<std::uint64_t> keys(all.size);
    const std::size_t tasks = std::size_t{threads} * 4;
    parallel(tasks, threads, [&](std::size_t t, unsigned) {
        const auto range = part(all.size, tasks, t);
        for (auto i = range.from; i < range.to; ++i) {
            const auto row = all.row(static_cast<std::uint32_t>(i));
            std::uint64_t key = 0x51ed270b;
            for (const auto& column : columns) {
                const auto h = column.of_code[row[column.field]];
                key = h == 0 ? 0 : mix(key ^ h) * 0x9e3779b97f4a7c15ull;
                if (key == 0) break;
            }
            if (key != 0 && rule.either >= 0) {
                const auto e = static_cast<std::size_t>(rule.either);
                const auto o = static_cast<std::size_t>(rule.or_else);
                const auto x = row[e] == 0 ? 0u : all.fields[e].sound[row[e]];
                const auto y = row[o] == 0 ? 0u : all.fields[o].sound[row[o]];
                key = x == 0 || y == 0 ? 0 : mix(key ^ mix(x) ^ mix(y));
            }
            keys[i] = key;
        }
    });
    return keys;
}

Grouping group(std::span<const std::uint64_t> keys, unsigned threads) {
    struct Item {
        std::uint64_t key;
        std::uint32_t record;
    };
    constexpr std::size_t buckets = 1024;
    const std::size_t tasks = threads;
    std::vector<std::array<std::uint32_t, buckets>> counts(tasks);
    parallel(tasks, threads, [&](std::size_t t, unsigned) {
        counts[t].fill(0);
        const auto range = part(keys.size(), tasks, t);
        for (auto i = range.from; i < range.to; ++i) {
            if (keys[i] != 0) ++counts[t][keys[i] >> 54];
        }
    });
    std::vector<std::uint32_t> bucket_start(buckets + 1);
    std::uint32_t total = 0;
    for (std::size_t b = 0; b < buckets; ++b) {
        bucket_start[b] = total;
        for (auto& count : counts) {
            const auto n = count[b];
            count[b] = total;
            total += n;
        }
    }
    bucket_start[buckets] = total;
    std::vector<Item> items(total);
    parallel(tasks, threads, [&](std::size_t t, unsigned) {
        const auto range = part(keys.size(), tasks, t);
        for (auto i = range.from; i < range.to; ++i) {
            if (keys[i] != 0) items[counts[t][keys[i] >> 54]++] = {keys[i], static_cast<std::uint32_t>(i)};
        }
    });
    struct Part {
        std::vector<std::uint32_t> records;
        std::vector<std::uint32_t> sizes;
    };
    std::vector<Part> parts(buckets);
    parallel(buckets, threads, [&](std::size_t b, unsigned) {
        const auto from = items.begin() + bucket_start[b];
        const auto to = items.begin() + bucket_start[b + 1];
        std::sort(from, to, [](const Item& x, const Item& y) {
            return x.key != y.key ? x.key < y.key : x.record < y.record;
        });
        for (auto i = from; i != to;) {
            auto j = i;
            while (j != to && j->key == i->key) ++j;
            if (j - i > 1) {
                parts[b].sizes.push_back(static_cast<std::uint32_t>(j - i));
                for (auto k = i; k != j; ++k) parts[b].records.push_back(k->record);
            }
            i = j;
        }
    });
    Grouping out;
    for (auto& each : parts) {
        out.starts.insert(out.starts.end(), each.sizes.begin(), each.sizes.end());  // made positions below
        out.records.insert(out.records.end(), each.records.begin(), each.records.end());
    }
    std::uint32_t at = 0;
    for (auto& start : out.starts) {
        const auto size = start;
        start = at;
        at += size;
    }
    if (!out.starts.empty()) out.starts.push_back(at);
    return out;
}

std::uint64_t pairs_in(const Prepared& all, std::span<const std::uint32_t> block) {
    const std::uint64_t n = block.size();
    if (all.left == all.size) return n * (n - 1) / 2;
    const auto split = std::lower_bound(block.begin(), block.end(), static_cast<std::uint32_t>(all.left));
    const auto left = static_cast<std::uint64_t>(split - block.begin());
    return left * (n - left);
}

}  // namespace waymark::people::batch
