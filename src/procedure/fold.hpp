#pragma once
// The marking of the graph after the entries of a case: what has happened, what is owed, what is included.
//
// As published (Hildebrandt and Mukkamala 2010), but each response stands for itself, with the entry that raised it and
// its own deadline: an event is pending while any of its responses is open. An entry that is several events executes
// all of them at once: first they meet what was owed, then they exclude, then include, then close instances, then
// raise. The entry is applied whether or not the graph allowed it; where it did not, a breach is left.
//
// Instances: each event of an [[instance]] has one marking for every instance of it (Debois, Hildebrandt, Slaats 2014:
// sub-processes). An entry belongs to the instance of what it is about; else to the open one with its key; else to the
// oldest that is open; else to one of its own, which counts as closed. Time passing is an event too: what is `missed`
// happens just after the due time, in its place among the entries.
#include <optional>
#include <queue>
#include <unordered_map>
#include <vector>

#include "procedure/history.hpp"

namespace waymark::procedure {

// A response that was raised.
struct Owed {
    static constexpr std::uint32_t whole_case = UINT32_MAX;
    std::uint16_t rule = 0;
    std::uint32_t raised_by = 0;        // among the known entries; for a clock that runs from a referral, that referral
    std::uint32_t about = Known::none;  // the earlier concern
    std::uint32_t instance = whole_case;  // to which it belongs
    When from;                            // when the clock started
    std::optional<Instant> due;
    std::optional<Date> due_day;
    bool at_once = false;  // counted back from a date, with less time left than that
    std::uint32_t met_by = Known::none;
    When met_at;
    std::optional<Instant> ended;              // no longer owed since then
    std::optional<Instant> withdrawn;          // its instance was closed, or its date was moved
    std::uint16_t passed_to = Compiled::none;  // the rule of the duty that its being missed raised
};

class Fold {
public:
    static constexpr int most_steps_about = 8;  // of entries that are about one another

    // Folds nothing yet.
    Fold(const Compiled&, const Calendar&, const Known&, const History&, const std::optional<Born>&);

    // Entries among the known ones must come in their order. Time passes up to each of them.
    void take(std::uint32_t at);
    // What is missed by `now` happens.
    void pass_to(Instant now);
    // Whether anything would happen by then without an entry.
    [[nodiscard]] bool waits_until(Instant now) const { return !timers_.empty() && timers_.top().due < now; }

    [[nodiscard]] const std::vector<Owed>& owed() const { return owed_; }
    [[nodiscard]] const std::vector<Breach>& breaches() const { return breaches_; }
    [[nodiscard]] bool closed() const { return closed_; }
    [[nodiscard]] std::optional<std::uint32_t> opened_by() const { return opened_by_; }
    [[nodiscard]] std::uint32_t opener_of(std::uint32_t instance) const { return instances_[instance].opened_by; }
    // The state of a duty at a time; nothing where it was withdrawn because its event is excluded.
    [[nodiscard]] std::optional<DutyState> state_of(const Owed&, Instant now) const;

    // What holds an event for an entry at `at` (one that has not been applied).
    struct Attempt {
        When at;
        Instant recorded;
        std::uint32_t position = Known::none;  // of the entry, or `none` for one that is still to be made
        EntryId about;
        Part part = Part::other;
    };
    // Of the instance (or `fresh`) in which the event would happen.
    static constexpr std::uint32_t fresh = UINT32_MAX - 1;
    [[nodiscard]] std::vector<Gate> held(std::uint16_t event, const Attempt&, std::uint32_t instance) const;
    [[nodiscard]] Gate gate(std::uint16_t rule, std::uint16_t event, const Attempt&, std::uint32_t instance) const;
    // The gate with its reason, before it is asked whether anybody has proposed the course.
    [[nodiscard]] Gate told(std::uint16_t rule, std::uint16_t event, const Attempt&, std::uint32_t instance) const;
    // Every instance of this type that is open.
    [[nodiscard]] std::vector<std::uint32_t> open_instances(std::uint16_t type) const;
    // Where an entry that is still to be made would belong.
    struct Address {
        EntryId about;
        const json::object* fields = nullptr;
        std::string_view incident;
    };
    [[nodiscard]] std::uint32_t belongs(std::uint16_t type, const Address&) const;
    [[nodiscard]] Candidate candidate(const record::Fact&, const KindInfo&) const;
    [[nodiscard]] Candidate candidate(const json::object& fields, EntryId about, const KindInfo&, Date day) const;

private:
    struct Marking {
        std::optional<When> executed;
        std::uint32_t executed_by = Known::none;
        bool included = true;
        std::optional<Instant> excluded_at;
        std::uint16_t excluded_by = Compiled::none;
    };
    struct Opened {
        std::uint16_t type = 0;
        std::uint32_t first_mark = 0;
        std::uint32_t opened_by = Known::none;
        bool open = true;
        std::string key;
    };
    struct Timer {
        Instant due;
        std::uint32_t owed = 0;
        bool operator<(const Timer& other) const {
            return std::pair(other.due, other.owed) < std::pair(due, owed);  // the earliest on top
        }
    };
    struct Happening {
        std::uint16_t event = 0;
        std::uint32_t instance = Owed::whole_case;
    };

    void apply(std::uint32_t at);
    void happen(const std::vector<Happening>&, std::uint32_t by, When at, const record::Fact* entry);
    void miss(std::uint32_t owed);
    void meet(std::uint16_t rule, std::uint32_t at, const Happening&);
    void meet_one(std::uint32_t owed, std::uint32_t at);
    void raise(std::uint16_t rule, std::uint32_t by, When at, const Happening&);
    std::uint32_t raise_in(std::uint16_t rule, std::uint32_t by, When at, std::uint32_t instance);
    std::uint32_t raise_before(std::uint16_t rule, std::uint32_t by, When at, std::uint32_t instance);
    void meet_what_it_raised(std::size_t first, std::uint32_t by, const std::vector<Happening>&);
    [[nodiscard]] bool speaks_of(std::uint32_t item, std::uint32_t other) const;
    void set_due_before(Owed&, std::uint32_t raised_by) const;
    std::uint32_t add(std::uint16_t rule, std::uint32_t raised_by, std::uint32_t about, When from,
                      std::uint32_t instance);
    void set_due(Owed&, std::uint32_t raised_by) const;
    void end_case(const record::Fact&);
    void close(std::uint32_t instance, Instant at);
    [[nodiscard]] std::uint32_t place_in(std::uint16_t event, std::uint32_t at);
    std::uint32_t open(std::uint16_t type, std::uint32_t by, bool implicit);
    [[nodiscard]] std::uint32_t addressed(std::uint16_t type, const Address&, bool opens) const;
    [[nodiscard]] std::uint32_t member(std::uint32_t item, std::uint16_t type) const;
    [[nodiscard]] std::string key_of(std::uint16_t type, const json::object& fields, std::string_view incident) const;
    [[nodiscard]] std::uint32_t mark_of(std::uint16_t event, std::uint32_t instance) const;
    [[nodiscard]] const Marking& marking(std::uint16_t event, std::uint32_t instance) const;
    template <class Do>
    void each_target(std::uint16_t event, std::uint32_t from_instance, const Do&);
    [[nodiscard]] bool allows(std::uint16_t rule, const Attempt&, std::uint32_t instance) const;
    [[nodiscard]] bool allows_within(std::uint16_t rule, const Attempt&, std::uint32_t instance) const;
    [[nodiscard]] bool pending(std::uint16_t event, std::uint32_t instance) const;
    [[nodiscard]] bool happens_that_day(std::uint16_t event, const Attempt&) const;
    [[nodiscard]] std::vector<std::uint32_t> waits_for(const Attempt&) const;
    [[nodiscard]] bool is_event(std::uint16_t event, std::uint32_t at) const;
    [[nodiscard]] bool of_age(std::uint16_t rule, When) const;

    const Compiled& compiled_;
    const Calendar& calendar_;
    const Known& known_;
    const History& history_;
    const std::optional<Born>& born_;
    std::vector<std::uint32_t> place_;  // of a global event among the markings
    std::vector<Marking> marks_;
    std::vector<Opened> instances_;
    std::unordered_map<std::uint64_t, std::uint32_t> members_;  // item and type -> instance
    std::vector<Owed> owed_;
    std::vector<std::vector<std::uint32_t>> open_;  // by rule: duties that are still owed, oldest first
    std::priority_queue<Timer> timers_;
    std::size_t missed_ = 0;
    std::vector<Breach> breaches_;
    bool closed_ = false;
    std::optional<std::uint32_t> opened_by_;
};

}  // namespace waymark::procedure
