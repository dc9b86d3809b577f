#pragma once
// MoJ badge: a short mark beside a heading or a name ("Looked after", "Restricted"). The words carry the meaning.
#include <string>

#include "web/html.hpp"

namespace waymark::web {

struct BadgeOptions {
    Html text{};
    std::string classes{};  // "moj-badge--red" and the like
    Attributes attributes{};
};

Html badge(const BadgeOptions&);

}  // namespace waymark::web
