// A fold, shown: duties, gates, breaches and cues.
#include "procedure/view.hpp"

#include <algorithm>

namespace waymark::procedure {

namespace {

std::vector<Duty> duties_of(const View& view) {
    std::vector<Duty> duties;
    duties.reserve(view.fold.owed().size());
    for (const auto& owed : view.fold.owed()) {
        const auto& rule = view.compiled.book->rules[owed.rule];
        const auto state = view.fold.state_of(owed, view.now);
        if (!state || !rule.deadline) continue;
        auto& duty = duties.emplace_back();
        duty.id = rule.id;
        duty.raised_by = view.known.fact(owed.raised_by).id;
        duty.raised_at = owed.from;
        duty.due = *owed.due;
        duty.due_day = owed.due_day;
        duty.at_once = owed.at_once;
        duty.beyond_calendar = owed.due_day && rule.deadline->unit == ClockLength::Unit::working_days &&
                               !view.calendar.covers(*owed.due_day);
        if (owed.about != Known::none) duty.about = view.known.fact(owed.about).id;
        if (owed.instance != Owed::whole_case) duty.instance = view.known.fact(view.fold.opener_of(owed.instance)).id;
        duty.state = *state;
        if (owed.met_by != Known::none) duty.met_by = view.known.fact(owed.met_by).id;
        duty.owner = rule.owner;
        if (owed.passed_to != Compiled::none) duty.escalated_to = view.compiled.book->rules[owed.passed_to].owner;
        duty.label = rule.label;
        duty.urgent = rule.urgent;
        duty.rule = &rule;
    }
    return duties;
}

// Every gate once, as it stands for a decision made now. Of those that share an id and a course, one that holds is
// shown.
std::vector<Gate> gates_of(const View& view) {
    std::vector<Gate> gates;
    const auto add = [&](Gate gate) {
        const auto same = std::find_if(gates.begin(), gates.end(),
                                       [&](const Gate& g) { return g.rule == gate.rule && g.course == gate.course; });
        if (same == gates.end()) {
            gates.push_back(std::move(gate));
        } else if (same->open) {
            *same = std::move(gate);
        } else if (!gate.open) {
            same->waits_for.insert(same->waits_for.end(), gate.waits_for.begin(), gate.waits_for.end());
        }
    };
    for (std::size_t index = 0; index < view.compiled.book->rules.size(); ++index) {
        const auto r = static_cast<std::uint16_t>(index);
        const auto relation = view.compiled.book->rules[r].relation;
        if (!view.compiled.links[r].active || (relation != Relation::condition && relation != Relation::milestone))
            continue;
        const auto event = view.compiled.links[r].to;
        const auto& node = view.compiled.nodes[event];
        if (node.event->kind.empty()) continue;
        const Fold::Attempt attempt{
            {view.now, false}, view.now, Known::none, {}, view.compiled.kind(node.event->kind).part};
        if (node.type == Compiled::none) {
            add(view.fold.gate(r, event, attempt, Owed::whole_case));
        } else {
            for (const auto instance : view.fold.open_instances(node.type))
                add(view.fold.gate(r, event, attempt, instance));
        }
    }
    return gates;
}

}  // namespace

Standing standing_of(const View& view, CaseId case_id, ViewId person) {
    Standing standing;
    standing.case_id = case_id;
    standing.person = person;
    standing.procedure = view.compiled.book->name;
    standing.version = view.compiled.book->version;
    standing.closed = view.fold.closed();
    standing.duties = duties_of(view);
    standing.gates = gates_of(view);
    standing.breaches = view.fold.breaches();
    const auto today = view.calendar.day_of(view.now);
    standing.gathering = gathering_of(view.compiled, view.calendar, view.known, view.fold, today);
    auto shown = cues_of(
        {view.compiled, view.calendar, view.known, view.history, view.fold, standing.gathering, view.now, today});
    standing.cues = std::move(shown.cues);
    standing.put_aside = std::move(shown.put_aside);
    return standing;
}

}  // namespace waymark::procedure
