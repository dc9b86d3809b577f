#pragma once
// RFC 4180 CSV, read as a stream: a quoted field may hold commas, quotes and line ends; rows keep the line they began
// on.
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
    std::size_t row_bytes = 8u << 20;  // as written in the file
};

// Reads one row at a time; memory is bounded by the limits. A UTF-8 byte-order mark before the first row is dropped.
// A row ends at LF, CRLF or CR. Lines with nothing on them are passed over. A quote inside an unquoted field is text.
class CsvReader {
public:
    explicit CsvReader(std::istream& in, CsvLimits limits = {});
    // The next row; nullopt at the end; a fault for an unclosed quote, text after a closing quote, ill-formed UTF-8 or
    // a limit passed. After a fault the reader stands at the next line, so the rest can still be read.
    Result<std::optional<CsvRow>> next();
    [[nodiscard]] std::uint64_t line() const { return line_; }  // the line the reader stands on

private:
    struct Problem {
        const char* reason = nullptr;  // nullptr: none
        const char* mend = "";
    };
    bool more();  // false at the end of the input; keeps what is read from row_start_ on
    bool available() { return at_ < end_ || more(); }
    bool skip_line_end();  // whether one stood at at_
    void skip_empty_lines();
    Problem read_row(CsvRow&);
    Problem read_quoted(std::string&);
    Problem read_plain(std::string&);
    void resume_after(std::uint64_t line);  // at the line after the row's first

    std::istream& in_;
    CsvLimits limits_;
    std::uint64_t line_ = 1;
    bool started_ = false;
    bool drained_ = false;
    std::string buffer_;
    std::size_t row_start_ = 0;
    std::size_t at_ = 0;
    std::size_t end_ = 0;
    std::size_t usual_fields_ = 0;
};

// One field, quoted where it must be. A leading =, +, - or @ is kept as it is: the reader of the file decides.
std::string csv_field(std::string_view);
std::string csv_line(const std::vector<std::string>& fields);  // with CRLF

}  // namespace waymark
