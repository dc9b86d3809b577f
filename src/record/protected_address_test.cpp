// A protected address has no way out but a decision for whoever reads it.
#include "record/protected_address.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <concepts>
#include <ostream>
#include <type_traits>

#include "base/json.hpp"
#include "record/canonical.hpp"

namespace waymark::record {

namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
    out << value;
};
template <class T>
concept Joinable = requires(const T& value) {
    std::string() + value;
};

// What cannot be compiled. The plain text beside each shows that the question is asked rightly.
static_assert(Printable<std::string> && !Printable<ProtectedAddress>);
static_assert(Joinable<std::string> && !Joinable<ProtectedAddress>);
static_assert(fmt::is_formattable<std::string>::value && !fmt::is_formattable<ProtectedAddress>::value);
static_assert(!std::is_convertible_v<ProtectedAddress, std::string>);
static_assert(!std::is_convertible_v<ProtectedAddress, std::string_view>);
static_assert(!std::is_constructible_v<std::string, ProtectedAddress>);
static_assert(std::is_constructible_v<json::value, std::string> &&
              !std::is_constructible_v<json::value, ProtectedAddress>);
static_assert(!std::is_constructible_v<AddressDecision, Asker, std::string>);  // the gate alone makes one
static_assert(!std::is_default_constructible_v<AddressDecision>);

constexpr std::string_view where = "9 Quillon Wharf";
constexpr std::string_view postcode = "NB9 9QW";

Identity read(bool is_protected) {
    json::object object{{"source", "liquid"},   {"id", "C-1"},
                        {"given_name", "Ada"},  {"address", where},
                        {"postcode", postcode}, {"Previous Address", where},
                        {"ward", "Pier"},       {"address_protected", is_protected}};
    auto decoded = decode_identity(object, "identity", parse_date("2026-11-22").value());
    REQUIRE(decoded);
    return std::move(*decoded);
}

bool tells(std::string_view text) {
    return text.find(where) != std::string_view::npos || text.find(postcode) != std::string_view::npos;
}

}  // namespace

TEST_CASE("An address that is protected is out of reach as soon as the identity is read") {
    CHECK(tells(write_canonical(encode(read(false)))));
    const auto identity = read(true);
    CHECK(identity.address.empty());
    CHECK(identity.postcode.empty());
    CHECK(identity.more == json::object{{"ward", "Pier"}});
    CHECK_FALSE(identity.protected_address.empty());
    CHECK_FALSE(tells(write_canonical(encode(identity))));
    CHECK_FALSE(tells(address_words(identity)));
}

TEST_CASE("One that was put together by hand does not get out by its JSON either") {
    Identity identity;
    identity.source = "s";
    identity.id = "1";
    identity.address = where;
    identity.postcode = postcode;
    identity.address_protected = true;
    CHECK_FALSE(tells(write_canonical(encode(identity))));
}

TEST_CASE("What is kept and digested is whole, as it was before addresses had a type") {
    const auto identity = read(true);
    std::string kept;
    append_identity(kept, identity);
    CHECK(tells(kept));
    const auto plain = write_canonical(AtRest::encode(identity));
    CHECK(kept == plain);
    const auto again = decode_identity(parse_json(kept).value().as_object(), "", parse_date("2026-11-22").value());
    REQUIRE(again);
    CHECK(*again == identity);
}

TEST_CASE(
    "A field that its kind protects leaves the body as soon as the draft is read, and is kept and digested whole") {
    const auto catalogue = content::load_kinds(std::string(WAYMARK_SOURCE_DIR) + "/content").value();
    const auto line = [](const std::string& more) {
        return R"({"kind":"circumstance.changed","at":"2026-03-02","agency":"csc","author":"a","id":"1",)"
               R"("subjects":[{"involvement":"displayed","identity":{"source":"s","id":"1"}}],)"
               R"("body":{"type":"placement")" +
               more + "}}";
    };
    const auto now = parse_instant("2026-03-25T10:00:00Z").value();
    const Zone zone;
    const auto with = decode_draft(line(R"(,"address":"9 Quillon Wharf")"), catalogue, now, zone);
    const auto without = decode_draft(line(""), catalogue, now, zone);
    REQUIRE(with);
    REQUIRE(without);
    CHECK_FALSE(with->body.contains("address"));
    CHECK(with->protected_address.holds("address"));
    CHECK_FALSE(with->protected_address.holds("text"));
    CHECK_FALSE(tells(write_json(encode(*with))));
    CHECK(write_json(encode(*with)) == write_json(encode(*without)));
    CHECK(tells(canonical_content(*with)));
    CHECK(content_digest(*with) != content_digest(*without));
    // Made in memory, as by a form, and put out of reach at the door.
    auto typed = *without;
    typed.body.emplace("address", "9 Quillon Wharf");
    const auto plain = content_digest(typed);
    protect(typed, catalogue);
    CHECK_FALSE(typed.body.contains("address"));
    CHECK(typed.protected_address == with->protected_address);
    CHECK(content_digest(typed) == plain);
    CHECK(plain == content_digest(*with));
}

}  // namespace waymark::record
