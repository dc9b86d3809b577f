// Draws the waterfall in a frame 320 units wide, so that its words can be read on the narrowest screen.
#include "web/components/waterfall.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace waymark::web {

namespace {

constexpr double width = 320;
constexpr double margin = 6;
constexpr double head = 26;        // the labels of the marks
constexpr double row_height = 40;  // a line of words, a bar below it
constexpr double bar_height = 12;
constexpr double point = 6;  // of a bar

class Scale {
public:
    explicit Scale(const WaterfallOptions& o) {
        double low = std::min(0.0, o.start);
        double high = std::max(0.0, o.start);
        double total = o.start;
        for (const auto& step : o.steps) {
            total += step.by;
            low = std::min(low, total);
            high = std::max(high, total);
        }
        for (const auto& mark : o.marks) {
            low = std::min(low, mark.at);
            high = std::max(high, mark.at);
        }
        // Room for the labels beside the outermost lines.
        const double room = std::max(1.0, high - low) / 3;
        for (const auto& mark : o.marks) {
            if (mark.left)
                low = std::min(low, mark.at - room);
            else
                high = std::max(high, mark.at + room);
        }
        low_ = low;
        by_ = (width - 2 * margin) / std::max(1.0, high - low);
    }
    [[nodiscard]] double operator()(double value) const { return margin + (value - low_) * by_; }

private:
    double low_ = 0;
    double by_ = 1;
};

std::string number(double value) {
    return fmt::format("{:.1f}", value == 0 ? 0.0 : value);
}

void words(Writer& w, double x, double y, std::string_view anchor, std::string_view classes, std::string_view text) {
    w.open("text").attr("x", number(x)).attr("y", number(y)).attr("text-anchor", anchor);
    w.classes({classes}).text(text).close("text");
}

void line(Writer& w, double x1, double y1, double x2, double y2, std::string_view classes) {
    w.open("line").attr("x1", number(x1)).attr("y1", number(y1)).attr("x2", number(x2)).attr("y2", number(y2));
    w.classes({classes}).close("line");
}

// A bar with its point where it leads to; a diamond where the step adds nothing.
void bar(Writer& w, double from, double to, double top) {
    const double middle = top + bar_height / 2;
    const double bottom = top + bar_height;
    std::string points;
    if (std::abs(to - from) < 1) {
        points = fmt::format("{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}", to - 4, middle, to, middle - 4,
                             to + 4, middle, to, middle + 4);
    } else {
        const double tip = std::min(point, std::abs(to - from));
        const double neck = to > from ? to - tip : to + tip;
        points = fmt::format("{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}", from, top, neck,
                             top, to, middle, neck, bottom, from, bottom);
    }
    w.open("polygon").attr("points", points);
    w.classes({to < from ? "waymark-waterfall__against" : "waymark-waterfall__for"}).close("polygon");
}

}  // namespace

std::string signed_number(double value) {
    std::string digits = fmt::format("{:.1f}", std::abs(value));
    if (digits == "0.0") return digits;
    return (value < 0 ? "−" : "+") + digits;
}

Html waterfall(const WaterfallOptions& o) {
    const Scale x(o);
    const double rows = static_cast<double>(o.steps.size()) + 2;
    const double height = head + rows * row_height + 4;
    Writer w;
    w.open("svg").attr("viewBox", fmt::format("0 0 {:.0f} {:.0f}", width, height)).attr("role", "img");
    w.attr("aria-labelledby", o.id + "-title " + o.id + "-description");
    w.classes({"waymark-chart waymark-waterfall"});
    w.open("title").attr("id", o.id + "-title").text(o.title).close("title");
    w.open("desc").attr("id", o.id + "-description").text(o.description).close("desc");
    for (const auto& mark : o.marks) {
        line(w, x(mark.at), head - 6, x(mark.at), height - 2,
             mark.left ? "waymark-waterfall__mark" : "waymark-waterfall__mark waymark-waterfall__mark--full");
        words(w, x(mark.at) + (mark.left ? -4 : 4), head - 10, mark.left ? "end" : "start", "waymark-chart__note",
              mark.label);
    }
    double total = 0;
    double top = head;
    const auto row = [&](const std::string& label, double by, bool first) {
        words(w, margin, top + 14, "start", "waymark-waterfall__label", label);
        words(w, width - margin, top + 14, "end", "waymark-waterfall__label", signed_number(by));
        const double from = total;
        total += by;
        bar(w, x(first ? 0 : from), x(total), top + 20);
        top += row_height;
        line(w, x(total), top - 8, x(total), top + 20, "waymark-chart__grid");
    };
    row(o.start_label, o.start, true);
    for (const auto& step : o.steps) row(step.label, step.by, false);
    words(w, margin, top + 14, "start", "waymark-waterfall__label waymark-waterfall__label--total", o.total_label);
    words(w, width - margin, top + 14, "end", "waymark-waterfall__label waymark-waterfall__label--total",
          signed_number(total));
    bar(w, x(total), x(total), top + 20);
    w.close("svg");
    return w.done();
}

}  // namespace waymark::web
