// Boost.Beast as a client. Each request has its own io_context, which is run until the answer is there or the time is
// over: dripping bytes does not extend it.
#include "web/fetch.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <optional>

#include "accounts/url.hpp"

namespace waymark::web {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using accounts::Fetched;
using accounts::FetchRequest;
using asio::ip::tcp;

auto unreachable(const std::string& host, std::string_view what) {
    return fault(FaultKind::unavailable, host, fmt::format("could not be asked: {}", what), "Try again in a minute.");
}

// One question and its answer: resolve -> connect -> handshake -> write -> read, each a step that starts the next.
class Asking {
public:
    Asking(asio::ssl::context& tls, const accounts::HttpsUrl& url, const FetchRequest& request)
        : url_(url), resolver_(io_), stream_(io_, tls) {
        message_.version(11);
        message_.method(request.form.empty() ? http::verb::get : http::verb::post);
        message_.target(url.target);
        message_.set(http::field::host, url.authority);
        message_.set(http::field::accept, "application/json");
        message_.set(http::field::connection, "close");
        message_.set(http::field::user_agent, "waymark");
        if (!request.authorization.empty()) message_.set(http::field::authorization, request.authorization);
        if (!request.form.empty()) {
            message_.set(http::field::content_type, "application/x-www-form-urlencoded");
            message_.body() = request.form;
        }
        message_.prepare_payload();
        parser_.body_limit(request.most_bytes);
        parser_.header_limit(16u << 10);
        within_ = request.within;
    }

    Result<Fetched> run() {
        // What SSL_set_tlsext_host_name does, without its cast.
        if (SSL_ctrl(stream_.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                     url_.host.data()) != 1)
            return unreachable(url_.host, "its name cannot be asked for");
        stream_.set_verify_mode(asio::ssl::verify_peer);
        stream_.set_verify_callback(asio::ssl::host_name_verification(url_.host));
        resolver_.async_resolve(url_.host, std::to_string(url_.port), [this](auto error, auto found) {
            if (failed(error, "its name is not known")) return;
            beast::get_lowest_layer(stream_).async_connect(found, [this](auto error2, auto&&) {
                if (failed(error2, "it does not answer")) return;
                shake_hands();
            });
        });
        io_.run_for(within_);
        if (!done_) return unreachable(url_.host, "it took too long");
        if (!fault_.empty()) return unreachable(url_.host, fault_);
        const auto& answer = parser_.get();
        const auto type = answer[http::field::content_type];
        return Fetched{answer.result_int(), std::string(type.data(), type.size()), answer.body()};
    }

private:
    bool failed(const beast::error_code& error, std::string_view what) {
        if (!error) return false;
        fault_ = what;
        done_ = true;
        return true;
    }
    void shake_hands() {
        stream_.async_handshake(asio::ssl::stream_base::client, [this](auto error) {
            if (failed(error, "its certificate is not to be trusted, or it speaks no TLS")) return;
            http::async_write(stream_, message_, [this](auto error2, auto) {
                if (failed(error2, "it broke off")) return;
                http::async_read(stream_, buffer_, parser_, [this](auto error3, auto) {
                    if (failed(error3, error3 == http::error::body_limit ? "its answer is too large"
                                                                         : "its answer is not whole"))
                        return;
                    done_ = true;
                });
            });
        });
    }

    accounts::HttpsUrl url_;
    asio::io_context io_{1};
    tcp::resolver resolver_;
    beast::ssl_stream<beast::tcp_stream> stream_;
    beast::flat_buffer buffer_{128u << 10};
    http::request<http::string_body> message_;
    http::response_parser<http::string_body> parser_;
    std::chrono::milliseconds within_{0};
    std::string fault_;
    bool done_ = false;
};

}  // namespace

accounts::Fetch https_fetch() {
    return [](const FetchRequest& request) -> Result<Fetched> {
        const auto url = accounts::parse_https_url(request.url);
        if (!url) return unreachable("provider", url.error().reason);
        asio::ssl::context tls(asio::ssl::context::tls_client);
        SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
        beast::error_code error;
        if (request.ca_file.empty())
            tls.set_default_verify_paths(error);
        else
            tls.load_verify_file(request.ca_file, error);
        if (error) return unreachable(url->host, "the certificates to trust cannot be read");
        return Asking(tls, *url, request).run();
    };
}

}  // namespace waymark::web
