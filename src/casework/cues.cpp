// Putting a prompt aside is an entry: it has a name, a reason and an end, and stays in the record.
#include "casework/cues.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

Result<void> until_stands(const Office& office, const procedure::Cue& cue, const std::optional<Date>& until) {
    const auto today = office.calendar->day_of(office.clock.now());
    if (!until) return invalid("until", "No day is given.", "Say until when it may wait.");
    if (*until < today) {
        return invalid("until", "That day is past.", "Give today or a later day.");
    }
    if (*until > *cue.aside_until) {
        return invalid("until", "That is longer than this prompt may be put aside.",
                       fmt::format("Give a day up to {}.", format_long(*cue.aside_until)));
    }
    return {};
}

// The prompt as it shows to this person now.
Result<procedure::Cue> shown_cue(const procedure::Standing& standing, std::string_view id) {
    const auto found =
        std::find_if(standing.cues.begin(), standing.cues.end(), [&](const auto& cue) { return cue.id == id; });
    if (found == standing.cues.end()) {
        return fault(FaultKind::conflict, "cue", "This prompt does not show any more.",
                     "Open the page again: something was recorded, or somebody put it aside before you.");
    }
    if (!found->aside_until) {
        return invalid("cue", "A prompt about immediate danger cannot be put aside.",
                       "Telephone, and record the decision on the concern.");
    }
    return *found;
}

}  // namespace

Result<PersonPage> prompted_page(const Office& office, const record::Asker& asker, ViewId person) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    const auto read = [&](store::Snapshot& snapshot, Seen& seen) -> Result<PersonPage> {
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        TRY(knowing.named(person));
        auto page = TRY(assemble_page(office, snapshot, knowing, person, std::nullopt));
        seen.add(page.relationship, page.person, {}, shown_of(page), fields_of(page.identities));
        seen.rests_on(page.basis);
        return page;
    };
    return read_and_keep<PersonPage>(office, permit, read, [&](store::Transaction& tx, PersonPage& page) {
        const auto now = office.clock.now();
        const auto today = office.calendar->start_of(office.calendar->day_of(now));
        std::vector<procedure::Interruption> before;
        for (auto& row : tx.prompts_since(office.partnership, asker.practitioner, today))
            before.push_back({row.case_id, std::move(row.cue)});
        auto found = procedure::interrupting(page.standings, before);
        page.prompts = std::move(found.cases);
        std::vector<store::PromptRow> rows;
        for (auto& one : found.taken) rows.push_back({asker.practitioner, one.case_id, std::move(one.cue), now});
        if (!rows.empty()) tx.put_prompts(office.partnership, rows);
        return Result<void>{};
    });
}

bool may_dismiss(const Office& office, const record::Asker& asker, const procedure::Cue& cue) {
    if (!cue.aside_until || !office.gate->ask(asker, record::Action::append, "cue.dismissed")) return false;
    return asker.role == cue.owner || office.gate->ask(asker, record::Action::append, "triage.decided").has_value();
}

Result<EntryId> dismiss_cue(const Office& office, const record::Asker& asker, const DismissRequest& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say why it may wait."));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, "cue.dismissed"));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, "cue.dismissed", [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, "cue.dismissed", request.key);
        draft.body = {{"cue", request.cue}, {"reason", request.reason}};
        if (request.until) draft.body.emplace("until", format_date(*request.until));
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        const auto no_such_case = fault(FaultKind::missing, "case", "There is no such case, or you may not know of it.",
                                        "Open it from the child's page.");
        const auto row = tx.cases(office.partnership, std::vector{request.case_id}).front();
        if (!row) return no_such_case;
        const auto child = known_child(office, tx, reads, row->record);
        if (!child) return is_unseen(child.error()) ? no_such_case : tl::unexpected(child.error());
        auto dossiers = TRY(dossiers_of(office, tx, *child));
        const auto& dossier = dossiers.of(request.case_id);
        if (dossier.own.empty()) return no_such_case;
        const auto standing = office.procedure_of(dossier).standing(*office.calendar, dossier, office.clock.now());
        const auto cue = TRY(shown_cue(standing, request.cue));
        if (!may_dismiss(office, asker, cue)) {
            return fault(FaultKind::forbidden, "cue",
                         fmt::format("This prompt is put aside by whoever triages, or by its owner ({}).",
                                     content::role_label(cue.owner)),
                         "Tell them why you think that it may wait.");
        }
        TRY_VOID(until_stands(office, cue, request.until));
        record::Subject subject;
        subject.involvement = dossier.own.front().involvement != 0
                                  ? dossier.own.front().involvement
                                  : static_cast<record::Involvements>(record::Involvement::subject);
        subject.person = dossier.own.front().record;
        draft.subjects.push_back(subject);
        return TRY(take_one(office, tx, permit, std::move(draft), request.case_id)).entries.front();
    });
}

}  // namespace waymark::casework
