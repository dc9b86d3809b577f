// Writes a button, or a link with the role of one.
#include "web/components/button.hpp"

namespace waymark::web {

namespace {

void write_common_attributes(Writer& w, const ButtonOptions& o) {
    w.classes({"govuk-button", o.classes, o.is_start_button ? "govuk-button--start" : ""});
    w.attr("data-module", "govuk-button").attrs(o.attributes).attr_if("id", o.id);
}

void write_content(Writer& w, const ButtonOptions& o) {
    // A start button is a flex box, which drops the white space between elements: markup stays in one span.
    if (o.is_start_button && !o.text.is_text()) {
        w.element("span", "", o.text);
    } else {
        w.add(o.text);
    }
    if (!o.is_start_button) return;
    w.literal(
        " <svg class=\"govuk-button__start-icon\" xmlns=\"http://www.w3.org/2000/svg\" width=\"17.5\" height=\"19\" "
        "viewBox=\"0 0 33 40\" aria-hidden=\"true\" focusable=\"false\">"
        "<path fill=\"currentColor\" d=\"M0 0h13l20 20-20 20H0l20-20z\"/></svg>");
}

}  // namespace

Html button(const ButtonOptions& o) {
    Writer w;
    if (!o.href.empty()) {
        w.open("a").href(o.href).attr("role", "button").attr("draggable", "false");
        write_common_attributes(w, o);
        write_content(w, o);
        w.close("a");
        return w.done();
    }
    w.open("button").attr("type", o.type).attr_if("value", o.value).attr_if("name", o.name);
    if (o.disabled) w.flag("disabled", true).attr("aria-disabled", "true");
    w.yes_no("data-prevent-double-click", o.prevent_double_click);
    write_common_attributes(w, o);
    write_content(w, o);
    w.close("button");
    return w.done();
}

}  // namespace waymark::web
