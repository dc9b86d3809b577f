#pragma once
// GOV.UK text input: one line of text, with label, hint, error, and a prefix or suffix ("£", "days").
#include <optional>
#include <string>

#include "web/components/form_group.hpp"
#include "web/components/label.hpp"
#include "web/html.hpp"

namespace waymark::web {

struct AffixOptions {
    Html text{};
    std::string classes{};
    Attributes attributes{};
};

struct InputWrapperOptions {
    std::string classes{};
    Attributes attributes{};
};

struct InputOptions {
    std::string name{};
    std::string id{};  // the name where empty
    LabelOptions label{};
    HintOptions hint{};
    ErrorMessageOptions error_message{};
    std::string type = "text";
    std::string value{};
    std::string classes{};
    std::string described_by{};
    std::string autocomplete{};
    std::string autocapitalize{};
    std::string inputmode{};
    std::string pattern{};
    std::optional<bool> spellcheck{};
    bool disabled = false;
    AffixOptions prefix{};
    AffixOptions suffix{};
    InputWrapperOptions wrapper{};
    FormGroupOptions form_group{};
    Attributes attributes{};
};

Html input(const InputOptions&);

}  // namespace waymark::web
