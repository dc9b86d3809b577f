#include "people/batch/weights.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "people/batch/level_codes.hpp"

namespace waymark::people::batch {

namespace {

Weight whole(double bits) {
    return static_cast<Weight>(std::lround(std::clamp(bits, -100.0, 100.0) * unit));
}

}  // namespace

Weights::Weights(const Prepared& all, const Fit& fit) : prior_(whole(fit.prior)), fields_(all.fields.size()) {
    household_ = whole(fit.prior - fit.household_prior);
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        const auto& field = all.fields[f];
        const auto& shares = fit.fields[f];
        auto& out = fields_[f];
        out.same_codes = same_codes(field.kind);
        out.shared = shared_by_household(field.kind);
        for (std::size_t l = 1; l < shares.m.size(); ++l) {
            out.u[l] = whole(std::log2(shares.m[l] / shares.u[l]));
            out.h[l] = whole(std::log2(shares.m[l] / shares.h[l]));
        }
        out.limits = limits_of(all, f, std::span(out.u).first(levels_of(field.kind).size()));
        if (!graded_by_frequency(field.kind) && field.kind != Kind::date_of_birth) continue;
        const double m_same = same_of(field.kind, shares.m);
        const double h_same = same_of(field.kind, shares.h);
        const double u_same = same_of(field.kind, shares.u);
        for (std::size_t l = 1; l <= out.same_codes; ++l) out.h[l] = whole(std::log2(m_same / h_same));
        // A household's date of birth is the same for twins alone, as often as the model found; a value's own frequency
        // says nothing there.
        if (field.kind == Kind::date_of_birth) out.shared = true;
        out.h_extra = whole(std::log2(u_same / h_same));
        out.of_new = whole(std::log2(m_same * static_cast<double>(std::max<std::uint64_t>(field.present, 1))));
        out.same = m_same;
        out.of_value.resize(field.values->size());
        for (std::uint32_t code = 1; code < field.values->size(); ++code)
            out.of_value[code] =
                field.count[code] == 0 && !field.shares ? 0 : whole(std::log2(m_same / field.share(code)));
    }
}

double Weights::combine(Weight against_strangers, Weight against_household) {
    const double s = against_strangers / unit;
    const double h = against_household / unit;
    if (h - s > 20) return s;
    return -std::log2(std::exp2(-s) + std::exp2(-h));
}

Weight Weights::field_weight(std::size_t f, std::uint32_t code, LevelCode level) const {
    const auto& field = fields_[f];
    if (level != 0 && level <= field.same_codes && !field.of_value.empty()) return field.of_value[code];
    return field.u[level];
}

Weight Weights::field_weight_of_new(std::size_t f) const {
    const auto& field = fields_[f];
    return field.of_value.empty() ? field.u[same_level] : field.of_new;
}

Weight Weights::household_weight_of_new(std::size_t f) const {
    const auto& field = fields_[f];
    return field.of_value.empty() || field.shared ? field.h[same_level] : field.of_new + field.h_extra;
}

Weight Weights::same_weight_of_share(std::size_t f, double share) const {
    const auto& field = fields_[f];
    return field.of_value.empty() ? field.u[same_level] : whole(std::log2(field.same / share));
}

Weight Weights::household_weight_of_share(std::size_t f, double share) const {
    return household_of_same(f, same_weight_of_share(f, share));
}

Weight Weights::household_weight(std::size_t f, std::uint32_t code, LevelCode level) const {
    const auto& field = fields_[f];
    if (level != 0 && level <= field.same_codes && !field.of_value.empty())
        return field.shared ? field.h[level] : field.of_value[code] + field.h_extra;
    return field.h[level];
}

}  // namespace waymark::people::batch
