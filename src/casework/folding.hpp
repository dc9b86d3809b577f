#pragma once
// What lists need fast, told by the fold of a person's cases: unmet duties, when a case ended, whether the required
// agencies have met. Folds need no store, so they are done beside the reading and writing of other persons.
#include <deque>
#include <functional>
#include <future>
#include <optional>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

// What one case comes to, for whoever may know these facts.
struct FoldedCase {
    CaseId case_id;
    ViewId record;  // of its first fact
    std::optional<Instant> closed;
    std::string lead;
    std::vector<store::DutyRow> duties;  // unmet
};
std::vector<FoldedCase> fold_cases(const Office&, ViewId person, std::vector<record::Fact>,
                                   const std::optional<procedure::Born>&, Instant now);

// Duties, ends and leads are what everybody may know: of the facts that are open to the team. Of a case that has none
// of these, the end and the lead are what its own facts tell; it has no duties here (known_duties.hpp).
struct Folded {  // of some persons; by case but for the duties
    std::vector<CaseId> cases;
    std::vector<bool> open_to_team;
    std::vector<std::optional<Instant>> closed;
    std::vector<std::string> leads;
    std::vector<store::GatheringRow> gatherings;
    std::vector<store::DutyRow> duties;
};
// Adds what the fold of this person's cases at `now` tells.
void fold(const Office&, ViewId person, std::vector<record::Fact>, const std::optional<procedure::Born>&, Instant now,
          Folded& into);

// Folds under way, a few at most: who begins another waits for the oldest. Those that were not gathered are waited for
// when this ends.
class Folds {
public:
    using Work = std::function<Result<Folded>()>;
    void begin(Work);
    void add(Folded);      // what was folded by the caller
    Result<Folded> all();  // waits for the rest

private:
    void gather_oldest();

    Folded gathered_;
    Result<void> faults_;
    std::deque<std::future<Result<Folded>>> under_way_;
};

}  // namespace waymark::casework
