// A block without a quote ends at its last line end; one with quotes is walked through row by row, so that a line end
// inside quotes does not cut. Both see the same rows, whatever the size of the blocks.
#include "people/batch/rows.hpp"

#include <algorithm>
#include <cstring>

#include "base/text.hpp"

namespace waymark::people::batch {

namespace {

constexpr Problem too_long_row = {"a row is longer than the limit", "shorten the row, or close its quote"};
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

enum class Walk { row, unfinished };

// The end of the row that begins at `p`, its line end included. Where a quoted field is followed by text the row is
// bad, and its first line alone is passed over.
struct Walked {
    const char* end = nullptr;
    Walk state = Walk::row;
};

const char* line_end(const char* p, const char* end) {
    while (p != end && *p != '\n' && *p != '\r') ++p;
    return p;
}

Walked after_line(const char* p, const char* end, bool last) {
    p = line_end(p, end);
    if (p == end) return {end, last ? Walk::row : Walk::unfinished};
    if (*p == '\r') {
        if (p + 1 == end) return {end, last ? Walk::row : Walk::unfinished};
        if (p[1] == '\n') ++p;
    }
    return {p + 1, Walk::row};
}

Walked walk_row(const char* const start, const char* end, bool last) {
    const char* p = start;
    for (;;) {
        if (p != end && *p == '"') {
            ++p;
            for (;;) {
                const auto* quote = static_cast<const char*>(std::memchr(p, '"', static_cast<std::size_t>(end - p)));
                if (quote == nullptr) return last ? after_line(start, end, last) : Walked{end, Walk::unfinished};
                p = quote + 1;
                if (p == end && !last) return {end, Walk::unfinished};
                if (p == end || *p != '"') break;
                ++p;
            }
            if (p == end) return {end, Walk::row};
            if (*p != ',' && *p != '\n' && *p != '\r') return after_line(start, end, last);
        } else {
            while (p != end && *p != ',' && *p != '\n' && *p != '\r') ++p;
        }
        if (p == end) return {end, last ? Walk::row : Walk::unfinished};
        if (*p != ',') return after_line(p, end, last);
        ++p;
        if (p == end && !last) return {end, Walk::unfinished};
    }
}

// After a row that cannot be taken reading goes on at its second line, where it has one: only the row's own reader
// knows.
bool is_bad(const char* from, const char* to) {
    const char* const first_end = line_end(from, to);
    if (std::all_of(first_end, to, [](char c) { return c == '\n' || c == '\r'; })) return false;  // one line: no matter
    Block block;
    block.text.assign(from, to);
    block.plain = false;
    Rows rows(block);
    Row row;
    return rows.next(row) && row.problem.reason != nullptr;
}

// How much of `text` is whole rows.
std::size_t whole_rows(std::string_view text, bool plain, bool last) {
    if (last && plain) return text.size();
    if (plain) {
        auto cut = text.rfind('\n');
        if (cut != std::string_view::npos) return cut + 1;
        cut = text.find_last_of('\r', text.size() < 2 ? 0 : text.size() - 2);
        return cut == std::string_view::npos || cut + 1 == text.size() ? 0 : cut + 1;
    }
    const char* p = text.data();
    const char* const end = p + text.size();
    while (p != end) {
        auto walked = walk_row(p, end, last);
        if (walked.state == Walk::unfinished) break;
        if (*p != '\n' && *p != '\r' && is_bad(p, walked.end)) {
            walked = after_line(p, end, last);
            if (walked.state == Walk::unfinished) break;
        }
        p = walked.end;
    }
    return static_cast<std::size_t>(p - text.data());
}

}  // namespace

Blocks::Blocks(std::istream& in, std::size_t block_bytes) : in_(in), block_bytes_(block_bytes) {}

bool Blocks::fill() {
    if (drained_) return false;
    const auto before = held_.size();
    held_.resize(before + block_bytes_);
    auto* source = in_.rdbuf();
    const auto read =
        source == nullptr ? 0 : source->sgetn(held_.data() + before, static_cast<std::streamsize>(block_bytes_));
    held_.resize(before + static_cast<std::size_t>(std::max<std::streamsize>(read, 0)));
    bytes_ += static_cast<std::uint64_t>(std::max<std::streamsize>(read, 0));
    drained_ = read <= 0;
    return !drained_;
}

// The row that begins here is too long: its first line is dropped, however long, and stands in the block as a problem.
void Blocks::skip_line(Block& block) {
    for (;;) {
        const auto walked = after_line(held_.data(), held_.data() + held_.size(), drained_);
        if (walked.state == Walk::row) {
            held_.erase(0, static_cast<std::size_t>(walked.end - held_.data()));
            break;
        }
        const bool carriage_return = held_.back() == '\r';
        held_.clear();
        if (carriage_return) held_ += '\r';
        fill();
    }
    block.problem = too_long_row;
}

bool Blocks::next(Block& block) {
    block = {};
    if (!started_) {
        started_ = true;
        fill();
        if (std::string_view(held_).starts_with(byte_order_mark)) held_.erase(0, byte_order_mark.size());
    }
    if (held_.size() < block_bytes_) fill();
    if (held_.empty()) return false;
    block.number = number_++;
    for (;;) {
        block.plain = std::memchr(held_.data(), '"', held_.size()) == nullptr;
        const auto whole = whole_rows(held_, block.plain, drained_);
        if (whole != 0) {
            std::string rest = held_.substr(whole);
            held_.resize(whole);
            block.text = std::move(held_);
            held_ = std::move(rest);
            return true;
        }
        if (held_.size() > most_row_bytes) {
            skip_line(block);
            return true;
        }
        fill();
    }
}

Rows::Rows(const Block& block)
    : at_(block.text.data()),
      end_(block.text.data() + block.text.size()),
      plain_(block.plain),
      ascii_(
          std::none_of(block.text.begin(), block.text.end(), [](char c) { return static_cast<signed char>(c) < 0; })) {}

bool Rows::skip_line_end() {
    if (at_ == end_) return false;
    if (*at_ == '\n') {
        ++at_;
    } else if (*at_ == '\r') {
        ++at_;
        if (at_ != end_ && *at_ == '\n') ++at_;
    } else {
        return false;
    }
    ++line_;
    return true;
}

Problem Rows::read_quoted(Row& row) {
    const char* from = ++at_;
    std::string* apart = nullptr;
    for (;;) {
        const auto* quote = static_cast<const char*>(std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_)));
        if (quote == nullptr)
            return {"a quoted field is not closed", "close the quote, or double a quote that is text"};
        line_ += static_cast<std::uint64_t>(std::count(at_, quote, '\n'));
        at_ = quote + 1;
        if (at_ != end_ && *at_ == '"') {
            if (apart == nullptr) {
                if (unquoted_used_ == unquoted_.size()) unquoted_.emplace_back();
                apart = &unquoted_[unquoted_used_++];
                apart->clear();
            }
            apart->append(from, at_);
            from = ++at_;
            continue;
        }
        if (apart != nullptr) apart->append(from, quote);
        row.fields.push_back(apart != nullptr ? std::string_view(*apart)
                                              : std::string_view(from, static_cast<std::size_t>(quote - from)));
        break;
    }
    if (at_ != end_ && *at_ != ',' && *at_ != '\n' && *at_ != '\r') {
        return {"there is text after a closing quote", "put the whole field in quotes and double the quotes in it"};
    }
    return {};
}

Problem Rows::read(Row& row) {
    for (;;) {
        if (row.fields.size() >= most_fields) return {"a row has more fields than the limit", "split the table"};
        if (!plain_ && at_ != end_ && *at_ == '"') {
            if (const auto problem = read_quoted(row); problem.reason != nullptr) return problem;
        } else {
            const char* p = at_;
            while (p != end_ && *p != ',' && *p != '\n' && *p != '\r') ++p;
            row.fields.emplace_back(at_, static_cast<std::size_t>(p - at_));
            at_ = p;
        }
        if (row.fields.back().size() > most_field_bytes)
            return {"a field is longer than the limit", "shorten the field"};
        if (at_ == end_ || *at_ != ',') return {};
        ++at_;
    }
}

bool Rows::next(Row& row) {
    while (skip_line_end()) {
    }
    row.fields.clear();
    row.problem = {};
    row.line = line_;
    if (at_ == end_) return false;
    // Fields that were unquoted apart keep their addresses while the row is read.
    unquoted_.reserve(most_fields);
    unquoted_used_ = 0;
    const char* const start = at_;
    row.problem = read(row);
    if (row.problem.reason == nullptr && static_cast<std::size_t>(at_ - start) > most_row_bytes)
        row.problem = {"a row is longer than the limit", "shorten the row"};
    if (row.problem.reason == nullptr && !ascii_ &&
        find_invalid_utf8({start, static_cast<std::size_t>(at_ - start)}) != std::string_view::npos) {
        row.problem = {"the row is not well-formed UTF-8", "save the file as UTF-8"};
    }
    if (row.problem.reason != nullptr) {
        line_ = row.line;
        at_ = line_end(start, end_);
    }
    skip_line_end();
    return true;
}

}  // namespace waymark::people::batch
