#pragma once
// The tables of sign-in: sessions with how they were begun, who may sign in, accounts of this store's own, the steps on
// the way to a session, and guesses counted. For accounts and for what tells it of leavers; other rooms need none of
// it.
//
//     sign_ins(snapshot).session(partnership, token)
//     sign_ins(transaction).put_account(partnership, row)
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.hpp"

namespace waymark::store {

// Table `session`, with the columns that say how it was begun.
struct SignedInRow : SessionRow {
    std::string strength = "name";  // of the sign-in, as accounts::to_string has it
    std::string issuer = "demo";    // key of the identity provider; "local": an account of this store
    Bytes subject{};                // keyed tag of the provider's name for the person; empty where there is none
    Bytes login{};                  // keyed tag of the provider's own session; likewise
    Bytes details{};                // sealed: from where, with what
};

// Table `engagement`: what was said of a practitioner since a server may have opened its profile, and their last
// sign-in.
struct EngagementRow {
    std::string practitioner{};
    // As a newer profile has them; nothing where none was adopted that says otherwise. Empty agency: works here no
    // longer.
    std::optional<std::string> agency{};
    std::optional<std::string> role{};
    std::optional<Instant> closed{};  // an administrator ended their access
    std::optional<Instant> last_sign_in{};
    std::string last_issuer{};
    std::string last_strength{};
};

// Table `account`: a sign-in that this store itself keeps: password digest, one-time codes.
struct AccountRow {
    std::string practitioner;
    Instant changed;
    Bytes sealed;
};

// Table `sign_in_step`: between the first and the last page of a sign-in.
struct SignInStepRow {
    Digest token{};  // SHA-256 of what the browser or the provider brings back
    std::string kind;
    Instant expires;
    Bytes sealed;
};

// Table `sign_in_tally`: wrong guesses in a row, under a keyed tag of what they were made at.
struct SignInTallyRow {
    Digest tag{};
    std::int64_t failures = 0;
    Instant last;
};

class SignInReading {
public:
    virtual ~SignInReading() = default;
    virtual std::optional<SignedInRow> signed_in(Partnership, const Digest& token) = 0;
    virtual std::vector<SignedInRow> sessions_of(Partnership, std::string_view practitioner,
                                                 std::size_t limit) = 0;  // newest first
    virtual std::optional<EngagementRow> engagement(Partnership, std::string_view practitioner) = 0;
    virtual std::vector<EngagementRow> engagements(Partnership, std::size_t limit) = 0;  // by practitioner
    virtual std::optional<AccountRow> account(Partnership, std::string_view practitioner) = 0;
    virtual std::vector<AccountRow> accounts(Partnership, std::size_t limit) = 0;  // by practitioner
    virtual std::optional<SignInStepRow> sign_in_step(Partnership, const Digest& token) = 0;
    virtual std::optional<SignInTallyRow> sign_in_tally(Partnership, const Digest& tag) = 0;
};

class SignInWriting : public SignInReading {
public:
    virtual void put_signed_in(Partnership, const SignedInRow&) = 0;  // by token
    // All of theirs but the one under `except`, where there is such; how many went.
    virtual std::int64_t delete_sessions_of(Partnership, std::string_view practitioner,
                                            const std::optional<Digest>& except) = 0;
    // Of one login at a provider or, where `login` is empty, of one subject there.
    virtual std::int64_t delete_sessions_at(Partnership, std::string_view issuer, ByteView login, ByteView subject) = 0;
    virtual void put_engagement(Partnership, const EngagementRow&) = 0;
    virtual void put_account(Partnership, const AccountRow&) = 0;
    virtual void delete_account(Partnership, std::string_view practitioner) = 0;
    virtual void put_sign_in_step(Partnership, const SignInStepRow&) = 0;
    virtual void delete_sign_in_step(Partnership, const Digest& token) = 0;
    virtual void put_sign_in_tally(Partnership, const SignInTallyRow&) = 0;
    virtual void delete_sign_in_tally(Partnership, const Digest& tag) = 0;
    virtual void delete_expired_sign_ins(Partnership, Instant now) = 0;  // steps, and tallies of a day ago
};

// The same transaction, as these tables see it.
SignInReading& sign_ins(Snapshot&);
SignInWriting& sign_ins(Transaction&);

}  // namespace waymark::store
