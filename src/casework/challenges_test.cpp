// A challenge from a receipt to its end, on the procedure's clocks; and what each side sees.
#include "casework/challenges.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/open_office.hpp"

using namespace waymark;
using testing::for_each_office;
using testing::must;
using testing::OpenOffice;

namespace {

struct Raised {
    EntryId concern;
    EntryId decision;
    EntryId challenge;
};
// A nursery's concern, closed by the front door, and challenged by the nursery.
Raised challenged_concern(OpenOffice& world) {
    casework::RaiseRequest made;
    made.key = "concern";
    made.about_what = "displayed-behaviour";
    made.setting = "school";
    made.noticed = "observed";
    made.summary = "Category 4 on the list.";
    record::Identity child;
    child.given_name = "Ada";
    child.family_name = "Lindgren";
    child.date_of_birth = *parse_date("2021-04-05");
    made.children.push_back({static_cast<record::Involvements>(record::Involvement::displayed), std::nullopt, child});
    Raised out;
    out.concern = must(casework::raise(world.office(), world.asker("f.begum"), made)).concern;
    out.decision = must(casework::triage(world.office(), world.asker("m.brennan", "triage"),
                                         {"t", out.concern, "no-further-action", "Low."}));
    out.challenge = must(casework::raise_challenge(world.office(), world.asker("f.begum"),
                                                   {"ch", out.concern, "threshold", "It has happened again."}));
    return out;
}
casework::Challenge story(OpenOffice& world, std::string_view who, EntryId challenge) {
    return must(casework::challenge_story(world.office(), world.asker(who), challenge));
}
std::vector<casework::ChallengeLine> waiting(OpenOffice& world, std::string_view who) {
    return must(casework::challenges_waiting(world.office(), world.asker(who), 20));
}

}  // namespace

TEST_CASE("who raised a concern challenges what was decided, and sees their challenge and nothing of the record") {
    for_each_office([](OpenOffice& world) {
        const auto raised = challenged_concern(world);
        const auto mine = story(world, "f.begum", raised.challenge);
        CHECK(mine.to == "Northbay Children’s Social Care");
        CHECK(mine.about_what == "A threshold decision");
        CHECK(mine.concern == raised.concern);
        CHECK(mine.stage == 1);
        CHECK(mine.stages == 4);
        REQUIRE(mine.due);
        CHECK(world.office().calendar->day_of(*mine.due) == *parse_date("2026-03-05"));  // three working days
        CHECK_FALSE(mine.may_answer);
        CHECK(mine.may_escalate);
        CHECK(mine.basis.find("ca-2004-16e") != std::string::npos);
        REQUIRE(mine.steps.size() == 1);
        // A colleague who did not raise it has no such challenge.
        CHECK(casework::challenge_story(world.office(), world.asker("e.vasquez"), raised.challenge).error().kind ==
              FaultKind::missing);
    });
}

TEST_CASE("the reply is on the list of who owes it: the manager of the agency that is challenged") {
    for_each_office([](OpenOffice& world) {
        const auto raised = challenged_concern(world);
        const auto manager = waiting(world, "s.iyer");
        REQUIRE(manager.size() == 1);
        CHECK(manager[0].challenge == raised.challenge);
        CHECK(manager[0].owed);
        CHECK_FALSE(manager[0].mine);
        CHECK(waiting(world, "t.okafor").empty());  // a social worker there owes nothing
        const auto raiser = waiting(world, "f.begum");
        REQUIRE(raiser.size() == 1);
        CHECK(raiser[0].mine);
        CHECK_FALSE(raiser[0].owed);
        CHECK(waiting(world, "j.mensah").empty());
    });
}

TEST_CASE("a challenge is answered, ended, and told to who raised it") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        const auto raised = challenged_concern(world);
        const auto manager = world.asker("s.iyer");
        REQUIRE(casework::answer_challenge(office, manager, {"r", raised.challenge, "agreed", "We look again."}));
        const auto seen = story(world, "f.begum", raised.challenge);
        REQUIRE(seen.steps.size() == 2);
        CHECK(seen.steps[1].title == "Challenge answered: Agreed");
        CHECK(seen.steps[1].text == "We look again.");
        CHECK_FALSE(seen.resolved);
        REQUIRE(
            casework::resolve_challenge(office, manager, {"e", raised.challenge, "changed", "An assessment starts."}));
        const auto end = story(world, "f.begum", raised.challenge);
        CHECK(end.resolved);
        CHECK_FALSE(end.due);
        CHECK_FALSE(end.may_escalate);
        CHECK(waiting(world, "s.iyer").empty());
        CHECK(waiting(world, "f.begum").empty());
        CHECK(casework::answer_challenge(office, manager, {"r2", raised.challenge, "agreed", "Again."}).error().kind ==
              FaultKind::conflict);
    });
}

TEST_CASE("what is not answered in time goes to the next stage by itself") {
    for_each_office([](OpenOffice& world) {
        const auto raised = challenged_concern(world);
        world.clock().set(*parse_instant("2026-03-06T09:00:00Z"));
        const auto later = story(world, "f.begum", raised.challenge);
        CHECK(later.stage == 2);
        CHECK(std::any_of(later.duties.begin(), later.duties.end(), [](const auto& duty) {
            return duty.id == "challenge-reply" && duty.state == procedure::DutyState::overdue;
        }));
    });
}

TEST_CASE("who is not content takes it to the next stage; the challenged agency cannot, and the raiser cannot answer") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        const auto raised = challenged_concern(world);
        const auto raiser = world.asker("f.begum");
        const auto manager = world.asker("s.iyer");
        CHECK(casework::escalate_challenge(office, manager, {"x", raised.challenge, {}, "Ours."}).error().kind ==
              FaultKind::forbidden);
        CHECK(casework::answer_challenge(office, raiser, {"y", raised.challenge, "agreed", "Me."}).error().kind ==
              FaultKind::forbidden);
        REQUIRE(casework::answer_challenge(office, manager, {"r", raised.challenge, "not-agreed", "It stands."}));
        // Of two entries of one moment none is the later.
        world.clock().set(world.clock().now() + std::chrono::minutes(1));
        const auto id = must(casework::escalate_challenge(office, raiser, {"z", raised.challenge, {}, "Look again."}));
        CHECK(must(casework::escalate_challenge(office, raiser, {"z", raised.challenge, {}, "Look again."})) == id);
        const auto now = story(world, "f.begum", raised.challenge);
        CHECK(now.stage == 2);
        CHECK(now.steps.size() == 3);
        CHECK(story(world, "s.iyer", id).challenge == raised.challenge);  // by a step of it too
    });
}

TEST_CASE("a decision not to share is challenged by who may see it, and the child's page lists the challenge") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        const auto raised = challenged_concern(world);
        const auto front = world.asker("m.brennan");
        const auto of = must(casework::challengeable(office, front, raised.decision));
        CHECK(of.to == "Northbay Children’s Social Care");
        REQUIRE(of.person);
        const auto page = must(casework::person_page(office, front, *of.person, std::nullopt));
        const auto all = casework::challenges_of(office, page);
        REQUIRE(all.size() == 1);
        CHECK(all[0].challenge == raised.challenge);
        CHECK(all[0].due);
        // Who may not see a decision cannot challenge it.
        CHECK(casework::raise_challenge(office, world.asker("e.vasquez"), {"q", raised.decision, "threshold", "No."})
                  .error()
                  .kind == FaultKind::missing);
    });
}
