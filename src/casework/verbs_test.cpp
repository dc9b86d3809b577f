// The way of one concern, from the nursery to the feedback, and what holds it on the way.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "support/open_office.hpp"

using namespace waymark;
using namespace std::chrono_literals;
using testing::for_each_office;
using testing::must;
using testing::OpenOffice;

namespace {

record::Identity child(const std::string& given, const std::string& family, const std::string& dob,
                       const std::string& more = {}) {
    record::Identity identity;
    identity.given_name = given;
    identity.family_name = family;
    if (!dob.empty()) identity.date_of_birth = *parse_date(dob);
    identity.nhs_number = more;
    return identity;
}
casework::RaiseRequest request(const std::string& key, record::Identity about) {
    casework::RaiseRequest made;
    made.key = key;
    made.about_what = "displayed-behaviour";
    made.setting = "school";
    made.noticed = "observed";
    made.summary = "Category 4 on the school's list.";
    made.children.push_back(
        {static_cast<record::Involvements>(record::Involvement::displayed), std::nullopt, std::move(about)});
    return made;
}
constexpr auto nhs = "9434765919";
record::Identity ada() {
    return child("Ada", "Lindgren", "2012-04-05", nhs);
}

ViewId record_of(OpenOffice& world, EntryId id) {
    return world.read([&](store::Snapshot& s) {
        return s.entries(world.office().partnership, std::vector{id}, store::Want::cards).front()->row.record;
    });
}

}  // namespace

TEST_CASE("the way of one concern: raised, found in the inbox, earlier one judged, decided, told") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        const auto nursery = world.asker("f.begum");
        const auto school = world.asker("e.vasquez");
        const auto front = world.asker("m.brennan", "triage");

        // Months ago another agency raised a concern; nothing was done about it.
        world.clock().set(*parse_instant("2025-11-03T09:00:00Z"));
        const auto before = must(casework::raise(office, nursery, request("form-1", ada())));
        CHECK(before.reference.size() == 14);
        REQUIRE(
            casework::triage(office, front, {"form-2", before.concern, "no-further-action", "Nothing more is known."}));

        world.clock().set(*parse_instant("2026-03-02T09:00:00Z"));
        const auto receipt = must(casework::raise(office, school, request("form-3", ada())));
        CHECK(receipt.received.instant == world.clock().now());
        CHECK(receipt.outcome.empty());
        CHECK(receipt.feedback.empty());
        // Monday's concern is answered by the end of Tuesday.
        CHECK(office.calendar->day_of(receipt.feedback_due) == *parse_date("2026-03-03"));

        const auto inbox = must(casework::inbox(office, front, 50));
        REQUIRE(inbox.size() == 1);
        CHECK(inbox[0].concern == receipt.concern);
        CHECK(inbox[0].name == "Ada Lindgren");
        CHECK(inbox[0].earlier == 1);
        CHECK_FALSE(inbox[0].overdue);
        CHECK(office.calendar->day_of(inbox[0].due) == *parse_date("2026-03-03"));

        const auto desk = must(casework::triage_desk(office, front, receipt.concern));
        REQUIRE(desk.earlier.size() == 1);
        CHECK(desk.earlier[0].concern.row.entry == before.concern);
        CHECK(desk.earlier[0].closed_without_action);
        CHECK_FALSE(desk.earlier[0].judged);
        CHECK(desk.earlier[0].agency_name == "Harbour Lane Nursery");
        CHECK_FALSE(desk.may_close);
        CHECK_FALSE(desk.decided);

        // Closing waits for the judgement; the refusal says for what.
        const auto held = casework::triage(office, front, {"form-4", receipt.concern, "advice", "Low level."});
        REQUIRE_FALSE(held);
        CHECK(held.error().kind == FaultKind::held);
        CHECK_FALSE(held.error().reason.empty());
        CHECK(held.error().mend.find(to_string(before.concern)) != std::string::npos);

        REQUIRE(casework::judge(office, front,
                                {"form-5", receipt.concern, before.concern, "counts", "The same behaviour."}));
        const auto after = must(casework::triage_desk(office, front, receipt.concern));
        CHECK(after.may_close);
        REQUIRE(after.earlier.size() == 1);
        CHECK(after.earlier[0].judged);
        REQUIRE(after.earlier[0].judgements.size() == 1);
        CHECK(after.earlier[0].judgements[0].reason == "The same behaviour.");
        CHECK(after.earlier[0].judgements[0].by == office.profile.practitioner("m.brennan")->name);
        CHECK(after.earlier[0].judgements[0].for_this);

        const auto decided = must(casework::triage(office, front, {"form-4", receipt.concern, "advice", "Low level."}));
        CHECK(must(casework::inbox(office, front, 50)).empty());
        CHECK(must(casework::triage_desk(office, front, receipt.concern)).decided->row.entry == decided);

        REQUIRE(casework::give_feedback(office, front,
                                        {"form-6", receipt.concern, "advice", "Thank you; we advised the school."}));
        const auto told = must(casework::receipt(office, school, receipt.concern));
        CHECK(told.reference == receipt.reference);
        CHECK(told.outcome == "advice");
        REQUIRE(told.feedback.size() == 1);
        CHECK(told.feedback[0].second == "Thank you; we advised the school.");
        const auto mine = must(casework::my_concerns(office, school, 10));
        REQUIRE(mine.size() == 1);
        CHECK(mine[0].concern == receipt.concern);
        // The nursery's is the nursery's.
        CHECK_FALSE(casework::receipt(office, nursery, receipt.concern));
        CHECK(must(casework::my_concerns(office, nursery, 10))[0].concern == before.concern);
    });
}

TEST_CASE("a protective decision is never held") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        const auto front = world.asker("m.brennan", "triage");
        int n = 0;
        for (const std::string outcome : {"assessment", "strategy-discussion"}) {
            CAPTURE(outcome);
            const auto about = child("Given" + outcome, "Family" + outcome, n == 0 ? "2012-01-02" : "2009-08-07");
            const auto first =
                must(casework::raise(office, world.asker("f.begum"), request(fmt::format("a{}", ++n), about)));
            world.clock().advance(24h * 30);
            auto again = request(fmt::format("a{}", ++n), {});
            again.children[0].known = record_of(world, first.concern);
            const auto second = must(casework::raise(office, world.asker("f.begum"), again));
            REQUIRE(must(casework::triage_desk(office, front, second.concern)).earlier.size() == 1);
            CHECK_FALSE(
                casework::triage(office, front, {fmt::format("t{}", ++n), second.concern, "early-help", "Why."}));
            REQUIRE(casework::triage(office, front, {fmt::format("t{}", ++n), second.concern, outcome, "Why."}));
            // The judging falls due.
            const auto page =
                must(casework::person_page(office, front, record_of(world, second.concern), std::nullopt));
            const auto owes =
                std::any_of(page.standings.begin(), page.standings.end(), [](const procedure::Standing& standing) {
                    return std::any_of(standing.duties.begin(), standing.duties.end(), [](const procedure::Duty& duty) {
                        return duty.id == "earlier-judged" && duty.state == procedure::DutyState::open;
                    });
                });
            CHECK(owes);
        }
    });
}

TEST_CASE("a form that is sent twice is one entry, and the first answer again") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        const auto school = world.asker("e.vasquez");
        const auto front = world.asker("m.brennan", "triage");
        const auto first = must(casework::raise(office, school, request("form-1", ada())));
        world.clock().advance(3s);
        const auto entries = world.entries();
        const auto again = must(casework::raise(office, school, request("form-1", ada())));
        CHECK(again.concern == first.concern);
        CHECK(again.reference == first.reference);
        CHECK(again.received == first.received);
        CHECK(world.entries() == entries);
        auto changed = request("form-1", ada());
        changed.summary = "Something else was seen.";
        const auto refused = casework::raise(office, school, changed);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == FaultKind::conflict);

        const casework::TriageRequest decision{"form-2", first.concern, "assessment", "Why."};
        const auto decided = must(casework::triage(office, front, decision));
        world.clock().advance(3s);
        CHECK(must(casework::triage(office, front, decision)) == decided);
        CHECK(world.entries() == entries + 1);
    });
}

TEST_CASE("a concern is decided once: a second decision beside the first is a conflict") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        const auto concern = must(casework::raise(office, world.asker("e.vasquez"), request("form-1", ada()))).concern;
        const auto one = world.asker("m.brennan", "triage");
        must(casework::triage(office, one, {"mine", concern, "assessment", "Why."}));
        const auto entries = world.entries();
        const auto second = casework::triage(office, one, {"theirs", concern, "no-further-action", "Why not."});
        REQUIRE_FALSE(second);
        CHECK(second.error().kind == FaultKind::conflict);
        CHECK(second.error().place == "outcome");
        CHECK(world.entries() == entries);
    });
}

TEST_CASE("a concern about two children is an entry for each, tied together; the raiser has one receipt") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        auto both = request("form-1", ada());
        both.children.push_back({static_cast<record::Involvements>(record::Involvement::affected), std::nullopt,
                                 child("Ben", "Okonkwo", "2013-09-17")});
        both.summary = "Category 4; Okonkwo was affected.";
        const auto before = world.entries();
        const auto receipt = must(casework::raise(office, world.asker("e.vasquez"), both));
        CHECK(world.entries() == before + 2);
        const auto inbox = must(casework::inbox(office, world.asker("m.brennan", "triage"), 50));
        REQUIRE(inbox.size() == 2);
        CHECK(inbox[0].person != inbox[1].person);
        const auto page =
            must(casework::person_page(office, world.operator_(), record_of(world, receipt.concern), std::nullopt));
        REQUIRE(page.lines.size() == 1);
        CHECK(page.lines[0].withheld);
        CHECK(page.identities.size() == 1);
    });
}

TEST_CASE("a raiser may name a child that their own agency knows, and no other") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        const auto own = must(casework::raise(office, world.asker("e.vasquez"), request("form-1", ada())));
        const auto view = record_of(world, own.concern);
        auto known = request("form-2", {});
        known.children[0].known = view;
        CHECK(casework::raise(office, world.asker("b.hughes"), known));  // a colleague of the same agency
        known.key = "form-3";
        const auto other = casework::raise(office, world.asker("f.begum"), known);
        REQUIRE_FALSE(other);
        CHECK(other.error().place == "children[0]");
        known.key = "form-4";
        CHECK(casework::raise(office, world.asker("m.brennan"), known));
        // And search offers a raiser their own agency's only.
        CHECK(must(casework::who_may_this_be(office, world.asker("f.begum"), ada(), 10)).empty());
        CHECK(must(casework::who_may_this_be(office, world.asker("b.hughes"), ada(), 10)).size() == 1);
        CHECK_FALSE(must(casework::who_may_this_be(office, world.asker("m.brennan"), ada(), 10)).empty());
    });
}

TEST_CASE("a concern with nothing but a nickname is taken") {
    for_each_office([](OpenOffice& world) {
        const auto receipt =
            must(casework::raise(world.office(), world.asker("f.begum"), request("form-1", child("Jo-jo", "", ""))));
        const auto inbox = must(casework::inbox(world.office(), world.asker("m.brennan", "triage"), 50));
        REQUIRE(inbox.size() == 1);
        CHECK(inbox[0].concern == receipt.concern);
    });
}

TEST_CASE("immediate danger stands first in the inbox, then what is due first") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        const auto school = world.asker("e.vasquez");
        const auto first =
            must(casework::raise(office, school, request("form-1", child("One", "Alpha", "2011-01-01"))));
        world.clock().advance(1h);
        const auto second =
            must(casework::raise(office, school, request("form-2", child("Two", "Beta", "2012-02-02"))));
        world.clock().advance(24h);
        auto danger = request("form-3", child("Three", "Gamma", "2013-03-03"));
        danger.immediate_danger = true;
        const auto third = must(casework::raise(office, school, danger));
        CHECK(third.immediate_danger);
        world.clock().advance(24h);
        const auto inbox = must(casework::inbox(office, world.asker("m.brennan", "triage"), 50));
        REQUIRE(inbox.size() == 3);
        CHECK(inbox[0].concern == third.concern);
        CHECK(inbox[0].immediate_danger);
        CHECK(inbox[0].overdue);
        CHECK((inbox[1].concern == first.concern || inbox[1].concern == second.concern));
        CHECK(inbox[1].due <= inbox[2].due);
        CHECK(must(casework::inbox(office, world.asker("m.brennan", "triage"), 1))[0].concern == third.concern);
    });
}

TEST_CASE("what is missing in a form is refused by its field") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        const auto school = world.asker("e.vasquez");
        const auto place_of = [](const auto& result) {
            REQUIRE_FALSE(result);
            CHECK_FALSE(result.error().mend.empty());
            return result.error().place;
        };
        auto empty = request("form-1", ada());
        empty.summary = "  ";
        CHECK(place_of(casework::raise(office, school, empty)) == "summary");
        auto unknown = request("form-1", ada());
        unknown.about_what = "nonsense";
        CHECK(place_of(casework::raise(office, school, unknown)) == "about_what");
        auto nobody = request("form-1", ada());
        nobody.children.clear();
        CHECK(place_of(casework::raise(office, school, nobody)) == "children");
        auto keyless = request("", ada());
        CHECK(place_of(casework::raise(office, school, keyless)) == "key");
        CHECK(world.read([&](store::Snapshot& s) { return s.duties(office.partnership, {}, 10).size(); }) == 0);
        const auto raised = must(casework::raise(office, school, request("form-2", ada())));
        const auto front = world.asker("m.brennan");
        CHECK(place_of(casework::triage(office, front, {"t", raised.concern, "advice", ""})) == "rationale");
        CHECK(place_of(casework::triage(office, front, {"t", raised.concern, "perhaps", "Why."})) == "outcome");
        CHECK(place_of(casework::triage(office, front, {"t", EntryId{}, "advice", "Why."})) == "concern");
        CHECK(place_of(casework::judge(office, front, {"j", raised.concern, raised.concern, "counts", "Why."})) ==
              "earlier");
    });
}

TEST_CASE("who may not decide is denied by name of the rule, and the denial is on record") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        const auto raised = must(casework::raise(office, world.asker("e.vasquez"), request("form-1", ada())));
        const auto lines = world.audit_lines();
        for (const auto* who : {"e.vasquez", "a.rahman", "u.nwosu", "l.moreau"}) {
            const auto denied = casework::triage(office, world.asker(who), {"t", raised.concern, "advice", "Why."});
            REQUIRE_FALSE(denied);
            CHECK(denied.error().kind == FaultKind::forbidden);
        }
        CHECK_FALSE(casework::inbox(office, world.asker("e.vasquez"), 10));
        CHECK_FALSE(
            casework::person_page(office, world.asker("l.moreau"), record_of(world, raised.concern), std::nullopt));
        CHECK(world.audit_lines() == lines + 6);
        // Of another agency's child there is not even a trace.
        const auto hidden =
            casework::person_page(office, world.asker("f.begum"), record_of(world, raised.concern), std::nullopt);
        REQUIRE_FALSE(hidden);
        CHECK(hidden.error().kind == FaultKind::missing);
        const auto nothing = casework::person_page(office, world.asker("f.begum"), ViewId{}, std::nullopt);
        REQUIRE_FALSE(nothing);
        CHECK(nothing.error() == hidden.error());
    });
}

TEST_CASE("every read and every write leaves its line") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        const auto front = world.asker("m.brennan", "triage");
        const auto grows = [&](const char* what, const std::function<void()>& act) {
            CAPTURE(what);
            const auto before = world.audit_lines();
            act();
            CHECK(world.audit_lines() > before);
        };
        EntryId concern;
        grows("raise",
              [&] { concern = must(casework::raise(office, world.asker("e.vasquez"), request("f1", ada()))).concern; });
        const auto person = record_of(world, concern);
        const auto case_id = world.read([&](store::Snapshot& s) {
            return s.entries(office.partnership, std::vector{concern}, store::Want::cards).front()->row.case_id;
        });
        const auto now = world.clock().now();
        grows("inbox", [&] { must(casework::inbox(office, front, 10)); });
        grows("desk", [&] { must(casework::triage_desk(office, front, concern)); });
        grows("page", [&] { must(casework::person_page(office, front, person, std::nullopt)); });
        grows("standing", [&] { must(casework::standing_of(office, front, case_id, now)); });
        grows("search", [&] { must(casework::who_may_this_be(office, front, ada(), 5)); });
        grows("triage", [&] { must(casework::triage(office, front, {"f2", concern, "assessment", "Why."})); });
        grows("feedback", [&] {
            must(casework::give_feedback(office, front, {"f3", concern, "assessment", "Thank you."}));
        });
        grows("receipt", [&] { must(casework::receipt(office, world.asker("e.vasquez"), concern)); });
        grows("concerns", [&] { must(casework::my_concerns(office, world.asker("e.vasquez"), 5)); });
        grows("standings", [&] {
            CHECK(casework::standings(office, front, now, 2, [](const procedure::Standing&) { return true; }));
        });
        const auto lines = world.audit_of(person);
        REQUIRE_FALSE(lines.empty());
        CHECK(std::any_of(lines.begin(), lines.end(),
                          [](const auto& line) { return line.action == "read" && line.purpose == "triage"; }));
    });
}

TEST_CASE("a session that has ended reads and writes nothing") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        auto school = world.asker("e.vasquez");
        const Digest token = sha256(as_bytes("a cookie"));
        school.session = to_hex(token);
        const auto before = world.entries();
        const auto refused = casework::raise(office, school, request("f1", ada()));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == FaultKind::forbidden);
        CHECK(world.entries() == before);
        const auto now = world.clock().now();
        REQUIRE(world.store().write([&](store::Transaction& tx) -> Result<void> {
            tx.put_session(office.partnership, {token, "e.vasquez", now, now, now + 30min, "csrf"});
            return {};
        }));
        CHECK(casework::raise(office, school, request("f1", ada())));
        auto pretender = world.asker("b.hughes");
        pretender.session = school.session;
        CHECK_FALSE(casework::my_concerns(office, pretender, 5));
        world.clock().advance(31min);
        CHECK_FALSE(casework::my_concerns(office, school, 5));
    });
}

TEST_CASE("a draft is its author's alone, and goes when it is discarded or old") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        const auto school = world.asker("e.vasquez");
        const auto id =
            must(casework::save_draft(office, school, std::nullopt, "raise", {{"summary", "Half a thought"}}));
        CHECK(must(casework::save_draft(office, school, id, "raise", {{"summary", "A whole thought"}})) == id);
        const auto loaded = must(casework::load_draft(office, school, id));
        REQUIRE(loaded);
        CHECK(*loaded == json::object{{"summary", "A whole thought"}});
        const auto other = world.asker("b.hughes");
        CHECK_FALSE(must(casework::load_draft(office, other, id)));
        CHECK_FALSE(casework::save_draft(office, other, id, "raise", {}));
        CHECK_FALSE(casework::discard_draft(office, other, id));
        world.clock().advance(24h * 29);
        CHECK(must(casework::load_draft(office, school, id)));
        world.clock().advance(24h * 2);
        CHECK_FALSE(must(casework::load_draft(office, school, id)));
        const auto second = must(casework::save_draft(office, school, std::nullopt, "raise", {}));
        REQUIRE(casework::discard_draft(office, school, second));
        CHECK_FALSE(must(casework::load_draft(office, school, second)));
    });
}

TEST_CASE("the chronology tells silences, late entries and titles in words") {
    for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        const auto receipt = must(casework::raise(office, world.asker("e.vasquez"), request("f1", ada())));
        world.clock().advance(24h * 40);
        const auto front = world.asker("m.brennan", "triage");
        REQUIRE(casework::triage(office, front, {"f2", receipt.concern, "assessment", "Why."}));
        auto late = request("f3", {});
        late.children[0].known = record_of(world, receipt.concern);
        late.at = When{world.clock().now() - 24h * 10, false};
        REQUIRE(casework::raise(office, world.asker("e.vasquez"), late));
        const auto page = must(casework::person_page(office, front, record_of(world, receipt.concern), std::nullopt));
        REQUIRE(page.lines.size() == 3);
        CHECK(page.lines[0].source == "Northbay Schools and Education Service");
        CHECK_FALSE(page.lines[0].late);
        CHECK(page.lines[1].late);
        CHECK(page.lines[1].gap_days_before == 30);
        CHECK(page.lines[2].gap_days_before == 0);
        CHECK(page.lines[2].title == "Decision on what happens next: Assessment");
        REQUIRE_FALSE(page.lines[2].details.empty());
        // As it was known before the second concern was written down.
        const auto then = must(casework::person_page(office, front, record_of(world, receipt.concern),
                                                     *parse_instant("2026-03-20T00:00:00Z")));
        CHECK(then.lines.size() == 1);
    });
}
