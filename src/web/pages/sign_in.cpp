// The first page of sign-in, whichever ways lead in from it, and sign-out. A form that was sent after the session had
// ended is carried through sign-in, so that what was typed is not lost.
#include <algorithm>

#include <fmt/format.h>

#include "accounts/local.hpp"
#include "web/components/button.hpp"
#include "web/components/details.hpp"
#include "web/components/input.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/password_input.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/sign_in_parts.hpp"
#include "web/problems.hpp"
#include "web/security.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t most_held = 600u << 10;  // of a form's body; it is encoded once more on the way

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

bool by_name(const Visit& visit) {
    return visit.setting().options.names_may_sign_in && visit.office().demonstration;
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

// What the page is shown for: afterwards to `next`; a form that came too late; what was wrong with the last try.
struct Asked {
    std::string next = "/";
    std::string held{};
    std::string wrong{};
    std::string wait{};
    unsigned status = 200;
};

Html names_form(const Visit& visit, const Asked& asked, const std::string& token) {
    Html out = paragraph("Choose who you want to be. There is no password, because this is a demonstration.");
    out += try_this(visit.office().profile);
    Visit::FormOptions form{.action = "/sign-in", .hidden = {{"token", token}, {"next", asked.next}}};
    if (!asked.held.empty()) form.hidden.emplace_back("held", asked.held);
    return out + visit.form(form, names_by_agency(visit));
}

Html account_form(const Visit& visit, const Asked& asked, const std::string& token) {
    Html fields = input({.name = "name",
                         .label = {.text = "Your sign-in name"},
                         .hint = {.text = "For example, a.rahman"},
                         .classes = "govuk-input--width-20",
                         .autocomplete = "username",
                         .autocapitalize = "none",
                         .spellcheck = false});
    fields += password_input({.name = "password",
                              .label = {.text = "Password"},
                              .hint = {.text = "The first time: the starting code that you were given"},
                              .classes = "govuk-input--width-20"});
    fields += button({.text = "Sign in", .prevent_double_click = true});
    return visit.form({.action = "/sign-in", .hidden = {{"token", token}, {"next", asked.next}}}, fields) +
           details({.summary = "I cannot sign in",
                    .content = paragraph("If you have lost your phone or your app, sign in with your password and then "
                                         "use one of your recovery codes.") +
                               paragraph("If you have forgotten your password, ask your administrator for Waymark to "
                                         "begin your account anew. Nobody can do that by e-mail.")});
}

// The form that came too late waits on this page while its writer signs in beside it.
Html held_beside(const Visit& visit, const Asked& asked, const std::string& token) {
    Html out = inset_text({.content = "You were signed out before you sent the form. What you typed is kept on this "
                                      "page. Do not close it."});
    out += heading(2, "1. Sign in, in a new tab", "m");
    Writer w;
    w.open("a").classes({"govuk-button"}).attr("role", "button").attr("draggable", "false");
    w.attr("data-module", "govuk-button").attr("target", "_blank").href("/sign-in?next=%2Fsigned-in");
    w.text("Sign in").element("span", "govuk-visually-hidden", " (opens in a new tab)").close("a");
    out += w.done();
    out += heading(2, "2. Come back here and carry on", "m");
    out += visit.form(
        {.action = "/sign-in/carry-on", .hidden = {{"token", token}, {"next", asked.next}, {"held", asked.held}}},
        button({.text = "Carry on where you were", .classes = "govuk-button--secondary"}));
    return out;
}

Response sign_in_page(const Visit& visit, const Asked& asked) {
    const AppOptions& options = visit.setting().options;
    const VisitorToken visitor = visitor_token(visit);
    Page page = visit.page("Sign in");
    if (!asked.wrong.empty()) page.errors.push_back({.text = asked.wrong, .href = "#name"});
    page.content = heading(1, asked.held.empty() || by_name(visit) ? "Sign in" : "You were signed out", "l");
    if (!asked.wait.empty()) page.content += paragraph(asked.wait);
    if (by_name(visit)) {
        if (!asked.held.empty()) {
            page.content += inset_text(
                {.content = "You were signed out before you sent the form. Sign in as yourself: what you typed is "
                            "kept and you can send it then."});
        }
        page.content += names_form(visit, asked, visitor.token);
    } else if (!asked.held.empty()) {
        page.content += held_beside(visit, asked, visitor.token);
    } else if (options.accounts_may_sign_in || options.providers) {
        page.content += provider_buttons(visit, asked.next, visit.request().target.query.has("again"));
        const bool both = options.providers && !options.providers->settings().issuers.empty();
        if (both && options.accounts_may_sign_in) page.content += heading(2, "Or with an account of this service", "m");
        if (options.accounts_may_sign_in) page.content += account_form(visit, asked, visitor.token);
    } else {
        page.content += paragraph("No way to sign in has been set up here. Ask your administrator for Waymark.");
    }
    Response response = visit.show(page, asked.status);
    if (visitor.fresh) set_cookie(response, options, visit_cookie(options), visitor.token);
    return response;
}

Result<Response> show_sign_in(Visit& visit) {
    const std::string next = local_path(visit.request().target.query.first("next"));
    // Somebody who is signed in comes here to sign in more strongly, or as somebody else.
    if (visit.who && !visit.request().target.query.has("again")) return Visit::see(next);
    return sign_in_page(visit, {.next = next});
}

Result<Response> sign_in_as(Visit& visit, const std::string& next) {
    const AppOptions& options = visit.setting().options;
    const auto signed_in =
        TRY(accounts::sign_in_by_name(visit.house(), visit.typed.value("practitioner"), visit.origin()));
    visit.who = TRY(accounts::who_is(visit.house(), signed_in.cookie));
    const std::string held = visit.typed.value("held");
    Response response = held.empty() || !visit.who ? Visit::see(next) : carry_on_page(visit, next, held);
    response = enter(visit, signed_in, std::move(response));
    forget_cookie(response, options, visit_cookie(options));
    return response;
}

Result<Response> sign_in(Visit& visit) {
    const AppOptions& options = visit.setting().options;
    const std::string next = local_path(visit.typed.value("next"));
    const bool as_name = by_name(visit) && visit.typed.has("practitioner");
    if (!as_name && !options.accounts_may_sign_in) return sign_in_page(visit, {.next = next, .status = 403});
    if (!is_visitors_own(visit)) return forged(visit);
    if (as_name) return sign_in_as(visit, next);
    const auto taken = accounts::give_password(visit.house(), visit.typed.value("name"), visit.typed.value("password"),
                                               visit.request().cookie(device_cookie(options)), visit.origin());
    if (!taken) {
        const Fault& why = taken.error();
        if (why.kind == FaultKind::forbidden)
            return sign_in_page(visit, {.next = next, .wrong = why.reason, .status = 403});
        if (why.kind == FaultKind::held)
            return sign_in_page(visit, {.next = next, .wrong = why.reason + " " + why.mend, .status = 429});
        return tl::unexpected(why);
    }
    Response response =
        Visit::see(with_next(taken->next == accounts::Next::code ? "/sign-in/code" : "/sign-in/begin", next));
    set_cookie(response, options, step_cookie(options), taken->step);
    return response;
}

Result<Response> carry_on(Visit& visit) {
    if (!is_visitors_own(visit)) return forged(visit);
    const std::string next = local_path(visit.typed.value("next"));
    const std::string held = visit.typed.value("held");
    if (!visit.who) return sign_in_page(visit, {.next = next, .held = held, .status = 403});
    return carry_on_page(visit, next, held);
}

Result<Response> sign_out(Visit& visit) {
    const AppOptions& options = visit.setting().options;
    TRY_VOID(accounts::sign_out(visit.house(), visit.request().cookie(session_cookie(options))));
    Response response = Visit::see("/signed-out");
    // Not the cookies: the one that tells that this browser was here before outlasts a session.
    response.headers.emplace_back("Clear-Site-Data", "\"cache\", \"storage\"");
    for (const auto name : {session_cookie(options), visit_cookie(options), step_cookie(options)})
        forget_cookie(response, options, name);
    return response;
}

Result<Response> signed_out(Visit& visit) {
    Page page = visit.page("You are signed out");
    page.content = heading(1, "You are signed out", "l") +
                   paragraph("If other people use this computer, close the browser as well.") +
                   paragraph(link("/sign-in", "Sign in again"));
    return visit.show(page);
}

Result<Response> signed_in(Visit& visit) {
    Page page = visit.page("You are signed in");
    page.content = heading(1, "You are signed in", "l") +
                   paragraph("Close this tab, go back to the one you came from and carry on there.") +
                   paragraph(link("/", "Or go to My day"));
    return visit.show(page);
}

}  // namespace

Response ask_to_sign_in(const Visit& visit) {
    const Request& request = visit.request();
    if (request.method == Method::post) {
        if (saves_itself(request)) return draft_not_kept();
        std::string held = encoded(visit.typed.form());
        if (held.size() > most_held) held.clear();
        return sign_in_page(visit, {.next = local_path(request.target.path), .held = std::move(held), .status = 403});
    }
    const std::string& path = request.target.path;
    return Visit::see(path == "/" ? "/sign-in" : "/sign-in?next=" + percent_encode(path));
}

std::vector<PageRoute> sign_in_pages() {
    std::vector<PageRoute> all{{{Method::get, "/sign-in", Shows::nothing, "sign-in", true}, show_sign_in},
                               {{Method::post, "/sign-in", Shows::nothing, "sign-in", true}, sign_in},
                               {{Method::post, "/sign-in/carry-on", Shows::nothing, "sign-in", true}, carry_on},
                               {{Method::post, "/sign-out", Shows::nothing, "sign-out"}, sign_out},
                               {{Method::get, "/signed-in", Shows::nothing, "signed-in"}, signed_in},
                               {{Method::get, "/signed-out", Shows::nothing, "signed-out", true}, signed_out}};
    for (auto pages :
         {sign_in_account_pages, sign_in_provider_pages, session_pages, my_sessions_pages, people_admin_pages}) {
        auto some = pages();
        all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    }
    return all;
}

}  // namespace waymark::web
