// The graph of a procedure drawn: boxes in columns, lines led between them, and the same as a table.
#include <algorithm>
#include <map>
#include <optional>

#include <fmt/core.h>

#include "base/markup.hpp"
#include "base/text.hpp"
#include "procedure/explain.hpp"
#include "procedure/layered.hpp"

namespace waymark::procedure {

namespace {

constexpr double box_width = 196;
constexpr double line_height = 15;
constexpr double least_gap = 150;  // between columns; wider where a label wants it
constexpr double gap_between_boxes = 20;
constexpr double margin = 24;
constexpr double top = 64;
constexpr std::size_t letters_a_line = 28;
constexpr double letter = 6.3;  // of the 11 px labels, on average
constexpr double between_lanes = 10;
constexpr double beside_label = 24;  // on both sides together: a line is seen to come and go
constexpr double bow = 56;           // how far a line goes out that comes back to its own column

// How a kind of line is told from the others without colour.
struct Look {
    std::string_view name;
    std::string_view dashes;
    std::string_view end;  // the shape of its end, as a path in a box of 12 by 12
    bool filled = true;
};
Look look_of(Arrow::Kind kind) {
    switch (kind) {
        case Arrow::Kind::response:
            return {"response", "", "M1,1 L11,6 L1,11 Z", true};
        case Arrow::Kind::condition:
            return {"condition", "7 4", "M2,6 a4,4 0 1,0 8,0 a4,4 0 1,0 -8,0 Z", true};
        case Arrow::Kind::milestone:
            return {"milestone", "9 3 2 3", "M1,6 L6,1 L11,6 L6,11 Z", true};
        case Arrow::Kind::include:
            return {"include", "2 3", "M6,1 L6,11 M1,6 L11,6", false};
        case Arrow::Kind::exclude:
            return {"exclude", "2 3", "M2,2 L10,10 M10,2 L2,10", false};
        case Arrow::Kind::missed:
            return {"missed", "12 4", "M1,1 L11,6 L1,11 Z", false};
    }
    return {};
}
constexpr Arrow::Kind all_kinds[] = {Arrow::Kind::response, Arrow::Kind::condition, Arrow::Kind::milestone,
                                     Arrow::Kind::include,  Arrow::Kind::exclude,   Arrow::Kind::missed};

std::vector<std::string> wrapped(const std::string& text) {
    std::vector<std::string> lines(1);
    for (const auto word : split(text, ' ')) {
        if (!lines.back().empty() && count_characters(lines.back()) + 1 + count_characters(word) > letters_a_line)
            lines.emplace_back();
        if (!lines.back().empty()) lines.back() += ' ';
        lines.back() += word;
    }
    return lines;
}

double label_width(const std::string& words) {
    return static_cast<double>(count_characters(words)) * letter + 6;
}

struct Area {
    double left, above, right, below;
    [[nodiscard]] bool meets(const Area& other) const {
        return left < other.right && other.left < right && above < other.below && other.above < below;
    }
};
struct Box {
    std::string id;
    std::vector<std::string> lines;
    double x = 0;
    double y = 0;
    double height = 0;
    [[nodiscard]] Area area() const { return {x, y, x + box_width, y + height}; }
};
// One space between two columns, as a cubic curve that does not leave it.
struct Curve {
    Point from, bend, bend_back, to;
    [[nodiscard]] Point at(double t) const {
        const double u = 1 - t;
        const double a = u * u * u;
        const double b = 3 * u * u * t;
        const double c = 3 * u * t * t;
        const double d = t * t * t;
        return {a * from.x + b * bend.x + c * bend_back.x + d * to.x,
                a * from.y + b * bend.y + c * bend_back.y + d * to.y};
    }
};
Curve curve_between(Point from, Point to) {
    const double reach = from.x == to.x ? bow : (to.x - from.x) / 2;
    return {from, {from.x + reach, from.y}, {from.x == to.x ? to.x + bow : to.x - reach, to.y}, to};
}

class Drawing {
public:
    explicit Drawing(const Rulebook& book) : book_(book), arrows_(arrows_of(book)) {
        for (const auto& event : book.events) {
            const bool drawn = std::any_of(arrows_.begin(), arrows_.end(), [&](const Arrow& arrow) {
                return arrow.from == event.id || arrow.to == event.id;
            });
            if (!drawn) continue;
            index_[event.id] = boxes_.size();
            auto& box = boxes_.emplace_back();
            box.id = event.id;
            box.lines = wrapped(event_label(book, event.id));
            box.height = line_height * static_cast<double>(box.lines.size()) + 14;
        }
        for (const auto& arrow : arrows_) gap_ = std::max(gap_, label_width(arrow.clock) + beside_label);
        lay_out();
        for (std::size_t i = 0; i < arrows_.size(); ++i) labels_.push_back(place_label(i));
    }

    [[nodiscard]] std::string svg() {
        const auto title = fmt::format("{}: events, duties and gates", book_.title);
        const auto words = fmt::format(
            "{} events in {} steps from left to right, joined by {} lines. Every line is a row of the table that "
            "stands with this drawing.",
            boxes_.size(), columns_, arrows_.size());
        const double legend = height_ + 8;
        const double whole = legend + 22 * static_cast<double>(std::size(all_kinds)) + margin;
        out_ = fmt::format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} "
            "{1:.0f}\" role=\"img\" aria-labelledby=\"{2}-title {2}-desc\" font-family=\"sans-serif\" "
            "font-size=\"12\">\n<title id=\"{2}-title\">{3}</title>\n<desc id=\"{2}-desc\">{4}</desc>\n",
            std::max(width_, 640.0), whole, name(), escape_markup(title), escape_markup(words));
        define_ends();
        out_ += fmt::format("<rect width=\"{:.0f}\" height=\"{:.0f}\" fill=\"#ffffff\"/>\n", std::max(width_, 640.0),
                            whole);
        for (std::size_t c = 0; c < columns_; ++c) {
            text(margin + static_cast<double>(c) * (box_width + gap_), 36, fmt::format("Step {}", c + 1),
                 " font-weight=\"bold\" font-size=\"14\"");
        }
        for (std::size_t i = 0; i < arrows_.size(); ++i) line(i);
        for (const auto& box : boxes_) draw(box);
        for (std::size_t i = 0; i < arrows_.size(); ++i) label(i);
        draw_legend(legend);
        out_ += "</svg>\n";
        return std::move(out_);
    }

private:
    [[nodiscard]] std::string name() const { return "wm-" + book_.name; }
    void lay_out() {
        std::vector<double> heights;
        for (const auto& box : boxes_) heights.push_back(box.height);
        std::vector<LayeredLine> lines;
        for (const auto& arrow : arrows_) {
            const bool orders = arrow.kind == Arrow::Kind::response || arrow.kind == Arrow::Kind::condition ||
                                arrow.kind == Arrow::Kind::missed;
            lines.push_back({index_.at(arrow.from), index_.at(arrow.to), orders});
        }
        const auto found = layered(heights, lines, {box_width, gap_, gap_between_boxes, between_lanes});
        const auto moved = [](Point p) { return Point{p.x + margin, p.y + top}; };
        for (std::size_t b = 0; b < boxes_.size(); ++b) {
            const auto place = moved(found.place[b]);
            boxes_[b].x = place.x;
            boxes_[b].y = place.y;
            taken_.push_back(boxes_[b].area());
        }
        for (const auto& route : found.routes) {
            auto& curves = curves_.emplace_back();
            for (std::size_t n = 0; n + 1 < route.size(); n += 2)
                curves.push_back(curve_between(moved(route[n]), moved(route[n + 1])));
        }
        columns_ = found.columns;
        width_ = 2 * margin + static_cast<double>(columns_) * (box_width + gap_) - gap_ / 2;
        height_ = top + found.height + gap_between_boxes;
    }

    void define_ends() {
        out_ += "<defs>\n";
        for (const auto kind : all_kinds) {
            const auto look = look_of(kind);
            out_ += fmt::format(
                "<marker id=\"{}-{}\" viewBox=\"0 0 12 12\" refX=\"11\" refY=\"6\" markerWidth=\"10\" "
                "markerHeight=\"10\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"{}\" fill=\"{}\" "
                "stroke=\"#0b0c0c\" stroke-width=\"1.5\"/></marker>\n",
                name(), look.name, look.end, look.filled ? "#0b0c0c" : "#ffffff");
        }
        out_ += "</defs>\n";
    }
    [[nodiscard]] std::string stroke(Arrow::Kind kind) const {
        const auto look = look_of(kind);
        const auto dashes = look.dashes.empty() ? std::string() : fmt::format(" stroke-dasharray=\"{}\"", look.dashes);
        return fmt::format("fill=\"none\" stroke=\"#0b0c0c\" stroke-width=\"1.2\"{} marker-end=\"url(#{}-{})\"", dashes,
                           name(), look.name);
    }
    // Through each space as a curve, through each column straight on.
    void line(std::size_t i) {
        std::string path;
        for (const auto& c : curves_[i]) {
            path += fmt::format("{}{:.1f},{:.1f} C{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}", path.empty() ? "M" : " L",
                                c.from.x, c.from.y, c.bend.x, c.bend.y, c.bend_back.x, c.bend_back.y, c.to.x, c.to.y);
        }
        out_ += fmt::format("<path d=\"{}\" {}/>\n", path, stroke(arrows_[i].kind));
    }
    void text(double x, double y, const std::string& words, std::string_view more) {
        out_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" fill=\"#0b0c0c\"{}>{}</text>\n", x, y, more,
                            escape_markup(words));
    }
    void draw(const Box& box) {
        out_ += fmt::format(
            "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.0f}\" height=\"{:.0f}\" fill=\"#ffffff\" stroke=\"#0b0c0c\" "
            "stroke-width=\"1.5\"/>\n",
            box.x, box.y, box_width, box.height);
        double y = box.y + 18;
        for (const auto& line : box.lines) {
            text(box.x + 8, y, line, "");
            y += line_height;
        }
    }
    struct Label {
        Area area;
        Point on_line;        // to which it belongs
        bool beside = false;  // there was no room on the line itself
    };
    // On its line where it covers neither a box nor another label; else the nearest room above or below.
    std::optional<Label> place_label(std::size_t i) {
        if (arrows_[i].clock.empty()) return std::nullopt;
        const double half = label_width(arrows_[i].clock) / 2;
        const auto around = [&](const Curve& curve, double t) {
            const auto p = curve.at(t);
            return Area{p.x - half, p.y - 8, p.x + half, p.y + 8};
        };
        const auto is_free = [&](const Area& here) {
            return here.above >= top - 16 &&
                   std::none_of(taken_.begin(), taken_.end(), [&](const Area& other) { return other.meets(here); });
        };
        const auto take = [&](const Area& here, Point on_line, bool beside) {
            taken_.push_back(here);
            height_ = std::max(height_, here.below + 8);
            return Label{here, on_line, beside};
        };
        constexpr int places = 30;  // on either side of the middle of each space that the line goes through
        for (const auto& curve : curves_[i]) {
            for (int step = 0; step < 2 * places; ++step) {  // outwards from the middle
                const int away = (step + 1) / 2;
                const double t = 0.5 + (step % 2 == 0 ? away : -away) * 0.015;
                if (const auto here = around(curve, t); is_free(here)) return take(here, curve.at(t), false);
            }
        }
        // Below the lowest of all there is always room.
        const auto& curve = curves_[i].front();
        const auto middle = around(curve, 0.5);
        for (int step = 1;; ++step) {
            const double away = (step + 1) / 2 * 4 * (step % 2 == 0 ? -1 : 1);
            const Area here{middle.left, middle.above + away, middle.right, middle.below + away};
            if (is_free(here)) return take(here, curve.at(0.5), true);
        }
    }
    void label(std::size_t i) {
        if (!labels_[i]) return;
        const auto& [best, on_line, beside] = *labels_[i];
        if (beside) {
            out_ += fmt::format(
                "<path d=\"M{:.1f},{:.1f} L{:.1f},{:.1f}\" fill=\"none\" stroke=\"#505a5f\" stroke-width=\"1\" "
                "stroke-dasharray=\"1 2\"/>\n",
                on_line.x, on_line.y, (best.left + best.right) / 2, (best.above + best.below) / 2);
        }
        out_ += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"16\" fill=\"#ffffff\"/>\n",
                            best.left, best.above, best.right - best.left);
        text((best.left + best.right) / 2, best.above + 12, arrows_[i].clock,
             " font-size=\"11\" text-anchor=\"middle\"");
    }
    void draw_legend(double y) {
        for (const auto kind : all_kinds) {
            out_ += fmt::format("<path d=\"M{:.0f},{:.1f} L{:.0f},{:.1f}\" {}/>\n", margin, y, margin + 72, y,
                                stroke(kind));
            text(margin + 84, y + 4, fmt::format("{} …", in_words(kind)), "");
            y += 22;
        }
    }

    const Rulebook& book_;
    std::vector<Arrow> arrows_;
    std::vector<Box> boxes_;  // in the order of the document
    std::map<std::string, std::size_t, std::less<>> index_;
    std::vector<std::vector<Curve>> curves_;  // of each arrow
    double gap_ = least_gap;
    std::size_t columns_ = 0;
    std::vector<Area> taken_;
    std::vector<std::optional<Label>> labels_;  // of each arrow
    double width_ = 0;
    double height_ = 0;
    std::string out_;
};

Arrow::Kind kind_of(Relation relation) {
    switch (relation) {
        case Relation::response:
            return Arrow::Kind::response;
        case Relation::condition:
            return Arrow::Kind::condition;
        case Relation::milestone:
            return Arrow::Kind::milestone;
        case Relation::include:
            return Arrow::Kind::include;
        case Relation::exclude:
            return Arrow::Kind::exclude;
    }
    return Arrow::Kind::response;
}

constexpr auto page_head = R"(<meta charset="utf-8">
<style>body{font-family:sans-serif;max-width:60em;margin:1em auto;padding:0 1em;line-height:1.45}
table{border-collapse:collapse}th,td{border:1px solid #505a5f;padding:4px 8px;text-align:left;vertical-align:top}
.drawing{overflow-x:auto;border:1px solid #505a5f}.note{color:#505a5f}</style>
)";

std::string list_of(const std::string& heading, const std::vector<std::string>& lines) {
    if (lines.empty()) return {};
    auto out = fmt::format("<h2>{}</h2>\n<ul>\n", escape_markup(heading));
    for (const auto& line : lines) out += fmt::format("<li>{}</li>\n", escape_markup(line));
    return out + "</ul>\n";
}

}  // namespace

std::string_view in_words(Arrow::Kind kind) {
    switch (kind) {
        case Arrow::Kind::response:
            return "then this must follow, within";
        case Arrow::Kind::condition:
            return "is needed before";
        case Arrow::Kind::milestone:
            return "while it is owed, holds";
        case Arrow::Kind::include:
            return "makes part of the case";
        case Arrow::Kind::exclude:
            return "takes out of the case";
        case Arrow::Kind::missed:
            return "if what is owed after it is not done in time, brings";
    }
    return {};
}

std::vector<Arrow> arrows_of(const Rulebook& book) {
    std::vector<Arrow> all;
    const auto add = [&](Arrow one, const std::string& rule) {
        auto same = std::find_if(all.begin(), all.end(), [&](const Arrow& other) {
            return other.kind == one.kind && other.from == one.from && other.to == one.to && other.clock == one.clock;
        });
        if (same == all.end()) same = all.insert(all.end(), std::move(one));
        if (std::find(same->rules.begin(), same->rules.end(), rule) == same->rules.end()) same->rules.push_back(rule);
    };
    for (const auto& rule : book.rules) {
        const auto clock = clock_words(rule);
        add({kind_of(rule.relation), rule.from, rule.to, clock, {}}, rule.id);
        if (rule.relation != Relation::response) continue;
        for (const auto& event : book.events) {
            if (event.missed == rule.id) add({Arrow::Kind::missed, rule.from, event.id, clock, {}}, rule.id);
        }
    }
    const auto there = [&](const std::string& id) { return book.event(id) != nullptr; };
    std::erase_if(all, [&](const Arrow& one) { return !there(one.from) || !there(one.to); });
    return all;
}

std::string diagram(const Rulebook& book) {
    return Drawing(book).svg();
}

std::string to_html(const Explanation& all, const Rulebook& book) {
    const auto title = escape_markup(fmt::format("{}, version {}", all.title, all.version));
    auto out =
        fmt::format("<!DOCTYPE html>\n<html lang=\"en\">\n<head>{}<title>{}</title></head>\n<body>\n<h1>{}</h1>\n",
                    page_head, title, title);
    for (const auto& chapter : all.chapters) {
        out += chapter.number.empty() ? std::string("<h2>In no chapter of the manual</h2>\n")
                                      : fmt::format("<h2>Chapter {} {}</h2>\n", escape_markup(chapter.number),
                                                    escape_markup(chapter.title));
        out += "<ul>\n";
        for (const auto& one : chapter.statements) {
            out += fmt::format("<li>{} <span class=\"note\">{} {}. {}{}{}</span></li>\n", escape_markup(one.words),
                               one.cue ? "Cue" : "Rule", escape_markup(one.id),
                               one.paragraph.empty() ? "" : escape_markup(fmt::format("Paragraph {}. ", one.paragraph)),
                               one.unsourced ? "No source was found for this: the partnership sets it. " : "",
                               one.source.empty() ? "" : escape_markup(fmt::format("Source: {}.", one.source)));
        }
        out += "</ul>\n";
    }
    out += list_of("Numbers that a partnership may change", all.numbers);
    out += list_of("What there may be many of", all.manifold);
    out += fmt::format(
        "<h2>The whole as a drawing</h2>\n<div class=\"drawing\" tabindex=\"0\" role=\"region\" "
        "aria-label=\"Drawing\">{}</div>\n",
        diagram(book));
    out +=
        "<h2>The drawing as a table</h2>\n<table>\n<thead><tr><th>From</th><th>What it means</th><th>To</th>"
        "<th>Clock</th><th>Rule</th></tr></thead>\n<tbody>\n";
    for (const auto& arrow : arrows_of(book)) {
        out += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                           escape_markup(event_label(book, arrow.from)), in_words(arrow.kind),
                           escape_markup(event_label(book, arrow.to)), escape_markup(arrow.clock),
                           escape_markup(join(arrow.rules, ", ")));
    }
    return out + "</tbody>\n</table>\n</body>\n</html>\n";
}

}  // namespace waymark::procedure
