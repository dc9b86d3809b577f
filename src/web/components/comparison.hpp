#pragma once
// Two views of what may be one person, or two versions of one entry, side by side: a table whose rows are the facts
// and whose last column says in words what the colour of the row only repeats.
#include <string>
#include <vector>

#include "web/html.hpp"

namespace waymark::web {

enum class Agreement { same, similar, differs, one_missing, both_missing };

struct ComparisonRow {
    Html label{};
    Html left{};  // "Not recorded" is written where empty
    Html right{};
    Agreement agreement = Agreement::same;
    Html note{};  // instead of the usual word for the agreement
};

struct ComparisonWords {
    std::string fact = "Fact";
    std::string verdict = "Do they agree?";
    std::string same = "Same";
    std::string similar = "Similar";
    std::string differs = "Different";
    std::string one_missing = "Known to one only";
    std::string both_missing = "Not known to either";
    std::string not_recorded = "Not recorded";
};

struct ComparisonOptions {
    std::string caption{};
    std::string caption_classes = "govuk-table__caption--m";
    Html left_heading{};
    Html right_heading{};
    std::vector<ComparisonRow> rows{};
    ComparisonWords words{};
};

Html comparison(const ComparisonOptions&);

}  // namespace waymark::web
