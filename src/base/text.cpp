// UTF-8 by hand where it is hot (validity, ASCII), by utf8proc where Unicode's tables are needed.
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <utf8proc.h>

namespace waymark {

namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080u;

// The number of leading ASCII bytes.
std::size_t ascii_prefix(std::string_view text) {
    std::size_t i = 0;
    for (; i + 32 <= text.size(); i += 32) {
        std::array<std::uint64_t, 4> words;
        std::memcpy(words.data(), text.data() + i, 32);
        if (((words[0] | words[1] | words[2] | words[3]) & high_bits) != 0) break;
    }
    while (i < text.size() && static_cast<std::uint8_t>(text[i]) < 0x80) ++i;
    return i;
}

bool is_ascii(std::string_view text) {
    return ascii_prefix(text) == text.size();
}

// The length of the well-formed sequence at the front (Unicode table 3-7), or 0. The first byte is not ASCII.
std::size_t sequence_length(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const auto lead = at(0);
    std::size_t length = 0;
    std::uint8_t low = 0x80;
    std::uint8_t high = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) {
        length = 2;
    } else if (lead >= 0xe0 && lead <= 0xef) {
        length = 3;
        if (lead == 0xe0) low = 0xa0;
        if (lead == 0xed) high = 0x9f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
        length = 4;
        if (lead == 0xf0) low = 0x90;
        if (lead == 0xf4) high = 0x8f;
    } else {
        return 0;
    }
    if (text.size() < length || at(1) < low || at(1) > high) return 0;
    for (std::size_t i = 2; i < length; ++i) {
        if ((at(i) & 0xc0) != 0x80) return 0;
    }
    return length;
}

// utf8proc refuses ill-formed text only; callers promise well-formed text, so a refusal gives the text back unchanged.
std::string map_text(std::string_view text, int options) {
    utf8proc_uint8_t* mapped = nullptr;
    const auto length =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                     &mapped, static_cast<utf8proc_option_t>(options));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
    if (length < 0) return std::string(text);
    return {reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(length)};
}

// Marks that change a letter's look or sound. Not the vowel signs of Indian and other scripts: those are the name
// itself.
bool is_diacritic(utf8proc_int32_t c) {
    return (c >= 0x0300 && c <= 0x036f) ||
           (c >= 0x0591 && c <= 0x05c7 && c != 0x05be && c != 0x05c0 && c != 0x05c3 && c != 0x05c6) ||
           (c >= 0x064b && c <= 0x065f) || c == 0x0670 || (c >= 0x1ab0 && c <= 0x1aff) ||
           (c >= 0x1dc0 && c <= 0x1dff) || (c >= 0x20d0 && c <= 0x20ff) || (c >= 0xfe20 && c <= 0xfe2f);
}

// Letters of names in these islands that Unicode does not decompose.
std::string_view plain_letter(utf8proc_int32_t c) {
    switch (c) {
        case 0x0141:
            return "L";
        case 0x0142:
            return "l";
        case 0x00d8:
            return "O";
        case 0x00f8:
            return "o";
        case 0x0110:
        case 0x00d0:
            return "D";
        case 0x0111:
        case 0x00f0:
            return "d";
        case 0x0126:
            return "H";
        case 0x0127:
            return "h";
        case 0x0166:
            return "T";
        case 0x0167:
            return "t";
        case 0x0131:
            return "i";
        case 0x00c6:
            return "AE";
        case 0x00e6:
            return "ae";
        case 0x0152:
            return "OE";
        case 0x0153:
            return "oe";
        case 0x00de:
            return "TH";
        case 0x00fe:
            return "th";
        case 0x00df:
            return "ss";
        case 0x1e9e:
            return "SS";
        default:
            return {};
    }
}

constexpr bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}
constexpr char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> above(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + cost});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, above);
        std::swap(above, row);
    }
    return above[b.size()];
}

}  // namespace

std::size_t find_invalid_utf8(std::string_view text) {
    std::size_t at = 0;
    for (;;) {
        at += ascii_prefix(text.substr(at));
        if (at == text.size()) return std::string_view::npos;
        while (at < text.size() && static_cast<std::uint8_t>(text[at]) >= 0x80) {
            const auto length = sequence_length(text.substr(at));
            if (length == 0) return at;
            at += length;
        }
    }
}

std::string to_nfc(std::string_view text) {
    if (is_ascii(text)) return std::string(text);
    return map_text(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::string fold_case(std::string_view text) {
    if (is_ascii(text)) return to_lower_ascii(text);
    return map_text(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
}

std::string strip_diacritics(std::string_view text) {
    if (is_ascii(text)) return std::string(text);
    const auto parts = map_text(text, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
    std::string kept;
    kept.reserve(parts.size());
    for (std::size_t at = 0; at < parts.size();) {
        utf8proc_int32_t c = 0;
        const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(parts.data()) + at,
                                             static_cast<utf8proc_ssize_t>(parts.size() - at), &c);
        if (length <= 0) return std::string(text);
        if (const auto plain = plain_letter(c); !plain.empty()) {
            kept += plain;
        } else if (!is_diacritic(c)) {
            kept.append(parts, at, static_cast<std::size_t>(length));
        }
        at += static_cast<std::size_t>(length);
    }
    return to_nfc(kept);
}

std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<std::uint8_t>(c) & 0xc0) != 0x80; }));
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) out += separator;
        out += parts[i];
    }
    return out;
}

std::string to_upper_ascii(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), upper);
    return out;
}

std::string to_lower_ascii(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

bool starts_with_ci(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() &&
           std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) { return lower(a) == lower(b); });
}

std::string nearest(std::string_view given, const std::vector<std::string>& known) {
    constexpr std::size_t furthest = 2;
    const auto wanted = to_lower_ascii(given);
    const std::string* best = nullptr;
    std::size_t least = furthest + 1;
    for (const auto& candidate : known) {
        const auto longer = std::max(candidate.size(), wanted.size());
        const auto shorter = std::min(candidate.size(), wanted.size());
        if (longer - shorter > furthest) continue;
        const auto distance = edit_distance(wanted, to_lower_ascii(candidate));
        // A word of which every letter was changed is another word, not a slip.
        if (distance < least && distance < longer) {
            least = distance;
            best = &candidate;
        }
    }
    return best != nullptr ? *best : std::string();
}

}  // namespace waymark
