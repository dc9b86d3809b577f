// Hostile input over a real socket: what may be read in two ways is refused, and what is slow or large is ended.
#include "web/http.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

using namespace waymark;
using namespace waymark::web;
using namespace std::chrono_literals;

namespace {

class Client {
public:
    explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const timeval wait{5, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
        if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            throw std::runtime_error("connect");
    }
    ~Client() { ::close(socket_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // False where the server has closed the connection.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    // What comes until the server closes, or nothing has come for a while.
    std::string receive(std::chrono::milliseconds quiet = 400ms) {
        const timeval wait{quiet.count() / 1000, static_cast<suseconds_t>(quiet.count() % 1000 * 1000)};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        std::string all;
        char buffer[4096];
        closed_ = false;
        while (true) {
            const ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
            if (got > 0) {
                all.append(buffer, static_cast<std::size_t>(got));
                continue;
            }
            closed_ = got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
            return all;
        }
    }
    [[nodiscard]] bool closed() const { return closed_; }

private:
    int socket_;
    bool closed_ = false;
};

struct Fixture {
    std::atomic<int> asked = 0;
    std::string last_body;
    std::unique_ptr<Server> server;

    explicit Fixture(ServerOptions options = {}) {
        options.port = 0;
        auto started = Server::start(options, [this](const Request& request) {
            ++asked;
            last_body = request.body;
            Response response;
            response.body = "answered";
            return response;
        });
        if (!started) throw std::runtime_error(describe(started.error()));
        server = std::move(*started);
    }
    std::string say(std::string_view bytes) {
        Client client(server->port());
        client.send(bytes);
        return client.receive();
    }
};

int status_of(const std::string& answer) {
    return answer.size() > 12 && answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}

std::string request(const std::string& head, const std::string& body = {}) {
    return head + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("a plain request is answered, and a HEAD without its body") {
    Fixture f;
    const std::string got = f.say(request("GET / HTTP/1.1\r\nHost: x\r\nConnection: close"));
    CHECK(status_of(got) == 200);
    CHECK(got.ends_with("answered"));
    const std::string head = f.say(request("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close"));
    CHECK(status_of(head) == 200);
    CHECK(head.find("Content-Length: 8") != std::string::npos);
    CHECK(head.ends_with("\r\n\r\n"));
}

TEST_CASE("a request that can be read in two ways is refused and reaches no page") {
    struct Probe {
        const char* name;
        std::string bytes;
    };
    const std::vector<Probe> probes{
        {"Content-Length and chunked",
         request("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked", "0\r\n\r\nG")},
        {"two different Content-Length",
         request("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nContent-Length: 5", "abcdef")},
        {"Content-Length with a plus", request("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +6", "abcdef")},
        {"a chunk size with 0x",
         request("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked", "0x6\r\nabcdef\r\n0\r\n\r\n")},
        {"a chunk size below nought",
         request("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked", "-6\r\nabcdef\r\n0\r\n\r\n")},
        {"lines that end with LF alone", "GET / HTTP/1.1\nHost: x\n\n"},
        {"a space before the colon", request("GET / HTTP/1.1\r\nHost : x")},
        {"NUL in a header", request(std::string("GET / HTTP/1.1\r\nHost: x\r\nA: b") + '\0' + "c")},
        {"no Host", request("GET / HTTP/1.1\r\nAccept: x")},
        {"two Hosts", request("GET / HTTP/1.1\r\nHost: x\r\nHost: y")},
        {"a folded line", request("GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c")},
        {"another Transfer-Encoding",
         request("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked", "0\r\n\r\n")},
        {"a target that is not a path", request("GET http://x/ HTTP/1.1\r\nHost: x")},
        {"an encoded slash in a path", request("GET /a%2Fb HTTP/1.1\r\nHost: x")},
        {"a dot segment", request("GET /a/../b HTTP/1.1\r\nHost: x")},
        {"a method that is not served", request("DELETE / HTTP/1.1\r\nHost: x")},
    };
    Fixture f;
    for (const Probe& probe : probes) {
        CAPTURE(std::string(probe.name));
        const std::string got = f.say(probe.bytes);
        const int status = status_of(got);
        CHECK((status == 0 || (status >= 400 && status < 600)));
        CHECK(f.asked == 0);
    }
}

TEST_CASE("a header of 1 MB and 20,000 headers are refused") {
    Fixture f;
    CHECK(status_of(f.say(request("GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(1u << 20, 'a')))) % 431 == 0);
    std::string many = "GET / HTTP/1.1\r\nHost: x";
    for (int n = 0; n < 20'000; ++n) many += "\r\nA: b";
    CHECK(status_of(f.say(request(many))) % 431 == 0);
    CHECK(f.asked == 0);
}

TEST_CASE("a body over the limit is refused before it is read") {
    Fixture f;
    const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10485760";
    CHECK(status_of(f.say(request(head, std::string(1000, 'a')))) == 413);
    CHECK(f.asked == 0);
}

TEST_CASE("a header that drips byte by byte is ended at its deadline") {
    ServerOptions options;
    options.header_wait = 1s;
    Fixture f(options);
    Client client(f.server->port());
    const auto begun = std::chrono::steady_clock::now();
    const std::string slow = "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(1000, 'a');
    bool open = true;
    for (std::size_t i = 0; open && i < slow.size() && std::chrono::steady_clock::now() - begun < 4s; ++i) {
        open = client.send(slow.substr(i, 1));
        if (open && client.receive(50ms).empty() && client.closed()) open = false;
    }
    const auto took = std::chrono::steady_clock::now() - begun;
    CHECK_FALSE(open);
    CHECK(took > 800ms);
    CHECK(took < 3s);
    CHECK(f.asked == 0);
}

TEST_CASE("two requests on one connection are two, each with its own body") {
    Fixture f;
    Client client(f.server->port());
    client.send(request("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3", "one") +
                request("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close", "two"));
    const std::string got = client.receive(2000ms);
    CHECK(f.asked == 2);
    CHECK(f.last_body == "two");
    CHECK(got.find("answered") != got.rfind("answered"));
}

TEST_CASE("what is being answered is answered before the server goes") {
    ServerOptions options;
    options.port = 0;
    std::atomic<bool> begun = false;
    auto server = Server::start(options, [&](const Request&) {
        begun = true;
        std::this_thread::sleep_for(300ms);
        Response response;
        response.body = "late";
        return response;
    });
    REQUIRE(server);
    Client client((*server)->port());
    client.send(request("GET / HTTP/1.1\r\nHost: x"));
    while (!begun) std::this_thread::sleep_for(5ms);
    server->reset();
    CHECK(client.receive(1000ms).ends_with("late"));
}

TEST_CASE("an address to listen on is read or refused") {
    CHECK(parse_listen("127.0.0.1:8080") == std::pair<std::string, std::uint16_t>{"127.0.0.1", 8080});
    CHECK(parse_listen("[::1]:0") == std::pair<std::string, std::uint16_t>{"::1", 0});
    for (const char* wrong : {"", "8080", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "nowhere:1"}) {
        CAPTURE(std::string(wrong));
        CHECK_FALSE(parse_listen(wrong));
    }
}
