#pragma once
// One value of a body against the field that describes it: is it what the field says, and what of it may enter the
// card.
//
// A fact is never refused for its wording: where a list is open, a string that is no code is taken and stays out of the
// card, and one value is taken where a list of one is meant.
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/json.hpp"
#include "content/content.hpp"

namespace waymark::content {

// 1 to 128 of letters, digits and . _ - : / with no white space: "no-further-action", "19B", "42/1234/26".
bool is_code(std::string_view);

// `place` names the field in the fault: "body.about_what". Null counts as absent and is taken.
Result<void> check_value(const Field&, const json::value&, const std::string& place);

// What of a checked value may be kept in a card: codes, numbers, dates, references and keys; no text, no person. Of
// agencies {"agency","service","contributed"}; of actions {"id","owner","due"}; of lists what has the shape of codes.
std::optional<json::value> for_card(const Field&, const json::value&);

}  // namespace waymark::content
