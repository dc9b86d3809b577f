#pragma once
// GOV.UK service navigation: the service's name and its main places.
#include <optional>
#include <string>
#include <vector>

#include "web/html.hpp"

namespace waymark::web {

struct ServiceNavigationItem {
    Html text{};
    std::string href{};
    bool current = false;  // this very page
    bool active = false;   // this page is somewhere below it
    Attributes attributes{};
};

struct ServiceNavigationOptions {
    std::string service_name{};
    std::string service_url{};
    std::vector<ServiceNavigationItem> items{};
    std::string navigation_id = "navigation";
    std::string navigation_label{};  // the menu button's text where empty
    std::string navigation_classes{};
    std::string menu_button_text = "Menu";
    std::string menu_button_label{};
    std::string aria_label = "Service information";
    std::optional<bool> collapse_on_mobile{};  // where there is more than one item
    Html start{};                              // before everything
    Html navigation_start{};                   // list items
    Html navigation_end{};
    Html end{};               // after everything
    bool end_inline = false;  // beside the navigation and not below it
    std::string classes{};
    Attributes attributes{};
};

Html service_navigation(const ServiceNavigationOptions&);

}  // namespace waymark::web
