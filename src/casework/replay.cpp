#include "casework/replay.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "casework/access.hpp"
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

}  // namespace

Result<procedure::Procedure> changed_procedure(const Office& office, std::string_view toml, const std::string& file,
                                               const std::optional<content::Profile>& profile,
                                               const std::string& profile_file) {
    auto changed = TRY(procedure::parse_rulebook(toml, file, office.catalogue));
    const auto& under = profile ? *profile : office.editions.now().profile;
    std::vector<procedure::Rulebook> books;
    bool placed = false;
    for (const auto& name : under.procedures) {
        if (name == changed.name) {
            books.push_back(changed);
            placed = true;
        } else if (const auto* text = adopted_text(office.editions.newest(), "procedure", name)) {
            books.push_back(TRY(procedure::parse_rulebook(text->text, procedure_file(name), office.catalogue)));
        }
    }
    if (!placed) books.push_back(std::move(changed));
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
                                                        {"shown", counts(totals.by_cue)}}}}}};
}

Result<ReplayTotals> replay(const Office& office, const record::Asker& asker, const procedure::Procedure& changed,
                            const procedure::Period& period, Instant as_of, unsigned threads,
                            const std::function<bool(const procedure::Replayed&)>& visit) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    ReplayTotals totals;
    TRY_VOID(sweep<procedure::Replayed>(
        office, permit, threads,
        [&](const procedure::Dossier& dossier) {
            return procedure::replay(office.procedure_of(dossier), changed, *office.calendar, dossier, as_of, period);
        },
        [&](const procedure::Replayed& one) {
            totals.add(one);
            return one.empty() || visit(one);
        }));
    return totals;
}

}  // namespace waymark::casework
