#include "casework/replay.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/sweep.hpp"

namespace waymark::casework {

namespace {

template <class Items>
void count(const Items& items, std::size_t& all, std::map<std::string, std::size_t>& by,
           std::string std::decay_t<decltype(items.front())>::*id) {
    all += items.size();
    for (const auto& one : items) ++by[one.*id];
}

json::object counts(const std::map<std::string, std::size_t>& by) {
    json::object all;
    for (const auto& [id, n] : by) all[id] = n;
    return all;
}

void add_to(ReplaySums& sums, const procedure::NoLonger& gone) {
    if (gone.empty()) return;
    ++sums.cases;
    count(gone.due, sums.due, sums.by_duty, &procedure::NoLongerDue::id);
    count(gone.blocked, sums.blocked, sums.by_rule, &procedure::WouldBeBlocked::rule);
    count(gone.shown, sums.shown, sums.by_cue, &procedure::NoLongerShown::id);
}

json::object sums_in_json(const ReplaySums& sums) {
    return {
        {"cases", sums.cases},
        {"due", sums.due},
        {"blocked", sums.blocked},
        {"shown", sums.shown},
        {"by", json::object{
                   {"due", counts(sums.by_duty)}, {"blocked", counts(sums.by_rule)}, {"shown", counts(sums.by_cue)}}}};
}

}  // namespace

Result<procedure::Procedure> changed_procedure(const Office& office, std::string_view toml, const std::string& file,
                                               const std::optional<content::Profile>& profile,
                                               const std::string& profile_file) {
    auto changed = TRY(procedure::parse_rulebook(toml, file, office.catalogue));
    const auto& under = profile ? *profile : office.editions.now().profile;
    auto books = TRY(adopted_procedures(under, office.editions.newest(), office.catalogue));
    const auto own =
        std::find_if(books.begin(), books.end(), [&](const auto& one) { return one.name == changed.name; });
    if (own != books.end()) {
        *own = std::move(changed);
    } else {
        books.push_back(std::move(changed));
    }
    auto whole = TRY(procedure::with_profile(TRY(procedure::combine(std::move(books))), under, profile_file));
    return procedure::Procedure(std::move(whole));
}

void ReplayTotals::add(const procedure::Replayed& one) {
    ++cases;
    if (one.empty()) return;
    ++changed;
    count(one.due, due, by_duty, &procedure::WouldBeDue::id);
    count(one.blocked, blocked, by_rule, &procedure::WouldBeBlocked::rule);
    count(one.shown, shown, by_cue, &procedure::WouldBeShown::id);
    add_to(no_longer, one.no_longer);
    const auto days = one.earlier_days().value_or(0);
    if (days <= 0) return;
    ++earlier;
    earlier_days += days;
    most_earlier_days = std::max(most_earlier_days, days);
}

json::object to_json(const ReplayTotals& totals) {
    return {{"totals", json::object{{"cases", totals.cases},
                                    {"changed", totals.changed},
                                    {"due", totals.due},
                                    {"blocked", totals.blocked},
                                    {"shown", totals.shown},
                                    {"earlier", json::object{{"cases", totals.earlier},
                                                             {"days", totals.earlier_days},
                                                             {"most", totals.most_earlier_days}}},
                                    {"by", json::object{{"due", counts(totals.by_duty)},
                                                        {"blocked", counts(totals.by_rule)},
                                                        {"shown", counts(totals.by_cue)}}},
                                    {"no_longer", sums_in_json(totals.no_longer)}}}};
}

Result<std::string> procedure_in_folder(const Office& office, std::string_view name) {
    if (adopted_text(office.editions.newest(), "procedure", name) == nullptr)
        return fault(FaultKind::missing, std::string(name), "No such procedure is in force.",
                     "Choose one of the list.");
    return content::read_content(office.content_dir, procedure_file(name));
}

namespace {

// `told` is called for every case that was read, with nothing to tell or not.
Result<void> replay_each(const Office& office, const record::Permit& permit, const procedure::Procedure& changed,
                         const procedure::Period& period, Instant as_of, unsigned threads,
                         const std::function<bool(const procedure::Replayed&)>& told) {
    return sweep<procedure::Replayed>(
        office, permit, threads,
        [&](const procedure::Dossier& dossier) {
            return procedure::replay(office.procedure_of(dossier), changed, *office.calendar, dossier, as_of, period);
        },
        told);
}

}  // namespace

Result<ReplayTotals> replay(const Office& office, const record::Asker& asker, const procedure::Procedure& changed,
                            const procedure::Period& period, Instant as_of, unsigned threads,
                            const std::function<bool(const procedure::Replayed&)>& visit) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    ReplayTotals totals;
    TRY_VOID(replay_each(office, permit, changed, period, as_of, threads, [&](const procedure::Replayed& one) {
        totals.add(one);
        return one.empty() || visit(one);
    }));
    return totals;
}

Result<ReplayAnswer> replay_answer(const Office& office, const record::Asker& asker,
                                   const procedure::Procedure& changed, const ReplayQuestion& question,
                                   unsigned threads) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    const auto now = office.clock.now();
    auto as_of = now;
    if (question.on) {
        as_of = std::min(now, office.calendar->zone().end_of(*question.on) - std::chrono::microseconds{1});
    }
    ReplayAnswer answer;
    std::vector<procedure::Replayed> told;
    TRY_VOID(replay_each(office, permit, changed, question.period, as_of, threads, [&](const auto& one) {
        answer.totals.add(one);
        if (!one.empty() && told.size() < question.most_cases) told.push_back(one);
        answer.whole = office.clock.now() <= now + question.most_time;
        return answer.whole;
    }));
    return read_as<ReplayAnswer>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<ReplayAnswer> {
        std::vector<ViewId> persons;
        persons.reserve(told.size());
        for (const auto& one : told) persons.push_back(one.person);
        const auto names = TRY(names_of_persons(office, snapshot, permit, persons));
        auto named = answer;
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        for (std::size_t i = 0; i < told.size(); ++i) {
            named.cases.push_back({told[i], names[i]});
            seen.add(knowing.relationship(told[i].person), told[i].person, told[i].case_id, {},
                     std::string(name_fields));
        }
        return named;
    });
}

}  // namespace waymark::casework
