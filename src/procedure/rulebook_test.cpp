#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <fmt/core.h>

#include "support/sample_case.hpp"

using namespace waymark;
using namespace waymark::procedure;
using namespace waymark::testing;
using Unit = ClockLength::Unit;

namespace {

constexpr std::string_view start = R"(name = "p"
version = "1"
title = "P"
nation = "england"
in_force = 2020-01-01
[[event]]
id = "concern"
kind = "concern.raised"
[[event]]
id = "triage"
kind = "triage.decided"
)";

Fault refusal(const std::string& more) {
    const auto book = parse_rulebook(std::string(start) + more, "p.toml", catalogue());
    REQUIRE_FALSE(book.has_value());
    return book.error();
}

const std::string a_duty = R"([[rule]]
id = "decide"
relation = "response"
from = "concern"
to = "triage"
clock = "1 working day"
owner = "front-door"
label = "Decide"
source = "Sefton 3.x"
)";

std::string without(std::string text, const std::string& key) {
    const auto at = text.find("\n" + key + " = ") + 1;
    return text.erase(at, text.find('\n', at) - at + 1);
}
std::string replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("the rulebook for England reads, and every clock names its source and the date from which it is in force") {
    const auto& book = hsb();
    CHECK(book.name == "hsb-england");
    for (const auto& rule : book.rules) {
        if (!rule.deadline) continue;
        CHECK_MESSAGE(!rule.source.text.empty(), rule.id);
        CHECK_MESSAGE(rule.source.in_force > Date{}, rule.id);
        CHECK_MESSAGE(
            (rule.source.unsourced || !rule.source.register_id.empty() || rule.source.text.rfind("[D]", 0) == 0),
            rule.id);
    }
    CHECK(book.rule("referral-decision")->source.register_id == "C01");
    CHECK(book.rule("strategy-discussion")->deadline == ClockLength{Unit::hours, 24});
    CHECK(book.rule("assessment")->deadline == ClockLength{Unit::working_days, 45});
    CHECK(child_protection().rule("conference")->deadline == ClockLength{Unit::working_days, 15});
    CHECK(book.rule("immediate-danger")->source.unsourced);
    CHECK(book.rule("immediate-danger")->urgent == "Telephone now");
    CHECK(book.rule("no-such-rule") == nullptr);
}

TEST_CASE("protection is never gated: no gate of any shipped procedure holds a protective step") {
    // Closing and the lighter ways; what is decided about a charge; a plan in need beside one for protection; courses
    // of action that are proposed first.
    const std::set<std::string> gated{"triage.decided", "case.closed",  "charge.decided", "plan.agreed",
                                      "plan.ended",     "action.taken", "order.completed"};
    const std::set<std::string> protective{"strategy.held",   "enquiry.opened",    "conference.held",
                                           "concern.raised",  "disclosure.made",   "support.started",
                                           "support.offered", "keep-apart.agreed", "visit.made"};
    for (const auto* name : {"hsb-england", "child-protection-england", "looked-after-england", "consultation",
                             "challenge", "feedback", "transfer", "front-door-wales"}) {
        const auto book = shipped(name);
        for (const auto& rule : book.rules) {
            if (rule.relation == Relation::response || rule.relation == Relation::include) continue;
            const auto& kind = book.event(rule.to)->kind;
            CHECK_MESSAGE(gated.contains(kind), name << ' ' << rule.id << ' ' << kind);
            CHECK_MESSAGE(!protective.contains(kind), name << ' ' << rule.id);
        }
    }
    for (const auto& rule : hsb().rules) {
        if (rule.relation != Relation::response && hsb().event(rule.to)->kind == "triage.decided")
            CHECK(rule.to == "triage-lighter");
    }
    CHECK(hsb().event("triage-lighter")->guard.fields.at("outcome") ==
          std::vector<std::string>{"no-further-action", "advice", "early-help"});
}

TEST_CASE("a rulebook is refused with its line, the reason and a mend") {
    CHECK(parse_rulebook(std::string(start) + a_duty, "p.toml", catalogue()).has_value());
    const auto typo = refusal(replaced(a_duty, "owner", "ownr"));
    CHECK(typo.place == "p.toml:18");
    CHECK(typo.mend == "did you mean \"owner\"?");
    CHECK(refusal("[[rule]]\nid = 5\n").place == "p.toml:13");
    CHECK(refusal("x = = 1").place.rfind("p.toml:", 0) == 0);
    CHECK(refusal(std::string("title2 = \"\xff\"")).reason.find("UTF-8") != std::string::npos);
}

TEST_CASE("a clock without a source, a duty that nobody owes, and unknown names are refused") {
    CHECK(refusal(without(a_duty, "source")).reason == "a clock without a source");
    CHECK(refusal(without(a_duty, "owner")).reason == "a duty that nobody owes");
    CHECK(refusal(without(a_duty, "label")).reason == "a duty without words");
    CHECK(refusal(without(a_duty, "clock")).reason == "a duty without a clock");
    CHECK(refusal(replaced(a_duty, "front-door", "front-dor")).mend == "did you mean \"front-door\"?");
    CHECK(refusal(replaced(a_duty, "\"triage\"", "\"triag\"")).mend == "did you mean \"triage\"?");
    CHECK(refusal(replaced(a_duty, "response", "respond")).reason == "unknown relation \"respond\"");
    CHECK(refusal(replaced(a_duty, "1 working day", "soon")).place == "p.toml:17");
    CHECK(refusal(a_duty + "register = \"X1\"\n").reason.find("clock register") != std::string::npos);
    CHECK(refusal(a_duty + a_duty).reason == "there is another rule \"decide\"");
    CHECK(refusal("[[event]]\nid = \"x\"\nkind = \"concern.rased\"\n").mend == "did you mean \"concern.raised\"?");
    CHECK(refusal("[[cue]]\nid = \"drft\"\nlabel = \"x\"\nsource = \"y\"\n").mend == "did you mean \"drift\"?");
    CHECK(refusal("[[cue]]\nid = \"drift\"\nlabel = \"x\"\nsource = \"y\"\nparameters = {weeks = 3}\n").reason ==
          "the cue has no parameter \"weeks\"");
}

TEST_CASE("a guard names fields, and codes that the kind has") {
    CHECK(refusal("[[event]]\nid = \"x\"\nkind = \"triage.decided\"\nwhere = {outcom = \"advice\"}\n").place ==
          "p.toml:15");
    CHECK(refusal("[[event]]\nid = \"x\"\nkind = \"triage.decided\"\nwhere = {outcome = \"advise\"}\n").reason ==
          "\"advise\" is not a code of triage.decided.outcome");
    CHECK(refusal("[[event]]\nid = \"x\"\nkind = \"triage.decided\"\nwhere = {rationale = \"x\"}\n")
              .reason.find("is text") != std::string::npos);
    CHECK(refusal("[[event]]\nid = \"x\"\nkind = \"concern.raised\"\nwhere = {immediate_danger = \"maybe\"}\n").mend ==
          "write true or false");
}

TEST_CASE("what belongs to a duty is refused of other relations") {
    const auto gate = replaced(a_duty, "response", "condition");
    CHECK(refusal(gate).reason == "owner belongs to a response only");
    CHECK(refusal("[[rule]]\nid = \"x\"\nrelation = \"milestone\"\nfrom = \"concern\"\nto = \"triage\"\nclock = \"1 "
                  "hour\"\nsource = \"s\"\n")
              .reason == "only a response or a condition has a clock");
}

TEST_CASE("a profile's clocks go over the procedure's, and an unknown one is a fault") {
    const auto book = with_clocks(hsb(), {{"referral-decision", {Unit::hours, 24}}});
    REQUIRE(book.has_value());
    for (const auto& rule : book->rules) {
        if (rule.id == "referral-decision") CHECK(rule.deadline == ClockLength{Unit::hours, 24});
    }
    const auto unknown = with_clocks(hsb(), {{"referral-decisions", {Unit::hours, 24}}});
    REQUIRE_FALSE(unknown.has_value());
    CHECK(unknown.error().mend == "did you mean \"referral-decision\"?");
}

TEST_CASE("the words of a rulebook name every rule, its owner and its source") {
    const auto text = explain(hsb());
    for (const auto& rule : hsb().rules) CHECK(text.find(rule.id + ": ") != std::string::npos);
    CHECK(text.find("owes \"Decide what happens next, and record it\" within 1 working day") != std::string::npos);
    CHECK(text.find("C40 Sefton") != std::string::npos);
}

TEST_CASE("the rulebook for England is proved sound, and says which of its clocks rest on no source") {
    const auto found = check(hsb(), england(), nullptr);
    for (const auto& fault : found.faults) MESSAGE(fault.what << ' ' << fault.rule << ": " << fault.why);
    CHECK(found.answer == Check::Answer::proved);
    CHECK(found.faults.empty());
    CHECK(found.states > 0);
    std::set<std::string> unsourced;
    for (const auto& rule : hsb().rules) {
        if (rule.source.unsourced) unsourced.insert(rule.id);
    }
    std::set<std::string> noted;
    for (const auto& note : found.notes) noted.insert(note.rule);
    CHECK(noted.contains("immediate-danger"));
    for (const auto& rule : unsourced) CHECK_MESSAGE(noted.contains(rule), rule);
}

TEST_CASE("the rulebook for England is refuted if any one of its duties waits for itself") {
    for (const auto& duty : hsb().rules) {
        // What closes an instance takes its duties along: that is another way out than meeting them.
        const bool has_another_way = !duty.also_met_by.empty() || !hsb().event(duty.to)->instance.empty();
        if (duty.relation != Relation::response || has_another_way) continue;
        auto book = hsb();
        Rule held;
        held.id = "held";
        held.relation = Relation::milestone;
        held.from = held.to = duty.to;
        book.rules.push_back(held);
        const auto found = check(book, england(), nullptr);
        CHECK(found.answer == Check::Answer::refuted);
        CHECK_MESSAGE(std::any_of(found.faults.begin(), found.faults.end(),
                                  [&](const auto& fault) { return fault.what == "deadlock" && fault.rule == duty.id; }),
                      duty.id);
    }
}

namespace {
// A decision that waits until none of so many things is owed, each of which may be owed or not: 2^n states and more.
// The last of them waits for the decision, so that no plan leads out.
std::string many_owed(int n, bool locked) {
    std::string text(start);
    std::string codes;
    for (int i = 0; i < n; ++i) {
        text += fmt::format(
            "[[event]]\nid = \"ask-{0}\"\nkind = \"sharing.requested\"\nwhere = {{purpose = \"p{0}\"}}\n"
            "[[event]]\nid = \"tell-{0}\"\nkind = \"sharing.decided\"\nwhere = {{obligations = \"p{0}\"}}\n"
            "[[rule]]\nid = \"answer-{0}\"\nrelation = \"response\"\nfrom = \"ask-{0}\"\nto = \"tell-{0}\"\n"
            "clock = \"5 days\"\nowner = \"front-door\"\nlabel = \"Answer\"\nsource = \"[U]\"\n"
            "[[rule]]\nid = \"wait-{0}\"\nrelation = \"milestone\"\nfrom = \"tell-{0}\"\nto = \"triage\"\n",
            i);
    }
    if (locked) {
        text += fmt::format("[[rule]]\nid = \"lock\"\nrelation = \"milestone\"\nfrom = \"triage\"\nto = \"tell-{}\"\n",
                            n - 1);
    }
    return text + a_duty;
}
}  // namespace

TEST_CASE("more states than may be walked are undecided where no plan leads out, not proved") {
    const auto locked = rulebook_of(many_owed(6, true));
    CHECK(check(locked, england(), nullptr, 20).answer == Check::Answer::undecided);
    CHECK(check(locked, england(), nullptr).answer == Check::Answer::refuted);
}

TEST_CASE("a rulebook with more states than anybody could walk is proved by plan") {
    const auto found = check(rulebook_of(many_owed(60, false)), england(), nullptr);
    for (const auto& fault : found.faults) MESSAGE(fault.what << ' ' << fault.rule << ": " << fault.why);
    CHECK(found.answer == Check::Answer::proved);
}

TEST_CASE("what is never part of the case is no way out of a part too large to walk") {
    auto book = rulebook_of(many_owed(40, true) + R"([[event]]
id = "other-way"
kind = "supervision.recorded"
included = false
)");
    for (auto& rule : book.rules) {
        if (rule.id == "decide") rule.also_met_by = {"other-way"};
    }
    CHECK(check(book, england(), nullptr, 2'000).answer != Check::Answer::proved);
}

TEST_CASE("an agency that the profile does not have is a fault of a rulebook that needs it") {
    const auto text = content::read_content(std::string(WAYMARK_SOURCE_DIR) + "/content", "profiles/northbay.toml");
    const auto profile = content::parse_profile(text.value(), "northbay.toml").value();
    const auto book = rulebook_of(std::string(start) +
                                  "[[event]]\nid = \"by\"\nkind = \"consultation.given\"\nwhere = {by = "
                                  "[\"police\", \"childrens-reporter\"]}\n");
    const auto found = check(book, england(), &profile);
    REQUIRE(found.faults.size() == 1);
    CHECK(found.faults[0].what == "unknown-agency");
    CHECK(found.faults[0].place == "test.toml:12");
    CHECK(check(book, england(), nullptr).answer == Check::Answer::proved);
}

TEST_CASE("every broken rulebook shows the fault that it was broken with, and no other") {
    int seen = 0;
    for (const auto& file :
         std::filesystem::directory_iterator(std::string(WAYMARK_SOURCE_DIR) + "/tests/procedures/broken")) {
        const auto name = file.path().filename().string();
        CAPTURE(name);
        std::ifstream in(file.path());
        std::stringstream text;
        text << in.rdbuf();
        std::set<std::string> expected;
        std::string expected_lines;
        std::istringstream lines(text.str());
        for (std::string line; std::getline(lines, line);) {
            if (line.rfind("# finds: ", 0) == 0) expected.insert(line.substr(9));
            if (line.rfind("# line: ", 0) == 0) expected_lines = line.substr(8);
        }
        REQUIRE_FALSE(expected.empty());
        std::set<std::string> found;
        std::set<int> at;
        const auto on_line = [&](const std::string& place) {
            REQUIRE(place.rfind(name + ':', 0) == 0);
            at.insert(std::stoi(place.substr(name.size() + 1)));
        };
        const auto book = parse_rulebook(text.str(), name, catalogue());
        if (!book) {
            found.insert("refused: " + book.error().reason);
            on_line(book.error().place);
            CHECK_FALSE(book.error().mend.empty());
        } else {
            const auto answer = check(*book, england(), nullptr);
            CHECK(answer.answer == Check::Answer::refuted);
            for (const auto& fault : answer.faults) {
                std::string words = fault.what + ' ' + fault.rule;
                for (const auto& step : fault.run) words += (&step == &fault.run.front() ? ": " : " > ") + step;
                found.insert(words);
                on_line(fault.place);
            }
        }
        for (const auto& one : expected) CHECK_MESSAGE(found.contains(one), "not found: " << one);
        for (const auto& one : found) CHECK_MESSAGE(expected.contains(one), "found too: " << one);
        std::string found_lines;
        for (const auto line : at) found_lines += (found_lines.empty() ? "" : ", ") + std::to_string(line);
        CHECK(found_lines == expected_lines);
        ++seen;
    }
    CHECK(seen >= 20);
}

TEST_CASE("a rulebook made in memory is read over too") {
    auto book = rulebook_of(std::string(start) + a_duty);
    book.rules[0].owner = "nobody-known";
    book.rules[0].source.text.clear();
    const auto found = check(book, england(), nullptr);
    REQUIRE(found.faults.size() == 2);
    CHECK(found.faults[0].what == "unsourced");
    CHECK(found.faults[1].what == "unknown-role");
    book.rules[0].to = "nothing";
    CHECK(check(book, england(), nullptr).faults[0].what == "unknown-event");
}
