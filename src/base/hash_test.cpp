// Published vectors.
#include "base/hash.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <thread>

using namespace waymark;

TEST_CASE("SHA-256 gives the vectors of FIPS 180-4") {
    CHECK(to_hex(sha256(as_bytes(""))) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(to_hex(sha256(as_bytes("abc"))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(to_hex(sha256(as_bytes(std::string(1'000'000, 'a')))) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("HMAC-SHA-256 gives the vectors of RFC 4231") {
    CHECK(to_hex(hmac_sha256(Bytes(20, 0x0b), as_bytes("Hi There"))) ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(to_hex(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?"))) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(to_hex(hmac_sha256(Bytes(131, 0xaa), as_bytes("Test Using Larger Than Block-Size Key - Hash Key First"))) ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("SHA-256 of parts is that of the whole") {
    CHECK(rc::check("parts", [](const Bytes& a, const Bytes& b, const Bytes& c) {
        Bytes whole = a;
        whole.insert(whole.end(), b.begin(), b.end());
        whole.insert(whole.end(), c.begin(), c.end());
        RC_ASSERT(sha256({ByteView(a), ByteView(b), ByteView(c)}) == sha256(whole));
    }));
}

TEST_CASE("threads do not disturb each other's digests") {
    const auto expected = sha256(as_bytes("abc"));
    std::array<bool, 4> right{};
    std::vector<std::thread> threads;
    for (auto& mine : right) {
        threads.emplace_back([&mine, &expected] {
            mine = true;
            for (int i = 0; i < 1000; ++i) mine = mine && sha256(as_bytes("abc")) == expected;
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(right == std::array<bool, 4>{true, true, true, true});
}

TEST_CASE("a keyed tag gives the vectors of the SipHash paper and depends on its key") {
    std::array<std::uint8_t, 16> key{};
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(i);
    CHECK(keyed_tag(key, "") == 0x726fdb47dd0e0e31u);
    CHECK(keyed_tag(key, std::string_view("\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16", 15)) == 0xa129ca6149be45e5u);
    const auto before = keyed_tag(key, "token");
    key[0] = 99;
    CHECK(keyed_tag(key, "token") != before);
}
