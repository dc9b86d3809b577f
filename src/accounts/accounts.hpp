#pragma once
// Sign-in and sessions: who somebody is, how strongly that was shown, and for how long it holds.
//
// A session is made in one place (`begin_session`), whichever way led there: a choice of names in the demonstration, an
// account of this store (local.hpp), or an identity provider (oidc.hpp). It ends after 30 minutes without use and 12
// hours in all, when its person signs out or ends it from elsewhere, when an administrator closes their access, and
// when a profile is adopted in which they do not work any more.
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/keys.hpp"
#include "base/error.hpp"
#include "base/system.hpp"
#include "content/content.hpp"
#include "record/audit.hpp"
#include "store/sign_ins.hpp"
#include "store/store.hpp"

namespace waymark::accounts {

inline constexpr std::chrono::minutes idle_limit{30};
inline constexpr std::chrono::hours whole_limit{12};
inline constexpr std::chrono::minutes warning_before{5};  // of the end of a session that is not used
inline constexpr std::size_t most_sessions = 20;          // of one person at once; the oldest gives way

// What sign-in needs of a partnership; references outlive it.
struct House {
    store::Store& store;
    store::Partnership partnership = 0;
    const content::Profile& profile;
    const Clock& clock;
    Random& random;
    const record::Auditor& auditor;
    const Keys& keys;
    bool demonstration = false;  // a store that `waymark demo` made: the only one in which a name is enough
};

// How strongly a sign-in showed who somebody is, weakest first. `name` is a choice of names: it exists in a
// demonstration alone, and stands there for any strength.
enum class Strength : std::uint8_t { name, password, two_factor, phishing_resistant };
std::string_view to_string(Strength);  // "name", "password", "two-factor", "phishing-resistant"
std::optional<Strength> parse_strength(std::string_view);
bool suffices(Strength has, Strength needed);

// Where a sign-in comes from, and the session that it takes the place of.
struct Origin {
    std::string from{};      // client address
    std::string browser{};   // User-Agent, shown to its own person only
    std::string replaces{};  // cookie of the session in the same browser; empty where there is none
};

struct SignedIn {
    std::string cookie;  // 256 random bits, base64url; only its digest is kept
    std::string csrf;
};
struct Who {
    const content::Practitioner* practitioner = nullptr;  // into the house's profile
    std::string session;                                  // hex of the token's digest, for audit lines
    std::string csrf;
    Strength strength = Strength::name;
    std::string issuer;  // key of the identity provider, "local" or "demo"
    Instant created;
    Instant ends;        // if it is not used again
    Instant ends_last;   // however much it is used
    std::string from{};  // client address from which it was last used
};

// What a way of signing in has found out.
struct Proof {
    Strength strength = Strength::name;
    std::string issuer{};
    Bytes subject{};  // keyed tags, for the provider's own sign-out
    Bytes login{};
    std::string rule{};  // for the audit line
};
// A new token, always; the session that it replaces is gone. `forbidden` where the person works here no longer or their
// access was closed.
Result<SignedIn> begin_session(const House&, const content::Practitioner&, const Proof&, const Origin&);
// The same inside a transaction that has more to say.
Result<SignedIn> begin_session(const House&, store::Transaction&, const content::Practitioner&, const Proof&,
                               const Origin&);

// In a demonstration only. A name that is not in the profile is `forbidden`, with its audit line.
Result<SignedIn> sign_in_by_name(const House&, std::string_view practitioner, const Origin&);

// Nothing for a cookie that is unknown, ill-formed or over. Use is noted at most once a minute; `peek` is no use: it
// asks how long is left.
enum class Look { use, peek };
Result<std::optional<Who>> who_is(const House&, std::string_view cookie, Look = Look::use);
// A sign-in that is used from another address than before leaves a line, `session-moved`: by itself it is no fault (a
// telephone changes networks), by turns it is one sign-in in two places. At most `most_moves` of one session.
inline constexpr int most_moves = 50;
Result<void> note_place(const House&, const Who&, std::string_view from);
// Use, noted at once: whoever asks to stay signed in has the full time again. Nothing where the session is over.
Result<std::optional<Who>> extend(const House&, std::string_view cookie);
// A new token for the same session, at every change of what it may do. The old one is dead when this returns.
Result<SignedIn> renew(const House&, std::string_view cookie);
Result<void> sign_out(const House&, std::string_view cookie);

// ---- one's own sessions ---------------------------------------------------------------------------------------------

struct SessionLine {
    std::string id;  // the first 32 digits of the digest: tells sessions apart, opens none
    Instant created;
    Instant seen;
    Instant ends;
    Strength strength = Strength::name;
    std::string issuer;
    std::string from;
    std::string browser;
    bool this_one = false;
};
Result<std::vector<SessionLine>> sessions_of(const House&, const Who&);  // those that still hold
// False where there is no such session of theirs (any more).
Result<bool> end_session(const House&, const Who&, std::string_view id);
Result<std::int64_t> end_other_sessions(const House&, const Who&);
// Before this one, where there was one.
struct LastSignIn {
    Instant at;
    std::string issuer;
    std::string strength;
};

// ---- who may sign in ------------------------------------------------------------------------------------------------

struct Colleague {
    const content::Practitioner* practitioner = nullptr;
    bool works_here = true;  // a newer profile may say otherwise
    bool has_account = false;
    std::optional<Instant> closed;
    std::optional<LastSignIn> last;
    std::size_t sessions = 0;
};
Result<std::vector<Colleague>> colleagues(const House&);  // in the profile's order
// Ends every session of theirs in the same transaction, and no other begins. `by` is an administrator's key, or
// "operator".
// Asked in the transaction that lets somebody in again: nothing, or why not yet, which the caller returns; what it has
// kept with the transaction stays.
using Allow = std::function<Result<std::optional<Fault>>(store::Transaction&)>;
Result<void> close_access(const House&, std::string_view practitioner, std::string_view by, std::string_view from);
Result<void> reopen_access(const House&, std::string_view practitioner, std::string_view by, std::string_view from,
                           const Allow& allow = {});
// A line for what was done about accounts and access.
record::AuditLine audit_line(const House&, std::string_view action, std::string_view practitioner,
                             std::string_view session, std::string_view from, std::string_view result,
                             std::string_view rule);
// base64url of so many random bits, without padding.
std::string random_token(Random&);
std::string base64url(ByteView);

}  // namespace waymark::accounts
