// Writes a notification banner.
#include "web/components/notification_banner.hpp"

namespace waymark::web {

Html notification_banner(const NotificationBannerOptions& o) {
    const bool success = o.type == "success";
    const std::string role = !o.role.empty() ? o.role : success ? "alert" : "region";
    Writer w;
    w.open("div").classes(
        {"govuk-notification-banner", success ? "govuk-notification-banner--success" : "", o.classes});
    w.attr("role", role).attr("aria-labelledby", o.title_id).attr("data-module", "govuk-notification-banner");
    w.yes_no("data-disable-auto-focus", o.disable_auto_focus).attrs(o.attributes);
    w.open("div").classes({"govuk-notification-banner__header"});
    w.open_heading(o.title_heading_level).classes({"govuk-notification-banner__title"}).attr("id", o.title_id);
    w.add(!o.title.empty() ? o.title : Html(success ? "Success" : "Important"));
    w.close_heading(o.title_heading_level).close("div");
    w.open("div").classes({"govuk-notification-banner__content"});
    if (!o.content.empty() && o.content.is_text()) {
        w.element("p", "govuk-notification-banner__heading", o.content);
    } else {
        w.add(o.content);
    }
    w.close("div").close("div");
    return w.done();
}

}  // namespace waymark::web
