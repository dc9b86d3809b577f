#pragma once
// Addresses that this program itself asks or sends people to: https alone, whole, and with nothing that two readers
// could take for different hosts.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace waymark::accounts {

struct HttpsUrl {
    std::string host;
    std::uint16_t port = 443;
    std::string target;     // path and query, begins with '/'
    std::string authority;  // as it is written in Host
};
// Refuses: another scheme, a name before '@', a fragment, a backslash, a character that must be escaped, an empty or
// odd host, more than 2,000 bytes.
Result<HttpsUrl> parse_https_url(std::string_view);

}  // namespace waymark::accounts
