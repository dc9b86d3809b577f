#pragma once
// What the fuzz targets share.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace waymark::fuzzing {

// Ends the program where it does not hold, so that the input is kept as a finding.
inline void must(bool holds) {
    if (!holds) std::abort();
}
inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}
// A fault that says why.
template <class T>
void must_tell(const T& result) {
    if (!result) must(!result.error().reason.empty());
}

}  // namespace waymark::fuzzing
