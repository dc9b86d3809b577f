#pragma once
// Two people who stand in no table, weighed to the bit as the engine weighs two records. What is known of each person's
// values is found once.
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "people/batch/pattern.hpp"
#include "people/batch/weights.hpp"

namespace waymark::people::batch {

struct Someone {
    struct Name {
        std::uint64_t sounds = 0;
        std::uint32_t sound = 0;
        std::vector<std::uint32_t> groups;
    };
    std::string texts;  // of all fields, one behind the other
    std::array<std::uint32_t, most_compared> ends{};
    std::array<std::uint64_t, most_compared> letters{};
    std::array<Weight, most_compared> same{};  // what the same value on both sides weighs
    std::array<Rarity, most_compared> rarity{};
    std::array<Name, 3> names;        // given, family, other
    std::vector<std::string> former;  // postcodes

    [[nodiscard]] std::string_view text(std::size_t f) const {
        const auto from = f == 0 ? 0 : ends[f - 1];
        return std::string_view(texts).substr(from, ends[f] - from);
    }
};

class Scales {
public:
    // Refused: a model that says nothing of how common values are. The variants must outlive it.
    static Result<Scales> of(const LinkageModel&, const NameVariants* given, const NameVariants* family);

    // Values by field, in their normal form (normal_value); empty where not known. And the postcodes of before.
    [[nodiscard]] Someone someone(std::span<const std::string> values, std::span<const std::string> former = {}) const;
    void levels(const Someone&, const Someone&, Levels&) const;
    // log2 of the posterior odds.
    [[nodiscard]] double weigh(const Someone&, const Someone&, const Levels&) const;
    // What a field adds, and what all fields together take away because a household shares them.
    [[nodiscard]] double field_weight(std::size_t f, const Someone&, LevelCode) const;
    [[nodiscard]] double household_takes(const Someone&, const Levels&) const;
    [[nodiscard]] const Prepared& fields() const { return all_; }

private:
    Scales(Prepared all, Weights weights, const NameVariants* given, const NameVariants* family)
        : all_(std::move(all)), weights_(std::move(weights)), given_(given), family_(family) {}
    struct Sums {
        Weight strangers;
        Weight household;
    };
    [[nodiscard]] Sums sums(const Someone&, const Levels&) const;

    Prepared all_;
    Weights weights_;
    const NameVariants* given_;
    const NameVariants* family_;
};

}  // namespace waymark::people::batch
