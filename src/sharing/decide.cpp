// The decision, and its words. Order of evaluation: design section 7 (role, relationship, restriction, kind, action,
// state of the case, purpose).
#include <algorithm>

#include <fmt/format.h>

#include "sharing/sharing.hpp"

namespace waymark::sharing {

namespace {

using record::Action;

// About one child, and so only with a reason to do with that child.
bool of_a_child(Action action) {
    return action == Action::read || action == Action::append || action == Action::decide_identity ||
           action == Action::export_record || action == Action::reveal_address;
}
bool reads(Action action) {
    return action == Action::read || action == Action::export_record || action == Action::reveal_address;
}

// What may always be made, whatever the relationship and the restriction.
bool is_always(const Policy& policy, const Question& q) {
    return q.action == Action::append && policy.always.contains(q.kind);
}

bool shut_out(const Policy& policy, const RoleRow* row, const Question& q) {
    switch (q.level) {
        case Level::team:
            return false;
        case Level::all_but_named:
            return q.named;
        case Level::named_only:
        case Level::hidden:
        case Level::sealed:
            break;
    }
    if (q.named || (row != nullptr && row->sees(q.level))) return false;
    return !(q.relationship == Relationship::glass && policy.levels.at(static_cast<std::size_t>(q.level)).glass);
}

Depth part_depth(const Policy& policy, const RoleRow& row, std::string_view kind) {
    if (kind.empty()) return row.parts.empty() ? Depth::none : *std::max_element(row.parts.begin(), row.parts.end());
    return row.parts.at(policy.part(kind));
}

std::string_view words_of(Action action) {
    switch (action) {
        case Action::read:
            return "read the record";
        case Action::append:
            return "write in the record";
        case Action::search:
            return "search for people";
        case Action::decide_identity:
            return "decide whether two records are of one person";
        case Action::export_record:
            return "take the record out";
        case Action::fold:
            return "have the record counted";
        case Action::administer:
            return "change the configuration";
        case Action::oversee:
            return "look into who may see what";
        case Action::reveal_address:
            return "read a protected address";
    }
    return "do this";
}

std::string_view words_of(Relationship relationship) {
    switch (relationship) {
        case Relationship::none:
            return "Your agency does not know this child.";
        case Relationship::known:
            return "Your agency knows this child and works no open case.";
        case Relationship::ended:
            return "Your agency’s work with this child has ended.";
        case Relationship::episode:
            return "Your agency works with this child.";
        case Relationship::task:
            return "The record was given to you for a task.";
        case Relationship::involved:
            return "You have worked with this child.";
        case Relationship::allocated:
            return "You lead this child’s case.";
        case Relationship::glass:
            return "You opened this record in an emergency.";
        case Relationship::conflict:
            return "This is your own record, or that of somebody close to you.";
    }
    return "";
}

}  // namespace

std::string_view to_string(Relationship relationship) {
    return relationship_names.at(static_cast<std::size_t>(relationship));
}

std::string_view to_string(Level level) {
    return record::markings().at(static_cast<std::size_t>(level));
}

std::optional<Level> parse_level(std::string_view word) {
    const auto& all = record::markings();
    const auto found = std::find(all.begin(), all.end(), word);
    if (found == all.end()) return std::nullopt;
    return static_cast<Level>(found - all.begin());
}

std::string_view to_string(Step step) {
    constexpr std::array<std::string_view, 8> words{"allowed", "role",   "relationship", "restriction",
                                                    "kind",    "action", "case-state",   "purpose"};
    return words.at(static_cast<std::size_t>(step));
}

Scope RoleRow::scope(Action action) const {
    const auto found = scopes.find(action);
    return found == scopes.end() ? Scope::none : found->second;
}

bool RoleRow::has_purpose(std::string_view purpose) const {
    return std::find(purposes.begin(), purposes.end(), purpose) != purposes.end();
}

const RoleRow* Policy::row(std::string_view role) const {
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.role == role; });
    return found == rows.end() ? nullptr : &*found;
}

std::size_t Policy::part(std::string_view kind) const {
    const auto found = part_of->find(kind);
    return found == part_of->end() ? parts.size() - 1 : found->second;
}

std::string_view Policy::default_purpose(std::string_view role) const {
    const auto* found = row(role);
    return found == nullptr || found->purposes.empty() ? "safeguarding" : std::string_view(found->purposes.front());
}

Decision decide(const Policy& policy, const Question& q) {
    const auto* row = policy.row(q.role);
    const bool always = is_always(policy, q);
    const bool bound = of_a_child(q.action);
    const bool asks_who = bound || q.action == Action::search;
    const bool shut = asks_who && shut_out(policy, row, q);
    Decision answer;
    answer.told = !shut || policy.levels.at(static_cast<std::size_t>(q.level)).told;
    const auto no = [&](Step step) {
        answer.step = step;
        answer.depth = Depth::none;
        return answer;
    };

    if (row == nullptr) return no(Step::role);

    bool beyond = false;
    if (!always && asks_who) {
        if (q.relationship == Relationship::conflict) return no(Step::relationship);
        if (bound && !row->reaches(q.relationship)) {
            const bool knows = q.relationship == Relationship::known || q.relationship == Relationship::ended;
            beyond = q.action == Action::read && knows && q.own && row->beyond != Depth::none;
            if (!beyond) {
                // Whose agency does not know the child, and who may not search for other agencies', is not told.
                if (q.relationship == Relationship::none && row->scope(Action::search) != Scope::all)
                    answer.told = false;
                return no(Step::relationship);
            }
        }
    }

    if (shut && !always) return no(Step::restriction);

    answer.depth = Depth::full;
    if (reads(q.action)) {
        const auto part = part_depth(policy, *row, q.kind);
        answer.depth = beyond ? row->beyond : q.own ? std::max(row->own, part) : part;
        if (answer.depth == Depth::none) return no(Step::kind);
    } else if (q.action == Action::append) {
        if (q.kind.empty() ? row->appends.empty() : !row->appends.contains(q.kind)) return no(Step::kind);
    }

    if (q.action == Action::append) {
        if (!q.own) return no(Step::action);
    } else if (q.action != Action::read) {
        const auto scope = row->scope(q.action);
        if (scope == Scope::none || (scope == Scope::own && !q.own)) return no(Step::action);
    }

    if (q.state == CaseState::closed && reads(q.action)) {
        answer.depth = std::min(answer.depth, row->closed);
        if (answer.depth == Depth::none) return no(Step::case_state);
    }

    if (!policy.purposes.contains(q.purpose) || !row->has_purpose(q.purpose)) return no(Step::purpose);

    answer.step = Step::allowed;
    return answer;
}

std::string rule_id(const Question& q, const Decision& decision) {
    auto id = fmt::format("{}/{}", q.role, record::to_string(q.action));
    if (decision.allowed()) return id;
    if (decision.step == Step::kind && !q.kind.empty()) return fmt::format("{}/{}", id, q.kind);
    if (decision.step == Step::relationship && q.relationship == Relationship::conflict) return id + "/conflict";
    return fmt::format("{}/{}", id, to_string(decision.step));
}

Fault no_such_child() {
    return {FaultKind::missing, "person", "There is no such person, or you may not know of them.",
            "Search by name and date of birth."};
}

Fault denial(const Policy& policy, const Question& q, const Decision& decision) {
    if (!decision.told) return no_such_child();
    const auto role = content::role_label(q.role);
    const auto forbidden = [&](std::string reason, std::string mend) {
        return Fault{FaultKind::forbidden, rule_id(q, decision), std::move(reason), std::move(mend)};
    };
    const auto may_not = fmt::format("The role \"{}\" may not {}.", role, words_of(q.action));
    switch (decision.step) {
        case Step::allowed:
            break;
        case Step::role:
            return forbidden("The access policy has no such role.", "Ask the administrator for Waymark.");
        case Step::relationship:
            if (q.relationship == Relationship::conflict) {
                return forbidden(
                    fmt::format("{} You may not open it.", words_of(q.relationship)),
                    "If you need to know something in it, ask your manager or the privacy officer. If you are "
                    "worried about a child, raise a concern.");
            }
            return forbidden(fmt::format("{} The role \"{}\" may {} only for children whom you work with.",
                                         words_of(q.relationship), role, words_of(q.action)),
                             "Ask whoever leads the case, or the front door, to give you access for your task.");
        case Step::restriction:
            return forbidden(
                q.level == Level::all_but_named
                    ? "Access to this record is restricted, and you are named as one who may not open it."
                    : "Access to this record is restricted to the people who are named for it.",
                "Ask your manager. If you are worried about the child, raise a concern: it reaches who may act.");
        case Step::kind:
            if (q.action != Action::append) return forbidden(may_not, "Ask the front door or your manager.");
            if (q.kind.empty()) return forbidden(may_not, "Ask the front door or your manager.");
            return forbidden(fmt::format("The role \"{}\" may not make an entry \"{}\".", role, q.kind),
                             "Ask somebody whose role may, or raise it as a concern.");
        case Step::action:
            return forbidden(may_not, "Ask the front door or your manager.");
        case Step::case_state:
            return forbidden(fmt::format("This case is closed, and the role \"{}\" does not see closed cases.", role),
                             "Ask the front door or your manager.");
        case Step::purpose: {
            const auto words = policy.purposes.find(q.purpose);
            if (words == policy.purposes.end()) {
                return forbidden("The purpose is not one that the access policy names.",
                                 "Choose one of the policy's purposes.");
            }
            return forbidden(
                fmt::format("The role \"{}\" has no business with the purpose \"{}\".", role, words->second),
                "Choose the purpose that you have.");
        }
    }
    return forbidden(may_not, "Ask the front door or your manager.");
}

}  // namespace waymark::sharing
