#pragma once
// Every page of the application, one subject a file. The table says of each whether it shows record data: such a page
// must answer from a casework read or verb, which leaves its audit line before it returns.
#include <string>
#include <vector>

#include "web/visit.hpp"

namespace waymark::web {

std::vector<PageRoute> all_pages();

std::vector<PageRoute> sign_in_pages();
std::vector<PageRoute> home_pages();
std::vector<PageRoute> raise_pages();
std::vector<PageRoute> receipt_pages();
std::vector<PageRoute> inbox_pages();
std::vector<PageRoute> desk_pages();
std::vector<PageRoute> child_pages();
std::vector<PageRoute> child_print_pages();
std::vector<PageRoute> caseload_pages();
std::vector<PageRoute> child_plans_pages();
std::vector<PageRoute> child_justice_pages();
std::vector<PageRoute> add_pages();
std::vector<PageRoute> entry_pages();
std::vector<PageRoute> standing_pages();
std::vector<PageRoute> meeting_pages();
std::vector<PageRoute> manual_pages();
std::vector<PageRoute> procedure_pages();
std::vector<PageRoute> replay_pages();
std::vector<PageRoute> match_pages();
std::vector<PageRoute> match_review_pages();
std::vector<PageRoute> match_undone_pages();
std::vector<PageRoute> search_pages();
std::vector<PageRoute> search_all_pages();
std::vector<PageRoute> help_pages();
std::vector<PageRoute> health_pages();

// The name of the cookie that holds the session: behind TLS one that no other host can set.
std::string_view session_cookie(const AppOptions&);
// For a page that needs somebody: to the sign-in page and back again, keeping what a form had sent.
Response ask_to_sign_in(const Visit&);

}  // namespace waymark::web
