#pragma once
// Reading a rulebook's TOML: every key is expected or refused with its line and the nearest that is known. For the
// sources of this room only.
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "base/text.hpp"
#include "procedure/procedure.hpp"

namespace waymark::procedure {

constexpr std::size_t most_rulebook_bytes = 1u << 20;
constexpr std::size_t most_events = 500;
constexpr std::size_t most_rules = 1000;          // as written
constexpr std::size_t most_written_out = 10'000;  // of rules, once groups and lists are written out
constexpr std::size_t most_codes = 100;

class Lines {
public:
    explicit Lines(const std::string& file) : file_(file) {}

    [[nodiscard]] const std::string& file() const { return file_; }
    [[nodiscard]] Result<toml::table> parse(std::string_view text) const;
    [[nodiscard]] std::string place(const toml::node&) const;
    [[nodiscard]] std::string place(const toml::table&, std::string_view key) const;
    [[nodiscard]] Result<void> only(const toml::table&, std::initializer_list<std::string_view> known) const;
    [[nodiscard]] Result<std::string> optional(const toml::table&, std::string_view key) const;
    [[nodiscard]] Result<std::string> need(const toml::table&, std::string_view key) const;
    [[nodiscard]] Result<bool> flag(const toml::table&, std::string_view key, bool otherwise) const;
    [[nodiscard]] Result<int> number(const toml::table&, std::string_view key, int least, int most,
                                     int otherwise) const;
    [[nodiscard]] Result<Date> day(const toml::table&, std::string_view key) const;
    // A text or a list of texts; none where the key is absent.
    [[nodiscard]] Result<std::vector<std::string>> texts(const toml::table&, std::string_view key) const;
    [[nodiscard]] Result<std::vector<const toml::table*>> tables(const toml::table&, std::string_view key,
                                                                 std::size_t most) const;
    // A clock above zero; nothing where the key is absent.
    [[nodiscard]] Result<std::optional<ClockLength>> clock(const toml::table&, std::string_view key) const;
    [[nodiscard]] Result<std::string> id_of(const toml::table&, std::set<std::string>& taken,
                                            std::string_view what) const;
    // Source, date in force, register and paragraph.
    [[nodiscard]] Result<Source> source(const toml::table&, bool required, std::optional<Date> in_force) const;
    [[nodiscard]] Result<void> one_of(const toml::table&, std::string_view key, const std::string& given,
                                      const std::vector<std::string>& known, std::string_view what) const;
    template <class T, std::size_t n>
    Result<T> word(const toml::table& table, std::string_view key, const std::pair<std::string_view, T> (&known)[n],
                   T otherwise, bool required) const {
        const auto text = TRY(required ? need(table, key) : optional(table, key));
        if (text.empty()) return otherwise;
        std::vector<std::string> words;
        for (const auto& [name, value] : known) {
            if (name == text) return value;
            words.emplace_back(name);
        }
        return invalid(place(table, key), fmt::format("unknown {} \"{}\"", key, text),
                       fmt::format("write one of: {}", join(words, ", ")));
    }

private:
    const std::string& file_;
};

bool is_id(std::string_view);

// age_from and age_to: whole numbers, or parameters of the rulebook.
Result<AgeLimits> age_limits(const Lines&, const toml::table&, const Rulebook&);

AgeLimits within(const AgeLimits& inner, const AgeLimits& outer);
Needs both(Needs, const Needs&);

// What holds for the events that a rule joins holds for the rule; refuses rules that mix instances, and rings.
Result<void> settle(Rulebook&);

// [[consultation]] is written out as events and rules.
Result<void> expand_consultations(const Lines&, const toml::table&, std::optional<Date> in_force,
                                  const content::Catalogue&, Rulebook&);

}  // namespace waymark::procedure
