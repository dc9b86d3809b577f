// Cookies and redirects of sign-in.
#include "web/pages/sign_in_parts.hpp"

#include <fmt/format.h>

#include "web/components/button.hpp"
#include "web/pages/pages.hpp"
#include "web/security.hpp"
#include "web/words.hpp"

namespace waymark::web {

std::string_view session_cookie(const AppOptions& options) {
    return options.secure_cookies ? "__Host-waymark" : "waymark";
}
std::string_view visit_cookie(const AppOptions& options) {
    return options.secure_cookies ? "__Host-waymark-visit" : "waymark-visit";
}
std::string_view step_cookie(const AppOptions& options) {
    return options.secure_cookies ? "__Host-waymark-step" : "waymark-step";
}
std::string_view device_cookie(const AppOptions& options) {
    return options.secure_cookies ? "__Host-waymark-device" : "waymark-device";
}

void set_cookie(Response& response, const AppOptions& options, std::string_view name, std::string_view value,
                std::string_view attributes) {
    std::string line = fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax", name, value);
    if (options.secure_cookies) line += "; Secure";
    line += attributes;
    response.headers.emplace_back("Set-Cookie", std::move(line));
}

void forget_cookie(Response& response, const AppOptions& options, std::string_view name) {
    set_cookie(response, options, name, "", "; Max-Age=0");
}

std::string local_path(std::string_view next) {
    const bool local = next.starts_with('/') && !next.starts_with("//") && next.find('\\') == std::string_view::npos &&
                       next.size() < 500;
    return local && parse_target(next) ? std::string(next) : std::string("/");
}

std::string with_next(std::string_view path, const std::string& next) {
    return next == "/" ? std::string(path) : fmt::format("{}?next={}", path, percent_encode(next));
}

VisitorToken visitor_token(const Visit& visit) {
    std::string token(visit.request().cookie(visit_cookie(visit.setting().options)));
    if (token.size() == 64) return {std::move(token), false};
    return {make_token(visit.office().random), true};
}

bool is_visitors_own(const Visit& visit) {
    return same_secret(visit.typed.value("token"), visit.request().cookie(visit_cookie(visit.setting().options)));
}

Response enter(const Visit& visit, const accounts::SignedIn& session, Response response) {
    const AppOptions& options = visit.setting().options;
    set_cookie(response, options, session_cookie(options), session.cookie);
    if (!visit.request().cookie(step_cookie(options)).empty()) forget_cookie(response, options, step_cookie(options));
    return response;
}

namespace {

Response carry_on_with(const Visit& visit, const std::string& next, const Form& form, unsigned status) {
    Visit::FormOptions options{.action = next};
    for (const auto& [name, values] : form.fields()) {
        if (name == "csrf") continue;
        for (const std::string& value : values) options.hidden.emplace_back(name, value);
    }
    Page page = visit.page("You are signed in");
    page.content = heading(1, "You are signed in", "l") +
                   paragraph("What you typed before is still here. Nothing has been sent yet.");
    page.content += visit.form(options, button({.text = "Carry on where you were", .prevent_double_click = true}));
    page.content += paragraph(link("/", "Leave it and go to My day"));
    return visit.show(page, status);
}

}  // namespace

Response carry_on_page(const Visit& visit, const std::string& next, const std::string& held) {
    auto form = Typed::parse(held);
    if (!form) return Visit::see("/");
    return carry_on_with(visit, next, form->form(), 200);
}

bool saves_itself(const Request& request) {
    return !request.header("waymark-draft").empty();
}

Response draft_not_kept() {
    Response response;
    response.status = 403;
    response.content_type = "text/plain; charset=utf-8";
    response.body = "Signed out\n";
    return response;
}

Response signed_in_anew(const Visit& visit) {
    if (saves_itself(visit.request())) return draft_not_kept();
    return carry_on_with(visit, local_path(visit.request().target.path), visit.typed.form(), 403);
}

}  // namespace waymark::web
