// The bound for one record of a block against those behind it, a register of records at a time; built for several
// instruction sets, of which the machine's best is taken (Highway).
#define HWY_WANT_AVX3_DL 1  // counts bits in one instruction
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "people/batch/bound_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "people/batch/bound.hpp"

HWY_BEFORE_NAMESPACE();
namespace waymark::people::batch::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Ints = hn::ScalableTag<std::int32_t>;
using Words = hn::ScalableTag<std::uint32_t>;
using Floats = hn::ScalableTag<float>;
using Int = hn::Vec<Ints>;
using Word = hn::Vec<Words>;
using Mask = hn::Mask<Ints>;

HWY_INLINE Mask as_ints(hn::Mask<Words> mask) {
    return hn::RebindMask(Ints(), mask);
}

HWY_INLINE Int count_apart(Word low_a, Word high_a, Word low_b, Word high_b) {
    return hn::BitCast(
        Ints(), hn::Add(hn::PopulationCount(hn::Xor(low_a, low_b)), hn::PopulationCount(hn::Xor(high_a, high_b))));
}

// Whether the values at j may be near that at i: the opposite of far().
HWY_INLINE Mask may_be_near(const BlockMarks::Column& column, std::size_t i, std::size_t j) {
    const Words w;
    const Ints d;
    using Way = BlockMarks::Way;
    const auto kin_low = hn::LoadU(w, column.kin_low.data() + j);
    const auto own_low = hn::Set(w, column.kin_low[i]);
    if (column.way == Way::date) {
        const auto differs = hn::Xor(kin_low, own_low);
        const auto same_part = [&](std::uint32_t bits) {
            return hn::Eq(hn::And(differs, hn::Set(w, bits)), hn::Zero(w));
        };
        auto near = hn::Or(same_part(0xff), hn::Or(same_part(0x7f00), same_part(0xffff0000u)));
        near = hn::Or(near, hn::Ne(hn::And(hn::And(kin_low, own_low), hn::Set(w, 0x8000u)), hn::Zero(w)));
        near = hn::Or(near, hn::Eq(kin_low, hn::Zero(w)));
        return as_ints(column.kin_low[i] == 0 ? hn::Eq(own_low, own_low) : near);
    }
    const auto letters_low = hn::LoadU(w, column.letters_low.data() + j);
    const auto letters_high = hn::LoadU(w, column.letters_high.data() + j);
    const auto own_letters_low = hn::Set(w, column.letters_low[i]);
    const auto own_letters_high = hn::Set(w, column.letters_high[i]);
    const auto apart = count_apart(letters_low, letters_high, own_letters_low, own_letters_high);
    if (column.way == Way::postcode) return hn::Lt(apart, hn::Set(d, 5));
    const auto kin_high = hn::LoadU(w, column.kin_high.data() + j);
    const auto shared = hn::Or(hn::Or(hn::And(kin_low, own_low), hn::And(kin_high, hn::Set(w, column.kin_high[i]))),
                               hn::Or(hn::LoadU(w, column.open.data() + j), hn::Set(w, column.open[i])));
    auto near = hn::Ne(shared, hn::Zero(w));
    const auto within = [&](Word a_low, Word a_high, Word b_low, Word b_high) {
        return hn::Eq(hn::Or(hn::AndNot(b_low, a_low), hn::AndNot(b_high, a_high)), hn::Zero(w));
    };
    const auto contained = hn::Or(within(letters_low, letters_high, own_letters_low, own_letters_high),
                                  within(own_letters_low, own_letters_high, letters_low, letters_high));
    const auto begins = hn::Eq(hn::LoadU(w, column.first.data() + j), hn::Set(w, column.first[i]));
    near = hn::Or(near, hn::And(contained, begins));
    if (column.way == Way::names) {
        const auto sounds =
            hn::Or(hn::And(hn::LoadU(w, column.sounds_low.data() + j), hn::Set(w, column.sounds_low[i])),
                   hn::And(hn::LoadU(w, column.sounds_high.data() + j), hn::Set(w, column.sounds_high[i])));
        near = hn::Or(near, hn::Ne(sounds, hn::Zero(w)));
    }
    // a + b - 3.2 ab / (a + b), as in far(), is 0.2 (a + b) + 0.8 (a - b)^2 / (a + b).
    const Floats f;
    const auto length = hn::LoadU(f, column.length.data() + j);
    const auto own_length = hn::Set(f, column.length[i]);
    const auto sum = hn::Add(length, own_length);
    const auto gap = hn::Sub(length, own_length);
    const auto unmatched =
        hn::MulAdd(hn::Set(f, 0.2f), sum, hn::Div(hn::Mul(hn::Set(f, 0.8f), hn::Mul(gap, gap)), sum));
    const auto slips =
        hn::IfThenElse(hn::Lt(hn::Min(length, own_length), hn::Set(f, 6.0f)), hn::Set(f, 2.0f), hn::Set(f, 4.0f));
    const auto most = hn::Max(slips, hn::Add(unmatched, hn::Set(f, 0.001f)));
    const auto few = hn::Le(hn::ConvertTo(f, apart), most);
    return hn::Or(as_ints(near), hn::RebindMask(d, few));
}

std::size_t reach(const BlockMarks& marks, std::size_t i, std::uint32_t* hits) {
    const Ints d;
    const Words w;
    const auto lanes = hn::Lanes(d);
    const bool names = marks.given >= 0 && marks.family >= 0 &&
                       marks.columns[static_cast<std::size_t>(marks.given)].code[i] != 0 &&
                       marks.columns[static_cast<std::size_t>(marks.family)].code[i] != 0 &&
                       !marks.columns[static_cast<std::size_t>(marks.given)].letters_low.empty();
    std::size_t found = 0;
    for (std::size_t j = i + 1; j < marks.size; j += lanes) {
        auto most = hn::Set(d, marks.prior);
        for (const auto& column : marks.columns) {
            const auto own = column.code[i];
            if (own == 0) continue;
            const auto code = hn::LoadU(w, column.code.data() + j);
            const auto same = as_ints(hn::Eq(code, hn::Set(w, own)));
            auto weight = hn::Set(d, column.far);
            if (column.way == BlockMarks::Way::always_near) {
                weight = hn::Set(d, column.near);
            } else if (column.way != BlockMarks::Way::equal_only) {
                weight = hn::IfThenElse(may_be_near(column, i, j), hn::Set(d, column.near), weight);
            }
            weight = hn::IfThenElse(same, hn::Set(d, column.same[i]), weight);
            weight = hn::IfThenZeroElse(as_ints(hn::Eq(code, hn::Zero(w))), weight);
            most = hn::Add(most, weight);
        }
        auto pass = hn::Gt(most, hn::Set(d, marks.least - 1));
        if (names) {
            const auto& given = marks.columns[static_cast<std::size_t>(marks.given)];
            const auto& family = marks.columns[static_cast<std::size_t>(marks.family)];
            const auto crossed = [&](const BlockMarks::Column& own, const BlockMarks::Column& other) {
                const auto apart = count_apart(hn::Set(w, own.letters_low[i]), hn::Set(w, own.letters_high[i]),
                                               hn::LoadU(w, other.letters_low.data() + j),
                                               hn::LoadU(w, other.letters_high.data() + j));
                return hn::Lt(apart, hn::Set(d, 3));
            };
            pass = hn::Or(pass, hn::And(crossed(given, family), crossed(family, given)));
        }
        if (hn::AllFalse(d, pass)) continue;
        std::uint8_t bits[HWY_MAX_BYTES / 8 + 8] = {};
        hn::StoreMaskBits(d, pass, bits);
        for (std::size_t lane = 0; lane < lanes && j + lane < marks.size; ++lane) {
            if ((bits[lane / 8] >> (lane % 8) & 1) != 0) hits[found++] = static_cast<std::uint32_t>(j + lane);
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
