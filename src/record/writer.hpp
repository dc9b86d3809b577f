#pragma once
// Writes one canonical JSON object whose members come in the order of their names, which the caller knows: no tree is
// built and nothing is sorted.
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace waymark::record {

class ObjectWriter {
public:
    explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }
    void end() { out_ += '}'; }

    void text(std::string_view name, std::string_view value) {
        begin(name);
        append_json_string(out_, value);
    }
    void text_if(std::string_view name, std::string_view value) {
        if (!value.empty()) text(name, value);
    }
    // A value that holds nothing to escape: a date, an id, hexadecimal.
    void plain(std::string_view name, std::string_view value) {
        begin(name);
        out_ += '"';
        out_ += value;
        out_ += '"';
    }
    void number(std::string_view name, std::int64_t value) {
        begin(name);
        char digits[24];
        const auto written = std::to_chars(digits, digits + sizeof digits, value);
        out_.append(digits, static_cast<std::size_t>(written.ptr - digits));
    }
    void member(std::string_view name, const json::object& value) {
        begin(name);
        append_canonical(out_, value);
    }
    void member(std::string_view name, const json::value& value) {
        begin(name);
        append_canonical(out_, value);
    }
    // The caller writes the value.
    std::string& begin(std::string_view plain_name) {
        if (!first_) out_ += ',';
        first_ = false;
        out_ += '"';
        out_ += plain_name;
        out_ += "\":";
        return out_;
    }
    std::string& begin_escaped(std::string_view name) {
        if (!first_) out_ += ',';
        first_ = false;
        append_json_string(out_, name);
        out_ += ':';
        return out_;
    }

private:
    std::string& out_;
    bool first_ = true;
};

}  // namespace waymark::record
