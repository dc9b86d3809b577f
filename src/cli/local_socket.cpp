// The local socket: plain POSIX, blocking, a thread a caller. It carries a handful of commands an hour.
#include "cli/local_socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <list>
#include <mutex>
#include <streambuf>
#include <thread>

#include "base/bytes.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"

namespace waymark::cli {
namespace {

constexpr std::size_t most_callers = 16;
constexpr std::size_t most_call_bytes = 1u << 20;
constexpr int call_wait_ms = 5'000;  // for the caller to say what it wants

bool send_all(int fd, const char* data, std::size_t size) {
    while (size > 0) {
        const ssize_t sent = ::send(fd, data, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        data += sent;
        size -= static_cast<std::size_t>(sent);
    }
    return true;
}

bool send_frame(int fd, char type, std::string_view bytes) {
    const auto size = static_cast<std::uint32_t>(bytes.size());
    const std::array<char, 5> head{type, static_cast<char>(size >> 24), static_cast<char>(size >> 16),
                                   static_cast<char>(size >> 8), static_cast<char>(size)};
    return send_all(fd, head.data(), head.size()) && send_all(fd, bytes.data(), bytes.size());
}

bool receive_all(int fd, char* data, std::size_t size) {
    while (size > 0) {
        const ssize_t got = ::recv(fd, data, size, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        data += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

// A stream whose every flush is a frame. A caller that has gone away makes the stream bad and the command ends early.
class FrameBuffer final : public std::streambuf {
public:
    FrameBuffer(int fd, char type, std::mutex& mutex) : fd_(fd), type_(type), mutex_(mutex) {
        setp(buffer_.data(), buffer_.data() + buffer_.size());
    }

protected:
    int overflow(int c) override {
        if (sync() != 0) return traits_type::eof();
        if (c != traits_type::eof()) sputc(static_cast<char>(c));
        return traits_type::not_eof(c);
    }
    int sync() override {
        const auto size = static_cast<std::size_t>(pptr() - pbase());
        if (size == 0) return 0;
        const std::scoped_lock lock(mutex_);
        const bool sent = send_frame(fd_, type_, {pbase(), size});
        setp(buffer_.data(), buffer_.data() + buffer_.size());
        return sent ? 0 : -1;
    }

private:
    int fd_;
    char type_;
    std::mutex& mutex_;
    std::array<char, 1 << 16> buffer_{};
};

std::optional<std::string> receive_line(int fd) {
    std::string line;
    std::array<char, 4096> chunk{};
    while (line.size() < most_call_bytes) {
        pollfd waiting{fd, POLLIN, 0};
        if (::poll(&waiting, 1, call_wait_ms) <= 0) return std::nullopt;
        const ssize_t got = ::recv(fd, chunk.data(), chunk.size(), 0);
        if (got <= 0) return std::nullopt;
        line.append(chunk.data(), static_cast<std::size_t>(got));
        if (line.back() == '\n') {
            line.pop_back();
            return line;
        }
    }
    return std::nullopt;
}

bool may_call(int fd) {
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && (peer.uid == ::geteuid() || peer.uid == 0);
}

bool fill_address(const std::string& path, sockaddr_un& address) {
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return false;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return true;
}

// What the server says its exit code is; anything else is a failure.
int exit_code_in(const std::string& bytes) {
    int code = 3;
    const auto [end, fault] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), code);
    return fault == std::errc{} && end == bytes.data() + bytes.size() ? code : 3;
}

}  // namespace

std::optional<Call> parse_call(std::string_view line) {
    auto value = parse_json(line);
    if (!value || !value->is_object()) return std::nullopt;
    const json::object& object = value->as_object();
    const json::value* words = find(object, "words");
    if (words == nullptr || !words->is_array()) return std::nullopt;
    Call call;
    for (const json::value& word : words->as_array()) {
        if (!word.is_string()) return std::nullopt;
        call.words.emplace_back(word.as_string());
    }
    call.directory = std::string(string_or(object, "directory", "/"));
    const json::value* terminal = find(object, "terminal");
    call.terminal = terminal != nullptr && terminal->is_bool() && terminal->as_bool();
    call.secret = std::string(string_or(object, "secret", ""));
    return call;
}

std::string write_call(const Call& call) {
    json::object request;
    json::array words;
    for (const std::string& word : call.words) words.emplace_back(word);
    request["words"] = std::move(words);
    request["directory"] = call.directory;
    request["terminal"] = call.terminal;
    if (!call.secret.empty()) request["secret"] = call.secret;
    return write_json(request);
}

std::string socket_path(const std::string& store_file) {
    std::string path = store_file + "-socket";
    if (path.size() < sizeof(sockaddr_un::sun_path)) return path;
    const Digest digest = sha256(as_bytes(path));
    return "/tmp/waymark-" + to_hex(ByteView(digest).first(16)) + "-socket";
}

struct LocalServer::State {
    std::string path;
    Answer answer;
    int listener = -1;
    std::atomic<bool> stopping = false;
    std::thread acceptor;
    std::mutex mutex;
    struct Caller {
        int fd = -1;
        std::atomic<bool> done = false;
        std::thread thread;
    };
    std::list<Caller> callers;

    void serve_one(Caller& caller) const {
        if (auto line = receive_line(caller.fd)) {
            if (auto call = parse_call(*line)) {
                std::mutex frames;
                FrameBuffer out_buffer(caller.fd, 'o', frames);
                FrameBuffer err_buffer(caller.fd, 'e', frames);
                std::ostream out(&out_buffer);
                std::ostream err(&err_buffer);
                const int code = answer(*call, out, err);
                out.flush();
                err.flush();
                const std::scoped_lock lock(frames);
                send_frame(caller.fd, 'x', std::to_string(code));
            }
        }
        ::shutdown(caller.fd, SHUT_RDWR);
        caller.done = true;
    }

    void reap(bool all) {
        const std::scoped_lock lock(mutex);
        for (auto it = callers.begin(); it != callers.end();) {
            if (all) ::shutdown(it->fd, SHUT_RDWR);
            if (all || it->done) {
                it->thread.join();
                ::close(it->fd);
                it = callers.erase(it);
            } else {
                ++it;
            }
        }
    }

    void accept_loop() {
        while (!stopping) {
            pollfd waiting{listener, POLLIN, 0};
            if (::poll(&waiting, 1, 200) <= 0) {
                reap(false);
                continue;
            }
            const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (fd < 0) continue;
            reap(false);
            const std::scoped_lock lock(mutex);
            if (!may_call(fd) || callers.size() >= most_callers) {
                ::close(fd);
                continue;
            }
            Caller& caller = callers.emplace_back();
            caller.fd = fd;
            caller.thread = std::thread([this, &caller] { serve_one(caller); });
        }
        reap(true);
    }
};

LocalServer::LocalServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<LocalServer>> LocalServer::start(const std::string& path, Answer answer) {
    auto state = std::make_unique<State>();
    state->path = path;
    state->answer = std::move(answer);
    sockaddr_un address{};
    if (!fill_address(path, address)) return fault(FaultKind::unavailable, path, "the path is too long for a socket");
    state->listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (state->listener < 0) return fault(FaultKind::unavailable, path, "no socket could be made");
    // The store's lock is held, so a socket file that stands here was left by a process that is gone.
    ::unlink(path.c_str());
    const mode_t before = ::umask(0077);
    const int bound = ::bind(state->listener, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::umask(before);
    if (bound != 0 || ::listen(state->listener, 16) != 0) {
        ::close(state->listener);
        return fault(FaultKind::unavailable, path,
                     std::string("the local socket could not be opened: ") + std::strerror(errno),
                     "check that the store's folder can be written");
    }
    State* running = state.get();
    state->acceptor = std::thread([running] { running->accept_loop(); });
    return std::unique_ptr<LocalServer>(new LocalServer(std::move(state)));
}

LocalServer::~LocalServer() {
    if (!state_) return;
    state_->stopping = true;
    state_->acceptor.join();
    ::close(state_->listener);
    ::unlink(state_->path.c_str());
}

std::optional<int> call(const std::string& path, const Call& call, std::ostream& out, std::ostream& err) {
    sockaddr_un address{};
    if (!fill_address(path, address)) return std::nullopt;
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return std::nullopt;
    struct Closer {
        int fd;
        ~Closer() { ::close(fd); }
    } closer{fd};
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return std::nullopt;

    const std::string line = write_call(call) + "\n";
    if (!send_all(fd, line.data(), line.size())) return std::nullopt;

    std::string bytes;
    while (true) {
        std::array<char, 5> head{};
        if (!receive_all(fd, head.data(), head.size())) {
            err << "waymark: the process that holds the store ended before it had answered\n";
            return 3;
        }
        std::uint32_t size = 0;
        for (std::size_t i = 1; i < head.size(); ++i) size = (size << 8) | static_cast<std::uint8_t>(head[i]);
        if (size > most_call_bytes) return 3;
        bytes.resize(size);
        if (!receive_all(fd, bytes.data(), size)) return 3;
        switch (head[0]) {
            case 'o':
                out << bytes << std::flush;
                break;
            case 'e':
                err << bytes << std::flush;
                break;
            case 'x':
                return exit_code_in(bytes);
            default:
                return 3;
        }
    }
}

}  // namespace waymark::cli
