#pragma once
// Where a letter stands in a short text, as bits: what makes comparing two names a matter of a few words.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace waymark::people {

// A text of at most 16 bytes.
class Letters {
public:
    static constexpr std::size_t longest = 16;
    explicit Letters(std::string_view text) : all_((std::uint32_t{1} << text.size()) - 1) {
        char bytes[longest] = {};
        std::memcpy(bytes, text.data(), text.size());
#if defined(__SSE2__)
        std::memcpy(&text_, bytes, longest);
#else
        std::memcpy(text_, bytes, longest);
#endif
    }
    [[nodiscard]] std::uint32_t where(char letter) const {
#if defined(__SSE2__)
        return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(text_, _mm_set1_epi8(letter)))) & all_;
#else
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < longest; ++i) bits |= std::uint32_t{text_[i] == letter} << i;
        return bits & all_;
#endif
    }

private:
#if defined(__SSE2__)
    __m128i text_;
#else
    char text_[longest];
#endif
    std::uint32_t all_;
};

}  // namespace waymark::people
