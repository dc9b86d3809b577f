// What is drawn attention to, and when it stops.
#include <doctest/doctest.h>

#include <fmt/core.h>

#include "support/sample_case.hpp"

using namespace waymark;
using namespace waymark::procedure;
using namespace waymark::testing;

namespace {

// The shipped procedures as the partnership of the samples has them.
const Procedure& northbay() {
    static const Procedure procedure = [] {
        const auto dir = std::string(WAYMARK_SOURCE_DIR) + "/content";
        const auto profile =
            content::parse_profile(content::read_content(dir, "profiles/northbay.toml").value(), "northbay.toml")
                .value();
        return Procedure(
            with_profile(combine({shipped("hsb-england"), shipped("consultation"), shipped("challenge")}).value(),
                         profile, "northbay.toml")
                .value());
    }();
    return procedure;
}
Standing at(const SampleCase& sample, std::string_view now) {
    return northbay().standing(england(), sample.dossier, instant(now));
}
const Cue* cue(const Standing& standing, std::string_view id) {
    for (const auto& one : standing.cues) {
        if (one.id == id) return &one;
    }
    return nullptr;
}
bool shows(const SampleCase& sample, std::string_view now, std::string_view id) {
    return cue(at(sample, now), id) != nullptr;
}
SampleCase::More of_incident(const std::string& key, bool elsewhere = false) {
    SampleCase::More more;
    more.incident = key;
    more.elsewhere = elsewhere;
    return more;
}
SampleCase one_concern() {
    SampleCase sample;
    sample.add("concern", "2026-03-02T09:00:00Z", "concern.raised", R"({"about_what": "displayed-behaviour"})");
    return sample;
}
std::string attended(std::string_view agencies) {
    return fmt::format(R"({{"attended": [{}]}})", agencies);
}
Cue named(const std::string& id, bool statutory = false) {
    Cue one;
    one.id = id;
    one.statutory = statutory;
    return one;
}
Standing case_with(std::uint8_t n, std::vector<Cue> cues) {
    Standing one;
    one.case_id.value.octets[15] = n;
    one.cues = std::move(cues);
    return one;
}
Interruptions interruptions(const std::vector<Standing>& standings, const std::vector<Interruption>& today = {}) {
    return interrupting(standings, today);
}
std::vector<std::string> cue_ids(const std::vector<Cue>& cues) {
    std::vector<std::string> ids;
    for (const auto& one : cues) ids.push_back(one.id);
    return ids;
}

}  // namespace

TEST_CASE("five reports of one incident are one incident, and three incidents in twelve months are a pattern") {
    SampleCase sample;
    for (const auto* day : {"01", "02", "03", "04", "05"})
        sample.add(day, fmt::format("2026-01-{}T09:00:00Z", day), "concern.raised", "{}", of_incident("one", true));
    sample.add("two", "2026-02-10T09:00:00Z", "concern.raised", "{}", of_incident("two", true));
    CHECK_FALSE(shows(sample, "2026-03-01T12:00:00Z", "concern-pattern"));
    sample.add("three", "2026-03-02T09:00:00Z", "concern.raised");
    sample.about("three", "same", "2026-03-03T09:00:00Z", "incident.recorded");
    const auto standing = at(sample, "2026-03-04T12:00:00Z");
    REQUIRE(cue(standing, "concern-pattern") != nullptr);
    CHECK(cue(standing, "concern-pattern")->entries ==
          std::vector<EntryId>{sample.id("01"), sample.id("two"), sample.id("three")});
    CHECK(cue(standing, "concern-pattern")->why ==
          "3 incidents in 12 months, from 1 January 2026 to 2 March 2026. Reports of one incident count once.");
    CHECK(cue(standing, "concern-pattern")->expires == parse_date("2027-03-02").value());
    CHECK(shows(sample, "2027-03-02T12:00:00Z", "concern-pattern"));
    CHECK_FALSE(shows(sample, "2027-03-04T12:00:00Z", "concern-pattern"));
}

TEST_CASE("three incidents over more than twelve months are no pattern") {
    SampleCase sample;
    sample.add("first", "2025-03-01T09:00:00Z", "concern.raised", "{}", of_incident("one", true));
    sample.add("second", "2025-09-01T09:00:00Z", "concern.raised", "{}", of_incident("two", true));
    sample.add("third", "2026-03-02T09:00:00Z", "concern.raised");
    CHECK_FALSE(shows(sample, "2026-03-03T12:00:00Z", "concern-pattern"));
}

TEST_CASE("a child who is said to have been harmed and to have displayed behaviour shows once both are on record") {
    auto sample = one_concern();
    CHECK_FALSE(shows(sample, "2026-03-03T12:00:00Z", "harmed-and-displayed"));
    SampleCase::More harmed;
    harmed.elsewhere = true;
    harmed.involvement = record::Involvement::affected;
    sample.add("harmed", "2025-06-01T09:00:00Z", "concern.raised", R"({"about_what": "harmed"})", harmed);
    const auto standing = at(sample, "2026-03-03T12:00:00Z");
    REQUIRE(cue(standing, "harmed-and-displayed") != nullptr);
    CHECK(cue(standing, "harmed-and-displayed")->entries ==
          std::vector<EntryId>{sample.id("harmed"), sample.id("concern")});
    sample.about("harmed", "judged", "2026-03-02T10:00:00Z", "earlier.judged", R"({"judgement": "not-this-child"})");
    CHECK_FALSE(shows(sample, "2026-03-03T12:00:00Z", "harmed-and-displayed"));
}

TEST_CASE("a case past its triage shows who has not met, until all required agencies were at one meeting") {
    auto sample = one_concern();
    CHECK_FALSE(shows(sample, "2026-03-03T12:00:00Z", "not-all-agencies-met"));
    sample.about("concern", "decided", "2026-03-03T09:00:00Z", "triage.decided", R"({"outcome": "assessment"})");
    REQUIRE(shows(sample, "2026-03-03T12:00:00Z", "not-all-agencies-met"));
    sample.add("first", "2026-03-04T09:00:00Z", "strategy.held",
               attended(R"("csc", "police", {"agency": "yjs", "service": "triage"}, "education")"));
    auto standing = at(sample, "2026-03-05T12:00:00Z");
    REQUIRE(cue(standing, "not-all-agencies-met") != nullptr);
    CHECK(cue(standing, "not-all-agencies-met")->why ==
          "The required agencies have never all been at one meeting. The fullest lacked: health.");
    CHECK(cue(standing, "not-all-agencies-met")->entries ==
          std::vector<EntryId>{sample.id("decided"), sample.id("first")});
    CHECK(standing.gathering.missing == std::vector<std::string>{"health"});
    CHECK_FALSE(standing.gathering.all_met);
    sample.add("second", "2026-03-12T09:00:00Z", "meeting.held",
               attended(R"("csc", "police", "yjs", "education", "health")"));
    standing = at(sample, "2026-03-13T12:00:00Z");
    CHECK(cue(standing, "not-all-agencies-met") == nullptr);
    CHECK(standing.gathering.all_met == parse_date("2026-03-12").value());
    CHECK(standing.gathering.all_met_at == sample.id("second"));
    CHECK(standing.gathering.days == 10);
    CHECK(to_json(standing).at("all_agencies_met").as_string() == "2026-03-12");
}

TEST_CASE("a meeting about harmful behaviour without health is taken, marked, and not quorate without the police") {
    auto sample = one_concern();
    sample.add("called", "2026-03-03T09:00:00Z", "meeting.convened",
               R"({"invited": ["csc", "police", "yjs", "education", "health"]})");
    sample.about("called", "held", "2026-03-05T09:00:00Z", "meeting.held",
                 R"({"attended": ["csc", "education", {"agency": "yjs", "attended": false}],
                     "apologies": ["police", {"agency": "health", "contributed": true}]})");
    const auto standing = at(sample, "2026-03-06T12:00:00Z");
    REQUIRE(standing.gathering.meetings.size() == 1);
    const auto& held = standing.gathering.meetings.front();
    CHECK(held.invited == std::vector<std::string>{"csc", "police", "yjs", "education", "health"});
    CHECK(held.attended == std::vector<std::string>{"csc", "education"});
    CHECK(held.apologies == std::vector<std::string>{"police", "health"});
    CHECK(held.contributed == std::vector<std::string>{"yjs", "health"});
    CHECK(held.missing == std::vector<std::string>{"police", "youth-justice", "health"});
    CHECK_FALSE(held.quorate);
    CHECK_FALSE(held.all_required);
}

TEST_CASE("a change of circumstances asks for a review of the plan until there is one") {
    auto sample = one_concern();
    sample.add("plan", "2026-03-03T09:00:00Z", "plan.agreed", R"({"type": "risk-management"})");
    CHECK_FALSE(shows(sample, "2026-03-20T12:00:00Z", "changed-since-review"));
    sample.add("moved", "2026-03-15T09:00:00Z", "circumstance.changed", R"({"type": "placement"})");
    REQUIRE(shows(sample, "2026-03-20T12:00:00Z", "changed-since-review"));
    sample.about("plan", "reviewed", "2026-03-21T09:00:00Z", "plan.reviewed");
    CHECK_FALSE(shows(sample, "2026-03-22T12:00:00Z", "changed-since-review"));
}

TEST_CASE("a plan that nobody reviewed in time shows on the day after it was due, and one that ended does not") {
    auto sample = one_concern();
    sample.add("plan", "2026-03-03T09:00:00Z", "plan.agreed", R"({"type": "risk-management"})");
    CHECK_FALSE(shows(sample, "2026-06-03T12:00:00Z", "plan-unreviewed"));
    CHECK_FALSE(shows(sample, "2026-06-03T12:00:00Z", "no-independent-review"));
    const auto standing = at(sample, "2026-06-04T12:00:00Z");
    REQUIRE(cue(standing, "plan-unreviewed") != nullptr);
    CHECK(cue(standing, "plan-unreviewed")->why ==
          "A review of a plan was due by 3 June 2026, 1 day ago, and is not recorded.");
    CHECK(cue(standing, "no-independent-review") != nullptr);
    auto reviewed = sample;
    reviewed.about("plan", "independent", "2026-06-04T09:00:00Z", "review.independent");
    CHECK_FALSE(shows(reviewed, "2026-06-05T12:00:00Z", "no-independent-review"));
    sample.about("plan", "ended", "2026-06-04T09:00:00Z", "plan.ended");
    CHECK_FALSE(shows(sample, "2026-06-05T12:00:00Z", "no-independent-review"));
}

TEST_CASE("a challenge without an answer shows once its time has passed, and not after it is answered") {
    auto sample = one_concern();
    sample.add("challenge", "2026-03-03T09:00:00Z", "challenge.raised", R"({"to": "csc"})");
    CHECK_FALSE(shows(sample, "2026-03-06T12:00:00Z", "unanswered-challenge"));
    REQUIRE(shows(sample, "2026-03-07T12:00:00Z", "unanswered-challenge"));
    sample.about("challenge", "answer", "2026-03-09T09:00:00Z", "challenge.responded");
    CHECK_FALSE(shows(sample, "2026-03-10T12:00:00Z", "unanswered-challenge"));
}

TEST_CASE("a step that went ahead before those who must be asked had answered shows until they have") {
    auto sample = one_concern();
    SampleCase::More police;
    police.agency = "police";
    sample.add("taken", "2026-03-04T09:00:00Z", "action.taken", R"({"course": "voluntary-interview"})", police);
    const auto before = at(sample, "2026-03-05T12:00:00Z");
    REQUIRE(cue(before, "acted-without-consultation") != nullptr);
    CHECK(cue(before, "acted-without-consultation")->entries == std::vector<EntryId>{sample.id("taken")});
    for (const auto* by : {"csc", "yjs", "health", "education"}) {
        sample.about("taken", by, "2026-03-06T09:00:00Z", "consultation.given",
                     fmt::format(R"({{"by": ["{}"], "course": "voluntary-interview"}})", by));
    }
    CHECK_FALSE(shows(sample, "2026-03-07T12:00:00Z", "acted-without-consultation"));
}

TEST_CASE("a prompt put aside is told as put aside, and never for longer than its rule allows") {
    SampleCase sample;
    SampleCase::More elsewhere;
    elsewhere.elsewhere = true;
    sample.add("first", "2026-01-12T09:00:00Z", "concern.raised", "{}", elsewhere);
    sample.add("second", "2026-02-02T10:00:00Z", "concern.raised");
    sample.add("aside", "2026-02-03T09:00:00Z", "cue.dismissed",
               R"({"cue": "earlier-concerns", "until": "2036-01-01"})");
    const auto standing = at(sample, "2026-02-04T12:00:00Z");
    CHECK(cue(standing, "earlier-concerns") == nullptr);
    REQUIRE(standing.put_aside.size() == 1);
    CHECK(standing.put_aside[0].cue.id == "earlier-concerns");
    CHECK(standing.put_aside[0].by == sample.id("aside"));
    CHECK(standing.put_aside[0].until == parse_date("2026-05-04").value());
    CHECK(to_json(standing).at("dismissed").as_array().size() == 1);
    CHECK(shows(sample, "2026-05-05T12:00:00Z", "earlier-concerns"));
}

TEST_CASE("a prompt about immediate danger cannot be put aside") {
    SampleCase sample;
    sample.add("concern", "2026-03-02T09:00:00Z", "concern.raised", R"({"immediate_danger": true})");
    sample.add("aside", "2026-03-02T09:05:00Z", "cue.dismissed",
               R"({"cue": "immediate-danger", "until": "2026-03-09"})");
    const auto standing = at(sample, "2026-03-02T10:00:00Z");
    REQUIRE(cue(standing, "immediate-danger") != nullptr);
    CHECK_FALSE(cue(standing, "immediate-danger")->aside_until);
    CHECK(standing.put_aside.empty());
}

TEST_CASE("every cue has an owner, words for its end, and words for why it shows") {
    auto sample = one_concern();
    sample.about("concern", "decided", "2026-03-03T09:00:00Z", "triage.decided", R"({"outcome": "assessment"})");
    const auto standing = at(sample, "2026-05-01T12:00:00Z");
    REQUIRE(standing.cues.size() >= 2);
    for (const auto& one : standing.cues) {
        CHECK_MESSAGE(!one.owner.empty(), one.id);
        CHECK_MESSAGE(!one.ends.empty(), one.id);
        CHECK_MESSAGE(!one.why.empty(), one.id);
        CHECK_MESSAGE(!one.entries.empty(), one.id);
    }
}

TEST_CASE("a cue with a number of days ends by itself so many days after the newest entry that it rests on") {
    const auto book = rulebook_of(R"(name = "p"
version = "1"
title = "P"
nation = "england"
in_force = 2026-01-01
[[event]]
id = "concern"
kind = "concern.raised"
[[cue]]
id = "earlier-concerns"
label = "Earlier concerns"
owner = "reviewing-officer"
parameters = {expires_days = 10}
source = "[D]"
)");
    SampleCase sample;
    SampleCase::More elsewhere;
    elsewhere.elsewhere = true;
    sample.add("first", "2026-01-12T09:00:00Z", "concern.raised", "{}", elsewhere);
    sample.add("second", "2026-01-14T10:00:00Z", "concern.raised");
    const auto during = standing(book, england(), sample.dossier, instant("2026-01-22T12:00:00Z"));
    REQUIRE(during.cues.size() == 1);
    CHECK(during.cues[0].expires == parse_date("2026-01-22").value());
    CHECK(during.cues[0].owner == "reviewing-officer");
    CHECK(standing(book, england(), sample.dossier, instant("2026-01-23T12:00:00Z")).cues.empty());
}

TEST_CASE("at most three prompts interrupt; danger and what the law sets are not counted among them") {
    const auto seen = interruptions(
        {case_with(1, {named("drift"), named("a-rule-of-its-own"), named("no-support"), named("concern-pattern"),
                       named("earlier-concern-closed"), named("the-law", true), named("immediate-danger")})});
    REQUIRE(seen.cases.size() == 1);
    CHECK(cue_ids(seen.cases[0].interrupting) == std::vector<std::string>{"immediate-danger", "the-law",
                                                                          "earlier-concern-closed", "concern-pattern",
                                                                          "no-support"});
    CHECK(cue_ids(seen.cases[0].more) == std::vector<std::string>{"drift", "a-rule-of-its-own"});
    CHECK(seen.taken.size() == 3);
}

TEST_CASE("the three of a day are counted over all the cases that a person looks at, the most pressing first") {
    const auto seen =
        interruptions({case_with(1, {named("drift"), named("no-support")}),
                       case_with(2, {named("earlier-concerns"), named("concern-pattern"), named("the-law", true)})});
    REQUIRE(seen.cases.size() == 2);
    CHECK(cue_ids(seen.cases[0].interrupting) == std::vector<std::string>{"no-support"});
    CHECK(cue_ids(seen.cases[0].more) == std::vector<std::string>{"drift"});
    CHECK(cue_ids(seen.cases[1].interrupting) ==
          std::vector<std::string>{"the-law", "earlier-concerns", "concern-pattern"});
}

TEST_CASE("what interrupted a person today goes on doing so, and counts once") {
    const std::vector<Standing> first{case_with(1, {named("drift"), named("no-support")})};
    const auto morning = interruptions(first);
    CHECK(morning.taken.size() == 2);
    const auto again = interruptions(first, morning.taken);
    CHECK(again.taken.empty());
    CHECK(again.cases[0].interrupting.size() == 2);
    const auto other = interruptions({case_with(2, {named("drift"), named("earlier-concerns")})}, morning.taken);
    CHECK(other.taken == std::vector<Interruption>{{case_with(2, {}).case_id, "earlier-concerns"}});
    CHECK(cue_ids(other.cases[0].more) == std::vector<std::string>{"drift"});
    // A prompt that has gone keeps its place: the fourth of a day does not interrupt because the first was dealt with.
    const std::vector<Interruption> three{
        {case_with(5, {}).case_id, "a"}, {case_with(5, {}).case_id, "b"}, {case_with(6, {}).case_id, "a"}};
    const auto full =
        interruptions({case_with(3, {named("earlier-concern-closed"), named("immediate-danger")})}, three);
    CHECK(cue_ids(full.cases[0].interrupting) == std::vector<std::string>{"immediate-danger"});
    CHECK(full.taken.empty());
}

TEST_CASE(
    "a fourth prompt does not displace one of the first three, however high it ranks, but stands first in the list") {
    const auto here = case_with(1, {}).case_id;
    const std::vector<Interruption> three{
        {here, "drift"}, {here, "harmed-and-displayed"}, {here, "no-independent-review"}};
    const auto seen = interruptions(
        {case_with(1, {named("drift"), named("harmed-and-displayed"), named("no-independent-review"),
                       named("unanswered-challenge"), named("earlier-concern-closed"), named("no-support")})},
        three);
    CHECK(seen.taken.empty());
    CHECK(cue_ids(seen.cases[0].interrupting) ==
          std::vector<std::string>{"drift", "harmed-and-displayed", "no-independent-review"});
    CHECK(cue_ids(seen.cases[0].more) ==
          std::vector<std::string>{"earlier-concern-closed", "no-support", "unanswered-challenge"});
}

TEST_CASE("the prompts of a closed case interrupt nobody") {
    auto closed = case_with(1, {named("earlier-concerns")});
    closed.closed = true;
    const auto seen = interruptions({closed});
    CHECK(seen.cases[0].interrupting.empty());
    CHECK(seen.cases[0].more.empty());
    CHECK(seen.taken.empty());
}
