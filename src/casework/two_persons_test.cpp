// What two people have to agree to: who may be the second, and that it is done once.
#include "casework/two_persons.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "casework/keys.hpp"
#include "record/staff.hpp"
#include "store/sign_ins.hpp"
#include "support/ada.hpp"

using namespace waymark;
using namespace testing;
using casework::two_persons::Act;
using casework::two_persons::State;
using Decision = people::Registry::Decision;

namespace {

// Two records that look alike, and one person's word that they are one.
struct AskedFor {
    explicit AskedFor(OpenOffice& of) : world(of) {
        a = known(world, "nursery", "n1", is_ada).records[0];
        b = known(world, "education", "e1", is_olive).records[0];
        world.clock().advance(std::chrono::hours(1));
        request = {"m1", a, b, Decision::same, "A second name."};
        must(casework::decide_match(world.office(), signed_in(world, "m.brennan", "triage"), request));
        entry = must(casework::match_page(world.office(), world.asker("m.brennan"), a, b)).waiting->entry;
    }
    bool joined() { return world.person_of(a) == world.person_of(b); }
    Result<EntryId> answer(const record::Asker& who, bool agree = true, const std::string& reason = "") {
        return casework::two_persons::approve(world.office(), who,
                                              {fmt::format("answer-{}", ++keys), entry, agree, reason});
    }
    OpenOffice& world;
    ViewId a;
    ViewId b;
    casework::MatchDecision request;
    EntryId entry;
    int keys = 0;
};

}  // namespace

TEST_CASE("two records are joined when a second person says so too, with the names of both") {
    for_each_office([](OpenOffice& world) {
        AskedFor asked(world);
        CHECK_FALSE(asked.joined());
        const auto waiting = must(casework::match_page(world.office(), world.asker("d.kowalczyk"), asked.a, asked.b));
        REQUIRE(waiting.waiting);
        CHECK(waiting.waiting->name == "Maeve Brennan");
        CHECK(waiting.waiting->reason == "A second name.");
        CHECK(must(asked.answer(signed_in(world, "d.kowalczyk", "triage"))));
        CHECK(asked.joined());
        const auto page = must(casework::match_page(world.office(), world.asker("m.brennan"), asked.a, asked.b));
        CHECK_FALSE(page.waiting);
        REQUIRE(page.standing() != nullptr);
        CHECK(page.standing()->by == "Maeve Brennan");
        CHECK(page.standing()->agreed_by == "Dorota Kowalczyk");
    });
}

TEST_CASE("the same person, the same sign-in, a command and a role without the right are no second person") {
    for_each_office([](OpenOffice& world) {
        AskedFor asked(world);
        CHECK(asked.answer(signed_in(world, "m.brennan", "triage", "other")).error().place == "same-person");
        CHECK(asked.answer(world.asker("d.kowalczyk", "triage")).error().place == "session");
        auto borrowed = signed_in(world, "m.brennan", "triage");
        borrowed.practitioner = "d.kowalczyk";
        CHECK_FALSE(asked.answer(borrowed));  // another's session does not stand for this practitioner
        CHECK_FALSE(asked.answer(signed_in(world, "a.rahman")));
        CHECK_FALSE(asked.answer(signed_in(world, "p.whitlock", "subject-access")));
        CHECK_FALSE(asked.joined());
    });
}

TEST_CASE("who was given the record by the one who asks is no second person") {
    for_each_office([](OpenOffice& world) {
        AskedFor asked(world);
        const auto given = world.take(fmt::format(
            R"({{"kind":"access.granted","at":"2026-03-01","agency":"csc","author":"m.brennan","id":"g1",)"
            R"("body":{{"to":"d.kowalczyk","reason":"A task"}},"subjects":[{{"involvement":"subject","person":"{}"}}]}})",
            to_string(asked.b)));
        REQUIRE(given.taken == casework::Taken::taken);
        CHECK(asked.answer(signed_in(world, "d.kowalczyk", "triage")).error().place == "delegate");
        CHECK(asked.answer(signed_in(world, "s.iyer", "triage")));
        CHECK(asked.joined());
    });
}

TEST_CASE("who came in by breaking the glass is no second person") {
    for_each_office([](OpenOffice& world) {
        AskedFor asked(world);
        REQUIRE(world
                    .take(fmt::format(
                        R"({{"kind":"glass.broken","at":"{}","agency":"csc","author":"d.kowalczyk","id":"b1",)"
                        R"("body":{{"reason":"r"}},"subjects":[{{"involvement":"subject","person":"{}"}}]}})",
                        to_string(world.clock().now()), to_string(asked.a)))
                    .taken == casework::Taken::taken);
        CHECK(asked.answer(signed_in(world, "d.kowalczyk", "triage")).error().place == "glass");
    });
}

TEST_CASE("a request is refused with a reason, withdrawn by who asked, and lapses") {
    for_each_office([](OpenOffice& world) {
        AskedFor asked(world);
        const auto second = signed_in(world, "d.kowalczyk", "triage");
        CHECK(asked.answer(second, false).error().place == "reason");
        CHECK(asked.answer(second, false, "The dates differ."));
        CHECK(asked.answer(second).error().kind == FaultKind::conflict);
        CHECK_FALSE(asked.joined());
    });
    for_each_office([](OpenOffice& world) {
        AskedFor asked(world);
        CHECK(asked.answer(signed_in(world, "m.brennan", "triage"), false));
        CHECK(asked.answer(signed_in(world, "d.kowalczyk", "triage")).error().kind == FaultKind::conflict);
    });
    for_each_office([](OpenOffice& world) {
        AskedFor asked(world);
        world.clock().advance(std::chrono::hours(24 * 7));
        CHECK_FALSE(asked.answer(signed_in(world, "d.kowalczyk", "triage")));
        CHECK_FALSE(asked.joined());
        // It may be asked again.
        asked.request.key = "m2";
        CHECK(casework::decide_match(world.office(), world.asker("m.brennan", "triage"), asked.request));
    });
}

TEST_CASE("two who agree at once have it done once") {
    for_each_office([](OpenOffice& world) {
        AskedFor asked(world);
        const auto one = signed_in(world, "d.kowalczyk", "triage");
        const auto other = signed_in(world, "s.iyer", "triage");
        const auto before = world.entries();
        std::optional<Result<EntryId>> first;
        std::optional<Result<EntryId>> second;
        std::thread thread([&] {
            first = casework::two_persons::approve(world.office(), one, {"race-1", asked.entry, true, ""});
        });
        second = casework::two_persons::approve(world.office(), other, {"race-2", asked.entry, true, ""});
        thread.join();
        CHECK(first->has_value() != second->has_value());
        CHECK((*first ? *second : *first).error().kind == FaultKind::conflict);
        CHECK(asked.joined());
        CHECK(world.entries() == before + 2);  // one agreement, one decision
    });
}

TEST_CASE("the same is not asked for twice, and another answer takes the first one back") {
    for_each_office([](OpenOffice& world) {
        AskedFor asked(world);
        auto again = asked.request;
        again.key = "m2";
        const auto repeated = casework::decide_match(world.office(), world.asker("m.brennan", "triage"), again);
        CHECK(repeated.error().place == "second-person");
        again.key = "m3";
        again.decision = Decision::not_same;
        CHECK(casework::decide_match(world.office(), signed_in(world, "m.brennan", "triage"), again));
        const auto page = must(casework::match_page(world.office(), world.asker("m.brennan"), asked.a, asked.b));
        CHECK_FALSE(page.waiting);
        CHECK(page.standing()->decision == "not-same");
    });
}

TEST_CASE("what waits is listed for those who may answer it, and for nobody else") {
    for_each_office([](OpenOffice& world) {
        AskedFor asked(world);
        const auto listed = [&](std::string_view who) {
            const auto found = casework::two_persons::pending(world.office(), world.asker(who));
            return found ? found->size() : 0;
        };
        CHECK(listed("d.kowalczyk") == 1);
        CHECK(must(casework::two_persons::pending(world.office(), world.asker("m.brennan"))).front().own);
        CHECK(listed("s.iyer") == 1);
        CHECK(listed("p.whitlock") == 0);
        CHECK(listed("z.novak") == 0);
        CHECK(listed("a.rahman") == 0);
        world.take(fmt::format(
            R"({{"kind":"restriction.set","at":"2026-03-01","agency":"csc","author":"s.iyer","id":"r1",)"
            R"("body":{{"level":"hidden","persons":["s.iyer"]}},"subjects":[{{"involvement":"subject","person":"{}"}}]}})",
            to_string(asked.a)));
        CHECK(listed("d.kowalczyk") == 0);
        CHECK(listed("s.iyer") == 1);
    });
}

TEST_CASE("no entry brought by a person joins, lifts or agrees by itself") {
    for_each_office([](OpenOffice& world) {
        AskedFor asked(world);
        const auto permit =
            must(world.office().gate->ask(world.asker("d.kowalczyk", "triage"), record::Action::append));
        const auto refused = [&](const std::string& kind, const std::string& body, const std::string& more) {
            const auto outcome = world.take_drafts(
                {world.draft(
                    fmt::format(R"({{"kind":"{}","at":"2026-03-02","agency":"csc","author":"d.kowalczyk","body":{}{},)"
                                R"("subjects":[{{"involvement":"subject","person":"{}"}}]}})",
                                kind, body, more, to_string(asked.b)))},
                permit);
            return outcome.front().taken == casework::Taken::refused;
        };
        CHECK(refused(
            "identity.decided",
            fmt::format(R"({{"decision":"same","identities":["{}","{}"]}})", to_string(asked.a), to_string(asked.b)),
            ""));
        CHECK(refused("approval.given", R"({"decision":"agreed"})",
                      fmt::format(R"(,"about":"{}")", to_string(asked.entry))));
        CHECK_FALSE(asked.joined());
    });
}

// ---- what the operator may do only with two practitioners behind it
// ---------------------------------------------------

namespace {

// A partnership that is no demonstration, with two who may agree and have signed in.
struct Live {
    explicit Live(OpenOffice& of) : world(of) {
        world.go_live();
        admin = enter(admin_key());
        privacy = enter("p.whitlock");
    }
    static std::string admin_key() { return "z.novak"; }
    record::Asker enter(std::string_view who, std::string_view which = "a") {
        const auto* role = world.office().profile.practitioner(who);
        auto asker = signed_in(world, who, role->role == "system-admin" ? "operation" : "subject-access", which);
        note(who, [&](store::EngagementRow& row) { row.last_sign_in = world.clock().now(); });
        return asker;
    }
    void note(std::string_view who, const std::function<void(store::EngagementRow&)>& change) {
        REQUIRE(world.store()
                    .write([&](store::Transaction& tx) -> Result<void> {
                        auto row = store::sign_ins(tx).engagement(world.office().partnership, who);
                        if (!row) row.emplace().practitioner = who;
                        change(*row);
                        store::sign_ins(tx).put_engagement(world.office().partnership, *row);
                        return {};
                    })
                    .has_value());
    }
    // What a command does that changes the keys.
    Result<casework::two_persons::Leave> leave(const std::string& what = "rotate root") {
        casework::two_persons::Leave given;
        const auto wrote = world.store().write([&](store::Transaction& tx) -> Result<void> {
            given = TRY(casework::two_persons::leave_of_operator(world.office(), tx, world.operator_permit(),
                                                                 casework::two_persons::to_change_keys(what)));
            return {};
        });
        if (!wrote) return tl::unexpected(wrote.error());
        return given;
    }
    bool may(const std::string& what = "rotate root") { return must(leave(what)).given(); }
    Result<EntryId> ask(const record::Asker& who, const std::string& reason = "The key is a year old.") {
        return casework::two_persons::ask_for(world.office(), who,
                                              {fmt::format("ask-{}", ++keys), "keys rotate root", reason});
    }
    Result<EntryId> answer(const record::Asker& who, EntryId entry, bool agree = true, const std::string& reason = "") {
        return casework::two_persons::approve(world.office(), who,
                                              {fmt::format("operator-{}", ++keys), entry, agree, reason});
    }
    OpenOffice& world;
    record::Asker admin;
    record::Asker privacy;
    int keys = 0;
};

}  // namespace

TEST_CASE("what one practitioner asks for and another agrees to is done by the command once") {
    for_each_office([](OpenOffice& world) {
        Live live(world);
        const auto entry = must(live.ask(live.admin));
        CHECK_FALSE(live.may());
        CHECK(live.answer(live.admin, entry).error().place == "same-person");
        CHECK(live.answer(live.enter(Live::admin_key(), "b"), entry).error().place == "same-person");
        must(live.answer(live.privacy, entry));
        CHECK_FALSE(live.may("destroy"));  // another act
        const auto leave = must(live.leave());
        CHECK(leave.given());
        CHECK(leave.words.find("agreed") != std::string::npos);
        CHECK_FALSE(live.may());
    });
}

TEST_CASE("what the command puts on the page takes two who agree, the first with a reason") {
    for_each_office([](OpenOffice& world) {
        Live live(world);
        const auto asked = must(live.leave());
        CHECK_FALSE(asked.given());
        CHECK(must(live.leave()).request == asked.request);  // asked for once
        CHECK(live.answer(live.admin, asked.request).error().place == "reason");
        must(live.answer(live.admin, asked.request, true, "The key is a year old."));
        CHECK_FALSE(live.may());
        CHECK(live.answer(live.admin, asked.request, true, "Again").error().place == "same-person");
        const auto list = must(casework::two_persons::pending(world.office(), live.privacy));
        REQUIRE(list.size() == 1);
        CHECK(list.front().backed_by == Live::admin_key());
        CHECK(list.front().reason == "The key is a year old.");
        must(live.answer(live.privacy, asked.request));
        CHECK(live.may());
        CHECK_FALSE(live.may());
    });
}

TEST_CASE("a command, a weak sign-in and a role without the right neither ask for an act of the operator nor agree") {
    for_each_office([](OpenOffice& world) {
        Live live(world);
        CHECK_FALSE(live.ask(world.asker(Live::admin_key(), "operation")));
        auto weak = live.admin;
        weak.strength = "password";
        CHECK(live.ask(weak).error().place == "strength");
        CHECK_FALSE(live.ask(signed_in(world, "m.brennan", "triage")));
        CHECK_FALSE(live.ask(signed_in(world, "a.rahman")));
        CHECK(live.ask(live.admin, " ").error().place == "reason");
        const auto entry = must(live.ask(live.admin));
        CHECK_FALSE(live.answer(signed_in(world, "s.iyer"), entry));
        CHECK_FALSE(live.answer(world.asker("p.whitlock", "subject-access"), entry));
        CHECK_FALSE(live.may());
    });
}

TEST_CASE("a leave lapses, and one of somebody who has left since is none") {
    for_each_office([](OpenOffice& world) {
        Live live(world);
        must(live.answer(live.privacy, must(live.ask(live.admin))));
        world.clock().advance(std::chrono::hours(24 * 7) - std::chrono::seconds(1));
        SUBCASE("in time") {
            CHECK(live.may());
        }
        SUBCASE("too late") {
            world.clock().advance(std::chrono::seconds(1));
            CHECK_FALSE(live.may());
        }
        SUBCASE("the access of one was closed") {
            live.note("p.whitlock", [&](store::EngagementRow& row) { row.closed = world.clock().now(); });
            CHECK_FALSE(live.may());
        }
        SUBCASE("one works here no longer") {
            live.note(Live::admin_key(), [&](store::EngagementRow& row) { row.agency = row.role = ""; });
            CHECK_FALSE(live.may());
        }
    });
}

TEST_CASE("two commands at once have one leave between them") {
    for_each_office([](OpenOffice& world) {
        Live live(world);
        must(live.answer(live.privacy, must(live.ask(live.admin))));
        std::atomic<int> given = 0;
        const auto command = [&] {
            const auto leave = live.leave();
            if (leave && leave->given()) ++given;
        };
        std::thread other(command);
        command();
        other.join();
        CHECK(given == 1);
    });
}

TEST_CASE("nobody is asked while the partnership is being set up, nor in a demonstration, and that is said") {
    for_each_office([](OpenOffice& world) {
        const auto now = [&] {
            casework::two_persons::Leave leave;
            REQUIRE(world.store()
                        .write([&](store::Transaction& tx) -> Result<void> {
                            leave = TRY(casework::two_persons::leave_of_operator(
                                world.office(), tx, world.operator_permit(), casework::two_persons::to_export()));
                            return {};
                        })
                        .has_value());
            return leave;
        };
        CHECK(now().words.find("demonstration") != std::string::npos);
        world.go_live();
        CHECK(now().given());
        CHECK(now().words.find("no second person") != std::string::npos);
        Live live(world);
        CHECK_FALSE(now().given());
    });
}

TEST_CASE("keys and content change when two agree and not before") {
    for_each_office([](OpenOffice& world) {
        Live live(world);
        const auto& office = world.office();
        std::string text = casework::adopted_text(office.editions.newest(), "profile", office.profile.key)->text;
        const auto at = text.find(office.profile.name);
        REQUIRE(at != std::string::npos);
        text.replace(at, office.profile.name.size(), "Another name");
        const auto adopt = [&] {
            return casework::adopt(office, must(content::parse_profile(text, "northbay.toml")),
                                   world.operator_permit());
        };
        const auto refused = adopt();
        REQUIRE_FALSE(refused);
        CHECK(refused.error().place == "two-persons");
        const auto waiting = must(casework::two_persons::pending(office, live.admin));
        REQUIRE(waiting.size() == 1);
        CHECK(waiting.front().words.find("SHA-256") != std::string::npos);
        must(live.answer(live.admin, waiting.front().entry, true, "The new model."));
        CHECK_FALSE(adopt());
        must(live.answer(live.privacy, waiting.front().entry));
        world.clock().advance(std::chrono::seconds(1));
        CHECK(must(adopt()).size() == 1);
        CHECK(must(adopt()).empty());
    });
}
