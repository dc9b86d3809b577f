#pragma once
// The figures of a run, in words for a person and as one object for a program.
#include <string>
#include <vector>

#include "base/json.hpp"
#include "exchange/linkage.hpp"
#include "people/batch/batch.hpp"

namespace waymark::cli {

// What a run did, beside the engine's own results.
struct LinkageSummary {
    std::vector<std::string> files;
    std::vector<people::batch::RowCount> rows;  // by file
    std::vector<people::batch::ColumnUse> columns;
    exchange::LinkageFigures figures;
    std::size_t labels = 0;
    std::vector<std::string> written;
};

json::object to_json(const LinkageSummary&, const people::batch::Results&);
std::string in_words(const LinkageSummary&, const people::batch::Results&);

}  // namespace waymark::cli
