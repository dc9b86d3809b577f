#pragma once
// The way in through an identity provider: authorization code with PKCE (RFC 7636), state, nonce and the issuer's name
// in the answer (RFC 9207). Each sign-in is a row of the store under the digest of its state, sealed, tied to the
// browser that began it and to one provider; it is taken once.
#include <string>
#include <string_view>
#include <vector>

#include "accounts/accounts.hpp"
#include "accounts/provider.hpp"

namespace waymark::accounts {

inline constexpr std::chrono::minutes provider_step_lasts{15};

// Where to send the browser. `visitor`: its cookie, of at least 128 random bits. `next`: where to go in the end.
Result<std::string> begin_at(const House&, const Providers&, std::string_view issuer, std::string_view next,
                             std::string_view visitor, Strength wanted = Strength::name);

// The answer as it came, every parameter with all its values: one that is given twice is refused.
struct ProviderAnswer {
    std::vector<std::string> code, state, iss, error;
};
struct Arrived {
    SignedIn session;
    std::string next;
};
// `forbidden` with a place that says what failed: "state", "iss", "error", "token", a claim, "practitioner",
// "strength"; `unavailable` where the provider cannot be asked. Every refusal leaves its line.
Result<Arrived> arrive_from(const House&, const Providers&, std::string_view issuer, const ProviderAnswer&,
                            std::string_view visitor, const Origin&);

// A provider's own sign-out, sent to us by its server (Back-Channel Logout 1.0): ends the sessions of that login, or of
// that person at that provider. How many ended.
Result<std::int64_t> provider_signs_out(const House&, const Providers&, std::string_view issuer,
                                        std::string_view logout_token);

}  // namespace waymark::accounts
