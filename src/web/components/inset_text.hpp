#pragma once
// GOV.UK inset text: a passage set apart, such as words that are quoted.
#include <string>

#include "web/html.hpp"

namespace waymark::web {

struct InsetTextOptions {
    Html content{};
    std::string id{};
    std::string classes{};
    Attributes attributes{};
};

Html inset_text(const InsetTextOptions&);

}  // namespace waymark::web
