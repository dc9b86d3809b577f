#pragma once
// GOV.UK footer, without what is the Crown's: GOV.UK Frontend always draws the crown above it, and the royal coat of
// arms with a line on Crown copyright beside it. Here neither exists, and a licence is named only where one is given.
#include <string>
#include <vector>

#include "web/html.hpp"

namespace waymark::web {

struct FooterLink {
    std::string text{};
    std::string href{};
    Attributes attributes{};
};

struct FooterSection {
    std::string title{};
    std::vector<FooterLink> items{};
    int columns = 0;  // 0: one
    std::string width = "full";
};

struct FooterMeta {
    std::string visually_hidden_title = "Support links";
    std::vector<FooterLink> items{};
    Html content{};
};

struct FooterOptions {
    std::vector<FooterSection> navigation{};
    bool has_meta = false;  // writes the support links even where there are none
    FooterMeta meta{};
    Html content_licence{};
    std::string classes{};
    std::string container_classes{};
    Attributes attributes{};
};

Html footer(const FooterOptions&);

// The sentence for content under the Open Government Licence v3.0.
Html open_government_licence();

}  // namespace waymark::web
