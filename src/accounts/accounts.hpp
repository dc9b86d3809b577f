#pragma once
// Sign-in and sessions. For the demonstration, and for trials on the machine itself, sign-in is a choice of names; the
// identity provider's sign-in takes its place behind the same calls.
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/system.hpp"
#include "content/content.hpp"
#include "store/store.hpp"

namespace waymark::accounts {

// What sign-in needs of a partnership; references outlive it.
struct House {
    store::Store& store;
    store::Partnership partnership = 0;
    const content::Profile& profile;
    const Clock& clock;
    Random& random;
};

struct SignedIn {
    std::string cookie;  // 256 random bits, base64url; only its digest is kept
    std::string csrf;
};
struct Who {
    const content::Practitioner* practitioner = nullptr;  // into the house's profile
    std::string session;                                  // hex of the token's digest, for audit lines
    std::string csrf;
};

// Sessions end after 30 minutes without use and 12 hours in all. A name that is not in the profile is `forbidden`, with
// its audit line. `from` is the client's address.
Result<SignedIn> sign_in_by_name(const House&, std::string_view practitioner, std::string_view from);
// Nothing for a cookie that is unknown, ill-formed or over. Use is noted at most once a minute.
Result<std::optional<Who>> who_is(const House&, std::string_view cookie);
Result<void> sign_out(const House&, std::string_view cookie);

}  // namespace waymark::accounts
