// The audit: who read or wrote what, why, and which rule decided.
#include <algorithm>

#include "store/tables.hpp"
#include "store/work.hpp"

namespace waymark::store {

namespace {

constexpr std::string_view audit_cells =
    "select position, at, practitioner, agency, role, session, action, purpose, basis, route, record, case_id, "
    "entries, "
    "result, rule, policy, origin, who, strength, relationship, shown, fields, sealed from audit ";

AuditRow audit_row(CellView row) {
    Columns c(row);
    AuditRow a;
    a.position = c.whole();
    a.at = c.instant();
    a.before.practitioner = c.text();
    a.agency = c.text();
    a.role = c.text();
    a.before.session = c.text();
    a.action = c.text();
    a.purpose = c.text();
    a.basis = c.text();
    a.route = c.text();
    a.record = c.id<ViewId>();
    a.case_id = c.id<CaseId>();
    a.before.entries = c.text();
    a.result = c.text();
    a.rule = c.text();
    a.policy = c.text();
    a.before.from = c.text();
    a.who = c.blob();
    a.strength = c.text();
    a.relationship = c.text();
    a.shown = c.blob();
    a.fields = c.text();
    a.sealed = c.blob();
    return a;
}

Cell blob_or_null(const Bytes& bytes) {
    Cell c = cell(bytes);
    c.null = bytes.empty();
    return c;
}

// What a filter asks of the lines of one record, or of a practitioner where no record is named.
struct AuditWhere {
    std::string sql = "where partnership = $1";
    std::vector<Cell> cells;

    AuditWhere(Partnership p, const Snapshot::AuditFilter& filter, const ViewId* record) {
        cells.push_back(cell(p));
        if (record != nullptr) add(" and record = ", cell(*record));
        if (!filter.who.empty()) add(" and who = ", cell(filter.who));
        if (filter.from) add(" and at >= ", cell(*filter.from));
        if (filter.until) add(" and at < ", cell(*filter.until));
        if (filter.before) {
            add(" and (at, position) < (", cell(filter.before->first));
            add(", ", cell(filter.before->second));
            sql += ")";
        }
        if (!filter.agency.empty()) add(" and agency = ", cell(filter.agency));
        if (!filter.action.empty()) add(" and action = ", cell(filter.action));
        if (!filter.result.empty()) add(" and result = ", cell(filter.result));
    }
    void add(std::string_view words, Cell value) {
        cells.push_back(value);
        sql += words;
        sql += "$" + std::to_string(cells.size());
    }
};

// Once for each record, so that each is answered from its place in the index.
template <class Each>
void for_each_where(Partnership p, const Snapshot::AuditFilter& filter, const Each& each) {
    if (filter.records.empty() && filter.who.empty()) {
        throw Failure(Failure::Cause::refused,
                      Fault{FaultKind::invalid, "store", "lines of the audit are asked by record or practitioner", ""});
    }
    if (filter.records.empty()) each(AuditWhere(p, filter, nullptr));
    for (const auto& record : filter.records) each(AuditWhere(p, filter, &record));
}

}  // namespace

void Work::insert_audit(Partnership p, std::span<const AuditRow> rows) {
    db_.insert_many(tables::audit, rows.size(), [&](std::size_t i, Cells& cells) {
        constexpr std::string_view none;
        const AuditRow& a = rows[i];
        cells = {cell(p),
                 cell(a.at),
                 cell(none),
                 cell(a.agency),
                 cell(a.role),
                 cell(none),
                 cell(a.action),
                 cell(a.purpose),
                 cell(a.basis),
                 cell(a.route),
                 cell_or_null(a.record),
                 cell_or_null(a.case_id),
                 cell(none),
                 cell(a.result),
                 cell(a.rule),
                 cell(a.policy),
                 cell(none),
                 blob_or_null(a.who),
                 cell(a.strength),
                 cell(a.relationship),
                 blob_or_null(a.shown),
                 cell(a.fields),
                 blob_or_null(a.sealed)};
    });
}

std::vector<AuditRow> Work::audit(Partnership p, const AuditFilter& filter, std::size_t limit) {
    std::vector<AuditRow> out;
    for_each_where(p, filter, [&](AuditWhere where) {
        where.add(" order by at desc, position desc limit ", cell(limit));
        // Which lines they are is answered from the index alone: a filter that few meet would else fetch every line.
        db_.run(std::string(audit_cells) + "where partnership = $1 and position in (select position from audit " +
                    where.sql + ") order by at desc, position desc",
                where.cells, [&](CellView row) { out.push_back(audit_row(row)); });
    });
    if (filter.records.size() > 1) {
        std::sort(out.begin(), out.end(), [](const AuditRow& a, const AuditRow& b) {
            return std::tie(b.at, b.position) < std::tie(a.at, a.position);
        });
        if (out.size() > limit) out.resize(limit);
    }
    return out;
}

std::int64_t Work::count_audit(Partnership p, const AuditFilter& filter) {
    std::int64_t count = 0;
    for_each_where(p, filter, [&](const AuditWhere& where) {
        db_.run("select count(*) from audit " + where.sql, where.cells, [&](CellView row) { count += row[0].whole; });
    });
    return count;
}

std::int64_t Work::count_audit(Partnership p) {
    std::int64_t count = 0;
    db_.run("select count(*) from audit where partnership = $1", {cell(p)},
            [&](CellView row) { count = row[0].whole; });
    return count;
}

void Work::scan_audit(Partnership p, Instant from, const std::function<bool(const AuditGlance&)>& visit) {
    db_.stream(
        "select position, at, who, record, action, relationship, route, result from audit where partnership = $1 and "
        "at >= $2 order by at, position",
        {cell(p), cell(from)}, [&](CellView row) {
            AuditGlance one;
            one.position = row[0].whole;
            one.at = Instant{row[1].whole};
            one.who = row[2].bytes;
            if (row[3].bytes.size() == one.record.value.octets.size())
                std::copy(row[3].bytes.begin(), row[3].bytes.end(), one.record.value.octets.begin());
            one.action = row[4].bytes;
            one.relationship = row[5].bytes;
            one.route = row[6].bytes;
            one.result = row[7].bytes;
            return visit(one);
        });
}

std::vector<AuditRow> Work::audit_after(Partnership p, std::int64_t after, std::size_t limit) {
    std::vector<AuditRow> out;
    db_.run(std::string(audit_cells) + "where partnership = $1 and position > $2 order by position limit $3",
            {cell(p), cell(after), cell(limit)}, [&](CellView row) { out.push_back(audit_row(row)); });
    return out;
}

std::int64_t Work::access_epoch(Partnership p) {
    std::int64_t epoch = 0;
    db_.run("select epoch from access_epoch where partnership = $1", {cell(p)},
            [&](CellView row) { epoch = row[0].whole; });
    return epoch;
}

void Work::raise_access_epoch(Partnership p) {
    db_.run(
        "insert into access_epoch (partnership, epoch) values ($1, 1) "
        "on conflict (partnership) do update set epoch = access_epoch.epoch + 1",
        {cell(p)});
}

}  // namespace waymark::store
