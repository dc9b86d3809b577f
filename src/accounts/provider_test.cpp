// What is kept of a provider, for how long, and what a rotation of its keys does; its settings and its address.
#include "accounts/provider.hpp"

#include <doctest/doctest.h>

#include <map>

#include "accounts/url.hpp"
#include "support/token_maker.hpp"

using namespace waymark;
using namespace std::chrono_literals;
using testing::TokenMaker;

namespace {

constexpr const char* issuer_url = "https://login.example";

// A provider that answers from this object, and counts.
struct Network {
    std::string keys;
    bool down = false;
    std::map<std::string, int> asked{};
    accounts::Fetch fetch() {
        return [this](const accounts::FetchRequest& request) -> Result<accounts::Fetched> {
            const std::string path = request.url.substr(request.url.rfind('/') + 1);
            ++asked[path];
            if (down) return fault(FaultKind::unavailable, "login.example", "it does not answer");
            if (path == "jwks") return accounts::Fetched{200, "application/json", "{\"keys\":[" + keys + "]}"};
            return accounts::Fetched{
                200, "application/json; charset=utf-8",
                R"({"issuer":"https://login.example","authorization_endpoint":"https://login.example/a",)"
                R"("token_endpoint":"https://login.example/t","jwks_uri":"https://login.example/jwks"})"};
        };
    }
};

accounts::IssuerSettings settings() {
    accounts::IssuerSettings out;
    out.key = "council";
    out.url = issuer_url;
    out.client_id = "waymark";
    return out;
}

accounts::Jws read(const std::string& token) {
    auto jws = accounts::parse_jws(token, {"jwt"});
    REQUIRE(jws);
    return *jws;
}

const accounts::SecretSource no_secrets{
    [](const std::string&) -> Result<std::string> { return invalid("file", "there is no such file"); },
    [](const std::string& name) {
        return name == "SECRET" ? std::optional<std::string>(" hush\n") : std::optional<std::string>{};
    }};

Result<accounts::SignInSettings> parsed(const std::string& text) {
    return accounts::parse_sign_in_settings(text, "sign-in.toml", no_secrets);
}

const std::string least_issuer = R"([[issuer]]
key = "council"
name = "Council"
url = "https://login.example"
client_id = "waymark"
)";

}  // namespace

TEST_CASE("keys are kept for an hour; a new name of a key is asked after at most once a minute") {
    const TokenMaker old_key("old");
    const TokenMaker new_key("new");
    Network network{old_key.jwk()};
    accounts::Provider provider(settings(), network.fetch());
    Instant now = *parse_instant("2026-03-02T09:00:00Z");
    const auto verified = [&](const TokenMaker& maker) {
        const auto token = read(maker.sign("{}"));
        const auto keys = provider.keys_for(token, now);
        return keys.has_value() && (*keys)->verifies(token);
    };
    CHECK(verified(old_key));
    CHECK(verified(old_key));
    CHECK(network.asked["jwks"] == 1);
    CHECK(network.asked["openid-configuration"] == 1);

    network.keys = new_key.jwk() + "," + old_key.jwk();  // rotated
    CHECK_FALSE(verified(new_key));                      // a minute has not passed: nobody can make us ask and ask
    CHECK(network.asked["jwks"] == 1);
    now = now + 60s;
    CHECK(verified(new_key));
    CHECK(verified(old_key));
    CHECK(network.asked["jwks"] == 2);

    network.keys = new_key.jwk();  // the old one is withdrawn
    now = now + 59min;
    CHECK(verified(old_key));
    now = now + 1min;
    CHECK_FALSE(verified(old_key));
    CHECK(verified(new_key));
    CHECK(network.asked["jwks"] == 3);

    const TokenMaker unknown("unknown");
    for (int i = 0; i < 50; ++i) CHECK_FALSE(verified(unknown));
    now = now + 61s;
    for (int i = 0; i < 50; ++i) CHECK_FALSE(verified(unknown));
    CHECK(network.asked["jwks"] == 4);
}

TEST_CASE("keys that were good stand for a day where the provider cannot be asked") {
    const TokenMaker key("key");
    Network network{key.jwk()};
    accounts::Provider provider(settings(), network.fetch());
    Instant now = *parse_instant("2026-03-02T09:00:00Z");
    const auto token = read(key.sign("{}"));
    REQUIRE(provider.keys_for(token, now));
    network.down = true;
    now = now + 2h;
    CHECK(provider.keys_for(token, now));
    now = now + 24h;
    CHECK_FALSE(provider.keys_for(token, now));
}

TEST_CASE("a provider that failed is not asked again for five seconds") {
    Network network{};
    network.down = true;
    accounts::Provider provider(settings(), network.fetch());
    Instant now = *parse_instant("2026-03-02T09:00:00Z");
    for (int i = 0; i < 20; ++i) CHECK_FALSE(provider.discovery(now));
    CHECK(network.asked["openid-configuration"] == 1);
    network.down = false;
    now = now + 5s;
    CHECK(provider.discovery(now));
    now = now + 59min;
    CHECK(provider.discovery(now));
    CHECK(network.asked["openid-configuration"] == 2);
}

TEST_CASE("an address is https, whole, and of one host to every reader") {
    const auto url = accounts::parse_https_url("https://login.example:8443/a/b?c=d");
    REQUIRE(url);
    CHECK(url->host == "login.example");
    CHECK(url->port == 8443);
    CHECK(url->target == "/a/b?c=d");
    CHECK(url->authority == "login.example:8443");
    CHECK(accounts::parse_https_url("https://login.example")->target == "/");
    CHECK(accounts::parse_https_url("https://login.example?a=b")->target == "/?a=b");
    for (const char* text : {"",
                             "https://",
                             "http://login.example/",
                             "HTTPS://login.example",
                             "https:login.example",
                             "//login.example",
                             "https://user@login.example/",
                             "https://login.example@elsewhere/",
                             "https://login.example\\@elsewhere/",
                             "https://login.example:0/",
                             "https://login.example:99999/",
                             "https://login.example:/",
                             "https://[::1]/",
                             "https://login.example/#a",
                             "https://login example/",
                             "https://login.example/\r\nX: y",
                             "https://-login.example/",
                             "https://login.example/\xc3\xa9",
                             "javascript:alert(1)",
                             "file:///etc/passwd"}) {
        CAPTURE(text);
        CHECK_FALSE(accounts::parse_https_url(text));
    }
    CHECK_FALSE(accounts::parse_https_url("https://login.example/" + std::string(3'000, 'a')));
}

TEST_CASE("the settings of sign-in are read whole") {
    const auto in = parsed(
        "public_url = \"https://waymark.example/\"\nproxies = [\"10.0.0.1\"]\naccounts = false\n"
        "to_administer = \"phishing-resistant\"\n" +
        least_issuer +
        "secret_env = \"SECRET\"\nagencies = [\"csc\"]\nleast = \"password\"\n"
        "amr = {\"mfa\" = \"two-factor\", \"hwk\" = \"phishing-resistant\"}\n"
        "people = {\"oid-1\" = \"a.rahman\"}\n");
    REQUIRE_MESSAGE(in, (in ? "" : describe(in.error())));
    CHECK(in->public_url == "https://waymark.example");
    CHECK_FALSE(in->accounts);
    CHECK(in->to_administer == accounts::Strength::phishing_resistant);
    const auto& issuer = in->issuers.at(0);
    CHECK(issuer.client_secret == "hush");
    CHECK(issuer.least == accounts::Strength::password);
    CHECK(issuer.people.at("oid-1") == "a.rahman");
    const auto strength = [&](const char* claims) {
        return accounts::strength_of(parse_json(claims)->as_object(), issuer.strengths);
    };
    CHECK(strength("{}") == accounts::Strength::password);
    CHECK(strength(R"({"amr":["pwd","mfa"]})") == accounts::Strength::two_factor);
    CHECK(strength(R"({"amr":["mfa","hwk"]})") == accounts::Strength::phishing_resistant);
    CHECK(strength(R"({"amr":"mfa"})") == accounts::Strength::password);
    CHECK(strength(R"({"acr":"mfa"})") == accounts::Strength::password);
}

TEST_CASE("settings that would let the wrong person in, or nobody, are refused with their place") {
    const std::string people = "people = {\"a\" = \"b\"}\n";
    for (const std::string& text : std::vector<std::string>{
             "public_url = \"http://waymark.example\"", "public_url = \"https://waymark.example/path\"", "unknown = 1",
             "to_administer = \"name\"", "to_administer = \"strong\"", least_issuer,
             least_issuer + "claim = \"email\"\n", least_issuer + "claim = \"preferred_username\"\n",
             least_issuer + people + "secret = \"in the clear\"\n", least_issuer + people + "secret_env = \"UNSET\"\n",
             least_issuer + people + "secret_file = \"nowhere\"\n",
             least_issuer + people + "secret_env = \"SECRET\"\nsecret_file = \"x\"\n",
             least_issuer + people + least_issuer + people, least_issuer + "people = [\"a\"]\n",
             least_issuer + people + "amr = {\"mfa\" = \"strong\"}\n",
             "[[issuer]]\nkey = \"local\"\nname = \"x\"\nurl = \"https://x.example\"\nclient_id = \"y\"\n" + people,
             "[[issuer]]\nkey = \"a/b\"\nname = \"x\"\nurl = \"https://x.example\"\nclient_id = \"y\"\n" + people,
             "[[issuer]]\nkey = \"x\"\nname = \"x\"\nurl = \"http://x.example\"\nclient_id = \"y\"\n" + people,
             "[[issuer]]\nkey = \"x\"\nname = \"x\"\nurl = \"https://x.example?a=b\"\nclient_id = \"y\"\n" + people}) {
        CAPTURE(text);
        const auto in = parsed(text);
        REQUIRE_FALSE(in);
        CHECK_FALSE(in.error().reason.empty());
    }
    CHECK(parsed(least_issuer + people));
    CHECK(parsed(least_issuer + "claim = \"waymark_practitioner\"\n"));
}
