// Entries and their texts.
#include <algorithm>
#include <array>
#include <string>
#include <tuple>

#include "store/tables.hpp"
#include "store/work.hpp"

namespace waymark::store {

namespace {

#define WM_CARD_COLUMNS                                                                                      \
    "e.entry, e.record, e.case_id, e.case_seq, e.agency, e.author, e.kind, e.source_id, e.at, e.date_only, " \
    "e.recorded, "                                                                                           \
    "e.kept, e.about, e.supersedes, e.incident, e.marking, e.digest, e.salt, e.card"
#define WM_CARDS "select " WM_CARD_COLUMNS " from entry e "
#define WM_WHOLE              \
    "select " WM_CARD_COLUMNS \
    ", t.text from entry e left join entry_text t on t.partnership = e.partnership and t.entry = e.entry "

using Cover = std::shared_ptr<const NameCover>;

// What was kept before there was a cover is neither covered nor masked: its card is not sealed.
bool is_masked(const Cover& cover, ByteView card) {
    return cover && !card.empty() && card.front() != 0;
}

// How much of what is covered or masked is read: all of it; of a child's record all but digest and salt, which only
// proofs and repeats ask for, by the entry; of a scan of cards, what a fold reads. What else there is is left out. But
// for the first, names are left covered for uncover_names.
enum class Lift { all, for_reading, for_folding };

// What other systems call some entries and incidents, of many rows at once.
void uncover_names(std::vector<WholeEntry>& rows, const Cover& cover) {
    if (!cover) return;
    std::vector<std::string*> names;
    names.reserve(rows.size());
    const auto lift = [&](NameOf of, std::string EntryRow::*name) {
        names.clear();
        for (auto& one : rows) {
            if (!(one.row.*name).empty()) names.push_back(&(one.row.*name));
        }
        cover->uncover_each(of, names);
    };
    lift(NameOf::entry, &EntryRow::source_id);
    lift(NameOf::incident, &EntryRow::incident);
}

WholeEntry read_entry(CellView row, Want want, const Cover& cover, Lift lift = Lift::all) {
    Columns c(row);
    WholeEntry out;
    EntryRow& e = out.row;
    e.entry = c.id<EntryId>();
    e.record = c.id<ViewId>();
    e.case_id = c.id<CaseId>();
    e.case_seq = c.whole();
    e.agency = c.text();
    e.author = c.text();
    e.kind = c.text();
    e.source_id = c.text();
    e.at.instant = c.instant();
    e.at.date_only = c.flag();
    e.recorded = c.instant();
    e.kept = c.instant();
    e.about = c.id<EntryId>();
    e.supersedes = c.id<EntryId>();
    e.incident = c.text();
    e.marking = c.text();
    e.digest = c.block();
    e.salt = c.block();
    e.card = c.blob();
    if (want == Want::whole) out.text = c.blob();
    if (!cover) return out;
    if (lift != Lift::all) {
        e.digest = {};
        e.salt = {};
        if (lift == Lift::for_folding) e.source_id.clear();
        return out;
    }
    if (!e.incident.empty()) e.incident = cover->uncover(NameOf::incident, e.incident);
    if (!e.source_id.empty()) e.source_id = cover->uncover(NameOf::entry, e.source_id);
    if (is_masked(cover, e.card)) cover->mask(e.entry, e.digest, e.salt);
    return out;
}

KnownEntry read_known(CellView row, const Cover& cover) {
    Columns c(row);
    KnownEntry out;
    out.entry = c.id<EntryId>();
    out.record = c.id<ViewId>();
    out.case_id = c.id<CaseId>();
    out.agency = c.text();
    out.kind = c.text();
    out.digest = c.block();
    const Bytes first = c.blob();
    Digest ignored{};
    if (is_masked(cover, first)) cover->mask(out.entry, out.digest, ignored);
    return out;
}

}  // namespace

std::vector<WholeEntry> Work::entries_of_records(Partnership p, std::span<const ViewId> records, Want want,
                                                 std::size_t limit) {
    constexpr std::string_view cards =
        WM_CARDS "where e.partnership = $1 and e.record = $2 order by e.at, e.recorded, e.entry limit $3";
    constexpr std::string_view whole =
        WM_WHOLE "where e.partnership = $1 and e.record = $2 order by e.at, e.recorded, e.entry limit $3";
    const auto cover = cover_of(p);
    const auto lift = want == Want::cards ? Lift::for_folding : Lift::for_reading;
    std::vector<WholeEntry> out;
    constexpr std::size_t usual = 8;  // entries of a record
    out.reserve(std::min(limit, records.size() * usual));
    db_.run_many(
        want == Want::cards ? cards : whole, records.size(),
        [&](std::size_t i, Cells& cells) {
            cells = {cell(p), cell(records[i]), cell(limit - out.size())};
        },
        [&](std::size_t, CellView row) {
            if (out.size() < limit) out.push_back(read_entry(row, want, cover, lift));
        });
    uncover_names(out, cover);
    return out;
}

std::vector<EntryRow> Work::ties_of_records(Partnership p, std::span<const ViewId> records, std::string_view agency,
                                            std::span<const std::string_view> kinds, std::size_t limit) {
    std::string of_kinds = "e.kind in (''";
    for (std::size_t i = 0; i < kinds.size(); ++i) of_kinds += ", $" + std::to_string(i + 5);
    of_kinds += ")";
    const std::string sql =
        "select e.entry, e.record, e.case_id, e.agency, e.author, e.kind, e.marking, e.at, e.date_only, "
        "case when " +
        of_kinds +
        " then e.card end from entry e where e.partnership = $1 and "
        "e.record = $2 and (e.agency = $3 or " +
        of_kinds +
        ") "
        "order by e.at, e.recorded, e.entry limit $4";
    std::vector<EntryRow> out;
    db_.run_many(
        sql, records.size(),
        [&](std::size_t i, Cells& cells) {
            cells = {cell(p), cell(records[i]), cell(agency), cell(limit - out.size())};
            for (const auto kind : kinds) cells.push_back(cell(kind));
        },
        [&](std::size_t, CellView row) {
            if (out.size() == limit) return;
            Columns c(row);
            EntryRow& e = out.emplace_back();
            e.entry = c.id<EntryId>();
            e.record = c.id<ViewId>();
            e.case_id = c.id<CaseId>();
            e.agency = c.text();
            e.author = c.text();
            e.kind = c.text();
            e.marking = c.text();
            e.at.instant = c.instant();
            e.at.date_only = c.flag();
            e.card = c.blob();
        });
    return out;
}

std::vector<WholeEntry> Work::entries_about(Partnership p, std::span<const ViewId> records, EntryId about) {
    constexpr std::string_view cards = WM_CARDS
        "where e.partnership = $1 and e.record = $2 and (e.about = $3 or e.supersedes is not null) "
        "order by e.at, e.recorded, e.entry";
    const auto cover = cover_of(p);
    std::vector<WholeEntry> out;
    db_.run_many(
        cards, records.size(),
        [&](std::size_t i, Cells& cells) {
            cells = {cell(p), cell(records[i]), cell(about)};
        },
        [&](std::size_t, CellView row) { out.push_back(read_entry(row, Want::cards, cover, Lift::for_folding)); });
    return out;
}

std::vector<std::optional<WholeEntry>> Work::entries(Partnership p, std::span<const EntryId> ids, Want want) {
    constexpr std::string_view cards = WM_CARDS "where e.partnership = $1 and e.entry = $2";
    constexpr std::string_view whole = WM_WHOLE "where e.partnership = $1 and e.entry = $2";
    const auto cover = cover_of(p);
    return find_each<WholeEntry>(
        want == Want::cards ? cards : whole, ids,
        [&](const EntryId& id, Cells& cells) {
            cells = {cell(p), cell(id)};
        },
        [&](CellView row) { return read_entry(row, want, cover); });
}

std::vector<std::optional<KnownEntry>> Work::entries_by_source(Partnership p, std::span<const SourceKey> keys) {
    const auto cover = cover_of(p);
    std::string covered;
    return find_each<KnownEntry>(
        "select entry, record, case_id, agency, kind, digest, substr(card, 1, 1) from entry "
        "where partnership = $1 and source_id = $2 and agency = $3 and source_id <> ''",
        keys,
        [&](const SourceKey& key, Cells& cells) {
            covered = cover ? cover->cover(NameOf::entry, key.id) : key.id;
            cells = {cell(p), cell(covered), cell(key.agency)};
        },
        [&](CellView row) { return read_known(row, cover); });
}

std::vector<KnownEntry> Work::entries_by_source_id(Partnership p, std::string_view id) {
    const auto cover = cover_of(p);
    const std::string covered = cover ? cover->cover(NameOf::entry, id) : std::string(id);
    std::vector<KnownEntry> out;
    db_.run(
        "select entry, record, case_id, agency, kind, digest, substr(card, 1, 1) from entry "
        "where partnership = $1 and source_id = $2 and source_id <> '' order by agency limit 2",
        {cell(p), cell(covered)}, [&](CellView row) { out.push_back(read_known(row, cover)); });
    return out;
}

// The kind stands in the text: both engines use the partial index only where they can see that it applies.
std::vector<EntryId> Work::concerns_raised_by(Partnership p, std::string_view agency, std::string_view author,
                                              std::size_t limit) {
    std::vector<EntryId> out;
    db_.run(
        "select entry from entry where partnership = $1 and agency = $2 and author = $3 and kind = 'concern.raised' "
        "order by at desc limit $4",
        {cell(p), cell(agency), cell(author), cell(limit)},
        [&](CellView row) { out.push_back(Columns(row).id<EntryId>()); });
    return out;
}

std::vector<WholeEntry> Work::partnership_entries(Partnership p, std::string_view kind, Want want) {
    constexpr std::string_view cards =
        WM_CARDS "where e.partnership = $1 and e.record = $2 and e.kind = $3 order by e.at, e.recorded, e.entry";
    constexpr std::string_view whole =
        WM_WHOLE "where e.partnership = $1 and e.record = $2 and e.kind = $3 order by e.at, e.recorded, e.entry";
    const auto cover = cover_of(p);
    const ViewId nobody;
    std::vector<WholeEntry> out;
    db_.run(want == Want::cards ? cards : whole, {cell(p), cell(nobody), cell(kind)},
            [&](CellView row) { out.push_back(read_entry(row, want, cover)); });
    return out;
}

// The kinds are written out, as in the partial index: a parameter would not find it.
#define WM_ACCESS_KINDS                                                                               \
    "e.kind in ('restriction.set', 'restriction.lifted', 'restriction.reviewed', 'access.granted', "  \
    "'glass.broken', 'glass.reviewed', 'conflict.found', 'conflict.cleared', 'connection.declared', " \
    "'connection.ended', 'approval.asked', 'approval.given', 'approval.used', 'look.answered', "      \
    "'contact.set', 'advice.asked', 'advice.given', 'pairing.recorded', 'pairing.answered', 'pairing.ended') "

std::vector<MarkedRow> Work::marked(Partnership p, std::string_view marking, std::size_t limit) {
    std::vector<MarkedRow> out;
    db_.run(
        "select distinct record, kind, marking, agency from entry where partnership = $1 and marking = $2 "
        "and marking <> 'team' order by record, kind, agency limit $3",
        {cell(p), cell(marking), cell(limit)}, [&](CellView row) {
            Columns c(row);
            MarkedRow one;
            one.record = c.id<ViewId>();
            one.kind = c.text();
            one.marking = c.text();
            one.agency = c.text();
            out.push_back(std::move(one));
        });
    return out;
}

// One kind after the other: asked for several at once, SQLite reads the whole partnership instead of the index.
std::vector<WholeEntry> Work::access_entries(Partnership p, std::size_t limit) {
    constexpr std::string_view sql = WM_CARDS "where e.partnership = $1 and " WM_ACCESS_KINDS
                                              "and e.kind = $2 order by e.at, e.recorded, e.entry limit $3";
    constexpr std::array<std::string_view, 6> kinds{"restriction.set", "restriction.lifted", "restriction.reviewed",
                                                    "access.granted",  "conflict.found",     "conflict.cleared"};
    const auto cover = cover_of(p);
    std::vector<WholeEntry> out;
    db_.run_many(
        sql, kinds.size(),
        [&](std::size_t i, Cells& cells) {
            cells = {cell(p), cell(kinds[i]), cell(limit)};
        },
        [&](std::size_t, CellView row) { out.push_back(read_entry(row, Want::cards, cover)); });
    std::sort(out.begin(), out.end(), [](const WholeEntry& a, const WholeEntry& b) {
        return std::tie(a.row.at.instant, a.row.recorded, a.row.entry) <
               std::tie(b.row.at.instant, b.row.recorded, b.row.entry);
    });
    if (out.size() > limit) out.resize(limit);
    return out;
}

std::vector<WholeEntry> Work::access_entries_of(Partnership p, std::string_view kind, Instant since, Want want,
                                                std::size_t limit, std::string_view author) {
#define WM_OF_KIND                                                                                        \
    "where e.partnership = $1 and " WM_ACCESS_KINDS                                                       \
    "and e.kind = $2 and e.at >= $3 and ($4 = '' or e.author = $4) order by e.at desc, e.recorded desc, " \
    "e.entry desc limit $5"
    constexpr std::string_view cards = WM_CARDS WM_OF_KIND;
    constexpr std::string_view whole = WM_WHOLE WM_OF_KIND;
    const auto cover = cover_of(p);
    std::vector<WholeEntry> out;
    db_.run(want == Want::cards ? cards : whole, {cell(p), cell(kind), cell(since.micros), cell(author), cell(limit)},
            [&](CellView row) { out.push_back(read_entry(row, want, cover)); });
    return out;
}

void Work::scan_entries(Partnership p, Want want, const std::function<bool(const WholeEntry&)>& visit) {
    constexpr std::string_view cards = WM_CARDS "where e.partnership = $1 order by e.record, e.at, e.recorded, e.entry";
    constexpr std::string_view whole = WM_WHOLE "where e.partnership = $1 order by e.record, e.at, e.recorded, e.entry";
    const auto cover = cover_of(p);
    const auto lift = want == Want::cards ? Lift::for_folding : Lift::all;
    db_.stream(want == Want::cards ? cards : whole, {cell(p)}, [&](CellView row) {
        auto one = read_entry(row, want, cover, lift);
        if (cover && lift == Lift::for_folding && !one.row.incident.empty())
            one.row.incident = cover->uncover(NameOf::incident, one.row.incident);
        return visit(one);
    });
}

std::int64_t Work::count_entries(Partnership p) {
    std::int64_t count = 0;
    db_.run("select count(*) from entry where partnership = $1", {cell(p)},
            [&](CellView row) { count = row[0].whole; });
    return count;
}

void Work::insert_entries(Partnership p, std::span<const EntryRow> entries, std::span<const TextRow> texts,
                          std::span<const LeafRow> leaves) {
    if (entries.size() != texts.size() || entries.size() != leaves.size()) {
        throw Failure(Failure::Cause::refused,
                      Fault{FaultKind::invalid, "store", "each entry brings one text and one leaf", ""});
    }
    const auto cover = cover_of(p);
    std::string source_id;
    std::string incident;
    Digest digest{};
    Digest salt{};
    db_.insert_many(tables::entry, entries.size(), [&](std::size_t i, Cells& cells) {
        const EntryRow& e = entries[i];
        digest = e.digest;
        salt = e.salt;
        if (cover) {
            source_id = cover->cover(NameOf::entry, e.source_id);
            incident = cover->cover(NameOf::incident, e.incident);
            if (is_masked(cover, e.card)) cover->mask(e.entry, digest, salt);
        }
        cells = {cell(p),
                 cell(e.record),
                 cell(e.at.instant),
                 cell(e.recorded),
                 cell(e.entry),
                 cell(e.at.date_only ? 1 : 0),
                 cell(e.kept),
                 cell_or_null(e.case_id),
                 cell(e.case_seq),
                 cell(e.agency),
                 cell(e.author),
                 cell(e.kind),
                 cell(cover ? source_id : e.source_id),
                 cell_or_null(e.about),
                 cell_or_null(e.supersedes),
                 cell(cover ? incident : e.incident),
                 cell(e.marking),
                 cell(digest),
                 cell(salt),
                 cell(e.card)};
    });
    db_.insert_many(tables::entry_text, texts.size(), [&](std::size_t i, Cells& cells) {
        cells = {cell(p), cell(texts[i].entry), cell(texts[i].text)};
    });
    db_.insert_many(tables::leaf_queue, leaves.size(), [&](std::size_t i, Cells& cells) {
        cells = {cell(p), cell(leaves[i].entry), cell(leaves[i].leaf)};
    });
}

}  // namespace waymark::store
