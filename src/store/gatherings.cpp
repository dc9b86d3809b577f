// Who has met, by case, as the folds last told it.
#include "store/work.hpp"

namespace waymark::store {

namespace {

#define WM_GATHERINGS "select case_id, record, gathered, gathered_since, gathered_plain, gathered_until from casefile "

GatheringRow read_gathering(CellView row) {
    Columns c(row);
    GatheringRow out;
    out.case_id = c.id<CaseId>();
    out.record = c.id<ViewId>();
    out.state = static_cast<GatheringRow::State>(c.whole());
    out.since = c.instant_or_null();
    out.plain = c.flag();
    out.until = c.instant_or_null();
    return out;
}

}  // namespace

std::array<Cell, 4> gathered_cells(const GatheringRow& g) {
    return {cell(static_cast<std::int16_t>(g.state)), cell_or_null(g.since), cell(g.plain ? 1 : 0),
            cell_or_null(g.until)};
}

std::optional<std::vector<GatheringCount>> Work::count_gatherings(Partnership p, Instant now) {
    bool whole = true;
    db_.run("select 1 from casefile where partnership = $1 and gathered is null limit 1", {cell(p)},
            [&](CellView) { whole = false; });
    if (!whole) return std::nullopt;
    std::vector<GatheringCount> counts;
    db_.run(
        "select gathered, gathered_plain, stale, count(*) from (select gathered, gathered_plain, "
        "case when gathered_until <= $1 then 1 else 0 end as stale from casefile where partnership = $2) as one "
        "group by gathered, gathered_plain, stale",
        {cell(now), cell(p)}, [&](CellView row) {
            Columns c(row);
            GatheringCount count;
            count.state = static_cast<GatheringRow::State>(c.whole());
            count.plain = c.flag();
            count.stale = c.flag();
            count.cases = static_cast<std::size_t>(c.whole());
            counts.push_back(count);
        });
    return counts;
}

std::vector<GatheringRow> Work::never_met(Partnership p, Instant now, std::size_t from, std::size_t limit) {
    std::vector<GatheringRow> out;
    db_.run(WM_GATHERINGS
            "where partnership = $1 and gathered in (1, 2) and gathered_plain = 1 "
            "and (gathered_until is null or gathered_until > $2) "
            "order by gathered, gathered_since, case_id limit $3 offset $4",
            {cell(p), cell(now), cell(limit), cell(from)}, [&](CellView row) { out.push_back(read_gathering(row)); });
    return out;
}

std::vector<GatheringRow> Work::unsure_gatherings(Partnership p, Instant now, std::size_t limit) {
    std::vector<GatheringRow> out;
    db_.run(WM_GATHERINGS
            "where partnership = $1 and (gathered_plain = 0 or gathered_until <= $2) order by case_id limit $3",
            {cell(p), cell(now), cell(limit)}, [&](CellView row) { out.push_back(read_gathering(row)); });
    return out;
}

void Work::put_gatherings(Partnership p, std::span<const GatheringRow> rows) {
    db_.run_many(
        "update casefile set gathered = $3, gathered_since = $4, gathered_plain = $5, gathered_until = $6 "
        "where partnership = $1 and case_id = $2",
        rows.size(), [&](std::size_t i, Cells& cells) {
            cells = {cell(p), cell(rows[i].case_id)};
            const auto gathered = gathered_cells(rows[i]);
            cells.insert(cells.end(), gathered.begin(), gathered.end());
        });
}

}  // namespace waymark::store
