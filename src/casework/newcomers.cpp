#include "casework/newcomers.hpp"

#include <algorithm>
#include <utility>

#include "casework/dossiers.hpp"

namespace waymark::casework {

Newcomers::Newcomers(const Office& office) : office_(office), permit_(office.gate->system("refresh")) {}

void Newcomers::drop(ViewId person) {
    known_.erase(person);
    dropped_.insert(person);
}

void Newcomers::none() {
    known_.clear();
}

void Newcomers::learn(std::span<const people::Arrived> arrived, std::span<const people::Resolved> resolved) {
    for (std::size_t i = 0; i < resolved.size(); ++i) {
        const auto& one = resolved[i];
        const bool says_nothing_new = one.version == 0 || (one.version == 1 && known_.contains(one.view));
        if (says_nothing_new) continue;
        const bool alone = one.is_new && one.person == one.view && one.linked.empty();
        // A second writing of one view says something else than the first: the store knows which counts.
        if (!alone || dropped_.contains(one.view) || known_.contains(one.view)) {
            drop(one.view);
        } else {
            known_[one.view].born = born_of(arrived[i].identity);
        }
    }
    for (const auto& one : resolved) {
        for (const auto* touched : {&one.linked, &one.unlinked}) {
            for (const auto view : *touched) drop(view);
        }
        if (one.linked.empty() && one.unlinked.empty()) continue;
        for (const auto person : one.persons_changed) drop(person);
    }
}

void Newcomers::open(store::CaseRow row) {
    cases_.push_back(std::move(row));
}

void Newcomers::kept(std::vector<store::EntryRow> rows) {
    for (auto& row : rows) {
        const auto found = known_.find(row.record);
        if (found == known_.end()) continue;
        auto& child = found->second;
        child.entries.push_back({std::move(row), {}});
        if (child.entries.size() < child.expected) continue;
        whole_.push_back({found->first, std::move(child)});
        child = {};
        if (whole_.size() < at_a_time) continue;
        folds_.begin([this, some = std::exchange(whole_, {})]() mutable { return fold_all(std::move(some)); });
    }
}

Result<Folded> Newcomers::fold_all(std::vector<Whole>&& some) const {
    Folded folded;
    // After what was kept, which is not known before its own time.
    const auto now = office_.clock.now();
    for (auto& [person, child] : some) {
        auto facts = TRY(office_.journal->open_cards(permit_, std::move(child.entries)));
        fold(office_, person, std::move(facts), child.born, now, folded);
    }
    return folded;
}

Result<void> Newcomers::write(store::Transaction& tx) {
    auto last = TRY(fold_all(std::exchange(whole_, {})));  // here: a few are not worth a thread
    folds_.add(std::move(last));
    const auto folded = TRY(folds_.all());
    std::unordered_map<CaseId, std::size_t> at;
    for (std::size_t i = 0; i < folded.cases.size(); ++i) at.emplace(folded.cases[i], i);
    std::vector<store::GatheringRow> gatherings;
    gatherings.reserve(cases_.size());
    for (auto& row : cases_) {
        const auto i = at.at(row.case_id);  // a case is opened by an entry, so it has been folded
        row.closed = folded.closed[i];
        row.lead = folded.leads[i];
        gatherings.push_back(folded.gatherings[i]);
    }
    if (cases_.empty()) return {};
    tx.insert_cases(office_.partnership, cases_, gatherings);
    tx.replace_duties(office_.partnership, {}, folded.duties);
    return {};
}

}  // namespace waymark::casework
