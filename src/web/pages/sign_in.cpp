// Sign-in by a choice of names (the demonstration, and trials on the machine itself) and sign-out. A form that was sent
// after the session had ended is carried through sign-in, so that what was typed is not lost.
#include <algorithm>

#include <fmt/format.h>

#include "web/components/button.hpp"
#include "web/components/inset_text.hpp"
#include "web/pages/pages.hpp"
#include "web/problems.hpp"
#include "web/security.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t most_held = 600u << 10;  // of a form's body; it is encoded once more on the way

std::string_view visit_cookie(const AppOptions& options) {
    return options.secure_cookies ? "__Host-waymark-visit" : "waymark-visit";
}

void set_cookie(Response& response, const AppOptions& options, std::string_view name, std::string_view value,
                bool forget = false) {
    std::string line = fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax", name, value);
    if (options.secure_cookies) line += "; Secure";
    if (forget) line += "; Max-Age=0";
    response.headers.emplace_back("Set-Cookie", std::move(line));
}

// An address of this site, or the home page.
std::string local_path(std::string_view next) {
    const bool local = next.starts_with('/') && !next.starts_with("//") && next.find('\\') == std::string_view::npos &&
                       next.size() < 500;
    return local && parse_target(next) ? std::string(next) : std::string("/");
}

// The fields of a form but for its token, encoded again.
std::string encoded(const Form& form) {
    std::string out;
    for (const auto& [name, values] : form.fields()) {
        if (name == "csrf") continue;
        for (const std::string& value : values)
            out += fmt::format("{}{}={}", out.empty() ? "" : "&", percent_encode(name), percent_encode(value));
    }
    return out;
}

Html names_by_agency(const Visit& visit) {
    Writer w;
    for (const content::Agency& agency : visit.office().profile.agencies) {
        Writer buttons;
        bool any = false;
        for (const content::Practitioner& p : visit.office().profile.practitioners) {
            if (p.agency != agency.key) continue;
            any = true;
            buttons.open("li").add(button({.text = Html(fmt::format("{} – {}", p.name, content::role_label(p.role))),
                                           .name = "practitioner",
                                           .value = p.key,
                                           .classes = "govuk-button--secondary govuk-!-margin-bottom-2"}));
            buttons.close("li");
        }
        if (!any) continue;
        w.add(heading(2, agency.name, "m")).open("ul").classes({"govuk-list"}).add(buttons.done()).close("ul");
    }
    return w.done();
}

// Two people with whom one concern can be followed from end to end.
Html try_this(const content::Profile& profile) {
    const auto first = [&](std::string_view role) -> const content::Practitioner* {
        const auto found = std::find_if(profile.practitioners.begin(), profile.practitioners.end(),
                                        [&](const auto& p) { return p.role == role; });
        return found == profile.practitioners.end() ? nullptr : &*found;
    };
    const auto* raiser = first("early-years-lead");
    const auto* desk = first("front-door");
    if (raiser == nullptr || desk == nullptr) return {};
    return paragraph(
        fmt::format("To follow one concern, raise it as {} and then decide about it as {}.", raiser->name, desk->name));
}

Response sign_in_page(const Visit& visit, const std::string& next, const std::string& held, unsigned status) {
    const AppOptions& options = visit.setting().options;
    Page page = visit.page("Sign in");
    page.content = heading(1, "Sign in", "l");
    if (!held.empty()) {
        page.content += inset_text(
            {.content = "You were signed out before you sent the form. Sign in as yourself: what you typed is "
                        "kept and you can send it then."});
    }
    if (!options.names_may_sign_in) {
        page.content += paragraph(
            "Sign-in by name is switched off here, and no identity provider has been set up. Ask your "
            "administrator for Waymark.");
        return visit.show(page, 403);
    }
    std::string token(visit.request().cookie(visit_cookie(options)));
    const bool fresh = token.size() != 64;
    if (fresh) token = make_token(visit.office().random);
    page.content +=
        paragraph(visit.office().demonstration
                      ? "Choose who you want to be. There is no password, because this is a demonstration."
                      : "Choose your name. There is no password: this server answers on this machine only.");
    if (visit.office().demonstration) page.content += try_this(visit.office().profile);
    Visit::FormOptions form{.action = "/sign-in", .hidden = {{"token", token}, {"next", next}}};
    if (!held.empty()) form.hidden.emplace_back("held", held);
    page.content += visit.form(form, names_by_agency(visit));
    Response response = visit.show(page, status);
    if (fresh) set_cookie(response, options, visit_cookie(options), token);
    return response;
}

Result<Response> show_sign_in(Visit& visit) {
    const std::string next = local_path(visit.request().target.query.first("next"));
    if (visit.who) return Visit::see(next);
    return sign_in_page(visit, next, {}, 200);
}

// The form that was sent while signed out, to be sent again by its writer: never by itself.
Response carry_on(Visit& visit, const std::string& next, const std::string& held) {
    auto form = Typed::parse(held);
    if (!form) return Visit::see("/");
    Visit::FormOptions options{.action = next};
    for (const auto& [name, values] : form->form().fields()) {
        if (name == "csrf") continue;
        for (const std::string& value : values) options.hidden.emplace_back(name, value);
    }
    Page page = visit.page("You are signed in");
    page.content = heading(1, "You are signed in", "l") +
                   paragraph("What you typed before is still here. Nothing has been sent yet.");
    page.content += visit.form(options, button({.text = "Carry on where you were", .prevent_double_click = true}));
    page.content += paragraph(link("/", "Leave it and go to My day"));
    return visit.show(page);
}

Result<Response> sign_in(Visit& visit) {
    const AppOptions& options = visit.setting().options;
    const std::string next = local_path(visit.typed.value("next"));
    if (!options.names_may_sign_in) return sign_in_page(visit, next, {}, 403);
    if (!same_secret(visit.typed.value("token"), visit.request().cookie(visit_cookie(options)))) return forged(visit);
    const auto signed_in =
        TRY(accounts::sign_in_by_name(visit.house(), visit.typed.value("practitioner"), visit.request().peer));
    visit.who = TRY(accounts::who_is(visit.house(), signed_in.cookie));
    const std::string held = visit.typed.value("held");
    Response response = held.empty() || !visit.who ? Visit::see(next) : carry_on(visit, next, held);
    set_cookie(response, options, session_cookie(options), signed_in.cookie);
    set_cookie(response, options, visit_cookie(options), "", true);
    return response;
}

Result<Response> sign_out(Visit& visit) {
    const AppOptions& options = visit.setting().options;
    TRY_VOID(accounts::sign_out(visit.house(), visit.request().cookie(session_cookie(options))));
    Response response = Visit::see("/signed-out");
    response.headers.emplace_back("Clear-Site-Data", "\"cookies\", \"storage\"");
    set_cookie(response, options, session_cookie(options), "", true);
    return response;
}

Result<Response> signed_out(Visit& visit) {
    Page page = visit.page("You are signed out");
    page.content = heading(1, "You are signed out", "l") +
                   paragraph("If other people use this computer, close the browser as well.") +
                   paragraph(link("/sign-in", "Sign in again"));
    return visit.show(page);
}

}  // namespace

std::string_view session_cookie(const AppOptions& options) {
    return options.secure_cookies ? "__Host-waymark" : "waymark";
}

Response ask_to_sign_in(const Visit& visit) {
    const Request& request = visit.request();
    if (request.method == Method::post) {
        // A draft that saves itself only needs to know that nobody is signed in.
        if (!request.header("waymark-draft").empty()) {
            Response response;
            response.status = 403;
            response.content_type = "text/plain; charset=utf-8";
            response.body = "Signed out\n";
            return response;
        }
        std::string held = encoded(visit.typed.form());
        if (held.size() > most_held) held.clear();
        return sign_in_page(visit, local_path(request.target.path), held, 403);
    }
    const std::string& path = request.target.path;
    return Visit::see(path == "/" ? "/sign-in" : "/sign-in?next=" + percent_encode(path));
}

std::vector<PageRoute> sign_in_pages() {
    return {{{Method::get, "/sign-in", Shows::nothing, "sign-in", true}, show_sign_in},
            {{Method::post, "/sign-in", Shows::nothing, "sign-in", true}, sign_in},
            {{Method::post, "/sign-out", Shows::nothing, "sign-out"}, sign_out},
            {{Method::get, "/signed-out", Shows::nothing, "signed-out", true}, signed_out}};
}

}  // namespace waymark::web
