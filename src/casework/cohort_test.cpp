// The published cohort, taken as an import takes it: each missed chance shows on the day on which it was missed.
#include <doctest/doctest.h>

#include <numeric>

#include "support/cohort.hpp"
#include "support/open_office.hpp"

using namespace waymark;
using namespace testing;
using std::chrono::days;

namespace {

// Everything of the cohort in one partnership, and what stood for each child at the end of a day.
class Taken24 {
public:
    explicit Taken24(OpenOffice& of) : world(of), children(cohort()) {
        for (const auto& child : children) {
            for (const auto& outcome : world.take_all(child.lines)) {
                REQUIRE_MESSAGE(outcome.taken == casework::Taken::taken,
                                (outcome.faults.empty() ? "" : describe(outcome.faults[0])));
                record_[child.n] = outcome.records[0];
            }
        }
    }
    std::vector<procedure::Standing> at_end_of(Date day, const CohortChild& child) const {
        const auto& calendar = *world.office().calendar;
        const auto as_of = calendar.start_of(day + days{1}) - std::chrono::microseconds{1};
        const auto page =
            casework::person_page(world.office(), world.asker("m.brennan", "triage"), record_.at(child.n), as_of);
        return page ? page->standings : std::vector<procedure::Standing>{};
    }
    bool shows(const std::string& cue, Date day, const CohortChild& child) const {
        for (const auto& standing : at_end_of(day, child)) {
            for (const auto& one : standing.cues) {
                if (one.id == cue) return true;
            }
        }
        return false;
    }
    bool overdue(const std::string& duty, Date day, const CohortChild& child) const {
        for (const auto& standing : at_end_of(day, child)) {
            for (const auto& one : standing.duties) {
                if (one.id == duty && one.state == procedure::DutyState::overdue) return true;
            }
        }
        return false;
    }
    std::size_t breaches(Date day, const CohortChild& child) const {
        std::size_t n = 0;
        for (const auto& standing : at_end_of(day, child)) n += standing.breaches.size();
        return n;
    }
    template <class Holds>
    std::size_t count(const Holds& holds) const {
        return static_cast<std::size_t>(std::count_if(children.begin(), children.end(), holds));
    }
    Date working_days_after(Date day, int n) const { return world.office().calendar->add_working_days(day, n); }

    OpenOffice& world;
    std::vector<CohortChild> children;

private:
    std::map<std::size_t, ViewId> record_;
};

}  // namespace

TEST_CASE("the cohort has the published figures") {
    const auto children = cohort();
    CHECK(children.size() == 24);
    const auto count = [&](auto holds) { return std::count_if(children.begin(), children.end(), holds); };
    CHECK(count([](const auto& child) { return !child.earlier.empty(); }) == 11);
    const auto waited = std::accumulate(children.begin(), children.end(), std::int64_t{0}, [](auto sum, const auto& c) {
        return sum + (c.sentence - c.disclosure).count();
    });
    CHECK(waited == 24 * 243);
    CHECK(count([](const auto& child) { return child.responded; }) == 23);
    CHECK(count([](const auto& child) { return child.further_offence; }) == 1);
}

TEST_CASE("each missed chance of the cohort shows on the day on which it was missed") {
    for_each_office([](OpenOffice& world) {
        const Taken24 taken(world);
        // The earlier concern that nobody decided on: overdue when its working day is over, not before.
        CHECK(taken.count([&](const auto& child) {
            if (child.earlier.empty()) return false;
            const auto due = taken.working_days_after(child.earlier[0], 1);
            CHECK_FALSE(taken.overdue("referral-decision", due, child));
            return taken.overdue("referral-decision", due + days{1}, child);
        }) == 3);
        // Closing the second concern without a look at the first.
        CHECK(taken.count([&](const auto& child) {
            if (child.earlier.size() < 2) return false;
            CHECK(taken.breaches(child.earlier[1] + days{2}, child) == 0);
            return taken.breaches(child.earlier[1] + days{3}, child) > 0;
        }) == 2);
        // The day of the disclosure: eleven were known before.
        CHECK(taken.count([&](const auto& child) {
            const auto known = taken.shows("earlier-concerns", child.disclosure, child);
            CHECK(known == taken.shows("earlier-concern-closed", child.disclosure, child));
            return known;
        }) == 11);
        // Protecting at once is right; the judging then fell due on the next working day, and was not done.
        CHECK(taken.count([&](const auto& child) {
            const auto due = taken.working_days_after(child.disclosure + days{1}, 1);
            CHECK_FALSE(taken.overdue("earlier-judged", due, child));
            return taken.overdue("earlier-judged", due + days{1}, child);
        }) == 11);
        // No strategy discussion within 24 hours, for any of them.
        CHECK(taken.count([&](const auto& child) {
            return taken.overdue("strategy-discussion", child.disclosure + days{2}, child);
        }) == 24);
        // Who must meet had not met: from the decision on, and still after the discussion of two agencies.
        CHECK(taken.count([&](const auto& child) {
            CHECK_FALSE(taken.shows("not-all-agencies-met", child.disclosure, child));
            return taken.shows("not-all-agencies-met", child.disclosure + days{1}, child) &&
                   taken.shows("not-all-agencies-met", child.disclosure + days{8}, child);
        }) == 24);
        // Eight months without support: from the day after the disclosure until sentence.
        CHECK(taken.count([&](const auto& child) {
            CHECK_FALSE(taken.shows("no-support", child.disclosure, child));
            CHECK_FALSE(taken.shows("no-support", child.sentence, child));
            return taken.shows("no-support", child.disclosure + days{1}, child) &&
                   taken.shows("no-support", child.sentence - days{1}, child);
        }) == 24);
        CHECK(taken.count([&](const auto& child) {
            CHECK_FALSE(taken.overdue("support-while-waiting", child.disclosure + days{28}, child));
            return taken.overdue("support-while-waiting", child.disclosure + days{29}, child);
        }) == 24);
        // Half had no plan after the disposal.
        CHECK(taken.count([&](const auto& child) {
            const auto due = taken.working_days_after(child.sentence, 15);
            CHECK_FALSE(taken.overdue("after-disposal-plan", due, child));
            return taken.overdue("after-disposal-plan", due + days{1}, child);
        }) == 12);
        // The outcome at six months was asked for, and told, for all.
        CHECK(taken.count([&](const auto& child) {
            return taken.overdue("outcome-6-months", add_months(child.sentence, 6) + days{3}, child);
        }) == 0);
    });
}
