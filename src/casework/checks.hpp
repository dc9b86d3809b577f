#pragma once
// Agency checks: what does each agency hold about a child? One request to each agency, each with its own day and
// answer; an answer is an entry of that agency in the child's record, "nothing known" too.
//
// Who is asked learns the name and the birth, the question and what it is for, and nothing of the record. A question
// about a child whose record is restricted goes only to those of an agency who are named.
//
// Sources: targets page 10; domain register 2.9. [U] no source gives a limit: content/procedures/telling.toml.
#include <optional>
#include <string>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

// ---- asking ---------------------------------------------------------------------------------------------------------

struct Askable {
    std::string agency;  // key
    std::string name;
    bool required = false;            // the profile requires agencies of its type to meet
    std::vector<std::string> people;  // names of those who would see the question
};
struct ToAsk {
    PersonPage child;
    std::vector<Askable> agencies;
    std::optional<Date> usual;  // day of the procedure's clock
    bool named_only = false;    // the record is restricted: only those named are asked
};
Result<ToAsk> agencies_to_ask(const Office&, const record::Asker&, ViewId child);

struct AskRequest {
    std::string key;
    ViewId child;
    std::vector<std::string> agencies;
    std::string purpose;
    std::string question;
    std::optional<Date> due;  // default: the procedure's clock
};
// One entry for each agency, in the order given. Refused as a whole where one of them may not be asked.
Result<std::vector<EntryId>> ask_agencies(const Office&, const record::Asker&, const AskRequest&);

struct ChaseRequest {
    std::string key;
    EntryId check;
    std::string how;
    std::string text;
};
Result<EntryId> chase_check(const Office&, const record::Asker&, const ChaseRequest&);

// ---- answering ------------------------------------------------------------------------------------------------------

// A question to the asker's own agency: what they may know of it.
struct CheckToAnswer {
    EntryId check;
    record::Identity child;  // name and birth
    std::string from_agency;
    std::string from;
    When asked;
    Instant due;
    bool overdue = false;
    std::string question;
    std::string purpose;             // in words
    std::string basis;               // code of what the answer would rest on
    std::vector<std::string> words;  // the same, in sentences
    bool asked_for_time = false;
    bool answered = false;
};
// The soonest first; empty for who may not answer.
Result<std::vector<CheckToAnswer>> checks_to_answer(const Office&, const record::Asker&, std::size_t limit);
Result<CheckToAnswer> check_to_answer(const Office&, const record::Asker&, EntryId check);

struct AnswerRequest {
    std::string key;
    EntryId check;
    std::string holds;    // nothing, something, more-time
    std::string summary;  // required with `something`
    std::optional<Date> last_seen;
    std::optional<Date> until;  // required with `more-time`
};
Result<EntryId> answer_check(const Office&, const record::Asker&, const AnswerRequest&);

// ---- following up ---------------------------------------------------------------------------------------------------

struct AskedAgency {
    EntryId check;
    std::string agency;
    Instant due;
    enum class State { waiting, more_time, answered } state = State::waiting;
    bool overdue = false;
    std::string holds;  // code of the latest answer
    std::string holds_words;
    std::string summary;
    std::optional<Date> last_seen;
    std::string answered_by;
    std::optional<When> answered_at;
    std::size_t chased = 0;
    std::optional<When> last_chased;
};
struct AgencyCheck {  // what was asked together
    std::string request;
    When at;
    std::string by;
    std::string question;
    std::string purpose;  // in words
    std::vector<AskedAgency> agencies;
    [[nodiscard]] std::size_t waiting() const;
    [[nodiscard]] std::size_t overdue() const;
};
// What the asker's look at the child's record says of it, the newest first.
std::vector<AgencyCheck> checks_of(const Office&, const PersonPage&);

// Questions of the asker's own agency that wait for an answer, the soonest first.
struct CheckAsked {
    EntryId check;
    ViewId person;
    std::string name;
    std::string agency;
    Instant due;
    bool overdue = false;
};
Result<std::vector<CheckAsked>> checks_asked(const Office&, const record::Asker&, std::size_t limit);

// The same as a part of a look.
struct Look;
Result<std::vector<CheckToAnswer>> checks_to_answer(const Look&, std::size_t limit);
Result<std::vector<CheckAsked>> checks_asked(const Look&, std::size_t limit);

}  // namespace waymark::casework
