// The way to an identity provider and back.
#include <fmt/format.h>

#include "accounts/oidc.hpp"
#include "web/components/button.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/sign_in_parts.hpp"
#include "web/problems.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

const accounts::IssuerSettings* issuer_of(const Visit& visit) {
    const auto& providers = visit.setting().options.providers;
    const auto* provider = providers ? providers->find(visit.parameter("issuer")) : nullptr;
    return provider == nullptr ? nullptr : &provider->settings();
}

Response told(const Visit& visit, const accounts::IssuerSettings& issuer, const Fault& why) {
    Page page = visit.page("You are not signed in");
    page.content = heading(1, "You are not signed in", "l");
    if (why.kind == FaultKind::unavailable) {
        visit.setting().log.error("identity provider", {{"route", issuer.key}, {"place", why.place}});
        page.content +=
            paragraph(fmt::format("{} could not be reached, or gave no sound answer. {}", issuer.name, why.mend));
    } else if (why.place == "practitioner" || why.place == "agency" || why.place == "strength" ||
               why.place == "error") {
        page.content += paragraph(why.reason) + paragraph(why.mend);
    } else {
        // For whoever looks after it: which check failed, and nothing that was in the answer.
        page.content +=
            paragraph(fmt::format("The answer of {} was not accepted ({}: {}).", issuer.name, why.place, why.reason)) +
            paragraph("If this happens again, tell your administrator for Waymark what stands in brackets.");
    }
    page.content += paragraph(link("/sign-in", "Back to the sign-in page"));
    return visit.show(page, status_of(why.kind));
}

Result<Response> go(Visit& visit) {
    const auto* issuer = issuer_of(visit);
    if (issuer == nullptr) return not_found(visit);
    const AppOptions& options = visit.setting().options;
    const std::string next = local_path(visit.request().target.query.first("next"));
    const VisitorToken visitor = visitor_token(visit);
    const auto wanted = visit.request().target.query.has("again") ? options.to_administer : accounts::Strength::name;
    const auto url = accounts::begin_at(visit.house(), *options.providers, issuer->key, next, visitor.token, wanted);
    if (!url) return told(visit, *issuer, url.error());
    Response response = Visit::see(*url);
    if (visitor.fresh) set_cookie(response, options, visit_cookie(options), visitor.token);
    return response;
}

Result<Response> back(Visit& visit) {
    const auto* issuer = issuer_of(visit);
    if (issuer == nullptr) return not_found(visit);
    const AppOptions& options = visit.setting().options;
    const Form& query = visit.request().target.query;
    const accounts::ProviderAnswer answer{query.all("code"), query.all("state"), query.all("iss"), query.all("error")};
    auto arrived = accounts::arrive_from(visit.house(), *options.providers, issuer->key, answer,
                                         visit.request().cookie(visit_cookie(options)), visit.origin());
    if (!arrived) return told(visit, *issuer, arrived.error());
    return enter(visit, arrived->session, Visit::see(local_path(arrived->next)));
}

// Asked by a provider's server, never by a browser.
Result<Response> out(Visit& visit) {
    Response response;
    response.content_type = "text/plain; charset=utf-8";
    const auto* issuer = issuer_of(visit);
    if (issuer == nullptr) return not_found(visit);
    const auto ended = accounts::provider_signs_out(visit.house(), *visit.setting().options.providers, issuer->key,
                                                    visit.typed.value("logout_token"));
    if (ended) {
        response.body = "Signed out\n";
        return response;
    }
    if (ended.error().kind == FaultKind::unavailable) return tl::unexpected(ended.error());
    response.status = 400;  // Back-Channel Logout 1.0 section 2.8
    response.body = "The logout token was not accepted (" + ended.error().place + ")\n";
    return response;
}

}  // namespace

Html provider_buttons(const Visit& visit, const std::string& next, bool again) {
    const auto& providers = visit.setting().options.providers;
    Html out;
    if (!providers) return out;
    for (const auto& issuer : providers->settings().issuers) {
        std::string href = with_next("/sign-in/with/" + issuer.key, next);
        if (again) href += next == "/" ? "?again=1" : "&again=1";
        Writer w;
        w.open("p").add(button({.text = "Sign in with " + issuer.name, .href = href})).close("p");
        out += w.done();
    }
    return out;
}

std::string issuer_name(const Visit& visit, std::string_view issuer) {
    if (issuer == "demo") return "A choice of names";
    if (issuer == "local") return "Waymark’s own sign-in";
    const auto& providers = visit.setting().options.providers;
    const auto* provider = providers ? providers->find(issuer) : nullptr;
    return provider == nullptr ? std::string(issuer) : provider->settings().name;
}

std::vector<Html> provider_words(const Visit& visit) {
    std::vector<Html> out;
    const auto& providers = visit.setting().options.providers;
    if (!providers) return out;
    for (const auto& issuer : providers->settings().issuers) {
        std::string whom = "for people of every agency";
        if (!issuer.agencies.empty()) {
            whom = "for people of ";
            for (std::size_t i = 0; i < issuer.agencies.size(); ++i) {
                const auto* agency = visit.office().profile.agency(issuer.agencies[i]);
                whom += (i == 0 ? "" : ", ") + (agency == nullptr ? issuer.agencies[i] : agency->name);
            }
        }
        out.emplace_back(
            fmt::format("{} ({}), {}; at least {}", issuer.name, issuer.url, whom, accounts::to_string(issuer.least)));
    }
    return out;
}

std::vector<PageRoute> sign_in_provider_pages() {
    return {{{Method::get, "/sign-in/with/:issuer", Shows::nothing, "sign-in.with", true}, go},
            {{Method::get, "/sign-in/back/:issuer", Shows::nothing, "sign-in.back", true}, back},
            {{Method::post, "/sign-in/out/:issuer", Shows::nothing, "sign-in.out", true}, out}};
}

}  // namespace waymark::web
