#pragma once
// Opaque bytes, and their hexadecimal and base64 forms.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace waymark {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

ByteView as_bytes(std::string_view);
std::string_view as_text(ByteView);
Bytes to_bytes(std::string_view);

// 0 to 15, or -1 where it is not a hexadecimal digit.
constexpr int hex_digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}
std::string to_hex(ByteView);
Result<Bytes> from_hex(std::string_view);
std::string to_base64(ByteView);  // RFC 4648 section 4, padded
Result<Bytes> from_base64(std::string_view);

}  // namespace waymark
