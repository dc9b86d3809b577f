#pragma once
// The shell of every page: document, skip link, header, navigation, who is signed in, demonstration banner, error
// summary, main content, footer. There is no inline style or script in it, and none may be put into its content: the
// Content-Security-Policy would not run it.
#include <optional>
#include <string>
#include <vector>

#include "web/assets.hpp"
#include "web/components/back_link.hpp"
#include "web/components/breadcrumbs.hpp"
#include "web/components/error_summary.hpp"
#include "web/components/footer.hpp"
#include "web/components/service_navigation.hpp"
#include "web/html.hpp"

namespace waymark::web {

// Every word that the shell itself says; a translated page gives its own.
struct PageWords {
    std::string skip_to_content = "Skip to main content";
    std::string demonstration = "This is a demonstration. The children are not real.";
    std::string error_prefix = "Error: ";
    std::string error_title = "There is a problem";
    std::string sign_out = "Sign out";
    std::string signed_in_as = "Signed in as";
    std::string menu = "Menu";
    std::string service_information = "Service information";
    std::string breadcrumb = "Breadcrumb";
    std::string support_links = "Support links";
    std::string search_label = "Search for a child, a case or in the manual";
    std::string search_button = "Search";
    std::string search_everything = " everything";  // after the button's word, for those who hear it
};

// When the session ends if nothing is done. Said in words on every page, because scripts may not run; where they do, a
// warning comes up in time, with a way to stay.
struct SessionEnd {
    std::string at{};          // "14:35"
    std::int64_t seconds = 0;  // from now; 0: not said
    std::int64_t warn = 0;     // so many seconds before
    bool extends = true;       // false: the end of the day's work, which comes whatever is done
    std::string page_url = "/session";
    std::string left_url = "/session/left";
    std::string extend_url = "/session/extend";
};

struct SignedIn {
    std::string name;
    std::string agency;
    std::string sign_out_url = "/sign-out";  // receives a POST
    std::string form_token;                  // against forged requests; sent as form_token_name
    std::string form_token_name = "csrf";
    std::string search_url = "/search";  // receives a POST: names stand in no address
    SessionEnd ends{};
};

struct Page {
    std::string title;  // what the page is; never a person's name: titles stay in the history of shared computers
    std::string lang = "en";
    std::string product = "Waymark";
    std::string service_name{};  // of the partnership
    std::string home_url = "/";
    std::vector<ServiceNavigationItem> navigation{};
    std::optional<SignedIn> signed_in{};
    std::optional<BackLinkOptions> back_link{};
    std::vector<BreadcrumbItem> breadcrumbs{};
    std::vector<ErrorSummaryItem> errors{};  // where there are any, the summary is shown and the title says so
    bool demonstration = false;
    bool has_own_search = false;  // the box of the header would be a second one
    bool wide = false;            // chronology, comparison, caseload: use the width of the screen
    Html before_main{};           // the identity bar and sub navigation of a record
    Html content{};
    Html print_note{};  // at the end of a printed page only: who printed it, when, and how it may be handled
    std::vector<FooterLink> footer_links{};
    Html footer_note{};
    PageWords words{};
};

// The whole document.
std::string render(const Page&, const Assets&);

// Where a saved draft is announced; put it into a form that has data-draft-url. Empty until something was saved.
Html draft_status(const Html& words = {});

// The panel for what cannot wait: a heading, a sentence, and a number to telephone now.
struct UrgentPanel {
    Html heading{};
    Html content{};
    std::string telephone{};  // as it is read: "0300 123 4567"
    int heading_level = 2;
};
Html urgent_panel(const UrgentPanel&);

}  // namespace waymark::web
