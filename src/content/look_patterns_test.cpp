// Which looks seem wrong, as a partnership writes it.
#include "content/look_patterns.hpp"

#include <doctest/doctest.h>

using namespace waymark;
using namespace waymark::content;

namespace {

constexpr const char* patterns_head = "version = \"1\"\nopens = [\"child.\"]\n";

Fault refusal(const std::string& more) {
    const auto read = parse_look_patterns(patterns_head + more, "alerts.toml");
    REQUIRE_FALSE(read);
    return read.error();
}

}  // namespace

TEST_CASE("the shipped patterns are read, each with words and a figure, and every key can be looked for") {
    const auto shipped = load_look_patterns(std::string(WAYMARK_SOURCE_DIR) + "/content");
    REQUIRE(shipped);
    CHECK(shipped->patterns.size() == look_pattern_keys().size());
    CHECK(shipped->days == 28);
    for (const auto& key : look_pattern_keys()) {
        CAPTURE(key);
        const auto* one = shipped->pattern(key);
        REQUIRE(one != nullptr);
        CHECK_FALSE(one->words.empty());
        CHECK(one->least >= 1);
    }
}

TEST_CASE("a pattern that is left out is not looked for") {
    const auto read = parse_look_patterns(patterns_head, "alerts.toml");
    REQUIRE(read);
    CHECK(read->patterns.empty());
    CHECK(read->pattern("no-work") == nullptr);
}

TEST_CASE("what cannot be looked for, stands twice or says nothing is refused with its line") {
    CHECK(refusal("[[pattern]]\nkey = \"guess\"\nwords = \"a\"\nabout = \"b\"\n").place == "alerts.toml:4");
    CHECK(refusal("[[pattern]]\nkey = \"no-work\"\nabout = \"b\"\n").place == "alerts.toml:3");
    CHECK(refusal("[[pattern]]\nkey = \"no-work\"\nwords = \"a\"\nabout = \"b\"\nleast = 0\n").place ==
          "alerts.toml:7");
    CHECK(refusal("[[pattern]]\nkey = \"no-work\"\nwords = \"a\"\nabout = \"b\"\nroles_apart = [\"king\"]\n").place ==
          "alerts.toml:7");
    const std::string one = "[[pattern]]\nkey = \"no-work\"\nwords = \"a\"\nabout = \"b\"\n";
    CHECK(refusal(one + one).place == "alerts.toml:8");
    CHECK_FALSE(parse_look_patterns("version = \"1\"\n", "alerts.toml"));
}
