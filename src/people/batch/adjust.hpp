#pragma once
// What is known beside the two records of a pair: who else lives in the household, and what people have already judged.
#include <vector>

#include "people/batch/score.hpp"

namespace waymark::people::batch {

// Where two records may be twins and a third may be either, each takes from the other what it gains: the odds are those
// against the other child too. A pair that is the third's own name loses next to nothing; one without a given name, or
// with a name between the two, ends at even odds.
void let_twins_compete(const Prepared&, std::vector<Scored>&);

// The records of pairs that people have judged; what is not in the tables is passed over.
struct JudgedPair {
    std::uint32_t a = 0;  // a below b
    std::uint32_t b = 0;
    bool same = false;
};
std::vector<JudgedPair> judged_pairs(const std::vector<Label>&, const Table& left, const Table* right);
std::vector<Judged> patterns_of(const Prepared&, const std::vector<JudgedPair>&);

// The shift of the prior, in bits, under which the judged pairs are likeliest; held near 0 (deviation of two bits), so
// that a few judgements move it little. It does not matter which weights were picked for judging.
double shift_from_labels(const Prepared&, const Weights&, const std::vector<JudgedPair>&);

}  // namespace waymark::people::batch
