// Writes pagination; without numbered pages it is a block with arrows first.
#include "web/components/pagination.hpp"

namespace waymark::web {

namespace {

constexpr char arrow_previous[] =
    "<svg class=\"govuk-pagination__icon govuk-pagination__icon--prev\" xmlns=\"http://www.w3.org/2000/svg\" "
    "height=\"13\" width=\"15\" aria-hidden=\"true\" focusable=\"false\" viewBox=\"0 0 15 13\">"
    "<path d=\"m6.5938-0.0078125-6.7266 6.7266 6.7441 6.4062 1.377-1.449-4.1856-3.9768h12.896v-2h-12.984l4.2931"
    "-4.293-1.414-1.414z\"></path></svg>";
constexpr char arrow_next[] =
    "<svg class=\"govuk-pagination__icon govuk-pagination__icon--next\" xmlns=\"http://www.w3.org/2000/svg\" "
    "height=\"13\" width=\"15\" aria-hidden=\"true\" focusable=\"false\" viewBox=\"0 0 15 13\">"
    "<path d=\"m8.107-0.0078125-1.4136 1.414 4.2926 4.293h-12.986v2h12.896l-4.1855 3.9766 1.377 1.4492 6.7441"
    "-6.4062-6.7246-6.7266z\"></path></svg>";

enum class Direction { previous, next };

void write_link(Writer& w, const PaginationLink& link, Direction direction, bool block) {
    if (link.href.empty()) return;
    const bool previous = direction == Direction::previous;
    const bool labelled = !link.label_text.empty();
    w.open("div").classes({previous ? "govuk-pagination__prev" : "govuk-pagination__next"});
    w.open("a").classes({"govuk-link govuk-pagination__link"}).href(link.href).attr("rel", previous ? "prev" : "next");
    w.attrs(link.attributes);
    if (previous) {
        w.literal(arrow_previous).literal(" ");
    } else if (block) {
        w.literal(arrow_next).literal(" ");
    }
    w.open("span").classes(
        {"govuk-pagination__link-title", block && !labelled ? "govuk-pagination__link-title--decorated" : ""});
    if (!link.text.empty()) {
        w.add(link.text);
    } else {
        w.text(previous ? "Previous" : "Next").literal("<span class=\"govuk-visually-hidden\"> page</span>");
    }
    w.close("span");
    if (labelled && block) {
        w.literal(" <span class=\"govuk-visually-hidden\">:</span> ");
        w.element("span", "govuk-pagination__link-label", link.label_text);
    }
    if (!block && !previous) w.literal(" ").literal(arrow_next);
    w.close("a").close("div");
}

void write_item(Writer& w, const PaginationItem& item) {
    w.open("li").classes({"govuk-pagination__item", item.current ? "govuk-pagination__item--current" : "",
                          item.ellipsis ? "govuk-pagination__item--ellipsis" : ""});
    if (item.ellipsis) {
        w.literal("&ctdot;");
    } else {
        w.open("a").classes({"govuk-link govuk-pagination__link"}).href(item.href);
        w.attr("aria-label", item.visually_hidden_text.empty() ? "Page " + item.number : item.visually_hidden_text);
        if (item.current) w.attr("aria-current", "page");
        w.attrs(item.attributes).text(item.number).close("a");
    }
    w.close("li");
}

}  // namespace

Html pagination(const PaginationOptions& o) {
    const bool block = o.items.empty() && (!o.next.href.empty() || !o.previous.href.empty());
    Writer w;
    w.open("nav").classes({"govuk-pagination", block ? "govuk-pagination--block" : "", o.classes});
    w.attr("aria-label", o.landmark_label).attrs(o.attributes);
    write_link(w, o.previous, Direction::previous, block);
    if (!o.items.empty()) {
        w.open("ul").classes({"govuk-pagination__list"});
        for (const PaginationItem& item : o.items) write_item(w, item);
        w.close("ul");
    }
    write_link(w, o.next, Direction::next, block);
    w.close("nav");
    return w.done();
}

}  // namespace waymark::web
