#pragma once
// UTF-8 text: validity, normal form, case folding and small helpers. No locale is consulted.
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace waymark {

// The byte offset of the first ill-formed sequence (RFC 3629: no surrogates, no overlong forms), or npos.
std::size_t find_invalid_utf8(std::string_view);
inline bool is_valid_utf8(std::string_view text) {
    return find_invalid_utf8(text) == std::string_view::npos;
}

std::string to_nfc(std::string_view valid_utf8);
std::string fold_case(std::string_view valid_utf8);         // Unicode case folding, NFKC
std::string strip_diacritics(std::string_view valid_utf8);  // "Zoë" -> "Zoe", "ł" -> "l"
std::size_t count_characters(std::string_view valid_utf8);  // code points

std::string_view trim(std::string_view);  // ASCII white space at both ends
std::vector<std::string_view> split(std::string_view, char separator);
std::string join(const std::vector<std::string>&, std::string_view separator);
std::string to_upper_ascii(std::string_view);
std::string to_lower_ascii(std::string_view);
bool starts_with_ci(std::string_view text, std::string_view prefix_ascii);

// The entry of `known` nearest to `given` by edit distance (at most 2), or empty: for "did you mean".
std::string nearest(std::string_view given, const std::vector<std::string>& known);

}  // namespace waymark
