// Who may know of which child: relationships with their end, restrictions, and no trace of what may not be known.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "casework/knowing.hpp"
#include "casework/matches.hpp"
#include "casework/meetings.hpp"
#include "support/ada.hpp"

using namespace waymark;
using namespace testing;

namespace {

record::Identity query() {
    record::Identity identity;
    identity.given_name = "Ada";
    identity.family_name = "Lindgren";
    identity.date_of_birth = parse_date("2012-04-05").value();
    return identity;
}
std::vector<people::Offered> search(OpenOffice& world, std::string_view who) {
    return must(casework::who_may_this_be(world.office(), world.asker(who), query(), 10));
}

}  // namespace

TEST_CASE("a worker opens the record of a child whom their agency works with, and of no other") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        const auto before = ada.read("a.rahman");
        REQUIRE_FALSE(before);
        CHECK(before.error().kind == FaultKind::forbidden);
        CHECK(before.error().place == "social-worker/read/relationship");
        CHECK(before.error().reason.find("does not know this child") != std::string::npos);
        CHECK(ada.read("k.sandhu").error().kind == FaultKind::forbidden);
        ada.triaged();
        CHECK(ada.read("a.rahman"));
        CHECK_FALSE(ada.read("k.sandhu"));  // youth justice has not come in
        ada.add("strategy.held", "2026-02-05", R"({"attended":["csc","yjs"],"decision":"plan"})");
        CHECK(ada.read("k.sandhu"));
    });
}

TEST_CASE("of many children each is known as it is alone, also those of whom only who leads is looked up") {
    for_each_office([](OpenOffice& world) {
        SeededRandom random(17);
        const auto one_of = [&](std::initializer_list<const char*> words) {
            return words.begin()[random.below(words.size())];
        };
        int last = 0;
        std::vector<ViewId> children;
        const auto add = [&](std::size_t child, const char* kind, int day, const std::string& body,
                             const char* marking) {
            const auto outcome = world.take(fmt::format(
                R"({{"kind":"{}","at":"2026-02-{:02}","recorded":"2026-02-{:02}T12:00:00Z","agency":"csc","author":"s.iyer",)"
                R"("id":"l{}","case":"k{}","marking":"{}","body":{},"subjects":[{{"involvement":"subject","identity":)"
                R"({{"source":"cms","id":"k{}","given_name":"Given{}","family_name":"Family{}"}}}}]}})",
                kind, day, day, ++last, child, marking, body, child, child, child));
            REQUIRE_MESSAGE(outcome.taken == casework::Taken::taken,
                            (outcome.faults.empty() ? "" : describe(outcome.faults.front())));
            return outcome.records.front();
        };
        const auto lead = [&] {
            return fmt::format(R"({{"lead":"{}"}})", one_of({"a.rahman", "a.rahman", "t.okafor", "csc", "y.chen"}));
        };
        for (std::size_t child = 0; child < 40; ++child) {
            children.push_back(add(child, "case.opened", 1, lead(), random.below(8) == 0 ? "hidden" : "team"));
            if (random.below(3) == 0)
                add(child, "case.transferred", 2, lead(), one_of({"team", "team", "hidden", "all-but-named"}));
            if (random.below(5) == 0) add(child, "case.closed", 3, R"({"reason":"RC1"})", one_of({"team", "hidden"}));
            if (random.below(5) == 0)
                add(child, "restriction.set", 4, R"({"level":"named-only","persons":["a.rahman"]})", "team");
            if (random.below(5) == 0)
                add(child, "access.granted", 5, R"({"to":"a.rahman","reason":"Case audit"})", "team");
        }
        std::size_t led = 0;
        for (const char* who : {"a.rahman", "t.okafor", "y.chen", "l.haddad"}) {
            world.read([&](store::Snapshot& snapshot) {
                const auto permit = must(world.office().gate->ask(world.asker(who), record::Action::read));
                auto many = must(casework::Knowing::of(world.office(), snapshot, permit));
                for (const auto child : children) {
                    auto alone = must(casework::Knowing::of(world.office(), snapshot, permit));
                    CAPTURE(who);
                    CHECK(many.relationship(child) == alone.relationship(child));
                    CHECK(many.person(child).has_value() == alone.person(child).has_value());
                    if (many.relationship(child) == "allocated") ++led;
                }
                return 0;
            });
        }
        CHECK(led >= 10);
    });
}

TEST_CASE("to raise a concern is not to work with the child") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.triaged();
        ada.add("concern.raised", "2026-02-06", R"({"about_what":"other"})", "police", "j.mensah");
        CHECK(ada.read("j.mensah").error().place == "police-officer/read/relationship");
        ada.add("investigation.opened", "2026-02-07", R"({"lead":"j.mensah"})", "police", "j.mensah");
        CHECK(ada.read("j.mensah"));
    });
}

TEST_CASE("others' entries are seen as deep as the role's row says, and text is not among a summary") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.triaged();
        ada.add("visit.made", "2026-02-09", R"({"seen":true,"text":"free words"})", "education", "e.vasquez");
        ada.add("visit.made", "2026-02-10", R"({"seen":true,"text":"own words"})");
        const auto worker = must(ada.read("a.rahman"));
        std::string text;
        for (const auto& line : worker.lines) text += write_json(line.entry.body);
        CHECK(text.find("own words") != std::string::npos);
        CHECK(text.find("free words") == std::string::npos);
        // The school sees its own, and of the rest that there is something.
        ada.add("meeting.held", "2026-02-11", R"({"type":"core-group","attended":["csc","education"]})");
        const auto school = must(ada.read("b.hughes"));
        int dates_only = 0;
        for (const auto& line : school.lines) {
            if (!line.entry.row.kind.empty()) continue;
            ++dates_only;
            CHECK(line.title == "An entry of another agency");
            CHECK(line.source.empty());
            CHECK(line.author.empty());
            CHECK(line.details.empty());
        }
        CHECK(dates_only == 2);  // the decision and the visit of social care
        // Who reads others' entries by date only is told no standing from them.
        for (const auto& standing : school.standings) CHECK(standing.breaches.empty());
    });
}

TEST_CASE("a relationship ends: four weeks after the case for the agency, then the reason is said") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.triaged();
        ada.add("case.closed", "2026-02-20", R"({"reason":"needs-met"})");
        ada.on("2026-03-10");
        CHECK(ada.read("t.okafor"));
        ada.on("2026-03-25");
        const auto later = ada.read("t.okafor");
        REQUIRE_FALSE(later);
        CHECK(later.error().reason.find("works no open case") != std::string::npos);
    });
}

TEST_CASE("what was given for a task ends after two weeks, and this is said a week before") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.on("2026-02-20");
        CHECK_FALSE(ada.read("s.tanaka"));
        ada.add("access.granted", "2026-02-20", R"({"to":"s.tanaka","reason":"Case audit"})", "csc", "s.iyer");
        CHECK_FALSE(must(ada.read("s.tanaka")).access_ends);
        ada.on("2026-02-28");
        CHECK(must(ada.read("s.tanaka")).access_ends);
        ada.on("2026-03-05");
        CHECK(ada.read("s.tanaka"));
        ada.on("2026-03-07");
        CHECK_FALSE(ada.read("s.tanaka"));
        // Nobody gives to themselves, and no day makes it longer.
        ada.add("access.granted", "2026-03-06", R"({"to":"s.tanaka","reason":"Mine"})", "board", "s.tanaka");
        CHECK_FALSE(ada.read("s.tanaka"));
        ada.add("access.granted", "2026-03-06", R"({"to":"s.tanaka","reason":"Again","until":"2027-01-01"})", "csc",
                "s.iyer");
        CHECK(ada.read("s.tanaka"));
        ada.on("2026-03-21");
        CHECK_FALSE(ada.read("s.tanaka"));
    });
}

TEST_CASE("a hidden child is answered exactly as one who does not exist") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.triaged();
        const auto& office = world.office();
        REQUIRE(search(world, "a.rahman").size() == 1);
        REQUIRE(ada.read("a.rahman"));
        ada.restricted("hidden", R"("t.okafor")");
        ViewId nobody;
        nobody.value.octets[3] = 9;
        for (const auto* who : {"a.rahman", "s.iyer", "m.brennan", "e.vasquez", "k.sandhu", "g.ferreira"}) {
            CAPTURE(who);
            const auto asker = world.asker(who);
            const auto hidden = ada.read(who);
            const auto none = casework::person_page(office, asker, nobody, std::nullopt);
            REQUIRE_FALSE(hidden);
            REQUIRE_FALSE(none);
            CHECK(hidden.error() == none.error());
            CHECK(search(world, who).empty());
            CaseId no_case;
            no_case.value.octets[3] = 9;
            const auto at = world.clock().now();
            CHECK(casework::standing_of(office, asker, ada.case_id, at).error() ==
                  casework::standing_of(office, asker, no_case, at).error());
            int told = 0;
            CHECK(casework::standings(office, asker, at, 1, [&](const procedure::Standing&) { return ++told > 0; }));
            CHECK(told == 0);
        }
        const auto front = world.asker("m.brennan", "triage");
        EntryId no_entry;
        no_entry.value.octets[3] = 9;
        CHECK(casework::triage_desk(office, front, ada.raised).error() ==
              casework::triage_desk(office, front, no_entry).error());
        const auto unmet = must(casework::never_all_met(office, front, 1, {0, 10}));
        CHECK(unmet.open_cases == 0);
        CHECK(unmet.cases.empty());
        // Who is named, and the emergency duty team, go on.
        CHECK(ada.read("t.okafor"));
        CHECK(search(world, "t.okafor").size() == 1);
        CHECK(must(ada.read("l.haddad")).restrictions.front().level == "hidden");
        // The board's totals count everybody.
        CHECK(must(casework::never_all_met(office, world.asker("u.nwosu", "measures"), 1, {0, 10})).never_met == 1);
    });
}

TEST_CASE("who is shown their own agency's views is told all cases as though no other agency knew the children") {
    for_each_office([](OpenOffice& world) {
        constexpr auto is_bo = R"("given_name":"Bo","family_name":"Abara","date_of_birth":"2011-03-02","sex":"M",)"
                               R"("postcode":"NB2 9ZZ","address":"1 Mill Row","nhs_number":"9000000009")";
        const auto ada_by_number = std::string(is_ada) + R"(,"nhs_number":"9434765919")";
        const auto of_bo = known(world, "health", "h-bo", is_bo).records.front();
        world.clock().advance(std::chrono::hours(1));
        known(world, "police", "p-ada", ada_by_number);
        world.clock().advance(std::chrono::hours(1));
        const auto of_ada = known(world, "health", "h-ada", ada_by_number).records.front();
        REQUIRE(world.person_of(of_ada) != of_ada);
        const auto told = [&](const char* who) {
            std::vector<std::pair<CaseId, ViewId>> cases;
            CHECK(casework::standings(world.office(), world.asker(who), world.clock().now(), 2,
                                      [&](const procedure::Standing& one) {
                                          cases.emplace_back(one.case_id, one.person);
                                          return true;
                                      }));
            return cases;
        };
        const auto before = told("y.chen");
        REQUIRE(before.size() == 2);
        CHECK(before[0].second == of_bo);
        CHECK(before[1].second == of_ada);  // and not the older one of the police
        world.clock().advance(std::chrono::hours(1));
        const auto of_police = known(world, "police", "p-bo", is_bo).records.front();
        REQUIRE(world.person_of(of_police) == of_bo);
        CHECK(told("y.chen") == before);
        for (const auto& [case_id, person] : before) {
            const auto one = casework::standing_of(world.office(), world.asker("y.chen"), case_id, world.clock().now());
            CHECK(must(one).person == person);
        }
        // Who sees every agency's views has them by the oldest.
        const auto by_all = told("m.brennan");
        CHECK(std::any_of(by_all.begin(), by_all.end(),
                          [&](const auto& one) { return one.second == world.person_of(of_ada); }));
    });
}

TEST_CASE("a concern about a hidden child is taken, its raiser has the usual receipt, and it reaches who may act") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.restricted("hidden");
        const auto& office = world.office();
        casework::RaiseRequest request;
        request.about_what = "harmed";
        request.summary = "Category 2 on the list.";
        request.children.push_back(
            {static_cast<record::Involvements>(record::Involvement::affected), std::nullopt, query()});
        request.children.front().as_described.postcode = "NB1 4AA";
        request.children.front().as_described.address = "4 Harbour Lane";
        request.key = "about-a-hidden-child";
        const auto receipt = must(casework::raise(office, world.asker("y.chen"), request));
        auto other = request;
        other.key = "about-another";
        other.children.front().as_described.given_name = "Bjorn";
        other.children.front().as_described.date_of_birth = parse_date("2015-09-09").value();
        const auto usual = must(casework::raise(office, world.asker("y.chen"), other));
        CHECK(receipt.received == usual.received);
        CHECK(receipt.feedback_due == usual.feedback_due);
        CHECK(receipt.outcome == usual.outcome);
        CHECK(receipt.reference.size() == usual.reference.size());
        CHECK(must(casework::my_concerns(office, world.asker("y.chen"), 10)).size() == 2);
        CHECK(must(casework::receipt(office, world.asker("y.chen"), receipt.concern)).reference == receipt.reference);
        const auto waits = [&](std::string_view who, EntryId concern) {
            const auto items = must(casework::inbox(office, world.asker(who, "triage"), 50));
            return std::any_of(items.begin(), items.end(),
                               [&](const casework::InboxItem& one) { return one.concern == concern; });
        };
        const auto same_child = world.person_of(ada.view) == world.read([&](store::Snapshot& s) {
            const auto row = s.entries(office.partnership, std::vector{receipt.concern}, store::Want::cards).front();
            return s.views(office.partnership, std::vector{row->row.record}).front()->person;
        });
        REQUIRE(same_child);
        CHECK(waits("l.haddad", receipt.concern));
        CHECK_FALSE(waits("m.brennan", receipt.concern));
        CHECK(waits("m.brennan", usual.concern));
        CHECK(casework::triage_desk(office, world.asker("l.haddad", "triage"), receipt.concern));
    });
}

TEST_CASE("a hidden child that is chosen by id is unknown to the raiser, and to who would write in the record") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.triaged();
        ada.restricted("hidden");
        const auto& office = world.office();
        casework::RaiseRequest request;
        request.key = "by-id";
        request.about_what = "harmed";
        request.summary = "Category 2 on the list.";
        request.children.push_back({static_cast<record::Involvements>(record::Involvement::affected), ada.view, {}});
        const auto by_id = casework::raise(office, world.asker("e.vasquez"), request);
        REQUIRE_FALSE(by_id);
        ViewId nobody;
        nobody.value.octets[3] = 9;
        request.children.front().known = nobody;
        CHECK(casework::raise(office, world.asker("e.vasquez"), request).error() == by_id.error());

        const auto write = [&](ViewId person, const char* about) {
            const auto line = fmt::format(
                R"({{"kind":"visit.made","at":"2026-02-10","agency":"csc","author":"s.iyer","body":{{"seen":true}}{},)"
                R"("subjects":[{{"involvement":"displayed","person":"{}"}}]}})",
                about, to_string(person));
            const auto permit = must(office.gate->ask(world.asker("s.iyer"), record::Action::append));
            const auto outcome = world.take_drafts({world.draft(line)}, permit).front();
            REQUIRE(outcome.taken == casework::Taken::refused);
            return describe(outcome.faults.front());
        };
        CHECK(write(ada.view, "") == write(nobody, ""));
        CHECK(write(nobody, R"(,"about":"education/c-ada")") == write(nobody, R"(,"about":"education/c-nobody")"));
    });
}

TEST_CASE("a record for named people only is said to be there, by name and no more, and its refusal has a reason") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.triaged();
        ada.restricted("named-only", R"("t.okafor")");
        const auto refused = ada.read("a.rahman");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == FaultKind::forbidden);
        CHECK(refused.error().place == "social-worker/read/restriction");
        CHECK(refused.error().reason.find("restricted to the people who are named") != std::string::npos);
        const auto found = search(world, "a.rahman");
        REQUIRE(found.size() == 1);
        CHECK(found.front().identity.given_name == "Ada");
        CHECK(found.front().identity.postcode.empty());
        CHECK(found.front().comparison.evidence.empty());
        CHECK_FALSE(search(world, "t.okafor").front().identity.postcode.empty());
        CHECK(ada.read("t.okafor"));
    });
}

TEST_CASE("who is named as shut out is refused, and everybody else goes on") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.triaged();
        ada.restricted("all-but-named", R"("a.rahman")");
        CHECK(ada.read("a.rahman").error().place == "social-worker/read/restriction");
        CHECK(ada.read("t.okafor"));
        CHECK(ada.read("m.brennan"));
    });
}

TEST_CASE(
    "a restriction that is lifted or corrected no longer stands, and one that stands says when it is looked at again") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.triaged();
        const auto set = ada.add("restriction.set", "2026-02-04", R"({"level":"named-only","persons":["t.okafor"]})");
        const auto page = must(ada.read("t.okafor"));
        REQUIRE(page.restrictions.size() == 1);
        CHECK(format_date(page.restrictions[0].review_by) == "2026-05-05");  // 90 days
        CHECK_FALSE(page.restrictions[0].review_due);
        ada.on("2026-04-25");
        CHECK(must(ada.read("t.okafor")).restrictions[0].review_due);
        ada.add("restriction.set", "2026-04-24", R"({"level":"named-only","persons":["a.rahman"]})", "csc", "m.brennan",
                fmt::format(R"(,"supersedes":"{}")", to_string(set.entries.front())));
        CHECK(ada.read("a.rahman"));
        CHECK_FALSE(ada.read("t.okafor"));
        ada.add("restriction.lifted", "2026-04-25", R"({"level":"named-only"})");
        CHECK(ada.read("t.okafor"));
    });
}

TEST_CASE("where a child is hidden, no pair with them is offered, counted or shown") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        const auto other = known(world, "health", "ada-h",
                                 R"("given_name":"Ada","family_name":"Lindgren","date_of_birth":"2012-04-05")");
        const auto& office = world.office();
        const auto front = world.asker("m.brennan", "triage");
        if (world.person_of(ada.view) == world.person_of(other.records.front())) return;  // the engine joined them
        const auto before = must(casework::matches_to_look_at(office, front, 0, 10));
        REQUIRE(before.total == 1);
        ada.restricted("hidden");
        CHECK(must(casework::matches_to_look_at(office, front, 0, 10)).total == 0);
        const auto page = must(casework::person_page(office, front, other.records.front(), std::nullopt));
        CHECK(page.to_review.empty());
        for (const auto& item : must(casework::inbox(office, front, 10))) CHECK(item.possible_matches == 0);
        CHECK(casework::match_page(office, front, ada.view, other.records.front()).error().kind == FaultKind::missing);
    });
}
