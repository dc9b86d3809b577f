#include "people/batch/pattern.hpp"

#include <algorithm>

#include "people/batch/weights.hpp"

namespace waymark::people::batch {

namespace {

constexpr std::size_t cache_slots = 1u << 14;

bool word_within(std::string_view name, std::string_view names) {
    if (name.size() < 3) return false;
    for (auto at = names.find(name); at != std::string_view::npos; at = names.find(name, at + 1)) {
        const auto end = at + name.size();
        if ((at == 0 || names[at - 1] == ' ') && (end == names.size() || names[end] == ' ')) return true;
    }
    return false;
}

bool cross_equal(std::string_view a, std::string_view b) {
    return a.size() > 1 && (a == b || (std::min(a.size(), b.size()) >= 4 && edits(a, b, 1) <= 1));
}

// The names of a record of the tables; NameTexts has the same shape.
struct RowNames {
    const Prepared& all;
    std::span<const std::uint32_t> row;
    [[nodiscard]] bool has(int field) const { return row[static_cast<std::size_t>(field)] != 0; }
    [[nodiscard]] std::string_view text(int field) const {
        const auto f = static_cast<std::size_t>(field);
        return all.fields[f].text(row[f]);
    }
};

// Names in each other's place, or among the other names.
template <class Names>
void look_across(const Prepared& all, const Names& a, const Names& b, Levels& levels) {
    const auto at = [&](int field) -> LevelCode& { return levels[static_cast<std::size_t>(field)]; };
    if (all.given < 0) return;
    const bool given_differs = a.has(all.given) && b.has(all.given) && at(all.given) > 12;
    const bool family_differs = all.family >= 0 && a.has(all.family) && b.has(all.family) && at(all.family) > 12;
    if (given_differs && family_differs && cross_equal(a.text(all.given), b.text(all.family)) &&
        cross_equal(a.text(all.family), b.text(all.given))) {
        at(all.given) = swapped_level(Kind::given_name);
        at(all.family) = 0;  // said once
        return;
    }
    if (all.other < 0) return;
    const auto among_others = [&](int field) {
        return (b.has(all.other) && word_within(a.text(field), b.text(all.other))) ||
               (a.has(all.other) && word_within(b.text(field), a.text(all.other)));
    };
    if (given_differs && among_others(all.given)) at(all.given) = other_level(Kind::given_name);
    if (family_differs && among_others(all.family)) at(all.family) = other_level(Kind::family_name);
}

bool has_former(const Prepared& all, std::uint32_t a, std::uint32_t b) {
    return all.former.any() && (all.former.list[a] != 0 || all.former.list[b] != 0);
}

void look_back(const Prepared& all, std::uint32_t a, std::uint32_t b, Levels& levels) {
    if (!has_former(all, a, b)) return;
    const auto f = static_cast<std::size_t>(all.postcode);
    const auto of_a = all.former.of(a);
    const auto of_b = all.former.of(b);
    const auto holds = [](std::span<const std::uint32_t> codes, std::uint32_t code) {
        return code != 0 && std::find(codes.begin(), codes.end(), code) != codes.end();
    };
    const bool in_common = holds(of_a, all.row(b)[f]) || holds(of_b, all.row(a)[f]) ||
                           std::any_of(of_a.begin(), of_a.end(), [&](auto code) { return holds(of_b, code); });
    levels[f] = with_former(levels[f], in_common);
}

}  // namespace

Comparing::Comparing(const Prepared& all) : all_(all), cache_(all.fields.size()) {
    mask_ = cache_slots - 1;
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        const auto kind = all.fields[f].kind;
        if (kind != Kind::sex && kind != Kind::nhs_number && kind != Kind::upn) cache_[f].resize(cache_slots);
        order_.push_back(f);
    }
    // Numbers and dates cost less to compare than names, and names less than what is longer.
    const auto cost = [&](std::size_t f) {
        const auto kind = all.fields[f].kind;
        const bool name = kind == Kind::given_name || kind == Kind::family_name || kind == Kind::other_names;
        return graded_by_frequency(kind) && kind != Kind::postcode ? name ? 1 : 2 : 0;
    };
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t x, std::size_t y) { return cost(x) < cost(y); });
}

LevelCode Comparing::field_level(std::size_t f, std::uint32_t a, std::uint32_t b) {
    if (a == 0 || b == 0) return 0;
    const auto& field = all_.fields[f];
    if (a == b) return same_code(field, a);
    auto& cache = cache_[f];
    if (cache.empty()) return compare_values(field, a, b);
    const auto key = (std::uint64_t{std::min(a, b)} << 32) | std::max(a, b);
    auto& slot = cache[(key * 0x9e3779b97f4a7c15ull) >> 48 & mask_];
    if (slot.key != key) slot = {key, compare_values(field, a, b)};
    return slot.level;
}

void Comparing::levels(std::uint32_t a, std::uint32_t b, Levels& out) {
    const auto x = all_.row(a);
    const auto y = all_.row(b);
    for (std::size_t f = 0; f < x.size(); ++f) out[f] = field_level(f, x[f], y[f]);
    look_across(all_, RowNames{all_, x}, RowNames{all_, y}, out);
    look_back(all_, a, b, out);
}

void look_across_names(const Prepared& all, const NameTexts& a, const NameTexts& b, Levels& levels) {
    look_across(all, a, b, levels);
}

bool Comparing::levels_reaching(std::uint32_t a, std::uint32_t b, const Weights& weights, std::int32_t least,
                                Levels& out) {
    const auto x = all_.row(a);
    const auto y = all_.row(b);
    std::array<Weight, most_compared> bound{};
    Weight most = weights.prior();
    for (std::size_t f = 0; f < x.size(); ++f) {
        out[f] = 0;
        if (x[f] == 0 || y[f] == 0) continue;
        if (x[f] == y[f]) {
            out[f] = same_code(all_.fields[f], x[f]);
            most += weights.same_weight(f, x[f]);
        } else {
            bound[f] = most_unlike(weights.limits(f), all_.fields[f], x[f], y[f]);
            most += bound[f];
        }
    }
    // Names that may stand in each other's place weigh more than their own levels say; so may former postcodes.
    const bool across = all_.other >= 0 || may_be_swapped(all_, x, y) || has_former(all_, a, b);
    if (most < least && !across) return false;
    for (const std::size_t f : order_) {
        if (x[f] == y[f] || x[f] == 0 || y[f] == 0) continue;
        out[f] = field_level(f, x[f], y[f]);
        most += weights.field_weight(f, x[f], out[f]) - bound[f];
        if (most < least && !across) return false;
    }
    look_across(all_, RowNames{all_, x}, RowNames{all_, y}, out);
    look_back(all_, a, b, out);
    return true;
}

void plain_levels(const Prepared& all, std::uint32_t a, std::uint32_t b, Levels& out) {
    const auto x = all.row(a);
    const auto y = all.row(b);
    for (std::size_t f = 0; f < x.size(); ++f) {
        out[f] = x[f] == 0 || y[f] == 0 ? LevelCode{0}
                 : x[f] == y[f]         ? same_code(all.fields[f], x[f])
                                        : compare_values(all.fields[f], x[f], y[f]);
    }
    look_across(all, RowNames{all, x}, RowNames{all, y}, out);
    look_back(all, a, b, out);
}

}  // namespace waymark::people::batch
