// Where a store is, as people write it.
#include <fmt/format.h>

#include "base/text.hpp"
#include "store/store.hpp"

namespace waymark::store {

Result<Address> parse_address(std::string_view text) {
    text = trim(text);
    if (text.empty()) return invalid("db", "no store is named", "give a file path or postgresql://…");
    if (text.find('\0') != std::string_view::npos) return invalid("db", "the address holds a NUL character");
    if (text.starts_with("postgresql://") || text.starts_with("postgres://")) {
        return Address{Engine::postgresql, std::string(text)};
    }
    if (text.starts_with("sqlite:")) text.remove_prefix(std::string_view("sqlite:").size());
    if (text.empty()) return invalid("db", "no file is named", "write sqlite:FILE");
    if (text.find("://") != std::string_view::npos) {
        return invalid("db", fmt::format("no store is known for “{}://”", text.substr(0, text.find("://"))),
                       "give a file path, sqlite:FILE or postgresql://…");
    }
    return Address{Engine::sqlite, std::string(text)};
}

std::string Address::shown() const {
    if (engine == Engine::sqlite) return path_or_url;
    std::string out = path_or_url;
    const std::size_t begin = out.find("://") + 3;
    const std::size_t authority_end = std::min(out.find_first_of("/?", begin), out.size());
    // The last @ of the authority ends the user part; a password may itself hold one.
    const std::size_t at = out.rfind('@', authority_end);
    if (at != std::string::npos && at >= begin) {
        const std::size_t colon = out.find(':', begin);
        if (colon < at) out.erase(colon, at - colon);
    }
    for (std::size_t from = out.find('?'); from != std::string::npos;) {
        const std::size_t end = std::min(out.find('&', from + 1), out.size());
        const std::string_view parameter = std::string_view(out).substr(from + 1, end - from - 1);
        if (parameter.starts_with("password=") || parameter.starts_with("sslpassword=")) {
            const std::size_t value = out.find('=', from) + 1;
            out.replace(value, end - value, "…");
        }
        from = out.find('&', from + 1);
    }
    return out;
}

}  // namespace waymark::store
