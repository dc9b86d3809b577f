// The graph as `check` asks of it: letters, ages, cones of influence, lengths of time.
#include "procedure/soundness.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace waymark::procedure {

namespace {

constexpr std::size_t most_choices = 20'000;  // of one kind
constexpr std::size_t most_types = 13;        // of agencies that one field is imagined to list in every combination

// What an entry of one kind may say besides its codes, as far as these events look.
struct Choices {
    std::vector<std::pair<std::string, std::vector<std::string>>> by_type;  // any of these types
    std::vector<record::Involvements> involvements{UINT16_MAX};
    std::vector<std::string> agencies{""};
    bool attendance = false;
    bool weekend = false;
};

Choices choices_of(const Rulebook& book, const std::vector<std::uint16_t>& events) {
    Choices choices;
    std::map<std::string, std::set<std::string>> types;
    std::set<std::string> agencies;
    for (const auto event : events) {
        const auto& guard = book.events[event].guard;
        if (guard.involvement != 0) {
            choices.involvements.push_back(guard.involvement);
            choices.involvements.push_back(static_cast<record::Involvements>(~guard.involvement));
        }
        for (const auto* part : {&guard.fields, &guard.except}) {
            for (const auto& [field, all] : *part) {
                if (!guard.by_type.contains(field)) continue;
                for (const auto& type : all) {
                    if (type != "absent" && type != "present") types[field].insert(type);
                }
                types[field].insert("\x01 any other");
            }
        }
        agencies.insert(guard.agencies.begin(), guard.agencies.end());
        choices.attendance = choices.attendance || guard.attendance != Attendance::any;
        choices.weekend = choices.weekend || guard.weekend;
    }
    for (auto& [field, all] : types)
        choices.by_type.emplace_back(field, std::vector<std::string>(all.begin(), all.end()));
    if (!agencies.empty()) {
        agencies.insert("\x01 any other");
        choices.agencies.assign(agencies.begin(), agencies.end());
    }
    return choices;
}

}  // namespace

Graph::Graph(const Rulebook& book, const Calendar& calendar) : book_(&book), compiled_(book), calendar_(&calendar) {
    changes_.resize(book.events.size());
    for (std::size_t r = 0; r < book.rules.size(); ++r) {
        const auto relation = book.rules[r].relation;
        if (compiled_.links[r].active && (relation == Relation::include || relation == Relation::exclude))
            changes_[compiled_.links[r].to].push_back(static_cast<std::uint16_t>(r));
    }
    find_ages();
    whole_ = find_letters();
}

void Graph::find_ages() {
    std::set<int> cuts{0};
    const auto add = [&](const Ages& limits) {
        if (limits.from != INT16_MIN) cuts.insert(limits.from);
        if (limits.to != INT16_MAX) cuts.insert(limits.to + 1);
    };
    for (const auto& node : compiled_.nodes) add(node.ages);
    for (const auto& link : compiled_.links) add(link.ages);
    ages_.assign(cuts.begin(), cuts.end());
}

bool Graph::find_letters() {
    std::map<std::string, std::vector<std::uint16_t>> by_kind;
    std::set<Letter> found;
    for (std::size_t e = 0; e < book_->events.size(); ++e) {
        if (!compiled_.nodes[e].active) continue;
        const auto event = static_cast<std::uint16_t>(e);
        if (book_->events[e].kind.empty()) {
            found.insert({{event}, true});
        } else {
            by_kind[book_->events[e].kind].push_back(event);
        }
    }
    for (const auto& [kind, events] : by_kind) {
        if (!letters_of(events, found)) return false;
    }
    letters_.assign(found.begin(), found.end());
    return true;
}

bool Graph::letters_of(const std::vector<std::uint16_t>& events, std::set<Letter>& found) const {
    std::map<std::string, std::set<std::string>> codes;
    const auto& kind = book_->events[events.front()].kind;
    for (const auto event : events) {
        const auto& guard = book_->events[event].guard;
        for (const auto* part : {&guard.fields, &guard.except}) {
            for (const auto& [field, all] : *part) {
                if (guard.by_type.contains(field)) continue;
                auto& named = codes[field];
                for (const auto& code : all) {
                    if (code != "absent" && code != "present") named.insert(code);
                }
            }
        }
    }
    std::vector<std::pair<std::string, std::vector<std::string>>> one_of;
    std::size_t combinations = 1;
    for (auto& [field, all] : codes) {
        std::vector<std::string> list(all.begin(), all.end());
        if (const auto complete = book_->complete.find(fmt::format("{} {}", kind, field));
            complete != book_->complete.end()) {
            list = complete->second;
        } else {
            list.emplace_back("\x01 any other");
            list.emplace_back();  // not there
        }
        combinations *= list.size();
        if (combinations > most_choices) return false;
        one_of.emplace_back(field, std::move(list));
    }
    std::size_t left = most_choices;
    for (std::size_t n = 0; n < combinations; ++n) {
        auto rest = n;
        json::object fields;
        for (const auto& [field, list] : one_of) {
            const auto& code = list[rest % list.size()];
            rest /= list.size();
            if (!code.empty()) fields[field] = code;
        }
        std::vector<std::uint16_t> fitting;
        for (const auto event : events) {
            const auto& tests = compiled_.nodes[event].tests;
            const bool fits = std::all_of(tests.begin(), tests.end(), [&](const Compiled::Test& test) {
                return test.by_type || has_code(find(fields, test.field), *test.codes) != test.except;
            });
            if (fits) fitting.push_back(event);
        }
        if (!fitting.empty() && !letters_beside(fitting, fields, left, found)) return false;
    }
    return true;
}

// What else tells apart the events that these codes fit: who is listed, who recorded it, how it was attended.
bool Graph::letters_beside(const std::vector<std::uint16_t>& events, const json::object& codes, std::size_t& left,
                           std::set<Letter>& found) const {
    const auto choices = choices_of(*book_, events);
    std::size_t combinations = choices.involvements.size() * (choices.attendance ? 4 : 1) * (choices.weekend ? 2 : 1) *
                               choices.agencies.size();
    for (const auto& [field, list] : choices.by_type) {
        if (list.size() > most_types) return false;
        combinations <<= list.size();
    }
    if (combinations > left) return false;
    left -= combinations;
    for (std::size_t n = 0; n < combinations; ++n) {
        auto rest = n;
        const auto pick = [&](std::size_t count) {
            const auto picked = rest % count;
            rest /= count;
            return picked;
        };
        const auto involvement = choices.involvements[pick(choices.involvements.size())];
        const auto attendance = choices.attendance ? pick(4) : 0;
        const bool weekend = choices.weekend && pick(2) == 1;
        const auto& agency = choices.agencies[pick(choices.agencies.size())];
        auto fields = codes;
        for (const auto& [field, list] : choices.by_type) {
            json::array present;
            for (const auto& type : list) {
                if (pick(2) == 1) present.emplace_back(type);
            }
            if (!present.empty()) fields[field] = std::move(present);
        }
        Letter letter;
        for (const auto event : events) {
            const auto& guard = book_->events[event].guard;
            if (guard.involvement != 0 && (guard.involvement & involvement) == 0) continue;
            if (guard.weekend && !weekend) continue;
            if (!guard.agencies.empty() &&
                std::find(guard.agencies.begin(), guard.agencies.end(), agency) == guard.agencies.end())
                continue;
            const bool all_came = (attendance & 1U) != 0;
            const bool quorate = (attendance & 2U) != 0;
            if (guard.attendance == Attendance::all_required && !all_came) continue;
            if (guard.attendance == Attendance::not_all_required && all_came) continue;
            if (guard.attendance == Attendance::quorum && !quorate) continue;
            if (guard.attendance == Attendance::no_quorum && quorate) continue;
            const auto& tests = compiled_.nodes[event].tests;
            const bool fits = std::all_of(tests.begin(), tests.end(), [&](const Compiled::Test& test) {
                return !test.by_type || compiled_.has_type(find(fields, test.field), *test.codes, {}) != test.except;
            });
            if (fits) letter.events.push_back(event);
        }
        if (!letter.events.empty()) found.insert(std::move(letter));
    }
    return true;
}

bool Graph::can_be_excluded(std::uint16_t event) const {
    return std::any_of(changes_[event].begin(), changes_[event].end(),
                       [&](std::uint16_t r) { return rule(r).relation == Relation::exclude; });
}

bool Graph::can_be_blocked(std::uint16_t event) const {
    return !node(event).gates.empty() || !node(event).event->included || can_be_excluded(event);
}

std::set<std::uint16_t> Graph::cone(const std::set<std::uint16_t>& events) const {
    std::set<std::uint16_t> all;
    std::vector<std::uint16_t> queue(events.begin(), events.end());
    const auto add_all = [&](const std::vector<std::uint16_t>& more) {
        queue.insert(queue.end(), more.begin(), more.end());
    };
    while (!queue.empty()) {
        const auto event = queue.back();
        queue.pop_back();
        if (!node(event).active || !all.insert(event).second) continue;
        for (const auto& letter : letters_) {
            if (std::find(letter.events.begin(), letter.events.end(), event) == letter.events.end()) continue;
            for (const auto beside : letter.events) {
                if (can_be_blocked(beside)) queue.push_back(beside);
            }
        }
        for (const auto gate : node(event).gates) {
            queue.push_back(link(gate).from);
            add_all(link(gate).also);
            add_all(link(gate).since);
            if (rule(gate).relation == Relation::milestone) {
                for (const auto owed : node(link(gate).from).owes) {
                    const auto parts = events_of_duty(owed);
                    queue.insert(queue.end(), parts.begin(), parts.end());
                }
            }
            if (rule(gate).for_each == ForEach::earlier_concern) {
                for (std::size_t e = 0; e < book_->events.size(); ++e) {
                    const auto& kind = book_->events[e].kind;
                    if (kind == "concern.raised" || kind == "earlier.judged")
                        queue.push_back(static_cast<std::uint16_t>(e));
                }
            }
        }
        for (const auto change : changes_[event]) queue.push_back(link(change).from);
        if (!node(event).event->missed.empty()) {
            for (std::size_t r = 0; r < book_->rules.size(); ++r) {
                if (book_->rules[r].id != node(event).event->missed || !compiled_.links[r].active) continue;
                const auto parts = events_of_duty(static_cast<std::uint16_t>(r));
                queue.insert(queue.end(), parts.begin(), parts.end());
            }
        }
        if (is_member(event)) {
            for (const auto other : compiled_.types[node(event).type].events) {
                if (node(other).opens || node(other).closes) queue.push_back(other);
            }
        }
    }
    return all;
}

std::vector<std::uint16_t> Graph::same_duty(std::uint16_t rule) const {
    std::vector<std::uint16_t> all;
    for (std::size_t r = 0; r < book_->rules.size(); ++r) {
        const auto& other = compiled_.links[r];
        if (other.active && book_->rules[r].relation == Relation::response && other.to == link(rule).to &&
            other.first_of_id == link(rule).first_of_id)
            all.push_back(static_cast<std::uint16_t>(r));
    }
    return all;
}

std::set<std::uint16_t> Graph::events_of_duty(std::uint16_t rule) const {
    std::set<std::uint16_t> all;
    for (const auto r : same_duty(rule)) {
        all.insert(link(r).from);
        all.insert(link(r).to);
        all.insert(link(r).also.begin(), link(r).also.end());
        if (book_->rules[r].for_each == ForEach::earlier_concern) {
            for (std::size_t e = 0; e < book_->events.size(); ++e) {
                if (book_->events[e].kind == "concern.raised") all.insert(static_cast<std::uint16_t>(e));
            }
        }
    }
    return all;
}

std::string Graph::words(const Letter& letter) const {
    // The event that says most: the one with the narrowest guard.
    const auto most =
        std::max_element(letter.events.begin(), letter.events.end(), [&](std::uint16_t a, std::uint16_t b) {
            return compiled_.nodes[a].tests.size() < compiled_.nodes[b].tests.size();
        });
    const auto& event = book_->events[*most];
    return event.label.empty() ? event.id : event.label;
}

std::string Graph::label_of(const Rule& rule) const {
    return rule.label.empty() ? rule.id : rule.label;
}

std::int64_t Graph::hours(const ClockLength& length, bool longest) const {
    switch (length.unit) {
        case ClockLength::Unit::hours:
            return length.count;
        case ClockLength::Unit::calendar_days:
            return std::int64_t{length.count} * 24;
        case ClockLength::Unit::weeks:
            return std::int64_t{length.count} * 7 * 24;
        case ClockLength::Unit::months:
            return std::int64_t{length.count} * (longest ? 31 : 28) * 24;
        case ClockLength::Unit::working_days:
            break;
    }
    if (length.count == 0) return 0;
    const auto known = days_.find({length.count, longest});
    if (known != days_.end()) return known->second * 24;
    const auto span = [&](Date day) { return (calendar_->add_working_days(day, length.count) - day).count(); };
    auto found = span(calendar_->first());
    for (auto day = calendar_->first(); day <= calendar_->last(); day += std::chrono::days(1))
        found = longest ? std::max(found, span(day)) : std::min(found, span(day));
    days_[{length.count, longest}] = found;
    return found * 24;
}

void Wait::add(const Wait& other) {
    endless = endless || other.endless;
    for (int i = 0; i < 5; ++i) count[i] += other.count[i];
}

// A date may lie as far ahead as anybody plans: a hundred years stand for that.
void Wait::add_missing(const Rule& rule) {
    if (rule.before) {
        add({ClockLength::Unit::months, 1200});
    } else if (rule.deadline) {
        add(*rule.deadline);
    }
}

ClockLength least_time(const Rule& rule) {
    return rule.before ? ClockLength{ClockLength::Unit::calendar_days, 0} : *rule.deadline;
}

bool Wait::is_zero() const {
    return !endless && std::all_of(count, count + 5, [](int n) { return n == 0; });
}

std::int64_t Wait::hours(const Graph& graph, bool longest) const {
    if (endless) return INT64_MAX;
    std::int64_t all = 0;
    for (int i = 0; i < 5; ++i) all += graph.hours({static_cast<ClockLength::Unit>(i), count[i]}, longest);
    return all;
}

bool Wait::keeps(const Graph& graph, const ClockLength& deadline) const {
    const auto unit = static_cast<int>(deadline.unit);
    Wait others = *this;
    others.count[unit] = 0;
    if (others.is_zero()) return count[unit] <= deadline.count;
    Wait limit;
    limit.add(deadline);
    return hours(graph, true) <= limit.hours(graph, false);
}

}  // namespace waymark::procedure
