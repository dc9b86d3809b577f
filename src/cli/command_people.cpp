// people search: who is this likely to be?
#include <fmt/format.h>

#include "cli/session.hpp"

namespace waymark::cli {
namespace {

Result<record::Identity> query_of(const Arguments& a) {
    record::Identity query;
    query.source = "query";
    query.id = "query";
    query.given_name = a.given;
    query.family_name = a.family;
    query.postcode = a.postcode;
    query.nhs_number = a.nhs_number;
    query.upn = a.upn;
    if (!a.dob.empty()) {
        auto date = parse_date(a.dob);
        if (!date) return invalid("--dob", date.error().reason, "write the date of birth as 2012-05-09");
        query.date_of_birth = *date;
    }
    if (a.given.empty() && a.family.empty() && a.nhs_number.empty() && a.upn.empty() && a.postcode.empty() &&
        a.dob.empty()) {
        return invalid("people search", "nothing to search for",
                       "give a name, a date of birth, a postcode or a number");
    }
    return query;
}

json::object to_json(const people::Offered& offered) {
    json::array evidence;
    for (const people::Evidence& e : offered.comparison.evidence) {
        evidence.push_back(json::object{
            {"aspect", people::to_string(e.aspect)}, {"level", e.level}, {"words", e.words}, {"weight", e.weight}});
    }
    return json::object{
        {"person", to_string(offered.person)},
        {"view", to_string(offered.view)},
        {"agency", offered.agency},
        {"given_name", offered.identity.given_name},
        {"family_name", offered.identity.family_name},
        {"date_of_birth", offered.identity.date_of_birth ? format_date(*offered.identity.date_of_birth) : ""},
        {"outcome", people::to_string(offered.outcome)},
        {"weight", offered.comparison.weight},
        {"probability", offered.comparison.probability},
        {"evidence", std::move(evidence)}};
}

}  // namespace

int run_people_search(const Session& session) {
    auto query = query_of(session.arguments);
    if (!query) return session.refuse(query.error());
    auto asker = session.asker();
    if (!asker) return session.refuse(asker.error());
    asker->route = "people search";
    auto found = casework::who_may_this_be(session.office, *asker, *query, session.arguments.limit);
    if (!found) return session.refuse(found.error());
    std::ostream& out = session.terminal.out;
    for (const people::Offered& offered : *found) {
        if (session.arguments.json) {
            out << write_json(to_json(offered)) << "\n";
            continue;
        }
        out << fmt::format(
            "{:5.1f}  {}  {}  {}  ({})\n", offered.comparison.weight, to_string(offered.person),
            record::shown_name(offered.identity),
            offered.identity.date_of_birth ? format_date(*offered.identity.date_of_birth) : "birth date not known",
            offered.agency);
        for (const people::Evidence& e : offered.comparison.evidence) {
            if (e.weight != 0) out << fmt::format("       {} {}\n", e.weight > 0 ? "for:    " : "against:", e.words);
        }
    }
    if (found->empty() && !session.arguments.json) session.terminal.err << "nobody found\n";
    return done;
}

}  // namespace waymark::cli
