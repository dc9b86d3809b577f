// Bytes on a real connection to the server. A request reaches the handler only as what it says it is; an answer that
// refuses is the last on its connection; and the scan of the header agrees with a plain reading of the rules.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <memory>

#include "support.hpp"
#include "web/header_scan.hpp"
#include "web/http.hpp"

namespace {

using namespace waymark;
using fuzzing::must;

std::atomic<int> asked = 0;

web::Response handle(const web::Request& request) {
    ++asked;
    must(!request.target.path.empty() || request.target.segments.empty());
    must(!request.header("host").empty());
    must(request.cookies.size() <= 50);
    for (const auto& [name, value] : request.headers) {
        must(!name.empty() && name.find_first_of("\r\n \t:") == std::string::npos);
        must(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    }
    web::Response response;
    response.body = "answered";
    return response;
}

web::Server& server() {
    static const auto running = [] {
        web::ServerOptions options;
        options.port = 0;
        options.workers = 1;
        options.goodbye_wait = std::chrono::seconds(1);
        options.connections_of_one = 0;
        return web::Server::start(options, handle).value();
    }();
    return *running;
}

std::string exchanged(std::string_view bytes) {
    const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(client >= 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server().port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // Closed at once, and each from another address of this machine: where the server closes first the pair of ports
    // stays taken for a minute, and hundreds of thousands of runs would use them up.
    const linger now{1, 0};
    ::setsockopt(client, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    static std::uint32_t runs = 0;
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl(0x7f010001u + runs++ % 0xfffeu);
    must(::bind(client, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0);
    must(::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    while (!bytes.empty()) {
        const ssize_t sent = ::send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) break;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    ::shutdown(client, SHUT_WR);
    std::string all;
    char buffer[4096];
    for (ssize_t got = 0; (got = ::recv(client, buffer, sizeof buffer, 0)) > 0;)
        all.append(buffer, static_cast<std::size_t>(got));
    ::close(client);
    return all;
}

// The rules once more, without a machine: the first empty line, every line whole and clean before it.
bool plainly_whole(std::string_view header, const web::HeaderLimits& limits) {
    const std::size_t end = header.find("\r\n\r\n");
    if (end == std::string_view::npos || end + 4 > limits.bytes || end == 0) return false;
    std::string_view rest = header.substr(0, end + 2);
    std::size_t lines = 0;
    while (!rest.empty()) {
        const std::size_t stop = rest.find("\r\n");
        const std::string_view line = rest.substr(0, stop);
        if (line.empty() || line.front() == ' ' || line.front() == '\t') return false;
        for (const char c : line) {
            const auto byte = static_cast<unsigned char>(c);
            if ((byte < 0x20 && c != '\t') || byte == 0x7f) return false;
        }
        if (lines == 0 && line.size() > limits.line_bytes) return false;
        if (++lines > limits.lines) return false;
        rest.remove_prefix(stop + 2);
    }
    return true;
}

void scan(std::string_view text) {
    const web::HeaderLimits limits{.bytes = 512, .line_bytes = 64, .lines = 8};
    web::HeaderScan scan(limits);
    for (const char c : text) {
        if (!scan.take(c)) break;
    }
    must(scan.whole() == plainly_whole(text, limits));
    must(!scan.whole() || scan.refused() == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > (1u << 16)) return 0;
    const auto text = fuzzing::text_of(data, size);
    scan(text);
    asked = 0;
    const std::string answer = exchanged(text);
    int answers = 0;
    bool refused = false;
    for (std::size_t at = answer.find("HTTP/1.1 "); at != std::string::npos; at = answer.find("HTTP/1.1 ", at + 1)) {
        if (answer.compare(at + 9, 3, "100") == 0) continue;
        must(!refused);
        refused = answer.compare(at + 9, 3, "200") != 0;
        ++answers;
    }
    must(answers <= asked + 1);
    return 0;
}
