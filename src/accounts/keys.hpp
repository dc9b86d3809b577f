#pragma once
// What sign-in seals and counts under: one key of 256 bits, kept as a secret of the store through the record's seal.
// All that accounts keep of a person (password digests, one-time codes, where a session began) is sealed under it, and
// names that were guessed at are kept as keyed tags only.
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/system.hpp"
#include "record/journal.hpp"
#include "store/store.hpp"

namespace waymark::accounts {

// Argon2id. The default is libsodium's interactive limit: two passes over 64 MiB, some 60 ms.
struct PasswordCost {
    unsigned long long passes = 2;
    std::size_t memory = std::size_t{64} << 20;
};

class Keys {
public:
    // Makes the key where the store has none.
    static Result<Keys> open(store::Store&, store::Partnership, const record::Seal&, Random&, PasswordCost = {});

    // XChaCha20-Poly1305; `what` and `of` are bound in, so that one row's bytes cannot be passed for another's.
    [[nodiscard]] Bytes close(std::string_view plain, std::string_view what, std::string_view of, Random&) const;
    [[nodiscard]] Result<std::string> open_sealed(ByteView, std::string_view what, std::string_view of) const;
    // HMAC-SHA-256: equal values have equal tags, and only the key's holder can tell of what.
    [[nodiscard]] Digest tag(std::string_view what, std::string_view value) const;

    [[nodiscard]] const PasswordCost& cost() const { return cost_; }
    // The digest of no password at all, so that a name nobody has costs what another does.
    [[nodiscard]] const std::string& decoy() const { return decoy_; }

private:
    Keys() = default;
    Digest sealing_{};
    Digest tagging_{};
    PasswordCost cost_;
    std::string decoy_;
};

// Argon2id with its parameters and salt in the text. Throws std::bad_alloc where the memory cannot be had.
std::string password_digest(std::string_view typed, const PasswordCost&);
bool is_password(std::string_view digest, std::string_view typed);

}  // namespace waymark::accounts
