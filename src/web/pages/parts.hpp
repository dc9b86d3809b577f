#pragma once
// Pieces that several pages show.
#include <string>
#include <vector>

#include "web/components/comparison.hpp"
#include "web/components/table.hpp"
#include "web/visit.hpp"

namespace waymark::web {

// "Telephone now": for every page of a concern in which a child is said to be in immediate danger.
Html danger_panel();
// Appears where scripts run; the browser's own print works without.
Html print_button();
TableCell labelled(const char* label, const Html& content);  // for tables that become lists on a narrow screen
Html receipts_table(const Visit&, const std::vector<casework::Receipt>&);

std::string born_words(const record::Identity&,
                       Date today);  // "3 March 2016 (10 years old)", "Expected …", "Not known"
// Who wrote a line: a person, or the machine that did.
std::string author_words(const casework::Line&);
std::string agency_words(const casework::Office&, std::string_view key);

// Whose record this is: name, born, who knows the child. On every page of the record.
Html whose_record(const Visit&, const casework::PersonPage&);
// The identity to be shown of a person whom several agencies know: the one that says most.
const record::Identity* best_identity(const casework::PersonPage&);

// Two identities side by side, with what speaks for and against their being one child.
Html side_by_side(const Visit&, const record::Identity& left, const std::string& left_heading,
                  const people::Offered& right, const std::string& right_heading, const std::string& caption);
Html evidence_words(const people::Comparison&);
// What a comparison says of one fact, where the two sides have it or not.
Agreement agreement_of(const people::Comparison&, people::Aspect, bool left, bool right);

// Day, month and year as they were typed, for a date input whose names begin so.
std::vector<std::pair<std::string, std::string>> date_values(const Typed&, const std::string& prefix);
// With today in `on-day`, `on-month` and `on-year` where nothing stands there yet.
Form with_today(Form, Date today);

// A day that has come, from what was typed or stands in an address; else what to tell who asked.
tl::expected<Date, std::string> past_day(const Visit&, std::string_view text);

}  // namespace waymark::web
