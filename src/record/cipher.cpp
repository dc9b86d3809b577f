#include "record/cipher.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>

#include "base/secret.hpp"

namespace waymark::record {

namespace {

constexpr std::size_t block = 64;
constexpr std::size_t most_here = 2'048;  // of the stream; beyond it libsodium's own way is the faster
constexpr std::size_t longest = most_here - block;

// The cipher's bytes: the first block is the authenticator's key, the rest covers the text. Overwritten when it goes.
class Stream {
public:
    Stream(std::size_t text, const std::uint8_t* nonce, const std::uint8_t* key) : size_(whole(block + text)) {
        crypto_stream_chacha20_ietf(bytes_.data(), size_, nonce, key);
    }
    ~Stream() { wipe(std::span(bytes_).first(size_)); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    [[nodiscard]] const std::uint8_t* authenticator() const { return bytes_.data(); }
    void apply(std::uint8_t* out, const std::uint8_t* in, std::size_t size) const {
        const auto* with = bytes_.data() + block;
        std::size_t at = 0;
        for (; at + 8 <= size; at += 8) {
            std::uint64_t a = 0;
            std::uint64_t b = 0;
            std::memcpy(&a, in + at, 8);
            std::memcpy(&b, with + at, 8);
            a ^= b;
            std::memcpy(out + at, &a, 8);
        }
        for (; at < size; ++at) out[at] = static_cast<std::uint8_t>(in[at] ^ with[at]);
    }

private:
    // Lengths of which no odd blocks are left over.
    static std::size_t whole(std::size_t size) {
        constexpr std::size_t few = 4 * block;
        constexpr std::size_t many = 8 * block;
        const auto rest = size % many;
        if (rest == 0) return size;
        return size - rest + (rest <= block ? block : rest <= few ? few : many);
    }
    std::array<std::uint8_t, most_here> bytes_;  // filled as far as it is used
    std::size_t size_;
};

std::array<std::uint8_t, cipher_tag> tag_of(const Stream& stream, ByteView sealed, ByteView data) {
    constexpr std::uint8_t zeros[16] = {};
    const auto padding = [](std::size_t size) { return (16 - size % 16) % 16; };
    std::uint8_t lengths[16];
    for (std::size_t i = 0; i < 8; ++i) {
        lengths[i] = static_cast<std::uint8_t>(std::uint64_t{data.size()} >> (8 * i));
        lengths[8 + i] = static_cast<std::uint8_t>(std::uint64_t{sealed.size()} >> (8 * i));
    }
    crypto_onetimeauth_state state;
    crypto_onetimeauth_init(&state, stream.authenticator());
    crypto_onetimeauth_update(&state, data.data(), data.size());
    crypto_onetimeauth_update(&state, zeros, padding(data.size()));
    crypto_onetimeauth_update(&state, sealed.data(), sealed.size());
    crypto_onetimeauth_update(&state, zeros, padding(sealed.size()));
    crypto_onetimeauth_update(&state, lengths, sizeof lengths);
    std::array<std::uint8_t, cipher_tag> tag{};
    crypto_onetimeauth_final(&state, tag.data());
    return tag;
}

// The key and nonce of the inner cipher.
struct Inner {
    std::array<std::uint8_t, cipher_key> key;
    std::array<std::uint8_t, cipher_nonce> nonce{};
    Inner(const std::uint8_t* extended, const std::uint8_t* whose) {
        crypto_core_hchacha20(key.data(), extended, whose, nullptr);
        std::copy_n(extended + 16, 8, nonce.begin() + 4);
    }
    ~Inner() { wipe(key); }
    Inner(const Inner&) = delete;
    Inner& operator=(const Inner&) = delete;
};

}  // namespace

void encrypt(std::uint8_t* out, ByteView plain, ByteView data, const std::uint8_t* nonce, const std::uint8_t* key) {
    if (plain.size() > longest) {
        crypto_aead_chacha20poly1305_ietf_encrypt(out, nullptr, plain.data(), plain.size(), data.data(), data.size(),
                                                  nullptr, nonce, key);
        return;
    }
    const Stream stream(plain.size(), nonce, key);
    stream.apply(out, plain.data(), plain.size());
    const auto tag = tag_of(stream, {out, plain.size()}, data);
    std::copy(tag.begin(), tag.end(), out + plain.size());
}

bool decrypt(std::uint8_t* out, ByteView sealed, ByteView data, const std::uint8_t* nonce, const std::uint8_t* key) {
    if (sealed.size() < cipher_tag) return false;
    const auto text = sealed.first(sealed.size() - cipher_tag);
    if (text.size() > longest) {
        return crypto_aead_chacha20poly1305_ietf_decrypt(out, nullptr, nullptr, sealed.data(), sealed.size(),
                                                         data.data(), data.size(), nonce, key) == 0;
    }
    const Stream stream(text.size(), nonce, key);
    const auto tag = tag_of(stream, text, data);
    if (crypto_verify_16(tag.data(), sealed.data() + text.size()) != 0) return false;
    stream.apply(out, text.data(), text.size());
    return true;
}

void encrypt_extended(std::uint8_t* out, ByteView plain, ByteView data, const std::uint8_t* nonce,
                      const std::uint8_t* key) {
    const Inner inner(nonce, key);
    encrypt(out, plain, data, inner.nonce.data(), inner.key.data());
}

bool decrypt_extended(std::uint8_t* out, ByteView sealed, ByteView data, const std::uint8_t* nonce,
                      const std::uint8_t* key) {
    const Inner inner(nonce, key);
    return decrypt(out, sealed, data, inner.nonce.data(), inner.key.data());
}

}  // namespace waymark::record
