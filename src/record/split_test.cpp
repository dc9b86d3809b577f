#include <doctest/doctest.h>

#include "support/record_samples.hpp"

using namespace waymark;
using namespace waymark::record;
using namespace waymark::testing;

namespace {

Subject subject(Involvement involvement, const std::string& id, const std::string& given, const std::string& family) {
    return {set_of(involvement), sample_identity(id, given, family), std::nullopt};
}

Draft of_two_children() {
    auto draft = sample_concern("e-1", "A");
    draft.subjects = {subject(Involvement::displayed, "A", "Alma", "Reyes"),
                      subject(Involvement::parent, "P", "Petra", "Reyes"),
                      subject(Involvement::affected, "B", "Bo", "Lindström")};
    return draft;
}

std::vector<std::string> withheld(const Draft& draft) {
    std::vector<std::string> fields;
    const auto* list = find(draft.body, "withheld");
    if (list == nullptr) return fields;
    for (const auto& field : list->as_array()) fields.emplace_back(field.as_string());
    return fields;
}

}  // namespace

TEST_CASE("An entry about one child stays as it is") {
    const auto drafts = split_by_child(sample_concern("e-1", "A"), "i");
    REQUIRE(drafts.size() == 1);
    CHECK(drafts[0].incident.empty());
    CHECK(content_digest(drafts[0]) == content_digest(sample_concern("e-1", "A")));
}

TEST_CASE("An entry about nobody, or about adults only, stays as it is") {
    auto draft = sample_concern("e-1", "A");
    draft.subjects.clear();
    CHECK(split_by_child(draft, "i").size() == 1);
    draft.subjects = {subject(Involvement::parent, "P", "Petra", "Reyes"),
                      subject(Involvement::carer, "Q", "Quin", "Reyes")};
    CHECK(split_by_child(draft, "i").size() == 1);
}

TEST_CASE("An entry about two children becomes one for each, tied by the incident, and adults go with each") {
    const auto drafts = split_by_child(of_two_children(), "i-9");
    REQUIRE(drafts.size() == 2);
    CHECK(drafts[0].id == "e-1");
    CHECK(drafts[1].id == "e-1/2");
    for (const auto& draft : drafts) {
        CHECK(draft.incident == "i-9");
        REQUIRE(draft.subjects.size() == 2);
        CHECK(draft.subjects[1].identity->id == "P");
    }
    CHECK(drafts[0].subjects[0].identity->id == "A");
    CHECK(drafts[1].subjects[0].identity->id == "B");
}

TEST_CASE("No entry of one child carries the identity of another") {
    auto draft = of_two_children();
    draft.subjects.push_back(subject(Involvement::witness, "C", "Cas", "Moor"));
    draft.subjects.push_back(subject(Involvement::sibling, "D", "Dot", "Reyes"));
    draft.subjects.push_back(subject(Involvement::peer, "E", "Eli", "Moor"));
    const auto drafts = split_by_child(draft, "i");
    REQUIRE(drafts.size() == 5);
    for (const auto& one : drafts) {
        int children = 0;
        for (const auto& s : one.subjects) children += (s.involvement & children_involvements) != 0 ? 1 : 0;
        CHECK(children == 1);
    }
    CHECK(drafts[4].id == "e-1/5");
}

TEST_CASE("A source's own incident key is kept") {
    auto draft = of_two_children();
    draft.incident = "their-own";
    for (const auto& one : split_by_child(draft, "i")) CHECK(one.incident == "their-own");
}

TEST_CASE("A draft without an id stays without one") {
    auto draft = of_two_children();
    draft.id.clear();
    for (const auto& one : split_by_child(draft, "i")) CHECK(one.id.empty());
}

TEST_CASE("A child who is named twice is one child") {
    auto draft = of_two_children();
    draft.subjects = {subject(Involvement::displayed, "A", "Alma", "Reyes"),
                      subject(Involvement::affected, "A", "Alma", "Reyes")};
    const auto drafts = split_by_child(draft, "i");
    REQUIRE(drafts.size() == 1);
    CHECK(drafts[0].subjects.size() == 2);
}

TEST_CASE("A text that names another child is withheld, and kept") {
    auto draft = of_two_children();
    draft.subjects[2].identity->given_name = "Bodil";
    draft.body["summary"] = "Seen with Bodil.";
    const auto drafts = split_by_child(draft, "i");
    CHECK(withheld(drafts[0]) == std::vector<std::string>{"summary"});
    CHECK(drafts[0].body.at("summary") == "Seen with Bodil.");
    CHECK(withheld(drafts[1]).empty());
}

TEST_CASE("Names are found whatever their case, diacritics and punctuation, as whole words only") {
    const auto names_another = [](std::string_view text) {
        auto draft = of_two_children();
        draft.body["summary"] = json::string(text.data(), text.size());
        return !withheld(split_by_child(draft, "i")[0]).empty();
    };
    CHECK(names_another("LINDSTROM was there"));
    CHECK(names_another("with lindström."));
    CHECK(names_another("Lindstr\x6f\xcc\x88m\xe2\x80\x99s house"));  // decomposed, typographic apostrophe
    CHECK(names_another("(Lindström)"));
    CHECK(names_another("\xC2\xABLindstr\xC3\xB6m\xC2\xBB"));
    CHECK_FALSE(names_another("Lindströmberg"));
    CHECK_FALSE(names_another("Bo"));     // two letters are too many words' part
    CHECK_FALSE(names_another("Petra"));  // an adult
    CHECK_FALSE(names_another("Alma"));   // the child herself
}

TEST_CASE("A part of a name of several words is enough") {
    auto draft = of_two_children();
    draft.subjects[2].identity->family_name = "O'Brien-de la Cruz";
    for (const auto* text : {"Brien", "Cruz"}) {
        draft.body["summary"] = text;
        CHECK(withheld(split_by_child(draft, "i")[0]) == std::vector<std::string>{"summary"});
    }
}

TEST_CASE("Texts inside lists and objects are withheld with their field, and fields that were withheld stay so") {
    auto draft = of_two_children();
    draft.body["actions"] = json::array{json::object{{"id", "1"}, {"text", "Tell Lindstrom"}}};
    draft.body["withheld"] = json::array{"other"};
    CHECK(withheld(split_by_child(draft, "i")[0]) == std::vector<std::string>{"actions", "other"});
}

TEST_CASE("A split entry that comes back from an export is not split again") {
    for (const auto& one : split_by_child(of_two_children(), "i")) {
        const auto again = split_by_child(one, "j");
        REQUIRE(again.size() == 1);
        CHECK(content_digest(again[0]) == content_digest(one));
    }
}
