// Sessions: random tokens, of which the store keeps digests only.
#include "accounts/accounts.hpp"

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "record/staff.hpp"

namespace waymark::accounts {

namespace {

constexpr std::chrono::minutes noted_every{1};
constexpr std::size_t token_bytes = 32;
constexpr std::size_t most_browser = 200;  // characters of a User-Agent that are kept

// The cookie is 256 random bits: a plain digest of it is as hard to turn round as it is to guess.
Digest digest_of(std::string_view cookie) {
    return sha256(as_bytes(cookie));
}

bool may_be_cookie(std::string_view cookie) {
    constexpr std::size_t length = 43;  // of 32 bytes in base64url
    return cookie.size() == length && std::all_of(cookie.begin(), cookie.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '_';
           });
}

Instant expiry(Instant created, Instant seen) {
    return std::min(created + whole_limit, seen + idle_limit);
}

Bytes details_of(const House& house, const Digest& token, const Origin& origin) {
    const json::object held{{"from", origin.from}, {"browser", origin.browser.substr(0, most_browser)}};
    return house.keys.close(write_json(held), "session", to_hex(token), house.random);
}

// Twenty at once; the newest stay.
void make_room(const House& house, store::Transaction& tx, std::string_view practitioner) {
    const auto all = sign_ins(tx).sessions_of(house.partnership, practitioner, most_sessions + 100);
    for (std::size_t i = most_sessions - 1; i < all.size(); ++i) tx.delete_session(house.partnership, all[i].token);
}

void note_sign_in(const House& house, store::Transaction& tx, const content::Practitioner& known, const Proof& proof,
                  Instant now) {
    auto said =
        sign_ins(tx).engagement(house.partnership, known.key).value_or(store::EngagementRow{.practitioner = known.key});
    said.last_sign_in = now;
    said.last_issuer = proof.issuer;
    said.last_strength = to_string(proof.strength);
    sign_ins(tx).put_engagement(house.partnership, said);
}

void delete_if_there(const House& house, store::Transaction& tx, std::string_view cookie) {
    if (may_be_cookie(cookie)) tx.delete_session(house.partnership, digest_of(cookie));
}

auto not_of_here() {
    return fault(FaultKind::forbidden, "practitioner", "Nobody of that name works in this partnership.",
                 "Choose a name of the list.");
}

// What is sealed of a session: where it was begun and with what, where it was used last, and how often that changed.
struct Place {
    std::string begun;
    std::string browser;
    std::string from;
    std::int64_t moves = 0;
};
Place place_of(const House& house, const store::SignedInRow& row) {
    Place place;
    const auto details = house.keys.open_sealed(row.details, "session", to_hex(row.token));
    if (!details) return place;
    const auto read = parse_json(*details);
    if (!read || !read->is_object()) return place;
    const auto& held = read->get_object();
    place.begun = string_or(held, "from", "");
    place.browser = string_or(held, "browser", "");
    place.from = string_or(held, "last", place.begun);
    const auto* moves = find(held, "moves");
    if (moves != nullptr && moves->is_int64()) place.moves = moves->get_int64();
    return place;
}

// The session under this token where it holds, with who it is.
struct Held {
    store::SignedInRow row;
    Who who;
};
std::optional<Held> held_session(const House& house, store::Snapshot& snapshot, const Digest& token, Instant now) {
    auto row = sign_ins(snapshot).signed_in(house.partnership, token);
    if (!row || row->expires <= now || expiry(row->created, row->seen) <= now) return std::nullopt;
    const auto strength = parse_strength(row->strength);
    if (!strength || (*strength == Strength::name && !house.demonstration)) return std::nullopt;
    const auto* known = house.profile.practitioner(row->practitioner);
    if (known == nullptr || !record::may_enter(snapshot, house.partnership, *known)) return std::nullopt;
    Who who;
    who.practitioner = known;
    who.session = to_hex(token);
    who.csrf = row->csrf;
    who.strength = *strength;
    who.issuer = row->issuer;
    who.created = row->created;
    who.ends = expiry(row->created, row->seen);
    who.ends_last = row->created + whole_limit;
    who.from = place_of(house, *row).from;
    return Held{std::move(*row), std::move(who)};
}

Result<std::optional<Who>> note_use(const House& house, const Digest& token, Instant now) {
    std::optional<Who> who;
    TRY_VOID(house.store.write([&](store::Transaction& tx) -> Result<void> {
        who.reset();
        auto held = held_session(house, tx, token, now);
        if (!held) return {};  // signed out meanwhile
        held->row.seen = std::max(held->row.seen, now);
        held->row.expires = expiry(held->row.created, held->row.seen);
        held->who.ends = held->row.expires;
        sign_ins(tx).put_signed_in(house.partnership, held->row);
        who = std::move(held->who);
        return {};
    }));
    return who;
}

}  // namespace

std::string base64url(ByteView bytes) {
    // RFC 4648 section 5, without padding: it must stand in a cookie or an address as it is.
    auto text = to_base64(bytes);
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    while (!text.empty() && text.back() == '=') text.pop_back();
    return text;
}

std::string random_token(Random& random) {
    std::array<std::uint8_t, token_bytes> bytes{};
    random.fill(bytes);
    return base64url(bytes);
}

std::string_view to_string(Strength strength) {
    switch (strength) {
        case Strength::name:
            return "name";
        case Strength::password:
            return "password";
        case Strength::two_factor:
            return "two-factor";
        case Strength::phishing_resistant:
            return "phishing-resistant";
    }
    return "name";
}

std::optional<Strength> parse_strength(std::string_view text) {
    for (const auto one : {Strength::name, Strength::password, Strength::two_factor, Strength::phishing_resistant}) {
        if (text == to_string(one)) return one;
    }
    return std::nullopt;
}

bool suffices(Strength has, Strength needed) {
    return has == Strength::name || has >= needed;
}

record::AuditLine audit_line(const House& house, std::string_view action, std::string_view practitioner,
                             std::string_view session, std::string_view from, std::string_view result,
                             std::string_view rule) {
    record::AuditLine row;
    row.at = house.clock.now();
    row.practitioner = practitioner;
    if (const auto* known = house.profile.practitioner(practitioner)) {
        row.agency = known->agency;
        row.role = known->role;
    }
    row.session = session;
    row.action = action;
    row.purpose = "operation";
    row.route = action;
    row.result = result;
    row.rule = rule;
    row.from = from;
    return row;
}

Result<SignedIn> begin_session(const House& house, store::Transaction& tx, const content::Practitioner& known,
                               const Proof& proof, const Origin& origin) {
    if (proof.strength == Strength::name && !house.demonstration) return not_of_here();
    if (!record::may_enter(tx, house.partnership, known)) {
        const auto row = audit_line(house, "sign-in", known.key, "", origin.from, "denied", "access-closed");
        house.auditor.keep(tx, house.partnership, row);
        return not_of_here();
    }
    const auto now = house.clock.now();
    const SignedIn signed_in{random_token(house.random), random_token(house.random)};
    store::SignedInRow session;
    session.token = digest_of(signed_in.cookie);
    session.practitioner = known.key;
    session.created = now;
    session.seen = now;
    session.expires = expiry(now, now);
    session.csrf = signed_in.csrf;
    session.strength = to_string(proof.strength);
    session.issuer = proof.issuer;
    session.subject = proof.subject;
    session.login = proof.login;
    session.details = details_of(house, session.token, origin);
    delete_if_there(house, tx, origin.replaces);
    make_room(house, tx, known.key);
    sign_ins(tx).put_signed_in(house.partnership, session);
    note_sign_in(house, tx, known, proof, now);
    auto row = audit_line(house, "sign-in", known.key, to_hex(session.token), origin.from, "allowed", proof.rule);
    row.strength = session.strength;
    row.issuer = session.issuer;
    house.auditor.keep(tx, house.partnership, row);
    return signed_in;
}

Result<SignedIn> begin_session(const House& house, const content::Practitioner& known, const Proof& proof,
                               const Origin& origin) {
    // A refusal leaves its line too, so it is carried out of the transaction instead of undoing it.
    std::optional<Result<SignedIn>> begun;
    TRY_VOID(house.store.write([&](store::Transaction& tx) -> Result<void> {
        begun = begin_session(house, tx, known, proof, origin);
        return {};
    }));
    return std::move(*begun);
}

Result<SignedIn> sign_in_by_name(const House& house, std::string_view practitioner, const Origin& origin) {
    const auto* known = house.profile.practitioner(practitioner);
    if (known == nullptr || !house.demonstration) {
        // The name as it was sent may be anything, somebody's password too: it is not kept.
        TRY_VOID(house.store.write([&](store::Transaction& tx) -> Result<void> {
            const auto row = audit_line(house, "sign-in", "", "", origin.from, "denied", "practitioner-of-the-profile");
            house.auditor.keep(tx, house.partnership, row);
            return {};
        }));
        return not_of_here();
    }
    return begin_session(house, *known,
                         Proof{.strength = Strength::name, .issuer = "demo", .rule = "practitioner-of-the-profile"},
                         origin);
}

Result<std::optional<Who>> who_is(const House& house, std::string_view cookie, Look look) {
    if (!may_be_cookie(cookie)) return std::optional<Who>{};
    const auto now = house.clock.now();
    const auto token = digest_of(cookie);
    std::optional<Held> held;
    TRY_VOID(house.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        held = held_session(house, snapshot, token, now);
        return {};
    }));
    if (!held) return std::optional<Who>{};
    if (look == Look::use && now - held->row.seen >= noted_every) return note_use(house, token, now);
    return std::optional(std::move(held->who));
}

Result<void> note_place(const House& house, const Who& who, std::string_view from) {
    if (from.empty() || who.from.empty() || from == who.from || who.practitioner == nullptr) return {};
    const auto octets = from_hex(who.session);
    if (!octets || octets->size() != sizeof(Digest)) return {};
    Digest token{};
    std::copy(octets->begin(), octets->end(), token.begin());
    return house.store.write([&](store::Transaction& tx) -> Result<void> {
        auto row = sign_ins(tx).signed_in(house.partnership, token);
        if (!row) return {};  // signed out meanwhile
        const auto place = place_of(house, *row);
        if (place.from == from || place.moves >= most_moves) return {};
        const json::object held{
            {"from", place.begun}, {"browser", place.browser}, {"last", std::string(from)}, {"moves", place.moves + 1}};
        row->details = house.keys.close(write_json(held), "session", who.session, house.random);
        sign_ins(tx).put_signed_in(house.partnership, *row);
        const auto line = audit_line(house, "session-moved", who.practitioner->key, who.session, from, "allowed", "");
        house.auditor.keep(tx, house.partnership, line);
        return {};
    });
}

Result<std::optional<Who>> extend(const House& house, std::string_view cookie) {
    if (!may_be_cookie(cookie)) return std::optional<Who>{};
    return note_use(house, digest_of(cookie), house.clock.now());
}

Result<SignedIn> renew(const House& house, std::string_view cookie) {
    const auto over = [] { return fault(FaultKind::forbidden, "session", "The session is over.", "Sign in again."); };
    if (!may_be_cookie(cookie)) return over();
    const SignedIn fresh{random_token(house.random), random_token(house.random)};
    const auto old = digest_of(cookie);
    TRY_VOID(house.store.write([&](store::Transaction& tx) -> Result<void> {
        auto held = held_session(house, tx, old, house.clock.now());
        if (!held) return over();
        Origin origin;
        if (const auto details = house.keys.open_sealed(held->row.details, "session", to_hex(old))) {
            const auto read = TRY(parse_json(*details));
            origin.from = string_or(read.as_object(), "from", "");
            origin.browser = string_or(read.as_object(), "browser", "");
        }
        tx.delete_session(house.partnership, old);
        held->row.token = digest_of(fresh.cookie);
        held->row.csrf = fresh.csrf;
        held->row.details = details_of(house, held->row.token, origin);
        sign_ins(tx).put_signed_in(house.partnership, held->row);
        return {};
    }));
    return fresh;
}

Result<void> sign_out(const House& house, std::string_view cookie) {
    if (!may_be_cookie(cookie)) return {};
    const auto token = digest_of(cookie);
    return house.store.write([&](store::Transaction& tx) -> Result<void> {
        const auto session = tx.session(house.partnership, token);
        if (!session) return {};
        tx.delete_session(house.partnership, token);
        const auto row =
            audit_line(house, "sign-out", session->practitioner, to_hex(token), "", "allowed", "own-session");
        house.auditor.keep(tx, house.partnership, row);
        return {};
    });
}

}  // namespace waymark::accounts
