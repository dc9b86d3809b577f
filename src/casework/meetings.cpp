// One pass over the standings; names are read only for the cases that are shown.
#include "casework/meetings.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "casework/access.hpp"

namespace waymark::casework {

namespace {

UnmetCase unmet_case(const procedure::Standing& standing) {
    UnmetCase one;
    one.case_id = standing.case_id;
    one.person = standing.person;
    one.since = standing.gathering.since;
    one.past_triage = standing.gathering.past_triage;
    one.meetings = standing.gathering.meetings.size();
    one.missing = standing.gathering.missing;
    return one;
}

// Past a triage first, then the longest open; where the day is not known, last.
bool comes_before(const UnmetCase& a, const UnmetCase& b) {
    const auto key = [](const UnmetCase& one) {
        return std::tuple(!one.past_triage, !one.since, one.since.value_or(Date{}), one.case_id);
    };
    return key(a) < key(b);
}

Result<std::vector<UnmetCase>> with_names(const Office& office, const record::Permit& permit,
                                          std::vector<UnmetCase> cases) {
    using Cases = std::vector<UnmetCase>;
    return read_as<Cases>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Cases> {
        std::vector<ViewId> persons;
        persons.reserve(cases.size());
        for (const auto& one : cases) persons.push_back(one.person);
        std::unordered_map<ViewId, std::string> names;
        for (const auto& view : snapshot.views(office.partnership, persons)) {
            if (!view || (permit.own_agency_only() && view->agency != permit.asker().agency)) continue;
            const auto identity = TRY(office.journal->open_identity(view->identity, view->view, view->version));
            names[view->view] = record::shown_name(identity);
        }
        auto named = cases;
        for (auto& one : named) {
            const auto name = names.find(one.person);
            one.name = name == names.end() ? record::shown_name({}) : name->second;
            seen.add(one.person, one.case_id, {});
        }
        return named;
    });
}

}  // namespace

bool ought_to_meet(const procedure::Standing& standing) {
    return !standing.closed && standing.gathering.asked && standing.gathering.since;
}

Result<Unmet> never_all_met(const Office& office, const record::Asker& asker, Instant as_of, unsigned threads,
                            std::size_t limit) {
    Unmet unmet;
    const bool counts =
        !office.gate->ask(asker, record::Action::read) && office.gate->ask(asker, record::Action::fold).has_value();
    const auto permit = TRY(permit_for(office, asker, counts ? record::Action::fold : record::Action::read));
    unmet.counts_only = counts;
    TRY_VOID(standings_under(office, permit, as_of, threads, [&](const procedure::Standing& standing) {
        const auto& gathering = standing.gathering;
        if (!ought_to_meet(standing)) return true;
        ++unmet.open_cases;
        if (gathering.all_met) return true;
        ++unmet.never_met;
        unmet.past_triage += gathering.past_triage ? 1 : 0;
        if (!counts) unmet.cases.push_back(unmet_case(standing));
        return true;
    }));
    std::sort(unmet.cases.begin(), unmet.cases.end(), comes_before);
    if (unmet.cases.size() > limit) unmet.cases.resize(limit);
    if (!unmet.cases.empty()) unmet.cases = TRY(with_names(office, permit, std::move(unmet.cases)));
    return unmet;
}

}  // namespace waymark::casework
