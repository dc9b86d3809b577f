#pragma once
// While a process holds an SQLite store, other commands reach it here without being told to: the words that were typed
// go to the holder over a Unix socket beside the store, and it runs the command and sends back what it prints.
//
// Wire (one connection, one command): the client sends a JSON object and a line end; the server sends frames: one byte
// ('o' standard output, 'e' standard error, 'x' exit code), four bytes of length (big-endian), the bytes. Only the user
// who holds the store, and root, are answered (SO_PEERCRED).
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace waymark::cli {

// "<store file>-socket"; where that is too long for a socket (108 bytes), a name in /tmp made from its digest.
std::string socket_path(const std::string& store_file);

struct Call {
    std::vector<std::string> words;
    std::string directory;  // of the caller: file names are meant from there
    bool terminal = false;  // of the caller's standard error: whether to draw progress
    std::string secret{};   // a password that the caller was asked for; no other user can read the socket
};
// The line that carries a call, without its line end; nullopt where it is no call.
std::optional<Call> parse_call(std::string_view line);
std::string write_call(const Call&);

using Answer = std::function<int(const Call&, std::ostream& out, std::ostream& err)>;

// Serves until destroyed; one thread a caller, at most 16 at once.
class LocalServer {
public:
    static Result<std::unique_ptr<LocalServer>> start(const std::string& path, Answer);
    ~LocalServer();
    LocalServer(const LocalServer&) = delete;
    LocalServer& operator=(const LocalServer&) = delete;

private:
    struct State;
    explicit LocalServer(std::unique_ptr<State>);
    std::unique_ptr<State> state_;
};

// The exit code of the command as the holder ran it; nullopt where nobody answers at that path.
std::optional<int> call(const std::string& path, const Call&, std::ostream& out, std::ostream& err);

}  // namespace waymark::cli
