// The cipher for short pieces writes what libsodium writes, and opens what it wrote.
#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <sodium.h>

#include "base/system.hpp"
#include "record/blocks.hpp"
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

TEST_CASE("Blocks made side by side are the blocks that libsodium makes one after the other, however many there are") {
    for (std::size_t count = 0; count <= 70; ++count) {
        const auto keys = drawn(count * cipher_key);
        const auto inputs = drawn(count * 16);
        Bytes ours(count * 64);
        Bytes theirs(count * 64);
        Bytes our_keys(count * 32);
        Bytes their_keys(count * 32);
        std::vector<BlockJob> blocks;
        std::vector<BlockJob> subkeys;
        for (std::size_t i = 0; i < count; ++i) {
            const auto* key = keys.data() + i * cipher_key;
            const auto* input = inputs.data() + i * 16;
            blocks.push_back({key, input, ours.data() + i * 64});
            subkeys.push_back({key, input, our_keys.data() + i * 32});
            std::uint32_t counter = 0;
            for (std::size_t n = 0; n < 4; ++n) counter |= static_cast<std::uint32_t>(input[n]) << (8 * n);
            const Bytes zeros(64);
            crypto_stream_chacha20_ietf_xor_ic(theirs.data() + i * 64, zeros.data(), 64, input + 4, counter, key);
            crypto_core_hchacha20(their_keys.data() + i * 32, input, key, nullptr);
        }
        stream_blocks(blocks);
        subkey_blocks(subkeys);
        REQUIRE(ours == theirs);
        REQUIRE(our_keys == their_keys);
    }
}

TEST_CASE("Blocks made side by side are those of RFC 8439 and of the draft of XChaCha20") {
    Bytes key(32);
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(i);
    const auto input = from_hex("01000000000000090000004a00000000").value();
    Bytes block(64);
    stream_blocks(std::vector<BlockJob>{{key.data(), input.data(), block.data()}});
    CHECK(to_hex(block) ==
          "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e"
          "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e");
    const auto nonce = from_hex("000000090000004a0000000031415927").value();
    Bytes subkey(32);
    subkey_blocks(std::vector<BlockJob>{{key.data(), nonce.data(), subkey.data()}});
    CHECK(to_hex(subkey) == "82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc");
}

TEST_CASE(
    "Many pieces sealed and opened at once are what libsodium seals and opens, among long, empty and altered ones") {
    CHECK(rc::check("many", [](const std::vector<std::uint16_t>& sizes) {
        struct One {
            Bytes plain, data, nonce, key, sealed;
            bool altered = false;
        };
        std::vector<One> all;
        for (const auto size : sizes) {
            One one{drawn(size % 2'300), drawn(size % 97), drawn(extended_nonce), drawn(cipher_key), {}, false};
            one.sealed.resize(one.plain.size() + cipher_tag);
            all.push_back(std::move(one));
        }
        std::vector<Closing> closings;
        for (auto& one : all)
            closings.push_back({one.sealed.data(), one.plain, one.data, one.nonce.data(), one.key.data()});
        encrypt_extended(closings);
        std::vector<Opening> openings;
        std::vector<Bytes> opened;
        for (auto& one : all) {
            Bytes theirs(one.sealed.size());
            crypto_aead_xchacha20poly1305_ietf_encrypt(theirs.data(), nullptr, one.plain.data(), one.plain.size(),
                                                       one.data.data(), one.data.size(), nullptr, one.nonce.data(),
                                                       one.key.data());
            RC_ASSERT(one.sealed == theirs);
            one.altered = *rc::gen::inRange(0, 4) == 0;
            if (one.altered) one.sealed[one.plain.size() / 2] ^= 0x10;
            opened.emplace_back(one.plain.size(), std::uint8_t{0xAB});
        }
        for (std::size_t i = 0; i < all.size(); ++i)
            openings.push_back(
                {opened[i].data(), all[i].sealed, all[i].data, all[i].nonce.data(), all[i].key.data(), false});
        decrypt_extended(openings);
        for (std::size_t i = 0; i < all.size(); ++i) {
            RC_ASSERT(openings[i].opened != all[i].altered);
            RC_ASSERT(all[i].altered || opened[i] == all[i].plain);
            // libsodium, which opens the long ones, overwrites with zeros.
            const Bytes nothing(all[i].plain.size(), opened[i].empty() ? std::uint8_t{0} : opened[i].front());
            RC_ASSERT(!all[i].altered || (opened[i] == nothing && nothing != all[i].plain) || nothing.empty());
        }
    }));
    Bytes out(4, 0xAB);
    const auto key = drawn(cipher_key);
    const auto nonce = drawn(extended_nonce);
    for (std::size_t size = 0; size < cipher_tag; ++size) {
        const auto sealed = drawn(size);
        std::vector<Opening> short_one{{out.data(), sealed, {}, nonce.data(), key.data(), false}};
        decrypt_extended(short_one);
        CHECK_FALSE(short_one.front().opened);
    }
}
