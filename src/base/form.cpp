// Everything is decoded exactly once and checked after decoding: what a handler sees is what was checked.
#include "base/form.hpp"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "base/bytes.hpp"
#include "base/text.hpp"

namespace waymark {

namespace {

enum class Plus { is_space, is_plus };

Result<std::string> decode(std::string_view raw, Plus plus, std::size_t limit, std::string place) {
    std::string out;
    out.reserve(std::min(raw.size(), limit));
    for (std::size_t i = 0; i < raw.size(); ++i) {
        char c = raw[i];
        if (c == '+' && plus == Plus::is_space) {
            c = ' ';
        } else if (c == '%') {
            const int high = i + 2 < raw.size() ? hex_digit_value(raw[i + 1]) : -1;
            const int low = i + 2 < raw.size() ? hex_digit_value(raw[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return invalid(std::move(place), "a percent sign without two hexadecimal digits",
                               "write a percent sign as %25");
            }
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (c == '\0') return invalid(std::move(place), "a NUL character", "leave it out");
        if (out.size() == limit) {
            return invalid(std::move(place), fmt::format("longer than {} bytes", limit), "shorten it");
        }
        out += c;
    }
    if (!is_valid_utf8(out)) return invalid(std::move(place), "not well-formed UTF-8", "send the text as UTF-8");
    return out;
}

void crlf_to_lf(std::string& text) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
        text[kept++] = text[i];
    }
    text.resize(kept);
}

bool is_unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

Result<std::vector<std::string>> decode_segments(std::string_view path, const FormLimits& limits) {
    std::vector<std::string> segments;
    const auto raw_segments = split(path.substr(1), '/');
    if (raw_segments.size() > limits.fields) return invalid("path", "too many segments", "use an address of this site");
    for (std::size_t i = 0; i < raw_segments.size(); ++i) {
        auto segment = TRY(decode(raw_segments[i], Plus::is_plus, limits.value_bytes, "path"));
        if (segment.empty()) {
            if (i + 1 == raw_segments.size()) break;  // "/" or a slash at the end
            return invalid("path", "an empty segment", "write one slash, not two");
        }
        if (segment == "." || segment == "..") return invalid("path", "a dot segment", "write the address without it");
        if (segment.find('/') != std::string::npos) {
            return invalid("path", "an encoded slash", "a segment cannot hold a slash");
        }
        if (std::any_of(segment.begin(), segment.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; })) {
            return invalid("path", "a control character", "leave it out");
        }
        segments.push_back(std::move(segment));
    }
    return segments;
}

}  // namespace

void Form::add(std::string name, std::string value) {
    fields_[std::move(name)].push_back(std::move(value));
}

std::string_view Form::first(std::string_view name) const {
    const auto& values = all(name);
    return values.empty() ? std::string_view() : std::string_view(values.front());
}

const std::vector<std::string>& Form::all(std::string_view name) const {
    static const std::vector<std::string> none;
    const auto found = fields_.find(name);
    return found == fields_.end() ? none : found->second;
}

bool Form::has(std::string_view name) const {
    return fields_.find(name) != fields_.end();
}

Result<Form> parse_form(std::string_view body, const FormLimits& limits) {
    Form form;
    std::size_t count = 0;
    while (!body.empty()) {
        const auto end = body.find('&');
        const auto pair = body.substr(0, end);
        body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
        if (pair.empty()) continue;
        if (++count > limits.fields) {
            return invalid("", fmt::format("more than {} fields", limits.fields), "send fewer fields");
        }
        const auto equals = pair.find('=');
        auto name =
            TRY(decode(pair.substr(0, equals), Plus::is_space, limits.name_bytes, fmt::format("field {}", count)));
        const auto raw = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
        auto value = TRY(decode(raw, Plus::is_space, limits.value_bytes, name));
        crlf_to_lf(value);
        form.add(std::move(name), std::move(value));
    }
    return form;
}

Result<Target> parse_target(std::string_view raw, const FormLimits& limits) {
    if (raw.empty() || raw.front() != '/')
        return invalid("path", "an address that does not begin with a slash", "begin it with /");
    if (std::any_of(raw.begin(), raw.end(), [](char c) { return c <= ' ' || c == '\x7f' || c == '#'; })) {
        return invalid("path", "a character that must be percent-encoded", "percent-encode it");
    }
    const auto question = raw.find('?');
    const auto path = raw.substr(0, question);
    Target target;
    target.segments = TRY(decode_segments(path, limits));
    for (const auto& segment : target.segments) target.path += '/' + segment;
    if (path.back() == '/') target.path += '/';
    if (question != std::string_view::npos) target.query = TRY(parse_form(raw.substr(question + 1), limits));
    return target;
}

Cookies parse_cookies(std::string_view header) {
    constexpr std::size_t most = 50;
    Cookies cookies;
    while (!header.empty() && cookies.size() < most) {
        const std::size_t end = std::min(header.find(';'), header.size());
        const std::string_view pair = trim(header.substr(0, end));
        header.remove_prefix(std::min(end + 1, header.size()));
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos || equals == 0) continue;
        cookies.emplace(std::string(pair.substr(0, equals)), std::string(pair.substr(equals + 1)));
    }
    return cookies;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (is_unreserved(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

}  // namespace waymark
