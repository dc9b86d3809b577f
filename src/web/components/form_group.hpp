#pragma once
// What every form field of GOV.UK Frontend shares: the group around it, its hint and its error message, and the list
// of ids that describe it to a screen reader.
#include <string>
#include <string_view>

#include "web/components/error_message.hpp"
#include "web/components/hint.hpp"
#include "web/html.hpp"

namespace waymark::web {

struct FormGroupOptions {
    std::string classes{};
    Attributes attributes{};
    Html before_input{};  // for several inputs (radios, checkboxes, a date): before the first
    Html after_input{};
};

void open_form_group(Writer&, const FormGroupOptions&, bool has_error);
void close_form_group(Writer&);

// Writes the hint and the error message of a field, gives them their ids ("ID-hint", "ID-error") and returns
// `described_by` with those added.
std::string write_hint_and_error(Writer&, std::string_view id, std::string described_by, HintOptions,
                                 ErrorMessageOptions);

// "a b" from "a" and "b"; either may be empty: for lists of ids and of classes.
std::string with_word(std::string words, std::string_view more);

}  // namespace waymark::web
