// Asked, done, recorded: the audit lines of reads and refusals, and whether the session still stands.
#include "casework/access.hpp"

#include <fmt/format.h>

namespace waymark::casework {

std::vector<store::AuditRow> Seen::lines(const record::Permit& permit, Instant now) const {
    std::vector<store::AuditRow> rows;
    for (const auto& one : lines_)
        rows.push_back(record::audit_line(permit, now, one.record, one.case_id, one.entries, "allowed"));
    if (rows.empty()) rows.push_back(record::audit_line(permit, now, ViewId{}, CaseId{}, {}, "allowed"));
    return rows;
}

Result<void> session_stands(const Office& office, store::Snapshot& snapshot, const record::Asker& asker) {
    const auto ended = [] {
        return fault(FaultKind::forbidden, "session", "The session has ended.", "Sign in again.");
    };
    if (asker.session == "command" || asker.session == "system") return {};
    const auto digest = from_hex(asker.session);
    if (!digest || digest->size() != sizeof(Digest)) return ended();
    Digest token{};
    std::copy(digest->begin(), digest->end(), token.begin());
    const auto session = snapshot.session(office.partnership, token);
    if (!session || session->practitioner != asker.practitioner || session->expires <= office.clock.now())
        return ended();
    return {};
}

Result<void> note_refusal(const Office& office, const record::Asker& asker, record::Action action,
                          std::string_view kind, const Fault& why) {
    store::AuditRow row;
    row.at = office.clock.now();
    row.practitioner = asker.practitioner;
    row.agency = asker.agency;
    row.role = asker.role;
    row.session = asker.session;
    row.action =
        kind.empty() ? std::string(record::to_string(action)) : fmt::format("{} {}", record::to_string(action), kind);
    row.purpose = asker.purpose;
    row.route = asker.route;
    row.result = why.kind == FaultKind::forbidden ? "denied" : "refused";
    row.rule = why.place;
    row.policy = office.gate->policy().version;
    row.from = asker.from;
    return office.store.write([&](store::Transaction& tx) -> Result<void> {
        tx.insert_audit(office.partnership, std::vector{row});
        return {};
    });
}

Result<record::Permit> permit_for(const Office& office, const record::Asker& asker, record::Action action,
                                  std::string_view kind) {
    auto permit = office.gate->ask(asker, action, kind);
    if (!permit) TRY_VOID(note_refusal(office, asker, action, kind, permit.error()));
    return permit;
}

Result<void> record_reading(const Office& office, const record::Permit& permit, const Seen& seen,
                            const std::function<Result<void>(store::Transaction&)>& also) {
    const auto rows = seen.lines(permit, office.clock.now());
    auto wrote = office.store.write([&](store::Transaction& tx) -> Result<void> {
        TRY_VOID(session_stands(office, tx, permit.asker()));
        tx.insert_audit(office.partnership, rows);
        return also ? also(tx) : Result<void>{};
    });
    if (wrote || wrote.error().kind == FaultKind::forbidden) return wrote;
    return fault(FaultKind::unavailable, "", "The reading cannot be recorded now, so nothing is shown.",
                 "Try again in a minute.");
}

}  // namespace waymark::casework
