#pragma once
// Linkage of bare files, as the outside sees it: reviewed pairs in; figures, a chart of the weights and a report out.
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "people/batch/batch.hpp"

namespace waymark::exchange {

// Reviewed pairs: CSV with a header that has id_l, id_r and same (yes/no, true/false, 1/0, same/not-same), other
// columns ignored. Splink's names are taken too: unique_id_l, unique_id_r, clerical_match_score (from 0.5: the same).
// Taken whole or refused with file and line: a label that is misread teaches the model something wrong. At most
// 10,000,000 rows.
Result<std::vector<people::batch::Label>> read_labels(std::istream&, const std::string& name);

// What a run came to, counted from its results.
struct LinkageFigures {
    bool two_files = false;
    std::uint64_t records = 0;       // taken, of both files
    std::uint64_t linked = 0;        // pairs
    std::uint64_t offered = 0;       // pairs for a person to look at, the next two among them
    std::uint64_t twins = 0;         // offered because another child of one household may be meant
    std::uint64_t contradicted = 0;  // offered because two valid numbers differ
    std::uint64_t pairs_possible = 0;
    std::uint64_t clusters = 0;             // of one file
    std::uint64_t clusters_of_several = 0;  // of two records and more
    std::uint64_t records_in_clusters = 0;  // of two and more
    std::uint64_t largest_cluster = 0;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> cluster_sizes;  // size, how many; smallest first
    std::uint64_t records_linked = 0;                                    // of two files: records of either with a link
    std::uint64_t several_links = 0;                                     // of two files: records with more than one
};
LinkageFigures figures_of(const people::batch::Results&, const people::batch::Table& left,
                          const people::batch::Table* right);
double probability_of(double weight);

struct LinkageRun {
    const people::batch::Results& results;
    const people::batch::Table& left;
    const people::batch::Table* right = nullptr;
    const LinkageFigures& figures;
    std::vector<std::string> files;
    std::string command = {};  // as it was typed
    std::string made = {};     // when, for people to read
    enum class Threshold { by_precision, by_probability, of_model } threshold = Threshold::by_precision;
    std::optional<double> wanted_precision = {};  // where it was asked for
    std::size_t labels = 0;                       // reviewed pairs that the model learned from
    bool show_records = true;                     // examples and common values, which are personal data
};
// One HTML file that needs no other and runs nothing: well-formed as XML too, so that a program can check it.
std::string linkage_report(const LinkageRun&);
// The weight of every level of every field, as one SVG.
std::string weights_chart(const people::batch::LinkageModel&);

}  // namespace waymark::exchange
