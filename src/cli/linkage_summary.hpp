#pragma once
// The figures of a run, in words for a person and as one object for a program.
#include <string>
#include <vector>

#include "base/json.hpp"
#include "people/batch/batch.hpp"

namespace waymark::cli {

// What a run did, beside the engine's own results.
struct LinkageFigures {
    std::vector<std::string> files;
    std::vector<people::batch::RowCount> rows;  // by file
    std::vector<people::batch::ColumnUse> columns;
    std::uint64_t linked = 0;         // pairs
    std::uint64_t offered = 0;        // pairs for a person to look at, the next two among them
    std::uint64_t twins = 0;          // offered because another child of one household may be meant
    std::uint64_t contradicted = 0;   // offered because two valid numbers differ
    std::uint64_t pairs_possible = 0;
    std::uint64_t clusters_of_several = 0;
    std::uint64_t records_in_clusters = 0;  // of two and more
    std::uint64_t largest_cluster = 0;
    std::uint64_t several_links = 0;  // of link: records with more than one link
    std::size_t labels = 0;
    std::vector<std::string> written;
};
LinkageFigures figures_of(const std::vector<std::string>& files, const std::vector<people::batch::TablePtr>& tables,
                          const people::batch::Results&);

json::object to_json(const LinkageFigures&, const people::batch::Results&);
std::string in_words(const LinkageFigures&, const people::batch::Results&);

double probability_of(double weight);
std::string grouped(std::uint64_t);  // 1,234,567

}  // namespace waymark::cli
