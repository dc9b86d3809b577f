// Writes an accordion; the headings become buttons only once GOV.UK Frontend's script runs.
#include "web/components/accordion.hpp"

namespace waymark::web {

namespace {

void write_item(Writer& w, const AccordionOptions& o, const AccordionItem& item, const std::string& index) {
    w.open("div").classes({"govuk-accordion__section", item.expanded ? "govuk-accordion__section--expanded" : ""});
    w.open("div").classes({"govuk-accordion__section-header"});
    w.open_heading(o.heading_level).classes({"govuk-accordion__section-heading"});
    w.open("span").classes({"govuk-accordion__section-button"}).attr("id", o.id + "-heading-" + index);
    w.add(item.heading).close("span").close_heading(o.heading_level);
    if (!item.summary.empty()) {
        w.open("div").classes({"govuk-accordion__section-summary govuk-body"});
        w.attr("id", o.id + "-summary-" + index).add(item.summary).close("div");
    }
    w.close("div");
    w.open("div").attr("id", o.id + "-content-" + index).classes({"govuk-accordion__section-content"});
    if (!item.content.empty() && item.content.is_text()) {
        w.element("p", "govuk-body", item.content);
    } else {
        w.add(item.content);
    }
    w.close("div").close("div");
}

}  // namespace

Html accordion(const AccordionOptions& o) {
    Writer w;
    w.open("div").classes({"govuk-accordion", o.classes}).attr("data-module", "govuk-accordion").attr("id", o.id);
    w.attr_if("data-i18n.hide-all-sections", o.hide_all_sections_text);
    w.attr_if("data-i18n.hide-section", o.hide_section_text);
    w.attr_if("data-i18n.hide-section-aria-label", o.hide_section_aria_label_text);
    w.attr_if("data-i18n.show-all-sections", o.show_all_sections_text);
    w.attr_if("data-i18n.show-section", o.show_section_text);
    w.attr_if("data-i18n.show-section-aria-label", o.show_section_aria_label_text);
    w.yes_no("data-remember-expanded", o.remember_expanded).attrs(o.attributes);
    std::size_t index = 0;
    for (const AccordionItem& item : o.items) {
        ++index;
        if (item.when) write_item(w, o, item, std::to_string(index));
    }
    w.close("div");
    return w.done();
}

}  // namespace waymark::web
