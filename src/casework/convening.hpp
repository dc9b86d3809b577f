#pragma once
// A meeting about a child, from the call to the receipt of its minutes. Each step is an entry: the call, an invitation
// for each person, each answer, the meeting with who came, each decision and action, to whom the minutes went and who
// has read them. A call that is changed is a further call about the first; nothing is overwritten.
//
// Who is invited, has an action or gets minutes learns the child's name and birth and what is addressed to them, and
// nothing of the record that their role does not show. Somebody whom a restriction keeps out is not offered.
//
// Who must be there and the quorum are the procedure's (contract section 6, manual chapter 8): `procedure::Counting`.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

// What is appended when a meeting of this type is held: "strategy" is strategy.held, a conference conference.held with
// "initial" or "review", the others meeting.held with their own type.
struct HeldAs {
    std::string_view kind;
    std::string_view type;
};
HeldAs held_as(std::string_view meeting_type);

// ---- one meeting, as the lines that somebody is shown tell it ------------------------------------------------------

struct Invited {
    EntryId invitation;  // the newest to this person
    std::string practitioner;
    std::string name;
    std::string agency;       // key
    std::string agency_name;  // as the profile has it
    std::string outcome;      // code of the answer; empty while there is none
    std::string answered_by;
    std::optional<When> answered;
    std::string instead;  // name of who comes
    std::string text;
};
struct Contribution {
    EntryId entry;
    std::string by;
    std::string agency;
    When at;
    std::string text;
};
struct Decided {
    const Line* line = nullptr;
    std::string text;
    struct Dissent {
        const Line* line = nullptr;
        std::string who;
        std::string text;
    };
    std::vector<Dissent> dissents;
};
struct MeetingAction {
    const Line* line = nullptr;
    std::string text;
    std::string owner;  // agency's name
    std::string who;    // or empty
    std::optional<Date> due;
    std::string outcome;  // of the newest answer
    std::string answer;   // its text
    std::string answered_by;
    std::optional<When> answered;
    [[nodiscard]] bool ended() const { return outcome == "done" || outcome == "cannot"; }
    [[nodiscard]] bool overdue(Date today) const { return !ended() && due && *due < today; }
};
struct Receipted {
    EntryId minutes;
    std::string practitioner;
    std::string name;
    std::string agency_name;
    When sent;
    std::optional<When> read;
    std::string remark;
};
struct MeetingStory {
    EntryId meeting;                 // the first call; the held entry where nobody called it here
    std::vector<const Line*> calls;  // oldest first; empty where nobody called it here
    const Line* held = nullptr;
    const Line* cancelled = nullptr;
    std::string type;  // code of the meeting type
    std::string label;
    std::optional<Date> on;
    std::string starts, place, link, purpose, without;
    std::string chair, minute_taker;  // keys
    std::vector<Invited> invited;
    std::vector<Contribution> contributions;
    std::vector<Decided> decisions;
    std::vector<MeetingAction> actions;
    std::vector<Receipted> sent;
    [[nodiscard]] const Line* call() const { return calls.empty() ? nullptr : calls.back(); }
};
// The newest first. `lines` outlive what is returned.
std::vector<MeetingStory> meetings_in(const Office&, std::span<const Line> lines);

struct MeetingPage {
    PersonPage child;
    MeetingStory story;
    procedure::Counting counting;  // of who came; of nobody while it is not held
};
Result<MeetingPage> meeting_page(const Office&, const record::Asker&, EntryId meeting);
// Who must be at a meeting of this type about this child today; who came, from `fields` (`attended`, `exceptional`).
procedure::Counting counting_of(const Office&, const PersonPage&, std::string_view meeting_type,
                                const json::object& fields = {});

// ---- calling --------------------------------------------------------------------------------------------------------

struct Invitable {
    std::string practitioner;
    std::string name;
    std::string role;         // in words
    bool works_with = false;  // has written in what the asker sees of this record, or leads
};
struct InvitableAgency {
    std::string agency;
    std::string name;
    std::string type;
    bool required = false;
    std::vector<Invitable> people;  // at most 50: those who work with the child first, then who answers for the agency
};
struct ToCall {
    PersonPage child;
    procedure::Counting counting;
    std::vector<InvitableAgency> agencies;                    // those required first
    std::vector<std::pair<std::string, std::string>> chairs;  // key, name and agency
    std::vector<std::pair<std::string, std::string>> minute_takers;
    bool named_only = false;
};
Result<ToCall> meeting_to_call(const Office&, const record::Asker&, ViewId child, std::string_view type);

struct CallRequest {
    std::string key;
    ViewId child;  // of a new meeting
    std::string type;
    std::optional<Date> on;  // required; today or to come
    std::string starts;      // "14:30"
    std::string place, link;
    std::string chair, minute_taker;
    std::string purpose;
    std::vector<std::string> people;  // practitioners
    std::string without;              // why a required agency is not invited; required then
    // Of a meeting that was called before:
    std::optional<EntryId> meeting;
    EntryId seen;         // the newest call when the form was opened
    std::string changes;  // required
};
// Invites by name; `basis` where nothing says on what an agency may be told. Of a meeting that was called before, the
// ones that are still invited are asked again. `conflict` at `seen` where it was changed, held or cancelled meanwhile.
Result<EntryId> call_meeting(const Office&, const record::Asker&, const CallRequest&);

struct CancelRequest {
    std::string key;
    EntryId meeting;
    std::string reason;
};
Result<EntryId> cancel_meeting(const Office&, const record::Asker&, const CancelRequest&);

// ---- being invited --------------------------------------------------------------------------------------------------

struct Invitation {
    EntryId invitation;      // the first to this person, or the answer that sends them
    record::Identity child;  // name and birth
    std::string from, from_agency;
    MeetingStory story;   // of the call alone: type, day, place; nothing of the record
    std::string outcome;  // the answer of this person; empty while there is none
    std::string answer_text;
    std::string instead;
    std::vector<std::pair<When, std::string>> contributed;
    bool over = false;  // held
    bool cancelled = false;
    std::vector<std::pair<std::string, std::string>> colleagues;  // who may come instead
};
Result<Invitation> invitation_for(const Office&, const record::Asker&, EntryId invitation);

struct AnswerInvitation {
    std::string key;
    EntryId invitation;
    std::string outcome;
    std::string instead;  // with `apologies`
    std::string text;
};
// May be answered again until the meeting is held: the last answer counts.
Result<EntryId> answer_invitation(const Office&, const record::Asker&, const AnswerInvitation&);

struct ContributeRequest {
    std::string key;
    EntryId invitation;
    std::string text;
};
Result<EntryId> contribute_to_meeting(const Office&, const record::Asker&, const ContributeRequest&);

// ---- holding --------------------------------------------------------------------------------------------------------

struct HoldRequest {
    std::string key;
    EntryId meeting;
    EntryId seen;  // the held entry that this one corrects; nil for none
    When at;
    json::object body;     // of the kind that `held_as` gives: attended, apologies, decision, …
    bool goes_on = false;  // below its quorum, knowingly; `below_quorum` in the body then says why
};
// `held` at `attended` with who is missing where it is not quorate and `goes_on` is not said; `conflict` at `seen`
// where somebody has recorded it meanwhile.
Result<EntryId> hold_meeting(const Office&, const record::Asker&, const HoldRequest&);

struct SendRequest {
    std::string key;
    EntryId meeting;
    std::vector<std::string> people;
};
Result<std::vector<EntryId>> send_minutes(const Office&, const record::Asker&, const SendRequest&);
// To whom minutes may go: who was invited, and who has an action, and is not shut out; key, words.
std::vector<std::pair<std::string, std::string>> minutes_readers(const Office&, const MeetingStory&);

struct Minutes {
    EntryId minutes;
    record::Identity child;
    std::vector<Line> lines;  // what the story points into
    MeetingStory story;
    std::string from, from_agency;
    When sent;
    std::optional<When> read;
};
Result<std::unique_ptr<Minutes>> minutes_for(const Office&, const record::Asker&, EntryId minutes);
Result<EntryId> note_minutes_read(const Office&, const record::Asker&, EntryId minutes, const std::string& key,
                                  const std::string& remark);

// ---- actions --------------------------------------------------------------------------------------------------------

struct ActionToAnswer {
    EntryId action;
    record::Identity child;
    std::string text;
    std::string from, from_agency;
    When agreed;
    std::optional<Date> due;
    std::string outcome;  // of the newest answer
    std::string answer;
    [[nodiscard]] bool ended() const { return outcome == "done" || outcome == "cannot"; }
};
Result<ActionToAnswer> action_to_answer(const Office&, const record::Asker&, EntryId action);
struct AnswerAction {
    std::string key;
    EntryId action;
    std::string outcome;
    std::optional<Date> due;  // required with `later`
    std::string text;         // required with `cannot`
};
Result<EntryId> answer_action(const Office&, const record::Asker&, const AnswerAction&);

// ---- My day ---------------------------------------------------------------------------------------------------------

struct MeetingTask {
    enum class What { invitation, action, minutes } what = What::invitation;
    EntryId entry;
    std::string name;   // of the child
    std::string words;  // "Core group on 3 April 2026"; of an action its text is on its own page
    Instant due;
    bool overdue = false;
};
// What waits for the asker by name, or for their agency where nobody is named; the soonest first.
Result<std::vector<MeetingTask>> meeting_tasks(const Office&, const record::Asker&, std::size_t limit);

}  // namespace waymark::casework
