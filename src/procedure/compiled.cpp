// Names to indices.
#include "procedure/compiled.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "procedure/cues.hpp"

namespace waymark::procedure {

namespace {

constexpr std::pair<std::string_view, Part> parts[] = {
    {"concern.raised", Part::concern},
    {"referral.received", Part::referral},
    {"triage.decided", Part::triage},
    {"concern.classified", Part::classified},
    {"earlier.judged", Part::judged},
    {"visit.made", Part::visit},
    {"action.completed", Part::action},
    {"support.delivered", Part::support},
    {"disclosure.made", Part::disclosure},
    {"charge.decided", Part::charge},
    {"sentence.passed", Part::sentence},
    {"proceedings.ended", Part::proceedings},
    {"strategy.held", Part::strategy},
    {"case.opened", Part::opened},
    {"case.closed", Part::closed},
    {"cue.dismissed", Part::dismissed},
    {"incident.recorded", Part::incident},
    {"crime.recorded", Part::crime},
    {"plan.agreed", Part::planned},
    {"plan.ended", Part::plan_ended},
    {"plan.reviewed", Part::reviewed},
    {"review.independent", Part::independent},
    {"circumstance.changed", Part::changed},
    {"conference.held", Part::conference},
    {"meeting.convened", Part::convened},
    {"meeting.held", Part::meeting},
    {"challenge.raised", Part::challenged},
    {"challenge.escalated", Part::challenge_passed_on},
    {"challenge.responded", Part::challenge_answered},
    {"challenge.resolved", Part::challenge_ended},
    {"action.proposed", Part::proposed},
    {"consultation.requested", Part::asked},
};

bool equals(const json::value& value, std::string_view code) {
    if (const auto* text = value.if_string()) return std::string_view(*text) == code;
    if (const auto* flag = value.if_bool()) return code == (*flag ? "true" : "false");
    if (value.is_int64() || value.is_uint64()) {
        char buffer[24];
        const auto end = value.is_int64() ? std::to_chars(buffer, buffer + sizeof buffer, value.get_int64()).ptr
                                          : std::to_chars(buffer, buffer + sizeof buffer, value.get_uint64()).ptr;
        return code == std::string_view(buffer, static_cast<std::size_t>(end - buffer));
    }
    if (const auto* list = value.if_array()) {
        return std::any_of(list->begin(), list->end(),
                           [&](const json::value& one) { return !one.is_array() && equals(one, code); });
    }
    return false;
}

std::vector<Attendee> attendees(const json::value* list) {
    auto all = listed(list);
    std::erase_if(all, [](const Attendee& one) { return one.only_sent; });
    return all;
}

int years_between(Date born, Date day) {
    const std::chrono::year_month_day a{born};
    const std::chrono::year_month_day b{day};
    int years = static_cast<int>(b.year()) - static_cast<int>(a.year());
    if (std::pair(b.month(), b.day()) < std::pair(a.month(), a.day())) --years;
    return years;
}

}  // namespace

std::optional<Born> born_on(Date date, std::string_view accuracy) {
    const auto vague = [&](std::size_t at) { return accuracy.size() == 3 && accuracy[at] != 'A'; };
    if (accuracy.size() == 3 && accuracy[2] == 'U') return std::nullopt;
    const std::chrono::year_month_day ymd{date};
    const auto whole = [](std::chrono::year year, std::chrono::month first, std::chrono::month last) {
        return Born{Date{year / first / std::chrono::day(1)}, Date{year / last / std::chrono::last}};
    };
    if (vague(2)) {
        return Born{Date{(ymd.year() - std::chrono::years(1)) / std::chrono::January / std::chrono::day(1)},
                    Date{(ymd.year() + std::chrono::years(1)) / std::chrono::December / std::chrono::day(31)}};
    }
    if (vague(1)) return whole(ymd.year(), std::chrono::January, std::chrono::December);
    if (vague(0)) return whole(ymd.year(), ymd.month(), ymd.month());
    return Born{date, date};
}

bool Ages::hold(const std::optional<Born>& born, Date day) const {
    if (!born || !any()) return true;
    return years_between(born->earliest, day) >= from && years_between(born->latest, day) <= to;
}

std::vector<Attendee> listed(const json::value* list) {
    std::vector<Attendee> all;
    const auto* array = list == nullptr ? nullptr : list->if_array();
    if (array == nullptr) return all;
    for (const auto& one : *array) {
        if (const auto* key = one.if_string()) {
            all.push_back({*key, {}, false, false});
        } else if (const auto* object = one.if_object()) {
            const auto* came = find(*object, "attended");
            all.push_back({string_or(*object, "agency", ""), string_or(*object, "service", ""),
                           is_true(*object, "contributed"), came != nullptr && came->is_bool() && !came->get_bool()});
        }
    }
    return all;
}

bool has_code(const json::value* value, const std::vector<std::string>& codes) {
    const bool present = value != nullptr && !value->is_null();
    return std::any_of(codes.begin(), codes.end(), [&](const std::string& code) {
        if (code == "absent") return !present;
        if (code == "present") return present;
        return present && equals(*value, code);
    });
}

bool is_true(const json::object& fields, std::string_view field) {
    const auto* value = find(fields, field);
    return value != nullptr && value->is_bool() && value->get_bool();
}

Compiled::Compiled(const Rulebook& rulebook) : book(&rulebook) {
    for (const auto& [key, part] : parts) kinds[key].part = part;
    const auto number = [&](const Bound& bound) { return static_cast<std::int16_t>(rulebook.value_of(bound)); };
    const auto ages_of = [&](const AgeLimits& limits) {
        Ages ages;
        if (limits.from) ages.from = number(*limits.from);
        if (limits.to) ages.to = number(*limits.to);
        return ages;
    };
    for (const auto& cue : rulebook.cues) cues.push_back(cue.event.empty() ? evaluator_of(cue.id) : nullptr);
    for (const auto& type : rulebook.instances) types.push_back({&type, {}});
    nodes.reserve(rulebook.events.size());
    for (const auto& event : rulebook.events) {
        const auto index = static_cast<std::uint16_t>(nodes.size());
        auto& node = nodes.emplace_back();
        node.event = &event;
        node.ages = ages_of(event.guard.age);
        node.active = rulebook.has(event.needs);
        for (const auto* part : {&event.guard.fields, &event.guard.except}) {
            for (const auto& [field, codes] : *part) {
                node.tests.push_back({field, &codes, part == &event.guard.except, event.guard.by_type.contains(field),
                                      event.guard.inherited.contains(field)});
            }
        }
        if (node.active && !event.kind.empty()) {
            auto& info = kinds[event.kind];
            info.events.push_back(index);
            info.inherits = info.inherits || !event.guard.inherited.empty();
        }
        for (std::size_t t = 0; t < types.size(); ++t) {
            if (types[t].shape->id != event.instance) continue;
            node.type = static_cast<std::uint16_t>(t);
            node.local = static_cast<std::uint16_t>(types[t].events.size());
            types[t].events.push_back(index);
            const auto in = [&](const std::vector<std::string>& ids) {
                return std::find(ids.begin(), ids.end(), event.id) != ids.end();
            };
            node.opens = in(types[t].shape->opened_by);
            node.closes = in(types[t].shape->closed_by);
        }
        if (node.type == none) globals.push_back(index);
    }
    links.resize(rulebook.rules.size());
    std::unordered_map<std::string_view, std::uint16_t> index_of;
    for (std::size_t i = 0; i < rulebook.events.size(); ++i)
        index_of.emplace(rulebook.events[i].id, static_cast<std::uint16_t>(i));
    const auto look_up = [&](const std::string& id) {
        const auto at = index_of.find(id);
        return at == index_of.end() ? none : at->second;
    };
    std::unordered_map<std::string_view, std::uint16_t> first;
    for (std::size_t index = 0; index < rulebook.rules.size(); ++index) {
        const auto r = static_cast<std::uint16_t>(index);
        const auto& rule = rulebook.rules[index];
        auto& link = links[index];
        link.from = look_up(rule.from);
        link.to = look_up(rule.to);
        link.first_of_id = first.emplace(rule.id, r).first->second;
        if (link.from == none || link.to == none) continue;  // the parser and `check` refuse it
        link.ages = ages_of(rule.age);
        link.active = rulebook.has(rule.needs) && nodes[link.from].active && nodes[link.to].active;
        const auto list = [&](const std::vector<std::string>& ids) {
            std::vector<std::uint16_t> all;
            for (const auto& id : ids) {
                if (const auto at = look_up(id); at != none && nodes[at].active) all.push_back(at);
            }
            return all;
        };
        link.also = list(rule.also_met_by);
        link.since = list(rule.since);
        link.counts = list(rule.counts_from_events);
        if (link.active) add_rule(r);
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (!nodes[i].active || nodes[i].event->missed.empty()) continue;
        for (std::size_t r = 0; r < links.size(); ++r) {
            if (rulebook.rules[r].id == nodes[i].event->missed)
                links[r].missed.push_back(static_cast<std::uint16_t>(i));
        }
    }
}

void Compiled::add_rule(std::uint16_t r) {
    const auto& rule = book->rules[r];
    const auto& link = links[r];
    auto& source = nodes[link.from];
    auto& target = nodes[link.to];
    switch (rule.relation) {
        case Relation::response:
            source.raises.push_back(r);
            target.meets.push_back(r);
            target.owes.push_back(r);
            if (!target.event->kind.empty()) kinds[target.event->kind].owed = true;
            if (rule.matched_by_about && !target.event->kind.empty()) kinds[target.event->kind].answers = true;
            for (const auto also : link.also) {
                if (also != link.to) nodes[also].meets.push_back(r);
            }
            break;
        case Relation::condition:
        case Relation::milestone:
            target.gates.push_back(r);
            break;
        case Relation::exclude:
            source.excludes.push_back(r);
            break;
        case Relation::include:
            source.includes.push_back(r);
            break;
    }
    if (triage_clock == nullptr && rule.relation == Relation::response && rule.deadline && rule.matched_by_about &&
        source.event->kind == "concern.raised" && source.tests.empty() && target.event->kind == "triage.decided") {
        triage_clock = &rule;
    }
}

const KindInfo& Compiled::kind(std::string_view key) const {
    const auto at = kinds.find(key);
    return at == kinds.end() ? unknown : at->second;
}

std::string_view Compiled::type_of(std::string_view agency) const {
    const auto at = book->attending.type_of.find(std::string(agency));
    return at == book->attending.type_of.end() ? agency : std::string_view(at->second);
}

bool Compiled::has_type(const json::value* list, const std::vector<std::string>& codes,
                        std::string_view otherwise) const {
    auto all = attendees(list);
    if (all.empty() && list != nullptr && list->is_string()) all.push_back({std::string_view(list->get_string()), {}});
    const bool present = !all.empty();
    if (!present && !otherwise.empty()) all.push_back({otherwise, {}});
    return std::any_of(codes.begin(), codes.end(), [&](const std::string& code) {
        if (code == "absent") return !present;
        if (code == "present") return present;
        return std::any_of(all.begin(), all.end(), [&](const Attendee& one) { return type_of(one.agency) == code; });
    });
}

std::vector<const content::Requirement*> Compiled::missing(const Candidate& candidate,
                                                           const std::vector<std::string>* procedures) const {
    std::vector<const content::Requirement*> found;
    const auto all = attendees(find(*candidate.fields, "attended"));
    for (const auto& required : book->attending.required) {
        const bool elsewhere =
            procedures != nullptr && !required.procedure.empty() &&
            std::find(procedures->begin(), procedures->end(), required.procedure) == procedures->end();
        if (elsewhere) continue;
        Ages ages;
        if (required.age_from) ages.from = static_cast<std::int16_t>(*required.age_from);
        if (required.age_to) ages.to = static_cast<std::int16_t>(*required.age_to);
        if (!ages.hold(*candidate.born, candidate.day)) continue;
        const bool came = std::any_of(all.begin(), all.end(), [&](const Attendee& one) {
            return type_of(one.agency) == required.type &&
                   (required.service.empty() || one.service == required.service);
        });
        if (!came) found.push_back(&required);
    }
    return found;
}

const content::Quorum& Compiled::quorum_of(std::string_view kind, const json::object& fields) const {
    const auto& who = book->attending;
    auto own = who.by_meeting.find(std::string(string_or(fields, "type", "")));
    if (own == who.by_meeting.end()) own = who.by_meeting.find(std::string(kind.substr(0, kind.find('.'))));
    return own == who.by_meeting.end() ? who.quorum : own->second;
}

bool Compiled::attended(Attendance asked, const Candidate& candidate, std::string_view kind,
                        const std::vector<std::string>* procedures) const {
    const auto all = attendees(find(*candidate.fields, "attended"));
    const auto has = [&](std::string_view type) {
        return std::any_of(all.begin(), all.end(), [&](const Attendee& one) { return type_of(one.agency) == type; });
    };
    if (asked == Attendance::all_required || asked == Attendance::not_all_required) {
        const bool whole = !all.empty() && missing(candidate, procedures).empty();
        return whole == (asked == Attendance::all_required);
    }
    const auto& quorum = quorum_of(kind, *candidate.fields);
    const bool as_an_exception = quorum.exceptionally > 0 && is_true(*candidate.fields, "exceptional");
    const int least = as_an_exception ? quorum.exceptionally : quorum.at_least;
    std::set<std::string_view> agencies;
    for (const auto& one : all) agencies.insert(one.agency);
    const bool quorate = static_cast<int>(agencies.size()) >= std::max(1, least) &&
                         std::all_of(quorum.types.begin(), quorum.types.end(), has);
    return quorate == (asked == Attendance::quorum);
}

bool Compiled::matches(const Node& node, const Candidate& candidate) const {
    const auto& guard = node.event->guard;
    if (guard.involvement != 0 && (guard.involvement & candidate.involvement) == 0) return false;
    const bool fits = std::all_of(node.tests.begin(), node.tests.end(), [&](const Test& test) {
        const auto* value = find(*candidate.fields, test.field);
        if (test.inherited) {
            for (const auto* beyond : candidate.beyond) {
                if ((value != nullptr && !value->is_null()) || beyond == nullptr) break;
                value = find(*beyond, test.field);
            }
        }
        // A view that does not say whose it is is that of the agency that recorded it.
        const bool has = test.by_type
                             ? has_type(value, *test.codes, test.field == "by" ? candidate.agency : std::string_view())
                             : has_code(value, *test.codes);
        return has != test.except;
    });
    if (!fits) return false;
    if (!guard.agencies.empty() && !candidate.agency.empty() &&
        std::find(guard.agencies.begin(), guard.agencies.end(), type_of(candidate.agency)) == guard.agencies.end())
        return false;
    if (guard.weekend && !is_weekend(candidate.day)) return false;
    if (node.ages.any() && !node.ages.hold(*candidate.born, candidate.day)) return false;
    return guard.attendance == Attendance::any ||
           attended(guard.attendance, candidate, node.event->kind, &node.event->procedures);
}

}  // namespace waymark::procedure
