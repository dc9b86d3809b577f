// The waterfall's numbers and shapes.
#include "web/components/waterfall.hpp"

#include <doctest/doctest.h>

using namespace waymark::web;

namespace {

WaterfallOptions sample() {
    return {.title = "How the total comes about",
            .description = "From −17.0 to +4.0",
            .start_label = "Before",
            .start = -17,
            .steps = {{"Given <name>", 12}, {"Sex", 0}, {"Family name", 11}, {"Postcode", -2}},
            .total_label = "All together",
            .marks = {{"asked", -1, true}, {"joined", 8, false}}};
}

std::size_t count(const std::string& text, const std::string& what) {
    std::size_t n = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
    return n;
}

}  // namespace

TEST_CASE("a waterfall says its total and each step, and tells their direction by shape as well as by number") {
    const std::string svg = waterfall(sample()).markup();
    CHECK(count(svg, ">+4.0<") == 1);
    CHECK(count(svg, ">−2.0<") == 1);
    CHECK(count(svg, ">0.0<") == 1);
    CHECK(count(svg, "waymark-waterfall__against\"") == 2);  // the beginning and the postcode
    CHECK(count(svg, "<polygon") == 6);
    CHECK(svg.find("Given &lt;name&gt;") != std::string::npos);
}

TEST_CASE("a waterfall has a title, a description, and neither style nor script of its own") {
    const std::string svg = waterfall(sample()).markup();
    CHECK(svg.find("<title id=\"waterfall-title\">How the total comes about</title>") != std::string::npos);
    CHECK(svg.find("aria-labelledby=\"waterfall-title waterfall-description\"") != std::string::npos);
    CHECK(svg.find(" style=") == std::string::npos);
    CHECK(svg.find("<script") == std::string::npos);
}

TEST_CASE("a waterfall of nothing, and one whose steps are all nothing, can be drawn") {
    CHECK(waterfall({}).markup().find("nan") == std::string::npos);
    const std::string svg = waterfall({.start = 0, .steps = {{"a", 0}, {"b", 0}}}).markup();
    CHECK(svg.find("nan") == std::string::npos);
    CHECK(svg.find("inf") == std::string::npos);
}
