// The one-line form of a refusal.
#include "base/error.hpp"

#include <string_view>

namespace waymark {

namespace {

// Two sentences must not run together, whether or not the writer of the fault ended the first with a stop.
bool ends_sentence(std::string_view text) {
    return !text.empty() && (text.back() == '.' || text.back() == '!' || text.back() == '?');
}

}  // namespace

std::string describe(const Fault& fault) {
    std::string out;
    if (!fault.place.empty()) {
        out += fault.place;
        if (!fault.reason.empty()) out += ": ";
    }
    out += fault.reason;
    if (!fault.mend.empty()) {
        if (!out.empty()) out += ends_sentence(out) ? " " : ". ";
        out += fault.mend;
    }
    return out;
}

}  // namespace waymark
