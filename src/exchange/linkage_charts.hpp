#pragma once
// Charts of a linkage as SVG. Each has a title and a description, reads without colour (side of the zero line,
// hatching, signs), and draws its text large enough to be read at the width of a telephone. The same figures stand in a
// table beside every one of them.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "people/batch/batch.hpp"

namespace waymark::exchange {

// Text for element content and attributes; what XML does not allow becomes U+FFFD, so does what is not UTF-8.
std::string escape_xml(std::string_view);
std::string grouped(std::uint64_t);  // 1,234,567
std::string signed_weight(double);   // +3.2, −1.0
std::string percent(double share);   // 99.95%, <0.01%

// Numbers the elements of one document, so that their ids differ.
class ChartIds {
public:
    std::string next() { return "c" + std::to_string(++last_); }

private:
    int last_ = 0;
};

struct Bar {
    std::string label;
    double value = 0;
    std::string shown;  // the value in words
};
// Horizontal bars from zero; `logarithmic` by powers of ten.
std::string bar_chart(ChartIds&, const std::string& title, const std::string& description, const std::vector<Bar>&,
                      bool logarithmic);

struct Step {
    std::string label;
    double from = 0;
    double to = 0;
    std::string shown;
    bool total = false;  // from zero, drawn in another way
};
struct Mark {
    std::string label;
    double at = 0;
};
// What the scale holds at least, so that several charts can have one.
struct Scale {
    double low = 0;
    double high = 1;
};
Scale scale_of(const people::batch::LinkageModel&);
// Bars to both sides of zero: weights, or a waterfall where each begins at which the last ended.
std::string signed_chart(ChartIds&, const std::string& title, const std::string& description, const std::vector<Step>&,
                         const std::vector<Mark>&, Scale = {});

// Pairs by weight on a logarithmic scale, thresholds marked; `narrow` for a small screen.
std::string histogram_chart(ChartIds&, const people::batch::Results&, bool narrow);
std::string precision_recall_chart(ChartIds&, const people::batch::Truth&);

}  // namespace waymark::exchange
