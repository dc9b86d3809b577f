// Entries are counted by agency and part of time; the part is as long as it must be for all to fit.
#include "web/pages/child_strip.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "web/components/details.hpp"
#include "web/components/strip.hpp"
#include "web/components/table.hpp"
#include "web/pages/child_view.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t fewest_lines = 4;
constexpr int most_columns = 30;

struct GroupMark {
    std::string_view group;
    std::string_view letter;
    StripShape shape;
    std::string_view one;
    std::string_view many;
};
// In the order in which one mark stands for several entries: what must not be overlooked goes first.
constexpr GroupMark group_marks[] = {
    {"concern", "C", StripShape::disc, "concern", "concerns"},
    {"decision", "D", StripShape::diamond, "decision", "decisions"},
    {"justice", "J", StripShape::disc, "entry of police or courts", "entries of police or courts"},
    {"meeting", "M", StripShape::diamond, "meeting", "meetings"},
    {"plan", "P", StripShape::square, "entry of plans", "entries of plans"},
    {"assessment", "A", StripShape::square, "assessment", "assessments"},
    {"contact", "V", StripShape::square, "visit or view", "visits and views"},
    {"support", "S", StripShape::square, "entry of support", "entries of support"},
    {"consultation", "Q", StripShape::square, "consultation", "consultations"},
    {"challenge", "H", StripShape::diamond, "challenge", "challenges"},
    {"circumstance", "X", StripShape::square, "change of circumstances", "changes of circumstances"},
    {"other", "O", StripShape::square, "other entry", "other entries"},
};
constexpr std::size_t groups = std::size(group_marks);

std::size_t place_of(std::string_view group) {
    for (std::size_t n = 0; n < groups; ++n) {
        if (group_marks[n].group == group) return n;
    }
    return groups - 1;
}

int month_of(Date day) {
    const std::chrono::year_month_day ymd{day};
    return static_cast<int>(ymd.year()) * 12 + static_cast<int>(static_cast<unsigned>(ymd.month())) - 1;
}
Date first_of(int month) {
    return make_date(month / 12, static_cast<unsigned>(month % 12 + 1), 1);
}

using Counts = std::array<int, groups>;

struct Grid {
    int first_month = 0;
    int months_each = 1;
    std::size_t columns = 1;
    std::vector<std::string> lanes;                               // names of agencies, those with most entries first
    std::map<std::pair<std::size_t, std::size_t>, Counts> cells;  // (lane, column)
    std::size_t earlier = 0;                                      // entries before the drawing begins

    [[nodiscard]] double along(Date day) const {
        const auto begin = first_of(first_month);
        const auto end = first_of(first_month + months_each * static_cast<int>(columns));
        return std::clamp(static_cast<double>((day - begin).count()) / static_cast<double>((end - begin).count()), 0.0,
                          1.0);
    }
    [[nodiscard]] std::string column_words(std::size_t column) const {
        const auto month = [](int n) {
            const auto words = format_long(first_of(n));
            return words.substr(words.find(' ') + 1);
        };
        const int from = first_month + months_each * static_cast<int>(column);
        return months_each == 1 ? month(from) : fmt::format("{} to {}", month(from), month(from + months_each - 1));
    }
};

std::string counted(const Counts& counts) {
    std::string words;
    for (std::size_t n = 0; n < groups; ++n) {
        if (counts[n] == 0) continue;
        words += fmt::format("{}{} {}", words.empty() ? "" : ", ", counts[n],
                             counts[n] == 1 ? group_marks[n].one : group_marks[n].many);
    }
    return words;
}

// The drawing begins with the first concern: what came long before would leave no room for what matters now.
Date beginning(const Visit& visit, const std::vector<const casework::Line*>& lines) {
    for (const auto* line : lines) {
        if (group_of(visit, *line) == "concern") return visit.zone().day_of(line->entry.row.at);
    }
    return visit.zone().day_of(lines.front()->entry.row.at);
}

Grid grid_of(const Visit& visit, std::vector<const casework::Line*> lines) {
    Grid grid;
    grid.first_month = month_of(beginning(visit, lines));
    const auto month_of_line = [&](const casework::Line* line) {
        return month_of(visit.zone().day_of(line->entry.row.at));
    };
    grid.earlier = std::erase_if(lines, [&](const auto* line) { return month_of_line(line) < grid.first_month; });
    std::map<std::string, std::size_t> entries;
    int last = grid.first_month;
    for (const auto* line : lines) {
        last = std::max(last, month_of_line(line));
        ++entries[line->source];
    }
    const int span = last - grid.first_month + 1;
    for (const int each : {1, 3, 6, 12, 24}) {
        grid.months_each = each;
        if ((span + each - 1) / each <= most_columns) break;
    }
    grid.columns = static_cast<std::size_t>((span + grid.months_each - 1) / grid.months_each);
    std::vector<std::pair<std::string, std::size_t>> by_count(entries.begin(), entries.end());
    std::stable_sort(by_count.begin(), by_count.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    for (auto& [name, count] : by_count) grid.lanes.push_back(name);
    for (const auto* line : lines) {
        const auto lane = static_cast<std::size_t>(std::find(grid.lanes.begin(), grid.lanes.end(), line->source) -
                                                   grid.lanes.begin());
        const auto column = static_cast<std::size_t>((month_of_line(line) - grid.first_month) / grid.months_each);
        ++grid.cells[{lane, column}][place_of(group_of(visit, *line))];
    }
    return grid;
}

Html drawn(const Grid& grid, std::span<const casework::Gap> gaps) {
    StripOptions o{.id = "lanes",
                   .title = "What each agency recorded, along time",
                   .description = fmt::format("From {} to {}. The table below says the same.", grid.column_words(0),
                                              grid.column_words(grid.columns - 1)),
                   .lanes = grid.lanes,
                   .columns = grid.columns};
    for (const auto& [place, counts] : grid.cells) {
        std::size_t shown = 0;
        while (counts[shown] == 0) ++shown;
        int all = 0;
        for (const int n : counts) all += n;
        std::string text(group_marks[shown].letter);
        if (all > 1) text += all > 99 ? "+" : std::to_string(all);
        o.marks.push_back(
            {place.first, place.second, group_marks[shown].shape, std::move(text),
             fmt::format("{}, {}: {}", grid.column_words(place.second), grid.lanes[place.first], counted(counts))});
    }
    for (const auto& gap : gaps) {
        const double from = grid.along(gap.after);
        const double to = grid.along(gap.before);
        // What is narrower than a column would be a line among the marks: the list tells it.
        if (!gap.seeing && (to - from) * static_cast<double>(grid.columns) >= 1)
            o.shades.push_back({from, to, gap_words(gap)});
    }
    int shown_year = 0;
    for (std::size_t n = 0; n < grid.columns; ++n) {
        const int year = (grid.first_month + grid.months_each * static_cast<int>(n)) / 12;
        if (year == shown_year) continue;
        shown_year = year;
        o.ticks.push_back({n, std::to_string(year)});
    }
    return Writer()
        .open("div")
        .classes({"waymark-scroll"})
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", "Drawing of what each agency recorded")
        .add(strip(o))
        .close("div")
        .done();
}

Html as_table(const Grid& grid) {
    TableOptions o;
    o.caption = "What each agency recorded, the newest first";
    o.caption_classes = "govuk-table__caption--s";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "When"}, {.content = "Agency"}, {.content = "What"}};
    for (std::size_t column = grid.columns; column > 0; --column) {
        for (std::size_t lane = 0; lane < grid.lanes.size(); ++lane) {
            const auto cell = grid.cells.find({lane, column - 1});
            if (cell == grid.cells.end()) continue;
            o.rows.push_back({{.content = grid.column_words(column - 1)},
                              {.content = grid.lanes[lane], .attributes = {{"data-label", "Agency"}}},
                              {.content = counted(cell->second), .attributes = {{"data-label", "What"}}}});
        }
    }
    return table(o);
}

// What the letters mean, of those that stand in the drawing.
Html key_of(const Grid& grid) {
    std::array<bool, groups> used{};
    for (const auto& [place, counts] : grid.cells) {
        for (std::size_t n = 0; n < groups; ++n) used[n] = used[n] || counts[n] > 0;
    }
    std::string words;
    for (std::size_t n = 0; n < groups; ++n) {
        if (used[n])
            words += fmt::format("{}{} {}", words.empty() ? "" : "; ", group_marks[n].letter, group_marks[n].many);
    }
    words += ". A number says how many entries stand together. Dashed: nobody recorded anything.";
    if (grid.earlier > 0)
        words += fmt::format(" {} from before the first concern {} not drawn.",
                             count_words(grid.earlier, "entry", "entries"), grid.earlier == 1 ? "is" : "are");
    return hint_paragraph(words);
}

}  // namespace

std::string group_of(const Visit& visit, const casework::Line& line) {
    const auto* kind = visit.office().catalogue.find(line.entry.row.kind);
    return kind == nullptr ? std::string() : kind->group;
}

bool is_significant(std::string_view group) {
    return group == "concern" || group == "decision" || group == "justice" || group == "meeting" || group == "plan" ||
           group == "challenge";
}

std::string gap_words(const casework::Gap& gap) {
    if (gap.seeing)
        return gap.open ? fmt::format("{} days, until today, in which no agency recorded seeing the child", gap.days)
                        : fmt::format("{} days in which no agency recorded seeing the child", gap.days);
    return gap.open ? fmt::format("{} days, until today, in which nobody recorded anything", gap.days)
                    : fmt::format("{} days in which nobody recorded anything", gap.days);
}

Html child_strip(const Visit& visit, const casework::PersonPage& child, std::span<const casework::Gap> gaps) {
    std::vector<const casework::Line*> lines;
    for (const auto& line : child.lines) {
        const bool machine = line.entry.row.agency == casework::engine_agency;
        if (!line.superseded && !line.source.empty() && !machine) lines.push_back(&line);
    }
    if (lines.size() < fewest_lines) return {};
    const auto grid = grid_of(visit, std::move(lines));
    return Writer()
        .open("figure")
        .classes({"waymark-figure waymark-screen-only"})
        .add(drawn(grid, gaps))
        .add(key_of(grid))
        .add(details({.summary = "The drawing as a table", .content = as_table(grid)}))
        .close("figure")
        .done();
}

}  // namespace waymark::web
