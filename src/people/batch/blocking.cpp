#include "people/batch/blocking.hpp"

#include <algorithm>
#include <array>
#include <utility>

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
        if (parts.empty()) rule.name = "every pair";
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
    // By the postcode of now or one of before.
    void add_former(std::vector<RulePart> parts, std::uint32_t most_in_block) {
        const auto before = rules_.size();
        if (!all_.former.any()) return;
        add(std::move(parts), most_in_block);
        if (rules_.size() == before) return;
        rules_.back().former = true;
        rules_.back().name = "now or before: " + rules_.back().name;
    }
    void add_if_cheap(std::vector<RulePart> parts, std::uint32_t most_in_block) {
        const auto before = rules_.size();
        add(std::move(parts), most_in_block);
        if (rules_.size() > before) rules_.back().if_cheap = true;
    }
    // What was added since the last take.
    std::vector<Rule> take() { return std::exchange(rules_, {}); }

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
        if (is_key(all.fields[f].kind)) make.add({{static_cast<int>(f), whole}}, 100);
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
    // In a large file many share a common name, and only a rare one says enough by itself.
    make.add({{given, whole}, {family, whole}}, all.size > 200'000 ? 10 : 30);
    make.add({{postcode, whole}, {family, whole}, {birth, year}});
    make.add_swapped(given, family, {{birth, year}});
    make.add_former({{postcode, whole}, {given, sound}}, 500);
    make.add_former({{postcode, whole}, {birth, whole}}, 500);
    make.add_former({{postcode, whole}, {family, whole}, {birth, year}}, 500);
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
    // In a small file, or where little else agrees, wider keys cost little and find what the others miss.
    const auto with_texts = [&](int name) {
        for (std::size_t f = 0; f < all.fields.size(); ++f) {
            const auto& field = all.fields[f];
            if (field.kind != Kind::address && field.kind != Kind::text) continue;
            make.add_if_cheap({{static_cast<int>(f), whole}, {name, sound}}, 500);
        }
    };
    make.add_if_cheap({{given, sound}, {family, sound}}, 500);
    make.add_if_cheap({{family, sound}, {given, first_letter}}, 500);
    with_texts(family);
    make.add_if_cheap({{postcode, whole}}, 500);
    make.add_if_cheap({{family, whole}}, 500);
    with_texts(given);
    make.add_if_cheap({{family, sound}, {postcode, district}}, 500);
    make.add_if_cheap({{given, sound}, {postcode, district}}, 500);
    make.add_if_cheap({{birth, whole}}, 500);
    make.add_if_cheap({{given, sound}, {birth, year}}, 500);
    make.add_if_cheap({}, 1500);  // every pair
    auto rules = make.take();
    if (rules.empty()) {
        for (std::size_t f = 0; f < all.fields.size(); ++f) make.add({{static_cast<int>(f), whole}}, 500);
        rules = make.take();
    }
    return rules;
}

namespace {

// Each part of a value is hashed once for all records and rules.
class KeyMaker {
public:
    KeyMaker(const Prepared& all, std::span<const Rule> rules, unsigned threads) : all_(all), rules_(rules) {
        for (const auto& rule : rules) {
            auto& own = parts_of_.emplace_back();
            for (const auto& part : rule.parts) own.push_back(find_part(part));
            if (rule.either < 0) continue;
            own.push_back(find_part({rule.either, KeyPart::sound}));
            own.push_back(find_part({rule.or_else, KeyPart::sound}));
        }
        of_code_.resize(parts_.size());
        parallel(parts_.size(), threads, [&](std::size_t p, unsigned) {
            const auto& field = all.fields[static_cast<std::size_t>(parts_[p].field)];
            of_code_[p].resize(field.values->size());
            for (std::uint32_t code = 0; code < field.values->size(); ++code)
                of_code_[p][code] = static_cast<std::uint32_t>(hash_part(field, code, parts_[p].part) >> 16);
        });
    }

    void hash(std::uint32_t record, std::vector<std::uint32_t>& hashes) const {
        const auto row = all_.row(record);
        hashes.resize(parts_.size());
        for (std::size_t p = 0; p < parts_.size(); ++p)
            hashes[p] = of_code_[p][row[static_cast<std::size_t>(parts_[p].field)]];
    }
    // Another value of the field in the record's own place.
    void hash_instead(std::size_t field, std::uint32_t code, std::vector<std::uint32_t>& hashes) const {
        for (std::size_t p = 0; p < parts_.size(); ++p) {
            if (static_cast<std::size_t>(parts_[p].field) == field) hashes[p] = of_code_[p][code];
        }
    }
    [[nodiscard]] std::uint64_t key(std::size_t r, const std::vector<std::uint32_t>& hashes) const {
        std::uint64_t key = 0x51ed270b + r;
        const bool swapped = rules_[r].either >= 0;
        const auto ordered = parts_of_[r].size() - (swapped ? 2 : 0);
        for (std::size_t p = 0; p < ordered; ++p) {
            const std::uint64_t h = hashes[parts_of_[r][p]];
            if (h == 0) return 0;
            key = mix(key ^ h) * 0x9e3779b97f4a7c15ull;
        }
        if (!swapped) return key;
        const std::uint64_t x = hashes[parts_of_[r][ordered]];
        const std::uint64_t y = hashes[parts_of_[r][ordered + 1]];
        return x == 0 || y == 0 ? 0 : mix(key ^ (mix(x) + mix(y)));
    }

private:
    std::size_t find_part(const RulePart& part) {
        for (std::size_t p = 0; p < parts_.size(); ++p) {
            if (parts_[p].field == part.field && parts_[p].part == part.part) return p;
        }
        parts_.push_back(part);
        return parts_.size() - 1;
    }

    const Prepared& all_;
    std::span<const Rule> rules_;
    std::vector<RulePart> parts_;
    std::vector<std::vector<std::size_t>> parts_of_;
    // 32 bits: two parts of one hash cost a comparison, not a link.
    std::vector<std::vector<std::uint32_t>> of_code_;
};

}  // namespace

std::vector<std::uint64_t> keys_of(const Prepared& all, std::span<const Rule> rules, unsigned threads,
                                   std::vector<std::uint32_t>* tags) {
    const KeyMaker make(all, rules, threads);
    const auto count = rules.size();
    std::vector<std::uint64_t> keys(all.size * count);
    if (tags != nullptr) tags->assign(all.size * count, 0);
    const std::size_t tasks = std::size_t{threads} * 16;
    parallel(tasks, threads, [&](std::size_t t, unsigned) {
        const auto range = part(all.size, tasks, t);
        std::vector<std::uint32_t> hashes;
        for (auto i = range.from; i < range.to; ++i) {
            make.hash(static_cast<std::uint32_t>(i), hashes);
            for (std::size_t r = 0; r < count; ++r) {
                const auto key = rules[r].former ? 0 : make.key(r, hashes);
                keys[r * all.size + i] = key;
                if (tags != nullptr && key != 0) (*tags)[i * count + r] = static_cast<std::uint32_t>(key) | 1u;
            }
        }
    });
    return keys;
}

std::vector<std::uint64_t> former_keys_of(const Prepared& all, const Rule& rule, unsigned threads) {
    const KeyMaker make(all, std::span(&rule, 1), threads);
    const auto postcode = static_cast<std::size_t>(all.postcode);
    std::vector<std::uint64_t> keys(all.size * former_slots);
    const std::size_t tasks = std::size_t{threads} * 16;
    parallel(tasks, threads, [&](std::size_t t, unsigned) {
        const auto range = part(all.size, tasks, t);
        std::vector<std::uint32_t> hashes;
        for (auto i = range.from; i < range.to; ++i) {
            const auto record = static_cast<std::uint32_t>(i);
            make.hash(record, hashes);
            std::array<std::uint64_t, former_slots> own{};
            std::size_t n = 0;
            const auto add = [&] {
                const auto key = make.key(0, hashes);
                if (key == 0 || std::find(own.begin(), own.begin() + n, key) != own.begin() + n) return;
                keys[n * all.size + i] = own[n] = key;
                ++n;
            };
            add();
            for (const auto code : all.former.of(record)) {
                make.hash_instead(postcode, code, hashes);
                add();
            }
        }
    });
    return keys;
}

std::vector<std::uint64_t> expected_pairs(const Prepared& all, std::span<const Rule> rules, std::uint32_t most_in_block,
                                          unsigned threads) {
    std::vector<std::uint64_t> out(rules.size());
    if (rules.empty()) return out;
    constexpr std::size_t enough = 30'000;
    constexpr double told_well = 8;  // records of one block in the sample, from which its size is known
    const double share = all.size <= enough ? 1 : static_cast<double>(enough) / static_cast<double>(all.size);
    const auto limit = static_cast<std::uint64_t>(share * 4294967296.0);
    const KeyMaker make(all, rules, threads);
    std::vector<std::vector<std::uint64_t>> keys(rules.size());
    std::vector<std::uint32_t> hashes;
    for (std::uint32_t i = 0; i < all.size; ++i) {
        if ((mix(all.id_hash[i]) >> 32) >= limit) continue;
        make.hash(i, hashes);
        for (std::size_t r = 0; r < rules.size(); ++r) {
            if (const auto key = make.key(r, hashes); key != 0) keys[r].push_back(key);
        }
    }
    parallel(rules.size(), threads, [&](std::size_t r, unsigned) {
        auto& own = keys[r];
        std::sort(own.begin(), own.end());
        double pairs = 0;
        for (std::size_t i = 0; i < own.size();) {
            auto j = i;
            while (j < own.size() && own[j] == own[i]) ++j;
            const auto n = static_cast<double>(j - i);
            // Of a few records in the sample nobody knows how many the file holds: such a block is expected to be kept.
            const bool too_wide = n >= told_well && n / share > limit_of(rules[r], most_in_block);
            if (!too_wide) pairs += n * (n - 1) / 2;
            i = j;
        }
        out[r] = static_cast<std::uint64_t>(std::min(pairs / (share * share), 1e18));
    });
    return out;
}

namespace {

struct Item {
    std::uint64_t key;
    std::uint32_t record;
};

// The blocks of one bucket of items: counted in a small table, then written out block by block.
struct Bucket {
    std::vector<std::uint32_t> records;
    std::vector<std::uint32_t> sizes;
    std::vector<std::uint64_t> keys;

    void group(std::span<const Item> items) {
        struct Slot {
            std::uint64_t key = 0;
            std::uint32_t count = 0;
            std::uint32_t at = 0;
        };
        std::size_t size = 16;
        while (size < items.size() * 2) size *= 2;
        std::vector<Slot> slots(size);
        std::vector<std::uint32_t> slot_of(items.size());
        for (std::size_t i = 0; i < items.size(); ++i) {
            auto s = items[i].key & (size - 1);
            while (slots[s].count != 0 && slots[s].key != items[i].key) s = (s + 1) & (size - 1);
            slots[s].key = items[i].key;
            ++slots[s].count;
            slot_of[i] = static_cast<std::uint32_t>(s);
        }
        std::uint32_t at = 0;
        for (auto& slot : slots) {
            if (slot.count < 2) continue;
            slot.at = at;
            at += slot.count;
            sizes.push_back(slot.count);
            keys.push_back(slot.key);
        }
        records.resize(at);
        for (std::size_t i = 0; i < items.size(); ++i) {
            auto& slot = slots[slot_of[i]];
            if (slot.count > 1) records[slot.at++] = items[i].record;
        }
    }
};

}  // namespace

Grouping group(std::span<const std::uint64_t> keys, unsigned threads) {
    const std::size_t size = keys.size();
    std::size_t buckets = 64;
    while (buckets < 4096 && buckets * 1024 < size) buckets *= 2;
    int shift = 64;
    for (auto b = buckets; b > 1; b /= 2) --shift;
    const std::size_t tasks = threads;
    std::vector<std::vector<std::uint32_t>> counts(tasks, std::vector<std::uint32_t>(buckets));
    parallel(tasks, threads, [&](std::size_t t, unsigned) {
        const auto range = part(size, tasks, t);
        for (auto i = range.from; i < range.to; ++i) {
            if (const auto key = keys[i]; key != 0) ++counts[t][key >> shift];
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
        const auto range = part(size, tasks, t);
        for (auto i = range.from; i < range.to; ++i) {
            if (const auto key = keys[i]; key != 0)
                items[counts[t][key >> shift]++] = {key, static_cast<std::uint32_t>(i)};
        }
    });
    // In each bucket the records come in their order: threads take them in order, and each has a place of its own.
    std::vector<Bucket> parts(buckets);
    parallel(buckets, threads, [&](std::size_t b, unsigned) {
        parts[b].group(std::span(items).subspan(bucket_start[b], bucket_start[b + 1] - bucket_start[b]));
    });
    Grouping out;
    std::uint32_t at = 0;
    for (auto& each : parts) {
        for (const auto n : each.sizes) {
            out.starts.push_back(at);
            at += n;
        }
        out.keys.insert(out.keys.end(), each.keys.begin(), each.keys.end());
        out.records.insert(out.records.end(), each.records.begin(), each.records.end());
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
