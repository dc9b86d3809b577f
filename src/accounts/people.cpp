// Where somebody is signed in, and who may sign in at all.
#include <algorithm>
#include <map>

#include "accounts/accounts.hpp"
#include "base/json.hpp"

namespace waymark::accounts {

namespace {

constexpr std::size_t id_digits = 32;
constexpr std::size_t most_people = 100'000;

std::string id_of(const Digest& token) {
    return to_hex(token).substr(0, id_digits);
}

SessionLine line_of(const House& house, const store::SignedInRow& row, const Who& who) {
    SessionLine line;
    line.id = id_of(row.token);
    line.created = row.created;
    line.seen = row.seen;
    line.ends = row.expires;
    line.strength = parse_strength(row.strength).value_or(Strength::name);
    line.issuer = row.issuer;
    line.this_one = to_hex(row.token) == who.session;
    if (const auto details = house.keys.open_sealed(row.details, "session", to_hex(row.token))) {
        if (const auto read = parse_json(*details); read && read->is_object()) {
            line.from = string_or(read->as_object(), "from", "");
            line.browser = string_or(read->as_object(), "browser", "");
        }
    }
    return line;
}

Result<void> set_closed(const House& house, std::string_view practitioner, std::string_view by, std::string_view from,
                        bool closed, const Allow& allow = {}) {
    if (house.profile.practitioner(practitioner) == nullptr) {
        return fault(FaultKind::missing, "practitioner", "Nobody of that key works in this partnership.",
                     "Check the key in the profile.");
    }
    std::optional<Fault> waits;
    TRY_VOID(house.store.write([&](store::Transaction& tx) -> Result<void> {
        waits.reset();
        auto said = sign_ins(tx)
                        .engagement(house.partnership, practitioner)
                        .value_or(store::EngagementRow{.practitioner = std::string(practitioner)});
        if (said.closed.has_value() == closed) return {};
        if (allow) waits = TRY(allow(tx));
        if (waits) return {};
        said.closed = closed ? std::optional(house.clock.now()) : std::nullopt;
        sign_ins(tx).put_engagement(house.partnership, said);
        if (closed) sign_ins(tx).delete_sessions_of(house.partnership, practitioner, std::nullopt);
        auto row =
            audit_line(house, closed ? "access-close" : "access-reopen", by, "", from, "allowed", "administrator");
        row.reason = "about " + std::string(practitioner);
        house.auditor.keep(tx, house.partnership, row);
        return {};
    }));
    if (waits) return tl::unexpected(std::move(*waits));
    return {};
}

}  // namespace

Result<std::vector<SessionLine>> sessions_of(const House& house, const Who& who) {
    std::vector<SessionLine> lines;
    const auto now = house.clock.now();
    TRY_VOID(house.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        for (const auto& row :
             sign_ins(snapshot).sessions_of(house.partnership, who.practitioner->key, most_sessions)) {
            if (row.expires > now) lines.push_back(line_of(house, row, who));
        }
        return {};
    }));
    return lines;
}

Result<bool> end_session(const House& house, const Who& who, std::string_view id) {
    bool ended = false;
    TRY_VOID(house.store.write([&](store::Transaction& tx) -> Result<void> {
        ended = false;
        for (const auto& row : sign_ins(tx).sessions_of(house.partnership, who.practitioner->key, most_sessions)) {
            if (id_of(row.token) != id) continue;
            tx.delete_session(house.partnership, row.token);
            const auto line =
                audit_line(house, "session-end", who.practitioner->key, who.session, "", "allowed", "own-session");
            house.auditor.keep(tx, house.partnership, line);
            ended = true;
        }
        return {};
    }));
    return ended;
}

Result<std::int64_t> end_other_sessions(const House& house, const Who& who) {
    const Bytes token = TRY(from_hex(who.session));
    Digest kept{};
    if (token.size() != kept.size()) return invalid("session", "is not a session");
    std::copy(token.begin(), token.end(), kept.begin());
    std::int64_t ended = 0;
    TRY_VOID(house.store.write([&](store::Transaction& tx) -> Result<void> {
        ended = sign_ins(tx).delete_sessions_of(house.partnership, who.practitioner->key, kept);
        const auto line =
            audit_line(house, "session-end", who.practitioner->key, who.session, "", "allowed", "own-session");
        house.auditor.keep(tx, house.partnership, line);
        return {};
    }));
    return ended;
}

Result<std::vector<Colleague>> colleagues(const House& house) {
    std::vector<Colleague> all;
    TRY_VOID(house.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        std::map<std::string, store::EngagementRow, std::less<>> said;
        for (auto& row : sign_ins(snapshot).engagements(house.partnership, most_people))
            said.emplace(row.practitioner, std::move(row));
        std::map<std::string, bool, std::less<>> accounts;
        for (const auto& row : sign_ins(snapshot).accounts(house.partnership, most_people))
            accounts[row.practitioner] = true;
        const auto now = house.clock.now();
        for (const auto& one : house.profile.practitioners) {
            Colleague colleague;
            colleague.practitioner = &one;
            colleague.has_account = accounts.contains(one.key);
            if (const auto found = said.find(one.key); found != said.end()) {
                const auto& row = found->second;
                colleague.closed = row.closed;
                colleague.works_here = !row.agency || (*row.agency == one.agency && row.role == one.role);
                if (row.last_sign_in)
                    colleague.last = LastSignIn{*row.last_sign_in, row.last_issuer, row.last_strength};
                // Only who has ever signed in can have a session.
                for (const auto& session : sign_ins(snapshot).sessions_of(house.partnership, one.key, most_sessions))
                    colleague.sessions += session.expires > now ? 1u : 0u;
            }
            all.push_back(std::move(colleague));
        }
        return {};
    }));
    return all;
}

Result<void> close_access(const House& house, std::string_view practitioner, std::string_view by,
                          std::string_view from) {
    return set_closed(house, practitioner, by, from, true);
}

Result<void> reopen_access(const House& house, std::string_view practitioner, std::string_view by,
                           std::string_view from, const Allow& allow) {
    return set_closed(house, practitioner, by, from, false, allow);
}

}  // namespace waymark::accounts
