// The reader of tokens and keys, and OpenSSL's verification behind it.
#include "accounts/jws.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace waymark::accounts {

namespace {

constexpr std::size_t most_key_id = 300;
constexpr int least_rsa = 2'048;
constexpr int most_rsa = 8'192;

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* owned) const {
        Free(owned);
    }
};
using KeyHandle = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

auto bad_token(std::string reason) {
    return invalid("token", std::move(reason));
}
auto bad_key(std::string reason) {
    return invalid("jwks", std::move(reason));
}

Result<json::object> read_object(ByteView bytes, std::string_view what) {
    auto value = parse_json(as_text(bytes), {.depth = 16, .bytes = most_token});
    if (!value) return bad_token(std::string(what) + " is not sound JSON: " + value.error().reason);
    if (!value->is_object()) return bad_token(std::string(what) + " is not an object");
    return std::move(value->as_object());
}

// A member that is there must be text.
Result<std::string> text_of(const json::object& in, std::string_view key) {
    const auto* value = find(in, key);
    if (value == nullptr) return std::string{};
    if (!value->is_string()) return invalid(std::string(key), "is not text");
    return std::string(std::string_view(value->as_string()));
}

Result<void> check_header(const json::object& header, std::initializer_list<std::string_view> types) {
    if (find(header, "crit") != nullptr) return bad_token("has a critical header that is not known here");
    for (const char* key : {"jwk", "jku", "x5u", "x5c"}) {
        if (find(header, key) != nullptr) return bad_token("brings its own key");
    }
    if (find(header, "b64") != nullptr) return bad_token("has another encoding than this reader's");
    const std::string type = to_lower_ascii(TRY(text_of(header, "typ")));
    if (!type.empty() && std::find(types.begin(), types.end(), type) == types.end())
        return bad_token("is of a type for another purpose");
    return {};
}

Number number(const Bytes& bytes) {
    return Number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
}

KeyHandle make_key(const char* type, OSSL_PARAM_BLD* builder) {
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
        return nullptr;
    KeyHandle made(key);
    const KeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, made.get(), nullptr));
    if (!check || EVP_PKEY_public_check(check.get()) != 1) return nullptr;
    return made;
}

Result<KeyHandle> rsa_key(const json::object& in) {
    const Bytes n = TRY(from_base64url(TRY(text_of(in, "n"))));
    const Bytes e = TRY(from_base64url(TRY(text_of(in, "e"))));
    if (n.empty() || e.empty() || n.size() > most_rsa / 8 || e.size() > 8) return bad_key("an RSA key is not whole");
    const Number modulus = number(n);
    const Number exponent = number(e);
    if (BN_num_bits(modulus.get()) < least_rsa || BN_num_bits(modulus.get()) > most_rsa)
        return bad_key("an RSA key has fewer than 2,048 bits or more than 8,192");
    if (BN_is_odd(exponent.get()) == 0 || BN_is_one(exponent.get()) == 1 || BN_is_odd(modulus.get()) == 0)
        return bad_key("an RSA key has an exponent or a modulus that cannot be");
    const Builder builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
    auto key = make_key("RSA", builder.get());
    if (!key) return bad_key("an RSA key cannot be");
    return key;
}

Result<KeyHandle> p256_key(const json::object& in) {
    const Bytes x = TRY(from_base64url(TRY(text_of(in, "x"))));
    const Bytes y = TRY(from_base64url(TRY(text_of(in, "y"))));
    if (x.size() != 32 || y.size() != 32) return bad_key("a point of P-256 is not of 32 bytes each");
    std::array<std::uint8_t, 65> point{};
    point[0] = 0x04;  // uncompressed, SEC 1 section 2.3.3
    std::copy(x.begin(), x.end(), point.begin() + 1);
    std::copy(y.begin(), y.end(), point.begin() + 33);
    const Builder builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
    OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
    auto key = make_key("EC", builder.get());
    if (!key) return bad_key("a point is not on P-256");
    return key;
}

// RFC 7518 section 3.4: two numbers of 32 bytes; OpenSSL wants them in DER.
Bytes to_der(const Bytes& raw) {
    if (raw.size() != 64) return {};
    const Signature signature(ECDSA_SIG_new());
    BIGNUM* r = BN_bin2bn(raw.data(), 32, nullptr);
    BIGNUM* s = BN_bin2bn(raw.data() + 32, 32, nullptr);
    if (!signature || ECDSA_SIG_set0(signature.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return {};
    }
    unsigned char* out = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &out);
    if (size <= 0) return {};
    Bytes der(out, out + size);
    OPENSSL_free(out);
    return der;
}

bool is_signed(EVP_PKEY* key, const Jws& token) {
    const DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* details = nullptr;
    if (!context || EVP_DigestVerifyInit(context.get(), &details, EVP_sha256(), nullptr, key) != 1) return false;
    if (token.algorithm == Algorithm::ps256 && (EVP_PKEY_CTX_set_rsa_padding(details, RSA_PKCS1_PSS_PADDING) != 1 ||
                                                EVP_PKEY_CTX_set_rsa_pss_saltlen(details, RSA_PSS_SALTLEN_DIGEST) != 1))
        return false;
    const Bytes signature = token.algorithm == Algorithm::es256 ? to_der(token.signature) : token.signature;
    if (signature.empty()) return false;
    const ByteView text = as_bytes(token.signed_part);
    return EVP_DigestVerify(context.get(), signature.data(), signature.size(), text.data(), text.size()) == 1;
}

}  // namespace

struct KeySet::Key {
    std::string id;
    bool rsa = false;
    std::optional<Algorithm> only;  // where the set says which one it is for
    KeyHandle handle;
    [[nodiscard]] bool fits(Algorithm algorithm) const {
        return rsa == (algorithm != Algorithm::es256) && (!only || *only == algorithm);
    }
};

std::optional<Algorithm> parse_algorithm(std::string_view text) {
    if (text == "RS256") return Algorithm::rs256;
    if (text == "PS256") return Algorithm::ps256;
    if (text == "ES256") return Algorithm::es256;
    return std::nullopt;
}

std::string_view to_string(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::rs256:
            return "RS256";
        case Algorithm::ps256:
            return "PS256";
        case Algorithm::es256:
            return "ES256";
    }
    return "RS256";
}

Result<Bytes> from_base64url(std::string_view text) {
    Bytes out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char c : text) {
        std::uint32_t value = 0;
        if (c >= 'A' && c <= 'Z')
            value = static_cast<std::uint32_t>(c - 'A');
        else if (c >= 'a' && c <= 'z')
            value = static_cast<std::uint32_t>(c - 'a' + 26);
        else if (c >= '0' && c <= '9')
            value = static_cast<std::uint32_t>(c - '0' + 52);
        else if (c == '-')
            value = 62;
        else if (c == '_')
            value = 63;
        else
            return invalid("base64url", "has a character that is not of its alphabet");
        held = (held << 6 | value) & 0xfffu;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out.push_back(static_cast<std::uint8_t>(held >> bits & 0xffu));
        }
    }
    if (text.size() % 4 == 1 || (held & ((1u << bits) - 1)) != 0)
        return invalid("base64url", "does not end as it must");
    return out;
}

Result<Jws> parse_jws(std::string_view token, std::initializer_list<std::string_view> types) {
    if (token.size() > most_token) return bad_token("is longer than 16 KiB");
    const auto parts = split(token, '.');
    if (parts.size() != 3 || parts[0].empty() || parts[1].empty())
        return bad_token("has not the three parts of a token");
    const auto header_bytes = from_base64url(parts[0]);
    const auto claims_bytes = from_base64url(parts[1]);
    auto signature = from_base64url(parts[2]);
    if (!header_bytes || !claims_bytes || !signature) return bad_token("is not in base64url");
    const json::object header = TRY(read_object(*header_bytes, "the header"));
    const auto algorithm = parse_algorithm(TRY(text_of(header, "alg")));
    if (!algorithm) return bad_token("is not signed by RS256, PS256 or ES256");
    TRY_VOID(check_header(header, types));
    Jws out;
    out.algorithm = *algorithm;
    out.key_id = TRY(text_of(header, "kid"));
    if (out.key_id.size() > most_key_id) return bad_token("names a key by too long a name");
    if (signature->empty()) return bad_token("has no signature");
    out.claims = TRY(read_object(*claims_bytes, "the claims"));
    out.signed_part = std::string(token.substr(0, parts[0].size() + 1 + parts[1].size()));
    out.signature = std::move(*signature);
    return out;
}

Result<KeySet> KeySet::parse(std::string_view text) {
    const auto value = parse_json(text, {.depth = 16, .bytes = 256u << 10});
    if (!value) return bad_key("is not sound JSON: " + value.error().reason);
    const auto* keys = value->is_object() ? find(value->as_object(), "keys") : nullptr;
    if (keys == nullptr || !keys->is_array()) return bad_key("has no list of keys");
    if (keys->as_array().size() > most_keys) return bad_key("holds more than a hundred keys");
    KeySet out;
    for (const auto& one : keys->as_array()) {
        if (!one.is_object()) return bad_key("a key is not an object");
        const auto& in = one.as_object();
        const std::string type = TRY(text_of(in, "kty"));
        const std::string use = TRY(text_of(in, "use"));
        const std::string algorithm = TRY(text_of(in, "alg"));
        const bool rsa = type == "RSA";
        const bool p256 = type == "EC" && TRY(text_of(in, "crv")) == "P-256";
        if ((!rsa && !p256) || (!use.empty() && use != "sig")) continue;
        const auto only = parse_algorithm(algorithm);
        if (!algorithm.empty() && !only) continue;
        for (const char* secret : {"d", "p", "q", "k"}) {
            if (find(in, secret) != nullptr) return bad_key("holds a private key: tell the provider at once");
        }
        auto key = std::make_shared<Key>();
        key->id = TRY(text_of(in, "kid"));
        key->rsa = rsa;
        key->only = only;
        key->handle = rsa ? TRY(rsa_key(in)) : TRY(p256_key(in));
        if (!key->id.empty() && out.has(key->id)) return bad_key("two keys have one name");
        out.keys_.push_back(std::move(key));
    }
    return out;
}

bool KeySet::has(std::string_view key_id) const {
    return std::any_of(keys_.begin(), keys_.end(), [&](const auto& key) { return key->id == key_id; });
}

bool KeySet::verifies(const Jws& token) const {
    return std::any_of(keys_.begin(), keys_.end(), [&](const auto& key) {
        return (token.key_id.empty() || key->id == token.key_id) && key->fits(token.algorithm) &&
               is_signed(key->handle.get(), token);
    });
}

}  // namespace waymark::accounts
