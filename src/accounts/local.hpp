#pragma once
// Accounts of this store's own, for a partnership (or a two-person nursery) without an identity provider: a password
// (Argon2id) and a one-time code from an authenticator app (RFC 6238), always both. E-mail is never a factor.
//
// Whoever loses the app uses one of ten recovery codes, each good once and only after the password; whoever loses the
// password as well begins again with a starting code that an administrator makes. Sources: OWASP ASVS 5.0.0 V6.2 to
// V6.6; NIST SP 800-63B-4 section 3.1.
//
// Whoever guesses learns nothing: a name that nobody has, one that has no account, one that is closed and a wrong
// password get the same words after the same work.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/accounts.hpp"

namespace waymark::accounts {

inline constexpr std::size_t least_password = 12;  // characters
inline constexpr std::size_t most_password = 256;  // bytes: a passphrase is welcome
inline constexpr std::size_t recovery_codes = 10;
inline constexpr std::chrono::minutes step_lasts{15};  // from the password to the code
inline constexpr std::chrono::hours starting_code_lasts{24 * 7};
inline constexpr std::chrono::hours recovery_code_lasts{1};  // of an account that is begun anew

// Why this cannot be a password, in words for a form; nothing where it can. `known` is what is known of the person and
// the service, and must not be the password's substance.
std::optional<std::string> password_fault(std::string_view password, const std::vector<std::string>& known);

// What is shown once, when an account is made or begun anew, and kept nowhere in this form.
struct Enrolment {
    std::string secret;   // base32, in groups of four
    std::string otpauth;  // for an authenticator app
    std::vector<std::string> recovery;
};

// ---- at the command, and for an administrator -----------------------------------------------------------------------

enum class Making { add, reset };  // `conflict` where there is one already; `missing` where there is none
// Whole at once. Every session of the person ends.
Result<Enrolment> make_account(const House&, Making, std::string_view practitioner, std::string_view password,
                               std::string_view by, const Allow& allow = {});
// Or with a starting code, good once, within seven days (an hour where it begins anew): the person chooses a password
// and enrols their app themselves, so that nobody else ever knows either.
Result<std::string> make_starting_code(const House&, Making, std::string_view practitioner, std::string_view by,
                                       const Allow& allow = {});
Result<void> remove_account(const House&, std::string_view practitioner, std::string_view by);

struct AccountLine {
    std::string practitioner;
    std::string name;  // empty where the profile does not have them any more
    Instant changed;
    bool waiting = false;  // for its person to use the starting code
    std::size_t recovery_left = 0;
};
Result<std::vector<AccountLine>> accounts_of(const House&);

// ---- on the way in --------------------------------------------------------------------------------------------------

enum class Next { code, enrol };
struct PasswordTaken {
    std::string step;  // for a cookie: what ties the next page to this one
    Next next = Next::code;
};
// `forbidden`: not right, whatever was wrong; `held`: too many tries, with how long to wait. `device` is the cookie
// that an earlier sign-in left in this browser, or empty.
Result<PasswordTaken> give_password(const House&, std::string_view name, std::string_view password,
                                    std::string_view device, const Origin&);

struct Entered {
    SignedIn session;
    std::string practitioner;
    std::string device;             // a cookie for this browser
    std::size_t recovery_left = 0;  // told after a recovery code was used
    bool recovered = false;
};
// A code of the app, or a recovery code. `missing`: the step is over, begin again; `forbidden`: not right; `held`.
Result<Entered> give_code(const House&, std::string_view step, std::string_view code, const Origin&);
// Which page the step stands at; nothing where it is over.
Result<std::optional<Next>> step_at(const House&, std::string_view step);

struct Enrolling {
    std::string secret;
    std::string otpauth;
};
// The secret to be enrolled: the same however often the page is asked for.
Result<Enrolling> enrolment_of(const House&, std::string_view step);
struct Enrolled {
    Entered entered;
    std::vector<std::string> recovery;
};
// `invalid` with place "password" or "code" where one cannot be taken: the step goes on.
Result<Enrolled> enrol(const House&, std::string_view step, std::string_view password, std::string_view code,
                       const Origin&);

// ---- one's own account ----------------------------------------------------------------------------------------------

// For page 37: nothing where the person has no account here.
Result<std::optional<AccountLine>> own_account(const House&, const Who&);
// Ten new ones; the old ones are void.
Result<std::vector<std::string>> new_recovery_codes(const House&, const Who&);

}  // namespace waymark::accounts
