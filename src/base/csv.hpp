#pragma once
// RFC 4180 CSV, read as a stream: a quoted field may hold commas, quotes and line ends; rows keep the line they began on.
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace waymark {

struct CsvRow {
    std::vector<std::string> fields;
    std::uint64_t line = 1;  // 1-based line on which the row begins
};

struct CsvLimits {
    std::size_t field_bytes = 1u << 20;
    std::size_t fields = 1000;
};

// Reads one row at a time; memory is bounded by the limits. A UTF-8 byte-order mark before the first row is dropped.
class CsvReader {
public:
    explicit CsvReader(std::istream& in, CsvLimits limits = {});
    // The next row; nullopt at the end; a fault for an unclosed quote, text after a closing quote, ill-formed UTF-8 or a
    // limit passed. After a fault the reader stands at the next line, so the rest can still be read.
    Result<std::optional<CsvRow>> next();
    [[nodiscard]] std::uint64_t line() const { return line_; }

private:
    std::istream& in_;
    CsvLimits limits_;
    std::uint64_t line_ = 1;
    bool started_ = false;
};

// One field, quoted where it must be. A leading =, +, - or @ is kept as it is: the reader of the file decides.
std::string csv_field(std::string_view);
std::string csv_line(const std::vector<std::string>& fields);  // with CRLF

}  // namespace waymark
