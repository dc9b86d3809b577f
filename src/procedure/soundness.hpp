#pragma once
// What `check` is made of. A rulebook is not walked whole: each question (can this duty be met, can this event happen)
// is asked of the part of the graph that can bear on it, its cone of influence; guards are free choices; of what may be
// many there are two; the child may have birthdays. Where a part is too large to walk, a plan is sought instead: steps
// that lead to the goal from any state whatever.
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "procedure/compiled.hpp"

namespace waymark::procedure {

// The events that one entry can be, at once; or that happen because a duty is missed.
struct Letter {
    std::vector<std::uint16_t> events;
    bool time = false;
    auto operator<=>(const Letter&) const = default;
};

// The graph with what every question asks of it.
class Graph {
public:
    Graph(const Rulebook&, const Calendar&);

    // False where the entries of some kind can be too many things at once.
    [[nodiscard]] bool whole() const { return whole_; }
    [[nodiscard]] const Rulebook& book() const { return *book_; }
    [[nodiscard]] const Compiled& compiled() const { return compiled_; }
    [[nodiscard]] const Calendar& calendar() const { return *calendar_; }
    [[nodiscard]] const std::vector<Letter>& letters() const { return letters_; }
    [[nodiscard]] const Compiled::Node& node(std::uint16_t event) const { return compiled_.nodes[event]; }
    [[nodiscard]] const Compiled::Link& link(std::uint16_t rule) const { return compiled_.links[rule]; }
    [[nodiscard]] const Rule& rule(std::uint16_t rule) const { return book_->rules[rule]; }
    [[nodiscard]] bool is_member(std::uint16_t event) const { return node(event).type != Compiled::none; }
    // Ages that differ in what applies: one of each.
    [[nodiscard]] const std::vector<int>& ages() const { return ages_; }
    [[nodiscard]] bool applies(const Ages& limits, std::size_t age) const {
        return limits.from <= ages_[age] && ages_[age] <= limits.to;
    }
    // Rules that include or exclude an event.
    [[nodiscard]] const std::vector<std::uint16_t>& changes(std::uint16_t event) const { return changes_[event]; }
    [[nodiscard]] bool can_be_excluded(std::uint16_t event) const;
    // It can be held, or be no part of the case.
    [[nodiscard]] bool can_be_blocked(std::uint16_t event) const;
    // Every event that can bear on whether these happen, with what raises and meets these duties.
    [[nodiscard]] std::set<std::uint16_t> cone(const std::set<std::uint16_t>& events) const;
    // The responses that are one duty of one event: written with several `from`.
    [[nodiscard]] std::vector<std::uint16_t> same_duty(std::uint16_t rule) const;
    [[nodiscard]] std::set<std::uint16_t> events_of_duty(std::uint16_t rule) const;
    [[nodiscard]] std::string words(const Letter&) const;
    [[nodiscard]] std::string label_of(const Rule&) const;

    // Hours that a length takes at its longest or shortest, working days read off the calendar itself.
    [[nodiscard]] std::int64_t hours(const ClockLength&, bool longest) const;

private:
    bool find_letters();
    bool letters_of(const std::vector<std::uint16_t>& events, std::set<Letter>& found) const;
    bool letters_beside(const std::vector<std::uint16_t>& events, const json::object& codes, std::size_t& left,
                        std::set<Letter>& found) const;
    void find_ages();

    const Rulebook* book_;
    Compiled compiled_;
    const Calendar* calendar_;
    std::vector<Letter> letters_;
    std::vector<int> ages_;
    std::vector<std::vector<std::uint16_t>> changes_;
    bool whole_ = true;
    mutable std::map<std::pair<int, bool>, std::int64_t> days_;
};

// A length of time as a sum of clocks; each unit apart, since a working day has no fixed number of hours.
struct Wait {
    int count[5] = {0, 0, 0, 0, 0};
    bool endless = false;
    void add(const ClockLength& length) { count[static_cast<int>(length.unit)] += length.count; }
    void add(const Wait& other);
    [[nodiscard]] bool is_zero() const;
    [[nodiscard]] std::int64_t hours(const Graph&, bool longest) const;  // INT64_MAX where endless
    // Whether so long a wait never overruns the deadline.
    [[nodiscard]] bool keeps(const Graph&, const ClockLength& deadline) const;
    // Until time has brought what comes of a duty's being missed.
    void add_missing(const Rule&);
};

// The least time that there may be for a duty: of one before a date, the day on which the date is set.
ClockLength least_time(const Rule&);

// One part of the graph, walked.
class Slice {
public:
    Slice(const Graph&, const std::set<std::uint16_t>& events, const std::vector<std::uint16_t>& duties);

    // False where there are more states than that, or more in a state than can be held.
    bool walk(std::size_t most_states);
    [[nodiscard]] std::size_t states() const { return states_.size(); }
    [[nodiscard]] bool happens(std::uint16_t event) const { return happened_[event]; }
    [[nodiscard]] bool is_raised(std::uint16_t rule) const;
    struct Found {
        std::string why;
        std::vector<std::string> run;
    };
    [[nodiscard]] std::optional<Found> deadlock(std::uint16_t rule) const;
    [[nodiscard]] std::optional<Found> time_lock(std::uint16_t rule) const;

private:
    using State = std::uint64_t;
    static constexpr std::uint32_t nowhere = UINT32_MAX;
    static constexpr unsigned copies = 2;

    // A bit of the state, or one for each copy of an instance; -1: not kept.
    struct Bits {
        int at[copies] = {-1, -1};
        bool each = false;  // copy
        [[nodiscard]] int of(unsigned copy) const { return each ? at[copy] : at[0]; }
    };
    struct Token {  // what satisfies a condition
        std::vector<std::uint16_t> sources;
        std::vector<std::uint16_t> since;
        Bits bits;
    };
    struct Duty {
        std::uint16_t rule = 0;  // the first of them
        Bits owed;
        Bits armed;  // it has not been missed yet
        Bits spent;  // of a duty that is raised once: it was; of one before a date: it was met, and a new date moves it
    };
    struct Move {
        Letter letter;
        std::vector<std::pair<std::uint16_t, unsigned>> copy_of;  // instance type -> copy
        std::uint16_t missed = Compiled::none;                    // duty whose time passes
        unsigned missed_copy = 0;
        bool birthday = false;
    };
    struct Edge {
        std::uint32_t to = 0;
        std::uint32_t move = 0;
    };

    void lay_out();
    Bits take(bool each);
    void find_moves();
    static bool bit(State state, int at) { return at >= 0 && ((state >> at) & 1U) != 0; }
    static State with(State state, int at, bool value);
    [[nodiscard]] std::size_t age(State state) const;
    [[nodiscard]] bool is_included(State, std::uint16_t event, unsigned copy) const;
    [[nodiscard]] bool is_owed(State, std::uint16_t rule, unsigned copy) const;
    [[nodiscard]] bool pending(State, std::uint16_t event, unsigned copy) const;
    [[nodiscard]] bool pending_anywhere(State, std::uint16_t event) const;
    [[nodiscard]] bool holds(State, std::uint16_t rule, unsigned copy) const;
    [[nodiscard]] bool holds_within(State, std::uint16_t rule, unsigned copy) const;
    [[nodiscard]] unsigned copy_in(const Move&, std::uint16_t event) const;
    // The events of a move that are events for a child of that age.
    [[nodiscard]] std::vector<std::uint16_t> effective(State, const Move&) const;
    void successors(std::uint32_t state, std::uint32_t move);
    [[nodiscard]] std::optional<State> place(State, const Move&, const std::vector<std::uint16_t>& events) const;
    // What may come out of it besides what the events say.
    struct Chance {
        bool another_earlier = false;  // a concern came on record before this one
        bool date_moved = false;       // what was met before a date is not owed again
    };
    [[nodiscard]] State after(State, const Move&, const std::vector<std::uint16_t>& events, Chance) const;
    [[nodiscard]] bool may_move_a_date(State, const Move&, const std::vector<std::uint16_t>& events) const;
    [[nodiscard]] bool meets_what_it_raises(const Move&, const std::vector<std::uint16_t>& events, std::uint16_t rule,
                                            std::uint16_t from) const;
    void reach(State, std::uint32_t from, std::uint32_t move);
    template <class Do>
    void each_copy(const Bits&, std::uint16_t to, const Move&, std::uint16_t from, State, const Do&) const;
    [[nodiscard]] const Duty* duty_of(std::uint16_t rule) const;
    [[nodiscard]] std::string words(std::uint32_t move) const;
    [[nodiscard]] std::vector<std::string> run_to(std::uint32_t state) const;
    [[nodiscard]] Wait wait_for(State, std::uint16_t event, unsigned copy, const std::vector<std::uint16_t>& just,
                                std::set<std::uint16_t>& walking) const;
    [[nodiscard]] Wait left_of(const Rule&, std::uint16_t source, const std::vector<std::uint16_t>& just) const;

    const Graph& graph_;
    std::set<std::uint16_t> events_;
    std::vector<Token> tokens_;
    std::map<std::uint16_t, std::size_t> token_of_;  // by condition
    std::vector<Duty> duties_;
    std::map<std::uint16_t, std::size_t> duty_of_;  // by response
    std::map<std::uint16_t, Bits> included_;
    std::map<std::uint16_t, Bits> opened_;  // by instance type
    std::map<std::uint16_t, Bits> open_;
    int earlier_ = -1;
    int age_ = -1;
    unsigned age_bits_ = 0;
    unsigned next_ = 0;
    std::vector<Move> moves_;
    std::vector<State> states_;
    std::unordered_map<State, std::uint32_t> number_;
    std::vector<Edge> came_from_;
    std::vector<std::vector<Edge>> edges_;
    std::vector<bool> happened_;
};

// Whether steps were found that make an event happen for a child of that age: from the beginning; from any state in
// which it is owed, and so part of the case; or from any state whatever.
enum class PlanFrom { beginning, owed, anywhere };
bool can_happen(const Graph&, std::uint16_t event, std::size_t age, PlanFrom);
// No wait in any state overruns the duty's deadline.
bool always_in_time(const Graph&, std::uint16_t rule);

}  // namespace waymark::procedure
