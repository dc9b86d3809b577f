#pragma once
// Telling and not telling: on what basis, what was shared, and what was not shared and why. A decision not to share is
// an entry with a reason and a day on which it is looked at again; the procedure `telling` chases it.
//
// Sources: targets 2.H (T-H1, T-H2), domain register 2.9 (what a sharing decision holds).
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

// The lawful basis of one release between two agencies of the profile; `forbidden` at `basis` where nothing defines it.
Result<sharing::Basis> basis_between(const Office&, std::string_view from, std::string_view to,
                                     std::string_view purpose, std::string_view content);
// What an entry keeps of it; empty where nobody else is told: the agency itself, or the machine.
Result<std::string> basis_code(const Office&, std::string_view from, std::string_view to, std::string_view purpose,
                               std::string_view content);

// On what a look at these lines rests: the codes of each distinct pair, separated by spaces; empty where all is the
// asker's own agency's, or the machine or the operator looks. Refused where one pair is not defined: what has no basis
// is not read.
Result<std::string> reading_basis(const Office&, const record::Asker&, std::span<const Line>);

struct NotShareRequest {
    std::string key;
    ViewId child;
    std::string asked_by;  // an agency's key
    std::string asked_for;
    std::string reason_code;
    std::string reason;
    std::optional<Date> review_by;  // required; not before today
};
Result<EntryId> decide_not_to_share(const Office&, const record::Asker&, const NotShareRequest&);

struct ReviewRequest {
    std::string key;
    EntryId decision;  // the first decision
    std::string outcome;
    std::string reason;
    std::optional<Date> review_by;  // required to keep it
};
Result<EntryId> review_not_shared(const Office&, const record::Asker&, const ReviewRequest&);

struct ShareRequest {
    std::string key;
    ViewId child;
    std::string to;
    std::string purpose;
    std::string content;
    std::string items;
    std::string informed;
    std::string not_informed;
    std::string onward;
    std::optional<Date> until;
};
Result<EntryId> record_sharing(const Office&, const record::Asker&, const ShareRequest&);

// ---- reading --------------------------------------------------------------------------------------------------------

struct Withheld {  // a decision not to share, with its reviews
    EntryId decision;
    EntryId latest;  // the decision, or the last review
    std::string asked_by;
    std::string asked_for;
    std::string reason_words;
    std::string reason;
    std::string agency;
    std::string by;
    When at;
    std::optional<Date> review_by;
    bool ended = false;    // shared after all
    bool overdue = false;  // its day is past
    struct Review {
        When at;
        std::string by;
        std::string outcome;  // in words
        std::string reason;
    };
    std::vector<Review> reviews;  // oldest first
};
struct Released {
    EntryId entry;
    std::string to;
    std::string purpose;
    std::string items;
    std::string informed;
    std::string not_informed;
    std::string basis;  // code
    std::string by;
    When at;
};
struct Told {
    std::vector<Withheld> withheld;  // what waits for a review first, then the newest
    std::vector<Released> released;  // newest first
};
// What the asker's look at the child's record says of it.
Told told_of(const Office&, const PersonPage&);

// Decisions not to share of the asker's agency that wait for their review, the soonest first.
struct ReviewLine {
    EntryId decision;
    ViewId person;
    std::string name;
    std::string by;
    Instant due;
    bool overdue = false;
};
Result<std::vector<ReviewLine>> reviews_waiting(const Office&, const record::Asker&, std::size_t limit);

// The same as a part of a look.
struct Look;
Result<std::vector<ReviewLine>> reviews_waiting(const Look&, std::size_t limit);

}  // namespace waymark::casework
