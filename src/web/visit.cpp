// The frame around every page, and who is asking.
#include "web/visit.hpp"

#include <fmt/format.h>

#include "casework/access.hpp"
#include "web/pages/pages.hpp"
#include "web/security.hpp"
#include "web/words.hpp"

namespace waymark::web {

accounts::House Visit::house() const {
    return {office().store,  office().partnership, office().profile, office().clock,
            office().random, *office().auditor,    setting_.keys,    office().demonstration};
}

accounts::Origin Visit::origin() const {
    return {request_.peer, std::string(request_.header("user-agent")),
            std::string(request_.cookie(session_cookie(setting_.options)))};
}

record::Asker Visit::asker(std::string_view purpose) const {
    record::Asker asker;
    if (who && who->practitioner != nullptr) {
        asker.practitioner = who->practitioner->key;
        asker.agency = who->practitioner->agency;
        asker.role = who->practitioner->role;
        asker.session = who->session;
        asker.strength = accounts::to_string(who->strength);
        asker.issuer = who->issuer;
    }
    asker.purpose = purpose.empty() ? office().gate->policy().default_purpose(asker.role) : purpose;
    asker.route = route_.name;
    asker.from = request_.peer;
    asker.readings = readings_;
    return asker;
}

Result<Response> Visit::together(const std::function<Result<Response>()>& answer) {
    return casework::look_together<Response>(office(), asker(), [&](record::Readings& readings) {
        struct Until {
            record::Readings*& of;
            ~Until() { of = nullptr; }
        } until{readings_ = &readings};
        return answer();
    });
}

bool Visit::may(record::Action action, std::string_view kind) const {
    return who && office().gate->ask(asker(), action, kind).has_value();
}

bool Visit::may_triage() const {
    return may(record::Action::append, "triage.decided") && may(record::Action::read);
}

std::string_view Visit::parameter(std::string_view name) const {
    for (const auto& [known, value] : parameters_) {
        if (known == name) return value;
    }
    return {};
}

Page Visit::page(std::string title, Place place) const {
    Page page{.title = std::move(title)};
    page.service_name = office().profile.name;
    page.demonstration = office().demonstration;
    page.footer_links = {{.text = "Manual", .href = "/manual"},
                         {.text = "Help", .href = "/help"},
                         {.text = "Accessibility", .href = "/accessibility"}};
    if (!who || who->practitioner == nullptr) return page;
    const auto* agency = office().profile.agency(who->practitioner->agency);
    page.signed_in = SignedIn{.name = who->practitioner->name,
                              .agency = agency == nullptr ? std::string() : agency->name,
                              .form_token = form_token(),
                              .ends = session_end(*this)};
    const auto add = [&](const char* text, const char* href, Place here) {
        page.navigation.push_back({.text = text, .href = href, .active = place == here});
    };
    add("My day", "/", Place::home);
    if (may_raise()) add("Raise a concern", "/concerns/new", Place::raise);
    if (may_triage()) add("Concern inbox", "/inbox", Place::inbox);
    if (may(record::Action::append, "visit.made") || may(record::Action::append, "supervision.recorded"))
        add("Caseload", "/caseload", Place::caseload);
    if (may(record::Action::decide_identity)) add("Matches to check", "/matches", Place::matches);
    if (may_triage() || may(record::Action::fold)) add("Meetings", "/meetings", Place::meetings);
    if (may(record::Action::search)) add("Find a child", "/children", Place::children);
    if (may(record::Action::oversee)) add("Access", "/access", Place::access);
    if (who->practitioner->role == "system-admin") add("Administration", "/admin/people", Place::administration);
    page.footer_links.push_back({.text = "My sessions", .href = "/my-sessions"});
    page.print_note = fmt::format(
        "Printed by {} on {}. Confidential: about children. Keep it safe and destroy it when it is no longer needed.",
        who->practitioner->name, moment_words(zone(), now_));
    return page;
}

Response Visit::show(const Page& page, unsigned status) const {
    Response response;
    response.status = status;
    response.body = render(page, setting_.assets);
    return response;
}

Response Visit::see(std::string path) {
    Response response;
    response.status = 303;
    response.content_type = "text/plain; charset=utf-8";
    response.headers.emplace_back("Location", std::move(path));
    return response;
}

Html Visit::form(const FormOptions& o, const Html& content) const {
    Writer w;
    w.open("form").attr("method", "post").attr("action", safe_href(o.action)).flag("novalidate", true);
    w.attr_if("data-draft-url", o.draft_url);
    const auto hidden = [&w](std::string_view name, std::string_view value) {
        w.open("input").attr("type", "hidden").attr("name", name).attr("value", value);
    };
    if (who) hidden("csrf", form_token());
    if (!o.key.empty()) hidden("key", o.key);
    for (const auto& [name, value] : o.hidden) hidden(name, value);
    w.add(content);
    if (!o.draft_url.empty()) w.add(draft_status());
    w.close("form");
    return w.done();
}

std::string Visit::form_token() const {
    return fmt::format("{}:{}", who->csrf, who->practitioner == nullptr ? "" : who->practitioner->key);
}

Visit::Opened Visit::form_opened() const {
    const std::string ours = form_token();
    const std::string given = typed.value("csrf");
    if (same_secret(given, ours)) return Opened::now;
    const auto whose = [](std::string_view token) { return token.substr(std::min(token.find(':'), token.size())); };
    return whose(given).size() > 1 && whose(given) == whose(ours) ? Opened::before : Opened::elsewhere;
}

std::string Visit::form_key() const {
    std::string sent = typed.value("key");
    if (parse_uuid(sent)) return sent;
    return to_string(make_uuid4(office().random));
}

}  // namespace waymark::web
