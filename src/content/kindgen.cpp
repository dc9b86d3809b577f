// kindgen CONTENT_DIR OUT_DIR: writes OUT_DIR/kinds.hpp and kinds.cpp, one struct for each kind of entry in
// content/kinds.
//
// So code that names a kind, a field or a code that the content does not have does not compile. Files are written only
// where their text changes.
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include <fmt/core.h>

#include "content/content.hpp"

namespace {

using waymark::content::Catalogue;
using waymark::content::Field;
using waymark::content::FieldType;
using waymark::content::Kind;

// "keep-apart.agreed" -> "KeepApartAgreed"
std::string camel(std::string_view key) {
    std::string out;
    bool up = true;
    for (const char c : key) {
        if (c == '.' || c == '-' || c == '_') {
            up = true;
            continue;
        }
        out.push_back(up ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c);
        up = false;
    }
    return out;
}

// "not-same" -> "not_same", "private" -> "private_", "22" -> "n22"
std::string snake(std::string_view text) {
    static const std::set<std::string, std::less<>> taken{
        "and",      "auto",    "bool",     "body",      "break",    "case",     "catch",     "char",   "class",
        "concept",  "const",   "continue", "default",   "delete",   "do",       "double",    "else",   "enum",
        "explicit", "export",  "extern",   "false",     "float",    "for",      "friend",    "from",   "goto",
        "if",       "inline",  "int",      "key",       "long",     "mutable",  "namespace", "new",    "not",
        "operator", "or",      "private",  "protected", "public",   "register", "requires",  "return", "short",
        "signed",   "sizeof",  "static",   "struct",    "switch",   "template", "this",      "throw",  "true",
        "try",      "typedef", "typename", "union",     "unsigned", "using",    "virtual",   "void",   "volatile",
        "while",    "xor"};
    std::string out;
    for (const char c : text) out.push_back(std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_');
    if (std::isdigit(static_cast<unsigned char>(out.front())) != 0) out.insert(out.begin(), 'n');
    if (taken.count(out) != 0) out.push_back('_');
    return out;
}

std::string_view cpp_type(FieldType type) {
    switch (type) {
        case FieldType::codes:
            return "std::vector<std::string>";
        case FieldType::boolean:
            return "std::optional<bool>";
        case FieldType::integer:
            return "std::optional<std::int64_t>";
        case FieldType::number:
            return "std::optional<double>";
        case FieldType::agencies:
        case FieldType::actions:
        case FieldType::list:
            return "json::array";
        case FieldType::person:
            return "json::value";
        default:
            return "std::optional<std::string>";
    }
}

std::string comment_of(const Field& field) {
    if (field.codes.empty()) return field.label;
    std::string out;
    for (const std::string& code : field.codes) out += (out.empty() ? "" : ", ") + code;
    return out;
}

std::string header(const Catalogue& kinds) {
    std::string out =
        "#pragma once\n"
        "// Made by kindgen from content/kinds: one struct for each kind of entry. Change the content, not this file.\n"
        "//\n"
        "// `from` takes a body that has been checked and leaves out what has another shape; `body` writes what is "
        "set.\n"
        "#include <cstdint>\n#include <optional>\n#include <string>\n#include <string_view>\n#include <vector>\n\n"
        "#include \"base/json.hpp\"\n\nnamespace waymark::kinds {\n\n";
    for (const Kind& kind : kinds.kinds()) {
        out += fmt::format("// {}\nstruct {} {{\n    static constexpr std::string_view key = \"{}\";\n", kind.label,
                           camel(kind.key), kind.key);
        for (const Field& field : kind.fields) {
            out += fmt::format("    {} {}{};  // {}\n", cpp_type(field.type), snake(field.name),
                               field.type == FieldType::codes || cpp_type(field.type) == "json::array" ? "{}" : "",
                               comment_of(field));
        }
        out += fmt::format(
            "\n    static {} from(const json::object&);\n    [[nodiscard]] json::object body() const;\n}};\n\n",
            camel(kind.key));
    }
    out += "// The codes of closed and suggested lists, by kind and field.\nnamespace codes {\n";
    for (const Kind& kind : kinds.kinds()) {
        for (const Field& field : kind.fields) {
            const auto& codes = field.codes.empty() ? field.suggested : field.codes;
            if (codes.empty() || !field.vocabulary.empty()) continue;
            out += fmt::format("namespace {}::{} {{\n", snake(kind.key), snake(field.name));
            for (const std::string& code : codes)
                out += fmt::format("inline constexpr std::string_view {} = \"{}\";\n", snake(code), code);
            out += "}\n";
        }
    }
    out +=
        "}  // namespace codes\n\n// Every kind's key, in the order of the content.\nstd::vector<std::string_view> "
        "all_keys();\n\n}  // namespace waymark::kinds\n";
    return out;
}

std::string source(const Catalogue& kinds) {
    std::string out =
        "// Made by kindgen from content/kinds. Change the content, not this file.\n"
        "#include \"kinds/kinds.hpp\"\n\nnamespace waymark::kinds {\n\nnamespace {\n\n"
        R"(std::string as_text(const json::value& value) {
    if (value.is_string()) return std::string(value.get_string().data(), value.get_string().size());
    if (value.is_bool() || value.is_number()) return json::serialize(value);
    return {};
}

[[maybe_unused]] void get(const json::object& body, std::string_view name, std::optional<std::string>& out) {
    const json::value* value = waymark::find(body, name);
    if (value == nullptr || value->is_null() || value->is_object()) return;
    if (!value->is_array()) {
        out = as_text(*value);
        return;
    }
    std::string lines;
    for (const json::value& one : value->get_array()) lines += (lines.empty() ? "" : "\n") + as_text(one);
    out = std::move(lines);
}
[[maybe_unused]] void get(const json::object& body, std::string_view name, std::vector<std::string>& out) {
    const json::value* value = waymark::find(body, name);
    if (value == nullptr || value->is_null() || value->is_object()) return;
    if (!value->is_array()) {
        out.push_back(as_text(*value));
        return;
    }
    for (const json::value& one : value->get_array()) out.push_back(as_text(one));
}
[[maybe_unused]] void get(const json::object& body, std::string_view name, std::optional<bool>& out) {
    const json::value* value = waymark::find(body, name);
    if (value != nullptr && value->is_bool()) out = value->get_bool();
}
[[maybe_unused]] void get(const json::object& body, std::string_view name, std::optional<std::int64_t>& out) {
    const json::value* value = waymark::find(body, name);
    if (value == nullptr || !value->is_number()) return;
    boost::system::error_code error;
    const auto number = value->to_number<std::int64_t>(error);
    if (!error) out = number;
}
[[maybe_unused]] void get(const json::object& body, std::string_view name, std::optional<double>& out) {
    const json::value* value = waymark::find(body, name);
    if (value == nullptr || !value->is_number()) return;
    boost::system::error_code error;
    const double number = value->to_number<double>(error);
    if (!error) out = number;
}
[[maybe_unused]] void get(const json::object& body, std::string_view name, json::array& out) {
    const json::value* value = waymark::find(body, name);
    if (value == nullptr || value->is_null()) return;
    if (value->is_array()) {
        out = value->get_array();
    } else {
        out.push_back(*value);
    }
}
[[maybe_unused]] void get(const json::object& body, std::string_view name, json::value& out) {
    if (const json::value* value = waymark::find(body, name)) out = *value;
}

template <class T>
[[maybe_unused]] void put(json::object& body, std::string_view name, const std::optional<T>& value) {
    if (value) body[name] = *value;
}
[[maybe_unused]] void put(json::object& body, std::string_view name, const std::vector<std::string>& value) {
    if (value.empty()) return;
    json::array list;
    for (const std::string& one : value) list.emplace_back(one);
    body[name] = std::move(list);
}
[[maybe_unused]] void put(json::object& body, std::string_view name, const json::array& value) {
    if (!value.empty()) body[name] = value;
}
[[maybe_unused]] void put(json::object& body, std::string_view name, const json::value& value) {
    if (!value.is_null()) body[name] = value;
}

}  // namespace

)";
    for (const Kind& kind : kinds.kinds()) {
        const std::string name = camel(kind.key);
        const char* unused = kind.fields.empty() ? "[[maybe_unused]] " : "";
        out += fmt::format("{0} {0}::from({1}const json::object& body) {{\n    {0} out;\n", name, unused);
        for (const Field& field : kind.fields)
            out += fmt::format("    get(body, \"{}\", out.{});\n", field.name, snake(field.name));
        out += fmt::format("    return out;\n}}\njson::object {}::body() const {{\n    json::object out;\n", name);
        for (const Field& field : kind.fields)
            out += fmt::format("    put(out, \"{}\", {});\n", field.name, snake(field.name));
        out += "    return out;\n}\n\n";
    }
    out += "std::vector<std::string_view> all_keys() {\n    return {\n";
    for (const Kind& kind : kinds.kinds()) out += fmt::format("        {}::key,\n", camel(kind.key));
    out += "    };\n}\n\n}  // namespace waymark::kinds\n";
    return out;
}

bool write_if_changed(const std::filesystem::path& path, const std::string& text) {
    std::ifstream old(path, std::ios::binary);
    std::ostringstream held;
    held << old.rdbuf();
    if (old && held.str() == text) return true;
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << text;
    return static_cast<bool>(out.flush());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        fmt::print(stderr, "usage: kindgen CONTENT_DIR OUT_DIR\n");
        return 2;
    }
    const auto kinds = waymark::content::load_kinds(argv[1]);
    if (!kinds) {
        fmt::print(stderr, "{}/{}\n", argv[1], waymark::describe(kinds.error()));
        return 1;
    }
    const std::filesystem::path out = argv[2];
    std::error_code error;
    std::filesystem::create_directories(out, error);
    if (error || !write_if_changed(out / "kinds.hpp", header(*kinds)) ||
        !write_if_changed(out / "kinds.cpp", source(*kinds))) {
        fmt::print(stderr, "{}: cannot be written\n", out.string());
        return 3;
    }
    return 0;
}
