#pragma once
// rapidcheck generators that more than one room's tests use.
#include <cstdint>
#include <string>
#include <vector>

#include <rapidcheck.h>

namespace waymark::test {

inline void append_utf8(std::string& out, std::uint32_t c) {
    const auto put = [&out](std::uint32_t octet) { out += static_cast<char>(static_cast<unsigned char>(octet)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xc0 | c >> 6);
        put(0x80 | (c & 63));
    } else if (c < 0x10000) {
        put(0xe0 | c >> 12);
        put(0x80 | (c >> 6 & 63));
        put(0x80 | (c & 63));
    } else {
        put(0xf0 | c >> 18);
        put(0x80 | (c >> 12 & 63));
        put(0x80 | (c >> 6 & 63));
        put(0x80 | (c & 63));
    }
}

// Any Unicode scalar value, small ones more often.
inline rc::Gen<std::uint32_t> code_point() {
    return rc::gen::weightedOneOf<std::uint32_t>({
        {6, rc::gen::inRange<std::uint32_t>(0, 0x80)},
        {2, rc::gen::inRange<std::uint32_t>(0x80, 0x800)},
        {1, rc::gen::inRange<std::uint32_t>(0x800, 0xd800)},
        {1, rc::gen::inRange<std::uint32_t>(0xe000, 0x110000)},
    });
}

// Well-formed UTF-8, NUL and control characters among it.
inline rc::Gen<std::string> utf8_text() {
    return rc::gen::map(rc::gen::container<std::vector<std::uint32_t>>(code_point()), [](const auto& points) {
        std::string out;
        for (const auto point : points) append_utf8(out, point);
        return out;
    });
}

}  // namespace waymark::test
