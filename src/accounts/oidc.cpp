// Begin, and arrive: each check in its place, the first that fails ends it.
#include "accounts/oidc.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/form.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace waymark::accounts {

namespace {

constexpr std::size_t most_parameter = 4'096;

auto denied(std::string place, std::string reason, std::string mend = "Begin again from the sign-in page.") {
    return fault(FaultKind::forbidden, std::move(place), std::move(reason), std::move(mend));
}

struct Step {
    std::string issuer;
    std::string nonce;
    std::string verifier;
    std::string next;
    std::string visitor;  // hex digest
    bool anew = false;
};

Result<Step> read_step(const House& house, const store::SignInStepRow& row) {
    const auto value = TRY(parse_json(TRY(house.keys.open_sealed(row.sealed, "step", to_hex(row.token)))));
    const auto& held = value.as_object();
    return Step{std::string(string_or(held, "issuer", "")),   std::string(string_or(held, "nonce", "")),
                std::string(string_or(held, "verifier", "")), std::string(string_or(held, "next", "")),
                std::string(string_or(held, "visitor", "")),  string_or(held, "anew", "") == "yes"};
}

// One value, of a bearable length; empty where there is none.
Result<std::string> one_of(const std::vector<std::string>& values, std::string_view name) {
    if (values.size() > 1) return denied(std::string(name), "is given twice");
    if (values.empty()) return std::string{};
    if (values.front().size() > most_parameter) return denied(std::string(name), "is too long");
    return values.front();
}

// Taken out of the store whatever comes after: a state is good once.
Result<Step> take_step(const House& house, std::string_view state) {
    std::optional<Result<Step>> step;
    const auto token = sha256(as_bytes(state));
    TRY_VOID(house.store.write([&](store::Transaction& tx) -> Result<void> {
        const auto row = sign_ins(tx).sign_in_step(house.partnership, token);
        if (!row || row->kind != "provider" || row->expires <= house.clock.now()) {
            step = denied("state", "is not of a sign-in that is under way");
            return {};
        }
        sign_ins(tx).delete_sign_in_step(house.partnership, token);
        step = read_step(house, *row);
        return {};
    }));
    return std::move(*step);
}

Result<const content::Practitioner*> practitioner_of(const House& house, const IssuerSettings& issuer,
                                                     const json::object& claims) {
    const auto unknown = [] {
        return denied("practitioner", "Your provider knows you, but nobody here goes by what it says of you.",
                      "Ask your administrator for Waymark to add you.");
    };
    const std::string value = TRY(need_claim(claims, issuer.claim));
    if (issuer.claim == "email") {
        const auto* verified = find(claims, "email_verified");
        if (verified == nullptr || !verified->is_bool() || !verified->as_bool())
            return denied("email_verified", "the provider has not verified the address");
    }
    std::string key = value;
    if (!issuer.people.empty()) {
        const auto found = issuer.people.find(value);
        if (found == issuer.people.end()) return unknown();
        key = found->second;
    }
    const auto* known = house.profile.practitioner(key);
    if (known == nullptr) return unknown();
    // One agency's provider must not be able to sign in another agency's people.
    if (!issuer.agencies.empty() &&
        std::find(issuer.agencies.begin(), issuer.agencies.end(), known->agency) == issuer.agencies.end())
        return denied("agency", "This provider may not speak for people of that agency.",
                      "Sign in with the provider of your own agency.");
    return known;
}

Digest subject_tag(const House& house, const IssuerSettings& issuer, std::string_view subject) {
    return house.keys.tag("subject", fmt::format("{} {}", issuer.key, subject));
}
Digest login_tag(const House& house, const IssuerSettings& issuer, std::string_view session) {
    return house.keys.tag("login", fmt::format("{} {}", issuer.key, session));
}
Bytes bytes_of(const Digest& digest) {
    return {digest.begin(), digest.end()};
}

Result<Jws> signed_by(Provider& provider, std::string_view token, std::initializer_list<std::string_view> types,
                      Instant now) {
    auto jws = parse_jws(token, types);
    if (!jws) return denied("token", jws.error().reason);
    const auto keys = TRY(provider.keys_for(*jws, now));
    if (!keys->verifies(*jws)) return denied("signature", "no key of the provider made it");
    return std::move(*jws);
}

Result<Arrived> arrive(const House& house, const Providers& providers, Provider& provider, const ProviderAnswer& answer,
                       std::string_view visitor, const Origin& origin) {
    const IssuerSettings& issuer = provider.settings();
    const auto now = house.clock.now();
    const std::string state = TRY(one_of(answer.state, "state"));
    const std::string iss = TRY(one_of(answer.iss, "iss"));
    const std::string code = TRY(one_of(answer.code, "code"));
    const std::string error = TRY(one_of(answer.error, "error"));
    if (state.empty()) return denied("state", "is missing");
    const Step step = TRY(take_step(house, state));
    if (visitor.empty() || step.visitor != to_hex(sha256(as_bytes(visitor))))
        return denied("state", "is of a sign-in that another browser began");
    // Mix-up: the answer must come from the provider that was asked, at the address that is that provider's alone.
    if (step.issuer != issuer.key) return denied("iss", "is another provider than the one that was asked");
    if (!iss.empty() && iss != issuer.url) return denied("iss", "is another provider than the one that was asked");
    if (iss.empty() && (issuer.iss_required || TRY(provider.discovery(now)).sends_iss))
        return denied("iss", "is missing");
    if (!error.empty()) return denied("error", "The provider did not sign you in.");
    if (code.empty()) return denied("code", "is missing");

    const Tokens tokens = TRY(provider.exchange(code, step.verifier, providers.redirect_uri(issuer), now));
    const Jws token = TRY(signed_by(provider, tokens.id_token, {"jwt"}, now));
    if (const auto checked =
            check_id_token(token, {issuer.url, issuer.client_id, step.nonce, tokens.access_token, now, step.anew});
        !checked)
        return denied(checked.error().place, checked.error().reason);
    const auto* known = TRY(practitioner_of(house, issuer, token.claims));
    const Strength strength = strength_of(token.claims, issuer.strengths);
    if (strength < issuer.least) {
        return denied(
            "strength",
            fmt::format("You signed in by {}; here it must be {}.", to_string(strength), to_string(issuer.least)),
            "Sign in at your provider with a second factor, then begin again.");
    }
    Proof proof{strength,
                issuer.key,
                bytes_of(subject_tag(house, issuer, *need_claim(token.claims, "sub"))),
                {},
                "identity-provider"};
    if (const auto sid = need_claim(token.claims, "sid")) proof.login = bytes_of(login_tag(house, issuer, *sid));
    return Arrived{TRY(begin_session(house, *known, proof, origin)), step.next};
}

}  // namespace

Result<std::string> begin_at(const House& house, const Providers& providers, std::string_view key,
                             std::string_view next, std::string_view visitor, Strength wanted) {
    Provider* provider = providers.find(key);
    if (provider == nullptr)
        return fault(FaultKind::missing, "issuer", "There is no such provider.", "Choose one of the sign-in page.");
    const IssuerSettings& issuer = provider->settings();
    const auto now = house.clock.now();
    const Discovery where = TRY(provider->discovery(now));
    const std::string state = random_token(house.random);
    const std::string nonce = random_token(house.random);
    const std::string verifier = random_token(house.random);
    const json::object held{{"issuer", issuer.key},
                            {"nonce", nonce},
                            {"verifier", verifier},
                            {"next", next},
                            {"visitor", to_hex(sha256(as_bytes(visitor)))},
                            {"anew", wanted == Strength::name ? "no" : "yes"}};
    TRY_VOID(house.store.write([&](store::Transaction& tx) -> Result<void> {
        const auto token = sha256(as_bytes(state));
        sign_ins(tx).put_sign_in_step(house.partnership,
                                      {token, "provider", now + provider_step_lasts,
                                       house.keys.close(write_json(held), "step", to_hex(token), house.random)});
        return {};
    }));
    std::string url = where.authorization_endpoint;
    url += url.find('?') == std::string::npos ? '?' : '&';
    url += fmt::format(
        "response_type=code&client_id={}&redirect_uri={}&scope={}&state={}&nonce={}&code_challenge={}&"
        "code_challenge_method=S256",
        percent_encode(issuer.client_id), percent_encode(providers.redirect_uri(issuer)),
        percent_encode(join(issuer.scopes, " ")), state, nonce, base64url(sha256(as_bytes(verifier))));
    if (!issuer.ask_for.empty()) url += "&acr_values=" + percent_encode(join(issuer.ask_for, " "));
    // To sign in more strongly is to sign in again: an old login at the provider is not enough.
    if (wanted != Strength::name) url += "&prompt=login&max_age=0";
    return url;
}

Result<Arrived> arrive_from(const House& house, const Providers& providers, std::string_view key,
                            const ProviderAnswer& answer, std::string_view visitor, const Origin& origin) {
    Provider* provider = providers.find(key);
    if (provider == nullptr)
        return fault(FaultKind::missing, "issuer", "There is no such provider.", "Choose one of the sign-in page.");
    auto arrived = arrive(house, providers, *provider, answer, visitor, origin);
    if (!arrived && arrived.error().kind == FaultKind::forbidden) {
        TRY_VOID(house.store.write([&](store::Transaction& tx) -> Result<void> {
            const auto row = audit_line(house, "sign-in", "", "", origin.from, "denied",
                                        fmt::format("{}:{}", key, arrived.error().place));
            house.auditor.keep(tx, house.partnership, row);
            return {};
        }));
    }
    return arrived;
}

Result<std::int64_t> provider_signs_out(const House& house, const Providers& providers, std::string_view key,
                                        std::string_view text) {
    Provider* provider = providers.find(key);
    if (provider == nullptr) return fault(FaultKind::missing, "issuer", "There is no such provider.");
    const IssuerSettings& issuer = provider->settings();
    const auto now = house.clock.now();
    const Jws token = TRY(signed_by(*provider, text, {"jwt", "logout+jwt"}, now));
    const LogoutToken out = TRY(check_logout_token(token, {issuer.url, issuer.client_id, {}, {}, now, false}));
    std::int64_t ended = 0;
    TRY_VOID(house.store.write([&](store::Transaction& tx) -> Result<void> {
        // Each token once, for as long as it could be sent again.
        const auto once = house.keys.tag("logout", fmt::format("{} {}", issuer.key, out.id));
        if (sign_ins(tx).sign_in_step(house.partnership, once)) return denied("jti", "was used before");
        sign_ins(tx).put_sign_in_step(house.partnership, {once, "logout", now + std::chrono::hours{1}, Bytes{0}});
        const Bytes login = out.session.empty() ? Bytes{} : bytes_of(login_tag(house, issuer, out.session));
        const Bytes subject = out.subject.empty() ? Bytes{} : bytes_of(subject_tag(house, issuer, out.subject));
        ended = sign_ins(tx).delete_sessions_at(house.partnership, issuer.key, login, subject);
        const auto row = audit_line(house, "sign-out", "", "", issuer.key, "allowed", "identity-provider");
        house.auditor.keep(tx, house.partnership, row);
        return {};
    }));
    return ended;
}

}  // namespace waymark::accounts
