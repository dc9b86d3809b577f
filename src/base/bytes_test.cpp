// Hexadecimal and base64.
#include "base/bytes.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace waymark;

TEST_CASE("base64 gives the vectors of RFC 4648 section 10") {
    CHECK(to_base64(as_bytes("")) == "");
    CHECK(to_base64(as_bytes("f")) == "Zg==");
    CHECK(to_base64(as_bytes("fo")) == "Zm8=");
    CHECK(to_base64(as_bytes("foo")) == "Zm9v");
    CHECK(to_base64(as_bytes("foobar")) == "Zm9vYmFy");
    CHECK(as_text(from_base64("Zm9vYg==").value()) == "foob");
}

TEST_CASE("bytes survive hexadecimal and base64") {
    CHECK(rc::check("round trip", [](const Bytes& bytes) {
        RC_ASSERT(from_hex(to_hex(bytes)).value() == bytes);
        RC_ASSERT(from_base64(to_base64(bytes)).value() == bytes);
    }));
}

TEST_CASE("whatever base64 is taken is the one text for its bytes") {
    CHECK(rc::check("canonical", [] {
        const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ABQgwz/+9=")));
        const auto bytes = from_base64(text);
        if (bytes) RC_ASSERT(to_base64(*bytes) == text);
    }));
}

TEST_CASE("base64 that is not exactly right is refused with its place") {
    for (const char* text : {"Zg=", "Zg", "Zh==", "Zm9=", "Z===", "====", "Zm9v\n", "Zm-v", "Zg==Zg=="}) {
        CAPTURE(text);
        CHECK_FALSE(from_base64(text));
    }
    CHECK(from_base64("Zm9vZm-v").error().place == "offset 6");
}

TEST_CASE("hexadecimal takes both cases and refuses the rest") {
    CHECK(from_hex("00fFAb").value() == Bytes{0x00, 0xff, 0xab});
    CHECK_FALSE(from_hex("0"));
    CHECK(from_hex("0g").error().place == "offset 1");
    CHECK_FALSE(from_hex("0x"));
}
