#pragma once
// A Permit is the proof, in the type system, that sharing was asked. Reading and appending entries demand one; only
// sharing::Gate can make one; nothing can copy rights out of it into another.
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/time.hpp"

namespace waymark::sharing {
class Gate;
}

namespace waymark::record {

// `oversee` looks into who may see what and who has looked: the logs, never the content.
// `reveal_address` reads one protected address.
enum class Action { read, append, search, decide_identity, export_record, fold, administer, oversee, reveal_address };
std::string_view to_string(Action);

// How much of an entry is seen: that there is one and when; its card (codes and dates); all of it.
enum class Depth : std::uint8_t { none, dates, summary, full };
std::string_view to_string(Depth);

struct Readings;

// Who asks, for what, from where.
struct Asker {
    std::string practitioner;
    std::string agency;
    std::string role;
    std::string purpose;  // code: safeguarding, triage, operation, …
    std::string session;  // digest of the session, or "command"
    std::string route;    // of the router, or the command
    std::string from;     // client address, or "local"
    // How sure the sign-in was: name (a choice of the demonstration), password, two-factor, phishing-resistant,
    // command.
    std::string strength = {};
    std::string issuer = {};       // of the sign-in: the identity provider's, "local" or "demo"
    std::string reason = {};       // as typed, where a reason is the ground of the access
    Readings* readings = nullptr;  // where what is read for one answer is kept together (casework/access.hpp)
};

// The answers of one decision for every part of a record, worked out once: kinds by part, and the depth of each part by
// whose entry it is and how it is marked.
struct Sight {
    using ByLevel =
        std::array<Depth, 5>;  // in the order of markings(): team, named-only, all-but-named, hidden, sealed
    struct Part {
        ByLevel own{};
        ByLevel others{};
    };
    std::shared_ptr<const std::map<std::string, std::size_t, std::less<>>> part_of;  // kind -> index; else the last
    std::vector<Part> parts;
    bool others_identities = false;  // whether who a child is to other agencies is seen
};
const std::array<std::string_view, 5>& markings();

class Permit {
public:
    [[nodiscard]] const Asker& asker() const { return asker_; }
    [[nodiscard]] Action action() const { return action_; }
    [[nodiscard]] const std::string& rule() const { return rule_; }      // id of the rule that allowed it
    [[nodiscard]] const std::string& policy() const { return policy_; }  // version of the policy
    // Of one child's permit, on which relationship it rests; "role" where the role opens every record that nothing
    // restricts, so that no relationship was asked after. Empty before a child is known.
    [[nodiscard]] const std::string& relationship() const { return relationship_; }
    // Whether an entry of this kind, marking and agency may be seen (or made) under this permit, and how much of it.
    [[nodiscard]] bool covers(std::string_view kind, std::string_view marking, std::string_view agency) const;
    [[nodiscard]] Depth depth(std::string_view kind, std::string_view marking, std::string_view agency) const;
    // Nothing that other agencies wrote is seen; and: nothing of who the child is to them.
    [[nodiscard]] bool own_agency_only() const { return own_agency_only_; }
    [[nodiscard]] bool own_views_only() const { return own_agency_only_ || (sight_ && !sight_->others_identities); }
    // The machine's and the operator's: no child is asked about.
    [[nodiscard]] bool unlimited() const { return unlimited_; }

private:
    friend class waymark::sharing::Gate;
    Permit() = default;
    Asker asker_;
    Action action_ = Action::read;
    std::string rule_;
    std::string policy_;
    std::string relationship_;
    bool own_agency_only_ = false;
    bool unlimited_ = false;
    bool all_kinds_ = false;
    std::set<std::string, std::less<>> kinds_;
    std::set<std::string, std::less<>> markings_;
    std::shared_ptr<const Sight> sight_;  // of reading; where it is, it says all
};

}  // namespace waymark::record
