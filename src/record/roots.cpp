// Roots from a file and from a passphrase.
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fmt/core.h>

#include "record/keys.hpp"

namespace waymark::record {

namespace {

constexpr std::size_t secret_size = 32;

Result<std::string> ring_member(const json::object& header, std::string_view name) {
    const auto* value = find(header, name);
    if (value == nullptr || !value->is_string()) {
        return fault(FaultKind::unavailable, "keyring", fmt::format("The keys in the store do not say their {}.", name),
                     "Restore the store from a back-up.");
    }
    return std::string(value->get_string());
}

// Whether this root is the one that the ring is under.
Result<void> check_root(const json::object& header, std::string_view kind, const std::string& shown, ByteView secret) {
    const auto wanted = TRY(ring_member(header, "root"));
    const auto id = TRY(ring_member(header, "id"));
    if (wanted != kind) {
        return fault(FaultKind::unavailable, "keys",
                     fmt::format("The store's keys are under a {}, and {} was named.", wanted, shown),
                     "Name what they are under: --key-file, --passphrase-file or --key-token.");
    }
    if (!secret.empty() && root_id(secret) != id) {
        return fault(FaultKind::unavailable, "keys",
                     fmt::format("Wrong root key: {} is not what this store's keys are under.", shown),
                     fmt::format("Name the right one; `waymark keys status` tells its id where the store is open (the "
                                 "store wants {}).",
                                 id));
    }
    return {};
}

class OpenFile {
public:
    explicit OpenFile(int fd) : fd_(fd) {}
    ~OpenFile() {
        if (fd_ >= 0) ::close(fd_);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    [[nodiscard]] int fd() const { return fd_; }

private:
    int fd_;
};

class FileRoot final : public Root {
public:
    explicit FileRoot(std::string path) : path_(std::move(path)) {}

    [[nodiscard]] Result<Made> make(Random&) const override {
        auto secret = TRY(read());
        json::object header{{"root", "key file"}, {"id", root_id(secret.view())}};
        return Made{std::move(header), std::move(secret)};
    }
    [[nodiscard]] Result<SecretBytes> unlock(const json::object& header) const override {
        TRY_VOID(check_root(header, "key file", shown(), {}));
        auto secret = TRY(read());
        TRY_VOID(check_root(header, "key file", shown(), secret.view()));
        return secret;
    }
    [[nodiscard]] std::string shown() const override { return "the key file " + path_; }

private:
    [[nodiscard]] Result<SecretBytes> read() const {
        const OpenFile file(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
        if (file.fd() < 0) {
            return fault(FaultKind::unavailable, path_,
                         fmt::format("The key file cannot be read: {}.", std::strerror(errno)),
                         "Name the store's key file with --key-file or WAYMARK_KEY_FILE.");
        }
        struct stat facts {};
        if (::fstat(file.fd(), &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_size != secret_size) {
            return fault(FaultKind::unavailable, path_, "It is not a key file, which is 32 bytes long.",
                         "Name the store's key file with --key-file or WAYMARK_KEY_FILE.");
        }
        if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
            return fault(FaultKind::unavailable, path_, "Others than its owner may read or write the key file.",
                         fmt::format("Run: chmod 600 {}", path_));
        }
        SecretBytes secret(secret_size);
        if (::read(file.fd(), secret.span().data(), secret_size) != static_cast<ssize_t>(secret_size))
            return fault(FaultKind::unavailable, path_, "The key file cannot be read.", "Check the disk.");
        return secret;
    }
    std::string path_;
};

class PassphraseRoot final : public Root {
public:
    explicit PassphraseRoot(AskPassphrase ask) : ask_(std::move(ask)) {}

    [[nodiscard]] Result<Made> make(Random& random) const override {
        std::array<std::uint8_t, crypto_pwhash_SALTBYTES> salt{};
        random.fill(salt);
        constexpr auto operations = crypto_pwhash_OPSLIMIT_MODERATE;
        constexpr auto memory = crypto_pwhash_MEMLIMIT_MODERATE;
        auto secret = TRY(stretch(salt, operations, memory));
        json::object header{{"root", "passphrase"},
                            {"id", root_id(secret.view())},
                            {"kdf", "argon2id13"},
                            {"salt", to_base64(salt)},
                            {"operations", static_cast<std::int64_t>(operations)},
                            {"memory", static_cast<std::int64_t>(memory)}};
        return Made{std::move(header), std::move(secret)};
    }
    [[nodiscard]] Result<SecretBytes> unlock(const json::object& header) const override {
        TRY_VOID(check_root(header, "passphrase", shown(), {}));
        const auto salt = TRY(from_base64(TRY(ring_member(header, "salt"))));
        const auto operations = number(header, "operations");
        const auto memory = number(header, "memory");
        // A store that was tampered with must not have us work for hours.
        if (salt.size() != crypto_pwhash_SALTBYTES || operations < 1 || operations > 100 || memory < 8'192 ||
            memory > 4'294'967'296) {
            return fault(FaultKind::unavailable, "keyring", "How the passphrase is stretched is not said rightly.",
                         "Restore the store from a back-up.");
        }
        auto secret = TRY(stretch(salt, static_cast<unsigned long long>(operations), static_cast<std::size_t>(memory)));
        TRY_VOID(check_root(header, "passphrase", shown(), secret.view()));
        return secret;
    }
    [[nodiscard]] std::string shown() const override { return "the passphrase"; }

private:
    static std::int64_t number(const json::object& header, std::string_view name) {
        const auto* value = find(header, name);
        return value != nullptr && value->is_int64() ? value->get_int64() : 0;
    }
    [[nodiscard]] Result<SecretBytes> stretch(ByteView salt, unsigned long long operations, std::size_t memory) const {
        const auto words = TRY(ask_());
        SecretBytes secret(secret_size);
        if (crypto_pwhash(secret.span().data(), secret_size, reinterpret_cast<const char*>(words.view().data()),
                          words.size(), salt.data(), operations, memory, crypto_pwhash_ALG_ARGON2ID13) != 0) {
            return fault(FaultKind::unavailable, "passphrase", "There is not enough memory to stretch the passphrase.",
                         fmt::format("Free {} MiB.", memory >> 20));
        }
        return secret;
    }
    AskPassphrase ask_;
};

}  // namespace

std::unique_ptr<Root> file_root(std::string path) {
    return std::make_unique<FileRoot>(std::move(path));
}

std::unique_ptr<Root> passphrase_root(AskPassphrase ask) {
    return std::make_unique<PassphraseRoot>(std::move(ask));
}

Result<void> make_key_file(const std::string& path, Random& random) {
    const auto failed = [&](const char* what) {
        return fault(FaultKind::unavailable, path, fmt::format("{}: {}.", what, std::strerror(errno)),
                     "Check the folder, or name another file with --key-file.");
    };
    // Under its name it is whole or not there.
    const auto part = path + ".part";
    ::unlink(part.c_str());
    {
        const OpenFile file(::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
        if (file.fd() < 0) return failed("The key file cannot be made");
        SecretBytes secret(secret_size);
        random.fill(secret.span());
        if (::write(file.fd(), secret.view().data(), secret_size) != static_cast<ssize_t>(secret_size) ||
            ::fsync(file.fd()) != 0) {
            const auto why = failed("The key file cannot be written");
            ::unlink(part.c_str());
            return why;
        }
    }
    const bool named = ::link(part.c_str(), path.c_str()) == 0;
    const auto why = failed("The key file cannot be made");
    ::unlink(part.c_str());
    if (!named) return why;
    // The name must be there after a loss of power, else a store stands whose key does not.
    auto folder = std::filesystem::path(path).parent_path();
    const OpenFile holder(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (holder.fd() < 0 || ::fsync(holder.fd()) != 0) return failed("The key file's folder cannot be synced");
    return {};
}

}  // namespace waymark::record
