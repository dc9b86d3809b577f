// Lists are read by who leads and who owes, then each child is asked of the gate before anything of them is told.
#include "casework/workload.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/knowing.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t most_due = 200;
constexpr std::size_t most_cases_each = 300;  // of one practitioner

// The persons of these records whom the asker may know, by record.
std::unordered_map<ViewId, ViewId> known_persons(const Office& office, store::Snapshot& snapshot, Knowing& knowing,
                                                 std::vector<ViewId> records) {
    std::sort(records.begin(), records.end());
    records.erase(std::unique(records.begin(), records.end()), records.end());
    std::unordered_map<ViewId, ViewId> known;
    for (const auto& view : snapshot.views(office.partnership, records)) {
        if (view && knowing.may(view->person)) known.emplace(view->view, view->person);
    }
    return known;
}

// A duty tells of the entry that raised it: only those are left of which the asker knows that one, and what it is.
void only_of_known_entries(const Office& office, store::Snapshot& snapshot, Knowing& knowing,
                           std::vector<store::DutyRow>& duties) {
    std::vector<EntryId> ids;
    for (const auto& duty : duties) ids.push_back(duty.raised_by);
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    const auto entries = snapshot.entries(office.partnership, ids, store::Want::cards);
    std::vector<ViewId> records;
    for (const auto& entry : entries) {
        if (entry) records.push_back(entry->row.record);
    }
    const auto known = known_persons(office, snapshot, knowing, std::move(records));
    std::set<EntryId> told;
    for (const auto& entry : entries) {
        if (!entry) continue;
        const auto person = known.find(entry->row.record);
        if (person == known.end()) continue;
        const auto permit = knowing.person(person->second);
        if (permit && permit->depth(entry->row.kind, entry->row.marking, entry->row.agency) >= record::Depth::summary)
            told.insert(entry->row.entry);
    }
    std::erase_if(duties, [&](const store::DutyRow& duty) { return !told.contains(duty.raised_by); });
}

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
    bool more = false;
};
Load load_of(const Office& office, store::Snapshot& snapshot, Knowing& knowing, std::string_view who) {
    const auto p = office.partnership;
    const auto now = office.clock.now();
    const auto rows = snapshot.cases_led_by(p, who, most_cases_each);
    std::vector<ViewId> records;
    for (const auto& row : rows) records.push_back(row.record);
    const auto known = known_persons(office, snapshot, knowing, std::move(records));
    Load load;
    load.more = rows.size() == most_cases_each;
    std::unordered_map<CaseId, std::size_t> at;
    for (const auto& row : rows) {
        const auto person = known.find(row.record);
        if (person == known.end()) continue;
        at.emplace(row.case_id, load.cases.size());
        load.cases.push_back({row.case_id, person->second, {}, row.opened, 0, std::nullopt});
    }
    auto duties = snapshot.duties_of_lead(p, who, most_cases_each * 50);
    only_of_known_entries(office, snapshot, knowing, duties);
    for (const auto& duty : duties) {
        const auto found = at.find(duty.case_id);
        if (found == at.end()) continue;
        auto& one = load.cases[found->second];
        if (duty.due < now)
            ++one.overdue;
        else if (!one.next_due || duty.due < *one.next_due)
            one.next_due = duty.due;
    }
    std::stable_sort(load.cases.begin(), load.cases.end(), [](const CarriedCase& a, const CarriedCase& b) {
        return std::tuple(b.overdue, a.opened) < std::tuple(a.overdue, b.opened);
    });
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

}  // namespace

Result<Due> what_is_due(const Office& office, const record::Asker& asker, std::size_t limit) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    limit = std::min(limit, most_due);
    return read_as<Due>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Due> {
        const auto p = office.partnership;
        const auto now = office.clock.now();
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        auto duties = snapshot.duties_of_lead(p, asker.practitioner, most_due);
        std::set<std::tuple<CaseId, std::string, EntryId>> led;
        for (const auto& duty : duties) led.emplace(duty.case_id, duty.duty, duty.raised_by);
        auto listed = led;
        for (const auto& owner : {asker.role, asker.agency + "/" + asker.role}) {
            store::Snapshot::DutyFilter filter;
            filter.owner = owner;
            for (auto& duty : snapshot.duties(p, filter, most_due)) {
                if (listed.emplace(duty.case_id, duty.duty, duty.raised_by).second) duties.push_back(std::move(duty));
            }
        }
        std::vector<ViewId> records;
        for (const auto& duty : duties) records.push_back(duty.record);
        const auto known = known_persons(office, snapshot, knowing, std::move(records));
        only_of_known_entries(office, snapshot, knowing, duties);
        Due due;
        for (const auto& duty : duties) {
            const auto person = known.find(duty.record);
            if (person == known.end()) continue;
            due.items.push_back({duty.case_id,
                                 person->second,
                                 {},
                                 label_of_duty(office, duty.duty),
                                 duty.due,
                                 duty.due < now,
                                 led.contains({duty.case_id, duty.duty, duty.raised_by})});
        }
        std::stable_sort(due.items.begin(), due.items.end(),
                         [](const DueItem& a, const DueItem& b) { return a.due < b.due; });
        due.more = due.items.size() > limit;
        if (due.more) due.items.resize(limit);
        std::vector<ViewId> persons;
        for (const auto& item : due.items) {
            persons.push_back(item.person);
            seen.add(knowing.relationship(item.person), item.person, item.case_id, {}, std::string(name_fields));
        }
        TRY_VOID(put_names(office, snapshot, permit, persons,
                           [&](std::size_t i, std::string name) { due.items[i].name = std::move(name); }));
        return due;
    });
}

Result<Caseload> caseload(const Office& office, const record::Asker& asker, std::string_view of) {
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
        auto load = load_of(office, snapshot, knowing, whose->key);
        Caseload out{whose->key, whose->name, std::move(load.cases), {}, supervises, load.more};
        std::vector<ViewId> persons;
        for (const auto& one : out.cases) {
            persons.push_back(one.person);
            seen.add(knowing.relationship(one.person), one.person, one.case_id, {}, std::string(name_fields));
        }
        TRY_VOID(put_names(office, snapshot, permit, persons,
                           [&](std::size_t i, std::string name) { out.cases[i].name = std::move(name); }));
        if (!supervises) return out;
        for (const auto& practitioner : office.profile.practitioners) {
            if (practitioner.agency != asker.agency) continue;
            const auto carried = load_of(office, snapshot, knowing, practitioner.key);
            if (!carried.cases.empty()) out.team.push_back(carrier_of(practitioner, carried));
        }
        std::stable_sort(out.team.begin(), out.team.end(), [](const Carrier& a, const Carrier& b) {
            return std::tuple(b.overdue, b.cases) < std::tuple(a.overdue, a.cases);
        });
        return out;
    });
}

}  // namespace waymark::casework
