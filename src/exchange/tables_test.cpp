// The two formats that are CSV: people, and the extracts of Family Context.
#include <doctest/doctest.h>

#include "support/told.hpp"

using namespace waymark;
using namespace waymark::exchange;
using waymark::testing::Collected;
using waymark::testing::Reader;

namespace {

Collected read(Format format, const std::string& text, Reader reader = {}) {
    Collected told;
    const auto result = reader.read(format, text, told);
    REQUIRE_MESSAGE(result.has_value(), (result ? "" : describe(result.error())));
    return told;
}
const record::Identity& identity(const Row& row) {
    return *row.draft.subjects.front().identity;
}

}  // namespace

TEST_CASE("people: columns in any order, unknown ones kept, empty ones passed over") {
    const auto told = read(Format::people,
                           "family_name,shoe_size,id,given_name,date_of_birth,other_names\nTaylor,4,7,Ann,2014-05-01,"
                           "Annie; Nan\nBell,,8,,,\n");
    REQUIRE(told.rows.size() == 2);
    CHECK(told.rows[0].draft.kind == "identity.recorded");
    CHECK(identity(told.rows[0]).given_name == "Ann");
    CHECK(identity(told.rows[0]).other_names == std::vector<std::string>{"Annie", "Nan"});
    CHECK(write_canonical(identity(told.rows[0]).more) == R"({"shoe_size":"4"})");
    CHECK(identity(told.rows[0]).source == "people");
    CHECK(identity(told.rows[1]).more.empty());
    CHECK(told.rows[1].line == 3);
}

TEST_CASE("people: a field that cannot be read is left out, and the row is taken") {
    const auto told = read(Format::people, "id,given_name,date_of_birth\n1,Ann,01/05/2014\n2,Bo,2031-01-01\n");
    REQUIRE(told.rows.size() == 2);
    CHECK_FALSE(identity(told.rows[0]).date_of_birth);
    REQUIRE(told.refusals.size() == 2);
    CHECK(told.refusals[0].place == "date_of_birth");
    CHECK_FALSE(told.refusals[0].whole_row);
    CHECK(told.refusals[1].line == 3);
}

TEST_CASE("people: a row without an id, with other cells than the header, or that is no UTF-8 is refused") {
    const auto told = read(Format::people, "id,given_name\n,Ann\n2,Bo,extra\n3,\xFF\n4,Di\n");
    CHECK(told.rows.size() == 1);
    CHECK(told.rows_refused == 3);
    CHECK(told.refusals[0].place == "id");
    CHECK(told.refusals[2].line == 4);
}

TEST_CASE("people: a row is known again by its content, and a changed one is another entry of the same person") {
    const auto before = read(Format::people, "id,given_name\n1,Ann\n");
    const auto same = read(Format::people, "given_name,id\nAnn,1\n");
    const auto changed = read(Format::people, "id,given_name\n1,Anna\n");
    CHECK(before.rows[0].draft.id == same.rows[0].draft.id);
    CHECK(before.rows[0].draft.id != changed.rows[0].draft.id);
    CHECK(before.rows[0].draft.id.substr(0, 16) == "people:people:1:");
}

TEST_CASE("people: the time of import makes no other entry of an identity") {
    Reader later;
    later.now = *parse_instant("2027-01-01T00:00:00Z");
    const auto now = read(Format::people, "id,given_name\n1,Ann\n");
    const auto then = read(Format::people, "id,given_name\n1,Ann\n", later);
    CHECK(record::content_digest(now.rows[0].draft) == record::content_digest(then.rows[0].draft));
}

TEST_CASE("people: other names for columns are mapped, and a header without an id says so") {
    Reader reader;
    reader.columns = {{"id", "No"}, {"family_name", "Surname"}};
    const auto told = read(Format::people, "No,Surname\n5,Bell\n", reader);
    CHECK(identity(told.rows[0]).family_name == "Bell");
    Collected none;
    const auto missing = Reader().read(Format::people, "No,Surname\n5,Bell\n", none);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().reason.find("\"id\"") != std::string::npos);
    reader.columns = {{"id", "Number"}};
    CHECK_FALSE(reader.read(Format::people, "No,Surname\n5,Bell\n", none));
    CHECK_FALSE(Reader().read(Format::people, "", none));
    CHECK_FALSE(Reader().read(Format::people, "id,id\n1,2\n", none));
}

TEST_CASE("family context: both extracts are told by their header and every row is taken") {
    for (const std::string name : {"csc", "education"}) {
        CAPTURE(name);
        const auto told = read(Format::family_context, Reader::load_file("content/samples/" + name + ".csv"));
        CHECK(told.rows.size() == 500);
        CHECK(told.rows_refused == 0);
        CHECK(identity(told.rows[0]).source == "family-context-" + name);
        testing::check_golden(
            name + ".txt",
            fmt::format("{} drafts, {} rows refused\n", told.rows.size(), told.rows_refused) + told.text());
    }
    const auto csc = read(Format::family_context, Reader::load_file("content/samples/csc.csv"));
    const auto& first = csc.rows[0];
    CHECK(identity(first).id == "7190247");
    CHECK(identity(first).address == "Flat 78m\nSally mall\nDaviesmouth\nG6T 3BF");
    CHECK(identity(first).postcode == "G6T 3BF");
    CHECK(to_string(first.draft.at) == "2018-08-23");
    CHECK(string_or(first.draft.body, "status", "") == "historic");
    CHECK(string_or(first.draft.body, "as_of", "") == "2022-10-15");
    CHECK(csc.rows[1].line == 6);
}

TEST_CASE("family context: a bad date is left out, and without any date the row is refused") {
    const std::string header =
        "Cms Id,First Name,Date Of Birth,School Name,Date Current As Of,Start Date Of Last Involvement\n";
    const auto told =
        read(Format::family_context, header +
                                         "1,Ann,2014-05-01,Hill School,2022-10-15 00:00:00,31/12/2020\n2,Bo,,Hill "
                                         "School,,\n3,Di,2014-05-01,Hill School,2022-10-15,2010-01-01\n");
    CHECK(told.rows.size() == 2);
    CHECK(told.rows_refused == 1);
    CHECK(to_string(told.rows[0].draft.at) == "2022-10-15");
    REQUIRE(told.refusals.size() == 3);
    CHECK(told.refusals[2].reason == "before the person's birth");
    Collected none;
    CHECK_FALSE(Reader().read(Format::family_context, "Cms Id,First Name\n1,Ann\n", none));
}
