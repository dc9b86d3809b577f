#pragma once
// SHA-256 and HMAC-SHA-256 (OpenSSL), and a keyed 64-bit tag for look-up tokens.
#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "base/bytes.hpp"

namespace waymark {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(ByteView);
Digest sha256(std::initializer_list<ByteView> parts);  // of the parts one after another
Digest hmac_sha256(ByteView key, ByteView data);
// SipHash-2-4 of libsodium, 16-byte key: look-up tokens. Equality of tokens tells equality of values only to holders of
// the key.
std::uint64_t keyed_tag(std::span<const std::uint8_t, 16> key, std::string_view);
// BLAKE2b-256 under a key of 16 to 64 bytes (RFC 7693): keys from keys, and tags that only holders of the key can make.
Digest keyed_digest(ByteView key, ByteView data);

}  // namespace waymark
