#pragma once
// Sign-in and sessions. For the demonstration, and for trials on the machine itself, sign-in is a choice of names; the
// identity provider's sign-in takes its place behind the same calls.
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "casework/casework.hpp"

namespace waymark::accounts {

struct SignedIn {
    std::string cookie;  // 256 random bits, base64url; only its digest is kept
    std::string csrf;
};
struct Who {
    const content::Practitioner* practitioner = nullptr;
    std::string session;  // hex of the token's digest, for audit lines
    std::string csrf;
};

// Sessions end after 30 minutes without use and 12 hours in all.
Result<SignedIn> sign_in_by_name(const casework::Office&, std::string_view practitioner, std::string_view from);
Result<std::optional<Who>> who_is(const casework::Office&, std::string_view cookie);
Result<void> sign_out(const casework::Office&, std::string_view cookie);

}  // namespace waymark::accounts
