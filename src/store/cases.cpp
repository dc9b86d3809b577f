// Cases and their duties.
#include <algorithm>
#include <iterator>
#include <string>

#include "store/tables.hpp"
#include "store/work.hpp"

namespace waymark::store {

namespace {

#define WM_CASES \
    "select case_id, record, agency, source_key, procedure, opened, closed, next_seq, lead, marking from casefile "
#define WM_DUTIES "select case_id, record, duty, raised_by, due, owner, state, kind, summary from duty "

CaseRow read_case(CellView row, const NameCover* cover) {
    Columns c(row);
    CaseRow out;
    out.case_id = c.id<CaseId>();
    out.record = c.id<ViewId>();
    out.agency = c.text();
    out.source_key = c.text();
    if (cover != nullptr) out.source_key = cover->uncover(NameOf::matter, out.source_key);
    out.procedure = c.text();
    out.opened = c.instant();
    out.closed = c.instant_or_null();
    out.next_seq = c.whole();
    out.lead = c.text();
    out.marking = c.text();
    return out;
}

DutyRow read_duty(CellView row) {
    Columns c(row);
    DutyRow out;
    out.case_id = c.id<CaseId>();
    out.record = c.id<ViewId>();
    out.duty = c.text();
    out.raised_by = c.id<EntryId>();
    out.due = c.instant();
    out.owner = c.text();
    out.state = c.text();
    out.kind = c.text();
    out.summary = c.text();
    return out;
}

}  // namespace

std::vector<std::optional<CaseRow>> Work::cases(Partnership p, std::span<const CaseId> ids) {
    const auto cover = cover_of(p);
    return find_each<CaseRow>(
        WM_CASES "where partnership = $1 and case_id = $2", ids,
        [&](const CaseId& id, Cells& cells) {
            cells = {cell(p), cell(id)};
        },
        [&](CellView row) { return read_case(row, cover.get()); });
}

std::vector<std::optional<CaseRow>> Work::cases_by_key(Partnership p, std::span<const CaseKey> keys) {
    const auto cover = cover_of(p);
    std::string covered;
    return find_each<CaseRow>(
        WM_CASES "where partnership = $1 and source_key = $2 and agency = $3 and source_key <> ''", keys,
        [&](const CaseKey& key, Cells& cells) {
            covered = cover ? cover->cover(NameOf::matter, key.key) : key.key;
            cells = {cell(p), cell(covered), cell(key.agency)};
        },
        [&](CellView row) { return read_case(row, cover.get()); });
}

std::vector<CaseRow> Work::cases_of_records(Partnership p, std::span<const ViewId> records) {
    const auto cover = cover_of(p);
    std::vector<CaseRow> out;
    // By the covering index first: left to itself, SQLite reads the whole partnership (table without rowid, no
    // statistics).
    db_.run_many(
        WM_CASES
        "where partnership = $1 and case_id in (select case_id from casefile where partnership = $1 and record = $2) "
        "order by opened, case_id",
        records.size(),
        [&](std::size_t i, Cells& cells) {
            cells = {cell(p), cell(records[i])};
        },
        [&](std::size_t, CellView row) { out.push_back(read_case(row, cover.get())); });
    return out;
}

std::vector<CaseRow> Work::cases_led_by(Partnership p, std::string_view lead, std::size_t limit) {
    const auto cover = cover_of(p);
    std::vector<CaseRow> out;
    db_.run(WM_CASES
            "where partnership = $1 and lead = $2 and lead <> '' and closed is null order by opened, case_id limit $3",
            {cell(p), cell(lead), cell(limit)}, [&](CellView row) { out.push_back(read_case(row, cover.get())); });
    return out;
}

std::vector<DutyRow> Work::duties_of_lead(Partnership p, std::string_view lead, std::size_t limit) {
    std::vector<DutyRow> out;
    db_.run(WM_DUTIES
            "where partnership = $1 and state in ('open', 'overdue') and case_id in (select case_id from casefile "
            "where partnership = $1 and lead = $2 and lead <> '' and closed is null) order by due, case_id, ordinal "
            "limit $3",
            {cell(p), cell(lead), cell(limit)}, [&](CellView row) { out.push_back(read_duty(row)); });
    return out;
}

void Work::scan_cases(Partnership p, const std::function<bool(const CaseRow&)>& visit) {
    const auto cover = cover_of(p);
    db_.stream(WM_CASES "where partnership = $1 order by record, opened, case_id", {cell(p)},
               [&](CellView row) { return visit(read_case(row, cover.get())); });
}

void Work::insert_cases(Partnership p, std::span<const CaseRow> rows, std::span<const GatheringRow> gatherings) {
    if (!gatherings.empty() && gatherings.size() != rows.size()) {
        throw Failure(Failure::Cause::refused,
                      Fault{FaultKind::invalid, "store", "each case brings who has met in it, or none does", ""});
    }
    const auto cover = cover_of(p);
    std::string covered;
    const Cell unknown = cell_or_null(std::optional<Instant>{});  // who has met, until the case is folded
    db_.insert_many(tables::casefile, rows.size(), [&](std::size_t i, Cells& cells) {
        const CaseRow& c = rows[i];
        covered = cover ? cover->cover(NameOf::matter, c.source_key) : c.source_key;
        cells = {cell(p),          cell(c.case_id),   cell(c.record), cell(c.agency),
                 cell(covered),    cell(c.procedure), cell(c.opened), cell_or_null(c.closed),
                 cell(c.next_seq), unknown,           unknown,        unknown,
                 unknown,          cell(c.lead),      cell(c.marking)};
        if (gatherings.empty()) return;
        const auto gathered = gathered_cells(gatherings[i]);
        std::copy(gathered.begin(), gathered.end(), cells.end() - 2 - std::ssize(gathered));
    });
}

void Work::update_cases(Partnership p, std::span<const CaseRow> rows) {
    db_.run_many(
        "update casefile set procedure = $3, closed = $4, next_seq = $5, lead = $6 "
        "where partnership = $1 and case_id = $2",
        rows.size(), [&](std::size_t i, Cells& cells) {
            const CaseRow& c = rows[i];
            cells = {cell(p),          cell(c.case_id), cell(c.procedure), cell_or_null(c.closed),
                     cell(c.next_seq), cell(c.lead)};
        });
}

std::vector<DutyRow> Work::duties(Partnership p, const DutyFilter& filter, std::size_t limit) {
    std::string sql = WM_DUTIES "where partnership = $1";
    Cells cells = {cell(p)};
    const auto also = [&](std::string_view condition, const Cell& value) {
        cells.push_back(value);
        sql += condition;
        sql += std::to_string(cells.size());
    };
    if (filter.unmet_only) sql += " and state in ('open', 'overdue')";
    if (!filter.owner.empty()) also(" and owner = $", cell(filter.owner));
    if (!filter.duty.empty()) also(" and duty = $", cell(filter.duty));
    if (filter.due_before) also(" and due < $", cell(*filter.due_before));
    also(" order by due, case_id, ordinal limit $", cell(limit));
    std::vector<DutyRow> out;
    db_.run(sql, cells, [&](CellView row) { out.push_back(read_duty(row)); });
    return out;
}

std::vector<DutyRow> Work::duties_of_case(Partnership p, CaseId id) {
    std::vector<DutyRow> out;
    db_.run(WM_DUTIES "where partnership = $1 and case_id = $2 order by ordinal", {cell(p), cell(id)},
            [&](CellView row) { out.push_back(read_duty(row)); });
    return out;
}

void Work::replace_duties(Partnership p, std::span<const CaseId> cases, std::span<const DutyRow> rows) {
    db_.run_many("delete from duty where partnership = $1 and case_id = $2", cases.size(),
                 [&](std::size_t i, Cells& cells) {
                     cells = {cell(p), cell(cases[i])};
                 });
    db_.insert_many(tables::duty, rows.size(), [&](std::size_t i, Cells& cells) {
        const DutyRow& d = rows[i];
        cells = {cell(p),     cell(d.case_id), cell(i),       cell(d.record), cell(d.duty),   cell_or_null(d.raised_by),
                 cell(d.due), cell(d.owner),   cell(d.state), cell(d.kind),   cell(d.summary)};
    });
}

}  // namespace waymark::store
