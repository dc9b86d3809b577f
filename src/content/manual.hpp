#pragma once
// The procedures manual: chapters in Markdown with TOML above them, content/manual/*.md. Format: docs/formats/manual.md
//
// A paragraph that begins with its number can be named by a rule, and is what a page links to. What a chapter may hold
// is little on purpose: headings, paragraphs, bulleted lists, bold, links inside the manual, and citations.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace waymark::content {

struct ManualRun {
    enum class Kind { text, strong, paragraph_link, citation } kind = Kind::text;
    std::string text;
    std::string target;  // of a link: the paragraph's number; of a citation: its key
    bool operator==(const ManualRun&) const = default;
};
using ManualText = std::vector<ManualRun>;

struct ManualBlock {
    enum class Kind { heading, subheading, paragraph, list } kind = Kind::paragraph;
    std::string number;             // "2.1" or "2.1.3"; empty where it has none
    ManualText text;                // of all but a list
    std::vector<ManualText> items;  // of a list
    int line = 0;                   // of the file
};

struct Citation {
    std::string key;
    std::string text;
    std::string date;       // as shown on the source; may be empty
    bool archived = false;  // the source is archived or superseded guidance
};

// Children of these ages in whole years, both included, and the paragraph that says what to ask at that stage. It says
// nothing of any one child.
struct ManualStage {
    int from = 0;
    int to = 0;
    std::string paragraph;
    bool operator==(const ManualStage&) const = default;
};

enum class ChapterStatus { current, under_review, archived };
std::string_view to_string(ChapterStatus);

struct Chapter {
    std::string number;  // "2"
    std::string title;
    std::string version;
    std::string owner;
    ChapterStatus status = ChapterStatus::current;
    Date last_updated;
    Date review_due;
    std::vector<std::string> nations;  // empty: all
    std::vector<Citation> citations;
    std::vector<ManualStage> stages;
    std::vector<ManualBlock> blocks;
    std::string name;    // of the file, without folder and ending
    std::string source;  // as adopted
    [[nodiscard]] const Citation* citation(std::string_view key) const;
    [[nodiscard]] const ManualBlock* paragraph(std::string_view wanted) const;
};
// `place` of a fault is file and line. Refused: an unknown key, a date that is none, Markdown that a chapter may not
// hold, a citation that the chapter does not list, a number that is not under the chapter's own or stands twice.
Result<Chapter> parse_chapter(std::string_view text, const std::string& file);

class Manual {
public:
    // In the order of their numbers. Refused: two chapters of one number, a link to a paragraph that is not there.
    Manual() = default;
    static Result<Manual> of(std::vector<Chapter> chapters);
    [[nodiscard]] const std::vector<Chapter>& chapters() const { return chapters_; }
    [[nodiscard]] const Chapter* chapter(std::string_view number) const;
    // The chapter in which the paragraph stands, or null.
    [[nodiscard]] const Chapter* chapter_of(std::string_view paragraph) const;

private:
    std::vector<Chapter> chapters_;
};
// All of content/manual; at most 200 chapters. Empty where the folder holds none.
Result<Manual> load_manual(const std::string& content_dir);

}  // namespace waymark::content
