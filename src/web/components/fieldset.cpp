// Writes a fieldset with its legend.
#include "web/components/fieldset.hpp"

namespace waymark::web {

Html fieldset(const FieldsetOptions& o) {
    Writer w;
    w.open("fieldset").classes({"govuk-fieldset", o.classes}).attr_if("role", o.role);
    w.attr_if("aria-describedby", o.described_by).attrs(o.attributes);
    if (!o.legend.text.empty()) {
        w.open("legend").classes({"govuk-fieldset__legend", o.legend.classes});
        if (o.legend.is_page_heading) {
            w.element("h1", "govuk-fieldset__heading", o.legend.text);
        } else {
            w.add(o.legend.text);
        }
        w.close("legend");
    }
    w.add(o.content).close("fieldset");
    return w.done();
}

}  // namespace waymark::web
