// Sealed bytes wherever they are kept, for a rotation of keys: read by key, written back in place. And the names that
// other systems gave, covered once and for all.
#include "store/work.hpp"

namespace waymark::store {

namespace {

struct PlaceSql {
    std::string_view rows;   // of, second, name, version, sealed, other; $1 partnership, $2 limit, then the key
    std::string_view count;  // $1 partnership
    std::string_view put;    // $1 partnership, $2 sealed, then the key
};

const PlaceSql& sql_of(SealedPlace place) {
    static constexpr PlaceSql entries{
        "select e.entry, e.record, e.kind, 1, e.card, t.text from entry e left join entry_text t on t.partnership = "
        "e.partnership and t.entry = e.entry where e.partnership = $1 and e.entry > $3 order by e.entry limit $2",
        "select count(*) from entry where partnership = $1",
        "update entry set card = $2 where partnership = $1 and entry = $3"};
    static constexpr PlaceSql views{
        "select view, view, '', version, identity, identity from view where partnership = $1 and view > $3 order by "
        "view limit $2",
        "select count(*) from view where partnership = $1",
        "update view set identity = $2 where partnership = $1 and view = $3"};
    static constexpr PlaceSql versions{
        "select view, view, '', version, identity, identity from view_version where partnership = $1 and (view, "
        "version) > ($3, $4) order by view, version limit $2",
        "select count(*) from view_version where partnership = $1",
        "update view_version set identity = $2 where partnership = $1 and view = $3 and version = $4"};
    static constexpr PlaceSql links{
        "select a, b, '', 1, evidence, evidence from link where partnership = $1 and (a, b) > ($3, $4) order by a, b "
        "limit $2",
        "select count(*) from link where partnership = $1",
        "update link set evidence = $2 where partnership = $1 and a = $3 and b = $4"};
    static constexpr PlaceSql drafts{
        "select draft, draft, practitioner, 1, fields, fields from draft where partnership = $1 and draft > $3 order "
        "by draft limit $2",
        "select count(*) from draft where partnership = $1",
        "update draft set fields = $2 where partnership = $1 and draft = $3"};
    static constexpr PlaceSql secrets{
        "select sealed, sealed, name, 1, sealed, sealed from secret where partnership = $1 and name > $3 order by name "
        "limit $2",
        "select count(*) from secret where partnership = $1",
        "update secret set sealed = $2 where partnership = $1 and name = $3"};
    switch (place) {
        case SealedPlace::entries:
            return entries;
        case SealedPlace::views:
            return views;
        case SealedPlace::versions:
            return versions;
        case SealedPlace::links:
            return links;
        case SealedPlace::drafts:
            return drafts;
        case SealedPlace::secrets:
            break;
    }
    return secrets;
}

void add_key(SealedPlace place, const SealedRow& row, Cells& cells) {
    if (place == SealedPlace::secrets) {
        cells.push_back(cell(row.name));
        return;
    }
    cells.push_back(cell(ByteView(row.of.octets)));
    if (place == SealedPlace::links) cells.push_back(cell(ByteView(row.second.octets)));
    if (place == SealedPlace::versions) cells.push_back(cell(row.version));
}

SealedRow read_sealed(SealedPlace place, CellView row) {
    Columns c(row);
    SealedRow out;
    if (place == SealedPlace::secrets) {
        c.blob();
        c.blob();
    } else {
        out.of = c.id<EntryId>().value;
        out.second = c.id<EntryId>().value;
    }
    out.name = c.text();
    out.version = static_cast<std::int32_t>(c.whole());
    out.sealed = c.blob();
    if (place == SealedPlace::entries) out.other = c.blob();
    return out;
}

}  // namespace

std::vector<SealedRow> Work::sealed_rows(Partnership p, SealedPlace place, const SealedRow& after, std::size_t limit) {
    std::vector<SealedRow> out;
    Cells cells = {cell(p), cell(limit)};
    add_key(place, after, cells);
    db_.run(sql_of(place).rows, CellView(cells), [&](CellView row) { out.push_back(read_sealed(place, row)); });
    return out;
}

std::uint64_t Work::count_sealed(Partnership p, SealedPlace place) {
    std::int64_t count = 0;
    db_.run(sql_of(place).count, {cell(p)}, [&](CellView row) { count = row[0].whole; });
    return static_cast<std::uint64_t>(count);
}

// An entry whose card was kept plain until now gets its digest and salt masked with it.
void Work::mask_newly_sealed(Partnership p, std::span<const SealedRow> rows) {
    const auto cover = cover_of(p);
    if (!cover) return;
    struct Masked {
        bool newly = false;
        Digest digest{};
        Digest salt{};
    };
    std::vector<Masked> masked(rows.size());
    db_.run_many(
        "select substr(card, 1, 1), digest, salt from entry where partnership = $1 and entry = $2", rows.size(),
        [&](std::size_t i, Cells& cells) {
            cells = {cell(p), cell(ByteView(rows[i].of.octets))};
        },
        [&](std::size_t i, CellView row) {
            Columns c(row);
            const auto was = c.blob();
            masked[i].newly =
                !was.empty() && was.front() == 0 && !rows[i].sealed.empty() && rows[i].sealed.front() != 0;
            masked[i].digest = c.block();
            masked[i].salt = c.block();
            if (masked[i].newly) cover->mask(EntryId{rows[i].of}, masked[i].digest, masked[i].salt);
        });
    std::vector<std::size_t> newly;
    for (std::size_t i = 0; i < masked.size(); ++i) {
        if (masked[i].newly) newly.push_back(i);
    }
    db_.run_many("update entry set digest = $2, salt = $3 where partnership = $1 and entry = $4", newly.size(),
                 [&](std::size_t i, Cells& cells) {
                     const auto& one = masked[newly[i]];
                     cells = {cell(p), cell(one.digest), cell(one.salt), cell(ByteView(rows[newly[i]].of.octets))};
                 });
}

// Everything at once: in between, what is known already would not be found under its name.
void Work::cover_all(Partnership p, const NameCover& cover) {
    struct Names {
        NameOf of;
        std::string_view each;
        std::string_view put;
    };
    constexpr Names all[] = {
        {NameOf::entry, "select source_id, entry from entry where partnership = $1 and source_id <> ''",
         "update entry set source_id = $2 where partnership = $1 and entry = $3"},
        {NameOf::incident, "select incident, entry from entry where partnership = $1 and incident <> ''",
         "update entry set incident = $2 where partnership = $1 and entry = $3"},
        {NameOf::person, "select source_id, view from view where partnership = $1",
         "update view set source_id = $2 where partnership = $1 and view = $3"},
        {NameOf::matter, "select source_key, case_id from casefile where partnership = $1 and source_key <> ''",
         "update casefile set source_key = $2 where partnership = $1 and case_id = $3"}};
    for (const auto& names : all) {
        std::vector<std::pair<std::string, Uuid>> rows;
        db_.run(names.each, {cell(p)}, [&](CellView row) {
            Columns c(row);
            auto name = c.text();
            rows.emplace_back(cover.cover(names.of, name), c.id<EntryId>().value);
        });
        db_.run_many(names.put, rows.size(), [&](std::size_t i, Cells& cells) {
            cells = {cell(p), cell(rows[i].first), cell(ByteView(rows[i].second.octets))};
        });
    }
}

void cover_names(Store& store, Partnership p, std::shared_ptr<const NameCover> cover) {
    if (auto* covered = dynamic_cast<HasNameCovers*>(&store)) covered->covers().set(p, std::move(cover));
}

void cover_kept_names(Transaction& tx, Partnership p, const NameCover& cover) {
    if (auto* work = dynamic_cast<Work*>(&tx)) work->cover_all(p, cover);
}

void Work::put_sealed(Partnership p, SealedPlace place, std::span<const SealedRow> rows) {
    if (place == SealedPlace::entries) mask_newly_sealed(p, rows);
    db_.run_many(sql_of(place).put, rows.size(), [&](std::size_t i, Cells& cells) {
        cells = {cell(p), cell(rows[i].sealed)};
        add_key(place, rows[i], cells);
    });
    if (place != SealedPlace::entries) return;
    db_.run_many("update entry_text set text = $2 where partnership = $1 and entry = $3", rows.size(),
                 [&](std::size_t i, Cells& cells) {
                     cells = {cell(p), cell(rows[i].other), cell(ByteView(rows[i].of.octets))};
                 });
}

}  // namespace waymark::store
