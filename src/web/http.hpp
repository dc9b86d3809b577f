#pragma once
// Plain requests and responses, and the server that carries them. Everything but server.cpp sees only these structs.
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/form.hpp"

namespace waymark::web {

enum class Method { get, head, post };

struct Request {
    Method method = Method::get;
    Target target;
    std::map<std::string, std::string, std::less<>> headers;  // names in lower case
    std::map<std::string, std::string, std::less<>> cookies;
    std::string body;
    std::string peer;  // client address without port

    [[nodiscard]] std::string_view header(std::string_view lower_case_name) const;
    [[nodiscard]] std::string_view cookie(std::string_view name) const;
};

struct Response {
    unsigned status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string content_type = "text/html; charset=utf-8";
};

using Handler = std::function<Response(const Request&)>;

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;  // 0: any free port
    unsigned io_threads = 1;
    unsigned workers = 4;  // handlers may block; each runs on a worker
    std::size_t header_bytes = 16u << 10;
    std::size_t body_bytes = 1u << 21;
    std::size_t connections = 2'000;            // beyond it the one that has kept us waiting longest is closed
    std::size_t connections_of_one = 500;       // address; beyond it 503 and closed. 0: no limit
    std::size_t body_bytes_of_one = 64u << 20;  // that one address is sending at one time; beyond it 503
    std::size_t body_bytes_of_all = 256u << 20;
    std::size_t waiting = 512;  // requests read and not yet taken by a worker; beyond it the answer is 503
    std::chrono::seconds header_wait{10};
    std::chrono::seconds body_wait{30};
    std::chrono::seconds write_wait{30};
    std::chrono::seconds idle_wait{10};
    std::chrono::seconds goodbye_wait{2};  // for a client to read the last answer while it still sends
};

// "127.0.0.1:8080", "[::1]:8080", ":8080".
Result<std::pair<std::string, std::uint16_t>> parse_listen(std::string_view);

// HTTP/1.1 on Boost.Beast. On top of Beast's own parser it refuses: what HeaderScan refuses, no Host or several, any
// framing header twice, a Transfer-Encoding other than chunked or in HTTP/1.0, an absolute or malformed target. What is
// refused closes the connection. Deadlines are absolute, so dripping bytes does not extend them.
class Server {
public:
    static Result<std::unique_ptr<Server>> start(const ServerOptions&, Handler);
    ~Server();  // drains: what is being answered is answered, at most `write_wait`
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    [[nodiscard]] std::uint16_t port() const;

private:
    struct State;
    explicit Server(std::unique_ptr<State>);
    std::unique_ptr<State> state_;
};

}  // namespace waymark::web
