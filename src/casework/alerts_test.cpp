// Looks that seem wrong: found from the audit, told to whoever oversees, answered by somebody else.
#include "casework/alerts.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include <fmt/format.h>

#include "casework/connections.hpp"
#include "support/ada.hpp"

using namespace waymark;
using namespace testing;

namespace {

constexpr const char* privacy = "p.whitlock";

Result<casework::LookAlerts> alerts_for(OpenOffice& world, std::string_view who = privacy) {
    const bool log = world.asker(who).role == "privacy-officer";
    return casework::look_alerts(world.office(), world.asker(who, log ? "subject-access" : "supervision"));
}

// Lines as they stand in the log: who looked at whom, when and on what ground.
struct Looking {
    OpenOffice& world;
    void look(std::string_view who, ViewId person, const std::string& at, const std::string& ground = "role",
              const std::string& action = "read", const std::string& route = "child.chronology",
              const std::string& result = "allowed", const std::string& rule = "") {
        auto line = record::line_of(world.asker(who), *parse_instant(at));
        line.action = action;
        line.route = route;
        line.record = person;
        line.relationship = ground;
        line.result = result;
        line.rule = rule;
        line.session = "00";
        const auto wrote = world.store().write([&](store::Transaction& tx) -> Result<void> {
            world.office().auditor->keep(tx, world.office().partnership, line);
            return {};
        });
        REQUIRE(wrote);
    }
};

const casework::LookAlert* one_of(const std::vector<casework::LookAlert>& list, std::string_view pattern,
                                  std::string_view who = {}) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const auto& one) {
        return one.pattern == pattern && (who.empty() || one.who == who);
    });
    return found == list.end() ? nullptr : &*found;
}

ViewId child_named(OpenOffice& world, const std::string& id, const std::string& family, const std::string& more = {}) {
    return known(
               world, "education", id,
               fmt::format(R"("given_name":"Perrin","family_name":"{}","date_of_birth":"2013-07-08"{})", family, more))
        .records.front();
}

}  // namespace

TEST_CASE("looks at a child with whom nobody worked then, and nothing written, are told; an open case explains them") {
    for_each_office([](OpenOffice& world) {
        Looking looking{world};
        Ada ada(world);
        looking.look("m.brennan", ada.view, "2026-02-10T10:00:00Z");
        looking.look("m.brennan", ada.view, "2026-02-11T10:00:00Z");
        CHECK(one_of(must(alerts_for(world)).open, "no-work") == nullptr);
        ada.on("2026-02-12");
        looking.look("d.kowalczyk", ada.view, "2026-01-20T10:00:00Z");
        looking.look("d.kowalczyk", ada.view, "2026-01-21T10:00:00Z");
        const auto page = must(alerts_for(world));
        const auto* one = one_of(page.open, "no-work");
        REQUIRE(one != nullptr);
        CHECK(one->who == "d.kowalczyk");
        CHECK(one->count == 2);
        CHECK(one->said == "Opened it twice while no case was open, and wrote nothing in it.");
        CHECK(one->person == ada.view);
        CHECK(one->child.find("Ada") == std::string::npos);  // who sees logs alone is not told whose it is
        CHECK(page.log_only);
        // Writing in the record is work.
        looking.look("d.kowalczyk", ada.view, "2026-01-22T10:00:00Z", "", "append");
        CHECK(one_of(must(alerts_for(world)).open, "no-work") == nullptr);
    });
}

TEST_CASE("the same family name and a declared address are told where the looker does not work with the child") {
    for_each_office([](OpenOffice& world) {
        Looking looking{world};
        const auto named = child_named(world, "k1", "Kowalczyk");
        const auto home = child_named(world, "h1", "Other", R"(,"address":"7 Quay Row","postcode":"NB1 4QQ")");
        casework::DeclareConnection mine;
        mine.key = "mine";
        mine.declared.relation = "self";
        mine.declared.family_name = "Brennan";
        mine.declared.address = "7 Quay Row";
        must(casework::declare_connection(world.office(), world.asker("m.brennan"), mine));
        looking.look("d.kowalczyk", named, "2026-02-20T10:00:00Z");
        looking.look("m.brennan", named, "2026-02-20T10:00:00Z");
        looking.look("m.brennan", home, "2026-02-20T10:00:00Z", "role");
        looking.look("d.kowalczyk", home, "2026-02-20T10:00:00Z", "role");
        const auto page = must(alerts_for(world));
        const auto* name = one_of(page.open, "own-name");
        REQUIRE(name != nullptr);
        CHECK(name->who == "d.kowalczyk");
        CHECK(name->person == named);
        const auto* address = one_of(page.open, "own-address");
        REQUIRE(address != nullptr);
        CHECK(address->who == "m.brennan");
        CHECK(address->person == home);
        looking.look("d.kowalczyk", named, "2026-02-21T10:00:00Z", "allocated");
        CHECK(one_of(must(alerts_for(world)).open, "own-name") == nullptr);
    });
}

TEST_CASE("a record close to oneself or to a colleague is told, an emergency too") {
    for_each_office([](OpenOffice& world) {
        Looking looking{world};
        const auto child = child_named(world, "r1", "Rahman");
        casework::DeclareConnection mine;
        mine.key = "mine";
        mine.declared.relation = "relative";
        mine.declared.given_name = "Perrin";
        mine.declared.family_name = "Rahman";
        mine.declared.date_of_birth = make_date(2013, 7, 8);
        must(casework::declare_connection(world.office(), world.asker("a.rahman"), mine));
        looking.look("a.rahman", child, "2026-02-20T10:00:00Z", "glass");
        looking.look("t.okafor", child, "2026-02-20T11:00:00Z", "episode");
        looking.look("j.mensah", child, "2026-02-20T11:00:00Z", "episode");
        const auto page = must(alerts_for(world));
        REQUIRE(one_of(page.open, "connection") != nullptr);
        CHECK(one_of(page.open, "connection")->who == "a.rahman");
        REQUIRE(one_of(page.open, "colleague") != nullptr);
        CHECK(one_of(page.open, "colleague")->who == "t.okafor");
        CHECK(one_of(page.open, "colleague", "j.mensah") == nullptr);  // of another agency
    });
}

TEST_CASE(
    "many looks, looks after the work ended and looks at night are told, and who works at night is left in peace") {
    for_each_office([](OpenOffice& world) {
        Looking looking{world};
        Ada ada(world);
        for (int day = 10; day < 14; ++day) {
            for (int i = 0; i < 4; ++i)
                looking.look("j.mensah", ada.view, fmt::format("2026-02-{}T1{}:00:00Z", day, i), "episode");
        }
        looking.look("k.sandhu", ada.view, "2026-02-10T10:00:00Z", "allocated");
        for (int i = 1; i < 4; ++i)
            looking.look("k.sandhu", ada.view, fmt::format("2026-02-1{}T10:00:00Z", i), "involved");
        looking.look("y.chen", ada.view, "2026-02-11T23:10:00Z", "episode");
        looking.look("y.chen", ada.view, "2026-02-12T02:10:00Z", "episode");
        looking.look("l.haddad", ada.view, "2026-02-11T23:10:00Z");
        looking.look("l.haddad", ada.view, "2026-02-12T02:10:00Z");
        for (int day = 10; day < 18; ++day)
            looking.look("r.macleod", ada.view, fmt::format("2026-02-{}T23:00:00Z", day), "episode");
        const auto page = must(alerts_for(world));
        REQUIRE(one_of(page.open, "many-looks") != nullptr);
        CHECK(one_of(page.open, "many-looks")->who == "j.mensah");
        CHECK(one_of(page.open, "many-looks")->said == "Opened it 16 times on 4 days, and wrote nothing in it.");
        REQUIRE(one_of(page.open, "after-end") != nullptr);
        CHECK(one_of(page.open, "after-end")->who == "k.sandhu");
        CHECK(one_of(page.open, "after-end")->count == 3);
        REQUIRE(one_of(page.open, "odd-hours") != nullptr);
        CHECK(one_of(page.open, "odd-hours")->who == "y.chen");
        CHECK(one_of(page.open, "odd-hours", "l.haddad") == nullptr);
        CHECK(one_of(page.open, "odd-hours", "r.macleod") == nullptr);
    });
}

TEST_CASE("a run of many children, copies, searches that open nothing and many people at one record are told") {
    for_each_office([](OpenOffice& world) {
        Looking looking{world};
        std::vector<ViewId> children;
        // Thirty-one who cannot be taken for one another.
        for (int i = 0; i < 31; ++i) {
            const std::string letters{static_cast<char>('A' + i % 26), static_cast<char>('a' + i / 26), 'x'};
            children.push_back(
                known(world, "education", fmt::format("n{}", i),
                      fmt::format(
                          R"("given_name":"{0}ol","family_name":"{0}tteridge","date_of_birth":"20{1:02}-{2:02}-17")",
                          letters, 5 + i % 12, 1 + i % 12))
                    .records.front());
        }
        for (int i = 0; i < 31; ++i)
            looking.look("a.rahman", children[static_cast<std::size_t>(i)], fmt::format("2026-02-20T10:{:02}:00Z", i),
                         "episode");
        for (int i = 0; i < 31; ++i)
            looking.look("t.okafor", children[static_cast<std::size_t>(i)],
                         fmt::format("2026-02-20T{:02}:00:00Z", i % 20), "episode");
        for (int i = 0; i < 5; ++i)
            looking.look("h.lindqvist", children[static_cast<std::size_t>(i)], fmt::format("2026-02-20T10:0{}:00Z", i),
                         "episode", "read", "child.print");
        for (int i = 0; i < 26; ++i)
            looking.look("j.mensah", {}, fmt::format("2026-02-20T10:{:02}:00Z", i), "", "search", "children.search");
        for (const char* who :
             {"a.rahman", "t.okafor", "g.ferreira", "j.mensah", "h.lindqvist", "k.sandhu", "y.chen", "r.macleod"})
            looking.look(who, children[30], "2026-02-22T10:00:00Z", "episode");
        const auto page = must(alerts_for(world));
        REQUIRE(one_of(page.open, "many-children") != nullptr);
        CHECK(one_of(page.open, "many-children")->who == "a.rahman");
        CHECK(one_of(page.open, "many-children")->count == 31);
        CHECK(one_of(page.open, "many-children", "t.okafor") == nullptr);
        REQUIRE(one_of(page.open, "copies") != nullptr);
        CHECK(one_of(page.open, "copies")->who == "h.lindqvist");
        REQUIRE(one_of(page.open, "search-only") != nullptr);
        CHECK(one_of(page.open, "search-only")->who == "j.mensah");
        const auto* crowd = one_of(page.open, "crowd");
        REQUIRE(crowd != nullptr);
        CHECK(crowd->count == 8);
        CHECK(crowd->who.empty());
        CHECK(crowd->person == children[30]);
    });
}

TEST_CASE("a sign-in used from two places by turns is told, and so is who is shut out and tries again") {
    for_each_office([](OpenOffice& world) {
        Looking looking{world};
        looking.look("a.rahman", {}, "2026-02-20T10:00:00Z", "", "session-moved", "session-moved");
        CHECK(one_of(must(alerts_for(world)).open, "two-places") == nullptr);
        looking.look("a.rahman", {}, "2026-02-20T10:20:00Z", "", "session-moved", "session-moved");
        looking.look("j.mensah", {}, "2026-02-20T10:00:00Z", "", "read", "child.chronology", "denied",
                     "police-officer/read/conflict");
        looking.look("j.mensah", {}, "2026-02-21T10:00:00Z", "", "read", "child.chronology", "denied",
                     "police-officer/read/conflict");
        looking.look("h.lindqvist", {}, "2026-02-21T10:00:00Z", "", "read", "child.chronology", "denied",
                     "police-officer/read/relationship");
        looking.look("h.lindqvist", {}, "2026-02-21T10:01:00Z", "", "read", "child.chronology", "denied",
                     "police-officer/read/relationship");
        const auto page = must(alerts_for(world));
        REQUIRE(one_of(page.open, "two-places") != nullptr);
        CHECK(one_of(page.open, "two-places")->who == "a.rahman");
        REQUIRE(one_of(page.open, "shut-out") != nullptr);
        CHECK(one_of(page.open, "shut-out")->who == "j.mensah");
        CHECK(one_of(page.open, "shut-out", "h.lindqvist") == nullptr);
    });
}

TEST_CASE(
    "a manager sees the own agency's looks with the name, nobody their own, and who oversees nothing is refused") {
    for_each_office([](OpenOffice& world) {
        Looking looking{world};
        Ada ada(world);
        for (const char* day : {"2026-01-20", "2026-01-21"}) {
            for (const char* who : {"d.kowalczyk", "s.iyer", "j.mensah"})
                looking.look(who, ada.view, fmt::format("{}T10:00:00Z", day));
        }
        ada.on("2026-02-12");
        const auto page = must(alerts_for(world, "s.iyer"));
        REQUIRE(page.open.size() == 1);
        CHECK(page.open.front().who == "d.kowalczyk");
        CHECK(page.open.front().child == "Ada Lindgren");
        CHECK_FALSE(page.log_only);
        CHECK(must(alerts_for(world)).open.size() == 3);
        const auto mine = one_of(must(alerts_for(world)).open, "no-work", "s.iyer")->id;
        const auto refused = casework::look_alert(world.office(), world.asker("s.iyer", "supervision"), mine);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == FaultKind::missing);
        CHECK(alerts_for(world, "m.brennan").error().kind == FaultKind::forbidden);
        // A hidden record is told to no manager who is not named.
        ada.restricted("hidden", R"("l.haddad")");
        world.clock().set(*parse_instant("2026-02-12T19:00:00Z"));
        CHECK(must(alerts_for(world, "s.iyer")).open.empty());
    });
}

TEST_CASE("an answer is kept with its reason, and asked again only when there is a newer look") {
    for_each_office([](OpenOffice& world) {
        Looking looking{world};
        Ada ada(world);
        looking.look("d.kowalczyk", ada.view, "2026-01-20T10:00:00Z");
        looking.look("d.kowalczyk", ada.view, "2026-01-21T10:00:00Z");
        ada.on("2026-02-12");
        const auto asker = world.asker(privacy, "subject-access");
        const auto one = must(alerts_for(world)).open.front();
        casework::AnswerLooks answer{"key", one.id, one.last, "explained", ""};
        CHECK_FALSE(casework::answer_looks(world.office(), asker, answer));
        answer.reason = "Asked her manager: it was a search before a concern.";
        const auto kept = must(casework::answer_looks(world.office(), asker, answer));
        CHECK(must(casework::answer_looks(world.office(), asker, answer)) == kept);
        auto page = must(alerts_for(world));
        CHECK(page.open.empty());
        REQUIRE(page.explained.size() == 1);
        CHECK(page.explained.front().answer->by == "Peter Whitlock");
        auto again = answer;
        again.key = "other";
        CHECK(casework::answer_looks(world.office(), asker, again).error().kind == FaultKind::conflict);
        looking.look("d.kowalczyk", ada.view, "2026-01-22T10:00:00Z");
        page = must(alerts_for(world));
        REQUIRE(page.open.size() == 1);
        CHECK(page.open.front().answer->outcome == "explained");
        again.until = page.open.front().last;
        again.outcome = "taken-up";
        must(casework::answer_looks(world.office(), asker, again));
        CHECK(must(alerts_for(world)).taken_up.size() == 1);
        // Asking is on record, and an answer stands in nobody's record.
        const auto lines = world.audit_lines();
        must(alerts_for(world));
        CHECK(world.audit_lines() == lines + 1);
        CHECK(must(ada.read("m.brennan", "triage")).lines.size() == 1);
    });
}
