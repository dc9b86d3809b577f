#include "people/batch/bound.hpp"

#include <algorithm>

namespace waymark::people::batch {

using Way = Limits::Way;

Bound::Bound(const Prepared& all, const Weights& weights, Weight least) : all_(all), weights_(weights), least_(least) {
    if (!all.former.any()) return;
    // Where one has no postcode of now, a former one may still agree, which no mark tells.
    const auto f = static_cast<std::size_t>(all.postcode);
    least_ -= std::max(Weight{0}, weights.field_weight(f, 0, former_level));
}

bool Bound::may_reach(std::uint32_t a, std::uint32_t b) const {
    const auto x = all_.row(a);
    const auto y = all_.row(b);
    Weight most = weights_.prior();
    for (std::size_t f = 0; f < x.size(); ++f) {
        if (x[f] == 0 || y[f] == 0) continue;
        most +=
            x[f] == y[f] ? weights_.same_weight(f, x[f]) : most_unlike(weights_.limits(f), all_.fields[f], x[f], y[f]);
    }
    return most >= least_ || batch::may_be_swapped(all_, x, y);
}

namespace {

// Values of a block lie anywhere in memory: those to come are asked for this many early.
constexpr std::size_t asked_ahead = 16;

// All 64 bits of the sounds, folded: what two have in common stays in common.
std::uint32_t fold_sounds(std::uint64_t sounds) {
    constexpr auto bits = 32 - BlockMarks::sounds_from;
    constexpr std::uint64_t some = (std::uint64_t{1} << bits) - 1;
    return static_cast<std::uint32_t>((sounds & some) | (sounds >> bits & some) | sounds >> (2 * bits));
}

std::uint32_t form_of(const ValueMarks& marks) {
    return static_cast<std::uint32_t>(marks.rarity) | (marks.several ? BlockMarks::several : 0) |
           (marks.initial ? BlockMarks::initial : 0) | (marks.length >= longest_marked ? BlockMarks::too_long : 0) |
           fold_sounds(marks.sounds) << BlockMarks::sounds_from;
}

}  // namespace

void Bound::load_marks(std::size_t f, std::size_t room, BlockMarks& out) const {
    const auto& field = all_.fields[f];
    auto& column = out.columns[f];
    const auto way = column.limits->way;
    const auto size = out.size;
    const auto& code = column.code;
    const bool by_frequency = graded_by_frequency(field.kind) || way == Way::date;
    const bool marked = way != Way::equal_only && way != Way::always_near;
    const bool worded = way == Way::names || way == Way::words;
    column.same.resize(room);
    if (marked) column.kin_low.resize(room);
    if (marked && way != Way::date) {
        column.letters_low.resize(room);
        column.letters_high.resize(room);
    }
    if (worded) {
        for (auto* each : {&column.kin_high, &column.start, &column.form, &column.sound}) each->resize(room);
        column.length.resize(room, 1.0f);
    }
    const bool sounding = way == Way::names && !field.sound.empty();
    for (std::size_t i = 0; i < size; ++i) {
        if (i + asked_ahead < size) {
            const auto next = code[i + asked_ahead];
            if (marked) __builtin_prefetch(&field.marks[next]);
            if (by_frequency) weights_.prefetch_same(f, next);
            if (sounding) __builtin_prefetch(&field.sound[next]);
        }
        column.same[i] = code[i] == 0 ? 0 : weights_.same_weight(f, code[i]);
        if (!marked) continue;
        const auto& marks = field.marks[code[i]];
        column.kin_low[i] = static_cast<std::uint32_t>(marks.kin);
        if (way == Way::date) continue;
        column.letters_low[i] = static_cast<std::uint32_t>(marks.letters);
        column.letters_high[i] = static_cast<std::uint32_t>(marks.letters >> 32);
        if (!worded) continue;
        column.kin_high[i] = static_cast<std::uint32_t>(marks.kin >> 32);
        column.start[i] = marks.start;
        column.form[i] = form_of(marks);
        column.length[i] = static_cast<float>(std::max<int>(marks.length, 1));
        column.sound[i] = sounding ? field.sound[code[i]] : 0;
    }
}

void Bound::load(std::span<const std::uint32_t> records, BlockMarks& out) const {
    const auto fields = all_.fields.size();
    const auto size = records.size();
    out.size = size;
    out.prior = weights_.prior();
    out.least = least_;
    out.columns.resize(fields);
    const auto room = (size + 15) / 16 * 16 + 16;  // a register may reach behind the last record
    for (auto& column : out.columns) {
        column.code.resize(room);
        std::fill(column.code.begin() + static_cast<std::ptrdiff_t>(size), column.code.end(), 0);
    }
    for (std::size_t i = 0; i < size; ++i) {
        if (i + asked_ahead < size) __builtin_prefetch(all_.row(records[i + asked_ahead]).data());
        const auto row = all_.row(records[i]);
        for (std::size_t f = 0; f < fields; ++f) out.columns[f].code[i] = row[f];
    }
    for (std::size_t f = 0; f < fields; ++f) {
        auto& column = out.columns[f];
        column.limits = &weights_.limits(f);
        const auto end = column.code.begin() + static_cast<std::ptrdiff_t>(size);
        const auto first = size == 0 ? 0 : column.code[0];
        column.settled = std::find_if(column.code.begin(), end, [&](auto code) { return code != first; }) == end;
        if (!column.settled) {
            load_marks(f, room, out);
        } else if (first != 0) {
            out.prior += weights_.same_weight(f, first);
        }
    }
    // Where all have one name no two names stand in each other's place.
    out.may_be_swapped = all_.given >= 0 && all_.family >= 0;
    if (!out.may_be_swapped) return;
    out.given = static_cast<std::size_t>(all_.given);
    out.family = static_cast<std::size_t>(all_.family);
    for (const auto f : {out.given, out.family}) {
        auto& column = out.columns[f];
        if (column.settled) out.may_be_swapped = false;
        if (column.settled || column.limits->way == Way::names) continue;
        // Nothing but the letters is read of them.
        column.letters_low.resize(room);
        column.letters_high.resize(room);
        for (std::size_t i = 0; i < size; ++i) {
            const auto letters = all_.fields[f].marks[column.code[i]].letters;
            column.letters_low[i] = static_cast<std::uint32_t>(letters);
            column.letters_high[i] = static_cast<std::uint32_t>(letters >> 32);
        }
    }
}

}  // namespace waymark::people::batch
