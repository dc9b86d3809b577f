// The manual's chapters: what they may hold, and how a fault is told.
#include "content/manual.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include "content/content.hpp"

using namespace waymark;
using namespace waymark::content;

namespace {

constexpr auto head = R"(+++
number = "2"
title = "Two children"
version = "3"
owner = "Practice lead"
status = "under-review"
last_updated = 2026-01-31
review_due = 2027-01-31
nations = ["england"]

[[citation]]
key = "area-20.7"
text = "An area's manual, chapter 20.7"
date = "12 November 2018"
archived = true
+++
)";

Chapter read(const std::string& body) {
    auto chapter = parse_chapter(head + body, "manual/two.md");
    REQUIRE_MESSAGE(chapter.has_value(), (chapter ? "" : describe(chapter.error())));
    return std::move(*chapter);
}
Fault refused(const std::string& text) {
    const auto chapter = parse_chapter(text, "manual/two.md");
    REQUIRE_FALSE(chapter);
    return chapter.error();
}

}  // namespace

TEST_CASE("a chapter says what it is, who keeps it and when it is to be reviewed") {
    const auto chapter = read("\n2.1 A paragraph.\n");
    CHECK(chapter.number == "2");
    CHECK(chapter.title == "Two children");
    CHECK(chapter.version == "3");
    CHECK(chapter.owner == "Practice lead");
    CHECK(chapter.status == ChapterStatus::under_review);
    CHECK(chapter.last_updated == *parse_date("2026-01-31"));
    CHECK(chapter.review_due == *parse_date("2027-01-31"));
    CHECK(chapter.nations == std::vector<std::string>{"england"});
    REQUIRE(chapter.citations.size() == 1);
    CHECK(chapter.citations[0].archived);
    CHECK(chapter.citations[0].date == "12 November 2018");
    CHECK(chapter.name == "two");
}

TEST_CASE("headings, numbered paragraphs, lists, bold words, links and citations are read") {
    const auto chapter = read(
        "\n## 2.1 The way\n\n2.1.1 For **both** children, see [2.1.2](#2.1.2). [^area-20.7]\nAnd on.\n\n"
        "2.1.2 Next:\n\n- one\n- **two**\n\n### Without a number\n");
    REQUIRE(chapter.blocks.size() == 5);
    CHECK(chapter.blocks[0].kind == ManualBlock::Kind::heading);
    CHECK(chapter.blocks[0].number == "2.1");
    CHECK(chapter.blocks[0].text == ManualText{{ManualRun::Kind::text, "The way", ""}});
    CHECK(chapter.blocks[1].number == "2.1.1");
    CHECK(chapter.blocks[1].text == ManualText{{ManualRun::Kind::text, "For ", ""},
                                               {ManualRun::Kind::strong, "both", ""},
                                               {ManualRun::Kind::text, " children, see ", ""},
                                               {ManualRun::Kind::paragraph_link, "2.1.2", "2.1.2"},
                                               {ManualRun::Kind::text, ". ", ""},
                                               {ManualRun::Kind::citation, "", "area-20.7"},
                                               {ManualRun::Kind::text, " And on.", ""}});
    CHECK(chapter.blocks[3].kind == ManualBlock::Kind::list);
    REQUIRE(chapter.blocks[3].items.size() == 2);
    CHECK(chapter.blocks[3].items[1] == ManualText{{ManualRun::Kind::strong, "two", ""}});
    CHECK(chapter.blocks[4].kind == ManualBlock::Kind::subheading);
    CHECK(chapter.paragraph("2.1.2") == &chapter.blocks[2]);
    CHECK(chapter.paragraph("2.1.9") == nullptr);
}

TEST_CASE("a fault of a chapter is told with its line in the file") {
    const std::vector<std::pair<std::string, std::string>> faults{
        {"\n2.1 See [^area-20.8].\n", "area-20.7"},
        {"\n2.1 One.\n\n2.1 Two.\n", "another"},
        {"\n3.1 Elsewhere.\n", "begin it with 2."},
        {"\n# Too high\n", "##"},
        {"\n1. numbered\n", "bulleted"},
        {"\n> quoted\n", "paragraphs"},
        {"\n<div>markup</div>\n", "paragraphs"},
        {"\n2.1 Some <b>markup</b>.\n", "plain words"},
        {"\n2.1 [Away](https://example.org).\n", "citations"},
        {"\n![image](x.png)\n", "plain words"},
        {"\n- one\n  - nested\n", "take lists"},
        {"\n2.1 not closed [^area\n", "[^key]"},
        {"\n", "below the second line"},
    };
    for (const auto& [body, mend] : faults) {
        const auto fault = refused(head + body);
        CHECK_MESSAGE(fault.mend.find(mend) != std::string::npos, body, " -> ", describe(fault));
        CHECK(fault.place.starts_with("manual/two.md"));
    }
    // 16 lines stand above the text.
    CHECK(refused(std::string(head) + "\n2.1 One.\n\n2.1 Two.\n").place == "manual/two.md:20");
}

TEST_CASE("what stands above the text is read strictly") {
    const std::string whole = std::string(head) + "\n2.1 A paragraph.\n";
    const auto with = [&](const std::string& from, const std::string& to) {
        auto text = whole;
        text.replace(text.find(from), from.size(), to);
        return refused(text);
    };
    CHECK(with("status = \"under-review\"", "status = \"old\"").place == "manual/two.md:6");
    CHECK(with("owner", "owned").place == "manual/two.md:5");
    CHECK(with("last_updated = 2026-01-31", "last_updated = \"2026-01-31\"").place == "manual/two.md:7");
    CHECK(with("review_due = 2027-01-31", "review_due = 2025-01-31").place == "manual/two.md:8");
    CHECK(with("number = \"2\"", "number = \"two\"").place == "manual/two.md:2");
    CHECK(refused("## No head\n").place == "manual/two.md:1");
    CHECK(refused("+++\nnumber = \"2\"\n").place == "manual/two.md:1");
    CHECK(refused(whole + "\xFF").reason.find("UTF-8") != std::string::npos);
}

TEST_CASE("a chapter says which of its paragraphs is for which ages, and names no paragraph that is not there") {
    const auto with = [](const std::string& stage) {
        auto text = std::string(head) + "\n2.1 A paragraph.\n";
        text.insert(text.rfind("+++"), "[[stage]]\n" + stage);
        return parse_chapter(text, "manual/two.md");
    };
    const auto chapter = with("from = 5\nto = 10\nparagraph = \"2.1\"\n");
    REQUIRE(chapter);
    CHECK(chapter->stages == std::vector<ManualStage>{{5, 10, "2.1"}});
    CHECK_FALSE(with("from = 5\nto = 10\nparagraph = \"2.2\"\n"));
    CHECK_FALSE(with("from = 5\nto = 4\nparagraph = \"2.1\"\n"));
    CHECK_FALSE(with("to = 4\nparagraph = \"2.1\"\n"));
}

TEST_CASE("a manual is in the order of its numbers, and its links lead somewhere") {
    const auto chapter = [](const std::string& number, const std::string& body) {
        auto text = head + body;
        text.replace(text.find("\"2\""), 3, "\"" + number + "\"");
        return *parse_chapter(text, "manual/c" + number + ".md");
    };
    const auto manual = Manual::of({chapter("10", "\n10.1 Last.\n"), chapter("2", "\n2.1 See [10.1](#10.1).\n")});
    REQUIRE(manual);
    CHECK(manual->chapters()[0].number == "2");
    CHECK(manual->chapter_of("10.1")->number == "10");
    CHECK(manual->chapter_of("10.2") == nullptr);
    const auto astray = Manual::of({chapter("2", "\n2.1 See [10.1](#10.1).\n")});
    REQUIRE_FALSE(astray);
    CHECK(astray.error().place == "manual/c2.md:18");
    CHECK_FALSE(Manual::of({chapter("2", "\n2.1 One.\n"), chapter("2", "\n2.2 Two.\n")}));
}

TEST_CASE("the manual that comes with the product is read whole") {
    const auto manual = load_manual(std::string(WAYMARK_SOURCE_DIR) + "/content");
    REQUIRE_MESSAGE(manual.has_value(), (manual ? "" : describe(manual.error())));
    for (const auto& chapter : manual->chapters()) {
        CHECK(chapter.status == ChapterStatus::current);
        CHECK(std::any_of(chapter.blocks.begin(), chapter.blocks.end(),
                          [](const auto& block) { return !block.number.empty(); }));
    }
    CHECK_FALSE(manual->chapters().empty());
}

TEST_CASE("whatever stands in a chapter, it is read or refused") {
    CHECK(rc::check("no text breaks the reader", [](const std::string& body) {
        const auto chapter = parse_chapter(head + body, "manual/two.md");
        RC_ASSERT(chapter.has_value() || !chapter.error().reason.empty());
    }));
}
