// Ids: layout, order, text.
#include "base/id.hpp"

#include <unordered_set>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace waymark;

TEST_CASE("a version 7 id carries the time of the RFC 9562 example") {
    // Appendix A.6: 2022-02-22T19:22:22.000Z is 017F22E2-79B0.
    SetClock clock(parse_instant("2022-02-22T19:22:22Z").value());
    SeededRandom random(1);
    const auto text = to_string(make_uuid7(clock, random));
    CHECK(text.substr(0, 18) == "017f22e2-79b0-7000");
    CHECK(std::string_view("89ab").find(text[19]) != std::string_view::npos);
}

TEST_CASE("an id of a later microsecond is the greater") {
    CHECK(rc::check("order", [] {
        const auto start = *rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000'000);
        const auto step = *rc::gen::inRange<std::int64_t>(1, 5'000);
        SetClock clock(Instant{start});
        SeededRandom random(*rc::gen::arbitrary<std::uint64_t>());
        const auto earlier = make_uuid7(clock, random);
        clock.advance(std::chrono::microseconds(step));
        const auto later = make_uuid7(clock, random);
        RC_ASSERT(earlier < later);
        RC_ASSERT(to_string(earlier) < to_string(later));
    }));
}

TEST_CASE("every microsecond of a millisecond has its own place in the order") {
    SetClock clock(parse_instant("2026-03-27T16:55:00Z").value());
    SeededRandom random(2);
    auto before = make_uuid7(clock, random);
    for (int i = 0; i < 2'000; ++i) {
        clock.advance(std::chrono::microseconds(1));
        const auto now = make_uuid7(clock, random);
        REQUIRE(before < now);
        before = now;
    }
}

TEST_CASE("ids made at one instant differ") {
    const SetClock clock(Instant{0});
    SystemRandom random;
    std::unordered_set<Uuid> seen;
    for (int i = 0; i < 10'000; ++i) seen.insert(make_uuid7(clock, random));
    CHECK(seen.size() == 10'000);
}

TEST_CASE("a version 4 id has its version and variant") {
    SeededRandom random(3);
    for (int i = 0; i < 100; ++i) {
        const auto text = to_string(make_uuid4(random));
        REQUIRE(text[14] == '4');
        REQUIRE(std::string_view("89ab").find(text[19]) != std::string_view::npos);
    }
}

TEST_CASE("an id survives its text, in either case") {
    CHECK(rc::check("round trip", [](const std::array<std::uint8_t, 16>& octets) {
        const Uuid id{octets};
        auto text = to_string(id);
        RC_ASSERT(parse_uuid(text).value() == id);
        for (auto& c : text) c = static_cast<char>(c >= 'a' && c <= 'f' ? c - 32 : c);
        RC_ASSERT(parse_uuid(text).value() == id);
    }));
}

TEST_CASE("text that is not an id is refused") {
    for (const char* text : {"", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
                             "017f22e279b07cc398c4dc0c0c07398f", "{017f22e2-79b0-7cc3-98c4-dc0c0c0739}",
                             "017f22e2-79b0-7cc3-98c4-dc0c0c07398f ", "017f22e27-9b0-7cc3-98c4-dc0c0c07398f"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_uuid(text));
    }
}

TEST_CASE("a typed id is parsed as its type and knows nil") {
    const auto id = parse_id<CaseId>("017f22e2-79b0-7cc3-98c4-dc0c0c07398f").value();
    CHECK(to_string(id) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    CHECK(id);
    CHECK(CaseId{}.is_nil());
    CHECK(std::hash<CaseId>{}(id) == std::hash<Uuid>{}(id.value));
}
