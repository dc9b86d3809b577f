// Writes checkboxes; where no fieldset speaks for them, each is described by the hint and the error itself.
#include "web/components/checkboxes.hpp"

#include <algorithm>

#include "web/components/label.hpp"

namespace waymark::web {

namespace {

// `described_by` is for an item that no fieldset speaks for.
void write_item(Writer& w, const CheckboxesOptions& o, const ChoiceItem& item, const std::string& id,
                const std::string& described_by) {
    if (!item.divider.empty()) {
        w.element("div", "govuk-checkboxes__divider", item.divider);
        return;
    }
    const bool chosen = std::find(o.values.begin(), o.values.end(), item.value) != o.values.end();
    const bool checked = item.checked.value_or(chosen);
    const bool has_hint = !item.hint.text.empty();
    w.open("div").classes({"govuk-checkboxes__item"});
    w.open("input").classes({"govuk-checkboxes__input"}).attr("id", id);
    w.attr("name", item.name.empty() ? o.name : item.name).attr("type", "checkbox");
    w.attr("value", item.value).flag("checked", checked).flag("disabled", item.disabled);
    if (!item.conditional.empty()) w.attr("data-aria-controls", "conditional-" + id);
    w.attr_if("data-behaviour", item.behaviour);
    w.attr_if("aria-describedby", with_word(described_by, has_hint ? id + "-item-hint" : std::string()));
    w.attrs(item.attributes);
    w.add(label({.text = item.text,
                 .for_id = id,
                 .classes = with_word("govuk-checkboxes__label", item.label_classes),
                 .attributes = item.label_attributes}));
    if (has_hint) {
        w.add(hint({.text = item.hint.text,
                    .id = id + "-item-hint",
                    .classes = with_word("govuk-checkboxes__hint", item.hint.classes),
                    .attributes = item.hint.attributes}));
    }
    w.close("div");
    if (item.conditional.empty()) return;
    w.open("div").classes({"govuk-checkboxes__conditional", checked ? "" : "govuk-checkboxes__conditional--hidden"});
    w.attr("id", "conditional-" + id).add(item.conditional).close("div");
}

}  // namespace

Html checkboxes(const CheckboxesOptions& o) {
    const std::string& prefix = o.id_prefix.empty() ? o.name : o.id_prefix;
    Writer inner;
    const std::string given =
        o.fieldset && !o.fieldset->described_by.empty() ? o.fieldset->described_by : o.described_by;
    const std::string described_by = write_hint_and_error(inner, prefix, given, o.hint, o.error_message);
    inner.open("div").classes({"govuk-checkboxes", o.classes}).attrs(o.attributes);
    inner.attr("data-module", "govuk-checkboxes").add(o.form_group.before_input);
    std::size_t index = 0;
    for (const ChoiceItem& item : o.items) {
        ++index;
        if (!item.when) continue;
        const std::string numbered = index > 1 ? prefix + "-" + std::to_string(index) : prefix;
        write_item(inner, o, item, item.id.empty() ? numbered : item.id, o.fieldset ? std::string() : described_by);
    }
    inner.add(o.form_group.after_input).close("div");

    Writer w;
    open_form_group(w, o.form_group, !o.error_message.text.empty());
    if (o.fieldset) {
        FieldsetOptions around = *o.fieldset;
        around.described_by = described_by;
        around.role.clear();
        around.content = inner.done();
        w.add(fieldset(around));
    } else {
        w.add(inner.done());
    }
    close_form_group(w);
    return w.done();
}

}  // namespace waymark::web
