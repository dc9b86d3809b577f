#include <doctest/doctest.h>

#include <set>

#include "support/sample_case.hpp"

using namespace waymark;
using namespace waymark::procedure;
using namespace waymark::testing;

namespace {

Standing at(const SampleCase& sample, std::string_view now) {
    return standing(england_rules(), england(), sample.dossier, instant(now));
}

const Duty* duty(const Standing& standing, std::string_view id, EntryId raised_by) {
    for (const auto& one : standing.duties) {
        if (one.id == id && one.raised_by == raised_by) return &one;
    }
    return nullptr;
}
const Cue* cue(const Standing& standing, std::string_view id) {
    for (const auto& one : standing.cues) {
        if (one.id == id) return &one;
    }
    return nullptr;
}
json::object outcome(std::string_view code) {
    return {{"outcome", code}};
}

SampleCase two_concerns() {
    SampleCase sample;
    SampleCase::More elsewhere;
    elsewhere.elsewhere = true;
    sample.add("first", "2026-01-12T09:00:00Z", "concern.raised", R"({"about_what": "displayed-behaviour"})",
               elsewhere);
    sample.add("second", "2026-02-02T10:00:00Z", "concern.raised", R"({"about_what": "displayed-behaviour"})");
    return sample;
}

std::vector<Gate> held(const SampleCase& sample, std::string_view now, std::string_view kind,
                       const json::object& fields, EntryId about = {}) {
    return held_by(hsb(), england(), sample.dossier, instant(now), kind, fields, about);
}

}  // namespace

TEST_CASE("an empty case owes nothing and shows nothing") {
    const auto standing = at(SampleCase{}, "2026-02-02T12:00:00Z");
    CHECK(standing.duties.empty());
    CHECK(standing.cues.empty());
    CHECK_FALSE(standing.closed);
    for (const auto& gate : standing.gates) {
        if (gate.course == "triage.decided" || gate.course == "case.closed") CHECK(gate.open);
    }
}

TEST_CASE("a new decision of no further action, advice or early help is held until each earlier concern is judged") {
    auto sample = two_concerns();
    const auto now = "2026-02-02T12:00:00Z";
    for (const auto* code : {"no-further-action", "advice", "early-help"}) {
        const auto gates = held(sample, now, "triage.decided", outcome(code), sample.id("second"));
        REQUIRE(gates.size() == 1);
        CHECK(gates[0].waits_for == std::vector<EntryId>{sample.id("first")});
        CHECK(gates[0].why ==
              "A decision of no further action, advice or early help waits: 1 earlier concern has not been judged.");
    }
    CHECK(held(sample, now, "case.closed", {}).size() == 1);
    sample.about("first", "judged", "2026-02-02T11:00:00Z", "earlier.judged", R"({"judgement": "counts"})");
    CHECK(held(sample, now, "triage.decided", outcome("no-further-action"), sample.id("second")).empty());
    CHECK(held(sample, now, "case.closed", {}).empty());
}

TEST_CASE("protective decisions and every other step are never held") {
    const auto sample = two_concerns();
    const auto now = "2026-02-02T12:00:00Z";
    for (const auto* code : {"assessment", "strategy-discussion"}) {
        CHECK(held(sample, now, "triage.decided", outcome(code), sample.id("second")).empty());
    }
    for (const auto* kind :
         {"strategy.held", "enquiry.opened", "conference.held", "assessment.started", "concern.raised", "visit.made"}) {
        CHECK(held(sample, now, kind, {}).empty());
    }
}

TEST_CASE("a judgement made for an earlier concern does not count for a later one") {
    auto sample = two_concerns();
    sample.about("first", "judged", "2026-02-02T11:00:00Z", "earlier.judged", R"({"judgement": "does-not-count"})");
    sample.add("third", "2026-02-20T10:00:00Z", "concern.raised", R"({"about_what": "displayed-behaviour"})");
    const auto gates = held(sample, "2026-02-20T12:00:00Z", "triage.decided", outcome("advice"), sample.id("third"));
    REQUIRE(gates.size() == 1);
    CHECK(gates[0].waits_for == std::vector<EntryId>{sample.id("first"), sample.id("second")});
    CHECK(held(sample, "2026-02-20T12:00:00Z", "triage.decided", outcome("advice"), sample.id("second")).empty());
}

TEST_CASE("the case may be closed only when every earlier concern is judged for the latest one") {
    auto sample = two_concerns();
    sample.add("third", "2026-02-20T10:00:00Z", "concern.raised");
    sample.about("first", "j1", "2026-02-20T11:00:00Z", "earlier.judged", R"({"judgement": "counts"})");
    auto gates = held(sample, "2026-02-21T12:00:00Z", "case.closed", {});
    REQUIRE(gates.size() == 1);
    CHECK(gates[0].waits_for == std::vector<EntryId>{sample.id("second")});
    sample.about("second", "j2", "2026-02-20T12:00:00Z", "earlier.judged", R"({"judgement": "counts"})");
    CHECK(held(sample, "2026-02-21T12:00:00Z", "case.closed", {}).empty());
}

TEST_CASE("an earlier concern that reaches the record after a decision does not make that decision a breach") {
    SampleCase sample;
    sample.add("second", "2026-02-02T10:00:00Z", "concern.raised");
    sample.about("second", "decision", "2026-02-02T11:00:00Z", "triage.decided", R"({"outcome": "advice"})");
    SampleCase::More late;
    late.elsewhere = true;
    late.recorded = "2026-03-01T09:00:00Z";
    sample.add("first", "2026-01-12T09:00:00Z", "concern.raised", "{}", late);
    const auto standing = at(sample, "2026-03-02T12:00:00Z");
    CHECK(standing.breaches.empty());
    REQUIRE(cue(standing, "earlier-concerns") != nullptr);
    CHECK(cue(standing, "earlier-concerns")->entries == std::vector<EntryId>{sample.id("first")});
}

TEST_CASE("two concerns raise two duties, and each is met only by what is about it") {
    SampleCase sample;
    const auto a = sample.add("a", "2026-03-02T09:00:00Z", "concern.raised");
    const auto b = sample.add("b", "2026-03-02T10:00:00Z", "concern.raised");
    sample.about("b", "triage", "2026-03-02T11:00:00Z", "triage.decided", R"({"outcome": "assessment"})");
    const auto standing = at(sample, "2026-03-02T12:00:00Z");
    REQUIRE(duty(standing, "referral-decision", a) != nullptr);
    CHECK(duty(standing, "referral-decision", a)->state == DutyState::open);
    CHECK(duty(standing, "referral-decision", b)->state == DutyState::met);
    CHECK(duty(standing, "referral-decision", b)->met_by == sample.id("triage"));
}

TEST_CASE("a triage that ends the case does not make another concern's decision disappear") {
    SampleCase sample;
    const auto a = sample.add("a", "2026-03-02T09:00:00Z", "concern.raised");
    const auto b = sample.add("b", "2026-03-02T10:00:00Z", "concern.raised");
    sample.about("a", "triage", "2026-03-02T11:00:00Z", "triage.decided", R"({"outcome": "no-further-action"})");
    auto standing = at(sample, "2026-03-05T12:00:00Z");
    CHECK(standing.closed);
    CHECK(duty(standing, "referral-decision", a)->state == DutyState::met);
    CHECK(duty(standing, "referral-decision", b)->state == DutyState::overdue);
    sample.add("closed", "2026-03-06T09:00:00Z", "case.closed");
    standing = at(sample, "2026-03-06T12:00:00Z");
    CHECK(duty(standing, "referral-decision", b)->state == DutyState::not_met);
    CHECK(duty(standing, "feedback-to-referrer", b)->state == DutyState::overdue);
}

TEST_CASE("a concern after the end opens the case again, and what was missed stays missed") {
    SampleCase sample;
    sample.add("a", "2026-03-02T09:00:00Z", "concern.raised");
    sample.about("a", "triage", "2026-03-02T11:00:00Z", "triage.decided", R"({"outcome": "assessment"})");
    sample.add("closed", "2026-03-06T09:00:00Z", "case.closed");
    sample.add("b", "2026-04-01T09:00:00Z", "concern.raised");
    sample.add("done", "2026-04-02T09:00:00Z", "assessment.completed");
    const auto standing = at(sample, "2026-05-01T12:00:00Z");
    CHECK_FALSE(standing.closed);
    CHECK(duty(standing, "assessment", sample.id("a"))->state == DutyState::not_met);
}

TEST_CASE("in a case that was opened again drift counts from then") {
    SampleCase sample;
    sample.add("a", "2026-01-05T09:00:00Z", "concern.raised");
    sample.about("a", "triage", "2026-01-05T11:00:00Z", "triage.decided", R"({"outcome": "no-further-action"})");
    sample.add("b", "2026-06-01T09:00:00Z", "concern.raised");
    CHECK(cue(at(sample, "2026-03-01T12:00:00Z"), "drift") == nullptr);
    CHECK(cue(at(sample, "2026-06-30T12:00:00Z"), "drift") == nullptr);
    REQUIRE(cue(at(sample, "2026-07-01T12:00:00Z"), "drift") != nullptr);
    CHECK(cue(at(sample, "2026-07-01T12:00:00Z"), "drift")->entries == std::vector<EntryId>{sample.id("b")});
}

TEST_CASE("a referral that other systems hold as ended in no further action raises no duty to decide") {
    SampleCase sample;
    const auto open = sample.add("open", "2026-03-02", "referral.received", R"({"no_further_action": false})");
    const auto ended = sample.add("ended", "2026-03-02", "referral.received", R"({"no_further_action": true})");
    const auto standing = at(sample, "2026-03-02T12:00:00Z");
    CHECK(duty(standing, "referral-decision", open) != nullptr);
    CHECK(duty(standing, "referral-decision", ended) == nullptr);
}

TEST_CASE("an enquiry that ends without a conference meets the conference's clocks") {
    SampleCase sample;
    sample.add("concern", "2026-03-02T09:00:00Z", "concern.raised");
    const auto enquiry = sample.add("enquiry", "2026-03-03T09:00:00Z", "enquiry.opened", R"({"type": "section-47"})");
    CHECK(duty(at(sample, "2026-03-04T09:00:00Z"), "conference-from-enquiry", enquiry)->state == DutyState::open);
    sample.add("end", "2026-03-10T09:00:00Z", "enquiry.concluded", R"({"outcome": "services"})");
    CHECK(duty(at(sample, "2026-03-11T09:00:00Z"), "conference-from-enquiry", enquiry)->state == DutyState::met);
    CHECK(duty(at(sample, "2026-03-11T09:00:00Z"), "conference", enquiry)->state == DutyState::met);
}

TEST_CASE("facts recorded or dated after the moment are not known at it") {
    SampleCase sample;
    SampleCase::More late;
    late.recorded = "2026-03-05T09:00:00Z";
    const auto concern = sample.add("concern", "2026-03-02T09:00:00Z", "concern.raised", "{}", late);
    CHECK(at(sample, "2026-03-05T08:59:59Z").duties.empty());
    CHECK(duty(at(sample, "2026-03-05T09:00:00Z"), "referral-decision", concern)->state == DutyState::overdue);
    sample.add("future", "2026-06-02T09:00:00Z", "concern.raised");
    CHECK(at(sample, "2026-03-05T09:00:00Z").duties.size() == 2);
}

TEST_CASE("a correction of a correction counts once, and a ring of corrections does not hang") {
    SampleCase sample;
    sample.add("a", "2026-03-02T09:00:00Z", "concern.raised");
    SampleCase::More more;
    more.supersedes = "a";
    sample.add("b", "2026-03-02T09:00:00Z", "concern.raised", "{}", more);
    more.supersedes = "b";
    const auto c = sample.add("c", "2026-03-02T09:00:00Z", "concern.raised", "{}", more);
    sample.about("a", "triage", "2026-03-02T10:00:00Z", "triage.decided", R"({"outcome": "assessment"})");
    const auto standing = at(sample, "2026-03-02T12:00:00Z");
    CHECK(duty(standing, "referral-decision", c)->state == DutyState::met);
    CHECK(standing.duties.size() == 3);  // decision, feedback, assessment
    sample.dossier.own[0].supersedes = c;
    for (const auto& one : at(sample, "2026-03-02T12:00:00Z").duties) CHECK(one.id == "assessment");
}

TEST_CASE("earlier concerns come with how they ended, their class and their judgements") {
    auto sample = two_concerns();
    SampleCase::More more;
    more.elsewhere = true;
    more.about = "first";
    sample.add("class", "2026-01-13T09:00:00Z", "concern.classified", R"({"category": "problematic"})", more);
    sample.add("nothing", "2026-01-14T09:00:00Z", "triage.decided", R"({"outcome": "no-further-action"})", more);
    sample.add("old", "2026-01-14T10:00:00Z", "earlier.judged", R"({"judgement": "does-not-count"})", more);
    auto earlier = earlier_concerns(sample.dossier, sample.fact("second"));
    REQUIRE(earlier.size() == 1);
    CHECK(earlier[0].concern->id == sample.id("first"));
    CHECK(earlier[0].closed_as == "no-further-action");
    CHECK(earlier[0].closed_without_action);
    CHECK(earlier[0].classification == "problematic");
    CHECK(earlier[0].judgements.size() == 1);
    CHECK_FALSE(earlier[0].judged_for(sample.id("second")));
    sample.about("first", "new", "2026-02-02T11:00:00Z", "earlier.judged", R"({"judgement": "counts"})");
    earlier = earlier_concerns(sample.dossier, sample.fact("second"));
    CHECK(earlier[0].judged_for(sample.id("second")));
    CHECK_FALSE(earlier[0].judged_for(sample.id("first")));
    CHECK(earlier_concerns(sample.dossier, sample.fact("first")).empty());
}

TEST_CASE("an earlier concern without a decision in the clock's time is closed without action once the time is over") {
    const auto sample = two_concerns();
    const auto closed = [&](std::string_view now) {
        return earlier_concerns(hsb(), england(), sample.dossier, sample.fact("second"), instant(now))
            .at(0)
            .closed_without_action;
    };
    CHECK(closed("2026-02-02T12:00:00Z"));
    CHECK_FALSE(earlier_concerns(sample.dossier, sample.fact("second")).at(0).closed_without_action);
    SampleCase fresh;
    fresh.add("a", "2026-02-02T09:00:00Z", "concern.raised");
    fresh.add("b", "2026-02-02T10:00:00Z", "concern.raised");
    CHECK_FALSE(earlier_concerns(hsb(), england(), fresh.dossier, fresh.fact("b"), instant("2026-02-02T11:00:00Z"))
                    .at(0)
                    .closed_without_action);
}

TEST_CASE("earlier referrals are listed but neither counted as concerns nor required to be judged") {
    SampleCase sample;
    sample.add("referral", "2026-01-05", "referral.received", R"({"no_further_action": true})");
    sample.add("concern", "2026-02-02T10:00:00Z", "concern.raised");
    const auto earlier = earlier_concerns(sample.dossier, sample.fact("concern"));
    REQUIRE(earlier.size() == 1);
    CHECK(earlier[0].closed_as == "no-further-action");
    CHECK(cue(at(sample, "2026-02-02T12:00:00Z"), "earlier-concerns") == nullptr);
    CHECK(held(sample, "2026-02-02T12:00:00Z", "triage.decided", outcome("advice"), sample.id("concern")).empty());
}

TEST_CASE("an earlier concern in which the child was only a witness is not about the child") {
    SampleCase sample;
    SampleCase::More witness;
    witness.involvement = record::Involvement::witness;
    sample.add("seen", "2026-01-05T10:00:00Z", "concern.raised", "{}", witness);
    sample.add("concern", "2026-02-02T10:00:00Z", "concern.raised");
    CHECK(cue(at(sample, "2026-02-02T12:00:00Z"), "earlier-concerns") == nullptr);
}

TEST_CASE("a concern judged not to be about this child leaves the cue") {
    auto sample = two_concerns();
    CHECK(cue(at(sample, "2026-02-02T12:00:00Z"), "earlier-concerns") != nullptr);
    sample.about("first", "judged", "2026-02-02T11:00:00Z", "earlier.judged", R"({"judgement": "not-this-child"})");
    CHECK(cue(at(sample, "2026-02-02T12:00:00Z"), "earlier-concerns") == nullptr);
}

TEST_CASE("a cue that was put aside stays away until its date or until something newer is on record") {
    auto sample = two_concerns();
    sample.add("aside", "2026-02-03T09:00:00Z", "cue.dismissed",
               R"({"cue": "earlier-concerns", "until": "2026-02-10"})");
    CHECK(cue(at(sample, "2026-02-02T12:00:00Z"), "earlier-concerns") != nullptr);
    CHECK(cue(at(sample, "2026-02-10T12:00:00Z"), "earlier-concerns") == nullptr);
    CHECK(cue(at(sample, "2026-02-10T12:00:00Z"), "earlier-concern-closed") != nullptr);
    CHECK(cue(at(sample, "2026-02-11T12:00:00Z"), "earlier-concerns") != nullptr);
    SampleCase::More more;
    more.elsewhere = true;
    more.recorded = "2026-02-05T09:00:00Z";
    sample.add("newer", "2026-01-20T09:00:00Z", "concern.raised", "{}", more);
    CHECK(cue(at(sample, "2026-02-06T12:00:00Z"), "earlier-concerns") != nullptr);
}

TEST_CASE("every cue says why in words") {
    auto sample = two_concerns();
    const auto standing = at(sample, "2026-03-20T12:00:00Z");
    CHECK(cue(standing, "earlier-concerns")->why == "1 earlier concern about this child is on record, from 1 agency.");
    CHECK(cue(standing, "earlier-concern-closed")->why ==
          "1 earlier concern to look at again: 1 had no decision in time, 1 was never classified.");
    CHECK(cue(standing, "drift")->why ==
          "46 days since the case opened, and the child has not been seen nor an action delivered (limit 30).");
}

TEST_CASE("the words of no-support count the days that the measure counts") {
    SampleCase sample;
    sample.add("concern", "2026-01-05T09:00:00Z", "concern.raised");
    sample.add("told", "2026-01-08T10:00:00Z", "disclosure.made");
    sample.add("support", "2026-01-18", "support.delivered");
    CHECK(cue(at(sample, "2026-02-15T12:00:00Z"), "no-support") == nullptr);
    REQUIRE(cue(at(sample, "2026-02-20T12:00:00Z"), "no-support") != nullptr);
    // Unsupported: 9 to 17 January, and 16 to 20 February.
    CHECK(cue(at(sample, "2026-02-20T12:00:00Z"), "no-support")->why ==
          "43 days since the disclosure, 14 of them with no support delivered in the 28 days before.");
}

TEST_CASE("a condition that only the hour could tell is no breach where only the day is known") {
    const auto book = rulebook_of(R"(name = "p"
version = "1"
title = "P"
nation = "england"
[[event]]
id = "assessment"
kind = "assessment.completed"
[[event]]
id = "plan"
kind = "plan.agreed"
[[rule]]
id = "assessment-first"
relation = "condition"
from = "assessment"
to = "plan"
)");
    SampleCase sample;
    sample.add("plan", "2026-03-02", "plan.agreed");
    sample.add("assessment", "2026-03-02T15:00:00Z", "assessment.completed");
    CHECK(standing(book, england(), sample.dossier, instant("2026-03-03T00:00:00Z")).breaches.empty());
    SampleCase clear;
    clear.add("plan", "2026-03-02T14:00:00Z", "plan.agreed");
    clear.add("assessment", "2026-03-02T15:00:00Z", "assessment.completed");
    const auto standing_then = standing(book, england(), clear.dossier, instant("2026-03-03T00:00:00Z"));
    REQUIRE(standing_then.breaches.size() == 1);
    CHECK(standing_then.breaches[0].rule == "assessment-first");
    CHECK(standing_then.breaches[0].why == "Plan agreed waits until this has happened: assessment completed.");
}

TEST_CASE("a date beyond the listed public holidays is given, and marked") {
    SampleCase sample;
    sample.add("concern", "2040-03-02T09:00:00Z", "concern.raised");
    const auto standing = at(sample, "2040-03-02T12:00:00Z");
    REQUIRE(standing.duties.size() == 2);
    CHECK(standing.duties[0].beyond_calendar);
    CHECK_FALSE(at(two_concerns(), "2026-02-02T12:00:00Z").duties[0].beyond_calendar);
}

TEST_CASE("a standing as JSON has the names of the outside contract") {
    auto sample = two_concerns();
    sample.about("second", "nothing", "2026-02-02T11:00:00Z", "triage.decided", R"({"outcome": "advice"})");
    const auto object = to_json(at(sample, "2026-02-10T12:00:00Z"));
    for (const auto* key : {"case", "person", "procedure", "duties", "breaches", "gates", "cues"})
        CHECK_MESSAGE(object.contains(key), key);
    CHECK(object.at("procedure").as_string() == "hsb-england 3");
    const auto& first = object.at("duties").as_array().at(0).as_object();
    for (const auto* key : {"id", "raised_by", "due", "state", "owner", "escalated_to"})
        CHECK_MESSAGE(first.contains(key), key);
    CHECK(first.at("due").as_string() == "2026-02-03");
    CHECK(first.at("state").as_string() == "met");
    const auto& breach = object.at("breaches").as_array().at(0).as_object();
    for (const auto* key : {"entry", "rule", "why"}) CHECK_MESSAGE(breach.contains(key), key);
    for (const auto* key : {"course", "open", "why"})
        CHECK_MESSAGE(object.at("gates").as_array().at(0).as_object().contains(key), key);
    for (const auto* key : {"id", "why", "entries"})
        CHECK_MESSAGE(object.at("cues").as_array().at(0).as_object().contains(key), key);
}

TEST_CASE("a procedure made ready once gives what the free functions give") {
    const Procedure procedure(hsb());
    auto sample = two_concerns();
    const auto now = instant("2026-02-10T12:00:00Z");
    CHECK(json::serialize(to_json(procedure.standing(england(), sample.dossier, now))) ==
          json::serialize(to_json(standing(hsb(), england(), sample.dossier, now))));
    CHECK(procedure.held_by(england(), sample.dossier, now, "case.closed", {}).size() == 1);
    const auto folded = procedure.standing(england(), sample.dossier, now);
    CHECK(folded.duties[0].rule == procedure.rulebook().rule("referral-decision"));
}
