// Sessions: who is signed in, how strongly, for how long, and what is kept of it.
#include "accounts/accounts.hpp"

#include <doctest/doctest.h>

#include "record/staff.hpp"
#include "support/sign_in_world.hpp"

using namespace waymark;
using namespace std::chrono_literals;
using testing::from_here;
using testing::SignInWorld;

namespace {

const accounts::Proof strong{accounts::Strength::two_factor, "local", {}, {}, "one-time-code"};

accounts::SignedIn signed_in(SignInWorld& world, std::string_view who = "t.mason") {
    auto in = accounts::begin_session(world.house(), *world.profile.practitioner(who), strong, from_here);
    REQUIRE(in);
    return *in;
}

accounts::Who who_has(SignInWorld& world, std::string_view cookie) {
    const auto who = accounts::who_is(world.house(), cookie);
    REQUIRE(who);
    REQUIRE(who->has_value());
    return **who;
}

}  // namespace

TEST_CASE("who signs in by name is known by their cookie until they sign out") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        const auto in = accounts::sign_in_by_name(world.house(), "t.mason", from_here);
        REQUIRE(in);
        CHECK(in->cookie.size() == 43);
        CHECK(in->cookie != in->csrf);
        const auto who = who_has(world, in->cookie);
        CHECK(who.practitioner->key == "t.mason");
        CHECK(who.csrf == in->csrf);
        CHECK(who.session.size() == 64);
        CHECK(who.session.find(in->cookie) == std::string::npos);
        CHECK(who.strength == accounts::Strength::name);
        CHECK(who.issuer == "demo");
        REQUIRE(accounts::sign_out(world.house(), in->cookie));
        CHECK_FALSE(world.is_signed_in(in->cookie));
        CHECK(world.audit_lines() == 2);
    });
}

TEST_CASE("a name that is not in the profile is refused and leaves its line") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        const auto in = accounts::sign_in_by_name(world.house(), "nobody", from_here);
        REQUIRE_FALSE(in);
        CHECK(in.error().kind == FaultKind::forbidden);
        CHECK(world.audit_lines() == 1);
    });
}

TEST_CASE(
    "a name alone signs nobody in to a store that is no demonstration, and opens no session that it once opened") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        const auto before = accounts::sign_in_by_name(world.house(), "t.mason", from_here);
        REQUIRE(before);
        world.demonstration = false;
        const auto in = accounts::sign_in_by_name(world.house(), "t.mason", from_here);
        REQUIRE_FALSE(in);
        CHECK(in.error().kind == FaultKind::forbidden);
        CHECK_FALSE(world.is_signed_in(before->cookie));
        const accounts::Proof name{accounts::Strength::name, "demo", {}, {}, ""};
        CHECK_FALSE(accounts::begin_session(world.house(), world.profile.practitioners[0], name, from_here));
    });
}

TEST_CASE("a session ends after thirty minutes without use") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        const auto in = signed_in(world);
        world.clock.advance(29min);
        CHECK(world.is_signed_in(in.cookie));
        world.clock.advance(29min);  // 58 minutes after signing in, 29 after the last use
        CHECK(world.is_signed_in(in.cookie));
        world.clock.advance(30min);
        CHECK_FALSE(world.is_signed_in(in.cookie));
    });
}

TEST_CASE("to ask how long is left is no use; to extend gives the full time again, ten times and more") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        const auto in = signed_in(world);
        world.clock.advance(20min);
        for (int i = 0; i < 3; ++i) {
            const auto who = accounts::who_is(world.house(), in.cookie, accounts::Look::peek);
            REQUIRE(who);
            REQUIRE(who->has_value());
            CHECK((*who)->ends - world.clock.now() == 10min);
        }
        for (int i = 0; i < 12; ++i) {
            const auto who = accounts::extend(world.house(), in.cookie);
            REQUIRE(who);
            REQUIRE(who->has_value());
            CHECK((*who)->ends - world.clock.now() == 30min);
            world.clock.advance(29min);
        }
        CHECK(world.is_signed_in(in.cookie));
        world.clock.advance(31min);
        CHECK_FALSE(accounts::extend(world.house(), in.cookie)->has_value());
    });
}

TEST_CASE("a session ends after twelve hours however much it is used, and says so all along") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        const auto in = signed_in(world);
        const auto began = world.clock.now();
        for (int quarter = 1; quarter < 48; ++quarter) {
            world.clock.advance(15min);
            REQUIRE(who_has(world, in.cookie).ends_last == began + 12h);
        }
        CHECK(who_has(world, in.cookie).ends == began + 12h);
        world.clock.advance(15min);
        CHECK_FALSE(world.is_signed_in(in.cookie));
    });
}

TEST_CASE("a cookie that nobody was given signs nobody in") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        CHECK_FALSE(world.is_signed_in(""));
        CHECK_FALSE(world.is_signed_in(std::string(43, 'A')));
        CHECK_FALSE(world.is_signed_in(std::string(43, ';')));
        CHECK_FALSE(world.is_signed_in(std::string(100'000, 'A')));
        CHECK(accounts::sign_out(world.house(), "nonsense"));
        CHECK_FALSE(accounts::extend(world.house(), std::string(43, 'A'))->has_value());
        CHECK_FALSE(accounts::renew(world.house(), std::string(43, 'A')));
    });
}

TEST_CASE("a sign-in in a browser that has a session takes its place: the older token is dead") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        const auto first = signed_in(world);
        const auto second = accounts::begin_session(world.house(), *world.profile.practitioner("a.rahman"), strong,
                                                    {"192.0.2.1", "A browser", first.cookie});
        REQUIRE(second);
        CHECK(second->cookie != first.cookie);
        CHECK_FALSE(world.is_signed_in(first.cookie));
        CHECK(who_has(world, second->cookie).practitioner->key == "a.rahman");
    });
}

TEST_CASE("a change of what a session may do gives it a new token, and the same end") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        const auto in = signed_in(world);
        const auto before = who_has(world, in.cookie);
        world.clock.advance(10min);
        const auto fresh = accounts::renew(world.house(), in.cookie);
        REQUIRE(fresh);
        CHECK(fresh->cookie != in.cookie);
        CHECK(fresh->csrf != in.csrf);
        CHECK_FALSE(world.is_signed_in(in.cookie));
        const auto after = who_has(world, fresh->cookie);
        CHECK(after.practitioner == before.practitioner);
        CHECK(after.strength == accounts::Strength::two_factor);
        CHECK(after.ends_last == before.ends_last);
        CHECK(accounts::sessions_of(world.house(), after)->at(0).from == "192.0.2.1");
    });
}

TEST_CASE("one's own sessions are listed with where they began, and ended one by one or all but this one") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        std::vector<accounts::SignedIn> mine;
        for (int i = 0; i < 4; ++i) {
            mine.push_back(signed_in(world));
            world.clock.advance(1min);
        }
        const auto other = signed_in(world, "a.rahman");
        const auto who = who_has(world, mine[3].cookie);
        const auto lines = accounts::sessions_of(world.house(), who);
        REQUIRE(lines);
        REQUIRE(lines->size() == 4);
        CHECK(lines->at(0).this_one);
        CHECK(lines->at(1).from == "192.0.2.1");
        CHECK(lines->at(1).browser == "A browser");
        CHECK(*accounts::end_session(world.house(), who, lines->at(3).id));
        CHECK_FALSE(world.is_signed_in(mine[0].cookie));
        CHECK_FALSE(*accounts::end_session(world.house(), who, lines->at(3).id));
        const auto stranger = who_has(world, other.cookie);
        CHECK_FALSE(*accounts::end_session(world.house(), stranger, lines->at(0).id));
        CHECK(*accounts::end_other_sessions(world.house(), who) == 2);
        CHECK(world.is_signed_in(mine[3].cookie));
        CHECK_FALSE(world.is_signed_in(mine[1].cookie));
        CHECK(world.is_signed_in(other.cookie));
    });
}

TEST_CASE("where a session began is sealed in the store") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        const auto in = signed_in(world);
        const auto row =
            world.read([&](store::Snapshot& s) { return sign_ins(s).signed_in(1, sha256(as_bytes(in.cookie))); });
        REQUIRE(row);
        CHECK(as_text(row->details).find("192.0.2.1") == std::string_view::npos);
        CHECK_FALSE(world.keys->open_sealed(row->details, "session", "another"));
    });
}

TEST_CASE("the twenty-first session of a person ends the oldest") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        const auto first = signed_in(world);
        world.clock.advance(1s);
        for (int i = 0; i < 19; ++i) signed_in(world);
        CHECK(world.is_signed_in(first.cookie));
        signed_in(world);
        CHECK_FALSE(world.is_signed_in(first.cookie));
    });
}

TEST_CASE("whose access is closed is out at once and stays out until it is opened again") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        const auto in = signed_in(world);
        const auto other = signed_in(world, "a.rahman");
        REQUIRE(accounts::close_access(world.house(), "t.mason", "x.admin", "192.0.2.2"));
        CHECK_FALSE(world.is_signed_in(in.cookie));
        CHECK(world.is_signed_in(other.cookie));
        const auto again = accounts::begin_session(world.house(), world.profile.practitioners[0], strong, from_here);
        REQUIRE_FALSE(again);
        CHECK(again.error().kind == FaultKind::forbidden);
        CHECK_FALSE(accounts::sign_in_by_name(world.house(), "t.mason", from_here));
        const auto staff = accounts::colleagues(world.house());
        REQUIRE(staff);
        CHECK(staff->at(0).closed);
        CHECK(staff->at(0).sessions == 0);
        CHECK(staff->at(1).sessions == 1);
        CHECK(staff->at(1).last->issuer == "local");
        REQUIRE(accounts::reopen_access(world.house(), "t.mason", "x.admin", "192.0.2.2"));
        CHECK(world.is_signed_in(signed_in(world).cookie));
        CHECK_FALSE(world.is_signed_in(in.cookie));
        CHECK_FALSE(accounts::close_access(world.house(), "nobody", "x.admin", ""));
    });
}

TEST_CASE("who works here no longer under a newer profile is out at once at a server that still holds the older") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        const auto leaver = signed_in(world);
        const auto mover = signed_in(world, "a.rahman");
        const auto stayer = signed_in(world, "x.admin");
        content::Profile newer = world.profile;
        newer.practitioners = {{"a.rahman", "A Rahman", "csc", "reviewing-officer", ""},
                               {"x.admin", "Another name", "csc", "system-admin", ""}};
        const auto adopt = [&](const content::Profile& before, const content::Profile& after) {
            REQUIRE(store.write([&](store::Transaction& tx) -> Result<void> {
                record::note_profile(tx, 1, before, after);
                return {};
            }));
        };
        adopt(world.profile, newer);
        CHECK_FALSE(world.is_signed_in(leaver.cookie));
        CHECK_FALSE(world.is_signed_in(mover.cookie));
        CHECK(world.is_signed_in(stayer.cookie));
        CHECK_FALSE(accounts::begin_session(world.house(), world.profile.practitioners[0], strong, from_here));
        CHECK_FALSE(accounts::begin_session(world.house(), world.profile.practitioners[1], strong, from_here));
        // A server that has opened the newer profile lets the mover in, as what they are now.
        const content::Profile older = world.profile;
        world.profile = newer;
        CHECK(accounts::begin_session(world.house(), world.profile.practitioners[0], strong, from_here));
        // Who comes back may enter again.
        adopt(newer, older);
        world.profile = older;
        CHECK(world.is_signed_in(signed_in(world).cookie));
        CHECK(world.is_signed_in(signed_in(world, "a.rahman").cookie));
    });
}

TEST_CASE("who has left the profile is signed in no longer") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        const auto in = signed_in(world);
        world.profile.practitioners.clear();
        CHECK_FALSE(world.is_signed_in(in.cookie));
    });
}

TEST_CASE("a strength suffices for itself and for what is weaker; a name stands for any") {
    using accounts::Strength;
    CHECK(accounts::suffices(Strength::two_factor, Strength::two_factor));
    CHECK(accounts::suffices(Strength::phishing_resistant, Strength::two_factor));
    CHECK_FALSE(accounts::suffices(Strength::password, Strength::two_factor));
    CHECK_FALSE(accounts::suffices(Strength::two_factor, Strength::phishing_resistant));
    CHECK(accounts::suffices(Strength::name, Strength::phishing_resistant));
    for (const auto one : {Strength::name, Strength::password, Strength::two_factor, Strength::phishing_resistant})
        CHECK(accounts::parse_strength(accounts::to_string(one)) == one);
    CHECK_FALSE(accounts::parse_strength("strong"));
}

TEST_CASE("a sign-in that is used from another address leaves a line, once for each change and fifty times at most") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        const auto in = signed_in(world);
        const auto use = [&](const char* from) {
            REQUIRE(accounts::note_place(world.house(), who_has(world, in.cookie), from));
        };
        const auto before = world.audit_lines();
        use(from_here.from.c_str());
        CHECK(world.audit_lines() == before);
        use("192.0.2.7");
        use("192.0.2.7");
        CHECK(world.audit_lines() == before + 1);
        use(from_here.from.c_str());
        CHECK(world.audit_lines() == before + 2);
        // Where it was begun is told to its person as before.
        CHECK(accounts::sessions_of(world.house(), who_has(world, in.cookie))->front().from == from_here.from);
        for (int i = 0; i < 2 * accounts::most_moves; ++i) use(i % 2 == 0 ? "192.0.2.8" : "192.0.2.9");
        CHECK(world.audit_lines() == before + accounts::most_moves);
    });
}
