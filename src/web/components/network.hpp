#pragma once
// One person and those around them: a box to the left, a line to each of the others. Drawn as an SVG without style or
// script; the page shows the same as a table. A line that is dashed says that it is over.
#include <string>
#include <vector>

#include "web/html.hpp"

namespace waymark::web {

struct NetworkNode {
    std::string name;
    std::string tie;  // "Mother"
    bool over = false;
};
struct NetworkOptions {
    std::string id = "network";  // of the title and description
    std::string title{};
    std::string description{};
    std::string centre{};
    std::vector<NetworkNode> nodes{};
};

Html network(const NetworkOptions&);

}  // namespace waymark::web
