// RFC 6238 on OpenSSL's HMAC.
#include "accounts/totp.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/form.hpp"

namespace waymark::accounts {

namespace {

constexpr std::int64_t step_micros = 30'000'000;

std::string digits_of(std::string_view typed) {
    std::string digits;
    for (const char c : typed) {
        if (c != ' ' && c != '\t') digits += c;
    }
    return digits;
}

}  // namespace

std::string to_base32(ByteView bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string out;
    unsigned held = 0;
    unsigned bits = 0;
    for (const std::uint8_t byte : bytes) {
        held = (held << 8 | byte) & 0xfffu;
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            out += alphabet[held >> bits & 31u];
        }
    }
    if (bits > 0) out += alphabet[held << (5 - bits) & 31u];
    return out;
}

std::int64_t totp_step(Instant now) {
    return now.micros / step_micros;
}

std::string totp_code(ByteView secret, std::int64_t step) {
    std::array<std::uint8_t, 8> counter{};
    for (std::size_t i = 0; i < counter.size(); ++i)
        counter[counter.size() - 1 - i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(step) >> (8 * i));
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> mac{};
    unsigned size = 0;
    HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(), counter.size(), mac.data(), &size);
    const std::size_t at = mac[size - 1] & 0xfu;
    const std::uint32_t number = (mac[at] & 0x7fu) << 24 | static_cast<std::uint32_t>(mac[at + 1]) << 16 |
                                 static_cast<std::uint32_t>(mac[at + 2]) << 8 | mac[at + 3];
    return fmt::format("{:06}", number % 1'000'000);
}

std::optional<std::int64_t> totp_match(ByteView secret, std::string_view typed, Instant now, std::int64_t last) {
    const std::string code = digits_of(typed);
    if (code.size() != 6) return std::nullopt;
    std::optional<std::int64_t> found;
    for (std::int64_t step = totp_step(now) - 1; step <= totp_step(now) + 1; ++step) {
        const std::string right = totp_code(secret, step);
        if (CRYPTO_memcmp(right.data(), code.data(), code.size()) == 0 && step > last && !found) found = step;
    }
    return found;
}

std::string otpauth_uri(ByteView secret, std::string_view service, std::string_view account) {
    return fmt::format("otpauth://totp/{0}:{1}?secret={2}&issuer={0}&algorithm=SHA1&digits=6&period=30",
                       percent_encode(service), percent_encode(account), to_base32(secret));
}

}  // namespace waymark::accounts
