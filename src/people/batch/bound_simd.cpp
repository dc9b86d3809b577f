// The bound for one record of a block against those behind it, a register of records at a time; built for several
// instruction sets, of which the machine's best is taken (Highway).
#define HWY_WANT_AVX3_DL 1  // counts bits in one instruction
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "people/batch/bound_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <bit>
#include <cstring>

#include "people/batch/bound.hpp"

HWY_BEFORE_NAMESPACE();
namespace waymark::people::batch::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Ints = hn::ScalableTag<std::int32_t>;
using Words = hn::ScalableTag<std::uint32_t>;
using Floats = hn::ScalableTag<float>;
using Int = hn::Vec<Ints>;
using Word = hn::Vec<Words>;
using Float = hn::Vec<Floats>;
using Mask = hn::Mask<Ints>;

HWY_INLINE Mask as_ints(hn::Mask<Words> mask) {
    return hn::RebindMask(Ints(), mask);
}

HWY_INLINE Int count_apart(Word low_a, Word high_a, Word low_b, Word high_b) {
    return hn::BitCast(
        Ints(), hn::Add(hn::PopulationCount(hn::Xor(low_a, low_b)), hn::PopulationCount(hn::Xor(high_a, high_b))));
}

HWY_INLINE Int letters_apart(const BlockMarks::Column& column, std::size_t own, std::size_t j) {
    const Words w;
    return count_apart(hn::LoadU(w, column.letters_low.data() + j), hn::LoadU(w, column.letters_high.data() + j),
                       hn::Set(w, column.letters_low[own]), hn::Set(w, column.letters_high[own]));
}

// Records of a block are gone through by so many at a time; their weights so far stay in the nearest memory.
constexpr std::size_t tile = 256;

// One record's value of a column against those of the records from `from` on.
struct Stretch {
    const BlockMarks::Column& column;
    std::size_t own;
    std::size_t from;
    std::size_t count;
    std::int32_t* most;  // what each adds is added to it
};

// The weights of values that are the same, not the same (as `unlike` says at each position) and missing.
template <class Unlike>
HWY_INLINE void add(const Stretch& at, const Unlike& unlike) {
    const Ints d;
    const Words w;
    const auto own = hn::Set(w, at.column.code[at.own]);
    const auto same = hn::Set(d, at.column.same[at.own]);
    const auto* const codes = at.column.code.data() + at.from;
    for (std::size_t j = 0; j < at.count; j += hn::Lanes(d)) {
        const auto code = hn::LoadU(w, codes + j);
        const auto weight = hn::IfThenElse(as_ints(hn::Eq(code, own)), same, unlike(at.from + j));
        const auto known = hn::IfThenZeroElse(as_ints(hn::Eq(code, hn::Zero(w))), weight);
        hn::Store(hn::Add(hn::Load(d, at.most + j), known), d, at.most + j);
    }
}

// As words_far() and dates_far() of limits.cpp: near or far.
HWY_INLINE Int near_or_far(const Limits& limits, Mask near) {
    const Ints d;
    return hn::IfThenElse(near, hn::Set(d, limits.near), hn::Set(d, limits.far));
}

HWY_INLINE void add_dates(const Stretch& at) {
    const Words w;
    const auto& kin = at.column.kin_low;
    const auto own = hn::Set(w, kin[at.own]);
    const bool known = kin[at.own] != 0;
    add(at, [&](std::size_t j) HWY_ATTR {
        const auto theirs = hn::LoadU(w, kin.data() + j);
        const auto differs = hn::Xor(theirs, own);
        const auto same_part = [&](std::uint32_t bits)
                                   HWY_ATTR { return hn::Eq(hn::And(differs, hn::Set(w, bits)), hn::Zero(w)); };
        auto near = hn::Or(same_part(0xff), hn::Or(same_part(0x7f00), same_part(0xffff0000u)));
        near = hn::Or(near, hn::Ne(hn::And(hn::And(theirs, own), hn::Set(w, 0x8000u)), hn::Zero(w)));
        near = hn::Or(near, hn::Eq(theirs, hn::Zero(w)));
        return near_or_far(*at.column.limits, as_ints(known ? near : hn::Eq(own, own)));
    });
}

// As most_of_postcode().
HWY_INLINE void add_postcodes(const Stretch& at) {
    const Ints d;
    const Words w;
    const auto& column = at.column;
    const auto& limits = column.limits->postcode;
    const auto own_place = hn::Set(w, column.kin_low[at.own]);
    const auto different = hn::Set(d, limits.different);
    const auto near = hn::Set(d, limits.near);
    const bool placed = column.kin_low[at.own] != 0;
    add(at, [&](std::size_t j) HWY_ATTR {
        const auto apart = letters_apart(column, at.own, j);
        auto slips = hn::IfThenElse(hn::Lt(apart, hn::Set(d, 5)), hn::Set(d, limits.two_letters), different);
        slips = hn::IfThenElse(hn::Lt(apart, hn::Set(d, 3)), hn::Set(d, limits.one_letter), slips);
        if (!limits.british) return slips;
        if (!placed) return near;
        const auto theirs = hn::LoadU(w, column.kin_low.data() + j);
        const auto differs = hn::BitCast(d, hn::Xor(theirs, own_place));  // below 2^24
        const auto below = [&](std::uint32_t limit)
                               HWY_ATTR { return hn::Lt(differs, hn::Set(d, static_cast<std::int32_t>(limit))); };
        auto place = hn::IfThenElse(below(same_area_below), hn::Set(d, limits.area), different);
        place = hn::IfThenElse(below(same_district_below), hn::Set(d, limits.district), place);
        place = hn::IfThenElse(below(1), hn::Set(d, limits.sector), place);
        return hn::IfThenElse(as_ints(hn::Eq(theirs, hn::Zero(w))), near, hn::Max(slips, place));
    });
}

// What two texts' letters and lengths say of how alike they may be: as limits.hpp has it, q and a + b - q.
HWY_INLINE void measure(const BlockMarks::Column& column, std::size_t own, std::size_t j, Float& uneven, Float& even) {
    const Floats f;
    const auto length = hn::LoadU(f, column.length.data() + j);
    const auto own_length = hn::Set(f, column.length[own]);
    const auto sum = hn::Add(length, own_length);
    const auto gap = hn::Sub(length, own_length);
    uneven = hn::Div(hn::Mul(gap, gap), sum);
    even = hn::Sub(sum, uneven);
}

// A little more than the limit, for rounding.
HWY_INLINE Mask within(Float apart, Float uneven, Float even, Float share, Float slips) {
    const Floats f;
    const auto most = hn::Max(slips, hn::Add(hn::MulAdd(share, even, uneven), hn::Set(f, 0.001f)));
    return hn::RebindMask(Ints(), hn::Le(apart, most));
}

HWY_INLINE Mask much_alike(const BlockMarks::Column& column, std::size_t own, std::size_t j, Float apart, Float uneven,
                           Float even) {
    const Floats f;
    const auto shorter = hn::Min(hn::LoadU(f, column.length.data() + j), hn::Set(f, column.length[own]));
    const auto slips = hn::IfThenElse(hn::Lt(shorter, hn::Set(f, 6.0f)), hn::Set(f, 2.0f), hn::Set(f, 4.0f));
    return within(apart, uneven, even, hn::Set(f, static_cast<float>(share_much_alike)), slips);
}

// The letters of one are among those of the other.
HWY_INLINE Mask contain(const BlockMarks::Column& column, std::size_t own, std::size_t j) {
    const Words w;
    const auto low = hn::LoadU(w, column.letters_low.data() + j);
    const auto high = hn::LoadU(w, column.letters_high.data() + j);
    const auto own_low = hn::Set(w, column.letters_low[own]);
    const auto own_high = hn::Set(w, column.letters_high[own]);
    const auto only_theirs = hn::Or(hn::AndNot(own_low, low), hn::AndNot(own_high, high));
    const auto only_own = hn::Or(hn::AndNot(low, own_low), hn::AndNot(high, own_high));
    return as_ints(hn::Or(hn::Eq(only_theirs, hn::Zero(w)), hn::Eq(only_own, hn::Zero(w))));
}

HWY_INLINE void add_words(const Stretch& at) {
    const Words w;
    const auto& column = at.column;
    const auto kin_low = hn::Set(w, column.kin_low[at.own]);
    const auto kin_high = hn::Set(w, column.kin_high[at.own]);
    const auto start = hn::Set(w, column.start[at.own]);
    const auto form = hn::Set(w, column.form[at.own]);
    add(at, [&](std::size_t j) HWY_ATTR {
        const auto none = hn::Zero(w);
        const auto letters = letters_apart(column, at.own, j);
        const auto apart = hn::ConvertTo(Floats(), letters);
        Float uneven;
        Float even;
        measure(column, at.own, j, uneven, even);
        const auto shared = hn::Or(hn::And(hn::LoadU(w, column.kin_low.data() + j), kin_low),
                                   hn::And(hn::LoadU(w, column.kin_high.data() + j), kin_high));
        const auto forms = hn::Or(hn::LoadU(w, column.form.data() + j), form);
        const auto open = hn::Or(shared, hn::And(forms, hn::Set(w, BlockMarks::too_long)));
        const auto unlike = hn::And(hn::Xor(hn::LoadU(w, column.start.data() + j), start), hn::Set(w, 0xffffu));
        const auto begins = hn::And(as_ints(hn::Eq(unlike, none)), contain(column, at.own, j));
        const auto like = hn::Or(begins, much_alike(column, at.own, j, apart, uneven, even));
        const auto near = hn::Or(as_ints(hn::Ne(open, none)), like);
        return near_or_far(*column.limits, near);
    });
}

// As most_of_name().
HWY_INLINE void add_names(const Stretch& at) {
    const Ints d;
    const Words w;
    const Floats f;
    const auto& column = at.column;
    const auto& limits = column.limits->name;
    const bool has_kin = (column.kin_low[at.own] | column.kin_high[at.own]) != 0;
    const bool has_sound = column.sound[at.own] != 0;
    const auto kin_low = hn::Set(w, column.kin_low[at.own]);
    const auto kin_high = hn::Set(w, column.kin_high[at.own]);
    const auto sound = hn::Set(w, column.sound[at.own]);
    const auto start = hn::Set(w, column.start[at.own]);
    const auto own_form = hn::Set(w, column.form[at.own]);
    const auto rarity = hn::Set(w, column.form[at.own] & BlockMarks::rarity);
    const auto table = [&](const NameLimits::ByRarity& of) HWY_ATTR { return hn::LoadDup128(d, of.data()); };
    const auto loose = table(limits.loose);
    const auto alike = table(limits.alike);
    const auto one_letter = table(limits.one_letter);
    const auto sounds = table(limits.sounds);
    add(at, [&](std::size_t j) HWY_ATTR {
        const auto none = hn::Zero(w);
        const auto form = hn::LoadU(w, column.form.data() + j);
        const auto forms = hn::Or(form, own_form);
        const auto has = [&](std::uint32_t bits)
                             HWY_ATTR { return as_ints(hn::Ne(hn::And(forms, hn::Set(w, bits)), none)); };
        const auto rarer =
            hn::IndicesFromVec(d, hn::BitCast(d, hn::Min(hn::And(form, hn::Set(w, BlockMarks::rarity)), rarity)));
        const auto of = [&](Int each) HWY_ATTR { return hn::TableLookupLanes(each, rarer); };
        const auto letters = letters_apart(column, at.own, j);
        const auto apart = hn::ConvertTo(Floats(), letters);
        Float uneven;
        Float even;
        measure(column, at.own, j, uneven, even);
        const auto unlike = hn::Xor(hn::LoadU(w, column.start.data() + j), start);
        const auto first_same = [&](std::uint32_t bits)
                                    HWY_ATTR { return hn::Eq(hn::And(unlike, hn::Set(w, bits)), none); };
        auto share = hn::IfThenElse(hn::RebindMask(f, first_same(0xffffu)),
                                    hn::Set(f, static_cast<float>(share_loosely_alike_of3)),
                                    hn::Set(f, static_cast<float>(share_loosely_alike)));
        share = hn::IfThenElse(hn::RebindMask(f, hn::Eq(unlike, none)),
                               hn::Set(f, static_cast<float>(share_loosely_alike_of4)), share);
        const auto alike_weight = of(alike);
        const auto loosely_alike = within(apart, uneven, even, share, hn::Set(f, 4.0f));
        auto most = hn::IfThenElse(loosely_alike, of(loose), hn::Set(d, limits.different));
        most = hn::IfThenElse(much_alike(column, at.own, j, apart, uneven, even), alike_weight, most);
        most = hn::IfThenElse(hn::Lt(letters, hn::Set(d, 3)), of(one_letter), most);
        const auto at_least = [&](Mask where, Int weight)
                                  HWY_ATTR { most = hn::IfThenElse(where, hn::Max(most, weight), most); };
        if (has_kin) {
            const auto shared = hn::Or(hn::And(hn::LoadU(w, column.kin_low.data() + j), kin_low),
                                       hn::And(hn::LoadU(w, column.kin_high.data() + j), kin_high));
            at_least(as_ints(hn::Ne(shared, none)), hn::Set(d, limits.variant));
        }
        at_least(hn::And(as_ints(first_same(0xffffffu)), contain(column, at.own, j)), hn::Set(d, limits.begins));
        const auto sounds_weight = of(sounds);
        if (has_sound) at_least(as_ints(hn::Eq(hn::LoadU(w, column.sound.data() + j), sound)), sounds_weight);
        // The rest is seldom seen.
        const auto special = has(BlockMarks::several | BlockMarks::initial | BlockMarks::too_long);
        if (hn::AllFalse(d, special)) return most;
        const auto common = hn::ShiftRight<BlockMarks::sounds_from>(hn::And(form, own_form));
        const auto share_words =
            hn::And(has(BlockMarks::several), hn::Or(as_ints(hn::Ne(common, none)), hn::Eq(letters, hn::Zero(d))));
        at_least(share_words, hn::Max(alike_weight, hn::Set(d, limits.words)));
        at_least(has(BlockMarks::initial), hn::Max(sounds_weight, hn::Set(d, limits.initial)));
        at_least(has(BlockMarks::too_long), hn::Set(d, limits.near));
        return most;
    });
}

HWY_INLINE void add_column(const Stretch& at) {
    const Ints d;
    using Way = Limits::Way;
    const auto& limits = *at.column.limits;
    switch (limits.way) {
        case Way::names:
            add_names(at);
            break;
        case Way::words:
            add_words(at);
            break;
        case Way::date:
            add_dates(at);
            break;
        case Way::postcode:
            add_postcodes(at);
            break;
        default:
            add(at, [&](std::size_t)
                        HWY_ATTR { return hn::Set(d, limits.way == Way::equal_only ? limits.far : limits.near); });
    }
}

// Whether `given` of the record at i may be `family` of those at j: letters that only one of two has are two at most.
HWY_INLINE Mask one_name(const BlockMarks::Column& of_i, std::size_t i, const BlockMarks::Column& of_j, std::size_t j) {
    const Words w;
    return hn::Lt(count_apart(hn::Set(w, of_i.letters_low[i]), hn::Set(w, of_i.letters_high[i]),
                              hn::LoadU(w, of_j.letters_low.data() + j), hn::LoadU(w, of_j.letters_high.data() + j)),
                  hn::Set(Ints(), 3));
}

std::size_t reach(const BlockMarks& marks, std::size_t i, std::uint32_t* hits) {
    const Ints d;
    const auto lanes = hn::Lanes(d);
    const auto least = hn::Set(d, marks.least - 1);
    const auto& given = marks.columns[marks.given];
    const auto& family = marks.columns[marks.family];
    const bool swaps = marks.may_be_swapped && given.code[i] != 0 && family.code[i] != 0;
    HWY_ALIGN std::int32_t most[tile];
    std::size_t found = 0;
    for (std::size_t from = i + 1; from < marks.size; from += tile) {
        const auto count = HWY_MIN(tile, marks.size - from);
        for (std::size_t j = 0; j < count; j += lanes) hn::Store(hn::Set(d, marks.prior), d, most + j);
        for (const auto& column : marks.columns) {
            if (!column.settled && column.code[i] != 0) add_column({column, i, from, count, most});
        }
        for (std::size_t j = 0; j < count; j += lanes) {
            auto pass = hn::Gt(hn::Load(d, most + j), least);
            if (swaps) {
                const auto crossed = one_name(given, i, family, from + j);
                if (!hn::AllFalse(d, crossed))
                    pass = hn::Or(pass, hn::And(crossed, one_name(family, i, given, from + j)));
            }
            if (hn::AllFalse(d, pass)) continue;
            std::uint8_t bytes[HWY_MAX_BYTES / 8 + 8] = {};
            hn::StoreMaskBits(d, pass, bytes);
            std::uint64_t bits = 0;
            std::memcpy(&bits, bytes, sizeof bits);
            if (count - j < lanes) bits &= (std::uint64_t{1} << (count - j)) - 1;
            for (; bits != 0; bits &= bits - 1)
                hits[found++] = static_cast<std::uint32_t>(from + j + static_cast<std::size_t>(std::countr_zero(bits)));
        }
    }
    return found;
}

}  // namespace waymark::people::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace waymark::people::batch {

HWY_EXPORT(reach);

std::size_t Bound::reach(const BlockMarks& marks, std::size_t i, std::uint32_t* hits) {
    return HWY_DYNAMIC_DISPATCH(reach)(marks, i, hits);
}

std::string_view Bound::instructions() {
    switch (hwy::SupportedTargets() & -hwy::SupportedTargets()) {
        case HWY_AVX3_DL:
        case HWY_AVX3:
            return "AVX-512";
        case HWY_AVX2:
            return "AVX2";
        case HWY_SSE4:
        case HWY_SSSE3:
            return "SSE4";
        default:
            return "portable";
    }
}

}  // namespace waymark::people::batch
#endif
