// Writes radios, each with its hint and the fields that it reveals.
#include "web/components/radios.hpp"

#include "web/components/label.hpp"

namespace waymark::web {

namespace {

void write_item(Writer& w, const RadiosOptions& o, const ChoiceItem& item, const std::string& id) {
    if (!item.divider.empty()) {
        w.element("div", "govuk-radios__divider", item.divider);
        return;
    }
    const bool checked = item.checked.value_or(!o.value.empty() && item.value == o.value);
    const bool has_hint = !item.hint.text.empty();
    w.open("div").classes({"govuk-radios__item"});
    w.open("input").classes({"govuk-radios__input"}).attr("id", id).attr("name", o.name).attr("type", "radio");
    w.attr("value", item.value).flag("checked", checked).flag("disabled", item.disabled);
    if (!item.conditional.empty()) w.attr("data-aria-controls", "conditional-" + id);
    if (has_hint) w.attr("aria-describedby", id + "-item-hint");
    w.attrs(item.attributes);
    w.add(label({.text = item.text,
                 .for_id = id,
                 .classes = with_word("govuk-radios__label", item.label_classes),
                 .attributes = item.label_attributes}));
    if (has_hint) {
        w.add(hint({.text = item.hint.text,
                    .id = id + "-item-hint",
                    .classes = with_word("govuk-radios__hint", item.hint.classes),
                    .attributes = item.hint.attributes}));
    }
    w.close("div");
    if (item.conditional.empty()) return;
    w.open("div").classes({"govuk-radios__conditional", checked ? "" : "govuk-radios__conditional--hidden"});
    w.attr("id", "conditional-" + id).add(item.conditional).close("div");
}

}  // namespace

Html radios(const RadiosOptions& o) {
    const std::string& prefix = o.id_prefix.empty() ? o.name : o.id_prefix;
    Writer inner;
    const std::string described_by = write_hint_and_error(
        inner, prefix, o.fieldset ? o.fieldset->described_by : std::string(), o.hint, o.error_message);
    inner.open("div").classes({"govuk-radios", o.classes}).attrs(o.attributes).attr("data-module", "govuk-radios");
    inner.add(o.form_group.before_input);
    std::size_t index = 0;
    for (const ChoiceItem& item : o.items) {
        ++index;
        if (!item.when) continue;
        const std::string numbered = index > 1 ? prefix + "-" + std::to_string(index) : prefix;
        write_item(inner, o, item, item.id.empty() ? numbered : item.id);
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
