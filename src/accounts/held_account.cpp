// Reading and writing what an account holds, and the codes that people type by hand.
#include "accounts/held_account.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "accounts/local.hpp"
#include "accounts/totp.hpp"
#include "base/json.hpp"

namespace waymark::accounts {

namespace {

constexpr std::string_view bound_as = "account";
constexpr std::size_t recovery_characters = 16;

std::int64_t whole_or(const json::object& in, std::string_view key) {
    const auto* value = find(in, key);
    return value != nullptr && value->is_int64() ? value->as_int64() : 0;
}

}  // namespace

std::size_t HeldAccount::recovery_left() const {
    return static_cast<std::size_t>(
        std::count_if(recovery.begin(), recovery.end(), [](const std::string& one) { return !one.empty(); }));
}

Result<std::optional<HeldAccount>> held_account_of(const House& house, store::Snapshot& snapshot,
                                                   std::string_view practitioner) {
    const auto row = sign_ins(snapshot).account(house.partnership, practitioner);
    if (!row) return std::optional<HeldAccount>{};
    const auto value = TRY(parse_json(TRY(house.keys.open_sealed(row->sealed, bound_as, practitioner))));
    const auto& held = value.as_object();
    HeldAccount account;
    account.password = string_or(held, "password", "");
    account.starting = string_or(held, "starting", "");
    account.starting_until = {whole_or(held, "starting_until")};
    account.secret = TRY(from_base64(string_or(held, "secret", "")));
    account.last_step = whole_or(held, "last_step");
    if (const auto* list = find(held, "recovery"); list != nullptr && list->is_array()) {
        for (const auto& one : list->as_array())
            account.recovery.emplace_back(one.is_string() ? std::string_view(one.as_string()) : std::string_view{});
    }
    return std::optional(std::move(account));
}

void keep_account(const House& house, store::Transaction& tx, std::string_view practitioner,
                  const HeldAccount& account) {
    json::array recovery;
    for (const auto& one : account.recovery) recovery.emplace_back(one);
    const json::object held{{"password", account.password},
                            {"starting", account.starting},
                            {"starting_until", account.starting_until.micros},
                            {"secret", to_base64(account.secret)},
                            {"last_step", account.last_step},
                            {"recovery", std::move(recovery)}};
    sign_ins(tx).put_account(house.partnership,
                             {std::string(practitioner), house.clock.now(),
                              house.keys.close(write_json(held), bound_as, practitioner, house.random)});
}

std::string in_groups(std::string_view text, std::size_t group, char between) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i > 0 && i % group == 0) out += between;
        out += text[i];
    }
    return out;
}

std::string make_code_text(Random& random, std::size_t characters, std::size_t group) {
    Bytes bytes((characters * 5 + 7) / 8);
    random.fill(bytes);
    return in_groups(to_base32(bytes).substr(0, characters), group, '-');
}

std::string plain_code(std::string_view typed) {
    std::string out;
    for (const char c : typed) {
        if (c == ' ' || c == '-' || c == '\t') continue;
        // What is misread by hand: the alphabet has neither 0 nor 1.
        if (c == '0')
            out += 'O';
        else if (c == '1')
            out += 'I';
        else
            out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return out;
}

RecoveryCodes make_recovery_codes(const House& house) {
    RecoveryCodes codes;
    for (std::size_t i = 0; i < recovery_codes; ++i) {
        const std::string code = make_code_text(house.random, recovery_characters, 4);
        codes.shown.push_back(fmt::format("{}-{}", i, code));
        codes.digests.push_back(password_digest(plain_code(code), house.keys.cost()));
    }
    return codes;
}

std::optional<TypedRecovery> parse_recovery_code(std::string_view typed) {
    std::size_t digit = 0;
    while (digit < typed.size() && (typed[digit] == ' ' || typed[digit] == '\t')) ++digit;
    if (digit == typed.size() || typed[digit] < '0' || typed[digit] > '9') return std::nullopt;
    TypedRecovery out{static_cast<std::size_t>(typed[digit] - '0'), plain_code(typed.substr(digit + 1))};
    if (out.code.size() != recovery_characters) return std::nullopt;
    return out;
}

}  // namespace waymark::accounts
