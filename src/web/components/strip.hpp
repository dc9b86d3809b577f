#pragma once
// Lanes of marks along a time line: who did what when, and where nothing was done. Drawn as an SVG without style or
// script; a mark is told by its shape and its letter, the colour only repeats them. The page shows the same as a table
// beside it.
#include <string>
#include <vector>

#include "web/html.hpp"

namespace waymark::web {

enum class StripShape { disc, diamond, square };

struct StripMark {
    std::size_t lane = 0;
    std::size_t column = 0;
    StripShape shape = StripShape::square;
    std::string text{};   // one to three characters
    std::string words{};  // read out and shown on hovering: "March 2026, Northbay Police: 2 concerns"
};
struct StripShade {
    double from = 0;  // 0 to 1, along the whole time
    double to = 0;
    std::string words{};
};
struct StripTick {
    std::size_t column = 0;
    std::string label{};
};
struct StripOptions {
    std::string id = "strip";  // of the title and description
    std::string title{};
    std::string description{};
    std::vector<std::string> lanes{};
    std::size_t columns = 1;  // equal parts of the time
    std::vector<StripMark> marks{};
    std::vector<StripShade> shades{};
    std::vector<StripTick> ticks{};
};

Html strip(const StripOptions&);

}  // namespace waymark::web
