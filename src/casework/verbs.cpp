// What practitioners do. Every verb: ask the gate, then in one transaction look whether the form came before, whether
// the procedure holds the decision, and take the entry.
#include <algorithm>

#include <fmt/format.h>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/receipts.hpp"
#include "casework/spool.hpp"
#include "casework/telling.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

// A decision that stands is changed by a correction that says so, never by a second one beside it: two people may have
// had the same concern open.
Result<void> not_decided(const Office& office, store::Snapshot& snapshot, const ConcernInHand& in_hand) {
    constexpr std::size_t most = 10'000;
    const auto& concern = in_hand.entry;
    const auto rows =
        snapshot.entries_of_records(office.partnership, ids_of(in_hand.child.views), store::Want::cards, most);
    const auto corrected = [&](EntryId id) {
        return std::any_of(rows.begin(), rows.end(), [&](const auto& other) { return other.row.supersedes == id; });
    };
    for (const auto& [row, text] : rows) {
        const bool is_seen = in_hand.child.permit.depth(row.kind, row.marking, row.agency) != record::Depth::none;
        if (is_seen && row.kind == "triage.decided" && row.about == concern.row.entry && !corrected(row.entry)) {
            return fault(FaultKind::conflict, "outcome", "This concern has been decided already.",
                         "Open it again and look at that decision; a correction says which one it replaces.");
        }
    }
    return {};
}

// The child of that concern, in the same involvement.
record::Subject same_child(const record::Entry& concern) {
    record::Subject subject;
    subject.involvement = concern.involvement != 0 ? concern.involvement
                                                   : static_cast<record::Involvements>(record::Involvement::subject);
    subject.person = concern.row.record;
    return subject;
}

}  // namespace

namespace {

record::Draft concern_of(const Office& office, const record::Asker& asker, const RaiseRequest& request) {
    auto draft = draft_by(office, asker, "concern.raised", request.key);
    if (request.at) draft.at = *request.at;
    const auto put = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) draft.body.emplace(json::string_view(name.data(), name.size()), value);
    };
    put("about_what", request.about_what);
    put("setting", request.setting);
    put("noticed", request.noticed);
    put("summary", request.summary);
    draft.body.emplace("immediate_danger", request.immediate_danger);
    return draft;
}

record::Subject as_described(const RaiseRequest& request, std::size_t n) {
    record::Subject subject;
    subject.involvement = request.children[n].involvement;
    subject.identity = request.children[n].as_described;
    subject.identity->source = engine_agency;
    subject.identity->id = fmt::format("{}/{}", request.key, n + 1);
    return subject;
}

struct MayRaise {
    record::Permit permit;
    record::Permit reads;
};

Result<Receipt> raise_under(const Office& office, const MayRaise& may, const RaiseRequest& request,
                            const record::Draft& draft) {
    const auto& reads = may.reads;
    return write_as<Receipt>(office, may.permit, "concern.raised", [&](store::Transaction& tx) -> Result<Receipt> {
        if (auto before = TRY(sent_before(office, tx, draft))) return receipt_of(office, tx, *before);
        auto full = draft;
        const auto knowing = TRY(Knowing::of(office, tx, reads));
        for (std::size_t n = 0; n < request.children.size(); ++n) {
            const auto& child = request.children[n];
            if (!child.known) {
                full.subjects.push_back(as_described(request, n));
                continue;
            }
            const auto row = tx.views(office.partnership, std::vector{*child.known}).front();
            if (!row || (reads.own_agency_only() && row->agency != reads.asker().agency) ||
                knowing.found(row->person) == Knowing::Found::no) {
                return invalid(fmt::format("children[{}]", n), "Your agency knows no such child.",
                               "Choose a child that was offered, or write who it is.");
            }
            record::Subject subject;
            subject.involvement = child.involvement;
            subject.person = row->view;
            // Beside the person, so that a text that names this child can be withheld from another's record.
            subject.identity = TRY(office.registry->identities(std::span(&*row, 1))).front();
            full.subjects.push_back(std::move(subject));
        }
        const auto outcome = TRY(take_one(office, tx, may.permit, std::move(full), std::nullopt));
        const auto machine = office.gate->system("receipt");
        const auto entry = TRY(office.journal->read_entries(tx, office.partnership, machine,
                                                            std::vector{outcome.entries.front()}, store::Want::cards));
        if (entry.empty())
            return fault(FaultKind::unavailable, "", "The concern cannot be read back.", "Send it again.");
        return receipt_of(office, tx, entry.front());
    });
}

bool store_is_away(const Fault& why) {
    return why.kind == FaultKind::unavailable || why.kind == FaultKind::uncertain;
}

// What the record would refuse is refused now, while whoever wrote it can mend it.
Result<Receipt> keep_in_spool(const Office& office, const record::Asker& asker, const RaiseRequest& request,
                              record::Draft draft) {
    for (std::size_t n = 0; n < request.children.size(); ++n) {
        if (!request.children[n].known) draft.subjects.push_back(as_described(request, n));
    }
    const bool checked = draft.subjects.size() == request.children.size();
    if (checked) TRY_VOID(well_formed(office, draft));
    TRY_VOID(office.spool->put(asker, request, office.clock.now()));
    Receipt receipt;
    receipt.received = draft.at;
    receipt.immediate_danger = request.immediate_danger;
    receipt.spooled = true;
    return receipt;
}

}  // namespace

Result<Receipt> raise(const Office& office, const record::Asker& asker, const RaiseRequest& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.summary, "summary", "Say what was seen or heard."));
    if (request.children.empty())
        return invalid("children", "No child is named.", "Say who it is about; a nickname is enough.");
    const MayRaise may{TRY(permit_for(office, asker, record::Action::append, "concern.raised")),
                       TRY(permit_for(office, asker, record::Action::search))};
    const auto draft = concern_of(office, asker, request);
    auto raised = raise_under(office, may, request, draft);
    // Where it is not certain whether the store has it, the spool has it too: the same key makes them one.
    if (raised || !store_is_away(raised.error()) || !office.spool) return raised;
    return keep_in_spool(office, asker, request, draft);
}

Result<Receipt> raise_from_spool(const Office& office, const record::Asker& sender, const RaiseRequest& given_request,
                                 Instant sent) {
    auto asker = sender;
    asker.session = "spool";
    asker.route = "spool";
    asker.reason = fmt::format("Sent at {} on {} while the record could not be written", to_string(sent), sender.route);
    auto request = given_request;
    if (!request.at) request.at = When{sent, false};
    const auto draft_for = [&] {
        auto draft = concern_of(office, asker, request);
        draft.agency = sender.agency;
        draft.recorded = sent;
        return draft;
    };
    const auto& gate = *office.gate;
    const auto permit = gate.ask(asker, record::Action::append, "concern.raised");
    const auto reads = gate.ask(asker, record::Action::search);
    if (permit && reads) {
        auto raised = raise_under(office, {*permit, *reads}, request, draft_for());
        if (raised || store_is_away(raised.error())) return raised;
    }
    // Under other content the key was used before: it is another concern.
    const MayRaise machine{gate.operator_of_machine(record::Action::append, "spool", "operation"),
                           gate.operator_of_machine(record::Action::search, "spool", "operation")};
    auto raised = raise_under(office, machine, request, draft_for());
    if (raised || store_is_away(raised.error())) return raised;
    if (raised.error().kind == FaultKind::conflict) request.key += "/spool";
    for (auto& child : request.children) child.known.reset();
    return raise_under(office, machine, request, draft_for());
}

Result<EntryId> judge(const Office& office, const record::Asker& asker, const JudgeRequest& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say why: the judgement has a name and a reason."));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, "earlier.judged"));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    if (request.concern == request.earlier) {
        return invalid("earlier", "A concern is not an earlier one of itself.", "Choose an earlier concern.");
    }
    return write_as<EntryId>(office, permit, "earlier.judged", [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, "earlier.judged", request.key);
        draft.body = {{"judgement", request.judgement}, {"reason", request.reason}};
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto in_hand = TRY(concern_in_hand(office, tx, knowing, request.concern, "concern"));
        const auto& concern = in_hand.entry;
        const auto earlier = TRY(concern_in_hand(office, tx, knowing, request.earlier, "earlier")).entry;
        const auto& views = in_hand.child.views;
        const auto of_child =
            std::any_of(views.begin(), views.end(), [&](const auto& view) { return view.view == earlier.row.record; });
        if (!of_child) {
            return invalid("earlier", "This is not a concern about the same child.",
                           "Choose one of this child's earlier concerns.");
        }
        draft.about = to_string(request.earlier);
        draft.subjects.push_back(same_child(concern));
        return TRY(take_one(office, tx, permit, std::move(draft), concern.row.case_id)).entries.front();
    });
}

Result<EntryId> triage(const Office& office, const record::Asker& asker, const TriageRequest& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.rationale, "rationale", "Say why."));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, "triage.decided"));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, "triage.decided", [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, "triage.decided", request.key);
        draft.body = {{"outcome", request.outcome}, {"rationale", request.rationale}};
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto in_hand = TRY(concern_in_hand(office, tx, knowing, request.concern, "concern"));
        const auto& concern = in_hand.entry;
        draft.about = to_string(request.concern);
        draft.subjects.push_back(same_child(concern));
        TRY_VOID(well_formed(office, draft));
        TRY_VOID(not_decided(office, tx, in_hand));
        auto dossiers = TRY(dossiers_of(office, tx, in_hand.child));
        TRY_VOID(not_held(office, dossiers.of(concern.row.case_id), draft, concern.row.entry));
        return TRY(take_one(office, tx, permit, std::move(draft), concern.row.case_id)).entries.front();
    });
}

Result<EntryId> give_feedback(const Office& office, const record::Asker& asker, const FeedbackRequest& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.text, "text", "Say what you told them."));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, "feedback.given"));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, "feedback.given", [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, "feedback.given", request.key);
        auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto in_hand = TRY(concern_in_hand(office, tx, knowing, request.concern, "concern"));
        const auto& concern = in_hand.entry;
        draft.body = {{"to", concern.row.author}, {"text", request.text}};
        if (!request.outcome.empty()) draft.body.emplace("outcome", request.outcome);
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        draft.about = to_string(request.concern);
        draft.basis = TRY(basis_code(office, asker.agency, concern.row.agency, asker.purpose, "feedback"));
        draft.subjects.push_back(same_child(concern));
        return TRY(take_one(office, tx, permit, std::move(draft), concern.row.case_id)).entries.front();
    });
}

}  // namespace waymark::casework
