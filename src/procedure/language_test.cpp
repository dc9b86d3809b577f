// What a rulebook can say, each thing in the smallest procedure that says it.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include <fmt/core.h>

#include "support/rulebooks.hpp"

using namespace waymark;
using namespace waymark::procedure;
using namespace waymark::testing;
using Unit = ClockLength::Unit;

namespace {

std::string rule(std::string_view id, std::string_view relation, std::string_view from, std::string_view to,
                 std::string_view more = "") {
    return fmt::format("[[rule]]\nid = \"{}\"\nrelation = \"{}\"\nfrom = \"{}\"\nto = \"{}\"\n{}\n", id, relation, from,
                       to, more);
}
// "id of NAME due … state", by the entry that opened its instance, or that raised it.
std::vector<std::string> duties(const SampleCase& sample, const Standing& standing) {
    std::vector<std::string> all;
    for (const auto& one : standing.duties) {
        all.push_back(fmt::format("{} of {} due {} {}", one.id,
                                  sample.name(one.instance ? one.instance : one.raised_by),
                                  one.due_day ? format_date(*one.due_day) : to_string(one.due), to_string(one.state)));
    }
    std::sort(all.begin(), all.end());
    return all;
}
std::vector<std::string> breaches(const SampleCase& sample, const Standing& standing) {
    std::vector<std::string> all;
    for (const auto& one : standing.breaches) all.push_back(sample.name(one.entry) + ' ' + one.rule);
    std::sort(all.begin(), all.end());
    return all;
}
using Words = std::vector<std::string>;

}  // namespace

// ---- groups -------------------------------------------------------------------------------------------------------

namespace {
const std::string justice = R"([[group]]
id = "justice"
label = "Justice"
[[group]]
id = "court"
label = "Court"
group = "justice"
)" + event("concern", "concern.raised") +
                            event("no-charge", "charge.decided", "where = {decision = \"no-charge\"}") +
                            event("charge", "charge.decided", "group = \"justice\"\nwhere = {decision = \"charge\"}") +
                            event("hearing", "hearing.held", "group = \"court\"") +
                            event("sentence", "sentence.passed", "group = \"court\"");
}

TEST_CASE("a group is excluded and included whole, with the groups that lie in it") {
    const auto read =
        book(justice + rule("out", "exclude", "no-charge", "justice") + rule("in", "include", "concern", "justice") +
             duty_rule("hear", "concern", "hearing", "15 working days"));
    SampleCase sample;
    sample.add("concern", "2026-03-02T09:00:00Z", "concern.raised");
    sample.add("no-charge", "2026-03-03T09:00:00Z", "charge.decided", R"({"decision": "no-charge"})");
    sample.add("hearing", "2026-03-04T09:00:00Z", "hearing.held");
    sample.add("sentence", "2026-03-05T09:00:00Z", "sentence.passed");
    CHECK(breaches(sample, at(read, sample, "2026-03-06T09:00:00Z")) == Words{"hearing out", "sentence out"});
    sample.add("again", "2026-03-09T09:00:00Z", "concern.raised");
    sample.add("hearing2", "2026-03-10T09:00:00Z", "hearing.held");
    CHECK(breaches(sample, at(read, sample, "2026-03-11T09:00:00Z")) == Words{"hearing out", "sentence out"});
}

TEST_CASE("a duty to a group is one for each of its events, and a gate from it waits for each") {
    const auto read = book(justice + event("closing", "case.closed") +
                           duty_rule("all-of-it", "concern", "court", "10 days", "ends_with = \"never\"") +
                           rule("all-first", "condition", "court", "closing"));
    SampleCase sample;
    sample.add("concern", "2026-03-02T09:00:00Z", "concern.raised");
    sample.add("hearing", "2026-03-03T09:00:00Z", "hearing.held");
    CHECK(duties(sample, at(read, sample, "2026-03-04T09:00:00Z")) ==
          Words{"all-of-it of concern due 2026-03-12 met", "all-of-it of concern due 2026-03-12 open"});
    sample.add("closing", "2026-03-05T09:00:00Z", "case.closed");
    CHECK(breaches(sample, at(read, sample, "2026-03-06T09:00:00Z")) == Words{"closing all-first"});
    CHECK(at(read, sample, "2026-03-06T09:00:00Z").duties[0].label == "Do all-of-it: Court hearing held");
}

TEST_CASE("a group that is not included at the start is left alone until a rule includes it") {
    const auto read = book("[[group]]\nid = \"later\"\nlabel = \"Later\"\nincluded = false\n" +
                           event("a", "visit.made", "group = \"later\"") + event("b", "order.started") +
                           rule("open", "include", "b", "later"));
    SampleCase sample;
    sample.add("first", "2026-03-02T09:00:00Z", "visit.made");
    sample.add("order", "2026-03-03T09:00:00Z", "order.started");
    sample.add("second", "2026-03-04T09:00:00Z", "visit.made");
    CHECK(breaches(sample, at(read, sample, "2026-03-05T09:00:00Z")) == Words{"first not-included"});
}

// ---- instances ----------------------------------------------------------------------------------------------------

namespace {
const std::string plans = R"([[instance]]
id = "plan"
label = "Plan"
opened_by = "plan-agreed"
closed_by = "plan-ended"
)" + event("plan-agreed", "plan.agreed", "instance = \"plan\"") +
                          event("plan-reviewed", "plan.reviewed", "instance = \"plan\"") +
                          event("plan-ended", "plan.ended", "instance = \"plan\"") +
                          event("change", "circumstance.changed") + event("closing", "case.closed") +
                          duty_rule("review", "plan-agreed", "plan-reviewed", "3 months", "repeats = \"6 months\"") +
                          duty_rule("after-change", "change", "plan-reviewed", "5 working days") +
                          rule("ended-first", "condition", "plan-ended", "closing");
}

TEST_CASE("each plan has its own review, and a review that is met raises the next one") {
    const auto read = book(plans);
    SampleCase sample;
    sample.add("a", "2026-01-05T09:00:00Z", "plan.agreed");
    sample.add("b", "2026-02-02T09:00:00Z", "plan.agreed");
    CHECK(duties(sample, at(read, sample, "2026-03-02T09:00:00Z")) ==
          Words{"review of a due 2026-04-05 open", "review of b due 2026-05-02 open"});
    sample.about("b", "review-b", "2026-03-03T09:00:00Z", "plan.reviewed");
    CHECK(duties(sample, at(read, sample, "2026-04-06T09:00:00Z")) == Words{"review of a due 2026-04-05 overdue",
                                                                            "review of b due 2026-05-02 met",
                                                                            "review-next of b due 2026-09-03 open"});
    sample.about("review-b", "review-b2", "2026-09-10T09:00:00Z", "plan.reviewed");
    CHECK(duties(sample, at(read, sample, "2026-09-11T09:00:00Z")) ==
          Words{"review of a due 2026-04-05 overdue", "review of b due 2026-05-02 met",
                "review-next of b due 2026-09-03 met-late", "review-next of b due 2027-03-10 open"});
}

TEST_CASE("a review that does not say of which plan is of the oldest that is open") {
    const auto read = book(plans);
    SampleCase sample;
    sample.add("a", "2026-01-05T09:00:00Z", "plan.agreed");
    sample.add("b", "2026-02-02T09:00:00Z", "plan.agreed");
    sample.add("review", "2026-03-03T09:00:00Z", "plan.reviewed");
    sample.about("a", "end", "2026-03-04T09:00:00Z", "plan.ended");
    sample.add("review2", "2026-03-05T09:00:00Z", "plan.reviewed");
    CHECK(duties(sample, at(read, sample, "2026-03-06T09:00:00Z")) == Words{"review of a due 2026-04-05 met",
                                                                            "review of b due 2026-05-02 met",
                                                                            "review-next of b due 2026-09-05 open"});
}

TEST_CASE("what a plan still owes is withdrawn when it ends, and what was missed stays missed") {
    const auto read = book(plans);
    SampleCase sample;
    sample.add("a", "2026-01-05T09:00:00Z", "plan.agreed");
    sample.add("b", "2026-02-02T09:00:00Z", "plan.agreed");
    sample.about("a", "end-a", "2026-04-10T09:00:00Z", "plan.ended");
    sample.about("b", "end-b", "2026-04-10T09:00:00Z", "plan.ended");
    CHECK(duties(sample, at(read, sample, "2026-12-01T09:00:00Z")) == Words{"review of a due 2026-04-05 not-met"});
}

TEST_CASE("a change in the case owes a review of every plan that is open, and of no other") {
    const auto read = book(plans);
    SampleCase sample;
    sample.add("a", "2026-01-05T09:00:00Z", "plan.agreed");
    sample.add("b", "2026-01-06T09:00:00Z", "plan.agreed");
    sample.about("a", "end-a", "2026-01-07T09:00:00Z", "plan.ended");
    sample.add("c", "2026-01-08T09:00:00Z", "plan.agreed");
    sample.add("change", "2026-01-12T09:00:00Z", "circumstance.changed", R"({"type": "placement"})");
    CHECK(duties(sample, at(read, sample, "2026-01-13T09:00:00Z")) ==
          Words{"after-change of b due 2026-01-19 open", "after-change of c due 2026-01-19 open",
                "review of b due 2026-04-06 open", "review of c due 2026-04-08 open"});
}

TEST_CASE("a gate from an instance to the case waits for every one that is open") {
    const auto read = book(plans);
    SampleCase sample;
    CHECK(held_by(read, england(), sample.dossier, instant("2026-01-01T09:00:00Z"), "case.closed", {}).empty());
    sample.add("a", "2026-01-05T09:00:00Z", "plan.agreed");
    sample.add("b", "2026-01-06T09:00:00Z", "plan.agreed");
    sample.about("a", "end-a", "2026-01-07T09:00:00Z", "plan.ended");
    const auto held = held_by(read, england(), sample.dossier, instant("2026-01-08T09:00:00Z"), "case.closed", {});
    REQUIRE(held.size() == 1);
    CHECK(held[0].rule == "ended-first");
    CHECK(held[0].waits_for == std::vector<EntryId>{sample.id("b")});
    sample.about("b", "end-b", "2026-01-09T09:00:00Z", "plan.ended");
    CHECK(held_by(read, england(), sample.dossier, instant("2026-01-10T09:00:00Z"), "case.closed", {}).empty());
}

TEST_CASE("a review of a plan that is not on record belongs to one of its own, which no gate waits for") {
    const auto read = book(plans);
    SampleCase sample;
    sample.add("review", "2026-03-03T09:00:00Z", "plan.reviewed");
    CHECK(duties(sample, at(read, sample, "2026-03-06T09:00:00Z")) ==
          Words{"review-next of review due 2026-09-03 open"});
    CHECK(held_by(read, england(), sample.dossier, instant("2026-03-06T09:00:00Z"), "case.closed", {}).empty());
}

TEST_CASE("a key tells instances apart by a code, and there is one open for each") {
    const auto read = book(
        "[[instance]]\nid = \"episode\"\nlabel = \"Episode\"\nopened_by = \"missing\"\n"
        "closed_by = \"interview\"\nkey = \"episode\"\n" +
        event("missing", "missing.reported", "instance = \"episode\"") +
        event("found", "missing.found", "instance = \"episode\"") +
        event("interview", "return-interview.held", "instance = \"episode\"") +
        duty_rule("return-interview", "found", "interview", "72 hours"));
    SampleCase sample;
    sample.add("m1", "2026-03-01T09:00:00Z", "missing.reported", R"({"episode": "e1"})");
    sample.add("m2", "2026-03-02T09:00:00Z", "missing.reported", R"({"episode": "e2"})");
    sample.add("m1-again", "2026-03-02T10:00:00Z", "missing.reported", R"({"episode": "e1"})");
    sample.add("f2", "2026-03-03T09:00:00Z", "missing.found", R"({"episode": "e2"})");
    CHECK(duties(sample, at(read, sample, "2026-03-03T10:00:00Z")) ==
          Words{"return-interview of m2 due 2026-03-06T09:00:00Z open"});
    sample.add("i1", "2026-03-04T09:00:00Z", "return-interview.held", R"({"episode": "e1"})");
    sample.add("i2", "2026-03-07T09:00:00Z", "return-interview.held", R"({"episode": "e2"})");
    CHECK(duties(sample, at(read, sample, "2026-03-08T10:00:00Z")) ==
          Words{"return-interview of m2 due 2026-03-06T09:00:00Z met-late"});
}

TEST_CASE("an instance for each incident: a strategy discussion about one does not meet what is owed for another") {
    const auto read = book(
        "[[instance]]\nid = \"matter\"\nlabel = \"Incident\"\nopened_by = \"disclosure\"\nkey = \"incident\"\n" +
        event("disclosure", "disclosure.made", "instance = \"matter\"") +
        event("both", "strategy.held",
              "instance = \"matter\"\nwhere = {section_47_considered = true, support_for_affected_considered = true}") +
        duty_rule("strategy", "disclosure", "both", "24 hours"));
    SampleCase sample;
    SampleCase::More one;
    one.incident = "i1";
    SampleCase::More two;
    two.incident = "i2";
    const std::string considered = R"({"section_47_considered": true, "support_for_affected_considered": true})";
    sample.add("d1", "2026-03-02T09:00:00Z", "disclosure.made", "{}", one);
    sample.add("d2", "2026-03-02T10:00:00Z", "disclosure.made", "{}", two);
    sample.add("half", "2026-03-02T11:00:00Z", "strategy.held", R"({"section_47_considered": true})", one);
    sample.add("s2", "2026-03-02T12:00:00Z", "strategy.held", considered, two);
    CHECK(duties(sample, at(read, sample, "2026-03-02T13:00:00Z")) ==
          Words{"strategy of d1 due 2026-03-03T09:00:00Z open", "strategy of d2 due 2026-03-03T10:00:00Z met"});
}

// ---- time that passes ---------------------------------------------------------------------------------------------

namespace {
const std::string challenge =
    R"([[parameter]]
id = "challenge-stages"
label = "Stages of a challenge"
value = 3
least = 1
most = 3
source = "[D]"
[[instance]]
id = "challenge"
label = "Challenge"
opened_by = "raised"
closed_by = "resolved"
)" + event("raised", "challenge.raised", "instance = \"challenge\"") +
    event("answered", "challenge.responded", "instance = \"challenge\"") +
    event("resolved", "challenge.resolved", "instance = \"challenge\"") + event("told", "feedback.given") + R"([[event]]
id = "stage-1-missed"
missed = "challenge-reply"
instance = "challenge"
[[event]]
id = "stage-2-missed"
missed = "challenge-stage-2"
instance = "challenge"
needs = {challenge-stages = 3}
)" + duty_rule("challenge-reply", "raised", "answered", "3 working days") +
    duty_rule("challenge-stage-2", "stage-1-missed", "answered", "2 working days", "needs = {challenge-stages = 2}") +
    duty_rule("challenge-stage-3", "stage-2-missed", "answered", "5 working days") +
    duty_rule("tell-raiser", "[\"stage-1-missed\", \"stage-2-missed\"]", "told", "1 working day");
}

TEST_CASE("a challenge that is not answered goes to the next stage by itself, and the raiser is told each time") {
    const auto read = book(challenge);
    SampleCase sample;
    sample.add("c", "2026-03-02T09:00:00Z", "challenge.raised");
    CHECK(duties(sample, at(read, sample, "2026-03-05T12:00:00Z")) ==
          Words{"challenge-reply of c due 2026-03-05 open"});
    // The night after the third working day, with nobody looking.
    auto standing = at(read, sample, "2026-03-06T00:00:00Z");
    CHECK(duties(sample, standing) == Words{"challenge-reply of c due 2026-03-05 overdue",
                                            "challenge-stage-2 of c due 2026-03-09 open",
                                            "tell-raiser of c due 2026-03-06 open"});
    CHECK(standing.duties[0].escalated_to == "social-worker");
    standing = at(read, sample, "2026-03-10T12:00:00Z");
    CHECK(duties(sample, standing) ==
          Words{"challenge-reply of c due 2026-03-05 overdue", "challenge-stage-2 of c due 2026-03-09 overdue",
                "challenge-stage-3 of c due 2026-03-16 open", "tell-raiser of c due 2026-03-06 overdue",
                "tell-raiser of c due 2026-03-10 open"});
    // What an entry at the moment before would have changed is as if it had been there.
    sample.about("c", "answer", "2026-03-05T23:59:59Z", "challenge.responded");
    CHECK(duties(sample, at(read, sample, "2026-03-10T12:00:00Z")) == Words{"challenge-reply of c due 2026-03-05 met"});
}

TEST_CASE("one answer meets every stage, and a challenge that is resolved owes nothing more") {
    const auto read = book(challenge);
    SampleCase sample;
    sample.add("c", "2026-03-02T09:00:00Z", "challenge.raised");
    sample.add("other", "2026-03-06T09:00:00Z", "challenge.raised");
    sample.about("c", "answer", "2026-03-09T09:00:00Z", "challenge.responded");
    sample.about("other", "resolved", "2026-03-10T09:00:00Z", "challenge.resolved");
    CHECK(duties(sample, at(read, sample, "2026-06-01T12:00:00Z")) ==
          Words{"challenge-reply of c due 2026-03-05 met-late", "challenge-stage-2 of c due 2026-03-09 met",
                "tell-raiser of c due 2026-03-06 overdue"});
}

TEST_CASE("a partnership with fewer stages has no duty of the later ones") {
    content::Profile profile;
    profile.parameters["challenge-stages"] = 1;
    const auto one = with_profile(book(challenge), profile);
    REQUIRE(one.has_value());
    SampleCase sample;
    sample.add("c", "2026-03-02T09:00:00Z", "challenge.raised");
    CHECK(duties(sample, at(*one, sample, "2026-04-01T12:00:00Z")) ==
          Words{"challenge-reply of c due 2026-03-05 overdue", "tell-raiser of c due 2026-03-06 overdue"});
    profile.parameters["challenge-stages"] = 9;
    CHECK(with_profile(book(challenge), profile).error().reason == "challenge-stages is not from 1 to 3");
    profile.parameters = {{"challenge-stage", 2}};
    CHECK(with_profile(book(challenge), profile).error().mend == "did you mean \"challenge-stages\"?");
}

// ---- clocks -------------------------------------------------------------------------------------------------------

TEST_CASE("a core group every four weeks: held late, the next counts from the one that was held") {
    const auto read =
        book(event("conference", "conference.held") +
             event("core-group", "meeting.held", "where = {type = \"core-group\"}") +
             duty_rule("core-group", "conference", "core-group", "10 working days", "repeats = \"4 weeks\""));
    SampleCase sample;
    sample.add("conference", "2026-03-02", "conference.held");
    sample.add("first", "2026-03-20", "meeting.held", R"({"type": "core-group"})");
    CHECK(duties(sample, at(read, sample, "2026-04-20T12:00:00Z")) ==
          Words{"core-group of conference due 2026-03-16 met-late", "core-group-next of first due 2026-04-17 overdue"});
}

TEST_CASE("a clock may count from another event than the one that raises the duty") {
    const auto read =
        book(event("referral", "referral.received") + event("start", "assessment.started") +
             event("done", "assessment.completed") + duty_rule("from-start", "start", "done", "45 working days") +
             duty_rule("from-referral", "start", "done", "45 working days", "counts_from = [\"referral\", \"start\"]"));
    SampleCase sample;
    sample.add("referral", "2026-01-05", "referral.received");
    sample.add("start", "2026-01-12", "assessment.started");
    CHECK(duties(sample, at(read, sample, "2026-01-20T12:00:00Z")) ==
          Words{"from-referral of start due 2026-03-16 open", "from-start of start due 2026-03-16 open"});
    const auto only =
        book(event("referral", "referral.received") + event("start", "assessment.started") +
             event("done", "assessment.completed") + event("strategy-b", "referral.received") +
             duty_rule("from-referral", "start", "done", "45 working days", "counts_from = \"strategy-b\""));
    CHECK(duties(sample, at(only, sample, "2026-01-20T12:00:00Z")) ==
          Words{"from-referral of referral due 2026-03-09 open"});
}

TEST_CASE("a duty may be due on the date that an entry names") {
    const auto read = book(event("agreed", "keep-apart.agreed") + event("ended", "keep-apart.ended") +
                           duty_rule("look-again", "agreed", "ended", "28 days", "due_field = \"review_by\""));
    SampleCase sample;
    sample.add("a", "2026-03-02", "keep-apart.agreed", R"({"review_by": "2026-03-13"})");
    sample.add("b", "2026-03-02", "keep-apart.agreed");
    CHECK(duties(sample, at(read, sample, "2026-03-03T12:00:00Z")) ==
          Words{"look-again of a due 2026-03-13 open", "look-again of b due 2026-03-30 open"});
    CHECK(book_refusal(event("agreed", "keep-apart.agreed") + event("ended", "keep-apart.ended") +
                       duty_rule("look-again", "agreed", "ended", "28 days", "due_field = \"setting\""))
              .reason == "keep-apart.agreed has no date \"setting\"");
}

TEST_CASE("while one is owed, a duty that is single is not raised again") {
    const auto read = book(event("change", "circumstance.changed") + event("visit", "visit.made") +
                           duty_rule("look", "change", "visit", "5 days", "single = true"));
    SampleCase sample;
    sample.add("a", "2026-03-02T09:00:00Z", "circumstance.changed");
    sample.add("b", "2026-03-03T09:00:00Z", "circumstance.changed");
    sample.add("visit", "2026-03-04T09:00:00Z", "visit.made");
    sample.add("c", "2026-03-05T09:00:00Z", "circumstance.changed");
    CHECK(duties(sample, at(read, sample, "2026-03-05T12:00:00Z")) ==
          Words{"look of a due 2026-03-07 met", "look of c due 2026-03-10 open"});
}

// ---- guards -------------------------------------------------------------------------------------------------------

TEST_CASE("below the age of criminal responsibility no duty or gate of justice is there") {
    const auto read = book(R"([[parameter]]
id = "criminal-responsibility"
label = "Age of criminal responsibility"
value = 10
source = "Children and Young Persons Act 1933, section 50"
[[group]]
id = "justice"
label = "Justice"
age_from = "criminal-responsibility"
)" + event("concern", "concern.raised") +
                           event("diversion", "action.proposed", "group = \"justice\"") +
                           event("charge", "charge.decided", "group = \"justice\"") + event("closing", "case.closed") +
                           duty_rule("consider-diversion", "concern", "diversion", "10 days") +
                           rule("diversion-first", "condition", "diversion", "charge") +
                           rule("charge-first", "condition", "charge", "closing"));
    SampleCase sample;
    sample.add("concern", "2026-03-02T09:00:00Z", "concern.raised");
    const auto now = instant("2026-03-03T09:00:00Z");
    const auto held = [&](std::string_view kind) {
        return held_by(read, england(), sample.dossier, now, kind, {}).size();
    };
    // Not known: the duty is shown.
    CHECK(at(read, sample, "2026-03-03T09:00:00Z").duties.size() == 1);
    CHECK(held("charge.decided") == 1);
    sample.dossier.born = born_on(parse_date("2016-03-03").value());
    CHECK(at(read, sample, "2026-03-03T09:00:00Z").duties.empty());  // nine when the concern was raised
    CHECK(held("charge.decided") == 1);                              // ten today
    sample.dossier.born = born_on(parse_date("2016-03-04").value());
    CHECK(held("charge.decided") == 0);
    CHECK(held("case.closed") == 0);
    sample.dossier.born = born_on(parse_date("2016-03-20").value(), "UAA");
    CHECK(held("charge.decided") == 1);  // some day in March: perhaps ten
    sample.dossier.born = born_on(parse_date("2016-04-02").value(), "UAA");
    CHECK(held("charge.decided") == 0);
    CHECK_FALSE(born_on(parse_date("2016-04-02").value(), "UUU").has_value());
}

TEST_CASE("a meeting is measured by whom the profile requires, and by its quorum") {
    const auto text = event("whole", "strategy.held", "attended = \"all-required\"") +
                      event("not-whole", "strategy.held", "attended = \"not-all-required\"") +
                      event("not-quorate", "strategy.held", "attended = \"no-quorum\"") +
                      event("with-health", "strategy.held", "where = {attended = \"health\"}") +
                      duty_rule("hold-again", "not-quorate", "whole", "10 working days") +
                      duty_rule("invite", "not-whole", "whole", "15 working days") +
                      duty_rule("ask-health", "with-health", "whole", "1 working day");
    const auto read = with_profile(book(text), northbay_profile()).value();
    const auto raised = [&](std::string_view attended) {
        SampleCase sample;
        sample.add("m", "2026-03-02T09:00:00Z", "strategy.held", fmt::format(R"({{"attended": {}}})", attended));
        Words ids;
        for (const auto& one : at(read, sample, "2026-03-02T10:00:00Z").duties) ids.push_back(one.id);
        std::sort(ids.begin(), ids.end());
        return ids;
    };
    CHECK(raised(R"(["csc", "police", "yjs", "health", "education"])") == Words{"ask-health"});
    CHECK(raised(R"(["csc", "police", "yjs", "education"])") == Words{"invite"});
    CHECK(raised(R"([{"agency": "csc"}, {"agency": "police"}, {"agency": "health", "attended": false}])") ==
          Words{"hold-again", "invite"});
    CHECK(raised(R"(["csc", "yjs", "education"])") == Words{"hold-again", "invite"});  // no police
}

TEST_CASE("a conference on a Saturday is taken, and flagged until it is corrected") {
    const auto read = book(event("conference", "conference.held") +
                           event("conference-at-weekend", "conference.held", "weekend = true") +
                           "[[cue]]\nid = \"conference-at-weekend\"\nlabel = \"A conference is dated on a weekend\"\n"
                           "event = \"conference-at-weekend\"\nsource = \"Children in need census, rule 8875\"\n");
    SampleCase sample;
    sample.add("sat", "2026-03-07", "conference.held");
    const auto standing = at(read, sample, "2026-03-09T09:00:00Z");
    CHECK(standing.breaches.empty());
    REQUIRE(standing.cues.size() == 1);
    CHECK(standing.cues[0].id == "conference-at-weekend");
    CHECK(standing.cues[0].entries == std::vector<EntryId>{sample.id("sat")});
    SampleCase::More more;
    more.supersedes = "sat";
    sample.add("mon", "2026-03-09", "conference.held", "{}", more);
    CHECK(at(read, sample, "2026-03-09T12:00:00Z").cues.empty());
}

// ---- consultation -------------------------------------------------------------------------------------------------

namespace {
std::string consultation(std::string_view more = "") {
    return event("change", "circumstance.changed") + event("charge", "charge.decided") + R"([[consultation]]
id = "interview"
course = "voluntary-interview"
label = "Interview"
with = ["social-care", "youth-justice"]
owner = ["social-care-manager", "youth-justice-manager"]
no_reply = "2 working days"
since = "change"
source = "[D]"
)" + std::string(more);
}
const std::string reviewed = "review = \"1 working day\"\nreviewer = \"social-care-manager\"\n";
std::vector<std::string> held_rules(const Rulebook& read, const SampleCase& sample, std::string_view now) {
    Words rules;
    const json::object fields{{"course", "voluntary-interview"}};
    for (const auto& gate : held_by(read, england(), sample.dossier, instant(now), "action.taken", fields)) {
        CHECK(gate.course == "voluntary-interview");
        rules.push_back(gate.rule);
    }
    return rules;
}
constexpr std::string_view csc_view = R"({"course": "voluntary-interview", "by": ["social-care"]})";
constexpr std::string_view yjs_view = R"({"course": "voluntary-interview", "by": [{"agency": "youth-justice"}]})";
}  // namespace

TEST_CASE("a course is held until each agency gave its view since the circumstances last changed") {
    const auto read = book(consultation(reviewed));
    SampleCase sample;
    CHECK(held_rules(read, sample, "2026-03-02T08:00:00Z") ==
          Words{"interview-consult-social-care", "interview-consult-youth-justice"});
    sample.add("ask", "2026-03-02T09:00:00Z", "consultation.requested",
               R"({"course": "voluntary-interview", "of": ["social-care", "youth-justice"]})");
    CHECK(duties(sample, at(read, sample, "2026-03-02T10:00:00Z")) ==
          Words{"interview-reply-social-care of ask due 2026-03-04 open",
                "interview-reply-youth-justice of ask due 2026-03-04 open"});
    sample.add("csc", "2026-03-02T11:00:00Z", "consultation.given", csc_view);
    CHECK(held_rules(read, sample, "2026-03-02T12:00:00Z") == Words{"interview-consult-youth-justice"});
    // A view that names no course is about that of what it answers; the one of another course counts for nothing here.
    sample.add("other", "2026-03-02T12:00:00Z", "consultation.given",
               R"({"course": "charge", "by": ["youth-justice"]})");
    CHECK(held_rules(read, sample, "2026-03-02T13:00:00Z").size() == 1);
    sample.about("ask", "yjs", "2026-03-02T14:00:00Z", "consultation.given", R"({"by": ["youth-justice"]})");
    CHECK(held_rules(read, sample, "2026-03-02T15:00:00Z").empty());
    sample.add("moved", "2026-03-03T09:00:00Z", "circumstance.changed", R"({"type": "placement"})");
    CHECK(held_rules(read, sample, "2026-03-03T10:00:00Z").size() == 2);
    sample.add("csc2", "2026-03-03T11:00:00Z", "consultation.given", csc_view);
    sample.add("yjs2", "2026-03-03T11:00:00Z", "consultation.given", yjs_view);
    sample.add("done", "2026-03-03T12:00:00Z", "action.taken", R"({"course": "voluntary-interview"})");
    CHECK(at(read, sample, "2026-03-03T13:00:00Z").breaches.empty());
}

TEST_CASE("silence until the no-reply clock opens the gate, unless the procedure says that it does not") {
    SampleCase sample;
    sample.add("proposed", "2026-03-02T09:00:00Z", "action.proposed", R"({"course": "voluntary-interview"})");
    const auto opens = book(consultation(reviewed));
    const auto holds = book(consultation(reviewed + "no_reply_opens = false\n"));
    CHECK(held_rules(opens, sample, "2026-03-04T12:00:00Z").size() == 2);
    CHECK(held_rules(opens, sample, "2026-03-05T00:00:00Z").empty());
    CHECK(held_rules(holds, sample, "2026-03-05T00:00:00Z").size() == 2);
    CHECK(at(opens, sample, "2026-03-05T00:00:00Z").duties[0].state == DutyState::overdue);
}

TEST_CASE("an override with a reason opens the gate and owes a review within one working day") {
    const auto read = book(consultation(reviewed));
    SampleCase sample;
    sample.add("override", "2026-03-06T09:00:00Z", "gate.overridden", R"({"course": "voluntary-interview"})");
    CHECK(held_rules(read, sample, "2026-03-06T10:00:00Z").empty());
    CHECK(duties(sample, at(read, sample, "2026-03-06T10:00:00Z")) ==
          Words{"interview-override-review of override due 2026-03-09 open"});
    sample.about("override", "review", "2026-03-09T10:00:00Z", "override.reviewed", R"({"upheld": true})");
    CHECK(duties(sample, at(read, sample, "2026-03-09T11:00:00Z")) ==
          Words{"interview-override-review of override due 2026-03-09 met"});
    CHECK(book_refusal(consultation()).reason == "an override that nobody reviews");
}

TEST_CASE("a protective course is never held: the views fall due once it is taken") {
    const auto read = book(consultation("protective = true\n"));
    SampleCase sample;
    CHECK(held_rules(read, sample, "2026-03-02T08:00:00Z").empty());
    sample.add("taken", "2026-03-02T09:00:00Z", "action.taken", R"({"course": "voluntary-interview"})");
    CHECK(at(read, sample, "2026-03-02T10:00:00Z").breaches.empty());
    CHECK(duties(sample, at(read, sample, "2026-03-02T10:00:00Z")) ==
          Words{"interview-reply-social-care of taken due 2026-03-04 open",
                "interview-reply-youth-justice of taken due 2026-03-04 open"});
}

TEST_CASE("a consultation may hold other events too: a decision to charge") {
    const auto read = book(consultation(reviewed + "events = \"charge\"\n"));
    SampleCase sample;
    const auto held = held_by(read, england(), sample.dossier, instant("2026-03-02T08:00:00Z"), "charge.decided", {});
    REQUIRE(held.size() == 2);
    CHECK(held[0].why ==
          "Charging decision waits until this has happened: interview: Children’s social care gave its view.");
}

// ---- bad input, several procedures, profiles ----------------------------------------------------------------------

TEST_CASE("what means nothing is refused with its line and a mend") {
    const auto two = event("a", "visit.made") + event("b", "disclosure.made");
    CHECK(book_refusal(two + duty_rule("x", "a", "b", "0 days")).reason == "a clock of zero");
    CHECK(book_refusal(two + duty_rule("x", "a", "b", "0 days")).place == "p.toml:19");
    CHECK(book_refusal(two + duty_rule("x", "a", "b", "1 day") + rule("x", "exclude", "a", "b")).reason ==
          "there is another rule \"x\"");
    const auto ring = book_refusal(two + rule("one", "condition", "a", "b") + rule("two", "condition", "b", "a"));
    CHECK(ring.reason == "a ring of conditions: a waits for b waits for a");
    CHECK(ring.place == "p.toml:14");
    CHECK(book_refusal(event("a", "visit.made", "group = \"g\"")).reason == "unknown group \"g\"");
    CHECK(book_refusal(event("a", "visit.made", "instance = \"g\"")).reason == "unknown instance \"g\"");
    CHECK(book_refusal(event("a", "visit.made", "age_from = \"g\"")).reason == "unknown parameter \"g\"");
    CHECK(book_refusal(event("a", "visit.made", "attended = \"quorum\"")).reason ==
          "visit.made has no field \"attended\"");
    CHECK(book_refusal(event("a", "strategy.held", "where = {attended = \"csc\"}")).reason ==
          "\"csc\" is not a code of strategy.held.attended");
    CHECK(book_refusal("[[event]]\nid = \"m\"\nmissed = \"x\"\n" + two).reason == "unknown duty \"x\"");
    CHECK(book_refusal(two + duty_rule("x", "a", "m", "1 day") + "[[event]]\nid = \"m\"\nmissed = \"x\"\n").reason ==
          "\"m\" is no entry and meets no duty");
    CHECK(book_refusal(two + "[[instance]]\nid = \"i\"\nlabel = \"I\"\nopened_by = \"a\"\n").reason ==
          "\"a\" is no event of it");
    CHECK(book_refusal(
              "[[instance]]\nid = \"i\"\nlabel = \"I\"\nopened_by = \"a\"\n[[instance]]\nid = \"j\"\nlabel = \"J\"\n"
              "opened_by = \"b\"\n" +
              event("a", "visit.made", "instance = \"i\"") + event("b", "disclosure.made", "instance = \"j\"") +
              rule("x", "condition", "a", "b"))
              .reason == "rule \"x\" joins events of j and of i");
    CHECK(book_refusal("require = [\"polce\"]\n" + two).mend == "did you mean \"police\"?");
}

TEST_CASE("several procedures hold together, and an event that both write alike is one") {
    const auto a = book(event("strategy", "strategy.held") + event("visit", "visit.made") +
                        duty_rule("see", "strategy", "visit", "1 day"));
    const auto b = book(event("strategy", "strategy.held") + event("plan", "plan.agreed") +
                        duty_rule("agree", "strategy", "plan", "5 days"));
    const auto both = combine({a, b});
    REQUIRE(both.has_value());
    CHECK(both->events.size() == 3);
    SampleCase sample;
    sample.add("strategy", "2026-03-02T09:00:00Z", "strategy.held");
    CHECK(at(*both, sample, "2026-03-02T10:00:00Z").duties.size() == 2);
    const auto other = book(event("strategy", "conference.held"));
    CHECK(combine({a, other}).error().reason == "another procedure has another event \"strategy\"");
    CHECK(combine({a, a}).error().reason == "another procedure has a rule \"see\"");
}

TEST_CASE("a profile that leaves out an agency that the procedure requires is refused with its line") {
    const auto read =
        rulebook_of(std::string(rulebook_head) + "require = [\"police\", \"probation\"]\n" + event("a", "visit.made"));
    const auto refused = with_profile(read, northbay_profile(), "northbay.toml");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().place == "northbay.toml:8");
    CHECK(refused.error().reason == "p requires probation, and the profile leaves it out");
    CHECK(refused.error().mend == "add \"probation\" to require");
    auto profile = northbay_profile();
    profile.clocks["x"] = {Unit::hours, 3};
    CHECK(with_profile(book(event("a", "visit.made")), profile).error().reason == "p has no clock \"x\"");
}

TEST_CASE("a rulebook with every word of the language reads, is explained in words, and is decided") {
    std::ifstream in(std::string(WAYMARK_SOURCE_DIR) + "/fuzz/corpus/rulebook/every-word.toml");
    std::stringstream text;
    text << in.rdbuf();
    const auto read = parse_rulebook(text.str(), "every-word.toml", catalogue());
    REQUIRE_MESSAGE(read.has_value(), (read ? std::string() : describe(read.error())));
    CHECK(check(*read, england(), nullptr).answer != Check::Answer::undecided);
    const auto words = explain(*read);
    for (const auto* said :
         {"by the date in review_by, or within 3 months", "counted from the latest \"Plan agreed\" or",
          "For each: Plan.", "For children up to 17 years.", "Where stages is 2 or more.",
          "may not happen until \"Plan reviewed\" or \"Not done in time: review\" since the latest"}) {
        CHECK_MESSAGE(words.find(said) != std::string::npos, said << "\n" << words);
    }
}
