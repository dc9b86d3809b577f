#pragma once
// Signed tokens of identity providers: a strict reader of compact JWS (RFC 7515), of key sets (RFC 7517), and the check
// of a signature by RS256, PS256 or ES256 (RFC 7518) on OpenSSL. Nothing else is read: no "none", no HMAC (whose key
// would be the provider's public one), no encryption, no key or address of a key from within the token (jwk, jku, x5u,
// x5c).
//
// Bounds: 16 KiB a token, 100 keys a set, RSA of 2,048 to 8,192 bits.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

namespace waymark::accounts {

inline constexpr std::size_t most_token = 16u << 10;
inline constexpr std::size_t most_keys = 100;

enum class Algorithm { rs256, ps256, es256 };
std::optional<Algorithm> parse_algorithm(std::string_view);
std::string_view to_string(Algorithm);

struct Jws {
    Algorithm algorithm = Algorithm::rs256;
    std::string key_id;  // empty where the header names none
    json::object claims;
    std::string signed_part;  // what the signature is over
    Bytes signature;
};
// Refuses, with the reason: other than three parts of base64url without padding, an algorithm that is not allowed, a
// critical header, a header that brings a key, a member that stands twice, claims that are no object. `types`: the
// header's "typ" where it has one, in lower case ("jwt"); a token made for another purpose is refused by it.
Result<Jws> parse_jws(std::string_view token, std::initializer_list<std::string_view> types);

// base64url without padding, and without bits that say nothing.
Result<Bytes> from_base64url(std::string_view);

class KeySet {
public:
    // Keys of other sorts and for other uses are passed over; a key that cannot be what it says is a fault.
    static Result<KeySet> parse(std::string_view text);
    [[nodiscard]] std::size_t size() const { return keys_.size(); }
    [[nodiscard]] bool has(std::string_view key_id) const;
    // Whether one of the keys that may have signed this did: the one it names, or any of its sort where it names none.
    [[nodiscard]] bool verifies(const Jws&) const;

private:
    struct Key;
    std::vector<std::shared_ptr<const Key>> keys_;
};

}  // namespace waymark::accounts
