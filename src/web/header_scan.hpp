#pragma once
// Where the header of a request ends, read byte by byte before anything else reads it. Only a header that every server
// and proxy would read alike passes: readers that disagree about where a line ends disagree about where the next
// request begins (RFC 9112 sections 2.2, 5.2 and 11.2).
#include <cstddef>

namespace waymark::web {

struct HeaderLimits {
    std::size_t bytes = 16u << 10;
    std::size_t line_bytes = 8u << 10;  // of the request line
    std::size_t lines = 100;
};

class HeaderScan {
public:
    explicit HeaderScan(HeaderLimits limits = {}) : limits_(limits) {}

    // False where nothing more is needed: the header is whole, or it is refused.
    bool take(char);
    // 0: nothing is wrong so far. 400: a line end other than CR LF, a control character, a folded line, or nothing
    // before the first line end; 414: the request line is too long; 431: too many bytes or lines.
    [[nodiscard]] unsigned refused() const { return refused_; }
    [[nodiscard]] bool whole() const { return whole_; }

private:
    bool refuse(unsigned status) {
        refused_ = status;
        return false;
    }
    bool end_line();
    HeaderLimits limits_;
    std::size_t bytes_ = 0;
    std::size_t in_line_ = 0;  // bytes of the line so far
    std::size_t lines_ = 0;    // whole lines
    bool after_cr_ = false;
    bool whole_ = false;
    unsigned refused_ = 0;
};

}  // namespace waymark::web
