// One entry by its kind: asked of the gate for this child, held where the procedure holds it, taken through the one
// door.
#include "casework/adding.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t most_rows = 50'000;

Result<const content::Kind*> addable(const Office& office, std::string_view key) {
    const auto* kind = office.catalogue.find(key);
    if (kind == nullptr || kind->own_flow || !kind->needs_subject) {
        return fault(FaultKind::missing, "kind", "There is no such form.",
                     "Choose what to add from the child’s record.");
    }
    return kind;
}

// The entry of this child that another one is about or corrects, as deep as the asker sees it.
Result<record::Entry> entry_of_child(const Office& office, store::Snapshot& snapshot, const KnownChild& child,
                                     EntryId id, const char* place) {
    auto found = TRY(
        office.journal->read_entries(snapshot, office.partnership, child.permit, std::vector{id}, store::Want::cards));
    const auto of_child = [&](const record::Entry& entry) {
        return std::any_of(child.views.begin(), child.views.end(),
                           [&](const auto& view) { return view.view == entry.row.record; });
    };
    if (found.empty() || found.front().row.kind.empty() || !of_child(found.front())) {
        return fault(FaultKind::missing, place, "There is no such entry in this record, or you may not know of it.",
                     "Choose one of the entries that the page offers.");
    }
    return std::move(found.front());
}

Result<void> may_correct(const Office& office, store::Snapshot& snapshot, const record::Asker& asker,
                         const KnownChild& child, const record::Entry& earlier, std::string_view kind) {
    if (earlier.row.agency != asker.agency) {
        return fault(FaultKind::forbidden, "supersedes", "Another agency wrote this entry.",
                     "Ask that agency to correct it, or add an entry of your own that says what differs.");
    }
    if (earlier.row.kind != kind) {
        return invalid("supersedes", "A correction is of the same kind as the entry that it corrects.",
                       "Open the entry and choose “Correct this entry”.");
    }
    const auto rows =
        snapshot.entries_of_records(office.partnership, ids_of(child.views), store::Want::cards, most_rows);
    const auto newer = std::find_if(rows.begin(), rows.end(),
                                    [&](const auto& one) { return one.row.supersedes == earlier.row.entry; });
    if (newer != rows.end()) {
        return fault(FaultKind::conflict, "supersedes", "Somebody has corrected this entry since you opened it.",
                     "Compare the two, and correct the newer one if yours says more.");
    }
    return {};
}

// The open case that was opened last; nil where none is open.
CaseId open_case(const Office& office, store::Snapshot& snapshot, const KnownChild& child) {
    const auto cases = snapshot.cases_of_records(office.partnership, ids_of(child.views));
    const store::CaseRow* best = nullptr;
    for (const auto& one : cases) {
        if (one.marking == "team" && !one.closed && (best == nullptr || best->opened < one.opened)) best = &one;
    }
    return best == nullptr ? CaseId{} : best->case_id;
}

// As the child stands in what the entry answers; else in the case; else simply as the child whose record it is.
record::Involvements involvement_in(const record::Entry* answered, const procedure::Dossier* dossier) {
    if (answered != nullptr && answered->involvement != 0) return answered->involvement;
    if (dossier != nullptr) {
        for (const auto& fact : dossier->own) {
            if (fact.involvement != 0) return fact.involvement;
        }
    }
    return static_cast<record::Involvements>(record::Involvement::subject);
}

}  // namespace

Result<EntryId> add_entry(const Office& office, const record::Asker& asker, const AddRequest& request) {
    TRY_VOID(key_stands(request.key));
    const auto* kind = TRY(addable(office, request.kind));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, request.kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, request.kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, request.kind, request.key);
        if (request.at) draft.at = *request.at;
        draft.body = request.body;
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;

        auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto child = TRY(knowing.named(request.person));
        const auto row = tx.views(office.partnership, std::vector{request.person}).front();
        auto writing = TRY(Knowing::of(office, tx, permit));
        TRY(writing.person(row->person));

        std::optional<record::Entry> answered;
        if (request.supersedes) {
            answered = TRY(entry_of_child(office, tx, child, *request.supersedes, "supersedes"));
            TRY_VOID(may_correct(office, tx, asker, child, *answered, request.kind));
            draft.supersedes = to_string(*request.supersedes);
        }
        if (request.about) {
            auto about = TRY(entry_of_child(office, tx, child, *request.about, "about"));
            if (!kind->about.empty() &&
                std::find(kind->about.begin(), kind->about.end(), about.row.kind) == kind->about.end()) {
                return invalid("about", "An entry of this kind cannot be about that one.",
                               "Choose one of the entries that the page offers.");
            }
            draft.about = to_string(*request.about);
            if (!answered) answered = std::move(about);
        }
        const auto into = answered && answered->row.case_id ? answered->row.case_id : open_case(office, tx, child);
        auto dossiers = TRY(dossiers_of(office, tx, child));
        const auto* dossier = into ? &dossiers.of(into) : nullptr;

        record::Subject subject;
        subject.involvement = involvement_in(answered ? &*answered : nullptr, dossier);
        subject.person = answered ? answered->row.record : row->view;
        draft.subjects.push_back(std::move(subject));
        TRY_VOID(well_formed(office, draft));
        if (dossier != nullptr && (!request.has_happened || record::ends_case(draft.kind, draft.body)))
            TRY_VOID(not_held(office, *dossier, draft, request.about.value_or(EntryId{})));
        return TRY(take_one(office, tx, permit, std::move(draft), into ? std::optional(into) : std::nullopt))
            .entries.front();
    });
}

}  // namespace waymark::casework
