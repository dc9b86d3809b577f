// The door's parser drives Boost.JSON's event parser itself, because only the events show a name that comes twice. The
// writers are our own: shortest digits that read back the same, and never a byte that is not UTF-8.
#include "base/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <set>
#include <stdexcept>
#include <vector>

#include <fmt/core.h>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include "base/text.hpp"

namespace waymark {

namespace {

std::string_view view_of(json::string_view text) {
    return {text.data(), text.size()};
}

// The names of one object. A list is quickest for the few that most have; a tree holds no attacker's collisions.
class Names {
public:
    bool add(std::string name) {
        if (listed_.size() < most_listed) {
            if (std::find(listed_.begin(), listed_.end(), name) != listed_.end()) return false;
            listed_.push_back(std::move(name));
            return true;
        }
        if (treed_.empty()) treed_.insert(listed_.begin(), listed_.end());
        return treed_.insert(std::move(name)).second;
    }

private:
    static constexpr std::size_t most_listed = 32;
    std::vector<std::string> listed_;
    std::set<std::string> treed_;
};

enum class Refusal { none, duplicate, not_finite };

// Follows boost::json's own handler, and refuses.
class Handler {
public:
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) {
        names_.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t n, json::error_code&) {
        names_.pop_back();
        stack_.push_object(n);
        return true;
    }
    bool on_array_begin(json::error_code&) { return true; }
    bool on_array_end(std::size_t n, json::error_code&) {
        stack_.push_array(n);
        return true;
    }
    bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
        text_.append(part.data(), part.size());
        return true;
    }
    bool on_key(json::string_view part, std::size_t, json::error_code& error) {
        text_.append(part.data(), part.size());
        stack_.push_key(text_);
        const bool is_new = names_.back().add(std::exchange(text_, {}));
        return is_new || refuse(Refusal::duplicate, error);
    }
    bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
        text_.append(part.data(), part.size());
        return true;
    }
    bool on_string(json::string_view part, std::size_t, json::error_code&) {
        if (text_.empty()) {
            stack_.push_string(part);
            return true;
        }
        text_.append(part.data(), part.size());
        stack_.push_string(text_);
        text_.clear();
        return true;
    }
    bool on_number_part(json::string_view part, json::error_code&) {
        text_.append(part.data(), part.size());
        return true;
    }
    bool on_int64(std::int64_t number, json::string_view, json::error_code&) {
        text_.clear();
        stack_.push_int64(number);
        return true;
    }
    bool on_uint64(std::uint64_t number, json::string_view, json::error_code&) {
        text_.clear();
        stack_.push_uint64(number);
        return true;
    }
    bool on_double(double number, json::string_view part, json::error_code& error) {
        text_.append(part.data(), part.size());
        // Boost's conversion may be out by a unit in the last place; the library's is exact.
        double exact = number;
        const auto [end, status] = std::from_chars(text_.data(), text_.data() + text_.size(), exact);
        if (status != std::errc() || end != text_.data() + text_.size()) exact = number;
        text_.clear();
        if (!std::isfinite(exact)) return refuse(Refusal::not_finite, error);
        stack_.push_double(exact);
        return true;
    }
    bool on_bool(bool value, json::error_code&) {
        stack_.push_bool(value);
        return true;
    }
    bool on_null(json::error_code&) {
        stack_.push_null();
        return true;
    }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

    json::value release() { return stack_.release(); }
    void reset() { stack_.reset(); }
    [[nodiscard]] Refusal refusal() const { return refusal_; }

private:
    bool refuse(Refusal why, json::error_code& error) {
        refusal_ = why;
        error = json::error::syntax;
        return false;
    }
    json::value_stack stack_;
    std::vector<Names> names_;
    std::string text_;
    Refusal refusal_ = Refusal::none;
};

auto refuse_at(std::size_t offset, std::string reason, std::string mend) {
    return invalid(fmt::format("offset {}", offset), std::move(reason), std::move(mend));
}

auto explain(Refusal refusal, const json::error_code& error, std::size_t offset, const JsonLimits& limits) {
    if (refusal == Refusal::duplicate) {
        return refuse_at(offset, "a name is given twice in one object", "give each name once");
    }
    if (refusal == Refusal::not_finite) {
        return refuse_at(offset, "a number too large to be held", "write a smaller number, or write it as text");
    }
    if (error == json::error::too_deep) {
        return refuse_at(offset, fmt::format("nested more than {} deep", limits.depth),
                         "nest objects and lists less deeply");
    }
    if (error == json::error::extra_data) return refuse_at(offset, "text after the value", "send one JSON value");
    if (error == json::error::incomplete) return refuse_at(offset, "the JSON ends too soon", "send the whole value");
    return refuse_at(offset, fmt::format("not JSON: {}", error.message()), "check the text with a JSON checker");
}

constexpr std::array<char, 256> make_escapes() {
    std::array<char, 256> escapes{};
    for (std::size_t i = 0; i < 0x20; ++i) escapes[i] = 'u';
    escapes['"'] = '"';
    escapes['\\'] = '\\';
    escapes['\b'] = 'b';
    escapes['\f'] = 'f';
    escapes['\n'] = 'n';
    escapes['\r'] = 'r';
    escapes['\t'] = 't';
    return escapes;
}
constexpr auto escapes = make_escapes();

// Eight bytes at once: whether one of them is a quote, a backslash or under 0x20. It may also say so of a byte that
// stands above such a one, which costs a closer look and no more.
bool may_need_escape(const char* eight) {
    constexpr std::uint64_t ones = 0x0101010101010101u;
    constexpr std::uint64_t tops = 0x8080808080808080u;
    std::uint64_t word = 0;
    std::memcpy(&word, eight, 8);
    const auto has_zero = [](std::uint64_t w) { return (w - ones) & ~w; };
    const auto control = (word - ones * 0x20) & ~word;
    return ((control | has_zero(word ^ ones * '"') | has_zero(word ^ ones * '\\')) & tops) != 0;
}

void put_escaped(std::string& out, std::string_view text) {
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        while (i + 8 < text.size() && !may_need_escape(text.data() + i)) i += 8;
        const auto byte = static_cast<std::uint8_t>(text[i]);
        const char escape = escapes[byte];
        if (escape == 0) continue;
        out.append(text, from, i - from);
        from = i + 1;
        out += '\\';
        out += escape;
        if (escape == 'u') {
            out += "00";
            out += "0123456789abcdef"[byte >> 4];
            out += "0123456789abcdef"[byte & 15];
        }
    }
    out.append(text, from, text.size() - from);
}

void put_string(std::string& out, std::string_view text) {
    out += '"';
    for (;;) {
        const auto broken = find_invalid_utf8(text);
        put_escaped(out, text.substr(0, broken));
        if (broken == std::string_view::npos) break;
        out += "\xEF\xBF\xBD";
        text.remove_prefix(broken + 1);
    }
    out += '"';
}

template <class Number>
void put_number(std::string& out, Number number) {
    std::array<char, 32> digits;
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    out.append(digits.data(), static_cast<std::size_t>(written.ptr - digits.data()));
}

void put_double(std::string& out, double number) {
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    const auto from = out.size();
    put_number(out, number);
    // "1.0" and not "1": read back it must be the same kind of number.
    if (out.find_first_of(".e", from) == std::string::npos) out += ".0";
}

enum class Order { held, sorted };

void put_value(std::string& out, const json::value& value, Order order);

void put_member(std::string& out, const json::key_value_pair& member, bool first, Order order) {
    if (!first) out += ',';
    put_string(out, view_of(member.key()));
    out += ':';
    put_value(out, member.value(), order);
}

void put_object(std::string& out, const json::object& object, Order order) {
    out += '{';
    bool first = true;
    if (order == Order::held) {
        for (const auto& member : object) put_member(out, member, std::exchange(first, false), order);
    } else {
        std::vector<const json::key_value_pair*> members;
        members.reserve(object.size());
        for (const auto& member : object) members.push_back(&member);
        // string_view compares as unsigned bytes.
        std::sort(members.begin(), members.end(),
                  [](const auto* a, const auto* b) { return view_of(a->key()) < view_of(b->key()); });
        for (const auto* member : members) put_member(out, *member, std::exchange(first, false), order);
    }
    out += '}';
}

void put_array(std::string& out, const json::array& array, Order order) {
    out += '[';
    bool first = true;
    for (const auto& item : array) {
        if (!std::exchange(first, false)) out += ',';
        put_value(out, item, order);
    }
    out += ']';
}

void put_value(std::string& out, const json::value& value, Order order) {
    switch (value.kind()) {
        case json::kind::null:
            out += "null";
            break;
        case json::kind::bool_:
            out += value.get_bool() ? "true" : "false";
            break;
        case json::kind::int64:
            put_number(out, value.get_int64());
            break;
        case json::kind::uint64:
            put_number(out, value.get_uint64());
            break;
        case json::kind::double_:
            put_double(out, value.get_double());
            break;
        case json::kind::string:
            put_string(out, view_of(value.get_string()));
            break;
        case json::kind::array:
            put_array(out, value.get_array(), order);
            break;
        case json::kind::object:
            put_object(out, value.get_object(), order);
            break;
    }
}

}  // namespace

Result<json::value> parse_json(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.bytes) {
        return refuse_at(limits.bytes, fmt::format("longer than {} bytes", limits.bytes), "send less at once");
    }
    if (const auto broken = find_invalid_utf8(text); broken != std::string_view::npos) {
        return refuse_at(broken, "not well-formed UTF-8", "send the text as UTF-8");
    }
    json::parse_options options;
    options.max_depth = limits.depth;
    json::basic_parser<Handler> parser(options);
    parser.handler().reset();
    json::error_code error;
    auto consumed = parser.write_some(false, text.data(), text.size(), error);
    if (!error && consumed < text.size()) error = json::error::extra_data;
    if (error) return explain(parser.handler().refusal(), error, std::min(consumed, text.size()), limits);
    return parser.handler().release();
}

json::value parse_own_json(std::string_view text, json::storage_ptr storage) {
    json::parse_options options;
    options.max_depth = 64;
    options.allow_invalid_utf8 = true;  // checked when it was written
    std::array<unsigned char, 4096> scratch;
    json::parser parser(json::storage_ptr(), options, scratch.data(), scratch.size());
    parser.reset(std::move(storage));  // the constructor's is the parser's own memory, not the value's
    json::error_code error;
    parser.write(text.data(), text.size(), error);
    if (error) throw std::runtime_error("JSON that this program wrote cannot be read back: " + error.message());
    return parser.release();
}

std::string write_json(const json::value& value) {
    std::string out;
    put_value(out, value, Order::held);
    return out;
}

std::string write_canonical(const json::value& value) {
    std::string out;
    put_value(out, value, Order::sorted);
    return out;
}

void append_canonical(std::string& out, const json::value& value) {
    put_value(out, value, Order::sorted);
}

void append_canonical(std::string& out, const json::object& object) {
    put_object(out, object, Order::sorted);
}

void append_json_string(std::string& out, std::string_view text) {
    put_string(out, text);
}

const json::value* find(const json::object& object, std::string_view key) {
    return object.if_contains({key.data(), key.size()});
}

std::string_view string_or(const json::object& object, std::string_view key, std::string_view otherwise) {
    const auto* member = find(object, key);
    const auto* text = member != nullptr ? member->if_string() : nullptr;
    return text != nullptr ? view_of(*text) : otherwise;
}

}  // namespace waymark
