#include "record/names.hpp"

#include <sodium.h>

#include <algorithm>

#include <fmt/core.h>

namespace waymark::record {

namespace {

constexpr char covered_mark = '~';
constexpr std::size_t stream_size = 32;
constexpr std::size_t check_size = crypto_shorthash_siphashx24_BYTES;  // 16
constexpr std::size_t hash_key = 0;
constexpr std::size_t name_key = hash_key + crypto_shorthash_siphashx24_KEYBYTES;
constexpr std::size_t digest_key = name_key + stream_size;
constexpr std::size_t salt_key = digest_key + stream_size;
constexpr std::size_t all_keys = salt_key + stream_size;

class KeyedCover final : public store::NameCover {
public:
    explicit KeyedCover(ByteView key) : keys_(all_keys) {
        constexpr std::size_t sizes[] = {name_key - hash_key, stream_size, stream_size, stream_size};
        std::size_t at = 0;
        for (std::size_t i = 0; i < std::size(sizes); ++i) {
            const auto label = fmt::format("waymark/names/1/{}", i);
            crypto_generichash(keys_.span().data() + at, sizes[i], as_bytes(label).data(), label.size(), key.data(),
                               key.size());
            at += sizes[i];
        }
    }

    // The keyed hash of the name is what makes the stream that hides it: equal names are covered equally, and nothing
    // else of them shows but their length.
    [[nodiscard]] std::string cover(store::NameOf of, std::string_view name) const override {
        if (name.empty()) return {};
        Bytes out(check_size + name.size());
        check_of(out.data(), of, name);
        std::copy(name.begin(), name.end(), out.begin() + check_size);
        apply(std::span(out).subspan(check_size), out.data());
        return covered_mark + to_base64(out);
    }

    [[nodiscard]] std::string uncover(store::NameOf of, std::string_view covered) const override {
        if (covered.size() < 2 || covered.front() != covered_mark) return std::string(covered);
        auto bytes = from_base64(covered.substr(1));
        if (!bytes || bytes->size() <= check_size) return std::string(covered);
        apply(std::span(*bytes).subspan(check_size), bytes->data());
        std::string name(as_text(ByteView(*bytes).subspan(check_size)));
        std::uint8_t check[check_size];
        check_of(check, of, name);
        return std::equal(check, check + check_size, bytes->data()) ? name : std::string(covered);
    }

    void mask(EntryId entry, std::span<std::uint8_t, 32> digest, std::span<std::uint8_t, 32> salt) const override {
        combine(entry, digest, digest_key);
        combine(entry, salt, salt_key);
    }

private:
    void check_of(std::uint8_t* out, store::NameOf of, std::string_view name) const {
        std::string input;
        input.reserve(name.size() + 1);
        input += static_cast<char>(of);
        input += name;
        crypto_shorthash_siphashx24(out, as_bytes(input).data(), input.size(), keys_.view().data() + hash_key);
    }
    void apply(std::span<std::uint8_t> name, const std::uint8_t* check) const {
        std::uint8_t stream[stream_size];
        crypto_core_hchacha20(stream, check, keys_.view().data() + name_key, nullptr);
        if (name.size() <= stream_size) {
            for (std::size_t i = 0; i < name.size(); ++i) name[i] = static_cast<std::uint8_t>(name[i] ^ stream[i]);
            return;
        }
        constexpr std::uint8_t nonce[crypto_stream_chacha20_NONCEBYTES] = {};
        crypto_stream_chacha20_xor(name.data(), name.data(), name.size(), nonce, stream);
    }
    void combine(EntryId entry, std::span<std::uint8_t, 32> bytes, std::size_t key) const {
        std::uint8_t stream[stream_size];
        crypto_core_hchacha20(stream, entry.value.octets.data(), keys_.view().data() + key, nullptr);
        for (std::size_t i = 0; i < stream_size; ++i) bytes[i] = static_cast<std::uint8_t>(bytes[i] ^ stream[i]);
    }
    SecretBytes keys_;
};

}  // namespace

std::shared_ptr<const store::NameCover> name_cover(ByteView key) {
    return std::make_shared<KeyedCover>(key);
}

}  // namespace waymark::record
