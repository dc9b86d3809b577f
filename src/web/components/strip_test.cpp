// The strip's marks, shades and words.
#include "web/components/strip.hpp"

#include <doctest/doctest.h>

using namespace waymark::web;

namespace {

StripOptions two_agencies() {
    return {.title = "What each agency recorded",
            .description = "Two agencies, three months",
            .lanes = {"Police <north>", "A school with a name that is much too long for the drawing"},
            .columns = 3,
            .marks = {{0, 0, StripShape::disc, "C", "January: 1 concern"},
                      {1, 2, StripShape::square, "V3", "March: 3 visits"}},
            .shades = {{0.25, 0.75, "45 days in which nobody recorded anything"}},
            .ticks = {{0, "2026"}}};
}

std::size_t times(const std::string& text, const std::string& what) {
    std::size_t n = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
    return n;
}

}  // namespace

TEST_CASE("a strip tells each mark by shape, letter and words, and each silence by words") {
    const std::string svg = strip(two_agencies()).markup();
    CHECK(times(svg, "<ellipse") == 1);
    CHECK(times(svg, ">V3<") == 1);
    CHECK(times(svg, "<title>March: 3 visits</title>") == 1);
    CHECK(times(svg, "<title>45 days in which nobody recorded anything</title>") == 1);
}

TEST_CASE("a strip escapes names, and shortens what has no room") {
    const std::string svg = strip(two_agencies()).markup();
    CHECK(svg.find("Police &lt;north&gt;") != std::string::npos);
    CHECK(svg.find("much too long for the drawing") == std::string::npos);
    CHECK(svg.find("…") != std::string::npos);
}

TEST_CASE("a strip has a title, a description, and neither style nor script of its own") {
    const std::string svg = strip(two_agencies()).markup();
    CHECK(svg.find("aria-labelledby=\"strip-title strip-description\"") != std::string::npos);
    CHECK(svg.find("style") == std::string::npos);
    CHECK(svg.find("<script") == std::string::npos);
}
