// Draws the lanes in a frame 720 units wide: names to the left, time to the right of them.
#include "web/components/strip.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace waymark::web {

namespace {

constexpr double frame = 720;
constexpr double names = 170;
constexpr double head = 22;  // the labels of the years
constexpr double lane_height = 26;
constexpr std::size_t most_name_bytes = 26;

std::string units(double value) {
    return fmt::format("{:.1f}", value);
}

// Cut at a whole character; the table has the whole name.
std::string short_name(const std::string& name) {
    if (name.size() <= most_name_bytes) return name;
    std::size_t end = most_name_bytes - 1;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0u) == 0x80u) --end;
    return name.substr(0, end) + "…";
}

void draw_shape(Writer& w, StripShape shape, double x, double y, double half) {
    switch (shape) {
        case StripShape::disc:
            w.open("ellipse").attr("cx", units(x)).attr("cy", units(y)).attr("rx", units(half)).attr("ry", "9");
            w.classes({"waymark-strip__mark waymark-strip__mark--disc"}).close("ellipse");
            return;
        case StripShape::diamond:
            w.open("polygon").attr("points", fmt::format("{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}",
                                                         x - half - 2, y, x, y - 11, x + half + 2, y, x, y + 11));
            w.classes({"waymark-strip__mark waymark-strip__mark--diamond"}).close("polygon");
            return;
        case StripShape::square:
            w.open("rect").attr("x", units(x - half)).attr("y", units(y - 8)).attr("width", units(2 * half));
            w.attr("height", "16").classes({"waymark-strip__mark waymark-strip__mark--square"}).close("rect");
            return;
    }
}

}  // namespace

Html strip(const StripOptions& o) {
    const double plot = frame - names - 4;
    const double column = plot / static_cast<double>(std::max<std::size_t>(o.columns, 1));
    const double height = head + lane_height * static_cast<double>(o.lanes.size()) + 4;
    const auto middle_of = [&](std::size_t lane) { return head + lane_height * (static_cast<double>(lane) + 0.5); };
    Writer w;
    w.open("svg").attr("viewBox", fmt::format("0 0 {:.0f} {:.0f}", frame, height)).attr("role", "img");
    w.attr("aria-labelledby", o.id + "-title " + o.id + "-description").classes({"waymark-chart waymark-strip"});
    w.open("title").attr("id", o.id + "-title").text(o.title).close("title");
    w.open("desc").attr("id", o.id + "-description").text(o.description).close("desc");
    for (const auto& shade : o.shades) {
        w.open("rect").attr("x", units(names + plot * shade.from)).attr("y", units(head));
        w.attr("width", units(std::max(1.0, plot * (shade.to - shade.from)))).attr("height", units(height - head - 4));
        w.classes({"waymark-chart__gap"}).open("title").text(shade.words).close("title").close("rect");
    }
    for (const auto& tick : o.ticks) {
        const double x = names + column * static_cast<double>(tick.column);
        w.open("line").attr("x1", units(x)).attr("x2", units(x)).attr("y1", "4").attr("y2", units(height - 4));
        w.classes({"waymark-chart__grid"}).close("line");
        w.open("text").attr("x", units(x + 3)).attr("y", "14").classes({"waymark-chart__note"}).text(tick.label);
        w.close("text");
    }
    for (std::size_t lane = 0; lane < o.lanes.size(); ++lane) {
        w.open("text").attr("x", "0").attr("y", units(middle_of(lane) + 4)).classes({"waymark-strip__lane"});
        w.text(short_name(o.lanes[lane])).close("text");
        w.open("line").attr("x1", units(names)).attr("x2", units(frame - 4));
        w.attr("y1", units(middle_of(lane))).attr("y2", units(middle_of(lane))).classes({"waymark-chart__grid"});
        w.close("line");
    }
    for (const auto& mark : o.marks) {
        const double x = names + column * (static_cast<double>(mark.column) + 0.5);
        const double y = middle_of(mark.lane);
        // A narrow mark for one letter; wider where a number follows, so that it can be read.
        const double half = mark.text.size() > 1 ? 10 : 7;
        w.open("g").open("title").text(mark.words).close("title");
        draw_shape(w, mark.shape, x, y, half);
        w.open("text").attr("x", units(x)).attr("y", units(y + 4)).attr("text-anchor", "middle");
        w.classes({mark.shape == StripShape::square ? "waymark-strip__letter waymark-strip__letter--dark"
                                                    : "waymark-strip__letter"});
        w.text(mark.text).close("text").close("g");
    }
    w.close("svg");
    return w.done();
}

}  // namespace waymark::web
