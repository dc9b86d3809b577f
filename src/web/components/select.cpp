// Writes a select.
#include "web/components/select.hpp"

namespace waymark::web {

Html select(const SelectOptions& o) {
    const std::string& id = o.id.empty() ? o.name : o.id;
    const bool has_error = !o.error_message.text.empty();
    Writer w;
    open_form_group(w, o.form_group, has_error);
    LabelOptions name = o.label;
    name.for_id = id;
    w.add(label(name));
    const std::string described_by = write_hint_and_error(w, id, o.described_by, o.hint, o.error_message);
    w.add(o.form_group.before_input);
    w.open("select").classes({"govuk-select", o.classes, has_error ? "govuk-select--error" : ""});
    w.attr("id", id).attr("name", o.name).flag("disabled", o.disabled);
    w.attr_if("aria-describedby", described_by).attrs(o.attributes);
    for (const SelectItem& item : o.items) {
        const std::string& effective = item.value ? *item.value : item.text;
        w.open("option");
        if (item.value) w.attr("value", *item.value);
        w.flag("selected", item.selected.value_or(!o.value.empty() && effective == o.value));
        w.flag("disabled", item.disabled).attrs(item.attributes).text(item.text).close("option");
    }
    w.close("select").add(o.form_group.after_input);
    close_form_group(w);
    return w.done();
}

}  // namespace waymark::web
