// Another version of a procedure over the whole record: case by case, in total, and who asked.
#include "casework/replay.hpp"

#include <doctest/doctest.h>

#include "support/two_agencies.hpp"

using namespace waymark;
using namespace testing;

namespace {

std::string adopted_text(const casework::Office& office, std::string_view name) {
    for (const auto& one : office.editions.newest()) {
        if (one.what == "procedure" && one.name == name) return one.text;
    }
    throw std::runtime_error("no such procedure: " + std::string(name));
}
std::string replaced(std::string text, const std::string& after, const std::string& from, const std::string& to) {
    const auto start = text.find(after);
    REQUIRE(start != std::string::npos);
    const auto at = text.find(from, start);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

struct Told {
    std::vector<procedure::Replayed> cases;
    casework::ReplayTotals totals;
};
Told replay(OpenOffice& world, const std::string& text, const record::Asker& asker, unsigned threads = 2) {
    Told told;
    const auto changed = must(casework::changed_procedure(world.office(), text, "next.toml"));
    told.totals = must(casework::replay(world.office(), asker, changed, {}, world.clock().now(), threads,
                                        [&](const procedure::Replayed& one) {
                                            told.cases.push_back(one);
                                            return true;
                                        }));
    return told;
}

// Drift after a week instead of thirty days.
std::string stricter(const casework::Office& office) {
    auto text = adopted_text(office, "hsb-england");
    return replaced(text, "id = \"drift\"", "{days = 30}", "{days = 7}");
}

void two_children(OpenOffice& world) {
    known(world, "nursery", "n1", is_ada, {.at = "2026-01-05"});
    known(world, "nursery", "n2", is_olive, {.at = "2026-02-02"});
    world.clock().advance(std::chrono::hours{24 * 60});
}

}  // namespace

TEST_CASE("a replay of the version that is in force finds nothing in any case") {
    for_each_office([](OpenOffice& world) {
        two_children(world);
        const auto told = replay(world, adopted_text(world.office(), "hsb-england"), world.operator_());
        CHECK(told.cases.empty());
        CHECK(told.totals.cases == 2);
        CHECK(told.totals.changed == 0);
    });
}

TEST_CASE("what another version would have shown is told for each case, and the totals add up") {
    for_each_office([](OpenOffice& world) {
        two_children(world);
        const auto told = replay(world, stricter(world.office()), world.operator_());
        REQUIRE(told.cases.size() == 2);
        CHECK(told.totals.cases == 2);
        CHECK(told.totals.changed == 2);
        std::size_t shown = 0;
        std::size_t due = 0;
        std::int64_t days = 0;
        for (const auto& one : told.cases) {
            REQUIRE(one.shown.size() == 1);
            CHECK(one.shown[0].id == "drift");
            CHECK(one.earlier_days() == 23);
            shown += one.shown.size();
            due += one.due.size();
            days += *one.earlier_days();
        }
        CHECK(told.totals.shown == shown);
        CHECK(told.totals.due == due);
        CHECK(told.totals.by_cue.at("drift") == shown);
        CHECK(told.totals.earlier == 2);
        CHECK(told.totals.earlier_days == days);
        CHECK(told.totals.most_earlier_days == 23);
        const auto alone = replay(world, stricter(world.office()), world.operator_(), 1);
        CHECK(write_json(casework::to_json(alone.totals)) == write_json(casework::to_json(told.totals)));
    });
}

TEST_CASE("what another version would no longer require is summed apart, case by case and in total") {
    for_each_office([](OpenOffice& world) {
        two_children(world);
        // Drift after three hundred days: it showed after thirty, and would not have by now.
        const auto text =
            replaced(adopted_text(world.office(), "hsb-england"), "id = \"drift\"", "{days = 30}", "{days = 300}");
        const auto told = replay(world, text, world.operator_());
        REQUIRE(told.cases.size() == 2);
        for (const auto& one : told.cases) {
            CHECK(one.shown.empty());
            REQUIRE(one.no_longer.shown.size() == 1);
            CHECK(one.no_longer.shown[0].id == "drift");
        }
        CHECK(told.totals.shown == 0);
        CHECK(told.totals.no_longer.cases == 2);
        CHECK(told.totals.no_longer.shown == 2);
        CHECK(told.totals.no_longer.by_cue.at("drift") == 2);
        CHECK(told.totals.no_longer.due == 0);
        CHECK(told.totals.earlier == 0);
    });
}

TEST_CASE(
    "a page is told the totals of all and the first cases by name, as of the end of a day, and where it stopped") {
    for_each_office([](OpenOffice& world) {
        two_children(world);
        const auto& office = world.office();
        const auto changed = must(casework::changed_procedure(office, stricter(office), "next.toml"));
        casework::ReplayQuestion question;
        question.most_cases = 1;
        const auto now = must(casework::replay_answer(office, world.operator_(), changed, question, 1));
        CHECK(now.whole);
        CHECK(now.totals.changed == 2);
        REQUIRE(now.cases.size() == 1);
        CHECK(now.cases[0].told.shown.size() == 1);
        CHECK(now.cases[0].name != "Name not known");
        question.on = *parse_date("2026-01-31");  // only the first of them was there, and had drifted for a week
        const auto then = must(casework::replay_answer(office, world.operator_(), changed, question, 1));
        CHECK(then.totals.changed == 1);
        question.most_time = std::chrono::milliseconds{-1};
        const auto stopped = must(casework::replay_answer(office, world.operator_(), changed, question, 1));
        CHECK_FALSE(stopped.whole);
        CHECK(stopped.totals.cases == 1);
        const auto same = must(casework::procedure_in_folder(office, "hsb-england"));
        CHECK(same == adopted_text(office, "hsb-england"));
        CHECK_FALSE(casework::procedure_in_folder(office, "../profiles/northbay"));
    });
}

TEST_CASE("a replay leaves its audit line before anything is told, and who may not read is told nothing") {
    for_each_office([](OpenOffice& world) {
        two_children(world);
        const auto changed = must(casework::changed_procedure(world.office(), stricter(world.office()), "next.toml"));
        const auto before = world.audit_lines();
        std::int64_t at_first = 0;
        must(casework::replay(world.office(), world.operator_(), changed, {}, world.clock().now(), 1,
                              [&](const procedure::Replayed&) {
                                  at_first = world.audit_lines();
                                  return false;
                              }));
        CHECK(at_first == before + 1);
        auto nobody = world.operator_();
        nobody.role = "no-such-role";
        nobody.practitioner = "nobody";
        CHECK_FALSE(casework::replay(world.office(), nobody, changed, {}, world.clock().now(), 1,
                                     [](const procedure::Replayed&) { return true; }));
    });
}

TEST_CASE("a version that cannot be read is refused with its file and line") {
    for_each_office([](OpenOffice& world) {
        const auto text = stricter(world.office()) + "\n[[rule]]\nid = \"x\"\nrelation = \"wish\"\n";
        const auto refused = casework::changed_procedure(world.office(), text, "next.toml");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().place.find("next.toml:") == 0);
        CHECK(refused.error().kind == FaultKind::invalid);
        CHECK_FALSE(refused.error().mend.empty());
    });
}

TEST_CASE("a procedure that the profile does not name is laid beside the others") {
    for_each_office([](OpenOffice& world) {
        two_children(world);
        const std::string more = R"(name = "more"
version = "1"
title = "More"
nation = "england"
[[event]]
id = "any-concern"
kind = "concern.raised"
[[event]]
id = "any-visit"
kind = "visit.made"
[[rule]]
id = "see-the-child"
relation = "response"
from = "any-concern"
to = "any-visit"
clock = "5 working days"
owner = "social-worker"
label = "See the child"
source = "[D] test"
in_force = 2020-01-01
)";
        const auto told = replay(world, more, world.operator_());
        CHECK(told.totals.by_duty.at("see-the-child") == 2);
        CHECK(told.totals.due == 2);
        CHECK(told.totals.shown == 0);
    });
}
