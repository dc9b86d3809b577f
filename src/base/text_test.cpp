// UTF-8, normal forms and the small helpers.
#include "base/text.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "support/generators.hpp"

using namespace waymark;

namespace {

// A plain reading of RFC 3629 section 4, to compare with.
std::size_t plainly_invalid_at(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto octet = [&](std::size_t i) {
            return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
        };
        const auto tail = [&](std::size_t i) { return octet(i) >= 0x80 && octet(i) <= 0xbf; };
        if (octet(0) < 0x80) {
            at += 1;
        } else if (octet(0) >= 0xc2 && octet(0) <= 0xdf && tail(1)) {
            at += 2;
        } else if (octet(0) >= 0xe0 && octet(0) <= 0xef && tail(1) && tail(2)) {
            const auto c = (octet(0) & 15) << 12 | (octet(1) & 63) << 6 | (octet(2) & 63);
            if (c < 0x800 || (c >= 0xd800 && c < 0xe000)) return at;
            at += 3;
        } else if (octet(0) >= 0xf0 && octet(0) <= 0xf4 && tail(1) && tail(2) && tail(3)) {
            const auto c = (octet(0) & 7) << 18 | (octet(1) & 63) << 12 | (octet(2) & 63) << 6 | (octet(3) & 63);
            if (c < 0x10000 || c > 0x10ffff) return at;
            at += 4;
        } else {
            return at;
        }
    }
    return std::string_view::npos;
}

}  // namespace

TEST_CASE("every code point is well-formed and its surrogates are not") {
    for (std::uint32_t c = 0; c < 0x110000; ++c) {
        if (c >= 0xd800 && c < 0xe000) continue;
        std::string text;
        test::append_utf8(text, c);
        if (find_invalid_utf8(text) != std::string_view::npos) FAIL("refused code point " << c);
    }
    for (std::uint32_t c = 0xd800; c < 0xe000; ++c) {
        std::string text;
        test::append_utf8(text, c);
        if (find_invalid_utf8(text) != 0) FAIL("took surrogate " << c);
    }
}

TEST_CASE("the first ill-formed sequence is found wherever it stands") {
    CHECK(rc::check("against the plain reading", [] {
        const auto piece =
            rc::gen::oneOf(test::utf8_text(), rc::gen::container<std::string>(rc::gen::arbitrary<char>()),
                           rc::gen::just(std::string(40, 'a')));
        const auto text = *piece + *piece + *piece;
        RC_ASSERT(find_invalid_utf8(text) == plainly_invalid_at(text));
    }));
    for (std::size_t at = 0; at < 100; ++at) {
        std::string text(100, 'a');
        text[at] = '\xFF';
        REQUIRE(find_invalid_utf8(text) == at);
    }
    CHECK(find_invalid_utf8("a\xC3") == 1);
    CHECK(find_invalid_utf8("\xF4\x90\x80\x80") == 0);
    CHECK(find_invalid_utf8("\xE0\x80\x80") == 0);
}

TEST_CASE("the composed form joins letters and marks, and is its own composed form") {
    CHECK(to_nfc("Zoe\xCC\x88") == "Zo\xC3\xAB");
    CHECK(to_nfc("plain") == "plain");
    CHECK(to_nfc(std::string("\0\xC3\xA9", 3)) == std::string("\0\xC3\xA9", 3));
    CHECK(rc::check("idempotent", [] {
        const auto once = to_nfc(*test::utf8_text());
        RC_ASSERT(is_valid_utf8(once));
        RC_ASSERT(to_nfc(once) == once);
    }));
}

TEST_CASE("folding makes letters that differ in case or width the same") {
    CHECK(fold_case("SI\xC3\x82N") == "si\xC3\xA2n");
    CHECK(fold_case("STRASSE") == fold_case("stra\xC3\x9F"
                                            "e"));
    CHECK(fold_case("\xEF\xBC\xA1"
                    "bc") == "abc");
    CHECK(fold_case("Abc-9") == "abc-9");
    CHECK(rc::check("idempotent", [] {
        const auto once = fold_case(*test::utf8_text());
        RC_ASSERT(is_valid_utf8(once));
        RC_ASSERT(fold_case(once) == once);
    }));
}

TEST_CASE("diacritics are taken off the letters of names") {
    CHECK(strip_diacritics("Zo\xC3\xAB") == "Zoe");
    CHECK(strip_diacritics("Zoe\xCC\x88") == "Zoe");
    CHECK(strip_diacritics("S\xC3\xADle \xC3\x93 Briain") == "Sile O Briain");
    CHECK(strip_diacritics("Micha\xC5\x82 \xC5\x81ukasz") == "Michal Lukasz");
    CHECK(strip_diacritics("S\xC3\xB8ren \xC3\x86gir \xC3\x9E\xC3\xB3r\xC3\xB0ur") == "Soren AEgir THordur");
    CHECK(strip_diacritics("\xC4\x90or\xC4\x91"
                           "e Wei\xC3\x9F") == "Dorde Weiss");
    CHECK(strip_diacritics("\xC4\xB0lk\xC4\xB1n") == "Ilkin");
    CHECK(strip_diacritics("plain") == "plain");
}

TEST_CASE("letters of other scripts stay whole") {
    // A Korean syllable decomposes and composes again; a Devanagari vowel sign is part of the name.
    CHECK(strip_diacritics("\xEA\xB9\x80") == "\xEA\xB9\x80");
    CHECK(strip_diacritics("\xE0\xA4\xB0\xE0\xA4\xBE\xE0\xA4\xA7\xE0\xA4\xBE") ==
          "\xE0\xA4\xB0\xE0\xA4\xBE\xE0\xA4\xA7\xE0\xA4\xBE");
    CHECK(rc::check("well-formed and idempotent", [] {
        const auto once = strip_diacritics(*test::utf8_text());
        RC_ASSERT(is_valid_utf8(once));
        RC_ASSERT(strip_diacritics(once) == once);
    }));
}

TEST_CASE("characters are code points") {
    CHECK(count_characters("") == 0);
    CHECK(count_characters("a\xC3\xA9\xF0\x9F\x98\x80") == 3);
}

TEST_CASE("trimming takes ASCII white space off both ends") {
    CHECK(trim(" \t\r\n\v\f a b \n") == "a b");
    CHECK(trim(" \n ").empty());
    CHECK(trim("\xC2\xA0x") == "\xC2\xA0x");
}

TEST_CASE("joined text splits into its parts") {
    CHECK(split("", ',') == std::vector<std::string_view>{""});
    CHECK(split(",a,", ',') == std::vector<std::string_view>{"", "a", ""});
    CHECK(rc::check("round trip", [] {
        const auto part = rc::gen::container<std::string>(rc::gen::elementOf(std::string("abc ")));
        const auto parts = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(part));
        const auto joined = join(parts, ",");
        const auto back = split(joined, ',');
        RC_ASSERT(std::vector<std::string>(back.begin(), back.end()) == parts);
    }));
    CHECK(join({}, ", ").empty());
    CHECK(join({"a", "b"}, ", ") == "a, b");
}

TEST_CASE("ASCII case leaves other letters alone") {
    CHECK(to_upper_ascii("az{\xC3\xA9") == "AZ{\xC3\xA9");
    CHECK(to_lower_ascii("AZ[\xC3\x89") == "az[\xC3\x89");
    CHECK(starts_with_ci("Content-Type", "content-"));
    CHECK_FALSE(starts_with_ci("Con", "content"));
}

TEST_CASE("the nearest word is offered where one is near") {
    const std::vector<std::string> known{"import", "export", "verify", "standing"};
    CHECK(nearest("improt", known) == "import");
    CHECK(nearest("VERIFY", known) == "verify");
    CHECK(nearest("standings", known) == "standing");
    CHECK(nearest("xyz", known).empty());
    CHECK(nearest("ab", {"cd"}).empty());
    CHECK(nearest("", known).empty());
    CHECK(nearest("exprt", known) == "export");
}
