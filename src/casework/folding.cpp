#include "casework/folding.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "casework/dossiers.hpp"
#include "casework/meetings.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t most_under_way = 4;

std::string codes_of(const record::Fact& fact) {
    std::string codes;
    const auto add = [&](std::string_view code) {
        if (code.empty()) return;
        if (!codes.empty()) codes += ' ';
        codes += code;
    };
    for (const auto* field : {"about_what", "setting", "source", "primary_need", "type", "category", "outcome"}) {
        add(string_or(fact.fields, field, ""));
    }
    const auto* danger = find(fact.fields, "immediate_danger");
    if (danger != nullptr && danger->is_bool() && danger->get_bool()) add("immediate");
    return codes;
}

const record::Fact* fact_of(const procedure::Dossier& dossier, EntryId id) {
    const auto found =
        std::find_if(dossier.own.begin(), dossier.own.end(), [&](const auto& fact) { return fact.id == id; });
    return found == dossier.own.end() ? nullptr : &*found;
}

// Unmet ones only: a list asks what is owed, and a standing is computed whole where it is shown.
void add_duties(const procedure::Dossier& dossier, ViewId record, const procedure::Standing& standing,
                std::vector<store::DutyRow>& rows) {
    for (const auto& duty : standing.duties) {
        if (duty.state != procedure::DutyState::open && duty.state != procedure::DutyState::overdue) continue;
        const auto* raised_by = fact_of(dossier, duty.raised_by);
        store::DutyRow row;
        row.case_id = dossier.case_id;
        row.record = raised_by != nullptr ? raised_by->record : record;
        row.duty = duty.id;
        row.raised_by = duty.raised_by;
        row.due = duty.due;
        row.owner = duty.owner;
        row.state = procedure::to_string(duty.state);
        if (raised_by != nullptr) {
            row.kind = raised_by->kind;
            row.summary = codes_of(*raised_by);
        }
        rows.push_back(std::move(row));
    }
}

FoldedCase folded_case(const procedure::Dossier& dossier, ViewId person, const procedure::Standing& standing) {
    FoldedCase one;
    one.case_id = dossier.case_id;
    one.record = dossier.own.empty() ? person : dossier.own.front().record;
    one.closed = closed_at(dossier);
    one.lead = led_by(dossier);
    add_duties(dossier, one.record, standing, one.duties);
    return one;
}

bool is_for_team(const record::Fact& fact) {
    return fact.marking == "team";
}

}  // namespace

std::vector<FoldedCase> fold_cases(const Office& office, ViewId person, std::vector<record::Fact> facts,
                                   const std::optional<procedure::Born>& born, Instant now) {
    std::vector<FoldedCase> cases;
    Parted parted(person, std::move(facts), born);
    parted.each_case([&](const procedure::Dossier& dossier) {
        const auto standing = office.procedure_of(dossier).standing(*office.calendar, dossier, now);
        cases.push_back(folded_case(dossier, person, standing));
    });
    return cases;
}

void fold(const Office& office, ViewId person, std::vector<record::Fact> facts,
          const std::optional<procedure::Born>& born, Instant now, Folded& into) {
    const bool all_for_team = std::all_of(facts.begin(), facts.end(), is_for_team);
    std::map<CaseId, FoldedCase> for_team;
    if (!all_for_team) {
        auto open = facts;
        std::erase_if(open, [](const record::Fact& fact) { return !is_for_team(fact); });
        for (auto& one : fold_cases(office, person, std::move(open), born, now))
            for_team.emplace(one.case_id, std::move(one));
    }
    Parted parted(person, std::move(facts), born);
    parted.each_case([&](const procedure::Dossier& dossier) {
        const auto standing = office.procedure_of(dossier).standing(*office.calendar, dossier, now);
        into.gatherings.push_back(gathering_row(office, dossier, standing, now));
        auto one = folded_case(dossier, person, standing);
        if (!all_for_team) {
            const auto found = for_team.find(one.case_id);
            into.open_to_team.push_back(found != for_team.end());
            if (found != for_team.end()) one = std::move(found->second);
            if (found == for_team.end()) one.duties.clear();
        } else {
            into.open_to_team.push_back(true);
        }
        into.cases.push_back(one.case_id);
        into.closed.push_back(one.closed);
        into.leads.push_back(std::move(one.lead));
        std::move(one.duties.begin(), one.duties.end(), std::back_inserter(into.duties));
    });
}

void Folds::begin(Work work) {
    if (under_way_.size() == most_under_way) gather_oldest();
    under_way_.push_back(std::async(std::launch::async, std::move(work)));
}

Result<Folded> Folds::all() {
    while (!under_way_.empty()) gather_oldest();
    TRY_VOID(std::exchange(faults_, {}));
    return std::exchange(gathered_, {});
}

void Folds::gather_oldest() {
    auto folded = under_way_.front().get();
    under_way_.pop_front();
    if (!folded) {
        if (faults_) faults_ = tl::unexpected(folded.error());
        return;
    }
    add(std::move(*folded));
}

void Folds::add(Folded folded) {
    const auto append = [](auto& all, auto& some) {
        all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    };
    append(gathered_.cases, folded.cases);
    append(gathered_.open_to_team, folded.open_to_team);
    append(gathered_.closed, folded.closed);
    append(gathered_.leads, folded.leads);
    append(gathered_.gatherings, folded.gatherings);
    append(gathered_.duties, folded.duties);
}

}  // namespace waymark::casework
