// Names, postcodes and person numbers in the one form in which they are compared. The steps for names and postcodes are
// those of the cleaning vectors in tests/data/person-match-cleaning.
#include <algorithm>
#include <array>
#include <cstdint>

#include <utf8proc.h>

#include "base/text.hpp"
#include "people/people.hpp"

namespace waymark::people {

namespace {

constexpr bool is_letter(char c) {
    return c >= 'A' && c <= 'Z';
}
constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_high(char c) {
    return static_cast<std::uint8_t>(c) >= 0x80;
}
constexpr char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

void erase_all(std::string& text, std::string_view what) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at)) text.erase(at, what.size());
}

// The apostrophes and look-alikes that people type inside names; all of them vanish ("O’Connor" is OCONNOR).
std::string drop_wide_apostrophes(std::string text) {
    for (const std::string_view mark : {"\u2018", "\u2019", "\u02bc", "\u02bb", "\u00b4", "\u2032"})
        erase_all(text, mark);
    return text;
}

// Upper case without diacritics; bytes that are no UTF-8 become spaces.
std::string upper_plain(std::string_view text) {
    if (std::none_of(text.begin(), text.end(), is_high)) return to_upper_ascii(text);
    if (!is_valid_utf8(text)) {
        std::string plain = to_upper_ascii(text);
        std::replace_if(plain.begin(), plain.end(), is_high, ' ');
        return plain;
    }
    const std::string stripped = strip_diacritics(drop_wide_apostrophes(std::string(text)));
    std::string out;
    out.reserve(stripped.size());
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(stripped.data());
    auto left = static_cast<utf8proc_ssize_t>(stripped.size());
    while (left > 0) {
        utf8proc_int32_t code = 0;
        const auto used = utf8proc_iterate(bytes, left, &code);
        if (used <= 0) break;
        bytes += used;
        left -= used;
        const auto category = utf8proc_category(code);
        const bool keeps = category <= UTF8PROC_CATEGORY_LO ||
                           (category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME) || code < 0x80;
        if (!keeps) {
            out += ' ';  // any other dash, space, quote or sign
            continue;
        }
        std::array<utf8proc_uint8_t, 4> encoded{};
        const auto size = utf8proc_encode_char(utf8proc_toupper(code), encoded.data());
        out.append(reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(size));
    }
    return out;
}

// Letters and digits kept, apostrophes and full stops dropped, everything else one space.
std::string only_words(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (c == '\'' || c == '`' || c == '.') continue;
        if (is_letter(c) || is_digit(c) || is_high(c)) {
            out += c;
        } else if (!out.empty() && out.back() != ' ') {
            out += ' ';
        }
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

// The words without each run of NOT ENTERED.
std::string drop_not_entered(const std::string& words) {
    if (words.find("NOT ENTERED") == std::string::npos) return words;
    const std::string padded = " " + words + " ";
    std::string out;
    std::size_t from = 0;
    for (auto at = padded.find(" NOT ENTERED "); at != std::string::npos; at = padded.find(" NOT ENTERED ", from)) {
        out += padded.substr(from, at - from);
        from = at + std::string_view(" NOT ENTERED").size();
    }
    out += padded.substr(from);
    return std::string(trim(out));
}

std::string compact_upper(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') out += upper(c);
    }
    return out;
}

bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_digit);
}

}  // namespace

std::string normalise_name(std::string_view name) {
    std::string text = upper_plain(name);
    if (text.find('_') != std::string::npos) {
        for (const std::string_view marker : {"MIG_ERROR_", "NO_SHOW_", "DUPLICATE_"}) erase_all(text, marker);
    }
    return drop_not_entered(only_words(text));
}

std::vector<std::string> name_parts(std::string_view name) {
    const std::string normal = normalise_name(name);
    std::vector<std::string> parts;
    std::string particle;
    for (const auto word : split(normal, ' ')) {
        if (word.empty()) continue;
        if (word == "MC" || word == "MAC") {
            particle += word;
            continue;
        }
        parts.push_back(particle + std::string(word));
        particle.clear();
    }
    if (!particle.empty()) parts.push_back(particle);
    return parts;
}

std::optional<std::string> normalise_postcode(std::string_view text) {
    if (text.size() > 40) return std::nullopt;
    std::string code = compact_upper(text);
    if (code.size() < 5 || code.size() > 7) return std::nullopt;
    const std::size_t out = code.size() - 3;  // length of the outward part
    if (!is_digit(code[out]) || !is_letter(code[out + 1]) || !is_letter(code[out + 2])) return std::nullopt;
    std::size_t letters = 0;
    while (letters < out && is_letter(code[letters])) ++letters;
    if (letters < 1 || letters > 2 || letters == out || !is_digit(code[letters])) return std::nullopt;
    const std::size_t rest = out - letters - 1;
    if (rest > 1 || (rest == 1 && !is_digit(code[out - 1]) && !is_letter(code[out - 1]))) return std::nullopt;
    // NF is no postal area: NF1 stands for "no fixed abode"; ZZ99 is the health service's for places without one.
    if (code.starts_with("NF") || code.starts_with("ZZ99")) return std::nullopt;
    return code;
}

std::string outcode(std::string_view postcode) {
    return std::string(postcode.size() > 3 ? postcode.substr(0, postcode.size() - 3) : std::string_view{});
}

std::string sector(std::string_view postcode) {
    return std::string(postcode.size() > 2 ? postcode.substr(0, postcode.size() - 2) : std::string_view{});
}

std::optional<std::string> normalise_nhs_number(std::string_view text) {
    std::string digits;
    for (const char c : text) {
        if (c == ' ' || c == '-') continue;
        if (!is_digit(c) || digits.size() == 10) return std::nullopt;
        digits += c;
    }
    if (digits.size() != 10) return std::nullopt;
    // 0000000000 and 9999999999 pass the check and stand for "not known" in many systems.
    if (digits.find_first_not_of(digits[0]) == std::string::npos) return std::nullopt;
    int sum = 0;
    for (std::size_t i = 0; i < 9; ++i) sum += (digits[i] - '0') * (10 - static_cast<int>(i));
    const int check = (11 - sum % 11) % 11;  // 10 is never issued
    if (check == 10 || check != digits[9] - '0') return std::nullopt;
    return digits;
}

std::optional<std::string> normalise_upn(std::string_view text) {
    // The 23 letters of the check, in the order of their values; a temporary number ends in one of them.
    constexpr std::string_view letters = "ABCDEFGHJKLMNPQRTUVWXYZ";
    if (text.size() > 40) return std::nullopt;
    std::string upn = compact_upper(text);
    if (upn.size() != 13 || !all_digits(std::string_view(upn).substr(1, 11))) return std::nullopt;
    std::size_t sum = 0;
    for (std::size_t i = 1; i < 13; ++i) {
        const auto value = is_digit(upn[i]) ? static_cast<std::size_t>(upn[i] - '0') : letters.find(upn[i]);
        if (value == std::string_view::npos) return std::nullopt;
        sum += value * (i + 1);
    }
    if (letters[sum % 23] != upn[0]) return std::nullopt;
    return upn;
}

}  // namespace waymark::people
