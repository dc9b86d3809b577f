#pragma once
// Unmet duties as one asker may know them. What is kept beside the entries for lists is what everybody may know:
// duties, ends and leads of the entries that are open to the team. It serves whoever sees these and no others; for
// whoever sees less (a role to which parts of a record are closed) or more (named for what is marked) the case is
// folded from what they see, as it is on the child's page. So nothing in a list, nor its order, counts and limits,
// hangs on an entry that the asker may not know.
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "casework/casework.hpp"
#include "casework/folding.hpp"
#include "casework/knowing.hpp"

namespace waymark::casework {

struct KnownDuty {
    store::DutyRow row;
    ViewId person;  // the cluster
    ViewId named;   // by which the child is named to the asker
};
struct KnownCase {
    CaseId case_id;
    ViewId person;
    ViewId named;
    Instant opened;
    std::vector<store::DutyRow> duties;  // the soonest first
};

class KnownDuties {
public:
    // For one look: the snapshot and the knowing must outlive it.
    static Result<KnownDuties> of(const Office&, store::Snapshot&, Knowing&);

    // Open cases that this practitioner or agency leads, the longest open first. At most 5,000 are looked through.
    Result<std::vector<KnownCase>> led_by(std::string_view who);
    // Duties of an owner (role, or agency/role) or of a rule, the soonest first; at most `limit`, of at most 4,000 kept
    // ones that are looked through.
    Result<std::vector<KnownDuty>> owed_by(std::string_view owner, std::size_t limit);
    Result<std::vector<KnownDuty>> of_rule(std::string_view rule, std::size_t limit);

private:
    struct Whose {
        ViewId person;
        ViewId named;
    };
    KnownDuties(const Office& office, store::Snapshot& snapshot, Knowing& knowing)
        : office_(&office), snapshot_(&snapshot), knowing_(&knowing) {}

    enum class Sees { as_everybody, less, more };
    Sees sees(ViewId person);
    // Of each record the child whom the asker may know; those that they may not are left out.
    Result<void> learn(std::vector<ViewId> records);
    const Whose* whose(ViewId record) const;
    Result<const std::vector<FoldedCase>*> folded(ViewId person);
    // Those that the filter lets through, of one who is seen otherwise than everybody sees them.
    Result<std::vector<KnownDuty>> folded_duties(ViewId person, ViewId named, const store::Snapshot::DutyFilter&);
    Result<std::vector<KnownDuty>> chosen(const store::Snapshot::DutyFilter&, std::size_t limit);

    const Office* office_;
    store::Snapshot* snapshot_;
    Knowing* knowing_;
    std::set<ViewId> more_;  // persons of whom the asker sees what is marked
    std::unordered_map<ViewId, std::optional<Whose>> whose_;
    std::unordered_map<ViewId, Sees> sees_;
    std::map<ViewId, std::vector<FoldedCase>> folded_;
};

}  // namespace waymark::casework
