#pragma once
// What the reads and verbs about a pair of views share.
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "casework/matches.hpp"

namespace waymark::casework {

// Two views, the older first.
struct Pair {
    store::ViewRow a;
    store::ViewRow b;
    std::string a_by, b_by;  // on which relationship reading each rests
};
// `missing` where one does not exist, they are the same, or the permit does not let one be known.
Result<Pair> pair_of(const Office&, store::Snapshot&, const record::Permit&, ViewId one, ViewId other);

// Both compared as they stand now.
Result<people::Comparison> compare_now(const Office&, store::Snapshot&, const Pair&);

// Every decision that names a view of the first cluster and one of the second (a cluster: the person's views as they
// stand now, and the view itself), the newest first. Without what the permit does not let be known.
Result<std::vector<PastDecision>> decisions_between(const Office&, store::Snapshot&, const record::Permit&,
                                                    const Pair&);

Result<MatchSide> side_of(const Office&, store::Snapshot&, const record::Permit&, const store::ViewRow&);

// As an entry keeps it, and back.
json::array evidence_json(const people::Comparison&);
std::optional<people::Comparison> evidence_in(const json::object& body);

// {"agency", "source", "id"}: how an entry names a view in words that another store understands.
json::object words_for(const store::ViewRow&);

}  // namespace waymark::casework
