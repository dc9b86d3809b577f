// What came since the reader last looked, and who looked last.
#include "casework/child_home.hpp"

#include <algorithm>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/knowing.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t lines_at_once = 50;
constexpr std::size_t most_gone_through = 1'000;

// When an entry came into this record: the time in its id, which is made when it is kept. What it says of itself may be
// older: an import brings what another system recorded long ago.
Instant kept_at(const store::EntryRow& row) {
    constexpr int version_at = 6;
    const auto& octets = row.entry.value.octets;
    if ((octets[version_at] >> 4) != 7) return row.recorded;
    std::int64_t ms = 0;
    for (std::size_t i = 0; i < 6; ++i) ms = ms << 8 | octets[i];
    return std::max(row.recorded, Instant{ms * 1'000});
}

bool has_sign_in(const record::Asker& asker) {
    return asker.session != "command" && asker.session != "system" && asker.session != "spool";
}

std::optional<Instant> previous_look(const Office& office, store::Snapshot& snapshot, const record::Asker& asker,
                                     const std::vector<ViewId>& records) {
    store::Snapshot::AuditFilter filter;
    filter.records = records;
    filter.who = office.auditor->tag_of(asker.practitioner);
    filter.action = "read";
    filter.result = "allowed";
    for (std::size_t gone = 0; gone < most_gone_through; gone += lines_at_once) {
        const auto rows = snapshot.audit(office.partnership, filter, lines_at_once);
        for (const auto& row : rows) {
            if (row.route != asker.route) continue;
            if (!has_sign_in(asker)) return row.at;
            const auto line = office.auditor->open(row);
            if (line && line->session != asker.session) return row.at;
        }
        if (rows.size() < lines_at_once) break;
        filter.before = {rows.back().at, rows.back().position};
    }
    return std::nullopt;
}

}  // namespace

Result<ChildHome> child_home(const Office& office, const record::Asker& asker, ViewId person) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<ChildHome>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<ChildHome> {
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        const auto child = TRY(knowing.named(person));
        ChildHome home;
        home.page = TRY(assemble_page(office, snapshot, knowing, person, std::nullopt));
        seen.add(home.page.relationship, home.page.person, {}, shown_of(home.page), fields_of(home.page.identities));
        seen.rests_on(home.page.basis);
        // Of every view, whoever holds it: a look at one of them was a look at the child.
        const auto row = snapshot.views(office.partnership, std::vector{person}).front();
        if (!row) return tl::unexpected(sharing::no_such_child());
        const auto records = ids_of(snapshot.views_of_persons(office.partnership, std::vector{row->person}));
        home.last_looked = previous_look(office, snapshot, asker, records);
        if (home.last_looked) {
            for (const auto& line : home.page.lines) {
                const bool own = line.entry.row.author == asker.practitioner;
                if (!own && kept_at(line.entry.row) > *home.last_looked) home.fresh.insert(line.entry.row.entry);
            }
        }
        home.may_ask = may_ask_who_looked(office, asker, home.page.leads);
        if (home.may_ask) home.looks = newest_looks(office, snapshot, child.permit, records, looks_at_home);
        return home;
    });
}

}  // namespace waymark::casework
