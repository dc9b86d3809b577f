#include "record/names.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

using namespace waymark;
using namespace waymark::record;
using store::NameOf;

namespace {

Bytes key_of(std::uint8_t n) {
    return Bytes(32, n);
}

}  // namespace

TEST_CASE("A name is found under its cover, which shows nothing of it and is another under another key or use") {
    const auto cover = name_cover(key_of(1));
    const auto other = name_cover(key_of(2));
    CHECK(rc::check("covered and uncovered", [&](const std::string& name) {
        const auto covered = cover->cover(NameOf::entry, name);
        RC_ASSERT(cover->cover(NameOf::entry, name) == covered);
        RC_ASSERT(cover->uncover(NameOf::entry, covered) == name);
        if (name.empty()) return;
        RC_ASSERT(covered != name);
        RC_ASSERT(cover->cover(NameOf::person, name) != covered);
        RC_ASSERT(other->cover(NameOf::entry, name) != covered);
        RC_ASSERT(cover->uncover(NameOf::person, covered) == covered);
        RC_ASSERT(other->uncover(NameOf::entry, covered) == covered);
    }));
    CHECK(cover->cover(NameOf::person, "LA0000001").find("LA00") == std::string::npos);
    // What was kept before there was a cover stays as it is, also where it looks covered.
    for (const std::string plain : {"LA0000001", "~", "~x", "~QUJD", "~QUJDREVGR0hJSktMTU5PUFFSU1RVVg=="})
        CHECK(cover->uncover(NameOf::person, plain) == plain);
}

TEST_CASE("Digest and salt are masked for one entry and unmasked by the same") {
    const auto cover = name_cover(key_of(1));
    EntryId entry;
    entry.value.octets.fill(7);
    Digest digest;
    Digest salt;
    digest.fill(0xaa);
    salt.fill(0xaa);
    auto masked = digest;
    auto masked_salt = salt;
    cover->mask(entry, masked, masked_salt);
    CHECK(masked != digest);
    CHECK(masked_salt != salt);
    CHECK(masked != masked_salt);
    EntryId another;
    another.value.octets.fill(8);
    auto elsewhere = digest;
    auto ignored = salt;
    cover->mask(another, elsewhere, ignored);
    CHECK(elsewhere != masked);
    cover->mask(entry, masked, masked_salt);
    CHECK(masked == digest);
    CHECK(masked_salt == salt);
}
