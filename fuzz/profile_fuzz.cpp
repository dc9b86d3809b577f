// Any bytes as a profile: taken or refused with a place and a reason, never anything else.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "content/content.hpp"

// libFuzzer names it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto profile = waymark::content::parse_profile(text, "p.toml");
    if (!profile) {
        if (profile.error().place.empty() || profile.error().reason.empty()) std::abort();
        return 0;
    }
    if (profile->text != text || profile->agencies.empty()) std::abort();
    for (const auto& [rule, length] : profile->clocks) {
        if (waymark::content::parse_clock_length(waymark::content::to_string(length)).value() != length) std::abort();
    }
    return 0;
}
