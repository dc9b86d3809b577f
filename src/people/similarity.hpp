#pragma once
// How alike two normalised texts are. Over bytes: normalised names are nearly always ASCII.
#include <string_view>

namespace waymark::people {

// Winkler (1990): 1 for the same, 0 for nothing in common; the first four characters count more.
double jaro_winkler(std::string_view a, std::string_view b);
// No less than that; `apart`: letters that only one of the two has.
double most_alike(std::string_view a, std::string_view b, int apart);
// Damerau's distance (neighbours in each other's place count once) up to `most`, else most + 1.
unsigned edits(std::string_view a, std::string_view b, unsigned most);
// Whether one insertion, deletion, substitution or swap of neighbours makes one of the other (and they are not the
// same).
bool one_edit_apart(std::string_view a, std::string_view b);

}  // namespace waymark::people
