#pragma once
// Strict reading of TOML: every key is either expected or refused with its line and the nearest key that is known.
// For the sources of this room only; nothing above needs to know that content is TOML.
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "base/error.hpp"
#include "base/time.hpp"

namespace waymark::content {

using CodePairs = std::vector<std::pair<std::string, std::string>>;

class TomlReader {
public:
    explicit TomlReader(std::string file) : file_(std::move(file)) {}

    [[nodiscard]] Result<toml::table> parse(std::string_view text) const;
    [[nodiscard]] std::string place(const toml::node&) const;  // "file:line"
    [[nodiscard]] Result<void> only(const toml::table&, std::initializer_list<std::string_view> known) const;

    // Absent gives the default (or a fault where the name says `need`); another type is a fault.
    [[nodiscard]] Result<std::string> need_string(const toml::table&, std::string_view key) const;
    [[nodiscard]] Result<std::string> string(const toml::table&, std::string_view key) const;
    [[nodiscard]] Result<bool> boolean(const toml::table&, std::string_view key, bool otherwise) const;
    [[nodiscard]] Result<int> integer(const toml::table&, std::string_view key, int least, int most,
                                      int otherwise) const;
    [[nodiscard]] Result<std::vector<std::string>> strings(const toml::table&, std::string_view key) const;
    // [["code", "Label"], …], each code once and shaped like one.
    [[nodiscard]] Result<CodePairs> code_pairs(const toml::table&, std::string_view key) const;
    [[nodiscard]] Result<Date> date(const toml::node&) const;
    [[nodiscard]] Result<Date> need_date(const toml::table&, std::string_view key) const;
    // The tables of [[key]] or of an array of inline tables.
    [[nodiscard]] Result<std::vector<const toml::table*>> tables(const toml::table&, std::string_view key) const;

    // Where `key` stands in the table, or the table itself where it does not.
    [[nodiscard]] std::string place_of(const toml::table&, std::string_view key) const;

private:
    std::string file_;
};

// The whole file; `missing` where there is none, refused over 4 MiB.
Result<std::string> read_text_file(const std::string& path);
// Names of content: lower-case letters, digits and "-", so that a name can never leave its folder.
Result<void> check_name(std::string_view name, std::string_view what);

}  // namespace waymark::content
