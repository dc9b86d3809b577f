// One part of the graph, walked: every state that it can reach, breadth first, so that the run to a fault is the
// shortest. A state says what has happened (where something waits for it), what is owed, what is included (where
// something changes that), which instances are open, how old the child is, and whether an earlier concern waits to be
// judged. Only steps that the graph allows are walked: what people do against it is the fold's matter.
#include <algorithm>

#include <fmt/core.h>

#include "procedure/soundness.hpp"

namespace waymark::procedure {

Slice::Slice(const Graph& graph, const std::set<std::uint16_t>& events, const std::vector<std::uint16_t>& duties)
    : graph_(graph), events_(events), happened_(graph.book().events.size(), false) {
    std::set<std::uint16_t> wanted(duties.begin(), duties.end());
    for (const auto event : events_) {
        for (const auto gate : graph_.node(event).gates) {
            if (graph_.rule(gate).relation != Relation::milestone) continue;
            const auto& owes = graph_.node(graph_.link(gate).from).owes;
            wanted.insert(owes.begin(), owes.end());
        }
        const auto& missed = graph_.node(event).event->missed;
        for (std::size_t r = 0; !missed.empty() && r < graph_.book().rules.size(); ++r) {
            if (graph_.book().rules[r].id == missed && graph_.compiled().links[r].active)
                wanted.insert(static_cast<std::uint16_t>(r));
        }
    }
    for (const auto rule : wanted) {
        if (duty_of_.contains(rule)) continue;
        for (const auto same : graph_.same_duty(rule)) duty_of_[same] = duties_.size();
        duties_.emplace_back().rule = rule;
    }
    lay_out();
    find_moves();
}

// ---- states -------------------------------------------------------------------------------------------------------

Slice::Bits Slice::take(bool each) {
    Bits bits;
    bits.each = each;
    for (unsigned copy = 0; copy < (each ? copies : 1); ++copy) {
        bits.at[copy] = next_ < 64 ? static_cast<int>(next_) : -1;
        ++next_;
    }
    return bits;
}

void Slice::lay_out() {
    bool limited = false;
    bool earlier = false;
    for (const auto event : events_) {
        const auto& node = graph_.node(event);
        limited = limited || node.ages.any();
        if (graph_.is_member(event) && !opened_.contains(node.type)) {
            opened_[node.type] = take(true);
            open_[node.type] = take(true);
        }
        if (!graph_.changes(event).empty()) included_[event] = take(graph_.is_member(event));
        for (const auto gate : node.gates) {
            const auto& rule = graph_.rule(gate);
            const auto& link = graph_.link(gate);
            limited = limited || link.ages.any();
            earlier = earlier || rule.for_each == ForEach::earlier_concern;
            if (rule.relation != Relation::condition || rule.for_each != ForEach::once) continue;
            std::vector<std::uint16_t> sources{link.from};
            sources.insert(sources.end(), link.also.begin(), link.also.end());
            const auto same = std::find_if(tokens_.begin(), tokens_.end(), [&](const Token& token) {
                return token.sources == sources && token.since == link.since;
            });
            token_of_[gate] = static_cast<std::size_t>(same - tokens_.begin());
            if (same != tokens_.end()) continue;
            const auto member = [&](std::uint16_t one) { return graph_.is_member(one); };
            const bool each = std::any_of(sources.begin(), sources.end(), member) ||
                              std::any_of(link.since.begin(), link.since.end(), member);
            tokens_.push_back({sources, link.since, take(each)});
        }
        for (const auto change : graph_.changes(event)) limited = limited || graph_.link(change).ages.any();
    }
    for (auto& duty : duties_) {
        const auto& link = graph_.link(duty.rule);
        const bool each = graph_.is_member(link.to) || graph_.is_member(link.from);
        duty.owed = take(each);
        if (!link.missed.empty()) duty.armed = take(each);
        if (graph_.rule(duty.rule).once || graph_.rule(duty.rule).before) duty.spent = take(each);
        for (const auto same : graph_.same_duty(duty.rule)) {
            limited = limited || graph_.link(same).ages.any();
            earlier = earlier || graph_.rule(same).for_each == ForEach::earlier_concern;
        }
    }
    if (earlier) earlier_ = take(false).at[0];
    if (limited) {
        while ((std::size_t{1} << age_bits_) < graph_.ages().size()) ++age_bits_;
        age_ = next_ + age_bits_ <= 64 ? static_cast<int>(next_) : -1;
        next_ += age_bits_;
    }
}

Slice::State Slice::with(State state, int at, bool value) {
    if (at < 0) return state;
    return value ? state | (State{1} << at) : state & ~(State{1} << at);
}

std::size_t Slice::age(State state) const {
    if (age_bits_ == 0) return graph_.ages().size() - 1;
    return static_cast<std::size_t>((state >> age_) & ((State{1} << age_bits_) - 1));
}

bool Slice::is_included(State state, std::uint16_t event, unsigned copy) const {
    const auto at = included_.find(event);
    return at == included_.end() ? graph_.node(event).event->included : bit(state, at->second.of(copy));
}

bool Slice::is_owed(State state, std::uint16_t rule, unsigned copy) const {
    const auto* duty = duty_of(rule);
    return duty != nullptr && bit(state, duty->owed.of(copy)) && is_included(state, graph_.link(rule).to, copy);
}

const Slice::Duty* Slice::duty_of(std::uint16_t rule) const {
    const auto at = duty_of_.find(rule);
    return at == duty_of_.end() ? nullptr : &duties_[at->second];
}

bool Slice::pending(State state, std::uint16_t event, unsigned copy) const {
    const auto& owes = graph_.node(event).owes;
    return std::any_of(owes.begin(), owes.end(), [&](std::uint16_t rule) {
        if (graph_.is_member(event)) return is_owed(state, rule, copy);
        return is_owed(state, rule, 0) || is_owed(state, rule, 1);
    });
}

bool Slice::holds(State state, std::uint16_t rule, unsigned copy) const {
    const auto& link = graph_.link(rule);
    if (!graph_.applies(link.ages, age(state))) return false;
    if (!graph_.is_member(link.from) || graph_.is_member(link.to)) return holds_within(state, rule, copy);
    const auto& open = open_.at(graph_.node(link.from).type);
    for (unsigned each = 0; each < copies; ++each) {
        if (bit(state, open.of(each)) && holds_within(state, rule, each)) return true;
    }
    return false;
}

bool Slice::holds_within(State state, std::uint16_t rule, unsigned copy) const {
    const auto& shape = graph_.rule(rule);
    const auto source = graph_.link(rule).from;
    if (!is_included(state, source, copy)) return false;
    if (shape.relation == Relation::milestone) return pending(state, source, copy);
    if (shape.for_each == ForEach::earlier_concern) return bit(state, earlier_);
    return !bit(state, tokens_[token_of_.at(rule)].bits.of(copy));
}

// ---- moves --------------------------------------------------------------------------------------------------------

void Slice::find_moves() {
    std::set<Letter> letters;
    for (const auto& letter : graph_.letters()) {
        if (letter.time) continue;
        Letter part;
        std::copy_if(letter.events.begin(), letter.events.end(), std::back_inserter(part.events),
                     [&](std::uint16_t event) { return events_.contains(event); });
        if (!part.events.empty()) letters.insert(std::move(part));
    }
    for (const auto& letter : letters) {
        std::vector<std::uint16_t> types;
        for (const auto event : letter.events) {
            const auto type = graph_.node(event).type;
            if (type != Compiled::none && std::find(types.begin(), types.end(), type) == types.end())
                types.push_back(type);
        }
        for (std::size_t choice = 0; choice < (std::size_t{1} << types.size()); ++choice) {
            Move move;
            move.letter = letter;
            for (std::size_t t = 0; t < types.size(); ++t)
                move.copy_of.emplace_back(types[t], static_cast<unsigned>((choice >> t) & 1U));
            moves_.push_back(std::move(move));
        }
    }
    for (std::size_t d = 0; d < duties_.size(); ++d) {
        const auto& link = graph_.link(duties_[d].rule);
        Move move;
        for (const auto event : link.missed) {
            if (events_.contains(event)) move.letter.events.push_back(event);
        }
        if (move.letter.events.empty()) continue;
        move.letter.time = true;
        move.missed = static_cast<std::uint16_t>(d);
        const auto type = graph_.is_member(link.to) ? graph_.node(link.to).type : graph_.node(link.from).type;
        for (unsigned copy = 0; copy < (duties_[d].owed.each ? copies : 1); ++copy) {
            move.missed_copy = copy;
            if (type != Compiled::none) move.copy_of = {{type, copy}};
            moves_.push_back(move);
        }
    }
    if (age_bits_ > 0) moves_.emplace_back().birthday = true;
}

unsigned Slice::copy_in(const Move& move, std::uint16_t event) const {
    const auto type = graph_.node(event).type;
    for (const auto& [one, copy] : move.copy_of) {
        if (one == type) return copy;
    }
    return 0;
}

std::vector<std::uint16_t> Slice::effective(State state, const Move& move) const {
    std::vector<std::uint16_t> events;
    for (const auto event : move.letter.events) {
        if (!graph_.applies(graph_.node(event).ages, age(state))) continue;
        if (move.letter.time) {
            // Time brings only what is part of the case and not held.
            const auto copy = copy_in(move, event);
            const auto& gates = graph_.node(event).gates;
            if (!is_included(state, event, copy) ||
                std::any_of(gates.begin(), gates.end(), [&](std::uint16_t gate) { return holds(state, gate, copy); }))
                continue;
        }
        events.push_back(event);
    }
    return events;
}

// Puts the move into its instances; nothing where it cannot be made.
std::optional<Slice::State> Slice::place(State state, const Move& move,
                                         const std::vector<std::uint16_t>& events) const {
    if (!move.letter.time) {
        for (const auto& [type, copy] : move.copy_of) {
            const auto of_type = [&, type = type](std::uint16_t event) { return graph_.node(event).type == type; };
            if (std::none_of(events.begin(), events.end(), of_type)) {
                if (copy != 0) return std::nullopt;  // the same as with copy 0
                continue;
            }
            const bool opens = std::any_of(events.begin(), events.end(), [&](std::uint16_t event) {
                return of_type(event) && graph_.node(event).opens;
            });
            const auto& opened = opened_.at(type);
            const auto& open = open_.at(type);
            if (bit(state, opened.of(copy))) {
                const bool one_a_key = !graph_.compiled().types[type].shape->key.empty();
                if (opens && !(one_a_key && bit(state, open.of(copy)))) return std::nullopt;
                continue;
            }
            // What has not been opened is against the procedure; and the first comes first.
            if (!opens || (copy == 1 && !bit(state, opened.of(0)))) return std::nullopt;
            state = with(state, opened.of(copy), true);
            state = with(state, open.of(copy), true);
        }
    }
    for (const auto event : events) {
        const auto copy = copy_in(move, event);
        if (!is_included(state, event, copy)) return std::nullopt;
        for (const auto gate : graph_.node(event).gates) {
            if (holds(state, gate, copy)) return std::nullopt;
        }
    }
    return state;
}

// The copies in which a rule from `from` acts: that of the event, or every open (or every) one.
template <class Do>
void Slice::each_copy(const Bits& bits, std::uint16_t to, const Move& move, std::uint16_t from, State state,
                      const Do& act) const {
    if (!bits.each) {
        act(0U);
    } else if (graph_.is_member(from)) {
        act(copy_in(move, from));
    } else {
        const auto type = graph_.node(to).type;
        for (unsigned copy = 0; copy < copies; ++copy) {
            if (type == Compiled::none || bit(state, open_.at(type).of(copy))) act(copy);
        }
    }
}

// The entry that sets the date is itself what had to be done before it.
bool Slice::meets_what_it_raises(const Move& move, const std::vector<std::uint16_t>& events, std::uint16_t rule,
                                 std::uint16_t from) const {
    if (graph_.rule(rule).matched_by_about) return false;
    return std::any_of(events.begin(), events.end(), [&](std::uint16_t event) {
        const auto& meets = graph_.node(event).meets;
        const bool here =
            !graph_.is_member(event) || !graph_.is_member(from) || copy_in(move, event) == copy_in(move, from);
        return here && std::find(meets.begin(), meets.end(), rule) != meets.end();
    });
}

bool Slice::may_move_a_date(State state, const Move&, const std::vector<std::uint16_t>& events) const {
    return std::any_of(events.begin(), events.end(), [&](std::uint16_t event) {
        const auto& raises = graph_.node(event).raises;
        return std::any_of(raises.begin(), raises.end(), [&](std::uint16_t rule) {
            const auto* duty = duty_of(rule);
            return duty != nullptr && graph_.rule(rule).before &&
                   (bit(state, duty->spent.of(0)) || bit(state, duty->spent.of(1)));
        });
    });
}

Slice::State Slice::after(State state, const Move& move, const std::vector<std::uint16_t>& events,
                          Chance chance) const {
    const auto in_all = [&](const Bits& bits, std::uint16_t event, bool value) {
        if (bits.each && graph_.is_member(event)) {
            state = with(state, bits.of(copy_in(move, event)), value);
        } else {
            for (unsigned copy = 0; copy < (bits.each ? copies : 1); ++copy) state = with(state, bits.of(copy), value);
        }
    };
    for (const auto event : events) {
        if (graph_.node(event).event->kind == "earlier.judged") state = with(state, earlier_, false);
        for (const auto rule : graph_.node(event).meets) {
            const auto* duty = duty_of(rule);
            if (duty == nullptr) continue;
            // An event of the case meets a duty to the case whatever instance raised it.
            const bool within = graph_.is_member(graph_.link(rule).to) && graph_.is_member(event);
            for (unsigned copy = 0; copy < (duty->owed.each ? copies : 1); ++copy) {
                if (within && copy != copy_in(move, event)) continue;
                if (graph_.rule(rule).before && bit(state, duty->owed.of(copy)))
                    state = with(state, duty->spent.of(copy), true);
                state = with(state, duty->owed.of(copy), false);
                state = with(state, duty->armed.of(copy), false);
            }
        }
    }
    if (move.missed != Compiled::none) state = with(state, duties_[move.missed].armed.of(move.missed_copy), false);
    if (chance.another_earlier) state = with(state, earlier_, true);
    for (const auto& token : tokens_) {
        for (const auto event : events) {
            if (std::find(token.since.begin(), token.since.end(), event) != token.since.end())
                in_all(token.bits, event, false);
        }
        for (const auto event : events) {
            if (std::find(token.sources.begin(), token.sources.end(), event) != token.sources.end())
                in_all(token.bits, event, true);
        }
    }
    for (const auto relation : {Relation::exclude, Relation::include}) {
        for (const auto event : events) {
            const auto& rules =
                relation == Relation::exclude ? graph_.node(event).excludes : graph_.node(event).includes;
            for (const auto rule : rules) {
                const auto at = included_.find(graph_.link(rule).to);
                if (at == included_.end() || !graph_.applies(graph_.link(rule).ages, age(state))) continue;
                in_all(at->second, event, relation == Relation::include);
            }
        }
    }
    for (const auto event : events) {
        if (!graph_.node(event).closes) continue;
        const auto type = graph_.node(event).type;
        const auto copy = copy_in(move, event);
        state = with(state, open_.at(type).of(copy), false);
        for (const auto& duty : duties_) {
            const auto& link = graph_.link(duty.rule);
            if (!duty.owed.each || (graph_.node(link.to).type != type && graph_.node(link.from).type != type)) continue;
            state = with(state, duty.owed.of(copy), false);
            state = with(state, duty.armed.of(copy), false);
        }
    }
    for (const auto event : events) {
        for (const auto rule : graph_.node(event).raises) {
            const auto* duty = duty_of(rule);
            if (duty == nullptr || !graph_.applies(graph_.link(rule).ages, age(state))) continue;
            const auto& shape = graph_.rule(rule);
            if (shape.for_each == ForEach::earlier_concern && !bit(state, earlier_)) continue;
            const bool met_at_once = shape.before && meets_what_it_raises(move, events, rule, event);
            const auto now = state;
            each_copy(duty->owed, graph_.link(rule).to, move, event, now, [&](unsigned copy) {
                const bool spent = bit(now, duty->spent.of(copy));
                if (spent && (shape.once || chance.date_moved)) return;
                state = with(state, duty->owed.of(copy), !met_at_once);
                state = with(state, duty->armed.of(copy), !met_at_once);
                if (shape.once || met_at_once) state = with(state, duty->spent.of(copy), true);
            });
        }
    }
    return state;
}

// ---- walking ------------------------------------------------------------------------------------------------------

void Slice::reach(State state, std::uint32_t from, std::uint32_t move) {
    const auto [at, fresh] = number_.try_emplace(state, static_cast<std::uint32_t>(states_.size()));
    if (fresh) {
        states_.push_back(state);
        came_from_.push_back({from, move});
        edges_.emplace_back();
    }
    if (from != nowhere) edges_[from].push_back({at->second, move});
}

void Slice::successors(std::uint32_t number, std::uint32_t index) {
    const auto state = states_[number];
    const auto& move = moves_[index];
    if (move.birthday) {
        if (age(state) + 1 >= graph_.ages().size()) return;
        reach(state + (State{1} << age_), number, index);
        return;
    }
    if (move.missed != Compiled::none) {
        const auto& duty = duties_[move.missed];
        if (!bit(state, duty.armed.of(move.missed_copy)) || !is_owed(state, duty.rule, move.missed_copy)) return;
    }
    const auto events = effective(state, move);
    if (events.empty()) return;
    const auto placed = place(state, move, events);
    if (!placed) return;
    bool concern = false;
    for (const auto event : events) {
        happened_[event] = true;
        concern = concern || graph_.node(event).event->kind == "concern.raised";
    }
    for (const bool moved : {false, true}) {
        if (moved && !may_move_a_date(*placed, move, events)) continue;
        reach(after(*placed, move, events, {false, moved}), number, index);
        if (concern && earlier_ >= 0) reach(after(*placed, move, events, {true, moved}), number, index);
    }
}

bool Slice::walk(std::size_t most_states) {
    if (next_ > 64) return false;
    State start = 0;
    for (const auto& [event, bits] : included_) {
        for (unsigned copy = 0; copy < (bits.each ? copies : 1); ++copy)
            start = with(start, bits.of(copy), graph_.node(event).event->included);
    }
    reach(start, nowhere, nowhere);
    if (earlier_ >= 0) reach(with(start, earlier_, true), nowhere, nowhere);
    for (std::uint32_t s = 0; s < states_.size(); ++s) {
        if (states_.size() > most_states) return false;
        for (std::uint32_t m = 0; m < moves_.size(); ++m) successors(s, m);
    }
    return true;
}

std::string Slice::words(std::uint32_t index) const {
    const auto& move = moves_[index];
    if (move.birthday) return "The child has a birthday";
    auto said = graph_.words(move.letter);
    for (const auto& [type, copy] : move.copy_of) {
        if (copy == 1) said += fmt::format(" (another {})", graph_.compiled().types[type].shape->label);
    }
    return said;
}

std::vector<std::string> Slice::run_to(std::uint32_t state) const {
    std::vector<std::string> run;
    for (auto s = state; came_from_[s].to != nowhere; s = came_from_[s].to) run.push_back(words(came_from_[s].move));
    std::reverse(run.begin(), run.end());
    return run;
}

}  // namespace waymark::procedure
