// Accounts of the store's own: what lets somebody in, what does not, and that neither tells who exists.
#include "accounts/local.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "accounts/throttle.hpp"
#include "accounts/totp.hpp"
#include "base/text.hpp"
#include "support/sign_in_world.hpp"

using namespace waymark;
using namespace std::chrono_literals;
using testing::from_here;
using testing::SignInWorld;

namespace {

const std::string good_password = "bramble harbour kettle";

Bytes secret_of(std::string_view shown) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    Bytes out;
    unsigned held = 0;
    unsigned bits = 0;
    for (const char c : shown) {
        if (c == ' ') continue;
        held = (held << 5 | static_cast<unsigned>(alphabet.find(c))) & 0xffffu;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            out.push_back(static_cast<std::uint8_t>(held >> bits));
        }
    }
    return out;
}

struct Person {
    SignInWorld& world;
    accounts::Enrolment enrolment;
    explicit Person(SignInWorld& in) : world(in) {
        world.demonstration = false;
        auto made = accounts::make_account(world.house(), accounts::Making::add, "t.mason", good_password, "operator");
        REQUIRE_MESSAGE(made, (made ? "" : made.error().reason));
        enrolment = *made;
    }
    std::string code(int steps = 0) const {
        return accounts::totp_code(secret_of(enrolment.secret), accounts::totp_step(world.clock.now()) + steps);
    }
    Result<accounts::PasswordTaken> password(std::string_view given = good_password, std::string_view name = "t.mason",
                                             std::string_view device = {}, const accounts::Origin& from = from_here) {
        return accounts::give_password(world.house(), name, given, device, from);
    }
    std::string step() {
        const auto taken = password();
        REQUIRE_MESSAGE(taken, (taken ? "" : taken.error().reason));
        CHECK(taken->next == accounts::Next::code);
        return taken->step;
    }
    Result<accounts::Entered> enter(std::string_view step, std::string_view given) {
        return accounts::give_code(world.house(), step, given, from_here);
    }
};

}  // namespace

TEST_CASE("a password and the app's code let their person in with two factors") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        Person person(world);
        CHECK(person.enrolment.otpauth.starts_with("otpauth://totp/Waymark%20northbay:t.mason?secret="));
        CHECK(person.enrolment.recovery.size() == 10);
        const auto in = person.enter(person.step(), person.code());
        REQUIRE_MESSAGE(in, (in ? "" : in.error().reason));
        const auto who = accounts::who_is(world.house(), in->session.cookie);
        REQUIRE(who->has_value());
        CHECK((*who)->practitioner->key == "t.mason");
        CHECK((*who)->strength == accounts::Strength::two_factor);
        CHECK((*who)->issuer == "local");
        CHECK_FALSE(in->recovered);
    });
}

TEST_CASE("nobody, no account, closed access and a wrong password are told the same") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        Person person(world);
        const auto wrong = person.password("bramble harbour kettlf");
        REQUIRE_FALSE(wrong);
        CHECK(person.password(good_password, "nobody").error() == wrong.error());
        CHECK(person.password(good_password, "a.rahman").error() == wrong.error());
        CHECK(person.password(good_password, "").error() == wrong.error());
        CHECK(person.password(good_password, std::string(100'000, 'x')).error() == wrong.error());
        CHECK(person.password("", "t.mason").error() == wrong.error());
        REQUIRE(accounts::close_access(world.house(), "t.mason", "x.admin", ""));
        CHECK(person.password().error() == wrong.error());
    });
}

TEST_CASE("each code is good once, and one step early or late, and no further") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        Person person(world);
        const std::string now = person.code();
        REQUIRE(person.enter(person.step(), now));
        const auto again = person.enter(person.step(), now);
        REQUIRE_FALSE(again);
        CHECK(again.error().kind == FaultKind::forbidden);
        world.clock.advance(10min);
        CHECK_FALSE(person.enter(person.step(), person.code(2)));
        CHECK_FALSE(person.enter(person.step(), person.code(-2)));
        REQUIRE(person.enter(person.step(), person.code(1)));
        // The code of a later step was taken: those before it are void, though their time is not over.
        CHECK_FALSE(person.enter(person.step(), person.code(0)));
        CHECK_FALSE(person.enter(person.step(), person.code(-1)));
        world.clock.advance(1h);
        CHECK(person.enter(person.step(), person.code(-1)));
    });
}

TEST_CASE("a wrong code keeps the step and says nothing else; a step that was used or is old is over") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        Person person(world);
        const auto step = person.step();
        for (const char* code : {"", "12345", "1234567", "abcdef", "000 000 "}) {
            if (code == person.code()) continue;
            const auto refused = person.enter(step, code);
            REQUIRE_FALSE(refused);
            CHECK(refused.error().place == "code");
        }
        world.clock.advance(1h);
        CHECK(person.enter(step, person.code()).error().kind == FaultKind::missing);
        const auto other = person.step();
        REQUIRE(person.enter(other, person.code()));
        world.clock.advance(1min);
        CHECK(person.enter(other, person.code()).error().kind == FaultKind::missing);
        CHECK(person.enter("no such step", person.code()).error().kind == FaultKind::missing);
        CHECK_FALSE(accounts::step_at(world.house(), other)->has_value());
    });
}

TEST_CASE("a recovery code stands for the app once, after the password") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        Person person(world);
        const std::string recovery = person.enrolment.recovery[3];
        CHECK(recovery.starts_with("3-"));
        const auto in = person.enter(person.step(), to_lower_ascii(recovery));
        REQUIRE_MESSAGE(in, (in ? "" : in.error().reason));
        CHECK(in->recovered);
        CHECK(in->recovery_left == 9);
        CHECK_FALSE(person.enter(person.step(), recovery));
        std::string other = person.enrolment.recovery[4];
        other.back() = other.back() == 'A' ? 'B' : 'A';
        CHECK_FALSE(person.enter(person.step(), other));
        CHECK(person.enter(person.step(), person.enrolment.recovery[4]));
        CHECK(accounts::accounts_of(world.house())->at(0).recovery_left == 8);
    });
}

TEST_CASE("the store holds neither password, secret nor recovery code in the clear") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        Person person(world);
        const auto row = world.read([](store::Snapshot& s) { return sign_ins(s).account(1, "t.mason"); });
        REQUIRE(row);
        const auto text = as_text(row->sealed);
        for (const char* word : {"argon2", "bramble", "recovery", "secret"})
            CHECK(text.find(word) == std::string_view::npos);
        CHECK_FALSE(world.keys->open_sealed(row->sealed, "account", "a.rahman"));
        const auto opened = world.keys->open_sealed(row->sealed, "account", "t.mason");
        REQUIRE(opened);
        CHECK(opened->find("$argon2id$") != std::string::npos);
        CHECK(opened->find(person.enrolment.recovery[0].substr(2)) == std::string::npos);
    });
}

TEST_CASE("a starting code leads to a password and an app of one's own, once, within a week") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        world.demonstration = false;
        const auto starting =
            accounts::make_starting_code(world.house(), accounts::Making::add, "a.rahman", "operator");
        REQUIRE(starting);
        const auto give = [&](std::string_view code) {
            return accounts::give_password(world.house(), "a.rahman", code, "", from_here);
        };
        CHECK_FALSE(give("AAAAA-AAAAA-AAAAA-AAAAA"));
        const auto taken = give(to_lower_ascii(*starting));
        REQUIRE(taken);
        REQUIRE(taken->next == accounts::Next::enrol);
        CHECK_FALSE(accounts::give_code(world.house(), taken->step, "000000", from_here));
        const auto enrolling = accounts::enrolment_of(world.house(), taken->step);
        REQUIRE(enrolling);
        CHECK(accounts::enrolment_of(world.house(), taken->step)->secret == enrolling->secret);
        const auto code = [&] {
            return accounts::totp_code(secret_of(enrolling->secret), accounts::totp_step(world.clock.now()));
        };
        const auto enrol = [&](std::string_view password, std::string_view given) {
            return accounts::enrol(world.house(), taken->step, password, given, from_here);
        };
        CHECK(enrol("short", code()).error().place == "password");
        CHECK(enrol(good_password, "00000").error().place == "code");
        const auto done = enrol(good_password, code());
        REQUIRE_MESSAGE(done, (done ? "" : done.error().reason));
        CHECK(done->recovery.size() == 10);
        CHECK(world.is_signed_in(done->entered.session.cookie));
        CHECK_FALSE(enrol(good_password, code()));
        CHECK_FALSE(give(*starting));
        world.clock.advance(1min);
        CHECK(give(good_password));

        const auto late = accounts::make_starting_code(world.house(), accounts::Making::reset, "a.rahman", "operator");
        REQUIRE(late);
        CHECK_FALSE(world.is_signed_in(done->entered.session.cookie));
        CHECK_FALSE(give(good_password));
        world.clock.advance(24h * 8);
        CHECK_FALSE(give(*late));
    });
}

// A campaign of its own (./test --long timing): it takes a minute, and means nothing on a busy machine.
TEST_CASE("a name that nobody has takes as long as one with an account: medians within a millisecond") {
    if (std::getenv("WAYMARK_LONG") == nullptr) return;
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store, accounts::PasswordCost{});
        Person person(world);
        std::vector<double> known;
        std::vector<double> unknown;
        const auto timed = [&](std::string_view name, std::vector<double>& into) {
            world.clock.advance(6min);  // no bucket is ever full
            const auto began = std::chrono::steady_clock::now();
            CHECK_FALSE(person.password("wrong wrong wrong", name));
            into.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
        };
        for (int i = 0; i < 250; ++i) {
            timed("t.mason", known);
            timed("n.obody" + std::to_string(i % 7), unknown);
        }
        const auto median = [](std::vector<double>& times) {
            std::nth_element(times.begin(), times.begin() + 125, times.end());
            return times[125];
        };
        const double with = median(known);
        const double without = median(unknown);
        MESSAGE("median with an account ", with, " ms, with none ", without, " ms");
        CHECK(std::abs(with - without) < 1.0);
    });
}

TEST_CASE("guesses are slowed at a name, whether or not anybody has it, and waiting lets its person in") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        Person person(world);
        const auto guess = [&](std::string_view name, int n) {
            return person.password("wrong", name, {}, {"198.51.100." + std::to_string(n % 250), "", ""}).error();
        };
        for (const char* name : {"t.mason", "nobody"}) {
            for (int i = 0; i < 10; ++i) CHECK(guess(name, i).kind == FaultKind::forbidden);
            CHECK(guess(name, 11).kind == FaultKind::held);
        }
        CHECK(guess("t.mason", 1) == guess("nobody", 1));
        CHECK(person.password().error().kind == FaultKind::held);
        CHECK(person.password().error().mend.find("minutes") != std::string::npos);
        world.clock.advance(5min);
        CHECK(person.password());
    });
}

TEST_CASE("a browser in which its person signed in before is not kept out by strangers' guesses") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        Person person(world);
        const auto in = person.enter(person.step(), person.code());
        REQUIRE(in);
        for (int i = 0; i < 12; ++i) CHECK_FALSE(person.password("wrong"));
        CHECK(person.password().error().kind == FaultKind::held);
        CHECK(person.password(good_password, "t.mason", in->device));
        // The cookie speaks for one name, and a false one for none.
        CHECK(person.password(good_password, "t.mason", "x" + in->device.substr(1)).error().kind == FaultKind::held);
        for (int i = 0; i < 12; ++i) CHECK_FALSE(person.password("wrong", "a.rahman", in->device));
        CHECK(person.password("wrong", "a.rahman", in->device).error().kind == FaultKind::held);
    });
}

TEST_CASE("codes are guessed five times in ten minutes and no faster, over any number of steps") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        Person person(world);
        for (int i = 0; i < 5; ++i) CHECK(person.enter(person.step(), "000000").error().kind == FaultKind::forbidden);
        CHECK(person.enter(person.step(), person.code()).error().kind == FaultKind::held);
        world.clock.advance(10min);
        CHECK(person.enter(person.step(), person.code()));
    });
}

TEST_CASE("an address may try sixty times, then once in five seconds") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        Person person(world);
        for (int i = 0; i < 60; ++i)
            CHECK(person.password("wrong", "name" + std::to_string(i)).error().kind == FaultKind::forbidden);
        CHECK(person.password("wrong", "another").error().kind == FaultKind::held);
        CHECK(person.password("wrong", "another", {}, {"192.0.2.77", "", ""}).error().kind == FaultKind::forbidden);
        world.clock.advance(5s);
        CHECK(person.password("wrong", "another").error().kind == FaultKind::forbidden);
        CHECK(person.password("wrong", "another").error().kind == FaultKind::held);
    });
}

TEST_CASE("an account is made once, begun anew by name, and removed; each ends what was open") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        Person person(world);
        const auto house = world.house();
        using accounts::Making;
        CHECK(accounts::make_account(house, Making::add, "t.mason", good_password, "operator").error().kind ==
              FaultKind::conflict);
        CHECK(accounts::make_account(house, Making::reset, "a.rahman", good_password, "operator").error().kind ==
              FaultKind::missing);
        CHECK(accounts::make_account(house, Making::add, "nobody", good_password, "operator").error().kind ==
              FaultKind::missing);
        CHECK(
            accounts::make_account(house, Making::add, "a.rahman", "Northbay Partnership", "operator").error().place ==
            "password");
        const auto in = person.enter(person.step(), person.code());
        REQUIRE(in);
        const auto begun =
            accounts::make_account(house, Making::reset, "t.mason", "another harbour kettle", "operator");
        REQUIRE(begun);
        CHECK(begun->secret != person.enrolment.secret);
        CHECK_FALSE(world.is_signed_in(in->session.cookie));
        CHECK_FALSE(person.password());
        CHECK(accounts::accounts_of(house)->at(0).name == "T Mason");
        REQUIRE(accounts::remove_account(house, "t.mason", "operator"));
        CHECK_FALSE(accounts::remove_account(house, "t.mason", "operator"));
        CHECK_FALSE(person.password("another harbour kettle"));
        CHECK(accounts::accounts_of(house)->empty());
    });
}

TEST_CASE("new recovery codes void the old") {
    testing::for_each_engine([](store::Store& store) {
        SignInWorld world(store);
        Person person(world);
        const auto in = person.enter(person.step(), person.enrolment.recovery[0]);
        REQUIRE(in);
        const auto who = accounts::who_is(world.house(), in->session.cookie);
        CHECK(accounts::own_account(world.house(), **who)->value().recovery_left == 9);
        const auto fresh = accounts::new_recovery_codes(world.house(), **who);
        REQUIRE(fresh);
        CHECK_FALSE(person.enter(person.step(), person.enrolment.recovery[1]));
        CHECK(person.enter(person.step(), fresh->at(1)));
    });
}

TEST_CASE("a password is long and is not what everybody thinks of first") {
    const std::vector<std::string> known{"t.mason", "Terry Mason", "Northbay"};
    CHECK_FALSE(accounts::password_fault("bramble harbour kettle", known));
    CHECK_FALSE(accounts::password_fault("Äpfel über Straßen", known));
    CHECK(accounts::password_fault("elevenchars", known));
    CHECK(accounts::password_fault(std::string(300, 'x') + "abcdefg", known));
    CHECK(accounts::password_fault("aaaaaaaaaaaaaaaa", known));
    CHECK(accounts::password_fault("password12345", known));
    CHECK(accounts::password_fault("1234567890ab", known));
    CHECK(accounts::password_fault("terry mason 2026", known));
    CHECK(accounts::password_fault("in northbay we trust", known));
    CHECK(accounts::password_fault(std::string("\xff\xfe bramble harbour"), known));
}
