#pragma once
// Professional challenge: somebody says that a decision is wrong for a child, an agency answers, and what is not
// answered in time goes to the next stage by itself. The clocks are the procedure's
// (content/procedures/challenge.toml).
//
// Who raised it sees the whole of it and nothing else of the record: their words, and what was written to them. So does
// the agency that is challenged. Sources: domain register 2.8; manual, chapter 6; targets page 25.
#include <optional>
#include <string>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

struct ChallengeRequest {
    std::string key;
    EntryId decision;  // what is challenged: an entry that the asker may see, or a concern of their own
    std::string about_what;
    std::string text;
};
Result<EntryId> raise_challenge(const Office&, const record::Asker&, const ChallengeRequest&);

// A step on a challenge. `outcome` is a code of its kind where that has one.
struct ChallengeStepRequest {
    std::string key;
    EntryId challenge;
    std::string outcome;
    std::string text;
};
Result<EntryId> answer_challenge(const Office&, const record::Asker&, const ChallengeStepRequest&);
Result<EntryId> escalate_challenge(const Office&, const record::Asker&, const ChallengeStepRequest&);
Result<EntryId> resolve_challenge(const Office&, const record::Asker&, const ChallengeStepRequest&);

struct ChallengeStep {
    std::string kind;
    std::string title;  // "Challenge answered: partly agreed"
    std::string text;
    std::string agency;
    std::string by;
    When at;
};
struct Challenge {
    EntryId challenge;
    std::optional<ViewId> person;          // where the asker may open the record
    std::optional<record::Identity> name;  // and birth, for the agency that is challenged
    std::optional<EntryId> concern;        // the asker's own concern, where that is what was challenged
    EntryId decision;                      // nil where none is named
    std::string about;                     // what is challenged, in words
    std::string about_what;                // its subject, in words
    std::string to;                        // agency's name
    std::string from;
    std::string raised_by;
    When at;
    int stage = 1;
    int stages = 1;  // of the partnership's procedure
    bool resolved = false;
    std::vector<ChallengeStep> steps;     // oldest first, the challenge itself first
    std::vector<procedure::Duty> duties;  // of this challenge alone, as they stand
    std::optional<Instant> due;           // the first that is owed
    std::string owed;                     // in words
    bool overdue = false;
    std::string basis;
    bool may_answer = false;
    bool may_escalate = false;
    bool may_resolve = false;
};
Result<Challenge> challenge_story(const Office&, const record::Asker&, EntryId challenge);

struct ChallengeLine {
    EntryId challenge;
    std::string about_what;
    std::string to;
    std::string from;
    When at;
    std::optional<Instant> due;
    bool overdue = false;
    bool mine = false;  // the asker raised it
    bool owed = false;  // the asker's agency owes the next step, and the asker is one who gives it
};
// Those that wait: what the asker raised or owes an answer to; the soonest due first.
Result<std::vector<ChallengeLine>> challenges_waiting(const Office&, const record::Asker&, std::size_t limit);
// Challenges of a child's record, as the asker's look at it shows them, newest first.
std::vector<ChallengeLine> challenges_of(const Office&, const PersonPage&);

// What may be challenged about a concern, or a decision: what the form says at its head.
struct Challengeable {
    std::string what;
    std::string to;
    std::optional<ViewId> person;
    std::optional<EntryId> concern;
};
Result<Challengeable> challengeable(const Office&, const record::Asker&, EntryId decision);

// The same as a part of a look.
struct Look;
Result<std::vector<ChallengeLine>> challenges_waiting(const Look&, std::size_t limit);

}  // namespace waymark::casework
