// What identity providers send, the settings of sign-in, and what people type at it. No token is verified but one that
// a key of the set has signed, and there is none here: whatever comes is refused, or read and not believed.
#include "accounts/held_account.hpp"
#include "accounts/id_token.hpp"
#include "accounts/issuers.hpp"
#include "accounts/jws.hpp"
#include "accounts/local.hpp"
#include "accounts/provider.hpp"
#include "accounts/totp.hpp"
#include "accounts/url.hpp"
#include "support.hpp"

namespace {

using namespace waymark;
using fuzzing::must;
using fuzzing::must_tell;

// Public numbers of a key whose private half nobody has.
constexpr std::string_view some_keys =
    R"({"keys":[{"kty":"EC","crv":"P-256","kid":"a","use":"sig","alg":"ES256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})";

void tokens(std::string_view text) {
    const auto token = accounts::parse_jws(text, {"jwt", "logout+jwt"});
    must_tell(token);
    const auto given = accounts::KeySet::parse(text);
    must_tell(given);
    if (given) must(given->size() <= accounts::most_keys);
    if (!token) return;
    must(text.size() <= accounts::most_token && text.starts_with(token->signed_part));
    static const auto keys = accounts::KeySet::parse(some_keys);
    if (keys) must(!keys->verifies(*token));
    const accounts::Expected expected{"https://issuer.example", "client", "nonce", "access",
                                      Instant{1'774'612'800'000'000}};
    must_tell(accounts::check_id_token(*token, expected));
    must_tell(accounts::check_logout_token(*token, expected));
    accounts::strength_of(token->claims, {});
}

void settings(std::string_view text) {
    const accounts::SecretSource none{[](const std::string&) -> Result<std::string> { return std::string("secret"); },
                                      [](const std::string&) { return std::optional<std::string>("secret"); }};
    const auto read = accounts::parse_sign_in_settings(text, "sign-in.toml", none);
    must_tell(read);
    if (read) {
        for (const auto& issuer : read->issuers) must(accounts::parse_https_url(issuer.url).has_value());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzzing::text_of(data, size);
    tokens(text);
    settings(text);
    const auto bytes = accounts::from_base64url(text);
    must_tell(bytes);
    const auto url = accounts::parse_https_url(text);
    must_tell(url);
    if (url) must(!url->host.empty() && url->target.front() == '/' && url->authority.find('@') == std::string::npos);
    must_tell(accounts::parse_discovery(text, "https://issuer.example"));
    must_tell(accounts::parse_token_answer({200, "application/json", std::string(text)}));
    accounts::parse_algorithm(text);
    accounts::parse_strength(text);
    accounts::parse_recovery_code(text);
    accounts::totp_match({data, size}, text, Instant{1'774'612'800'000'000}, 0);
    accounts::password_fault(text, {"Frances Door", "waymark"});
    return 0;
}
