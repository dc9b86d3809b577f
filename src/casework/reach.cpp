// Restrictions and requirements, as everybody reads them who chooses whom to tell.
#include "casework/reach.hpp"

namespace waymark::casework {

// Named for every restriction of the record that keeps others out, and shut out by none.
bool is_named(const std::vector<const Restriction*>& restrictions, const std::string& practitioner) {
    return std::all_of(restrictions.begin(), restrictions.end(), [&](const Restriction* one) {
        return stands_in(one->names, practitioner) == (one->level != sharing::Level::all_but_named);
    });
}

bool keeps_out(const std::vector<const Restriction*>& restrictions) {
    return std::any_of(restrictions.begin(), restrictions.end(),
                       [](const Restriction* one) { return one->level != sharing::Level::all_but_named; });
}

// Agency types that must meet for a child of this age, whatever the procedure: who is asked unless somebody says
// otherwise.
std::set<std::string> required_types(const Office& office, const std::optional<procedure::Born>& born) {
    const auto today = office.calendar->day_of(office.clock.now());
    std::set<std::string> types;
    for (const auto& one : office.profile.requirements) {
        if (born && one.age_from && whole_years_on(born->earliest, today) < *one.age_from) continue;
        if (born && one.age_to && whole_years_on(born->latest, today) > *one.age_to) continue;
        types.insert(one.type);
    }
    return types;
}

int whole_years_on(Date born, Date day) {
    const std::chrono::year_month_day a{born};
    const std::chrono::year_month_day b{day};
    const bool before = std::pair(b.month(), b.day()) < std::pair(a.month(), a.day());
    return static_cast<int>(b.year()) - static_cast<int>(a.year()) - (before ? 1 : 0);
}

std::optional<ViewId> person_of(const Office& office, store::Snapshot& snapshot, ViewId record) {
    const auto row = snapshot.views(office.partnership, std::vector{record}).front();
    return row ? std::optional(row->person) : std::nullopt;
}

}  // namespace waymark::casework
