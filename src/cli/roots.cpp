#include "cli/roots.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

namespace waymark::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_passphrase = 1'024;
constexpr std::size_t most_key_files = 100;

// One line from a descriptor, without its end.
Result<SecretBytes> read_passphrase(int fd, const std::string& place) {
    SecretBytes words(most_passphrase);
    std::size_t size = 0;
    while (size < most_passphrase) {
        const ssize_t got = ::read(fd, words.span().data() + size, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0 || words.view()[size] == '\n') break;
        ++size;
    }
    if (size > 0 && words.view()[size - 1] == '\r') --size;
    if (size == 0 || size == most_passphrase) {
        return fault(FaultKind::unavailable, place, "There is no passphrase of 1 to 1,023 bytes there.",
                     "Write it on the first line.");
    }
    return SecretBytes::copy_of(words.view().first(size));
}

// Typed unseen.
Result<SecretBytes> ask_on_terminal() {
    const int fd = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (fd < 0) {
        return fault(FaultKind::unavailable, "passphrase",
                     "The store's keys are under a passphrase, and there is no "
                     "terminal to ask on.",
                     "Name a file that holds it with --passphrase-file or WAYMARK_PASSPHRASE_FILE.");
    }
    termios before{};
    const bool hidden = ::tcgetattr(fd, &before) == 0;
    if (hidden) {
        termios silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(fd, TCSAFLUSH, &silent);
    }
    constexpr std::string_view prompt = "Passphrase of the store: ";
    (void)!::write(fd, prompt.data(), prompt.size());
    auto words = read_passphrase(fd, "passphrase");
    if (hidden) ::tcsetattr(fd, TCSAFLUSH, &before);
    (void)!::write(fd, "\n", 1);
    ::close(fd);
    return words;
}

record::AskPassphrase passphrase_from(std::string file) {
    return [file = std::move(file)]() -> Result<SecretBytes> {
        if (file == "-") return read_passphrase(STDIN_FILENO, "standard input");
        if (file.starts_with("fd:")) {
            int fd = -1;
            const auto [end, wrong] = std::from_chars(file.data() + 3, file.data() + file.size(), fd);
            if (wrong != std::errc{} || end != file.data() + file.size() || fd < 0)
                return invalid("--passphrase-file", "It is not fd: and a number.", "Write for instance fd:3.");
            return read_passphrase(fd, file);
        }
        const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
            return fault(FaultKind::unavailable, file,
                         fmt::format("The passphrase cannot be read: {}.", std::strerror(errno)),
                         "Name another file with --passphrase-file.");
        }
        auto words = read_passphrase(fd, file);
        ::close(fd);
        return words;
    };
}

// The key file under which a store's keys are, among those that lie where it would.
class FoundRoot final : public record::Root {
public:
    FoundRoot(std::string usual, fs::path folder) : usual_(std::move(usual)), folder_(std::move(folder)) {}

    [[nodiscard]] Result<Made> make(Random& random) const override { return record::file_root(usual_)->make(random); }
    [[nodiscard]] Result<SecretBytes> unlock(const json::object& header) const override {
        const auto kind = string_or(header, "root", "");
        if (kind == "passphrase") return record::passphrase_root(ask_on_terminal)->unlock(header);
        if (kind != "key file") {
            return fault(FaultKind::unavailable, "keys", fmt::format("The store's keys are under a {}.", kind),
                         "Name it with --key-token or WAYMARK_KEY_TOKEN.");
        }
        auto usual = record::file_root(usual_)->unlock(header);
        if (usual) return usual;
        for (const auto& file : others()) {
            if (auto found = record::file_root(file)->unlock(header)) return found;
        }
        if (!fs::exists(usual_)) {
            return fault(FaultKind::unavailable, usual_,
                         "The store is sealed, and the key that opens it is not beside it.",
                         "Name it with --key-file FILE or WAYMARK_KEY_FILE.");
        }
        return usual;
    }
    [[nodiscard]] std::string shown() const override { return "the key file " + usual_; }

private:
    [[nodiscard]] std::vector<std::string> others() const {
        std::vector<std::string> files{usual_ + ".new"};  // of a rotation that was cut short
        std::error_code ignored;
        for (fs::directory_iterator it(folder_, ignored), end; !ignored && it != end; it.increment(ignored)) {
            if (files.size() >= most_key_files) break;
            if (it->path().extension() == ".key" && it->path().string() != usual_) files.push_back(it->path().string());
        }
        return files;
    }
    std::string usual_;
    fs::path folder_;
};

const RootNames& names_of(const World& world, const Arguments& arguments) {
    return arguments.root.none() ? world.roots : arguments.root;
}

}  // namespace

std::string default_key_file(const store::Address& address, const Terminal& terminal) {
    if (address.engine == store::Engine::sqlite) return address.path_or_url + ".key";
    const auto& url = address.path_or_url;
    const auto end = std::min(url.find('?'), url.size());
    const auto slash = url.rfind('/', end == 0 ? 0 : end - 1);
    std::string name = slash == std::string::npos ? std::string() : url.substr(slash + 1, end - slash - 1);
    const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || c == '-';
    });
    return terminal.path(fmt::format("waymark-{}.key", plain ? name : "postgresql"));
}

Result<std::unique_ptr<record::Root>> named_root(const RootNames& names, const World& world, const Terminal& terminal,
                                                 bool make) {
    if (!names.key_token.empty()) return record::token_root(names.key_token);
    if (!names.passphrase_file.empty()) {
        const auto& file = names.passphrase_file;
        const bool of_caller = file == "-" || file.starts_with("fd:");
        if (of_caller && !terminal.directory.empty()) {
            return invalid("--passphrase-file", "A server holds this store, and does not see what is typed here.",
                           "Name a file that only the server's user may read.");
        }
        return record::passphrase_root(passphrase_from(of_caller ? file : terminal.path(file)));
    }
    const auto path = terminal.path(names.key_file);
    std::error_code ignored;
    if (make && !fs::exists(path, ignored)) TRY_VOID(record::make_key_file(path, world.random));
    return record::file_root(path);
}

Result<std::unique_ptr<record::Root>> root_to_open(const World& world, const Arguments& arguments,
                                                   const store::Address& address, const Terminal& terminal) {
    const auto& names = names_of(world, arguments);
    if (!names.none()) return named_root(names, world, terminal, false);
    const auto usual = default_key_file(address, terminal);
    auto folder = fs::path(usual).parent_path();
    return std::make_unique<FoundRoot>(usual, folder.empty() ? fs::path(".") : folder);
}

Result<std::unique_ptr<record::Root>> root_to_found(const World& world, const Arguments& arguments,
                                                    const store::Address& address, const Terminal& terminal) {
    auto names = names_of(world, arguments);
    if (names.none()) names.key_file = default_key_file(address, terminal);
    return named_root(names, world, terminal, true);
}

void say_keep_the_key(const record::Root& root, std::ostream& out) {
    out << "it is sealed under " << root.shown()
        << ". Without that nobody can read the record, and a back-up does not hold it: keep a copy in another place, "
           "and keep it off the disk that holds the store\n";
}

}  // namespace waymark::cli
