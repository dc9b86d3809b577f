// What waits for whom, and who carries what.
#include "casework/workload.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "support/two_agencies.hpp"

using namespace waymark;
using testing::for_each_office;
using testing::must;
using testing::OpenOffice;

namespace {

// Ada's case is led by a.rahman of social care, Olive's by nobody.
ViewId two_children(OpenOffice& world) {
    world.clock().set(*parse_instant("2026-03-02T09:00:00Z"));
    const auto ada = testing::known(world, "csc", "1", testing::is_ada);
    world.take(testing::line_of("csc", "1", testing::is_ada,
                                {"o-1", "2026-02-03", "case.opened", R"({"lead":"a.rahman"})", "displayed"}));
    testing::known(world, "csc", "2", testing::is_olive);
    world.clock().set(*parse_instant("2026-03-30T09:00:00Z"));
    return ada.records.front();
}

void hide(OpenOffice& world) {
    world.take(testing::line_of("csc", "1", testing::is_ada,
                                {"r-1", "2026-03-03", "restriction.set",
                                 R"({"level":"hidden","persons":["m.brennan"],"reason":"Category 2."})", "displayed"}));
}

}  // namespace

TEST_CASE("who leads a case is told what is due in it, the soonest first, and another worker is not") {
    for_each_office([](OpenOffice& world) {
        const auto ada = two_children(world);
        const auto due = must(casework::what_is_due(world.office(), world.asker("a.rahman"), 50));
        REQUIRE_FALSE(due.items.empty());
        CHECK(std::is_sorted(due.items.begin(), due.items.end(),
                             [](const auto& a, const auto& b) { return a.due < b.due; }));
        const auto led = std::count_if(due.items.begin(), due.items.end(), [](const auto& one) { return one.leads; });
        CHECK(led > 0);
        for (const auto& one : due.items) {
            if (one.leads) CHECK(one.name == "Ada Lindgren");
            if (one.leads) CHECK(one.person == ada);
        }
        const auto few = must(casework::what_is_due(world.office(), world.asker("a.rahman"), 1));
        CHECK(few.items.size() == 1);
        CHECK(few.more == (due.items.size() > 1));
        REQUIRE(due.items.size() > 1);
        const auto next = must(casework::what_is_due(world.office(), world.asker("a.rahman"), 1, 1));
        REQUIRE(next.items.size() == 1);
        CHECK(next.items.front().duty == due.items[1].duty);
        CHECK(next.items.front().due == due.items[1].due);
        CHECK(next.more == (due.items.size() > 2));
        CHECK(must(casework::what_is_due(world.office(), world.asker("a.rahman"), 1, 500)).items.empty());
        const auto other = must(casework::what_is_due(world.office(), world.asker("m.brennan", "triage"), 50));
        CHECK(std::none_of(other.items.begin(), other.items.end(), [](const auto& one) { return one.leads; }));
    });
}

TEST_CASE("a caseload lists the open cases that a worker leads, and follows who leads") {
    for_each_office([](OpenOffice& world) {
        two_children(world);
        const auto mine = must(casework::caseload(world.office(), world.asker("a.rahman"), ""));
        REQUIRE(mine.cases.size() == 1);
        CHECK(mine.cases.front().name == "Ada Lindgren");
        CHECK(mine.cases.front().overdue > 0);
        CHECK(mine.team.empty());
        world.take(testing::line_of("csc", "1", testing::is_ada,
                                    {"t-1", "2026-03-10", "case.transferred", R"({"lead":"police"})", "displayed"}));
        CHECK(must(casework::caseload(world.office(), world.asker("a.rahman"), "")).cases.empty());
    });
}

TEST_CASE("a supervisor sees who of the team carries what; a worker sees their own only") {
    for_each_office([](OpenOffice& world) {
        two_children(world);
        const auto manager = world.asker("s.iyer", "supervision");
        const auto team = must(casework::caseload(world.office(), manager, ""));
        REQUIRE(team.team.size() == 1);
        CHECK(team.team.front().practitioner == "a.rahman");
        CHECK(team.team.front().cases == 1);
        CHECK(must(casework::caseload(world.office(), manager, "a.rahman")).cases.size() == 1);
        CHECK(casework::caseload(world.office(), world.asker("a.rahman"), "s.iyer").error().kind ==
              FaultKind::forbidden);
    });
}

TEST_CASE("of a large agency a supervisor sees a team at a time, their own first") {
    testing::for_each_engine([](store::Store& store) {
        const auto content = std::string(WAYMARK_SOURCE_DIR) + "/content";
        std::ifstream in(content + "/profiles/northbay.toml");
        std::stringstream profile;
        profile << in.rdbuf();
        for (int i = 0; i < 30; ++i) {
            profile << fmt::format(
                "\n[[practitioner]]\nkey = \"w{0}\"\nname = \"Worker {0}\"\nagency = \"csc\"\n"
                "role = \"social-worker\"\nteam = \"far-{1}\"\n",
                i, i / 10);
        }
        SetClock clock{*parse_instant("2026-03-30T09:00:00Z")};
        SeededRandom random(1);
        REQUIRE(casework::found_partnership(store, content, profile.str(), "northbay.toml", true, clock, random));
        const auto office = must(casework::open_office(store, content, std::nullopt, clock, random));
        record::Asker manager;
        manager.practitioner = "s.iyer";
        manager.agency = "csc";
        manager.role = "social-care-manager";
        manager.purpose = "supervision";
        manager.session = "command";
        const auto shown = [&](std::string_view team) { return must(casework::caseload(*office, manager, "", team)); };
        CHECK(shown("").team_shown == "assessment-1");
        CHECK(shown("far-2").team_shown == "far-2");
        CHECK(shown("no such team").team_shown == "assessment-1");
        const auto teams = shown("").teams;
        CHECK(std::count(teams.begin(), teams.end(), "far-0") == 1);
        CHECK(std::count(teams.begin(), teams.end(), "assessment-2") == 1);
    });
}

TEST_CASE("a child who is hidden leaves no case, no duty and no number") {
    for_each_office([](OpenOffice& world) {
        two_children(world);
        const auto manager = world.asker("s.iyer", "supervision");
        hide(world);
        CHECK(must(casework::caseload(world.office(), world.asker("a.rahman"), "")).cases.empty());
        CHECK(must(casework::caseload(world.office(), manager, "")).team.empty());
        const auto due = must(casework::what_is_due(world.office(), world.asker("a.rahman"), 50));
        CHECK(std::none_of(due.items.begin(), due.items.end(), [](const auto& one) { return one.leads; }));
    });
}

TEST_CASE("a duty that an entry raised shows to nobody who may not know of that entry, and is not counted for them") {
    for_each_office([](OpenOffice& world) {
        two_children(world);
        const auto all_due = [&] {
            return must(casework::what_is_due(world.office(), world.asker("a.rahman"), 200)).items.size();
        };
        const auto overdue = [&] {
            return must(casework::caseload(world.office(), world.asker("a.rahman"), "")).cases.front().overdue;
        };
        const auto due_before = all_due();
        const auto overdue_before = overdue();
        const auto line = [](const std::string& id, const std::string& more) {
            auto text =
                testing::line_of("csc", "1", testing::is_ada, {id, "2026-03-04", "enquiry.opened", "{}", "displayed"});
            return text.insert(text.size() - 1, more);
        };
        world.take(line("q-1", R"(,"marking":"sealed")"));
        CHECK(all_due() == due_before);
        CHECK(overdue() == overdue_before);
        world.take(line("q-2", ""));
        CHECK(all_due() > due_before);
    });
}

TEST_CASE("an entry that decides, ends or hands over and is sealed changes no list of those who may not know it") {
    for_each_office([](OpenOffice& world) {
        two_children(world);
        const auto front_door = world.asker("m.brennan", "triage");
        const auto listed = [&] {
            std::string all;
            for (const auto& one : must(casework::what_is_due(world.office(), world.asker("a.rahman"), 200)).items)
                all += one.duty + ' ' + to_string(one.due) + '\n';
            for (const auto& one : must(casework::caseload(world.office(), world.asker("a.rahman"), "")).cases)
                all += to_string(one.case_id) + ' ' + std::to_string(one.overdue) + '\n';
            for (const auto& one : must(casework::inbox(world.office(), front_door, 50)))
                all += to_string(one.concern) + ' ' + to_string(one.due) + '\n';
            return all;
        };
        const auto before = listed();
        const auto sealed = [](const std::string& id, const std::string& kind, const std::string& body,
                               const std::string& more) {
            auto text = testing::line_of("csc", "1", testing::is_ada, {id, "2026-03-20", kind, body, "displayed"});
            return text.insert(text.size() - 1, more + R"(,"marking":"sealed")");
        };
        world.take(sealed("s-1", "triage.decided", R"({"outcome":"assessment"})", R"(,"about":"c-1")"));
        CHECK(listed() == before);
        world.take(sealed("s-2", "case.transferred", R"({"lead":"police"})", ""));
        world.take(sealed("s-3", "case.closed", "{}", ""));
        CHECK(listed() == before);
        // Who is named for what is sealed is told what it changed.
        world.take(
            testing::line_of("csc", "1", testing::is_ada,
                             {"r-1", "2026-03-21", "restriction.set",
                              R"({"level":"sealed","persons":["a.rahman"],"reason":"Category 2."})", "displayed"}));
        CHECK(must(casework::caseload(world.office(), world.asker("a.rahman"), "")).cases.empty());
    });
}

TEST_CASE("a case that a marked entry opened is not joined by what is open to all") {
    for_each_office([](OpenOffice& world) {
        auto marked = testing::line_of("csc", "3", testing::is_ada, {"h-1", "2026-02-02"});
        marked.insert(marked.size() - 1, R"(,"marking":"hidden")");
        const auto hidden = world.take(marked);
        const auto open = testing::known(world, "csc", "3", testing::is_ada, {"o-1", "2026-02-09"});
        CHECK(hidden.cases.front() != open.cases.front());
        const auto waiting = must(casework::inbox(world.office(), world.asker("m.brennan", "triage"), 50));
        REQUIRE(waiting.size() == 1);
        CHECK(waiting.front().concern == open.entries.front());
        // The emergency duty team opens hidden records, and both concerns wait for it.
        CHECK(must(casework::inbox(world.office(), world.asker("l.haddad", "triage"), 50)).size() == 2);
    });
}
