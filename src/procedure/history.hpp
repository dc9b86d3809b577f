#pragma once
// Every concern and referral about the child, whoever holds it, with what was decided, classified and judged about it.
#include <string_view>
#include <vector>

#include "procedure/known.hpp"

namespace waymark::procedure {

class History {
public:
    struct Line {
        std::uint32_t at = 0;  // of the concern among the known entries
        bool own = false;
        bool referral = false;
        bool about_child = true;  // the child is more than a witness or relative in it
        std::uint32_t first_triage = Known::none;
        std::uint32_t latest_triage = Known::none;
        std::uint32_t classification = Known::none;
        std::vector<std::uint32_t> judgements;
    };

    explicit History(const Known&);
    // The entry that was added to the known ones last.
    void append(std::uint32_t at);

    [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }  // oldest first
    [[nodiscard]] const Known& known() const { return *known_; }
    // The line of a concern, or of the entry that this one is about in turn; nullptr where there is none.
    [[nodiscard]] const Line* line_of(EntryId) const;
    // The concern that a decision is about: as it says, else the oldest of the case without a decision, else the
    // latest.
    [[nodiscard]] const Line* decided_on(EntryId about, std::uint32_t before) const;
    // Whether `earlier` is an earlier concern for the one in hand.
    [[nodiscard]] bool is_earlier(const Line& earlier, const Line& in_hand, bool with_referrals) const;
    // Whether it was judged for the one in hand: not before that was received, and by `by`.
    [[nodiscard]] bool judged(const Line& earlier, const record::Fact& in_hand, When by) const;
    // Earlier concerns that were not judged for this one when it was decided; only those that were on record then.
    [[nodiscard]] std::vector<std::uint32_t> unjudged(const Line& in_hand, When decided, Instant on_record) const;
    // The same for all concerns of the case together.
    [[nodiscard]] std::vector<std::uint32_t> unjudged_of_case(When decided, Instant on_record,
                                                              std::uint32_t before) const;
    // How it ended: the latest triage outcome, "no-further-action" of a referral, or empty.
    [[nodiscard]] std::string_view closed_as(const Line&) const;
    // Contract section 5: ended in no further action or advice, or has no decision within the clock.
    [[nodiscard]] bool closed_without_action(const Line&, const Calendar*, const Rule* clock, Instant now) const;
    [[nodiscard]] bool undecided_in_time(const Line&, const Calendar&, const Rule* clock, Instant now) const;

private:
    void take_concern(std::uint32_t at);
    void take_rest(std::uint32_t at);
    void take_triage(std::uint32_t at);
    Line* mutable_line(std::uint32_t at);

    const Known* known_;
    std::vector<Line> lines_;
    std::size_t undecided_from_ = 0;  // every own line before it has a decision
};

}  // namespace waymark::procedure
