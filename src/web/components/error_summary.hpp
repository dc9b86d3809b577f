#pragma once
// GOV.UK error summary: everything that must be mended on a page, at its top, each a link to its field.
#include <optional>
#include <string>
#include <vector>

#include "web/html.hpp"

namespace waymark::web {

struct ErrorSummaryItem {
    Html text{};
    std::string href{};  // "#" and the id of the field
    Attributes attributes{};
};

struct ErrorSummaryOptions {
    Html title = "There is a problem";
    Html description{};
    std::vector<ErrorSummaryItem> errors{};
    std::string classes{};
    std::optional<bool> disable_auto_focus{};
    Attributes attributes{};
};

Html error_summary(const ErrorSummaryOptions&);

}  // namespace waymark::web
