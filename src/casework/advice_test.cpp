// A worry talked through: asked without a child, answered by who was asked, seen by nobody else.
#include "casework/advice.hpp"

#include <doctest/doctest.h>

#include "support/open_office.hpp"

using namespace waymark;
using namespace testing;

namespace {

Result<EntryId> ask(OpenOffice& world, std::string_view who, const std::string& to, const std::string& key = "k") {
    return casework::ask_advice(world.office(), world.asker(who), {key, to, "Category and code only"});
}
std::size_t waiting(OpenOffice& world, std::string_view who) {
    return must(casework::advice_inbox(world.office(), world.asker(who), 10)).size();
}

}  // namespace

TEST_CASE("a worry goes to the front door or the own agency's lead, as was asked, and to nobody else") {
    for_each_office([](OpenOffice& world) {
        const auto one = must(ask(world, "i.demir", "own-lead"));
        CHECK(must(ask(world, "i.demir", "own-lead")) == one);  // the same form
        const auto two = must(ask(world, "f.begum", "front-door"));
        CHECK(waiting(world, "e.vasquez") == 1);
        CHECK(waiting(world, "b.hughes") == 1);
        CHECK(waiting(world, "m.brennan") == 1);
        CHECK(waiting(world, "s.iyer") == 1);
        CHECK(waiting(world, "f.begum") == 0);  // her own
        CHECK_FALSE(casework::advice_page(world.office(), world.asker("m.brennan"), one));
        CHECK_FALSE(casework::advice_page(world.office(), world.asker("r.macleod"), one));
        CHECK(casework::advice_page(world.office(), world.asker("i.demir"), one));
        CHECK(must(casework::advice_page(world.office(), world.asker("m.brennan"), two)).may_answer);
        CHECK(must(casework::my_advice(world.office(), world.asker("i.demir"), 10)).size() == 1);
        CHECK_FALSE(casework::advice_inbox(world.office(), world.asker("r.macleod"), 10));
        CHECK_FALSE(ask(world, "m.brennan", "front-door"));
    });
}

TEST_CASE("where the own agency has no other lead only the front door is offered") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        CHECK(casework::advisers_for(office, world.asker("f.begum")) == std::vector<std::string>{"front-door"});
        CHECK(casework::advisers_for(office, world.asker("e.vasquez")).size() == 2);
        CHECK(casework::advisers_for(office, world.asker("r.macleod")) == std::vector<std::string>{"front-door"});
        CHECK(casework::advisers_for(office, world.asker("m.brennan")).empty());
        CHECK_FALSE(ask(world, "f.begum", "own-lead"));
    });
}

TEST_CASE("advice is given by who was asked, kept with its words, and nobody advises themselves") {
    for_each_office([](OpenOffice& world) {
        const auto asked = must(ask(world, "e.vasquez", "own-lead"));
        const casework::GiveAdvice advice{"a", asked, "raise", "Raise it today."};
        CHECK(casework::give_advice(world.office(), world.asker("e.vasquez"), advice).error().kind ==
              FaultKind::missing);
        CHECK_FALSE(casework::give_advice(world.office(), world.asker("m.brennan"), advice));
        const auto given = must(casework::give_advice(world.office(), world.asker("b.hughes"), advice));
        CHECK(must(casework::give_advice(world.office(), world.asker("b.hughes"), advice)) == given);
        const auto page = must(casework::advice_page(world.office(), world.asker("e.vasquez"), asked));
        REQUIRE(page.given.size() == 1);
        CHECK(page.given.front().advice == "raise");
        CHECK(page.given.front().text == "Raise it today.");
        CHECK(page.given.front().by == "Bethan Hughes");
        CHECK(page.mine);
        CHECK_FALSE(page.may_answer);
    });
}

TEST_CASE("a worry stands in no child's record, and reading it is on record") {
    for_each_office([](OpenOffice& world) {
        const auto asked = must(ask(world, "f.begum", "front-door"));
        const auto row = world.read([&](store::Snapshot& s) {
            return *s.entries(world.office().partnership, std::vector{asked}, store::Want::cards).front();
        });
        CHECK(row.row.record.is_nil());
        CHECK(row.row.case_id.is_nil());
        const auto lines = world.audit_lines();
        must(casework::advice_page(world.office(), world.asker("m.brennan"), asked));
        CHECK(world.audit_lines() == lines + 1);
    });
}
