#pragma once
// GOV.UK fieldset: fields that belong together, under one legend.
#include <string>

#include "web/html.hpp"

namespace waymark::web {

struct LegendOptions {
    Html text{};
    std::string classes{};
    bool is_page_heading = false;
};

struct FieldsetOptions {
    LegendOptions legend{};
    Html content{};
    std::string described_by{};
    std::string classes{};
    std::string role{};
    Attributes attributes{};
};

Html fieldset(const FieldsetOptions&);

}  // namespace waymark::web
