#pragma once
// What two people have to agree to: lifting a restriction, joining two records and undoing a join, taking the whole
// record out, changing the policy or the keys (targets T-C9).
//
// The first person asks, with the exact request and a reason (`approval.asked`); a second person with the same right
// agrees or refuses (`approval.given`), in a sign-in of their own. The second is somebody else, in another session, who
// did not come in by breaking the glass and was not given the record by the first. What is agreed is done once: acts on
// the record in the transaction of the agreement itself; acts of the machine's operator when the command is run again
// with exactly the same request, which leaves `approval.used`. A request that nobody has answered in the policy's days
// lapses.
//
// At the command line nobody is a person of the two: who runs commands on the machine could run both. An act of the
// operator takes two practitioners who have signed in: one asks for it and one agrees, or the command has put it on the
// page and two agree, the first with the reason. Both must still work here when the command is run.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework::two_persons {

enum class Act { unrestrict, join, part, bulk_export, policy, keys, let_in };
std::string_view to_string(Act);  // the codes of `approval.asked`
std::optional<Act> parse_act(std::string_view);

struct Request {
    Act act = Act::join;
    json::object exact;            // what is agreed to: its canonical JSON is digested and kept, and done as it stands
    std::optional<ViewId> person;  // in whose record the request stands; nothing for acts of the operator
    std::string words;             // for whoever answers
    std::string reason;
};

enum class State { waiting, agreed, refused, withdrawn, used, lapsed };
struct Pending {
    EntryId entry;
    Act act = Act::join;
    std::string digest;  // hex
    json::object exact;
    ViewId record;  // nil for acts of the operator
    std::string words;
    std::string reason;
    std::string by;       // key of the practitioner, or "operator"
    std::string name;     // of the same
    std::string agency;   // key
    std::string session;  // digest of the session's
    Instant at;
    Instant expires;
    State state = State::waiting;
    bool of_operator = false;  // the command asked: two people answer
    std::string backed_by;     // of such: key of the first who agreed
    std::string backed_name;
    std::string answered_key;  // of whoever agreed last
    std::string answered_by;   // name
    std::string answer;        // why
    bool own = false;          // the asker's own request: it can be withdrawn, not agreed to
};

// In the caller's transaction, which has asked the gate whether the asker may do the act itself. The permit is theirs
// for Action::append of `approval.asked`, or the operator's. `conflict` where the same is asked already.
Result<EntryId> ask(const Office&, store::Transaction&, const record::Permit&, const std::string& key, const Request&);

// What is asked, newest first, whoever may know it; only what still waits where `waiting_only`.
Result<std::vector<Pending>> all(const Office&, store::Snapshot&, bool waiting_only);
Result<std::optional<Pending>> waiting_for(const Office&, store::Snapshot&, Act, const json::object& exact);

// What the asker may answer, and what they asked themselves.
Result<std::vector<Pending>> pending(const Office&, const record::Asker&);

struct Answer {
    std::string key;
    EntryId entry;
    bool agree = false;
    std::string reason;  // required to refuse
};
// Agreed: the act is done, where it is one on the record. By who asked: withdrawn. `conflict` where it was answered or
// has lapsed; `forbidden` with the reason where this person is no second one.
Result<EntryId> approve(const Office&, const record::Asker&, const Answer&);

// ---- acts of the operator -------------------------------------------------------------------------------------------

// The requests of such acts. Keys: "seal", "rotate root", "rotate partnership", "rotate records", "destroy".
Request to_export(bool protected_addresses = false);
Request to_back_up();  // stands for the policy's days, as often as it is done in them
Request to_change_keys(std::string_view what);
Request to_adopt(std::span<const Adopted>);
Request to_let_in(std::string_view practitioner);  // a sign-in of somebody who has signed in before

// A practitioner asks for one on the page, in a sign-in that is strong enough; taking into force is put there by the
// command, which knows the texts. `invalid` with place "act" or "reason".
struct AskFor {
    std::string key;
    std::string act;  // "export", "keys ..." as to_change_keys has it, or "let-in KEY" of a practitioner
    std::string reason;
};
std::vector<std::pair<std::string, std::string>> acts_to_ask_for();  // with words
bool may_ask_for(const Office&, const record::Asker&);
Result<EntryId> ask_for(const Office&, const record::Asker&, const AskFor&);

// Whether such acts need two people here: two have signed in who have the right (administrators, and those who oversee
// everybody). Before that the partnership is being set up; in a demonstration a name is nobody.
Result<bool> needed(const Office&, store::Snapshot&);

// Whether letting this person in is letting them in again, or letting in somebody who answers here: it takes two.
bool is_let_in_by_two(const Office&, store::Snapshot&, std::string_view practitioner);
// What waits, or was agreed to and can be used still.
Result<std::optional<Pending>> standing_request(const Office&, store::Snapshot&, const Request&);
// Sign-ins that were begun anew in the last days: for those who oversee, of the own agency's people or of all.
struct LetIn {
    std::string name;
    std::string agency;  // key
    std::string first;   // names of the two
    std::string second;
    std::string reason;
    Instant at;
};
Result<std::vector<LetIn>> let_in_lately(const Office&, const record::Asker&);

struct Leave {
    enum class How { agreed, setting_up, demonstration, waiting };
    How how = How::waiting;
    EntryId request{};  // agreed, waiting
    std::string words;  // for the output and the audit line: who agreed, or why nobody was asked
    [[nodiscard]] bool given() const { return how != How::waiting; }
};
// Whether it may be done now: two people agreed to exactly this, both still work here and it was not done yet, and that
// it is done is kept with `tx`; or no second person is needed. Else it is asked for, once, which is kept with `tx` too:
// nothing else may be.
// Where `asks` is false it is not asked for.
Result<Leave> leave_of_operator(const Office&, store::Transaction&, const record::Permit&, const Request&,
                                bool asks = true);
Fault waits_for_second_person(const Leave&);
// The same for a back-up by the operator or an administrator, which may be written once its audit line is kept: `held`
// until two agree.
Result<Leave> leave_to_back_up(const Office&, const record::Asker&);

}  // namespace waymark::casework::two_persons
