#pragma once
// What is left of use of what was written: place-holders dropped, particles joined, abbreviations made one. The
// registry and the batch engine read names, addresses and numbers through these alike.
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace waymark::people {

bool names_nobody(std::string_view normalised);                // what forms hold where no name is known
std::vector<std::string> given_parts(std::string_view name);   // none where the first word names nobody: "Baby Smith"
std::vector<std::string> family_parts(std::string_view name);  // "de la Cruz" -> "DELACRUZ"
std::string address_first_line(std::string_view address);      // with the next where the first names a dwelling only
// Of a postcode that is not whole: its district ("SW1A"), or another country's ("4223"); else empty.
std::string part_of_postcode(std::string_view written);
std::string phone_digits(std::string_view written);  // without country code and leading nought; empty where it is none
bool stands_for_no_date(Date);  // 1 January 1900 and 1970; batch/normal_value.cpp reads them so too

}  // namespace waymark::people
