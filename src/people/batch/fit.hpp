#pragma once
// How the model is found: u counted from value frequencies, m and the household's shares by EM over the agreement
// patterns of blocks and over the pairs that people have judged.
#include <vector>

#include "people/batch/training.hpp"

namespace waymark::people::batch {

struct FieldShares {
    std::vector<double> m;  // by level code; 0 (missing) is not among the shares
    std::vector<double> h;
    std::vector<double> u;
};
struct Fit {
    double prior = -20;  // log2 odds
    double household_prior = -60;
    std::vector<FieldShares> fields;
};

// Gives `h` from `m` and `u`. `twins`: of two children of one household, the share of one birth date.
void share_household(Kind, FieldShares&, double twins);
// Twins are some 1.5 % of births in England and Wales (ONS, birth characteristics): so many of those who share a birth
// date and a household are two children, at most.
inline constexpr double most_twins = 0.02;

// Of a former postcode that agrees, where no file says it: one in thirty pairs of one child, as many move and the older
// address stands in the other's books; of strangers twice what one postcode in 5,000 is shared by, times the one record
// in five that has a former one.
inline constexpr double former_postcode_m = 0.03;
inline constexpr double former_postcode_u = 8e-5;
inline constexpr double first_twins = 0.03;  // of two children of one household, those of one birth date, at first

Fit fit_model(const Prepared&, const Options&, const std::vector<Judged>& = {});
// How much of the shares is of the same value.
double same_of(Kind, const std::vector<double>& shares);

// What one person's fields may share with others of the household.
bool shared_by_household(Kind);

}  // namespace waymark::people::batch
