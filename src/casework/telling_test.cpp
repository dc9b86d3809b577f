// Telling on a basis, and not telling with a reason and a day on which it is looked at again.
#include "casework/telling.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/open_office.hpp"

using namespace waymark;
using namespace std::chrono_literals;
using testing::for_each_office;
using testing::must;
using testing::OpenOffice;

namespace {

constexpr auto child_in_case =
    R"({"kind":"concern.raised","at":"2026-03-02","agency":"education","author":"e.vasquez","id":"c-1",
        "subjects":[{"involvement":"displayed","identity":{"source":"school","id":"7","given_name":"Ada",
        "family_name":"Lindgren","date_of_birth":"2012-04-05"}}],
        "body":{"about_what":"displayed-behaviour","setting":"school","noticed":"observed","summary":"Category 4."}})";

ViewId child_of(OpenOffice& world) {
    return world.take(child_in_case).records.front();
}
casework::NotShareRequest not_to_share(ViewId child, const std::string& key, const char* review) {
    casework::NotShareRequest request;
    request.key = key;
    request.child = child;
    request.asked_by = "voluntary";
    request.asked_for = "The whole assessment.";
    request.reason_code = "not-necessary";
    request.reason = "Category only: the plan says what they need.";
    if (review != nullptr) request.review_by = *parse_date(review);
    return request;
}
casework::Told told(OpenOffice& world, const record::Asker& who, ViewId child) {
    return casework::told_of(world.office(), must(casework::person_page(world.office(), who, child, std::nullopt)));
}
std::string basis_of(OpenOffice& world, EntryId id) {
    return world.read([&](store::Snapshot& s) {
        const auto kept = s.entries(world.office().partnership, std::vector{id}, store::Want::whole).front();
        return world.office().journal->open(*kept)->basis;
    });
}

}  // namespace

TEST_CASE("a decision not to share keeps what was asked, by whom, why not and until when") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_of(world);
        const auto manager = world.asker("s.iyer");
        const auto id =
            must(casework::decide_not_to_share(world.office(), manager, not_to_share(child, "form-1", "2026-03-16")));
        CHECK(must(casework::decide_not_to_share(world.office(), manager,
                                                 not_to_share(child, "form-1", "2026-03-16"))) == id);
        const auto all = told(world, manager, child).withheld;
        REQUIRE(all.size() == 1);
        CHECK(all[0].asked_by == "Open Door Children’s Project");
        CHECK(all[0].asked_for == "The whole assessment.");
        CHECK(all[0].reason_words == "It is not needed for the purpose that was given");
        CHECK(all[0].by == "Sunita Iyer");
        CHECK(all[0].review_by == *parse_date("2026-03-16"));
        CHECK_FALSE(all[0].overdue);
    });
}

TEST_CASE("a decision not to share without a day to come, a reason or an asker is refused at its field") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_of(world);
        const auto manager = world.asker("s.iyer");
        const auto place = [&](casework::NotShareRequest request) {
            const auto answer = casework::decide_not_to_share(world.office(), manager, request);
            return answer ? std::string("taken") : answer.error().place;
        };
        CHECK(place(not_to_share(child, "a", nullptr)) == "review_by");
        CHECK(place(not_to_share(child, "b", "2026-03-01")) == "review_by");
        auto request = not_to_share(child, "c", "2026-03-16");
        request.reason = "  ";
        CHECK(place(request) == "reason");
        request = not_to_share(child, "d", "2026-03-16");
        request.asked_by.clear();
        CHECK(place(request) == "asked_by");
        request = not_to_share(child, "e", "2026-03-16");
        request.reason_code.clear();
        CHECK(place(request) == "reason_code");
    });
}

TEST_CASE("a decision not to share is chased from its day until it is reviewed, and again from the next") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        const auto child = child_of(world);
        const auto manager = world.asker("s.iyer");
        const auto id = must(casework::decide_not_to_share(office, manager, not_to_share(child, "f", "2026-03-16")));
        REQUIRE(must(casework::reviews_waiting(office, manager, 10)).size() == 1);
        CHECK_FALSE(must(casework::reviews_waiting(office, manager, 10))[0].overdue);

        world.clock().set(*parse_instant("2026-03-17T09:00:00Z"));
        const auto waiting = must(casework::reviews_waiting(office, manager, 10));
        REQUIRE(waiting.size() == 1);
        CHECK(waiting[0].overdue);
        CHECK(waiting[0].name == "Ada Lindgren");
        CHECK(told(world, manager, child).withheld[0].overdue);
        const auto page = must(casework::person_page(office, manager, child, std::nullopt));
        const auto& duties = page.standings.front().duties;
        const auto duty =
            std::find_if(duties.begin(), duties.end(), [](const auto& one) { return one.id == "not-shared-review"; });
        REQUIRE(duty != duties.end());
        CHECK(duty->state == procedure::DutyState::overdue);

        // Another agency's list does not have it.
        CHECK(must(casework::reviews_waiting(office, world.asker("j.mensah"), 10)).empty());

        casework::ReviewRequest keep{"g", id, "keep", "Still not needed.", parse_date("2026-04-16").value()};
        const auto kept = must(casework::review_not_shared(office, manager, keep));
        const auto again = must(casework::reviews_waiting(office, manager, 10));
        REQUIRE(again.size() == 1);
        CHECK(again[0].decision == kept);
        CHECK_FALSE(again[0].overdue);

        world.clock().set(*parse_instant("2026-04-20T09:00:00Z"));
        CHECK(must(casework::reviews_waiting(office, manager, 10))[0].overdue);
        REQUIRE(casework::review_not_shared(office, manager, {"h", id, "share", "Needed for the plan now.", {}}));
        CHECK(must(casework::reviews_waiting(office, manager, 10)).empty());
        const auto end = told(world, manager, child).withheld;
        REQUIRE(end.size() == 1);
        CHECK(end[0].ended);
        CHECK(end[0].reviews.size() == 2);
        CHECK(casework::review_not_shared(office, manager, {"i", id, "share", "Twice.", {}}).error().kind ==
              FaultKind::conflict);
    });
}

TEST_CASE("to keep a decision not to share needs a new day") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_of(world);
        const auto manager = world.asker("s.iyer");
        const auto id =
            must(casework::decide_not_to_share(world.office(), manager, not_to_share(child, "f", "2026-03-16")));
        CHECK(casework::review_not_shared(world.office(), manager, {"g", id, "keep", "Still.", {}}).error().place ==
              "review_by");
        CHECK(casework::review_not_shared(world.office(), manager, {"g", id, "perhaps", "Still.", {}}).error().place ==
              "outcome");
    });
}

TEST_CASE("sharing is kept with the basis of both sides and the gateway") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_of(world);
        const auto manager = world.asker("s.iyer");
        casework::ShareRequest request{"s", child, "health", "assessment", "plan", "The two actions for health.", "yes",
                                       {},  "ask", {}};
        const auto id = must(casework::record_sharing(world.office(), manager, request));
        CHECK(basis_of(world, id) == "public-task.sch1-18_public-task.sch1-18_ca-1989-17_2026-1");
        const auto released = told(world, manager, child).released;
        REQUIRE(released.size() == 1);
        CHECK(released[0].to == "Northbay Health Trust");
        CHECK(released[0].informed == "Yes");

        request.key = "t";
        request.informed = "not-safe";
        CHECK(casework::record_sharing(world.office(), manager, request).error().place == "not_informed");
        request.to = "csc";
        request.informed = "yes";
        CHECK(casework::record_sharing(world.office(), manager, request).error().place == "to");
        // What no table defines is refused, with help.
        request.to = "health";
        request.purpose = "measures";
        const auto refused = casework::record_sharing(world.office(), manager, request);
        CHECK(refused.error().place == "basis");
        CHECK(refused.error().mend.find("information governance") != std::string::npos);
    });
}

TEST_CASE("what the raiser is told is kept with its basis") {
    for_each_office([](OpenOffice& world) {
        const auto concern = world.take(child_in_case).entries.front();
        const auto front = world.asker("m.brennan", "triage");
        REQUIRE(casework::triage(world.office(), front, {"k", concern, "assessment", "Look."}));
        const auto told_id =
            must(casework::give_feedback(world.office(), front, {"l", concern, "assessment", "We look into it."}));
        CHECK(basis_of(world, told_id) == "public-task.sch1-18_public-task.sch1-18_ca-2004-10_2026-1");
    });
}

TEST_CASE("nobody decides about telling of a child whom they may not know") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_of(world);
        const auto nursery = world.asker("f.begum");
        const auto answer =
            casework::decide_not_to_share(world.office(), nursery, not_to_share(child, "n", "2026-03-16"));
        REQUIRE_FALSE(answer);
        CHECK(answer.error().kind == FaultKind::missing);
        CHECK(told(world, world.asker("s.iyer"), child).withheld.empty());
    });
}

TEST_CASE("a look at what other agencies wrote leaves in its audit line on what basis it rests") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_of(world);
        const auto page = must(casework::person_page(world.office(), world.asker("s.iyer"), child, std::nullopt));
        CHECK(page.basis == "public-task.sch1-18_public-task.sch1-18_ca-2004-10_2026-1");
        const auto lines = world.audit_of(page.person);
        REQUIRE_FALSE(lines.empty());
        CHECK(lines.front().basis == page.basis);
        // One's own needs none; the operator is no agency.
        CHECK(must(casework::reading_basis(world.office(), world.asker("e.vasquez"), page.lines)).empty());
        CHECK(must(casework::reading_basis(world.office(), world.operator_(), page.lines)).empty());
        // What nobody has defined is not read.
        const auto refused =
            casework::reading_basis(world.office(), world.asker("o.campbell", "criminal-justice"), page.lines);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == FaultKind::forbidden);
        CHECK(refused.error().place == "basis");
    });
}
