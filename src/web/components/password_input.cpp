// Writes a password input: a text input with a button after it.
#include "web/components/password_input.hpp"

#include "web/components/button.hpp"
#include "web/components/input.hpp"

namespace waymark::web {

namespace {

const std::string& either(const std::string& given, const std::string& otherwise) {
    return given.empty() ? otherwise : given;
}

}  // namespace

Html password_input(const PasswordInputOptions& o) {
    const std::string& id = o.id.empty() ? o.name : o.id;
    FormGroupOptions group = o.form_group;
    group.classes = with_word("govuk-password-input", o.form_group.classes);
    group.attributes = {{"data-module", "govuk-password-input"}};
    const auto translate = [&group](const char* key, const std::string& text) {
        if (!text.empty()) group.attributes.push_back({std::string("data-i18n.") + key, text});
    };
    translate("show-password", o.show_password_text);
    translate("hide-password", o.hide_password_text);
    translate("show-password-aria-label", o.show_password_aria_label_text);
    translate("hide-password-aria-label", o.hide_password_aria_label_text);
    translate("password-shown-announcement", o.password_shown_announcement_text);
    translate("password-hidden-announcement", o.password_hidden_announcement_text);
    for (const Attribute& a : o.form_group.attributes) group.attributes.push_back(a);
    group.after_input =
        button(
            {.text = either(o.show_password_text, "Show"),
             .type = "button",
             .classes = with_word("govuk-button--secondary govuk-password-input__toggle govuk-js-password-input-toggle",
                                  o.button_classes),
             .attributes = {{"aria-controls", id},
                            {"aria-label", either(o.show_password_aria_label_text, "Show password")},
                            {"hidden"}}}) +
        o.form_group.after_input;
    return input({.name = o.name,
                  .id = id,
                  .label = o.label,
                  .hint = o.hint,
                  .error_message = o.error_message,
                  .type = "password",
                  .value = o.value,
                  .classes = with_word("govuk-password-input__input govuk-js-password-input-input", o.classes),
                  .described_by = o.described_by,
                  .autocomplete = o.autocomplete,
                  .autocapitalize = "none",
                  .spellcheck = false,
                  .disabled = o.disabled,
                  .wrapper = {.classes = "govuk-password-input__wrapper"},
                  .form_group = group,
                  .attributes = o.attributes});
}

}  // namespace waymark::web
