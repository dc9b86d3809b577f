// Writes a date input: works out for each of its fields the name, the width and whether it is in error.
#include "web/components/date_input.hpp"

#include <array>

#include "web/components/input.hpp"

namespace waymark::web {

namespace {

struct Part {
    std::string name;  // as in the template: "day", "month", "year"
    int width;
    DateInputItem item;
};

std::optional<std::string> typed(const DateInputOptions& o, const std::string& name) {
    for (const auto& [key, value] : o.values) {
        if (key == name) return value;
    }
    return std::nullopt;
}

Part part(const DateInputOptions& o, const std::string& name, int width, const std::optional<DateInputItem>& given) {
    if (given) return {name, width, *given};
    DateInputItem usual{.name = name, .value = typed(o, name)};
    usual.classes = "govuk-input--width-" + std::to_string(width);
    return {name, width, usual};
}

bool has(const std::string& text, const char* piece) {
    return text.find(piece) != std::string::npos;
}

bool says_error(const DateInputItem& item) {
    return item.error.value_or(false) || has(item.classes, "govuk-input--error");
}

std::string capitalised(std::string word) {
    for (std::size_t i = 0; i < word.size(); ++i) {
        char& c = word[i];
        if (i == 0 && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (i > 0 && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return word;
}

std::string classes_of(const DateInputOptions& o, const DateInputItem& item, int width, bool any_error) {
    std::string classes = "govuk-date-input__input";
    const bool marked = item.error.value_or(false) ||
                        (item.error != std::optional<bool>(false) && !o.error_message.text.empty() && !any_error);
    if (!has(item.classes, "govuk-input--error") && marked) classes += " govuk-input--error";
    if (!has(item.classes, "govuk-input--width-")) classes += " govuk-input--width-" + std::to_string(width);
    if (!item.classes.empty()) classes += " " + item.classes;
    return classes;
}

void write_item(Writer& w, const DateInputOptions& o, const DateInputItem& item, const Part* known, bool any_error) {
    std::string name = item.name.value_or(known ? known->name : std::string());
    std::optional<std::string> value = item.value;
    if (!value && known) value = known->item.value;
    const std::string full_name = o.name_prefix.empty() ? name : o.name_prefix + "-" + name;
    if (!value) value = typed(o, full_name);
    w.open("div").classes({"govuk-date-input__item"});
    w.add(input(
        {.name = full_name,
         .id = item.id.empty() ? o.id + "-" + name : item.id,
         .label = {.text = item.label.empty() ? capitalised(name) : item.label, .classes = "govuk-date-input__label"},
         .value = value.value_or(""),
         .classes = classes_of(o, item, known ? known->width : 2, any_error),
         .autocomplete = item.autocomplete,
         .inputmode = item.inputmode,
         .pattern = item.pattern,
         .attributes = item.attributes}));
    w.close("div");
}

void write_items(Writer& w, const DateInputOptions& o) {
    const std::array<Part, 3> parts{part(o, "day", 2, o.day), part(o, "month", 2, o.month), part(o, "year", 4, o.year)};
    bool any_error = false;
    if (o.items.empty()) {
        for (const Part& p : parts) any_error = any_error || says_error(p.item);
        for (const Part& p : parts) {
            if (p.item.when) write_item(w, o, p.item, &p, any_error);
        }
        return;
    }
    for (const DateInputItem& item : o.items) any_error = any_error || says_error(item);
    for (const DateInputItem& item : o.items) {
        if (!item.when) continue;
        const Part* known = nullptr;
        for (const Part& p : parts) {
            if (!known && item.name && (*item.name == p.name || item.name == p.item.name)) known = &p;
        }
        write_item(w, o, item, known, any_error);
    }
}

}  // namespace

Html date_input(const DateInputOptions& o) {
    Writer inner;
    const std::string described_by = write_hint_and_error(
        inner, o.id, o.fieldset ? o.fieldset->described_by : std::string(), o.hint, o.error_message);
    inner.open("div").classes({"govuk-date-input", o.classes}).attrs(o.attributes).attr_if("id", o.id);
    inner.add(o.form_group.before_input);
    write_items(inner, o);
    inner.add(o.form_group.after_input).close("div");

    Writer w;
    open_form_group(w, o.form_group, !o.error_message.text.empty());
    if (o.fieldset) {
        FieldsetOptions around = *o.fieldset;
        around.described_by = described_by;
        around.role = "group";  // some screen readers do not read a description of text inputs otherwise
        around.content = inner.done();
        w.add(fieldset(around));
    } else {
        w.add(inner.done());
    }
    close_form_group(w);
    return w.done();
}

}  // namespace waymark::web
