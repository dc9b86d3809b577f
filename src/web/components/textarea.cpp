// Writes a textarea, giving back exactly what was typed.
#include "web/components/textarea.hpp"

namespace waymark::web {

Html textarea(const TextareaOptions& o) {
    const std::string& id = o.id.empty() ? o.name : o.id;
    const bool has_error = !o.error_message.text.empty();
    Writer w;
    open_form_group(w, o.form_group, has_error);
    LabelOptions name = o.label;
    name.for_id = id;
    w.add(label(name));
    const std::string described_by = write_hint_and_error(w, id, o.described_by, o.hint, o.error_message);
    w.add(o.form_group.before_input);
    w.open("textarea").classes({"govuk-textarea", has_error ? "govuk-textarea--error" : "", o.classes});
    w.attr("id", id).attr("name", o.name).attr("rows", o.rows).yes_no("spellcheck", o.spellcheck);
    w.flag("disabled", o.disabled).attr_if("aria-describedby", described_by);
    w.attr_if("autocomplete", o.autocomplete).attrs(o.attributes);
    // A browser drops one line break straight after the tag; what was typed must come back whole.
    if (!o.value.empty() && (o.value.front() == '\n' || o.value.front() == '\r')) w.literal("\n");
    w.text(o.value).close("textarea").add(o.form_group.after_input);
    close_form_group(w);
    return w.done();
}

}  // namespace waymark::web
