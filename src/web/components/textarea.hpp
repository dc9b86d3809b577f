#pragma once
// GOV.UK textarea: several lines of text.
#include <optional>
#include <string>

#include "web/components/form_group.hpp"
#include "web/components/label.hpp"
#include "web/html.hpp"

namespace waymark::web {

struct TextareaOptions {
    std::string name{};
    std::string id{};  // the name where empty
    LabelOptions label{};
    HintOptions hint{};
    ErrorMessageOptions error_message{};
    std::string value{};
    int rows = 5;
    std::string classes{};
    std::string described_by{};
    std::string autocomplete{};
    std::optional<bool> spellcheck{};
    bool disabled = false;
    FormGroupOptions form_group{};
    Attributes attributes{};
};

Html textarea(const TextareaOptions&);

}  // namespace waymark::web
