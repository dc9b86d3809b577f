// The standing of a case: the fold, shown as duties, gates, breaches and cues.
#include <algorithm>

#include <fmt/core.h>

#include "procedure/view.hpp"

namespace waymark::procedure {

namespace {

struct Folded {
    Folded(const Compiled& compiled, const Calendar& calendar, const Dossier& dossier, Instant now)
        : known(compiled, calendar, dossier, now),
          history(known),
          fold(compiled, calendar, known, history, dossier.born) {
        for (std::uint32_t i = 0; i < known.items().size(); ++i) fold.take(i);
        fold.pass_to(now);
    }
    Folded(const Folded&) = delete;
    Folded& operator=(const Folded&) = delete;
    Known known;
    History history;
    Fold fold;
};

Standing standing_with(const Compiled& compiled, const Calendar& calendar, const Dossier& dossier, Instant now) {
    const Folded folded(compiled, calendar, dossier, now);
    return standing_of({compiled, calendar, folded.known, folded.history, folded.fold, now}, dossier.case_id,
                       dossier.person);
}

std::vector<Gate> held_with(const Compiled& compiled, const Calendar& calendar, const Dossier& dossier, Instant now,
                            std::string_view kind, const json::object& fields, EntryId about) {
    const Folded folded(compiled, calendar, dossier, now);
    const auto& info = compiled.kind(kind);
    const Fold::Attempt attempt{{now, false}, now, Known::none, about, info.part};
    const auto seen = folded.fold.candidate(fields, about, info, calendar.day_of(now));
    std::vector<Gate> held;
    for (const auto event : info.events) {
        const auto& node = compiled.nodes[event];
        if (!compiled.matches(node, seen)) continue;
        const auto instance =
            node.type == Compiled::none ? Owed::whole_case : folded.fold.belongs(node.type, {about, &fields, {}});
        for (auto& gate : folded.fold.held(event, attempt, instance)) held.push_back(std::move(gate));
    }
    return held;
}

std::vector<Earlier> earlier_with(const History& history, const Calendar* calendar, const Rule* clock,
                                  const record::Fact& concern, Instant now) {
    std::vector<Earlier> found;
    const auto& known = history.known();
    const auto* in_hand = history.line_of(concern.id);
    if (in_hand == nullptr) return found;
    const auto& hand = known.fact(in_hand->at);
    // A judgement counts for the concern in hand whenever it was made after that was received.
    const When ever{Instant{INT64_MAX}, false};
    for (const auto& line : history.lines()) {
        if (!history.is_earlier(line, *in_hand, true)) continue;
        auto& one = found.emplace_back();
        one.concern = &known.fact(line.at);
        one.closed_as = history.closed_as(line);
        one.closed_without_action = history.closed_without_action(line, calendar, clock, now);
        if (line.classification != Known::none) {
            one.classification = string_or(known.fact(line.classification).fields, "category", "");
        }
        for (const auto at : line.judgements) one.judgements.push_back(&known.fact(at));
        one.in_hand = concern.id;
        one.judged = history.judged(line, hand, ever);
    }
    return found;
}

// Reads no holiday: for questions in which no day is counted.
const Calendar& any_calendar() {
    static const Calendar calendar{content::CalendarData{}};
    return calendar;
}

json::value when_due(const Duty& duty) {
    return duty.due_day ? json::value(format_date(*duty.due_day)) : json::value(to_string(duty.due));
}

json::value date_or_null(const std::optional<Date>& day) {
    return day ? json::value(format_date(*day)) : json::value(nullptr);
}

json::value id_or_null(EntryId id) {
    return id ? json::value(to_string(id)) : json::value(nullptr);
}

json::array ids(const std::vector<EntryId>& entries) {
    json::array list;
    for (const auto id : entries) list.emplace_back(to_string(id));
    return list;
}

}  // namespace

std::string_view to_string(DutyState state) {
    switch (state) {
        case DutyState::open:
            return "open";
        case DutyState::met:
            return "met";
        case DutyState::met_late:
            return "met-late";
        case DutyState::overdue:
            return "overdue";
        case DutyState::not_met:
            return "not-met";
    }
    return "open";
}

Standing standing(const Rulebook& rulebook, const Calendar& calendar, const Dossier& dossier, Instant now) {
    return standing_with(Compiled(rulebook), calendar, dossier, now);
}

std::vector<Gate> held_by(const Rulebook& rulebook, const Calendar& calendar, const Dossier& dossier, Instant now,
                          std::string_view kind, const json::object& fields, EntryId about) {
    return held_with(Compiled(rulebook), calendar, dossier, now, kind, fields, about);
}

Procedure::Procedure(Rulebook rulebook)
    : rulebook_(std::make_unique<const Rulebook>(std::move(rulebook))),
      compiled_(std::make_unique<const Compiled>(*rulebook_)) {}
Procedure::~Procedure() = default;
Procedure::Procedure(Procedure&&) noexcept = default;
Procedure& Procedure::operator=(Procedure&&) noexcept = default;

Standing Procedure::standing(const Calendar& calendar, const Dossier& dossier, Instant now) const {
    return standing_with(*compiled_, calendar, dossier, now);
}

std::vector<Gate> Procedure::held_by(const Calendar& calendar, const Dossier& dossier, Instant now,
                                     std::string_view kind, const json::object& fields, EntryId about) const {
    return held_with(*compiled_, calendar, dossier, now, kind, fields, about);
}

std::vector<Earlier> earlier_concerns(const Dossier& dossier, const record::Fact& concern) {
    const Rulebook nothing;
    const Compiled compiled(nothing);
    constexpr Instant end_of_time{253'402'300'799'000'000};
    const Known known(compiled, any_calendar(), dossier, end_of_time);
    return earlier_with(History(known), nullptr, nullptr, concern, end_of_time);
}

std::vector<Earlier> earlier_concerns(const Rulebook& rulebook, const Calendar& calendar, const Dossier& dossier,
                                      const record::Fact& concern, Instant now) {
    const Compiled compiled(rulebook);
    const Known known(compiled, calendar, dossier, now);
    return earlier_with(History(known), &calendar, compiled.triage_clock, concern, now);
}

json::object to_json(const Standing& standing) {
    json::array duties;
    for (const auto& duty : standing.duties) {
        json::object one{
            {"id", duty.id},
            {"raised_by", to_string(duty.raised_by)},
            {"due", when_due(duty)},
            {"state", to_string(duty.state)},
            {"owner", duty.owner},
            {"escalated_to", duty.escalated_to.empty() ? json::value(nullptr) : json::value(duty.escalated_to)},
            {"label", duty.label},
            {"raised_at", to_string(duty.raised_at)},
            {"met_by", id_or_null(duty.met_by)}};
        if (duty.about) one["about"] = to_string(duty.about);
        if (duty.instance) one["instance"] = to_string(duty.instance);
        if (!duty.urgent.empty()) one["urgent"] = duty.urgent;
        if (duty.beyond_calendar) one["beyond_calendar"] = true;
        if (duty.at_once) one["at_once"] = true;
        duties.push_back(std::move(one));
    }
    json::array breaches;
    for (const auto& breach : standing.breaches) {
        breaches.push_back(
            json::object{{"entry", to_string(breach.entry)}, {"rule", breach.rule}, {"why", breach.why}});
    }
    json::array gates;
    for (const auto& gate : standing.gates) {
        gates.push_back(json::object{{"course", gate.course},
                                     {"open", gate.open},
                                     {"why", gate.why},
                                     {"rule", gate.rule},
                                     {"waits_for", ids(gate.waits_for)}});
    }
    json::array cues;
    for (const auto& cue : standing.cues) {
        cues.push_back(json::object{{"id", cue.id},
                                    {"why", cue.why},
                                    {"entries", ids(cue.entries)},
                                    {"owner", cue.owner},
                                    {"ends", cue.ends},
                                    {"expires", date_or_null(cue.expires)}});
    }
    json::array dismissed;
    for (const auto& aside : standing.put_aside) {
        dismissed.push_back(json::object{{"id", aside.cue.id},
                                         {"why", aside.cue.why},
                                         {"entries", ids(aside.cue.entries)},
                                         {"dismissed", to_string(aside.by)},
                                         {"until", format_date(aside.until)}});
    }
    return {{"case", to_string(standing.case_id)},
            {"person", to_string(standing.person)},
            {"procedure", fmt::format("{} {}", standing.procedure, standing.version)},
            {"closed", standing.closed},
            {"duties", std::move(duties)},
            {"breaches", std::move(breaches)},
            {"gates", std::move(gates)},
            {"cues", std::move(cues)},
            {"dismissed", std::move(dismissed)},
            {"all_agencies_met", date_or_null(standing.gathering.all_met)}};
}

}  // namespace waymark::procedure
