// Which case an entry belongs to.
//
// Contract section 2, `case`: the source's case key; without it the open case of the entry's first `subject` or
// `displayed` person, and a `concern.raised` or `referral.received` with none open starts one; a case ends with
// `case.closed`, or with a triage of `no-further-action` or `advice`. Each child has a record of their own, so the
// child whose record the entry is kept in decides: a child who is said to have been harmed has a case as the one who is
// said to have displayed has.
//
// "Open" is meant at the entry's `at`: history that arrives late falls where it belongs. But what opens a case joins
// only one that is open now: a concern must never disappear in a case that nobody works on any more.
#include <algorithm>

#include <fmt/format.h>

#include "casework/intake.hpp"

namespace waymark::casework {

namespace {

constexpr record::Involvements whose_case = static_cast<record::Involvements>(record::Involvement::subject) |
                                            static_cast<record::Involvements>(record::Involvement::displayed) |
                                            static_cast<record::Involvements>(record::Involvement::affected);

struct Case {
    store::CaseRow row;
    ViewId person;
    bool is_new = false;
    bool changed = false;
};

// The cases of a batch's persons; new ones join them as they are opened.
class Cases {
public:
    explicit Cases(const Office& office) : office_(office) {}

    void add(store::CaseRow row, ViewId person, bool is_new = false) {
        if (by_id_.contains(row.case_id)) return;
        by_id_[row.case_id] = all_.size();
        by_person_[person].push_back(all_.size());
        if (!row.source_key.empty()) by_key_[row.agency][row.source_key] = all_.size();
        all_.push_back({std::move(row), person, is_new, false});
    }
    Case* find(CaseId id) {
        const auto found = by_id_.find(id);
        return found == by_id_.end() ? nullptr : &all_[found->second];
    }
    Case* find(const std::string& agency, const std::string& key) {
        const auto keys = by_key_.find(agency);
        if (keys == by_key_.end()) return nullptr;
        const auto found = keys->second.find(key);
        return found == keys->second.end() ? nullptr : &all_[found->second];
    }
    Case& open(ViewId record, ViewId person, const std::string& agency, const std::string& key,
               const record::Draft& by) {
        store::CaseRow row;
        row.case_id = CaseId{make_uuid7(office_.clock, office_.random)};
        row.record = record;
        if (!key.empty()) row.agency = agency;
        row.source_key = key;
        row.procedure = office_.rulebook().name;
        row.opened = by.at.instant;
        row.marking = by.marking;
        add(std::move(row), person, true);
        return all_.back();
    }
    // The one open now that was opened last before `at`; else the first that was opened after it.
    Case* open_now(ViewId person, Instant at, std::string_view marking) {
        Case* before = nullptr;
        Case* after = nullptr;
        for (auto* one : of(person)) {
            if (one->row.closed || !is_joined(one->row, marking)) continue;
            if (one->row.opened <= at) {
                if (before == nullptr || before->row.opened < one->row.opened) before = one;
            } else if (after == nullptr || one->row.opened < after->row.opened) {
                after = one;
            }
        }
        return before != nullptr ? before : after;
    }
    // The one that was open at that time.
    Case* open_at(ViewId person, Instant at, std::string_view marking) {
        Case* best = nullptr;
        for (auto* one : of(person)) {
            if (!is_joined(one->row, marking) || one->row.opened > at || (one->row.closed && *one->row.closed <= at))
                continue;
            if (best == nullptr || best->row.opened < one->row.opened) best = one;
        }
        return best;
    }
    std::vector<Case>& all() { return all_; }

private:
    // A case that a marked entry opened is there only for those who may know that entry: what others write would tell
    // by its place that it is there.
    static bool is_joined(const store::CaseRow& row, std::string_view marking) {
        return row.marking == "team" || row.marking == marking;
    }
    std::vector<Case*> of(ViewId person) {
        std::vector<Case*> found;
        const auto here = by_person_.find(person);
        if (here == by_person_.end()) return found;
        for (const auto at : here->second) found.push_back(&all_[at]);
        return found;
    }

    const Office& office_;
    std::vector<Case> all_;
    std::unordered_map<CaseId, std::size_t> by_id_;
    std::unordered_map<ViewId, std::vector<std::size_t>> by_person_;
    std::unordered_map<std::string, std::unordered_map<std::string, std::size_t>> by_key_;  // by agency
};

// A source's case key may stand for several children; each child's case is their own.
std::string key_for_child(const std::string& key, ViewId record) {
    return fmt::format("{}@{}", key, to_string(record));
}

}  // namespace

Result<void> Intake::place() {
    const bool decides = [&] {
        for (std::size_t i = 0; i < slots_.size(); ++i) {
            if (is_fresh(i) && draft(i).kind == "identity.decided") return true;
        }
        return false;
    }();
    if (decides || options_.into || !options_.refresh) newcomers_.none();
    // Persons, clusters and cases of the whole batch, in three calls.
    std::vector<ViewId> records;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (is_fresh(i) && ready(i).record) records.push_back(ready(i).record);
    }
    std::sort(records.begin(), records.end());
    records.erase(std::unique(records.begin(), records.end()), records.end());
    if (records.empty()) return {};
    const auto met_before = std::stable_partition(records.begin(), records.end(),
                                                  [&](ViewId record) { return newcomers_.contains(record); });
    for (auto one = records.begin(); one != met_before; ++one) persons_[*one] = *one;
    records.erase(records.begin(), met_before);
    std::vector<ViewId> persons;
    for (const auto& view : tx_.views(office_.partnership, records)) {
        if (!view) continue;
        persons_[view->view] = view->person;
        persons.push_back(view->person);
    }
    std::sort(persons.begin(), persons.end());
    persons.erase(std::unique(persons.begin(), persons.end()), persons.end());
    std::vector<ViewId> views;
    for (const auto& view : tx_.views_of_persons(office_.partnership, persons)) {
        persons_[view.view] = view.person;
        views.push_back(view.view);
    }
    Cases cases(office_);
    for (auto& row : tx_.cases_of_records(office_.partnership, views)) {
        const auto person = persons_[row.record];
        cases.add(std::move(row), person);
    }

    // Case keys that none of these persons has: another child's, perhaps.
    std::vector<store::CaseKey> keys;
    std::set<std::pair<std::string, std::string>> asked;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const auto& one = draft(i);
        if (!is_fresh(i) || one.case_key.empty() || cases.find(one.agency, one.case_key) != nullptr) continue;
        if (asked.emplace(one.agency, one.case_key).second) keys.push_back({one.agency, one.case_key});
    }
    if (!keys.empty()) {
        for (auto& row : tx_.cases_by_key(office_.partnership, keys)) {
            if (!row) continue;
            const auto person = persons_.find(row->record);
            const auto whose = person == persons_.end() ? row->record : person->second;
            cases.add(std::move(*row), whose);
        }
    }
    if (options_.into) {
        for (auto& row : tx_.cases(office_.partnership, std::vector{*options_.into})) {
            if (!row) continue;
            const auto person = persons_.find(row->record);
            const auto whose = person == persons_.end() ? row->record : person->second;
            cases.add(std::move(*row), whose);
        }
    }

    const auto by_key = [&](std::size_t i, ViewId person) -> Case* {
        const auto& one = draft(i);
        auto* found = cases.find(one.agency, one.case_key);
        if (found == nullptr) return &cases.open(ready(i).record, person, one.agency, one.case_key, one);
        if (found->person == person) return found;
        const auto key = key_for_child(one.case_key, ready(i).record);
        found = cases.find(one.agency, key);
        return found != nullptr ? found : &cases.open(ready(i).record, person, one.agency, key, one);
    };
    const auto about_case = [&](std::size_t i, ViewId person) -> Case* {
        const auto& about = slots_[i].about;
        if (!about) return nullptr;
        auto* found = cases.find(about->part ? ready(*about->part).case_id : about->case_id);
        return found != nullptr && found->person == person ? found : nullptr;
    };
    const auto choose = [&](std::size_t i, const content::Kind& kind) -> Case* {
        const auto& one = draft(i);
        const auto person = persons_[ready(i).record];
        if (options_.into) return cases.find(*options_.into);
        if (!one.case_key.empty()) return by_key(i, person);
        // Who somebody is, and who looked, is no part of a case.
        if (kind.group == "identity" || kind.group == "access") return nullptr;
        const auto& subjects = ready(i).subjects;
        const bool has_case = std::any_of(subjects.begin(), subjects.end(), [&](const record::KeptSubject& subject) {
            return subject.view == ready(i).record && (subject.involvement & whose_case) != 0;
        });
        if (has_case) {
            if (kind.opens_case) {
                auto* open = cases.open_now(person, one.at.instant, one.marking);
                return open != nullptr ? open : &cases.open(ready(i).record, person, {}, {}, one);
            }
            if (auto* open = cases.open_at(person, one.at.instant, one.marking)) return open;
            if (auto* open = cases.open_now(person, one.at.instant, one.marking)) return open;
        }
        return about_case(i, person);
    };

    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const auto* kind = office_.catalogue.find(draft(i).kind);
        if (!is_fresh(i) || !ready(i).record || kind == nullptr) continue;
        if (newcomers_.contains(ready(i).record)) newcomers_.expect(ready(i).record);
        auto* chosen = choose(i, *kind);
        if (chosen == nullptr) continue;
        ready(i).case_id = chosen->row.case_id;
        ready(i).case_seq = chosen->row.next_seq++;
        chosen->changed = true;
        // As the fold will see it, in the order of `at`: where an entry is placed must not hang on where a batch was
        // cut. What a marked entry ends goes on for everybody else.
        if (draft(i).marking != chosen->row.marking) continue;
        auto& closed = chosen->row.closed;
        const auto at = draft(i).at.instant;
        if (record::ends_case(draft(i).kind, draft(i).body)) {
            if (at >= chosen->row.opened) closed = closed ? std::max(*closed, at) : at;
        } else if (kind->opens_case && closed && at >= *closed) {
            closed.reset();
        }
    }

    std::vector<store::CaseRow> opened;
    std::vector<store::CaseRow> changed;
    for (auto& one : cases.all()) {
        if (one.is_new && newcomers_.contains(one.person)) {
            newcomers_.open(std::move(one.row));
        } else if (one.is_new) {
            opened.push_back(std::move(one.row));
        } else if (one.changed) {
            changed.push_back(std::move(one.row));
        }
    }
    if (!opened.empty()) tx_.insert_cases(office_.partnership, opened);
    if (!changed.empty()) tx_.update_cases(office_.partnership, changed);
    return {};
}

}  // namespace waymark::casework
