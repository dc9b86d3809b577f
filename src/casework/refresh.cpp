// What lists need fast, written beside the entries and rebuilt by the same fold: unmet duties, when a case ended, and
// whether the required agencies have met.
#include <algorithm>
#include <deque>
#include <future>
#include <iterator>
#include <unordered_map>

#include "casework/casework.hpp"
#include "casework/dossiers.hpp"
#include "casework/meetings.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t most_facts = 5'000'000;  // of one call; a batch of persons is far below
constexpr std::size_t at_a_time = 25;          // persons that are folded while the next ones are read
constexpr std::size_t most_under_way = 4;      // such folds; the reading waits for the oldest of more

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

}  // namespace

namespace {

// What the folding of some persons gives. Needs no store: it is done beside the reading of the next persons' entries.
struct Folded {
    std::vector<CaseId> cases;
    std::vector<std::optional<Instant>> closed;  // by case
    std::vector<store::DutyRow> duties;
    std::vector<store::GatheringRow> gatherings;  // by case
};
struct Clusters {
    std::unordered_map<ViewId, ViewId> person_of;
    std::unordered_map<ViewId, std::vector<store::ViewRow>> views_of;
};

Result<Folded> fold(const Office& office, const record::Permit& permit, const Clusters& clusters,
                    std::span<const ViewId> persons, std::vector<store::WholeEntry> rows, Instant now) {
    std::unordered_map<ViewId, std::vector<record::Fact>> facts;
    for (auto& fact : TRY(office.journal->open_cards(permit, std::move(rows)))) {
        facts[clusters.person_of.at(fact.record)].push_back(std::move(fact));
    }
    Folded folded;
    for (const auto& person : persons) {
        const auto identities = TRY(office.registry->identities(clusters.views_of.at(person)));
        Parted parted(person, std::move(facts[person]), born_of(identities));
        parted.each_case([&](const procedure::Dossier& dossier) {
            const auto standing = office.procedure_of(dossier).standing(*office.calendar, dossier, now);
            folded.cases.push_back(dossier.case_id);
            folded.closed.push_back(closed_at(dossier));
            folded.gatherings.push_back(gathering_row(office, dossier, standing, now));
            add_duties(dossier, dossier.own.empty() ? person : dossier.own.front().record, standing, folded.duties);
        });
    }
    return folded;
}

}  // namespace

Result<void> refresh(const Office& office, store::Transaction& tx, std::span<const ViewId> some_views) {
    const auto p = office.partnership;
    std::vector<ViewId> persons;
    for (const auto& view : tx.views(p, some_views)) {
        if (view) persons.push_back(view->person);
    }
    std::sort(persons.begin(), persons.end());
    persons.erase(std::unique(persons.begin(), persons.end()), persons.end());

    Clusters clusters;
    for (auto& view : tx.views_of_persons(p, persons)) {
        clusters.person_of[view.view] = view.person;
        clusters.views_of[view.person].push_back(std::move(view));
    }
    const auto permit = office.gate->system("refresh");
    const auto now = office.clock.now();
    Folded all;
    const auto gather = [&](Result<Folded> some) -> Result<void> {
        auto folded = TRY(std::move(some));
        all.cases.insert(all.cases.end(), folded.cases.begin(), folded.cases.end());
        all.closed.insert(all.closed.end(), folded.closed.begin(), folded.closed.end());
        std::move(folded.duties.begin(), folded.duties.end(), std::back_inserter(all.duties));
        all.gatherings.insert(all.gatherings.end(), folded.gatherings.begin(), folded.gatherings.end());
        return {};
    };
    std::deque<std::future<Result<Folded>>> beside;
    const auto gather_oldest = [&]() -> Result<void> {
        auto folded = beside.front().get();
        beside.pop_front();
        return gather(std::move(folded));
    };
    for (std::size_t from = 0; from < persons.size(); from += at_a_time) {
        const auto some = std::span<const ViewId>(persons).subspan(from, std::min(at_a_time, persons.size() - from));
        std::vector<ViewId> views;
        for (const auto& person : some) {
            for (const auto& view : clusters.views_of.at(person)) views.push_back(view.view);
        }
        auto rows = tx.entries_of_records(p, views, store::Want::cards, most_facts);
        if (beside.size() == most_under_way) TRY_VOID(gather_oldest());
        if (persons.size() <= at_a_time) {
            TRY_VOID(gather(fold(office, permit, clusters, some, std::move(rows), now)));
        } else {
            beside.push_back(std::async(std::launch::async,
                                        [&office, &permit, &clusters, some, now, rows = std::move(rows)]() mutable {
                                            return fold(office, permit, clusters, some, std::move(rows), now);
                                        }));
        }
    }
    while (!beside.empty()) TRY_VOID(gather_oldest());
    if (all.cases.empty()) return {};
    tx.replace_duties(p, all.cases, all.duties);
    tx.put_gatherings(p, all.gatherings);

    std::vector<store::CaseRow> changed;
    const auto rows = tx.cases(p, all.cases);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!rows[i] || rows[i]->closed == all.closed[i]) continue;
        changed.push_back(*rows[i]);
        changed.back().closed = all.closed[i];
    }
    if (!changed.empty()) tx.update_cases(p, changed);
    return {};
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
            const auto identity = TRY(office.journal->open_identity(view.identity, view.view, view.version));
            for (const auto token : people::tokens_of(people::features_of(identity), office.token_key)) {
                tokens.push_back({token, view.view});
            }
        }
        tx.delete_tokens_of(p, ids);
        tx.insert_tokens(p, tokens);
        tx.set_persons(p, pairs);
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
