// The operators' log.
#include "base/log.hpp"

#include <sstream>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "base/json.hpp"
#include "base/text.hpp"

using namespace waymark;

// What must not compile cannot be logged by accident.
static_assert(std::is_constructible_v<LogValue, std::string>);
static_assert(!std::is_constructible_v<LogValue, Personal<std::string>>);
static_assert(!std::is_constructible_v<LogValue, Personal<int>>);

TEST_CASE("a line is one JSON object with time, level, event and fields") {
    std::ostringstream out;
    const SetClock clock(parse_instant("2026-03-27T16:55:00Z").value());
    Log log(out, clock);
    log.info("server.started", {{"port", 8080}, {"share", 0.5}, {"note", "two\nlines"}});
    CHECK(out.str() ==
          "{\"time\":\"2026-03-27T16:55:00Z\",\"level\":\"info\",\"event\":\"server.started\",\"port\":8080,\"share\":"
          "0.5,"
          "\"note\":\"two\\nlines\"}\n");
}

TEST_CASE("what is below the least level is not written") {
    std::ostringstream out;
    const SetClock clock(Instant{0});
    Log log(out, clock, Log::Level::warning);
    log.info("quiet");
    CHECK(out.str().empty());
    log.warning("heard");
    log.error("heard");
    CHECK(split(out.str(), '\n').size() == 3);
}

TEST_CASE("a field cannot replace the time or the event, nor break the line") {
    std::ostringstream out;
    const SetClock clock(Instant{0});
    Log log(out, clock);
    log.info("event", {{"event", "forged"}, {"time", 1}, {"x", "\xFF\"}\n{"}});
    const auto line = parse_json(out.str()).value();
    CHECK(line.at("event").as_string() == "event");
    CHECK(line.at("time").as_string() == "1970-01-01T00:00:00Z");
    CHECK(line.at("x").as_string() == "\xEF\xBF\xBD\"}\n{");
}

TEST_CASE("lines of several threads do not mix") {
    std::ostringstream out;
    const SetClock clock(Instant{0});
    Log log(out, clock);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&log] {
            for (int i = 0; i < 100; ++i) log.info("tick", {{"i", i}});
        });
    }
    for (auto& thread : threads) thread.join();
    const auto text = out.str();
    auto lines = split(text, '\n');
    REQUIRE(lines.size() == 401);
    lines.pop_back();
    for (const auto line : lines) REQUIRE(parse_json(line));
}
