// Sessions: random tokens, of which the store keeps digests only.
#include "accounts/accounts.hpp"

#include <algorithm>
#include <array>

namespace waymark::accounts {

namespace {

constexpr std::chrono::minutes idle{30};
constexpr std::chrono::hours in_all{12};
constexpr std::chrono::minutes noted_every{1};
constexpr std::size_t token_bytes = 32;

// RFC 4648 section 5, without padding: it must stand in a cookie as it is.
std::string base64url(ByteView bytes) {
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
    return std::min(created + in_all, seen + idle);
}

store::AuditRow line(Instant at, std::string_view action, std::string_view practitioner,
                     const content::Practitioner* known, std::string_view session, std::string_view from,
                     std::string_view result) {
    store::AuditRow row;
    row.at = at;
    row.practitioner = practitioner;
    if (known != nullptr) {
        row.agency = known->agency;
        row.role = known->role;
    }
    row.session = session;
    row.action = action;
    row.purpose = "operation";
    row.route = action;
    row.result = result;
    row.rule = "practitioner-of-the-profile";
    row.from = from;
    return row;
}

}  // namespace

Result<SignedIn> sign_in_by_name(const House& house, std::string_view practitioner, std::string_view from) {
    const auto now = house.clock.now();
    const auto* known = house.profile.practitioner(practitioner);
    const auto keep = [&](const store::AuditRow& row, const store::SessionRow* session) {
        return house.store.write([&](store::Transaction& tx) -> Result<void> {
            if (session != nullptr) tx.put_session(house.partnership, *session);
            tx.insert_audit(house.partnership, std::span(&row, 1));
            return {};
        });
    };
    if (known == nullptr) {
        // The name as it was sent may be anything, somebody's password too: it is not kept.
        TRY_VOID(keep(line(now, "sign-in", "", nullptr, "", from, "denied"), nullptr));
        return fault(FaultKind::forbidden, "practitioner", "Nobody of that name works in this partnership.",
                     "Choose a name of the list.");
    }
    const SignedIn signed_in{random_token(house.random), random_token(house.random)};
    const store::SessionRow session{
        digest_of(signed_in.cookie), known->key, now, now, expiry(now, now), signed_in.csrf};
    TRY_VOID(keep(line(now, "sign-in", known->key, known, to_hex(session.token), from, "allowed"), &session));
    return signed_in;
}

Result<std::optional<Who>> who_is(const House& house, std::string_view cookie) {
    if (!may_be_cookie(cookie)) return std::optional<Who>{};
    const auto now = house.clock.now();
    const auto token = digest_of(cookie);
    std::optional<store::SessionRow> session;
    TRY_VOID(house.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        session = snapshot.session(house.partnership, token);
        return {};
    }));
    if (!session || session->expires <= now || expiry(session->created, session->seen) <= now)
        return std::optional<Who>{};
    const auto* known = house.profile.practitioner(session->practitioner);
    if (known == nullptr) return std::optional<Who>{};  // left the profile since
    if (now - session->seen >= noted_every) {
        TRY_VOID(house.store.write([&](store::Transaction& tx) -> Result<void> {
            auto current = tx.session(house.partnership, token);
            if (!current) return {};  // signed out meanwhile
            current->seen = std::max(current->seen, now);
            current->expires = expiry(current->created, current->seen);
            tx.put_session(house.partnership, *current);
            return {};
        }));
    }
    return std::optional(Who{known, to_hex(token), session->csrf});
}

Result<void> sign_out(const House& house, std::string_view cookie) {
    if (!may_be_cookie(cookie)) return {};
    const auto token = digest_of(cookie);
    return house.store.write([&](store::Transaction& tx) -> Result<void> {
        const auto session = tx.session(house.partnership, token);
        if (!session) return {};
        tx.delete_session(house.partnership, token);
        const auto row = line(house.clock.now(), "sign-out", session->practitioner,
                              house.profile.practitioner(session->practitioner), to_hex(token), "", "allowed");
        tx.insert_audit(house.partnership, std::span(&row, 1));
        return {};
    });
}

}  // namespace waymark::accounts
