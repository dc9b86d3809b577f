// URLs and form bodies, friendly and hostile.
#include "base/form.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "base/text.hpp"
#include "support/generators.hpp"

using namespace waymark;

TEST_CASE("a form keeps the values of a field in the order sent") {
    const auto form = parse_form("a=1&b=two+words&a=2&empty=&bare").value();
    CHECK(form.all("a") == std::vector<std::string>{"1", "2"});
    CHECK(form.first("b") == "two words");
    CHECK(form.has("empty"));
    CHECK(form.first("bare").empty());
    CHECK_FALSE(form.has("c"));
    CHECK(form.all("c").empty());
    CHECK(form.fields().size() == 4);
}

TEST_CASE("escapes are decoded exactly once") {
    CHECK(parse_form("a=%2525").value().first("a") == "%25");
    CHECK(parse_form("a=%C3%A9%2b").value().first("a") == "\xC3\xA9+");
    CHECK(parse_form("a%3db=c%26d").value().first("a=b") == "c&d");
}

TEST_CASE("line ends in values become LF") {
    CHECK(parse_form("t=a%0D%0Ab%0Ac%0D").value().first("t") == "a\nb\nc\r");
}

TEST_CASE("a form with a bad escape, a NUL or ill-formed UTF-8 is refused at its field") {
    for (const char* body :
         {"note=%", "note=%4", "note=%zz", "note=a%00b", "note=%C3", "note=%ED%A0%80", "note=\xFF"}) {
        CAPTURE(body);
        const auto form = parse_form(body);
        REQUIRE_FALSE(form);
        CHECK(form.error().place == "note");
        CHECK_FALSE(form.error().mend.empty());
    }
    CHECK(parse_form("ok=1&%zz=2").error().place == "field 2");
}

TEST_CASE("a form is refused just past each limit") {
    const FormLimits limits{2, 3, 4};
    CHECK(parse_form("a=1&b=2", limits));
    CHECK_FALSE(parse_form("a=1&b=2&c=3", limits));
    CHECK(parse_form("abc=1234", limits));
    CHECK_FALSE(parse_form("abcd=1", limits));
    CHECK_FALSE(parse_form("abc=12345", limits));
    CHECK(parse_form("a=%41%42%43%44", limits));
    CHECK_FALSE(parse_form("a=%41%42%43%44%45", limits));
}

TEST_CASE("what was percent-encoded comes back") {
    CHECK(rc::check("round trip", [] {
        const auto clean = rc::gen::map(test::utf8_text(), [](std::string text) {
            std::erase_if(text, [](char c) { return c == '\0' || c == '\r'; });
            return text;
        });
        const auto name = *clean;
        const auto value = *clean;
        RC_PRE(name.size() <= 200u);
        const auto form = parse_form(percent_encode(name) + "=" + percent_encode(value)).value();
        RC_ASSERT(form.first(name) == value);
        RC_ASSERT(form.fields().size() == 1u);
    }));
}

TEST_CASE("no body makes ill-formed text") {
    CHECK(rc::check("safe", [](const std::string& body) {
        const auto form = parse_form(body);
        if (!form) return;
        for (const auto& [name, values] : form->fields()) {
            RC_ASSERT(is_valid_utf8(name));
            for (const auto& value : values) RC_ASSERT(is_valid_utf8(value) && value.find('\0') == std::string::npos);
        }
    }));
}

TEST_CASE("a target has a decoded path, its segments and its query") {
    const auto target = parse_target("/people/a%20b/+?q=x+y&q=z").value();
    CHECK(target.path == "/people/a b/+");
    CHECK(target.segments == std::vector<std::string>{"people", "a b", "+"});
    CHECK(target.query.all("q") == std::vector<std::string>{"x y", "z"});
    CHECK(parse_target("/").value().path == "/");
    CHECK(parse_target("/").value().segments.empty());
    CHECK(parse_target("/a/").value().path == "/a/");
    CHECK(parse_target("/a/").value().segments == std::vector<std::string>{"a"});
    CHECK(parse_target("/...").value().segments == std::vector<std::string>{"..."});
    CHECK(parse_target("/a%252e").value().path == "/a%2e");
}

TEST_CASE("a path that could mean another is refused") {
    for (const char* raw : {"",       "a",         "?q",     "//host", "/a//b", "/.",      "/a/../b",  "/%2e%2e/x",
                            "/%2E",   "/a%2fb",    "/a%2Fb", "/a%00",  "/a%0a", "/a%7f",   "/a b",     "/a#b",
                            "/a\x7f", "/\xC3\xA9", "/%ff",   "/a%2",   "/%",    "/a?x=%0", "/a?x=\x01"}) {
        CAPTURE(raw);
        CHECK_FALSE(parse_target(raw));
    }
    CHECK_FALSE(parse_target(std::string_view("/a\0b", 4)));
}

TEST_CASE("a path has a limit of segments") {
    const FormLimits limits{3, 10, 10};
    CHECK(parse_target("/a/b/c", limits));
    CHECK_FALSE(parse_target("/a/b/c/d", limits));
    CHECK_FALSE(parse_target("/12345678901", limits));
}

TEST_CASE("percent encoding leaves the unreserved characters alone") {
    CHECK(percent_encode("AZaz09-._~") == "AZaz09-._~");
    CHECK(percent_encode("a b/\xC3\xA9+") == "a%20b%2F%C3%A9%2B");
}

TEST_CASE("cookies are read by name, the first of two, and at most fifty") {
    const Cookies cookies = parse_cookies("a=1; b=2=3;a=9 ; =x; nothing; c=");
    CHECK(cookies == Cookies{{"a", "1"}, {"b", "2=3"}, {"c", ""}});
    std::string bomb;
    for (int n = 0; n < 5'000; ++n) bomb += "c" + std::to_string(n) + "=1;";
    CHECK(parse_cookies(bomb).size() == 50);
    CHECK(parse_cookies("").empty());
}
