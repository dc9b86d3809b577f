// Each cue lists the entries that it rests on and says why in plain words, who looks at it and what ends it. It counts
// and shows; it never scores a child.
#include "procedure/cues.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace waymark::procedure {

namespace {

constexpr std::string_view danger = "immediate-danger";

// Which of some that may be many are open: an entry ends the one that it is about, or else the oldest.
class StillOpen {
public:
    explicit StillOpen(const Known& known) : known_(known) {}
    void end_one(std::uint32_t at) {
        if (open_.empty()) return;
        const auto about = std::find(open_.begin(), open_.end(), known_.find(known_.fact(at).about));
        open_.erase(about == open_.end() ? open_.begin() : about);
    }
    // Whether it came while another was open.
    bool open_one(std::uint32_t at) {
        open_.push_back(at);
        return open_.size() > 1;
    }

private:
    const Known& known_;
    std::vector<std::uint32_t> open_;
};

// A cue of the rulebook's own: the entries that are its event, since the latest that ends it.
std::optional<Cue> of_event(const Scene& scene, const CueRule& rule) {
    auto cue = cue_of(rule);
    const std::vector<std::string> shown{rule.event};
    StillOpen open(scene.known);
    for (std::uint32_t i = 0; i < scene.size(); ++i) {
        const auto& item = scene.known.items()[i];
        if (!item.own || item.kind->events.empty()) continue;
        if (!rule.until.empty() && scene.is_one_of(i, rule.until)) cue.entries.clear();
        if (!rule.overlaps_until.empty() && scene.is_one_of(i, rule.overlaps_until)) open.end_one(i);
        if (!scene.is_one_of(i, shown)) continue;
        const bool overlaps = open.open_one(i);
        if (rule.overlaps_until.empty() || overlaps) cue.entries.push_back(item.fact->id);
    }
    if (cue.entries.empty()) return std::nullopt;
    cue.why = rule.label + '.';
    return cue;
}

// With `expires_days`, so many days after the newest entry that it rests on.
void set_expiry(const Scene& scene, Cue& cue) {
    const auto length = std::chrono::days(parameter(*cue.rule, "expires_days"));
    if (length.count() == 0) return;
    std::optional<Date> newest;
    for (const auto id : cue.entries) {
        const auto at = scene.known.find(id);
        if (at != Known::none) newest = std::max(newest.value_or(scene.day_of(at)), scene.day_of(at));
    }
    if (newest) cue.expires = cue.expires ? std::min(*cue.expires, *newest + length) : *newest + length;
}

struct Aside {
    EntryId by;
    Date until;
};

// Put aside by a person with a reason: until a date, and never for longer than `dismiss_days`; or until something that
// it rests on came on record afterwards.
std::optional<Aside> put_aside(const Scene& scene, const Cue& cue) {
    const auto& items = scene.known.items();
    for (auto i = scene.size(); i-- > 0;) {
        if (!items[i].own || items[i].kind->part != Part::dismissed) continue;
        const auto& fact = *items[i].fact;
        if (string_or(fact.fields, "cue", "") != cue.id) continue;
        auto until = scene.day_of(i) + std::chrono::days(parameter(*cue.rule, "dismiss_days"));
        if (const auto date = parse_date(string_or(fact.fields, "until", ""))) until = std::min(until, *date);
        const bool newer = std::any_of(cue.entries.begin(), cue.entries.end(), [&](EntryId id) {
            const auto at = scene.known.find(id);
            return at != Known::none && scene.fact(at).recorded > fact.recorded;
        });
        if (until < scene.today || newer) return std::nullopt;
        return Aside{fact.id, until};
    }
    return std::nullopt;
}

struct Looked {
    std::optional<Cue> cue;
    std::optional<Aside> aside;
};
Looked look(const Scene& scene, std::size_t index) {
    const auto& rule = scene.compiled.book->cues[index];
    const auto* known = scene.compiled.cues[index];
    if (rule.event.empty() && known == nullptr) return {};
    auto cue = known == nullptr ? of_event(scene, rule) : known->evaluate(scene, rule);
    if (!cue) return {};
    cue->owner = rule.owner.empty() ? std::string(cue_owner(rule.id)) : rule.owner;
    cue->ends = known != nullptr     ? std::string(known->ends)
                : rule.until.empty() ? "When the entry is corrected, or the case ends."
                                     : "When one is recorded that is not so, or the case ends.";
    if (cue->id == danger) return {std::move(cue), std::nullopt};
    set_expiry(scene, *cue);
    if (cue->expires && *cue->expires < scene.today) return {};
    const auto aside = put_aside(scene, *cue);
    if (!aside) cue->aside_until = scene.today + std::chrono::days(parameter(rule, "dismiss_days"));
    return {std::move(cue), aside};
}

// See `interrupting`.
constexpr std::array<std::string_view, 12> by_rank{"earlier-concern-closed", "earlier-concerns",
                                                   "concern-pattern",        "acted-without-consultation",
                                                   "not-all-agencies-met",   "no-support",
                                                   "plan-unreviewed",        "changed-since-review",
                                                   "unanswered-challenge",   "drift",
                                                   "harmed-and-displayed",   "no-independent-review"};

std::size_t rank(const Cue& cue) {
    if (cue.id == danger) return 0;
    if (cue.statutory) return 1;
    return 2 + static_cast<std::size_t>(std::find(by_rank.begin(), by_rank.end(), cue.id) - by_rank.begin());
}

}  // namespace

const Evaluator* evaluator_of(std::string_view id) {
    for (const auto some : {cues_of_concerns(), cues_of_work()}) {
        const auto found = std::find_if(some.begin(), some.end(), [&](const Evaluator& one) { return one.id == id; });
        if (found != some.end()) return &*found;
    }
    return nullptr;
}

std::uint32_t Scene::about(std::uint32_t at, Part part_asked) const {
    for (int step = 0; step < 4; ++step) {
        at = known.find(known.fact(at).about);
        if (at == Known::none || part(at) == part_asked) return at;
    }
    return Known::none;
}

bool Scene::is_one_of(std::uint32_t at, const std::vector<std::string>& events) const {
    const auto& item = known.items()[at];
    const auto seen = fold.candidate(*item.fact, *item.kind);
    return std::any_of(item.kind->events.begin(), item.kind->events.end(), [&](std::uint16_t event) {
        const auto& node = compiled.nodes[event];
        return std::find(events.begin(), events.end(), node.event->id) != events.end() && compiled.matches(node, seen);
    });
}

int parameter(const CueRule& rule, const std::string& name) {
    const auto at = rule.parameters.find(name);
    if (at != rule.parameters.end()) return at->second;
    const auto& defaults = cue_parameters(rule.id);
    const auto standard = defaults.find(name);
    return standard == defaults.end() ? 0 : standard->second;
}

Cue cue_of(const CueRule& rule) {
    Cue cue;
    cue.id = rule.id;
    cue.statutory = rule.statutory;
    cue.rule = &rule;
    return cue;
}

std::string counted(std::size_t n, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", n, n == 1 ? one : many);
}

const std::vector<std::string>& known_cues() {
    static const std::vector<std::string> ids = [] {
        std::vector<std::string> all;
        for (const auto some : {cues_of_concerns(), cues_of_work()}) {
            for (const auto& one : some) all.emplace_back(one.id);
        }
        return all;
    }();
    return ids;
}

const std::map<std::string, int>& cue_parameters(std::string_view id) {
    using Parameters = std::map<std::string, int>;
    static const Parameters none;
    static const Parameters every{{"dismiss_days", 90}, {"expires_days", 0}};
    static const std::map<std::string, Parameters, std::less<>> own = [] {
        std::map<std::string, Parameters, std::less<>> all{
            {"earlier-concerns", {{"referrals", 0}}},
            {"earlier-concern-closed", {{"referrals", 0}}},
            {"concern-pattern", {{"incidents", 3}, {"months", 12}}},
            {"not-all-agencies-met", {{"days", 0}}},
            {"no-support", {{"window_days", 28}}},
            {"changed-since-review", {{"days", 0}}},
            {"plan-unreviewed", {{"months", 3}}},
            {"no-independent-review", {{"months", 3}}},
            {"drift", {{"days", 30}}},
            {"unanswered-challenge", {{"working_days", 3}}},
        };
        for (auto& [cue, parameters] : all) parameters.insert(every.begin(), every.end());
        return all;
    }();
    if (id == danger) return none;
    const auto at = own.find(id);
    return at == own.end() ? every : at->second;
}

std::string_view cue_owner(std::string_view id) {
    const auto* known = evaluator_of(id);
    return known == nullptr ? "social-care-manager" : known->owner;
}

std::optional<Cue> cue_at(const Scene& scene, std::size_t rule) {
    auto found = look(scene, rule);
    return found.aside ? std::nullopt : std::move(found.cue);
}

Shown cues_of(const Scene& scene) {
    Shown shown;
    for (std::size_t i = 0; i < scene.compiled.book->cues.size(); ++i) {
        auto found = look(scene, i);
        if (!found.cue) continue;
        if (found.aside) {
            shown.put_aside.push_back({std::move(*found.cue), found.aside->by, found.aside->until});
        } else {
            shown.cues.push_back(std::move(*found.cue));
        }
    }
    std::stable_partition(shown.cues.begin(), shown.cues.end(), [](const Cue& cue) { return cue.id == danger; });
    return shown;
}

Interruptions interrupting(std::span<const Standing> standings, std::span<const Interruption> today,
                           std::size_t limit) {
    struct One {
        std::size_t standing;
        const Cue* cue;
    };
    std::vector<One> all;
    for (std::size_t n = 0; n < standings.size(); ++n) {
        if (standings[n].closed) continue;
        for (const auto& cue : standings[n].cues) all.push_back({n, &cue});
    }
    std::stable_sort(all.begin(), all.end(), [](const One& a, const One& b) { return rank(*a.cue) < rank(*b.cue); });
    Interruptions found;
    found.cases.resize(standings.size());
    auto left = limit - std::min(limit, today.size());
    for (const auto& [n, cue] : all) {
        const Interruption place{standings[n].case_id, cue->id};
        bool interrupts =
            cue->statutory || cue->id == danger || std::find(today.begin(), today.end(), place) != today.end();
        if (!interrupts && left > 0) {
            --left;
            found.taken.push_back(place);
            interrupts = true;
        }
        auto& ranked = found.cases[n];
        (interrupts ? ranked.interrupting : ranked.more).push_back(*cue);
    }
    return found;
}

}  // namespace waymark::procedure
