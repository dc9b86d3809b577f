// Writes details.
#include "web/components/details.hpp"

namespace waymark::web {

Html details(const DetailsOptions& o) {
    Writer w;
    w.open("details").attr_if("id", o.id).classes({"govuk-details", o.classes}).attrs(o.attributes);
    w.flag("open", o.open);
    w.open("summary").classes({"govuk-details__summary"});
    w.element("span", "govuk-details__summary-text", o.summary).close("summary");
    w.element("div", "govuk-details__text", o.content).close("details");
    return w.done();
}

}  // namespace waymark::web
