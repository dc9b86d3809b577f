#pragma once
// Dates, codes and small pieces of markup as the pages say them.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "content/content.hpp"
#include "web/components/radios.hpp"
#include "web/html.hpp"

namespace waymark::web {

std::string moment_words(const Zone&, Instant);        // "24 November 2026 at 2:03pm"
std::string when_words(const Zone&, When);             // the day alone where no time is known
std::string machine_time(Instant);                     // for <time datetime>: UTC, whole seconds, as HTML wants it
std::string machine_time(const When&);                 // the day alone where no time is known
Html due_date(const Zone&, Instant due, Instant now);  // words first: "overdue by 2 days, …", "due today by 4:30pm, …"
std::string count_words(std::size_t, std::string_view one,
                        std::string_view many);  // "1 concern", "3 concerns", "No concerns"

// The label that content gives to a code of a kind's field; the code where it has none.
std::string code_words(const content::Catalogue&, std::string_view kind, std::string_view field, std::string_view code);
// Every code that a form offers for the field, with its label; closed lists first, else what is suggested.
std::vector<std::pair<std::string, std::string>> choices_of(const content::Catalogue&, std::string_view kind,
                                                            std::string_view field);
std::vector<std::string> codes_of(const std::vector<std::pair<std::string, std::string>>&);
std::vector<ChoiceItem> radio_items(const std::vector<std::pair<std::string, std::string>>&);

Html heading(int level, const Html& text, std::string_view size);  // size: "xl", "l", "m", "s"
Html paragraph(const Html& content);
Html hint_paragraph(const Html& content);
Html link(std::string_view href, const Html& text);
Html visually_hidden(std::string_view text);  // for those who hear the page
Html bullets(const std::vector<Html>& items);

}  // namespace waymark::web
