#pragma once
// What the model learns from: the patterns of agreement of pairs. A training rule is a block key of two whole fields.
// Among its pairs those two fields agree by construction and say nothing; every other field's share in each class of
// pair is learned there.
#include <array>
#include <vector>

#include "people/batch/pattern.hpp"

namespace waymark::people::batch {

struct Counted {
    Pattern pattern = 0;
    double pairs = 0;
};
struct Training {
    std::vector<std::size_t> fields;  // that agree in it
    std::vector<Counted> patterns;
    double pairs = 0;    // in the whole rule
    double sampled = 0;  // of them, that were compared
    double both = 1;     // chance that two records have all of its fields
    std::array<double, 3> mixture{};
};
std::vector<Training> train(const Prepared&, const Options&, unsigned threads);

// Pairs that people have judged, by pattern: of each, how many are one person and how many are two.
struct Judged {
    Pattern pattern = 0;
    double same = 0;
    double not_same = 0;
};

}  // namespace waymark::people::batch
