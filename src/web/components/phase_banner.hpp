#pragma once
// GOV.UK phase banner: a tag and a sentence above every page.
#include <string>

#include "web/components/tag.hpp"
#include "web/html.hpp"

namespace waymark::web {

struct PhaseBannerOptions {
    TagOptions tag{};
    Html content{};
    std::string classes{};
    Attributes attributes{};
};

Html phase_banner(const PhaseBannerOptions&);

}  // namespace waymark::web
