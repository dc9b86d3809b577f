#pragma once
// GOV.UK summary list: what is known, as key and value, each with the link that changes it; on its own or in a card.
#include <optional>
#include <string>
#include <vector>

#include "web/html.hpp"

namespace waymark::web {

struct SummaryAction {
    Html text{};
    std::string href{};
    std::string visually_hidden_text{};  // what the link is about: "Change" is read as "Change date of birth"
    std::string classes{};
    Attributes attributes{};
};

struct SummaryActions {
    std::vector<SummaryAction> items{};
    std::string classes{};
};

struct SummaryRow {
    Html key{};
    Html value{};
    SummaryActions actions{};
    std::string classes{};
    std::string key_classes{};
    std::string value_classes{};
};

struct SummaryCard {
    Html title{};
    int heading_level = 2;
    std::string title_classes{};
    SummaryActions actions{};
    std::string classes{};
    Attributes attributes{};
};

struct SummaryListOptions {
    std::vector<SummaryRow> rows{};
    std::optional<SummaryCard> card{};
    std::string classes{};
    Attributes attributes{};
};

Html summary_list(const SummaryListOptions&);
// A card around anything else.
Html summary_card(const SummaryCard&, const Html& content);

}  // namespace waymark::web
