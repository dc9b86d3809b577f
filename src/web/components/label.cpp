// Writes a label.
#include "web/components/label.hpp"

namespace waymark::web {

Html label(const LabelOptions& o) {
    if (o.text.empty()) return {};
    Writer w;
    if (o.is_page_heading) w.open("h1").classes({"govuk-label-wrapper"});
    w.open("label").classes({"govuk-label", o.classes}).attrs(o.attributes).attr_if("for", o.for_id);
    w.add(o.text).close("label");
    if (o.is_page_heading) w.close("h1");
    return w.done();
}

}  // namespace waymark::web
