#pragma once
// GOV.UK accordion: sections that the reader opens; all open where no script runs.
#include <optional>
#include <string>
#include <vector>

#include "web/html.hpp"

namespace waymark::web {

struct AccordionItem {
    Html heading{};
    Html summary{};
    Html content{};  // text alone is put into a paragraph
    bool expanded = false;
    bool when = true;  // false leaves it out, and the ids of the others as they were
};

struct AccordionOptions {
    std::string id{};
    std::vector<AccordionItem> items{};
    int heading_level = 2;
    std::optional<bool> remember_expanded{};  // in the browser's session storage; true where not said
    std::string classes{};
    Attributes attributes{};
    // Empty ones keep the words of GOV.UK Frontend.
    std::string hide_all_sections_text{};
    std::string hide_section_text{};
    std::string hide_section_aria_label_text{};
    std::string show_all_sections_text{};
    std::string show_section_text{};
    std::string show_section_aria_label_text{};
};

Html accordion(const AccordionOptions&);

}  // namespace waymark::web
