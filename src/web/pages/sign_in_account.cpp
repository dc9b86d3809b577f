// The second page of a sign-in with an account of this store's own: the one-time code; or, the first time, a password
// and an app of one's own.
#include <fmt/format.h>

#include "accounts/local.hpp"
#include "web/components/button.hpp"
#include "web/components/details.hpp"
#include "web/components/input.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/password_input.hpp"
#include "web/components/warning_text.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/sign_in_parts.hpp"
#include "web/problems.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

std::string step_of(const Visit& visit) {
    return std::string(visit.request().cookie(step_cookie(visit.setting().options)));
}

std::string next_of(const Visit& visit) {
    return local_path(visit.request().method == Method::post ? visit.typed.value("next")
                                                             : visit.request().target.query.first("next"));
}

Response over(const Visit& visit) {
    Page page = visit.page("Sign in again");
    page.content = heading(1, "Sign in again", "l") +
                   paragraph("This sign-in took too long, or was finished elsewhere. Nothing is lost.") +
                   paragraph(link(with_next("/sign-in", next_of(visit)), "Begin again"));
    return visit.show(page, 403);
}

Response code_page(const Visit& visit, const Typed& typed, unsigned status) {
    Page page = visit.page("Enter your code");
    page.errors = typed.summary();
    page.content = heading(1, "Enter your code", "l");
    Html fields = input({.name = "code",
                         .label = {.text = "Code from your authenticator app"},
                         .hint = {.text = "Six digits. Each code works once."},
                         .error_message = typed.message("code"),
                         .classes = "govuk-input--width-10",
                         .autocomplete = "one-time-code",
                         .spellcheck = false});
    fields += button({.text = "Continue", .prevent_double_click = true});
    page.content += visit.form(
        {.action = "/sign-in/code", .hidden = {{"token", visitor_token(visit).token}, {"next", next_of(visit)}}},
        fields);
    page.content += details(
        {.summary = "I do not have my app",
         .content = paragraph("Type one of your recovery codes instead, such as 3-ABCD-EFGH-IJKL-MNOP. Each works "
                              "once.") +
                    paragraph("If you have no recovery code left, ask your administrator for Waymark to begin your "
                              "account anew.")});
    return visit.show(page, status);
}

Result<Response> show_code(Visit& visit) {
    const auto at = TRY(accounts::step_at(visit.house(), step_of(visit)));
    if (at != accounts::Next::code) return over(visit);
    return code_page(visit, {}, 200);
}

void remember_device(Response& response, const Visit& visit, const std::string& device) {
    const AppOptions& options = visit.setting().options;
    set_cookie(response, options, device_cookie(options), device, "; Max-Age=15552000");  // 180 days
}

Response recovered_page(Visit& visit, const accounts::Entered& entered, const std::string& next) {
    Page page = visit.page("You used a recovery code");
    page.content = heading(1, "You used a recovery code", "l") +
                   paragraph(fmt::format("It will not work again. You have {} left.", entered.recovery_left)) +
                   paragraph(
                       "If you have lost your app for good, ask your administrator for Waymark to begin your "
                       "account anew, so that you can set up another.") +
                   paragraph(link(next, "Continue"));
    return visit.show(page);
}

Result<Response> take_code(Visit& visit) {
    if (!is_visitors_own(visit)) return forged(visit);
    const std::string next = next_of(visit);
    auto entered = accounts::give_code(visit.house(), step_of(visit), visit.typed.value("code"), visit.origin());
    if (!entered) {
        const Fault& why = entered.error();
        if (why.kind == FaultKind::missing) return over(visit);
        if (why.kind == FaultKind::forbidden && why.place != "code") return problem(visit, why);
        if (why.kind != FaultKind::forbidden && why.kind != FaultKind::held) return tl::unexpected(why);
        visit.typed.fault("code", why.reason + " " + why.mend);
        return code_page(visit, visit.typed, why.kind == FaultKind::held ? 429 : 403);
    }
    visit.who = TRY(accounts::who_is(visit.house(), entered->session.cookie));
    Response response = entered->recovered ? recovered_page(visit, *entered, next) : Visit::see(next);
    response = enter(visit, entered->session, std::move(response));
    remember_device(response, visit, entered->device);
    return response;
}

Result<Response> begin_page(const Visit& visit, const Typed& typed, unsigned status) {
    const auto enrolling = accounts::enrolment_of(visit.house(), step_of(visit));
    if (!enrolling)
        return enrolling.error().kind == FaultKind::missing ? Result<Response>(over(visit))
                                                            : tl::unexpected(enrolling.error());
    Page page = visit.page("Set up your sign-in");
    page.errors = typed.summary();
    page.content = heading(1, "Set up your sign-in", "l") +
                   paragraph("You do this once. Nobody else will know your password or your codes.");
    Html fields = heading(2, "1. Choose a password", "m");
    fields += password_input({.name = "password",
                              .label = {.text = "New password"},
                              .hint = {.text = fmt::format("{} characters or more. Three words that only you would put "
                                                           "together are good.",
                                                           accounts::least_password)},
                              .error_message = typed.message("password"),
                              .classes = "govuk-input--width-20",
                              .autocomplete = "new-password"});
    fields += heading(2, "2. Set up an authenticator app", "m");
    fields += paragraph("Open an authenticator app on your phone, add an account, choose to type a key, and type:");
    Writer secret;
    secret.open("p").classes({"govuk-body-l waymark-secret"}).element("code", "", enrolling->secret).close("p");
    fields += secret.done();
    fields += details({.summary = "The app is on this device",
                       .content = paragraph("Copy this line into it:") +
                                  inset_text({.content = enrolling->otpauth, .classes = "waymark-break"})});
    fields += input({.name = "code",
                     .label = {.text = "Code that the app shows now"},
                     .hint = {.text = "Six digits"},
                     .error_message = typed.message("code"),
                     .classes = "govuk-input--width-10",
                     .autocomplete = "one-time-code",
                     .inputmode = "numeric",
                     .spellcheck = false});
    fields += button({.text = "Finish", .prevent_double_click = true});
    page.content += visit.form(
        {.action = "/sign-in/begin", .hidden = {{"token", visitor_token(visit).token}, {"next", next_of(visit)}}},
        fields);
    return visit.show(page, status);
}

Result<Response> show_begin(Visit& visit) {
    return begin_page(visit, {}, 200);
}

Result<Response> take_begin(Visit& visit) {
    if (!is_visitors_own(visit)) return forged(visit);
    const std::string next = next_of(visit);
    auto enrolled = accounts::enrol(visit.house(), step_of(visit), visit.typed.value("password"),
                                    visit.typed.value("code"), visit.origin());
    if (!enrolled) {
        const Fault& why = enrolled.error();
        if (why.kind == FaultKind::missing) return over(visit);
        if (why.kind != FaultKind::invalid) return tl::unexpected(why);
        visit.typed.fault(why.place, why.reason);
        return begin_page(visit, visit.typed, 400);
    }
    visit.who = TRY(accounts::who_is(visit.house(), enrolled->entered.session.cookie));
    Page page = visit.page("Keep these recovery codes");
    page.content = heading(1, "Keep these recovery codes", "l") + recovery_codes_shown(enrolled->recovery) +
                   paragraph(link(next, "I have written them down: continue"));
    Response response = enter(visit, enrolled->entered.session, visit.show(page));
    remember_device(response, visit, enrolled->entered.device);
    return response;
}

}  // namespace

Html recovery_codes_shown(const std::vector<std::string>& codes) {
    Writer list;
    list.open("ul").classes({"govuk-list waymark-codes"});
    for (const std::string& code : codes) list.open("li").element("code", "", code).close("li");
    list.close("ul");
    return warning_text({.text = "These are shown once. Print them or write them down, and keep them where you keep "
                                 "your keys."}) +
           paragraph("If you lose your phone, each of them lets you in once, after your password:") + list.done();
}

std::vector<PageRoute> sign_in_account_pages() {
    return {{{Method::get, "/sign-in/code", Shows::nothing, "sign-in.code", true}, show_code},
            {{Method::post, "/sign-in/code", Shows::nothing, "sign-in.code", true}, take_code},
            {{Method::get, "/sign-in/begin", Shows::nothing, "sign-in.begin", true}, show_begin},
            {{Method::post, "/sign-in/begin", Shows::nothing, "sign-in.begin", true}, take_begin}};
}

}  // namespace waymark::web
