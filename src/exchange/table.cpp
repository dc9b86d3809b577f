#include "exchange/table.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

#include "base/text.hpp"

namespace waymark::exchange {

namespace {

// The place of a fault of CsvReader is "line N".
std::uint64_t line_of(const Fault& fault) {
    constexpr std::string_view prefix = "line ";
    std::uint64_t line = 0;
    const std::string_view place = fault.place;
    if (place.substr(0, prefix.size()) == prefix) {
        std::from_chars(place.data() + prefix.size(), place.data() + place.size(), line);
    }
    return line;
}

}  // namespace

Result<Table> Table::open(std::istream& in, const Reading& reading) {
    Table table(in, reading);
    auto first = table.csv_.next();
    if (!first)
        return invalid(fmt::format("{}:{}", reading.file, line_of(first.error())), first.error().reason,
                       first.error().mend);
    if (!*first) return invalid(reading.file, "the file is empty", "begin it with a row that names the columns");
    for (const auto& name : (*first)->fields) table.header_.emplace_back(trim(name));
    auto sorted = table.header_;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end(),
                                          [](const auto& a, const auto& b) { return a == b && !a.empty(); });
    if (twice != sorted.end()) {
        return invalid(fmt::format("{}:{}", reading.file, (*first)->line),
                       fmt::format("two columns are named \"{}\"", *twice), "give each column a name of its own");
    }
    return table;
}

std::optional<std::size_t> Table::column(std::string_view name) const {
    const auto found = std::find(header_.begin(), header_.end(), name);
    if (found == header_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - header_.begin());
}

void Table::each_row(Sink& sink, const std::function<void(std::uint64_t, const std::vector<std::string>&)>& visit) {
    while (!sink.stopped()) {
        auto row = csv_.next();
        if (!row) {
            sink.refuse_row({{reading_.file, line_of(row.error()), "row", row.error().reason, row.error().mend}});
            continue;
        }
        if (!*row) return;
        auto& cells = (*row)->fields;
        if (cells.size() != header_.size()) {
            sink.refuse_row({{reading_.file, (*row)->line, "row",
                              fmt::format("has {} cells where the header has {}", cells.size(), header_.size()),
                              "put a cell that holds a comma in quotation marks, and write empty cells out"}});
            continue;
        }
        for (auto& cell : cells) {
            const auto trimmed = trim(cell);
            if (trimmed.size() != cell.size()) cell = std::string(trimmed);
        }
        visit((*row)->line, cells);
    }
}

}  // namespace waymark::exchange
