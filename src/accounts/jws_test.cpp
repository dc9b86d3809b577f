// Tokens and key sets: the vectors of the standards, and a table of what is refused.
#include "accounts/jws.hpp"

#include <doctest/doctest.h>

#include "support/token_maker.hpp"

using namespace waymark;
using testing::TokenMaker;

namespace {

std::string encoded(std::string_view text) {
    return accounts::base64url(as_bytes(text));
}
std::string token(std::string_view header, std::string_view claims, std::string_view signature = "c2ln") {
    return encoded(header) + "." + encoded(claims) + "." + std::string(signature);
}

}  // namespace

TEST_CASE("the ES256 token of RFC 7515, appendix A.3, is verified by its key and not when a bit differs") {
    const auto keys = accounts::KeySet::parse(
        R"({"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})");
    REQUIRE(keys);
    const std::string text =
        "eyJhbGciOiJFUzI1NiJ9."
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    const auto read = accounts::parse_jws(text, {"jwt"});
    REQUIRE_MESSAGE(read, (read ? "" : read.error().reason));
    CHECK(read->algorithm == accounts::Algorithm::es256);
    CHECK(keys->verifies(*read));
    for (std::size_t byte : {0u, 31u, 32u, 63u}) {
        auto other = *read;
        other.signature[byte] ^= 1u;
        CHECK_FALSE(keys->verifies(other));
    }
    auto other = *read;
    other.signed_part += "A";
    CHECK_FALSE(keys->verifies(other));
}

TEST_CASE("a token is verified by the key that it names, of the sort that its algorithm wants") {
    const TokenMaker one("one");
    const TokenMaker two("two");
    const auto keys = accounts::KeySet::parse("{\"keys\":[" + one.jwk() + "," + two.jwk() + "]}");
    REQUIRE(keys);
    CHECK(keys->size() == 2);
    CHECK(keys->has("two"));
    CHECK_FALSE(keys->has("three"));
    const auto verified = [&](const std::string& text) {
        const auto read = accounts::parse_jws(text, {"jwt"});
        REQUIRE_MESSAGE(read, (read ? "" : read.error().reason));
        return keys->verifies(*read);
    };
    CHECK(verified(one.sign("{}")));
    CHECK(verified(two.sign("{}")));
    CHECK(verified(one.sign(R"({"alg":"RS256"})", "{}")));
    CHECK_FALSE(verified(one.sign(R"({"alg":"RS256","kid":"two"})", "{}")));
    CHECK_FALSE(verified(one.sign(R"({"alg":"RS256","kid":"three"})", "{}")));
    CHECK_FALSE(verified(one.sign(R"({"alg":"PS256","kid":"one"})", "{}")));
    CHECK_FALSE(verified(one.sign(R"({"alg":"ES256","kid":"one"})", "{}")));
}

TEST_CASE("a token that is not sound is refused before any key is asked") {
    const std::string good = R"({"alg":"RS256"})";
    for (const std::string& text :
         std::vector<std::string>{"",
                                  ".",
                                  "..",
                                  "...",
                                  "a.b",
                                  "a.b.c.d",
                                  token(good, "{}") + ".",
                                  token(good, "{}") + "=",
                                  " " + token(good, "{}"),
                                  token(good, "{}", ""),
                                  token(good, "{}", "a"),
                                  token(good, "[]"),
                                  token(good, "7"),
                                  token(good, "{"),
                                  token(good, R"({"sub":"a","sub":"b"})"),
                                  token(good, "{\"a\":\"\xff\"}"),
                                  token("[]", "{}"),
                                  token("{}", "{}"),
                                  token(R"({"alg":"none"})", "{}"),
                                  token(R"({"alg":"None"})", "{}"),
                                  token(R"({"alg":"HS256"})", "{}"),
                                  token(R"({"alg":"RS512"})", "{}"),
                                  token(R"({"alg":"rs256"})", "{}"),
                                  token(R"({"alg":["RS256"]})", "{}"),
                                  token(R"({"alg":7})", "{}"),
                                  token(R"({"alg":"RS256","alg":"RS256"})", "{}"),
                                  token(R"({"alg":"RS256","crit":[]})", "{}"),
                                  token(R"({"alg":"RS256","b64":false})", "{}"),
                                  token(R"({"alg":"RS256","jwk":{}})", "{}"),
                                  token(R"({"alg":"RS256","jku":"https://a"})", "{}"),
                                  token(R"({"alg":"RS256","x5u":"https://a"})", "{}"),
                                  token(R"({"alg":"RS256","x5c":[]})", "{}"),
                                  token(R"({"alg":"RS256","typ":"at+jwt"})", "{}"),
                                  token(R"({"alg":"RS256","typ":7})", "{}"),
                                  token(R"({"alg":"RS256","kid":7})", "{}"),
                                  token(R"({"alg":"RS256","kid":")" + std::string(400, 'k') + "\"}", "{}"),
                                  token(good, "{\"a\":\"" + std::string(20'000, 'x') + "\"}"),
                                  token(good, "{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}")}) {
        CAPTURE(text.substr(0, 80));
        CHECK_FALSE(accounts::parse_jws(text, {"jwt"}));
    }
    CHECK(accounts::parse_jws(token(good, "{}"), {"jwt"}));
    CHECK(accounts::parse_jws(token(R"({"alg":"RS256","typ":"JWT"})", "{}"), {"jwt"}));
}

TEST_CASE("base64url is read without padding and without bits that say nothing") {
    const auto read = [](std::string_view text) { return accounts::from_base64url(text); };
    CHECK(read("")->empty());
    CHECK(*read("-_8") == Bytes{0xfb, 0xff});
    CHECK(accounts::base64url(*read("-_8")) == "-_8");
    for (const char* text : {"A", "-_9", "+/8", "-_8=", "-_ 8", "AAAAA", "\n"}) {
        CAPTURE(text);
        CHECK_FALSE(read(text));
    }
}

TEST_CASE("a key set passes over what is for others and refuses what cannot be") {
    const TokenMaker one("one");
    const auto set = [](const std::string& keys) { return accounts::KeySet::parse("{\"keys\":[" + keys + "]}"); };
    CHECK(set("")->size() == 0);
    CHECK(set(R"({"kty":"oct","k":"c2VjcmV0"})")->size() == 0);
    CHECK(set(R"({"kty":"EC","crv":"P-521","x":"AA","y":"AA"})")->size() == 0);
    CHECK(set(R"({"kty":"OKP","crv":"Ed25519","x":"AA"})")->size() == 0);
    CHECK(set(R"({"kty":"RSA","use":"enc","n":"AQAB","e":"AQAB"})")->size() == 0);
    CHECK(set(R"({"kty":"RSA","alg":"RS512","n":"AQAB","e":"AQAB"})")->size() == 0);
    for (
        const std::string& keys : std::vector<std::string>{
            "7", R"({"kty":"RSA"})", R"({"kty":"RSA","n":"AQAB","e":"AQAB"})", R"({"kty":"RSA","n":7,"e":"AQAB"})",
            R"({"kty":"EC","crv":"P-256","x":"AA","y":"AA"})",
            R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"})",
            one.jwk() + "," + one.jwk(), R"({"kty":"RSA","d":"AQAB","n":"AQAB","e":"AQAB"})"}) {
        CAPTURE(keys.substr(0, 60));
        CHECK_FALSE(set(keys));
    }
    for (const char* text : {"", "{}", "[]", "{\"keys\":{}}", "{\"keys\":[],\"keys\":[]}"}) {
        CAPTURE(text);
        CHECK_FALSE(accounts::KeySet::parse(text));
    }
}
