// Writes warning text.
#include "web/components/warning_text.hpp"

namespace waymark::web {

Html warning_text(const WarningTextOptions& o) {
    Writer w;
    w.open("div").classes({"govuk-warning-text", o.classes}).attrs(o.attributes);
    w.literal("<span class=\"govuk-warning-text__icon\" aria-hidden=\"true\">!</span> ");
    w.open("strong").classes({"govuk-warning-text__text"});
    w.element("span", "govuk-visually-hidden", o.icon_fallback_text).literal(" ").add(o.text).close("strong");
    w.close("div");
    return w.done();
}

}  // namespace waymark::web
