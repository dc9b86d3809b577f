// The line that every read and every write leaves.
#include <algorithm>

#include <fmt/core.h>

#include "record/journal.hpp"

namespace waymark::record {

store::AuditRow audit_line(const Permit& permit, Instant at, ViewId record, CaseId case_id,
                           std::span<const EntryId> entries, std::string_view result) {
    constexpr std::size_t most_listed = 200;
    const auto& asker = permit.asker();
    store::AuditRow row;
    row.at = at;
    row.practitioner = asker.practitioner;
    row.agency = asker.agency;
    row.role = asker.role;
    row.session = asker.session;
    row.action = to_string(permit.action());
    row.purpose = asker.purpose;
    row.route = asker.route;
    row.record = record;
    row.case_id = case_id;
    for (const auto& entry : entries.first(std::min(entries.size(), most_listed))) {
        if (!row.entries.empty()) row.entries += ' ';
        row.entries += to_string(entry);
    }
    if (entries.size() > most_listed) row.entries += fmt::format(" +{}", entries.size() - most_listed);
    row.result = result;
    row.rule = permit.rule();
    row.policy = permit.policy();
    row.from = asker.from;
    return row;
}

}  // namespace waymark::record
