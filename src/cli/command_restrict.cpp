// restrict: who may not see a record, as the page of restrictions sets, keeps and has it lifted.
#include <fmt/format.h>

#include <algorithm>

#include "casework/restrictions.hpp"
#include "cli/session.hpp"

namespace waymark::cli {
namespace {

// Who may see a record is for a person to say and not for a machine's operator.
Result<record::Asker> restricting(const Session& session) {
    if (!session.arguments.as) {
        return invalid("--as", "nobody is named who restricts",
                       "name a practitioner who may, and why: --as KEY --purpose CODE");
    }
    auto asker = TRY(session.asker());
    asker.route = "restrict";
    return asker;
}

std::string restriction_key(const Session& session) {
    return to_string(make_uuid4(session.world.random));
}

Result<std::optional<Date>> restrict_day(const std::string& text) {
    if (text.empty()) return std::optional<Date>{};
    const auto day = parse_date(text);
    if (!day) return invalid("--review-by", "'" + text + "' is not a day", "write it as 2026-03-27");
    return std::optional<Date>(*day);
}

json::object restriction_json(const casework::RestrictionItem& item) {
    json::object out{{"restriction", to_string(item.entry)},
                     {"reference", item.reference},
                     {"level", item.level},
                     {"named", json::array(item.names.begin(), item.names.end())},
                     {"reason", item.reason},
                     {"by", item.by},
                     {"since", to_string(item.since)},
                     {"review_by", format_date(item.review_by)},
                     {"review", item.late  ? "overdue"
                                : item.due ? "due"
                                           : "later"}};
    if (item.lift_asked) out["waiting"] = "second-person";
    return out;
}

Result<void> print_restrictions(const Session& session, const record::Asker& asker, ViewId person) {
    const auto items = TRY(casework::restrictions_of_child(session.office, asker, person));
    std::ostream& out = session.terminal.out;
    for (const auto& item : items) {
        if (session.arguments.json) {
            out << write_json(restriction_json(item)) << "\n";
            continue;
        }
        std::string named;
        for (const auto& name : item.names) named += (named.empty() ? "" : ", ") + name;
        out << fmt::format("{}  {} ({})\n    by {}: {}\n    to be reviewed by {}{}{}\n", to_string(item.entry),
                           item.words, named, item.by, item.reason, format_date(item.review_by),
                           item.late ? ", overdue" : "",
                           item.lift_asked ? "; lifting it waits for a second person" : "");
    }
    if (items.empty() && !session.arguments.json) out << "nothing restricts this record\n";
    return {};
}

Result<void> set_restriction_of(const Session& session, const record::Asker& asker, ViewId person) {
    const auto& r = session.arguments.restricting;
    casework::SetRestriction request{restriction_key(session),      person, r.level, {}, r.reason,
                                     TRY(restrict_day(r.review_by))};
    std::string named;
    for (const auto& one : r.named) named += one + "\n";
    request.persons = TRY(casework::practitioners_named(session.office, named));
    const auto entry = TRY(casework::set_restriction(session.office, asker, request));
    if (session.arguments.json)
        session.terminal.out << write_json(json::object{{"restriction", to_string(entry)}}) << "\n";
    else
        session.terminal.out << "restricted from now on: " << to_string(entry) << "\n";
    return {};
}

// A restriction of this child and of no other.
Result<void> review_restriction_of(const Session& session, const record::Asker& asker, ViewId person, bool lift) {
    const auto& r = session.arguments.restricting;
    const auto& text = lift ? r.lift : r.keep;
    const auto entry = parse_id<EntryId>(text);
    const auto items = TRY(casework::restrictions_of_child(session.office, asker, person));
    const bool known =
        entry && std::any_of(items.begin(), items.end(), [&](const auto& one) { return one.entry == *entry; });
    if (!known) {
        return fault(FaultKind::missing, lift ? "--lift" : "--keep", "'" + text + "' is no restriction of this record",
                     "see those in force with `waymark restrict` and the record alone");
    }
    TRY(casework::review_restriction(
        session.office, asker, {restriction_key(session), *entry, lift, r.reason, TRY(restrict_day(r.review_by))}));
    if (session.arguments.json) {
        session.terminal.out << write_json(lift ? json::object{{"waiting", "second-person"}}
                                                : json::object{{"kept", to_string(*entry)}})
                             << "\n";
    } else {
        session.terminal.out
            << (lift ? "asked: a second person has to agree, in the web application; until then it stays\n"
                     : "it stays\n");
    }
    return {};
}

Result<void> restrict_record(const Session& session) {
    const auto& r = session.arguments.restricting;
    const auto asker = TRY(restricting(session));
    const auto person = TRY(find_view(session, session.arguments.person));
    if (r.level.empty() && r.lift.empty() && r.keep.empty()) return print_restrictions(session, asker, person);
    if (!r.level.empty()) return set_restriction_of(session, asker, person);
    return review_restriction_of(session, asker, person, !r.lift.empty());
}

}  // namespace

int run_restrict(const Session& session) {
    const auto result = restrict_record(session);
    return result ? int{done} : session.refuse(result.error());
}

}  // namespace waymark::cli
