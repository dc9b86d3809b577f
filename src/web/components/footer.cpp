// Writes the footer: sections, support links, licence.
#include "web/components/footer.hpp"

namespace waymark::web {

namespace {

void write_links(Writer& w, const std::vector<FooterLink>& links, const char* item_class) {
    for (const FooterLink& link : links) {
        w.open("li").classes({item_class}).open("a").classes({"govuk-footer__link"}).href(link.href);
        w.attrs(link.attributes).text(link.text).close("a").close("li");
    }
}

void write_section(Writer& w, const FooterSection& section) {
    w.open("div").classes({"govuk-footer__section", "govuk-grid-column-" + section.width});
    w.element("h2", "govuk-footer__heading govuk-heading-m", section.title);
    if (!section.items.empty()) {
        const std::string columns =
            section.columns > 0 ? "govuk-footer__list--columns-" + std::to_string(section.columns) : std::string();
        w.open("ul").classes({"govuk-footer__list", columns});
        write_links(w, section.items, "govuk-footer__list-item");
        w.close("ul");
    }
    w.close("div");
}

void write_meta(Writer& w, const FooterMeta& meta) {
    w.element("h2", "govuk-visually-hidden", meta.visually_hidden_title);
    if (!meta.items.empty()) {
        w.open("ul").classes({"govuk-footer__inline-list"});
        write_links(w, meta.items, "govuk-footer__inline-list-item");
        w.close("ul");
    }
    if (!meta.content.empty()) w.element("div", "govuk-footer__meta-custom", meta.content);
}

// The mark of the Open Government Licence, which the licence asks to be shown.
constexpr char licence_logo[] =
    "<svg aria-hidden=\"true\" focusable=\"false\" class=\"govuk-footer__licence-logo\" "
    "xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 483.2 195.7\" height=\"17\" width=\"41\">"
    "<path fill=\"currentColor\" d=\"M421.5 142.8V.1l-50.7 32.3v161.1h112.4v-50.7zm-122.3-9.6A47.12 47.12 0 0 1 221 "
    "97.8c0-26 21.1-47.1 47.1-47.1 16.7 0 31.4 8.7 39.7 21.8l42.7-27.2A97.63 97.63 0 0 0 268.1 0c-36.5 0-68.3 "
    "20.1-85.1 49.7A98 98 0 0 0 97.8 0C43.9 0 0 43.9 0 97.8s43.9 97.8 97.8 97.8c36.5 0 68.3-20.1 85.1-49.7a97.76 "
    "97.76 0 0 0 149.6 25.4l19.4 22.2h3v-87.8h-80l24.3 27.5zM97.8 145c-26 0-47.1-21.1-47.1-47.1s21.1-47.1 47.1-47.1 "
    "47.2 21 47.2 47S123.8 145 97.8 145\"/></svg>";

}  // namespace

Html open_government_licence() {
    return Html::raw(
        "All content is available under the <a class=\"govuk-footer__link\" "
        "href=\"https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/\" rel=\"license\">"
        "Open Government Licence v3.0</a>, except where otherwise stated");
}

Html footer(const FooterOptions& o) {
    Writer w;
    w.open("div").classes({"govuk-footer", o.classes}).attrs(o.attributes);
    w.open("div").classes({"govuk-width-container", o.container_classes});
    if (!o.navigation.empty()) {
        w.open("div").classes({"govuk-footer__navigation"});
        for (const FooterSection& section : o.navigation) write_section(w, section);
        w.close("div").open("hr").classes({"govuk-footer__section-break"});
    }
    w.open("div").classes({"govuk-footer__meta"});
    w.open("div").classes({"govuk-footer__meta-item govuk-footer__meta-item--grow"});
    if (o.has_meta || !o.meta.items.empty() || !o.meta.content.empty()) write_meta(w, o.meta);
    if (!o.content_licence.empty()) {
        w.literal(licence_logo).literal(" ");
        w.element("span", "govuk-footer__licence-description", o.content_licence);
    }
    w.close("div").close("div").close("div").close("div");
    return w.done();
}

}  // namespace waymark::web
