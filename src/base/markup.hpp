#pragma once
// Text made safe for HTML and XML. The one place that knows which characters end a tag, an attribute or an element.
#include <string>
#include <string_view>

namespace waymark {

// & < > " ' ` become references, so the result fits element content and quoted attributes alike. Control characters
// that the two do not both allow become U+FFFD. The text is UTF-8; anything else passes as it is (`well_formed` first).
std::string escape_markup(std::string_view text);
void append_escaped(std::string& out, std::string_view text);

// Text from a file of unknown encoding as characters that XML allows: where it is not UTF-8 each byte above 127 becomes
// "?", and U+FFFE and U+FFFF become U+FFFD.
std::string well_formed(std::string_view text);

}  // namespace waymark
