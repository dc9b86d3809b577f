// The way in with an account of this store's own: password, then code; or starting code, then enrolment.
#include <algorithm>

#include <fmt/format.h>

#include "accounts/held_account.hpp"
#include "accounts/local.hpp"
#include "accounts/throttle.hpp"
#include "accounts/totp.hpp"
#include "base/json.hpp"
#include "record/staff.hpp"

namespace waymark::accounts {

namespace {

constexpr std::size_t most_name = 200;  // bytes of a name that is looked at

Digest step_digest(std::string_view step) {
    return sha256(as_bytes(step));
}

auto not_right() {
    return fault(FaultKind::forbidden, "password", "The name or the password is not right.",
                 "Try again. If you have forgotten your password, ask your administrator to begin your account anew.");
}

auto code_not_right() {
    return fault(FaultKind::forbidden, "code", "The code is not right, or was used before.",
                 "Wait for the next code in your app, or use a recovery code.");
}

auto begin_again() {
    return fault(FaultKind::missing, "step", "This sign-in took too long or was finished elsewhere.", "Begin again.");
}

auto too_many(std::chrono::seconds wait) {
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(wait).count();
    return fault(FaultKind::held, "password", "There were too many tries.",
                 minutes > 1 ? fmt::format("Wait {} minutes, then try again.", minutes)
                             : std::string("Wait a minute, then try again."));
}

// "random.mac": the mac ties it to one name, so that another name's bucket is not spared by it.
std::string device_cookie(const House& house, std::string_view practitioner, std::string_view random) {
    return fmt::format("{}.{}", random,
                       base64url(house.keys.tag("device", fmt::format("{} {}", random, practitioner))));
}

bool is_known_device(const House& house, std::string_view practitioner, std::string_view cookie) {
    constexpr std::size_t length = 43;
    if (cookie.size() != 2 * length + 1 || cookie[length] != '.') return false;
    return cookie == device_cookie(house, practitioner, cookie.substr(0, length));
}

struct Turn {
    const Bucket* bucket = nullptr;
    std::string of;
};

// Which bucket a try at this name falls into.
Turn turn_for(const House& house, std::string_view name, std::string_view device_sent) {
    if (is_known_device(house, name, device_sent)) return {&device, fmt::format("{} {}", name, device_sent)};
    return {&strangers, std::string(name)};
}

struct Step {
    std::string practitioner;
    Next next = Next::code;
    Bytes secret;  // being enrolled
    std::string device;
};

std::string written(const Step& step) {
    return write_json(json::object{{"practitioner", step.practitioner},
                                   {"next", step.next == Next::code ? "code" : "enrol"},
                                   {"secret", to_base64(step.secret)},
                                   {"device", step.device}});
}

Result<std::optional<Step>> read_step(const House& house, store::Snapshot& snapshot, std::string_view token) {
    const auto row = sign_ins(snapshot).sign_in_step(house.partnership, step_digest(token));
    if (!row || row->kind != "local" || row->expires <= house.clock.now()) return std::optional<Step>{};
    const auto value = TRY(parse_json(TRY(house.keys.open_sealed(row->sealed, "step", to_hex(row->token)))));
    const auto& held = value.as_object();
    Step step;
    step.practitioner = string_or(held, "practitioner", "");
    step.next = string_or(held, "next", "") == "enrol" ? Next::enrol : Next::code;
    step.secret = TRY(from_base64(string_or(held, "secret", "")));
    step.device = string_or(held, "device", "");
    return std::optional(std::move(step));
}

void refused_line(const House& house, store::Transaction& tx, std::string_view practitioner, const Origin& origin,
                  std::string_view rule) {
    const auto row = audit_line(house, "sign-in", practitioner, "", origin.from, "denied", rule);
    house.auditor.keep(tx, house.partnership, row);
}

// What a right code leads to, in the transaction that has taken it.
Result<Entered> enter(const House& house, store::Transaction& tx, const content::Practitioner& known, const Step& step,
                      std::string_view token, std::string_view rule, const Origin& origin) {
    sign_ins(tx).delete_sign_in_step(house.partnership, step_digest(token));
    const Turn turn = turn_for(house, known.key, step.device);
    forget_turns(tx, house.partnership, house.keys, *turn.bucket, turn.of);
    forget_turns(tx, house.partnership, house.keys, codes, known.key);
    Entered entered;
    entered.session = TRY(
        begin_session(house, tx, known,
                      Proof{.strength = Strength::two_factor, .issuer = "local", .rule = std::string(rule)}, origin));
    entered.practitioner = known.key;
    entered.device = is_known_device(house, known.key, step.device)
                         ? step.device
                         : device_cookie(house, known.key, random_token(house.random));
    return entered;
}

std::vector<std::string> known_of(const House& house, const content::Practitioner& known) {
    return {known.key, known.name, house.profile.name, house.profile.key};
}

}  // namespace

Result<PasswordTaken> give_password(const House& house, std::string_view name, std::string_view password,
                                    std::string_view device_sent, const Origin& origin) {
    name = name.substr(0, most_name);
    const auto now = house.clock.now();
    const Turn turn = turn_for(house, name, device_sent);
    std::optional<std::chrono::seconds> wait;
    std::optional<HeldAccount> account;
    const auto* known = house.profile.practitioner(name);
    TRY_VOID(house.store.write([&](store::Transaction& tx) -> Result<void> {
        // Everything that a known name asks of the store, an unknown one asks too.
        account = TRY(held_account_of(house, tx, name));
        if (known != nullptr && !record::may_enter(tx, house.partnership, *known)) account.reset();
        wait = take_turn(tx, house.partnership, house.keys, address, origin.from, now);
        if (!wait) wait = take_turn(tx, house.partnership, house.keys, *turn.bucket, turn.of, now);
        if (wait) refused_line(house, tx, "", origin, "too-many-tries");
        return {};
    }));
    if (wait) return too_many(*wait);
    if (known == nullptr) account.reset();

    // One digest, whatever there is: that of the password, of the starting code, or of nobody's.
    const bool starting = account && account->password.empty() && !account->starting.empty();
    const std::string& digest = !account ? house.keys.decoy() : starting ? account->starting : account->password;
    const bool matches = is_password(digest.empty() ? house.keys.decoy() : digest,
                                     starting ? plain_code(password) : std::string(password));
    const bool right = matches && account && (!starting || now < account->starting_until);
    const std::string token = random_token(house.random);
    TRY_VOID(house.store.write([&](store::Transaction& tx) -> Result<void> {
        if (!right) {
            refused_line(house, tx, "", origin, "password");
            return {};
        }
        Step step{known->key, starting ? Next::enrol : Next::code, {}, std::string(device_sent)};
        if (starting) {
            step.secret.resize(totp_secret_bytes);
            house.random.fill(step.secret);
        }
        const auto at = step_digest(token);
        sign_ins(tx).put_sign_in_step(
            house.partnership,
            {at, "local", now + step_lasts, house.keys.close(written(step), "step", to_hex(at), house.random)});
        return {};
    }));
    if (!right) return not_right();
    return PasswordTaken{token, starting ? Next::enrol : Next::code};
}

Result<std::optional<Next>> step_at(const House& house, std::string_view token) {
    std::optional<Next> next;
    TRY_VOID(house.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        if (const auto step = TRY(read_step(house, snapshot, token))) next = step->next;
        return {};
    }));
    return next;
}

Result<Entered> give_code(const House& house, std::string_view token, std::string_view code, const Origin& origin) {
    // The slow digest of a recovery code is computed outside the transaction: others wait for the writer.
    const auto recovery = parse_recovery_code(code);
    std::optional<std::string> recovery_digest;
    if (recovery) {
        TRY_VOID(house.store.read([&](store::Snapshot& snapshot) -> Result<void> {
            const auto step = TRY(read_step(house, snapshot, token));
            if (!step) return {};
            const auto account = TRY(held_account_of(house, snapshot, step->practitioner));
            if (account && recovery->index < account->recovery.size())
                recovery_digest = account->recovery[recovery->index];
            return {};
        }));
    }
    const bool recovery_right =
        recovery && recovery_digest && !recovery_digest->empty() && is_password(*recovery_digest, recovery->code);

    std::optional<Result<Entered>> outcome;
    TRY_VOID(house.store.write([&](store::Transaction& tx) -> Result<void> {
        const auto step = TRY(read_step(house, tx, token));
        const auto* known = step ? house.profile.practitioner(step->practitioner) : nullptr;
        if (!step || step->next != Next::code || known == nullptr) {
            outcome = begin_again();
            return {};
        }
        auto account = TRY(held_account_of(house, tx, step->practitioner));
        if (!account || account->password.empty()) {
            outcome = begin_again();
            return {};
        }
        if (const auto wait = take_turn(tx, house.partnership, house.keys, codes, known->key, house.clock.now())) {
            refused_line(house, tx, known->key, origin, "too-many-tries");
            outcome = too_many(*wait);
            return {};
        }
        bool recovered = false;
        if (const auto at = totp_match(account->secret, code, house.clock.now(), account->last_step)) {
            account->last_step = *at;
        } else if (recovery_right && recovery->index < account->recovery.size() &&
                   account->recovery[recovery->index] == *recovery_digest) {
            account->recovery[recovery->index].clear();
            recovered = true;
        } else {
            refused_line(house, tx, known->key, origin, "one-time-code");
            outcome = code_not_right();
            return {};
        }
        keep_account(house, tx, known->key, *account);
        outcome = enter(house, tx, *known, *step, token, recovered ? "recovery-code" : "one-time-code", origin);
        if (*outcome) {
            (*outcome)->recovered = recovered;
            (*outcome)->recovery_left = account->recovery_left();
        }
        return {};
    }));
    return std::move(*outcome);
}

Result<Enrolling> enrolment_of(const House& house, std::string_view token) {
    std::optional<Step> step;
    TRY_VOID(house.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        step = TRY(read_step(house, snapshot, token));
        return {};
    }));
    if (!step || step->next != Next::enrol) return begin_again();
    return Enrolling{in_groups(to_base32(step->secret), 4, ' '),
                     otpauth_uri(step->secret, "Waymark " + house.profile.key, step->practitioner)};
}

Result<Enrolled> enrol(const House& house, std::string_view token, std::string_view password, std::string_view code,
                       const Origin& origin) {
    std::optional<Step> before;
    TRY_VOID(house.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        before = TRY(read_step(house, snapshot, token));
        return {};
    }));
    if (!before || before->next != Next::enrol) return begin_again();
    const auto* known = house.profile.practitioner(before->practitioner);
    if (known == nullptr) return begin_again();
    if (const auto why = password_fault(password, known_of(house, *known))) return invalid("password", *why);
    const auto at = totp_match(before->secret, code, house.clock.now(), 0);
    if (!at)
        return invalid("code", "The code is not the one that the app shows now",
                       "Check that the secret was typed in whole and that the clock of your device is right.");

    HeldAccount account;
    account.password = password_digest(password, house.keys.cost());
    account.secret = before->secret;
    account.last_step = *at;
    RecoveryCodes made = make_recovery_codes(house);
    account.recovery = made.digests;
    std::optional<Result<Entered>> outcome;
    TRY_VOID(house.store.write([&](store::Transaction& tx) -> Result<void> {
        const auto step = TRY(read_step(house, tx, token));
        const auto standing = TRY(held_account_of(house, tx, known->key));
        // The starting code is good once: whoever was quicker has enrolled.
        if (!step || !standing || !standing->password.empty()) {
            outcome = begin_again();
            return {};
        }
        keep_account(house, tx, known->key, account);
        outcome = enter(house, tx, *known, *step, token, "enrolment", origin);
        if (*outcome) (*outcome)->recovery_left = account.recovery_left();
        return {};
    }));
    if (!*outcome) return tl::unexpected(outcome->error());
    return Enrolled{std::move(**outcome), std::move(made.shown)};
}

}  // namespace waymark::accounts
