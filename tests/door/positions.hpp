#pragma once
// Every place of a page where a text of a person may stand, each filled with one hostile text.
#include <string>

#include "web/html.hpp"

namespace waymark::door {

// One block a position, marked data-at (the position's name) and data-n (the number of the text), so that the browser
// can be asked what it made of it.
web::Html positions(const std::string& payload, std::size_t number);

}  // namespace waymark::door
