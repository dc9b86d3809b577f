#pragma once
// Every pair that the rules find is weighed once, by the first rule that finds it.
#include <array>
#include <cstdint>
#include <vector>

#include "people/batch/weights.hpp"

namespace waymark::people::batch {

inline constexpr int lowest_bin = -60;
inline constexpr int bins = 121;

struct Scored {
    std::uint32_t a = 0;  // a below b
    std::uint32_t b = 0;
    float weight = 0;
    bool twin = false;  // never, where the options let the weight alone decide
    bool contradicted = false;
    std::uint64_t tie = 0;  // of the two ids: orders pairs of one weight
};
struct Scores {
    std::vector<Scored> pairs;  // of weight `keep` and more, and every pair of twins or siblings; in no order
    std::array<std::uint64_t, bins> histogram{};
    std::array<std::uint64_t, bins> histogram_true{};
    std::vector<RuleCost> rules;
    std::uint64_t scored = 0;
    std::uint64_t true_scored = 0;
};

// Like family name and one place; `contacts`: or one telephone or e-mail address, where these are the household's.
bool one_household(const Prepared&, const Levels&, bool contacts);
// One household and birth date, another given name, and no number of the person's own that agrees.
bool may_be_twins(const Prepared&, const Levels&);
// Two valid NHS numbers or UPNs.
bool contradict(const Prepared&, const Levels&);

// `truth` by record, 0 not known; may be empty.
Result<Scores> score(const Prepared&, const Weights&, const std::vector<std::uint64_t>& truth, double keep,
                     const Options&);

}  // namespace waymark::people::batch
