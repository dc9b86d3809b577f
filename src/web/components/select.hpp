#pragma once
// GOV.UK select: one of a list. Radios are easier to use where the list is short.
#include <optional>
#include <string>
#include <vector>

#include "web/components/form_group.hpp"
#include "web/components/label.hpp"
#include "web/html.hpp"

namespace waymark::web {

struct SelectItem {
    std::string text{};
    std::optional<std::string> value{};  // the text where absent
    std::optional<bool> selected{};      // decided by the component's value where not said
    bool disabled = false;
    Attributes attributes{};
};

struct SelectOptions {
    std::string name{};
    std::string id{};  // the name where empty
    LabelOptions label{};
    HintOptions hint{};
    ErrorMessageOptions error_message{};
    std::vector<SelectItem> items{};
    std::string value{};
    std::string classes{};
    std::string described_by{};
    bool disabled = false;
    FormGroupOptions form_group{};
    Attributes attributes{};
};

Html select(const SelectOptions&);

}  // namespace waymark::web
