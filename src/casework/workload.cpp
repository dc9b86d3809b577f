// Lists are read by who leads and who owes, as far as the asker may know the children and their entries.
#include "casework/workload.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/known_duties.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t most_due = 200;
constexpr std::size_t most_cases_each = 300;  // of one practitioner
constexpr std::size_t most_at_once = 30;      // practitioners whose cases one look counts, unless their team is larger

// The label of a duty's rule, by the rules in force; its id where they no longer have it.
std::string label_of_duty(const Office& office, std::string_view id) {
    for (const auto& rule : office.rulebook().rules) {
        if (rule.id == id && !rule.label.empty()) return rule.label;
    }
    return std::string(id);
}

Result<void> put_names(const Office& office, store::Snapshot& snapshot, const record::Permit& permit,
                       const std::vector<ViewId>& persons, const std::function<void(std::size_t, std::string)>& put) {
    auto names = TRY(names_of_persons(office, snapshot, permit, persons));
    for (std::size_t i = 0; i < names.size(); ++i) put(i, std::move(names[i]));
    return {};
}

bool supervises_others(const Office& office, const record::Asker& asker) {
    return office.gate->ask(asker, record::Action::append, "supervision.recorded").has_value();
}

struct Load {
    std::vector<CarriedCase> cases;
    std::vector<ViewId> persons;  // of each case: the cluster
    bool more = false;
};
Result<Load> load_of(const Office& office, KnownDuties& known, std::string_view who) {
    const auto now = office.clock.now();
    auto led = TRY(known.led_by(who));
    Load load;
    load.more = led.size() > most_cases_each;
    if (load.more) led.resize(most_cases_each);
    std::vector<std::pair<CarriedCase, ViewId>> cases;
    for (const auto& one : led) {
        CarriedCase carried{one.case_id, one.named, {}, one.opened, 0, std::nullopt};
        for (const auto& duty : one.duties) {
            if (duty.due < now)
                ++carried.overdue;
            else if (!carried.next_due || duty.due < *carried.next_due)
                carried.next_due = duty.due;
        }
        cases.emplace_back(std::move(carried), one.person);
    }
    std::stable_sort(cases.begin(), cases.end(), [](const auto& a, const auto& b) {
        return std::tuple(b.first.overdue, a.first.opened) < std::tuple(a.first.overdue, b.first.opened);
    });
    for (auto& [carried, person] : cases) {
        load.cases.push_back(std::move(carried));
        load.persons.push_back(person);
    }
    return load;
}

Carrier carrier_of(const content::Practitioner& practitioner, const Load& load) {
    Carrier carrier{practitioner.key, practitioner.name, practitioner.role, load.cases.size(), 0, std::nullopt};
    for (const auto& one : load.cases) {
        carrier.overdue += one.overdue;
        if (!carrier.oldest || one.opened < *carrier.oldest) carrier.oldest = one.opened;
    }
    return carrier;
}

// Whose cases a supervisor is shown: everybody's of a small agency; of a large one a team's.
std::vector<const content::Practitioner*> supervised(const Office& office, const record::Asker& asker,
                                                     std::string_view team, Caseload& out) {
    std::vector<const content::Practitioner*> colleagues;
    std::set<std::string> teams;
    for (const auto& one : office.profile.practitioners) {
        if (one.agency != asker.agency) continue;
        colleagues.push_back(&one);
        teams.insert(one.team);
    }
    if (colleagues.size() <= most_at_once || teams.size() < 2) return colleagues;
    const auto* self = office.profile.practitioner(asker.practitioner);
    out.team_shown = teams.contains(std::string(team)) ? team : self == nullptr ? *teams.begin() : self->team;
    out.teams.assign(teams.begin(), teams.end());
    std::erase_if(colleagues, [&](const auto* one) { return one->team != out.team_shown; });
    return colleagues;
}

}  // namespace

Result<Due> what_is_due(const Office& office, const record::Asker& asker, std::size_t limit, std::size_t from) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    from = std::min(from, most_due);
    limit = from + std::min(limit, most_due - from);
    return read_as<Due>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Due> {
        const auto now = office.clock.now();
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        auto known = TRY(KnownDuties::of(office, snapshot, knowing));
        std::set<std::tuple<CaseId, std::string, EntryId>> led;
        std::vector<KnownDuty> duties;
        for (auto& one : TRY(known.led_by(asker.practitioner))) {
            for (auto& duty : one.duties) {
                led.emplace(duty.case_id, duty.duty, duty.raised_by);
                duties.push_back({std::move(duty), one.person, one.named});
            }
        }
        auto listed = led;
        for (const auto& owner : {asker.role, asker.agency + "/" + asker.role}) {
            for (auto& duty : TRY(known.owed_by(owner, limit + led.size() + 1))) {
                if (listed.emplace(duty.row.case_id, duty.row.duty, duty.row.raised_by).second)
                    duties.push_back(std::move(duty));
            }
        }
        std::stable_sort(duties.begin(), duties.end(), [](const KnownDuty& a, const KnownDuty& b) {
            return std::tie(a.row.due, a.row.case_id) < std::tie(b.row.due, b.row.case_id);
        });
        Due due;
        due.more = duties.size() > limit;
        if (due.more) duties.resize(limit);
        duties.erase(duties.begin(), duties.begin() + static_cast<std::ptrdiff_t>(std::min(from, duties.size())));
        std::vector<ViewId> persons;
        for (const auto& [row, person, named] : duties) {
            due.items.push_back({row.case_id,
                                 named,
                                 {},
                                 label_of_duty(office, row.duty),
                                 row.due,
                                 row.due < now,
                                 led.contains({row.case_id, row.duty, row.raised_by})});
            persons.push_back(named);
            seen.add(knowing.relationship(person), named, row.case_id, {}, std::string(name_fields));
        }
        TRY_VOID(put_names(office, snapshot, permit, persons,
                           [&](std::size_t i, std::string name) { due.items[i].name = std::move(name); }));
        return due;
    });
}

Result<Caseload> caseload(const Office& office, const record::Asker& asker, std::string_view of,
                          std::string_view team) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    const bool supervises = supervises_others(office, asker);
    const auto* whose = office.profile.practitioner(of.empty() ? std::string_view(asker.practitioner) : of);
    if (whose == nullptr || whose->agency != asker.agency || (whose->key != asker.practitioner && !supervises)) {
        return fault(FaultKind::forbidden, "worker",
                     "You may look at your own caseload, or at your team’s if you supervise it.",
                     "Ask the manager of that worker’s team.");
    }
    return read_as<Caseload>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Caseload> {
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        auto known = TRY(KnownDuties::of(office, snapshot, knowing));
        auto load = TRY(load_of(office, known, whose->key));
        Caseload out;
        out.of = whose->key;
        out.name = whose->name;
        out.cases = std::move(load.cases);
        out.supervises = supervises;
        out.more = load.more;
        std::vector<ViewId> persons;
        for (std::size_t i = 0; i < out.cases.size(); ++i) {
            const auto& one = out.cases[i];
            persons.push_back(one.person);
            seen.add(knowing.relationship(load.persons[i]), one.person, one.case_id, {}, std::string(name_fields));
        }
        TRY_VOID(put_names(office, snapshot, permit, persons,
                           [&](std::size_t i, std::string name) { out.cases[i].name = std::move(name); }));
        if (!supervises) return out;
        for (const auto* practitioner : supervised(office, asker, team, out)) {
            const auto carried = TRY(load_of(office, known, practitioner->key));
            if (!carried.cases.empty()) out.team.push_back(carrier_of(*practitioner, carried));
        }
        std::stable_sort(out.team.begin(), out.team.end(), [](const Carrier& a, const Carrier& b) {
            return std::tuple(b.overdue, b.cases) < std::tuple(a.overdue, a.cases);
        });
        return out;
    });
}

}  // namespace waymark::casework
