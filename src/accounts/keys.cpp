// libsodium's Argon2id and XChaCha20-Poly1305, behind the few calls that sign-in needs.
#include "accounts/keys.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <new>

#include "base/text.hpp"

namespace waymark::accounts {

namespace {

constexpr std::string_view secret_name = "accounts-key";
constexpr std::uint8_t sealed_format = 0x01;

Digest derive(ByteView key, std::string_view what) {
    return hmac_sha256(key, as_bytes(what));
}

std::string bound(std::string_view what, std::string_view of) {
    std::string out(what);
    out += '\0';
    out += of;
    return out;
}

// The shape of a digest, with a random salt and a random hash: to check a password against it is the whole work, and
// none fits.
std::string decoy_digest(const PasswordCost& cost, Random& random) {
    Bytes salt(16);
    Bytes hash(32);
    random.fill(salt);
    random.fill(hash);
    const auto bare = [](const Bytes& bytes) {
        std::string text = to_base64(bytes);
        while (!text.empty() && text.back() == '=') text.pop_back();
        return text;
    };
    return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", cost.memory >> 10, cost.passes, bare(salt), bare(hash));
}

// The same letters may be typed as other code points, by another keyboard.
std::string as_digested(std::string_view password) {
    return is_valid_utf8(password) ? to_nfc(password) : std::string(password);
}

}  // namespace

Result<Keys> Keys::open(store::Store& store, store::Partnership partnership, const record::Seal& seal, Random& random,
                        PasswordCost cost) {
    const record::Bound as{"secret", Uuid{}, secret_name, 1};
    std::optional<Bytes> kept;
    TRY_VOID(store.read([&](store::Snapshot& snapshot) -> Result<void> {
        kept = snapshot.secret(partnership, secret_name);
        return {};
    }));
    if (!kept) {
        Digest fresh{};
        random.fill(fresh);
        TRY_VOID(store.write([&](store::Transaction& tx) -> Result<void> {
            kept = tx.secret(partnership, secret_name);  // another server may have been quicker
            if (kept) return {};
            tx.put_secret(partnership, secret_name, seal.close(fresh, as));
            kept = tx.secret(partnership, secret_name);
            return {};
        }));
    }
    const Bytes key = TRY(seal.open(*kept, as));
    if (key.size() != 32) {
        return fault(FaultKind::conflict, std::string(secret_name), "The key in the store is not of the right length.",
                     "Restore the store from a back-up.");
    }
    Keys keys;
    keys.sealing_ = derive(key, "waymark accounts sealing 1");
    keys.tagging_ = derive(key, "waymark accounts tagging 1");
    keys.cost_ = cost;
    keys.decoy_ = decoy_digest(cost, random);
    return keys;
}

Bytes Keys::close(std::string_view plain, std::string_view what, std::string_view of, Random& random) const {
    constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    Bytes out(1 + nonce_bytes + plain.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES);
    out[0] = sealed_format;
    const std::span<std::uint8_t> nonce(out.data() + 1, nonce_bytes);
    random.fill(nonce);
    const std::string with = bound(what, of);
    const ByteView text = as_bytes(plain);
    const ByteView also = as_bytes(with);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + 1 + nonce_bytes, nullptr, text.data(), text.size(),
                                               also.data(), also.size(), nullptr, nonce.data(), sealing_.data());
    return out;
}

Result<std::string> Keys::open_sealed(ByteView sealed, std::string_view what, std::string_view of) const {
    constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    constexpr std::size_t around = 1 + nonce_bytes + crypto_aead_xchacha20poly1305_ietf_ABYTES;
    const auto altered = [&] {
        return invalid(std::string(what), "the kept bytes do not open under this store's key",
                       "restore the store from a back-up");
    };
    if (sealed.size() < around || sealed[0] != sealed_format) return altered();
    std::string plain(sealed.size() - around, '\0');
    const std::string with = bound(what, of);
    const ByteView also = as_bytes(with);
    const ByteView box = sealed.subspan(1 + nonce_bytes);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(plain.data()), nullptr, nullptr,
                                                   box.data(), box.size(), also.data(), also.size(), sealed.data() + 1,
                                                   sealing_.data()) != 0)
        return altered();
    return plain;
}

Digest Keys::tag(std::string_view what, std::string_view value) const {
    const std::string text = bound(what, value);
    return hmac_sha256(tagging_, as_bytes(text));
}

std::string password_digest(std::string_view typed, const PasswordCost& cost) {
    const std::string password = as_digested(typed);
    std::array<char, crypto_pwhash_STRBYTES> out{};
    if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), cost.passes, cost.memory,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw std::bad_alloc();
    return out.data();
}

bool is_password(std::string_view digest, std::string_view typed) {
    const std::string password = as_digested(typed);
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (digest.size() >= text.size()) return false;
    std::copy(digest.begin(), digest.end(), text.begin());
    return crypto_pwhash_str_verify(text.data(), password.data(), password.size()) == 0;
}

}  // namespace waymark::accounts
