// Versions are a chain: each correction names the one before it.
#include "casework/entry_page.hpp"

#include <algorithm>

#include "casework/access.hpp"
#include "casework/child.hpp"

namespace waymark::casework {

namespace {

Fault no_such_entry() {
    return Fault{FaultKind::missing, "entry", "There is no such entry, or you may not know of it.",
                 "Open it from the child’s record."};
}

std::optional<std::size_t> line_of_entry(const PersonPage& child, EntryId id) {
    for (std::size_t n = 0; n < child.lines.size(); ++n) {
        if (child.lines[n].entry.row.entry == id) return n;
    }
    return std::nullopt;
}

std::vector<std::size_t> versions_of(const PersonPage& child, std::size_t line) {
    std::vector<std::size_t> versions{line};
    while (const auto before = line_of_entry(child, child.lines[versions.front()].entry.row.supersedes)) {
        if (std::find(versions.begin(), versions.end(), *before) != versions.end()) break;
        versions.insert(versions.begin(), *before);
    }
    for (bool found = true; found;) {
        found = false;
        const auto newest = child.lines[versions.back()].entry.row.entry;
        for (std::size_t n = 0; n < child.lines.size() && !found; ++n) {
            if (child.lines[n].entry.row.supersedes != newest ||
                std::find(versions.begin(), versions.end(), n) != versions.end())
                continue;
            versions.push_back(n);
            found = true;
        }
    }
    return versions;
}

void place_in_log(const Office& office, store::Snapshot& snapshot, EntryId entry, EntryPage& page) {
    const auto leaf = snapshot.leaf_of(office.partnership, entry);
    if (!leaf || leaf->log_index < 0) return;
    page.log_index = leaf->log_index;
    const auto checkpoint = snapshot.latest_checkpoint(office.partnership);
    if (!checkpoint || checkpoint->size <= leaf->log_index) return;
    page.log_size = checkpoint->size;
    page.signed_at = checkpoint->at;
}

// The kinds that the asker may add to this child's record.
Result<std::vector<const content::Kind*>> kinds_for(const Office& office, store::Snapshot& snapshot,
                                                    const record::Asker& asker, ViewId record) {
    std::vector<const content::Kind*> kinds;
    const auto permit = office.gate->ask(asker, record::Action::append);
    const auto row = snapshot.views(office.partnership, std::vector{record}).front();
    if (!permit || !row) return kinds;
    auto writing = TRY(Knowing::of(office, snapshot, *permit));
    if (!writing.person(row->person)) return kinds;
    for (const auto& kind : office.catalogue.kinds()) {
        if (!kind.own_flow && kind.needs_subject && office.gate->ask(asker, record::Action::append, kind.key))
            kinds.push_back(&kind);
    }
    return kinds;
}

}  // namespace

Result<Adding> adding_page(const Office& office, const record::Asker& asker, ViewId person) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<Adding>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Adding> {
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        TRY(knowing.named(person));
        Adding adding{TRY(assemble_page(office, snapshot, knowing, person, std::nullopt)), {}};
        adding.kinds = TRY(kinds_for(office, snapshot, asker, person));
        seen.add(adding.child.relationship, adding.child.person, {}, shown_of(adding.child),
                 fields_of(adding.child.identities));
        seen.rests_on(adding.child.basis);
        return adding;
    });
}

Result<EntryPage> entry_page(const Office& office, const record::Asker& asker, EntryId id) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<EntryPage>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<EntryPage> {
        const auto row = snapshot.entries(office.partnership, std::vector{id}, store::Want::cards).front();
        if (!row || !row->row.record) return tl::unexpected(no_such_entry());
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        // Whose record it is in would tell that there is such an entry; and so would the time that the page of the
        // record takes, which grows with it.
        const auto known = knowing.child(row->row.record);
        if (!known && is_unseen(known.error())) return tl::unexpected(no_such_entry());
        if (known && known->permit.depth(row->row.kind, row->row.marking, row->row.agency) < record::Depth::summary)
            return tl::unexpected(no_such_entry());
        auto child = assemble_page(office, snapshot, knowing, row->row.record, std::nullopt);
        if (!child && is_unseen(child.error())) return tl::unexpected(no_such_entry());
        EntryPage page;
        page.child = TRY(std::move(child));
        const auto line = line_of_entry(page.child, id);
        if (!line || page.child.lines[*line].entry.row.kind.empty()) return tl::unexpected(no_such_entry());
        page.line = *line;
        page.versions = versions_of(page.child, *line);
        const auto& entry = page.child.lines[*line].entry;
        for (std::size_t n = 0; n < page.child.lines.size(); ++n) {
            if (page.child.lines[n].entry.row.about == id) page.answers.push_back(n);
        }
        for (const auto* kind : TRY(kinds_for(office, snapshot, asker, row->row.record))) {
            if (std::find(kind->about.begin(), kind->about.end(), entry.row.kind) != kind->about.end())
                page.may_answer.push_back(kind);
            if (kind->key == entry.row.kind && entry.row.agency == asker.agency && entry.whole &&
                page.versions.back() == page.line)
                page.may_correct = true;
        }
        place_in_log(office, snapshot, id, page);
        // The page shows this entry with its versions, and the titles of what answers it.
        std::vector<record::Shown> shown;
        for (const auto n : page.versions) shown.push_back(shown_of(page.child.lines[n].entry));
        for (const auto n : page.answers)
            shown.push_back({page.child.lines[n].entry.row.entry, record::Depth::summary});
        seen.add(page.child.relationship, row->row.record, entry.row.case_id, std::move(shown),
                 std::string(name_fields));
        seen.rests_on(page.child.basis);
        return page;
    });
}

}  // namespace waymark::casework
