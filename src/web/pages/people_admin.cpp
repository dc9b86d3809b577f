// Page 36, for the system administrator: who works here, how they sign in, and to close somebody's access.
#include <fmt/format.h>

#include <algorithm>

#include "accounts/local.hpp"
#include "web/components/button.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/notification_banner.hpp"
#include "web/components/pagination.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/tag.hpp"
#include "web/components/warning_text.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/parts.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t on_a_page = 50;

// Nothing where this person may administer, else the page that says why not.
std::optional<Result<Response>> refusal(const Visit& visit) {
    if (visit.who->practitioner->role != "system-admin") {
        return Result<Response>(fault(FaultKind::forbidden, "role", "Only a system administrator may see this.",
                                      "Ask your administrator for Waymark."));
    }
    if (visit.strong_enough(visit.setting().options.to_administer)) return std::nullopt;
    Page page = visit.page("Sign in more strongly");
    page.content =
        heading(1, "Sign in more strongly", "l") +
        paragraph(fmt::format("To see or change who may sign in, a sign-in that is {} is needed. Yours is {}.",
                              accounts::to_string(visit.setting().options.to_administer),
                              accounts::to_string(visit.who->strength))) +
        paragraph(link("/sign-in?again=1&next=%2Fadmin%2Fpeople", "Sign in again"));
    return Result<Response>(visit.show(page, 403));
}

Html state_of(const accounts::Colleague& one) {
    if (one.closed) return tag({.text = "Access closed", .classes = "govuk-tag--red"});
    if (!one.works_here) return tag({.text = "Left or moved", .classes = "govuk-tag--grey"});
    if (one.sessions > 0)
        return tag({.text = count_words(one.sessions, "session", "sessions"), .classes = "govuk-tag--green"});
    return "Not signed in";
}

Html last_words(const Visit& visit, const accounts::Colleague& one) {
    if (!one.last) return one.has_account ? "Never; has an account" : "Never";
    return Html(moment_words(visit.zone(), one.last->at)) + Html::raw("<br>") +
           Html(way_words(visit, one.last->issuer, one.last->strength));
}

std::size_t page_of(const Visit& visit) {
    const std::string_view text = visit.request().target.query.first("page");
    std::size_t number = 0;
    for (const char c : text.substr(0, 6)) {
        if (c < '0' || c > '9') return 1;
        number = number * 10 + static_cast<std::size_t>(c - '0');
    }
    return std::max<std::size_t>(number, 1);
}

// In addresses a person goes by this: a key looks like a name, and addresses stay in histories and logs.
std::string handle_of(const Visit& visit, const content::Practitioner& one) {
    return to_hex(visit.setting().keys.tag("person", one.key)).substr(0, 24);
}

Html people_table(const Visit& visit, const std::vector<accounts::Colleague>& all, std::size_t from) {
    TableOptions o;
    o.caption = "Who works here";
    o.caption_classes = "govuk-table__caption--m";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    for (const char* head : {"Name", "Role and agency", "Last sign-in", "Now"}) o.head.push_back({.content = head});
    for (std::size_t i = from; i < std::min(all.size(), from + on_a_page); ++i) {
        const auto& one = all[i];
        const auto& p = *one.practitioner;
        std::vector<TableCell> row;
        row.push_back(labelled("Name", link("/admin/people/" + handle_of(visit, p), p.name)));
        row.push_back(labelled("Role and agency", Html(content::role_label(p.role)) + Html::raw("<br>") +
                                                      Html(agency_words(visit.office(), p.agency))));
        row.push_back(labelled("Last sign-in", last_words(visit, one)));
        row.push_back(labelled("Now", state_of(one)));
        o.rows.push_back(std::move(row));
    }
    return table(o);
}

Html ways_part(const Visit& visit) {
    Html out = heading(2, "Ways to sign in", "m");
    std::vector<Html> ways;
    if (visit.setting().options.names_may_sign_in && visit.office().demonstration)
        ways.emplace_back("A choice of names, because this is a demonstration");
    if (visit.setting().options.accounts_may_sign_in)
        ways.emplace_back("Accounts of this store’s own: a password and a one-time code, always both");
    for (const Html& one : provider_words(visit)) ways.push_back(one);
    return out + bullets(ways) +
           hint_paragraph("They are set where the server is started; see the page on sign-in of the documentation.");
}

Result<Response> list_page(Visit& visit) {
    if (auto refused = refusal(visit)) return std::move(*refused);
    const auto all = TRY(accounts::colleagues(visit.house()));
    const std::size_t pages = std::max<std::size_t>(1, (all.size() + on_a_page - 1) / on_a_page);
    const std::size_t now = std::min(page_of(visit), pages);
    Page page = visit.page("People and sign-in", Place::administration);
    page.wide = true;
    page.content = heading(1, "People and sign-in", "l");
    page.content += people_table(visit, all, (now - 1) * on_a_page);
    if (pages > 1) {
        PaginationOptions o;
        const auto href = [](std::size_t n) { return fmt::format("/admin/people?page={}", n); };
        if (now > 1) o.previous = PaginationLink{.href = href(now - 1)};
        if (now < pages) o.next = PaginationLink{.href = href(now + 1)};
        page.content += pagination(o);
    }
    page.content += ways_part(visit);
    return visit.show(page);
}

// Of the address.
Result<accounts::Colleague> colleague(const Visit& visit) {
    const auto all = TRY(accounts::colleagues(visit.house()));
    for (const auto& one : all) {
        if (handle_of(visit, *one.practitioner) == visit.parameter("person")) return one;
    }
    return fault(FaultKind::missing, "practitioner", "There is no such person.", "Check the address.");
}

Result<Response> person_page(Visit& visit, const std::string& done) {
    if (auto refused = refusal(visit)) return std::move(*refused);
    const auto one = TRY(colleague(visit));
    const auto& p = *one.practitioner;
    Page page = visit.page("A person’s access", Place::administration);
    page.back_link = BackLinkOptions{.href = "/admin/people", .text = "Back to people"};
    if (!done.empty()) page.content += notification_banner({.content = done, .type = "success"});
    page.content += heading(1, p.name, "l");
    std::vector<SummaryRow> rows;
    rows.push_back({.key = "Sign-in name", .value = p.key});
    rows.push_back({.key = "Role", .value = content::role_label(p.role)});
    rows.push_back({.key = "Agency", .value = agency_words(visit.office(), p.agency)});
    rows.push_back({.key = "Account here", .value = one.has_account ? "Yes" : "No"});
    rows.push_back({.key = "Last sign-in", .value = last_words(visit, one)});
    rows.push_back({.key = "Now", .value = state_of(one)});
    page.content += summary_list({.rows = std::move(rows)});
    const std::string path = "/admin/people/" + handle_of(visit, p);
    if (p.key == visit.who->practitioner->key) {
        page.content += inset_text({.content = "This is you. Another administrator can close your access."});
    } else if (one.closed) {
        page.content +=
            paragraph(fmt::format("Their access was closed on {}.", moment_words(visit.zone(), *one.closed)));
        page.content += visit.form({.action = path + "/reopen"},
                                   button({.text = "Let them sign in again", .classes = "govuk-button--secondary"}));
    } else {
        page.content += warning_text(
            {.text = "Closing ends every session of theirs at once, whichever way they signed in, and they cannot sign "
                     "in until an administrator opens their access again. What they wrote stays in the record."});
        page.content += visit.form({.action = path + "/close"},
                                   button({.text = "Close their access", .classes = "govuk-button--warning"}));
    }
    return visit.show(page);
}

Result<Response> show_person(Visit& visit) {
    return person_page(visit, {});
}

// To close is to protect, so one administrator may; to open again is the step that a second person should confirm where
// the partnership asks for two.
Result<Response> close(Visit& visit) {
    if (auto refused = refusal(visit)) return std::move(*refused);
    const std::string key = TRY(colleague(visit)).practitioner->key;
    if (key == visit.who->practitioner->key) {
        return fault(FaultKind::forbidden, "practitioner", "Nobody closes their own access.",
                     "Ask another administrator, or sign out.");
    }
    TRY_VOID(accounts::close_access(visit.house(), key, visit.who->practitioner->key, visit.request().peer));
    return person_page(visit, "Their access is closed and their sessions are ended.");
}

Result<Response> reopen(Visit& visit) {
    if (auto refused = refusal(visit)) return std::move(*refused);
    TRY_VOID(accounts::reopen_access(visit.house(), TRY(colleague(visit)).practitioner->key,
                                     visit.who->practitioner->key, visit.request().peer));
    return person_page(visit, "They may sign in again.");
}

}  // namespace

std::vector<PageRoute> people_admin_pages() {
    return {{{Method::get, "/admin/people", Shows::nothing, "admin.people"}, list_page},
            {{Method::get, "/admin/people/:person", Shows::nothing, "admin.person"}, show_person},
            {{Method::post, "/admin/people/:person/close", Shows::nothing, "admin.person.close"}, close},
            {{Method::post, "/admin/people/:person/reopen", Shows::nothing, "admin.person.reopen"}, reopen}};
}

}  // namespace waymark::web
