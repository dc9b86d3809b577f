#include "record/names.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "record/blocks.hpp"

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
        std::string name(covered);
        std::string* const one = &name;
        uncover_some(of, std::span(&one, 1));
        return name;
    }

    void uncover_each(store::NameOf of, std::span<std::string* const> covered) const override {
        for (std::size_t from = 0; from < covered.size(); from += at_once)
            uncover_some(of, covered.subspan(from, std::min(at_once, covered.size() - from)));
    }

    void mask(EntryId entry, std::span<std::uint8_t, 32> digest, std::span<std::uint8_t, 32> salt) const override {
        combine(entry, digest, digest_key);
        combine(entry, salt, salt_key);
    }

private:
    static constexpr std::size_t at_once = 32;

    // The streams of some are made side by side.
    void uncover_some(store::NameOf of, std::span<std::string* const> covered) const {
        std::array<Bytes, at_once> opened;
        std::array<std::array<std::uint8_t, stream_size>, at_once> streams;  // filled as far as they are used
        std::array<BlockJob, at_once> jobs;
        std::array<std::string*, at_once> names{};
        std::size_t count = 0;
        for (auto* one : covered) {
            if (one->size() < 2 || one->front() != covered_mark) continue;
            auto bytes = from_base64(std::string_view(*one).substr(1));
            if (!bytes || bytes->size() <= check_size) continue;
            opened[count] = std::move(*bytes);
            jobs[count] = {keys_.view().data() + name_key, opened[count].data(), streams[count].data()};
            names[count++] = one;
        }
        subkey_blocks(std::span(jobs).first(count));
        for (std::size_t i = 0; i < count; ++i) {
            const auto name = std::span(opened[i]).subspan(check_size);
            combine(name, streams[i].data());
            std::uint8_t check[check_size];
            check_of(check, of, as_text(name));
            if (std::equal(check, check + check_size, opened[i].data())) names[i]->assign(as_text(name));
        }
    }
    void check_of(std::uint8_t* out, store::NameOf of, std::string_view name) const {
        std::array<std::uint8_t, 128> usual;  // filled as far as it is used
        Bytes long_one;
        auto* input = usual.data();
        if (name.size() >= usual.size()) {
            long_one.resize(name.size() + 1);
            input = long_one.data();
        }
        input[0] = static_cast<std::uint8_t>(of);
        std::copy(name.begin(), name.end(), input + 1);
        crypto_shorthash_siphashx24(out, input, name.size() + 1, keys_.view().data() + hash_key);
    }
    void apply(std::span<std::uint8_t> name, const std::uint8_t* check) const {
        std::uint8_t stream[stream_size];
        crypto_core_hchacha20(stream, check, keys_.view().data() + name_key, nullptr);
        combine(name, stream);
    }
    static void combine(std::span<std::uint8_t> name, const std::uint8_t* stream) {
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
