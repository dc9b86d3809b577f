// Who is who: what waits for a person, what a decision keeps, and how it is taken back.
#include "casework/matches.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "support/two_agencies.hpp"
#include "support/two_people.hpp"

using namespace waymark;
using namespace std::chrono_literals;
using casework::Taken;
using namespace testing;
using Decision = people::Registry::Decision;

namespace {

// The twins, offered and not linked.
struct Twins {
    explicit Twins(OpenOffice& of) : world(of), front(of.asker("m.brennan", "triage")) {
        a = known(world, "nursery", "n1", is_ada).records[0];
        b = known(world, "education", "e1", is_olive).records[0];
    }
    EntryId decide(Decision decision, const std::string& reason, const std::string& who = "m.brennan") {
        world.clock().advance(1h);
        return decided_by_two(world, {fmt::format("k{}", ++keys), a, b, decision, reason}, who);
    }
    Result<EntryId> take_back(const std::string& reason) {
        world.clock().advance(1h);
        const casework::TakeBack request{fmt::format("k{}", ++keys), a, b, reason};
        const auto asked = casework::take_back_match(world.office(), front, request);
        return asked ? taken_back_by_two(world, request) : asked;
    }
    casework::MatchPage page() { return must(casework::match_page(world.office(), front, a, b)); }
    casework::MatchList list() { return must(casework::matches_to_look_at(world.office(), front, 0, 50)); }

    OpenOffice& world;
    record::Asker front;
    ViewId a;
    ViewId b;
    int keys = 0;
};

}  // namespace

TEST_CASE("pairs that wait for a person are listed, the longest waiting first, a page at a time") {
    for_each_office([](OpenOffice& world) {
        const auto front = world.asker("m.brennan", "triage");
        const std::vector<std::string> families{"Lindgren", "Okonkwo", "Baptiste", "Thistlewood", "Mehmeti"};
        for (std::size_t n = 0; n < families.size(); ++n) {
            const auto home = fmt::format(R"("family_name":"{}","postcode":"NB{} 4AA","date_of_birth":"20{}-0{}-1{}")",
                                          families[n], n + 1, 11 + n, n + 1, n + 3);
            known(world, "nursery", fmt::format("n{}", n), R"("given_name":"Ada",)" + home);
            known(world, "education", fmt::format("e{}", n), R"("given_name":"Bartholomew",)" + home);
            world.clock().advance(1h);
        }
        const auto all = must(casework::matches_to_look_at(world.office(), front, 0, 50));
        REQUIRE(all.total == 5);
        REQUIRE(all.lines.size() == 5);
        for (std::size_t n = 1; n < 5; ++n) CHECK(all.lines[n - 1].offered < all.lines[n].offered);
        CHECK(all.lines[0].a.agency != all.lines[0].b.agency);
        const auto second = must(casework::matches_to_look_at(world.office(), front, 2, 2));
        CHECK(second.total == 5);
        REQUIRE(second.lines.size() == 2);
        CHECK(second.lines[0].a.view.view == all.lines[2].a.view.view);
        CHECK(must(casework::matches_to_look_at(world.office(), front, 9, 2)).lines.empty());
    });
}

TEST_CASE("only those who may decide who is who are given the list, and a pair of another agency leaves no trace") {
    for_each_office([](OpenOffice& world) {
        const Twins twins(world);
        for (const auto* who : {"e.vasquez", "a.rahman", "u.nwosu"}) {
            const auto denied = casework::matches_to_look_at(world.office(), world.asker(who), 0, 10);
            REQUIRE_FALSE(denied);
            CHECK(denied.error().kind == FaultKind::forbidden);
        }
        const auto school = casework::match_page(world.office(), world.asker("e.vasquez"), twins.a, twins.b);
        REQUIRE_FALSE(school);
        CHECK(school.error().kind == FaultKind::missing);
        // The same words as for a pair that there is not.
        const auto nobody = casework::match_page(world.office(), world.asker("e.vasquez"), twins.b, ViewId{});
        REQUIRE_FALSE(nobody);
        CHECK(describe(nobody.error()) == describe(school.error()));
        // A social worker who was given both reads it and may not decide.
        CHECK_FALSE(casework::match_page(world.office(), world.asker("a.rahman"), twins.a, twins.b));
        for (const auto twin : {twins.a, twins.b}) {
            const auto given = world.take(
                fmt::format(R"({{"kind":"access.granted","at":"2026-03-02","agency":"csc","author":"s.iyer",)"
                            R"("subjects":[{{"involvement":"subject","person":"{}"}}],)"
                            R"("body":{{"to":"a.rahman","reason":"To compare two records"}}}})",
                            to_string(twin)));
            REQUIRE(given.taken == casework::Taken::taken);
        }
        CHECK(casework::match_page(world.office(), world.asker("a.rahman"), twins.a, twins.b));
    });
}

TEST_CASE("the page of a pair has both views whole, and its evidence adds up from the beginning to the total") {
    for_each_office([](OpenOffice& world) {
        Twins twins(world);
        const auto page = twins.page();
        CHECK(page.a.identity.given_name == "Ada");
        CHECK(page.b.identity.given_name == "Olive");
        CHECK(page.offered);
        CHECK_FALSE(page.one_person);
        CHECK(page.history.empty());
        CHECK(page.standing() == nullptr);
        CHECK(page.prior == doctest::Approx(world.office().registry->model().prior));
        double total = page.prior;
        for (const auto& each : page.comparison.evidence) total += each.weight;
        CHECK(total == doctest::Approx(page.comparison.weight));
        CHECK(page.review_at < page.link_at);
        // Either way round, it is the same page.
        const auto turned = must(casework::match_page(world.office(), twins.front, twins.b, twins.a));
        CHECK(turned.a.view.view == page.a.view.view);
    });
}

TEST_CASE("a decision keeps who, when, why and what the engine had found then") {
    for_each_office([](OpenOffice& world) {
        Twins twins(world);
        const auto before = twins.page().comparison;
        twins.decide(Decision::not_same, "Two sisters, seen together.", "s.iyer");
        const auto page = twins.page();
        REQUIRE(page.history.size() == 1);
        const auto& past = page.history[0];
        CHECK(past.decision == "not-same");
        CHECK(past.reason == "Two sisters, seen together.");
        CHECK(past.by == world.office().profile.practitioner("s.iyer")->name);
        CHECK_FALSE(past.by_engine);
        REQUIRE(past.evidence);
        CHECK(past.evidence->weight == doctest::Approx(before.weight).epsilon(0.01));
        CHECK(past.evidence->evidence.size() == before.evidence.size());
        CHECK(page.standing() == &page.history[0]);
        CHECK_FALSE(page.offered);
        CHECK(twins.list().total == 0);
    });
}

TEST_CASE("a decision is taken back by an entry that supersedes it, and the pair is offered again") {
    for_each_office([](OpenOffice& world) {
        Twins twins(world);
        const auto first = twins.decide(Decision::same, "A second name.");
        CHECK(twins.page().one_person);
        const auto back = must(twins.take_back("Looked at the wrong birth certificate."));
        const auto page = twins.page();
        CHECK_FALSE(page.one_person);
        CHECK(page.offered);
        CHECK(page.standing() == nullptr);
        REQUIRE(page.history.size() == 2);
        CHECK(page.history[0].entry == back);
        CHECK(page.history[0].takes_back);
        CHECK(page.history[1].entry == first);
        CHECK(page.history[1].taken_back);
        CHECK(twins.list().total == 1);
        // Nothing stands: it cannot be taken back twice. The same form again is the same entry.
        const auto again = twins.take_back("Once more.");
        REQUIRE_FALSE(again);
        CHECK(again.error().kind == FaultKind::missing);
        CHECK(must(casework::take_back_match(world.office(), twins.front,
                                             {"k2", twins.a, twins.b, "Looked at the wrong birth certificate."})) !=
              back);  // it was the request
        CHECK(twins.page().history.size() == 2);
        twins.decide(Decision::same, "Confirmed with the registrar.");
        CHECK(twins.page().one_person);
        CHECK(twins.page().history.size() == 3);
    });
}

TEST_CASE("taking back needs a reason and a role that may decide") {
    for_each_office([](OpenOffice& world) {
        Twins twins(world);
        twins.decide(Decision::not_same, "Two sisters.");
        const auto empty = twins.take_back("  ");
        REQUIRE_FALSE(empty);
        CHECK(empty.error().place == "reason");
        const auto denied =
            casework::take_back_match(world.office(), world.asker("a.rahman"), {"k9", twins.a, twins.b, "Why."});
        REQUIRE_FALSE(denied);
        CHECK(denied.error().kind == FaultKind::forbidden);
    });
}

TEST_CASE("what is set aside until more is known is not asked again at once, and is not lost") {
    for_each_office([](OpenOffice& world) {
        Twins twins(world);
        twins.decide(Decision::not_yet, "The school is asked.");
        CHECK(twins.list().total == 0);
        const auto page = twins.page();
        REQUIRE(page.standing() != nullptr);
        CHECK(page.standing()->decision == "not-yet");
        CHECK_FALSE(page.one_person);
    });
}

TEST_CASE("the decisions on a pair come through export and import with their evidence, and so does taking back") {
    for_each_office([](OpenOffice& world) {
        Twins twins(world);
        twins.decide(Decision::same, "A second name.");
        REQUIRE(twins.take_back("The wrong certificate."));
        const auto lines = world.exported();
        testing::ScratchStore other(world.store().engine());
        OpenOffice elsewhere(*other, 99);
        elsewhere.clock().advance(24h);
        for (const auto& outcome : elsewhere.take_all(lines)) {
            REQUIRE_MESSAGE(outcome.taken == Taken::taken, (outcome.faults.empty() ? "" : describe(outcome.faults[0])));
        }
        const auto list =
            must(casework::matches_to_look_at(elsewhere.office(), elsewhere.asker("m.brennan", "triage"), 0, 10));
        REQUIRE(list.lines.size() == 1);
        const auto page = must(casework::match_page(elsewhere.office(), elsewhere.asker("m.brennan"),
                                                    list.lines[0].a.view.view, list.lines[0].b.view.view));
        CHECK(page.history.size() == 2);
        CHECK(page.standing() == nullptr);
        CHECK(page.history[1].evidence);
    });
}

TEST_CASE("new evidence offers a pair again beside the decision, which stands until a person changes it") {
    for_each_office([](OpenOffice& world) {
        Twins twins(world);
        twins.decide(Decision::not_same, "Two sisters.");
        // The same content again, and a change that says little, are no news.
        known(world, "education", "e1", is_olive, {.entry_id = "c-again"});
        CHECK(twins.list().total == 0);
        world.clock().advance(1h);
        // The school now writes the name that the nursery has: the engine alone would join the two.
        known(world, "education", "e1", is_ada, {.entry_id = "c-news"});
        const auto list = twins.list();
        REQUIRE(list.total == 1);
        REQUIRE(list.lines[0].decided);
        CHECK(list.lines[0].decided->decision == "not-same");
        CHECK(list.lines[0].decided->reason == "Two sisters.");
        const auto page = twins.page();
        CHECK(page.offered);
        CHECK_FALSE(page.one_person);
        CHECK(page.engine == people::Outcome::linked);
        REQUIRE(page.standing() != nullptr);
        CHECK(page.standing()->evidence->weight < page.comparison.weight);
        // Answered once more, it is not asked again.
        twins.decide(Decision::not_same, "Two sisters; the school wrote it wrong.");
        CHECK(twins.list().total == 0);
        CHECK(twins.page().history.size() == 2);
    });
}

TEST_CASE("what could not be told is offered again when another agency's record joins one of the two") {
    for_each_office([](OpenOffice& world) {
        Twins twins(world);
        twins.decide(Decision::not_yet, "The school is asked.");
        world.clock().advance(1h);
        const auto health = known(world, "health", "h1", is_ada);
        REQUIRE(health.linked == 1);
        const auto list = twins.list();
        const auto again = std::find_if(list.lines.begin(), list.lines.end(),
                                        [](const casework::MatchLine& line) { return line.decided.has_value(); });
        REQUIRE(again != list.lines.end());
        CHECK(again->decided->decision == "not-yet");
    });
}

TEST_CASE("a record that cannot be of the other child does not disturb what was found to be two") {
    for_each_office([](OpenOffice& world) {
        Twins twins(world);
        twins.decide(Decision::not_same, "Two sisters.");
        world.clock().advance(1h);
        known(world, "csc", "s1", R"("given_name":"Rosalind","family_name":"Okonkwo","date_of_birth":"2009-01-30")");
        CHECK(twins.list().total == 0);
    });
}
