// Each cue lists the entries that it rests on and says why in plain words. It counts and shows; it never scores a
// child.
#include "procedure/cues.hpp"

#include <algorithm>
#include <set>

#include <fmt/core.h>

namespace waymark::procedure {

namespace {

using std::chrono::days;

struct Scene {
    const Compiled& compiled;
    const Calendar& calendar;
    const Known& known;
    const History& history;
    const Fold& fold;
    Instant now;
    Date today;
};

int parameter(const CueRule& rule, const std::string& name) {
    const auto at = rule.parameters.find(name);
    return at != rule.parameters.end() ? at->second : cue_parameters(rule.id).at(name);
}

std::string counted(std::size_t n, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", n, n == 1 ? one : many);
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
        // Where a person judged that it is not about this child, it is not an earlier concern about the child.
        const bool not_this_child =
            !line->judgements.empty() &&
            string_or(scene.known.fact(line->judgements.back()).fields, "judgement", "") == "not-this-child";
        if (earlier && !not_this_child) found.push_back(&*line);
        if (!line->own || line->referral) continue;
        if (latest == nullptr) {
            latest = &*line;
        } else if (other == nullptr && scene.known.fact(line->at).incident != scene.known.fact(latest->at).incident) {
            other = &*line;
        }
    }
    std::reverse(found.begin(), found.end());
    return found;
}

std::optional<Cue> immediate_danger(const Scene& scene, const CueRule& rule) {
    Cue cue{rule.id, {}, {}};
    for (const auto& line : scene.history.lines()) {
        const auto& fact = scene.known.fact(line.at);
        if (line.own && !line.referral && line.first_triage == Known::none &&
            is_true(fact.fields, "immediate_danger")) {
            cue.entries.push_back(fact.id);
        }
    }
    if (cue.entries.empty()) return std::nullopt;
    cue.why = "A concern says that a child may be in immediate danger, and no decision is recorded yet. Telephone now.";
    return cue;
}

std::optional<Cue> earlier_concerns_cue(const Scene& scene, const CueRule& rule) {
    const auto earlier = earlier_ones(scene, parameter(rule, "referrals") != 0);
    if (earlier.empty()) return std::nullopt;
    Cue cue{rule.id, {}, {}};
    std::set<std::string_view> agencies;
    for (const auto* line : earlier) {
        const auto& fact = scene.known.fact(line->at);
        cue.entries.push_back(fact.id);
        agencies.insert(fact.agency);
    }
    cue.why = fmt::format("{} about this child {} on record, from {}.",
                          counted(earlier.size(), "earlier concern", "earlier concerns"),
                          earlier.size() == 1 ? "is" : "are", counted(agencies.size(), "agency", "agencies"));
    return cue;
}

std::optional<Cue> earlier_concern_closed(const Scene& scene, const CueRule& rule) {
    Cue cue{rule.id, {}, {}};
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
        cue.entries.push_back(scene.known.fact(line->at).id);
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

std::optional<Cue> drift(const Scene& scene, const CueRule& rule) {
    if (scene.fold.closed() || !scene.fold.opened_by()) return std::nullopt;
    const auto opened = *scene.fold.opened_by();
    auto last = opened;
    bool seen = false;
    const auto& items = scene.known.items();
    for (auto i = static_cast<std::uint32_t>(items.size()); i-- > opened;) {
        const auto part = items[i].kind->part;
        const auto& fields = items[i].fact->fields;
        if (part == Part::action || part == Part::support ||
            (part == Part::visit && (is_true(fields, "seen") || is_true(fields, "seen_alone")))) {
            last = i;
            seen = true;
            break;
        }
    }
    const auto since = (scene.today - scene.calendar.day_of(scene.known.fact(last).at)).count();
    const auto limit = parameter(rule, "days");
    if (since < limit) return std::nullopt;
    Cue cue{rule.id, {}, {scene.known.fact(last).id}};
    cue.why =
        seen ? fmt::format("{} days since the child was last seen or an action was delivered (limit {}).", since, limit)
             : fmt::format(
                   "{} days since the case opened, and the child has not been seen nor an action delivered (limit {}).",
                   since, limit);
    return cue;
}

bool ends_waiting(const Known::Item& item) {
    switch (item.kind->part) {
        case Part::sentence:
        case Part::proceedings:
            return true;
        case Part::charge: {
            const auto decision = string_or(item.fact->fields, "decision", "");
            return decision == "out-of-court" || decision == "no-charge";
        }
        default:
            return false;
    }
}

// Contract section 5: days of waiting, from the first disclosure, with no support delivered in the 28 days before.
std::optional<Cue> no_support(const Scene& scene, const CueRule& rule) {
    if (scene.fold.closed() || !scene.fold.opened_by()) return std::nullopt;
    const auto& items = scene.known.items();
    std::uint32_t disclosure = Known::none;
    for (std::uint32_t i = *scene.fold.opened_by(); i < items.size(); ++i) {
        if (disclosure == Known::none) {
            if (items[i].own && items[i].kind->part == Part::disclosure) disclosure = i;
        } else if (ends_waiting(items[i])) {
            return std::nullopt;
        }
    }
    if (disclosure == Known::none) return std::nullopt;
    const auto from = scene.calendar.day_of(scene.known.fact(disclosure).at);
    const auto window = days(parameter(rule, "window_days"));
    std::int64_t supported = 0;
    auto covered = from;  // the last day that is counted as supported, or the day of the disclosure
    for (const auto& item : items) {
        if (item.kind->part != Part::support) continue;
        const auto day = scene.calendar.day_of(item.fact->at);
        const auto first = std::max(covered + days(1), day);
        const auto last = std::min(scene.today, day + window);
        if (last < first) continue;
        supported += (last - first).count() + 1;
        covered = last;
    }
    const auto waited = (scene.today - from).count();
    if (waited < 1 || (covered == scene.today && covered > from)) return std::nullopt;
    Cue cue{rule.id, {}, {scene.known.fact(disclosure).id}};
    cue.why = fmt::format("{} since the disclosure, {} of them with no support delivered in the {} days before.",
                          counted(static_cast<std::size_t>(waited), "day", "days"), waited - supported, window.count());
    return cue;
}

bool is_one_of(const Scene& scene, const Known::Item& item, const std::vector<std::string>& events) {
    const auto seen = scene.fold.candidate(*item.fact, *item.kind);
    return std::any_of(item.kind->events.begin(), item.kind->events.end(), [&](std::uint16_t event) {
        const auto& node = scene.compiled.nodes[event];
        return std::find(events.begin(), events.end(), node.event->id) != events.end() &&
               scene.compiled.matches(node, seen);
    });
}

// A cue of the rulebook's own: the entries that are its event, since the latest that ends it.
std::optional<Cue> of_event(const Scene& scene, const CueRule& rule) {
    Cue cue{rule.id, {}, {}};
    const std::vector<std::string> shown{rule.event};
    for (const auto& item : scene.known.items()) {
        if (!item.own || item.kind->events.empty()) continue;
        if (!rule.until.empty() && is_one_of(scene, item, rule.until)) cue.entries.clear();
        if (is_one_of(scene, item, shown)) cue.entries.push_back(item.fact->id);
    }
    if (cue.entries.empty()) return std::nullopt;
    cue.why = rule.label + '.';
    return cue;
}

// Put aside by a person with a reason: until a date, or until something newer is on record.
bool put_aside(const Scene& scene, const Cue& cue) {
    if (cue.id == "immediate-danger") return false;
    const auto& items = scene.known.items();
    for (auto i = static_cast<std::uint32_t>(items.size()); i-- > 0;) {
        if (!items[i].own || items[i].kind->part != Part::dismissed) continue;
        const auto& fact = *items[i].fact;
        if (string_or(fact.fields, "cue", "") != cue.id) continue;
        const auto until = parse_date(string_or(fact.fields, "until", ""));
        if (until && *until < scene.today) return false;
        return std::none_of(cue.entries.begin(), cue.entries.end(), [&](EntryId id) {
            const auto at = scene.known.find(id);
            return at != Known::none && scene.known.fact(at).recorded > fact.recorded;
        });
    }
    return false;
}

struct Evaluator {
    std::string_view id;
    std::optional<Cue> (*evaluate)(const Scene&, const CueRule&);
};
constexpr Evaluator evaluators[] = {
    {"immediate-danger", immediate_danger},
    {"earlier-concerns", earlier_concerns_cue},
    {"earlier-concern-closed", earlier_concern_closed},
    {"drift", drift},
    {"no-support", no_support},
};

}  // namespace

const std::vector<std::string>& known_cues() {
    static const std::vector<std::string> ids = [] {
        std::vector<std::string> all;
        for (const auto& one : evaluators) all.emplace_back(one.id);
        return all;
    }();
    return ids;
}

const std::map<std::string, int>& cue_parameters(std::string_view id) {
    static const std::map<std::string, int> none;
    static const std::map<std::string, int> referrals{{"referrals", 0}};
    static const std::map<std::string, int> thirty_days{{"days", 30}};
    static const std::map<std::string, int> window{{"window_days", 28}};
    if (id == "earlier-concerns" || id == "earlier-concern-closed") return referrals;
    if (id == "drift") return thirty_days;
    if (id == "no-support") return window;
    return none;
}

std::vector<Cue> cues_of(const Compiled& compiled, const Calendar& calendar, const Known& known, const History& history,
                         const Fold& fold, Instant now) {
    const Scene scene{compiled, calendar, known, history, fold, now, calendar.day_of(now)};
    std::vector<Cue> found;
    for (const auto& rule : compiled.book->cues) {
        if (!rule.event.empty()) {
            auto cue = of_event(scene, rule);
            if (cue && !put_aside(scene, *cue)) found.push_back(std::move(*cue));
            continue;
        }
        for (const auto& one : evaluators) {
            if (one.id != rule.id) continue;
            auto cue = one.evaluate(scene, rule);
            if (cue && !put_aside(scene, *cue)) found.push_back(std::move(*cue));
        }
    }
    std::stable_partition(found.begin(), found.end(), [](const Cue& cue) { return cue.id == "immediate-danger"; });
    return found;
}

}  // namespace waymark::procedure
