// The one place where a Permit is made.
#include <fmt/format.h>

#include "sharing/sharing.hpp"

namespace waymark::sharing {

namespace {

constexpr std::string_view operator_name = "operator";

std::string_view words_of(record::Action action) {
    switch (action) {
        case record::Action::read:
            return "read the record";
        case record::Action::append:
            return "write in the record";
        case record::Action::search:
            return "search for people";
        case record::Action::decide_identity:
            return "decide whether two records are of one person";
        case record::Action::export_record:
            return "take the record out";
        case record::Action::fold:
            return "have the record counted";
        case record::Action::administer:
            return "change the configuration";
    }
    return "do this";
}

auto denied(std::string rule, std::string reason, std::string mend) {
    return fault(FaultKind::forbidden, std::move(rule), std::move(reason), std::move(mend));
}

}  // namespace

record::Asker operator_asker(std::string_view route, std::string_view purpose) {
    record::Asker asker;
    asker.practitioner = operator_name;
    asker.role = operator_name;
    asker.purpose = purpose;
    asker.session = "command";
    asker.route = route;
    asker.from = "local";
    return asker;
}

// No profile can make such a practitioner: "operator" is not a role that a profile may give.
bool is_operator(const record::Asker& asker) {
    return asker.practitioner == operator_name && asker.role == operator_name && asker.agency.empty() &&
           asker.session == "command";
}

Result<record::Permit> Gate::ask(const record::Asker& asker, record::Action action, std::string_view kind) const {
    if (!policy_.purposes.contains(asker.purpose)) {
        return denied("purpose", "The purpose is not one that the access policy names.",
                      "Choose one of the policy's purposes.");
    }
    if (is_operator(asker)) return everything(asker, action, "operator-of-machine");

    const auto* practitioner = profile_.practitioner(asker.practitioner);
    if (practitioner == nullptr || practitioner->agency != asker.agency || practitioner->role != asker.role) {
        return denied("practitioner", "This practitioner, agency and role are not in the partnership's profile.",
                      "Sign in again, or ask the administrator to add the practitioner.");
    }
    const auto* row = policy_.row(asker.role);
    const auto role = content::role_label(asker.role);
    const auto rule = fmt::format("{}/{}", asker.role, record::to_string(action));
    const auto right = row == nullptr ? Right::none : row->right(action);
    if (right == Right::none) {
        return denied(rule, fmt::format("The role \"{}\" may not {}.", role, words_of(action)),
                      "Ask the front door or your manager.");
    }
    const bool appends = action == record::Action::append;
    const bool any_kind = !appends || row->appends.contains("*");
    if (appends && !kind.empty() && !any_kind && !row->appends.contains(kind)) {
        return denied(fmt::format("{}/{}", rule, kind),
                      fmt::format("The role \"{}\" may not make an entry \"{}\".", role, kind),
                      "Ask somebody whose role may, or raise it as a concern.");
    }

    record::Permit permit;
    permit.asker_ = asker;
    permit.action_ = action;
    permit.rule_ = rule;
    permit.policy_ = policy_.version;
    permit.own_agency_only_ = right == Right::own_agency;
    permit.all_kinds_ = any_kind && kind.empty();
    if (!kind.empty()) {
        permit.kinds_.emplace(kind);
    } else if (!any_kind) {
        permit.kinds_ = row->appends;
    }
    permit.markings_ = row->markings;
    permit.markings_.emplace("team");
    // Totals count everybody: a fold is never shown.
    if (action == record::Action::fold) permit.markings_ = {"team", "named-only", "all-but-named", "hidden", "sealed"};
    return permit;
}

record::Permit Gate::everything(record::Asker asker, record::Action action, std::string rule) const {
    record::Permit permit;
    permit.asker_ = std::move(asker);
    permit.action_ = action;
    permit.rule_ = std::move(rule);
    permit.policy_ = policy_.version;
    permit.all_kinds_ = true;
    permit.markings_ = {"team", "named-only", "all-but-named", "hidden", "sealed"};
    return permit;
}

record::Permit Gate::system(std::string_view route, record::Action action) const {
    record::Asker asker;
    asker.practitioner = "waymark";
    asker.role = "system";
    asker.purpose = "operation";
    asker.session = "system";
    asker.route = route;
    asker.from = "local";
    return everything(std::move(asker), action, "system");
}

record::Permit Gate::operator_of_machine(record::Action action, std::string_view route,
                                         std::string_view purpose) const {
    return everything(operator_asker(route, purpose), action, "operator-of-machine");
}

}  // namespace waymark::sharing
