// What our readers make of a line of bytes, for a second implementation to hold against its own: each line of standard
// input is "READER HEX"; each line of output "+" and what was read, in hexadecimal, or "-".
#include <iostream>
#include <sstream>
#include <string>

#include "base/bytes.hpp"
#include "base/csv.hpp"
#include "base/form.hpp"
#include "base/json.hpp"
#include "base/markup.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace {

using namespace waymark;

// "name=value" of each field by name, every byte written out.
std::string shown(const Form& form) {
    std::string out;
    for (const auto& [name, values] : form.fields()) {
        for (const auto& value : values) out += to_hex(as_bytes(name)) + "=" + to_hex(as_bytes(value)) + "&";
    }
    return out;
}

Result<std::string> reading(const std::string& reader, std::string_view text) {
    if (reader == "json") return parse_json(text).map([](const json::value& value) { return write_canonical(value); });
    if (reader == "form") return parse_form(text).map(shown);
    if (reader == "utf8") {
        if (is_valid_utf8(text)) return std::string(text);
        return invalid("", "not UTF-8");
    }
    if (reader == "instant") return parse_instant(text).map([](Instant t) { return std::to_string(t.micros); });
    if (reader == "date") return parse_date(text).map(format_date);
    if (reader == "base64")
        return from_base64(text).map([](const Bytes& bytes) { return std::string(as_text(bytes)); });
    if (reader == "markup") return escape_markup(text);
    if (reader == "csv") {
        std::istringstream in{std::string(text)};
        CsvReader rows(in);
        std::string out;
        while (true) {
            const auto row = TRY(rows.next());
            if (!row) return out;
            for (const auto& field : row->fields) out += to_hex(as_bytes(field)) + ",";
            out += "\n";
        }
    }
    return invalid("reader", "there is no such reader");
}

}  // namespace

int main() {
    std::string line;
    while (std::getline(std::cin, line)) {
        const std::size_t space = line.find(' ');
        const auto bytes = from_hex(std::string_view(line).substr(std::min(space + 1, line.size())));
        if (!bytes) return 2;
        const auto read = reading(line.substr(0, space), as_text(*bytes));
        std::cout << (read ? "+" + to_hex(as_bytes(*read)) : std::string("-")) << "\n";
    }
    return 0;
}
