// Soundness of a rulebook, by walking every state that it can reach.
//
// A state says which duties are owed, which events have happened (where something waits for them), which are included
// (where something changes that), and whether an earlier concern waits to be judged. Only steps that the graph allows
// are walked: what people do against it is the fold's matter. Time enters in one place: a duty's deadline against the
// delays of what it must wait for, each taken at its longest.
#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include <fmt/core.h>

#include "procedure/compiled.hpp"

namespace waymark::procedure {

namespace {

using State = std::uint64_t;
using Letter = std::vector<std::uint16_t>;  // the events that one entry is, at once
constexpr std::uint32_t nowhere = UINT32_MAX;
constexpr std::size_t most_letters = 4096;

// A length of time as a sum of clocks; each unit apart, since a working day has no fixed number of hours.
struct Wait {
    int count[5] = {0, 0, 0, 0, 0};
    bool endless = false;
    void add(const ClockLength& length) { count[static_cast<int>(length.unit)] += length.count; }
    void add(const Wait& other) {
        endless = endless || other.endless;
        for (int i = 0; i < 5; ++i) count[i] += other.count[i];
    }
    [[nodiscard]] bool is_zero() const {
        return !endless && std::all_of(count, count + 5, [](int n) { return n == 0; });
    }
};

class Walk {
public:
    Walk(const Rulebook& book, const Calendar& calendar, std::size_t most_states)
        : book_(book), compiled_(book), calendar_(calendar), most_states_(most_states) {}

    void run(Check& check) {
        if (!lay_out_bits() || !find_letters()) {
            check.answer = Check::Answer::undecided;
            return;
        }
        const bool whole = explore();
        check.states = states_.size();
        time_locks(check);
        if (!whole) {
            check.answer = Check::Answer::undecided;
            return;
        }
        deadlocks(check);
        what_never_happens(check);
    }

private:
    // ---- states ----
    bool lay_out_bits() {
        unsigned next = 0;
        const auto take = [&]() { return next < 64 ? static_cast<int>(next++) : (++next, -1); };
        executed_.assign(book_.events.size(), -1);
        included_.assign(book_.events.size(), -1);
        for (std::size_t r = 0; r < book_.rules.size(); ++r) {
            const auto& rule = book_.rules[r];
            if (rule.for_each == ForEach::earlier_concern && earlier_ < 0) earlier_ = take();
            if (rule.relation == Relation::response) {
                const auto [at, fresh] = owed_.try_emplace(rule.id, -1);
                if (fresh) at->second = take();
            } else if (rule.relation == Relation::condition && rule.for_each == ForEach::once) {
                if (auto& bit = executed_[compiled_.links[r].from]; bit < 0) bit = take();
            } else if (rule.relation == Relation::include || rule.relation == Relation::exclude) {
                if (auto& bit = included_[compiled_.links[r].to]; bit < 0) bit = take();
            }
        }
        return next <= 64;
    }
    static bool bit(State state, int at) { return at >= 0 && ((state >> at) & 1U) != 0; }
    static State with(State state, int at, bool value) {
        if (at < 0) return state;
        return value ? state | (State{1} << at) : state & ~(State{1} << at);
    }
    [[nodiscard]] bool is_included(State state, std::uint16_t event) const {
        return included_[event] < 0 ? book_.events[event].included : bit(state, included_[event]);
    }
    [[nodiscard]] bool owed(State state, std::size_t rule) const {
        return bit(state, owed_.at(book_.rules[rule].id)) && is_included(state, compiled_.links[rule].to);
    }
    [[nodiscard]] bool pending(State state, std::uint16_t event) const {
        for (std::size_t r = 0; r < book_.rules.size(); ++r) {
            if (book_.rules[r].relation == Relation::response && compiled_.links[r].to == event && owed(state, r))
                return true;
        }
        return false;
    }
    [[nodiscard]] bool holds(State state, std::uint16_t rule) const {
        const auto& shape = book_.rules[rule];
        const auto source = compiled_.links[rule].from;
        if (!is_included(state, source)) return false;
        if (shape.relation == Relation::milestone) return pending(state, source);
        if (shape.for_each == ForEach::earlier_concern) return bit(state, earlier_);
        return !bit(state, executed_[source]);
    }
    [[nodiscard]] bool allowed(State state, const Letter& letter) const {
        return std::all_of(letter.begin(), letter.end(), [&](std::uint16_t event) {
            const auto& gates = compiled_.nodes[event].gates;
            return is_included(state, event) &&
                   std::none_of(gates.begin(), gates.end(), [&](std::uint16_t rule) { return holds(state, rule); });
        });
    }
    [[nodiscard]] State after(State state, const Letter& letter, bool another_earlier) const {
        for (const auto event : letter) {
            for (const auto rule : compiled_.nodes[event].meets)
                state = with(state, owed_.at(book_.rules[rule].id), false);
            if (book_.events[event].kind == "earlier.judged") state = with(state, earlier_, false);
        }
        if (another_earlier) state = with(state, earlier_, true);
        for (const auto event : letter) state = with(state, executed_[event], true);
        for (const auto event : letter) {
            for (const auto rule : compiled_.nodes[event].excludes)
                state = with(state, included_[compiled_.links[rule].to], false);
        }
        for (const auto event : letter) {
            for (const auto rule : compiled_.nodes[event].includes)
                state = with(state, included_[compiled_.links[rule].to], true);
        }
        for (const auto event : letter) {
            for (const auto rule : compiled_.nodes[event].raises) {
                const auto& shape = book_.rules[rule];
                if (shape.for_each == ForEach::earlier_concern && !bit(state, earlier_)) continue;
                state = with(state, owed_.at(shape.id), true);
            }
        }
        return state;
    }

    // ---- letters: every set of events that one entry can be ----
    bool find_letters() {
        std::map<std::string, std::vector<std::uint16_t>> by_kind;
        for (std::size_t e = 0; e < book_.events.size(); ++e)
            by_kind[book_.events[e].kind].push_back(static_cast<std::uint16_t>(e));
        std::set<Letter> found;
        for (const auto& [kind, events] : by_kind) {
            if (!letters_of(kind, events, found)) return false;
        }
        letters_.assign(found.begin(), found.end());
        return true;
    }
    bool letters_of(const std::string& kind, const std::vector<std::uint16_t>& events, std::set<Letter>& found) const {
        std::map<std::string, std::vector<std::string>> choices;  // of each field that a guard reads
        std::set<record::Involvements> involvements{UINT16_MAX};
        for (const auto event : events) {
            const auto& guard = book_.events[event].guard;
            if (guard.involvement != 0)
                involvements.insert({guard.involvement, static_cast<record::Involvements>(~guard.involvement)});
            for (const auto* fields : {&guard.fields, &guard.except}) {
                for (const auto& [field, codes] : *fields) {
                    auto& all = choices[field];
                    for (const auto& code : codes) {
                        if (code != "absent" && code != "present") all.push_back(code);
                    }
                }
            }
        }
        std::size_t combinations = involvements.size();
        for (auto& [field, codes] : choices) {
            if (const auto complete = book_.complete.find(fmt::format("{} {}", kind, field));
                complete != book_.complete.end()) {
                codes = complete->second;
            } else {
                codes.emplace_back("\x01 any other");
                codes.emplace_back();  // not there
            }
            std::sort(codes.begin(), codes.end());
            codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
            combinations *= codes.size();
            if (combinations > most_letters) return false;
        }
        for (std::size_t n = 0; n < combinations; ++n) {
            auto rest = n;
            auto involvement = involvements.begin();
            std::advance(involvement, static_cast<std::ptrdiff_t>(rest % involvements.size()));
            rest /= involvements.size();
            json::object fields;
            for (const auto& [field, codes] : choices) {
                const auto& code = codes[rest % codes.size()];
                rest /= codes.size();
                if (!code.empty()) fields[field] = code;
            }
            Letter letter;
            for (const auto event : events) {
                Candidate candidate;
                candidate.fields = &fields;
                candidate.involvement = *involvement;
                candidate.born = &unborn_;
                if (compiled_.matches(compiled_.nodes[event], candidate)) letter.push_back(event);
            }
            if (!letter.empty()) found.insert(std::move(letter));
        }
        return true;
    }

    // ---- walking ----
    struct Edge {
        std::uint32_t to = 0;
        std::uint32_t letter = 0;
    };
    void reach(State state, std::uint32_t from, std::uint32_t letter) {
        const auto [at, fresh] = number_.try_emplace(state, static_cast<std::uint32_t>(states_.size()));
        if (fresh) {
            states_.push_back(state);
            came_from_.push_back({from, letter});
            edges_.emplace_back();
        }
        if (from != nowhere) edges_[from].push_back({at->second, letter});
    }
    bool explore() {
        State start = 0;
        for (std::size_t e = 0; e < book_.events.size(); ++e)
            start = with(start, included_[e], book_.events[e].included);
        reach(start, nowhere, nowhere);
        if (earlier_ >= 0) reach(with(start, earlier_, true), nowhere, nowhere);
        happened_.assign(book_.events.size(), false);
        for (std::uint32_t s = 0; s < states_.size(); ++s) {
            if (states_.size() > most_states_) return false;
            for (std::uint32_t l = 0; l < letters_.size(); ++l) {
                const auto state = states_[s];
                if (!allowed(state, letters_[l])) continue;
                bool concern = false;
                for (const auto event : letters_[l]) {
                    happened_[event] = true;
                    concern = concern || book_.events[event].kind == "concern.raised";
                }
                reach(after(state, letters_[l], false), s, l);
                if (concern && earlier_ >= 0) reach(after(state, letters_[l], true), s, l);
            }
        }
        return true;
    }
    [[nodiscard]] std::string words(std::uint32_t letter) const {
        // The event that says most: the one with the narrowest guard.
        const auto& events = letters_[letter];
        const auto most = std::max_element(events.begin(), events.end(), [&](std::uint16_t a, std::uint16_t b) {
            return compiled_.nodes[a].tests.size() < compiled_.nodes[b].tests.size();
        });
        const auto& event = book_.events[*most];
        return event.label.empty() ? event.id : event.label;
    }
    [[nodiscard]] std::vector<std::string> run_to(std::uint32_t state) const {
        std::vector<std::string> run;
        for (auto s = state; came_from_[s].to != nowhere; s = came_from_[s].to)
            run.push_back(words(came_from_[s].letter));
        std::reverse(run.begin(), run.end());
        return run;
    }

    // ---- faults ----
    void deadlocks(Check& check) const {
        std::vector<std::vector<std::uint32_t>> backward(states_.size());
        for (std::uint32_t s = 0; s < states_.size(); ++s) {
            for (const auto& edge : edges_[s]) backward[edge.to].push_back(s);
        }
        std::set<std::string> done;
        for (std::size_t r = 0; r < book_.rules.size(); ++r) {
            const auto& rule = book_.rules[r];
            if (rule.relation != Relation::response || !done.insert(rule.id).second) continue;
            std::vector<bool> can(states_.size(), false);
            std::vector<std::uint32_t> queue;
            for (std::uint32_t s = 0; s < states_.size(); ++s) {
                if (owed(states_[s], r)) continue;
                can[s] = true;
                queue.push_back(s);
            }
            for (std::size_t i = 0; i < queue.size(); ++i) {
                for (const auto before : backward[queue[i]]) {
                    if (can[before]) continue;
                    can[before] = true;
                    queue.push_back(before);
                }
            }
            const auto stuck = static_cast<std::uint32_t>(std::find(can.begin(), can.end(), false) - can.begin());
            if (stuck == states_.size()) continue;
            check.faults.push_back(
                {"deadlock", rule.id,
                 fmt::format("\"{}\" is owed and can never be met: {}", label_of(rule), why_held(stuck, r)),
                 run_to(stuck)});
        }
    }
    [[nodiscard]] std::string label_of(const Rule& rule) const { return rule.label.empty() ? rule.id : rule.label; }
    [[nodiscard]] std::string why_held(std::uint32_t state, std::size_t rule) const {
        const auto event = compiled_.links[rule].to;
        for (const auto gate : compiled_.nodes[event].gates) {
            if (holds(states_[state], gate))
                return fmt::format("{} holds it and never gives way.", book_.rules[gate].id);
        }
        return "whatever would meet it is held for ever.";
    }
    void what_never_happens(Check& check) const {
        for (std::size_t e = 0; e < book_.events.size(); ++e) {
            if (happened_[e]) continue;
            const auto& event = book_.events[e];
            std::string why = event.included
                                  ? "No run that the procedure allows comes to it."
                                  : "It is not included at the start, and nothing that can happen includes it.";
            for (const auto gate : compiled_.nodes[e].gates) why += fmt::format(" {} holds it.", book_.rules[gate].id);
            check.faults.push_back({"never", event.id, std::move(why), {}});
        }
        std::set<std::string> done;
        for (std::size_t r = 0; r < book_.rules.size(); ++r) {
            const auto& rule = book_.rules[r];
            if (rule.relation != Relation::response || done.contains(rule.id)) continue;
            const bool raised =
                std::any_of(states_.begin(), states_.end(), [&](State s) { return bit(s, owed_.at(rule.id)); });
            done.insert(rule.id);
            if (!raised)
                check.faults.push_back({"unreachable", rule.id, "Nothing that can happen raises this duty.", {}});
        }
    }

    // ---- time ----
    // The longest that `event` may have to wait from now, when `just` has just happened.
    [[nodiscard]] Wait wait_for(State state, std::uint16_t event, const Letter& just,
                                std::vector<bool>& walking) const {
        Wait longest;
        if (walking[event]) {
            longest.endless = true;
            return longest;
        }
        walking[event] = true;
        for (const auto rule : compiled_.nodes[event].gates) {
            const auto& shape = book_.rules[rule];
            const auto source = compiled_.links[rule].from;
            if (!is_included(state, source) || can_be_excluded(source)) continue;
            Wait wait;
            if (shape.relation == Relation::milestone) {
                if (pending(state, source)) wait = wait_for(state, source, just, walking);
            } else if (shape.for_each == ForEach::once) {
                if (!bit(state, executed_[source])) wait = wait_for(state, source, just, walking);
                if (shape.deadline) wait.add(left_of(shape, source, just));
            }
            if (hours(wait, true) > hours(longest, true)) longest = wait;
        }
        walking[event] = false;
        return longest;
    }
    // What is left of a delay: all of it, less what those that have just happened had to wait for the same entry.
    [[nodiscard]] Wait left_of(const Rule& delay, std::uint16_t source, const Letter& just) const {
        Wait left;
        left.add(*delay.deadline);
        if (std::find(just.begin(), just.end(), source) != just.end()) return left;
        for (const auto event : just) {
            for (const auto gate : compiled_.nodes[event].gates) {
                const auto& shape = book_.rules[gate];
                if (compiled_.links[gate].from != source || shape.relation != Relation::condition || !shape.deadline)
                    continue;
                if (shape.deadline->unit != delay.deadline->unit) continue;
                auto& count = left.count[static_cast<int>(delay.deadline->unit)];
                count = std::min(count, std::max(0, delay.deadline->count - shape.deadline->count));
            }
        }
        return left;
    }
    [[nodiscard]] bool can_be_excluded(std::uint16_t event) const {
        for (std::size_t r = 0; r < book_.rules.size(); ++r) {
            if (book_.rules[r].relation == Relation::exclude && compiled_.links[r].to == event) return true;
        }
        return false;
    }
    // Working days as calendar days, at their longest or shortest, read off the calendar itself.
    [[nodiscard]] std::int64_t days_of(int working_days, bool longest) const {
        if (working_days == 0) return 0;
        const auto known = days_.find({working_days, longest});
        if (known != days_.end()) return known->second;
        auto found = (calendar_.add_working_days(calendar_.first(), working_days) - calendar_.first()).count();
        for (auto day = calendar_.first(); day <= calendar_.last(); day += std::chrono::days(1)) {
            const auto span = (calendar_.add_working_days(day, working_days) - day).count();
            found = longest ? std::max(found, span) : std::min(found, span);
        }
        return days_[{working_days, longest}] = found;
    }
    [[nodiscard]] std::int64_t hours(const Wait& wait, bool longest) const {
        if (wait.endless) return INT64_MAX;
        using Unit = ClockLength::Unit;
        const auto of = [&](Unit unit) { return wait.count[static_cast<int>(unit)]; };
        return days_of(of(Unit::working_days), longest) * 24 + std::int64_t{of(Unit::calendar_days)} * 24 +
               std::int64_t{of(Unit::weeks)} * 7 * 24 + of(Unit::hours) +
               std::int64_t{of(Unit::months)} * (longest ? 31 : 28) * 24;
    }
    [[nodiscard]] bool keeps(const Wait& wait, const ClockLength& deadline) const {
        Wait limit;
        limit.add(deadline);
        const auto unit = static_cast<int>(deadline.unit);
        Wait others = wait;
        others.count[unit] = 0;
        if (others.is_zero()) return wait.count[unit] <= deadline.count;
        return hours(wait, true) <= hours(limit, false);
    }
    void time_locks(Check& check) const {
        std::set<std::string> done;
        for (std::uint32_t s = 0; s < states_.size(); ++s) {
            for (const auto& edge : edges_[s]) {
                const auto& letter = letters_[edge.letter];
                for (const auto event : letter) {
                    for (const auto r : compiled_.nodes[event].raises) {
                        const auto& rule = book_.rules[r];
                        if (!rule.deadline || rule.for_each != ForEach::once || done.contains(rule.id)) continue;
                        std::vector<bool> walking(book_.events.size(), false);
                        auto wait = wait_for(states_[edge.to], compiled_.links[r].to, letter, walking);
                        for (const auto& other : rule.also_met_by) {
                            const auto also = static_cast<std::uint16_t>(book_.event(other) - book_.events.data());
                            const auto shorter = wait_for(states_[edge.to], also, letter, walking);
                            if (hours(shorter, true) < hours(wait, true)) wait = shorter;
                        }
                        if (wait.endless || keeps(wait, *rule.deadline)) continue;  // endless: a deadlock, said there
                        done.insert(rule.id);
                        auto run = run_to(s);
                        run.push_back(words(edge.letter));
                        check.faults.push_back(
                            {"time-lock", rule.id,
                             fmt::format("\"{}\" is due within {}, but what it must wait for can take longer.",
                                         label_of(rule), content::to_string(*rule.deadline)),
                             std::move(run)});
                    }
                }
            }
        }
    }

    const Rulebook& book_;
    Compiled compiled_;
    const Calendar& calendar_;
    std::size_t most_states_;
    std::map<std::string, int> owed_;  // by rule id
    std::vector<int> executed_;
    std::vector<int> included_;
    int earlier_ = -1;
    std::vector<Letter> letters_;
    std::vector<State> states_;
    std::unordered_map<State, std::uint32_t> number_;
    std::vector<Edge> came_from_;
    std::vector<std::vector<Edge>> edges_;
    std::vector<bool> happened_;
    mutable std::map<std::pair<int, bool>, std::int64_t> days_;
    std::optional<Born> unborn_;
};

// Sources, roles and names: what needs no walking.
void read_over(const Rulebook& book, const content::Profile* profile, Check& check) {
    const auto& roles = content::roles();
    std::set<std::string> done;
    for (const auto& rule : book.rules) {
        for (const auto* id : {&rule.from, &rule.to}) {
            if (book.event(*id) == nullptr) {
                check.faults.push_back({"unknown-event", rule.id, fmt::format("There is no event \"{}\".", *id), {}});
            }
        }
        if (!done.insert(rule.id).second) continue;
        if (rule.deadline && rule.source.text.empty()) {
            check.faults.push_back({"unsourced", rule.id, "The clock has neither a source nor the mark [U].", {}});
        } else if (rule.deadline && rule.source.unsourced) {
            check.notes.push_back(
                {"unsourced",
                 rule.id,
                 fmt::format("The clock of {} rests on no source.", content::to_string(*rule.deadline)),
                 {}});
        }
        if (rule.owner.empty()) continue;
        if (std::find(roles.begin(), roles.end(), rule.owner) == roles.end()) {
            check.faults.push_back({"unknown-role", rule.id, fmt::format("There is no role \"{}\".", rule.owner), {}});
        } else if (profile != nullptr && std::none_of(profile->practitioners.begin(), profile->practitioners.end(),
                                                      [&](const auto& who) { return who.role == rule.owner; })) {
            check.notes.push_back(
                {"nobody", rule.id, fmt::format("Nobody in the profile has the role \"{}\".", rule.owner), {}});
        }
    }
}

}  // namespace

Check check(const Rulebook& book, const Calendar& calendar, const content::Profile* profile, std::size_t most_states) {
    Check check;
    read_over(book, profile, check);
    const bool names_are_known = std::none_of(check.faults.begin(), check.faults.end(),
                                              [](const Unsound& fault) { return fault.what == "unknown-event"; });
    if (names_are_known) Walk(book, calendar, most_states).run(check);
    if (!check.faults.empty()) check.answer = Check::Answer::refuted;
    return check;
}

}  // namespace waymark::procedure
