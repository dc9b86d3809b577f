#pragma once
// GOV.UK radios: one of a few, with hints, dividers ("or") and fields that appear when an option is chosen.
#include <optional>
#include <string>
#include <vector>

#include "web/components/fieldset.hpp"
#include "web/components/form_group.hpp"
#include "web/html.hpp"

namespace waymark::web {

// One option of radios or checkboxes.
struct ChoiceItem {
    Html text{};
    std::string value{};
    HintOptions hint{};
    Html conditional{};             // shown while this option is chosen; always shown where no script runs
    std::optional<bool> checked{};  // decided by the component's value(s) where not said
    bool disabled = false;
    Html divider{};           // not an option but a word between two, such as "or"
    std::string id{};         // the prefix and the place in the list where empty
    std::string name{};       // checkboxes: instead of the component's
    std::string behaviour{};  // checkboxes: "exclusive" clears the others
    std::string label_classes{};
    Attributes label_attributes{};
    Attributes attributes{};
    bool when = true;  // false leaves it out, and the ids of the others as they were
};

struct RadiosOptions {
    std::string name{};
    std::string id_prefix{};  // the name where empty
    std::optional<FieldsetOptions> fieldset{};
    HintOptions hint{};
    ErrorMessageOptions error_message{};
    std::vector<ChoiceItem> items{};
    std::string value{};  // of the option that is chosen
    std::string classes{};
    FormGroupOptions form_group{};
    Attributes attributes{};
};

Html radios(const RadiosOptions&);

}  // namespace waymark::web
