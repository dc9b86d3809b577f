// Claims, one check each, in the order of the standard.
#include "accounts/id_token.hpp"

#include <openssl/crypto.h>

#include <algorithm>

#include "base/hash.hpp"

namespace waymark::accounts {

namespace {

auto wrong(std::string claim, std::string reason) {
    return invalid(std::move(claim), std::move(reason));
}

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

// Seconds since 1970, whole or with a fraction; nothing else.
Result<Instant> time_claim(const json::object& claims, std::string_view name) {
    const auto* value = find(claims, name);
    if (value == nullptr) return wrong(std::string(name), "is missing");
    constexpr double most = 1e11;  // the year 5138
    double seconds = -1;
    if (value->is_int64()) seconds = static_cast<double>(value->as_int64());
    if (value->is_uint64()) seconds = static_cast<double>(value->as_uint64());
    if (value->is_double()) seconds = value->as_double();
    if (!(seconds >= 0) || seconds > most) return wrong(std::string(name), "is not a time");
    return Instant{static_cast<std::int64_t>(seconds * 1e6)};
}

Result<void> check_audience(const json::object& claims, const Expected& expected) {
    const auto* value = find(claims, "aud");
    if (value == nullptr) return wrong("aud", "is missing");
    if (value->is_string()) {
        if (std::string_view(value->as_string()) != expected.client_id) return wrong("aud", "is another application");
    } else if (value->is_array()) {
        const auto& list = value->as_array();
        // An audience that is not known here could pass the token on.
        for (const auto& one : list) {
            if (!one.is_string() || std::string_view(one.as_string()) != expected.client_id)
                return wrong("aud", "names another application as well");
        }
        if (list.empty()) return wrong("aud", "is empty");
    } else {
        return wrong("aud", "is not text");
    }
    if (const auto* azp = find(claims, "azp")) {
        if (!azp->is_string() || std::string_view(azp->as_string()) != expected.client_id)
            return wrong("azp", "is another application");
    }
    return {};
}

Result<void> check_times(const json::object& claims, const Expected& expected) {
    const Instant expires = TRY(time_claim(claims, "exp"));
    const Instant issued = TRY(time_claim(claims, "iat"));
    if (expected.now >= expires + clock_may_differ) return wrong("exp", "is past");
    if (issued > expected.now + clock_may_differ) return wrong("iat", "is in the future");
    if (issued + token_may_be_old + clock_may_differ < expected.now) return wrong("iat", "is long ago");
    if (find(claims, "nbf") != nullptr) {
        const Instant from = TRY(time_claim(claims, "nbf"));
        if (from > expected.now + clock_may_differ) return wrong("nbf", "is in the future");
    }
    return {};
}

Result<void> check_issuer(const json::object& claims, const Expected& expected) {
    const std::string issuer = TRY(need_claim(claims, "iss", 2'000));
    if (issuer != expected.issuer) return wrong("iss", "is another provider");
    return {};
}

// Core section 3.1.3.6: the left half of the digest.
Result<void> check_access_token(const json::object& claims, const Expected& expected) {
    if (find(claims, "at_hash") == nullptr || expected.access_token.empty()) return {};
    const auto digest = sha256(as_bytes(expected.access_token));
    const std::string half = base64url(ByteView(digest).first(digest.size() / 2));
    if (!same(TRY(need_claim(claims, "at_hash")), half)) return wrong("at_hash", "is of another access token");
    return {};
}

Strength named(const std::vector<std::pair<std::string, Strength>>& table, std::string_view value, Strength least) {
    for (const auto& [name, strength] : table) {
        if (name == value) return std::max(least, strength);
    }
    return least;
}

}  // namespace

Result<std::string> need_claim(const json::object& claims, std::string_view name, std::size_t most) {
    const auto* value = find(claims, name);
    if (value == nullptr) return wrong(std::string(name), "is missing");
    if (!value->is_string()) return wrong(std::string(name), "is not text");
    std::string text(std::string_view(value->as_string()));
    if (text.empty() || text.size() > most) return wrong(std::string(name), "is empty or too long");
    return text;
}

Result<void> check_id_token(const Jws& token, const Expected& expected) {
    TRY_VOID(check_issuer(token.claims, expected));
    TRY_VOID(check_audience(token.claims, expected));
    TRY_VOID(check_times(token.claims, expected));
    if (!same(TRY(need_claim(token.claims, "nonce")), expected.nonce)) return wrong("nonce", "is not this sign-in's");
    TRY(need_claim(token.claims, "sub"));
    if (expected.anew) {
        const Instant when = TRY(time_claim(token.claims, "auth_time"));
        if (when + token_may_be_old + clock_may_differ < expected.now) return wrong("auth_time", "is long ago");
    }
    // A logout token is signed by the same key for the same application.
    if (find(token.claims, "events") != nullptr) return wrong("events", "is of a token for another purpose");
    return check_access_token(token.claims, expected);
}

Strength strength_of(const json::object& claims, const StrengthTable& table) {
    Strength strength = table.otherwise;
    if (const auto* acr = find(claims, "acr"); acr != nullptr && acr->is_string())
        strength = named(table.acr, std::string_view(acr->as_string()), strength);
    if (const auto* amr = find(claims, "amr"); amr != nullptr && amr->is_array()) {
        for (const auto& one : amr->as_array()) {
            if (one.is_string()) strength = named(table.amr, std::string_view(one.as_string()), strength);
        }
    }
    return strength;
}

Result<LogoutToken> check_logout_token(const Jws& token, const Expected& expected) {
    TRY_VOID(check_issuer(token.claims, expected));
    TRY_VOID(check_audience(token.claims, expected));
    TRY_VOID(check_times(token.claims, expected));
    const auto* events = find(token.claims, "events");
    if (events == nullptr || !events->is_object() ||
        find(events->as_object(), "http://schemas.openid.net/event/backchannel-logout") == nullptr)
        return wrong("events", "does not say that it is for signing out");
    if (find(token.claims, "nonce") != nullptr) return wrong("nonce", "must not stand in a logout token");
    LogoutToken out;
    if (find(token.claims, "sub") != nullptr) out.subject = TRY(need_claim(token.claims, "sub"));
    if (find(token.claims, "sid") != nullptr) out.session = TRY(need_claim(token.claims, "sid"));
    if (out.subject.empty() && out.session.empty()) return wrong("sub", "is missing, and sid as well");
    out.id = TRY(need_claim(token.claims, "jti"));
    return out;
}

}  // namespace waymark::accounts
