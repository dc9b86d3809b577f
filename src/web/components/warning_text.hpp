#pragma once
// GOV.UK warning text: one sentence that must not be missed.
#include <string>

#include "web/html.hpp"

namespace waymark::web {

struct WarningTextOptions {
    Html text{};
    std::string icon_fallback_text = "Warning";
    std::string classes{};
    Attributes attributes{};
};

Html warning_text(const WarningTextOptions&);

}  // namespace waymark::web
