// Restrictions: set at once by one, reviewed within ninety days, lifted by two.
#include "casework/restrictions.hpp"

#include <doctest/doctest.h>

#include "support/ada.hpp"

using namespace waymark;
using namespace testing;

namespace {

Result<EntryId> set(OpenOffice& world, std::string_view who, ViewId person, const std::string& level,
                    std::vector<std::string> listed, std::optional<Date> review_by = std::nullopt,
                    const std::string& reason = "A relative works here.") {
    static int keys = 0;
    return casework::set_restriction(
        world.office(), world.asker(who),
        {fmt::format("set-{}", ++keys), person, level, std::move(listed), reason, review_by});
}
Result<EntryId> review(OpenOffice& world, std::string_view who, EntryId entry, bool lift,
                       std::optional<Date> review_by = std::nullopt) {
    static int keys = 0;
    return casework::review_restriction(world.office(), world.asker(who),
                                        {fmt::format("rev-{}", ++keys), entry, lift, "It was looked at.", review_by});
}
casework::RestrictionItem item(OpenOffice& world, std::string_view who, EntryId entry) {
    return must(casework::restriction_item(world.office(), world.asker(who), entry));
}

}  // namespace

TEST_CASE("a restriction is set at once, with who is named, a reason and a day within ninety") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.triaged();
        ada.on("2026-02-10");
        CHECK(set(world, "s.iyer", ada.view, "team", {"s.iyer"}).error().place == "level");
        CHECK(set(world, "s.iyer", ada.view, "named-only", {}).error().place == "persons");
        CHECK(set(world, "s.iyer", ada.view, "named-only", {"nobody"}).error().place == "persons");
        CHECK(set(world, "s.iyer", ada.view, "named-only", {"s.iyer"}, std::nullopt, " ").error().place == "reason");
        CHECK(
            set(world, "s.iyer", ada.view, "named-only", {"s.iyer"}, parse_date("2026-06-01").value()).error().place ==
            "review_by");
        CHECK(set(world, "a.rahman", ada.view, "named-only", {"a.rahman"}).error().kind == FaultKind::forbidden);
        CHECK(ada.read("a.rahman"));
        REQUIRE(set(world, "s.iyer", ada.view, "named-only", {"s.iyer", "t.okafor"}));
        CHECK_FALSE(ada.read("a.rahman"));
        CHECK(ada.read("t.okafor"));
        CHECK(must(casework::practitioners_named(world.office(), "Sunita Iyer\n t.okafor ")) ==
              std::vector<std::string>{"s.iyer", "t.okafor"});
        CHECK(casework::practitioners_named(world.office(), "Sunita Iyer\nA. Stranger").error().place == "persons");
    });
}

TEST_CASE("a restriction is due for review two weeks before its day, and a review that keeps it gives a new day") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.on("2026-02-10");
        const auto entry = must(set(world, "s.iyer", ada.view, "named-only", {"s.iyer"}));
        const auto due = [&](const char* day) {
            ada.on(day);
            return must(casework::restrictions_in_force(world.office(), world.asker("s.iyer"), true)).size();
        };
        CHECK(format_date(item(world, "s.iyer", entry).review_by) == "2026-05-11");
        CHECK(due("2026-04-26") == 0);
        CHECK(due("2026-04-27") == 1);
        CHECK_FALSE(item(world, "s.iyer", entry).late);
        CHECK(due("2026-05-12") == 1);
        CHECK(item(world, "s.iyer", entry).late);
        CHECK(review(world, "s.iyer", entry, false));
        CHECK(format_date(item(world, "s.iyer", entry).review_by) == "2026-08-10");
        CHECK(due("2026-05-13") == 0);
        CHECK(review(world, "s.iyer", entry, false, parse_date("2026-09-30").value()).error().place == "review_by");
        CHECK(review(world, "s.iyer", entry, false, parse_date("2026-06-01").value()));
        CHECK(format_date(item(world, "s.iyer", entry).review_by) == "2026-06-01");
    });
}

TEST_CASE("a restriction is lifted when a second person agrees, and stays until then") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.triaged();
        ada.on("2026-02-10");
        const auto entry = must(set(world, "s.iyer", ada.view, "named-only", {"s.iyer", "l.haddad"}));
        REQUIRE(review(world, "s.iyer", entry, true));
        CHECK_FALSE(ada.read("a.rahman"));
        const auto waiting = item(world, "s.iyer", entry);
        REQUIRE(waiting.lift_asked);
        CHECK(waiting.lift_asked_by == "Sunita Iyer");
        CHECK(review(world, "s.iyer", entry, true).error().place == "second-person");
        const auto answer = [&](const record::Asker& who) {
            static int keys = 0;
            return casework::two_persons::approve(world.office(), who,
                                                  {fmt::format("yes-{}", ++keys), *waiting.lift_asked, true, ""});
        };
        CHECK(answer(signed_in(world, "s.iyer")).error().place == "same-person");
        CHECK_FALSE(answer(signed_in(world, "a.rahman")));
        CHECK_FALSE(answer(signed_in(world, "w.tremblay")));
        CHECK_FALSE(ada.read("a.rahman"));
        REQUIRE(answer(signed_in(world, "p.whitlock", "subject-access")));
        CHECK(ada.read("a.rahman"));
        CHECK(answer(signed_in(world, "l.haddad")).error().kind == FaultKind::conflict);
        CHECK(casework::restriction_item(world.office(), world.asker("s.iyer"), entry).error().kind ==
              FaultKind::missing);
    });
}

TEST_CASE("who is not named for a hidden record has no trace of its restriction, and a privacy officer no name") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.on("2026-02-10");
        const auto entry = must(set(world, "l.haddad", ada.view, "hidden", {"l.haddad"}));
        CHECK(must(casework::restrictions_in_force(world.office(), world.asker("s.iyer"), false)).empty());
        EntryId none;
        none.value.octets[3] = 9;
        CHECK(casework::restriction_item(world.office(), world.asker("s.iyer"), entry).error() ==
              casework::restriction_item(world.office(), world.asker("s.iyer"), none).error());
        CHECK(review(world, "s.iyer", entry, true).error().kind == FaultKind::missing);
        const auto seen = item(world, "p.whitlock", entry);
        CHECK_FALSE(seen.person);
        CHECK(seen.reference.starts_with("WM-"));
        CHECK(item(world, "l.haddad", entry).person);
        CHECK(casework::restrictions_in_force(world.office(), world.asker("a.rahman"), false).error().kind ==
              FaultKind::forbidden);
    });
}

TEST_CASE("who reviews a restriction reads its reason in full, and the audit says so; a list shows no reason") {
    for_each_office([](OpenOffice& world) {
        Ada ada(world);
        ada.on("2026-03-10");
        const auto entry = must(set(world, "s.iyer", ada.view, "named-only", {"s.iyer"}));
        for (const char* who : {"l.haddad", "p.whitlock"}) {
            must(casework::restrictions_in_force(world.office(), world.asker(who), false));
            const auto listed = world.audit_of(ada.view).front();
            CHECK(item(world, who, entry).reason == "A relative works here.");
            const auto read = world.audit_of(ada.view).front();
            REQUIRE(listed.shown.size() == 1);
            REQUIRE(read.shown.size() == 1);
            CHECK(listed.shown.front().depth == record::Depth::summary);
            CHECK(read.shown.front().entry == entry);
            CHECK(read.shown.front().depth == record::Depth::full);
        }
    });
}
