#pragma once
// MoJ identity bar: whose record this is, the same on every page of it, so that nobody writes in the wrong child's
// record. Ours adds a line of facts (born, address area, lead professional) under the name.
#include <string>
#include <utility>
#include <vector>

#include "web/components/badge.hpp"
#include "web/html.hpp"

namespace waymark::web {

struct IdentityBarOptions {
    Html title{};  // the name
    std::vector<BadgeOptions> badges{};
    std::vector<std::pair<Html, Html>> facts{};  // what it is and what it says
    Html actions{};                              // buttons, on the right
    std::string classes{};
    Attributes attributes{};
};

Html identity_bar(const IdentityBarOptions&);

}  // namespace waymark::web
