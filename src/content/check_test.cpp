// Values against fields, what of them a card may hold, and the structs made of the kinds.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "content/check.hpp"
#include "kinds/kinds.hpp"
#include "support/content_dir.hpp"

using namespace waymark;
using namespace waymark::content;
using testing::content_dir;

namespace {

Field field_of(std::string_view kind, std::string_view name) {
    const Result<Catalogue> kinds = load_kinds(content_dir);
    REQUIRE(kinds);
    REQUIRE(kinds->find(kind) != nullptr);
    const Field* field = kinds->find(kind)->field(name);
    REQUIRE(field != nullptr);
    return *field;
}

json::value parsed(std::string_view text) {
    return parse_json(text).value();
}
bool fits(const Field& field, std::string_view text) {
    return check_value(field, parsed(text), "body.x").has_value();
}
std::string carded(const Field& field, std::string_view text) {
    const std::optional<json::value> out = for_card(field, parsed(text));
    return out ? write_json(*out) : "nothing";
}

}  // namespace

TEST_CASE("a closed list takes its codes and answers others with the nearest") {
    const Field field = field_of("concern.raised", "about_what");
    CHECK(fits(field, R"("harmed")"));
    CHECK(fits(field, "null"));
    CHECK_FALSE(fits(field, R"("Harmed")"));
    CHECK_FALSE(fits(field, "1"));
    const Result<void> fault = check_value(field, parsed(R"("exploitatoin")"), "body.about_what");
    REQUIRE_FALSE(fault);
    CHECK(fault.error().place == "body.about_what");
    CHECK(fault.error().mend == "did you mean “exploitation”?");
}

TEST_CASE("an open list takes any wording, and keeps what is no code out of the card") {
    const Field field = field_of("strategy.held", "decision");
    CHECK(fits(field, R"("section-47")"));
    CHECK(fits(field, R"("A plan will be made")"));
    CHECK_FALSE(fits(field, "{}"));
    CHECK(carded(field, R"("section-47")") == R"("section-47")");
    CHECK(carded(field, R"("A plan will be made")") == "nothing");
    CHECK(carded(field_of("challenge.raised", "stage"), "2") == R"("2")");
}

TEST_CASE("codes may come as one or as a list") {
    const Field flags = field_of("crime.recorded", "flags");
    CHECK(fits(flags, R"(["csa","hsb"])"));
    CHECK(fits(flags, R"("hsb")"));
    CHECK(carded(flags, R"("hsb")") == R"(["hsb"])");
    const Result<void> fault = check_value(flags, parsed(R"(["csa","x"])"), "body.flags");
    REQUIRE_FALSE(fault);
    CHECK(fault.error().place == "body.flags[1]");
}

TEST_CASE("booleans, numbers and dates are what they say") {
    const Field danger = field_of("concern.raised", "immediate_danger");
    CHECK(fits(danger, "true"));
    CHECK_FALSE(fits(danger, R"("yes")"));
    const Field months = field_of("sentence.passed", "length_months");
    CHECK(fits(months, "12"));
    CHECK(fits(months, "12.0"));
    CHECK_FALSE(fits(months, "12.5"));
    const Field due = field_of("keep-apart.agreed", "review_by");
    CHECK(fits(due, R"("2026-02-28")"));
    CHECK_FALSE(fits(due, R"("2026-02-29")"));
    CHECK_FALSE(fits(due, R"("28/02/2026")"));
}

TEST_CASE("who attended is keys or objects, and names stay out of the card") {
    const Field attended = field_of("strategy.held", "attended");
    CHECK(fits(attended, R"(["csc",{"agency":"health","service":"camhs","name":"N. One","contributed":true}])"));
    CHECK_FALSE(fits(attended, R"([{"service":"camhs"}])"));
    CHECK_FALSE(fits(attended, "[1]"));
    CHECK(carded(attended, R"(["csc",{"agency":"health","service":"camhs","name":"N. One","contributed":true}])") ==
          R"(["csc",{"agency":"health","service":"camhs","contributed":true}])");
}

TEST_CASE("a plan's actions keep their ids, owners and dates in the card and their words out of it") {
    const Field actions = field_of("plan.agreed", "actions");
    const char* text = R"([{"id":"a1","text":"Meet the school","owner":"csc","due":"2026-05-01"}])";
    CHECK(fits(actions, text));
    CHECK(carded(actions, text) == R"([{"id":"a1","owner":"csc","due":"2026-05-01"}])");
    CHECK_FALSE(fits(actions, R"([{"id":"a1","due":"soon"}])"));
}

TEST_CASE("text and people never enter a card") {
    CHECK(carded(field_of("concern.raised", "summary"), R"("code")") == "nothing");
    const Field whose = field_of("concern.classified", "whose");
    CHECK(fits(whose, R"({"source":"cms","id":"1"})"));
    CHECK_FALSE(fits(whose, "[]"));
    CHECK(carded(whose, R"({"source":"cms","id":"1"})") == "nothing");
    CHECK(carded(field_of("identity.decided", "identities"),
                 R"([{"agency":"csc","source":"cms","id":"1","name":"N One"}])") ==
          R"([{"agency":"csc","source":"cms","id":"1"}])");
}

TEST_CASE("nothing with white space or quotes in it is a code") {
    CHECK(is_code("42/1234/26"));
    CHECK(is_code("19B"));
    CHECK(rc::check("white space is never part of a code", [](const std::string& left, const std::string& right) {
        RC_ASSERT_FALSE(is_code(left + " " + right));
    }));
    CHECK_FALSE(is_code(""));
    CHECK_FALSE(is_code(std::string(129, 'a')));
}

TEST_CASE("the structs made of the kinds read and write bodies") {
    kinds::ConcernRaised concern;
    concern.about_what = kinds::codes::concern_raised::about_what::displayed_behaviour;
    concern.immediate_danger = false;
    CHECK(write_canonical(concern.body()) == R"({"about_what":"displayed-behaviour","immediate_danger":false})");
    const kinds::ConcernRaised again = kinds::ConcernRaised::from(concern.body());
    CHECK(again.about_what == "displayed-behaviour");
    CHECK(again.immediate_danger == false);
    CHECK_FALSE(again.summary);
    CHECK(kinds::ConcernRaised::key == "concern.raised");
    CHECK(kinds::all_keys().size() == load_kinds(content_dir)->kinds().size());
}

TEST_CASE("a struct takes one value where a list is meant and lets what has another shape go") {
    const json::value body = parsed(R"({"flags":"hsb","reference":42,"cancelled":"no"})");
    const kinds::CrimeRecorded crime = kinds::CrimeRecorded::from(body.get_object());
    CHECK(crime.flags == std::vector<std::string>{"hsb"});
    CHECK(crime.reference == "42");
    CHECK_FALSE(crime.cancelled);
    const json::value attended = parsed(R"({"attended":["csc",{"agency":"health"}]})");
    CHECK(kinds::StrategyHeld::from(attended.get_object()).attended.size() == 2);
    CHECK(write_json(kinds::StrategyHeld::from(attended.get_object()).body()) == write_json(attended));
}
