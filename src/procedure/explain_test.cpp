#include "procedure/explain.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.hpp"
#include "support/sample_case.hpp"

using namespace waymark;
using namespace waymark::procedure;
using namespace waymark::testing;

namespace {

const char* const shipped_names[] = {
    "hsb-england", "child-protection-england", "looked-after-england", "consultation", "challenge", "feedback",
    "transfer",    "front-door-wales"};

content::Manual manual() {
    return content::load_manual(std::string(WAYMARK_SOURCE_DIR) + "/content").value();
}
std::size_t times(std::string_view text, std::string_view part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++n;
    return n;
}

// Every element that is opened is closed, in order; every attribute has quotes; no & stands alone.
void check_well_formed(std::string_view markup) {
    std::vector<std::string> open;
    std::size_t at = 0;
    while ((at = markup.find('<', at)) != std::string_view::npos) {
        const auto end = markup.find('>', at);
        REQUIRE(end != std::string_view::npos);
        const auto inside = markup.substr(at + 1, end - at - 1);
        CHECK(times(inside, "\"") % 2 == 0);
        const auto name = std::string(inside.substr(0, inside.find_first_of(" /\n", 1)));
        if (name[0] == '/') {
            REQUIRE_FALSE(open.empty());
            CHECK(open.back() == name.substr(1));
            open.pop_back();
        } else if (inside.back() != '/') {
            open.push_back(name);
        }
        at = end;
    }
    CHECK(open.empty());
    for (at = markup.find('&'); at != std::string_view::npos; at = markup.find('&', at + 1)) {
        const auto end = markup.find(';', at);
        REQUIRE(end != std::string_view::npos);
        CHECK(end - at < 8);
    }
}

// The numbers of a text, in their order.
std::vector<double> numbers_in(std::string_view text) {
    std::vector<double> all;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t used = 0;
        if (text[at] == '-' || (text[at] >= '0' && text[at] <= '9')) {
            all.push_back(std::stod(std::string(text.substr(at)), &used));
        }
        at += std::max<std::size_t>(1, used);
    }
    return all;
}
std::string_view attribute_of(std::string_view element, const std::string& name) {
    const auto at = element.find(' ' + name + "=\"");
    if (at == std::string_view::npos) return {};
    const auto from = at + name.size() + 3;
    return element.substr(from, element.find('"', from) - from);
}
struct DrawnBox {
    double left, above, right, below;
};
struct Drawn {
    std::vector<DrawnBox> boxes;
    std::vector<DrawnBox> labels;            // of clocks
    std::vector<DrawnBox> headings;          // of columns
    std::vector<std::vector<double>> lines;  // x and y of M, then of each C (three) and L (one), in their order
    std::vector<std::string> shapes;         // of each line: "MCLC"
};
Drawn read_drawing(std::string_view svg) {
    Drawn drawn;
    for (auto at = svg.find('<'); at != std::string_view::npos; at = svg.find('<', at + 1)) {
        const auto element = svg.substr(at, svg.find('>', at) - at);
        if (element.find("<rect ") == 0 && attribute_of(element, "stroke") == "#0b0c0c") {
            const auto of = [&](const char* name) { return numbers_in(attribute_of(element, name)).at(0); };
            drawn.boxes.push_back({of("x"), of("y"), of("x") + of("width"), of("y") + of("height")});
        } else if (element.find("<rect ") == 0 && attribute_of(element, "height") == "16") {
            const auto of = [&](const char* name) { return numbers_in(attribute_of(element, name)).at(0); };
            drawn.labels.push_back({of("x"), of("y"), of("x") + of("width"), of("y") + 16});
        } else if (element.find("<text ") == 0 && attribute_of(element, "font-size") == "14") {
            const auto of = [&](const char* name) { return numbers_in(attribute_of(element, name)).at(0); };
            drawn.headings.push_back({of("x"), of("y") - 12, of("x") + 60, of("y") + 3});
        } else if (element.find("<path ") == 0 && element.find("marker-end") != std::string_view::npos &&
                   attribute_of(element, "d").find('C') != std::string_view::npos) {
            const auto path = attribute_of(element, "d");
            drawn.lines.push_back(numbers_in(path));
            auto& shape = drawn.shapes.emplace_back();
            for (const char c : path) {
                if (c == 'M' || c == 'C' || c == 'L') shape += c;
            }
        }
    }
    return drawn;
}
// Points along a line, near enough to each other that no box fits between two.
std::vector<std::pair<double, double>> points_along(const std::vector<double>& numbers, const std::string& shape) {
    std::vector<std::pair<double, double>> points;
    std::size_t next = 0;
    double x = 0;
    double y = 0;
    const auto take = [&] {
        next += 2;
        return std::pair(numbers.at(next - 2), numbers.at(next - 1));
    };
    for (const char step : shape) {
        const auto one = take();
        if (step == 'M') {
            std::tie(x, y) = one;
            points.push_back(one);
            continue;
        }
        const auto two = step == 'C' ? take() : one;
        const auto end = step == 'C' ? take() : one;
        for (int n = 1; n <= 200; ++n) {
            const double t = n / 200.0;
            const double u = 1 - t;
            const auto mixed = [&](double a, double b, double c, double d) {
                return step == 'L' ? a * u + d * t
                                   : a * u * u * u + 3 * b * u * u * t + 3 * c * u * t * t + d * t * t * t;
            };
            points.emplace_back(mixed(x, one.first, two.first, end.first),
                                mixed(y, one.second, two.second, end.second));
        }
        std::tie(x, y) = end;
    }
    return points;
}

}  // namespace

TEST_CASE("no line of a shipped procedure’s drawing passes behind a box, and each joins two boxes") {
    for (const auto* name : shipped_names) {
        CAPTURE(name);
        const auto book = shipped(name);
        const auto drawn = read_drawing(diagram(book));
        REQUIRE(drawn.lines.size() == arrows_of(book).size());
        REQUIRE_FALSE(drawn.boxes.empty());
        for (std::size_t i = 0; i < drawn.lines.size(); ++i) {
            const auto points = points_along(drawn.lines[i], drawn.shapes[i]);
            std::size_t inside = 0;
            for (const auto& [x, y] : points) {
                for (const auto& box : drawn.boxes)
                    inside += x > box.left + 0.2 && x < box.right - 0.2 && y > box.above && y < box.below ? 1 : 0;
            }
            CHECK_MESSAGE(inside == 0, arrows_of(book)[i].from << " to " << arrows_of(book)[i].to);
            for (const auto& [x, y] : {points.front(), points.back()}) {
                CHECK(std::any_of(drawn.boxes.begin(), drawn.boxes.end(), [&, x = x, y = y](const DrawnBox& box) {
                    return (std::abs(x - box.left) < 0.2 || std::abs(x - box.right) < 0.2) && y > box.above &&
                           y < box.below;
                }));
            }
        }
        for (std::size_t a = 0; a < drawn.boxes.size(); ++a) {
            for (std::size_t b = a + 1; b < drawn.boxes.size(); ++b) {
                const auto& one = drawn.boxes[a];
                const auto& other = drawn.boxes[b];
                const bool meet = one.left < other.right && other.left < one.right && one.above < other.below &&
                                  other.above < one.below;
                CHECK_FALSE(meet);
            }
        }
    }
}

TEST_CASE("no clock’s label in a shipped procedure’s drawing covers another, a box, a heading or the legend") {
    std::vector<Rulebook> books;
    for (const auto* name : shipped_names) books.push_back(shipped(name));
    // And all that England has in force, as one: the densest there is.
    books.push_back(
        combine({shipped("hsb-england"), shipped("child-protection-england"), shipped("looked-after-england"),
                 shipped("consultation"), shipped("challenge"), shipped("feedback"), shipped("transfer")})
            .value());
    const auto meet = [](const DrawnBox& a, const DrawnBox& b) {
        return a.left < b.right && b.left < a.right && a.above < b.below && b.above < a.below;
    };
    for (const auto& book : books) {
        CAPTURE(book.name);
        const auto svg = diagram(book);
        const auto drawn = read_drawing(svg);
        const auto arrows = arrows_of(book);
        const auto clocks =
            std::count_if(arrows.begin(), arrows.end(), [](const Arrow& a) { return !a.clock.empty(); });
        CHECK(drawn.labels.size() == static_cast<std::size_t>(clocks));
        REQUIRE_FALSE(drawn.headings.empty());
        std::size_t covered = 0;
        for (std::size_t a = 0; a < drawn.labels.size(); ++a) {
            for (std::size_t b = a + 1; b < drawn.labels.size(); ++b)
                covered += meet(drawn.labels[a], drawn.labels[b]) ? 1U : 0U;
            for (const auto& box : drawn.boxes) covered += meet(drawn.labels[a], box) ? 1U : 0U;
            for (const auto& heading : drawn.headings) covered += meet(drawn.labels[a], heading) ? 1U : 0U;
        }
        CHECK(covered == 0);
        const auto legend = numbers_in(attribute_of(svg.substr(svg.find("<path d=\"M24,")), "d")).at(1);
        for (const auto& label : drawn.labels) CHECK(label.below < legend - 4);
    }
}

TEST_CASE("every rule and cue of a shipped procedure stands once in its words, under a chapter of the manual") {
    const auto all_chapters = manual();
    for (const auto* name : shipped_names) {
        CAPTURE(name);
        const auto book = shipped(name);
        const auto all = explanation(book, all_chapters);
        std::multiset<std::string> told;
        for (const auto& chapter : all.chapters) {
            for (const auto& one : chapter.statements) told.insert(one.id);
        }
        std::set<std::pair<std::string, Relation>> wanted;
        for (const auto& rule : book.rules) wanted.insert({rule.id, rule.relation});
        CHECK(told.size() == wanted.size() + book.cues.size());
        for (const auto& [id, relation] : wanted) CHECK(told.contains(id));
        for (const auto& cue : book.cues) CHECK(told.contains(cue.id));
    }
}

TEST_CASE("the words stand in the order of the manual, with the headings of its chapters") {
    const auto all = explanation(hsb(), manual());
    REQUIRE(all.chapters.size() > 2);
    const auto front = std::find_if(all.chapters.begin(), all.chapters.end(),
                                    [](const auto& chapter) { return chapter.number == "1"; });
    REQUIRE(front != all.chapters.end());
    CHECK(front->title == "The front door");
    for (std::size_t i = 1; i < all.chapters.size(); ++i) {
        if (all.chapters[i].number.empty()) {
            CHECK(i + 1 == all.chapters.size());
        } else {
            CHECK(std::stoi(all.chapters[i - 1].number) < std::stoi(all.chapters[i].number));
        }
    }
    const auto text = to_text(all);
    CHECK(text.find("Chapter 1 The front door") != std::string::npos);
    CHECK(text.find("No source was found for this: the partnership sets it.") != std::string::npos);
}

TEST_CASE("the drawing is well formed, says in words what it shows, and is the same each time") {
    for (const auto* name : shipped_names) {
        CAPTURE(name);
        const auto book = shipped(name);
        const auto svg = diagram(book);
        check_well_formed(svg);
        CHECK(times(svg, "<title ") == 1);
        CHECK(times(svg, "<desc ") == 1);
        CHECK(svg.find("role=\"img\"") != std::string::npos);
        CHECK(svg == diagram(shipped(name)));
        // Nothing that the strict policy of the pages would not run, and no small letters.
        CHECK(svg.find("style") == std::string::npos);
        for (auto at = svg.find("font-size=\""); at != std::string::npos; at = svg.find("font-size=\"", at + 1))
            CHECK(std::stoi(svg.substr(at + 11)) >= 11);
        CHECK(svg.find("nan") == std::string::npos);
    }
}

TEST_CASE("the table beside the drawing has every rule, and every clock is written on a line") {
    const auto& book = hsb();
    std::set<std::string> in_table;
    std::set<std::string> clocks;
    for (const auto& arrow : arrows_of(book)) {
        in_table.insert(arrow.rules.begin(), arrow.rules.end());
        if (!arrow.clock.empty()) clocks.insert(arrow.clock);
    }
    for (const auto& rule : book.rules) CHECK_MESSAGE(in_table.contains(rule.id), rule.id);
    const auto svg = diagram(book);
    REQUIRE(clocks.size() > 3);
    for (const auto& clock : clocks) CHECK_MESSAGE(svg.find(">" + clock + "</text>") != std::string::npos, clock);
}

TEST_CASE("a ring of duties is drawn too, and words are escaped") {
    const auto book = rulebook_of(R"(name = "ring"
version = "1"
title = "A <ring> & more"
nation = "england"
[[event]]
id = "a"
kind = "visit.made"
label = "Visit <made>"
[[event]]
id = "b"
kind = "plan.reviewed"
[[rule]]
id = "one"
relation = "response"
from = "a"
to = "b"
clock = "2 days"
owner = "social-worker"
label = "One"
source = "[D] test"
in_force = 2020-01-01
[[rule]]
id = "two"
relation = "response"
from = "b"
to = "a"
clock = "2 days"
owner = "social-worker"
label = "Two"
source = "[D] test"
in_force = 2020-01-01
)");
    const auto svg = diagram(book);
    check_well_formed(svg);
    CHECK(svg.find("Visit &lt;made&gt;") != std::string::npos);
    CHECK(svg.find("Step 2") != std::string::npos);
    const auto page = to_html(explanation(book, manual()), book);
    CHECK(page.find("A &lt;ring&gt; &amp; more") != std::string::npos);
    CHECK(page.find("In no chapter of the manual") != std::string::npos);
    CHECK(times(page, "<tr>") == 3);
}
