#include "exchange/linkage_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/markup.hpp"
#include "base/text.hpp"
#include "exchange/linkage.hpp"

namespace waymark::exchange {

namespace batch = people::batch;

namespace {

constexpr const char* blue = "#1d70b8";
constexpr const char* red = "#b10e1e";
constexpr const char* dark = "#0b0c0c";
constexpr const char* grey = "#505a5f";
constexpr const char* pale = "#b1b4b6";

std::string open_svg(ChartIds& ids, const std::string& title, const std::string& description, double width,
                     double height, const char* kind) {
    const auto id = ids.next();
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{}\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" "
        "aria-labelledby=\"{}t {}d\" font-family=\"system-ui, sans-serif\" font-size=\"11\" fill=\"{}\">"
        "<title id=\"{}t\">{}</title><desc id=\"{}d\">{}</desc>"
        "<defs><pattern id=\"{}h\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
        "patternTransform=\"rotate(45)\"><rect width=\"5\" height=\"5\" fill=\"#fff\"/>"
        "<rect width=\"2\" height=\"5\" fill=\"{}\"/></pattern></defs>",
        kind, width, height, id, id, dark, id, escape_xml(title), id, escape_xml(description), id, red);
}
// The id under which open_svg put the hatching of the chart that it began last.
std::string hatch_of(const std::string& svg) {
    const auto from = svg.rfind("<pattern id=\"") + 13;
    return "url(#" + svg.substr(from, svg.find('"', from) - from) + ")";
}

std::string text_at(double x, double y, std::string_view text, const char* anchor = "start", const char* fill = dark,
                    const char* more = "") {
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" fill=\"{}\"{}>{}</text>", x, y, anchor, fill,
                       more, escape_xml(text));
}
std::string rect(double x, double y, double width, double height, const std::string& fill, const char* stroke) {
    return fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\" stroke=\"{}\"/>",
                       x, y, std::max(width, 0.8), height, fill, stroke);
}
std::string line(double x1, double y1, double x2, double y2, const char* stroke, const char* dashes = "") {
    return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\"{}/>", x1, y1, x2,
                       y2, stroke, dashes[0] == '\0' ? "" : fmt::format(" stroke-dasharray=\"{}\"", dashes));
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
    std::vector<std::string> lines(1);
    for (const auto word : split(text, ' ')) {
        if (!lines.back().empty() && count_characters(lines.back()) + 1 + count_characters(word) > width)
            lines.emplace_back();
        if (!lines.back().empty()) lines.back() += ' ';
        lines.back() += word;
    }
    return lines;
}

// A round step of which a range has some five.
double step_of(double range) {
    const double rough = std::max(range, 1e-9) / 5;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double times : {1.0, 2.0, 5.0}) {
        if (rough <= times * power) return times * power;
    }
    return 10 * power;
}

constexpr double chart_width = 340;
constexpr double value_width = 46;  // to the right of the bars
constexpr std::size_t label_characters = 56;

}  // namespace

std::string escape_xml(std::string_view text) {
    return escape_markup(well_formed(text));
}

std::string grouped(std::uint64_t n) {
    std::string text = std::to_string(n);
    for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
    return text;
}

std::string signed_weight(double weight) {
    const double shown = std::round(weight * 10) / 10;
    if (shown == 0) return "0.0";
    return fmt::format("{}{:.1f}", shown > 0 ? "+" : "−", std::abs(shown));
}

std::string percent(double share) {
    const double n = share * 100;
    if (n == 0 || n == 100) return fmt::format("{:.0f}%", n);
    if (n < 0.01) return "<0.01%";
    if (n > 99.99) return ">99.99%";
    if (n >= 99.9 || n < 1) return fmt::format("{:.2f}%", n);
    return fmt::format("{:.1f}%", n);
}

std::string bar_chart(ChartIds& ids, const std::string& title, const std::string& description,
                      const std::vector<Bar>& bars, bool logarithmic) {
    const auto scaled = [&](double value) { return logarithmic ? std::log10(std::max(value, 0.0) + 1) : value; };
    double most = 1e-9;
    std::size_t lines = 0;
    std::size_t longest = 0;
    for (const auto& bar : bars) {
        most = std::max(most, scaled(bar.value));
        lines += wrap(bar.label, label_characters).size();
        longest = std::max(longest, bar.shown.size());
    }
    const double values = 10 + 6.2 * static_cast<double>(longest);
    const double room = chart_width - values;
    const double height = static_cast<double>(lines) * 14 + static_cast<double>(bars.size()) * 20 + 6;
    std::string out = open_svg(ids, title, description, chart_width, height, "chart");
    double y = 0;
    for (const auto& bar : bars) {
        for (const auto& each : wrap(bar.label, label_characters)) out += text_at(0, y += 14, each);
        const double length = room * scaled(bar.value) / most;
        out += rect(0.5, y + 4, length, 11, blue, blue);
        out += text_at(length + 5, y + 13.5, bar.shown);
        y += 20;
    }
    return out + "</svg>";
}

Scale scale_of(const batch::LinkageModel& model) {
    Scale scale;
    for (const auto& field : model.fields) {
        for (const auto& level : field.levels) {
            scale.low = std::min(scale.low, level.weight);
            scale.high = std::max(scale.high, level.weight);
        }
    }
    return scale;
}

std::string signed_chart(ChartIds& ids, const std::string& title, const std::string& description,
                         const std::vector<Step>& steps, const std::vector<Mark>& marks, Scale scale) {
    double low = scale.low;
    double high = scale.high;
    double height = marks.empty() ? 6 : 20;
    for (const auto& step : steps) {
        low = std::min({low, step.from, step.to});
        high = std::max({high, step.from, step.to});
        height += static_cast<double>(wrap(step.label, label_characters).size()) * 14 + 20;
    }
    for (const auto& mark : marks) {
        low = std::min(low, mark.at);
        high = std::max(high, mark.at);
    }
    const double step = step_of(high - low);
    low = std::floor(low / step) * step;
    high = std::ceil(high / step) * step;
    const double room = chart_width - value_width - 8;
    const auto x = [&](double value) { return 4 + room * (value - low) / (high - low); };
    std::string out = open_svg(ids, title, description, chart_width, height + 20, "chart");
    const std::string hatch = hatch_of(out);
    const double top = marks.empty() ? 4 : 16;
    const auto ticks = static_cast<int>(std::floor((high - low) / step + 0.5));
    for (int n = 0; n <= ticks; ++n) {
        const double tick = low + n * step;
        const bool zero = std::abs(tick) < step / 1000;
        out += line(x(tick), top, x(tick), height, zero ? dark : pale);
        out += text_at(std::clamp(x(tick), 10.0, chart_width - value_width), height + 14,
                       fmt::format("{:g}", zero ? 0.0 : tick), "middle", grey);
    }
    bool left_side = false;
    for (const auto& mark : marks) {
        left_side = x(mark.at) > chart_width / 2;
        out += line(x(mark.at), 4, x(mark.at), height, dark, "4 3");
        out += text_at(x(mark.at) + (left_side ? -3 : 3), 12, mark.label, left_side ? "end" : "start", dark);
    }
    double y = marks.empty() ? 0 : 14;
    double last = 0;
    bool first = true;
    for (const auto& each : steps) {
        const double begin = y;
        // White under the words, so that the lines of the scale do not run through them.
        for (const auto& words : wrap(each.label, label_characters))
            out += text_at(0, y += 14, words, "start", dark,
                           " paint-order=\"stroke\" stroke=\"#fff\" stroke-width=\"4\" stroke-linejoin=\"round\"");
        const double from = std::min(each.from, each.to);
        const double to = std::max(each.from, each.to);
        if (!first && !each.total && each.from != 0 && std::abs(last - each.from) < 1e-6)
            out += line(x(each.from), begin - 5, x(each.from), y + 4, grey, "2 2");
        const bool against = each.to < each.from;
        out += rect(x(from), y + 4, x(to) - x(from), 11,
                    each.total ? std::string(dark)
                    : against  ? hatch
                               : std::string(blue),
                    each.total ? dark
                    : against  ? red
                               : blue);
        out += text_at(chart_width, y + 13.5, each.shown, "end", dark, each.total ? " font-weight=\"bold\"" : "");
        y += 20;
        last = each.to;
        first = false;
    }
    return out + "</svg>";
}

std::string histogram_chart(ChartIds& ids, const batch::Results& results, bool narrow) {
    const double width = narrow ? 340 : 680;
    const double height = 250;
    const double left = 62;
    const double bottom = height - 36;
    const double top = 40;
    double low = -5;
    double high = 5;
    double most = 10;
    // The lowest bin holds what was passed over too: the table tells it.
    const auto left_out = [](const batch::Bin& bin) { return bin.from <= -60; };
    for (const auto& bin : results.histogram) {
        if (left_out(bin)) continue;
        low = std::min(low, bin.from);
        high = std::max(high, bin.from + 1);
        most = std::max(most, static_cast<double>(bin.pairs));
    }
    low = std::floor(low / 10) * 10;
    high = std::ceil(high / 10) * 10;
    const double powers = std::ceil(std::log10(most));
    const auto x = [&](double weight) { return left + (width - left - 8) * (weight - low) / (high - low); };
    const auto y = [&](double pairs) {
        return bottom - (bottom - top) * std::log10(std::max(pairs, 1.0) * 1.3) / (powers + 0.12);
    };
    std::string out =
        open_svg(ids, "Pairs by weight",
                 fmt::format("Histogram on a logarithmic scale of {} compared pairs by match weight. Pairs are "
                             "offered from weight {:.1f} and linked from weight {:.1f}.",
                             grouped(results.pairs_scored), results.model.review_at, results.model.link_at),
                 width, height, narrow ? "chart narrow" : "chart wide");
    const std::string hatch = hatch_of(out);
    for (int power = 0; power <= static_cast<int>(powers); ++power) {
        const double at = y(std::pow(10.0, power));
        out += line(left, at, width - 8, at, pale);
        out += text_at(left - 4, at + 4,
                       power < 7 ? grouped(static_cast<std::uint64_t>(std::pow(10.0, power)))
                                 : grouped(static_cast<std::uint64_t>(std::pow(10.0, power - 6))) + " m",
                       "end", grey);
    }
    for (const auto& bin : results.histogram) {
        if (bin.pairs == 0 || left_out(bin)) continue;
        const double mid = bin.from + 0.5;
        const bool linked = mid >= results.model.link_at;
        const bool offered = !linked && mid >= results.model.review_at;
        const double at = y(static_cast<double>(bin.pairs));
        out += rect(x(bin.from) + 0.5, at, x(bin.from + 1) - x(bin.from) - 1, bottom - at,
                    linked    ? std::string(blue)
                    : offered ? hatch
                              : "#dbdde0",
                    linked    ? blue
                    : offered ? red
                              : grey);
        if (results.truth && bin.true_pairs > 0) {
            const double is = y(static_cast<double>(bin.true_pairs));
            out += fmt::format(
                "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#ffdd00\" "
                "stroke-width=\"4\"/><line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" "
                "stroke=\"{}\" stroke-width=\"1.5\"/>",
                x(bin.from), is, x(bin.from + 1), is, x(bin.from), is, x(bin.from + 1), is, dark);
        }
    }
    out += line(left, bottom, width - 8, bottom, dark);
    const double step = narrow ? 20 : 10;
    const auto last_tick = static_cast<int>(std::floor(high / step));
    for (auto n = static_cast<int>(std::ceil(low / step)); n <= last_tick; ++n)
        out += text_at(x(n * step), bottom + 14, fmt::format("{:g}", n * step), "middle", grey);
    out += text_at((left + width) / 2, height - 6, "match weight (one more: twice the odds)", "middle", grey);
    struct Line {
        double at;
        std::string words;
        double y;
    };
    const std::array<Line, 2> lines = {
        {{results.model.review_at, fmt::format("looked at from {:.1f}", results.model.review_at), 12},
         {results.model.link_at, fmt::format("linked from {:.1f}", results.model.link_at), 27}}};
    for (const auto& each : lines) {
        const double at = x(std::clamp(each.at, low, high));
        out += line(at, each.y - 8, at, bottom, dark, "5 3");
        const bool left_side = at > width - 130;
        out += text_at(at + (left_side ? -4 : 4), each.y + 1, each.words, left_side ? "end" : "start", dark,
                       " font-weight=\"bold\" paint-order=\"stroke\" stroke=\"#fff\" stroke-width=\"4\"");
    }
    return out + "</svg>";
}

std::string precision_recall_chart(ChartIds& ids, const batch::Truth& truth) {
    constexpr double size = 340;
    constexpr double left = 44;
    constexpr double bottom = size - 40;
    // What matters lies close to 1, so the scale begins where the curve does.
    double low_recall = 1;
    double low_precision = 1;
    const double enough = truth.linked.precision * 0.9;
    for (const auto& point : truth.curve) {
        if (point.precision < std::min(0.5, enough)) continue;
        low_precision = std::min(low_precision, point.precision);
    }
    low_recall = 0;
    low_precision = std::clamp(std::floor(low_precision * 10) / 10, 0.0, 0.9);
    const auto x = [&](double recall) { return left + (size - left - 10) * (recall - low_recall) / (1 - low_recall); };
    const auto y = [&](double precision) {
        return bottom - (bottom - 10) * (precision - low_precision) / (1 - low_precision);
    };
    std::string out =
        open_svg(ids, "Precision and recall",
                 fmt::format("Precision against recall at every threshold. At the linking threshold precision "
                             "is {:.4f} and recall {:.4f}; the best F1 is {:.4f}.",
                             truth.linked.precision, truth.linked.recall, truth.best_f1),
                 size, size, "chart");
    for (int i = 0; i <= 5; ++i) {
        const double recall = 0.2 * i;
        out += line(x(recall), 10, x(recall), bottom, pale);
        out += text_at(std::min(x(recall), size - 10), bottom + 14, fmt::format("{:.1f}", recall), "middle", grey);
        const double precision = low_precision + (1 - low_precision) * i / 5;
        out += line(left, y(precision), size - 10, y(precision), pale);
        out += text_at(left - 4, y(precision) + 4, fmt::format("{:.2f}", precision), "end", grey);
    }
    std::string points;
    for (const auto& point : truth.curve) {
        if (point.precision < low_precision) continue;
        points += fmt::format("{:.1f},{:.1f} ", x(point.recall), y(point.precision));
    }
    if (!points.empty()) points.pop_back();
    out += fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>", points, blue);
    if (truth.linked.precision >= low_precision) {
        const double at_x = x(truth.linked.recall);
        const double at_y = y(truth.linked.precision);
        out +=
            fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\" fill=\"#fff\" stroke=\"{}\" stroke-width=\"2\"/>",
                        at_x, at_y, dark);
        const bool left_side = at_x > size / 2;
        out += text_at(at_x + (left_side ? -9 : 9), at_y + 18, "linked here", left_side ? "end" : "start", dark,
                       " font-weight=\"bold\" paint-order=\"stroke\" stroke=\"#fff\" stroke-width=\"4\"");
    }
    out += text_at((left + size) / 2, size - 8, "recall: of the true pairs, linked", "middle", grey);
    out += fmt::format(
        "<text x=\"12\" y=\"{:.0f}\" text-anchor=\"middle\" fill=\"{}\" transform=\"rotate(-90 12 {:.0f})\">"
        "precision: of the linked, true</text>",
        bottom / 2, grey, bottom / 2);
    return out + "</svg>";
}

std::string weights_chart(const batch::LinkageModel& model) {
    // One chart a field, one above the other, each with its heading.
    ChartIds ids;
    std::string body;
    double y = 34;
    for (const auto& field : model.fields) {
        std::vector<Step> steps;
        for (const auto& level : field.levels)
            steps.push_back({level.words, 0, level.weight, signed_weight(level.weight), false});
        std::string chart =
            signed_chart(ids, field.name, "Weight of each level of " + field.name, steps, {}, scale_of(model));
        const auto box = chart.find("viewBox=\"0 0 340 ") + 17;
        const double height = std::stod(chart.substr(box, chart.find('"', box) - box));
        body += text_at(0, y + 14, fmt::format("{} ({})", field.name, batch::to_string(field.kind)), "start", dark,
                        " font-size=\"14\" font-weight=\"bold\"");
        y += 22;
        chart.insert(4, fmt::format(" y=\"{:.0f}\" width=\"340\" height=\"{:.0f}\"", y, height));
        body += chart;
        y += height + 14;
    }
    std::string out =
        open_svg(ids, "Weights of the model",
                 "For each field and each level of agreement the weight with which it speaks for (to the right "
                 "of zero) or against (to the left) one person. One more is twice the odds.",
                 chart_width, y, "chart");
    out += rect(0, 0, chart_width, y, "#fff", "#fff");
    out += text_at(0, 16, "Weights of the model", "start", dark, " font-size=\"16\" font-weight=\"bold\"");
    return out + body + "</svg>\n";
}

}  // namespace waymark::exchange
