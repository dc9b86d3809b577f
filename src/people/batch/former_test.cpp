// Postcodes that a person had before: in a column of a file, in blocking and in the weight.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "people/batch/batch_test.hpp"
#include "support/children.hpp"

using namespace waymark;
using namespace waymark::people;
using namespace waymark::people::batch;
using namespace waymark::people::batch::testing;

namespace {

// A register of children, so that there is something to learn from, and `rows` behind it.
TablePtr register_with(const std::string& rows, const Options& options = {}) {
    std::string text = "id,given_name,family_name,date_of_birth,postcode,former_postcode\n";
    waymark::testing::Children(5).write(3000, [&](const std::string& row) {
        std::vector<std::string> cells(1);
        for (const char c : row) {
            if (c == ',') {
                cells.emplace_back();
            } else if (c != '\n' && c != '\r') {
                cells.back() += c;
            }
        }
        // id, person, household, given, family, born, sex, postcode
        text += cells[0] + "," + cells[3] + "," + cells[4] + "," + cells[5] + "," + cells[7] + ",\n";
    });
    return read_text(text + rows, options).value();
}

std::uint32_t at(const Table& table, const std::string& id) {
    std::uint32_t i = 0;
    while (id_of(table, i) != id) ++i;
    return i;
}

const ExampleEvidence& about(const Example& example, const std::string& field) {
    return *std::find_if(example.evidence.begin(), example.evidence.end(),
                         [&](const auto& each) { return each.field == field; });
}

struct Told {
    std::string level;
    std::string words;
    double weight;
    float pair;
};
Told told_of(const std::string& one, const std::string& other, const std::string& born = "2014-03-25",
             const LinkageModel* model = nullptr) {
    const auto table = register_with("x,Ottilie,Vandermeer," + born + "," + one + "\ny,Ottilie,Vandermeer," + born +
                                     "," + other + "\n");
    Options options;
    options.model = model;
    const auto found = dedupe(table, options).value();
    const auto example =
        explain_pairs(table, table, {{at(*table, "x"), at(*table, "y")}}, found.model, options).value().front();
    const auto& postcode = about(example, "postcode");
    return {postcode.level, postcode.words, postcode.weight, example.pair.weight};
}

}  // namespace

TEST_CASE(
    "a former postcode that is the other's postcode speaks for the pair, less than the same and more than a near one") {
    const auto same = told_of("NB4 7QT,", "NB4 7QT,");
    const auto former = told_of("NB4 7QT,", "LS1 4AP,NB4 7QT");
    const auto sector = told_of("NB4 7QT,", "NB4 7AA,");
    CHECK(former.level == "former");
    CHECK(former.words.find("former postcode") != std::string::npos);
    CHECK(same.weight > former.weight);
    CHECK(former.weight > sector.weight);
    CHECK(former.weight > 3);

    const auto model = dedupe(register_with(""), {}).value().model;
    const auto pair = [&](const std::string& other) { return told_of("NB4 7QT,", other, "", &model).pair; };
    CHECK(pair("LS1 4AP,NB4 7QT") > pair("LS1 4AP,") + 3);
    CHECK(pair("NB4 7QT,") > pair("LS1 4AP,NB4 7QT"));
}

TEST_CASE("former postcodes of both sides, of one of several and of a side without one of now are seen") {
    CHECK(told_of("NB4 7QT,LS2 9JT", "LS1 4AP,LS2 9JT").level == "former");
    CHECK(told_of("NB4 7QT,", "LS1 4AP,BS1 1AA; nb47qt").level == "former");
    CHECK(told_of("NB4 7QT,", "LS1 4AP,BS1 1AA|NB4 7QT").level == "former");
    CHECK(told_of("NB4 7QT,", ",NB4 7QT").level == "former");
    CHECK(told_of("NB4 7QT,NB4 7QT", "NB4 7QT,").level == "same");
    CHECK(told_of("NB4 7QT,BS1 1AA", "LS1 4AP,LS2 9JT").level == "different");
}

TEST_CASE("a pair is found by the former postcode where nothing else of it is a key") {
    // Another birth date altogether and another family name: only given name and home are left.
    const auto rows = [](const std::string& former) {
        return "x,Ottilie,Vandermeer,2014-03-25,NB4 7QT,\ny,Ottilie,Achterberg,2011-11-02,LS1 4AP," + former + "\n";
    };
    const auto scored = [&](const std::string& former) {
        const auto found = dedupe(register_with(rows(former)), {}).value();
        std::uint64_t by_former = 0;
        for (const auto& rule : found.rules) {
            if (rule.name.find("now or before") != std::string::npos) by_former += rule.scored;
        }
        return by_former;
    };
    CHECK(scored("NB4 7QT") == 1);
    CHECK(scored("BS1 1AA; NB4 7QT") == 1);
    CHECK(scored("") == 0);
}

TEST_CASE("a pair that meets under several postcodes is compared once") {
    const auto table = register_with(
        "x,Ottilie,Vandermeer,2014-03-25,NB4 7QT,LS1 4AP; BS1 1AA\ny,Ottilie,Achterberg,2011-11-02,LS1 4AP,NB4 7QT; "
        "BS1 1AA\n");
    const auto found = dedupe(table, {}).value();
    std::uint64_t scored = 0;
    for (const auto& rule : found.rules) {
        if (rule.name.find("now or before") != std::string::npos) scored += rule.scored;
    }
    CHECK(scored == 1);
    const auto x = at(*table, "x");
    const auto y = at(*table, "y");
    CHECK(std::count_if(found.pairs.begin(), found.pairs.end(), [&](const Pair& pair) {
              return std::min(pair.l, pair.r) == std::min(x, y) && std::max(pair.l, pair.r) == std::max(x, y);
          }) <= 1);
}

TEST_CASE("two files are linked by a former postcode that one of them alone has a column of") {
    Options options;
    const auto left = register_with("x,Ottilie,Vandermeer,2014-03-25,NB4 7QT,\n");
    const auto right = read_text(
        "id,given_name,family_name,date_of_birth,postcode,previous_postcode\n"
        "y,Ottilie,Vandermeer,2014-03-25,LS1 4AP,NB4 7QT\n");
    REQUIRE(right.has_value());
    const auto found = link(left, *right, options).value();
    const auto example = explain_pairs(left, *right, {{at(*left, "x"), 0}}, found.model, options).value().front();
    CHECK(about(example, "postcode").level == "former");
    const auto back = link(*right, left, options).value();
    CHECK(explain_pairs(*right, left, {{0, at(*left, "x")}}, back.model, options).value().front().pair.weight ==
          doctest::Approx(example.pair.weight).epsilon(0.2));
}

TEST_CASE("a file without former postcodes weighs as it did, and its model serves one that has them") {
    const auto rows = "x,Ottilie,Vandermeer,2014-03-25,NB4 7QT,\ny,Ottilie,Vandermeer,2014-03-25,LS1 4AP,";
    Options options;
    options.leave_out = {"former_postcode"};
    const auto without = register_with(std::string(rows) + "\n", options);
    REQUIRE(columns_of(*without).size() == 4);
    const auto model = dedupe(without, options).value().model;
    Options kept;
    kept.model = &model;
    const auto with = register_with(std::string(rows) + "NB4 7QT\n");
    const auto plain = explain_pairs(without, without, {{at(*without, "x"), at(*without, "y")}}, model, kept).value();
    const auto found = explain_pairs(with, with, {{at(*with, "x"), at(*with, "y")}}, model, kept).value();
    CHECK(about(plain.front(), "postcode").level == "different");
    CHECK(about(found.front(), "postcode").level == "former");
    CHECK(found.front().pair.weight > plain.front().pair.weight);
}

TEST_CASE("cells of former postcodes keep what is a postcode, in a district that is no more as well") {
    const auto table = read_text(
        "id,given_name,postcode,former_postcode,old_postcode\n"
        "1,Ada,NB4 7QT,nb4 2aa; nonsense ;,ZZ9 9ZZ\n2,Bea,NB4 7QX,,\n3,Cy,NB4 7QX,NB4 7QT;NB4 7QT|LS1 4AP,\n");
    REQUIRE(table.has_value());
    const auto columns = columns_of(**table);
    REQUIRE(columns.back().kind == Kind::former_postcode);
    CHECK(columns.back().header == "former_postcode, old_postcode");
    const auto column = columns.size() - 1;
    CHECK(value_of(**table, 0, column) == "NB42AA");
    CHECK(value_of(**table, 1, column).empty());
    CHECK(value_of(**table, 2, column) == "NB47QT; LS14AP");
    CHECK(shown_value_of(**table, 2, 1) == "NB47QX (before: NB47QT; LS14AP)");
}

TEST_CASE(
    "former postcodes without a column of postcodes are refused where they are named, and left out where guessed") {
    Options options;
    options.columns = uses({{"old", Kind::former_postcode}, {"given_name", Kind::given_name}});
    const auto refused = read_text("id,given_name,old\n1,Ada,NB4 7QT\n", options);
    REQUIRE(!refused.has_value());
    CHECK(refused.error().mend == "say which column holds them, as in postcode=home_postcode");
    const auto guessed = read_text("id,given_name,former_postcode\n1,Ada,NB4 7QT\n");
    REQUIRE(guessed.has_value());
    CHECK(columns_of(**guessed).size() == 1);
}

TEST_CASE("the same row again but for its former postcodes says something else") {
    Options options;
    options.first_of_repeated = true;
    const std::string header = "id,given_name,postcode,former_postcode\n1,Ada,NB4 7QT,NB4 2AA\n";
    CHECK(rows_of(*read_text(header + "1,Ada,NB4 7QT,nb42aa\n2,Bea,LS1 4AP,\n", options).value()).repeated == 1);
    const auto other = read_text(header + "1,Ada,NB4 7QT,LS1 4AP\n2,Bea,LS1 4AP,NB4 2AA\n", options).value();
    CHECK(rows_of(*other).refused == 1);
    CHECK(value_of(*other, 1, 2) == "NB42AA");
}
