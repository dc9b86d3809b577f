#include <doctest/doctest.h>

#include "support/told.hpp"

using namespace waymark;
using namespace waymark::exchange;
using waymark::testing::Collected;
using waymark::testing::Reader;

namespace {

const std::string good =
    R"({"kind":"referral.received","at":"2026-03-01","agency":"csc","author":"a.rahman","subjects":[{"involvement":"subject","identity":{"source":"s","id":"1"}}],"body":{}})";

Collected read_entries(const std::string& text) {
    Collected told;
    REQUIRE(Reader().read(Format::entries, text, told));
    return told;
}

}  // namespace

TEST_CASE("each line is an entry; empty lines, a byte-order mark and a last line without an end are no matter") {
    const auto told = read_entries("\xEF\xBB\xBF" + good + "\n\n  \r\n" + good + "\r\n" + good);
    CHECK(told.rows.size() == 3);
    CHECK(told.refusals.empty());
    CHECK(told.rows[1].line == 4);
    CHECK(told.rows[2].line == 5);
}

TEST_CASE("a line that is refused names its line and every field, and the rest is taken") {
    const auto told = read_entries(
        good + "\n" +
        R"({"kind":"referral.recieved","at":"never","agency":"csc","author":"x","subjects":[],"body":{}})" +
        "\nnot json\n" + good);
    CHECK(told.rows.size() == 2);
    CHECK(told.rows_refused == 2);
    bool kind = false;
    bool at = false;
    for (const auto& one : told.refusals) {
        kind =
            kind || (one.line == 2 && one.place == "kind" && one.mend.find("referral.received") != std::string::npos);
        at = at || (one.line == 2 && one.place == "at");
    }
    CHECK(kind);
    CHECK(at);
    CHECK(told.refusals.back().line == 3);
}

TEST_CASE("a line longer than the limit is refused without being held") {
    const auto told = read_entries(good + "\n" + std::string(3u << 20, 'x') + "\n" + good + "\n");
    CHECK(told.rows.size() == 2);
    REQUIRE(told.refusals.size() == 1);
    CHECK(told.refusals[0].line == 2);
    CHECK(told.refusals[0].place == "line");
}

TEST_CASE("ill-formed UTF-8 refuses its line alone") {
    auto bad = good;
    bad.replace(bad.find("a.rahman"), 8, "a.r\xFFhman");
    const auto told = read_entries(bad + "\n" + good);
    CHECK(told.rows.size() == 1);
    CHECK(told.rows_refused == 1);
}
