#pragma once
// GOV.UK skip link: the first thing that a keyboard reaches.
#include <string>

#include "web/html.hpp"

namespace waymark::web {

struct SkipLinkOptions {
    Html text{};
    std::string href = "#content";
    std::string classes{};
    Attributes attributes{};
};

Html skip_link(const SkipLinkOptions&);

}  // namespace waymark::web
