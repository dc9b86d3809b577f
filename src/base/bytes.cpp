// Hexadecimal and base64, strict on the way in: one text for each byte string.
#include "base/bytes.hpp"

#include <array>

#include <fmt/core.h>

namespace waymark {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_digit = 0xff;

constexpr std::array<std::uint8_t, 256> make_base64_values() {
    std::array<std::uint8_t, 256> values{};
    for (auto& value : values) value = no_digit;
    for (std::size_t i = 0; i < base64_digits.size(); ++i) {
        values[static_cast<std::uint8_t>(base64_digits[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}
constexpr auto base64_values = make_base64_values();

std::string offset(std::size_t at) {
    return fmt::format("offset {}", at);
}

}  // namespace

ByteView as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Bytes to_bytes(std::string_view text) {
    const auto view = as_bytes(text);
    return {view.begin(), view.end()};
}

std::string to_hex(ByteView bytes) {
    std::string out(bytes.size() * 2, '\0');
    std::size_t at = 0;
    for (const auto byte : bytes) {
        out[at++] = hex_digits[byte >> 4];
        out[at++] = hex_digits[byte & 15];
    }
    return out;
}

Result<Bytes> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) {
        return invalid(offset(text.size()), "an odd number of hexadecimal digits", "write two digits for each byte");
    }
    Bytes out(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto high = hex_digit_value(text[i]);
        const auto low = hex_digit_value(text[i + 1]);
        if (high < 0 || low < 0) {
            return invalid(offset(high < 0 ? i : i + 1), "not a hexadecimal digit", "use 0 to 9 and a to f");
        }
        out[i / 2] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return out;
}

std::string to_base64(ByteView bytes) {
    std::string out((bytes.size() + 2) / 3 * 4, '=');
    std::size_t at = 0;
    std::size_t i = 0;
    for (; i + 3 <= bytes.size(); i += 3) {
        const std::uint32_t group = std::uint32_t{bytes[i]} << 16 | std::uint32_t{bytes[i + 1]} << 8 | bytes[i + 2];
        out[at++] = base64_digits[group >> 18];
        out[at++] = base64_digits[group >> 12 & 63];
        out[at++] = base64_digits[group >> 6 & 63];
        out[at++] = base64_digits[group & 63];
    }
    const auto left = bytes.size() - i;
    if (left > 0) {
        const std::uint32_t group = std::uint32_t{bytes[i]} << 16 | (left == 2 ? std::uint32_t{bytes[i + 1]} << 8 : 0u);
        out[at++] = base64_digits[group >> 18];
        out[at++] = base64_digits[group >> 12 & 63];
        if (left == 2) out[at] = base64_digits[group >> 6 & 63];
    }
    return out;
}

Result<Bytes> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return invalid(offset(text.size()), "base64 whose length is not a multiple of four", "pad it with =");
    }
    std::size_t padding = 0;
    if (!text.empty() && text.back() == '=') padding = text[text.size() - 2] == '=' ? 2 : 1;
    const auto digits = text.size() - padding;
    Bytes out(digits * 3 / 4);
    auto* to = out.data();
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        const auto value = base64_values[static_cast<std::uint8_t>(text[i])];
        if (value == no_digit) return invalid(offset(i), "not a base64 digit", "use A-Z, a-z, 0-9, + and /");
        group = group << 6 | value;
        if (i % 4 == 3) {
            *to++ = static_cast<std::uint8_t>(group >> 16 & 255);
            *to++ = static_cast<std::uint8_t>(group >> 8 & 255);
            *to++ = static_cast<std::uint8_t>(group & 255);
            group = 0;
        }
    }
    // The unused low bits must be zero: otherwise two texts would stand for the same bytes.
    const std::uint32_t unused = padding == 2 ? group & 15 : padding == 1 ? group & 3 : 0;
    if (unused != 0) return invalid(offset(digits - 1), "base64 with bits left over", "encode the bytes again");
    if (padding == 2) *to++ = static_cast<std::uint8_t>(group >> 4 & 255);
    if (padding == 1) {
        *to++ = static_cast<std::uint8_t>(group >> 10 & 255);
        *to++ = static_cast<std::uint8_t>(group >> 2 & 255);
    }
    return out;
}

}  // namespace waymark
