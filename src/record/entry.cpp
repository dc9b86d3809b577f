// Involvements, the fold order, and when a case ends.
#include "record/entry.hpp"

#include <tuple>
#include <utility>

namespace waymark::record {

namespace {

constexpr std::array<std::pair<Involvement, std::string_view>, 11> involvement_names{{
    {Involvement::subject, "subject"},
    {Involvement::displayed, "displayed"},
    {Involvement::affected, "affected"},
    {Involvement::witness, "witness"},
    {Involvement::parent, "parent"},
    {Involvement::carer, "carer"},
    {Involvement::sibling, "sibling"},
    {Involvement::household, "household"},
    {Involvement::peer, "peer"},
    {Involvement::person_of_concern, "person-of-concern"},
    {Involvement::other, "other"},
}};

}  // namespace

std::optional<Involvement> parse_involvement(std::string_view text) {
    for (const auto& [involvement, name] : involvement_names) {
        if (name == text) return involvement;
    }
    return std::nullopt;
}

std::string_view to_string(Involvement involvement) {
    for (const auto& [known, name] : involvement_names) {
        if (known == involvement) return name;
    }
    return "";
}

std::vector<std::string> names_of(Involvements set) {
    std::vector<std::string> names;
    for (const auto& [involvement, name] : involvement_names) {
        if (has(set, involvement)) names.emplace_back(name);
    }
    return names;
}

bool folds_before(const Fact& a, const Fact& b) {
    return std::tie(a.at.instant, a.recorded, a.id) < std::tie(b.at.instant, b.recorded, b.id);
}

// Section 2 of the outside contract, `case`.
bool ends_case(std::string_view kind, const json::object& fields) {
    if (kind == "case.closed") return true;
    if (kind != "triage.decided") return false;
    const auto outcome = string_or(fields, "outcome", "");
    return outcome == "no-further-action" || outcome == "advice";
}

}  // namespace waymark::record
