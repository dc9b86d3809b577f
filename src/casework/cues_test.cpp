// Prompts put aside by people, who has met, and what the child's age leaves out.
#include "casework/cues.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "casework/meetings.hpp"
#include "support/open_office.hpp"

using namespace waymark;
using testing::for_each_office;
using testing::must;
using testing::OpenOffice;

namespace {

std::string subject(const std::string& dob) {
    return fmt::format(
        R"([{{"involvement":"displayed","identity":{{"source":"mis","id":"1","given_name":"Ada","family_name":"Lindgren","date_of_birth":"{}"}}}}])",
        dob);
}
std::string line(const std::string& id, const std::string& at, const std::string& kind, const std::string& body,
                 const std::string& more = {}, const std::string& dob = "2012-04-05") {
    return fmt::format(
        R"({{"kind":"{}","at":"{}","agency":"csc","author":"m.brennan","subjects":{},"body":{},"id":"{}"{}}})", kind,
        at, subject(dob), body, id, more);
}
casework::Outcome concern(OpenOffice& world, const std::string& id, const std::string& at,
                          const std::string& body = R"({"about_what":"displayed-behaviour"})",
                          const std::string& dob = "2012-04-05") {
    auto outcome = world.take(line(id, at, "concern.raised", body, {}, dob));
    REQUIRE(outcome.taken == casework::Taken::taken);
    return outcome;
}
// Two concerns and a decision: earlier concerns, agencies that never met.
CaseId decided_case(OpenOffice& world) {
    world.clock().set(*parse_instant("2026-03-02T09:00:00Z"));
    concern(world, "a", "2026-02-02T09:00:00Z");
    world.take(line("b", "2026-02-03T09:00:00Z", "triage.decided", R"({"outcome":"advice"})", R"(,"about":"csc/a")"));
    const auto second = concern(world, "c", "2026-03-01T09:00:00Z");
    world.take(
        line("d", "2026-03-01T10:00:00Z", "triage.decided", R"({"outcome":"assessment"})", R"(,"about":"csc/c")"));
    return second.cases.front();
}
bool shows(const OpenOffice& world, CaseId case_id, std::string_view cue) {
    const auto standing =
        must(casework::standing_of(world.office(), world.operator_(), case_id, world.office().clock.now()));
    return std::any_of(standing.cues.begin(), standing.cues.end(), [&](const auto& one) { return one.id == cue; });
}
casework::DismissRequest aside(CaseId case_id, const std::string& cue, const std::string& until,
                               const std::string& key = "form") {
    casework::DismissRequest request;
    request.key = key;
    request.case_id = case_id;
    request.cue = cue;
    request.reason = "Looked at together on 2 March.";
    if (!until.empty()) request.until = *parse_date(until);
    return request;
}

}  // namespace

TEST_CASE("a prompt put aside with a reason is gone for everybody until its day, and the entry stays") {
    for_each_office([](OpenOffice& world) {
        const auto case_id = decided_case(world);
        const auto front = world.asker("m.brennan", "triage");
        REQUIRE(shows(world, case_id, "not-all-agencies-met"));
        const auto done =
            must(casework::dismiss_cue(world.office(), front, aside(case_id, "not-all-agencies-met", "2026-03-10")));
        CHECK_FALSE(shows(world, case_id, "not-all-agencies-met"));
        CHECK(shows(world, case_id, "earlier-concern-closed"));
        CHECK(must(casework::dismiss_cue(world.office(), front,
                                         aside(case_id, "not-all-agencies-met", "2026-03-10"))) == done);
        world.clock().set(*parse_instant("2026-03-11T09:00:00Z"));
        CHECK(shows(world, case_id, "not-all-agencies-met"));
    });
}

TEST_CASE("a prompt is not put aside without a reason, without a day, in the past, or for too long") {
    for_each_office([](OpenOffice& world) {
        const auto case_id = decided_case(world);
        const auto front = world.asker("m.brennan", "triage");
        const auto refused = [&](casework::DismissRequest request) {
            const auto done = casework::dismiss_cue(world.office(), front, request);
            REQUIRE_FALSE(done);
            return done.error();
        };
        auto no_reason = aside(case_id, "not-all-agencies-met", "2026-03-10");
        no_reason.reason = " ";
        CHECK(refused(no_reason).place == "reason");
        CHECK(refused(aside(case_id, "not-all-agencies-met", "")).place == "until");
        CHECK(refused(aside(case_id, "not-all-agencies-met", "2026-03-01")).place == "until");
        const auto too_long = refused(aside(case_id, "not-all-agencies-met", "2026-09-01"));
        CHECK(too_long.place == "until");
        CHECK(too_long.mend == "Give a day up to 31 May 2026.");
        CHECK(refused(aside(case_id, "drift", "2026-03-10")).kind == FaultKind::conflict);
        CHECK(shows(world, case_id, "not-all-agencies-met"));
    });
}

TEST_CASE("a prompt is put aside by whoever triages or owns it, and by nobody else") {
    for_each_office([](OpenOffice& world) {
        const auto case_id = decided_case(world);
        const auto& office = world.office();
        for (const auto& one : office.profile.practitioners) {
            if (one.role != "social-worker" && one.role != "school-lead") continue;
            const auto refused = casework::dismiss_cue(office, world.asker(one.key),
                                                       aside(case_id, "not-all-agencies-met", "2026-03-10", one.key));
            REQUIRE_FALSE(refused);
            CHECK(refused.error().kind == FaultKind::forbidden);
        }
        CHECK(shows(world, case_id, "not-all-agencies-met"));
    });
}

TEST_CASE("a prompt about immediate danger is never put aside") {
    for_each_office([](OpenOffice& world) {
        world.clock().set(*parse_instant("2026-03-02T09:00:00Z"));
        const auto raised = concern(world, "a", "2026-03-02T08:55:00Z",
                                    R"({"about_what":"displayed-behaviour","immediate_danger":true})");
        const auto refused = casework::dismiss_cue(world.office(), world.asker("m.brennan", "triage"),
                                                   aside(raised.cases.front(), "immediate-danger", "2026-03-03"));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().place == "cue");
        CHECK(shows(world, raised.cases.front(), "immediate-danger"));
    });
}

TEST_CASE(
    "open cases in which the required agencies never met are listed with who is missing, and boards see how many") {
    for_each_office([](OpenOffice& world) {
        const auto case_id = decided_case(world);
        world.take(line("m", "2026-03-02T08:00:00Z", "strategy.held",
                        R"({"attended":["csc","police",{"agency":"health","attended":false}]})"));
        const auto& office = world.office();
        const auto now = office.clock.now();
        const auto seen = must(casework::never_all_met(office, world.asker("m.brennan", "triage"), now, 1, 10));
        CHECK(seen.never_met == 1);
        REQUIRE(seen.cases.size() == 1);
        CHECK(seen.cases[0].case_id == case_id);
        CHECK(seen.cases[0].name == "Ada Lindgren");
        CHECK(seen.cases[0].past_triage);
        CHECK(seen.cases[0].meetings == 1);
        CHECK(seen.cases[0].missing == std::vector<std::string>{"youth-justice", "health", "education"});
        for (const auto& one : office.profile.practitioners) {
            if (one.role != "board-chair" && one.role != "board-member" && one.role != "board-analyst") continue;
            const auto counted = must(casework::never_all_met(office, world.asker(one.key, "measures"), now, 1, 10));
            CHECK(counted.counts_only);
            CHECK(counted.never_met == 1);
            CHECK(counted.cases.empty());
        }
    });
}

TEST_CASE("below the age of criminal responsibility no justice duty or gate shows, and above it they do") {
    for_each_office([](OpenOffice& world) {
        world.clock().set(*parse_instant("2026-03-02T09:00:00Z"));
        const auto justice = [&](const procedure::Standing& standing) {
            int found = 0;
            for (const auto& gate : standing.gates) found += gate.course == "charge" && !gate.open ? 1 : 0;
            for (const auto& duty : standing.duties) found += duty.id.rfind("charge", 0) == 0 ? 1 : 0;
            return found;
        };
        const auto of_child = [&](const std::string& dob, const std::string& id) {
            auto text =
                line(id, "2026-03-01T09:00:00Z", "concern.raised", R"({"about_what":"displayed-behaviour"})", {}, dob);
            text.replace(text.find(R"("id":"1")"), 8, R"("id":")" + id + '"');
            text.replace(text.find("Lindgren"), 8, "Family" + id);
            return world.take(text).cases.front();
        };
        const auto young = of_child("2018-06-01", "young");
        const auto old = of_child("2011-06-01", "old");
        const auto one = [&](CaseId id) {
            return must(casework::standing_of(world.office(), world.operator_(), id, world.office().clock.now()));
        };
        CHECK(justice(one(young)) == 0);
        CHECK(justice(one(old)) > 0);
        // The standing of all at once knows the age as well.
        std::size_t seen = 0;
        const auto told = casework::standings(world.office(), world.operator_(), world.office().clock.now(), 2,
                                              [&](const procedure::Standing& standing) {
                                                  ++seen;
                                                  CHECK((justice(standing) > 0) == (standing.case_id == old));
                                                  return true;
                                              });
        CHECK(told.has_value());
        CHECK(seen == 2);
    });
}
