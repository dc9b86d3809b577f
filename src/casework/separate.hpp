#pragma once
// Linked but separate: two children of one incident have two records, and neither record says anything of the other.
// That they belong together is an entry of no child's record; it names a coordinator to whom both records are open in
// full. Where plans, places or registers bring the two together, the coordinator is told, and nobody else; the
// coordinator answers what was done.
//
// Sources: domain register 4.2, "other child in same incident" (a summary for social-care managers and reviewing
// officers, nothing for who works one of the two), 2.3 (Sheffield, Solihull: considered separately); KCSIE, as cited
// there. Who links two records and who may coordinate has no source [U]: sets `pair` and `coordinate` of the access
// policy.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "casework/shared_places.hpp"

namespace waymark::casework {

struct PairedChild {
    ViewId person;
    std::string name;  // or "Name not known"
};
struct Together {
    SharedPlace place;
    struct Answer {
        std::string outcome;  // code
        std::string words;
        std::string reason;
        Instant at;
    };
    std::optional<Answer> answer;
};
struct Pairing {
    EntryId entry;
    PairedChild one;
    PairedChild other;
    std::string reason;
    std::string coordinator;  // key
    std::string coordinator_name;
    std::string by;  // name
    Instant at;
    bool mine = false;               // the asker is the coordinator
    std::vector<Together> together;  // for the coordinator only; what is not answered first
    [[nodiscard]] std::size_t waiting() const;
};

struct PairOffer {
    PairedChild one;
    PairedChild other;
    // Key and name of those who may coordinate these two: both records are open to them, and what is written of places
    // and plans in full.
    std::vector<std::pair<std::string, std::string>> coordinators;
};
// `missing` and `forbidden` as the pages of both children; `invalid` where they are one child.
Result<PairOffer> pair_offer(const Office&, const record::Asker&, ViewId one, ViewId other);
struct PairRequest {
    std::string key;
    ViewId one;
    ViewId other;
    std::string coordinator;
    std::string reason;
};
Result<EntryId> pair_children(const Office&, const record::Asker&, const PairRequest&);

struct AnswerTogether {
    std::string key;
    EntryId pairing;
    std::string place;    // key of what is answered
    std::string outcome;  // code of `pairing.answered`
    std::string reason;
};
// By the coordinator.
Result<EntryId> answer_together(const Office&, const record::Asker&, const AnswerTogether&);

struct EndPairing {
    std::string key;
    EntryId pairing;
    std::string reason;
};
// By the coordinator, or by who linked the two.
Result<EntryId> end_pairing(const Office&, const record::Asker&, const EndPairing&);

// Those in force that the asker coordinates or has made, and both of whose children are open to them; at most `limit`.
// Each leaves its line in both records' logs.
Result<std::vector<Pairing>> pairings(const Office&, const record::Asker&, std::size_t limit);
// `missing` for everybody else.
Result<Pairing> pairing_page(const Office&, const record::Asker&, EntryId);
// Whether the asker's role links two records, and whether it coordinates.
bool pairs_children(const Office&, const record::Asker&);
bool coordinates(const Office&, const record::Asker&);

}  // namespace waymark::casework
