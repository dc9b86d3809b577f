#include "people/batch/bound.hpp"

#include <algorithm>
#include <bit>

namespace waymark::people::batch {

namespace {

// Names in each other's place, a slip in each allowed: letters that only one of two has are two at most.
bool may_be_swapped(const ValueMarks& given_a, const ValueMarks& family_a, const ValueMarks& given_b,
                    const ValueMarks& family_b) {
    return std::popcount(given_a.letters ^ family_b.letters) <= 2 &&
           std::popcount(family_a.letters ^ given_b.letters) <= 2;
}

}  // namespace

Bound::Bound(const Prepared& all, const Weights& weights, Weight least) : all_(all), weights_(weights), least_(least) {}

BlockMarks::Way Bound::way_of(std::size_t f) const {
    using enum BlockMarks::Way;
    // A name may stand among the other names, which only the texts say.
    const int at = static_cast<int>(f);
    if (all_.other >= 0 && (at == all_.given || at == all_.family)) return always_near;
    switch (all_.fields[f].kind) {
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
            return postcode;
        case Kind::sex:
        case Kind::nhs_number:
        case Kind::upn:
            return equal_only;
        default:
            return always_near;
    }
}

bool Bound::may_reach(std::uint32_t a, std::uint32_t b) const {
    const auto x = all_.row(a);
    const auto y = all_.row(b);
    Weight most = weights_.prior();
    for (std::size_t f = 0; f < x.size(); ++f) {
        if (x[f] == 0 || y[f] == 0) continue;
        const auto& field = all_.fields[f];
        if (x[f] == y[f]) {
            most += weights_.same_weight(f, x[f]);
        } else {
            const auto way = way_of(f);
            const bool is_far =
                way == BlockMarks::Way::equal_only ||
                (way != BlockMarks::Way::always_near && far(field, field.marks[x[f]], field.marks[y[f]]));
            most += is_far ? weights_.most_far(f) : weights_.most_near(f);
        }
    }
    if (most >= least_) return true;
    if (all_.given < 0 || all_.family < 0) return false;
    const auto g = static_cast<std::size_t>(all_.given);
    const auto s = static_cast<std::size_t>(all_.family);
    if (x[g] == 0 || y[g] == 0 || x[s] == 0 || y[s] == 0) return false;
    const auto& given = all_.fields[g].marks;
    const auto& family = all_.fields[s].marks;
    return may_be_swapped(given[x[g]], family[x[s]], given[y[g]], family[y[s]]);
}

void Bound::load(std::span<const std::uint32_t> records, BlockMarks& out) const {
    const auto fields = all_.fields.size();
    out.size = records.size();
    out.prior = weights_.prior();
    out.least = least_;
    out.given = all_.given;
    out.family = all_.family;
    out.columns.resize(fields);
    const auto room = (records.size() + 15) / 16 * 16 + 16;  // a register may reach behind the last record
    for (std::size_t f = 0; f < fields; ++f) {
        const auto& field = all_.fields[f];
        auto& column = out.columns[f];
        column.way = way_of(f);
        column.near = weights_.most_near(f);
        column.far = weights_.most_far(f);
        column.code.assign(room, 0);
        column.same.assign(room, 0);
        for (std::size_t i = 0; i < records.size(); ++i) {
            column.code[i] = all_.row(records[i])[f];
            column.same[i] = column.code[i] == 0 ? 0 : weights_.same_weight(f, column.code[i]);
        }
        const bool letters = column.way != BlockMarks::Way::equal_only && column.way != BlockMarks::Way::date;
        if (column.way == BlockMarks::Way::equal_only) continue;
        column.kin_low.assign(room, 0);
        column.kin_high.assign(room, 0);
        if (letters) {
            column.letters_low.assign(room, 0);
            column.letters_high.assign(room, 0);
            column.sounds_low.assign(room, 0);
            column.first.assign(room, 0);
            column.sounds_high.assign(room, 0);
            column.open.assign(room, 0);
            column.length.assign(room, 1.0f);
        }
        for (std::size_t i = 0; i < records.size(); ++i) {
            const auto& marks = field.marks[column.code[i]];
            const auto kin = marks.kin;
            column.kin_low[i] = static_cast<std::uint32_t>(kin);
            column.kin_high[i] = static_cast<std::uint32_t>(kin >> 32);
            if (!letters) continue;
            const bool open = marks.length >= 40 || (column.way == BlockMarks::Way::names && marks.initial);
            column.open[i] = open ? ~0u : 0u;
            column.letters_low[i] = static_cast<std::uint32_t>(marks.letters);
            column.letters_high[i] = static_cast<std::uint32_t>(marks.letters >> 32);
            column.first[i] = marks.first;
            column.sounds_low[i] = static_cast<std::uint32_t>(marks.sounds);
            column.sounds_high[i] = static_cast<std::uint32_t>(marks.sounds >> 32);
            column.length[i] = static_cast<float>(std::max<int>(marks.length, 1));
        }
    }
}

}  // namespace waymark::people::batch
