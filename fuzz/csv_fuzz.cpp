// CSV from outside: read to the end whatever it is, within the limits; and what we write is read as it was.
#include <sstream>

#include "base/csv.hpp"
#include "base/text.hpp"
#include "support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waymark;
    using fuzzing::must;
    const std::string text(fuzzing::text_of(data, size));
    const CsvLimits limits{.field_bytes = 200, .fields = 20, .row_bytes = 2000};
    std::istringstream in(text);
    CsvReader reader(in, limits);
    std::size_t rows = 0;
    std::uint64_t line = 0;
    std::string written = "\xEF\xBB\xBF";  // so that a mark at the front of the first field is kept
    std::vector<std::vector<std::string>> taken;
    while (true) {
        must(++rows <= size + 2);  // it moves on after a fault, too
        auto row = reader.next();
        if (!row) {
            must(!row.error().reason.empty());
            continue;
        }
        if (!*row) break;
        must((*row)->line > line);
        line = (*row)->line;
        must(!(*row)->fields.empty() && (*row)->fields.size() <= limits.fields);
        bool empty = (*row)->fields.size() == 1 && (*row)->fields[0].empty();
        for (const auto& field : (*row)->fields) must(field.size() <= limits.field_bytes && is_valid_utf8(field));
        if (empty) continue;
        written += csv_line((*row)->fields);
        taken.push_back((*row)->fields);
    }
    std::istringstream again(written);
    CsvReader second(again);
    for (const auto& fields : taken) {
        auto row = second.next();
        must(row.has_value() && row->has_value() && (*row)->fields == fields);
    }
    auto end = second.next();
    must(end.has_value() && !end->has_value());
    return 0;
}
