#pragma once
// A waterfall: how a total comes about, step by step, with the lines that it is measured against. Drawn as an SVG
// without style or script; the direction of a step is told by its shape (a full bar with its point to the right adds, a
// hollow one with its point to the left takes away) and by its number, the colour only repeats it. The page shows the
// same as a table beside it.
#include <string>
#include <vector>

#include "web/html.hpp"

namespace waymark::web {

struct WaterfallStep {
    std::string label{};
    double by = 0;
};
struct WaterfallMark {
    std::string label{};  // a word or two
    double at = 0;
    bool left = false;  // the label stands left of its line
};
struct WaterfallOptions {
    std::string id = "waterfall";  // of the title and description
    std::string title{};
    std::string description{};
    std::string start_label{};
    double start = 0;
    std::vector<WaterfallStep> steps{};
    std::string total_label{};
    std::vector<WaterfallMark> marks{};
};

Html waterfall(const WaterfallOptions&);

// "+3.2", "−0.5", "0.0": with a true minus sign.
std::string signed_number(double);

}  // namespace waymark::web
