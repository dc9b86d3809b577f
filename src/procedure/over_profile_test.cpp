// What the profile adds: whom each procedure requires, a quorum with an exception; and what is flagged and never held.
#include <doctest/doctest.h>

#include <fmt/core.h>

#include "base/text.hpp"
#include "support/rulebooks.hpp"

namespace waymark::procedure::over_a_profile {

using namespace waymark::testing;
using Words = std::vector<std::string>;

TEST_CASE(
    "a conference may go ahead below its quorum as an exception, where the profile has one and the entry says so") {
    auto profile = northbay_profile();
    profile.quorum_by_meeting["conference"] = {{"social-care"}, 3, 2};
    const auto read =
        with_profile(book(event("quorate", "conference.held", "attended = \"quorum\"") +
                          event("strategy", "strategy.held", "attended = \"quorum\"") + event("seen", "visit.made") +
                          duty_rule("conference", "quorate", "seen", "1 day") +
                          duty_rule("strategy", "strategy", "seen", "1 day")),
                     profile)
            .value();
    const auto is_quorate = [&](const std::string& kind, std::string_view fields) {
        SampleCase sample;
        sample.add("m", "2026-03-02T09:00:00Z", kind, fields);
        return !at(read, sample, "2026-03-02T10:00:00Z").duties.empty();
    };
    CHECK(is_quorate("conference.held", R"({"type": "initial", "attended": ["csc", "health", "education"]})"));
    CHECK_FALSE(is_quorate("conference.held", R"({"type": "initial", "attended": ["csc", "health"]})"));
    CHECK(is_quorate("conference.held", R"({"exceptional": true, "attended": ["csc", "health"]})"));
    CHECK_FALSE(is_quorate("conference.held", R"({"exceptional": true, "attended": ["csc"]})"));
    // The partnership has no exception for other meetings.
    CHECK_FALSE(is_quorate("strategy.held", R"({"exceptional": true, "attended": ["csc", "police"]})"));
}

TEST_CASE("what may not run twice at once is taken and flagged, until the first has ended") {
    const auto read = book(event("enquiry", "enquiry.opened") + event("concluded", "enquiry.concluded") +
                           "[[cue]]\nid = \"overlap\"\nlabel = \"Two enquiries at once\"\nevent = \"enquiry\"\n"
                           "overlaps_until = \"concluded\"\nsource = \"Children in need census, rule 8890\"\n");
    const auto flagged = [&](const SampleCase& sample) {
        Words names;
        for (const auto& cue : at(read, sample, "2026-06-01T09:00:00Z").cues) {
            for (const auto id : cue.entries) names.push_back(sample.name(id));
        }
        return names;
    };
    SampleCase sample;
    sample.add("first", "2026-03-02T09:00:00Z", "enquiry.opened");
    sample.about("first", "ended", "2026-03-10T09:00:00Z", "enquiry.concluded");
    sample.add("second", "2026-03-11T09:00:00Z", "enquiry.opened");
    CHECK(flagged(sample).empty());
    sample.add("third", "2026-03-12T09:00:00Z", "enquiry.opened");
    CHECK(flagged(sample) == Words{"third"});
    // The one that it is about has ended; the other runs on beside the fourth.
    sample.about("third", "third ended", "2026-03-13T09:00:00Z", "enquiry.concluded");
    sample.add("fourth", "2026-03-14T09:00:00Z", "enquiry.opened");
    CHECK(flagged(sample) == Words{"third", "fourth"});
    CHECK(at(read, sample, "2026-06-01T09:00:00Z").breaches.empty());
    CHECK(book_refusal(event("a", "enquiry.opened") + "[[cue]]\nid = \"drift\"\nlabel = \"L\"\noverlaps_until = "
                                                      "\"a\"\nsource = \"[D]\"\n")
              .reason == "overlaps_until without event");
}

TEST_CASE("what a profile requires in one procedure only holds for that one, whichever comes first") {
    const auto meeting = [](const std::string& name) {
        return rulebook_of("name = \"" + name +
                           "\"\nversion = \"1\"\ntitle = \"T\"\nnation = \"england\"\nin_force = 2020-01-01\n" +
                           event("whole-" + name, "strategy.held", "attended = \"all-required\"") +
                           event("seen", "visit.made") + duty_rule("duty-" + name, "whole-" + name, "seen", "1 day"));
    };
    auto profile = northbay_profile();
    profile.requirements.clear();
    for (const auto& [type, procedure] :
         {std::pair("social-care", ""), std::pair("police", "first"), std::pair("health", "second")}) {
        content::Requirement one;
        one.type = type;
        one.procedure = procedure;
        profile.requirements.push_back(one);
    }
    const auto raised = [&](const std::string& a, const std::string& b, std::string_view attended) {
        const auto read = with_profile(combine({meeting(a), meeting(b)}).value(), profile).value();
        SampleCase sample;
        sample.add("c", "2026-03-01T09:00:00Z", "concern.raised", R"({"about_what": "displayed-behaviour"})");
        sample.add("m", "2026-03-02T09:00:00Z", "strategy.held", fmt::format(R"({{"attended": {}}})", attended));
        const auto shown = at(read, sample, "2026-03-02T10:00:00Z");
        Words all;
        for (const auto& one : shown.duties) all.push_back(one.id);
        std::sort(all.begin(), all.end());
        all.push_back(shown.gathering.all_met ? "all met" : join(shown.gathering.missing, " "));
        return all;
    };
    for (const auto& [a, b] : {std::pair("first", "second"), std::pair("second", "first")}) {
        CHECK(raised(a, b, R"(["csc", "police"])") == Words{"duty-first", "health"});
        CHECK(raised(a, b, R"(["csc", "health"])") == Words{"duty-second", "police"});
        CHECK(raised(a, b, R"(["csc", "police", "health"])") == Words{"duty-first", "duty-second", "all met"});
        CHECK(raised(a, b, R"(["police", "health"])") == Words{"social-care"});
    }
}

TEST_CASE("the members of a plan are asked once a plan names them, and nothing waits for others") {
    const auto read = book(event("seen", "visit.made") +
                           "[[consultation]]\nid = \"closing\"\ncourse = \"closure\"\nlabel = \"Closure\"\nmembers = "
                           "true\nwith = [\"voluntary\", \"probation\"]\nowner = \"social-worker\"\nno_reply = \"2 "
                           "working days\"\nno_reply_opens = false\nreview = \"1 working day\"\nreviewer = "
                           "\"social-care-manager\"\nsource = \"[D]\"\n");
    CHECK(check(read, england(), nullptr).answer == Check::Answer::proved);
    // The profile has no probation service: so none can be a member, and that is no fault.
    const auto profile = northbay_profile();
    const auto over = with_profile(read, profile).value();
    CHECK(check(over, england(), &profile).answer == Check::Answer::proved);
    const auto held = [&](const SampleCase& sample) {
        Words rules;
        for (const auto& gate : held_by(over, england(), sample.dossier, instant("2026-04-01T09:00:00Z"),
                                        "action.taken", {{"course", "closure"}}))
            rules.push_back(gate.rule);
        return rules;
    };
    SampleCase sample;
    sample.add("plan", "2026-03-02T09:00:00Z", "plan.agreed", R"({"type": "safety", "members": ["csc", "police"]})");
    CHECK(held(sample).empty());
    sample.add("wider", "2026-03-03T09:00:00Z", "plan.agreed", R"({"type": "safety", "members": ["voluntary"]})");
    CHECK(held(sample) == Words{"closing-consult-voluntary"});
    sample.add("proposed", "2026-03-04T09:00:00Z", "action.proposed", R"({"course": "closure"})");
    Words owed;
    for (const auto& duty : at(over, sample, "2026-03-04T10:00:00Z").duties) owed.push_back(duty.id);
    CHECK(owed == Words{"closing-reply-voluntary"});
    sample.add("view", "2026-03-05T09:00:00Z", "consultation.given", R"({"course": "closure", "by": ["voluntary"]})");
    CHECK(held(sample).empty());
}

}  // namespace waymark::procedure::over_a_profile
