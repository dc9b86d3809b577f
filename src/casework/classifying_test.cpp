// What happened is classified, and classified again: who, when, why; the earlier answer stays.
#include "casework/classifying.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/two_agencies.hpp"

using namespace waymark;
using testing::for_each_office;
using testing::must;
using testing::OpenOffice;

namespace {

struct ToAnswer {
    ViewId child;
    EntryId concern;
};
ToAnswer concern_to_classify(OpenOffice& world, const std::string& involvement = "displayed") {
    world.clock().set(*parse_instant("2026-03-02T09:00:00Z"));
    testing::Said said;
    said.involvement = involvement;
    const auto taken = testing::known(world, "csc", "1", testing::is_ada, said);
    return {taken.records.front(), taken.entries.front()};
}
casework::ClassifyRequest answer_of(const ToAnswer& of, const std::string& key) {
    casework::ClassifyRequest request;
    request.key = key;
    request.concern = of.concern;
    request.category = "problematic";
    request.tool = "hackett-continuum";
    request.rationale = "Weighed by category.";
    return request;
}

}  // namespace

TEST_CASE("a classification stands with who, when and why, and the same form sent twice is one") {
    for_each_office([](OpenOffice& world) {
        const auto of = concern_to_classify(world);
        const auto asker = world.asker("m.brennan", "triage");
        const auto first = must(casework::classify(world.office(), asker, answer_of(of, "f-1")));
        CHECK(must(casework::classify(world.office(), asker, answer_of(of, "f-1"))) == first);
        const auto page = must(casework::to_classify(world.office(), asker, of.concern));
        REQUIRE(page.of.said.size() == 1);
        CHECK(page.of.said[0].category == "problematic");
        CHECK(page.of.said[0].why == "Weighed by category.");
        CHECK(page.of.said[0].line->author == "Maeve Brennan");
        CHECK(page.of.said[0].line->entry.row.about == of.concern);
    });
}

TEST_CASE("classified again is a further entry: the newest stands, and the earlier one is shown") {
    for_each_office([](OpenOffice& world) {
        const auto of = concern_to_classify(world);
        const auto asker = world.asker("m.brennan", "triage");
        auto unsure = answer_of(of, "f-1");
        unsure.category = "not-enough-information";
        const auto empty = casework::classify(world.office(), asker, unsure);
        REQUIRE_FALSE(empty);
        CHECK(empty.error().place == "enough");
        unsure.enough = "What the school saw.";
        const auto first = must(casework::classify(world.office(), asker, unsure));
        world.clock().set(*parse_instant("2026-03-03T09:00:00Z"));
        auto again = answer_of(of, "f-2");
        const auto stale = casework::classify(world.office(), asker, again);
        REQUIRE_FALSE(stale);
        CHECK(stale.error().kind == FaultKind::conflict);
        CHECK(stale.error().place == "seen");
        again.seen = first;
        must(casework::classify(world.office(), asker, again));
        const auto page = must(casework::to_classify(world.office(), asker, of.concern));
        REQUIRE(page.of.said.size() == 2);
        CHECK(page.of.said[0].category == "problematic");
        CHECK(page.of.said[1].category == "not-enough-information");
        CHECK(page.of.said[1].enough == "What the school saw.");
        CHECK_FALSE(page.of.said[1].line->superseded);
    });
}

TEST_CASE("in the record of the child who was harmed there is nothing to classify") {
    for_each_office([](OpenOffice& world) {
        const auto of = concern_to_classify(world, "affected");
        const auto asker = world.asker("m.brennan", "triage");
        const auto refused = casework::classify(world.office(), asker, answer_of(of, "f-1"));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().place == "concern");
        const auto page = must(casework::person_page(world.office(), asker, of.child, std::nullopt));
        CHECK(casework::classifications_in(world.office(), page.lines).empty());
    });
}

TEST_CASE("beside the question stand the age, what the manual says for it, and counts; no answer") {
    for_each_office([](OpenOffice& world) {
        const auto of = concern_to_classify(world);
        world.take(R"({"kind":"incident.recorded","at":"2026-01-10","agency":"education","author":"e.vasquez",)"
                   R"("id":"i-1","body":{"category":"4"},)"
                   R"("subjects":[{"involvement":"displayed","identity":{"source":"mis","id":"1","agency":"csc"}}]})");
        const auto page = must(casework::to_classify(world.office(), world.asker("m.brennan", "triage"), of.concern));
        CHECK(page.aid.least == 13);
        CHECK(page.aid.most == 13);
        REQUIRE(page.aid.chapter != nullptr);
        REQUIRE(page.aid.stages.size() == 1);
        CHECK(page.aid.stages[0]->number == "2.2.12");
        CHECK(page.aid.paragraphs.size() >= 5);
        CHECK(page.of.said.empty());
    });
}

TEST_CASE("who does not classify, or may not know of the child, is told of no concern") {
    for_each_office([](OpenOffice& world) {
        const auto of = concern_to_classify(world);
        CHECK(casework::to_classify(world.office(), world.asker("e.vasquez"), of.concern).error().kind ==
              FaultKind::forbidden);
        const auto unknown = casework::to_classify(world.office(), world.asker("a.rahman"), of.concern);
        const auto nothing =
            casework::to_classify(world.office(), world.asker("a.rahman"), EntryId{make_uuid4(world.random())});
        if (!unknown) CHECK(unknown.error().reason == nothing.error().reason);
        CHECK(nothing.error().kind == FaultKind::missing);
    });
}
