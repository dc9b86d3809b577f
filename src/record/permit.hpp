#pragma once
// A Permit is the proof, in the type system, that sharing was asked. Reading and appending entries demand one; only
// sharing::Gate can make one; nothing can copy rights out of it into another.
#include <set>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/time.hpp"

namespace waymark::sharing {
class Gate;
}

namespace waymark::record {

enum class Action { read, append, search, decide_identity, export_record, fold, administer };
std::string_view to_string(Action);

// Who asks, for what, from where.
struct Asker {
    std::string practitioner;
    std::string agency;
    std::string role;
    std::string purpose;  // code: safeguarding, triage, operation, …
    std::string session;  // digest of the session, or "command"
    std::string route;    // of the router, or the command
    std::string from;     // client address, or "local"
};

class Permit {
public:
    [[nodiscard]] const Asker& asker() const { return asker_; }
    [[nodiscard]] Action action() const { return action_; }
    [[nodiscard]] const std::string& rule() const { return rule_; }      // id of the rule that allowed it
    [[nodiscard]] const std::string& policy() const { return policy_; }  // version of the policy
    // Whether an entry of this kind, marking and agency may be seen (or made) under this permit.
    [[nodiscard]] bool covers(std::string_view kind, std::string_view marking, std::string_view agency) const;
    [[nodiscard]] bool own_agency_only() const { return own_agency_only_; }

private:
    friend class waymark::sharing::Gate;
    Permit() = default;
    Asker asker_;
    Action action_ = Action::read;
    std::string rule_;
    std::string policy_;
    bool own_agency_only_ = false;
    bool all_kinds_ = false;
    std::set<std::string, std::less<>> kinds_;
    std::set<std::string, std::less<>> markings_;
};

}  // namespace waymark::record
