#pragma once
// Strict JSON at the door. Boost.JSON keeps the last of duplicate keys, takes 1e400 for infinity and writes ill-formed
// UTF-8 unchecked; this header is the one way in and out, and refuses all three.
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/error.hpp"

namespace waymark {

namespace json = boost::json;

struct JsonLimits {
    std::size_t depth = 32;
    std::size_t bytes = 8u << 20;
};

// Refuses: duplicate keys, non-finite numbers, ill-formed UTF-8, depth and size over the limits, text after the value.
Result<json::value> parse_json(std::string_view text, const JsonLimits& = {});
// Only for text that this program wrote itself (cards): no duplicate or UTF-8 check, memory from `storage`.
json::value parse_own_json(std::string_view text, json::storage_ptr storage);

std::string write_json(const json::value&);  // compact, keys in the order held
std::string write_canonical(
    const json::value&);  // compact, keys sorted by bytes at every level: what digests are made over
// The same, put after what `out` holds and without a copy of the value; for what is written by the hundred thousand.
void append_canonical(std::string& out, const json::value&);
void append_canonical(std::string& out, const json::object&);
void append_json_string(std::string& out, std::string_view);

// Members, or nullptr.
const json::value* find(const json::object&, std::string_view key);
std::string_view string_or(const json::object&, std::string_view key, std::string_view otherwise);

}  // namespace waymark
