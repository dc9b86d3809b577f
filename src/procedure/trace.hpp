#pragma once
// When a case first owed and first showed what: its history, stepped through once as it became known.
//
// It steps over the moments at which something can change: when an entry became known, and between two of them what
// time itself brings. A duty that was raised by time is found with its due time; a cue that time brought is searched
// for by halving the days between two entries: there a cue comes, and does not go before the next entry unless it
// expires, which is looked at on its last day.
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "procedure/cues.hpp"
#include "procedure/tail.hpp"

namespace waymark::procedure {

class Trace {
public:
    struct Owes {
        const Rule* rule = nullptr;
        EntryId raised_by;
        EntryId about;
        EntryId instance;
        Instant first;  // from then on it was owed, as far as was known then
        Instant due;
        std::optional<Date> due_day;
    };
    struct Shows {
        const CueRule* rule = nullptr;
        EntryId entry;  // one of those that it rests on
        Instant first;
        std::string why;
    };

    // Of the cues only those that are `watched`, by their place in the rulebook. The dossier must outlive it.
    Trace(const Procedure&, const Calendar&, const Dossier&, Instant as_of, const std::vector<bool>& watched);
    [[nodiscard]] const std::vector<Owes>& owed() const { return owed_; }
    [[nodiscard]] const std::vector<Shows>& shown() const { return shown_; }
    [[nodiscard]] const std::vector<Breach>& breaches() const { return folded_->fold.breaches(); }

private:
    struct Folded;
    struct Step {
        Instant known_from;
        const record::Fact* fact = nullptr;
        bool own = false;
    };
    struct Folded {
        Folded(const Compiled&, const Calendar&, const Dossier&, Instant now);
        Folded(const Folded&) = delete;
        Folded& operator=(const Folded&) = delete;
        Known known;
        History history;
        Fold fold;
        Tail tail;
    };

    [[nodiscard]] std::vector<Step> steps() const;
    void take(const std::vector<Step>&, std::size_t from, std::size_t to);
    void pass(Instant from, Instant to);
    void find_owed(const Fold&, Instant from, Instant to);
    void look(Instant now);
    void look_between(std::uint32_t rule, Instant from, Instant to);
    template <class Visit>
    void each_new(std::uint32_t rule, Instant at, const Visit&) const;
    [[nodiscard]] std::optional<Cue> cue(std::uint32_t rule, Instant at) const;
    [[nodiscard]] Instant first_shown(std::uint32_t rule, EntryId, Instant from, Instant to) const;
    [[nodiscard]] Instant end_of(Date) const;

    const Compiled& compiled_;
    const Calendar& calendar_;
    const Dossier& dossier_;
    Instant as_of_;
    std::vector<std::uint32_t> watched_;  // cues
    std::unique_ptr<Folded> folded_;
    std::size_t looked_at_ = 0;  // of what the fold holds as owed
    std::vector<Owes> owed_;
    std::vector<Shows> shown_;
    std::set<std::tuple<const Rule*, Instant, EntryId, EntryId, EntryId>> known_owed_;
    std::set<std::pair<std::uint32_t, EntryId>> known_shown_;  // by cue
};

}  // namespace waymark::procedure
