// What every verb of a practitioner does before and around its own entry.
#include "casework/verb.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t most_key_bytes = 100;

// A fault of the form's field and not of the record's.
Fault as_form(Fault fault) {
    constexpr std::string_view body = "body.";
    if (fault.place.rfind(body, 0) == 0) fault.place.erase(0, body.size());
    return fault;
}

}  // namespace

Result<void> key_stands(std::string_view key) {
    if (key.empty() || key.size() > most_key_bytes) {
        return invalid("key", "The form has no key of its own.", "Open the form again and send it.");
    }
    return {};
}

Result<void> given(std::string_view text, const char* field, const char* mend) {
    if (trim(text).empty()) return invalid(field, "This is empty.", mend);
    return {};
}

record::Draft draft_by(const Office& office, const record::Asker& asker, std::string_view kind, std::string_view key) {
    record::Draft draft;
    draft.kind = kind;
    draft.at = {office.clock.now(), false};
    draft.agency = sharing::is_operator(asker) ? std::string(engine_agency) : asker.agency;
    draft.author = asker.practitioner;
    draft.id = key;
    return draft;
}

Result<void> well_formed(const Office& office, const record::Draft& draft) {
    auto faults = record::check(draft, office.catalogue, office.clock.now(), office.calendar->zone());
    if (!faults.empty()) return tl::unexpected(as_form(std::move(faults.front())));
    return {};
}

Result<void> not_held(const Office& office, const procedure::Dossier& dossier, const record::Draft& draft,
                      EntryId about) {
    const auto held = office.procedure_of(dossier).held_by(*office.calendar, dossier, office.clock.now(), draft.kind,
                                                           draft.body, about);
    if (held.empty()) return {};
    std::string reason;
    std::string waits_for;
    for (const auto& gate : held) {
        if (!reason.empty()) reason += ' ';
        reason += gate.why;
        for (const auto& entry : gate.waits_for)
            waits_for += fmt::format("{}{}", waits_for.empty() ? "" : " ", to_string(entry));
    }
    return fault(
        FaultKind::held, held.front().rule, reason,
        waits_for.empty() ? "Do first what it waits for." : fmt::format("It waits for a judgement of: {}", waits_for));
}

Result<std::optional<record::Entry>> sent_before(const Office& office, store::Transaction& tx,
                                                 const record::Draft& draft) {
    // What the machine adds may have changed since: it is not what somebody wrote.
    constexpr std::array<std::string_view, 5> not_written{"withheld", "weight", "evidence", "session", "stage"};
    using Found = std::optional<record::Entry>;
    const auto known =
        tx.entries_by_source(office.partnership, std::vector{store::SourceKey{draft.agency, draft.id}}).front();
    if (!known) return Found{};
    const auto machine = office.gate->system("repeat");
    auto entries = TRY(
        office.journal->read_entries(tx, office.partnership, machine, std::vector{known->entry}, store::Want::whole));
    if (entries.empty()) return Found{};
    auto& entry = entries.front();
    auto kept = entry.body;
    auto again = draft;
    record::protect(again, office.catalogue);
    auto& written = again.body;
    for (const auto name : not_written) {
        kept.erase(json::string_view(name.data(), name.size()));
        written.erase(json::string_view(name.data(), name.size()));
    }
    if (entry.row.kind != draft.kind || entry.row.author != draft.author ||
        write_canonical(kept) != write_canonical(written) || !(entry.protected_address == again.protected_address)) {
        return fault(FaultKind::conflict, "key", "This form was sent before, with other content.",
                     "Look at what was kept; send a change as a new entry.");
    }
    return Found{std::move(entry)};
}

Result<Outcome> take_one(const Office& office, store::Transaction& tx, const record::Permit& permit,
                         record::Draft draft, std::optional<CaseId> into) {
    TRY_VOID(well_formed(office, draft));
    std::vector<record::Draft> drafts;
    drafts.push_back(std::move(draft));
    auto prepared = prepare(office, std::move(drafts));
    TakeOptions options;
    options.by_verb = true;
    if (into && *into) options.into = into;
    auto outcome = TRY(take(office, tx, permit, prepared, options)).front();
    if (outcome.taken == Taken::refused) return tl::unexpected(as_form(outcome.faults.front()));
    return outcome;
}

}  // namespace waymark::casework
