#pragma once
// MoJ sub navigation: the parts of one record or section.
#include <string>
#include <vector>

#include "web/html.hpp"

namespace waymark::web {

struct SubNavigationItem {
    Html text{};
    std::string href{};
    bool current = false;
    std::string classes{};
    Attributes attributes{};
};

struct SubNavigationOptions {
    std::vector<SubNavigationItem> items{};
    std::string label = "Sections";  // what a screen reader calls it
    std::string classes{};
    Attributes attributes{};
};

Html sub_navigation(const SubNavigationOptions&);

}  // namespace waymark::web
