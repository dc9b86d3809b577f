// Agency checks: asked, answered, asked again; and what each side learns.
#include "casework/checks.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include <fmt/format.h>

#include "support/open_office.hpp"

using namespace waymark;
using testing::for_each_office;
using testing::must;
using testing::OpenOffice;

namespace {

constexpr auto concern_line =
    R"({"kind":"concern.raised","at":"2026-03-02","agency":"education","author":"e.vasquez","id":"c-1",
        "subjects":[{"involvement":"displayed","identity":{"source":"school","id":"7","given_name":"Ada",
        "family_name":"Lindgren","date_of_birth":"2012-04-05","address":"1 Canary Row"}}],
        "body":{"about_what":"displayed-behaviour","setting":"school","noticed":"observed","summary":"Category 4."}})";

ViewId child_to_check(OpenOffice& world) {
    return world.take(concern_line).records.front();
}
casework::AskRequest asking(ViewId child, std::vector<std::string> agencies) {
    return {"ask-1", child, std::move(agencies), "triage", "When did you last see the child?", std::nullopt};
}
std::vector<casework::AgencyCheck> checks(OpenOffice& world, ViewId child) {
    return casework::checks_of(
        world.office(), must(casework::person_page(world.office(), world.asker("m.brennan"), child, std::nullopt)));
}
std::size_t to_answer(OpenOffice& world, std::string_view who) {
    return must(casework::checks_to_answer(world.office(), world.asker(who), 20)).size();
}
std::string restriction_for(ViewId child, const char* level, const char* persons) {
    return fmt::format(
        R"({{"kind":"restriction.set","at":"2026-03-02","agency":"csc","author":"s.iyer","id":"r-1",
            "subjects":[{{"involvement":"subject","person":"{}"}}],
            "body":{{"level":"{}","persons":{},"reason":"Staff."}}}})",
        to_string(child), level, persons);
}

}  // namespace

TEST_CASE("the agencies that must meet are offered first choice, each with who would see the question") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_check(world);
        const auto offered = must(casework::agencies_to_ask(world.office(), world.asker("m.brennan", "triage"), child));
        CHECK_FALSE(offered.named_only);
        CHECK(offered.usual == *parse_date("2026-03-04"));  // two working days
        const auto of = [&](const char* key) {
            return std::find_if(offered.agencies.begin(), offered.agencies.end(),
                                [&](const auto& one) { return one.agency == key; });
        };
        REQUIRE(of("police") != offered.agencies.end());
        CHECK(of("police")->required);
        CHECK(of("police")->people == std::vector<std::string>{"Joshua Mensah", "Hanna Lindqvist"});
        CHECK_FALSE(of("voluntary")->required);
        CHECK(of("csc") == offered.agencies.end());    // the asker's own
        CHECK(of("board") == offered.agencies.end());  // nobody there answers
    });
}

TEST_CASE("an agency that is asked learns the name, the birth and the question, and nothing else") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_check(world);
        const auto ids = must(casework::ask_agencies(world.office(), world.asker("m.brennan", "triage"),
                                                     asking(child, {"police", "health"})));
        REQUIRE(ids.size() == 2);
        CHECK(to_answer(world, "j.mensah") == 1);
        CHECK(to_answer(world, "y.chen") == 1);
        CHECK(to_answer(world, "e.vasquez") == 0);
        CHECK(to_answer(world, "m.brennan") == 0);
        const auto question = must(casework::check_to_answer(world.office(), world.asker("y.chen"), ids[1]));
        CHECK(question.child.given_name == "Ada");
        CHECK(question.child.date_of_birth == *parse_date("2012-04-05"));
        CHECK(question.child.address.empty());
        CHECK(question.from_agency == "Northbay Children’s Social Care");
        CHECK(question.question == "When did you last see the child?");
        CHECK(question.words.size() == 3);
        // The child's record stays as closed to them as it was.
        const auto page = casework::person_page(world.office(), world.asker("y.chen"), child, std::nullopt);
        REQUIRE_FALSE(page);
        CHECK(page.error().kind == FaultKind::missing);
        // Another agency's question does not exist.
        CHECK(casework::check_to_answer(world.office(), world.asker("y.chen"), ids[0]).error().kind ==
              FaultKind::missing);
    });
}

TEST_CASE("nothing known is an answer, and is kept in the child's record with its basis") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_check(world);
        const auto ids = must(casework::ask_agencies(world.office(), world.asker("m.brennan", "triage"),
                                                     asking(child, {"health", "police"})));
        REQUIRE(casework::answer_check(world.office(), world.asker("y.chen"), {"a", ids[0], "nothing", {}, {}, {}}));
        CHECK(to_answer(world, "y.chen") == 0);
        const auto all = checks(world, child);
        REQUIRE(all.size() == 1);
        REQUIRE(all[0].agencies.size() == 2);
        CHECK(all[0].waiting() == 1);
        CHECK(all[0].agencies[0].state == casework::AskedAgency::State::answered);
        CHECK(all[0].agencies[0].holds == "nothing");
        CHECK(all[0].agencies[0].answered_by == "Yi Chen");
        CHECK(all[0].agencies[1].state == casework::AskedAgency::State::waiting);
        const auto again = casework::answer_check(world.office(), world.asker("r.macleod"),
                                                  {"b", ids[0], "something", "More.", {}, {}});
        CHECK(again.error().kind == FaultKind::conflict);
        const auto page = must(casework::person_page(world.office(), world.asker("m.brennan"), child, std::nullopt));
        const auto answer = std::find_if(page.lines.begin(), page.lines.end(),
                                         [](const auto& line) { return line.entry.row.kind == "check.answered"; });
        REQUIRE(answer != page.lines.end());
        CHECK(answer->entry.basis == "public-task.sch1-18_public-task.sch1-18_ca-2004-10_2026-1");
        CHECK(answer->entry.row.agency == "health");
    });
}

TEST_CASE("who needs more time says until when, and is waited for until then") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_check(world);
        const auto front = world.asker("m.brennan", "triage");
        const auto ids = must(casework::ask_agencies(world.office(), front, asking(child, {"health"})));
        const auto health = world.asker("y.chen");
        CHECK(casework::answer_check(world.office(), health, {"a", ids[0], "more-time", {}, {}, {}}).error().place ==
              "until");
        REQUIRE(casework::answer_check(world.office(), health,
                                       {"b", ids[0], "more-time", {}, {}, parse_date("2026-03-10").value()}));
        world.clock().set(*parse_instant("2026-03-06T09:00:00Z"));  // past the first day
        auto asked = must(casework::checks_asked(world.office(), front, 10));
        REQUIRE(asked.size() == 1);
        CHECK_FALSE(asked[0].overdue);
        CHECK(asked[0].name == "Ada Lindgren");
        CHECK(must(casework::checks_to_answer(world.office(), health, 10))[0].asked_for_time);
        world.clock().set(*parse_instant("2026-03-11T09:00:00Z"));
        CHECK(must(casework::checks_asked(world.office(), front, 10))[0].overdue);
        CHECK(checks(world, child)[0].overdue() == 1);
        REQUIRE(casework::answer_check(world.office(), health,
                                       {"c", ids[0], "something", "Seen once.", parse_date("2026-01-09").value(), {}}));
        CHECK(must(casework::checks_asked(world.office(), front, 10)).empty());
        CHECK(must(casework::checks_to_answer(world.office(), health, 10)).empty());
        const auto one = checks(world, child)[0].agencies[0];
        CHECK(one.last_seen == *parse_date("2026-01-09"));
        CHECK(one.summary == "Seen once.");
        CHECK_FALSE(one.overdue);
    });
}

TEST_CASE("an agency that is late is overdue for the asker and for itself, and may be chased") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_check(world);
        const auto front = world.asker("m.brennan", "triage");
        const auto ids = must(casework::ask_agencies(world.office(), front, asking(child, {"police"})));
        world.clock().set(*parse_instant("2026-03-05T09:00:00Z"));
        CHECK(must(casework::checks_asked(world.office(), front, 10))[0].overdue);
        CHECK(must(casework::checks_to_answer(world.office(), world.asker("h.lindqvist"), 10))[0].overdue);
        REQUIRE(casework::chase_check(world.office(), front, {"ch", ids[0], "telephone", "They look today."}));
        CHECK(checks(world, child)[0].agencies[0].chased == 1);
        REQUIRE(casework::answer_check(world.office(), world.asker("j.mensah"), {"a", ids[0], "nothing", {}, {}, {}}));
        CHECK(casework::chase_check(world.office(), front, {"ci", ids[0], "telephone", {}}).error().kind ==
              FaultKind::conflict);
    });
}

TEST_CASE("a question about a hidden child goes only to those who are named, and the others see nothing of it") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_check(world);
        REQUIRE(world.take(restriction_for(child, "hidden", R"(["m.brennan","j.mensah"])")).taken ==
                casework::Taken::taken);
        const auto front = world.asker("m.brennan", "triage");
        const auto offered = must(casework::agencies_to_ask(world.office(), front, child));
        CHECK(offered.named_only);
        REQUIRE(offered.agencies.size() == 1);
        CHECK(offered.agencies[0].agency == "police");
        CHECK(offered.agencies[0].people == std::vector<std::string>{"Joshua Mensah"});
        CHECK_FALSE(casework::ask_agencies(world.office(), front, asking(child, {"health"})));
        const auto ids = must(casework::ask_agencies(world.office(), front, asking(child, {"police"})));
        CHECK(to_answer(world, "j.mensah") == 1);
        CHECK(to_answer(world, "h.lindqvist") == 0);
        CHECK(casework::check_to_answer(world.office(), world.asker("h.lindqvist"), ids[0]).error().kind ==
              FaultKind::missing);
        REQUIRE(casework::answer_check(world.office(), world.asker("j.mensah"), {"a", ids[0], "nothing", {}, {}, {}}));
    });
}

TEST_CASE("a question that was asked before the child was hidden is seen no more by those who are not named") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_check(world);
        const auto front = world.asker("m.brennan", "triage");
        const auto ids = must(casework::ask_agencies(world.office(), front, asking(child, {"health"})));
        CHECK(to_answer(world, "y.chen") == 1);
        REQUIRE(world.take(restriction_for(child, "hidden", R"(["m.brennan"])")).taken == casework::Taken::taken);
        CHECK(to_answer(world, "y.chen") == 0);
        CHECK(casework::answer_check(world.office(), world.asker("y.chen"), {"a", ids[0], "nothing", {}, {}, {}})
                  .error()
                  .kind == FaultKind::missing);
    });
}

TEST_CASE("only who may ask asks, and the same form twice asks once") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_check(world);
        CHECK_FALSE(casework::ask_agencies(world.office(), world.asker("e.vasquez"), asking(child, {"police"})));
        const auto front = world.asker("m.brennan", "triage");
        const auto once = must(casework::ask_agencies(world.office(), front, asking(child, {"police", "health"})));
        const auto entries = world.entries();
        CHECK(must(casework::ask_agencies(world.office(), front, asking(child, {"police", "health"}))) == once);
        CHECK(world.entries() == entries);
        auto request = asking(child, {"police"});
        request.key = "ask-2";
        request.due = *parse_date("2026-03-01");
        CHECK(casework::ask_agencies(world.office(), front, request).error().place == "due");
    });
}
