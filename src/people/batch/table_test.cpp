#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <sstream>

#include "base/csv.hpp"
#include "people/batch/batch_test.hpp"
#include "people/batch/rows.hpp"

using namespace waymark;
using namespace waymark::people::batch;
using namespace waymark::people::batch::testing;

namespace {

std::vector<std::vector<std::string>> rows_of(const std::string& text, std::size_t block_bytes) {
    std::istringstream in(text);
    Blocks blocks(in, block_bytes);
    Block block;
    std::vector<std::vector<std::string>> out;
    while (blocks.next(block)) {
        if (block.problem.reason != nullptr) {
            out.push_back({"problem"});
            continue;
        }
        Rows rows(block);
        Row row;
        while (rows.next(row)) {
            if (row.problem.reason != nullptr)
                out.push_back({"problem"});
            else
                out.emplace_back(row.fields.begin(), row.fields.end());
        }
    }
    return out;
}

std::vector<std::vector<std::string>> rows_of_base(const std::string& text) {
    std::istringstream in(text);
    CsvReader reader(in);
    std::vector<std::vector<std::string>> out;
    for (;;) {
        auto row = reader.next();
        if (!row) {
            out.push_back({"problem"});
        } else if (!*row) {
            return out;
        } else {
            out.push_back(std::move((*row)->fields));
        }
    }
}

const std::string header = "id,given_name,family_name,date_of_birth,sex,postcode\n";

}  // namespace

TEST_CASE("rows are those that the base reader reads, whatever the size of the blocks") {
    CHECK(rc::check("fast rows equal plain rows", [] {
        const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
            "a", ",", "\"", "\"\"", "\n", "\r\n", "\r", "b,c", "\"x,y\"", "\"l\nm\"", "\xc3\xa9", "\xff", " "));
        std::string text;
        for (const auto& piece : pieces) text += piece;
        const auto block = *rc::gen::element<std::size_t>(1, 2, 3, 7, 64, 4096);
        RC_ASSERT(rows_of(text, block) == rows_of_base(text));
    }));
}

TEST_CASE("an empty file is refused") {
    for (const char* text : {"", "\n\n", "\xEF\xBB\xBF"}) {
        const auto table = read_text(text);
        REQUIRE_FALSE(table);
        CHECK(table.error().reason == "the file is empty");
        CHECK_FALSE(table.error().mend.empty());
    }
}

TEST_CASE("a header without rows is a table without records, and links nothing") {
    const auto table = read_text(header);
    REQUIRE(table);
    CHECK(records(**table) == 0);
    const auto found = dedupe(*table, {});
    REQUIRE(found);
    CHECK(found->pairs.empty());
}

TEST_CASE("a column that is missing is refused with its name and the nearest one") {
    Options options;
    options.columns = uses({{"id", Kind::id}, {"givenname", Kind::given_name}});
    const auto table = read_text(header, options);
    REQUIRE_FALSE(table);
    CHECK(table.error().place == "t.csv:1");
    CHECK(table.error().reason == "there is no column called givenname");
    CHECK(table.error().mend == "perhaps given_name is meant");
}

TEST_CASE("a file without a column that can be compared is refused") {
    CHECK_FALSE(read_text("id,colour\n1,red\n"));
}

TEST_CASE("a repeated id is refused with both lines") {
    const auto table = read_text(header + "7,a,b,,,\n8,a,b,,,\n7,c,d,,,\n");
    REQUIRE_FALSE(table);
    CHECK(table.error().place == "t.csv:4");
    CHECK(table.error().reason == "the id of this row stands on line 2 too");
}

TEST_CASE("a row that cannot be read is left out with its place, and the rest is taken") {
    const auto table = read_text(header + "1,a,b,,,\n2,a,b\n3,a,\xff,,,\n4,a,b,,,\n");
    REQUIRE(table);
    CHECK(records(**table) == 2);
    const auto found = dedupe(*table, {});
    REQUIRE(found);
    REQUIRE(found->notices.size() == 2);
    CHECK(found->notices[0].fault.place == "t.csv:3");
    CHECK(found->notices[1].fault.place == "t.csv:4");
    CHECK(found->notices[1].fault.reason == "the row is not well-formed UTF-8");
}

TEST_CASE("a field longer than the limit costs its row alone, and not the memory") {
    std::string text = header + "1,a,b,,,\n2,";
    text.append(20u << 20, 'x');
    text += ",b,,,\n3,a,b,,,\n4,\"";
    text.append(12u << 20, 'y');
    text += "\n5,a,b,,,\n";
    const auto table = read_text(text);
    REQUIRE(table);
    CHECK(records(**table) == 3);
    CHECK(id_of(**table, 2) == "5");
}

TEST_CASE("a date, postcode, number or sex that is none is missing, with a notice that does not say it") {
    const auto table = read_text(
        "id,given_name,date_of_birth,sex,postcode,nhs_number\n"
        "1,Ann,yesterday,girl,SW1A 1AA,943 476 5919\n2,Ann,2014-02-30,Z,nowhere,9434765918\n");
    REQUIRE(table);
    CHECK(value_of(**table, 0, 1).empty());
    CHECK(value_of(**table, 0, 2) == "F");
    CHECK(value_of(**table, 0, 3) == "SW1A1AA");
    CHECK(value_of(**table, 0, 4) == "9434765919");
    CHECK(value_of(**table, 1, 2).empty());
    CHECK(value_of(**table, 1, 4).empty());
    const auto found = dedupe(*table, {});
    REQUIRE(found);
    for (const auto& notice : found->notices) {
        CHECK(notice.fault.reason.find("yesterday") == std::string::npos);
        CHECK_FALSE(notice.fault.mend.empty());
    }
}

TEST_CASE("dates are read as they are written in Britain, whole or in part") {
    const auto table = read_text(
        "id,given_name,dob,dob_accuracy\n1,A,09/03/2014,AAA\n2,A,20140309,AAA\n3,A,2014-3-9,UAA\n"
        "4,A,2014,AAA\n5,A,2014-03-09,UUU\n6,A,2014-03-09T00:00:00,AAA\n");
    REQUIRE(table);
    CHECK(value_of(**table, 0, 1) == "2014-03-09");
    CHECK(value_of(**table, 1, 1) == "2014-03-09");
    CHECK(value_of(**table, 2, 1) == "2014-03");
    CHECK(value_of(**table, 3, 1) == "2014");
    CHECK(value_of(**table, 4, 1).empty());
    CHECK(value_of(**table, 5, 1) == "2014-03-09");
}

TEST_CASE("two files whose columns differ in kind are not linked") {
    const auto a = read_text(header + "1,a,b,,,\n");
    const auto b = read_text("id,given_name,family_name\n1,a,b\n");
    REQUIRE(a);
    REQUIRE(b);
    const auto found = link(*a, *b, {});
    REQUIRE_FALSE(found);
    CHECK_FALSE(found.error().mend.empty());
}
