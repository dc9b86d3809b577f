#pragma once
// GOV.UK notification banner. At most one on a page, and none where there is an error summary.
#include <optional>
#include <string>

#include "web/html.hpp"

namespace waymark::web {

struct NotificationBannerOptions {
    Html content{};      // text alone becomes the banner's heading line
    std::string type{};  // "success": green, and read out at once
    Html title{};        // "Important" or "Success" where empty
    std::string title_id = "govuk-notification-banner-title";
    int title_heading_level = 2;
    std::string role{};
    std::string classes{};
    std::optional<bool> disable_auto_focus{};
    Attributes attributes{};
};

Html notification_banner(const NotificationBannerOptions&);

}  // namespace waymark::web
