// Draws in a frame 560 units wide: the one in the middle of the left side, the others below each other to the right.
#include "web/components/network.hpp"

#include <fmt/format.h>

namespace waymark::web {

namespace {

constexpr double wide = 560;
constexpr double row_height = 44;
constexpr double centre_width = 150;
constexpr double node_left = 250;
constexpr double box_height = 36;
constexpr std::size_t most_text_bytes = 40;

// Cut at a whole character; the table has the whole.
std::string short_words(const std::string& words, std::size_t most) {
    if (words.size() <= most) return words;
    std::size_t end = most - 1;
    while (end > 0 && (static_cast<unsigned char>(words[end]) & 0xc0u) == 0x80u) --end;
    return words.substr(0, end) + "…";
}

void draw_box(Writer& w, double x, double y, double width) {
    w.open("rect").attr("x", fmt::format("{:.0f}", x)).attr("y", fmt::format("{:.0f}", y - box_height / 2));
    w.attr("width", fmt::format("{:.0f}", width)).attr("height", fmt::format("{:.0f}", box_height));
    w.classes({"waymark-network__box"}).close("rect");
}

void draw_text(Writer& w, double x, double y, const char* classes, const std::string& text) {
    w.open("text").attr("x", fmt::format("{:.0f}", x)).attr("y", fmt::format("{:.0f}", y)).classes({classes});
    w.text(text).close("text");
}

}  // namespace

Html network(const NetworkOptions& o) {
    const double height = row_height * static_cast<double>(o.nodes.size()) + 8;
    const double middle = height / 2;
    Writer w;
    w.open("svg").attr("viewBox", fmt::format("0 0 {:.0f} {:.0f}", wide, height)).attr("role", "img");
    w.attr("aria-labelledby", o.id + "-title " + o.id + "-description").classes({"waymark-chart waymark-network"});
    w.open("title").attr("id", o.id + "-title").text(o.title).close("title");
    w.open("desc").attr("id", o.id + "-description").text(o.description).close("desc");
    const auto middle_of = [&](std::size_t n) { return 4 + row_height * (static_cast<double>(n) + 0.5); };
    for (std::size_t n = 0; n < o.nodes.size(); ++n) {
        w.open("line").attr("x1", fmt::format("{:.0f}", centre_width)).attr("y1", fmt::format("{:.0f}", middle));
        w.attr("x2", fmt::format("{:.0f}", node_left)).attr("y2", fmt::format("{:.0f}", middle_of(n)));
        if (o.nodes[n].over) w.attr("stroke-dasharray", "4 4");
        w.classes({"waymark-network__line"}).close("line");
    }
    draw_box(w, 1, middle, centre_width - 1);
    draw_text(w, 10, middle + 5, "waymark-network__name", short_words(o.centre, 20));
    for (std::size_t n = 0; n < o.nodes.size(); ++n) {
        const auto& node = o.nodes[n];
        draw_box(w, node_left, middle_of(n), wide - node_left - 1);
        draw_text(w, node_left + 10, middle_of(n) - 3, "waymark-network__name",
                  short_words(node.name, most_text_bytes));
        draw_text(w, node_left + 10, middle_of(n) + 12, "waymark-network__tie",
                  short_words(node.over ? node.tie + " (no more)" : node.tie, most_text_bytes + 8));
    }
    w.close("svg");
    return w.done();
}

}  // namespace waymark::web
