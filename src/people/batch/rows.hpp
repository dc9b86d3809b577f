#pragma once
// CSV by the grammar of base/csv.hpp, fast enough for millions of rows: the input is cut into blocks at the ends of
// rows, and blocks are read apart from each other, on any number of threads.
#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

namespace waymark::people::batch {

inline constexpr std::size_t most_field_bytes = 1u << 20;
inline constexpr std::size_t most_row_bytes = 8u << 20;
inline constexpr std::size_t most_fields = 1000;

struct Problem {
    const char* reason = nullptr;  // nullptr: none
    const char* mend = "";
};

struct Block {
    std::string text;          // whole rows
    std::uint64_t number = 0;  // from 0, in the order of the file
    bool plain = true;         // no quote in it
    Problem problem;           // instead of text: a row that cannot be taken, one line long
};

// Cuts a stream into blocks of whole rows. Not for several threads at once: guard it with a mutex.
class Blocks {
public:
    explicit Blocks(std::istream& in, std::size_t block_bytes = 1u << 20);
    bool next(Block&);  // false at the end
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

private:
    bool fill();  // false at the end of the input
    void skip_line(Block&);

    std::istream& in_;
    std::size_t block_bytes_;
    std::string held_;  // read and not yet given out
    std::uint64_t bytes_ = 0;
    std::uint64_t number_ = 0;
    bool started_ = false;
    bool drained_ = false;
};

// A field: where it stands, or, where quotes were doubled in it, its text apart.
struct Row {
    std::vector<std::string_view> fields;  // point into the block, or into `unquoted`
    std::uint64_t line = 1;                // within the block, from 1
    Problem problem;
};

// Reads the rows of one block.
class Rows {
public:
    explicit Rows(const Block&);
    bool next(Row&);                                                 // false at the end
    [[nodiscard]] std::uint64_t lines() const { return line_ - 1; }  // passed so far

private:
    Problem read(Row&);
    Problem read_quoted(Row&);
    bool skip_line_end();

    const char* at_;
    const char* end_;
    bool plain_;
    bool ascii_;
    std::uint64_t line_ = 1;
    std::vector<std::string> unquoted_;
    std::size_t unquoted_used_ = 0;
};

}  // namespace waymark::people::batch
