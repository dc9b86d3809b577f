// Page 37: where am I signed in? One's own sessions, to end one or all others, and one's own account.
#include <fmt/format.h>

#include "accounts/local.hpp"
#include "web/components/button.hpp"
#include "web/components/notification_banner.hpp"
#include "web/components/summary_list.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/parts.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

// "Firefox on Windows": enough to know one's own machine by; the whole line says more than anybody reads.
std::string browser_words(std::string_view agent) {
    const auto has = [&](std::string_view part) { return agent.find(part) != std::string_view::npos; };
    std::string browser = "A browser";
    if (has("Edg/"))
        browser = "Edge";
    else if (has("Firefox/"))
        browser = "Firefox";
    else if (has("Chrome/") || has("Chromium/"))
        browser = "Chrome";
    else if (has("Safari/"))
        browser = "Safari";
    std::string system;
    if (has("Windows"))
        system = "Windows";
    else if (has("Android"))
        system = "Android";
    else if (has("iPhone") || has("iPad"))
        system = "an iPhone or iPad";
    else if (has("Mac OS"))
        system = "a Mac";
    else if (has("Linux"))
        system = "Linux";
    return system.empty() ? browser : browser + " on " + system;
}

Html end_form(const Visit& visit, const accounts::SessionLine& line, std::size_t number) {
    return visit.form({.action = "/my-sessions/end", .hidden = {{"session", line.id}}},
                      button({.text = Html("End") + visually_hidden(fmt::format(" session {}", number)),
                              .classes = "govuk-button--secondary govuk-!-margin-bottom-0"}));
}

Html sessions_table(const Visit& visit, const std::vector<accounts::SessionLine>& lines) {
    TableOptions o;
    o.caption = "Where you are signed in";
    o.caption_classes = "govuk-table__caption--m";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    for (const char* head : {"Where", "Since", "Last used", "How", "End it"}) o.head.push_back({.content = head});
    std::size_t number = 0;
    for (const auto& line : lines) {
        ++number;
        Html where = line.this_one ? Html(browser_words(line.browser) + ": this one") : browser_words(line.browser);
        if (!line.from.empty()) where += Html::raw("<br>") + Html(line.from);
        std::vector<TableCell> row;
        row.push_back(labelled("Where", where));
        row.push_back(labelled("Since", moment_words(visit.zone(), line.created)));
        row.push_back(labelled("Last used", moment_words(visit.zone(), line.seen)));
        row.push_back(labelled("How", way_words(visit, line.issuer, accounts::to_string(line.strength))));
        row.push_back(labelled("End it", line.this_one ? Html("Sign out, above") : end_form(visit, line, number)));
        o.rows.push_back(std::move(row));
    }
    return table(o);
}

Html about_me(const Visit& visit) {
    const auto& me = *visit.who->practitioner;
    std::vector<SummaryRow> rows;
    rows.push_back({.key = "Name", .value = me.name});
    rows.push_back({.key = "Role", .value = content::role_label(me.role)});
    rows.push_back({.key = "Agency", .value = agency_words(visit.office(), me.agency)});
    rows.push_back(
        {.key = "Signed out at",
         .value = fmt::format("{} if you do nothing; {} in any case", visit.zone().clock_time(visit.who->ends),
                              visit.zone().clock_time(visit.who->ends_last))});
    return summary_list({.rows = std::move(rows)});
}

Html account_part(const Visit& visit, const accounts::AccountLine& account) {
    return heading(2, "Recovery codes", "m") +
           paragraph(fmt::format("You have {} of {} left. They let you in, each once, when you do not have your app.",
                                 account.recovery_left, accounts::recovery_codes)) +
           visit.form({.action = "/my-sessions/recovery-codes"},
                      button({.text = "Make new codes", .classes = "govuk-button--secondary"})) +
           hint_paragraph("The old ones stop working. You need to have signed in within the last ten minutes.");
}

Result<Response> my_sessions(Visit& visit, const std::string& done) {
    const auto lines = TRY(accounts::sessions_of(visit.house(), *visit.who));
    const auto account = TRY(accounts::own_account(visit.house(), *visit.who));
    Page page = visit.page("My sessions");
    if (!done.empty()) page.content += notification_banner({.content = done, .type = "success"});
    page.content += heading(1, "My sessions", "l") + about_me(visit) + sessions_table(visit, lines);
    if (lines.size() > 1) {
        page.content += visit.form({.action = "/my-sessions/end-others"},
                                   button({.text = "End all others", .classes = "govuk-button--warning"}));
    }
    page.content += paragraph(
        "If one of these is not yours, end it and tell your administrator for Waymark at once: they can close your "
        "access until you have a new password.");
    if (account) page.content += account_part(visit, *account);
    return visit.show(page);
}

Result<Response> show(Visit& visit) {
    return my_sessions(visit, {});
}

Result<Response> end(Visit& visit) {
    const bool ended = TRY(accounts::end_session(visit.house(), *visit.who, visit.typed.value("session")));
    return my_sessions(visit, ended ? "That session is ended." : "That session had ended already.");
}

Result<Response> end_others(Visit& visit) {
    const auto ended = TRY(accounts::end_other_sessions(visit.house(), *visit.who));
    return my_sessions(visit, ended == 0 ? std::string("There were no others.")
                                         : fmt::format("{} ended.", count_words(static_cast<std::size_t>(ended),
                                                                                "other session", "other sessions")));
}

Result<Response> recovery_codes(Visit& visit) {
    // An unlocked screen must not be enough to take an account over.
    if (visit.now() - visit.who->created > std::chrono::minutes{10}) {
        return fault(FaultKind::forbidden, "session", "You signed in more than ten minutes ago.",
                     "Sign out, sign in again and then make new codes.");
    }
    const auto codes = TRY(accounts::new_recovery_codes(visit.house(), *visit.who));
    Page page = visit.page("Keep these recovery codes");
    page.content = heading(1, "Keep these recovery codes", "l") + recovery_codes_shown(codes) +
                   paragraph(link("/my-sessions", "I have written them down: continue"));
    return visit.show(page);
}

}  // namespace

std::string way_words(const Visit& visit, std::string_view issuer, std::string_view strength) {
    std::string way = issuer_name(visit, issuer);
    if (strength == "phishing-resistant") way += ", with a key or card";
    if (strength == "two-factor") way += ", with two factors";
    if (strength == "password") way += ", with a password alone";
    return way;
}

std::vector<PageRoute> my_sessions_pages() {
    return {
        {{Method::get, "/my-sessions", Shows::nothing, "my-sessions"}, show},
        {{Method::post, "/my-sessions/end", Shows::nothing, "my-sessions.end"}, end},
        {{Method::post, "/my-sessions/end-others", Shows::nothing, "my-sessions.end-others"}, end_others},
        {{Method::post, "/my-sessions/recovery-codes", Shows::nothing, "my-sessions.recovery-codes"}, recovery_codes}};
}

}  // namespace waymark::web
