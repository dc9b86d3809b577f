#include "procedure/replay.hpp"

#include <doctest/doctest.h>

#include <map>

#include "support/sample_case.hpp"

using namespace waymark;
using namespace waymark::procedure;
using namespace waymark::testing;

namespace {

constexpr auto head = "name = \"small\"\nversion = \"1\"\ntitle = \"Small\"\nnation = \"england\"\n";
constexpr auto concern_event = "[[event]]\nid = \"concern\"\nkind = \"concern.raised\"\n";
constexpr auto end_of_may = "2026-05-31T12:00:00Z";

Procedure nothing_required() {
    return Procedure(rulebook_of(std::string(head) + concern_event));
}
Procedure with_clock(const std::string& clock) {
    return Procedure(rulebook_of(std::string(head) + concern_event + R"(
[[event]]
id = "triage"
kind = "triage.decided"
[[rule]]
id = "decision"
relation = "response"
from = "concern"
to = "triage"
clock = ")" + clock + R"("
owner = "front-door"
label = "Decide"
source = "[U] test"
in_force = 2020-01-01
)"));
}
Procedure with_drift(int days) {
    return Procedure(rulebook_of(std::string(head) + concern_event +
                                 "[[cue]]\nid = \"drift\"\nlabel = \"Drift\"\nsource = \"[D] test\"\nin_force = "
                                 "2020-01-01\nparameters = {days = " +
                                 std::to_string(days) + "}\n"));
}

// The shape of a missed chance: an earlier concern elsewhere that was closed without action, then one more.
SampleCase missed_chance() {
    SampleCase sample;
    SampleCase::More elsewhere;
    elsewhere.elsewhere = true;
    sample.add("first", "2026-01-12T09:00:00Z", "concern.raised", R"({"about_what": "displayed-behaviour"})",
               elsewhere);
    elsewhere.about = "first";
    sample.add("closed", "2026-01-13T09:00:00Z", "triage.decided", R"({"outcome": "no-further-action"})", elsewhere);
    sample.add("second", "2026-02-02T10:00:00Z", "concern.raised", R"({"about_what": "displayed-behaviour"})");
    sample.about("second", "no-action", "2026-02-03T10:00:00Z", "triage.decided",
                 R"({"outcome": "no-further-action"})");
    return sample;
}
// One that goes on, with a correction, an entry recorded late and a day without a time.
SampleCase long_case() {
    auto sample = missed_chance();
    sample.add("third", "2026-02-20", "concern.raised", R"({"about_what": "displayed-behaviour"})");
    sample.about("third", "assess", "2026-02-20", "triage.decided", R"({"outcome": "assessment"})");
    sample.add("disclosure", "2026-02-23T10:00:00Z", "disclosure.made");
    sample.add("begun", "2026-02-24T10:00:00Z", "assessment.started");
    SampleCase::More late;
    late.recorded = "2026-03-20T10:00:00Z";
    sample.add("strategy", "2026-02-25T10:00:00Z", "strategy.held", R"({"attended": [], "type": "strategy"})", late);
    SampleCase::More corrects;
    corrects.supersedes = "begun";
    corrects.recorded = "2026-03-02T10:00:00Z";
    sample.add("begun-again", "2026-02-26T10:00:00Z", "assessment.started", "{}", corrects);
    sample.add("support", "2026-03-03T10:00:00Z", "support.delivered");
    sample.add("done", "2026-04-28T10:00:00Z", "assessment.completed");
    return sample;
}

const WouldBeShown* shown(const Replayed& replayed, std::string_view id) {
    for (const auto& one : replayed.shown) {
        if (one.id == id) return &one;
    }
    return nullptr;
}

}  // namespace

TEST_CASE("a replay of the version that is in force shows nothing") {
    const Procedure rules(england_rules());
    const auto sample = long_case();
    CHECK(replay(rules, rules, england(), sample.dossier, instant(end_of_may)).empty());
    const Procedure again(england_rules());
    CHECK(replay(rules, again, england(), sample.dossier, instant(end_of_may)).empty());
}

TEST_CASE("a missed chance shows on the day on which it was missed") {
    const auto sample = missed_chance();
    const auto replayed =
        replay(nothing_required(), Procedure(england_rules()), england(), sample.dossier, instant(end_of_may));
    const auto* cue = shown(replayed, "earlier-concern-closed");
    REQUIRE(cue != nullptr);
    CHECK(format_date(cue->first) == "2026-02-02");
    CHECK(cue->entries == std::vector<EntryId>{sample.id("first")});
    CHECK_FALSE(cue->first_in_force);
    const auto decision = std::find_if(replayed.due.begin(), replayed.due.end(),
                                       [](const auto& one) { return one.id == "referral-decision"; });
    REQUIRE(decision != replayed.due.end());
    CHECK(decision->raised_by == sample.id("second"));
    CHECK(format_date(decision->first) == "2026-02-02");
    CHECK(format_date(decision->due) == "2026-02-03");
    // No further action was decided though the earlier concern had not been judged.
    REQUIRE_FALSE(replayed.blocked.empty());
    CHECK(replayed.blocked.front().entry == sample.id("no-action"));
    CHECK(format_date(replayed.blocked.front().on) == "2026-02-03");
    CHECK_FALSE(replayed.earlier_days());
}

TEST_CASE("a shorter clock is told with how many days earlier, and a longer one is not") {
    SampleCase sample;
    sample.add("concern", "2026-02-02T10:00:00Z", "concern.raised");
    const auto earlier = replay(with_clock("5 working days"), with_clock("1 working day"), england(), sample.dossier,
                                instant(end_of_may));
    REQUIRE(earlier.due.size() == 1);
    CHECK(format_date(earlier.due[0].due) == "2026-02-03");
    CHECK(format_date(*earlier.due[0].due_in_force) == "2026-02-09");
    CHECK(earlier.earlier_days() == 6);
    CHECK(replay(with_clock("1 working day"), with_clock("5 working days"), england(), sample.dossier,
                 instant(end_of_may))
              .empty());
}

TEST_CASE("what another version would no longer require is told with the days on which it was required") {
    const auto sample = missed_chance();
    const auto gone =
        replay(Procedure(england_rules()), nothing_required(), england(), sample.dossier, instant(end_of_may));
    CHECK(gone.due.empty());
    CHECK(gone.blocked.empty());
    CHECK(gone.shown.empty());
    CHECK_FALSE(gone.empty());
    CHECK_FALSE(gone.earlier_days());
    // The mirror of what the same rules would have required of a case in which nothing was in force.
    const auto would =
        replay(nothing_required(), Procedure(england_rules()), england(), sample.dossier, instant(end_of_may));
    REQUIRE(gone.no_longer.due.size() == would.due.size());
    for (std::size_t i = 0; i < would.due.size(); ++i) {
        CHECK(gone.no_longer.due[i].id == would.due[i].id);
        CHECK(gone.no_longer.due[i].first == would.due[i].first);
        CHECK(gone.no_longer.due[i].due == would.due[i].due);
        CHECK(gone.no_longer.due[i].raised_by == would.due[i].raised_by);
    }
    REQUIRE(gone.no_longer.blocked.size() == would.blocked.size());
    CHECK(gone.no_longer.blocked.front().entry == sample.id("no-action"));
    REQUIRE(gone.no_longer.shown.size() == would.shown.size());
    const auto closed = std::find_if(gone.no_longer.shown.begin(), gone.no_longer.shown.end(),
                                     [](const auto& one) { return one.id == "earlier-concern-closed"; });
    REQUIRE(closed != gone.no_longer.shown.end());
    CHECK(format_date(closed->first) == "2026-02-02");
    CHECK(closed->entries == std::vector<EntryId>{sample.id("first")});
    // Only what was required in the period that is asked for.
    Period later;
    later.from = make_date(2026, 5, 1);
    CHECK(replay(Procedure(england_rules()), nothing_required(), england(), sample.dossier, instant(end_of_may), later)
              .no_longer.blocked.empty());
}

TEST_CASE("a longer clock, and a cue that would show later, are still required") {
    SampleCase sample;
    sample.add("concern", "2026-02-02T10:00:00Z", "concern.raised");
    CHECK(replay(with_clock("1 working day"), with_clock("5 working days"), england(), sample.dossier,
                 instant(end_of_may))
              .no_longer.empty());
    CHECK(replay(with_drift(21), with_drift(30), england(), sample.dossier, instant(end_of_may)).no_longer.empty());
    // By a day on which only the one in force had shown it, the other has not.
    const auto between =
        replay(with_drift(21), with_drift(30), england(), sample.dossier, instant("2026-02-25T12:00:00Z"));
    REQUIRE(between.no_longer.shown.size() == 1);
    CHECK(format_date(between.no_longer.shown[0].first) == "2026-02-23");
    CHECK(replay(with_clock("1 working day"), nothing_required(), england(), sample.dossier, instant(end_of_may))
              .no_longer.due.size() == 1);
}

TEST_CASE("a cue that time brings is found on its day, and how many days sooner") {
    SampleCase sample;
    sample.add("concern", "2026-02-02T10:00:00Z", "concern.raised");
    const auto replayed = replay(with_drift(30), with_drift(21), england(), sample.dossier, instant(end_of_may));
    REQUIRE(replayed.shown.size() == 1);
    CHECK(format_date(replayed.shown[0].first) == "2026-02-23");
    CHECK(format_date(*replayed.shown[0].first_in_force) == "2026-03-04");
    CHECK(replayed.shown[0].earlier_days == 9);
    // By the day before it showed in neither.
    CHECK(replay(with_drift(30), with_drift(21), england(), sample.dossier, instant("2026-02-22T12:00:00Z")).empty());
    Period march;
    march.from = make_date(2026, 3, 1);
    CHECK(replay(with_drift(30), with_drift(21), england(), sample.dossier, instant(end_of_may), march).empty());
}

TEST_CASE("what was recorded late counts from when it was recorded") {
    SampleCase sample;
    SampleCase::More late;
    late.recorded = "2026-02-10T10:00:00Z";
    sample.add("concern", "2026-02-02T10:00:00Z", "concern.raised", "{}", late);
    const auto replayed =
        replay(nothing_required(), with_clock("1 working day"), england(), sample.dossier, instant(end_of_may));
    REQUIRE(replayed.due.size() == 1);
    CHECK(format_date(replayed.due[0].first) == "2026-02-10");
    CHECK(format_date(replayed.due[0].due) == "2026-02-03");
}

// The naive way: the standing of every day.
TEST_CASE("stepping from entry to entry finds the same first days as looking on every day") {
    const auto sample = long_case();
    const auto& book = england_rules();
    std::map<std::pair<std::string, EntryId>, Date> cues;
    std::map<std::pair<std::string, EntryId>, Date> duties;
    const Procedure rules(book);
    for (auto day = make_date(2026, 1, 10); day <= make_date(2026, 5, 30); day += std::chrono::days{1}) {
        const auto end = england().start_of(day + std::chrono::days{1}) - std::chrono::microseconds{1};
        const auto standing = rules.standing(england(), sample.dossier, end);
        for (const auto& cue : standing.cues) {
            for (const auto entry : cue.entries) cues.try_emplace({cue.id, entry}, day);
        }
        for (const auto& duty : standing.duties) duties.try_emplace({duty.id, duty.raised_by}, day);
    }
    const auto replayed = replay(nothing_required(), rules, england(), sample.dossier, instant("2026-05-30T22:59:59Z"));
    std::map<std::pair<std::string, EntryId>, Date> found_cues;
    std::map<std::pair<std::string, EntryId>, Date> found_duties;
    for (const auto& one : replayed.shown) {
        for (const auto entry : one.entries) found_cues.try_emplace({one.id, entry}, one.first);
    }
    for (const auto& one : replayed.due) found_duties.try_emplace({one.id, one.raised_by}, one.first);
    REQUIRE(duties.size() > 5);
    REQUIRE(cues.size() > 3);
    for (const auto& [key, day] : cues) {
        INFO(key.first, " ", sample.name(key.second));
        REQUIRE(found_cues.contains(key));
        CHECK(format_date(found_cues[key]) == format_date(day));
    }
    for (const auto& [key, day] : duties) {
        INFO(key.first, " ", sample.name(key.second));
        REQUIRE(found_duties.contains(key));
        CHECK(format_date(found_duties[key]) == format_date(day));
    }
}
