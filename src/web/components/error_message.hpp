#pragma once
// GOV.UK error message: what is wrong with one field and how to mend it. Where another component holds it, empty text
// means that there is no error.
#include <string>

#include "web/html.hpp"

namespace waymark::web {

struct ErrorMessageOptions {
    Html text{};
    std::string id{};  // set by the component that holds the message
    std::string classes{};
    Attributes attributes{};
    std::string visually_hidden_text = "Error";  // said before the message; empty says nothing
};

Html error_message(const ErrorMessageOptions&);

}  // namespace waymark::web
