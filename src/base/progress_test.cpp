// The progress bar.
#include "base/progress.hpp"

#include <algorithm>
#include <sstream>

#include <doctest/doctest.h>

using namespace waymark;

TEST_CASE("nothing is drawn where it is not shown") {
    std::ostringstream out;
    {
        Progress progress(out, "Reading", 10, false);
        progress.advance_to(5);
        progress.finish();
    }
    CHECK(out.str().empty());
}

TEST_CASE("a finished bar is full and ends its line once") {
    std::ostringstream out;
    {
        Progress progress(out, "Reading", 10, true);
        progress.advance_to(10);
        progress.finish();
        progress.finish();
        progress.advance_to(3);
    }
    const auto text = out.str();
    CHECK(text.find("Reading [##############################] 100% 10/10") != std::string::npos);
    CHECK(text.find('\n') == text.size() - 1);
}

TEST_CASE("it redraws at most ten times a second") {
    std::ostringstream out;
    const auto start = std::chrono::steady_clock::now();
    {
        Progress progress(out, "Reading", 1'000'000, true);
        for (std::uint64_t i = 0; i < 100'000; ++i) progress.advance_to(i);
    }
    const auto tenths = (std::chrono::steady_clock::now() - start) / std::chrono::milliseconds(100);
    const auto text = out.str();
    CHECK(std::count(text.begin(), text.end(), '\r') <= tenths + 1);
    CHECK(text.back() == '\n');
}

TEST_CASE("an unknown total shows a count, and too much is not more than all") {
    std::ostringstream out;
    Progress unknown(out, "Rows", 0, true);
    unknown.advance_to(7);
    CHECK(out.str().find("Rows: 7") != std::string::npos);
    std::ostringstream second;
    Progress over(second, "Rows", 4, true);
    over.advance_to(9);
    CHECK(second.str().find("100% 4/4") != std::string::npos);
}
