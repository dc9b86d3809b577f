// Strict reading of a rulebook's tables.
#include "procedure/reading.hpp"

#include <algorithm>

namespace waymark::procedure {

namespace {

// "C01", "C01a": a row of the clock register.
bool is_register_id(std::string_view text) {
    if (text.size() < 3 || text.size() > 4 || text[0] != 'C') return false;
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    return digit(text[1]) && digit(text[2]) && (text.size() == 3 || (text[3] >= 'a' && text[3] <= 'z'));
}

}  // namespace

bool is_id(std::string_view text) {
    if (text.empty() || text.size() > 60 || text.front() == '-' || text.back() == '-') return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

Result<toml::table> Lines::parse(std::string_view text) const {
    if (text.size() > most_rulebook_bytes) return invalid(file_, "the rulebook is larger than 1 MiB", "split it");
    if (const auto bad = find_invalid_utf8(text); bad != std::string_view::npos) {
        return invalid(file_, fmt::format("ill-formed UTF-8 at byte {}", bad), "save the file as UTF-8");
    }
    try {
        return toml::parse(text, file_);
    } catch (const toml::parse_error& error) {
        return invalid(fmt::format("{}:{}", file_, error.source().begin.line), std::string(error.description()),
                       "write it as TOML 1.0");
    }
}

std::string Lines::place(const toml::node& node) const {
    return fmt::format("{}:{}", file_, node.source().begin.line);
}
std::string Lines::place(const toml::table& table, std::string_view key) const {
    const auto* node = table.get(key);
    return place(node != nullptr ? *node : static_cast<const toml::node&>(table));
}

Result<void> Lines::only(const toml::table& table, std::initializer_list<std::string_view> known) const {
    for (const auto& [key, value] : table) {
        if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
        const auto near = nearest(key.str(), std::vector<std::string>(known.begin(), known.end()));
        return invalid(place(value), fmt::format("unknown key \"{}\"", key.str()),
                       near.empty() ? "take it out" : fmt::format("did you mean \"{}\"?", near));
    }
    return {};
}
Result<std::string> Lines::optional(const toml::table& table, std::string_view key) const {
    const auto* node = table.get(key);
    if (node == nullptr) return std::string();
    if (const auto* text = node->as_string()) return text->get();
    return invalid(place(*node), fmt::format("{} is not text", key), "put it in double quotes");
}
Result<std::string> Lines::need(const toml::table& table, std::string_view key) const {
    auto text = TRY(optional(table, key));
    if (text.empty())
        return invalid(place(table, key), fmt::format("{} is missing", key), fmt::format("add {} = \"…\"", key));
    return text;
}
Result<bool> Lines::flag(const toml::table& table, std::string_view key, bool otherwise) const {
    const auto* node = table.get(key);
    if (node == nullptr) return otherwise;
    if (const auto* value = node->as_boolean()) return value->get();
    return invalid(place(*node), fmt::format("{} is neither true nor false", key), "write true or false");
}
Result<int> Lines::number(const toml::table& table, std::string_view key, int least, int most, int otherwise) const {
    const auto* node = table.get(key);
    if (node == nullptr) return otherwise;
    const auto* value = node->as_integer();
    if (value == nullptr || value->get() < least || value->get() > most) {
        return invalid(place(*node), fmt::format("{} is not a whole number from {} to {}", key, least, most),
                       fmt::format("write it as {}", otherwise));
    }
    return static_cast<int>(value->get());
}
Result<Date> Lines::day(const toml::table& table, std::string_view key) const {
    const auto* node = table.get(key);
    if (const auto* date = node == nullptr ? nullptr : node->as_date()) {
        const auto& d = date->get();
        const std::chrono::year_month_day ymd{std::chrono::year(d.year), std::chrono::month(d.month),
                                              std::chrono::day(d.day)};
        if (ymd.ok()) return Date(ymd);
    }
    return invalid(place(table, key), fmt::format("{} is not a date", key), "write it as 2018-11-12, without quotes");
}
Result<std::vector<std::string>> Lines::texts(const toml::table& table, std::string_view key) const {
    std::vector<std::string> all;
    const auto* node = table.get(key);
    if (node == nullptr) return all;
    if (const auto* one = node->as_string()) return std::vector{one->get()};
    if (const auto* list = node->as_array(); list != nullptr && list->size() <= most_codes) {
        for (const auto& item : *list) {
            const auto* text = item.as_string();
            if (text == nullptr)
                return invalid(place(item), fmt::format("{} holds something that is not text", key),
                               "put it in double quotes");
            all.push_back(text->get());
        }
        if (!all.empty()) return all;
    }
    return invalid(place(*node), fmt::format("{} is neither text nor a list of texts", key),
                   "write \"…\" or [\"…\", \"…\"]");
}
Result<std::vector<const toml::table*>> Lines::tables(const toml::table& table, std::string_view key,
                                                      std::size_t most) const {
    std::vector<const toml::table*> all;
    const auto* node = table.get(key);
    if (node == nullptr) return all;
    const auto* list = node->as_array();
    if (list == nullptr)
        return invalid(place(*node), fmt::format("{} is not a list", key), fmt::format("write [[{}]]", key));
    if (list->size() > most)
        return invalid(place(*node), fmt::format("more than {} of {}", most, key), "split the rulebook");
    for (const auto& item : *list) {
        const auto* one = item.as_table();
        if (one == nullptr)
            return invalid(place(item), fmt::format("{} is not a table", key), fmt::format("write [[{}]]", key));
        all.push_back(one);
    }
    return all;
}

Result<std::optional<ClockLength>> Lines::clock(const toml::table& table, std::string_view key) const {
    const auto text = TRY(optional(table, key));
    if (text.empty()) return std::optional<ClockLength>{};
    auto length = content::parse_clock_length(text);
    if (!length) return invalid(place(table, key), length.error().reason, length.error().mend);
    if (length->count == 0 && !length->is_same_day()) {
        return invalid(place(table, key), "a clock of zero",
                       "write the shortest time that can be kept: \"1 hour\", or \"same day\"");
    }
    return std::optional<ClockLength>(*length);
}

Result<std::string> Lines::id_of(const toml::table& table, std::set<std::string>& taken, std::string_view what) const {
    auto id = TRY(need(table, "id"));
    if (!is_id(id))
        return invalid(place(table, "id"), fmt::format("\"{}\" is not an id", id),
                       "write lower-case words joined by hyphens");
    if (!taken.insert(id).second)
        return invalid(place(table, "id"), fmt::format("there is another {} \"{}\"", what, id),
                       "give it an id of its own");
    return id;
}

Result<Source> Lines::source(const toml::table& table, bool required, std::optional<Date> in_force) const {
    Source source;
    source.text = TRY(optional(table, "source"));
    source.unsourced = source.text.find("[U]") != std::string::npos;
    if (required && source.text.empty()) {
        return invalid(place(table), "a clock without a source",
                       "add source = \"…\", or source = \"[U] …\" where none could be found");
    }
    source.in_force = table.contains("in_force") ? TRY(day(table, "in_force")) : in_force.value_or(Date{});
    if (required && !table.contains("in_force") && !in_force) {
        return invalid(place(table), "a clock without the date from which it is in force", "add in_force = 2018-11-12");
    }
    source.register_id = TRY(optional(table, "register"));
    if (!source.register_id.empty() && !is_register_id(source.register_id)) {
        return invalid(place(table, "register"),
                       fmt::format("\"{}\" is not a row of the clock register", source.register_id), "write it as C01");
    }
    source.paragraph = TRY(optional(table, "paragraph"));
    return source;
}

Result<void> Lines::one_of(const toml::table& table, std::string_view key, const std::string& given,
                           const std::vector<std::string>& known, std::string_view what) const {
    if (std::find(known.begin(), known.end(), given) != known.end()) return {};
    const auto near = nearest(given, known);
    return invalid(
        place(table, key), fmt::format("unknown {} \"{}\"", what, given),
        near.empty() ? fmt::format("write one of: {}", join(known, ", ")) : fmt::format("did you mean \"{}\"?", near));
}

}  // namespace waymark::procedure
