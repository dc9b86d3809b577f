#pragma once
// GOV.UK back link: to the page before.
#include <string>

#include "web/html.hpp"

namespace waymark::web {

struct BackLinkOptions {
    std::string href = "#";
    Html text = "Back";
    std::string classes{};
    Attributes attributes{};
};

Html back_link(const BackLinkOptions&);

}  // namespace waymark::web
