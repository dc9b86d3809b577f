// Reads which looks at records seem wrong.
#include "content/look_patterns.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "content/content.hpp"
#include "content/toml_reader.hpp"

namespace waymark::content {

namespace {

constexpr const char* alerts_file = "access/alerts.toml";
constexpr int most_days = 366;
constexpr int most_looks = 1'000'000;
constexpr int most_minutes = 24 * 60;

Result<LookPattern> read_pattern(const TomlReader& in, const toml::table& table) {
    TRY_VOID(in.only(table, {"key", "words", "about", "least", "days", "minutes", "from_hour", "to_hour", "usual_days",
                             "roles_apart"}));
    LookPattern one;
    one.key = TRY(in.need_string(table, "key"));
    const auto& keys = look_pattern_keys();
    if (std::find(keys.begin(), keys.end(), one.key) == keys.end())
        return invalid(in.place_of(table, "key"), fmt::format("“{}” is no pattern that can be looked for", one.key),
                       fmt::format("use {}", fmt::join(keys, ", ")));
    one.words = TRY(in.need_string(table, "words"));
    one.about = TRY(in.need_string(table, "about"));
    one.least = TRY(in.integer(table, "least", 1, most_looks, 1));
    one.days = TRY(in.integer(table, "days", 0, most_days, 0));
    one.minutes = TRY(in.integer(table, "minutes", 0, most_minutes, 0));
    one.from_hour = TRY(in.integer(table, "from_hour", 0, 23, 0));
    one.to_hour = TRY(in.integer(table, "to_hour", 0, 23, 0));
    one.usual_days = TRY(in.integer(table, "usual_days", 0, most_days, 0));
    one.roles_apart = TRY(in.strings(table, "roles_apart"));
    for (const auto& role : one.roles_apart) {
        if (std::find(roles().begin(), roles().end(), role) == roles().end())
            return invalid(in.place_of(table, "roles_apart"), fmt::format("“{}” is not a role", role),
                           "write a role of the policy");
    }
    return one;
}

}  // namespace

const std::vector<std::string>& look_pattern_keys() {
    static const std::vector<std::string> keys{"own-name",    "own-address", "connection", "shut-out",  "colleague",
                                               "no-work",     "many-looks",  "after-end",  "odd-hours", "many-children",
                                               "search-only", "copies",      "crowd",      "two-places"};
    return keys;
}

const LookPattern* LookPatterns::pattern(std::string_view key) const {
    const auto found = std::find_if(patterns.begin(), patterns.end(), [&](const auto& one) { return one.key == key; });
    return found == patterns.end() ? nullptr : &*found;
}

Result<LookPatterns> parse_look_patterns(std::string_view text, const std::string& file) {
    const TomlReader in(file);
    const toml::table root = TRY(in.parse(text));
    TRY_VOID(in.only(root, {"version", "days", "opens", "copies", "pattern"}));
    LookPatterns out;
    out.version = TRY(in.need_string(root, "version"));
    out.days = TRY(in.integer(root, "days", 1, most_days, out.days));
    out.opens = TRY(in.strings(root, "opens"));
    if (out.opens.empty())
        return invalid(file, "no route is named that opens a record", "add opens = [\"child.\"] at its head");
    out.copies = TRY(in.strings(root, "copies"));
    for (const toml::table* table : TRY(in.tables(root, "pattern"))) {
        auto one = TRY(read_pattern(in, *table));
        if (out.pattern(one.key) != nullptr)
            return invalid(in.place_of(*table, "key"), fmt::format("the pattern {} is here twice", one.key),
                           "keep one");
        out.patterns.push_back(std::move(one));
    }
    out.text = std::string(text);
    return out;
}

Result<LookPatterns> load_look_patterns(const std::string& content_dir) {
    return parse_look_patterns(TRY(read_content(content_dir, alerts_file)), alerts_file);
}

}  // namespace waymark::content
