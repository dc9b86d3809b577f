#pragma once
// Templates of assessments, content/assessments/*.toml: sections that agencies write side by side, and the questions of
// each. What a section asks is data; whose wording it is, and after what, stands in `source`.
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace waymark::content {

struct AssessmentQuestion {
    std::string id;
    std::string label;
    std::string hint;
    std::string about;  // "strengths", "needs", or empty
};
struct AssessmentSection {
    std::string id;
    std::string title;
    std::string hint;
    std::vector<std::string> asks;  // agency types that are asked first
    std::vector<AssessmentQuestion> questions;
};
struct AssessmentTemplate {
    std::string key;
    std::string title;
    std::string version;
    std::string source;
    std::vector<AssessmentSection> sections;
    [[nodiscard]] const AssessmentSection* section(std::string_view id) const;
};
// TOML. Refuses unknown keys, a template without sections, a section without questions, an id that stands twice (also
// in two sections: an answer is carried forward by it), an unknown agency type; the place is `file` and line.
Result<AssessmentTemplate> parse_assessment(std::string_view toml, const std::string& file);
// Every template, by key. Two with one key, or a key that is not the file's name, are refused.
Result<std::vector<AssessmentTemplate>> load_assessments(const std::string& content_dir);

}  // namespace waymark::content
