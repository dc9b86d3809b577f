#pragma once
// GOV.UK panel: that something was done (confirmation), or with the class govuk-panel--interruption a page that stops
// the reader before something that matters, with what they may do next. Interrupt sparingly, never twice in a row.
#include <optional>
#include <string>
#include <vector>

#include "web/html.hpp"

namespace waymark::web {

struct PanelAction {
    std::string text{};
    std::string href{};
    std::string type{};  // "button" or "submit"; a link where empty and there is an href
    std::string classes{};
    Attributes attributes{};
};

struct PanelActions {
    std::vector<PanelAction> items{};
    std::string classes{};
    Attributes attributes{};
};

struct PanelOptions {
    Html title{};
    Html content{};
    int heading_level = 1;
    std::string classes{};
    std::optional<PanelActions> actions{};  // of an interruption only
    Attributes attributes{};
};

Html panel(const PanelOptions&);

}  // namespace waymark::web
