#include "people/batch/pattern.hpp"

#include <algorithm>

namespace waymark::people::batch {

namespace {

constexpr std::size_t cache_slots = 1u << 16;

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

// Names in each other's place, or among the other names.
void look_across_names(const Prepared& all, std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                       Levels& levels) {
    const auto at = [](int field) { return static_cast<std::size_t>(field); };
    if (all.given < 0) return;
    const auto g = at(all.given);
    const auto& given = all.fields[g];
    const bool given_differs = a[g] != 0 && b[g] != 0 && levels[g] > 12;
    if (all.family >= 0) {
        const auto f = at(all.family);
        const auto& family = all.fields[f];
        if (given_differs && a[f] != 0 && b[f] != 0 && levels[f] > 12 &&
            cross_equal(given.text(a[g]), family.text(b[f])) && cross_equal(family.text(a[f]), given.text(b[g]))) {
            levels[g] = swapped_level(Kind::given_name);
            levels[f] = 0;  // said once
            return;
        }
    }
    if (all.other < 0) return;
    const auto o = at(all.other);
    const auto& other = all.fields[o];
    if (given_differs && ((b[o] != 0 && word_within(given.text(a[g]), other.text(b[o]))) ||
                          (a[o] != 0 && word_within(given.text(b[g]), other.text(a[o]))))) {
        levels[g] = other_level(Kind::given_name);
    }
    if (all.family >= 0) {
        const auto f = at(all.family);
        const auto& family = all.fields[f];
        if (a[f] != 0 && b[f] != 0 && levels[f] > 12 &&
            ((b[o] != 0 && word_within(family.text(a[f]), other.text(b[o]))) ||
             (a[o] != 0 && word_within(family.text(b[f]), other.text(a[o]))))) {
            levels[f] = other_level(Kind::family_name);
        }
    }
}

}  // namespace

Comparing::Comparing(const Prepared& all) : all_(all), cache_(all.fields.size()) {
    mask_ = cache_slots - 1;
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        const auto kind = all.fields[f].kind;
        if (kind != Kind::sex && kind != Kind::nhs_number && kind != Kind::upn) cache_[f].resize(cache_slots);
    }
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
    look_across_names(all_, x, y, out);
}

void plain_levels(const Prepared& all, std::uint32_t a, std::uint32_t b, Levels& out) {
    const auto x = all.row(a);
    const auto y = all.row(b);
    for (std::size_t f = 0; f < x.size(); ++f) {
        out[f] = x[f] == 0 || y[f] == 0 ? LevelCode{0}
                 : x[f] == y[f]         ? same_code(all.fields[f], x[f])
                                        : compare_values(all.fields[f], x[f], y[f]);
    }
    look_across_names(all, x, y, out);
}

}  // namespace waymark::people::batch
