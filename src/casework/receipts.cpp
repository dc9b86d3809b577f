// What the raiser may see of their own concern. Others' free text never comes this way, but what was written to the
// raiser.
#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/glass.hpp"
#include "casework/receipts.hpp"

namespace waymark::casework {

namespace {

bool is_own(const record::Asker& asker, const store::EntryRow& row) {
    return sharing::is_operator(asker) || (row.agency == asker.agency && row.author == asker.practitioner);
}

// By when the raiser hears: the clock of the procedure's duty to tell them, from when the concern was received.
Instant feedback_due(const Office& office, const store::EntryRow& row) {
    const auto& rulebook = office.editions.at(row.at.instant).procedure.rulebook();
    Instant due;
    for (const auto& rule : rulebook.rules) {
        const auto* to = rulebook.event(rule.to);
        if (rule.relation != procedure::Relation::response || to == nullptr || to->kind != "feedback.given" ||
            !rule.deadline) {
            continue;
        }
        const auto this_due = office.calendar->due(row.at, *rule.deadline);
        if (due == Instant{} || this_due < due) due = this_due;
    }
    return due;
}

}  // namespace

// Ten letters and digits that cannot be misread, out of the entry's random salt: it tells nothing of when or how many.
std::string reference_of(const store::EntryRow& row) {
    constexpr std::string_view letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // Crockford base 32
    const auto digest = sha256({as_bytes("waymark receipt"), ByteView(row.salt)});
    std::string reference = "WM";
    for (std::size_t i = 0; i < 10; ++i) {
        if (i % 5 == 0) reference += '-';
        reference += letters[digest[i] % letters.size()];
    }
    return reference;
}

Result<Receipt> receipt_of(const Office& office, store::Snapshot& snapshot, const record::Entry& concern) {
    Receipt receipt;
    receipt.concern = concern.row.entry;
    receipt.reference = reference_of(concern.row);
    receipt.received = concern.row.at;
    receipt.feedback_due = feedback_due(office, concern.row);
    const auto* danger = find(concern.body, "immediate_danger");
    receipt.immediate_danger = danger != nullptr && danger->is_bool() && danger->get_bool();

    // The decision is another agency's entry: the machine looks, and only its code goes on.
    const auto p = office.partnership;
    const auto machine = office.gate->system("receipt");
    const auto row = snapshot.views(p, std::vector{concern.row.record}).front();
    if (!row) return receipt;
    const auto views = ids_of(snapshot.views_of_persons(p, std::vector{row->person}));
    std::vector<record::Fact> facts;
    auto answers = snapshot.entries_about(p, views, concern.row.entry);
    std::stable_sort(answers.begin(), answers.end(), [](const auto& a, const auto& b) {
        return std::tie(a.row.at, a.row.recorded, a.row.entry) < std::tie(b.row.at, b.row.recorded, b.row.entry);
    });
    for (const auto& one : answers) facts.push_back(TRY(office.journal->open_card(one.row)));
    std::vector<EntryId> superseded;
    for (const auto& fact : facts) {
        if (fact.supersedes) superseded.push_back(fact.supersedes);
    }
    std::vector<EntryId> told;
    for (const auto& fact : facts) {
        // What is marked is for those who are named: it is no answer to the raiser.
        if (fact.marking != "team" && fact.author != concern.row.author) continue;
        if (fact.about != concern.row.entry ||
            std::find(superseded.begin(), superseded.end(), fact.id) != superseded.end())
            continue;
        if (fact.kind == "triage.decided") receipt.outcome = string_or(fact.fields, "outcome", "");
        if (fact.kind == "feedback.given") told.push_back(fact.id);
        if (fact.kind == "challenge.raised" && fact.agency == concern.row.agency && fact.author == concern.row.author)
            receipt.challenges.push_back(fact.id);
    }
    for (const auto& entry : TRY(office.journal->read_entries(snapshot, p, machine, told, store::Want::whole))) {
        // What the raiser may be told is what they were told: the code of the feedback goes over that of the decision.
        if (const auto code = string_or(entry.body, "outcome", ""); !code.empty()) receipt.outcome = code;
        receipt.feedback.emplace_back(entry.row.at, std::string(string_or(entry.body, "text", "")));
    }
    return receipt;
}

Result<Receipt> receipt(const Office& office, const record::Asker& asker, EntryId concern) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<Receipt>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Receipt> {
        // Their own words, whatever has become of the child's record since: the receipt tells nothing of it.
        const auto machine = office.gate->system("receipt");
        const auto found = TRY(office.journal->read_entries(snapshot, office.partnership, machine, std::vector{concern},
                                                            store::Want::cards));
        if (found.empty() || found.front().row.kind != "concern.raised" || !is_own(asker, found.front().row)) {
            return fault(FaultKind::missing, "concern", "There is no such concern of yours.",
                         "Choose one from your concerns.");
        }
        seen.add("raiser", found.front().row.record, found.front().row.case_id, {{concern, record::Depth::summary}});
        return receipt_of(office, snapshot, found.front());
    });
}

Result<std::vector<Receipt>> my_concerns(const Office& office, const record::Asker& asker, std::size_t limit) {
    constexpr std::size_t most = 200;
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    using Receipts = std::vector<Receipt>;
    return read_as<Receipts>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Receipts> {
        const auto ids =
            snapshot.concerns_raised_by(office.partnership, asker.agency, asker.practitioner, std::min(limit, most));
        Receipts receipts;
        const auto machine = office.gate->system("receipt");
        for (const auto& entry :
             TRY(office.journal->read_entries(snapshot, office.partnership, machine, ids, store::Want::cards))) {
            seen.add("raiser", entry.row.record, entry.row.case_id, {{entry.row.entry, record::Depth::summary}});
            receipts.push_back(TRY(receipt_of(office, snapshot, entry)));
        }
        std::stable_sort(receipts.begin(), receipts.end(),
                         [](const auto& a, const auto& b) { return a.received > b.received; });
        return receipts;
    });
}

}  // namespace waymark::casework
