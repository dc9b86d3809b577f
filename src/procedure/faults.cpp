// What is wrong in a part of the graph that was walked: duties that can never be met, or not in time.
#include <algorithm>

#include <fmt/core.h>

#include "procedure/soundness.hpp"

namespace waymark::procedure {

bool Slice::is_raised(std::uint16_t rule) const {
    const auto* duty = duty_of(rule);
    return duty != nullptr && std::any_of(states_.begin(), states_.end(), [&](State state) {
               return bit(state, duty->owed.of(0)) || bit(state, duty->owed.of(1)) || bit(state, duty->spent.of(0)) ||
                      bit(state, duty->spent.of(1));
           });
}

std::optional<Slice::Found> Slice::deadlock(std::uint16_t rule) const {
    const auto* duty = duty_of(rule);
    if (duty == nullptr) return std::nullopt;
    std::vector<std::vector<std::uint32_t>> backward(states_.size());
    for (std::uint32_t s = 0; s < states_.size(); ++s) {
        for (const auto& edge : edges_[s]) backward[edge.to].push_back(s);
    }
    for (unsigned copy = 0; copy < (duty->owed.each ? copies : 1); ++copy) {
        std::vector<bool> can(states_.size(), false);
        std::vector<std::uint32_t> queue;
        for (std::uint32_t s = 0; s < states_.size(); ++s) {
            if (is_owed(states_[s], rule, copy)) continue;
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
        std::string why = "whatever would meet it is held for ever.";
        for (const auto gate : graph_.node(graph_.link(rule).to).gates) {
            if (!holds(states_[stuck], gate, copy)) continue;
            why = fmt::format("{} holds it and never gives way.", graph_.rule(gate).id);
            break;
        }
        return Found{fmt::format("\"{}\" is owed and can never be met: {}", graph_.label_of(graph_.rule(rule)), why),
                     run_to(stuck)};
    }
    return std::nullopt;
}

// The longest that `event` may have to wait from now, when `just` has just happened.
Wait Slice::wait_for(State state, std::uint16_t event, unsigned copy, const std::vector<std::uint16_t>& just,
                     std::set<std::uint16_t>& walking) const {
    Wait longest;
    if (!walking.insert(event).second) {
        longest.endless = true;
        return longest;
    }
    for (const auto gate : graph_.node(event).gates) {
        const auto& shape = graph_.rule(gate);
        const auto& link = graph_.link(gate);
        if (!graph_.applies(link.ages, age(state)) || !is_included(state, link.from, copy) ||
            graph_.can_be_excluded(link.from))
            continue;
        if (graph_.is_member(link.from) && !graph_.is_member(link.to) && !holds(state, gate, copy)) continue;
        Wait wait;
        if (shape.relation == Relation::milestone) {
            if (pending(state, link.from, copy)) wait = wait_for(state, link.from, copy, just, walking);
        } else if (shape.for_each == ForEach::once) {
            const bool happened = bit(state, tokens_[token_of_.at(gate)].bits.of(copy));
            if (!happened) {
                wait.endless = true;
                auto sources = tokens_[token_of_.at(gate)].sources;
                for (const auto source : sources) {
                    auto one = wait_for(state, source, copy, just, walking);
                    if (one.hours(graph_, true) < wait.hours(graph_, true)) wait = one;
                }
            }
            if (shape.deadline) wait.add(left_of(shape, link.from, just));
        }
        if (wait.hours(graph_, true) > longest.hours(graph_, true)) longest = wait;
    }
    for (const auto& duty : duties_) {
        const auto& missed = graph_.link(duty.rule).missed;
        if (std::find(missed.begin(), missed.end(), event) != missed.end()) longest.add_missing(graph_.rule(duty.rule));
    }
    walking.erase(event);
    return longest;
}

// What is left of a delay: all of it, less what those that have just happened had to wait for the same entry.
Wait Slice::left_of(const Rule& delay, std::uint16_t source, const std::vector<std::uint16_t>& just) const {
    Wait left;
    left.add(*delay.deadline);
    if (std::find(just.begin(), just.end(), source) != just.end()) return left;
    for (const auto event : just) {
        for (const auto gate : graph_.node(event).gates) {
            const auto& shape = graph_.rule(gate);
            if (graph_.link(gate).from != source || shape.relation != Relation::condition || !shape.deadline) continue;
            if (shape.deadline->unit != delay.deadline->unit) continue;
            auto& count = left.count[static_cast<int>(delay.deadline->unit)];
            count = std::min(count, std::max(0, delay.deadline->count - shape.deadline->count));
        }
    }
    return left;
}

std::optional<Slice::Found> Slice::time_lock(std::uint16_t rule) const {
    const auto duties = graph_.same_duty(rule);
    for (std::uint32_t s = 0; s < states_.size(); ++s) {
        for (const auto& edge : edges_[s]) {
            const auto& move = moves_[edge.move];
            if (move.birthday) continue;
            const auto events = effective(states_[s], move);
            for (const auto r : duties) {
                const auto& link = graph_.link(r);
                const auto& shape = graph_.rule(r);
                if (!shape.deadline || shape.for_each != ForEach::once) continue;
                if (std::find(events.begin(), events.end(), link.from) == events.end()) continue;
                const auto state = states_[edge.to];
                for (unsigned copy = 0; copy < (graph_.is_member(link.to) ? copies : 1); ++copy) {
                    if (!is_owed(state, r, copy)) continue;
                    if (graph_.is_member(link.from) && copy != copy_in(move, link.from)) continue;
                    std::set<std::uint16_t> walking;
                    auto wait = wait_for(state, link.to, copy, events, walking);
                    for (const auto also : link.also) {
                        const auto shorter = wait_for(state, also, copy, events, walking);
                        if (shorter.hours(graph_, true) < wait.hours(graph_, true)) wait = shorter;
                    }
                    // Endless: a deadlock, said there.
                    const auto least = least_time(shape);
                    if (wait.endless || wait.keeps(graph_, least)) continue;
                    auto run = run_to(s);
                    run.push_back(words(edge.move));
                    const auto limit = least.is_same_day() ? std::string("may be due on the day on which it is raised")
                                                           : "is due within " + content::to_string(least);
                    return Found{fmt::format("\"{}\" {}, but what it must wait for can take longer.",
                                             graph_.label_of(shape), limit),
                                 std::move(run)};
                }
            }
        }
    }
    return std::nullopt;
}

}  // namespace waymark::procedure
