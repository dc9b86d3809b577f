#include "record/cipher.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>

#include "base/secret.hpp"
#include "record/blocks.hpp"

namespace waymark::record {

namespace {

constexpr std::size_t block = 64;
constexpr std::size_t most_here = 2'048;  // of the stream; beyond it libsodium's own way is the faster
constexpr std::size_t longest = most_here - block;

void combine(std::uint8_t* out, ByteView in, const std::uint8_t* with) {
    std::size_t at = 0;
    for (; at + 8 <= in.size(); at += 8) {
        std::uint64_t a = 0;
        std::uint64_t b = 0;
        std::memcpy(&a, in.data() + at, 8);
        std::memcpy(&b, with + at, 8);
        a ^= b;
        std::memcpy(out + at, &a, 8);
    }
    for (; at < in.size(); ++at) out[at] = static_cast<std::uint8_t>(in[at] ^ with[at]);
}

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
    void apply(std::uint8_t* out, ByteView in) const { combine(out, in, bytes_.data() + block); }

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

using Tag = std::array<std::uint8_t, cipher_tag>;

// What is authenticated is put in one piece: short as it is, a call of the authenticator costs more than copying.
Tag tag_of(const std::uint8_t* authenticator, ByteView sealed, ByteView data) {
    constexpr std::size_t unit = 16;
    const auto padded = [](std::size_t size) { return (size + unit - 1) / unit * unit; };
    const auto put_length = [](std::uint8_t* at, std::uint64_t size) {
        for (std::size_t i = 0; i < 8; ++i) at[i] = static_cast<std::uint8_t>(size >> (8 * i));
    };
    Tag tag{};
    const std::size_t whole = padded(data.size()) + padded(sealed.size()) + unit;
    std::array<std::uint8_t, most_here + 512> together;  // filled as far as it is used
    if (whole <= together.size()) {
        auto* at = std::copy(data.begin(), data.end(), together.data());
        at = std::fill_n(at, padded(data.size()) - data.size(), std::uint8_t{0});
        at = std::copy(sealed.begin(), sealed.end(), at);
        at = std::fill_n(at, padded(sealed.size()) - sealed.size(), std::uint8_t{0});
        put_length(at, data.size());
        put_length(at + 8, sealed.size());
        crypto_onetimeauth(tag.data(), together.data(), whole, authenticator);
        return tag;
    }
    constexpr std::uint8_t zeros[unit] = {};
    std::uint8_t lengths[unit];
    put_length(lengths, data.size());
    put_length(lengths + 8, sealed.size());
    crypto_onetimeauth_state state;
    crypto_onetimeauth_init(&state, authenticator);
    crypto_onetimeauth_update(&state, data.data(), data.size());
    crypto_onetimeauth_update(&state, zeros, padded(data.size()) - data.size());
    crypto_onetimeauth_update(&state, sealed.data(), sealed.size());
    crypto_onetimeauth_update(&state, zeros, padded(sealed.size()) - sealed.size());
    crypto_onetimeauth_update(&state, lengths, sizeof lengths);
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

// The streams of some pieces, made side by side; overwritten when it goes.
class Streams {
public:
    static constexpr std::size_t most_pieces = 64;
    static constexpr std::size_t most_blocks = 256;
    static std::size_t blocks_of(std::size_t text) { return 1 + (text + block - 1) / block; }

    // The stream of the next piece; nothing where there is no room left for it.
    bool add(std::size_t text, const std::uint8_t* nonce, const std::uint8_t* key) {
        const auto wanted = blocks_of(text);
        if (pieces_ == most_pieces || blocks_ + wanted > most_blocks) return false;
        subkeys_[pieces_] = {key, nonce, keys_[pieces_].data()};
        begins_[pieces_++] = blocks_;
        for (std::size_t i = 0; i < wanted; ++i, ++blocks_) {
            auto& input = inputs_[blocks_];
            for (std::size_t n = 0; n < 4; ++n) input[n] = static_cast<std::uint8_t>(i >> (8 * n));
            std::fill_n(input.begin() + 4, 4, std::uint8_t{0});
            std::copy_n(nonce + 16, 8, input.begin() + 8);
            jobs_[blocks_] = {keys_[pieces_ - 1].data(), input.data(), bytes_.data() + blocks_ * block};
        }
        return true;
    }
    void make() {
        subkey_blocks(std::span(subkeys_).first(pieces_));
        stream_blocks(std::span(jobs_).first(blocks_));
    }
    [[nodiscard]] std::size_t pieces() const { return pieces_; }
    [[nodiscard]] const std::uint8_t* authenticator(std::size_t i) const { return bytes_.data() + begins_[i] * block; }
    [[nodiscard]] const std::uint8_t* stream(std::size_t i) const { return authenticator(i) + block; }

    Streams() = default;
    ~Streams() {
        wipe(std::span(bytes_).first(blocks_ * block));
        for (auto& key : std::span(keys_).first(pieces_)) wipe(key);
    }
    Streams(const Streams&) = delete;
    Streams& operator=(const Streams&) = delete;

private:
    // All of these are filled as far as they are used.
    std::array<BlockJob, most_pieces> subkeys_;
    std::array<BlockJob, most_blocks> jobs_;
    std::array<std::array<std::uint8_t, cipher_key>, most_pieces> keys_;
    std::array<std::array<std::uint8_t, 16>, most_blocks> inputs_;
    std::array<std::size_t, most_pieces> begins_;
    std::array<std::uint8_t, most_blocks * block> bytes_;
    std::size_t pieces_ = 0;
    std::size_t blocks_ = 0;
};

// In a time that does not tell where they differ.
bool same_tag(const Tag& tag, const std::uint8_t* kept) {
    std::array<std::uint64_t, 2> a{};
    std::array<std::uint64_t, 2> b{};
    std::memcpy(a.data(), tag.data(), sizeof a);
    std::memcpy(b.data(), kept, sizeof b);
    return ((a[0] ^ b[0]) | (a[1] ^ b[1])) == 0;
}

bool open_one(const Opening& one, const Streams& streams, std::size_t i) {
    const auto text = one.sealed.first(one.sealed.size() - cipher_tag);
    const auto tag = tag_of(streams.authenticator(i), text, one.data);
    if (!same_tag(tag, one.sealed.data() + text.size())) return false;
    combine(one.out, text, streams.stream(i));
    return true;
}

}  // namespace

void encrypt(std::uint8_t* out, ByteView plain, ByteView data, const std::uint8_t* nonce, const std::uint8_t* key) {
    if (plain.size() > longest) {
        crypto_aead_chacha20poly1305_ietf_encrypt(out, nullptr, plain.data(), plain.size(), data.data(), data.size(),
                                                  nullptr, nonce, key);
        return;
    }
    const Stream stream(plain.size(), nonce, key);
    stream.apply(out, plain);
    const auto tag = tag_of(stream.authenticator(), {out, plain.size()}, data);
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
    const auto tag = tag_of(stream.authenticator(), text, data);
    if (crypto_verify_16(tag.data(), sealed.data() + text.size()) != 0) return false;
    stream.apply(out, text);
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

void encrypt_extended(std::span<const Closing> all) {
    while (!all.empty()) {
        Streams streams;
        while (streams.pieces() < all.size()) {
            const auto& one = all[streams.pieces()];
            if (one.plain.size() > longest || !streams.add(one.plain.size(), one.nonce, one.key)) break;
        }
        streams.make();
        for (std::size_t i = 0; i < streams.pieces(); ++i) {
            const auto& one = all[i];
            combine(one.out, one.plain, streams.stream(i));
            const auto tag = tag_of(streams.authenticator(i), {one.out, one.plain.size()}, one.data);
            std::copy(tag.begin(), tag.end(), one.out + one.plain.size());
        }
        all = all.subspan(streams.pieces());
        if (!all.empty() && all.front().plain.size() > longest) {
            const auto& one = all.front();
            encrypt_extended(one.out, one.plain, one.data, one.nonce, one.key);
            all = all.subspan(1);
        }
    }
}

void decrypt_extended(std::span<Opening> all) {
    while (!all.empty()) {
        Streams streams;
        const auto is_short = [](const Opening& one) {
            return one.sealed.size() >= cipher_tag && one.sealed.size() - cipher_tag <= longest;
        };
        while (streams.pieces() < all.size()) {
            const auto& one = all[streams.pieces()];
            if (!is_short(one) || !streams.add(one.sealed.size() - cipher_tag, one.nonce, one.key)) break;
        }
        streams.make();
        for (std::size_t i = 0; i < streams.pieces(); ++i) all[i].opened = open_one(all[i], streams, i);
        all = all.subspan(streams.pieces());
        if (!all.empty() && !is_short(all.front())) {
            auto& one = all.front();
            one.opened = decrypt_extended(one.out, one.sealed, one.data, one.nonce, one.key);
            all = all.subspan(1);
        }
    }
}

}  // namespace waymark::record
