// The audit: who read or wrote what, why, and which rule decided.
#include "store/tables.hpp"
#include "store/work.hpp"

namespace waymark::store {

void Work::insert_audit(Partnership p, std::span<const AuditRow> rows) {
    db_.insert_many(tables::audit, rows.size(), [&](std::size_t i, Cells& cells) {
        const AuditRow& a = rows[i];
        cells = {cell(p),         cell(a.at),      cell(a.practitioner),   cell(a.agency),
                 cell(a.role),    cell(a.session), cell(a.action),         cell(a.purpose),
                 cell(a.basis),   cell(a.route),   cell_or_null(a.record), cell_or_null(a.case_id),
                 cell(a.entries), cell(a.result),  cell(a.rule),           cell(a.policy),
                 cell(a.from)};
    });
}

std::vector<AuditRow> Work::audit_of_record(Partnership p, ViewId record, std::size_t limit) {
    std::vector<AuditRow> out;
    db_.run(
        "select at, practitioner, agency, role, session, action, purpose, basis, route, record, case_id, entries, "
        "result, rule, "
        "policy, origin from audit where partnership = $1 and record = $2 order by position desc limit $3",
        {cell(p), cell(record), cell(limit)}, [&](CellView row) {
            Columns c(row);
            AuditRow a;
            a.at = c.instant();
            a.practitioner = c.text();
            a.agency = c.text();
            a.role = c.text();
            a.session = c.text();
            a.action = c.text();
            a.purpose = c.text();
            a.basis = c.text();
            a.route = c.text();
            a.record = c.id<ViewId>();
            a.case_id = c.id<CaseId>();
            a.entries = c.text();
            a.result = c.text();
            a.rule = c.text();
            a.policy = c.text();
            a.from = c.text();
            out.push_back(std::move(a));
        });
    return out;
}

std::int64_t Work::count_audit(Partnership p) {
    std::int64_t count = 0;
    db_.run("select count(*) from audit where partnership = $1", {cell(p)},
            [&](CellView row) { count = row[0].whole; });
    return count;
}

}  // namespace waymark::store
