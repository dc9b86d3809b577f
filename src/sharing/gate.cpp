// The one place where a Permit is made.
#include <algorithm>

#include "sharing/sharing.hpp"

namespace waymark::sharing {

namespace {

constexpr std::string_view operator_name = "operator";

}  // namespace

int strength_rank(std::string_view strength) {
    constexpr std::array<std::string_view, 4> words{"name", "password", "two-factor", "phishing-resistant"};
    const auto found = std::find(words.begin(), words.end(), strength);
    return found == words.end() ? 0 : static_cast<int>(found - words.begin()) + 1;
}

std::string_view strength_words(std::string_view strength) {
    if (strength == "phishing-resistant") return "a passkey or a smartcard";
    return strength == "two-factor" ? "a second factor" : "a password";
}

bool strong_enough(const record::Asker& asker, std::string_view needed, bool demonstration) {
    return demonstration || strength_rank(asker.strength) >= strength_rank(needed);
}

record::Asker operator_asker(std::string_view route, std::string_view purpose) {
    record::Asker asker;
    asker.practitioner = operator_name;
    asker.role = operator_name;
    asker.purpose = purpose;
    asker.session = "command";
    asker.route = route;
    asker.from = "local";
    asker.strength = "command";
    asker.issuer = "local";
    return asker;
}

// No profile can make such a practitioner: "operator" is not a role that a profile may give.
bool is_operator(const record::Asker& asker) {
    return asker.practitioner == operator_name && asker.role == operator_name && asker.agency.empty() &&
           asker.session == "command";
}

namespace {

// Of a child whom nothing restricts, the relationship that opens most: before a child is known it stands for "some
// child".
Relationship best_of(const RoleRow& row) {
    for (auto i = static_cast<unsigned>(Relationship::glass) + 1; i-- > 0;) {
        if (row.reaches(static_cast<Relationship>(i))) return static_cast<Relationship>(i);
    }
    return row.beyond == Depth::none ? Relationship::none : Relationship::known;
}

bool about_a_child(record::Action action) {
    return action != record::Action::fold && action != record::Action::administer && action != record::Action::oversee;
}

bool named_at(const Standing& standing, Level level) {
    return std::any_of(standing.restrictions.begin(), standing.restrictions.end(),
                       [&](const Restricted& one) { return one.level == level && one.named; });
}

}  // namespace

// What is seen of each part, by whose entry it is and how it is marked: every answer is the decision's.
void Gate::give_sight(record::Permit& permit, const RoleRow& row, const Standing& standing) const {
    const auto& asker = permit.asker_;
    auto sight = std::make_shared<record::Sight>();
    sight->part_of = policy_.part_of;
    sight->parts.resize(policy_.parts.size());
    // A kind that stands for its part.
    std::vector<std::string_view> kind_of(policy_.parts.size());
    for (const auto& [kind, part] : *policy_.part_of) kind_of[part] = kind;
    kind_of.back() = "\n";  // no kind's name: what no part names
    Question q;
    q.role = row.role;
    q.relationship = standing.relationship;
    const bool other_reading =
        permit.action_ == record::Action::export_record || permit.action_ == record::Action::reveal_address;
    q.action = other_reading ? permit.action_ : record::Action::read;
    q.state = standing.state;
    q.purpose = asker.purpose;
    bool others = false;
    for (std::size_t part = 0; part < sight->parts.size(); ++part) {
        q.kind = kind_of[part];
        for (std::size_t level = 0; level < policy_.levels.size(); ++level) {
            q.level = static_cast<Level>(level);
            q.named = named_at(standing, q.level);
            q.own = true;
            sight->parts[part].own.at(level) = decide(policy_, q).depth;
            q.own = false;
            sight->parts[part].others.at(level) = decide(policy_, q).depth;
            others = others || sight->parts[part].others.at(level) != Depth::none;
        }
    }
    q.kind = "identity.decided";
    q.level = Level::team;
    q.own = false;
    sight->others_identities = decide(policy_, q).depth >= Depth::summary;
    permit.own_agency_only_ = !others;
    permit.sight_ = std::move(sight);
}

Result<record::Permit> Gate::ask(const record::Asker& asker, record::Action action, std::string_view kind) const {
    if (!policy_.purposes.contains(asker.purpose)) {
        return fault(FaultKind::forbidden, "purpose", "The purpose is not one that the access policy names.",
                     "Choose one of the policy's purposes.");
    }
    if (is_operator(asker)) return everything(asker, action, "operator-of-machine");
    const auto* practitioner = profile_.practitioner(asker.practitioner);
    if (practitioner == nullptr || practitioner->agency != asker.agency || practitioner->role != asker.role) {
        return fault(FaultKind::forbidden, "practitioner",
                     "This practitioner, agency and role are not in the partnership's profile.",
                     "Sign in again, or ask the administrator to add the practitioner.");
    }
    const auto* row = policy_.row(asker.role);
    Question q;
    q.role = asker.role;
    q.relationship = row == nullptr ? Relationship::none : best_of(*row);
    q.kind = kind;
    q.action = action;
    q.purpose = asker.purpose;
    const auto answer = decide(policy_, q);
    if (!answer.allowed()) {
        // Before a child is known it is the role that may not: there is nobody whose relationship could be told.
        auto why = answer;
        why.told = true;
        if (why.step == Step::relationship) why.step = Step::kind;
        return tl::unexpected(denial(policy_, q, why));
    }

    record::Permit permit;
    permit.asker_ = asker;
    permit.action_ = action;
    permit.rule_ = rule_id(q, answer);
    permit.policy_ = policy_.version;
    if (action == record::Action::append) {
        permit.own_agency_only_ = true;
        if (kind.empty()) {
            permit.kinds_ = row->appends;
        } else {
            permit.kinds_.emplace(kind);
        }
        permit.markings_.emplace("team");
        for (const auto level : {Level::named_only, Level::all_but_named, Level::hidden}) {
            if (row->sees(level) || row->appends.contains("restriction.set"))
                permit.markings_.emplace(to_string(level));
        }
    } else if (about_a_child(action)) {
        // Until a child is known, who is shut out by name is not.
        Standing standing{q.relationship, CaseState::open, {{Level::all_but_named, true}}};
        give_sight(permit, *row, standing);
        if (action == record::Action::search || action == record::Action::decide_identity)
            permit.own_agency_only_ = row->scope(action) == Scope::own;
    } else {
        // Totals count everybody: a fold is never shown. Who oversees only the own agency's people sees what they did.
        permit.own_agency_only_ = action == record::Action::oversee && row->scope(action) == Scope::own;
        permit.all_kinds_ = true;
        permit.markings_.insert(record::markings().begin(), record::markings().end());
    }
    return permit;
}

Result<record::Permit> Gate::narrow(const record::Permit& permit, const Standing& standing,
                                    std::string_view kind) const {
    if (permit.unlimited_ || !about_a_child(permit.action_)) return permit;
    const auto* row = policy_.row(permit.asker_.role);
    Question q;
    q.role = permit.asker_.role;
    q.relationship = standing.relationship;
    q.action = permit.action_;
    q.kind = kind;
    q.state = standing.state;
    q.purpose = permit.asker_.purpose;
    // Each restriction must let the asker through; that there is one which may not be told of goes first.
    auto restrictions = standing.restrictions;
    restrictions.push_back({Level::team, false});
    std::optional<Fault> refused;
    for (const auto& one : restrictions) {
        q.level = one.level;
        q.named = one.named;
        const auto answer = decide(policy_, q);
        if (answer.allowed()) continue;
        if (!answer.told) return tl::unexpected(no_such_child());
        if (!refused) refused = denial(policy_, q, answer);
    }
    if (refused) return tl::unexpected(std::move(*refused));
    auto narrowed = permit;
    narrowed.relationship_ = standing.by_role ? "role" : to_string(standing.relationship);
    if (permit.action_ == record::Action::append) {
        for (const auto& one : standing.restrictions) {
            if (one.named && one.level != Level::all_but_named) narrowed.markings_.emplace(to_string(one.level));
        }
        return narrowed;
    }
    give_sight(narrowed, *row, standing);
    if (permit.action_ == record::Action::search || permit.action_ == record::Action::decide_identity)
        narrowed.own_agency_only_ = permit.own_agency_only_;
    return narrowed;
}

record::Permit Gate::everything(record::Asker asker, record::Action action, std::string rule) const {
    record::Permit permit;
    permit.asker_ = std::move(asker);
    permit.action_ = action;
    permit.rule_ = std::move(rule);
    permit.policy_ = policy_.version;
    permit.all_kinds_ = true;
    permit.unlimited_ = true;
    permit.markings_ = {"team", "named-only", "all-but-named", "hidden", "sealed"};
    return permit;
}

Result<record::AddressDecision> Gate::reveal_address(const record::Permit& permit,
                                                     const record::ProtectedAddress& address, std::string_view kind,
                                                     std::string_view marking, std::string_view agency) const {
    const bool takes_all = permit.unlimited() && permit.action() == record::Action::export_record;
    const bool may = permit.action() == record::Action::reveal_address && !permit.unlimited() &&
                     !permit.relationship().empty() && permit.depth(kind, marking, agency) == Depth::full;
    if (!takes_all && !may) {
        return fault(FaultKind::forbidden, "address", std::string(record::withheld_words) + ".",
                     "Ask the agency that holds it.");
    }
    return record::AddressDecision(permit.asker(), address.of());
}

record::Permit Gate::system(std::string_view route, record::Action action) const {
    record::Asker asker;
    asker.practitioner = "waymark";
    asker.role = "system";
    asker.purpose = "operation";
    asker.session = "system";
    asker.route = route;
    asker.from = "local";
    asker.strength = "system";
    return everything(std::move(asker), action, "system");
}

record::Permit Gate::operator_of_machine(record::Action action, std::string_view route,
                                         std::string_view purpose) const {
    return everything(operator_asker(route, purpose), action, "operator-of-machine");
}

}  // namespace waymark::sharing
