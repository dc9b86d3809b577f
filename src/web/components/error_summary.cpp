// Writes an error summary.
#include "web/components/error_summary.hpp"

namespace waymark::web {

Html error_summary(const ErrorSummaryOptions& o) {
    Writer w;
    w.open("div").classes({"govuk-error-summary", o.classes});
    w.yes_no("data-disable-auto-focus", o.disable_auto_focus).attrs(o.attributes);
    w.attr("data-module", "govuk-error-summary");
    // The alert is a child, so that setting focus on the summary does not cut its announcement short.
    w.open("div").attr("role", "alert");
    w.element("h2", "govuk-error-summary__title", o.title);
    w.open("div").classes({"govuk-error-summary__body"});
    if (!o.description.empty()) w.element("p", "", o.description);
    if (!o.errors.empty()) {
        w.open("ul").classes({"govuk-list govuk-error-summary__list"});
        for (const ErrorSummaryItem& item : o.errors) {
            w.open("li");
            if (item.href.empty()) {
                w.add(item.text);
            } else {
                w.open("a").href(item.href).attrs(item.attributes).add(item.text).close("a");
            }
            w.close("li");
        }
        w.close("ul");
    }
    w.close("div").close("div").close("div");
    return w.done();
}

}  // namespace waymark::web
