#pragma once
// GOV.UK tabs: parts of one page; without scripts, sections one below the other with a list of links.
#include <string>
#include <vector>

#include "web/html.hpp"

namespace waymark::web {

struct TabItem {
    std::string label{};
    std::string id{};  // the prefix and the place in the list where empty
    Html panel{};      // text alone is put into a paragraph
    Attributes attributes{};
    Attributes panel_attributes{};
    bool when = true;  // false leaves it out, and the ids of the others as they were
};

struct TabsOptions {
    std::vector<TabItem> items{};
    std::string id{};
    std::string id_prefix{};
    std::string title = "Contents";
    std::string classes{};
    Attributes attributes{};
};

Html tabs(const TabsOptions&);

}  // namespace waymark::web
