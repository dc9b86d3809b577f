#pragma once
// The marking of the graph after the entries of a case: what has happened, what is owed, what is included.
//
// As published (Hildebrandt and Mukkamala 2010), but each response stands for itself, with the entry that raised it and
// its own deadline: an event is pending while any of its responses is open. An entry that is several events executes
// all of them at once: first they meet what was owed, then they exclude, then include, then raise. The entry is applied
// whether or not the graph allowed it; where it did not, a breach is left.
#include <optional>
#include <vector>

#include "procedure/history.hpp"

namespace waymark::procedure {

struct Instance {
    std::uint16_t rule = 0;
    std::uint32_t raised_by = 0;        // among the known entries; for a clock that runs from a referral, that referral
    std::uint32_t about = Known::none;  // the earlier concern
    When from;                          // when the clock started
    std::optional<Instant> due;
    std::optional<Date> due_day;
    std::uint32_t met_by = Known::none;
    std::optional<Instant> ended;  // no longer owed since then
};

class Fold {
public:
    Fold(const Compiled&, const Calendar&, const Known&, const History&);

    [[nodiscard]] const std::vector<Instance>& instances() const { return instances_; }
    [[nodiscard]] std::vector<Breach> take_breaches() { return std::move(breaches_); }
    [[nodiscard]] bool closed() const { return closed_; }
    [[nodiscard]] std::optional<std::uint32_t> opened_by() const { return opened_by_; }
    [[nodiscard]] bool included(std::uint16_t event) const { return included_[event]; }
    // The state of an instance at a time; nothing where it was withdrawn because its event is excluded.
    [[nodiscard]] std::optional<DutyState> state_of(const Instance&, Instant now) const;

    // What holds an event for an entry at `at` (one that has not been applied). `in_hand`: the concern that it decides
    // on.
    struct Attempt {
        When at;
        Instant recorded;
        std::uint32_t position = Known::none;  // of the entry, or `none` for one that is still to be made
        EntryId about;
        Part part = Part::other;
    };
    [[nodiscard]] std::vector<Gate> held(std::uint16_t event, const Attempt&) const;
    [[nodiscard]] Gate gate(std::uint16_t rule, std::uint16_t event, const Attempt&) const;

private:
    void apply(std::uint32_t at);
    void meet(std::uint16_t rule, std::uint32_t at);
    void raise(std::uint16_t rule, std::uint32_t at);
    void add(std::uint16_t rule, std::uint32_t raised_by, std::uint32_t about, When from);
    void end_case(const record::Fact&);
    [[nodiscard]] bool allows(std::uint16_t rule, const Attempt&) const;
    [[nodiscard]] bool pending(std::uint16_t event) const;
    [[nodiscard]] bool happens_that_day(std::uint16_t event, const Attempt&) const;
    [[nodiscard]] std::vector<std::uint32_t> waits_for(const Attempt&) const;
    [[nodiscard]] bool is_event(std::uint16_t event, std::uint32_t at) const;

    const Compiled& compiled_;
    const Calendar& calendar_;
    const Known& known_;
    const History& history_;
    std::vector<std::optional<When>> executed_;
    std::vector<bool> included_;
    std::vector<std::optional<Instant>> excluded_at_;
    std::vector<std::uint16_t> excluded_by_;
    std::vector<Instance> instances_;
    std::vector<std::vector<std::uint32_t>> open_;  // by rule: instances that are still owed, oldest first
    std::vector<Breach> breaches_;
    std::vector<std::uint16_t> matched_;
    bool closed_ = false;
    std::optional<std::uint32_t> opened_by_;
};

}  // namespace waymark::procedure
