// Reads the settings of sign-in, strictly.
#include "accounts/issuers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "accounts/url.hpp"
#include "base/text.hpp"
#include "content/toml_reader.hpp"

namespace waymark::accounts {

namespace {

using content::TomlReader;

constexpr std::size_t most_issuers = 50;
constexpr std::size_t most_secret = 4'096;

Result<Strength> read_strength(const TomlReader& in, const toml::node& node) {
    const auto* text = node.as_string();
    const auto strength = text == nullptr ? std::nullopt : parse_strength(text->get());
    if (!strength || *strength == Strength::name) {
        return invalid(in.place(node), "is not a strength", "use one of: password, two-factor, phishing-resistant");
    }
    return *strength;
}

Result<Strength> strength_or(const TomlReader& in, const toml::table& table, std::string_view key, Strength otherwise) {
    const toml::node* node = table.get(key);
    return node == nullptr ? Result<Strength>(otherwise) : read_strength(in, *node);
}

Result<std::vector<std::pair<std::string, Strength>>> read_strengths(const TomlReader& in, const toml::table& table,
                                                                     std::string_view key) {
    std::vector<std::pair<std::string, Strength>> out;
    const toml::node* node = table.get(key);
    if (node == nullptr) return out;
    const toml::table* values = node->as_table();
    if (values == nullptr) return invalid(in.place(*node), "is not a table", "write {\"mfa\" = \"two-factor\"}");
    for (auto&& [name, value] : *values) out.emplace_back(std::string(name.str()), TRY(read_strength(in, value)));
    return out;
}

Result<void> must_be_https(const TomlReader& in, const toml::table& table, std::string_view key,
                           const std::string& url) {
    const auto parsed = parse_https_url(url);
    if (!parsed) return invalid(in.place_of(table, key), parsed.error().reason, parsed.error().mend);
    return {};
}

bool is_key(std::string_view text) {
    return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

Result<std::string> read_secret(const TomlReader& in, const toml::table& table, const SecretSource& source) {
    const std::string file = TRY(in.string(table, "secret_file"));
    const std::string variable = TRY(in.string(table, "secret_env"));
    if (!file.empty() && !variable.empty())
        return invalid(in.place_of(table, "secret_env"), "the secret is named twice", "name one source");
    std::string secret;
    if (!file.empty()) secret = TRY(source.file(file));
    if (!variable.empty()) {
        const auto value = source.environment(variable);
        if (!value || value->empty())
            return invalid(in.place_of(table, "secret_env"), fmt::format("{} is not set", variable));
        secret = *value;
    }
    secret = std::string(trim(secret));
    if (secret.size() > most_secret) return invalid(in.place(table), "the secret is longer than 4 KiB");
    return secret;
}

Result<void> read_people(const TomlReader& in, const toml::table& table, IssuerSettings& issuer) {
    const toml::node* node = table.get("people");
    if (node != nullptr) {
        const toml::table* people = node->as_table();
        if (people == nullptr)
            return invalid(in.place(*node), "is not a table", "write [issuer.people] and a line for each person");
        for (auto&& [subject, key] : *people) {
            const auto* text = key.as_string();
            if (text == nullptr) return invalid(in.place(key), "is not a practitioner's key");
            issuer.people.emplace(std::string(subject.str()), text->get());
        }
        return {};
    }
    // A name that a person may choose or change, or that somebody else may get later, is nobody's key.
    for (const char* loose : {"sub", "email", "preferred_username", "name"}) {
        if (issuer.claim != loose) continue;
        return invalid(in.place_of(table, "claim"),
                       fmt::format("{} does not hold the key of a practitioner by itself", loose),
                       "list them under [issuer.people], or name a claim that the provider fills with the key");
    }
    return {};
}

Result<IssuerSettings> read_issuer(const TomlReader& in, const toml::table& table, const SecretSource& source) {
    TRY_VOID(in.only(
        table, {"key", "name", "url", "client_id", "secret_file", "secret_env", "secret_in_body", "ca_file", "scopes",
                "claim", "people", "agencies", "acr", "amr", "otherwise", "least", "ask_for", "iss_required"}));
    IssuerSettings out;
    out.key = TRY(in.need_string(table, "key"));
    if (!is_key(out.key) || out.key == "local" || out.key == "demo")
        return invalid(in.place_of(table, "key"), "cannot be the key of a provider",
                       "use small letters, digits and “-”, other than local and demo");
    out.name = TRY(in.need_string(table, "name"));
    out.url = TRY(in.need_string(table, "url"));
    TRY_VOID(must_be_https(in, table, "url", out.url));
    if (out.url.find('?') != std::string::npos) return invalid(in.place_of(table, "url"), "has a query");
    out.client_id = TRY(in.need_string(table, "client_id"));
    out.client_secret = TRY(read_secret(in, table, source));
    out.secret_in_body = TRY(in.boolean(table, "secret_in_body", false));
    out.ca_file = TRY(in.string(table, "ca_file"));
    const auto scopes = TRY(in.strings(table, "scopes"));
    for (const auto& scope : scopes) {
        if (scope != "openid") out.scopes.push_back(scope);
    }
    if (table.contains("claim")) out.claim = TRY(in.need_string(table, "claim"));
    TRY_VOID(read_people(in, table, out));
    out.agencies = TRY(in.strings(table, "agencies"));
    out.strengths.acr = TRY(read_strengths(in, table, "acr"));
    out.strengths.amr = TRY(read_strengths(in, table, "amr"));
    out.strengths.otherwise = TRY(strength_or(in, table, "otherwise", Strength::password));
    out.least = TRY(strength_or(in, table, "least", Strength::two_factor));
    out.ask_for = TRY(in.strings(table, "ask_for"));
    out.iss_required = TRY(in.boolean(table, "iss_required", false));
    return out;
}

}  // namespace

Result<SignInSettings> parse_sign_in_settings(std::string_view text, const std::string& file,
                                              const SecretSource& source) {
    const TomlReader in(file);
    const toml::table root = TRY(in.parse(text));
    TRY_VOID(in.only(root, {"public_url", "proxies", "accounts", "to_administer", "to_break_glass", "issuer"}));
    SignInSettings out;
    out.public_url = TRY(in.string(root, "public_url"));
    while (out.public_url.ends_with('/')) out.public_url.pop_back();
    if (!out.public_url.empty()) {
        TRY_VOID(must_be_https(in, root, "public_url", out.public_url));
        if (parse_https_url(out.public_url)->target != "/")
            return invalid(in.place_of(root, "public_url"), "has a path", "Waymark has a host name to itself");
    }
    out.proxies = TRY(in.strings(root, "proxies"));
    out.accounts = TRY(in.boolean(root, "accounts", true));
    out.to_administer = TRY(strength_or(in, root, "to_administer", Strength::two_factor));
    out.to_break_glass = TRY(strength_or(in, root, "to_break_glass", Strength::two_factor));
    for (const toml::table* table : TRY(in.tables(root, "issuer"))) {
        if (out.issuers.size() == most_issuers) return invalid(in.place(*table), "is one provider too many (50)");
        auto issuer = TRY(read_issuer(in, *table, source));
        for (const auto& other : out.issuers) {
            if (other.key == issuer.key || other.url == issuer.url)
                return invalid(in.place(*table), "the key or the address of another provider stands here again");
        }
        out.issuers.push_back(std::move(issuer));
    }
    return out;
}

Result<void> check_against(const SignInSettings& settings, const content::Profile& profile, const std::string& file) {
    for (const auto& issuer : settings.issuers) {
        const std::string place = fmt::format("{} issuer {}", file, issuer.key);
        for (const auto& agency : issuer.agencies) {
            if (profile.agency(agency) == nullptr)
                return invalid(place, fmt::format("there is no agency {} in the profile", agency));
        }
        for (const auto& [subject, key] : issuer.people) {
            if (profile.practitioner(key) == nullptr)
                return invalid(place, fmt::format("there is no practitioner {} in the profile", key));
        }
    }
    return {};
}

}  // namespace waymark::accounts
