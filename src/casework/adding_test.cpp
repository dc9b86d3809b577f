// Any kind of entry, added to a child's record by its kind alone.
#include "casework/adding.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "casework/entry_page.hpp"
#include "support/two_agencies.hpp"

using namespace waymark;
using namespace std::chrono_literals;
using testing::for_each_office;
using testing::must;
using testing::OpenOffice;

namespace {

// Ada is known to social care, whose worker has written in her open case.
struct Record {
    ViewId ada;
    EntryId concern;
};
Record begun(OpenOffice& world) {
    world.clock().set(*parse_instant("2026-03-02T09:00:00Z"));
    const auto taken = testing::known(world, "csc", "1", testing::is_ada);
    world.take(R"({"kind":"visit.made","at":"2026-02-10","agency":"csc","author":"a.rahman","id":"v-1","body":{},)"
               R"("subjects":[{"involvement":"displayed","identity":{"source":"mis","id":"1"}}]})");
    return {taken.records.front(), taken.entries.front()};
}

casework::AddRequest visit_of(const Record& record, const std::string& key) {
    casework::AddRequest request;
    request.key = key;
    request.person = record.ada;
    request.kind = "visit.made";
    request.body = {{"seen", true}, {"seen_alone", false}};
    return request;
}

bool offers(const casework::Adding& adding, std::string_view kind) {
    return std::any_of(adding.kinds.begin(), adding.kinds.end(), [&](const auto* one) { return one->key == kind; });
}

}  // namespace

TEST_CASE("a worker adds an entry to a child's open case, and the same form sent twice is one entry") {
    for_each_office([](OpenOffice& world) {
        const auto record = begun(world);
        const auto& office = world.office();
        const auto worker = world.asker("a.rahman");
        const auto first = must(casework::add_entry(office, worker, visit_of(record, "form-1")));
        CHECK(must(casework::add_entry(office, worker, visit_of(record, "form-1"))) == first);
        const auto page = must(casework::entry_page(office, worker, first));
        const auto& entry = page.child.lines[page.line].entry;
        const auto& concern = page.child.lines.front().entry;
        CHECK(entry.row.case_id == concern.row.case_id);
        CHECK(entry.row.author == "a.rahman");
        CHECK(entry.involvement == concern.involvement);
        auto other = visit_of(record, "form-1");
        other.body["seen_alone"] = true;
        CHECK(casework::add_entry(office, worker, other).error().kind == FaultKind::conflict);
    });
}

TEST_CASE("who may not add a kind, or may not know of the child, adds nothing") {
    for_each_office([](OpenOffice& world) {
        const auto record = begun(world);
        const auto& office = world.office();
        CHECK(casework::add_entry(office, world.asker("f.begum"), visit_of(record, "form-1")).error().kind ==
              FaultKind::forbidden);
        world.take(R"({"kind":"restriction.set","at":"2026-02-11","agency":"csc","author":"s.okafor","id":"r-1",)"
                   R"("body":{"level":"hidden","persons":["m.brennan"],"reason":"Category 2."},)"
                   R"("subjects":[{"involvement":"displayed","identity":{"source":"mis","id":"1"}}]})");
        const auto hidden = casework::add_entry(office, world.asker("a.rahman"), visit_of(record, "form-2"));
        REQUIRE_FALSE(hidden);
        CHECK(hidden.error().kind == FaultKind::missing);
        auto nobody = visit_of(record, "form-3");
        nobody.person = ViewId{make_uuid4(world.random())};
        const auto unknown = casework::add_entry(office, world.asker("a.rahman"), nobody);
        REQUIRE_FALSE(unknown);
        CHECK(unknown.error().reason == hidden.error().reason);
    });
}

TEST_CASE("what has pages of its own is neither offered nor taken by the plain form") {
    for_each_office([](OpenOffice& world) {
        const auto record = begun(world);
        const auto adding = must(casework::adding_page(world.office(), world.asker("m.brennan", "triage"), record.ada));
        CHECK_FALSE(offers(adding, "triage.decided"));
        CHECK_FALSE(offers(adding, "restriction.set"));
        CHECK(offers(must(casework::adding_page(world.office(), world.asker("a.rahman"), record.ada)), "visit.made"));
        auto request = visit_of(record, "form-1");
        request.kind = "triage.decided";
        request.body = {{"outcome", "advice"}, {"rationale", "Because."}};
        CHECK(casework::add_entry(world.office(), world.asker("m.brennan", "triage"), request).error().kind ==
              FaultKind::missing);
    });
}

TEST_CASE("a correction keeps the first version, and a second correction of the same version is a conflict") {
    for_each_office([](OpenOffice& world) {
        const auto record = begun(world);
        const auto& office = world.office();
        const auto worker = world.asker("a.rahman");
        const auto first = must(casework::add_entry(office, worker, visit_of(record, "form-1")));
        auto correction = visit_of(record, "form-2");
        correction.supersedes = first;
        correction.body["seen_alone"] = true;
        const auto second = must(casework::add_entry(office, worker, correction));
        const auto page = must(casework::entry_page(office, worker, first));
        REQUIRE(page.versions.size() == 2);
        CHECK(page.child.lines[page.versions.back()].entry.row.entry == second);
        CHECK_FALSE(page.may_correct);
        CHECK(must(casework::entry_page(office, worker, second)).may_correct);
        auto late = visit_of(record, "form-3");
        late.supersedes = first;
        const auto conflict = casework::add_entry(office, worker, late);
        REQUIRE_FALSE(conflict);
        CHECK(conflict.error().kind == FaultKind::conflict);
        CHECK(conflict.error().place == "supersedes");
    });
}

TEST_CASE("nobody corrects what another agency wrote, or an entry by one of another kind") {
    for_each_office([](OpenOffice& world) {
        const auto record = begun(world);
        const auto& office = world.office();
        const auto worker = world.asker("a.rahman");
        auto request = visit_of(record, "form-1");
        request.kind = "views.recorded";
        request.body = {{"whose", "child"}};
        request.supersedes = must(casework::add_entry(office, worker, visit_of(record, "form-2")));
        CHECK(casework::add_entry(office, worker, request).error().place == "supersedes");
    });
}

TEST_CASE("an entry is about another of the same child and of a kind that it may be about") {
    for_each_office([](OpenOffice& world) {
        const auto record = begun(world);
        const auto& office = world.office();
        const auto worker = world.asker("a.rahman");
        casework::AddRequest plan;
        plan.key = "form-1";
        plan.person = record.ada;
        plan.kind = "plan.agreed";
        plan.body = {{"type", "safety"},
                     {"actions", json::array{json::object{{"id", "a1"}, {"text", "Visit"}, {"owner", "csc"}}}}};
        const auto agreed = must(casework::add_entry(office, worker, plan));
        casework::AddRequest review;
        review.key = "form-2";
        review.person = record.ada;
        review.kind = "plan.reviewed";
        review.body = {{"type", "safety"}, {"outcome", "continues"}};
        review.about = agreed;
        const auto reviewed = must(casework::add_entry(office, worker, review));
        const auto page = must(casework::entry_page(office, worker, agreed));
        REQUIRE(page.answers.size() == 1);
        CHECK(page.child.lines[page.answers.front()].entry.row.entry == reviewed);
        CHECK(std::any_of(page.may_answer.begin(), page.may_answer.end(),
                          [](const auto* kind) { return kind->key == "action.completed"; }));
        review.key = "form-3";
        review.about = record.concern;
        CHECK(casework::add_entry(office, worker, review).error().place == "about");
        const auto other = testing::known(world, "csc", "2", testing::is_olive);
        review.key = "form-4";
        review.about = other.entries.front();
        CHECK(casework::add_entry(office, worker, review).error().kind == FaultKind::missing);
    });
}

TEST_CASE("an entry's page says where it stands in the log only when it has a place there") {
    for_each_office([](OpenOffice& world) {
        const auto record = begun(world);
        const auto worker = world.asker("a.rahman");
        const auto id = must(casework::add_entry(world.office(), worker, visit_of(record, "form-1")));
        CHECK_FALSE(must(casework::entry_page(world.office(), worker, id)).log_index);
        CHECK(casework::entry_page(world.office(), world.asker("f.begum"), id).error().kind != FaultKind::conflict);
    });
}
