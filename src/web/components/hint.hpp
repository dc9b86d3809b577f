#pragma once
// GOV.UK hint: help with one field or option. Where another component holds it, empty text means no hint.
#include <string>

#include "web/html.hpp"

namespace waymark::web {

struct HintOptions {
    Html text{};
    std::string id{};  // set by the component that holds the hint
    std::string classes{};
    Attributes attributes{};
};

Html hint(const HintOptions&);

}  // namespace waymark::web
