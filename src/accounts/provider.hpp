#pragma once
// One identity provider as this program asks it: its discovery document, its keys, and its token endpoint. What comes
// back is bounded, timed and believed only over a verified TLS connection; a redirect is an error. Sources: OpenID
// Connect Discovery 1.0; RFC 8414; RFC 6749 section 4.1.3; RFC 7636.
#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "accounts/issuers.hpp"
#include "accounts/jws.hpp"
#include "base/system.hpp"

namespace waymark::accounts {

struct FetchRequest {
    std::string url;              // https
    std::string form{};           // a POST of this where not empty
    std::string authorization{};  // header
    std::string ca_file{};        // empty: the system's
    std::size_t most_bytes = 64u << 10;
    std::chrono::milliseconds within{8'000};  // in all, from the first look-up to the last byte
};
struct Fetched {
    unsigned status = 0;
    std::string content_type;
    std::string body;
};
// Implemented where the network is (web/fetch.hpp); tests have their own. Faults are `unavailable`.
using Fetch = std::function<Result<Fetched>(const FetchRequest&)>;

struct Discovery {
    std::string authorization_endpoint;
    std::string token_endpoint;
    std::string jwks_uri;
    bool sends_iss = false;  // RFC 9207
};
// Strict; `issuer` must be the one that was asked, to the letter.
Result<Discovery> parse_discovery(std::string_view text, std::string_view issuer);

struct Tokens {
    std::string id_token;
    std::string access_token;
};
Result<Tokens> parse_token_answer(const Fetched&);

class Provider {
public:
    Provider(IssuerSettings settings, Fetch fetch) : settings_(std::move(settings)), fetch_(std::move(fetch)) {}

    [[nodiscard]] const IssuerSettings& settings() const { return settings_; }
    // Kept for an hour; a failure for five seconds.
    Result<Discovery> discovery(Instant now);
    // The keys that may have signed this: asked for anew after an hour, or when a name is unknown and the last asking
    // was a minute ago or more.
    Result<std::shared_ptr<const KeySet>> keys_for(const Jws&, Instant now);
    Result<Tokens> exchange(std::string_view code, std::string_view verifier, std::string_view redirect_uri,
                            Instant now);

private:
    Result<Fetched> ask(FetchRequest);
    const IssuerSettings settings_;
    const Fetch fetch_;
    std::timed_mutex asking_;  // one question at a time: a slow provider holds one worker and not all
    std::mutex mutex_;         // of what follows
    std::optional<Discovery> discovery_;
    Instant discovered_;
    Instant failed_;
    std::shared_ptr<const KeySet> keys_;
    Instant keyed_;       // when the keys count as fetched; put off where a fetch is under way
    Instant good_since_;  // when the provider last gave them
};

// Every provider of this server. Shared by its threads.
class Providers {
public:
    Providers(SignInSettings settings, const Fetch& fetch);
    [[nodiscard]] const SignInSettings& settings() const { return settings_; }
    [[nodiscard]] Provider* find(std::string_view key) const;  // nullptr where there is none
    // Where a provider sends people back to; each has its own.
    [[nodiscard]] std::string redirect_uri(const IssuerSettings&) const;

private:
    SignInSettings settings_;
    std::vector<std::unique_ptr<Provider>> all_;
};

}  // namespace waymark::accounts
