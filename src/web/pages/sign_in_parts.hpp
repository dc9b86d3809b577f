#pragma once
// What the pages of sign-in have in common: their cookies, where they lead, and the form that was sent too late.
#include <string>
#include <string_view>

#include "web/visit.hpp"

namespace waymark::web {

// Cookies: the session's; of a visitor who is nobody yet, against forms of other sites; of a sign-in between its pages;
// of a browser in which somebody signed in before.
std::string_view visit_cookie(const AppOptions&);
std::string_view step_cookie(const AppOptions&);
std::string_view device_cookie(const AppOptions&);
void set_cookie(Response&, const AppOptions&, std::string_view name, std::string_view value,
                std::string_view attributes = {});
void forget_cookie(Response&, const AppOptions&, std::string_view name);

// An address of this site, or the home page.
std::string local_path(std::string_view next);
// "/sign-in/code" with where to go afterwards.
std::string with_next(std::string_view path, const std::string& next);

// The visitor's token, and whether it must be set as a cookie.
struct VisitorToken {
    std::string token;
    bool fresh = false;
};
VisitorToken visitor_token(const Visit&);
bool is_visitors_own(const Visit&);  // the form carries the visitor's token

// To `next` with the new session, and the cookies of the way there gone.
Response enter(const Visit&, const accounts::SignedIn&, Response);

// A button for each identity provider. `again`: to sign in there anew, whatever login one has.
Html provider_buttons(const Visit&, const std::string& next, bool again);

// A draft that a script saves: it only needs to know that it was not kept.
bool saves_itself(const Request&);
Response draft_not_kept();

// The form that was sent while signed out, to be sent again by its writer: never by itself.
Response carry_on_page(const Visit&, const std::string& next, const std::string& held);

}  // namespace waymark::web
