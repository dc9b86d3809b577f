#include "record/note.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>

#include <fmt/core.h>
#include <openssl/evp.h>

#include "base/text.hpp"

namespace waymark::record {

namespace {

constexpr std::uint8_t ed25519_type = 0x01;
constexpr std::string_view signature_mark = "\xE2\x80\x94 ";  // an em dash and a space
constexpr std::size_t most_bytes = 1u << 20;
constexpr std::size_t most_signatures = 100;
constexpr std::size_t key_bytes = 32;
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t hash_bytes = 4;

using PublicKey = std::array<std::uint8_t, key_bytes>;
using KeyHash = std::array<std::uint8_t, hash_bytes>;
using Pkey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

void check(bool fine) {
    if (!fine) throw std::runtime_error("OpenSSL cannot work with Ed25519");
}

Pkey private_key(const SigningKey& key) {
    Pkey pkey(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, key.seed.data(), key.seed.size()),
              &EVP_PKEY_free);
    check(pkey != nullptr);
    return pkey;
}

PublicKey public_key(const SigningKey& key) {
    PublicKey out;
    std::size_t size = out.size();
    check(EVP_PKEY_get_raw_public_key(private_key(key).get(), out.data(), &size) == 1 && size == out.size());
    return out;
}

// The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key).
KeyHash hash_of(std::string_view name, const PublicKey& key) {
    const std::array<std::uint8_t, 2> middle{0x0A, ed25519_type};
    const auto digest = sha256({as_bytes(name), ByteView{middle}, ByteView{key}});
    KeyHash hash;
    std::copy_n(digest.begin(), hash.size(), hash.begin());
    return hash;
}

std::array<std::uint8_t, signature_bytes> sign(std::string_view text, const SigningKey& key) {
    const auto pkey = private_key(key);
    const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::array<std::uint8_t, signature_bytes> out;
    std::size_t size = out.size();
    const auto bytes = as_bytes(text);
    check(context != nullptr && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, pkey.get()) == 1 &&
          EVP_DigestSign(context.get(), out.data(), &size, bytes.data(), bytes.size()) == 1 && size == out.size());
    return out;
}

bool holds(std::string_view text, ByteView signature, const PublicKey& key) {
    const Pkey pkey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()), &EVP_PKEY_free);
    if (pkey == nullptr) return false;
    const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    const auto bytes = as_bytes(text);
    check(context != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, pkey.get()) == 1);
    return EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes.data(), bytes.size()) == 1;
}

struct Verifier {
    std::string name;
    KeyHash hash{};
    PublicKey key{};
};

auto bad_verifier(std::string reason) {
    return invalid("verifier", std::move(reason), "give the line that `name+hash+key` names, whole");
}

// "name+8 hexadecimal digits+base64 of type and key"; base64 may itself hold a plus.
Result<Verifier> parse_verifier(std::string_view text) {
    const auto first = text.find('+');
    const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
    if (first == 0 || second == std::string_view::npos) return bad_verifier("not a verifier of signed notes");
    Verifier verifier;
    verifier.name = text.substr(0, first);
    const auto hash = from_hex(text.substr(first + 1, second - first - 1));
    const auto key = from_base64(text.substr(second + 1));
    if (!hash || hash->size() != hash_bytes) return bad_verifier("the key's hash is not eight hexadecimal digits");
    if (!key || key->size() != key_bytes + 1) return bad_verifier("the key is not base64 of 33 bytes");
    if (key->front() != ed25519_type) return bad_verifier("the key is not an Ed25519 key");
    std::copy_n(key->begin() + 1, key_bytes, verifier.key.begin());
    verifier.hash = hash_of(verifier.name, verifier.key);
    if (!std::equal(hash->begin(), hash->end(), verifier.hash.begin())) {
        return bad_verifier("the hash is not that of this name and key");
    }
    return verifier;
}

auto bad_note(std::string reason) {
    return invalid("checkpoint", std::move(reason), "use a checkpoint as this program wrote it, unchanged");
}

struct Signature {
    std::string_view name;
    KeyHash hash{};
    Bytes signature;
};

Result<Signature> parse_signature(std::string_view line) {
    if (!line.starts_with(signature_mark)) return bad_note("a line among the signatures is not one");
    line.remove_prefix(signature_mark.size());
    const auto space = line.find(' ');
    if (space == 0 || space == std::string_view::npos) return bad_note("a signature without a name");
    Signature out;
    out.name = line.substr(0, space);
    auto bytes = from_base64(line.substr(space + 1));
    if (!bytes || bytes->size() <= hash_bytes) return bad_note("a signature that is not base64");
    std::copy_n(bytes->begin(), hash_bytes, out.hash.begin());
    out.signature.assign(bytes->begin() + hash_bytes, bytes->end());
    return out;
}

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
}

}  // namespace

SigningKey SigningKey::make(Random& random) {
    SigningKey key;
    random.fill(key.seed);
    return key;
}

std::string SigningKey::verifier(std::string_view origin) const {
    const auto key = public_key(*this);
    Bytes typed{ed25519_type};
    typed.insert(typed.end(), key.begin(), key.end());
    return fmt::format("{}+{}+{}", origin, to_hex(hash_of(origin, key)), to_base64(typed));
}

std::string sign_note(std::string_view text, std::string_view name, const SigningKey& key) {
    const auto hash = hash_of(name, public_key(key));
    const auto signature = sign(text, key);
    Bytes bytes(hash.begin(), hash.end());
    bytes.insert(bytes.end(), signature.begin(), signature.end());
    return fmt::format("{}\n{}{} {}\n", text, signature_mark, name, to_base64(bytes));
}

Result<std::string> name_of_verifier(std::string_view verifier) {
    return parse_verifier(verifier).map([](const Verifier& v) { return v.name; });
}

Result<std::string> open_note(std::string_view note, std::string_view verifier_text) {
    const auto verifier = TRY(parse_verifier(verifier_text));
    if (note.size() > most_bytes) return bad_note("longer than a signed note may be");
    if (!is_valid_utf8(note) || has_control_character(note)) return bad_note("not plain text");
    const auto gap = note.rfind("\n\n");
    if (gap == std::string_view::npos) return bad_note("not a signed note: it has no signatures");
    const auto text = note.substr(0, gap + 1);
    auto rest = note.substr(gap + 2);
    if (rest.empty() || rest.back() != '\n') return bad_note("the last signature is cut off");
    bool signed_by_key = false;
    for (std::size_t count = 0; !rest.empty(); ++count) {
        if (count == most_signatures) return bad_note("more signatures than a note may have");
        const auto end = rest.find('\n');
        const auto signature = TRY(parse_signature(rest.substr(0, end)));
        rest.remove_prefix(end + 1);
        if (signature.name != verifier.name || signature.hash != verifier.hash) continue;
        if (!holds(text, signature.signature, verifier.key)) return bad_note("the signature does not hold");
        signed_by_key = true;
    }
    if (!signed_by_key) return bad_note("not signed by the partnership's key");
    return std::string(text);
}

}  // namespace waymark::record
