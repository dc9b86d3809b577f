#pragma once
// GOV.UK breadcrumbs: where this page is.
#include <string>
#include <vector>

#include "web/html.hpp"

namespace waymark::web {

struct BreadcrumbItem {
    Html text{};
    std::string href{};  // the page itself where empty
    Attributes attributes{};
};

struct BreadcrumbsOptions {
    std::vector<BreadcrumbItem> items{};
    bool collapse_on_mobile = false;
    std::string label_text = "Breadcrumb";
    std::string classes{};
    Attributes attributes{};
};

Html breadcrumbs(const BreadcrumbsOptions&);

}  // namespace waymark::web
