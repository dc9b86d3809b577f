// Undoing a link: what is each child's own, what is in doubt, and what had gone over it.
#include "casework/unmerge.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/pairs.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t most_written = 100;
constexpr std::size_t most_routed = 200;
constexpr std::size_t most_audit = 1'000;  // lines of one record
constexpr std::size_t most_readers = 100;

// An entry in words that another store understands.
std::string reference_to(const store::EntryRow& row) {
    return row.source_id.empty() ? to_string(row.entry) : fmt::format("{}/{}", row.agency, row.source_id);
}

bool is_one_of(std::string_view kind, std::initializer_list<std::string_view> kinds) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

// Everything that both records hold, read once.
struct Both {
    Pair pair;
    std::set<ViewId> first;  // views of each side
    std::set<ViewId> second;
    std::vector<record::Entry> entries;  // whole
    std::map<EntryId, std::size_t> at;
    std::optional<Instant> joined;
    std::optional<Instant> undone;

    [[nodiscard]] bool in_first(ViewId view) const { return first.contains(view); }
    [[nodiscard]] bool in_window(const store::EntryRow& row) const {
        return row.kept >= *joined && row.recorded <= *undone;
    }
};

// When the link was made and when it was undone: the last decision against it and the first one for it before that.
void find_times(const std::vector<PastDecision>& history, Both& both) {
    for (const auto& one : history) {
        if (one.decision != "same") {
            if (both.undone && both.joined) break;  // an older story
            both.undone = one.recorded;
            continue;
        }
        if (both.undone) both.joined = one.recorded;
    }
    if (!both.joined) both.undone.reset();
}

Result<Both> read_both(const Office& office, store::Snapshot& snapshot, const record::Permit& permit, ViewId a,
                       ViewId b) {
    Both both;
    both.pair = TRY(pair_of(office, snapshot, permit, a, b));
    const auto p = office.partnership;
    if (both.pair.a.person == both.pair.b.person) return both;
    std::vector<ViewId> views;
    for (const auto& view : snapshot.views_of_persons(p, std::vector{both.pair.a.person, both.pair.b.person})) {
        (view.person == both.pair.a.person ? both.first : both.second).insert(view.view);
        views.push_back(view.view);
    }
    find_times(TRY(decisions_between(office, snapshot, permit, both.pair)), both);
    if (!both.joined) return both;
    both.entries = TRY(office.journal->read(snapshot, p, permit, views, store::Want::whole, most_entries_of_a_child));
    for (std::size_t i = 0; i < both.entries.size(); ++i) both.at[both.entries[i].row.entry] = i;
    return both;
}

// Written about the person as it was joined: it named a person and brought no identity of its own.
bool is_in_doubt(const Office& office, const Both& both, const record::Entry& entry) {
    const auto* kind = office.catalogue.find(entry.row.kind);
    if (kind == nullptr || kind->group == "identity" || kind->group == "access" || entry.row.agency == engine_agency)
        return false;
    if (!both.in_window(entry.row) || find(entry.body, "moved_from") != nullptr) return false;
    return std::any_of(entry.subjects.begin(), entry.subjects.end(), [&](const record::KeptSubject& subject) {
        return subject.view == entry.row.record && subject.version == 0;
    });
}

std::map<std::string, WrittenSince::Assigned> assignments(const Office& office, const Both& both) {
    std::map<std::string, WrittenSince::Assigned> found;
    for (const auto& entry : both.entries) {
        const auto assigned = string_or(entry.body, "assigned", "");
        if (entry.row.kind != "identity.decided" || assigned.empty()) continue;
        WrittenSince::Assigned one;
        one.reason = string_or(entry.body, "reason", "");
        one.by = practitioner_name(office, entry.row.author);
        one.at = entry.row.at;
        // Superseded here, it went to the other.
        one.to_first = both.in_first(entry.row.record) != static_cast<bool>(entry.row.supersedes);
        found.insert_or_assign(std::string(assigned), std::move(one));
    }
    return found;
}

const WrittenSince::Assigned* assignment_of(const std::map<std::string, WrittenSince::Assigned>& all,
                                            const store::EntryRow& row) {
    for (const auto& reference : {reference_to(row), to_string(row.entry)}) {
        if (const auto found = all.find(reference); found != all.end()) return &found->second;
    }
    return nullptr;
}

void add_written(const Office& office, const Both& both, Undone& out) {
    const auto assigned = assignments(office, both);
    std::vector<record::Entry> doubtful;
    for (const auto& entry : both.entries) {
        if (is_in_doubt(office, both, entry)) doubtful.push_back(entry);
    }
    std::stable_sort(doubtful.begin(), doubtful.end(), [](const record::Entry& x, const record::Entry& y) {
        return std::tie(x.row.at, x.row.recorded, x.row.entry) < std::tie(y.row.at, y.row.recorded, y.row.entry);
    });
    for (auto& line : lines_of(office, std::move(doubtful))) {
        WrittenSince one;
        one.in_first = both.in_first(line.entry.row.record);
        if (const auto* found = assignment_of(assigned, line.entry.row)) one.assigned = *found;
        if (!one.assigned) ++out.to_assign;
        one.line = std::move(line);
        out.written.push_back(std::move(one));
    }
    // What waits comes first where not everything can be shown.
    if (out.written.size() > most_written) {
        std::stable_partition(out.written.begin(), out.written.end(),
                              [](const WrittenSince& one) { return !one.assigned.has_value(); });
        out.written.resize(most_written);
        out.more = true;
    }
}

std::string told_to(const Office& office, const record::Entry& entry) {
    const auto to = string_or(entry.body, "to", "");
    return to.empty() ? agency_name(office, entry.row.agency) : practitioner_name(office, to);
}

Result<void> add_routed(const Office& office, store::Snapshot& snapshot, const Both& both, Undone& out) {
    const auto p = office.partnership;
    std::vector<CaseId> ids;
    for (const auto& entry : both.entries) {
        if (entry.row.case_id) ids.push_back(entry.row.case_id);
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    std::unordered_map<CaseId, ViewId> record_of;
    for (const auto& row : snapshot.cases(p, ids)) {
        if (row) record_of[row->case_id] = row->record;
    }
    const auto add = [&](Routed::How how, std::string what, std::string who, When at, EntryId entry) {
        out.routed.push_back({how, std::move(what), std::move(who), at, entry});
    };
    std::set<CaseId> mixed;
    for (const auto& entry : both.entries) {
        const auto& row = entry.row;
        if (row.kind == "identity.decided" || !both.in_window(row)) continue;
        const auto title = title_of(office, entry);
        const auto author =
            fmt::format("{}, {}", practitioner_name(office, row.author), agency_name(office, row.agency));
        const auto case_record = record_of.find(row.case_id);
        if (case_record != record_of.end() && both.in_first(case_record->second) != both.in_first(row.record)) {
            mixed.insert(row.case_id);
            add(Routed::How::into_case, title, author, row.at, row.entry);
        }
        if (const auto about = both.at.find(row.about); about != both.at.end()) {
            if (both.in_first(both.entries[about->second].row.record) != both.in_first(row.record))
                add(Routed::How::answer, title, author, row.at, row.entry);
        }
        if (row.kind == "feedback.given") add(Routed::How::told, title, told_to(office, entry), row.at, row.entry);
        if (is_one_of(row.kind, {"sharing.requested", "sharing.decided", "case.transferred"}))
            add(Routed::How::shared, title, author, row.at, row.entry);
        if (is_one_of(row.kind, {"strategy.held", "conference.held", "meeting.held", "meeting.convened"}))
            add(Routed::How::met, title, author, row.at, row.entry);
    }
    for (const auto& case_id : mixed) {
        for (const auto& duty : snapshot.duties_of_case(p, case_id)) {
            std::string label = duty.duty;
            for (const auto& rule : office.rulebook().rules) {
                if (rule.id == duty.duty && !rule.label.empty()) label = rule.label;
            }
            add(Routed::How::duty, std::move(label), duty.owner, {duty.due, false}, duty.raised_by);
        }
    }
    std::stable_sort(out.routed.begin(), out.routed.end(),
                     [](const Routed& x, const Routed& y) { return x.at < y.at; });
    if (out.routed.size() > most_routed) {
        out.routed.resize(most_routed);
        out.more = true;
    }
    return {};
}

Result<void> add_readers(const Office& office, store::Snapshot& snapshot, const Both& both, Undone& out) {
    std::map<std::string, Reader> readers;
    std::set<ViewId> views = both.first;
    views.insert(both.second.begin(), both.second.end());
    for (const auto& view : views) {
        store::Snapshot::AuditFilter filter;
        filter.records = {view};
        filter.from = both.joined;
        filter.until = *both.undone + std::chrono::microseconds(1);
        filter.action = "read";
        filter.result = "allowed";
        for (const auto& row : snapshot.audit(office.partnership, filter, most_audit)) {
            const auto line = TRY(office.auditor->open(row));
            auto& reader = readers[line.practitioner];
            reader.name = practitioner_name(office, line.practitioner);
            reader.agency = agency_name(office, line.agency);
            reader.last = std::max(reader.last, line.at);
            ++reader.times;
        }
    }
    for (auto& one : readers) out.readers.push_back(std::move(one.second));
    std::stable_sort(out.readers.begin(), out.readers.end(),
                     [](const Reader& x, const Reader& y) { return x.last > y.last; });
    if (out.readers.size() > most_readers) {
        out.readers.resize(most_readers);
        out.more = true;
    }
    return {};
}

// The entry again, as its author wrote it, about the other child.
record::Draft again_in(const record::Entry& entry, ViewId to, const std::string& about) {
    record::Draft draft;
    draft.kind = entry.row.kind;
    draft.at = entry.row.at;
    draft.happened = entry.happened;
    draft.agency = entry.row.agency;
    draft.author = entry.row.author;
    draft.incident = entry.row.incident;
    draft.body = entry.body;
    draft.body["moved_from"] = reference_to(entry.row);
    draft.about = about;
    draft.id = "moved:" + to_string(entry.row.entry);
    draft.basis = entry.basis;
    draft.marking = entry.row.marking;
    for (const auto& kept : entry.subjects) {
        record::Subject subject;
        subject.involvement = kept.involvement;
        subject.person = kept.view == entry.row.record ? to : kept.view;
        draft.subjects.push_back(std::move(subject));
    }
    return draft;
}

// What the entry answers, where that has gone to the other child before it.
std::string about_there(const Both& both, const record::Entry& entry) {
    if (!entry.row.about) return {};
    const auto about = both.at.find(entry.row.about);
    if (about != both.at.end()) {
        const auto reference = reference_to(both.entries[about->second].row);
        for (const auto& other : both.entries) {
            if (string_or(other.body, "moved_from", "") == reference) return to_string(other.row.entry);
        }
    }
    return to_string(entry.row.about);
}

}  // namespace

Result<Undone> undone_link(const Office& office, const record::Asker& asker, ViewId a, ViewId b) {
    TRY_VOID(permit_for(office, asker, record::Action::decide_identity));
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<Undone>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Undone> {
        const auto both = TRY(read_both(office, snapshot, permit, a, b));
        Undone out;
        out.a = TRY(side_of(office, snapshot, permit, both.pair.a));
        out.b = TRY(side_of(office, snapshot, permit, both.pair.b));
        out.was_joined = both.joined.has_value();
        std::vector<record::Shown> shown;
        if (out.was_joined) {
            out.joined = *both.joined;
            out.undone = *both.undone;
            add_written(office, both, out);
            TRY_VOID(add_routed(office, snapshot, both, out));
            TRY_VOID(add_readers(office, snapshot, both, out));
            for (const auto& one : out.written) shown.push_back(shown_of(one.line.entry));
        }
        seen.add(both.pair.a_by, both.pair.a.view, {}, shown, fields_of(std::span(&out.a.identity, 1)));
        seen.add(both.pair.b_by, both.pair.b.view, {}, {}, fields_of(std::span(&out.b.identity, 1)));
        return out;
    });
}

Result<EntryId> assign_entry(const Office& office, const record::Asker& asker, const AssignRequest& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say how you know whose it is."));
    TRY_VOID(permit_for(office, asker, record::Action::decide_identity));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, "identity.decided"));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, "identity.decided", [&](store::Transaction& tx) -> Result<EntryId> {
        const auto both = TRY(read_both(office, tx, reads, request.a, request.b));
        const auto nothing = fault(FaultKind::missing, "entry", "This entry does not wait to be assigned.",
                                   "Open the page again to see what waits.");
        const auto found = both.at.find(request.entry);
        if (!both.joined || found == both.at.end()) return nothing;
        const auto& entry = both.entries[found->second];
        const auto& target = request.to == both.pair.a.view ? both.pair.a : both.pair.b;
        if (request.to != target.view)
            return invalid("to", "This is neither of the two records.", "Choose one of the two.");
        auto draft = draft_by(office, asker, "identity.decided", request.key);
        draft.body = {{"decision", "not-same"},
                      {"reason", request.reason},
                      {"identities", json::array{words_for(both.pair.a), words_for(both.pair.b)}},
                      {"assigned", reference_to(entry.row)},
                      {"to", json::array{words_for(target)}}};
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        if (!is_in_doubt(office, both, entry) || assignment_of(assignments(office, both), entry.row) != nullptr)
            return nothing;
        record::Subject subject;
        subject.involvement = static_cast<record::Involvements>(record::Involvement::subject);
        subject.person = entry.row.record;
        draft.subjects.push_back(std::move(subject));
        const bool stays = both.in_first(entry.row.record) == (request.to == both.pair.a.view);
        if (!stays) draft.supersedes = to_string(entry.row.entry);
        const auto assignment = TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
        if (stays) return assignment;
        // Its author's entry, carried over by the machine on this person's decision.
        const auto machine = office.gate->system(asker.route, record::Action::append);
        TRY_VOID(take_one(office, tx, machine, again_in(entry, target.view, about_there(both, entry)), std::nullopt));
        return assignment;
    });
}

}  // namespace waymark::casework
