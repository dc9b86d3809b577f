#pragma once
// The shares of a model as weights: whole numbers, so that sums are the same in any order.
#include <array>
#include <cstdint>
#include <vector>

#include "people/batch/fit.hpp"
#include "people/batch/limits.hpp"

namespace waymark::people::batch {

class Weights {
public:
    Weights(const Prepared&, const Fit&);
    // log2 of the posterior odds, of the levels of two records.
    [[nodiscard]] double weigh(std::span<const std::uint32_t> row, const Levels& levels) const {
        Weight against_strangers = prior_;
        Weight against_household = household_;
        for (std::size_t f = 0; f < fields_.size(); ++f) {
            const auto level = levels[f];
            const auto& field = fields_[f];
            if (level <= field.same_codes && level != 0 && !field.of_value.empty()) {
                const auto w = field.of_value[row[f]];
                against_strangers += w;
                against_household += field.shared ? field.h[level] : w + field.h_extra;
            } else {
                against_strangers += field.u[level];
                against_household += field.h[level];
            }
        }
        return combine(against_strangers, against_household);
    }
    // Upper bound of the weight: strangers alone.
    [[nodiscard]] static double combine(Weight against_strangers, Weight against_household);
    // The most that the field can weigh where the values are not the same. Without names in each other's place, and
    // without other names where there are none.
    [[nodiscard]] const Limits& limits(std::size_t f) const { return fields_[f].limits; }
    // Asks for what same_weight() reads.
    void prefetch_same(std::size_t f, std::uint32_t code) const {
        const auto& field = fields_[f];
        if (!field.of_value.empty()) __builtin_prefetch(field.of_value.data() + code);
    }
    [[nodiscard]] Weight same_weight(std::size_t f, std::uint32_t code) const {
        const auto& field = fields_[f];
        return field.of_value.empty() ? field.u[same_level] : field.of_value[code];
    }
    [[nodiscard]] Weight field_weight(std::size_t f, std::uint32_t code, LevelCode level) const;
    [[nodiscard]] Weight household_weight(std::size_t f, std::uint32_t code, LevelCode level) const;
    // Of the same value where no record had it when the weights were made: as of a value that one record has.
    [[nodiscard]] Weight field_weight_of_new(std::size_t f) const;
    [[nodiscard]] Weight household_weight_of_new(std::size_t f) const;
    // Of the same value, where the model says how common it is.
    [[nodiscard]] Weight same_weight_of_share(std::size_t f, double share) const;
    [[nodiscard]] Weight household_weight_of_share(std::size_t f, double share) const;
    // Against two of one household, of the same value that weighs so much against strangers.
    [[nodiscard]] Weight household_of_same(std::size_t f, Weight strangers) const {
        const auto& field = fields_[f];
        return field.of_value.empty() || field.shared ? field.h[same_level] : strangers + field.h_extra;
    }
    [[nodiscard]] Weight prior() const { return prior_; }
    [[nodiscard]] Weight household_prior() const { return household_; }

private:
    struct OfField {
        LevelCode same_codes = 1;
        bool shared = false;
        Weight h_extra = 0;
        Limits limits;
        std::array<Weight, most_levels_of_field> u{};
        std::array<Weight, most_levels_of_field> h{};
        Weight of_new = 0;
        double same = 0;               // m of the same value
        std::vector<Weight> of_value;  // for the same value, by code; empty where frequency does not count
    };
    Weight prior_ = 0;
    Weight household_ = 0;
    std::vector<OfField> fields_;
};

}  // namespace waymark::people::batch
