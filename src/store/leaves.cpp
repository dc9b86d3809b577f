// The log: the queue of leaves, the sequencer's move from the queue to the log, checkpoints.
#include <unordered_map>

#include "store/tables.hpp"
#include "store/work.hpp"

namespace waymark::store {

LogState Work::log_state(Partnership p) {
    LogState out;
    db_.run("select size, frontier, fence from log_state where partnership = $1", {cell(p)}, [&](CellView row) {
        Columns c(row);
        out.size = c.whole();
        out.frontier = c.blob();
        out.fence = c.whole();
    });
    return out;
}

std::vector<LeafRow> Work::leaves(Partnership p, std::int64_t from, std::size_t limit) {
    std::vector<LeafRow> out;
    db_.run(
        "select log_index, entry, leaf from leaf where partnership = $1 and log_index >= $2 order by log_index limit "
        "$3",
        {cell(p), cell(from), cell(limit)}, [&](CellView row) {
            Columns c(row);
            LeafRow l;
            l.log_index = c.whole();
            l.entry = c.id<EntryId>();
            l.leaf = c.block();
            out.push_back(l);
        });
    return out;
}

std::optional<LeafRow> Work::leaf_of(Partnership p, EntryId entry) {
    std::optional<LeafRow> out;
    db_.run("select log_index, leaf from leaf where partnership = $1 and entry = $2", {cell(p), cell(entry)},
            [&](CellView row) {
                Columns c(row);
                LeafRow l;
                l.log_index = c.whole();
                l.entry = entry;
                l.leaf = c.block();
                out = l;
            });
    if (out) return out;
    // The queue has no index by entry, which would cost every append: what is asked for was nearly always queued last.
    db_.run("select leaf from leaf_queue where partnership = $1 and entry = $2 order by position desc limit 1",
            {cell(p), cell(entry)}, [&](CellView row) {
                LeafRow l;
                l.entry = entry;
                l.leaf = Columns(row).block();
                out = l;
            });
    return out;
}

std::int64_t Work::queued_leaves(Partnership p) {
    std::int64_t count = 0;
    db_.run("select count(*) from leaf_queue where partnership = $1", {cell(p)},
            [&](CellView row) { count = row[0].whole; });
    return count;
}

std::vector<std::pair<std::int64_t, EntryId>> Work::queued(Partnership p, std::int64_t after, std::size_t limit) {
    std::vector<std::pair<std::int64_t, EntryId>> out;
    db_.run(
        "select position, entry from leaf_queue where partnership = $1 and position > $2 order by position limit $3",
        {cell(p), cell(after), cell(limit)}, [&](CellView row) {
            Columns c(row);
            const std::int64_t position = c.whole();
            out.emplace_back(position, c.id<EntryId>());
        });
    return out;
}

std::vector<LeafRow> Work::take_queue(Partnership p, std::size_t limit) {
    std::vector<LeafRow> out;
    db_.run("select entry, leaf from leaf_queue where partnership = $1 order by position limit $2",
            {cell(p), cell(limit)}, [&](CellView row) {
                Columns c(row);
                LeafRow l;
                l.entry = c.id<EntryId>();
                l.leaf = c.block();
                out.push_back(l);
            });
    return out;
}

Result<void> Work::append_leaves(Partnership p, std::span<const LeafRow> indexed, const LogState& next,
                                 std::int64_t expected_fence) {
    const std::int64_t before = next.size - static_cast<std::int64_t>(indexed.size());
    const auto overtaken = [] {
        return fault(FaultKind::conflict, "log", "another sequencer has taken over", "let it go on");
    };
    const LogState now = log_state(p);
    if (now.fence != expected_fence || now.size != before) return overtaken();
    // The leaves are the oldest of the queue unless somebody calls this without take_queue.
    std::unordered_map<EntryId, std::int64_t> positions;
    db_.run("select position, entry from leaf_queue where partnership = $1 order by position limit $2",
            {cell(p), cell(indexed.size())}, [&](CellView row) {
                Columns c(row);
                const std::int64_t position = c.whole();
                positions.emplace(c.id<EntryId>(), position);
            });
    for (std::size_t i = 0; i < indexed.size(); ++i) {
        if (indexed[i].log_index != before + static_cast<std::int64_t>(i) || !positions.contains(indexed[i].entry)) {
            return fault(FaultKind::conflict, "log", "the leaves are not the oldest of the queue, in order",
                         "take the queue again");
        }
    }
    db_.run("insert into log_state (partnership, size, frontier, fence) values ($1, 0, $2, 0) on conflict do nothing",
            {cell(p), cell(ByteView{})});
    const std::int64_t changed =
        db_.run("update log_state set size = $2, frontier = $3 where partnership = $1 and fence = $4 and size = $5",
                {cell(p), cell(next.size), cell(next.frontier), cell(expected_fence), cell(before)});
    if (changed != 1) return overtaken();
    db_.insert_many(tables::leaf, indexed.size(), [&](std::size_t i, Cells& cells) {
        cells = {cell(p), cell(indexed[i].log_index), cell(indexed[i].entry), cell(indexed[i].leaf)};
    });
    db_.run_many("delete from leaf_queue where partnership = $1 and position = $2", indexed.size(),
                 [&](std::size_t i, Cells& cells) {
                     cells = {cell(p), cell(positions.at(indexed[i].entry))};
                 });
    return {};
}

std::int64_t Work::raise_fence(Partnership p) {
    std::int64_t fence = 0;
    db_.run(
        "insert into log_state (partnership, size, frontier, fence) values ($1, 0, $2, 1) "
        "on conflict (partnership) do update set fence = log_state.fence + 1 returning fence",
        {cell(p), cell(ByteView{})}, [&](CellView row) { fence = row[0].whole; });
    return fence;
}

std::optional<CheckpointRow> Work::latest_checkpoint(Partnership p) {
    std::optional<CheckpointRow> out;
    db_.run("select size, at, note from checkpoint where partnership = $1 order by size desc limit 1", {cell(p)},
            [&](CellView row) {
                Columns c(row);
                CheckpointRow k;
                k.size = c.whole();
                k.at = c.instant();
                k.note = c.text();
                out = std::move(k);
            });
    return out;
}

void Work::put_checkpoint(Partnership p, const CheckpointRow& k) {
    db_.run(
        "insert into checkpoint (partnership, size, at, note) values ($1, $2, $3, $4) "
        "on conflict (partnership, size) do update set at = excluded.at, note = excluded.note",
        {cell(p), cell(k.size), cell(k.at), cell(k.note)});
}

}  // namespace waymark::store
