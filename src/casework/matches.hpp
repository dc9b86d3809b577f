#pragma once
// Who is who: the pairs of records that a person is asked about, everything about one pair, and what people decide.
//
// A decision is an `identity.decided` entry with a reason and with the engine's evidence of that moment. It outweighs
// the engine until a person changes it: by another decision, or by taking it back with an entry that supersedes it.
// What is weighed is whether two records are of one person; nothing here is ever said of a child.
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "casework/casework.hpp"
#include "casework/two_persons.hpp"

namespace waymark::casework {

// One entry that decided on a pair.
struct PastDecision {
    EntryId entry;
    std::string decision;  // same, not-same, not-yet
    std::string reason;
    std::string by;      // name of the practitioner
    std::string agency;  // name
    When at;
    Instant recorded;
    bool by_engine = false;
    bool takes_back = false;                     // it supersedes an earlier decision
    bool taken_back = false;                     // a later entry supersedes it
    std::string agreed_by;                       // name of the second person, where it took two
    bool of_this_pair = true;                    // false: of two other records of the same people
    std::optional<people::Comparison> evidence;  // what the engine had found then
};

// One agency's view of a person, whole, as far as the asker may see it.
struct MatchSide {
    store::ViewRow view;
    record::Identity identity;
    std::string agency;               // name
    std::int32_t versions = 1;        // how often that agency wrote it
    Instant changed;                  // the latest of them
    std::vector<std::string> joined;  // names of the agencies whose records are joined with it already
};

struct MatchLine {
    MatchSide a;  // the older view first
    MatchSide b;
    Instant offered;  // since when a person is asked
    people::Comparison comparison;
    std::optional<PastDecision> decided;  // what was decided before, where it is offered again
    std::string waiting_for;              // who said that they are one: it waits for a second person
};
struct MatchList {
    std::vector<MatchLine> lines;  // the longest waiting first
    std::size_t total = 0;         // of all pages
    bool more = false;             // there are more than are looked through at once
};
// Pairs that a person is asked about, `limit` (at most 100) from the `from`-th. For those who may decide identity.
Result<MatchList> matches_to_look_at(const Office&, const record::Asker&, std::size_t from, std::size_t limit);

struct MatchPage {
    MatchSide a;  // the older view first
    MatchSide b;
    bool offered = false;                              // a person is asked now
    bool one_person = false;                           // the two stand in one cluster
    bool parted = false;                               // they stood in one before, and a decision parted them
    people::Comparison comparison;                     // of the two as they stand now
    people::Outcome engine = people::Outcome::review;  // what the engine alone would make of it
    double prior = 0;  // where the weighing begins: comparison.weight less what each field adds
    double review_at = 0;
    double link_at = 0;
    std::vector<PastDecision> history;            // the newest first
    std::optional<two_persons::Pending> waiting;  // one person has said so, and a second is asked
    [[nodiscard]] const PastDecision* standing()
        const;  // the decision of a person on this pair that stands, or nothing
};
// `missing` where there is no such pair of views or the asker may not know of one of them.
Result<MatchPage> match_page(const Office&, const record::Asker&, ViewId a, ViewId b);

// What people decided on this person's records, with the other record of each: the newest first, at most 50.
struct DecidedLine {
    MatchSide own;
    MatchSide other;
    store::LinkState state = store::LinkState::review;
    Instant when;
};
Result<std::vector<DecidedLine>> decided_matches(const Office&, const record::Asker&, ViewId person);

// ---- verbs ---------------------------------------------------------------------------------------------------------

struct MatchDecision {
    std::string key;
    ViewId a;
    ViewId b;
    people::Registry::Decision decision = people::Registry::Decision::not_yet;
    std::string reason;
};
// Joining two people into one, and undoing that, takes two persons: the first one's decision is kept as a request
// (two_persons), and the same decision by a second person carries it out. Another decision by a second person refuses
// the request, by the first withdraws it. The id is that of the decision, of the request, or of the agreement.
Result<EntryId> decide_match(const Office&, const record::Asker&, const MatchDecision&);

// The last decision of a person on the pair no longer stands, for this reason: an entry that supersedes it. The pair is
// offered again at once. `missing` where no decision of a person stands.
struct TakeBack {
    std::string key;
    ViewId a;
    ViewId b;
    std::string reason;
};
Result<EntryId> take_back_match(const Office&, const record::Asker&, const TakeBack&);

}  // namespace waymark::casework
