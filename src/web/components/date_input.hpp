#pragma once
// GOV.UK date input: day, month and year in three fields. Never a calendar: people type dates that they know.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "web/components/fieldset.hpp"
#include "web/components/form_group.hpp"
#include "web/html.hpp"

namespace waymark::web {

struct DateInputItem {
    std::optional<std::string> name{};
    std::string id{};     // the component's id and the name where empty
    std::string label{};  // the name with a capital where empty
    std::optional<std::string> value{};
    std::string classes{};
    std::optional<bool> error{};  // where an error is shown and no item says so, all three are marked
    std::string inputmode = "numeric";
    std::string autocomplete{};
    std::string pattern{};
    Attributes attributes{};
    bool when = true;  // false leaves the item out
};

struct DateInputOptions {
    std::string id{};
    std::string name_prefix{};  // "born" makes born-day, born-month and born-year
    std::optional<FieldsetOptions> fieldset{};
    HintOptions hint{};
    ErrorMessageOptions error_message{};
    std::optional<DateInputItem> day{};  // what differs from the usual three
    std::optional<DateInputItem> month{};
    std::optional<DateInputItem> year{};
    std::vector<DateInputItem> items{};                         // instead of the usual three
    std::vector<std::pair<std::string, std::string>> values{};  // field name (with the prefix) and what was typed
    std::string classes{};
    FormGroupOptions form_group{};
    Attributes attributes{};
};

Html date_input(const DateInputOptions&);

}  // namespace waymark::web
