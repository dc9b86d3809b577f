// The CSV reader against RFC 4180, its writer, its limits and broken files.
#include "base/csv.hpp"

#include <sstream>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "support/generators.hpp"

using namespace waymark;

namespace {

using Table = std::vector<std::vector<std::string>>;

struct Read {
    Table rows;
    std::vector<std::uint64_t> lines;
    std::vector<Fault> faults;
};

Read read_all(const std::string& text, CsvLimits limits = {}) {
    std::istringstream in(text);
    CsvReader reader(in, limits);
    Read result;
    for (;;) {
        auto row = reader.next();
        if (!row) {
            result.faults.push_back(row.error());
        } else if (!*row) {
            return result;
        } else {
            result.rows.push_back((*row)->fields);
            result.lines.push_back((*row)->line);
        }
    }
}

}  // namespace

TEST_CASE("rows may end with LF, CRLF, CR or the end of the file") {
    const Table expected{{"a", "b"}, {"c", ""}, {"", "d"}};
    CHECK(read_all("a,b\nc,\n,d\n").rows == expected);
    CHECK(read_all("a,b\r\nc,\r\n,d\r\n").rows == expected);
    CHECK(read_all("a,b\rc,\r,d").rows == expected);
}

TEST_CASE("a quoted field holds commas, doubled quotes and line ends") {
    const auto read = read_all("\"a,1\",\"say \"\"so\"\"\",\"two\r\nlines\"\nnext,,\n");
    CHECK(read.rows == Table{{"a,1", "say \"so\"", "two\r\nlines"}, {"next", "", ""}});
    CHECK(read.lines == std::vector<std::uint64_t>{1, 3});
}

TEST_CASE("a quote inside an unquoted field is text") {
    CHECK(read_all("6\" ruler,b\n").rows == Table{{"6\" ruler", "b"}});
}

TEST_CASE("lines with nothing on them are passed over and still counted") {
    const auto read = read_all("\n\r\na\n\n\nb");
    CHECK(read.rows == Table{{"a"}, {"b"}});
    CHECK(read.lines == std::vector<std::uint64_t>{3, 6});
}

TEST_CASE("a byte-order mark before the first row is dropped, and only there") {
    CHECK(read_all("\xEF\xBB\xBF"
                   "id,name\n")
              .rows == Table{{"id", "name"}});
    CHECK(read_all("\xEF\xBB\xBF"
                   "\"id\"\n")
              .rows == Table{{"id"}});
    CHECK(read_all("a\n\xEF\xBB\xBF"
                   "b\n")
              .rows == Table{{"a"},
                             {"\xEF\xBB\xBF"
                              "b"}});
    CHECK(read_all("\xEF\xBB\xBF").rows.empty());
}

TEST_CASE("an empty file has no rows") {
    CHECK(read_all("").rows.empty());
    CHECK(read_all("").faults.empty());
}

TEST_CASE("after an unclosed quote reading goes on at the next line") {
    const auto read = read_all("a,b\n\"never closed,x\nc,d\n");
    CHECK(read.rows == Table{{"a", "b"}, {"c", "d"}});
    CHECK(read.lines == std::vector<std::uint64_t>{1, 3});
    REQUIRE(read.faults.size() == 1);
    CHECK(read.faults[0].place == "line 2");
    CHECK_FALSE(read.faults[0].mend.empty());
}

TEST_CASE("text after a closing quote is a fault of its line") {
    const auto read = read_all("\"a\"b,c\r\nd,e\r\n");
    CHECK(read.rows == Table{{"d", "e"}});
    REQUIRE(read.faults.size() == 1);
    CHECK(read.faults[0].place == "line 1");
}

TEST_CASE("ill-formed UTF-8 is a fault of its row") {
    const auto read = read_all("a,\xC3\nb,\xC3\xA9\n");
    CHECK(read.rows == Table{{"b", "\xC3\xA9"}});
    CHECK(read.faults.size() == 1);
}

TEST_CASE("each limit refuses its row and the rest is read") {
    const CsvLimits limits{4, 3, 12};
    const auto read = read_all("12345,x\n1,2,3,4\n\"12345\",x\n1234,1234,1234\nok,1,2\n", limits);
    CHECK(read.rows == Table{{"ok", "1", "2"}});
    CHECK(read.faults.size() == 4);
    CHECK(read_all("1234,12,123\n", limits).rows == Table{{"1234", "12", "123"}});
}

TEST_CASE("a file without line ends cannot take memory without bound") {
    const auto read = read_all(std::string(3u << 20, 'x') + "\nok\n");
    CHECK(read.rows == Table{{"ok"}});
    CHECK(read.faults.size() == 1);
    const auto quoted = read_all('"' + std::string(3u << 20, 'x') + "\nok\n");
    CHECK(quoted.rows == Table{{"ok"}});
    CHECK(quoted.faults.size() == 1);
}

TEST_CASE("rows that lie across the reader's blocks are whole") {
    // Every alignment of quotes and line ends against the 64 KiB block.
    const std::vector<std::string> fields{"q\"\"", "line\r\nend", "", "plain"};
    for (std::size_t pad = 65'536 - 24; pad <= 65'536; ++pad) {
        const std::string first(pad, 'p');
        const auto read = read_all(csv_line({first}) + csv_line(fields) + csv_line(fields));
        REQUIRE(read.faults.empty());
        REQUIRE(read.rows == Table{{first}, fields, fields});
    }
}

TEST_CASE("what the writer writes the reader reads") {
    CHECK(rc::check("round trip", [] {
        const auto field = rc::gen::oneOf(
            test::utf8_text(), rc::gen::container<std::string>(rc::gen::elementOf(std::string(",\"\r\n ab"))));
        const auto row = rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(field));
        const auto table = *rc::gen::container<Table>(row);
        std::string text;
        for (const auto& fields : table) text += csv_line(fields);
        // Only a byte-order mark that opens the file is not a part of the first field.
        RC_PRE(text.rfind("\xEF\xBB\xBF", 0) != 0);
        const auto read = read_all(text);
        RC_ASSERT(read.faults.empty());
        RC_ASSERT(read.rows == table);
    }));
}

TEST_CASE("no text makes the reader stand still, and lines only go up") {
    CHECK(rc::check("progress", [] {
        const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("\"\"\",\n\rab\x80")));
        const auto read = read_all(text, {8, 4, 32});
        for (std::size_t i = 1; i < read.lines.size(); ++i) RC_ASSERT(read.lines[i - 1] < read.lines[i]);
    }));
}

TEST_CASE("a field is quoted only where it must be") {
    CHECK(csv_field("plain") == "plain");
    CHECK(csv_field("=1+1") == "=1+1");
    CHECK(csv_field("a,b") == "\"a,b\"");
    CHECK(csv_field("a\"b") == "\"a\"\"b\"");
    CHECK(csv_line({""}) == "\"\"\r\n");
    CHECK(csv_line({"", ""}) == ",\r\n");
}
