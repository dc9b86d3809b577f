#pragma once
// Every page of the application, one subject a file. The table says of each whether it shows record data: such a page
// must answer from a casework read or verb, which leaves its audit line before it returns.
#include <string>
#include <vector>

#include "web/visit.hpp"

namespace waymark::web {

std::vector<PageRoute> all_pages();

std::vector<PageRoute> sign_in_pages();
std::vector<PageRoute> sign_in_account_pages();
std::vector<PageRoute> sign_in_provider_pages();
std::vector<PageRoute> session_pages();
std::vector<PageRoute> my_sessions_pages();
std::vector<PageRoute> people_admin_pages();
std::vector<PageRoute> home_pages();
std::vector<PageRoute> raise_pages();
std::vector<PageRoute> raise_now_pages();
std::vector<PageRoute> receipt_pages();
std::vector<PageRoute> inbox_pages();
std::vector<PageRoute> desk_pages();
std::vector<PageRoute> child_pages();
std::vector<PageRoute> child_print_pages();
std::vector<PageRoute> caseload_pages();
std::vector<PageRoute> child_plans_pages();
std::vector<PageRoute> child_justice_pages();
std::vector<PageRoute> looked_pages();
std::vector<PageRoute> add_pages();
std::vector<PageRoute> entry_pages();
std::vector<PageRoute> telling_pages();
std::vector<PageRoute> telling_draft_pages();
std::vector<PageRoute> check_pages();
std::vector<PageRoute> challenge_pages();
std::vector<PageRoute> standing_pages();
std::vector<PageRoute> meeting_pages();
std::vector<PageRoute> convene_pages();
std::vector<PageRoute> held_pages();
std::vector<PageRoute> invitation_pages();
std::vector<PageRoute> assess_pages();
std::vector<PageRoute> manual_pages();
std::vector<PageRoute> procedure_pages();
std::vector<PageRoute> replay_pages();
std::vector<PageRoute> match_pages();
std::vector<PageRoute> match_review_pages();
std::vector<PageRoute> match_undone_pages();
std::vector<PageRoute> access_pages();  // emergencies, restrictions, second persons, conflicts
std::vector<PageRoute> search_pages();
std::vector<PageRoute> search_all_pages();
std::vector<PageRoute> help_pages();
std::vector<PageRoute> health_pages();
std::vector<PageRoute> classify_pages();
std::vector<PageRoute> consult_pages();
std::vector<PageRoute> consult_answer_pages();
std::vector<PageRoute> ring_pages();
std::vector<PageRoute> child_people_pages();
std::vector<PageRoute> child_places_pages();
std::vector<PageRoute> advice_pages();
std::vector<PageRoute> separate_pages();
std::vector<PageRoute> address_pages();  // protected ones

// The name of the cookie that holds the session: behind TLS one that no other host can set.
std::string_view session_cookie(const AppOptions&);
// When the session of this visit ends, for the foot of the page and its script.
SessionEnd session_end(const Visit&);
// Ten codes that are shown once.
Html recovery_codes_shown(const std::vector<std::string>&);
// "Council sign-in, with two factors"; and the first half of it.
std::string way_words(const Visit&, std::string_view issuer, std::string_view strength);
std::string issuer_name(const Visit&, std::string_view issuer);
std::vector<Html> provider_words(const Visit&);  // a line for each identity provider
// For a page that needs somebody: to the sign-in page and back again, keeping what a form had sent.
Response ask_to_sign_in(const Visit&);
// A form that its writer opened in an earlier session, to be sent again in this one: never by itself.
Response signed_in_anew(const Visit&);

}  // namespace waymark::web
