// What the door takes, what it refuses, and what the writers write.
#include "base/json.hpp"

#include <cmath>
#include <limits>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "base/text.hpp"
#include "support/generators.hpp"

using namespace waymark;

namespace {

Fault refused(std::string_view text, const JsonLimits& limits = {}) {
    const auto value = parse_json(text, limits);
    REQUIRE_MESSAGE(!value, text);
    CHECK(value.error().kind == FaultKind::invalid);
    CHECK(value.error().place.rfind("offset ", 0) == 0);
    CHECK_FALSE(value.error().mend.empty());
    return value.error();
}

json::value generate(int depth) {
    switch (*rc::gen::inRange(0, depth > 0 ? 8 : 6)) {
        case 0:
            return nullptr;
        case 1:
            return *rc::gen::arbitrary<bool>();
        case 2:
            return *rc::gen::arbitrary<std::int64_t>();
        case 3:
            return *rc::gen::map(rc::gen::arbitrary<std::uint64_t>(), [](std::uint64_t n) { return n | 1ull << 63; });
        case 4:
            return *rc::gen::suchThat(rc::gen::arbitrary<double>(), [](double d) { return std::isfinite(d); });
        case 5:
            return json::value(json::string(*test::utf8_text()));
        case 6: {
            json::array array;
            const int count = *rc::gen::inRange(0, 4);
            for (int i = 0; i < count; ++i) array.push_back(generate(depth - 1));
            return array;
        }
        default: {
            json::object object;
            const int count = *rc::gen::inRange(0, 4);
            for (int i = 0; i < count; ++i) object.insert_or_assign(*test::utf8_text(), generate(depth - 1));
            return object;
        }
    }
}

// The same members in another order, at every level.
json::value reversed(const json::value& value) {
    if (const auto* array = value.if_array()) {
        json::array copy;
        for (const auto& item : *array) copy.push_back(reversed(item));
        return copy;
    }
    if (const auto* object = value.if_object()) {
        json::object copy;
        for (auto member = object->end(); member != object->begin();) {
            --member;
            copy.emplace(member->key(), reversed(member->value()));
        }
        return copy;
    }
    return value;
}

}  // namespace

TEST_CASE("what is written is read back the same, kinds of numbers too") {
    CHECK(rc::check("round trip", [] {
        const auto value = generate(3);
        RC_ASSERT(parse_json(write_json(value)).value() == value);
        RC_ASSERT(parse_own_json(write_json(json::value(write_json(value))), {}).as_string() == write_json(value));
    }));
}

TEST_CASE("the canonical form does not depend on the order of members") {
    CHECK(rc::check("canonical", [] {
        const auto value = generate(3);
        const auto text = write_canonical(value);
        RC_ASSERT(write_canonical(reversed(value)) == text);
        RC_ASSERT(write_canonical(parse_json(text).value()) == text);
    }));
    CHECK(write_canonical(parse_json(R"({"b":{"z":1,"a":2},"B":[{"d":0,"c":1}],"é":1,"a":0})").value()) ==
          R"({"B":[{"c":1,"d":0}],"a":0,"b":{"a":2,"z":1},"é":1})");
}

TEST_CASE("members keep their order") {
    CHECK(write_json(parse_json(R"( { "z" : 1 , "a" : [ ] , "m" : { } } )").value()) == R"({"z":1,"a":[],"m":{}})");
}

TEST_CASE("a name given twice in one object is refused, however it is written") {
    CHECK(refused(R"({"a":1,"a":1})").reason == "a name is given twice in one object");
    refused(R"({"a":1,"b":{"c":1,"c":2}})");
    refused(R"({"a":1,"\u0061":2})");
    refused(R"([{"x":{}, "y":[], "x":0}])");
    refused(R"({"":1,"":2})");
    CHECK(parse_json(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]})"));
    CHECK(parse_json("{\"\xC3\xA9\":1,\"e\xCC\x81\":2}"));
}

TEST_CASE("a name given twice is found in a large object too") {
    for (const std::size_t count : {31u, 32u, 33u, 34u, 1000u}) {
        std::string text = "{";
        for (std::size_t i = 0; i < count; ++i) text += "\"k" + std::to_string(i) + "\":0,";
        CHECK(parse_json(text + "\"new\":0}"));
        refused(text + "\"k0\":0}");
        refused(text + "\"k" + std::to_string(count - 1) + "\":0}");
    }
}

TEST_CASE("a number that is not finite is refused") {
    for (const char* text : {"1e400", "-1e400", "[1e309]", "1e99999999999", "NaN", "Infinity", "-Infinity"})
        refused(text);
    CHECK(refused("[1,1e400]").reason == "a number too large to be held");
    CHECK(parse_json("1.7976931348623157e308").value().as_double() == std::numeric_limits<double>::max());
    CHECK(parse_json("1e-400").value().as_double() == 0.0);
    CHECK(parse_json("18446744073709551615").value().as_uint64() == std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE("decimal fractions are read exactly") {
    CHECK(parse_json("0.1").value().as_double() == 0.1);
    CHECK(parse_json("5.0e-324").value().as_double() == std::numeric_limits<double>::denorm_min());
    CHECK(parse_json("[179.99999999999997]").value().at(0).as_double() == 179.99999999999997);
    CHECK(parse_json("{\"a\":123456789.123456789}").value().at("a").as_double() == 123456789.123456789);
}

TEST_CASE("ill-formed UTF-8 and lone surrogates are refused") {
    CHECK(refused("[\"ab\xFF\"]").place == "offset 4");
    refused("\"\xED\xA0\x80\"");
    refused("\"\xC0\x80\"");
    refused(R"("\ud800")");
    refused(R"("\udc00")");
    refused(R"("\ud800x")");
    CHECK(parse_json(R"("\ud83d\ude00")").value().as_string() == "\xF0\x9F\x98\x80");
}

TEST_CASE("depth and size are limited") {
    const JsonLimits limits{3, 20};
    CHECK(parse_json("[[[]]]", limits));
    CHECK(refused("[[[[]]]]", limits).reason == "nested more than 3 deep");
    CHECK(parse_json("[{\"a\":[]}]", limits));
    refused("[{\"a\":[{}]}]", limits);
    CHECK(parse_json("\"123456789012345678\"", limits));
    refused("\"1234567890123456789\"", limits);
    refused(std::string(200'000, '['));
}

TEST_CASE("text that is not exactly one value is refused") {
    for (const char* text :
         {"",        " ",  "{",   "[1,]", "{\"a\":1,}", "{a:1}",   "'a'",      "01",      "+1",
          "1.",      ".5", "1 2", "[] x", "nul",        "// c\n1", "\"a\nb\"", "{\"a\"}", "\xEF\xBB\xBF{}",
          "\"\\x\"", "tru"}) {
        CAPTURE(text);
        refused(text);
    }
    CHECK(refused("[] x").place == "offset 3");
    CHECK(parse_json(" \t\r\n1\n").value().as_int64() == 1);
}

TEST_CASE("no text brings the parser down") {
    CHECK(rc::check("hostile", [] {
        const auto text =
            *rc::gen::container<std::string>(rc::gen::elementOf(std::string("{}[]\",:\\u0d8e1-. \n\xC3\xA9tfn")));
        const auto value = parse_json(text);
        if (value) RC_ASSERT(parse_json(write_json(*value)).value() == *value);
    }));
}

TEST_CASE("what is written is always well-formed") {
    json::object object;
    object.emplace("bad\xFFname", "bad\xC3");
    CHECK(write_json(object) == "{\"bad\xEF\xBF\xBDname\":\"bad\xEF\xBF\xBD\"}");
    CHECK(write_json(json::value(std::numeric_limits<double>::infinity())) == "null");
    CHECK(write_json(json::value(std::nan(""))) == "null");
    CHECK(rc::check("any bytes", [](const std::string& bytes) {
        const auto text = write_json(json::value(json::string(bytes)));
        RC_ASSERT(is_valid_utf8(text));
        RC_ASSERT(parse_json(text).has_value());
    }));
}

TEST_CASE("control characters are escaped and nothing else needs be") {
    CHECK(write_json(json::value("\"\\/\b\f\n\r\t\x01\x1f\x7f<\xC3\xA9")) ==
          "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f<\xC3\xA9\"");
    CHECK(write_json(json::value(1.0)) == "1.0");
    CHECK(write_json(json::value(1.5)) == "1.5");
    CHECK(write_json(json::value(1e300)) == "1e+300");
}

TEST_CASE("a card is read into the memory it is given") {
    json::monotonic_resource arena;
    const auto value = parse_own_json(R"({"kind":"concern.raised","n":[1,2.5]})", &arena);
    CHECK(value.storage().get() == &arena);
    CHECK(value.at("n").at(1).as_double() == 2.5);
    CHECK_THROWS_AS(parse_own_json("{", {}), std::runtime_error);
}

TEST_CASE("members are found, or not") {
    const auto value = parse_json(R"({"a":"x","n":1})").value();
    const auto& object = value.as_object();
    CHECK(find(object, "a") == object.if_contains("a"));
    CHECK(find(object, "b") == nullptr);
    CHECK(string_or(object, "a", "else") == "x");
    CHECK(string_or(object, "n", "else") == "else");
    CHECK(string_or(object, "b", "else") == "else");
}
