// Page 36, for the system administrator: who works here, how they sign in, and to close somebody's access.
#include <fmt/format.h>

#include <algorithm>

#include "accounts/local.hpp"
#include "casework/two_persons.hpp"
#include "web/components/button.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/notification_banner.hpp"
#include "web/components/pagination.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/tag.hpp"
#include "web/components/textarea.hpp"
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

// What two people have said of letting this person in again.
struct Anew {
    bool needed = false;
    std::optional<casework::two_persons::Pending> request;
    [[nodiscard]] bool agreed() const {
        return !needed || (request && request->state == casework::two_persons::State::agreed);
    }
};
Result<Anew> anew_of(const Visit& visit, const std::string& key) {
    Anew anew;
    TRY_VOID(visit.office().store.read([&](store::Snapshot& snapshot) -> Result<void> {
        anew.needed = TRY(casework::two_persons::needed(visit.office(), snapshot));
        anew.request = TRY(
            casework::two_persons::standing_request(visit.office(), snapshot, casework::two_persons::to_let_in(key)));
        return {};
    }));
    return anew;
}

// The way back in of somebody who has lost their password or their app, or whose access was closed: no weaker than the
// way in, so it takes two.
Html anew_part(const Visit& visit, const accounts::Colleague& one, const Anew& anew, const std::string& path) {
    Html out = heading(2, one.closed ? "Let them in again" : "If they have lost their password or app", "m");
    if (!anew.agreed() && anew.request) {
        return out + paragraph(Html("A second person is asked. It stands under ") +
                               link("/approvals", "Waiting for a second person") + Html("."));
    }
    if (!anew.agreed()) {
        Html content = textarea({.name = "why",
                                 .label = {.text = "Why? How do you know that it is they who ask?"},
                                 .error_message = visit.typed.message("why"),
                                 .value = visit.typed.value("why"),
                                 .rows = 2,
                                 .spellcheck = true});
        content +=
            button({.text = "Ask a second person", .classes = "govuk-button--secondary", .prevent_double_click = true});
        return out + paragraph("An administrator or a privacy officer agrees to it first. Their agency is told.") +
               visit.form({.action = path + "/anew", .key = visit.form_key()}, content);
    }
    if (!anew.needed)
        out += hint_paragraph("Fewer than two who could agree have ever signed in, so nobody else is asked yet.");
    if (one.closed) {
        return out + visit.form({.action = path + "/reopen"},
                                button({.text = "Let them sign in again", .classes = "govuk-button--secondary"}));
    }
    return out +
           paragraph(
               "They get a code that is good once, within an hour. They choose a new password and set up their app "
               "anew. Every session of theirs ends now.") +
           visit.form(
               {.action = path + "/code"},
               button({.text = "Make the code", .classes = "govuk-button--warning", .prevent_double_click = true}));
}

Result<Response> person_page(Visit& visit, const std::string& done) {
    if (auto refused = refusal(visit)) return std::move(*refused);
    const auto one = TRY(colleague(visit));
    const auto& p = *one.practitioner;
    Page page = visit.page("A person’s access", Place::administration);
    page.errors = visit.typed.summary();
    page.back_link = BackLinkOptions{.href = "/admin/people", .text = "Back to people"};
    if (!done.empty()) page.content += notification_banner({.content = done, .type = "success"});
    page.content += heading(1, p.name, "l");
    std::vector<SummaryRow> rows;
    rows.push_back({.key = "Sign-in name", .value = p.key});
    rows.push_back({.key = "Role", .value = content::role_label(p.role)});
    rows.push_back({.key = "Agency", .value = agency_words(visit.office(), p.agency)});
    rows.push_back({.key = "Telephone in the profile", .value = p.telephone.empty() ? "None" : p.telephone});
    rows.push_back({.key = "Account here", .value = one.has_account ? "Yes" : "No"});
    rows.push_back({.key = "Last sign-in", .value = last_words(visit, one)});
    rows.push_back({.key = "Now", .value = state_of(one)});
    page.content += summary_list({.rows = std::move(rows)});
    const std::string path = "/admin/people/" + handle_of(visit, p);
    if (p.key == visit.who->practitioner->key) {
        page.content += inset_text({.content = "This is you. Another administrator can close your access."});
        return visit.show(page);
    }
    const auto anew = TRY(anew_of(visit, p.key));
    if (one.closed) {
        page.content +=
            paragraph(fmt::format("Their access was closed on {}.", moment_words(visit.zone(), *one.closed)));
        page.content += anew_part(visit, one, anew, path);
    } else {
        if (one.has_account) page.content += anew_part(visit, one, anew, path);
        page.content += heading(2, "Close their access", "m");
        page.content += warning_text(
            {.text = "Closing ends every session of theirs at once, whichever way they signed in, and they cannot sign "
                     "in until an administrator opens their access again. What they wrote stays in the record."});
        page.content += visit.form({.action = path + "/close"},
                                   button({.text = "Close their access", .classes = "govuk-button--warning"}));
    }
    return visit.show(page, visit.typed.good() ? 200 : 422);
}

Result<Response> show_person(Visit& visit) {
    return person_page(visit, {});
}

// To close is to protect, so one administrator may; to let somebody in again takes two.
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

accounts::Allow by_two(const Visit& visit, const std::string& key) {
    return [&visit, key](store::Transaction& tx) -> Result<std::optional<Fault>> {
        namespace two = casework::two_persons;
        const auto& office = visit.office();
        const auto permit = TRY(office.gate->ask(visit.asker(), record::Action::administer));
        const auto leave = TRY(two::leave_of_operator(office, tx, permit, two::to_let_in(key), false));
        return leave.given() ? std::optional<Fault>{} : std::optional(two::waits_for_second_person(leave));
    };
}

// Nothing of one's own: nobody lets themselves in again.
Result<std::string> somebody_else(const Visit& visit) {
    auto key = TRY(colleague(visit)).practitioner->key;
    if (key == visit.who->practitioner->key) {
        return fault(FaultKind::forbidden, "practitioner", "Nobody lets themselves in again.",
                     "Ask another administrator.");
    }
    return key;
}

Result<Response> reopen(Visit& visit) {
    if (auto refused = refusal(visit)) return std::move(*refused);
    const auto key = TRY(somebody_else(visit));
    TRY_VOID(accounts::reopen_access(visit.house(), key, visit.who->practitioner->key, visit.request().peer,
                                     by_two(visit, key)));
    return person_page(visit, "They may sign in again.");
}

Result<Response> ask_anew(Visit& visit) {
    if (auto refused = refusal(visit)) return std::move(*refused);
    const auto key = TRY(somebody_else(visit));
    const std::string why =
        visit.typed.required_text("why", "the reason", "Say why, and how you know that it is they who ask");
    if (visit.typed.good()) {
        const auto asked =
            casework::two_persons::ask_for(visit.office(), visit.asker(), {visit.form_key(), "let-in " + key, why});
        if (!asked && asked.error().kind != FaultKind::conflict) return tl::unexpected(asked.error());
        return person_page(visit, "A second person is asked.");
    }
    return person_page(visit, {});
}

Result<Response> make_code(Visit& visit) {
    if (auto refused = refusal(visit)) return std::move(*refused);
    const auto key = TRY(somebody_else(visit));
    const auto code = TRY(accounts::make_starting_code(visit.house(), accounts::Making::reset, key,
                                                       visit.who->practitioner->key, by_two(visit, key)));
    Page page = visit.page("A code to begin anew", Place::administration);
    page.content = heading(1, "A code to begin anew", "l") +
                   paragraph(
                       "Give it to them in person or by telephone, and to nobody else. It is shown once, good once, "
                       "within an hour. They type it in place of the password.");
    Writer shown;
    shown.open("p").classes({"govuk-body-l waymark-secret"}).element("code", "", code).close("p");
    page.content += shown.done() + paragraph(link("/admin/people", "Back to people"));
    return visit.show(page);
}

}  // namespace

std::vector<PageRoute> people_admin_pages() {
    return {{{Method::get, "/admin/people", Shows::nothing, "admin.people"}, list_page},
            {{Method::get, "/admin/people/:person", Shows::nothing, "admin.person"}, show_person},
            {{Method::post, "/admin/people/:person/close", Shows::nothing, "admin.person.close"}, close},
            {{Method::post, "/admin/people/:person/anew", Shows::nothing, "admin.person.anew"}, ask_anew},
            {{Method::post, "/admin/people/:person/code", Shows::nothing, "admin.person.code"}, make_code},
            {{Method::post, "/admin/people/:person/reopen", Shows::nothing, "admin.person.reopen"}, reopen}};
}

}  // namespace waymark::web
