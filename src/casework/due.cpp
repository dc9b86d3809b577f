// What is owed by an entry of some kind, and the chain of entries about one.
#include "casework/due.hpp"

#include <algorithm>
#include <set>

#include "casework/access.hpp"
#include "casework/child.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t most_owed = 2'000;  // that one list looks through
constexpr std::size_t most_names = 200;   // views of one child that are opened for a name

bool meets(const procedure::Rulebook& book, const procedure::Rule& rule, std::string_view kind) {
    if (rule.relation != procedure::Relation::response) return false;
    const auto* to = book.event(rule.to);
    return to != nullptr && to->kind == kind;
}

}  // namespace

Result<std::vector<OwedEntry>> owed_about(const Office& office, store::Snapshot& snapshot,
                                          std::string_view kind_that_meets) {
    const auto p = office.partnership;
    std::vector<store::DutyRow> duties;
    for (const auto& rule : duties_met_by(office, kind_that_meets)) {
        store::Snapshot::DutyFilter filter;
        filter.duty = rule;
        auto some = snapshot.duties(p, filter, most_owed);
        duties.insert(duties.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    }
    std::stable_sort(duties.begin(), duties.end(), [](const auto& a, const auto& b) {
        return std::tie(a.due, a.raised_by) < std::tie(b.due, b.raised_by);
    });
    std::vector<EntryId> ids;
    ids.reserve(duties.size());
    for (const auto& duty : duties) ids.push_back(duty.raised_by);
    const auto kept = snapshot.entries(p, ids, store::Want::cards);
    std::vector<OwedEntry> owed;
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (kept[i]) owed.push_back({TRY(office.journal->open(*kept[i])), duties[i].due});
    }
    return owed;
}

Result<std::vector<record::Entry>> story_of(const Office& office, store::Snapshot& snapshot,
                                            const record::Entry& first) {
    const auto p = office.partnership;
    const auto row = snapshot.views(p, std::vector{first.row.record}).front();
    std::vector<record::Entry> story{first};
    if (!row) return story;
    const auto views = ids_of(snapshot.views_of_persons(p, std::vector{row->person}));
    auto kept = snapshot.entries_of_records(p, views, store::Want::cards, most_entries_of_a_child);
    std::stable_sort(kept.begin(), kept.end(), [](const auto& a, const auto& b) {
        return std::tie(a.row.at, a.row.recorded, a.row.entry) < std::tie(b.row.at, b.row.recorded, b.row.entry);
    });
    // What is marked is for those who are named, and no part of what the others of a story read.
    std::erase_if(kept, [&](const store::WholeEntry& one) {
        return one.row.marking != "team" && one.row.marking != first.row.marking;
    });
    std::set<EntryId> gone;
    for (const auto& one : kept) {
        if (one.row.supersedes) gone.insert(one.row.supersedes);
    }
    std::set<EntryId> of_it{first.row.entry};
    std::vector<EntryId> ids;
    for (const auto& one : kept) {
        if (!one.row.about || !of_it.contains(one.row.about) || one.row.entry == first.row.entry) continue;
        of_it.insert(one.row.entry);
        if (!gone.contains(one.row.entry)) ids.push_back(one.row.entry);
    }
    const auto machine = office.gate->system("story");
    for (auto& entry : TRY(office.journal->read_entries(snapshot, p, machine, ids, store::Want::whole)))
        story.push_back(std::move(entry));
    std::stable_sort(story.begin() + 1, story.end(), [](const record::Entry& a, const record::Entry& b) {
        return std::tie(a.row.at, a.row.recorded, a.row.entry) < std::tie(b.row.at, b.row.recorded, b.row.entry);
    });
    return story;
}

Result<Chain> chain_of(const Office& office, store::Snapshot& snapshot, Knowing& knowing, EntryId first,
                       std::string_view first_kind, std::string_view further_kind, const char* place) {
    const auto no_such = fault(FaultKind::missing, place, "There is no such entry, or you may not know of it.",
                               "Choose one from the child’s page.");
    const auto kept = snapshot.entries(office.partnership, std::vector{first}, store::Want::whole).front();
    if (!kept || !kept->row.record || kept->row.kind != first_kind) return no_such;
    const auto child = knowing.child(kept->row.record);
    if (!child) return child.error().kind == FaultKind::missing ? no_such : tl::unexpected(child.error());
    if (child->permit.depth(kept->row.kind, kept->row.marking, kept->row.agency) < record::Depth::summary)
        return no_such;
    Chain chain;
    chain.first = TRY(office.journal->open(*kept));
    auto story = TRY(story_of(office, snapshot, chain.first));
    std::erase_if(story,
                  [&](const record::Entry& one) { return one.row.entry != first && one.row.kind != further_kind; });
    chain.last = std::move(story.back());
    return chain;
}

CaseId case_of(const Office& office, store::Snapshot& snapshot, std::span<const store::ViewRow> views) {
    CaseId best;
    std::optional<Instant> opened;
    bool open = false;
    for (const auto& one : snapshot.cases_of_records(office.partnership, ids_of(views))) {
        if (one.marking != "team") continue;  // what is written here is open to the team
        const bool is_open = !one.closed || *one.closed > office.clock.now();
        if (opened && (open && !is_open)) continue;
        if (opened && open == is_open && one.opened < *opened) continue;
        best = one.case_id;
        opened = one.opened;
        open = is_open;
    }
    return best;
}

record::Subject the_child(ViewId record) {
    record::Subject subject;
    subject.involvement = static_cast<record::Involvements>(record::Involvement::subject);
    subject.person = record;
    return subject;
}

std::optional<Date> usual_day(const Office& office, std::string_view raising_kind, std::string_view meeting_kind,
                              When made) {
    const auto& book = office.rulebook();
    for (const auto& rule : book.rules) {
        const auto* from = book.event(rule.from);
        if (!meets(book, rule, meeting_kind) || from == nullptr || from->kind != raising_kind || !rule.deadline)
            continue;
        return office.calendar->day_of(office.calendar->due(made, *rule.deadline));
    }
    return std::nullopt;
}

Result<record::Identity> name_of_record(const Office& office, store::Snapshot& snapshot, ViewId record) {
    const auto row = snapshot.views(office.partnership, std::vector{record}).front();
    if (!row) return record::Identity{};
    auto views = snapshot.views_of_persons(office.partnership, std::vector{row->person});
    if (views.size() > most_names) views.resize(most_names);
    record::Identity found;
    for (const auto& identity : TRY(office.registry->identities(views))) {
        if (found.given_name.empty() && found.family_name.empty()) {
            found.given_name = identity.given_name;
            found.family_name = identity.family_name;
        }
        if (!found.date_of_birth && !found.expected_date_of_birth) {
            found.date_of_birth = identity.date_of_birth;
            found.expected_date_of_birth = identity.expected_date_of_birth;
            found.dob_accuracy = identity.dob_accuracy;
        }
    }
    return found;
}

bool not_shut_out(const Knowing& knowing, ViewId person) {
    return knowing.found(person) == Knowing::Found::yes;
}

}  // namespace waymark::casework
