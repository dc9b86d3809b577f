#pragma once
// A CSV file with a header row: cells by the name of their column.
#include <cstdint>
#include <functional>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/csv.hpp"
#include "base/error.hpp"
#include "exchange/reader.hpp"

namespace waymark::exchange {

class Table {
public:
    // Reads the header; `invalid` where there is none, a column stands twice, or the row cannot be read.
    static Result<Table> open(std::istream&, const Reading&);

    [[nodiscard]] const std::vector<std::string>& header() const { return header_; }
    [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;

    // Every row, cells in the order of the header and trimmed. What cannot be read as a row is refused to the sink.
    void each_row(Sink&, const std::function<void(std::uint64_t line, const std::vector<std::string>& cells)>&);

private:
    Table(std::istream& in, const Reading& reading) : csv_(in), reading_(reading) {}

    CsvReader csv_;
    const Reading& reading_;
    std::vector<std::string> header_;
};

}  // namespace waymark::exchange
