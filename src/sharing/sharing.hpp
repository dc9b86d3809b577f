#pragma once
// Who may see or do what, and why. One pure function over the asker, the action and what it is about, default deny; it
// alone can make a Permit. A simple matrix now (content/access/matrix.toml); the full one takes its place behind the
// same call.
//
// Source of the matrix: section 4.2 of the domain register (roles × rights), read as: front door sees the whole joint
// record; a raiser sees what their own agency wrote; a system administrator sees no content.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "content/content.hpp"
#include "record/permit.hpp"

namespace waymark::sharing {

enum class Right { none, own_agency, full };

struct MatrixRow {
    std::string role;
    std::map<record::Action, Right> rights;
    std::set<std::string, std::less<>> appends;       // kinds it may make; "*" for all
    std::set<std::string, std::less<>> markings;      // it may see; team for all who may read at all
    [[nodiscard]] Right right(record::Action) const;  // none where nothing is written
};
struct Policy {
    std::string version;
    std::vector<MatrixRow> rows;
    std::map<std::string, std::string, std::less<>> purposes;  // code -> words
    std::string text;                                          // the TOML itself, as adopted
    [[nodiscard]] const MatrixRow* row(std::string_view role) const;
};
// Refuses unknown keys, roles, kinds, sets, markings and rights, and a role that stands twice; place is file and line.
Result<Policy> parse_policy(std::string_view toml, const std::string& file, const content::Catalogue&);

// Who runs a command on the machine without saying for whom. Recorded as such: practitioner and role are "operator".
record::Asker operator_asker(std::string_view route, std::string_view purpose);
bool is_operator(const record::Asker&);

class Gate {
public:
    Gate(Policy policy, const content::Profile& profile) : policy_(std::move(policy)), profile_(profile) {}

    // Allow (a Permit) or deny (a `forbidden` fault that names the rule, in words). An unknown practitioner, role or
    // purpose is denied. `kind` narrows an append. The operator of the machine (operator_asker) has every right.
    Result<record::Permit> ask(const record::Asker&, record::Action, std::string_view kind = {}) const;

    // For the machine itself: folding, sequencing, verifying, the entries of its own engine. Never given to a person's
    // request.
    [[nodiscard]] record::Permit system(std::string_view route, record::Action = record::Action::fold) const;
    // For the operator of the machine at the command line, recorded as such.
    [[nodiscard]] record::Permit operator_of_machine(record::Action, std::string_view route,
                                                     std::string_view purpose) const;

    [[nodiscard]] const Policy& policy() const { return policy_; }

private:
    [[nodiscard]] record::Permit everything(record::Asker, record::Action, std::string rule) const;

    Policy policy_;
    const content::Profile& profile_;
};

}  // namespace waymark::sharing
