#pragma once
// The settings of sign-in: one TOML file that `waymark serve --sign-in FILE` reads. Where the service is reached, which
// identity providers it trusts, whom each of them may speak for and how strongly. Secrets stand in files of their own
// or in the environment, never in this one. Documented in docs/sign-in.md.
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/accounts.hpp"
#include "accounts/id_token.hpp"

namespace waymark::accounts {

struct IssuerSettings {
    std::string key;   // in addresses and in the record: letters, digits, "-"
    std::string name;  // on the button
    std::string url;   // the issuer identifier, to the letter
    std::string client_id;
    std::string client_secret;    // empty: a public client, with PKCE alone
    bool secret_in_body = false;  // client_secret_post, for a provider that does not take the better way
    std::string ca_file;          // trust these certificates instead of the system's
    std::vector<std::string> scopes{"openid"};
    std::string claim = "sub";  // that says who somebody is
    // What that claim holds, to a practitioner's key. Empty: the claim holds the key itself.
    std::map<std::string, std::string, std::less<>> people;
    std::vector<std::string> agencies;  // whose people it may speak for; empty: all
    StrengthTable strengths;
    Strength least = Strength::two_factor;  // weaker sign-ins are refused
    std::vector<std::string> ask_for;       // acr_values of the request
    bool iss_required = false;              // RFC 9207 even where the provider does not announce it
};

struct SignInSettings {
    std::string public_url;            // "https://waymark.example"; empty: the loopback address, without TLS
    std::vector<std::string> proxies;  // whose X-Forwarded-For is believed
    bool accounts = true;              // accounts of the store's own
    Strength to_administer = Strength::two_factor;
    Strength to_break_glass = Strength::two_factor;
    std::vector<IssuerSettings> issuers;
};

// How secrets are had: a file's text, an environment variable's value.
struct SecretSource {
    std::function<Result<std::string>(const std::string& file)> file;
    std::function<std::optional<std::string>(const std::string& variable)> environment;
};
Result<SignInSettings> parse_sign_in_settings(std::string_view toml, const std::string& file, const SecretSource&);
// What the profile does not bear out: people and agencies that are not in it.
Result<void> check_against(const SignInSettings&, const content::Profile&, const std::string& file);

}  // namespace waymark::accounts
