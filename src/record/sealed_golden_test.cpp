// What version 1 sealed is opened for ever: tests/golden/record/sealed-v1.json is never changed.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "record/keys.hpp"
#include "record/names.hpp"

using namespace waymark;
using namespace waymark::record;

namespace {

json::object sealed_golden() {
    std::ifstream in(std::string(WAYMARK_SOURCE_DIR) + "/tests/golden/record/sealed-v1.json", std::ios::binary);
    REQUIRE(in.good());
    std::ostringstream out;
    out << in.rdbuf();
    return parse_json(out.str()).value().as_object();
}

Bytes bytes_of(const json::object& object, std::string_view name) {
    return from_hex(string_or(object, name, "")).value();
}

}  // namespace

TEST_CASE("Golden: a ring, pieces of every purpose and covered names of version 1 open") {
    const auto all = sealed_golden();
    const auto root = bytes_of(all, "root");
    CHECK(string_or(KeyRing::header_of(bytes_of(all, "ring")).value(), "id", "") == root_id(root));
    auto ring = KeyRing::opened(bytes_of(all, "ring"), root, 1).value();
    CHECK(ring.active() == 2);
    CHECK_FALSE(ring.takes_plain());
    CHECK(ring.generations()[0].made == Instant{1'700'000'000'000'000});
    KeyedSeal seal(1);
    seal.use(std::move(ring));
    std::size_t opened = 0;
    for (const auto& value : find(all, "pieces")->get_array()) {
        const auto& piece = value.get_object();
        const Bound bound{string_or(piece, "what", ""), parse_uuid(string_or(piece, "of", "")).value(),
                          string_or(piece, "kind", ""), static_cast<std::int32_t>(find(piece, "version")->get_int64()),
                          parse_uuid(string_or(piece, "record", "")).value()};
        const auto plain = seal.open(bytes_of(piece, "sealed"), bound);
        REQUIRE_MESSAGE(plain.has_value(), bound.what);
        CHECK(as_text(*plain) == string_or(piece, "plain", ""));
        ++opened;
    }
    CHECK(opened == 7);
    const auto cover = name_cover(bytes_of(all, "name_key"));
    for (const auto& value : find(all, "names")->get_array()) {
        const auto& name = value.get_object();
        const auto of = static_cast<store::NameOf>(find(name, "of")->get_int64());
        CHECK(cover->cover(of, string_or(name, "name", "")) == string_or(name, "cover", ""));
    }
    Digest digest{};
    Digest salt{};
    cover->mask(parse_id<EntryId>(string_or(all, "mask_of", "")).value(), digest, salt);
    CHECK(to_hex(digest) == string_or(all, "digest_mask", ""));
    CHECK(to_hex(salt) == string_or(all, "salt_mask", ""));
}
