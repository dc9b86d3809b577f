// The one place that knows Boost.Beast. Completion handlers, no coroutines: g++ 12 destroys a lambda's captures twice
// inside co_await. Each connection is a chain read header -> read body -> worker -> write -> read header, and holds
// itself alive.
#include <atomic>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <thread>

#include <sys/resource.h>

#include "base/text.hpp"
#include "web/guests.hpp"
#include "web/header_scan.hpp"
#include "web/http.hpp"
#include "web/security.hpp"

namespace waymark::web {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

std::string_view view_of(beast::string_view text) {
    return {text.data(), text.size()};
}

// Names and addresses as a Host header may hold them, with a port.
bool is_host(std::string_view host) {
    return !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
               c == '_' || c == ':' || c == '[' || c == ']';
    });
}

// Beast takes a list of equal numbers; RFC 9112 section 6.3 lets a server refuse it, and a proxy may read the first.
bool is_length(std::string_view text) {
    return !text.empty() && text.size() <= 19 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Of these a second one could be read by a proxy in front where we read the first.
constexpr std::array<http::field, 7> once{
    http::field::host,   http::field::content_length, http::field::content_type, http::field::transfer_encoding,
    http::field::cookie, http::field::origin,         http::field::expect};

// Why a request is refused before any handler sees it; 0: it is not.
unsigned refusal_of(const http::request<http::string_body>& message) {
    for (const http::field name : once) {
        if (message.count(name) > 1) return 400;
    }
    if (!is_host(view_of(message[http::field::host]))) return 400;
    if (const auto length = message.find(http::field::content_length);
        length != message.end() && !is_length(view_of(length->value())))
        return 400;
    if (const auto encoding = message.find(http::field::transfer_encoding); encoding != message.end()) {
        if (message.version() < 11 || message.count(http::field::content_length) > 0) return 400;
        if (!beast::iequals(encoding->value(), "chunked")) return 501;
    }
    if (message.method() != http::verb::get && message.method() != http::verb::head &&
        message.method() != http::verb::post)
        return 405;
    if (message.target().empty() || message.target().front() != '/') return 400;
    if (message.count(http::field::expect) > 0 && !beast::iequals(message[http::field::expect], "100-continue"))
        return 417;
    return 0;
}

// All but the body, from the header alone: what a trailer says after the body is not believed.
std::optional<Request> to_request(const http::request<http::string_body>& message, std::string peer) {
    Request request;
    request.method = message.method() == http::verb::post   ? Method::post
                     : message.method() == http::verb::head ? Method::head
                                                            : Method::get;
    auto target = parse_target(view_of(message.target()));
    if (!target) return std::nullopt;
    request.target = std::move(*target);
    for (const auto& field : message) {
        request.headers.emplace(to_lower_ascii(view_of(field.name_string())), std::string(view_of(field.value())));
    }
    request.cookies = parse_cookies(request.header("cookie"));
    request.peer = std::move(peer);
    return request;
}

Response plain(unsigned status, std::string text) {
    Response response;
    response.status = status;
    response.content_type = "text/plain; charset=utf-8";
    response.body = std::move(text);
    if (status == 405) response.headers.emplace_back("Allow", "GET, HEAD, POST");
    if (status == 503) response.headers.emplace_back("Retry-After", "5");
    secure(response, false);
    return response;
}

const char* words_for(unsigned status) {
    switch (status) {
        case 405:
            return "This server answers GET, HEAD and POST\n";
        case 413:
            return "Too large: nothing was taken. Go back and shorten the text: what you typed is still in the form.\n";
        case 414:
            return "The address is too long\n";
        case 431:
            return "Header too large\n";
        case 503:
            return "Too many people at once. Nothing was taken. Go back and try again in a moment.\n";
        default:
            return "Refused\n";
    }
}

// A fixed number of threads that run blocking handlers, with a bounded queue.
class Workers {
public:
    Workers(unsigned count, std::size_t most) : most_(most) {
        for (unsigned i = 0; i < count; ++i) threads_.emplace_back([this] { run(); });
    }
    ~Workers() {
        {
            const std::scoped_lock lock(mutex_);
            stopping_ = true;
        }
        ready_.notify_all();
        for (std::thread& thread : threads_) thread.join();
    }
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    bool submit(std::function<void()> work) {
        {
            const std::scoped_lock lock(mutex_);
            if (queue_.size() >= most_) return false;
            queue_.push_back(std::move(work));
        }
        ready_.notify_one();
        return true;
    }

private:
    void run() {
        while (true) {
            std::function<void()> work;
            {
                std::unique_lock lock(mutex_);
                ready_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
                if (queue_.empty()) return;
                work = std::move(queue_.front());
                queue_.pop_front();
            }
            work();
        }
    }
    std::size_t most_;
    std::mutex mutex_;
    std::condition_variable ready_;
    std::list<std::function<void()>> queue_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

struct Shared {
    ServerOptions options;
    Handler handler;
    std::unique_ptr<Workers> workers;
    Guests guests;
    std::atomic<std::size_t> connections = 0;
    std::atomic<bool> draining = false;
    Shared(const ServerOptions& o, Handler h)
        : options(o),
          handler(std::move(h)),
          workers(std::make_unique<Workers>(o.workers, o.waiting)),
          guests({o.connections_of_one, o.body_bytes_of_one, o.body_bytes_of_all}) {}
};

// For async_read_until: ends at the end of the header or at the first byte that refuses it.
class UntilHeader {
public:
    explicit UntilHeader(HeaderScan& scan) : scan_(&scan) {}
    template <class Iterator>
    std::pair<Iterator, bool> operator()(Iterator at, Iterator end) const {
        while (at != end) {
            if (!scan_->take(*at++)) return {at, true};
        }
        return {at, false};
    }

private:
    HeaderScan* scan_;
};

}  // namespace
}  // namespace waymark::web

template <>
struct boost::asio::is_match_condition<waymark::web::UntilHeader> : std::true_type {};

namespace waymark::web {
namespace {

// What a connection is at; one that has kept us waiting may have to give way when there are too many.
enum class Phase { header, body, handler, answer, goodbye };

class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(tcp::socket&& socket, Shared& shared, std::string peer)
        : stream_(std::move(socket)), shared_(shared), peer_(std::move(peer)), share_(share_of(peer_)) {
        ++shared_.connections;
    }
    ~Connection() {
        release_body();
        shared_.guests.leave(share_);
        --shared_.connections;
    }

    void start() {
        beast::error_code ignored;
        stream_.socket().set_option(tcp::no_delay(true), ignored);
        read_header();
    }

    // Closes a connection that waits between requests; one that is being answered goes on.
    void stop_if_idle() {
        asio::post(stream_.get_executor(), [self = shared_from_this()] {
            if (self->phase_ == Phase::header || self->phase_ == Phase::goodbye) self->close();
        });
    }
    // Closes a connection that waits for its client, to make room for another.
    void give_way() {
        leaving_ = true;
        asio::post(stream_.get_executor(), [self = shared_from_this()] {
            if (self->phase_ != Phase::handler) return self->close();
            self->leaving_ = false;
        });
    }
    // Whether it may be asked to give way: nothing of it is being worked on, and it has not been asked yet.
    [[nodiscard]] bool may_leave() const { return !leaving_ && phase_ != Phase::handler; }
    [[nodiscard]] Phase phase() const { return phase_; }
    [[nodiscard]] const std::string& share() const { return share_; }

private:
    void read_header() {
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(shared_.options.header_bytes));
        parser_->body_limit(shared_.options.body_bytes);
        parser_->eager(true);
        phase_ = Phase::header;
        scan_ = HeaderScan({.bytes = shared_.options.header_bytes});
        stream_.expires_after(first_ ? shared_.options.header_wait : shared_.options.idle_wait);
        // What came with the request before stands in the buffer; the header is read whole and checked before Beast
        // sees it, because Beast forgives some of what readers disagree about.
        raw_ = beast::buffers_to_string(buffer_.data());
        buffer_.consume(buffer_.size());
        asio::async_read_until(
            stream_, asio::dynamic_buffer(raw_, shared_.options.header_bytes + most_ahead), UntilHeader(scan_),
            [self = shared_from_this()](beast::error_code error, std::size_t) { self->on_raw(error); });
    }

    void on_raw(beast::error_code error) {
        if (error == asio::error::not_found) return refuse(431);
        if (error) return close();
        if (const unsigned status = scan_.refused()) return refuse(status);
        asio::buffer_copy(buffer_.prepare(raw_.size()), asio::buffer(raw_));
        buffer_.commit(raw_.size());
        http::async_read_header(
            stream_, buffer_, *parser_,
            [self = shared_from_this()](beast::error_code read, std::size_t) { self->on_header(read); });
    }

    void on_header(beast::error_code error) {
        first_ = false;
        if (error) return on_read_error(error);
        head_only_ = parser_->get().method() == http::verb::head;
        if (const unsigned status = refusal_of(parser_->get())) return refuse(status);
        keep_alive_ = parser_->get().version() == 11 && parser_->get().keep_alive();
        request_ = to_request(parser_->get(), peer_);
        if (!request_) return refuse(400);
        phase_ = Phase::body;
        stream_.expires_after(shared_.options.body_wait);
        if (parser_->get().count(http::field::expect) > 0 && parser_->get().version() == 11) return answer_continue();
        read_body();
    }

    void answer_continue() {
        static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        asio::async_write(stream_, asio::buffer(go_on.data(), go_on.size()),
                          [self = shared_from_this()](beast::error_code error, std::size_t) {
                              if (error) return self->close();
                              self->read_body();
                          });
    }

    // Piece by piece, so that what is held for slow bodies is counted as it comes.
    void read_body() {
        const std::size_t size = parser_->get().body().size();
        if (size > held_) {
            if (!shared_.guests.hold(share_, size - held_)) return refuse(503);
            held_ = size;
        }
        if (parser_->is_done()) return dispatch();
        http::async_read_some(stream_, buffer_, *parser_,
                              [self = shared_from_this()](beast::error_code error, std::size_t) {
                                  if (error) return self->on_read_error(error);
                                  self->read_body();
                              });
    }

    void release_body() {
        if (held_ > 0) shared_.guests.release(share_, held_);
        held_ = 0;
    }

    void on_read_error(beast::error_code error) {
        if (error == http::error::header_limit || error == http::error::buffer_overflow) return refuse(431);
        if (error == http::error::body_limit) return refuse(413);
        if (error == http::error::end_of_stream || error == http::error::partial_message) return close();
        if (error.category() == http::make_error_code(http::error::bad_target).category()) return refuse(400);
        close();
    }

    // Whatever follows on this connection cannot be trusted to be a request: it is closed.
    void refuse(unsigned status) {
        keep_alive_ = false;
        write(plain(status, words_for(status)));
    }

    void dispatch() {
        if (shared_.draining) keep_alive_ = false;
        phase_ = Phase::handler;
        stream_.expires_never();
        request_->body = std::move(parser_->get().body());
        auto work = [self = shared_from_this(), request = std::make_shared<Request>(std::move(*request_))] {
            Response response;
            try {
                response = self->shared_.handler(*request);
            } catch (const std::exception&) {
                response = plain(500, "Something went wrong. Nothing that was acknowledged is lost.\n");
            }
            auto held = std::make_shared<Response>(std::move(response));
            asio::post(self->stream_.get_executor(), [self, held] { self->write(std::move(*held)); });
        };
        if (!shared_.workers->submit(std::move(work))) refuse(503);
    }

    void write(Response&& response) {
        auto message = std::make_shared<http::response<http::string_body>>(http::status(response.status), 11);
        message->set(http::field::content_type, response.content_type);
        for (const auto& [name, value] : response.headers) message->insert(name, value);
        message->keep_alive(keep_alive_);
        message->body() = std::move(response.body);
        message->prepare_payload();
        if (head_only_) {
            // The length of what GET would answer, without the body.
            const std::string length = std::to_string(message->body().size());
            message->body().clear();
            message->set(http::field::content_length, length);
        }
        phase_ = Phase::answer;
        stream_.expires_after(shared_.options.write_wait);
        if (head_only_) {
            auto serializer = std::make_shared<http::response_serializer<http::string_body>>(*message);
            http::async_write_header(stream_, *serializer,
                                     [self = shared_from_this(), message, serializer](
                                         beast::error_code error, std::size_t) { self->on_written(error); });
            return;
        }
        http::async_write(
            stream_, *message,
            [self = shared_from_this(), message](beast::error_code error, std::size_t) { self->on_written(error); });
    }

    void on_written(beast::error_code error) {
        release_body();
        if (error || shared_.draining) return close();
        if (!keep_alive_) return say_goodbye();
        head_only_ = false;
        read_header();
    }

    // A client that is still sending must read our answer before its bytes meet a closed socket and the reset throws
    // the answer away: so what still comes is read and forgotten, for a moment.
    void say_goodbye() {
        beast::error_code ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
        phase_ = Phase::goodbye;
        stream_.expires_after(shared_.options.goodbye_wait);
        raw_.assign(goodbye_bytes, '\0');
        read_away();
    }
    void read_away() {
        stream_.async_read_some(asio::buffer(raw_), [self = shared_from_this()](beast::error_code error, std::size_t) {
            if (error) return self->close();
            self->read_away();
        });
    }

    void close() {
        beast::error_code ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
        stream_.close();
    }

    beast::tcp_stream stream_;
    Shared& shared_;
    // Of a body, or of the next request, that may come with a header.
    static constexpr std::size_t most_ahead = 1u << 16;
    static constexpr std::size_t goodbye_bytes = 1u << 13;
    std::string raw_;
    // Beast keeps a chunk's extension and the trailers here until they end: they end here, or the request does.
    beast::flat_buffer buffer_{2 * most_ahead};
    HeaderScan scan_;
    std::optional<http::request_parser<http::string_body>> parser_;
    std::optional<Request> request_;
    std::string peer_;
    std::string share_;
    std::size_t held_ = 0;  // bytes of a body that are counted as this address's
    std::atomic<Phase> phase_ = Phase::header;
    std::atomic<bool> leaving_ = false;
    bool keep_alive_ = true;
    bool head_only_ = false;
    bool first_ = true;
};

// As many files as there may be connections, and some for the store and the log.
void raise_file_limit(std::size_t connections) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    const rlim_t wanted = static_cast<rlim_t>(connections) + 512;
    if (limit.rlim_cur >= wanted) return;
    limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? wanted : std::min<rlim_t>(limit.rlim_max, wanted);
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
    const auto it = headers.find(name);
    return it == headers.end() ? std::string_view{} : std::string_view(it->second);
}

std::string_view Request::cookie(std::string_view name) const {
    const auto it = cookies.find(name);
    return it == cookies.end() ? std::string_view{} : std::string_view(it->second);
}

Result<std::pair<std::string, std::uint16_t>> parse_listen(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    const auto refuse = [&] {
        return invalid("--listen", "'" + std::string(text) + "' is not an address and port",
                       "write 127.0.0.1:8080 or [::1]:8080");
    };
    if (colon == std::string_view::npos) return refuse();
    std::string address(text.substr(0, colon));
    if (address.size() >= 2 && address.front() == '[' && address.back() == ']')
        address = address.substr(1, address.size() - 2);
    if (address.empty()) address = "0.0.0.0";
    if (address == "localhost") address = "127.0.0.1";
    const std::string_view digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size() || digits.empty()) return refuse();
    boost::system::error_code ignored;
    asio::ip::make_address(address, ignored);
    if (ignored) return refuse();
    return std::pair{address, port};
}

struct Server::State {
    std::unique_ptr<Shared> shared;  // outlives the connections that the context holds
    asio::io_context io;
    std::optional<tcp::acceptor> acceptor;
    std::optional<asio::executor_work_guard<asio::io_context::executor_type>> guard;
    std::vector<std::thread> threads;
    std::mutex mutex;
    std::list<std::weak_ptr<Connection>> connections;
    std::optional<asio::steady_timer> pause;
    std::uint16_t port = 0;
    // Those that give way are still counted until they have closed.
    static constexpr std::size_t overshoot = 256;

    void accept() {
        acceptor->async_accept(asio::make_strand(io), [this](beast::error_code error, tcp::socket socket) {
            if (error == asio::error::operation_aborted) return;
            if (!error) return take(std::move(socket));
            // No file is left, or the client has gone: room is made, and a moment waited instead of spinning.
            make_room();
            pause.emplace(io, std::chrono::milliseconds(20));
            pause->async_wait([this](beast::error_code stopped) {
                if (!stopped && !shared->draining) accept();
            });
        });
    }

    void take(tcp::socket socket) {
        beast::error_code error;
        const auto endpoint = socket.remote_endpoint(error);
        const std::string peer = error ? std::string() : endpoint.address().to_string();
        const std::size_t now = shared->connections;
        const std::size_t most = shared->options.connections;
        if (now >= most) make_room();
        if (error || now >= most + overshoot || !shared->guests.admit(share_of(peer))) {
            turn_away(socket);
            return accept();
        }
        auto connection = std::make_shared<Connection>(std::move(socket), *shared, peer);
        {
            const std::scoped_lock lock(mutex);
            connections.remove_if([](const auto& weak) { return weak.expired(); });
            connections.push_back(connection);
        }
        connection->start();
        accept();
    }

    static void turn_away(tcp::socket& socket) {
        static constexpr std::string_view words =
            "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\nCache-Control: no-store\r\n"
            "Content-Type: text/plain\r\nContent-Length: 50\r\n\r\nToo many connections. Try again in a few seconds.\n";
        beast::error_code ignored;
        socket.non_blocking(true, ignored);
        socket.write_some(asio::buffer(words.data(), words.size()), ignored);
        socket.shutdown(tcp::socket::shutdown_both, ignored);
    }

    // The oldest connection that keeps us waiting gives way, of the address that holds most; one that reads our answer
    // slowly only where no other waits.
    void make_room() {
        const std::scoped_lock lock(mutex);
        std::shared_ptr<Connection> victim;
        std::pair<bool, std::size_t> worst{};
        for (const auto& weak : connections) {
            auto connection = weak.lock();
            if (!connection || !connection->may_leave()) continue;
            const std::pair<bool, std::size_t> how{connection->phase() != Phase::answer,
                                                   shared->guests.connections(connection->share())};
            if (victim && how <= worst) continue;
            victim = std::move(connection);
            worst = how;
        }
        if (victim) victim->give_way();
    }
};

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Handler handler) {
    auto state = std::make_unique<State>();
    state->shared = std::make_unique<Shared>(options, std::move(handler));
    beast::error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    const std::string shown = options.address + ":" + std::to_string(options.port);
    if (error) return invalid("--listen", options.address + " is not an address");
    const tcp::endpoint endpoint(address, options.port);
    state->acceptor.emplace(state->io);
    state->acceptor->open(endpoint.protocol(), error);
    if (!error) state->acceptor->set_option(asio::socket_base::reuse_address(true), error);
    if (!error) state->acceptor->bind(endpoint, error);
    if (!error) state->acceptor->listen(asio::socket_base::max_listen_connections, error);
    if (error) {
        return fault(FaultKind::unavailable, shown, "this address cannot be listened on: " + error.message(),
                     "another server may be there; choose another with --listen 127.0.0.1:PORT");
    }
    raise_file_limit(options.connections);
    state->port = state->acceptor->local_endpoint().port();
    state->guard.emplace(asio::make_work_guard(state->io));
    state->accept();
    for (unsigned i = 0; i < std::max(1u, options.io_threads); ++i) {
        state->threads.emplace_back([io = &state->io] { io->run(); });
    }
    return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::~Server() {
    if (!state_) return;
    State& s = *state_;
    s.shared->draining = true;
    asio::post(s.io, [&s] {
        beast::error_code ignored;
        s.acceptor->close(ignored);
        const std::scoped_lock lock(s.mutex);
        for (const auto& weak : s.connections) {
            if (auto connection = weak.lock()) connection->stop_if_idle();
        }
    });
    const auto deadline = std::chrono::steady_clock::now() + s.shared->options.write_wait;
    while (s.shared->connections > 0 && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    s.guard.reset();
    s.io.stop();
    for (std::thread& thread : s.threads) thread.join();
    s.shared->workers.reset();  // a handler that is still at work posts to the context: it must be there until then
}

std::uint16_t Server::port() const {
    return state_->port;
}

}  // namespace waymark::web
