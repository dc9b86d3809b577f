// Break-glass: who may, what it opens, for how long, who is told, and who looks into it afterwards.
#include "casework/glass.hpp"

#include <doctest/doctest.h>

#include "support/ada.hpp"
#include "support/two_people.hpp"

using namespace waymark;
using namespace testing;

namespace {

const std::string reason = "The child is in hospital and the ward asks who may visit.";

Result<casework::Broken> opened(OpenOffice& world, std::string_view who, ViewId person, int hours = 24,
                                const std::string& why = reason) {
    static int keys = 0;
    return casework::break_glass(world.office(), world.asker(who),
                                 {fmt::format("glass-{}", ++keys), person, why, hours});
}
bool is_told(OpenOffice& world, std::string_view who, EntryId entry) {
    const auto told = must(casework::glass_notices(world.office(), world.asker(who)));
    return std::any_of(told.begin(), told.end(), [&](const auto& one) { return one.entry == entry; });
}
Result<EntryId> review(OpenOffice& world, std::string_view who, EntryId entry,
                       const std::string& outcome = "justified") {
    static int keys = 0;
    return casework::review_glass(world.office(), world.asker(who),
                                  {fmt::format("review-{}", ++keys), entry, outcome, "The log bears it out."});
}

}  // namespace

TEST_CASE("a record that does not open is opened with a typed reason, for as long as was asked and no longer") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.on("2026-02-10");
        REQUIRE_FALSE(ada.read("a.rahman"));
        const auto offer = must(casework::glass_offer(world.office(), world.asker("a.rahman"), ada.view));
        CHECK(offer.most_hours == 24);
        CHECK(offer.why.find("does not know this child") != std::string::npos);
        const auto broken = must(opened(world, "a.rahman", ada.view, 4));
        CHECK(broken.until == world.clock().now() + std::chrono::hours(4));
        const auto page = must(ada.read("a.rahman"));
        CHECK(page.by_glass);
        CHECK(page.access_ends == broken.until);
        CHECK_FALSE(ada.read("t.okafor"));  // hers alone
        world.clock().set(broken.until);
        CHECK_FALSE(ada.read("a.rahman"));
        // That it was open makes no relationship.
        CHECK(ada.read("a.rahman").error().reason.find("does not know this child") != std::string::npos);
    });
}

TEST_CASE("breaking the glass needs a reason that can be judged, hours within the policy, and a record that is shut") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.triaged();
        CHECK(opened(world, "k.sandhu", ada.view, 24, "").error().place == "reason");
        CHECK(opened(world, "k.sandhu", ada.view, 24, "Now").error().place == "reason");
        CHECK(opened(world, "k.sandhu", ada.view, 0).error().place == "hours");
        CHECK(opened(world, "k.sandhu", ada.view, 25).error().place == "hours");
        CHECK(casework::glass_offer(world.office(), world.asker("a.rahman"), ada.view).error().kind ==
              FaultKind::conflict);
        ViewId nobody;
        nobody.value.octets[3] = 9;
        CHECK(opened(world, "k.sandhu", nobody).error().kind == FaultKind::missing);
    });
}

TEST_CASE("a role that is not qualified may not break the glass, and is told the same of every child") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ViewId nobody;
        nobody.value.octets[3] = 9;
        for (const auto* who : {"b.hughes", "f.begum", "u.nwosu", "z.novak", "p.whitlock"}) {
            CAPTURE(who);
            const auto refused = opened(world, who, ada.view);
            REQUIRE_FALSE(refused);
            CHECK(refused.error().kind == FaultKind::forbidden);
            CHECK(refused.error() == opened(world, who, nobody).error());
        }
        ada.restricted("hidden");
        CHECK(opened(world, "b.hughes", ada.view).error() == opened(world, "b.hughes", nobody).error());
    });
}

TEST_CASE("it opens what is for named people and what is hidden, and never what is sealed or shuts one out by name") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.triaged();
        ada.restricted("named-only", R"("t.okafor")");
        REQUIRE_FALSE(ada.read("s.iyer"));
        REQUIRE(opened(world, "s.iyer", ada.view));
        CHECK(ada.read("s.iyer"));
        ada.restricted("hidden", R"("t.okafor")");
        CHECK(ada.read("s.iyer"));
        CHECK(opened(world, "a.rahman", ada.view));
        CHECK(ada.read("a.rahman"));
        ada.restricted("all-but-named", R"("m.brennan")");
        CHECK(opened(world, "m.brennan", ada.view).error().place == "front-door/append/restriction");
        ada.restricted("sealed", R"("t.okafor")");
        CHECK(opened(world, "j.mensah", ada.view).error().kind == FaultKind::missing);
        CHECK_FALSE(ada.read("a.rahman"));
        CHECK_FALSE(ada.read("s.iyer"));
    });
}

TEST_CASE("outside a demonstration a weak sign-in does not break the glass") {
    using sharing::strong_enough;
    record::Asker asker;
    for (const auto* weak : {"", "name", "password", "command"}) {
        asker.strength = weak;
        CHECK_FALSE(strong_enough(asker, "two-factor", false));
        CHECK(strong_enough(asker, "two-factor", true));
    }
    for (const auto* strong : {"two-factor", "phishing-resistant"}) {
        asker.strength = strong;
        CHECK(strong_enough(asker, "two-factor", false));
    }
}

TEST_CASE(
    "a record opens in an emergency to a sign-in as strong as the policy and the server ask for, and to no weaker") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.on("2026-02-10");
        world.go_live();
        const std::vector<std::string> strengths{"", "name", "command", "password", "two-factor", "phishing-resistant"};
        for (const auto* asked : {"", "password", "two-factor", "phishing-resistant"}) {
            world.ask_to_break_glass(asked);
            const std::string needed =
                std::string(asked) == "phishing-resistant" ? asked : "two-factor";  // the policy's
            for (const auto& has : strengths) {
                auto asker = signed_in(world, "j.mensah");
                asker.strength = has;
                const bool enough = sharing::strength_rank(has) >= sharing::strength_rank(needed);
                const auto offer = casework::glass_offer(world.office(), asker, ada.view);
                REQUIRE(offer);
                CHECK(offer->strong_enough == enough);
                CHECK(offer->needed == needed);
                if (enough) continue;  // once open there is nothing to break
                const auto refused = casework::break_glass(
                    world.office(), asker, {"weak-" + has + asked, ada.view, "The ward asks who may visit", 1});
                REQUIRE_FALSE(refused);
                CHECK(refused.error().place == "strength");
                CHECK(refused.error().mend.find(sharing::strength_words(needed)) != std::string::npos);
            }
        }
        auto asker = signed_in(world, "j.mensah");
        asker.strength = "phishing-resistant";
        CHECK(casework::break_glass(world.office(), asker, {"strong", ada.view, "The ward asks who may visit", 1}));
    });
}

TEST_CASE("who leads the case, the front door and those who oversee the person's agency are told at once") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.triaged();
        ada.add("case.transferred", "2026-02-05", R"({"lead":"t.okafor"})");
        ada.on("2026-02-10");
        const auto entry = must(opened(world, "j.mensah", ada.view)).entry;
        CHECK(is_told(world, "t.okafor", entry));
        CHECK(is_told(world, "m.brennan", entry));
        CHECK(is_told(world, "p.whitlock", entry));
        CHECK_FALSE(is_told(world, "a.rahman", entry));  // works in the agency, does not lead
        CHECK_FALSE(is_told(world, "s.iyer", entry));    // oversees another agency's people
        CHECK_FALSE(is_told(world, "j.mensah", entry));  // knows it already
        CHECK_FALSE(is_told(world, "e.vasquez", entry));
        // Who oversees is told who, when and why, and not of whom.
        for (const auto& one : must(casework::glass_notices(world.office(), world.asker("p.whitlock")))) {
            CHECK_FALSE(one.person);
            CHECK(one.reason == reason);
        }
        const auto own = must(opened(world, "a.rahman", known(world, "health", "bea", is_olive).records.front())).entry;
        CHECK(is_told(world, "s.iyer", own));
    });
}

TEST_CASE("each use is due for review on the next working day, and is told as later every working day after") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.on("2026-02-13");  // a Friday
        const auto entry = must(opened(world, "a.rahman", ada.view)).entry;
        const auto late = [&](const char* day) {
            ada.on(day);
            return must(casework::glass_use(world.office(), world.asker("p.whitlock"), entry)).days_late;
        };
        CHECK(format_date(must(casework::glass_use(world.office(), world.asker("p.whitlock"), entry)).review_by) ==
              "2026-02-16");
        CHECK(late("2026-02-15") == 0);
        CHECK(late("2026-02-16") == 0);
        CHECK(late("2026-02-17") == 1);
        CHECK(late("2026-02-23") == 5);
    });
}

TEST_CASE("a use is reviewed once, with a reason, by somebody who oversees and who is not its author") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.on("2026-02-10");
        const auto own = must(opened(world, "s.iyer", known(world, "health", "bea", is_olive).records.front()));
        CHECK(review(world, "s.iyer", own.entry).error().place == "own-use");
        CHECK(review(world, "a.rahman", own.entry).error().kind == FaultKind::forbidden);
        CHECK(review(world, "p.whitlock", own.entry, "perhaps").error().place == "outcome");
        CHECK(review(world, "p.whitlock", own.entry, "not-justified"));
        CHECK(review(world, "p.whitlock", own.entry).error().kind == FaultKind::conflict);
        const auto use = must(casework::glass_use(world.office(), world.asker("p.whitlock"), own.entry));
        REQUIRE(use.review);
        CHECK(use.review->outcome == "not-justified");
        CHECK(use.days_late == 0);
        // A manager looks into their own agency's people only.
        const auto police = must(opened(world, "j.mensah", ada.view));
        CHECK(review(world, "s.iyer", police.entry).error().kind == FaultKind::missing);
        CHECK(must(casework::glass_uses(world.office(), world.asker("p.whitlock"), 10)).size() == 2);
        CHECK(must(casework::glass_uses(world.office(), world.asker("s.iyer"), 10)).size() == 1);
    });
}

TEST_CASE("an emergency leaves its entry in the child's record, and no other way makes one") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.on("2026-02-10");
        const auto entry = must(opened(world, "a.rahman", ada.view)).entry;
        const auto page = must(ada.read("m.brennan"));
        const auto found = std::find_if(page.lines.begin(), page.lines.end(),
                                        [&](const auto& line) { return line.entry.row.entry == entry; });
        REQUIRE(found != page.lines.end());
        CHECK(found->title == "Record opened in an emergency");
        CHECK(string_or(found->entry.body, "reason", "") == reason);
        const auto permit = must(world.office().gate->ask(world.asker("t.okafor"), record::Action::append));
        const auto outcome = world.take_drafts(
            {world.draft(fmt::format(
                R"({{"kind":"glass.broken","at":"2026-02-10","agency":"csc","author":"t.okafor","body":{{"reason":"r"}},)"
                R"("subjects":[{{"involvement":"subject","person":"{}"}}]}})",
                to_string(ada.view)))},
            permit);
        CHECK(outcome.front().taken == casework::Taken::refused);
        CHECK_FALSE(ada.read("t.okafor"));
    });
}
