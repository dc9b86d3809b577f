// The row under way is kept in the buffer until it is complete, so that after a fault reading can go on at the next
// line.
#include "base/csv.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/core.h>

#include "base/text.hpp"

namespace waymark {

namespace {

constexpr std::size_t block = std::size_t{64} * 1024;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

constexpr std::array<bool, 256> make_plain_ends() {
    std::array<bool, 256> ends{};
    ends[','] = ends['\n'] = ends['\r'] = true;
    return ends;
}
constexpr auto plain_ends = make_plain_ends();

}  // namespace

CsvReader::CsvReader(std::istream& in, CsvLimits limits) : in_(in), limits_(limits) {}

bool CsvReader::more() {
    if (drained_) return false;
    if (row_start_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + row_start_, end_ - row_start_);
        at_ -= row_start_;
        end_ -= row_start_;
        row_start_ = 0;
    }
    if (buffer_.size() < end_ + block) buffer_.resize(std::max(end_ + block, buffer_.size() * 2));
    auto* source = in_.rdbuf();
    const auto read = source != nullptr ? source->sgetn(buffer_.data() + end_, static_cast<std::streamsize>(block)) : 0;
    if (read <= 0) {
        drained_ = true;
        return false;
    }
    end_ += static_cast<std::size_t>(read);
    return true;
}

bool CsvReader::skip_line_end() {
    if (!available()) return false;
    if (buffer_[at_] == '\n') {
        ++at_;
    } else if (buffer_[at_] == '\r') {
        ++at_;
        if (available() && buffer_[at_] == '\n') ++at_;
    } else {
        return false;
    }
    ++line_;
    return true;
}

void CsvReader::skip_empty_lines() {
    do {
        row_start_ = at_;
    } while (skip_line_end());
}

CsvReader::Problem CsvReader::read_plain(std::string& field) {
    const auto from = at_ - row_start_;
    for (;;) {
        const char* p = buffer_.data() + at_;
        const char* const end = buffer_.data() + end_;
        while (p != end && !plain_ends[static_cast<std::uint8_t>(*p)]) ++p;
        at_ = static_cast<std::size_t>(p - buffer_.data());
        const auto length = at_ - row_start_ - from;
        if (length > limits_.field_bytes) return {"a field is longer than the limit", "shorten the field"};
        if (p != end || !more()) {
            field.assign(buffer_, row_start_ + from, length);
            return {};
        }
    }
}

CsvReader::Problem CsvReader::read_quoted(std::string& field) {
    ++at_;
    for (;;) {
        if (!available()) return {"a quoted field is not closed", "close the quote, or double a quote that is text"};
        const char* const start = buffer_.data() + at_;
        const auto* quote = static_cast<const char*>(std::memchr(start, '"', end_ - at_));
        const auto length = quote != nullptr ? static_cast<std::size_t>(quote - start) : end_ - at_;
        field.append(start, length);
        line_ += static_cast<std::uint64_t>(std::count(start, start + length, '\n'));
        at_ += length;
        if (field.size() > limits_.field_bytes) {
            return {"a field is longer than the limit", "shorten the field, or close its quote"};
        }
        if (quote == nullptr) continue;
        ++at_;
        if (!available() || buffer_[at_] != '"') break;
        field += '"';
        ++at_;
    }
    if (available() && !plain_ends[static_cast<std::uint8_t>(buffer_[at_])]) {
        return {"there is text after a closing quote", "put the whole field in quotes and double the quotes in it"};
    }
    return {};
}

CsvReader::Problem CsvReader::read_row(CsvRow& row) {
    for (;;) {
        if (row.fields.size() >= limits_.fields) return {"a row has more fields than the limit", "split the table"};
        auto& field = row.fields.emplace_back();
        const auto problem = available() && buffer_[at_] == '"' ? read_quoted(field) : read_plain(field);
        if (problem.reason != nullptr) return problem;
        if (at_ - row_start_ > limits_.row_bytes) return {"a row is longer than the limit", "shorten the row"};
        if (!available() || buffer_[at_] != ',') break;
        ++at_;
    }
    if (find_invalid_utf8({buffer_.data() + row_start_, at_ - row_start_}) != std::string_view::npos) {
        return {"the row is not well-formed UTF-8", "save the file as UTF-8"};
    }
    skip_line_end();
    return {};
}

void CsvReader::resume_after(std::uint64_t line) {
    at_ = row_start_;
    line_ = line;
    while (available()) {
        const char* p = buffer_.data() + at_;
        const char* const end = buffer_.data() + end_;
        while (p != end && *p != '\n' && *p != '\r') ++p;
        at_ = static_cast<std::size_t>(p - buffer_.data());
        row_start_ = at_;
        if (p != end) break;
    }
    skip_line_end();
    row_start_ = at_;
}

Result<std::optional<CsvRow>> CsvReader::next() {
    if (!started_) {
        started_ = true;
        while (end_ < byte_order_mark.size() && more()) {
        }
        if (std::string_view(buffer_.data(), end_).substr(0, byte_order_mark.size()) == byte_order_mark) {
            at_ = byte_order_mark.size();
        }
    }
    skip_empty_lines();
    if (!available()) return std::optional<CsvRow>();
    CsvRow row;
    row.line = line_;
    row.fields.reserve(usual_fields_);
    const auto problem = read_row(row);
    if (problem.reason != nullptr) {
        resume_after(row.line);
        return invalid(fmt::format("line {}", row.line), problem.reason, problem.mend);
    }
    usual_fields_ = row.fields.size();
    return std::optional<CsvRow>(std::move(row));
}

std::string csv_field(std::string_view text) {
    if (text.find_first_of("\",\r\n") == std::string_view::npos) return std::string(text);
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
    return out;
}

std::string csv_line(const std::vector<std::string>& fields) {
    // A line with nothing on it would be passed over by readers.
    if (fields.size() == 1 && fields.front().empty()) return "\"\"\r\n";
    std::string out;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i > 0) out += ',';
        out += csv_field(fields[i]);
    }
    out += "\r\n";
    return out;
}

}  // namespace waymark
