#pragma once
// GOV.UK pagination: the pages of a list, or previous and next of a series.
#include <string>
#include <vector>

#include "web/html.hpp"

namespace waymark::web {

struct PaginationLink {
    std::string href{};  // not shown where empty
    Html text{};         // "Previous page" or "Next page" where empty
    std::string label_text{};
    Attributes attributes{};
};

struct PaginationItem {
    std::string number{};
    std::string href{};
    bool current = false;
    bool ellipsis = false;
    std::string visually_hidden_text{};  // "Page 3" where empty
    Attributes attributes{};
};

struct PaginationOptions {
    PaginationLink previous{};
    PaginationLink next{};
    std::vector<PaginationItem> items{};
    std::string landmark_label = "Pagination";
    std::string classes{};
    Attributes attributes{};
};

Html pagination(const PaginationOptions&);

}  // namespace waymark::web
