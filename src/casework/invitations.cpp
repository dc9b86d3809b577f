// What is addressed to somebody about a meeting: an invitation, an action, minutes; and how an invitation is answered.
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

constexpr const char* invitation_kind = "meeting.invited";
constexpr const char* invitation_answer_kind = "meeting.answered";
constexpr const char* contribution_kind = "meeting.contributed";
constexpr std::size_t most_colleagues = 100;

Fault no_such_invitation() {
    return Fault{FaultKind::missing, "invitation", "There is no such invitation, or it is not addressed to you.",
                 "Choose one from My day."};
}

struct InvitationInHand {
    record::Entry asked;               // the invitation, or the answer that sends this person instead
    std::vector<record::Entry> story;  // of the meeting
    record::Entry last;                // of this person's answers; without an entry while there is none
    bool over = false;
    bool cancelled = false;
};

bool is_addressed_to(const record::Entry& entry, std::string_view practitioner) {
    if (entry.row.kind == invitation_kind) return string_or(entry.body, "practitioner", "") == practitioner;
    return entry.row.kind == invitation_answer_kind && string_or(entry.body, "instead", "") == practitioner;
}

Result<InvitationInHand> invitation_in_hand(const Office& office, store::Snapshot& snapshot, const Knowing& knowing,
                                            const record::Asker& asker, EntryId id) {
    const auto row = snapshot.entries(office.partnership, std::vector{id}, store::Want::whole).front();
    if (!row || !row->row.record) return tl::unexpected(no_such_invitation());
    InvitationInHand out;
    out.asked = TRY(office.journal->open(*row));
    const auto person = person_of(office, snapshot, row->row.record);
    if (!is_addressed_to(out.asked, asker.practitioner) || !person || !not_shut_out(knowing, *person))
        return tl::unexpected(no_such_invitation());
    auto root = out.asked;
    for (int n = 0; n < 50 && root.row.about; ++n) {
        const auto before =
            snapshot.entries(office.partnership, std::vector{root.row.about}, store::Want::whole).front();
        if (!before) break;
        root = TRY(office.journal->open(*before));
    }
    out.story = TRY(story_of(office, snapshot, root));
    // Who was asked again answers the newest: by name, one chain of invitations.
    std::set<EntryId> chain{id};
    for (const auto& one : out.story) {
        if (!chain.contains(one.row.about)) continue;
        if (one.row.kind == invitation_kind) {
            chain.insert(one.row.entry);
            out.asked = one;
            out.last = {};
        } else if (one.row.kind == invitation_answer_kind && one.row.about == out.asked.row.entry) {
            out.last = one;
        } else if (one.row.kind == invitation_answer_kind && out.last.row.entry == one.row.about) {
            out.last = one;
        }
    }
    for (const auto& one : out.story) {
        out.over = out.over || one.row.kind == "strategy.held" || one.row.kind == "conference.held" ||
                   one.row.kind == "meeting.held";
        out.cancelled = out.cancelled || one.row.kind == "meeting.cancelled";
    }
    return out;
}

// What is said of the meeting to who is invited: the newest call, and nothing that others said.
MeetingStory of_the_call(const Office& office, const std::vector<record::Entry>& story, std::vector<Line>& lines) {
    std::vector<record::Entry> calls;
    for (const auto& one : story) {
        if (one.row.kind == "meeting.convened") calls.push_back(one);
    }
    lines = lines_of(office, std::move(calls));
    auto stories = meetings_in(office, lines);
    if (stories.empty()) return {};
    auto out = std::move(stories.front());
    out.calls.clear();
    return out;
}

std::vector<std::pair<std::string, std::string>> colleagues_of(const Office& office, const record::Asker& asker,
                                                               const std::vector<const Restriction*>& restrictions) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& one : office.profile.practitioners) {
        if (out.size() == most_colleagues) break;
        if (one.agency != asker.agency || one.key == asker.practitioner || !is_named(restrictions, one.key)) continue;
        const auto* row = office.gate->policy().row(one.role);
        if (row == nullptr || !row->appends.contains(invitation_answer_kind) ||
            row->scope(record::Action::search) == sharing::Scope::none)
            continue;
        out.emplace_back(one.key, fmt::format("{}, {}", one.name, content::role_label(one.role)));
    }
    return out;
}

}  // namespace

Result<Invitation> invitation_for(const Office& office, const record::Asker& asker, EntryId id) {
    TRY_VOID(permit_for(office, asker, record::Action::append, invitation_answer_kind));
    const auto permit = TRY(permit_for(office, asker, record::Action::search));
    return read_as<Invitation>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Invitation> {
        const auto knowing = TRY(Knowing::of(office, snapshot, permit));
        const auto in_hand = TRY(invitation_in_hand(office, snapshot, knowing, asker, id));
        Invitation out;
        out.invitation = id;
        out.child = TRY(name_of_record(office, snapshot, in_hand.asked.row.record));
        out.from = practitioner_name(office, in_hand.story.front().row.author);
        out.from_agency = agency_name(office, in_hand.story.front().row.agency);
        std::vector<Line> lines;
        out.story = of_the_call(office, in_hand.story, lines);
        out.outcome = std::string(string_or(in_hand.last.body, "outcome", ""));
        out.answer_text = std::string(string_or(in_hand.last.body, "text", ""));
        if (const auto who = string_or(in_hand.last.body, "instead", ""); !who.empty())
            out.instead = practitioner_name(office, who);
        std::vector<record::Shown> shown{{id, record::Depth::full}};
        for (const auto& one : in_hand.story) {
            if (one.row.kind == contribution_kind && one.row.author == asker.practitioner)
                out.contributed.emplace_back(one.row.at, std::string(string_or(one.body, "text", "")));
            if (one.row.kind == "meeting.convened") shown.push_back({one.row.entry, record::Depth::full});
        }
        out.over = in_hand.over;
        out.cancelled = in_hand.cancelled;
        const auto person = person_of(office, snapshot, in_hand.asked.row.record);
        out.colleagues = colleagues_of(office, asker, knowing.restrictions_of(person.value_or(ViewId{})));
        seen.add("asked", in_hand.asked.row.record, in_hand.asked.row.case_id, std::move(shown),
                 std::string(name_fields));
        return out;
    });
}

Result<EntryId> answer_invitation(const Office& office, const record::Asker& asker, const AnswerInvitation& request) {
    TRY_VOID(key_stands(request.key));
    if (request.outcome == "apologies") TRY_VOID(given(request.instead, "instead", "Say who comes instead."));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, invitation_answer_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::search));
    return write_as<EntryId>(office, permit, invitation_answer_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, invitation_answer_kind, request.key);
        const auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto in_hand = TRY(invitation_in_hand(office, tx, knowing, asker, request.invitation));
        draft.body = {{"outcome", request.outcome}};
        if (!trim(request.text).empty()) draft.body.emplace("text", request.text);
        if (request.outcome == "apologies") {
            const auto person = person_of(office, tx, in_hand.asked.row.record);
            const auto colleagues = colleagues_of(office, asker, knowing.restrictions_of(person.value_or(ViewId{})));
            if (std::none_of(colleagues.begin(), colleagues.end(),
                             [&](const auto& one) { return one.first == request.instead; }))
                return invalid("instead", "This person cannot come instead.", "Choose among those that are offered.");
            draft.body.emplace("instead", request.instead);
            draft.body.emplace("on", std::string(string_or(in_hand.asked.body, "on", "")));
        }
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        if (in_hand.over || in_hand.cancelled)
            return fault(FaultKind::conflict, "outcome",
                         in_hand.over ? "The meeting has been held." : "The meeting has been cancelled.",
                         "There is nothing to answer any more.");
        draft.basis =
            TRY(basis_code(office, asker.agency, in_hand.story.front().row.agency, asker.purpose, "meetings"));
        draft.about = to_string(in_hand.last.row.entry ? in_hand.last.row.entry : in_hand.asked.row.entry);
        draft.subjects.push_back(the_child(in_hand.asked.row.record));
        return TRY(take_one(office, tx, permit, std::move(draft), in_hand.asked.row.case_id)).entries.front();
    });
}

Result<EntryId> contribute_to_meeting(const Office& office, const record::Asker& asker,
                                      const ContributeRequest& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.text, "contribution", "Write what the meeting needs to know from you."));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, contribution_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::search));
    return write_as<EntryId>(office, permit, contribution_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, contribution_kind, request.key);
        draft.body = {{"text", request.text}};
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        const auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto in_hand = TRY(invitation_in_hand(office, tx, knowing, asker, request.invitation));
        if (in_hand.cancelled)
            return fault(FaultKind::conflict, "contribution", "The meeting has been cancelled.",
                         "Tell whoever called it what they need to know.");
        const auto& of = in_hand.asked.row;
        draft.basis =
            TRY(basis_code(office, asker.agency, in_hand.story.front().row.agency, asker.purpose, "meetings"));
        draft.about = to_string(of.kind == invitation_kind ? of.entry : of.about);
        draft.subjects.push_back(the_child(of.record));
        return TRY(take_one(office, tx, permit, std::move(draft), of.case_id)).entries.front();
    });
}

// ---- My day ---------------------------------------------------------------------------------------------------------

Result<std::vector<MeetingTask>> meeting_tasks(const Office& office, const record::Asker& asker, std::size_t limit) {
    using Tasks = std::vector<MeetingTask>;
    if (!office.gate->ask(asker, record::Action::search) ||
        !office.gate->ask(asker, record::Action::append, invitation_answer_kind))
        return Tasks{};
    const auto permit = TRY(permit_for(office, asker, record::Action::search));
    return read_as<Tasks>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Tasks> {
        const auto knowing = TRY(Knowing::of(office, snapshot, permit));
        Tasks tasks;
        std::set<EntryId> taken;
        const auto* called = office.catalogue.find("meeting.convened");
        const auto look = [&](std::string_view answer, MeetingTask::What what, const auto& mine) -> Result<void> {
            for (const auto& owed : TRY(owed_about(office, snapshot, answer))) {
                if (tasks.size() == limit) break;
                auto entry = owed.entry;
                // What still waits after an answer is raised by it.
                for (int n = 0; n < 50 && entry.row.kind == "action.answered"; ++n) {
                    const auto before =
                        snapshot.entries(office.partnership, std::vector{entry.row.about}, store::Want::cards).front();
                    if (!before) break;
                    entry = TRY(office.journal->open(*before));
                }
                const auto person = person_of(office, snapshot, entry.row.record);
                if (!mine(entry) || !person || !not_shut_out(knowing, *person) || !taken.insert(entry.row.entry).second)
                    continue;
                MeetingTask task{
                    what, entry.row.entry, record::shown_name(TRY(name_of_record(office, snapshot, entry.row.record))),
                    {},   owed.due,        owed.due < office.clock.now()};
                const auto day = parse_date(string_or(entry.body, "on", ""));
                if (what == MeetingTask::What::invitation) {
                    const auto type = words_of_code(called, "type", string_or(entry.body, "type", ""));
                    task.words = (type.empty() ? "Meeting" : type) + (day ? " on " + format_long(*day) : std::string());
                }
                seen.add("asked", entry.row.record, entry.row.case_id, {{entry.row.entry, record::Depth::summary}},
                         std::string(name_fields));
                tasks.push_back(std::move(task));
            }
            return {};
        };
        const auto to_me = [&](const record::Entry& entry) {
            return is_addressed_to(entry, asker.practitioner) ||
                   (entry.row.kind == "minutes.sent" &&
                    string_or(entry.body, "practitioner", "") == asker.practitioner);
        };
        TRY_VOID(look(invitation_answer_kind, MeetingTask::What::invitation, to_me));
        TRY_VOID(look("action.answered", MeetingTask::What::action, [&](const record::Entry& entry) {
            const auto who = string_or(entry.body, "practitioner", "");
            return who.empty() ? string_or(entry.body, "owner", "") == asker.agency : who == asker.practitioner;
        }));
        TRY_VOID(look("minutes.read", MeetingTask::What::minutes, to_me));
        return tasks;
    });
}

}  // namespace waymark::casework
