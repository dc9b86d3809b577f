#pragma once
// GOV.UK character count: a textarea that says how much may still be written. The count is a help, never a limit that
// cuts text off.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "web/components/form_group.hpp"
#include "web/components/label.hpp"
#include "web/html.hpp"

namespace waymark::web {

// A sentence for each plural rule of the language ("one", "other"), with %{count}.
using Plurals = std::vector<std::pair<std::string, std::string>>;

struct CharacterCountOptions {
    std::string name{};
    std::string id{};  // the name where empty
    LabelOptions label{};
    HintOptions hint{};
    ErrorMessageOptions error_message{};
    std::string value{};
    int rows = 5;
    std::optional<int> max_length{};  // characters
    std::optional<int> max_words{};   // words, instead
    std::optional<int> threshold{};   // percent of the limit from which the count is shown
    std::string count_type{};
    std::string classes{};
    std::optional<bool> spellcheck{};
    std::string count_message_classes{};
    FormGroupOptions form_group{};
    Attributes attributes{};
    // Empty ones keep the words of GOV.UK Frontend.
    std::string textarea_description_text{};
    Plurals characters_under_limit_text{};
    std::string characters_at_limit_text{};
    Plurals characters_over_limit_text{};
    Plurals words_under_limit_text{};
    std::string words_at_limit_text{};
    Plurals words_over_limit_text{};
};

Html character_count(const CharacterCountOptions&);

}  // namespace waymark::web
