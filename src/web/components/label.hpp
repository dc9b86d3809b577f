#pragma once
// GOV.UK label: the name of one form field. Empty text writes nothing.
#include <string>

#include "web/html.hpp"

namespace waymark::web {

struct LabelOptions {
    Html text{};
    std::string for_id{};  // set by the component that holds the label
    std::string classes{};
    bool is_page_heading = false;  // wraps it in the page's h1
    Attributes attributes{};
};

Html label(const LabelOptions&);

}  // namespace waymark::web
