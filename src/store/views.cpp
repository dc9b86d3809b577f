// Views of persons, their versions, and the links between them.
#include <algorithm>

#include "store/tables.hpp"
#include "store/work.hpp"

namespace waymark::store {

namespace {

#define WM_VIEWS "select view, agency, source, source_id, person, version, recorded, identity from view "
#define WM_LINKS "select a, b, state, weight, decided_by, evidence, made from link "

ViewRow read_view(CellView row, const NameCover* cover) {
    Columns c(row);
    ViewRow out;
    out.view = c.id<ViewId>();
    out.agency = c.text();
    out.source = c.text();
    out.source_id = c.text();
    if (cover != nullptr) out.source_id = cover->uncover(NameOf::person, out.source_id);
    out.person = c.id<ViewId>();
    out.version = static_cast<std::int32_t>(c.whole());
    out.recorded = c.instant();
    out.identity = c.blob();
    return out;
}

LinkRow read_link(CellView row) {
    Columns c(row);
    LinkRow out;
    out.a = c.id<ViewId>();
    out.b = c.id<ViewId>();
    out.state = static_cast<LinkState>(c.whole());
    out.weight = c.real();
    out.decided_by = c.id<EntryId>();
    out.evidence = c.blob();
    out.when = c.instant();
    return out;
}

}  // namespace

std::vector<std::optional<ViewRow>> Work::views(Partnership p, std::span<const ViewId> ids) {
    const auto cover = cover_of(p);
    return find_each<ViewRow>(
        WM_VIEWS "where partnership = $1 and view = $2", ids,
        [&](const ViewId& id, Cells& cells) {
            cells = {cell(p), cell(id)};
        },
        [&](CellView row) { return read_view(row, cover.get()); });
}

std::vector<std::optional<ViewRow>> Work::views_by_key(Partnership p, std::span<const ViewKey> keys) {
    const auto cover = cover_of(p);
    std::string covered;
    return find_each<ViewRow>(
        WM_VIEWS "where partnership = $1 and source_id = $2 and source = $3 and agency = $4", keys,
        [&](const ViewKey& key, Cells& cells) {
            covered = cover ? cover->cover(NameOf::person, key.id) : key.id;
            cells = {cell(p), cell(covered), cell(key.source), cell(key.agency)};
        },
        [&](CellView row) { return read_view(row, cover.get()); });
}

std::vector<ViewRow> Work::views_of_persons(Partnership p, std::span<const ViewId> persons) {
    const auto cover = cover_of(p);
    std::vector<ViewRow> out;
    db_.run_many(
        WM_VIEWS "where partnership = $1 and person = $2 order by recorded, view", persons.size(),
        [&](std::size_t i, Cells& cells) {
            cells = {cell(p), cell(persons[i])};
        },
        [&](std::size_t, CellView row) { out.push_back(read_view(row, cover.get())); });
    return out;
}

std::vector<ViewRow> Work::views_of_agency(Partnership p, std::string_view agency, std::size_t limit) {
    const auto cover = cover_of(p);
    std::vector<ViewRow> out;
    db_.run(WM_VIEWS "where partnership = $1 and agency = $2 order by view limit $3",
            {cell(p), cell(agency), cell(limit)}, [&](CellView row) { out.push_back(read_view(row, cover.get())); });
    return out;
}

std::vector<ViewVersion> Work::view_versions(Partnership p, std::span<const ViewId> ids) {
    std::vector<ViewVersion> out;
    db_.run_many(
        "select view, version, recorded, entry, identity from view_version where partnership = $1 and view = $2 order "
        "by version",
        ids.size(),
        [&](std::size_t i, Cells& cells) {
            cells = {cell(p), cell(ids[i])};
        },
        [&](std::size_t, CellView row) {
            Columns c(row);
            ViewVersion v;
            v.view = c.id<ViewId>();
            v.version = static_cast<std::int32_t>(c.whole());
            v.recorded = c.instant();
            v.entry = c.id<EntryId>();
            v.identity = c.blob();
            out.push_back(std::move(v));
        });
    return out;
}

void Work::scan_views(Partnership p, const std::function<bool(const ViewRow&)>& visit) {
    const auto cover = cover_of(p);
    db_.stream(WM_VIEWS "where partnership = $1 order by view", {cell(p)},
               [&](CellView row) { return visit(read_view(row, cover.get())); });
}

void Work::insert_views(Partnership p, std::span<const ViewRow> rows) {
    const auto cover = cover_of(p);
    std::string covered;
    db_.insert_many(tables::view, rows.size(), [&](std::size_t i, Cells& cells) {
        const ViewRow& v = rows[i];
        covered = cover ? cover->cover(NameOf::person, v.source_id) : v.source_id;
        cells = {cell(p),        cell(v.view),    cell(v.agency),   cell(v.source),  cell(covered),
                 cell(v.person), cell(v.version), cell(v.recorded), cell(v.identity)};
    });
}

void Work::add_view_versions(Partnership p, std::span<const ViewVersion> rows) {
    db_.insert_many(tables::view_version, rows.size(), [&](std::size_t i, Cells& cells) {
        const ViewVersion& v = rows[i];
        cells = {cell(p), cell(v.view), cell(v.version), cell(v.recorded), cell_or_null(v.entry), cell(v.identity)};
    });
    // The first version stands in the view's own row already.
    std::vector<const ViewVersion*> later;
    for (const ViewVersion& v : rows) {
        if (v.version > 1) later.push_back(&v);
    }
    db_.run_many("update view set version = $3, identity = $4 where partnership = $1 and view = $2 and version < $3",
                 later.size(), [&](std::size_t i, Cells& cells) {
                     cells = {cell(p), cell(later[i]->view), cell(later[i]->version), cell(later[i]->identity)};
                 });
}

void Work::set_persons(Partnership p, std::span<const std::pair<ViewId, ViewId>> pairs) {
    db_.run_many("update view set person = $3 where partnership = $1 and view = $2", pairs.size(),
                 [&](std::size_t i, Cells& cells) {
                     cells = {cell(p), cell(pairs[i].first), cell(pairs[i].second)};
                 });
}

std::vector<LinkRow> Work::links_of(Partnership p, std::span<const ViewId> ids) {
    std::vector<LinkRow> out;
    // A link between two of the asked views is given once: under its first.
    std::vector<ViewId> sorted(ids.begin(), ids.end());
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    // By the covering index first: left to itself, SQLite reads the whole partnership (table without rowid, no
    // statistics).
    db_.run_many(
        WM_LINKS "where partnership = $1 and a = $2 union all " WM_LINKS
                 "where partnership = $1 and a in (select a from link where partnership = $1 and b = $2) and b = $2",
        sorted.size(),
        [&](std::size_t i, Cells& cells) {
            cells = {cell(p), cell(sorted[i])};
        },
        [&](std::size_t i, CellView row) {
            LinkRow link = read_link(row);
            if (link.b == sorted[i] && std::binary_search(sorted.begin(), sorted.end(), link.a)) return;
            out.push_back(std::move(link));
        });
    return out;
}

std::vector<LinkRow> Work::links_in_state(Partnership p, LinkState state, std::size_t limit) {
    std::vector<LinkRow> out;
    db_.run(WM_LINKS "where partnership = $1 and state = $2 order by made, a, b limit $3",
            {cell(p), cell(static_cast<std::int16_t>(state)), cell(limit)},
            [&](CellView row) { out.push_back(read_link(row)); });
    return out;
}

void Work::scan_links(Partnership p, const std::function<bool(const LinkRow&)>& visit) {
    db_.stream(WM_LINKS "where partnership = $1 order by a, b", {cell(p)},
               [&](CellView row) { return visit(read_link(row)); });
}

void Work::put_links(Partnership p, std::span<const LinkRow> rows) {
    for (const LinkRow& l : rows) {
        if (!(l.a < l.b)) {
            throw Failure(Failure::Cause::refused, Fault{FaultKind::invalid, "store",
                                                         "a link names its views in order and joins two of them", ""});
        }
    }
    db_.run_many(
        "insert into link (partnership, a, b, state, weight, decided_by, evidence, made) values ($1, $2, $3, $4, $5, "
        "$6, $7, $8) "
        "on conflict (partnership, a, b) do update set state = excluded.state, weight = excluded.weight, "
        "decided_by = excluded.decided_by, evidence = excluded.evidence, made = excluded.made",
        rows.size(), [&](std::size_t i, Cells& cells) {
            const LinkRow& l = rows[i];
            cells = {cell(p),          cell(l.a),
                     cell(l.b),        cell(static_cast<std::int16_t>(l.state)),
                     cell(l.weight),   cell_or_null(l.decided_by),
                     cell(l.evidence), cell(l.when)};
        });
}

}  // namespace waymark::store
