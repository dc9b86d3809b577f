// A meeting as it was held: who came, who gets the minutes and has read them, and what its actions came to.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/convening.hpp"
#include "casework/due.hpp"
#include "casework/reach.hpp"
#include "casework/telling.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr const char* sent_minutes_kind = "minutes.sent";
constexpr const char* read_minutes_kind = "minutes.read";
constexpr const char* action_kind = "action.agreed";
constexpr const char* action_answer_kind = "action.answered";

std::string types_in_words_of(const std::vector<std::string>& types) {
    std::vector<std::string> words;
    for (const auto& type : types) words.push_back(content::agency_type_label(type));
    return join(words, ", ");
}

// "Missing: Police. It is not quorate: …"
std::string not_quorate(const procedure::Counting& counting) {
    const auto& types = counting.quorum.types;
    auto words =
        counting.lacking.empty() ? std::string() : fmt::format("Missing: {}. ", types_in_words_of(counting.lacking));
    words += fmt::format("It is not quorate: the procedure asks for at least {} {}", counting.quorum.at_least,
                         counting.quorum.at_least == 1 ? "agency" : "agencies");
    if (!types.empty()) words += fmt::format(" ({} among them)", types_in_words_of(types));
    return words + fmt::format(", and {} came.", counting.came);
}

Result<store::WholeEntry> entry_of_record(const Office& office, store::Snapshot& snapshot, EntryId id,
                                          std::string_view kind) {
    auto row = snapshot.entries(office.partnership, std::vector{id}, store::Want::whole).front();
    if (!row || !row->row.record || row->row.kind != kind)
        return fault(FaultKind::missing, "entry", "There is no such page, or it is not addressed to you.",
                     "Choose one from My day.");
    return std::move(*row);
}

Fault not_yours() {
    return Fault{FaultKind::missing, "entry", "There is no such page, or it is not addressed to you.",
                 "Choose one from My day."};
}

// The entry with what it is about, back to the first: read by the machine, the caller asks for whom it is.
Result<record::Entry> root_of(const Office& office, store::Snapshot& snapshot, record::Entry entry) {
    constexpr int most_steps = 50;
    for (int n = 0; n < most_steps && entry.row.about; ++n) {
        const auto before =
            snapshot.entries(office.partnership, std::vector{entry.row.about}, store::Want::whole).front();
        if (!before) break;
        entry = TRY(office.journal->open(*before));
    }
    return entry;
}

bool is_not_shut_out(const Office& office, store::Snapshot& snapshot, const Knowing& knowing, ViewId record) {
    const auto person = person_of(office, snapshot, record);
    return person && not_shut_out(knowing, *person);
}

}  // namespace

Result<EntryId> hold_meeting(const Office& office, const record::Asker& asker, const HoldRequest& request) {
    TRY_VOID(key_stands(request.key));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    const auto page = TRY(meeting_page(office, asker, request.meeting));
    const auto as = held_as(page.story.type);
    const auto permit = TRY(permit_for(office, asker, record::Action::append, as.kind));
    return write_as<EntryId>(office, permit, as.kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, as.kind, request.key);
        draft.at = request.at;
        draft.body = request.body;
        if (!as.type.empty()) draft.body["type"] = as.type;
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto row = TRY(entry_of_record(office, tx, request.meeting, "meeting.convened"));
        const auto child = TRY(assemble_page(office, tx, knowing, row.row.record, std::nullopt));
        const auto stories = meetings_in(office, child.lines);
        const auto story = std::find_if(stories.begin(), stories.end(),
                                        [&](const MeetingStory& one) { return one.meeting == request.meeting; });
        if (story == stories.end()) return tl::unexpected(not_yours());
        if (story->cancelled != nullptr)
            return fault(FaultKind::conflict, "seen", "The meeting has been cancelled.", "Call another one.");
        const auto stands = story->held == nullptr ? EntryId{} : story->held->entry.row.entry;
        if (stands != request.seen)
            return fault(FaultKind::conflict, "seen", "Somebody has recorded this meeting since you opened it.",
                         "Compare the two, and correct what stands if yours says more.");
        if (stands) {
            if (story->held->entry.row.agency != draft.agency)
                return fault(FaultKind::forbidden, "seen", "Another agency recorded this meeting.",
                             "Ask that agency to correct it, or minute what differs as a decision.");
            draft.supersedes = to_string(stands);
        }
        const auto counting = counting_of(office, child, story->type, draft.body);
        if (!counting.quorate && !request.goes_on)
            return fault(FaultKind::held, "attended", not_quorate(counting),
                         "Call it again for another day, or go on and say why.");
        if (!counting.quorate && trim(string_or(draft.body, "below_quorum", "")).empty())
            return invalid("below_quorum", "Nothing says why it goes on below its quorum.", "Say why it cannot wait.");
        draft.about = to_string(request.meeting);
        draft.subjects.push_back(the_child(row.row.record));
        return TRY(take_one(office, tx, permit, std::move(draft), row.row.case_id)).entries.front();
    });
}

std::vector<std::pair<std::string, std::string>> minutes_readers(const Office& office, const MeetingStory& story) {
    std::vector<std::pair<std::string, std::string>> out;
    std::set<std::string> known;
    const auto add = [&](const std::string& key) {
        const auto* who = office.profile.practitioner(key);
        if (who == nullptr || !known.insert(key).second) return;
        out.emplace_back(key, fmt::format("{}, {}", who->name, agency_name(office, who->agency)));
    };
    add(story.chair);
    for (const auto& one : story.invited) add(one.practitioner);
    for (const auto& one : story.invited) {
        if (one.instead.empty()) continue;
        for (const auto& who : office.profile.practitioners) {
            if (who.name == one.instead && who.agency == one.agency) add(who.key);
        }
    }
    for (const auto& one : story.actions) add(std::string(string_or(one.line->entry.body, "practitioner", "")));
    return out;
}

Result<std::vector<EntryId>> send_minutes(const Office& office, const record::Asker& asker,
                                          const SendRequest& request) {
    using Ids = std::vector<EntryId>;
    TRY_VOID(key_stands(request.key));
    if (request.people.empty()) return invalid("people", "Nobody is chosen.", "Choose who gets the minutes.");
    const auto permit = TRY(permit_for(office, asker, record::Action::append, sent_minutes_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<Ids>(office, permit, sent_minutes_kind, [&](store::Transaction& tx) -> Result<Ids> {
        auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto row = tx.entries(office.partnership, std::vector{request.meeting}, store::Want::cards).front();
        if (!row || !row->row.record) return tl::unexpected(not_yours());
        const auto child = TRY(assemble_page(office, tx, knowing, row->row.record, std::nullopt));
        const auto stories = meetings_in(office, child.lines);
        const auto story = std::find_if(stories.begin(), stories.end(),
                                        [&](const MeetingStory& one) { return one.meeting == request.meeting; });
        if (story == stories.end()) return tl::unexpected(not_yours());
        if (story->held == nullptr)
            return invalid("people", "The meeting is not recorded yet.", "Record who came first.");
        const auto readers = minutes_readers(office, *story);
        const auto person = person_of(office, tx, row->row.record);
        const auto restrictions = knowing.restrictions_of(person.value_or(ViewId{}));
        Ids ids;
        for (const auto& key : request.people) {
            const auto* who = office.profile.practitioner(key);
            const bool offered =
                std::any_of(readers.begin(), readers.end(), [&](const auto& one) { return one.first == key; });
            if (who == nullptr || !offered || !is_named(restrictions, key))
                return invalid("people", "One of these people cannot get these minutes.",
                               "Choose among those that are offered.");
            auto draft = draft_by(office, asker, sent_minutes_kind, fmt::format("{}/{}", request.key, key));
            draft.body = {{"to", who->agency}, {"practitioner", key}};
            if (const auto before = TRY(sent_before(office, tx, draft))) {
                ids.push_back(before->row.entry);
                continue;
            }
            auto basis = basis_code(office, draft.agency, who->agency, asker.purpose, "meetings");
            if (!basis)
                return invalid("people", fmt::format("{}: {}", agency_name(office, who->agency), basis.error().reason),
                               basis.error().mend);
            draft.basis = std::move(*basis);
            draft.about = to_string(story->held->entry.row.entry);
            draft.subjects.push_back(the_child(row->row.record));
            ids.push_back(TRY(take_one(office, tx, permit, std::move(draft), row->row.case_id)).entries.front());
        }
        return ids;
    });
}

namespace {

// The minutes that are addressed to this person, with the whole meeting.
Result<std::unique_ptr<Minutes>> minutes_of(const Office& office, store::Snapshot& snapshot, const Knowing& knowing,
                                            const record::Asker& asker, EntryId id) {
    const auto sent = TRY(office.journal->open(TRY(entry_of_record(office, snapshot, id, sent_minutes_kind))));
    if (string_or(sent.body, "practitioner", "") != asker.practitioner ||
        !is_not_shut_out(office, snapshot, knowing, sent.row.record))
        return tl::unexpected(not_yours());
    const auto root = TRY(root_of(office, snapshot, sent));
    auto out = std::make_unique<Minutes>();
    out->minutes = id;
    out->lines = lines_of(office, TRY(story_of(office, snapshot, root)));
    auto stories = meetings_in(office, out->lines);
    const auto found = std::find_if(stories.begin(), stories.end(), [&](const MeetingStory& one) {
        return std::any_of(one.sent.begin(), one.sent.end(), [&](const Receipted& to) { return to.minutes == id; });
    });
    if (found == stories.end() || found->held == nullptr) return tl::unexpected(not_yours());
    out->story = std::move(*found);
    for (const auto& one : out->story.sent) {
        if (one.minutes == id) out->read = one.read;
    }
    out->child = TRY(name_of_record(office, snapshot, sent.row.record));
    out->from = practitioner_name(office, sent.row.author);
    out->from_agency = agency_name(office, sent.row.agency);
    out->sent = sent.row.at;
    return out;
}

}  // namespace

Result<std::unique_ptr<Minutes>> minutes_for(const Office& office, const record::Asker& asker, EntryId id) {
    using Out = std::unique_ptr<Minutes>;
    TRY_VOID(permit_for(office, asker, record::Action::append, read_minutes_kind));
    const auto permit = TRY(permit_for(office, asker, record::Action::search));
    return read_as<Out>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Out> {
        const auto knowing = TRY(Knowing::of(office, snapshot, permit));
        auto out = TRY(minutes_of(office, snapshot, knowing, asker, id));
        const auto& held = out->story.held->entry.row;
        std::vector<record::Shown> shown;
        for (const auto& line : out->lines) shown.push_back({line.entry.row.entry, record::Depth::full});
        seen.add("sent", held.record, held.case_id, std::move(shown), std::string(name_fields));
        return out;
    });
}

Result<EntryId> note_minutes_read(const Office& office, const record::Asker& asker, EntryId minutes,
                                  const std::string& key, const std::string& remark) {
    TRY_VOID(key_stands(key));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, read_minutes_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::search));
    return write_as<EntryId>(office, permit, read_minutes_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, read_minutes_kind, key);
        if (!trim(remark).empty()) draft.body = {{"text", remark}};
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        const auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto in_hand = TRY(minutes_of(office, tx, knowing, asker, minutes));
        const auto& held = in_hand->story.held->entry.row;
        draft.basis = TRY(basis_code(office, asker.agency,
                                     TRY(entry_of_record(office, tx, minutes, sent_minutes_kind)).row.agency,
                                     asker.purpose, "meetings"));
        draft.about = to_string(minutes);
        draft.subjects.push_back(the_child(held.record));
        return TRY(take_one(office, tx, permit, std::move(draft), held.case_id)).entries.front();
    });
}

// ---- actions --------------------------------------------------------------------------------------------------------

namespace {

struct ActionInHand {
    record::Entry agreed;
    record::Entry last;  // the newest answer, or the action
};

// By name, or of the agency where nobody is named.
Result<ActionInHand> action_of(const Office& office, store::Snapshot& snapshot, const Knowing& knowing,
                               const record::Asker& asker, EntryId id) {
    ActionInHand out;
    out.agreed = TRY(office.journal->open(TRY(entry_of_record(office, snapshot, id, action_kind))));
    const auto who = string_or(out.agreed.body, "practitioner", "");
    const bool is_mine =
        who.empty() ? string_or(out.agreed.body, "owner", "") == asker.agency : who == asker.practitioner;
    if (!is_mine || !is_not_shut_out(office, snapshot, knowing, out.agreed.row.record))
        return tl::unexpected(not_yours());
    out.last = out.agreed;
    for (auto& one : TRY(story_of(office, snapshot, out.agreed))) {
        if (one.row.kind == action_answer_kind) out.last = std::move(one);
    }
    return out;
}

}  // namespace

Result<ActionToAnswer> action_to_answer(const Office& office, const record::Asker& asker, EntryId action) {
    TRY_VOID(permit_for(office, asker, record::Action::append, action_answer_kind));
    const auto permit = TRY(permit_for(office, asker, record::Action::search));
    return read_as<ActionToAnswer>(office, permit,
                                   [&](store::Snapshot& snapshot, Seen& seen) -> Result<ActionToAnswer> {
                                       const auto knowing = TRY(Knowing::of(office, snapshot, permit));
                                       const auto in_hand = TRY(action_of(office, snapshot, knowing, asker, action));
                                       const auto& agreed = in_hand.agreed;
                                       ActionToAnswer out;
                                       out.action = action;
                                       out.child = TRY(name_of_record(office, snapshot, agreed.row.record));
                                       out.text = std::string(string_or(agreed.body, "text", ""));
                                       out.from = practitioner_name(office, agreed.row.author);
                                       out.from_agency = agency_name(office, agreed.row.agency);
                                       out.agreed = agreed.row.at;
                                       if (in_hand.last.row.kind == action_answer_kind) {
                                           out.outcome = std::string(string_or(in_hand.last.body, "outcome", ""));
                                           out.answer = std::string(string_or(in_hand.last.body, "text", ""));
                                       }
                                       for (const auto* one : {&in_hand.last, &agreed}) {
                                           const auto day = parse_date(string_or(one->body, "due", ""));
                                           if (!out.due && day) out.due = *day;
                                       }
                                       seen.add("asked", agreed.row.record, agreed.row.case_id,
                                                {{action, record::Depth::full}}, std::string(name_fields));
                                       return out;
                                   });
}

Result<EntryId> answer_action(const Office& office, const record::Asker& asker, const AnswerAction& request) {
    TRY_VOID(key_stands(request.key));
    if (request.outcome == "cannot") TRY_VOID(given(request.text, "text", "Say why it cannot be done."));
    if (request.outcome == "later" && (!request.due || *request.due < office.calendar->day_of(office.clock.now())))
        return invalid("due", "No day to come is given.", "Say by when it will be done.");
    const auto permit = TRY(permit_for(office, asker, record::Action::append, action_answer_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::search));
    return write_as<EntryId>(office, permit, action_answer_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, action_answer_kind, request.key);
        draft.body = {{"outcome", request.outcome}};
        if (request.outcome == "later") draft.body.emplace("due", format_date(*request.due));
        if (!trim(request.text).empty()) draft.body.emplace("text", request.text);
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        const auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto in_hand = TRY(action_of(office, tx, knowing, asker, request.action));
        const auto& agreed = in_hand.agreed.row;
        const auto said = string_or(in_hand.last.body, "outcome", "");
        if (said == "done" || said == "cannot")
            return fault(FaultKind::conflict, "outcome", "This action has been answered already.",
                         "Open the page again to see the answer.");
        draft.basis = TRY(basis_code(office, asker.agency, agreed.agency, asker.purpose, "meetings"));
        draft.about = to_string(in_hand.last.row.entry);
        draft.subjects.push_back(the_child(agreed.record));
        return TRY(take_one(office, tx, permit, std::move(draft), agreed.case_id)).entries.front();
    });
}

}  // namespace waymark::casework
