// A small machine: what the byte before was, how long the line is, how many lines there were.
#include "web/header_scan.hpp"

namespace waymark::web {

bool HeaderScan::end_line() {
    after_cr_ = false;
    if (in_line_ == 0) {
        if (lines_ == 0) return refuse(400);
        whole_ = true;
        return false;
    }
    in_line_ = 0;
    return ++lines_ <= limits_.lines || refuse(431);
}

bool HeaderScan::take(char c) {
    if (whole_ || refused_ != 0) return false;
    if (++bytes_ > limits_.bytes) return refuse(431);
    if (after_cr_) return c == '\n' ? end_line() : refuse(400);
    if (c == '\r') {
        after_cr_ = true;
        return true;
    }
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t') || byte == 0x7f) return refuse(400);
    if (in_line_ == 0 && (c == ' ' || c == '\t')) return refuse(400);
    ++in_line_;
    if (lines_ == 0 && in_line_ > limits_.line_bytes) return refuse(414);
    return true;
}

}  // namespace waymark::web
