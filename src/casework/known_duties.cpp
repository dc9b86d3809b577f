#include "casework/known_duties.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "casework/access.hpp"
#include "casework/child.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t most_marked = 20'000;
constexpr std::size_t most_led = 5'000;
constexpr std::size_t most_looked_through = 4'000;
constexpr std::size_t looked_through_first = 20;

// Whether this permit shows less than the codes of some kind of entry that is open to the team.
bool is_partial(const content::Catalogue& catalogue, const record::Permit& permit) {
    return std::any_of(catalogue.kinds().begin(), catalogue.kinds().end(), [&](const auto& kind) {
        return permit.depth(kind.key, "team", {}) < record::Depth::summary ||
               permit.depth(kind.key, "team", permit.asker().agency) < record::Depth::summary;
    });
}

void by_due(std::vector<KnownDuty>& duties) {
    // Of one case in the order of its standing: as they are kept.
    std::stable_sort(duties.begin(), duties.end(), [](const KnownDuty& a, const KnownDuty& b) {
        return std::tie(a.row.due, a.row.case_id) < std::tie(b.row.due, b.row.case_id);
    });
}

}  // namespace

Result<KnownDuties> KnownDuties::of(const Office& office, store::Snapshot& snapshot, Knowing& knowing) {
    KnownDuties out(office, snapshot, knowing);
    std::vector<store::MarkedRow> marked;
    for (const auto marking : knowing.markings_that_may_be_seen()) {
        auto some = snapshot.marked(office.partnership, marking, most_marked);
        std::move(some.begin(), some.end(), std::back_inserter(marked));
    }
    if (marked.empty()) return out;
    std::vector<ViewId> records;
    for (const auto& one : marked) records.push_back(one.record);
    TRY_VOID(out.learn(std::move(records)));
    for (const auto& one : marked) {
        const auto* known = out.whose(one.record);
        if (known == nullptr) continue;
        const auto permit = knowing.person(known->person);
        if (permit && permit->depth(one.kind, one.marking, one.agency) >= record::Depth::summary)
            out.more_.insert(known->person);
    }
    return out;
}

Result<void> KnownDuties::learn(std::vector<ViewId> records) {
    std::erase_if(records, [&](ViewId record) { return whose_.contains(record); });
    std::sort(records.begin(), records.end());
    records.erase(std::unique(records.begin(), records.end()), records.end());
    if (records.empty()) return {};
    for (const auto record : records) whose_[record];
    for (const auto& view : snapshot_->views(office_->partnership, records)) {
        if (!view) continue;
        const auto permit = knowing_->person(view->person);
        if (!permit) {
            if (!is_unseen(permit.error())) return tl::unexpected(permit.error());
            continue;
        }
        Whose one{view->person, view->person};
        if (permit->own_views_only()) {
            // Another agency's view is no name for the child.
            const auto child = knowing_->child(view->view);
            if (!child) continue;
            one.named = child->person;
        }
        whose_[view->view] = one;
    }
    return {};
}

const KnownDuties::Whose* KnownDuties::whose(ViewId record) const {
    const auto found = whose_.find(record);
    return found == whose_.end() || !found->second ? nullptr : &*found->second;
}

KnownDuties::Sees KnownDuties::sees(ViewId person) {
    const auto [at, is_new] = sees_.try_emplace(person, Sees::as_everybody);
    if (!is_new) return at->second;
    const auto permit = knowing_->person(person);
    if (permit && is_partial(office_->catalogue, *permit)) {
        at->second = Sees::less;
    } else if (more_.contains(person)) {
        at->second = Sees::more;
    }
    return at->second;
}

Result<const std::vector<FoldedCase>*> KnownDuties::folded(ViewId person) {
    const auto [at, is_new] = folded_.try_emplace(person);
    if (!is_new) return &at->second;
    const auto child = knowing_->child(person);
    if (!child) {
        if (is_unseen(child.error())) return &at->second;
        return tl::unexpected(child.error());
    }
    auto facts = TRY(office_->journal->facts(*snapshot_, office_->partnership, child->permit, ids_of(child->views),
                                             most_entries_of_a_child));
    const auto born = born_of(TRY(identities_of(*office_, *child)));
    at->second = fold_cases(*office_, person, std::move(facts), born, office_->clock.now());
    return &at->second;
}

Result<std::vector<KnownDuty>> KnownDuties::folded_duties(ViewId person, ViewId named,
                                                          const store::Snapshot::DutyFilter& filter) {
    std::vector<KnownDuty> out;
    for (const auto& one : *TRY(folded(person))) {
        for (const auto& duty : one.duties) {
            if (!filter.owner.empty() && duty.owner != filter.owner) continue;
            if (!filter.duty.empty() && duty.duty != filter.duty) continue;
            out.push_back({duty, person, named});
        }
    }
    return out;
}

Result<std::vector<KnownDuty>> KnownDuties::chosen(const store::Snapshot::DutyFilter& filter, std::size_t limit) {
    constexpr std::size_t further = 4;
    std::vector<KnownDuty> out;
    std::set<ViewId> apart;
    const auto put_folded = [&](ViewId person, ViewId named) -> Result<void> {
        if (!apart.insert(person).second) return {};
        for (auto& duty : TRY(folded_duties(person, named, filter))) out.push_back(std::move(duty));
        return {};
    };
    // What is left out takes nobody's place: as long as there are too few, more are looked through.
    for (auto fetch = std::clamp(limit + 1, looked_through_first, most_looked_through);;
         fetch = std::min(further * fetch, most_looked_through)) {
        auto rows = snapshot_->duties(office_->partnership, filter, fetch);
        const bool is_all = rows.size() < fetch || fetch == most_looked_through;
        std::vector<ViewId> records;
        for (const auto& row : rows) records.push_back(row.record);
        TRY_VOID(learn(std::move(records)));
        out.clear();
        apart.clear();
        for (auto& row : rows) {
            const auto* known = whose(row.record);
            if (known == nullptr) continue;
            if (sees(known->person) == Sees::as_everybody) {
                out.push_back({std::move(row), known->person, known->named});
            } else if (out.size() <= limit) {
                TRY_VOID(put_folded(known->person, known->named));
            }
        }
        if (is_all || out.size() > limit) break;
    }
    if (!more_.empty()) {
        std::map<ViewId, ViewId> named;
        for (const auto& [record, one] : whose_) {
            if (one) named.emplace(one->person, one->named);
        }
        for (const auto person : more_) TRY_VOID(put_folded(person, named.at(person)));
    }
    by_due(out);
    if (out.size() > limit) out.resize(limit);
    return out;
}

Result<std::vector<KnownDuty>> KnownDuties::owed_by(std::string_view owner, std::size_t limit) {
    store::Snapshot::DutyFilter filter;
    filter.owner = owner;
    return chosen(filter, limit);
}

Result<std::vector<KnownDuty>> KnownDuties::of_rule(std::string_view rule, std::size_t limit) {
    store::Snapshot::DutyFilter filter;
    filter.duty = rule;
    return chosen(filter, limit);
}

Result<std::vector<KnownCase>> KnownDuties::led_by(std::string_view who) {
    const auto p = office_->partnership;
    auto rows = snapshot_->cases_led_by(p, who, most_led);
    std::erase_if(rows, [](const store::CaseRow& row) { return row.marking != "team"; });
    std::vector<ViewId> records;
    for (const auto& row : rows) records.push_back(row.record);
    TRY_VOID(learn(std::move(records)));
    std::vector<KnownCase> out;
    std::unordered_map<CaseId, std::size_t> as_kept;
    for (const auto& row : rows) {
        const auto* known = whose(row.record);
        if (known == nullptr) continue;
        const auto how = sees(known->person);
        if (how == Sees::more) continue;
        KnownCase one{row.case_id, known->person, known->named, row.opened, {}};
        if (how == Sees::as_everybody) as_kept.emplace(row.case_id, out.size());
        if (how == Sees::less) {
            for (const auto& folded_case : *TRY(folded(known->person))) {
                if (folded_case.case_id == row.case_id) one.duties = folded_case.duties;
            }
        }
        out.push_back(std::move(one));
    }
    if (!as_kept.empty()) {
        for (auto& duty : snapshot_->duties_of_lead(p, who, most_led * 50)) {
            const auto found = as_kept.find(duty.case_id);
            if (found != as_kept.end()) out[found->second].duties.push_back(std::move(duty));
        }
    }
    for (const auto person : more_) {
        if (sees(person) != Sees::more) continue;
        std::vector<const FoldedCase*> led;
        std::vector<CaseId> ids;
        for (const auto& one : *TRY(folded(person))) {
            if (one.closed || one.lead != who) continue;
            led.push_back(&one);
            ids.push_back(one.case_id);
        }
        if (led.empty()) continue;
        const auto kept = snapshot_->cases(p, ids);
        for (std::size_t i = 0; i < led.size(); ++i)
            out.push_back({led[i]->case_id, person, person, kept[i] ? kept[i]->opened : Instant{}, led[i]->duties});
    }
    for (auto& one : out) {
        std::stable_sort(one.duties.begin(), one.duties.end(),
                         [](const store::DutyRow& a, const store::DutyRow& b) { return a.due < b.due; });
    }
    std::stable_sort(out.begin(), out.end(), [](const KnownCase& a, const KnownCase& b) {
        return std::tie(a.opened, a.case_id) < std::tie(b.opened, b.case_id);
    });
    return out;
}

}  // namespace waymark::casework
