#pragma once
// Looks that seem wrong: patterns over the audit, said in words, for whoever oversees who looks at what. A pattern
// counts, and somebody judges; nothing here scores a person. What is looked for, and from how many on, stands in
// content/access/alerts.toml (content/look_patterns.hpp), which each partnership sets: no source gives figures.
//
// Who may ask: whoever the policy lets oversee (`oversee`): a privacy officer of everybody's looks, a manager of the
// own agency's. A privacy officer sees whose log it is and nothing of the record; a manager who may read the record
// sees the name, and nothing at all of a record that may not be told of. Nobody is shown looks of their own, and so
// nobody judges them. Asking leaves a line itself.
//
// Sources: targets 2.C and T-C8 (the patterns), domain register 4.1 (proactive audit, Middlesbrough), page 29.
#include <optional>
#include <string>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

struct LookAlert {
    Uuid id;              // of the pattern, the person and the record: tells nothing, and stays the same
    std::string pattern;  // key
    std::string words;    // of the pattern
    std::string who;      // key of the practitioner; empty where it is of several, or they have left
    std::string name;
    std::string role;              // label
    std::string agency;            // name
    std::optional<ViewId> person;  // whose record; nothing where it is of several, or does not open to the asker
    std::string child;             // name; for who sees logs alone "Record WM-…", which tells nothing
    std::string said;              // the pattern in plain words, with its counts: "Opened it 4 times on 2 days, …"
    std::size_t count = 0;         // looks, or children, or people, or moves: what `said` says first
    Instant first, last;           // of the looks it counts
    struct Answer {
        std::string outcome;  // explained, taken-up
        std::string reason;
        std::string by;
        Instant at;
        Instant until;  // it was said of looks up to then
    };
    std::optional<Answer> answer;  // the newest
    [[nodiscard]] bool is_new() const { return !answer || answer->until < last; }
};
struct LookAlerts {
    std::vector<LookAlert> open;      // to be answered, the newest look first
    std::vector<LookAlert> taken_up;  // said to be taken up, and no new look since
    std::vector<LookAlert> explained;
    Date since;
    int days = 0;
    bool log_only = false;  // a privacy officer
    bool more = false;      // there are more than are shown
};
Result<LookAlerts> look_alerts(const Office&, const record::Asker&);
// `missing` where there is none (any more), or it is of the asker's own looks.
Result<LookAlert> look_alert(const Office&, const record::Asker&, const Uuid& id);

struct AnswerLooks {
    std::string key;
    Uuid alert;
    Instant until;        // the last look that was shown when it was decided
    std::string outcome;  // explained, taken-up
    std::string reason;
};
// Kept as an entry, `look.answered`; the alert is not to be answered again until there is a newer look.
Result<EntryId> answer_looks(const Office&, const record::Asker&, const AnswerLooks&);

}  // namespace waymark::casework
