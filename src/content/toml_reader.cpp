// Strict reading of TOML, and of files.
#include "content/toml_reader.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include <fmt/core.h>

#include "base/text.hpp"
#include "content/check.hpp"

namespace waymark::content {

namespace {

constexpr std::size_t largest_file = 4u << 20;

Result<std::vector<std::string>> strings_of(const TomlReader& reader, const toml::node& node, std::string_view key) {
    const toml::array* array = node.as_array();
    if (array == nullptr)
        return invalid(reader.place(node), fmt::format("{} is not a list", key), "write [\"…\", \"…\"]");
    std::vector<std::string> out;
    for (const toml::node& element : *array) {
        const auto* text = element.as_string();
        if (text == nullptr)
            return invalid(reader.place(element), fmt::format("{} holds something that is not text", key));
        out.push_back(text->get());
    }
    return out;
}

}  // namespace

Result<toml::table> TomlReader::parse(std::string_view text) const {
    if (text.size() > largest_file) return invalid(file_, "the file is larger than 4 MiB");
    try {
        return toml::parse(text, file_);
    } catch (const toml::parse_error& error) {
        return invalid(fmt::format("{}:{}", file_, error.source().begin.line), std::string(error.description()),
                       "see toml.io for how TOML is written");
    }
}

std::string TomlReader::place(const toml::node& node) const {
    return fmt::format("{}:{}", file_, node.source().begin.line);
}

std::string TomlReader::place_of(const toml::table& table, std::string_view key) const {
    const toml::node* node = table.get(key);
    return place(node != nullptr ? *node : static_cast<const toml::node&>(table));
}

Result<void> TomlReader::only(const toml::table& table, std::initializer_list<std::string_view> known) const {
    for (auto&& [key, value] : table) {
        if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
        const std::vector<std::string> names(known.begin(), known.end());
        const std::string near = nearest(key.str(), names);
        return invalid(
            fmt::format("{}:{}", file_, key.source().begin.line), fmt::format("“{}” is not known here", key.str()),
            near.empty() ? fmt::format("use one of: {}", join(names, ", ")) : fmt::format("did you mean “{}”?", near));
    }
    return {};
}

Result<std::string> TomlReader::need_string(const toml::table& table, std::string_view key) const {
    std::string text = TRY(string(table, key));
    if (text.empty())
        return invalid(place_of(table, key), fmt::format("{} is missing", key), fmt::format("write {} = \"…\"", key));
    return text;
}

Result<std::string> TomlReader::string(const toml::table& table, std::string_view key) const {
    const toml::node* node = table.get(key);
    if (node == nullptr) return std::string{};
    const auto* text = node->as_string();
    if (text == nullptr)
        return invalid(place(*node), fmt::format("{} is not text", key), fmt::format("write {} = \"…\"", key));
    return text->get();
}

Result<bool> TomlReader::boolean(const toml::table& table, std::string_view key, bool otherwise) const {
    const toml::node* node = table.get(key);
    if (node == nullptr) return otherwise;
    const auto* value = node->as_boolean();
    if (value == nullptr)
        return invalid(place(*node), fmt::format("{} is neither true nor false", key), "write true or false");
    return value->get();
}

Result<int> TomlReader::integer(const toml::table& table, std::string_view key, int least, int most,
                                int otherwise) const {
    const toml::node* node = table.get(key);
    if (node == nullptr) return otherwise;
    const auto* value = node->as_integer();
    if (value == nullptr || value->get() < least || value->get() > most) {
        return invalid(place(*node), fmt::format("{} is not a whole number from {} to {}", key, least, most));
    }
    return static_cast<int>(value->get());
}

Result<std::vector<std::string>> TomlReader::strings(const toml::table& table, std::string_view key) const {
    const toml::node* node = table.get(key);
    if (node == nullptr) return std::vector<std::string>{};
    return strings_of(*this, *node, key);
}

Result<CodePairs> TomlReader::code_pairs(const toml::table& table, std::string_view key) const {
    CodePairs out;
    const toml::node* node = table.get(key);
    if (node == nullptr) return out;
    const toml::array* array = node->as_array();
    if (array == nullptr)
        return invalid(place(*node), fmt::format("{} is not a list", key), "write [[\"code\", \"Label\"], …]");
    std::set<std::string> seen;
    for (const toml::node& element : *array) {
        std::vector<std::string> pair = TRY(strings_of(*this, element, key));
        if (pair.size() != 2 || !is_code(pair[0]) || pair[1].empty()) {
            return invalid(place(element), fmt::format("{} holds something that is not a code with its label", key),
                           "write [\"code\", \"Label\"]");
        }
        if (!seen.insert(pair[0]).second)
            return invalid(place(element), fmt::format("the code “{}” is here twice", pair[0]));
        out.emplace_back(std::move(pair[0]), std::move(pair[1]));
    }
    return out;
}

Result<Date> TomlReader::date(const toml::node& node) const {
    const auto* value = node.as_date();
    if (value == nullptr)
        return invalid(place(node), "is not a date", "write it as 2026-12-25, without quotation marks");
    const toml::date day = value->get();
    auto parsed = parse_date(fmt::format("{:04}-{:02}-{:02}", day.year, day.month, day.day));
    if (!parsed) return invalid(place(node), parsed.error().reason, parsed.error().mend);
    return parsed;
}

Result<Date> TomlReader::need_date(const toml::table& table, std::string_view key) const {
    const toml::node* node = table.get(key);
    if (node == nullptr)
        return invalid(place(table), fmt::format("{} is missing", key), fmt::format("write {} = 2026-01-01", key));
    return date(*node);
}

Result<std::vector<const toml::table*>> TomlReader::tables(const toml::table& table, std::string_view key) const {
    std::vector<const toml::table*> out;
    const toml::node* node = table.get(key);
    if (node == nullptr) return out;
    const toml::array* array = node->as_array();
    if (array == nullptr)
        return invalid(place(*node), fmt::format("{} is not a list of tables", key), fmt::format("write [[{}]]", key));
    for (const toml::node& element : *array) {
        const toml::table* one = element.as_table();
        if (one == nullptr) return invalid(place(element), fmt::format("{} holds something that is not a table", key));
        out.push_back(one);
    }
    return out;
}

Result<std::string> read_text_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    if (!in) return fault(FaultKind::missing, path, "there is no such file, or it cannot be read");
    if (in.tellg() > static_cast<std::streamoff>(largest_file)) return invalid(path, "the file is larger than 4 MiB");
    in.seekg(0);
    std::ostringstream text;
    text << in.rdbuf();
    if (in.bad()) return fault(FaultKind::unavailable, path, "the file cannot be read");
    return text.str();
}

Result<void> check_name(std::string_view name, std::string_view what) {
    const bool good = !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
    if (good) return {};
    return invalid(std::string(what), fmt::format("“{}” is not the name of a {}", name, what),
                   "use lower-case letters, digits and “-”");
}

}  // namespace waymark::content
