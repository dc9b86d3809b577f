// Strict splitting of an https address.
#include "accounts/url.hpp"

#include <algorithm>
#include <charconv>

namespace waymark::accounts {

namespace {

auto odd(std::string reason) {
    return invalid("url", std::move(reason), "write https://host/path");
}

bool is_host(std::string_view host) {
    if (host.empty() || host.size() > 253 || host.front() == '-' || host.front() == '.' || host.back() == '-')
        return false;
    return std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
}

bool is_target(std::string_view target) {
    constexpr std::string_view signs = "/?-._~!$&'()*+,;=:%[]@";
    return std::all_of(target.begin(), target.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               signs.find(c) != std::string_view::npos;
    });
}

}  // namespace

Result<HttpsUrl> parse_https_url(std::string_view text) {
    constexpr std::string_view scheme = "https://";
    if (text.size() > 2'000) return odd("is longer than 2,000 bytes");
    if (!text.starts_with(scheme)) return odd("does not begin with https://");
    const std::string_view rest = text.substr(scheme.size());
    const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
    const std::string_view authority = rest.substr(0, end);
    std::string_view host = authority;
    HttpsUrl url;
    if (const std::size_t colon = authority.find(':'); colon != std::string_view::npos) {
        host = authority.substr(0, colon);
        const std::string_view port = authority.substr(colon + 1);
        const auto [stop, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
        if (error != std::errc{} || stop != port.data() + port.size() || url.port == 0) return odd("has an odd port");
    }
    if (!is_host(host)) return odd("has an odd host");
    const std::string_view target = rest.substr(end);
    if (!is_target(target)) return odd("has a character that must be escaped");
    url.host = host;
    url.authority = authority;
    url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
    return url;
}

}  // namespace waymark::accounts
