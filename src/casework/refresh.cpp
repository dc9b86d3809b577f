// What lists need fast, written beside the entries and rebuilt by the same fold.
#include <algorithm>
#include <unordered_map>

#include "casework/casework.hpp"
#include "casework/dossiers.hpp"
#include "casework/folding.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t persons_at_a_time = 25;  // whose cases are folded while the next ones are read
constexpr std::size_t most_facts = 5'000'000;  // of one call; a batch of persons is far below

struct Touched {
    std::unordered_map<ViewId, ViewId> person_of;
    std::unordered_map<ViewId, std::vector<store::ViewRow>> views_of;
};

Result<Folded> fold_some(const Office& office, const record::Permit& permit, const Touched& touched,
                         std::span<const ViewId> persons, std::vector<store::WholeEntry> rows, Instant now) {
    std::unordered_map<ViewId, std::vector<record::Fact>> facts;
    for (auto& fact : TRY(office.journal->open_cards(permit, std::move(rows)))) {
        facts[touched.person_of.at(fact.record)].push_back(std::move(fact));
    }
    Folded folded;
    for (const auto& person : persons) {
        const auto identities = TRY(office.registry->identities(touched.views_of.at(person)));
        fold(office, person, std::move(facts[person]), born_of(identities), now, folded);
    }
    return folded;
}

Result<void> refresh_persons(const Office& office, store::Transaction& tx, std::vector<ViewId> persons, bool quietly) {
    const auto p = office.partnership;
    Touched touched;
    for (auto& view : tx.views_of_persons(p, persons)) {
        touched.person_of[view.view] = view.person;
        touched.views_of[view.person].push_back(std::move(view));
    }
    const auto permit = office.gate->system("refresh");
    const auto now = office.clock.now();
    Folded all;
    Folds folds;
    for (std::size_t from = 0; from < persons.size(); from += persons_at_a_time) {
        const auto some =
            std::span<const ViewId>(persons).subspan(from, std::min(persons_at_a_time, persons.size() - from));
        std::vector<ViewId> views;
        for (const auto& person : some) {
            for (const auto& view : touched.views_of.at(person)) views.push_back(view.view);
        }
        auto rows = tx.entries_of_records(p, views, store::Want::cards, most_facts);
        if (persons.size() <= persons_at_a_time) {
            all = TRY(fold_some(office, permit, touched, some, std::move(rows), now));
            break;
        }
        folds.begin([&office, &permit, &touched, some, now, rows = std::move(rows)]() mutable {
            return fold_some(office, permit, touched, some, std::move(rows), now);
        });
    }
    if (persons.size() > persons_at_a_time) all = TRY(folds.all());
    if (all.cases.empty()) return {};
    if (!quietly) tx.replace_duties(p, all.cases, all.duties);
    tx.put_gatherings(p, all.gatherings);

    std::vector<store::CaseRow> changed;
    const auto rows = tx.cases(p, all.cases);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (quietly && all.open_to_team[i]) continue;
        if (!rows[i] || (rows[i]->closed == all.closed[i] && rows[i]->lead == all.leads[i])) continue;
        changed.push_back(*rows[i]);
        changed.back().closed = all.closed[i];
        changed.back().lead = all.leads[i];
    }
    if (!changed.empty()) tx.update_cases(p, changed);
    return {};
}

}  // namespace

Result<void> refresh(const Office& office, store::Transaction& tx, std::span<const ViewId> some_views,
                     std::span<const ViewId> marked_only) {
    const auto p = office.partnership;
    const auto persons_of = [&](std::span<const ViewId> views) {
        std::vector<ViewId> persons;
        for (const auto& view : tx.views(p, views)) {
            if (view) persons.push_back(view->person);
        }
        std::sort(persons.begin(), persons.end());
        persons.erase(std::unique(persons.begin(), persons.end()), persons.end());
        return persons;
    };
    if (!marked_only.empty()) {
        // What everybody may know is folded again when something of it comes, and at no other time: when it was last
        // folded shows in what time itself has brought.
        const auto told = persons_of(some_views);
        auto quiet = persons_of(marked_only);
        std::erase_if(quiet, [&](ViewId person) { return std::binary_search(told.begin(), told.end(), person); });
        if (!quiet.empty()) TRY_VOID(refresh_persons(office, tx, std::move(quiet), true));
    }
    return refresh_persons(office, tx, persons_of(some_views), false);
}

Result<void> rebuild(const Office& office, const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    constexpr std::size_t batch = 1'000;
    const auto p = office.partnership;
    std::vector<store::ViewRow> views;
    std::vector<store::LinkRow> links;
    TRY_VOID(office.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        snapshot.scan_views(p, [&](const store::ViewRow& row) {
            views.push_back(row);
            return true;
        });
        snapshot.scan_links(p, [&](const store::LinkRow& row) {
            links.push_back(row);
            return true;
        });
        return {};
    }));
    const auto persons = people::Registry::clusters(links, views);
    std::vector<ViewId> former;
    std::vector<ViewId> others;
    for (const auto& view : views) {
        const auto identity = TRY(office.journal->open_identity(view.identity, view.view, view.version));
        (identity.adoption == record::former_identity ? former : others).push_back(view.view);
    }
    TRY_VOID(office.store.write(
        [&](store::Transaction& tx) -> Result<void> { return office.registry->note_former(tx, p, former, others); }));
    const std::uint64_t total = 2 * views.size();
    std::uint64_t done = 0;
    const auto in_batches = [&](const auto& work) -> Result<void> {
        for (std::size_t from = 0; from < views.size(); from += batch) {
            const auto some = std::span(views).subspan(from, std::min(batch, views.size() - from));
            TRY_VOID(office.store.write([&](store::Transaction& tx) { return work(tx, some); }, store::Pace::bulk));
            done += some.size();
            if (progress) progress(done, total);
        }
        return {};
    };

    TRY_VOID(in_batches([&](store::Transaction& tx, std::span<store::ViewRow> some) -> Result<void> {
        std::vector<ViewId> ids;
        std::vector<std::pair<ViewId, ViewId>> pairs;
        std::vector<store::TokenRow> tokens;
        for (const auto& view : some) {
            ids.push_back(view.view);
            const auto person = persons.find(view.view);
            pairs.emplace_back(view.view, person == persons.end() ? view.view : person->second);
        }
        const auto features = TRY(people::features_of(*office.journal, tx, p, some));
        for (std::size_t i = 0; i < some.size(); ++i) {
            for (const auto token : people::tokens_of(features[i], office.token_key))
                tokens.push_back({token, some[i].view});
        }
        tx.delete_tokens_of(p, ids);
        tx.insert_tokens(p, tokens);
        tx.set_persons(p, pairs);
        return {};
    }));
    TRY_VOID(office.store.write([&](store::Transaction& tx) -> Result<void> {
        people::note_tokens(*office.seal, tx, p);
        return {};
    }));
    // Persons are right only now; a person of several batches is folded more than once, to the same rows.
    return in_batches([&](store::Transaction& tx, std::span<store::ViewRow> some) -> Result<void> {
        std::vector<ViewId> ids;
        for (const auto& view : some) ids.push_back(view.view);
        return refresh(office, tx, ids);
    });
}

}  // namespace waymark::casework
