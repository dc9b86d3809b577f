// Asked before a step: by whom, with what answer; held, gone ahead without waiting, and looked at by somebody else.
#include "casework/consulting.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "casework/challenges.hpp"
#include "support/two_agencies.hpp"

using namespace waymark;
using testing::for_each_office;
using testing::must;
using testing::OpenOffice;

namespace {

// Ada, nearly fourteen, in a case of social care.
ViewId child_to_consult_on(OpenOffice& world) {
    world.clock().set(*parse_instant("2026-03-02T09:00:00Z"));
    return testing::known(world, "csc", "1", testing::is_ada).records.front();
}
casework::ConsultRequest asking_about(ViewId child, const char* course, std::vector<std::string> agencies) {
    casework::ConsultRequest request;
    request.key = "ask-1";
    request.child = child;
    request.course = course;
    request.agencies = std::move(agencies);
    request.question = "Proposed by category. What do you think?";
    request.view = "Own view.";
    return request;
}
record::Asker front_of(OpenOffice& world) {
    return world.asker("m.brennan", "triage");
}
casework::ConsultationPage page_of(OpenOffice& world, EntryId consultation) {
    return must(casework::consultation_page(world.office(), front_of(world), consultation));
}
std::size_t tasks_of(OpenOffice& world, std::string_view who, casework::ConsultationTask::What what) {
    const auto all = must(casework::consultation_tasks(world.office(), world.asker(who), 50));
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const auto& one) { return one.what == what; }));
}
casework::GiveView view_of(EntryId request, const std::string& key, const char* position, const char* dissent = "") {
    casework::GiveView view;
    view.key = key;
    view.request = request;
    view.position = position;
    view.dissent = dissent;
    return view;
}
EntryId request_to(const casework::ConsultationPage& page, std::string_view agency) {
    for (const auto& one : page.of.agencies) {
        if (one.agency == agency) return one.request;
    }
    return {};
}
using What = casework::ConsultationTask::What;

// What comes in has its moment, by which it is put in order.
void tick(OpenOffice& world) {
    world.clock().set(world.clock().now() + std::chrono::minutes(1));
}

}  // namespace

TEST_CASE("for each course the procedure says who must be asked, and that protection never waits") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_consult_on(world);
        const auto all = must(casework::courses_to_consult(world.office(), front_of(world), child)).courses;
        const auto of = [&](const char* course) {
            return *std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.course == course; });
        };
        CHECK(of("return-home").types == std::vector<std::string>{"police", "education", "youth-justice"});
        CHECK(of("return-home").waits.size() == 3);
        CHECK_FALSE(of("return-home").protective);
        CHECK(of("section-47").protective);
        CHECK_FALSE(of("section-47").types.empty());
        const auto form = must(casework::to_consult(world.office(), front_of(world), child, "return-home"));
        CHECK(form.usual == *parse_date("2026-03-04"));  // two working days
        REQUIRE(form.agencies.size() > 3);
        CHECK(form.agencies[0].required);
        CHECK(std::none_of(form.agencies.begin(), form.agencies.end(),
                           [](const auto& one) { return one.agency == "csc"; }));
        CHECK(casework::to_consult(world.office(), front_of(world), child, "no-course").error().kind ==
              FaultKind::missing);
    });
}

TEST_CASE("the asked agency sees name, birth and question on My day and answers; the asker sees who has not") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_consult_on(world);
        const auto request = asking_about(child, "return-home", {"police", "education"});
        const auto id = must(casework::ask_for_views(world.office(), front_of(world), request));
        CHECK(must(casework::ask_for_views(world.office(), front_of(world), request)) == id);
        const auto page = page_of(world, id);
        REQUIRE(page.of.agencies.size() == 2);
        CHECK(page.of.waiting() == 2);
        CHECK(tasks_of(world, "m.brennan", What::not_answered) == 2);
        CHECK(tasks_of(world, "j.mensah", What::to_answer) == 1);
        CHECK(tasks_of(world, "y.chen", What::to_answer) == 0);
        const auto to_police = request_to(page, "police");
        const auto question = must(casework::view_to_give(world.office(), world.asker("j.mensah"), to_police));
        CHECK(question.child.given_name == "Ada");
        CHECK(question.question == request.question);
        CHECK_FALSE(question.basis.empty());
        CHECK(casework::view_to_give(world.office(), world.asker("y.chen"), to_police).error().kind ==
              FaultKind::missing);
        const auto unseen = casework::person_page(world.office(), world.asker("j.mensah"), child, std::nullopt);
        CHECK_FALSE(unseen);
        tick(world);
        must(casework::give_view(world.office(), world.asker("j.mensah"), view_of(to_police, "v-1", "agrees")));
        CHECK(tasks_of(world, "j.mensah", What::to_answer) == 0);
        CHECK(tasks_of(world, "m.brennan", What::not_answered) == 1);
        CHECK(page_of(world, id).of.waiting() == 1);
    });
}

TEST_CASE("a disagreement has a reason and is shown; a changed view is a further one, and a stale form is a conflict") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_consult_on(world);
        const auto id = must(
            casework::ask_for_views(world.office(), front_of(world), asking_about(child, "return-home", {"police"})));
        const auto police = world.asker("j.mensah");
        const auto empty = casework::give_view(world.office(), police, view_of(id, "v-1", "disagrees"));
        REQUIRE_FALSE(empty);
        CHECK(empty.error().place == "dissent");
        tick(world);
        const auto first =
            must(casework::give_view(world.office(), police, view_of(id, "v-1", "disagrees", "Too soon.")));
        auto page = page_of(world, id);
        CHECK(page.of.disagreeing() == 1);
        CHECK(page.of.agencies[0].dissent == "Too soon.");
        const auto stale =
            casework::give_view(world.office(), world.asker("h.lindqvist"), view_of(id, "v-2", "agrees"));
        REQUIRE_FALSE(stale);
        CHECK(stale.error().kind == FaultKind::conflict);
        auto changed = view_of(id, "v-2", "agrees");
        changed.seen = first;
        tick(world);
        must(casework::give_view(world.office(), world.asker("h.lindqvist"), changed));
        page = page_of(world, id);
        CHECK(page.of.disagreeing() == 0);
        CHECK(page.of.agencies[0].changed_times == 1);
        // Silence and disagreement are challenged where they are.
        CHECK(must(casework::challengeable(world.office(), front_of(world), id)).to == "Northbay Police");
    });
}

TEST_CASE("the course waits for every view, also one that disagrees, and is taken when all have come") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_consult_on(world);
        const auto id = must(casework::ask_for_views(
            world.office(), front_of(world), asking_about(child, "return-home", {"police", "education", "yjs"})));
        auto page = page_of(world, id);
        CHECK(page.held.size() == 3);
        const auto early = casework::take_course(world.office(), front_of(world), {"t-1", id, page.of.newest, {}});
        REQUIRE_FALSE(early);
        CHECK(early.error().kind == FaultKind::held);
        tick(world);
        must(casework::give_view(world.office(), world.asker("j.mensah"),
                                 view_of(request_to(page, "police"), "v-1", "disagrees", "Too soon.")));
        tick(world);
        must(casework::give_view(world.office(), world.asker("e.vasquez"),
                                 view_of(request_to(page, "education"), "v-2", "agrees")));
        const auto seen = page_of(world, id).of.newest;
        std::string justice;
        for (const auto& one : world.office().profile.practitioners) {
            if (one.agency == "yjs" && one.role == "youth-justice-worker") justice = one.key;
        }
        tick(world);
        must(casework::give_view(world.office(), world.asker(justice),
                                 view_of(request_to(page, "yjs"), "v-3", "no-view")));
        CHECK(page_of(world, id).held.empty());
        const auto stale = casework::take_course(world.office(), front_of(world), {"t-1", id, seen, {}});
        REQUIRE_FALSE(stale);
        CHECK(stale.error().kind == FaultKind::conflict);
        const casework::GoAhead whole{"t-1", id, page_of(world, id).of.newest, {}};
        tick(world);
        const auto taken = must(casework::take_course(world.office(), front_of(world), whole));
        CHECK(must(casework::take_course(world.office(), front_of(world), whole)) == taken);
        page = page_of(world, id);
        REQUIRE(page.of.taken != nullptr);
        CHECK(page.of.taken->entry.row.entry == taken);
        CHECK(must(casework::person_page(world.office(), front_of(world), child, std::nullopt))
                  .standings.front()
                  .breaches.empty());
    });
}

TEST_CASE("where the course waits for the own agency too, its view is given with the question") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_consult_on(world);
        auto request = asking_about(child, "charge", {"yjs"});
        request.view.clear();
        const auto empty = casework::ask_for_views(world.office(), front_of(world), request);
        REQUIRE_FALSE(empty);
        CHECK(empty.error().place == "view");
        request.view = "The own agency’s view.";
        tick(world);
        const auto id = must(casework::ask_for_views(world.office(), front_of(world), request));
        const auto page = page_of(world, id);
        CHECK(page.held.size() == 1);
        CHECK(page.of.waiting() == 1);
        const auto again = must(casework::ask_for_views(world.office(), front_of(world), request));
        CHECK(again == id);
    });
}

TEST_CASE("in an emergency it goes ahead with a reason, and somebody else looks at it") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_consult_on(world);
        const auto id = must(
            casework::ask_for_views(world.office(), front_of(world), asking_about(child, "return-home", {"police"})));
        const auto page = page_of(world, id);
        const auto nothing =
            casework::go_without_waiting(world.office(), front_of(world), {"o-1", id, page.of.newest, " "});
        REQUIRE_FALSE(nothing);
        CHECK(nothing.error().place == "reason");
        tick(world);
        const auto gone = must(casework::go_without_waiting(world.office(), front_of(world),
                                                            {"o-1", id, page.of.newest, "It cannot wait."}));
        CHECK(page_of(world, id).held.empty());
        CHECK(tasks_of(world, "s.iyer", What::to_review) == 1);
        CHECK(tasks_of(world, "m.brennan", What::to_review) == 0);
        const auto own = casework::review_going_ahead(world.office(), front_of(world), {"r-0", gone, true, "Mine."});
        REQUIRE_FALSE(own);
        CHECK(own.error().kind == FaultKind::forbidden);
        tick(world);
        must(casework::review_going_ahead(world.office(), world.asker("s.iyer"), {"r-1", gone, false, "It could."}));
        CHECK(tasks_of(world, "s.iyer", What::to_review) == 0);
        const auto after = page_of(world, id);
        REQUIRE(after.of.overrides.size() == 1);
        CHECK(after.of.overrides[0].upheld == false);
        CHECK(after.of.overrides[0].review == "It could.");
        // The views are owed all the same.
        CHECK(tasks_of(world, "j.mensah", What::to_answer) == 1);
        const auto again =
            casework::review_going_ahead(world.office(), world.asker("s.iyer"), {"r-2", gone, true, "No."});
        REQUIRE_FALSE(again);
        CHECK(again.error().kind == FaultKind::conflict);
    });
}

TEST_CASE("a manager does not review their own going ahead, and where a record is closed nothing is told of it") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_consult_on(world);
        const auto manager = world.asker("s.iyer");
        const auto id =
            must(casework::ask_for_views(world.office(), manager, asking_about(child, "return-home", {"police"})));
        const auto page = must(casework::consultation_page(world.office(), manager, id));
        tick(world);
        const auto gone =
            must(casework::go_without_waiting(world.office(), manager, {"o-1", id, page.of.newest, "Now."}));
        CHECK(tasks_of(world, "s.iyer", What::to_review) == 0);
        CHECK(casework::review_going_ahead(world.office(), manager, {"r-1", gone, true, "Mine."}).error().kind ==
              FaultKind::forbidden);
        const auto none = EntryId{make_uuid4(world.random())};
        const auto hidden = casework::consultation_page(world.office(), world.asker("j.mensah"), id);
        const auto absent = casework::consultation_page(world.office(), world.asker("j.mensah"), none);
        REQUIRE_FALSE(hidden);
        REQUIRE_FALSE(absent);
        CHECK(hidden.error().reason == absent.error().reason);
    });
}
