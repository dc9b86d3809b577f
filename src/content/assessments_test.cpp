// Templates of assessments: those that are shipped are whole, and what is wrong is refused with its place.
#include "content/assessments.hpp"

#include <doctest/doctest.h>

#include "content/content.hpp"

using namespace waymark;
using namespace waymark::content;

namespace {

const std::string whole = R"(key = "a"
title = "A"
version = "1"
source = "ours"
[[section]]
id = "one"
title = "One"
asks = ["health"]
[[section.question]]
id = "q"
label = "What?"
)";

std::string wrong(const std::string& text) {
    const auto read = parse_assessment(text, "a.toml");
    if (read) return "taken";
    return read.error().reason.empty() ? "no reason" : read.error().place;
}
std::string with(std::string text, const std::string& what, const std::string& other) {
    return text.replace(text.find(what), what.size(), other);
}

}  // namespace

TEST_CASE("the shipped templates are read, each is in the vocabulary, and both ask for strengths and needs") {
    const std::string dir = std::string(WAYMARK_SOURCE_DIR) + "/content";
    const auto all = load_assessments(dir);
    REQUIRE_MESSAGE(all.has_value(), (all ? std::string() : describe(all.error())));
    CHECK(all->size() == 2);
    const auto vocabulary = load_vocabulary(dir, "assessment-template").value();
    for (const auto& one : *all) {
        CHECK_MESSAGE(vocabulary.has(one.key), one.key);
        for (const auto& section : one.sections) {
            for (const char* about : {"strengths", "needs"}) {
                bool found = false;
                for (const auto& question : section.questions) found = found || question.about == about;
                CHECK_MESSAGE(found, one.key << ' ' << section.id << ' ' << about);
            }
        }
    }
    CHECK(all->back().section("family") != nullptr);
    CHECK(all->back().section("nowhere") == nullptr);
}

TEST_CASE("what is wrong in a template is refused with its line and a mend") {
    CHECK(wrong(whole) == "taken");
    CHECK(wrong(with(whole, "asks = [\"health\"]", "asks = [\"healt\"]")) == "a.toml:8");
    CHECK(wrong(with(whole, "title = \"One\"", "titel = \"One\"")) == "a.toml:7");
    CHECK(wrong(with(whole, "label = \"What?\"", "label = \"What?\"\nabout = \"wishes\"")) == "a.toml:12");
    CHECK(wrong(whole + "[[section.question]]\nid = \"q\"\nlabel = \"Again\"\n") == "a.toml:13");
    CHECK(wrong(with(whole, "id = \"q\"", "id = \"../q\"")) == "a.toml:10");
    CHECK(wrong("key = \"a\"\ntitle = \"A\"\nversion = \"1\"\nsource = \"x\"\n") != "taken");
    CHECK(wrong("key = ") != "taken");
}
