// No text ends a tag, an attribute or an element.
#include "base/markup.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "base/text.hpp"

using namespace waymark;

TEST_CASE("a control character that HTML or XML does not allow is shown as a replacement character") {
    CHECK(escape_markup(std::string_view("a\0b\x1b", 4)) ==
          "a\xEF\xBF\xBD"
          "b\xEF\xBF\xBD");
    CHECK(escape_markup("line\n\tnext") == "line\n\tnext");
}

TEST_CASE("no escaped text holds a character that ends a tag, an attribute or an element") {
    CHECK(rc::check("escaped text is inert", [](const std::string& text) {
        RC_ASSERT(escape_markup(text).find_first_of("<>\"'`") == std::string::npos);
    }));
}

TEST_CASE("text of an unknown encoding becomes characters that XML allows") {
    CHECK(well_formed("caf\xE9") == "caf?");
    CHECK(well_formed("caf\xC3\xA9") == "caf\xC3\xA9");
    CHECK(well_formed("a\xEF\xBF\xBEz\xEF\xBF\xBF") == "a\xEF\xBF\xBDz\xEF\xBF\xBD");
    CHECK(rc::check("the result is UTF-8", [](const std::string& text) {
        const auto made = well_formed(text);
        RC_ASSERT(is_valid_utf8(made));
        if (is_valid_utf8(text)) RC_ASSERT(count_characters(made) == count_characters(text));
    }));
}
