#pragma once
// What an ID token must say before anybody is let in on it. Source: OpenID Connect Core 1.0 section 3.1.3.7; RFC 8725.
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/accounts.hpp"
#include "accounts/jws.hpp"
#include "base/json.hpp"
#include "base/time.hpp"

namespace waymark::accounts {

inline constexpr std::chrono::seconds clock_may_differ{60};
inline constexpr std::chrono::minutes token_may_be_old{10};

// What this sign-in asked for.
struct Expected {
    std::string issuer;
    std::string client_id;
    std::string nonce;
    std::string access_token;  // that came with it; at_hash is checked where the token has one
    Instant now;
    bool anew = false;  // the person was to sign in again, whatever they had: auth_time must say that they did
};

// Faults name the claim and never its value.
Result<void> check_id_token(const Jws&, const Expected&);

// acr and amr as this issuer's settings translate them; the strongest that applies.
struct StrengthTable {
    std::vector<std::pair<std::string, Strength>> acr;
    std::vector<std::pair<std::string, Strength>> amr;
    Strength otherwise = Strength::password;
};
Strength strength_of(const json::object& claims, const StrengthTable&);

// A claim that must be text of a bearable length.
Result<std::string> need_claim(const json::object& claims, std::string_view name, std::size_t most = 255);

// A logout token. Source: OpenID Connect Back-Channel Logout 1.0 section 2.6.
struct LogoutToken {
    std::string subject;  // one of these two may be empty
    std::string session;
    std::string id;  // jti: each once
};
Result<LogoutToken> check_logout_token(const Jws&, const Expected&);

}  // namespace waymark::accounts
