// The identity that a child had before adoption (`adoption` is `former`) is never compared with one that the child may
// have now. Which views are so marked is kept beside the others, sealed: a list of some dozens, which tells without
// opening every view whether a person must be passed over. What is marked in one agency's record holds for every record
// that is joined with it.
//
// Source: domain register 4.1, adoption: old and new identity must not be linkable.
#include <algorithm>

#include "people/links.hpp"

namespace waymark::people {

namespace {

constexpr std::string_view list_name = "former-identities";
constexpr std::size_t id_bytes = 16;

record::Bound bound() {
    return {"secret", Uuid{}, list_name, 1};
}

}  // namespace

Result<std::vector<ViewId>> Registry::former_views(store::Snapshot& snapshot, store::Partnership p) const {
    std::vector<ViewId> out;
    const auto sealed = snapshot.secret(p, list_name);
    if (!sealed) return out;
    const auto plain = TRY(journal_.seal().open(*sealed, bound()));
    for (std::size_t at = 0; at + id_bytes <= plain.size(); at += id_bytes) {
        ViewId id;
        std::copy_n(plain.begin() + static_cast<std::ptrdiff_t>(at), id_bytes, id.value.octets.begin());
        out.push_back(id);
    }
    return out;
}

Result<std::set<ViewId>> Registry::former_persons(store::Snapshot& snapshot, store::Partnership p) const {
    std::set<ViewId> persons;
    const auto views = TRY(former_views(snapshot, p));
    if (views.empty()) return persons;
    for (const auto& row : snapshot.views(p, views)) {
        if (row) persons.insert(row->person);
    }
    return persons;
}

Result<void> Registry::note_former(store::Transaction& tx, store::Partnership p, std::span<const ViewId> former,
                                   std::span<const ViewId> others) const {
    const auto before = TRY(former_views(tx, p));
    if (before.empty() && former.empty()) return {};
    std::set<ViewId> list(before.begin(), before.end());
    for (const auto view : others) list.erase(view);
    list.insert(former.begin(), former.end());
    if (list.size() == before.size() && std::equal(list.begin(), list.end(), before.begin())) return {};
    Bytes plain;
    plain.reserve(list.size() * id_bytes);
    for (const auto& id : list) plain.insert(plain.end(), id.value.octets.begin(), id.value.octets.end());
    tx.put_secret(p, list_name, journal_.seal().close(plain, bound()));
    return {};
}

void Registry::hold_together(store::Transaction& tx, store::Partnership p, std::span<const ViewId> views) const {
    std::vector<ViewId> persons;
    for (const auto& row : tx.views(p, views)) {
        if (row) persons.push_back(row->person);
    }
    std::sort(persons.begin(), persons.end());
    persons.erase(std::unique(persons.begin(), persons.end()), persons.end());
    std::vector<ViewId> members;
    for (const auto& row : tx.views_of_persons(p, persons)) members.push_back(row.view);
    if (members.size() < 2) return;
    std::vector<store::LinkRow> rows;
    for (auto& row : tx.links_of(p, members)) {
        if (row.state != store::LinkState::linked) continue;
        row.state = store::LinkState::confirmed;
        rows.push_back(std::move(row));
    }
    tx.put_links(p, rows);
}

}  // namespace waymark::people
