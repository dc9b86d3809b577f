#pragma once
// Which looks at records seem wrong, as a partnership says it: patterns with their words and figures, out of
// content/access/alerts.toml. What each pattern counts is casework's (casework/alerts.hpp); nothing here scores
// anybody.
//
// No source gives figures for these: every one is the partnership's own, and the page says so. Motives that the
// patterns are for: family, well-known people, colleagues, shared sign-ins (targets 2.C: NHS Fife's list); no business
// need (St Helens, ICO 2023); the worker close to somebody in the record (Ali v Luton).
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace waymark::content {

struct LookPattern {
    std::string key;                       // one of look_pattern_keys()
    std::string words;                     // of the heading on the page
    std::string about;                     // what is counted, in a sentence
    int least = 1;                         // so many looks (children, people, moves) make it one
    int days = 0;                          // within so many days; 0: the whole time looked through
    int minutes = 0;                       // within so many minutes; 0: does not matter
    int from_hour = 0;                     // of odd hours: from this hour on
    int to_hour = 0;                       // to this one, the next day where it is the smaller
    int usual_days = 0;                    // whoever does it on so many days works so; 0: nobody
    std::vector<std::string> roles_apart;  // whose work it is
    bool operator==(const LookPattern&) const = default;
};
struct LookPatterns {
    std::string version;
    int days = 28;                    // how far back is looked
    std::vector<std::string> opens;   // beginnings of routes that open one child's record
    std::vector<std::string> copies;  // and of those that make a copy of it
    std::vector<LookPattern> patterns;
    std::string text;
    [[nodiscard]] const LookPattern* pattern(std::string_view key) const;
};
const std::vector<std::string>& look_pattern_keys();

// A pattern that is not named is not looked for. Unknown keys, a pattern twice or without words are refused with their
// line.
Result<LookPatterns> parse_look_patterns(std::string_view toml, const std::string& file);
Result<LookPatterns> load_look_patterns(const std::string& content_dir);

}  // namespace waymark::content
