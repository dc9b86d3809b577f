#pragma once
// A record as it is weighed: the codes of its values and, at the end of the row, its date of birth and its postcode
// themselves. Those differ from record to record; so most of what is asked about a record stands in one line of memory.
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace waymark::people::index {

// Eight decimal digits of four bits each, YYYYMMDD; month and day 0 where not known. 0: not of this form.
inline std::uint32_t brief_date(std::string_view text) {
    if (text.size() != 4 && text.size() != 7 && text.size() != 10) return 0;
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < 10; ++i) {
        if (i == 4 || i == 7) {
            if (i < text.size() && text[i] != '-') return 0;
            continue;
        }
        const char c = i < text.size() ? text[i] : '0';
        if (c < '0' || c > '9') return 0;
        out = out << 4 | static_cast<std::uint32_t>(c - '0');
    }
    return out;
}
// Up to eight letters, the first one lowest. 0: empty or longer.
inline std::uint64_t brief_postcode(std::string_view text) {
    std::uint64_t out = 0;
    if (text.size() <= 8) std::memcpy(&out, text.data(), text.size());
    return out;
}

struct BriefText {
    std::array<char, 10> letters{};
    std::size_t length = 0;
    [[nodiscard]] std::string_view text() const { return {letters.data(), length}; }
};
inline BriefText text_of_date(std::uint32_t date) {
    BriefText out;
    out.length = (date & 0xff) != 0 ? 10 : (date & 0xff00) != 0 ? 7 : 4;
    for (std::size_t i = 10, shift = 0; i-- > 0;) {
        if (i == 4 || i == 7) {
            out.letters[i] = '-';
            continue;
        }
        out.letters[i] = static_cast<char>('0' + (date >> shift & 15));
        shift += 4;
    }
    return out;
}
inline BriefText text_of_postcode(std::uint64_t postcode) {
    BriefText out;
    std::memcpy(out.letters.data(), &postcode, 8);
    while (out.length < 8 && out.letters[out.length] != 0) ++out.length;
    return out;
}

// Where things stand in a row of `stride` numbers.
struct RowShape {
    static constexpr std::size_t brief = 3;  // numbers: the date, the postcode's halves
    static constexpr std::size_t longest = 16;
    std::size_t stride = longest;
    bool former = false;  // before them the list of former postcodes

    static RowShape of(std::size_t fields, bool with_former) {
        const auto numbers = fields + brief + (with_former ? 1 : 0);
        return {numbers <= 4 ? std::size_t{4} : numbers <= 8 ? std::size_t{8} : longest, with_former};
    }
    void set_former(std::uint32_t* row, std::uint32_t list) const { row[stride - 4] = list; }
    [[nodiscard]] std::uint32_t former_list(const std::uint32_t* row) const { return former ? row[stride - 4] : 0; }
    void set(std::uint32_t* row, std::uint32_t date, std::uint64_t postcode) const {
        row[stride - 3] = date;
        row[stride - 2] = static_cast<std::uint32_t>(postcode);
        row[stride - 1] = static_cast<std::uint32_t>(postcode >> 32);
    }
    [[nodiscard]] std::uint32_t date(const std::uint32_t* row) const { return row[stride - 3]; }
    [[nodiscard]] std::uint64_t postcode(const std::uint32_t* row) const {
        return std::uint64_t{row[stride - 1]} << 32 | row[stride - 2];
    }
};

}  // namespace waymark::people::index
