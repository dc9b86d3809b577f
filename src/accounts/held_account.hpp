#pragma once
// What an account holds, as it is sealed. For the sources of local accounts only.
#include <optional>
#include <string>
#include <vector>

#include "accounts/accounts.hpp"

namespace waymark::accounts {

struct HeldAccount {
    std::string password;  // Argon2id digest; empty until its person has chosen one
    std::string starting;  // digest of the starting code; empty where there is none
    Instant starting_until;
    Bytes secret;                       // of the one-time codes
    std::int64_t last_step = 0;         // the last code that was taken: none before it is
    std::vector<std::string> recovery;  // digests; an empty one was used
    [[nodiscard]] std::size_t recovery_left() const;
};

Result<std::optional<HeldAccount>> held_account_of(const House&, store::Snapshot&, std::string_view practitioner);
void keep_account(const House&, store::Transaction&, std::string_view practitioner, const HeldAccount&);

struct RecoveryCodes {
    std::vector<std::string> shown;
    std::vector<std::string> digests;
};
// "3-ABCD-EFGH-JKLM-NPQR": the first digit says which digest is meant, so that one is computed and not ten; the rest is
// 80 random bits.
RecoveryCodes make_recovery_codes(const House&);
struct TypedRecovery {
    std::size_t index = 0;
    std::string code;  // as it was digested
};
std::optional<TypedRecovery> parse_recovery_code(std::string_view typed);
// Twenty characters in groups of five, 100 random bits.
std::string make_code_text(Random&, std::size_t characters, std::size_t group);
// Upper case, without spaces and hyphens.
std::string plain_code(std::string_view typed);
std::string in_groups(std::string_view text, std::size_t group, char between);

}  // namespace waymark::accounts
