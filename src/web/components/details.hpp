#pragma once
// GOV.UK details: a passage that the reader may open.
#include <string>

#include "web/html.hpp"

namespace waymark::web {

struct DetailsOptions {
    Html summary{};
    Html content{};
    bool open = false;
    std::string id{};
    std::string classes{};
    Attributes attributes{};
};

Html details(const DetailsOptions&);

}  // namespace waymark::web
