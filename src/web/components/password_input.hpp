#pragma once
// GOV.UK password input: a password with a button that shows it (hidden until scripts run).
#include <string>

#include "web/components/form_group.hpp"
#include "web/components/label.hpp"
#include "web/html.hpp"

namespace waymark::web {

struct PasswordInputOptions {
    std::string name{};
    std::string id{};
    LabelOptions label{};
    HintOptions hint{};
    ErrorMessageOptions error_message{};
    std::string value{};
    std::string classes{};
    std::string described_by{};
    std::string autocomplete = "current-password";
    bool disabled = false;
    std::string button_classes{};
    FormGroupOptions form_group{};
    Attributes attributes{};
    // Empty ones keep the words of GOV.UK Frontend.
    std::string show_password_text{};
    std::string hide_password_text{};
    std::string show_password_aria_label_text{};
    std::string hide_password_aria_label_text{};
    std::string password_shown_announcement_text{};
    std::string password_hidden_announcement_text{};
};

Html password_input(const PasswordInputOptions&);

}  // namespace waymark::web
