#include "base/markup.hpp"

#include <array>

#include "base/text.hpp"

namespace waymark {

namespace {

constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

// What a byte is replaced by, or nothing where it stands for itself.
constexpr std::string_view reference(char c) {
    switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        case '\'':
            return "&#39;";
        case '`':
            return "&#96;";
        default:
            break;
    }
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f) return replacement_character;
    return {};
}

constexpr auto references = [] {
    std::array<std::string_view, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = reference(static_cast<char>(i));
    return table;
}();

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view replacement = references[static_cast<unsigned char>(text[i])];
        if (replacement.empty()) continue;
        out.append(text, start, i - start);
        out.append(replacement);
        start = i + 1;
    }
    out.append(text, start);
}

std::string escape_markup(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    append_escaped(out, text);
    return out;
}

std::string well_formed(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    if (!is_valid_utf8(text)) {
        for (const char c : text) out += static_cast<signed char>(c) < 0 ? '?' : c;
        return out;
    }
    for (std::size_t i = 0; i < text.size();) {
        const auto character = text.substr(i, 3);
        if (character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF") {
            out += replacement_character;
            i += 3;
        } else {
            out += text[i++];
        }
    }
    return out;
}

}  // namespace waymark
