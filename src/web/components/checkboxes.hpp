#pragma once
// GOV.UK checkboxes: any of a few, with hints, dividers, an exclusive "none of these" and fields that appear.
#include <optional>
#include <string>
#include <vector>

#include "web/components/radios.hpp"
#include "web/html.hpp"

namespace waymark::web {

struct CheckboxesOptions {
    std::string name{};
    std::string id_prefix{};  // the name where empty
    std::optional<FieldsetOptions> fieldset{};
    HintOptions hint{};
    ErrorMessageOptions error_message{};
    std::vector<ChoiceItem> items{};
    std::vector<std::string> values{};  // of the options that are chosen
    std::string classes{};
    std::string described_by{};
    FormGroupOptions form_group{};
    Attributes attributes{};
};

Html checkboxes(const CheckboxesOptions&);

}  // namespace waymark::web
