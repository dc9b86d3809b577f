// Asked, done, recorded: the audit lines of reads and refusals, and whether the session still stands.
#include "casework/access.hpp"

#include <fmt/format.h>

namespace waymark::casework {

namespace {

constexpr std::string_view access_place = "access epoch";

tl::unexpected<Fault> access_has_changed() {
    return fault(FaultKind::conflict, std::string(access_place), "Who may see what has changed meanwhile.",
                 "Try again.");
}

Result<void> or_unavailable(Result<void> wrote) {
    if (wrote || wrote.error().kind == FaultKind::forbidden || access_changed(wrote.error())) return wrote;
    return reading_unavailable();
}

}  // namespace

Seen::Seen(const Office& office, store::Snapshot& snapshot) : epoch_(snapshot.access_epoch(office.partnership)) {}

std::vector<record::AuditLine> Seen::lines(const record::Permit& permit, Instant now) const {
    std::vector<record::AuditLine> rows;
    for (const auto& one : lines_) {
        auto line = record::shown_line(permit, now, one.record, one.case_id, one.shown, "allowed");
        line.relationship = one.relationship;
        line.fields = one.fields;
        rows.push_back(std::move(line));
    }
    if (rows.empty()) rows.push_back(record::audit_line(permit, now, ViewId{}, CaseId{}, {}, "allowed"));
    if (!action_.empty()) {
        for (auto& row : rows) row.action = action_;
    }
    for (auto& row : rows) row.basis = basis_;
    return rows;
}

Result<void> session_stands(const Office& office, store::Snapshot& snapshot, const record::Asker& asker) {
    const auto ended = [] {
        return fault(FaultKind::forbidden, "session", "The session has ended.", "Sign in again.");
    };
    if (asker.session == "command" || asker.session == "system" || asker.session == "spool") return {};
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
    auto row = record::line_of(asker, office.clock.now());
    row.action =
        kind.empty() ? std::string(record::to_string(action)) : fmt::format("{} {}", record::to_string(action), kind);
    row.result = why.kind == FaultKind::forbidden ? "denied" : "refused";
    row.rule = why.place;
    row.policy = office.gate->policy().version;
    const auto rows = office.auditor->seal({&row, 1});
    return office.store.write([&](store::Transaction& tx) -> Result<void> {
        office.auditor->keep(tx, office.partnership, rows);
        return {};
    });
}

Result<record::Permit> permit_for(const Office& office, const record::Asker& asker, record::Action action,
                                  std::string_view kind) {
    auto permit = office.gate->ask(asker, action, kind);
    if (!permit) TRY_VOID(note_refusal(office, asker, action, kind, permit.error()));
    return permit;
}

tl::unexpected<Fault> reading_unavailable() {
    return fault(FaultKind::unavailable, "", "The reading cannot be recorded now, so nothing is shown.",
                 "Try again in a minute.");
}

bool access_changed(const Fault& why) {
    return why.kind == FaultKind::conflict && why.place == access_place;
}

Result<void> record_reading(const Office& office, const record::Permit& permit, const Seen& seen,
                            const std::function<Result<void>(store::Transaction&)>& also) {
    const auto rows = office.auditor->seal(seen.lines(permit, office.clock.now()));
    auto wrote = office.store.write([&](store::Transaction& tx) -> Result<void> {
        TRY_VOID(session_stands(office, tx, permit.asker()));
        if (seen.epoch() && tx.access_epoch(office.partnership) != *seen.epoch()) return access_has_changed();
        office.auditor->keep(tx, office.partnership, rows);
        return also ? also(tx) : Result<void>{};
    });
    return or_unavailable(std::move(wrote));
}

Result<void> record_readings(const Office& office, const record::Asker& asker, const record::Readings& readings) {
    if (readings.all.empty()) return {};
    std::vector<record::AuditLine> lines;
    for (const auto& one : readings.all) lines.insert(lines.end(), one.lines.begin(), one.lines.end());
    const auto rows = office.auditor->seal(lines);
    auto wrote = office.store.write([&](store::Transaction& tx) -> Result<void> {
        TRY_VOID(session_stands(office, tx, asker));
        const auto epoch = tx.access_epoch(office.partnership);
        for (const auto& one : readings.all) {
            if (one.epoch && epoch != *one.epoch) return access_has_changed();
        }
        office.auditor->keep(tx, office.partnership, rows);
        return {};
    });
    return or_unavailable(std::move(wrote));
}

}  // namespace waymark::casework
