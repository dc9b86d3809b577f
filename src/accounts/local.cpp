// Making, resetting and removing accounts of this store's own.
#include "accounts/local.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "accounts/held_account.hpp"
#include "accounts/totp.hpp"
#include "base/text.hpp"

namespace waymark::accounts {

namespace {

constexpr std::size_t most_accounts = 100'000;

Result<const content::Practitioner*> somebody(const House& house, std::string_view practitioner) {
    const auto* known = house.profile.practitioner(practitioner);
    if (known == nullptr) {
        return fault(FaultKind::missing, "practitioner", "Nobody of that key works in this partnership.",
                     "Name one by key, as the profile has it.");
    }
    return known;
}

// Puts the account in the place of what was there, ends every session, leaves the line.
Result<void> put_in_place(const House& house, Making making, std::string_view practitioner, const HeldAccount& account,
                          std::string_view by, const Allow& allow) {
    std::optional<Fault> waits;
    TRY_VOID(house.store.write([&](store::Transaction& tx) -> Result<void> {
        waits.reset();
        const bool there = sign_ins(tx).account(house.partnership, practitioner).has_value();
        if (there && making == Making::add) {
            return fault(FaultKind::conflict, "practitioner", "This person has an account already.",
                         "To begin it anew: waymark accounts reset");
        }
        if (!there && making == Making::reset) {
            return fault(FaultKind::missing, "practitioner", "This person has no account.",
                         "Make one: waymark accounts add");
        }
        if (allow) waits = TRY(allow(tx));
        if (waits) return {};
        keep_account(house, tx, practitioner, account);
        sign_ins(tx).delete_sessions_of(house.partnership, practitioner, std::nullopt);
        auto row = audit_line(house, making == Making::add ? "account-add" : "account-reset", by, "", "local",
                              "allowed", "administrator");
        row.reason = "about " + std::string(practitioner);
        house.auditor.keep(tx, house.partnership, row);
        return {};
    }));
    if (waits) return tl::unexpected(std::move(*waits));
    return {};
}

Bytes make_secret(Random& random) {
    Bytes secret(totp_secret_bytes);
    random.fill(secret);
    return secret;
}

AccountLine line_of(const House& house, const store::AccountRow& row, const HeldAccount& account) {
    AccountLine line;
    line.practitioner = row.practitioner;
    if (const auto* known = house.profile.practitioner(row.practitioner)) line.name = known->name;
    line.changed = row.changed;
    line.waiting = account.password.empty();
    line.recovery_left = account.recovery_left();
    return line;
}

}  // namespace

std::optional<std::string> password_fault(std::string_view password, const std::vector<std::string>& known) {
    if (!is_valid_utf8(password)) return "Choose a password of letters, digits, spaces and signs";
    if (count_characters(password) < least_password)
        return fmt::format(
            "The password must have {} characters or more: three words that only you would put together "
            "are good",
            least_password);
    if (password.size() > most_password) return fmt::format("The password must have {} bytes or fewer", most_password);
    // A password of one sign over and over, or of a row of keys, is long and is no secret.
    if (std::set<char>(password.begin(), password.end()).size() < 5)
        return "The password must have five different characters or more";
    const std::string folded = fold_case(password);
    for (const char* row : {"abcdefghijkl", "qwertyuiop", "1234567890", "0987654321", "password", "passwort"}) {
        if (folded.find(row) != std::string::npos && count_characters(password) < least_password + 8)
            return "The password must not be made of what everybody thinks of first";
    }
    for (const std::string& one : known) {
        const std::string part = fold_case(one);
        if (count_characters(part) >= 4 && folded.find(part) != std::string::npos)
            return "The password must not hold your name or the name of your partnership";
    }
    return std::nullopt;
}

Result<Enrolment> make_account(const House& house, Making making, std::string_view practitioner,
                               std::string_view password, std::string_view by, const Allow& allow) {
    const auto* known = TRY(somebody(house, practitioner));
    if (const auto why = password_fault(password, {known->key, known->name, house.profile.name, house.profile.key}))
        return invalid("password", *why);
    HeldAccount account;
    account.password = password_digest(password, house.keys.cost());
    account.secret = make_secret(house.random);
    RecoveryCodes codes = make_recovery_codes(house);
    account.recovery = std::move(codes.digests);
    TRY_VOID(put_in_place(house, making, known->key, account, by, allow));
    return Enrolment{in_groups(to_base32(account.secret), 4, ' '),
                     otpauth_uri(account.secret, "Waymark " + house.profile.key, known->key), std::move(codes.shown)};
}

Result<std::string> make_starting_code(const House& house, Making making, std::string_view practitioner,
                                       std::string_view by, const Allow& allow) {
    const auto* known = TRY(somebody(house, practitioner));
    const std::string code = make_code_text(house.random, 20, 5);
    HeldAccount account;
    account.starting = password_digest(plain_code(code), house.keys.cost());
    account.starting_until = house.clock.now() + (making == Making::reset ? recovery_code_lasts : starting_code_lasts);
    TRY_VOID(put_in_place(house, making, known->key, account, by, allow));
    return code;
}

Result<void> remove_account(const House& house, std::string_view practitioner, std::string_view by) {
    return house.store.write([&](store::Transaction& tx) -> Result<void> {
        if (!sign_ins(tx).account(house.partnership, practitioner)) {
            return fault(FaultKind::missing, "practitioner", "This person has no account.",
                         "See who has one: waymark accounts list");
        }
        sign_ins(tx).delete_account(house.partnership, practitioner);
        sign_ins(tx).delete_sessions_of(house.partnership, practitioner, std::nullopt);
        auto row = audit_line(house, "account-close", by, "", "local", "allowed", "administrator");
        row.reason = "about " + std::string(practitioner);
        house.auditor.keep(tx, house.partnership, row);
        return {};
    });
}

Result<std::vector<AccountLine>> accounts_of(const House& house) {
    std::vector<AccountLine> lines;
    TRY_VOID(house.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        for (const auto& row : sign_ins(snapshot).accounts(house.partnership, most_accounts)) {
            const auto account = TRY(held_account_of(house, snapshot, row.practitioner));
            if (account) lines.push_back(line_of(house, row, *account));
        }
        return {};
    }));
    return lines;
}

Result<std::optional<AccountLine>> own_account(const House& house, const Who& who) {
    std::optional<AccountLine> line;
    TRY_VOID(house.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        const auto row = sign_ins(snapshot).account(house.partnership, who.practitioner->key);
        const auto account = TRY(held_account_of(house, snapshot, who.practitioner->key));
        if (row && account) line = line_of(house, *row, *account);
        return {};
    }));
    return line;
}

Result<std::vector<std::string>> new_recovery_codes(const House& house, const Who& who) {
    RecoveryCodes codes = make_recovery_codes(house);
    TRY_VOID(house.store.write([&](store::Transaction& tx) -> Result<void> {
        auto account = TRY(held_account_of(house, tx, who.practitioner->key));
        if (!account) return fault(FaultKind::missing, "account", "You have no account of this store's own.");
        account->recovery = codes.digests;
        keep_account(house, tx, who.practitioner->key, *account);
        const auto row =
            audit_line(house, "recovery-codes", who.practitioner->key, who.session, "", "allowed", "own-account");
        house.auditor.keep(tx, house.partnership, row);
        return {};
    }));
    return std::move(codes.shown);
}

}  // namespace waymark::accounts
