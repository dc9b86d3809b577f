#pragma once
// GOV.UK tag: a status in a word or two. The word carries the meaning, the colour only helps.
#include <string>

#include "web/html.hpp"

namespace waymark::web {

struct TagOptions {
    Html text{};
    std::string classes{};  // "govuk-tag--green" and the like
    Attributes attributes{};
};

Html tag(const TagOptions&);

}  // namespace waymark::web
