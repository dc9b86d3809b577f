// OpenSSL 3.0 looks an algorithm up by name on each use unless it has been fetched, so each thread keeps the fetched
// SHA-256 and one context.
#include "base/hash.hpp"

#include <memory>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sodium.h>

namespace waymark {

namespace {

class Hasher {
public:
    Hasher()
        : md_(EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free), context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
        check(md_ != nullptr && context_ != nullptr);
        check(EVP_DigestInit_ex(context_.get(), md_.get(), nullptr) == 1);
    }
    template <class Parts>
    Digest operator()(const Parts& parts) {
        Digest out;
        unsigned length = 0;
        check(EVP_DigestInit_ex(context_.get(), nullptr, nullptr) == 1);
        for (const ByteView part : parts) check(EVP_DigestUpdate(context_.get(), part.data(), part.size()) == 1);
        check(EVP_DigestFinal_ex(context_.get(), out.data(), &length) == 1 && length == out.size());
        return out;
    }

private:
    static void check(bool fine) {
        if (!fine) throw std::runtime_error("OpenSSL cannot compute SHA-256");
    }
    std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> md_;
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

Hasher& hasher() {
    thread_local Hasher instance;
    return instance;
}

}  // namespace

Digest sha256(ByteView bytes) {
    return hasher()(std::array<ByteView, 1>{bytes});
}

Digest sha256(std::initializer_list<ByteView> parts) {
    return hasher()(parts);
}

// RFC 2104 over SHA-256's 64-byte block.
Digest hmac_sha256(ByteView key, ByteView data) {
    std::array<std::uint8_t, 64> inner{};
    if (key.size() > inner.size()) {
        auto shortened = sha256(key);
        std::copy(shortened.begin(), shortened.end(), inner.begin());
        OPENSSL_cleanse(shortened.data(), shortened.size());
    } else {
        std::copy(key.begin(), key.end(), inner.begin());
    }
    auto outer = inner;
    for (auto& byte : inner) byte ^= 0x36;
    for (auto& byte : outer) byte ^= 0x5c;
    const auto first = sha256({ByteView{inner}, data});
    const auto result = sha256({ByteView{outer}, ByteView{first}});
    OPENSSL_cleanse(inner.data(), inner.size());
    OPENSSL_cleanse(outer.data(), outer.size());
    return result;
}

Digest keyed_digest(ByteView key, ByteView data) {
    if (key.size() < crypto_generichash_blake2b_KEYBYTES_MIN || key.size() > crypto_generichash_blake2b_KEYBYTES_MAX)
        throw std::invalid_argument("a key of 16 to 64 bytes");
    Digest digest{};
    static_cast<void>(
        crypto_generichash_blake2b(digest.data(), digest.size(), data.data(), data.size(), key.data(), key.size()));
    return digest;
}

std::uint64_t keyed_tag(std::span<const std::uint8_t, 16> key, std::string_view text) {
    static_assert(crypto_shorthash_siphash24_KEYBYTES == 16 && crypto_shorthash_siphash24_BYTES == 8);
    std::array<std::uint8_t, 8> octets{};
    const auto bytes = as_bytes(text);
    crypto_shorthash_siphash24(octets.data(), bytes.data(), bytes.size(), key.data());
    std::uint64_t tag = 0;
    for (std::size_t i = 8; i-- > 0;) tag = tag << 8 | octets[i];
    return tag;
}

}  // namespace waymark
