// The cipher for short pieces writes what libsodium writes, and opens what it wrote.
#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <sodium.h>

#include "base/system.hpp"
#include "record/cipher.hpp"

using namespace waymark;
using namespace waymark::record;

namespace {

Bytes drawn(std::size_t size) {
    SystemRandom random;
    Bytes out(size);
    random.fill(out);
    return out;
}

}  // namespace

TEST_CASE("What is sealed with ours is byte for byte what libsodium seals, of every length up to long ones") {
    for (std::size_t size = 0; size <= 2'200; ++size) {
        const auto plain = drawn(size);
        const auto data = drawn(size % 131);
        const auto key = drawn(cipher_key);
        const auto nonce = drawn(extended_nonce);
        Bytes ours(size + cipher_tag);
        Bytes theirs(size + cipher_tag);
        Bytes opened(size);
        encrypt(ours.data(), plain, data, nonce.data(), key.data());
        crypto_aead_chacha20poly1305_ietf_encrypt(theirs.data(), nullptr, plain.data(), size, data.data(), data.size(),
                                                  nullptr, nonce.data(), key.data());
        REQUIRE(ours == theirs);
        REQUIRE(decrypt(opened.data(), theirs, data, nonce.data(), key.data()));
        REQUIRE(opened == plain);
        encrypt_extended(ours.data(), plain, data, nonce.data(), key.data());
        crypto_aead_xchacha20poly1305_ietf_encrypt(theirs.data(), nullptr, plain.data(), size, data.data(), data.size(),
                                                   nullptr, nonce.data(), key.data());
        REQUIRE(ours == theirs);
        opened.assign(size, 0);
        REQUIRE(decrypt_extended(opened.data(), theirs, data, nonce.data(), key.data()));
        REQUIRE(opened == plain);
    }
}

TEST_CASE("What was altered anywhere, or is bound to something else, is not opened, and nothing of it comes out") {
    CHECK(rc::check("altered", [](const Bytes& plain, const Bytes& data) {
        const auto key = drawn(cipher_key);
        const auto nonce = drawn(cipher_nonce);
        Bytes sealed(plain.size() + cipher_tag);
        encrypt(sealed.data(), plain, data, nonce.data(), key.data());
        const Bytes untouched(plain.size(), 0xAB);
        const auto refused = [&](const Bytes& bytes, const Bytes& with) {
            auto out = untouched;
            out.resize(std::max(out.size(), bytes.size()), 0xAB);
            const auto before = out;
            return !decrypt(out.data(), bytes, with, nonce.data(), key.data()) && out == before;
        };
        const auto bit = *rc::gen::inRange<std::size_t>(0, sealed.size() * 8);
        auto altered = sealed;
        altered[bit / 8] = static_cast<std::uint8_t>(altered[bit / 8] ^ (1u << bit % 8));
        RC_ASSERT(refused(altered, data));
        auto other = data;
        other.push_back(0);
        RC_ASSERT(refused(sealed, other));
        sealed.pop_back();
        RC_ASSERT(refused(sealed, data));
    }));
}
