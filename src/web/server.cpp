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

#include "base/text.hpp"
#include "web/http.hpp"

namespace waymark::web {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

std::string_view view_of(beast::string_view text) {
    return {text.data(), text.size()};
}

// Why a request is refused before any handler sees it; 0: it is not.
unsigned refusal_of(const http::request<http::string_body>& message) {
    if (message.count(http::field::host) != 1) return 400;
    if (const auto encoding = message.find(http::field::transfer_encoding); encoding != message.end()) {
        if (!beast::iequals(encoding->value(), "chunked")) return 501;
    }
    if (message.method() != http::verb::get && message.method() != http::verb::head &&
        message.method() != http::verb::post)
        return 405;
    if (message.target().empty() || message.target().front() != '/') return 400;
    return 0;
}

void read_cookies(std::string_view header, std::map<std::string, std::string, std::less<>>& cookies) {
    for (const std::string_view part : split(header, ';')) {
        const std::string_view pair = trim(part);
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos || cookies.size() >= 50) continue;
        cookies.emplace(std::string(pair.substr(0, equals)), std::string(pair.substr(equals + 1)));
    }
}

std::optional<Request> to_request(http::request<http::string_body>&& message, std::string peer) {
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
    read_cookies(request.header("cookie"), request.cookies);
    request.body = std::move(message.body());
    request.peer = std::move(peer);
    return request;
}

Response plain(unsigned status, std::string text) {
    Response response;
    response.status = status;
    response.content_type = "text/plain; charset=utf-8";
    response.body = std::move(text);
    return response;
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
    std::atomic<std::size_t> connections = 0;
    std::atomic<bool> draining = false;
    Shared(const ServerOptions& o, Handler h)
        : options(o), handler(std::move(h)), workers(std::make_unique<Workers>(o.workers, o.waiting)) {}
};

class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(tcp::socket&& socket, Shared& shared) : stream_(std::move(socket)), shared_(shared) {
        ++shared_.connections;
    }
    ~Connection() { --shared_.connections; }

    void start() {
        beast::error_code ignored;
        stream_.socket().set_option(tcp::no_delay(true), ignored);
        const auto endpoint = stream_.socket().remote_endpoint(ignored);
        if (!ignored) peer_ = endpoint.address().to_string();
        read_header();
    }

    // Closes a connection that waits between requests; one that is being answered goes on.
    void stop_if_idle() {
        asio::post(stream_.get_executor(), [self = shared_from_this()] {
            if (!self->busy_) self->close();
        });
    }

private:
    void read_header() {
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(shared_.options.header_bytes));
        parser_->body_limit(shared_.options.body_bytes);
        busy_ = false;
        stream_.expires_after(first_ ? shared_.options.header_wait : shared_.options.idle_wait);
        // What came with the request before stands in the buffer; the header is read whole first, because Beast joins
        // folded lines while it parses and a folded line must be refused.
        raw_ = beast::buffers_to_string(buffer_.data());
        buffer_.consume(buffer_.size());
        asio::async_read_until(
            stream_, asio::dynamic_buffer(raw_, shared_.options.header_bytes + most_ahead), "\r\n\r\n",
            [self = shared_from_this()](beast::error_code error, std::size_t size) { self->on_raw(error, size); });
    }

    void on_raw(beast::error_code error, std::size_t size) {
        if (error == asio::error::not_found || size > shared_.options.header_bytes) return refuse(431);
        if (error) return close();
        const std::string_view header = std::string_view(raw_).substr(0, size);
        if (header.find("\r\n ") != std::string_view::npos || header.find("\r\n\t") != std::string_view::npos)
            return refuse(400);
        asio::buffer_copy(buffer_.prepare(raw_.size()), asio::buffer(raw_));
        buffer_.commit(raw_.size());
        http::async_read_header(
            stream_, buffer_, *parser_,
            [self = shared_from_this()](beast::error_code read, std::size_t) { self->on_header(read); });
    }

    void on_header(beast::error_code error) {
        first_ = false;
        if (error) return on_read_error(error);
        busy_ = true;
        head_only_ = parser_->get().method() == http::verb::head;
        if (const unsigned status = refusal_of(parser_->get())) return refuse(status);
        stream_.expires_after(shared_.options.body_wait);
        if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) return answer_continue();
        read_body();
    }

    void answer_continue() {
        static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        asio::async_write(stream_, asio::buffer(go_on.data(), go_on.size()),
                          [self = shared_from_this()](beast::error_code error, std::size_t) {
                              if (!error) self->read_body();
                          });
    }

    void read_body() {
        http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](beast::error_code error, std::size_t) {
            if (error) return self->on_read_error(error);
            self->dispatch();
        });
    }

    void on_read_error(beast::error_code error) {
        if (error == http::error::end_of_stream || error == beast::error::timeout ||
            error == asio::error::operation_aborted || error == asio::error::connection_reset ||
            error == asio::error::eof) {
            return close();
        }
        if (error == http::error::header_limit) return refuse(431);
        if (error == http::error::body_limit) return refuse(413);
        if (error == http::error::bad_transfer_encoding) return refuse(501);
        if (error.category() == http::make_error_code(http::error::bad_target).category()) return refuse(400);
        close();
    }

    void refuse(unsigned status) {
        keep_alive_ = false;
        write(plain(
            status,
            status == 413
                ? "Too large: nothing was taken. Go back and shorten the text: what you typed is still in the form.\n"
            : status == 431 ? "Header too large\n"
                            : "Refused\n"));
    }

    void dispatch() {
        auto message = parser_->release();
        keep_alive_ = message.keep_alive() && !shared_.draining;
        auto request = to_request(std::move(message), peer_);
        if (!request) return write(plain(400, "The address of this page is not well formed\n"));
        stream_.expires_never();
        auto work = [self = shared_from_this(), request = std::make_shared<Request>(std::move(*request))] {
            Response response;
            try {
                response = self->shared_.handler(*request);
            } catch (const std::exception&) {
                response = plain(500, "Something went wrong. Nothing that was acknowledged is lost.\n");
            }
            auto held = std::make_shared<Response>(std::move(response));
            asio::post(self->stream_.get_executor(), [self, held] { self->write(std::move(*held)); });
        };
        if (!shared_.workers->submit(std::move(work)))
            write(plain(503, "Too many people at once. Try again in a moment.\n"));
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
        if (error || !keep_alive_ || shared_.draining) return close();
        head_only_ = false;
        read_header();
    }

    void close() {
        beast::error_code ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
        stream_.close();
    }

    beast::tcp_stream stream_;
    Shared& shared_;
    static constexpr std::size_t most_ahead = 1u
                                              << 16;  // of a body, or of the next request, that may come with a header
    std::string raw_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    std::string peer_;
    bool keep_alive_ = true;
    bool head_only_ = false;
    bool first_ = true;
    bool busy_ = false;
};

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
    std::uint16_t port = 0;

    void accept() {
        acceptor->async_accept(asio::make_strand(io), [this](beast::error_code error, tcp::socket socket) {
            if (error == asio::error::operation_aborted) return;
            if (!error && shared->connections < shared->options.connections) {
                auto connection = std::make_shared<Connection>(std::move(socket), *shared);
                {
                    const std::scoped_lock lock(mutex);
                    connections.remove_if([](const auto& weak) { return weak.expired(); });
                    connections.push_back(connection);
                }
                connection->start();
            }
            accept();
        });
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
