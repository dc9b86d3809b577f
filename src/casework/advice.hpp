#pragma once
// "Talk it through": somebody who is not sure whether a worry is a concern asks the front door, or the designated lead
// of their own agency. It is about no child and names none; the answer is advice and decides nothing. Who asked may
// raise it as a concern at any time, with what they typed.
//
// Source: HM Government, Information sharing advice 2024, golden rule 4 (seek advice promptly if unsure).
#include <optional>
#include <string>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

struct Advice {
    EntryId entry;
    std::string to;        // front-door, own-lead
    std::string to_words;  // as the form says it
    std::string text;
    std::string by;  // name
    std::string agency;
    Instant at;
    bool mine = false;
    struct Given {
        std::string advice;  // code
        std::string words;
        std::string text;
        std::string by;
        Instant at;
    };
    std::vector<Given> given;  // oldest first
    bool may_answer = false;
};

// To whom this person may turn, as the form offers it: who advises themselves is not sent to themselves, and where the
// own agency has no other lead only the front door is offered.
std::vector<std::string> advisers_for(const Office&, const record::Asker&);
bool gives_advice(const Office&, const record::Asker&);

struct AskAdvice {
    std::string key;
    std::string to;
    std::string text;
};
Result<EntryId> ask_advice(const Office&, const record::Asker&, const AskAdvice&);
struct GiveAdvice {
    std::string key;
    EntryId entry;
    std::string advice;
    std::string text;
};
// By whoever it was addressed to; nobody advises themselves. It may be answered more than once.
Result<EntryId> give_advice(const Office&, const record::Asker&, const GiveAdvice&);

// What the asker asked, the newest first.
Result<std::vector<Advice>> my_advice(const Office&, const record::Asker&, std::size_t limit);
// What waits for the asker's advice, the longest first, and then what was answered of late.
Result<std::vector<Advice>> advice_inbox(const Office&, const record::Asker&, std::size_t limit);
// For who asked and who may answer; `missing` for everybody else.
Result<Advice> advice_page(const Office&, const record::Asker&, EntryId);

}  // namespace waymark::casework
