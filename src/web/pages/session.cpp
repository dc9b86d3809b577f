// How long one is still signed in, and to stay so.
#include <fmt/format.h>

#include "base/json.hpp"
#include "web/components/button.hpp"
#include "web/pages/pages.hpp"
#include "web/security.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::chrono::minutes day_is_over_soon{45};  // before the end that comes whatever is done

std::int64_t seconds_left(const Visit& visit, const accounts::Who& who) {
    return std::max<std::int64_t>(0, std::chrono::floor<std::chrono::seconds>(who.ends - visit.now()).count());
}

Response as_json(const json::object& body, unsigned status = 200) {
    Response response;
    response.status = status;
    response.content_type = "application/json";
    response.body = write_json(body);
    return response;
}

Response told(const Visit& visit) {
    const SessionEnd end = session_end(visit);
    return as_json({{"seconds", seconds_left(visit, *visit.who)},
                    {"extends", end.extends},
                    {"at", end.at},
                    {"token", visit.form_token()}});
}

// Asked by a script, so that a page in one tab knows of what was done in another: how long is left, and the token with
// which forms that were opened before are sent from now on. No use of the session. Only our own pages can read it.
Result<Response> left(Visit& visit) {
    if (!visit.who || !from_our_own_pages(visit.request()))
        return as_json({{"seconds", 0}, {"extends", false}, {"at", ""}, {"token", ""}});
    return told(visit);
}

Result<Response> extend(Visit& visit) {
    visit.who = TRY(accounts::extend(visit.house(), visit.request().cookie(session_cookie(visit.setting().options))));
    if (!visit.who) return ask_to_sign_in(visit);
    if (visit.request().header("waymark-script").empty()) return Visit::see("/session");
    return told(visit);
}

Result<Response> show_session(Visit& visit) {
    visit.who = TRY(accounts::extend(visit.house(), visit.request().cookie(session_cookie(visit.setting().options))));
    if (!visit.who) return ask_to_sign_in(visit);
    Page page = visit.page("You are still signed in");
    page.content = heading(1, "You are still signed in", "l");
    page.content +=
        paragraph(fmt::format("If you do nothing, you are signed out at {}. Opening any page gives you {} "
                              "minutes again.",
                              visit.zone().clock_time(visit.who->ends), accounts::idle_limit.count()));
    page.content +=
        paragraph(fmt::format("At {} you are signed out in any case, {} hours after you signed in. You can "
                              "sign in again at once.",
                              visit.zone().clock_time(visit.who->ends_last), accounts::whole_limit.count()));
    page.content += paragraph("If you opened this page from a form, close this tab and go on with the form.");
    page.content += visit.form({.action = "/session/extend"}, button({.text = "Stay signed in"}));
    page.content += paragraph(link("/my-sessions", "Where you are signed in"));
    return visit.show(page);
}

}  // namespace

SessionEnd session_end(const Visit& visit) {
    if (!visit.who) return {};
    const accounts::Who& who = *visit.who;
    SessionEnd end;
    end.at = visit.zone().clock_time(who.ends);
    end.seconds = seconds_left(visit, who);
    end.warn = std::chrono::seconds(accounts::warning_before).count();
    end.extends = who.ends < who.ends_last;
    // The last half hour of twelve is told longer before: it cannot be put off.
    if (!end.extends) end.warn = std::chrono::seconds(day_is_over_soon).count();
    return end;
}

std::vector<PageRoute> session_pages() {
    return {{{Method::get, "/session", Shows::nothing, "session"}, show_session},
            {{Method::get, "/session/left", Shows::nothing, "session.left", true, true}, left},
            {{Method::post, "/session/extend", Shows::nothing, "session.extend"}, extend}};
}

}  // namespace waymark::web
