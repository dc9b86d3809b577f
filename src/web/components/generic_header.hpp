#pragma once
// GOV.UK generic header: for organisations that are not GOV.UK, with their own mark.
#include <string>

#include "web/html.hpp"

namespace waymark::web {

struct GenericHeaderOptions {
    Html logo{};
    std::string url = "/";
    std::string classes{};
    std::string container_classes = "govuk-width-container";
    Attributes attributes{};
};

Html generic_header(const GenericHeaderOptions&);

}  // namespace waymark::web
