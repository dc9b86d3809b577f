// Who has never met: counted from what is kept beside the entries, and folded for the few that are shown.
#include "casework/meetings.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "casework/access.hpp"
#include "casework/child.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t most_listed = 200;
constexpr std::size_t most_looked_into = 2'000;  // cases that one look folds beside those that it shows
constexpr std::size_t most_of_agency = 100;      // children whose cases are folded for one agency
constexpr std::size_t most_facts_of_a_look = 1'000'000;

using State = store::GatheringRow::State;

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

void count_in(Unmet& unmet, const procedure::Standing& standing, bool list) {
    if (!ought_to_meet(standing)) return;
    ++unmet.open_cases;
    if (standing.gathering.all_met) return;
    ++unmet.never_met;
    unmet.past_triage += standing.gathering.past_triage ? 1 : 0;
    if (list) unmet.cases.push_back(unmet_case(standing));
}

void count_in(Unmet& unmet, const store::GatheringCount& count) {
    if (!count.plain || count.stale || count.state == State::not_counted) return;
    unmet.open_cases += count.cases;
    if (count.state == State::met) return;
    unmet.never_met += count.cases;
    if (count.state == State::decided) unmet.past_triage += count.cases;
}

// The clusters of some cases, read at once; each case folded from what the permit covers.
class CaseFolds {
public:
    CaseFolds(const Office& office, store::Snapshot& snapshot, const record::Permit& permit, Knowing& knowing)
        : office_(office), snapshot_(snapshot), permit_(permit), knowing_(knowing) {}

    template <class Visit>
    Result<void> each(std::span<const store::GatheringRow> cases, const Visit& visit) {
        const auto p = office_.partnership;
        std::vector<ViewId> records;
        for (const auto& one : cases) records.push_back(one.record);
        std::vector<ViewId> persons;
        std::unordered_map<ViewId, ViewId> person_of;
        for (const auto& view : snapshot_.views(p, records)) {
            if (!view || !knowing_.may(view->person)) continue;
            persons.push_back(view->person);
            person_of[view->view] = view->person;
        }
        std::sort(persons.begin(), persons.end());
        persons.erase(std::unique(persons.begin(), persons.end()), persons.end());
        std::unordered_map<ViewId, std::vector<store::ViewRow>> clusters;
        std::vector<ViewId> views;
        for (auto& view : snapshot_.views_of_persons(p, persons)) {
            if (TRY(knowing_.person(view.person)).own_agency_only() && view.agency != permit_.asker().agency) continue;
            person_of[view.view] = view.person;
            views.push_back(view.view);
            clusters[view.person].push_back(std::move(view));
        }
        std::unordered_map<ViewId, std::vector<record::Fact>> facts;
        const auto machine = office_.gate->system(permit_.asker().route);
        for (auto& fact : TRY(office_.journal->facts(snapshot_, p, machine, views, most_facts_of_a_look))) {
            const auto person = person_of[fact.record];
            const auto of_child = knowing_.person(person);
            if (of_child && of_child->depth(fact.kind, fact.marking, fact.agency) >= record::Depth::summary)
                facts[person].push_back(std::move(fact));
        }
        std::unordered_map<ViewId, Parted> parted;
        std::unordered_map<ViewId, ViewId> named;
        for (auto& [person, of] : facts) {
            const auto child =
                TRY(shown_to({person, clusters[person], {}, false, TRY(knowing_.person(person)), {}, {}}));
            named[person] = child.person;
            parted.emplace(person, Parted(person, std::move(of), born_of(TRY(identities_of(office_, child)))));
        }
        const auto now = office_.clock.now();
        for (const auto& one : cases) {
            const auto known = person_of.find(one.record);
            const auto found = known == person_of.end() ? parted.end() : parted.find(known->second);
            if (found == parted.end()) continue;
            const auto& dossier = found->second.of(one.case_id);
            if (dossier.own.empty()) continue;
            auto standing = office_.procedure_of(dossier).standing(*office_.calendar, dossier, now);
            standing.person = named.at(known->second);
            visit(standing);
        }
        return {};
    }

private:
    const Office& office_;
    store::Snapshot& snapshot_;
    const record::Permit& permit_;
    Knowing& knowing_;
};

Result<void> give_names(const Office& office, store::Snapshot& snapshot, const record::Permit& permit, Seen& seen,
                        std::vector<UnmetCase>& cases) {
    std::vector<ViewId> persons;
    persons.reserve(cases.size());
    for (const auto& one : cases) persons.push_back(one.person);
    const auto names = TRY(names_of_persons(office, snapshot, permit, persons));
    auto knowing = TRY(Knowing::of(office, snapshot, permit));
    for (std::size_t i = 0; i < cases.size(); ++i) {
        cases[i].name = names[i];
        seen.add(knowing.relationship(cases[i].person), cases[i].person, cases[i].case_id, {},
                 std::string(name_fields));
    }
    return {};
}

void cut_to_range(std::vector<UnmetCase>& cases, const Range& range) {
    std::sort(cases.begin(), cases.end(), comes_before);
    cases.erase(cases.begin(), cases.begin() + static_cast<std::ptrdiff_t>(std::min(range.from, cases.size())));
    if (cases.size() > range.limit) cases.resize(range.limit);
}

store::GatheringRow row_of_case(const store::CaseRow& one) {
    store::GatheringRow row;
    row.case_id = one.case_id;
    row.record = one.record;
    return row;
}

// Of who may know some children only: the cases of those whom their agency knows; of a large agency, those that they or
// it leads.
std::vector<store::GatheringRow> own_cases(const Office& office, store::Snapshot& snapshot,
                                           const record::Permit& permit, Unmet& unmet) {
    const auto p = office.partnership;
    const auto& asker = permit.asker();
    std::vector<ViewId> views;
    for (const auto& view : snapshot.views_of_agency(p, asker.agency, most_of_agency + 1)) views.push_back(view.view);
    std::vector<store::GatheringRow> rows;
    if (views.size() <= most_of_agency) {
        for (const auto& one : snapshot.cases_of_records(p, views)) rows.push_back(row_of_case(one));
        return rows;
    }
    unmet.led_only = true;
    for (const auto& who : {asker.practitioner, asker.agency}) {
        for (const auto& one : snapshot.cases_led_by(p, who, most_of_agency)) {
            if (one.marking == "team") rows.push_back(row_of_case(one));
        }
    }
    return rows;
}

// From what is kept; nothing where a case was not folded since it is kept.
Result<bool> count_kept(const Office& office, store::Snapshot& snapshot, const record::Permit& permit, Range range,
                        Unmet& unmet) {
    const auto p = office.partnership;
    const auto now = office.clock.now();
    std::vector<store::GatheringRow> unsure;
    std::vector<store::GatheringRow> kept;
    auto knowing = TRY(Knowing::of(office, snapshot, permit));
    if (!knowing.reaches_everybody()) {
        unsure = own_cases(office, snapshot, permit, unmet);
    } else {
        const auto counts = snapshot.count_gatherings(p, now);
        if (!counts) return false;
        for (const auto& count : *counts) count_in(unmet, count);
        unsure = snapshot.unsure_gatherings(p, now, most_looked_into + 1);
        if (!unmet.counts_only) kept = snapshot.never_met(p, now, 0, range.from + range.limit);
    }
    unmet.partly = unsure.size() > most_looked_into;
    if (unmet.partly) unsure.resize(most_looked_into);
    CaseFolds folds(office, snapshot, permit, knowing);
    TRY_VOID(folds.each(unsure, [&](const auto& standing) { count_in(unmet, standing, !unmet.counts_only); }));

    // Those of the range, among both; only the kept ones of it are folded.
    std::unordered_map<CaseId, store::GatheringRow> row_of;
    for (const auto& row : kept) {
        UnmetCase one;
        one.case_id = row.case_id;
        one.past_triage = row.state == State::decided;
        if (row.since) one.since = office.calendar->day_of(*row.since);
        unmet.cases.push_back(std::move(one));
        row_of.emplace(row.case_id, row);
    }
    cut_to_range(unmet.cases, range);
    std::vector<store::GatheringRow> shown;
    for (const auto& one : unmet.cases) {
        if (const auto row = row_of.find(one.case_id); row != row_of.end()) shown.push_back(row->second);
    }
    std::unordered_map<CaseId, UnmetCase> folded;
    TRY_VOID(folds.each(shown, [&](const procedure::Standing& standing) {
        if (ought_to_meet(standing) && !standing.gathering.all_met)
            folded.emplace(standing.case_id, unmet_case(standing));
    }));
    for (auto& one : unmet.cases) {
        if (const auto found = folded.find(one.case_id); found != folded.end()) one = found->second;
    }
    std::erase_if(unmet.cases, [](const UnmetCase& one) { return one.person.is_nil(); });
    return true;
}

bool is_plain(const record::Fact& fact) {
    return fact.marking == "team" && fact.kind != "restriction.set";
}

}  // namespace

bool ought_to_meet(const procedure::Standing& standing) {
    return !standing.closed && standing.gathering.asked && standing.gathering.since;
}

store::GatheringRow gathering_row(const Office& office, const procedure::Dossier& dossier,
                                  const procedure::Standing& standing, Instant now) {
    store::GatheringRow row;
    row.case_id = dossier.case_id;
    if (ought_to_meet(standing)) {
        row.state = standing.gathering.all_met       ? State::met
                    : standing.gathering.past_triage ? State::decided
                                                     : State::undecided;
        row.since = office.calendar->start_of(*standing.gathering.since);
    }
    // A fact that is dated later than now is known by then, whether or not anything is recorded.
    for (const auto& fact : dossier.own) {
        row.plain = row.plain && is_plain(fact);
        if (fact.at.instant > now && (!row.until || fact.at.instant < *row.until)) row.until = fact.at.instant;
    }
    // Who may know of a child whose record is, or was, restricted is asked anew at each look.
    for (const auto& fact : dossier.others) row.plain = row.plain && fact.kind != "restriction.set";
    return row;
}

Result<bool> gatherings_are_kept(const Office& office) {
    bool kept = true;
    TRY_VOID(office.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        kept = snapshot.count_gatherings(office.partnership, office.clock.now()).has_value();
        return {};
    }));
    return kept;
}

Result<Unmet> never_all_met(const Office& office, const record::Asker& asker, unsigned threads, Range range) {
    range.limit = std::min(range.limit, most_listed);
    const bool counts =
        !office.gate->ask(asker, record::Action::read) && office.gate->ask(asker, record::Action::fold).has_value();
    const auto permit = TRY(permit_for(office, asker, counts ? record::Action::fold : record::Action::read));
    bool is_kept = true;
    const auto unmet = TRY(read_as<Unmet>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Unmet> {
        Unmet all;
        all.counts_only = counts;
        is_kept = TRY(count_kept(office, snapshot, permit, range, all));
        TRY_VOID(give_names(office, snapshot, permit, seen, all.cases));
        return all;
    }));
    if (is_kept) return unmet;
    Unmet all;
    all.counts_only = counts;
    TRY_VOID(standings_under(office, permit, office.clock.now(), threads, [&](const procedure::Standing& standing) {
        count_in(all, standing, !counts);
        return true;
    }));
    cut_to_range(all.cases, range);
    return read_as<Unmet>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Unmet> {
        auto named = all;
        TRY_VOID(give_names(office, snapshot, permit, seen, named.cases));
        return named;
    });
}

}  // namespace waymark::casework
