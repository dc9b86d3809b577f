#pragma once
// GOV.UK button: a submit or other button, or with an href a link that looks like one.
#include <optional>
#include <string>

#include "web/html.hpp"

namespace waymark::web {

struct ButtonOptions {
    Html text{};
    std::string name{};
    std::string value{};
    std::string type = "submit";
    std::string href{};
    std::string id{};
    std::string classes{};
    bool disabled = false;
    bool is_start_button = false;
    std::optional<bool> prevent_double_click{};
    Attributes attributes{};
};

Html button(const ButtonOptions&);

}  // namespace waymark::web
