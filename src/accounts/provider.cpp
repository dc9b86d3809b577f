// Asking a provider, and reading what it says.
#include "accounts/provider.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "accounts/url.hpp"
#include "base/form.hpp"
#include "base/text.hpp"

namespace waymark::accounts {

namespace {

constexpr std::chrono::hours kept_for{1};
constexpr std::chrono::hours keys_stand_for{24};  // where the provider cannot be asked
constexpr std::chrono::minutes asked_again_after{1};
constexpr std::chrono::seconds failure_stands_for{5};
constexpr std::chrono::seconds turn_within{3};

auto unavailable(std::string place, std::string reason) {
    return fault(FaultKind::unavailable, std::move(place), std::move(reason), "Try again in a minute.");
}

Result<json::object> read_answer(std::string_view text, std::string_view what) {
    const auto value = parse_json(text, {.depth = 16, .bytes = 64u << 10});
    if (!value) return unavailable(std::string(what), "is not sound JSON: " + value.error().reason);
    if (!value->is_object()) return unavailable(std::string(what), "is not an object");
    return value->as_object();
}

Result<std::string> need_endpoint(const json::object& in, std::string_view name) {
    const auto text = need_claim(in, name, 2'000);
    if (!text) return unavailable(std::string(name), text.error().reason);
    if (const auto url = parse_https_url(*text); !url) return unavailable(std::string(name), url.error().reason);
    return *text;
}

// Where a list is given, it must hold one of these.
Result<void> may_be_listed(const json::object& in, std::string_view name,
                           std::initializer_list<std::string_view> wanted) {
    const auto* list = find(in, name);
    if (list == nullptr) return {};
    if (!list->is_array()) return unavailable(std::string(name), "is not a list");
    for (const auto& one : list->as_array()) {
        if (one.is_string() &&
            std::find(wanted.begin(), wanted.end(), std::string_view(one.as_string())) != wanted.end())
            return {};
    }
    return unavailable(std::string(name), "holds nothing that is allowed here");
}

bool is_json(std::string_view content_type) {
    const std::string_view type = trim(content_type.substr(0, content_type.find(';')));
    const std::string lower = to_lower_ascii(type);
    return lower == "application/json" || lower == "application/jwk-set+json";
}

}  // namespace

Result<Discovery> parse_discovery(std::string_view text, std::string_view issuer) {
    const auto in = TRY(read_answer(text, "discovery"));
    const auto said = need_claim(in, "issuer", 2'000);
    // Otherwise one provider could pass for another (OpenID Connect Discovery 1.0 section 4.3).
    if (!said || *said != issuer) return unavailable("issuer", "is not the provider that was asked");
    Discovery out;
    out.authorization_endpoint = TRY(need_endpoint(in, "authorization_endpoint"));
    out.token_endpoint = TRY(need_endpoint(in, "token_endpoint"));
    out.jwks_uri = TRY(need_endpoint(in, "jwks_uri"));
    TRY_VOID(may_be_listed(in, "response_types_supported", {"code"}));
    TRY_VOID(may_be_listed(in, "code_challenge_methods_supported", {"S256"}));
    TRY_VOID(may_be_listed(in, "id_token_signing_alg_values_supported", {"RS256", "PS256", "ES256"}));
    if (const auto* iss = find(in, "authorization_response_iss_parameter_supported")) {
        if (!iss->is_bool())
            return unavailable("authorization_response_iss_parameter_supported", "is neither yes nor no");
        out.sends_iss = iss->as_bool();
    }
    return out;
}

Result<Tokens> parse_token_answer(const Fetched& answer) {
    if (answer.status != 200) {
        return fault(answer.status >= 500 ? FaultKind::unavailable : FaultKind::forbidden, "token",
                     fmt::format("the provider did not take the code (status {})", answer.status), "Begin again.");
    }
    if (!is_json(answer.content_type)) return unavailable("token", "the answer is not JSON");
    const auto in = TRY(read_answer(answer.body, "token"));
    const auto type = need_claim(in, "token_type", 20);
    if (!type || to_lower_ascii(*type) != "bearer") return unavailable("token_type", "is not Bearer");
    Tokens out;
    const auto id_token = need_claim(in, "id_token", most_token);
    if (!id_token) return unavailable("id_token", id_token.error().reason);
    out.id_token = *id_token;
    const auto access = need_claim(in, "access_token", most_token);
    if (!access) return unavailable("access_token", access.error().reason);
    out.access_token = *access;
    return out;
}

Result<Fetched> Provider::ask(FetchRequest request) {
    const std::unique_lock turn(asking_, turn_within);
    if (!turn) return unavailable(settings_.key, "is being asked by others and has not answered yet");
    request.ca_file = settings_.ca_file;
    return fetch_(request);
}

Result<Discovery> Provider::discovery(Instant now) {
    {
        const std::scoped_lock lock(mutex_);
        if (discovery_ && now - discovered_ < kept_for) return *discovery_;
        if (failed_.micros != 0 && now - failed_ < failure_stands_for)
            return unavailable("discovery", "could not be had a moment ago");
    }
    const auto asked = [&]() -> Result<Discovery> {
        std::string url = settings_.url;
        if (url.ends_with('/')) url.pop_back();
        const auto answer = TRY(ask({.url = url + "/.well-known/openid-configuration"}));
        if (answer.status != 200) return unavailable("discovery", fmt::format("answers with status {}", answer.status));
        if (!is_json(answer.content_type)) return unavailable("discovery", "is not JSON");
        return parse_discovery(answer.body, settings_.url);
    }();
    const std::scoped_lock lock(mutex_);
    if (asked) {
        discovery_ = *asked;
        discovered_ = now;
        failed_ = {};
    } else {
        failed_ = now;
    }
    return asked;
}

Result<std::shared_ptr<const KeySet>> Provider::keys_for(const Jws& token, Instant now) {
    const auto is_unknown = [&](const KeySet& keys) { return !token.key_id.empty() && !keys.has(token.key_id); };
    std::shared_ptr<const KeySet> held;
    bool ask_anew = false;
    {
        const std::scoped_lock lock(mutex_);
        held = keys_;
        ask_anew = !held || now - keyed_ >= kept_for || (is_unknown(*held) && now - keyed_ >= asked_again_after);
        if (ask_anew && held) keyed_ = std::max(keyed_, now - kept_for + asked_again_after);  // others need not ask too
    }
    if (!ask_anew) return held;
    const auto asked = [&]() -> Result<std::shared_ptr<const KeySet>> {
        const Discovery where = TRY(discovery(now));
        const auto answer = TRY(ask({.url = where.jwks_uri, .most_bytes = 256u << 10}));
        if (answer.status != 200) return unavailable("jwks", fmt::format("answers with status {}", answer.status));
        if (!is_json(answer.content_type)) return unavailable("jwks", "is not JSON");
        auto keys = KeySet::parse(answer.body);
        if (!keys) return unavailable("jwks", keys.error().reason);
        return std::make_shared<const KeySet>(std::move(*keys));
    }();
    const std::scoped_lock lock(mutex_);
    if (asked) {
        keys_ = *asked;
        keyed_ = now;
        good_since_ = now;
        return keys_;
    }
    // Keys that were good an hour ago are not bad because the provider cannot be asked now.
    if (held && now - good_since_ < keys_stand_for) return held;
    return tl::unexpected(asked.error());
}

Result<Tokens> Provider::exchange(std::string_view code, std::string_view verifier, std::string_view redirect_uri,
                                  Instant now) {
    const Discovery where = TRY(discovery(now));
    FetchRequest request;
    request.url = where.token_endpoint;
    request.form = fmt::format("grant_type=authorization_code&code={}&redirect_uri={}&code_verifier={}",
                               percent_encode(code), percent_encode(redirect_uri), percent_encode(verifier));
    if (settings_.client_secret.empty() || settings_.secret_in_body)
        request.form += "&client_id=" + percent_encode(settings_.client_id);
    if (!settings_.client_secret.empty()) {
        if (settings_.secret_in_body) {
            request.form += "&client_secret=" + percent_encode(settings_.client_secret);
        } else {
            // RFC 6749 section 2.3.1: both are form-encoded before they are joined.
            const std::string pair =
                percent_encode(settings_.client_id) + ":" + percent_encode(settings_.client_secret);
            request.authorization = "Basic " + to_base64(as_bytes(pair));
        }
    }
    return parse_token_answer(TRY(ask(std::move(request))));
}

Providers::Providers(SignInSettings settings, const Fetch& fetch) : settings_(std::move(settings)) {
    for (const auto& issuer : settings_.issuers) all_.push_back(std::make_unique<Provider>(issuer, fetch));
}

Provider* Providers::find(std::string_view key) const {
    const auto found =
        std::find_if(all_.begin(), all_.end(), [&](const auto& one) { return one->settings().key == key; });
    return found == all_.end() ? nullptr : found->get();
}

std::string Providers::redirect_uri(const IssuerSettings& issuer) const {
    return settings_.public_url + "/sign-in/back/" + issuer.key;
}

}  // namespace waymark::accounts
