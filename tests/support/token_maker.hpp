#pragma once
// Signs tokens as a provider does, for tests; shares no code with the reader of tokens.
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "accounts/accounts.hpp"
#include "base/bytes.hpp"

namespace waymark::testing {

class TokenMaker {
public:
    explicit TokenMaker(std::string key_id) : id_(std::move(key_id)), key_(EVP_RSA_gen(2048), EVP_PKEY_free) {
        if (!key_) throw std::runtime_error("no key");
    }
    [[nodiscard]] std::string jwk() const {
        return R"({"kty":"RSA","use":"sig","kid":")" + id_ + R"(","n":")" + number("n") + R"(","e":")" + number("e") +
               "\"}";
    }
    [[nodiscard]] std::string sign(const std::string& claims) const {
        return sign(R"({"alg":"RS256","typ":"JWT","kid":")" + id_ + "\"}", claims);
    }
    [[nodiscard]] std::string sign(const std::string& header, const std::string& claims) const {
        const std::string part = accounts::base64url(as_bytes(header)) + "." + accounts::base64url(as_bytes(claims));
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
        std::size_t size = 0;
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
        const ByteView text = as_bytes(part);
        EVP_DigestSign(context.get(), nullptr, &size, text.data(), text.size());
        Bytes signature(size);
        if (EVP_DigestSign(context.get(), signature.data(), &size, text.data(), text.size()) != 1)
            throw std::runtime_error("not signed");
        signature.resize(size);
        return part + "." + accounts::base64url(signature);
    }

private:
    [[nodiscard]] std::string number(const char* name) const {
        BIGNUM* value = nullptr;
        EVP_PKEY_get_bn_param(key_.get(), name, &value);
        Bytes bytes(static_cast<std::size_t>(BN_num_bytes(value)));
        BN_bn2bin(value, bytes.data());
        BN_free(value);
        return accounts::base64url(bytes);
    }
    std::string id_;
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

}  // namespace waymark::testing
