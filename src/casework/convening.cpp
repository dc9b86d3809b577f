// Calling a meeting, calling it anew, cancelling it.
#include "casework/convening.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/due.hpp"
#include "casework/reach.hpp"
#include "casework/telling.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr const char* called_kind = "meeting.convened";
constexpr const char* invited_kind = "meeting.invited";
constexpr const char* meeting_answer_kind = "meeting.answered";
constexpr const char* cancelled_kind = "meeting.cancelled";
constexpr std::size_t most_people = 50;  // of one agency that are offered
constexpr std::size_t most_chairs = 200;

bool may_append(const Office& office, const content::Practitioner& who, std::string_view kind) {
    const auto* row = office.gate->policy().row(who.role);
    return row != nullptr && row->appends.contains(kind);
}

// Who could be asked to come: finds what is addressed to them on My day.
bool is_reached(const Office& office, const content::Practitioner& who) {
    const auto* row = office.gate->policy().row(who.role);
    return row != nullptr && row->scope(record::Action::search) != sharing::Scope::none &&
           row->appends.contains(meeting_answer_kind);
}

std::set<std::string> who_works_with(const PersonPage& child) {
    std::set<std::string> keys;
    for (const auto& line : child.lines) {
        keys.insert(line.entry.row.author);
        if (line.entry.row.kind == "case.opened" || line.entry.row.kind == "case.transferred")
            keys.insert(std::string(string_or(line.entry.body, "lead", "")));
    }
    return keys;
}

InvitableAgency invitable(const Office& office, const content::Agency& agency, const std::set<std::string>& working,
                          const std::vector<const Restriction*>& restrictions) {
    InvitableAgency out{agency.key, agency.name, agency.type, false, {}};
    for (const auto& one : office.profile.practitioners) {
        if (one.agency != agency.key || !is_reached(office, one) || !is_named(restrictions, one.key)) continue;
        const bool works = working.contains(one.key);
        const bool answers = agency.checks.empty() || stands_in(agency.checks, one.key);
        if (works || answers) out.people.push_back({one.key, one.name, content::role_label(one.role), works});
    }
    std::stable_partition(out.people.begin(), out.people.end(), [](const Invitable& one) { return one.works_with; });
    if (out.people.size() > most_people) out.people.resize(most_people);
    return out;
}

struct Callable {
    std::vector<InvitableAgency> agencies;
    bool named_only = false;
};
Callable whom_to_invite(const Office& office, const PersonPage& child, const Knowing& knowing, ViewId person,
                        const procedure::Counting& counting) {
    const auto restrictions = knowing.restrictions_of(person);
    const auto working = who_works_with(child);
    Callable out;
    out.named_only = keeps_out(restrictions);
    for (const auto& agency : office.profile.agencies) {
        auto one = invitable(office, agency, working, restrictions);
        one.required = std::any_of(counting.required.begin(), counting.required.end(),
                                   [&](const auto& required) { return required.type == agency.type; }) ||
                       stands_in(counting.quorum.types, agency.type);
        if (!one.people.empty()) out.agencies.push_back(std::move(one));
    }
    std::stable_partition(out.agencies.begin(), out.agencies.end(), [](const auto& one) { return one.required; });
    return out;
}

std::vector<std::pair<std::string, std::string>> practitioners_who(const Office& office, const Knowing& knowing,
                                                                   ViewId person, std::string_view kind) {
    std::vector<std::pair<std::string, std::string>> out;
    const auto restrictions = knowing.restrictions_of(person);
    for (const auto& one : office.profile.practitioners) {
        if (out.size() == most_chairs) break;
        if (may_append(office, one, kind) && is_named(restrictions, one.key))
            out.emplace_back(one.key, fmt::format("{} ({}, {})", one.name, content::role_label(one.role),
                                                  agency_name(office, one.agency)));
    }
    return out;
}

Result<void> call_is_whole(const Office& office, const CallRequest& request) {
    if (!request.on) return invalid("on", "No day is given.", "Say when the meeting is.");
    if (*request.on < office.calendar->day_of(office.clock.now()))
        return invalid("on", "That day is past.", "Give today or a later day.");
    if (trim(request.place).empty() && trim(request.link).empty())
        return invalid("place", "Nothing says where it is.", "Say where it is, or how to join it.");
    if (request.people.empty()) return invalid("people", "Nobody is invited.", "Choose who is invited.");
    const std::set<std::string> once(request.people.begin(), request.people.end());
    if (once.size() != request.people.size())
        return invalid("people", "Somebody is chosen twice.", "Choose each once.");
    if (request.meeting && trim(request.changes).empty())
        return invalid("changes", "Nothing says what changes.", "Say what changes, and why.");
    return {};
}

const Invitable* among(const std::vector<InvitableAgency>& agencies, const std::string& who, std::string& agency) {
    for (const auto& one : agencies) {
        for (const auto& person : one.people) {
            if (person.practitioner != who) continue;
            agency = one.agency;
            return &person;
        }
    }
    return nullptr;
}

// An agency of a required type, and nobody of that type invited.
Result<void> nobody_left_out(const Office& office, const procedure::Counting& counting,
                             const std::vector<std::string>& invited, const CallRequest& request) {
    std::string out;
    for (const auto& required : counting.required) {
        const bool is = std::any_of(invited.begin(), invited.end(), [&](const std::string& key) {
            const auto* agency = office.profile.agency(key);
            return agency != nullptr && agency->type == required.type;
        });
        const auto label = content::agency_type_label(required.type);
        if (!is && out.find(label) == std::string::npos) out += (out.empty() ? "" : ", ") + label;
    }
    if (out.empty() || !trim(request.without).empty()) return {};
    return invalid("without", fmt::format("Nobody is invited of: {}. The procedure asks that they are there.", out),
                   "Choose somebody, or say why they are not invited.");
}

json::object call_body(const CallRequest& request, const std::vector<std::string>& agencies) {
    json::array invited;
    for (const auto& one : agencies) invited.emplace_back(one);
    json::object body{{"type", request.type}, {"on", format_date(*request.on)}, {"invited", std::move(invited)}};
    const auto put = [&](const char* field, const std::string& text) {
        if (!trim(text).empty()) body[field] = text;
    };
    put("starts", request.starts);
    put("place", request.place);
    put("link", request.link);
    put("chair", request.chair);
    put("minute_taker", request.minute_taker);
    put("purpose", request.purpose);
    put("without", request.without);
    if (request.meeting) put("changes", request.changes);
    return body;
}

struct InHand {
    PersonPage child;
    MeetingStory story;
    CaseId case_id;
    ViewId record;
};
// The meeting as the asker may know it, in the transaction that goes on with it.
Result<InHand> meeting_in_hand(const Office& office, store::Snapshot& snapshot, Knowing& knowing, EntryId meeting) {
    const auto no_such = fault(FaultKind::missing, "meeting", "There is no such meeting, or you may not know of it.",
                               "Open it from the child’s record.");
    const auto row = snapshot.entries(office.partnership, std::vector{meeting}, store::Want::cards).front();
    if (!row || !row->row.record) return no_such;
    auto child = assemble_page(office, snapshot, knowing, row->row.record, std::nullopt);
    if (!child && is_unseen(child.error())) return no_such;
    InHand out;
    out.child = TRY(std::move(child));
    out.case_id = row->row.case_id;
    out.record = row->row.record;
    auto stories = meetings_in(office, out.child.lines);
    const auto found =
        std::find_if(stories.begin(), stories.end(), [&](const MeetingStory& one) { return one.meeting == meeting; });
    if (found == stories.end() || found->calls.empty()) return no_such;
    out.story = std::move(*found);
    return out;
}

Result<void> is_ahead(const MeetingStory& story, const char* place) {
    if (story.held != nullptr)
        return fault(FaultKind::conflict, place, "The meeting has been held.", "Open the page again to see it.");
    if (story.cancelled != nullptr)
        return fault(FaultKind::conflict, place, "The meeting has been cancelled.", "Call another one.");
    return {};
}

}  // namespace

Result<ToCall> meeting_to_call(const Office& office, const record::Asker& asker, ViewId child, std::string_view type) {
    TRY_VOID(permit_for(office, asker, record::Action::append, called_kind));
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<ToCall>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<ToCall> {
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        ToCall out;
        out.child = TRY(assemble_page(office, snapshot, knowing, child, std::nullopt));
        const auto known = TRY(knowing.named(child));
        const auto person = known.views.front().person;
        out.counting = counting_of(office, out.child, type);
        auto whom = whom_to_invite(office, out.child, knowing, person, out.counting);
        out.agencies = std::move(whom.agencies);
        out.named_only = whom.named_only;
        out.chairs = practitioners_who(office, knowing, person, held_as(type).kind);
        out.minute_takers = practitioners_who(office, knowing, person, "meeting.held");
        seen.add(out.child.relationship, out.child.person, {}, shown_of(out.child), fields_of(out.child.identities));
        seen.rests_on(out.child.basis);
        return out;
    });
}

Result<EntryId> call_meeting(const Office& office, const record::Asker& asker, const CallRequest& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(call_is_whole(office, request));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, called_kind));
    const auto invites = TRY(permit_for(office, asker, record::Action::append, invited_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, called_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto knowing = TRY(Knowing::of(office, tx, reads));
        auto draft = draft_by(office, asker, called_kind, request.key);
        InHand in_hand;
        if (request.meeting) {
            in_hand = TRY(meeting_in_hand(office, tx, knowing, *request.meeting));
        } else {
            in_hand.child = TRY(assemble_page(office, tx, knowing, request.child, std::nullopt));
            const auto known = TRY(knowing.named(request.child));
            in_hand.record = known.views.front().view;
            in_hand.case_id = case_of(office, tx, known.views);
        }
        const auto person = TRY(knowing.child(in_hand.record)).views.front().person;
        const auto counting = counting_of(office, in_hand.child, request.type);
        const auto whom = whom_to_invite(office, in_hand.child, knowing, person, counting);
        std::vector<std::string> agencies;
        std::vector<std::string> agency_of;
        for (const auto& who : request.people) {
            std::string agency;
            if (among(whom.agencies, who, agency) == nullptr)
                return invalid("people", "One of these people cannot be invited to speak of this child.",
                               "Choose among those that are offered.");
            agency_of.push_back(agency);
            if (!stands_in(agencies, agency)) agencies.push_back(agency);
        }
        draft.body = call_body(request, agencies);
        if (const auto before = TRY(sent_before(office, tx, draft))) return request.meeting.value_or(before->row.entry);
        TRY_VOID(nobody_left_out(office, counting, agencies, request));
        if (request.meeting) {
            TRY_VOID(is_ahead(in_hand.story, "seen"));
            if (in_hand.story.call()->entry.row.entry != request.seen)
                return fault(FaultKind::conflict, "seen", "Somebody has changed this meeting since you opened it.",
                             "Compare the two, and send yours again if it still holds.");
            draft.about = to_string(*request.meeting);
        }
        draft.subjects.push_back(the_child(in_hand.record));
        const auto call = TRY(take_one(office, tx, permit, draft, in_hand.case_id)).entries.front();
        for (std::size_t i = 0; i < request.people.size(); ++i) {
            auto invitation =
                draft_by(office, asker, invited_kind, fmt::format("{}/{}", request.key, request.people[i]));
            invitation.body = {{"invited", json::array{agency_of[i]}},
                               {"practitioner", request.people[i]},
                               {"type", request.type},
                               {"on", format_date(*request.on)}};
            // The name goes to them now.
            auto basis = basis_code(office, invitation.agency, agency_of[i], asker.purpose, "name");
            if (!basis)
                return invalid("people", fmt::format("{}: {}", agency_name(office, agency_of[i]), basis.error().reason),
                               basis.error().mend);
            invitation.basis = std::move(*basis);
            const auto& before = in_hand.story.invited;
            const auto known = std::find_if(before.begin(), before.end(),
                                            [&](const Invited& one) { return one.practitioner == request.people[i]; });
            invitation.about = to_string(known != before.end() ? known->invitation : request.meeting.value_or(call));
            invitation.subjects.push_back(the_child(in_hand.record));
            TRY(take_one(office, tx, invites, std::move(invitation), in_hand.case_id));
        }
        return request.meeting.value_or(call);
    });
}

Result<EntryId> cancel_meeting(const Office& office, const record::Asker& asker, const CancelRequest& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say why it is cancelled: everybody who was invited reads it."));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, cancelled_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, cancelled_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, cancelled_kind, request.key);
        draft.body = {{"reason", request.reason}};
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto in_hand = TRY(meeting_in_hand(office, tx, knowing, request.meeting));
        TRY_VOID(is_ahead(in_hand.story, "reason"));
        draft.about = to_string(request.meeting);
        draft.subjects.push_back(the_child(in_hand.record));
        return TRY(take_one(office, tx, permit, std::move(draft), in_hand.case_id)).entries.front();
    });
}

}  // namespace waymark::casework
