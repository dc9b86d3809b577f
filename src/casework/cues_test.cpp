// What interrupts a person in a day, prompts put aside by people, who has met, and what the child's age leaves out.
#include "casework/cues.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "casework/meetings.hpp"
#include "procedure/cues.hpp"
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
// The same of another child.
CaseId decided_case_of(OpenOffice& world, const std::string& child) {
    const auto of_child = [&](std::string text) {
        text.replace(text.find(R"("id":"1")"), 8, R"("id":")" + child + '"');
        text.replace(text.find("Lindgren"), 8, "Family" + child);
        return world.take(text);
    };
    world.clock().set(*parse_instant("2026-03-02T09:00:00Z"));
    const std::string raised = R"({"about_what":"displayed-behaviour"})";
    of_child(line("a" + child, "2026-02-02T09:00:00Z", "concern.raised", raised));
    of_child(line("b" + child, "2026-02-03T09:00:00Z", "triage.decided", R"({"outcome":"advice"})",
                  R"(,"about":"csc/a)" + child + '"'));
    const auto second = of_child(line("c" + child, "2026-03-01T09:00:00Z", "concern.raised", raised));
    of_child(line("d" + child, "2026-03-01T10:00:00Z", "triage.decided", R"({"outcome":"assessment"})",
                  R"(,"about":"csc/c)" + child + '"'));
    return second.cases.front();
}
ViewId page_of_case(OpenOffice& world, CaseId case_id) {
    return world.read(
        [&](store::Snapshot& s) { return s.cases(world.office().partnership, std::vector{case_id}).front()->record; });
}
// What interrupts and is counted, over all the cases of the page.
std::vector<std::string> counted_of(const casework::PersonPage& page) {
    std::vector<std::string> ids;
    for (const auto& one : page.prompts) {
        for (const auto& cue : one.interrupting) {
            if (!cue.statutory && cue.id != "immediate-danger") ids.push_back(cue.id);
        }
    }
    return ids;
}
std::size_t waiting_in(const casework::PersonPage& page) {
    std::size_t n = 0;
    for (const auto& one : page.prompts) n += one.more.size();
    return n;
}
std::string text_of(const std::string& file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
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

TEST_CASE("at most three prompts interrupt a person in a day, over all the cases that they open") {
    for_each_office([](OpenOffice& world) {
        const auto first = page_of_case(world, decided_case(world));
        const auto second = page_of_case(world, decided_case_of(world, "2"));
        const auto one = world.asker("m.brennan", "triage");
        const auto seen = must(casework::prompted_page(world.office(), one, first));
        const auto counted = counted_of(seen);
        const auto of_a_child = counted.size() + waiting_in(seen);  // the second child has the same
        REQUIRE(of_a_child >= 2);
        REQUIRE(of_a_child <= 3);
        CHECK(waiting_in(seen) == 0);
        const auto left = 3 - of_a_child;
        const auto other = must(casework::prompted_page(world.office(), one, second));
        CHECK(counted_of(other).size() == left);
        CHECK(waiting_in(other) == of_a_child - left);
        // Seen again, also by a server that was started again, it is as it was, and takes no other place.
        world.reopen();
        CHECK(counted_of(must(casework::prompted_page(world.office(), one, first))) == counted);
        CHECK(counted_of(must(casework::prompted_page(world.office(), one, second))).size() == left);
        // Somebody else has a day of their own; so has the next day.
        const auto somebody = world.asker("s.iyer");
        CHECK(counted_of(must(casework::prompted_page(world.office(), somebody, second))).size() == of_a_child);
        world.clock().set(*parse_instant("2026-03-03T09:00:00Z"));
        CHECK(counted_of(must(casework::prompted_page(world.office(), one, second))).size() == of_a_child);
        CHECK(counted_of(must(casework::prompted_page(world.office(), one, first))).size() == left);
    });
}

TEST_CASE("danger interrupts however many prompts have interrupted before, and uses up no place") {
    for_each_office([](OpenOffice& world) {
        world.clock().set(*parse_instant("2026-03-02T09:00:00Z"));
        auto text = line("danger", "2026-03-02T08:55:00Z", "concern.raised",
                         R"({"about_what":"displayed-behaviour","immediate_danger":true})");
        text.replace(text.find(R"("id":"1")"), 8, R"("id":"3")");
        text.replace(text.find("Lindgren"), 8, "Family3");
        const auto danger = page_of_case(world, world.take(text).cases.front());
        const auto child = page_of_case(world, decided_case(world));
        const auto one = world.asker("m.brennan", "triage");
        const auto interrupts = [&] {
            const auto page = must(casework::prompted_page(world.office(), one, danger));
            const auto& first = page.prompts.front().interrupting;
            return !first.empty() && first.front().id == "immediate-danger";
        };
        CHECK(interrupts());
        CHECK(waiting_in(must(casework::prompted_page(world.office(), one, child))) == 0);
        must(casework::prompted_page(world.office(), one, page_of_case(world, decided_case_of(world, "2"))));
        CHECK(interrupts());
    });
}

TEST_CASE("a look that is refused, and a look at another day, use up no place") {
    for_each_office([](OpenOffice& world) {
        const auto child = page_of_case(world, decided_case(world));
        const auto one = world.asker("m.brennan", "triage");
        const auto taken = [&] {
            return world.read([&](store::Snapshot& s) {
                return s.prompts_since(world.office().partnership, one.practitioner, Instant{}).size();
            });
        };
        auto gone = one;
        gone.session = std::string(64, '0');
        CHECK_FALSE(casework::prompted_page(world.office(), gone, child));
        must(casework::person_page(world.office(), one, child, world.clock().now()));
        CHECK(taken() == 0);
        const auto seen = must(casework::prompted_page(world.office(), one, child));
        CHECK(taken() == counted_of(seen).size());
        CHECK(taken() > 0);
    });
}

// domain.md 4.2: whoever the rules name to look at a prompt is also able to say why it may wait.
TEST_CASE("the owner of every prompt that a shipped procedure shows exists in every profile, and may put it aside") {
    for_each_office([](OpenOffice& world) {
        const std::string content = std::string(WAYMARK_SOURCE_DIR) + "/content";
        std::size_t prompts = 0;
        for (const auto& file : std::filesystem::directory_iterator(content + "/profiles")) {
            CAPTURE(file.path().filename().string());
            const auto profile = must(content::parse_profile(text_of(file.path().string()), "profile"));
            for (const auto& name : profile.procedures) {
                CAPTURE(name);
                const auto book = must(procedure::parse_rulebook(text_of(content + "/procedures/" + name + ".toml"),
                                                                 name, world.office().catalogue));
                for (const auto& rule : book.cues) {
                    CAPTURE(rule.id);
                    procedure::Cue cue;
                    cue.id = rule.id;
                    cue.owner = rule.owner.empty() ? std::string(procedure::cue_owner(rule.id)) : rule.owner;
                    cue.aside_until = *parse_date("2026-03-10");
                    ++prompts;
                    const auto owner = std::find_if(profile.practitioners.begin(), profile.practitioners.end(),
                                                    [&](const auto& one) { return one.role == cue.owner; });
                    REQUIRE(owner != profile.practitioners.end());
                    // The matrix is the same for every profile; asked for a person of this partnership.
                    const auto here = std::find_if(world.office().profile.practitioners.begin(),
                                                   world.office().profile.practitioners.end(),
                                                   [&](const auto& one) { return one.role == cue.owner; });
                    REQUIRE(here != world.office().profile.practitioners.end());
                    const auto asker = world.asker(here->key);
                    CHECK(world.office().gate->ask(asker, record::Action::read));
                    CHECK(casework::may_dismiss(world.office(), asker, cue));
                }
            }
        }
        CHECK(prompts > 30);
    });
}

TEST_CASE(
    "open cases in which the required agencies never met are listed with who is missing, and boards see how many") {
    for_each_office([](OpenOffice& world) {
        const auto case_id = decided_case(world);
        world.take(line("m", "2026-03-02T08:00:00Z", "strategy.held",
                        R"({"attended":["csc","police",{"agency":"health","attended":false}]})"));
        const auto& office = world.office();
        const auto seen = must(casework::never_all_met(office, world.asker("m.brennan", "triage"), 1, {}));
        CHECK(seen.never_met == 1);
        REQUIRE(seen.cases.size() == 1);
        CHECK(seen.cases[0].case_id == case_id);
        CHECK(seen.cases[0].name == "Ada Lindgren");
        CHECK(seen.cases[0].past_triage);
        CHECK(seen.cases[0].meetings == 1);
        CHECK(seen.cases[0].missing == std::vector<std::string>{"youth-justice", "health", "education"});
        for (const auto& one : office.profile.practitioners) {
            if (one.role != "board-chair" && one.role != "board-member" && one.role != "board-analyst") continue;
            const auto counted = must(casework::never_all_met(office, world.asker(one.key, "measures"), 1, {}));
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
