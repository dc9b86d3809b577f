#pragma once
// One-time codes from an authenticator app. Source: RFC 6238 (time-based) over RFC 4226 section 5.3 (SHA-1, six digits,
// steps of 30 seconds); the secret as RFC 4648 section 6 writes it, because that is what apps read and people type.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace waymark::accounts {

inline constexpr std::size_t totp_secret_bytes = 20;  // RFC 4226 section 4, R6: 160 bits

std::string to_base32(ByteView);  // no padding
std::int64_t totp_step(Instant);
std::string totp_code(ByteView secret, std::int64_t step);  // "094287"
// The step whose code this is: of now, the one before or the one after (a clock may be off by one), and later than
// `last`, so that a code that was seen is worth nothing. Spaces in what was typed are passed over.
std::optional<std::int64_t> totp_match(ByteView secret, std::string_view typed, Instant now, std::int64_t last);
// For authenticator apps: otpauth://totp/…
std::string otpauth_uri(ByteView secret, std::string_view service, std::string_view account);

}  // namespace waymark::accounts
