// What two identities say of one another: levels, words, households and twins.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>

#include "base/text.hpp"
#include "people/people.hpp"
#include "people/similarity.hpp"
#include "support/people_samples.hpp"

using namespace waymark;
using namespace waymark::people;

namespace {

record::Identity living_at(record::Identity identity, const std::string& address, const std::string& postcode) {
    identity.address = address;
    identity.postcode = postcode;
    return identity;
}
Comparison compared(const record::Identity& a, const record::Identity& b) {
    return compare(features_of(a), features_of(b), testing::shipped_model());
}
Outcome outcome(const record::Identity& a, const record::Identity& b) {
    return decide(compared(a, b), testing::shipped_model());
}
std::string level(const record::Identity& a, const record::Identity& b, Aspect aspect) {
    for (const auto& each : compared(a, b).evidence) {
        if (each.aspect == aspect) return each.level;
    }
    return {};
}
std::string given(const std::string& a, const std::string& b) {
    return level(testing::child_named(a, "Hart"), testing::child_named(b, "Hart"), Aspect::given_name);
}
std::string family(const std::string& a, const std::string& b) {
    return level(testing::child_named("Noor", a), testing::child_named("Noor", b), Aspect::family_name);
}
std::string born(const std::string& a, const std::string& b) {
    return level(testing::child_named("Noor", "Hart", a), testing::child_named("Noor", "Hart", b),
                 Aspect::date_of_birth);
}

const std::string home = "12 Mill Lane\nNorthbay";
const std::string home_postcode = "NB4 7QT";

}  // namespace

TEST_CASE("given names are told apart only after every innocent reason was looked for") {
    CHECK(given("Joshua", "joshua") == "same");
    CHECK(given("Zoë", "Zoe") == "same");
    CHECK(given("Mary", "Mary Jane") == "part");
    CHECK(given("Joshua", "Josh") == "nickname");
    CHECK(given("Elizabeth", "Betty") == "nickname");
    CHECK(given("Betty", "Liz") == "nickname");
    CHECK(given("Mohammed", "Muhammad") == "nickname");
    CHECK(given("Anne-Marie", "Annemarie") == "part");
    CHECK(given("Mary-Jane", "Jane") == "part");
    CHECK(given("J", "Joshua") == "initial");
    CHECK(given("Jayden", "Jaydan") == "one-letter");
    CHECK(given("Jaydne", "Jayden") == "one-letter");
    CHECK(given("Mohammed Ali", "Mohammed Hassan") == "first-only");
    CHECK(given("Mohammed Ali", "Mohammed Adi") == "first-only");
    CHECK(given("Anna Maria", "Anna Marai") == "one-letter");
    CHECK(given("Georgia", "George") == "similar-common");
    CHECK(given("Martin", "Damian") == "different");
    CHECK(given("Joseph", "Josephine") != "nickname");
    CHECK(given("", "Damian") == "missing");
    CHECK(given("Baby", "Damian") == "missing");
    auto known_as = testing::child_named("Marie", "Hart");
    auto registered = testing::child_named("Olivia", "Hart");
    registered.other_names = {"Olivia Marie"};
    CHECK(level(known_as, registered, Aspect::given_name) == "other-name");
}

TEST_CASE("family names agree through parts, slips, sounds and earlier names") {
    CHECK(family("O'Connor", "OConnor") == "same");
    CHECK(family("de la Cruz", "Delacruz") == "same");
    CHECK(family("Smith-Jones", "Jones") == "part");
    CHECK(family("Thomson", "Thompson") == "variant");
    CHECK(family("Ashworth", "Ashwoth") == "one-letter");
    CHECK(family("Hart", "Wolfe") == "different");
    auto before = testing::child_named("Noor", "Wolfe");
    auto after = testing::child_named("Noor", "Hart");
    after.other_names = {"Wolfe"};
    CHECK(level(before, after, Aspect::family_name) == "other-name");
    CHECK(level(testing::child_named("Hart", "Noor"), testing::child_named("Noor", "Hart"), Aspect::family_name) ==
          "swapped");
}

TEST_CASE("dates of birth agree through slips and halves") {
    CHECK(born("2014-03-25", "2014-03-25") == "same");
    CHECK(born("2014-03-05", "2014-05-03") == "swapped-day-month");
    CHECK(born("2014-03-25", "2014-03-26") == "next-day");
    CHECK(born("2014-04-30", "2014-05-01") == "next-day");
    CHECK(born("2014-03-25", "2014-03-15") == "one-digit");
    CHECK(born("2014-03-25", "2004-03-25") == "same-day-of-year");
    CHECK(born("2014-03-25", "2015-03-25") == "next-year");
    CHECK(born("2014-03-25", "2014-03-01") == "first-of-month");
    CHECK(born("2014-03-25", "2014-04-02") == "same-year");
    CHECK(born("2014-03-25", "2014-03-04") == "same-month");
    CHECK(born("2014-03-25", "2014-11-25") == "same-day-and-year");
    CHECK(born("2014-03-25", "2009-03-25") == "same-day-of-year");
    CHECK(born("2014-03-25", "2014-01-01") == "year-only");
    CHECK(born("2014-03-25", "2009-11-02") == "different");
    CHECK(born("2014-03-25", "") == "missing");
}

TEST_CASE("a date known in part is compared as far as it is known") {
    auto exact = testing::child_named("Noor", "Hart");
    auto month = testing::child_named("Noor", "Hart", "2014-03-01");
    month.dob_accuracy = "UAA";
    auto year = testing::child_named("Noor", "Hart", "2014-07-01");
    year.dob_accuracy = "UUA";
    CHECK(level(exact, month, Aspect::date_of_birth) == "partial-month");
    CHECK(level(exact, year, Aspect::date_of_birth) == "partial-year");
    CHECK(compared(exact, month).weight > compared(exact, year).weight);
    CHECK(compared(exact, exact).weight > compared(exact, month).weight);
}

TEST_CASE("an expected date meets the birth date within weeks") {
    auto expected = testing::child_named("Unborn", "Hart", "");
    expected.expected_date_of_birth = parse_date("2014-04-05").value();
    CHECK(level(expected, testing::child_named("Noor", "Hart"), Aspect::date_of_birth) == "expected-near");
    CHECK(level(expected, testing::child_named("Noor", "Hart", "2014-02-10"), Aspect::date_of_birth) == "expected-far");
    CHECK(level(expected, testing::child_named("Noor", "Hart", "2013-02-10"), Aspect::date_of_birth) == "different");
}

TEST_CASE("a postcode says less the wider the place") {
    const auto at = [](const char* code) { return living_at(testing::child_named("Noor", "Hart"), "", code); };
    CHECK(level(at("NB4 7QT"), at("nb47qt"), Aspect::postcode) == "same");
    CHECK(level(at("NB4 7QT"), at("NB4 7XY"), Aspect::postcode) == "sector");
    CHECK(level(at("NB4 7QT"), at("NB4 2XY"), Aspect::postcode) == "district");
    CHECK(level(at("NB4 7QT"), at("NB4"), Aspect::postcode) == "district");
    CHECK(level(at("NB4 7QT"), at("XY1 1AA"), Aspect::postcode) == "different");
    CHECK(compared(at("NB4 7QT"), at("XY1 1AA")).weight > compared(at("NB4 7QT"), at("NB4 7QT")).weight - 20);
}

TEST_CASE("what is missing says nothing") {
    const auto full = living_at(testing::child_named("Noor", "Hart"), home, home_postcode);
    const auto bare = testing::child_named("Noor", "Hart");
    for (const auto& each : compared(full, bare).evidence) {
        if (each.level == "missing") CHECK(each.weight == 0);
    }
    CHECK(compared(full, bare).weight == doctest::Approx(compared(bare, bare).weight));
}

TEST_CASE("the evidence adds up to the weight and never holds a value") {
    CHECK(rc::check("evidence adds up", [] {
        const auto some = [](std::initializer_list<const char*> of) {
            return std::string(*rc::gen::elementOf(std::vector<const char*>(of)));
        };
        const auto made = [&] {
            auto identity = living_at(testing::child_named(some({"Quentin", "Quint", "", "Zephyr", "Q"}),
                                                           some({"Vandermeer", "Vandermere", "", "Okonkwo"}),
                                                           some({"2014-03-25", "2014-03-26", "", "2011-11-02"})),
                                      some({"12 Mill Lane", "", "9 Orchard Way"}), some({"NB4 7QT", "NB4 7QX", ""}));
            identity.nhs_number = some({"9434765919", ""});
            identity.sex = some({"Female", "Male", ""});
            return identity;
        };
        const auto comparison = compared(made(), made());
        double sum = testing::shipped_model().prior;
        for (const auto& each : comparison.evidence) {
            sum += each.weight;
            for (const char* value : {"Quent", "Zephyr", "Vander", "Okonkwo", "2014", "Mill", "NB4", "94347"}) {
                RC_ASSERT(to_lower_ascii(each.words).find(to_lower_ascii(value)) == std::string::npos);
            }
        }
        RC_ASSERT(std::abs(sum - comparison.weight) < 1e-6);
        RC_ASSERT(std::abs(comparison.probability - 1 / (1 + std::exp2(-comparison.weight))) < 1e-9);
    }));
}

TEST_CASE("comparing is symmetric, and weighing agrees with deciding") {
    CHECK(rc::check("symmetric", [] {
        const auto some = [](std::initializer_list<const char*> of) {
            return std::string(*rc::gen::elementOf(std::vector<const char*>(of)));
        };
        const auto made = [&] {
            auto identity =
                living_at(testing::child_named(some({"Ella", "Ellie May", "Josh", "Joshua", "", "Khan", "J"}),
                                               some({"Khan", "Kahn-Smith", "Smith", "", "Joshua"}),
                                               some({"2014-03-05", "2014-05-03", "", "2014-03-06", "2011-11-02"})),
                          some({home.c_str(), ""}), some({"NB4 7QT", "NB4 7QX", ""}));
            identity.nhs_number = some({"9434765919", "", "4010232137"});
            identity.sex = some({"F", "M", ""});
            return features_of(identity);
        };
        const auto a = made();
        const auto b = made();
        const Comparer comparer(testing::shipped_model());
        const auto there = comparer.weigh(a, b);
        const auto back = comparer.weigh(b, a);
        RC_ASSERT(std::abs(there.weight - back.weight) < 1e-9);
        RC_ASSERT(there.outcome == back.outcome);
        RC_ASSERT(there.outcome == decide(comparer.compare(a, b), testing::shipped_model()));
    }));
}

TEST_CASE("twins are offered and never linked, however much else agrees") {
    auto a = living_at(testing::child_named("Martin", "Taylor"), home, home_postcode);
    auto b = living_at(testing::child_named("Damian", "Taylor"), home, home_postcode);
    CHECK(compared(a, b).twin_or_sibling);
    CHECK(outcome(a, b) == Outcome::review);
    a.phone = b.phone = "0161 496 0000";
    a.email = b.email = "home@example.org";
    a.upn = b.upn = "X012345678901";  // one twin's number written to the other
    CHECK(outcome(a, b) == Outcome::review);
}

TEST_CASE("a sibling with another birth date is neither linked nor offered") {
    const auto a = living_at(testing::child_named("Martin", "Vandermeer", "2014-03-25"), home, home_postcode);
    const auto b = living_at(testing::child_named("Ottilie", "Vandermeer", "2011-10-02"), home, home_postcode);
    CHECK(compared(a, b).twin_or_sibling);
    CHECK(outcome(a, b) == Outcome::not_linked);
}

TEST_CASE("father and son of one name in one house are not linked") {
    const auto son = living_at(testing::child_named("Ambrose", "Vandermeer", "2014-03-25"), home, home_postcode);
    const auto father = living_at(testing::child_named("Ambrose", "Vandermeer", "1986-10-12"), home, home_postcode);
    CHECK(outcome(son, father) != Outcome::linked);
}

TEST_CASE("without a given name a twin cannot be ruled out, so a household and a birth date do not link") {
    const auto baby = living_at(testing::child_named("Baby", "Vandermeer"), home, home_postcode);
    const auto named = living_at(testing::child_named("Ottilie", "Vandermeer"), home, home_postcode);
    CHECK(outcome(baby, named) == Outcome::review);
}

TEST_CASE("two different valid NHS numbers contradict a link") {
    auto a = living_at(testing::child_named("Ottilie", "Vandermeer"), home, home_postcode);
    auto b = a;
    CHECK(outcome(a, b) == Outcome::linked);
    a.nhs_number = "9434765919";
    b.nhs_number = "4010232137";
    CHECK(compared(a, b).contradicted);
    CHECK(outcome(a, b) == Outcome::review);
    b.nhs_number = "4010232138";  // fails its check digit: as good as missing
    CHECK_FALSE(compared(a, b).contradicted);
    CHECK(outcome(a, b) == Outcome::linked);
}

TEST_CASE("a pupil in a census with no name is linked by number and birth date together") {
    auto census = testing::child_named("", "", "2014-03-25");
    census.upn = "X012345678901";
    auto school = testing::child_named("Ottilie", "Vandermeer", "2014-03-25");
    school.upn = "X012345678901";
    CHECK(outcome(census, school) == Outcome::linked);
    census.date_of_birth.reset();
    CHECK(outcome(census, school) == Outcome::review);
}

TEST_CASE("a number of one authority says nothing of another's") {
    auto a = testing::child_named("Ottilie", "Vandermeer");
    auto b = testing::child_named("Ottilie", "Vandermeer");
    a.la_child_id = b.la_child_id = "55";
    b.source = "mosaic";
    CHECK(level(a, b, Aspect::la_child_id) == "missing");
    b.source = a.source;
    CHECK(level(a, b, Aspect::la_child_id) == "same");
}

TEST_CASE("a rare name says more than a common one") {
    const auto rare =
        compared(testing::child_named("Ottilie", "Vandermeer"), testing::child_named("Ottilie", "Vandermeer"));
    const auto common = compared(testing::child_named("Jack", "Smith"), testing::child_named("Jack", "Smith"));
    CHECK(rare.weight > common.weight + 6);
    CHECK(outcome(testing::child_named("Jack", "Smith"), testing::child_named("Jack", "Smith")) != Outcome::not_linked);
}

TEST_CASE("a protected address leaves no feature") {
    auto hidden = living_at(testing::child_named("Ottilie", "Vandermeer"), home, home_postcode);
    hidden.address_protected = true;
    const auto features = features_of(hidden);
    CHECK(features.address.empty());
    CHECK(features.postcode.empty());
    const TokenKey key{1};
    CHECK(tokens_of(features, key) == tokens_of(features_of(testing::child_named("Ottilie", "Vandermeer")), key));
}

TEST_CASE("Jaro-Winkler and the distance are what their authors say") {
    CHECK(jaro_winkler("MARTHA", "MARHTA") == doctest::Approx(0.9611).epsilon(0.0001));  // Winkler's own examples
    CHECK(jaro_winkler("DWAYNE", "DUANE") == doctest::Approx(0.84).epsilon(0.0001));
    CHECK(jaro_winkler("DIXON", "DICKSONX") == doctest::Approx(0.8133).epsilon(0.0001));
    CHECK(jaro_winkler("", "A") == 0);
    CHECK(edits("AB", "BA", 2) == 1);
    CHECK(edits("ABC", "AC", 2) == 1);
    CHECK(edits("ABC", "ADC", 2) == 1);
    CHECK(edits("ABC", "ABC", 2) == 0);
    CHECK(edits("ABCD", "BADC", 1) == 2);
}
