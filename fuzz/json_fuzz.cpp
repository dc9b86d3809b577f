// JSON from outside: what is taken is written and taken again as the same value, its canonical form is the same every
// time, and nothing that JSON forbids is in it.
#include <cmath>

#include "base/json.hpp"
#include "base/text.hpp"
#include "support.hpp"
#include "web/csp_reports.hpp"

namespace {

using namespace waymark;
using fuzzing::must;

std::size_t sound(const json::value& value) {
    if (value.is_double()) must(std::isfinite(value.get_double()));
    if (value.is_string()) must(is_valid_utf8({value.get_string().data(), value.get_string().size()}));
    std::size_t deepest = 0;
    if (value.is_array()) {
        for (const auto& one : value.get_array()) deepest = std::max(deepest, sound(one));
    }
    if (value.is_object()) {
        for (const auto& [key, one] : value.get_object()) {
            must(is_valid_utf8({key.data(), key.size()}));
            deepest = std::max(deepest, sound(one));
        }
    }
    return deepest + 1;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzzing::text_of(data, size);
    const auto value = parse_json(text);
    fuzzing::must_tell(value);
    if (value) {
        must(sound(*value) <= JsonLimits{}.depth + 1);
        const std::string once = write_json(*value);
        const auto again = parse_json(once);
        must(again.has_value() && *again == *value && write_json(*again) == once);
        const std::string canonical = write_canonical(*value);
        const auto sorted = parse_json(canonical);
        must(sorted.has_value() && write_canonical(*sorted) == canonical);
    }
    const auto reports = web::parse_reports(text);
    fuzzing::must_tell(reports);
    if (reports) {
        must(!reports->empty() && reports->size() <= 50);
        for (const std::size_t one : *reports) must(one < web::report_directives.size());
    }
    return 0;
}
