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

std::string to_hex(ByteView);
Result<Bytes> from_hex(std::string_view);
std::string to_base64(ByteView);  // RFC 4648 section 4, padded
Result<Bytes> from_base64(std::string_view);

}  // namespace waymark
