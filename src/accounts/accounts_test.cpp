// Sessions: who is signed in, for how long, and what is kept of it.
#include "accounts/accounts.hpp"

#include <doctest/doctest.h>

#include "support/scratch_store.hpp"

using namespace waymark;
using namespace std::chrono_literals;

namespace {

struct World {
    explicit World(store::Store& kept) : store(kept) {
        profile.agencies = {{"school", "A School", "education"}};
        profile.practitioners = {{"t.mason", "T Mason", "school", "school-lead", ""}};
        REQUIRE(store.write([](store::Transaction& tx) -> Result<void> {
            tx.insert_partnership({1, "northbay", "Northbay", "", false});
            return {};
        }));
    }
    accounts::House house() { return {store, 1, profile, clock, random}; }
    std::int64_t audit_lines() {
        std::int64_t count = 0;
        REQUIRE(store.read([&](store::Snapshot& snapshot) -> Result<void> {
            count = snapshot.count_audit(1);
            return {};
        }));
        return count;
    }

    store::Store& store;
    content::Profile profile;
    SetClock clock{*parse_instant("2026-03-02T09:00:00Z")};
    SeededRandom random{7};
};

bool is_signed_in(World& world, std::string_view cookie) {
    const auto who = accounts::who_is(world.house(), cookie);
    REQUIRE(who);
    return who->has_value();
}

}  // namespace

TEST_CASE("who signs in by name is known by their cookie until they sign out") {
    testing::for_each_engine([](store::Store& store) {
        World world(store);
        const auto in = accounts::sign_in_by_name(world.house(), "t.mason", "192.0.2.1");
        REQUIRE(in);
        CHECK(in->cookie.size() == 43);
        CHECK(in->cookie != in->csrf);
        const auto who = accounts::who_is(world.house(), in->cookie);
        REQUIRE(who);
        REQUIRE(who->has_value());
        CHECK((*who)->practitioner->key == "t.mason");
        CHECK((*who)->csrf == in->csrf);
        CHECK((*who)->session.size() == 64);
        CHECK((*who)->session.find(in->cookie) == std::string::npos);
        REQUIRE(accounts::sign_out(world.house(), in->cookie));
        CHECK_FALSE(is_signed_in(world, in->cookie));
        CHECK(world.audit_lines() == 2);
    });
}

TEST_CASE("a name that is not in the profile is refused and leaves its line") {
    testing::for_each_engine([](store::Store& store) {
        World world(store);
        const auto in = accounts::sign_in_by_name(world.house(), "nobody", "192.0.2.1");
        REQUIRE_FALSE(in);
        CHECK(in.error().kind == FaultKind::forbidden);
        CHECK(world.audit_lines() == 1);
    });
}

TEST_CASE("a session ends after thirty minutes without use") {
    testing::for_each_engine([](store::Store& store) {
        World world(store);
        const auto in = accounts::sign_in_by_name(world.house(), "t.mason", "");
        REQUIRE(in);
        world.clock.advance(29min);
        CHECK(is_signed_in(world, in->cookie));
        world.clock.advance(29min);  // 58 minutes after signing in, 29 after the last use
        CHECK(is_signed_in(world, in->cookie));
        world.clock.advance(30min);
        CHECK_FALSE(is_signed_in(world, in->cookie));
    });
}

TEST_CASE("a session ends after twelve hours however much it is used") {
    testing::for_each_engine([](store::Store& store) {
        World world(store);
        const auto in = accounts::sign_in_by_name(world.house(), "t.mason", "");
        REQUIRE(in);
        for (int quarter = 1; quarter < 48; ++quarter) {
            world.clock.advance(15min);
            REQUIRE(is_signed_in(world, in->cookie));
        }
        world.clock.advance(15min);
        CHECK_FALSE(is_signed_in(world, in->cookie));
    });
}

TEST_CASE("a cookie that nobody was given signs nobody in") {
    testing::for_each_engine([](store::Store& store) {
        World world(store);
        CHECK_FALSE(is_signed_in(world, ""));
        CHECK_FALSE(is_signed_in(world, std::string(43, 'A')));
        CHECK_FALSE(is_signed_in(world, std::string(43, ';')));
        CHECK_FALSE(is_signed_in(world, std::string(100'000, 'A')));
        CHECK(accounts::sign_out(world.house(), "nonsense"));
    });
}

TEST_CASE("who has left the profile is signed in no longer") {
    testing::for_each_engine([](store::Store& store) {
        World world(store);
        const auto in = accounts::sign_in_by_name(world.house(), "t.mason", "");
        REQUIRE(in);
        world.profile.practitioners.clear();
        CHECK_FALSE(is_signed_in(world, in->cookie));
    });
}
