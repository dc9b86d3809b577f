// Links between agencies' views, and what comes and goes with them.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "casework/matches.hpp"
#include "support/two_agencies.hpp"
#include "support/two_people.hpp"

using namespace waymark;
using namespace std::chrono_literals;
using casework::Taken;
using namespace testing;
using Decision = people::Registry::Decision;

namespace {

constexpr auto surely_ada = R"("given_name":"Ada","family_name":"Lindgren","date_of_birth":"2012-04-05","sex":"F",)"
                            R"("postcode":"NB1 4AA","address":"4 Harbour Lane","nhs_number":"9434765919")";

std::string entry(const std::string& agency, const std::string& source_id, const std::string& identity,
                  const std::string& at, const std::string& id, const std::string& kind = "concern.raised",
                  const std::string& body = R"({"about_what":"displayed-behaviour"})") {
    return line_of(agency, source_id, identity, {.entry_id = id, .at = at, .kind = kind, .body = body});
}
std::vector<record::Entry> decisions(OpenOffice& world, const std::vector<ViewId>& records) {
    const auto& office = world.office();
    auto all = world.read([&](store::Snapshot& s) {
        return office.journal->read(s, office.partnership, world.operator_permit(record::Action::read), records,
                                    store::Want::whole);
    });
    REQUIRE(all);
    std::erase_if(*all, [](const record::Entry& one) { return one.row.kind != "identity.decided"; });
    return std::move(*all);
}

}  // namespace

TEST_CASE("a link that the engine makes is an entry, and brings another agency's earlier concern") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        const auto first = world.take(entry("nursery", "n1", surely_ada, "2025-06-02", "c1"));
        const auto second = world.take(entry("education", "e1", surely_ada, "2026-02-02", "c1"));
        REQUIRE(second.taken == Taken::taken);
        CHECK(second.linked == 1);
        CHECK(world.person_of(second.records[0]) == first.records[0]);
        const auto written = decisions(world, {first.records[0], second.records[0]});
        REQUIRE(written.size() == 1);
        CHECK(written[0].row.agency == "waymark");
        CHECK(written[0].row.author == "engine");
        CHECK(written[0].row.record == second.records[0]);
        CHECK(string_or(written[0].body, "decision", "") == "same");
        const auto links =
            world.read([&](store::Snapshot& s) { return s.links_of(office.partnership, second.records); });
        REQUIRE(links.size() == 1);
        CHECK(links[0].state == store::LinkState::linked);
        CHECK(links[0].decided_by == written[0].row.entry);

        const auto desk = must(casework::triage_desk(office, world.asker("m.brennan", "triage"), second.entries[0]));
        REQUIRE(desk.earlier.size() == 1);
        CHECK(desk.earlier[0].concern.row.entry == first.entries[0]);
        // The school sees its own part, and nothing that tells of the nursery's.
        const auto own = must(casework::person_page(office, world.asker("e.vasquez"), second.records[0], std::nullopt));
        CHECK(own.lines.size() == 1);
        CHECK(own.views.size() == 1);
        CHECK(own.person == second.records[0]);
        for (const auto& standing : own.standings) {
            for (const auto& cue : standing.cues) CHECK(cue.id != "earlier-concerns");
        }
    });
}

TEST_CASE("an entry of the second agency goes into the case that the first one opened") {
    for_each_office([](OpenOffice& world) {
        const auto first = world.take(entry("nursery", "n1", surely_ada, "2026-01-05", "c1"));
        const auto second = world.take(entry("education", "e1", surely_ada, "2026-02-02", "c1"));
        CHECK(second.cases[0] == first.cases[0]);
    });
}

TEST_CASE("undoing a link takes the other agency's concerns away again, and redoing it brings them back") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        const auto front = world.asker("m.brennan", "triage");
        const auto first = world.take(entry("nursery", "n1", surely_ada, "2025-06-02", "c1"));
        // Closed since, so that the second concern has a case of its own.
        REQUIRE(world
                    .take(entry("nursery", "n1", surely_ada, "2025-06-03", "t1", "triage.decided",
                                R"({"outcome":"advice"})"))
                    .taken == Taken::taken);
        const auto second = world.take(entry("education", "e1", surely_ada, "2026-02-02", "c1"));
        REQUIRE(must(casework::triage_desk(office, front, second.entries[0])).earlier.size() == 1);
        CHECK(must(casework::inbox(office, front, 10))[0].earlier == 1);

        world.clock().advance(1h);
        decided_by_two(world, {"m1", first.records[0], second.records[0], Decision::not_same, "Two children."});
        CHECK(world.person_of(second.records[0]) == second.records[0]);
        CHECK(must(casework::triage_desk(office, front, second.entries[0])).earlier.empty());
        CHECK(must(casework::triage_desk(office, front, second.entries[0])).may_close);
        CHECK(must(casework::inbox(office, front, 10))[0].earlier == 0);

        world.clock().advance(1h);
        decided_by_two(world, {"m2", first.records[0], second.records[0], Decision::same, "One child."});
        CHECK(must(casework::triage_desk(office, front, second.entries[0])).earlier.size() == 1);
        CHECK_FALSE(must(casework::triage_desk(office, front, second.entries[0])).may_close);
    });
}

TEST_CASE("a twin is offered and not linked, until a person has confirmed it") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        const auto front = world.asker("m.brennan", "triage");
        const auto ada = world.take(entry("nursery", "n1", surely_ada, "2025-06-02", "c1"));
        const auto olive = world.take(entry("education", "e2", is_olive, "2026-02-02", "c2"));
        CHECK(olive.linked == 0);
        CHECK(olive.to_review == 1);
        CHECK(world.person_of(olive.records[0]) == olive.records[0]);
        const auto desk = must(casework::triage_desk(office, front, olive.entries[0]));
        CHECK(desk.earlier.empty());
        REQUIRE(desk.matches.size() == 1);
        CHECK(desk.matches[0].view == ada.records[0]);
        CHECK(desk.matches[0].identity.given_name == "Ada");
        const auto inbox = must(casework::inbox(office, front, 10));
        CHECK(std::count_if(inbox.begin(), inbox.end(), [](const auto& item) { return item.possible_matches == 1; }) ==
              2);
        world.clock().advance(1h);
        decided_by_two(world, {"m1", ada.records[0], olive.records[0], Decision::same, "A second name."});
        CHECK(must(casework::triage_desk(office, front, olive.entries[0])).earlier.size() == 1);
        CHECK(must(casework::triage_desk(office, front, olive.entries[0])).matches.empty());
    });
}

TEST_CASE("only those who may decide identity may") {
    for_each_office([](OpenOffice& world) {
        const auto ada = world.take(entry("nursery", "n1", surely_ada, "2025-06-02", "c1"));
        const auto olive = world.take(entry("education", "e2", is_olive, "2026-02-02", "c2"));
        for (const auto* who : {"e.vasquez", "a.rahman", "c.adeyemi"}) {
            const auto denied = casework::decide_match(
                world.office(), world.asker(who), {"m1", ada.records[0], olive.records[0], Decision::same, "Why."});
            REQUIRE_FALSE(denied);
            CHECK(denied.error().kind == FaultKind::forbidden);
        }
    });
}

TEST_CASE("the record exported and taken into an empty partnership has the same links and decisions, once each") {
    for_each_office([](OpenOffice& world) {
        const auto ada = world.take(entry("nursery", "n1", surely_ada, "2025-06-02", "c1"));
        const auto again = world.take(entry("education", "e1", surely_ada, "2026-02-02", "c1"));
        const auto olive = world.take(entry("health", "h2", is_olive, "2026-02-02", "c2"));
        decided_by_two(world, {"m1", ada.records[0], olive.records[0], Decision::same, "A second name."});
        const auto lines = world.exported();
        // Into where it came from: nothing new.
        const auto before = world.entries();
        for (const auto& outcome : world.take_all(lines)) {
            REQUIRE_MESSAGE(outcome.taken == Taken::repeated,
                            (outcome.faults.empty() ? "" : describe(outcome.faults[0])));
        }
        CHECK(world.entries() == before);

        testing::ScratchStore other(world.store().engine());
        testing::OpenOffice elsewhere(*other, 99);
        const auto empty = elsewhere.entries();
        for (const auto& outcome : elsewhere.take_all(lines)) {
            REQUIRE_MESSAGE(outcome.taken != Taken::refused,
                            (outcome.faults.empty() ? "" : describe(outcome.faults[0])));
        }
        CHECK(elsewhere.entries() - empty == static_cast<std::int64_t>(lines.size()));
        std::vector<store::LinkState> states;
        elsewhere.read([&](store::Snapshot& s) {
            s.scan_links(elsewhere.office().partnership, [&](const store::LinkRow& link) {
                states.push_back(link.state);
                return true;
            });
            return true;
        });
        CHECK(std::count(states.begin(), states.end(), store::LinkState::linked) == 1);
        CHECK(std::count(states.begin(), states.end(), store::LinkState::confirmed) == 1);
    });
}

TEST_CASE("a decision about identities that nothing has brought is refused") {
    for_each_office([](OpenOffice& world) {
        const auto ada = world.take(entry("nursery", "n1", surely_ada, "2025-06-02", "c1"));
        const auto decided = [&](const std::string& identities) {
            return world.take(
                entry("csc", "s1", surely_ada, "2026-02-02", "d1", "identity.decided",
                      fmt::format(R"({{"decision":"same","reason":"Why.","identities":{}}})", identities)));
        };
        const auto unknown =
            decided(R"([{"agency":"nursery","source":"mis","id":"n1"},{"agency":"nursery","source":"mis","id":"n9"}])");
        REQUIRE(unknown.taken == Taken::refused);
        CHECK(unknown.faults[0].place == "body.identities[1]");
        const auto alone = decided(R"([{"agency":"nursery","source":"mis","id":"n1"}])");
        REQUIRE(alone.taken == Taken::refused);
        CHECK(alone.faults[0].place == "body.identities");
    });
}
