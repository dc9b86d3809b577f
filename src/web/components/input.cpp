// Writes a text input, with a wrapper only where something stands beside it.
#include "web/components/input.hpp"

namespace waymark::web {

namespace {

void write_affix(Writer& w, const AffixOptions& o, const char* class_name) {
    if (o.text.empty()) return;
    w.open("div").classes({class_name, o.classes}).attr("aria-hidden", "true").attrs(o.attributes);
    w.add(o.text).close("div");
}

void write_input(Writer& w, const InputOptions& o, const std::string& id, const std::string& described_by) {
    w.open("input").classes({"govuk-input", o.classes, o.error_message.text.empty() ? "" : "govuk-input--error"});
    w.attr("id", id).attr("name", o.name).attr("type", o.type).yes_no("spellcheck", o.spellcheck);
    w.attr_if("value", o.value).flag("disabled", o.disabled).attr_if("aria-describedby", described_by);
    w.attr_if("autocomplete", o.autocomplete).attr_if("autocapitalize", o.autocapitalize);
    w.attr_if("pattern", o.pattern).attr_if("inputmode", o.inputmode).attrs(o.attributes);
}

}  // namespace

Html input(const InputOptions& o) {
    const std::string& id = o.id.empty() ? o.name : o.id;
    const FormGroupOptions& group = o.form_group;
    Writer w;
    open_form_group(w, group, !o.error_message.text.empty());
    LabelOptions name = o.label;
    name.for_id = id;
    w.add(label(name));
    const std::string described_by = write_hint_and_error(w, id, o.described_by, o.hint, o.error_message);
    const bool wrapped =
        !o.prefix.text.empty() || !o.suffix.text.empty() || !group.before_input.empty() || !group.after_input.empty();
    if (wrapped) {
        w.open("div").classes({"govuk-input__wrapper", o.wrapper.classes}).attrs(o.wrapper.attributes);
        w.add(group.before_input);
        write_affix(w, o.prefix, "govuk-input__prefix");
    }
    write_input(w, o, id, described_by);
    if (wrapped) {
        write_affix(w, o.suffix, "govuk-input__suffix");
        w.add(group.after_input).close("div");
    }
    close_form_group(w);
    return w.done();
}

}  // namespace waymark::web
