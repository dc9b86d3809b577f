// Writes a phase banner.
#include "web/components/phase_banner.hpp"

namespace waymark::web {

Html phase_banner(const PhaseBannerOptions& o) {
    Writer w;
    w.open("div").classes({"govuk-phase-banner govuk-width-container", o.classes}).attrs(o.attributes);
    w.open("p").classes({"govuk-phase-banner__content"});
    TagOptions mark{.text = o.tag.text, .classes = "govuk-phase-banner__content__tag"};
    if (!o.tag.classes.empty()) mark.classes += " " + o.tag.classes;
    w.add(waymark::web::tag(mark)).literal(" ");
    w.element("span", "govuk-phase-banner__text", o.content);
    w.close("p").close("div");
    return w.done();
}

}  // namespace waymark::web
