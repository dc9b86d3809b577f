// A root on a PKCS#11 token: the one file that speaks to one. The token keeps an AES key that never leaves it; a random
// secret of ours is wrapped with it (RFC 3394) and kept wrapped in the header of the ring.
//
// PKCS#11 2.40, C_WrapKey and C_UnwrapKey with CKM_AES_KEY_WRAP.
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include <fmt/core.h>
#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>

#include "record/keys.hpp"

namespace waymark::record {

namespace {

constexpr CK_ULONG token_secret_size = 32;
constexpr std::string_view default_label = "waymark";

auto token_fault(std::string reason, std::string mend) {
    return fault(FaultKind::unavailable, "--key-token", std::move(reason), std::move(mend));
}

struct TokenName {
    std::string module;
    std::string pin_file;
    std::string label = std::string(default_label);
    std::shared_ptr<P11KitUri> uri;
};

Result<TokenName> read_token_uri(const std::string& text) {
    TokenName name;
    name.uri = {p11_kit_uri_new(), p11_kit_uri_free};
    if (p11_kit_uri_parse(text.c_str(), P11_KIT_URI_FOR_ANY, name.uri.get()) != P11_KIT_URI_OK)
        return token_fault("It is not a PKCS#11 URI.", "Write pkcs11:token=NAME;object=KEY?pin-source=file:FILE.");
    if (p11_kit_uri_get_pin_value(name.uri.get()) != nullptr) {
        return token_fault("A PIN on the command line is seen by everybody on the machine.",
                           "Write it into a file and name that: pin-source=file:FILE.");
    }
    if (const char* module = p11_kit_uri_get_module_path(name.uri.get())) name.module = module;
    if (const char* source = p11_kit_uri_get_pin_source(name.uri.get())) {
        name.pin_file = source;
        if (name.pin_file.starts_with("file:")) name.pin_file.erase(0, 5);
    }
    if (const auto* label = p11_kit_uri_get_attribute(name.uri.get(), CKA_LABEL))
        name.label.assign(static_cast<const char*>(label->pValue), label->ulValueLen);
    return name;
}

Result<SecretBytes> read_pin(const std::string& file) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return token_fault("The PIN cannot be read.", "Name a readable file: pin-source=file:FILE.");
    SecretBytes pin(256);
    const ssize_t got = ::read(fd, pin.span().data(), pin.size());
    ::close(fd);
    auto size = static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    while (size > 0 && (pin.view()[size - 1] == '\n' || pin.view()[size - 1] == '\r')) --size;
    return SecretBytes::copy_of(pin.view().first(size));
}

// The module and one session on the token, logged in.
class TokenSession {
public:
    explicit TokenSession(const TokenName& name) : name_(name) {}
    ~TokenSession() {
        if (session_ != 0) functions_->C_CloseSession(session_);
        if (list_ != nullptr) p11_kit_modules_finalize_and_release(list_);
        if (own_ != nullptr) {
            p11_kit_module_finalize(own_);
            p11_kit_module_release(own_);
        }
    }
    TokenSession(const TokenSession&) = delete;
    TokenSession& operator=(const TokenSession&) = delete;

    Result<void> open() {
        if (!name_.module.empty()) {
            own_ = p11_kit_module_load(name_.module.c_str(), 0);
            if (own_ == nullptr || p11_kit_module_initialize(own_) != CKR_OK) {
                return token_fault(fmt::format("The PKCS#11 module {} cannot be used.", name_.module),
                                   "Check module-path, and that the token's configuration can be read.");
            }
            find_slot(own_);
        } else {
            list_ = p11_kit_modules_load_and_initialize(0);
            for (auto** module = list_; module != nullptr && *module != nullptr && functions_ == nullptr; ++module)
                find_slot(*module);
        }
        if (functions_ == nullptr)
            return token_fault("No such token is there.", "Check token=… and module-path=… of the URI.");
        if (functions_->C_OpenSession(slot_, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session_) !=
            CKR_OK) {
            session_ = 0;
            return token_fault("The token takes no session.", "Check that it is not write-protected or in use.");
        }
        if (name_.pin_file.empty()) return {};
        auto pin = TRY(read_pin(name_.pin_file));
        const auto answer = functions_->C_Login(session_, CKU_USER, pin.span().data(), pin.size());
        if (answer != CKR_OK && answer != CKR_USER_ALREADY_LOGGED_IN)
            return token_fault(fmt::format("The token refuses the PIN (0x{:x}).", answer), "Check pin-source.");
        return {};
    }

    // The wrapping key on the token; made where it is missing, if `make`.
    Result<CK_OBJECT_HANDLE> key(bool make) {
        CK_OBJECT_CLASS kind = CKO_SECRET_KEY;
        std::array<CK_ATTRIBUTE, 2> wanted{{{CKA_CLASS, &kind, sizeof kind}, label()}};
        CK_OBJECT_HANDLE found = 0;
        CK_ULONG count = 0;
        functions_->C_FindObjectsInit(session_, wanted.data(), wanted.size());
        functions_->C_FindObjects(session_, &found, 1, &count);
        functions_->C_FindObjectsFinal(session_);
        if (count == 1) return found;
        if (!make) {
            return token_fault(fmt::format("The token holds no key '{}'.", name_.label),
                               "Check object=… of the URI and the PIN.");
        }
        CK_BBOOL yes = CK_TRUE;
        CK_BBOOL no = CK_FALSE;
        CK_ULONG size = token_secret_size;
        std::array<CK_ATTRIBUTE, 8> of{{{CKA_CLASS, &kind, sizeof kind},
                                        label(),
                                        {CKA_TOKEN, &yes, sizeof yes},
                                        {CKA_SENSITIVE, &yes, sizeof yes},
                                        {CKA_EXTRACTABLE, &no, sizeof no},
                                        {CKA_WRAP, &yes, sizeof yes},
                                        {CKA_UNWRAP, &yes, sizeof yes},
                                        {CKA_VALUE_LEN, &size, sizeof size}}};
        CK_MECHANISM generate{CKM_AES_KEY_GEN, nullptr, 0};
        const auto answer = functions_->C_GenerateKey(session_, &generate, of.data(), of.size(), &found);
        if (answer != CKR_OK) {
            return token_fault(fmt::format("The token makes no AES key (0x{:x}).", answer),
                               "Make one that may wrap and unwrap, and name it by object=….");
        }
        return found;
    }

    Result<Bytes> wrap_secret(CK_OBJECT_HANDLE with, std::span<std::uint8_t> secret) {
        CK_OBJECT_CLASS kind = CKO_SECRET_KEY;
        CK_KEY_TYPE type = CKK_GENERIC_SECRET;
        CK_BBOOL yes = CK_TRUE;
        CK_BBOOL no = CK_FALSE;
        std::array<CK_ATTRIBUTE, 6> of{{{CKA_CLASS, &kind, sizeof kind},
                                        {CKA_KEY_TYPE, &type, sizeof type},
                                        {CKA_TOKEN, &no, sizeof no},
                                        {CKA_SENSITIVE, &no, sizeof no},
                                        {CKA_EXTRACTABLE, &yes, sizeof yes},
                                        {CKA_VALUE, secret.data(), secret.size()}}};
        CK_OBJECT_HANDLE ours = 0;
        auto answer = functions_->C_CreateObject(session_, of.data(), of.size(), &ours);
        if (answer != CKR_OK) return refused("takes no key to wrap", answer);
        CK_MECHANISM mechanism{CKM_AES_KEY_WRAP, nullptr, 0};
        Bytes wrapped(256);
        CK_ULONG size = wrapped.size();
        answer = functions_->C_WrapKey(session_, &mechanism, with, ours, wrapped.data(), &size);
        functions_->C_DestroyObject(session_, ours);
        if (answer != CKR_OK) return refused("does not wrap", answer);
        wrapped.resize(size);
        return wrapped;
    }

    Result<SecretBytes> unwrap_secret(CK_OBJECT_HANDLE with, Bytes wrapped) {
        CK_OBJECT_CLASS kind = CKO_SECRET_KEY;
        CK_KEY_TYPE type = CKK_GENERIC_SECRET;
        CK_BBOOL yes = CK_TRUE;
        CK_BBOOL no = CK_FALSE;
        std::array<CK_ATTRIBUTE, 5> of{{{CKA_CLASS, &kind, sizeof kind},
                                        {CKA_KEY_TYPE, &type, sizeof type},
                                        {CKA_TOKEN, &no, sizeof no},
                                        {CKA_SENSITIVE, &no, sizeof no},
                                        {CKA_EXTRACTABLE, &yes, sizeof yes}}};
        CK_MECHANISM mechanism{CKM_AES_KEY_WRAP, nullptr, 0};
        CK_OBJECT_HANDLE ours = 0;
        auto answer = functions_->C_UnwrapKey(session_, &mechanism, with, wrapped.data(), wrapped.size(), of.data(),
                                              of.size(), &ours);
        if (answer != CKR_OK) return refused("does not unwrap: it is another token, or another key", answer);
        SecretBytes secret(token_secret_size);
        CK_ATTRIBUTE value{CKA_VALUE, secret.span().data(), secret.size()};
        answer = functions_->C_GetAttributeValue(session_, ours, &value, 1);
        functions_->C_DestroyObject(session_, ours);
        if (answer != CKR_OK || value.ulValueLen != token_secret_size) return refused("does not unwrap", answer);
        return secret;
    }

private:
    static tl::unexpected<Fault> refused(std::string_view what, CK_RV answer) {
        return token_fault(fmt::format("The token {} (0x{:x}).", what, answer),
                           "Check that the key may wrap and unwrap (AES, CKM_AES_KEY_WRAP).");
    }
    CK_ATTRIBUTE label() { return {CKA_LABEL, name_.label.data(), name_.label.size()}; }
    void find_slot(CK_FUNCTION_LIST* module) {
        std::array<CK_SLOT_ID, 64> slots{};
        CK_ULONG count = slots.size();
        if (module->C_GetSlotList(CK_TRUE, slots.data(), &count) != CKR_OK) return;
        for (CK_ULONG i = 0; i < count; ++i) {
            CK_TOKEN_INFO info{};
            if (module->C_GetTokenInfo(slots.at(i), &info) != CKR_OK) continue;
            if ((info.flags & CKF_TOKEN_INITIALIZED) == 0) continue;
            if (p11_kit_uri_match_token_info(name_.uri.get(), &info) != 1) continue;
            functions_ = module;
            slot_ = slots.at(i);
            return;
        }
    }
    TokenName name_;
    CK_FUNCTION_LIST* own_ = nullptr;
    CK_FUNCTION_LIST** list_ = nullptr;
    CK_FUNCTION_LIST* functions_ = nullptr;
    CK_SLOT_ID slot_ = 0;
    CK_SESSION_HANDLE session_ = 0;
};

class TokenRoot final : public Root {
public:
    explicit TokenRoot(TokenName name) : name_(std::move(name)) {}

    [[nodiscard]] Result<Made> make(Random& random) const override {
        TokenSession session(name_);
        TRY_VOID(session.open());
        const auto key = TRY(session.key(true));
        SecretBytes secret(token_secret_size);
        random.fill(secret.span());
        const auto wrapped = TRY(session.wrap_secret(key, secret.span()));
        json::object header{
            {"root", "token"}, {"id", root_id(secret.view())}, {"key", name_.label}, {"wrapped", to_base64(wrapped)}};
        return Made{std::move(header), std::move(secret)};
    }
    [[nodiscard]] Result<SecretBytes> unlock(const json::object& header) const override {
        if (string_or(header, "root", "") != "token") {
            return fault(FaultKind::unavailable, "keys",
                         fmt::format("The store's keys are under a {}, and a token was named.",
                                     string_or(header, "root", "key")),
                         "Name what they are under: --key-file or --passphrase-file.");
        }
        auto wrapped = TRY(from_base64(string_or(header, "wrapped", "")));
        TokenSession session(name_);
        TRY_VOID(session.open());
        auto secret = TRY(session.unwrap_secret(TRY(session.key(false)), std::move(wrapped)));
        if (root_id(secret.view()) != string_or(header, "id", ""))
            return token_fault("Wrong root key: the token's is not what this store's keys are under.",
                               "Name the right token and key.");
        return secret;
    }
    [[nodiscard]] std::string shown() const override { return "the token's key '" + name_.label + "'"; }

private:
    TokenName name_;
};

}  // namespace

Result<std::unique_ptr<Root>> token_root(const std::string& uri) {
    auto name = TRY(read_token_uri(uri));
    return std::unique_ptr<Root>(std::make_unique<TokenRoot>(std::move(name)));
}

}  // namespace waymark::record
