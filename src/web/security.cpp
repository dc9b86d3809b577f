// Sources: OWASP ASVS 5.0.0 V3.4 (headers), V3.5 (origin), V14.2, V14.3.
#include "web/security.hpp"

#include <algorithm>
#include <array>

#include "base/bytes.hpp"

namespace waymark::web {

namespace {

bool is_set(const Response& response, std::string_view name) {
    return std::any_of(response.headers.begin(), response.headers.end(),
                       [&](const auto& header) { return header.first == name; });
}

}  // namespace

std::string_view content_security_policy() {
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src "
           "'self'; "
           "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; require-trusted-types-for "
           "'script'; report-uri /csp-report";
}

void secure(Response& response, bool behind_tls) {
    const auto add = [&](const char* name, std::string_view value) { response.headers.emplace_back(name, value); };
    add("Content-Security-Policy", content_security_policy());
    add("Cross-Origin-Opener-Policy", "same-origin");
    add("Cross-Origin-Embedder-Policy", "require-corp");
    add("Cross-Origin-Resource-Policy", "same-origin");
    add("Referrer-Policy", "no-referrer");
    add("X-Content-Type-Options", "nosniff");
    add("X-Frame-Options", "DENY");
    add("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    if (!is_set(response, "Cache-Control")) add("Cache-Control", "no-store");
    if (behind_tls) add("Strict-Transport-Security", "max-age=63072000; includeSubDomains");
}

bool same_secret(std::string_view a, std::string_view b) {
    if (a.empty() || a.size() != b.size()) return false;
    unsigned differs = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        differs |= static_cast<unsigned>(static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]));
    }
    return differs == 0;
}

std::string make_token(Random& random) {
    std::array<std::uint8_t, 32> bits{};
    random.fill(bits);
    return to_hex(bits);
}

bool from_our_own_pages(const Request& request) {
    // Our pages send no referrer, so that a browser gives "null" for their own origin: Sec-Fetch-Site tells them apart.
    const std::string_view site = request.header("sec-fetch-site");
    if (!site.empty()) return site == "same-origin" || site == "none";
    const std::string_view origin = request.header("origin");
    if (origin.empty() || origin == "null") return true;
    const std::size_t scheme = origin.find("://");
    return scheme != std::string_view::npos && origin.substr(scheme + 3) == request.header("host");
}

}  // namespace waymark::web
