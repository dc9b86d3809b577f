// Cues that rest on what was written about the child before, whoever holds it. They count incidents and entries; they
// never score a child.
#include <algorithm>
#include <set>
#include <unordered_map>

#include <fmt/core.h>

#include "procedure/scene.hpp"

namespace waymark::procedure {

namespace {

using record::Involvement;

constexpr record::Involvements about_the_child = static_cast<record::Involvements>(Involvement::subject) |
                                                 static_cast<record::Involvements>(Involvement::displayed) |
                                                 static_cast<record::Involvements>(Involvement::affected);

// A person judged that it is not about this child.
bool not_this_child(const Scene& scene, const History::Line& line) {
    return !line.judgements.empty() &&
           string_or(scene.fact(line.judgements.back()).fields, "judgement", "") == "not-this-child";
}

// Concerns (and referrals, where the parameter says so) that are earlier than some concern of the case.
std::vector<const History::Line*> earlier_ones(const Scene& scene, bool with_referrals) {
    std::vector<const History::Line*> found;
    const auto& lines = scene.history.lines();
    const History::Line* latest = nullptr;
    const History::Line* other = nullptr;  // the latest of the case that is of another incident
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
        const bool earlier = (latest != nullptr && scene.history.is_earlier(*line, *latest, with_referrals)) ||
                             (other != nullptr && scene.history.is_earlier(*line, *other, with_referrals));
        if (earlier && !not_this_child(scene, *line)) found.push_back(&*line);
        if (!line->own || line->referral) continue;
        if (latest == nullptr) {
            latest = &*line;
        } else if (other == nullptr && scene.fact(line->at).incident != scene.fact(latest->at).incident) {
            other = &*line;
        }
    }
    std::reverse(found.begin(), found.end());
    return found;
}

std::optional<Cue> immediate_danger(const Scene& scene, const CueRule& rule) {
    auto cue = cue_of(rule);
    for (const auto& line : scene.history.lines()) {
        const auto& fact = scene.fact(line.at);
        if (line.own && !line.referral && line.first_triage == Known::none &&
            is_true(fact.fields, "immediate_danger")) {
            cue.entries.push_back(fact.id);
        }
    }
    if (cue.entries.empty()) return std::nullopt;
    cue.why = "A concern says that a child may be in immediate danger, and no decision is recorded yet. Telephone now.";
    return cue;
}

std::optional<Cue> earlier_concerns(const Scene& scene, const CueRule& rule) {
    const auto earlier = earlier_ones(scene, parameter(rule, "referrals") != 0);
    if (earlier.empty()) return std::nullopt;
    auto cue = cue_of(rule);
    std::set<std::string_view> agencies;
    for (const auto* line : earlier) {
        const auto& fact = scene.fact(line->at);
        cue.entries.push_back(fact.id);
        agencies.insert(fact.agency);
    }
    cue.why = fmt::format("{} about this child {} on record, from {}.",
                          counted(earlier.size(), "earlier concern", "earlier concerns"),
                          earlier.size() == 1 ? "is" : "are", counted(agencies.size(), "agency", "agencies"));
    return cue;
}

std::optional<Cue> earlier_concern_closed(const Scene& scene, const CueRule& rule) {
    auto cue = cue_of(rule);
    std::size_t closed = 0;
    std::size_t undecided = 0;
    std::size_t unclassified = 0;
    for (const auto* line : earlier_ones(scene, parameter(rule, "referrals") != 0)) {
        const auto outcome = scene.history.closed_as(*line);
        const bool ended = outcome == "no-further-action" || outcome == "advice";
        const bool late =
            !ended && scene.history.undecided_in_time(*line, scene.calendar, scene.compiled.triage_clock, scene.now);
        const bool never_classified = line->classification == Known::none;
        if (!ended && !late && !never_classified) continue;
        cue.entries.push_back(scene.fact(line->at).id);
        closed += ended ? 1 : 0;
        undecided += late ? 1 : 0;
        unclassified += never_classified ? 1 : 0;
    }
    if (cue.entries.empty()) return std::nullopt;
    std::vector<std::string> parts;
    if (closed > 0) parts.push_back(fmt::format("{} ended in no further action or advice", closed));
    if (undecided > 0) parts.push_back(fmt::format("{} had no decision in time", undecided));
    if (unclassified > 0)
        parts.push_back(fmt::format("{} {} never classified", unclassified, unclassified == 1 ? "was" : "were"));
    cue.why = fmt::format("{} to look at again: ", counted(cue.entries.size(), "earlier concern", "earlier concerns"));
    for (std::size_t i = 0; i < parts.size(); ++i) cue.why += (i == 0 ? "" : ", ") + parts[i];
    cue.why += '.';
    return cue;
}

// Contract section 5: three or more incidents in twelve months. Entries of one incident, or about one concern, are one
// incident, however many reported it; its day is that of the first of them.
struct Incident {
    std::uint32_t first = Known::none;
    Date day;
};

// What makes reports one incident: the key that their source gave, else the concern that they are about.
std::string incident_key(const Scene& scene, std::uint32_t at) {
    const auto concern = scene.about(at, Part::concern);
    const auto root = concern == Known::none ? at : concern;
    const auto& key = scene.fact(root).incident.empty() ? scene.fact(at).incident : scene.fact(root).incident;
    return key.empty() ? to_string(scene.fact(root).id) : "incident " + key;
}

std::vector<Incident> incidents_of(const Scene& scene) {
    std::vector<std::uint32_t> reports;
    for (const auto& line : scene.history.lines()) {
        if (!line.referral && line.about_child && !not_this_child(scene, line)) reports.push_back(line.at);
    }
    for (std::uint32_t i = 0; i < scene.size(); ++i) {
        if (scene.part(i) != Part::incident) continue;
        const auto involvement = scene.fact(i).involvement;
        if (involvement == 0 || (involvement & about_the_child) != 0) reports.push_back(i);
    }
    if (reports.size() < 2) return {};
    std::sort(reports.begin(), reports.end());
    std::vector<Incident> incidents;
    std::unordered_map<std::string, std::size_t> known;
    for (const auto at : reports) {
        if (known.try_emplace(incident_key(scene, at), incidents.size()).second)
            incidents.push_back({at, scene.day_of(at)});
    }
    return incidents;
}

std::optional<Cue> concern_pattern(const Scene& scene, const CueRule& rule) {
    if (!scene.fold.opened_by()) return std::nullopt;
    auto incidents = incidents_of(scene);
    const auto least = static_cast<std::size_t>(std::max(1, parameter(rule, "incidents")));
    if (incidents.size() < least) return std::nullopt;
    const ClockLength window{ClockLength::Unit::months, parameter(rule, "months")};
    const auto newest = incidents.back().day;
    const auto expires = scene.calendar.due_day(newest, window);
    std::erase_if(incidents, [&](const Incident& one) { return scene.calendar.due_day(one.day, window) < newest; });
    if (incidents.size() < least || expires < scene.today) return std::nullopt;
    auto cue = cue_of(rule);
    for (const auto& one : incidents) cue.entries.push_back(scene.fact(one.first).id);
    cue.expires = expires;
    cue.why =
        fmt::format("{} incidents in {} months, from {} to {}. Reports of one incident count once.", incidents.size(),
                    window.count, format_long(incidents.front().day), format_long(incidents.back().day));
    return cue;
}

bool is_cancelled(const Scene& scene, const record::Fact& crime) {
    const auto reference = string_or(crime.fields, "reference", "");
    const auto& items = scene.known.items();
    return std::any_of(items.begin(), items.end(), [&](const Known::Item& item) {
        const auto& fact = *item.fact;
        return fact.kind == "crime.outcome" && is_true(fact.fields, "cancelled") &&
               (fact.about == crime.id || (!reference.empty() && string_or(fact.fields, "reference", "") == reference));
    });
}

// In which ways an entry speaks of the child: as one who displayed behaviour, as one who was harmed.
struct Sides {
    bool displayed = false;
    bool harmed = false;
};
Sides sides_of(const Scene& scene, std::uint32_t at) {
    const auto& fact = scene.fact(at);
    if (scene.part(at) == Part::crime && is_cancelled(scene, fact)) return {};
    Sides sides{record::has(fact.involvement, Involvement::displayed),
                record::has(fact.involvement, Involvement::affected)};
    // Who is only "the child whose record this is": what the concern is about tells the side.
    if (!sides.displayed && !sides.harmed && record::has(fact.involvement, Involvement::subject)) {
        const auto what = string_or(fact.fields, "about_what", "");
        sides.displayed = what == "displayed-behaviour";
        sides.harmed = what == "harmed" || what == "exploitation";
    }
    return sides;
}

std::optional<Cue> harmed_and_displayed(const Scene& scene, const CueRule& rule) {
    if (!scene.is_open()) return std::nullopt;
    auto cue = cue_of(rule);
    std::size_t displayed = 0;
    std::size_t harmed = 0;
    const auto see = [&](std::uint32_t at) {
        const auto sides = sides_of(scene, at);
        if (sides.displayed || sides.harmed) cue.entries.push_back(scene.fact(at).id);
        displayed += sides.displayed ? 1 : 0;
        harmed += sides.harmed ? 1 : 0;
    };
    for (const auto& line : scene.history.lines()) {
        if (!not_this_child(scene, line)) see(line.at);
    }
    if (displayed + harmed == 0) return std::nullopt;
    for (std::uint32_t i = 0; i < scene.size(); ++i) {
        if (scene.part(i) == Part::crime) see(i);
    }
    if (displayed == 0 || harmed == 0) return std::nullopt;
    const auto entries = [](std::size_t n) { return counted(n, "entry", "entries"); };
    cue.why = fmt::format(
        "This child is said to have displayed behaviour ({}) and to have been harmed ({}). Both must be answered.",
        entries(displayed), entries(harmed));
    return cue;
}

constexpr Evaluator of_concerns[] = {
    {"immediate-danger", immediate_danger, "front-door", "When a decision on the concern is recorded.", true},
    {"earlier-concerns", earlier_concerns, "front-door",
     "When every earlier concern was judged not to be about this child.", true},
    {"earlier-concern-closed", earlier_concern_closed, "social-care-manager",
     "When every such concern was judged not to be about this child."},
    {"concern-pattern", concern_pattern, "social-care-manager", "When the twelve months since the newest are over.",
     true},
    {"harmed-and-displayed", harmed_and_displayed, "social-worker", "When the case ends.", true},
};

}  // namespace

std::span<const Evaluator> cues_of_concerns() {
    return of_concerns;
}

}  // namespace waymark::procedure
