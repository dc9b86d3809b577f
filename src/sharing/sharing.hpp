#pragma once
// Who may see or do what, and why: one pure function over the policy and a question, default deny; the Gate alone makes
// a Permit out of its answers.
//
//     decide(policy, question)   role x relationship x restriction x kind x action x state of the case x purpose
//     Gate::ask                  before a child is known: is there any child for whom this role may do this?
//     Gate::narrow               for one child, with what the record says of the asker and the child
//
// Shapes: everything is a value; no I/O, no clock. Units: lengths in days, months or hours as their names say. Errors:
// a denial is a `forbidden` fault whose place is the rule's id, with reason and mend in words; where the asker may not
// be told that there is a child it is the same `missing` fault as for one that does not exist.
//
// Source: the policy is content/access/matrix.toml, the matrix of domain register 4.2 with the principles of 4.1;
// docs/access.md says it in plain words. Order of evaluation: design section 7.
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/error.hpp"
#include "content/content.hpp"
#include "record/permit.hpp"
#include "record/protected_address.hpp"

namespace waymark::sharing {

using record::Depth;

// What the asker has to do with the child, the strongest that holds; `conflict` (own record, relative, same address)
// goes over all.
//   none       the agency does not know the child
//   known      the agency holds or has written something, and works no open case
//   ended      the agency's last case ended, not long ago
//   episode    the agency works an open case of the child (raising a concern alone is not working it)
//   task       the record was given to the practitioner for a task
//   involved   the practitioner wrote in the record in the last months
//   allocated  the practitioner leads an open case
//   glass      the practitioner broke the glass
enum class Relationship : std::uint8_t { none, known, ended, episode, task, involved, allocated, glass, conflict };
inline constexpr std::array relationship_names{
    std::string_view("none"),      std::string_view("known"), std::string_view("ended"),
    std::string_view("episode"),   std::string_view("task"),  std::string_view("involved"),
    std::string_view("allocated"), std::string_view("glass"), std::string_view("conflict")};
std::string_view to_string(Relationship);

// In the order of record::markings().
enum class Level : std::uint8_t { team, named_only, all_but_named, hidden, sealed };
std::string_view to_string(Level);
std::optional<Level> parse_level(std::string_view);

enum class CaseState : std::uint8_t { none, open, closed };

enum class Scope : std::uint8_t { none, own, all };  // nothing; of the own agency; of everybody

struct RoleRow {
    std::string role;
    std::uint16_t reach = 0;  // a bit for each Relationship
    std::uint8_t opens = 0;   // a bit for each Level that this role sees without being named
    Depth own = Depth::none;
    Depth beyond = Depth::none;
    Depth closed = Depth::full;  // at most this much where the case is closed
    std::vector<Depth> parts;    // of others' entries, in the order of Policy::parts
    // search, decide_identity, export_record, fold, administer, oversee, reveal_address
    std::map<record::Action, Scope> scopes;
    std::set<std::string, std::less<>> appends;
    std::vector<std::string> purposes;  // the first is the one that is meant where nothing is said
    [[nodiscard]] bool reaches(Relationship one) const { return ((reach >> static_cast<unsigned>(one)) & 1u) != 0; }
    [[nodiscard]] bool sees(Level one) const { return ((opens >> static_cast<unsigned>(one)) & 1u) != 0; }
    [[nodiscard]] Scope scope(record::Action) const;
    [[nodiscard]] bool has_purpose(std::string_view) const;
};
struct LevelRule {
    bool told = true;    // who may not see the record is told that there is one
    bool glass = false;  // break-glass opens it
};
struct Lengths {
    int task_days = 14;
    int involved_months = 6;
    int after_close_days = 28;
    int warn_days = 7;
    int glass_hours = 24;
    int glass_review_days = 1;  // working days
    int approval_days = 7;
    int backup_days = 90;  // that two people let back-ups be written for
    int review_days = 90;
    int review_warn_days = 14;
};
struct Policy {
    std::string version;
    std::map<std::string, std::string, std::less<>> purposes;  // code -> words
    std::vector<std::string> parts;                            // the last is `chronology`: every kind not named
    std::shared_ptr<const std::map<std::string, std::size_t, std::less<>>> part_of;  // kind -> index
    std::array<LevelRule, 5> levels{};
    std::set<std::string, std::less<>> always;  // kinds that may be made whatever the relationship and restriction
    Lengths lengths;
    std::string glass_strength = "two-factor";    // of the sign-in of whoever breaks the glass
    std::string approve_strength = "two-factor";  // of whoever answers as a second person
    std::vector<RoleRow> rows;
    std::string text;  // the TOML itself, as adopted
    [[nodiscard]] const RoleRow* row(std::string_view role) const;
    [[nodiscard]] std::size_t part(std::string_view kind) const;
    [[nodiscard]] std::string_view default_purpose(std::string_view role) const;
};
// Refuses unknown keys, roles, kinds, sets, levels, depths and scopes, a role or a kind that stands twice, and a part
// or a role that opens what a court has sealed; place is file and line.
Result<Policy> parse_policy(std::string_view toml, const std::string& file, const content::Catalogue&);

// name 1, password 2, two-factor 3, phishing-resistant 4; anything else, as a command, is no sign-in: 0.
int strength_rank(std::string_view);
// "a second factor", "a passkey or a smartcard", "a password".
std::string_view strength_words(std::string_view);
// Whether the sign-in is as strong as is needed; in a demonstration a name will do.
bool strong_enough(const record::Asker&, std::string_view needed, bool demonstration);

// ---- the decision ---------------------------------------------------------------------------------------------------

struct Question {
    std::string_view role;
    Relationship relationship = Relationship::none;
    Level level = Level::team;
    bool named = false;     // stands on that level's list (for all-but-named: is shut out)
    std::string_view kind;  // empty: anything at all
    bool own = true;        // the entry is the asker's own agency's
    record::Action action = record::Action::read;
    CaseState state = CaseState::open;
    std::string_view purpose;
};
// In the order in which they are asked; the first that says no is the rule.
enum class Step : std::uint8_t { allowed, role, relationship, restriction, kind, action, case_state, purpose };
std::string_view to_string(Step);
struct Decision {
    Step step = Step::role;
    Depth depth = Depth::none;  // of reading; `full` for other acts that are allowed
    bool told = true;           // the asker may know that there is something
    [[nodiscard]] bool allowed() const { return step == Step::allowed; }
};
// Pure; no allocation.
Decision decide(const Policy&, const Question&);
std::string rule_id(const Question&, const Decision&);          // "school-lead/read/relationship"
Fault denial(const Policy&, const Question&, const Decision&);  // why not, in words, and what to do

// ---- the gate -------------------------------------------------------------------------------------------------------

// A restriction in force on a child, as the asker meets it.
struct Restricted {
    Level level = Level::team;
    bool named = false;
    bool operator==(const Restricted&) const = default;
    bool operator<(const Restricted& b) const { return std::pair(level, named) < std::pair(b.level, b.named); }
};
// What the record says of the asker and one child. Ordered by hand: clang 14 has no <=> of the library's vector.
struct Standing {
    Relationship relationship = Relationship::none;
    CaseState state = CaseState::none;
    std::vector<Restricted> restrictions;
    bool by_role = false;  // the role opens every record, and the relationship was not asked after
    bool operator==(const Standing&) const = default;
    bool operator<(const Standing& b) const {
        return std::tie(relationship, state, restrictions, by_role) <
               std::tie(b.relationship, b.state, b.restrictions, b.by_role);
    }
};

// Who runs a command on the machine without saying for whom. Recorded as such: practitioner and role are "operator".
record::Asker operator_asker(std::string_view route, std::string_view purpose);
bool is_operator(const record::Asker&);

// Of what may not be known there is no trace: the same words as for what does not exist.
Fault no_such_child();

class Gate {
public:
    Gate(Policy policy, const content::Profile& profile) : policy_(std::move(policy)), profile_(profile) {}

    // Allow (a Permit) or deny. An unknown practitioner, role or purpose is denied. `kind` narrows an append. The
    // operator of the machine (operator_asker) has every right. What it allows holds for no child yet: it covers what
    // the role may see at most of a child who is not restricted.
    Result<record::Permit> ask(const record::Asker&, record::Action, std::string_view kind = {}) const;

    // The permit for one child. `missing` where the asker may not know of the child. The machine's and the operator's
    // permits, and those to count or to configure, come back as they are.
    Result<record::Permit> narrow(const record::Permit&, const Standing&, std::string_view kind = {}) const;

    // Whether this asker may read this protected address of an entry of this kind (an identity's goes by
    // `identity.recorded`), and for them alone: under an export of the whole record by the operator (which two
    // practitioners have agreed to), or under a permit to reveal one child's, where what the agency wrote is seen in
    // full. `forbidden` else, with the words that stand in its place.
    [[nodiscard]] Result<record::AddressDecision> reveal_address(const record::Permit&, const record::ProtectedAddress&,
                                                                 std::string_view kind, std::string_view marking,
                                                                 std::string_view agency) const;

    // For the machine itself: folding, sequencing, verifying, the entries of its own engine. Never given to a person's
    // request.
    [[nodiscard]] record::Permit system(std::string_view route, record::Action = record::Action::fold) const;
    // For the operator of the machine at the command line, recorded as such.
    [[nodiscard]] record::Permit operator_of_machine(record::Action, std::string_view route,
                                                     std::string_view purpose) const;

    [[nodiscard]] const Policy& policy() const { return policy_; }

private:
    [[nodiscard]] record::Permit everything(record::Asker, record::Action, std::string rule) const;
    void give_sight(record::Permit&, const RoleRow&, const Standing&) const;

    Policy policy_;
    const content::Profile& profile_;
};

}  // namespace waymark::sharing
