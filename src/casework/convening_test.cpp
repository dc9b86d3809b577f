// A meeting from the call to the receipt of its minutes, and what each who is asked learns of the child.
#include "casework/convening.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "casework/adding.hpp"
#include "support/open_office.hpp"

using namespace waymark;
using namespace std::chrono_literals;
using testing::for_each_office;
using testing::must;
using testing::OpenOffice;

namespace {

constexpr auto concern_to_meet_about =
    R"({"kind":"concern.raised","at":"2026-03-02","agency":"education","author":"e.vasquez","id":"c-1",
        "subjects":[{"involvement":"displayed","identity":{"source":"school","id":"7","given_name":"Ada",
        "family_name":"Lindgren","date_of_birth":"2012-04-05"}}],
        "body":{"about_what":"displayed-behaviour","setting":"school","noticed":"observed","summary":"Category 4."}})";

ViewId child_to_meet_about(OpenOffice& world) {
    return world.take(concern_to_meet_about).records.front();
}
casework::CallRequest calling(ViewId child, std::vector<std::string> people, const char* type = "hsb") {
    casework::CallRequest request;
    request.key = "call-1";
    request.child = child;
    request.type = type;
    request.on = *parse_date("2026-03-09");
    request.starts = "14:30";
    request.place = "Room 2";
    request.people = std::move(people);
    request.without = "Category only.";
    return request;
}
casework::MeetingPage meeting(OpenOffice& world, EntryId id) {
    return must(casework::meeting_page(world.office(), world.asker("m.brennan"), id));
}
std::vector<casework::MeetingTask> tasks(OpenOffice& world, std::string_view who) {
    world.clock().advance(1min);
    return must(casework::meeting_tasks(world.office(), world.asker(who), 20));
}
std::string refused_at(const Result<EntryId>& answer) {
    return answer ? std::string("taken") : answer.error().place;
}
casework::HoldRequest holding(OpenOffice& world, EntryId meeting, json::array attended, const char* key = "held-1") {
    casework::HoldRequest request;
    request.key = key;
    request.meeting = meeting;
    world.clock().advance(1min);
    request.at = {world.clock().now(), false};
    request.body = {{"attended", std::move(attended)}};
    return request;
}
EntryId added(OpenOffice& world, ViewId child, const char* kind, EntryId about, json::object body) {
    casework::AddRequest request;
    request.key = std::string(kind) + to_string(about);
    request.person = child;
    request.kind = kind;
    request.about = about;
    request.body = std::move(body);
    return must(casework::add_entry(world.office(), world.asker("m.brennan"), request));
}

}  // namespace

TEST_CASE("who must be at a meeting is offered first, and why is the procedure's to say") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_meet_about(world);
        const auto to_call =
            must(casework::meeting_to_call(world.office(), world.asker("m.brennan"), child, "strategy"));
        CHECK(to_call.counting.required.size() == 5);
        CHECK(to_call.counting.quorum.at_least == 3);
        CHECK_FALSE(to_call.counting.quorate);
        REQUIRE(!to_call.agencies.empty());
        CHECK(to_call.agencies.front().required);
        CHECK_FALSE(to_call.agencies.back().required);
        const auto school = std::find_if(to_call.agencies.begin(), to_call.agencies.end(),
                                         [](const auto& one) { return one.agency == "education"; });
        REQUIRE(school != to_call.agencies.end());
        CHECK(school->people.front().practitioner == "e.vasquez");
        CHECK(school->people.front().works_with);
    });
}

TEST_CASE("a call needs a day to come, a place and people; a required agency is left out with a reason only") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_meet_about(world);
        const auto front_door = world.asker("m.brennan");
        const auto at = [&](auto change) {
            auto request = calling(child, {"j.mensah", "y.chen"});
            change(request);
            return refused_at(casework::call_meeting(world.office(), front_door, request));
        };
        CHECK(at([](auto& r) { r.on.reset(); }) == "on");
        CHECK(at([](auto& r) { r.on = *parse_date("2026-03-01"); }) == "on");
        CHECK(at([](auto& r) { r.place.clear(); }) == "place");
        CHECK(at([](auto& r) { r.people.clear(); }) == "people");
        CHECK(at([](auto& r) { r.people = {"nobody"}; }) == "people");
        CHECK(at([](auto& r) { r.without.clear(); }) == "without");
        CHECK(at([](auto&) {}) == "taken");
    });
}

TEST_CASE("an invitation reaches the person by name, tells the name alone, and is answered once for each form") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_meet_about(world);
        const auto called = must(
            casework::call_meeting(world.office(), world.asker("m.brennan"), calling(child, {"j.mensah", "y.chen"})));
        CHECK(must(casework::call_meeting(world.office(), world.asker("m.brennan"),
                                          calling(child, {"j.mensah", "y.chen"}))) == called);
        CHECK(meeting(world, called).story.invited.size() == 2);
        REQUIRE(tasks(world, "y.chen").size() == 1);
        CHECK(tasks(world, "r.macleod").empty());
        const auto id = tasks(world, "y.chen").front().entry;
        CHECK_FALSE(casework::invitation_for(world.office(), world.asker("r.macleod"), id).has_value());
        const auto invitation = must(casework::invitation_for(world.office(), world.asker("y.chen"), id));
        CHECK(invitation.child.family_name == "Lindgren");
        CHECK(invitation.story.place == "Room 2");
        CHECK(invitation.story.label == "Meeting about harmful sexual behaviour");
        const casework::AnswerInvitation answer{"a-1", id, "coming", {}, {}};
        const auto first = must(casework::answer_invitation(world.office(), world.asker("y.chen"), answer));
        CHECK(must(casework::answer_invitation(world.office(), world.asker("y.chen"), answer)) == first);
        CHECK(tasks(world, "y.chen").empty());
        must(casework::contribute_to_meeting(world.office(), world.asker("y.chen"), {"w-1", id, "By category."}));
        const auto story = meeting(world, called).story;
        const auto of = [&](const char* who) {
            return *std::find_if(story.invited.begin(), story.invited.end(),
                                 [&](const auto& one) { return one.practitioner == who; });
        };
        CHECK(of("y.chen").outcome == "coming");
        CHECK(of("j.mensah").outcome.empty());
        REQUIRE(story.contributions.size() == 1);
        CHECK(story.contributions.front().text == "By category.");
    });
}

TEST_CASE("who sends somebody else hands the invitation on to them") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_meet_about(world);
        must(casework::call_meeting(world.office(), world.asker("m.brennan"), calling(child, {"j.mensah", "y.chen"})));
        const auto id = tasks(world, "y.chen").front().entry;
        CHECK(refused_at(casework::answer_invitation(world.office(), world.asker("y.chen"),
                                                     {"a-1", id, "apologies", {}, {}})) == "instead");
        CHECK(refused_at(casework::answer_invitation(world.office(), world.asker("y.chen"),
                                                     {"a-1", id, "apologies", "j.mensah", {}})) == "instead");
        must(casework::answer_invitation(world.office(), world.asker("y.chen"),
                                         {"a-1", id, "apologies", "r.macleod", {}}));
        REQUIRE(tasks(world, "r.macleod").size() == 1);
        const auto handed = tasks(world, "r.macleod").front().entry;
        world.clock().advance(1min);
        must(casework::answer_invitation(world.office(), world.asker("r.macleod"), {"a-2", handed, "coming", {}, {}}));
        CHECK(tasks(world, "r.macleod").empty());
    });
}

TEST_CASE("a meeting that moves is called anew and asks everybody again; a stale change is a conflict") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_meet_about(world);
        const auto called = must(
            casework::call_meeting(world.office(), world.asker("m.brennan"), calling(child, {"j.mensah", "y.chen"})));
        const auto id = tasks(world, "y.chen").front().entry;
        must(casework::answer_invitation(world.office(), world.asker("y.chen"), {"a-1", id, "coming", {}, {}}));
        world.clock().advance(1h);
        auto change = calling(child, {"j.mensah", "y.chen"});
        change.key = "change-1";
        change.meeting = called;
        change.seen = called;
        change.on = *parse_date("2026-03-12");
        CHECK(refused_at(casework::call_meeting(world.office(), world.asker("m.brennan"), change)) == "changes");
        change.changes = "The room is taken.";
        CHECK(must(casework::call_meeting(world.office(), world.asker("m.brennan"), change)) == called);
        CHECK(must(casework::call_meeting(world.office(), world.asker("m.brennan"), change)) == called);
        const auto story = meeting(world, called).story;
        CHECK(story.calls.size() == 2);
        CHECK(story.on == *parse_date("2026-03-12"));
        CHECK(story.invited.size() == 2);
        CHECK(story.invited[0].outcome.empty());
        CHECK(tasks(world, "y.chen").size() == 1);
        change.key = "change-2";
        const auto stale = casework::call_meeting(world.office(), world.asker("m.brennan"), change);
        REQUIRE_FALSE(stale.has_value());
        CHECK(stale.error().kind == FaultKind::conflict);
        CHECK(stale.error().place == "seen");
    });
}

TEST_CASE("a cancelled meeting waits for nobody, and is not recorded") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_meet_about(world);
        const auto called = must(
            casework::call_meeting(world.office(), world.asker("m.brennan"), calling(child, {"j.mensah", "y.chen"})));
        CHECK(refused_at(casework::cancel_meeting(world.office(), world.asker("m.brennan"), {"x-1", called, " "})) ==
              "reason");
        world.clock().advance(1min);
        must(casework::cancel_meeting(world.office(), world.asker("m.brennan"), {"x-1", called, "Not needed."}));
        CHECK(tasks(world, "y.chen").empty());
        CHECK(refused_at(casework::hold_meeting(world.office(), world.asker("m.brennan"),
                                                holding(world, called, {"csc"}))) == "seen");
        CHECK(meeting(world, called).story.cancelled != nullptr);
    });
}

TEST_CASE("below its quorum a meeting goes on knowingly and with a reason, and says who is missing") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_meet_about(world);
        const auto called = must(
            casework::call_meeting(world.office(), world.asker("m.brennan"), calling(child, {"j.mensah", "y.chen"})));
        const auto held =
            casework::hold_meeting(world.office(), world.asker("m.brennan"), holding(world, called, {"csc", "health"}));
        REQUIRE_FALSE(held.has_value());
        CHECK(held.error().kind == FaultKind::held);
        CHECK(held.error().reason.find("Police") != std::string::npos);
        auto knowingly = holding(world, called, {"csc", "health"});
        knowingly.goes_on = true;
        CHECK(refused_at(casework::hold_meeting(world.office(), world.asker("m.brennan"), knowingly)) ==
              "below_quorum");
        knowingly.body["below_quorum"] = "A child must be protected today.";
        const auto first = must(casework::hold_meeting(world.office(), world.asker("m.brennan"), knowingly));
        CHECK(must(casework::hold_meeting(world.office(), world.asker("m.brennan"), knowingly)) == first);
        const auto page = meeting(world, called);
        CHECK_FALSE(page.counting.quorate);
        CHECK(page.counting.lacking == std::vector<std::string>{"police"});
        CHECK(page.counting.came == 2);
        // Recorded by two people: the second sees both.
        auto second = holding(world, called, {"csc", "police", "health"}, "held-2");
        CHECK(refused_at(casework::hold_meeting(world.office(), world.asker("m.brennan"), second)) == "seen");
        second.seen = first;
        must(casework::hold_meeting(world.office(), world.asker("m.brennan"), second));
        CHECK(meeting(world, called).counting.quorate);
    });
}

TEST_CASE("what is minuted stands one by one, goes to people by name, and comes back read and done") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_meet_about(world);
        const auto called = must(
            casework::call_meeting(world.office(), world.asker("m.brennan"), calling(child, {"j.mensah", "y.chen"})));
        const auto held = must(casework::hold_meeting(world.office(), world.asker("m.brennan"),
                                                      holding(world, called, {"csc", "police", "health"})));
        world.clock().advance(1min);
        const auto decision = added(world, child, "meeting.decided", held, {{"text", "By category: a plan."}});
        added(world, child, "dissent.recorded", decision, {{"practitioner", "j.mensah"}, {"text", "Too late."}});
        added(world, child, "action.agreed", held,
              {{"text", "Offer an appointment."},
               {"owner", "health"},
               {"practitioner", "y.chen"},
               {"due", "2026-03-16"}});
        const casework::SendRequest send{"m-1", called, {"y.chen", "j.mensah"}};
        CHECK(must(casework::send_minutes(world.office(), world.asker("m.brennan"), send)).size() == 2);
        CHECK(must(casework::send_minutes(world.office(), world.asker("m.brennan"), send)).size() == 2);
        CHECK_FALSE(
            casework::send_minutes(world.office(), world.asker("m.brennan"), {"m-2", called, {"f.begum"}}).has_value());

        auto mine = tasks(world, "y.chen");
        REQUIRE(mine.size() == 2);
        CHECK(mine[0].what == casework::MeetingTask::What::action);
        CHECK(mine[1].what == casework::MeetingTask::What::minutes);
        CHECK_FALSE(casework::minutes_for(world.office(), world.asker("r.macleod"), mine[1].entry).has_value());
        const auto minutes = must(casework::minutes_for(world.office(), world.asker("y.chen"), mine[1].entry));
        REQUIRE(minutes->story.decisions.size() == 1);
        CHECK(minutes->story.decisions[0].text == "By category: a plan.");
        REQUIRE(minutes->story.decisions[0].dissents.size() == 1);
        CHECK(minutes->story.decisions[0].dissents[0].who == "Joshua Mensah");
        must(casework::note_minutes_read(world.office(), world.asker("y.chen"), mine[1].entry, "r-1", ""));

        const casework::AnswerAction later{"n-1", mine[0].entry, "later", *parse_date("2026-03-20"), {}};
        must(casework::answer_action(world.office(), world.asker("y.chen"), later));
        mine = tasks(world, "y.chen");
        REQUIRE(mine.size() == 1);
        world.clock().advance(1min);
        must(casework::answer_action(world.office(), world.asker("y.chen"),
                                     {"n-2", mine[0].entry, "done", {}, "Offered."}));
        CHECK(refused_at(casework::answer_action(world.office(), world.asker("y.chen"),
                                                 {"n-3", mine[0].entry, "done", {}, {}})) == "outcome");
        CHECK(tasks(world, "y.chen").empty());
        const auto story = meeting(world, called).story;
        REQUIRE(story.actions.size() == 1);
        CHECK(story.actions[0].outcome == "done");
        const auto read =
            std::count_if(story.sent.begin(), story.sent.end(), [](const auto& one) { return one.read.has_value(); });
        CHECK(story.sent.size() == 2);
        CHECK(read == 1);
    });
}

TEST_CASE("a restricted record is met about by those who are named only") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_meet_about(world);
        const auto called = must(
            casework::call_meeting(world.office(), world.asker("m.brennan"), calling(child, {"j.mensah", "y.chen"})));
        const auto id = tasks(world, "y.chen").front().entry;
        world.take(R"({"kind":"restriction.set","at":"2026-03-02","agency":"csc","author":"s.iyer","id":"r-1",
            "subjects":[{"involvement":"subject","person":")" +
                   to_string(child) + R"("}],
            "body":{"level":"hidden","persons":["m.brennan","j.mensah"],"reason":"Staff."}})");
        CHECK(tasks(world, "y.chen").empty());
        CHECK(tasks(world, "j.mensah").size() == 1);
        CHECK_FALSE(casework::invitation_for(world.office(), world.asker("y.chen"), id).has_value());
        const auto to_call = must(casework::meeting_to_call(world.office(), world.asker("m.brennan"), child, "hsb"));
        CHECK(to_call.named_only);
        for (const auto& agency : to_call.agencies)
            for (const auto& one : agency.people)
                CHECK((one.practitioner == "m.brennan" || one.practitioner == "j.mensah"));
        CHECK(meeting(world, called).story.calls.size() == 1);
    });
}
