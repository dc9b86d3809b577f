#pragma once
// Records by column: each column's values in their normal form once, sorted, and for each record the number of its
// value. Nothing in it depends on the order of the rows but the order of the records itself.
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "people/batch/batch.hpp"
#include "people/batch/strings.hpp"

namespace waymark::people::batch {

struct Field {
    std::string header;
    Kind kind = Kind::text;
    Strings values;                    // by code; code 0 is the empty value: missing
    std::vector<std::uint32_t> code;   // by record
    std::vector<std::uint32_t> count;  // by code, in this table
};

// What records had before, as lists that several may have alike.
struct FormerValues {
    std::string header;                          // of the file's column or columns
    std::vector<std::uint32_t> list;             // by record; 0: none. Empty where there is no such column
    std::vector<std::uint32_t> starts = {0, 0};  // by list, and one past the last
    std::vector<std::uint32_t> codes;            // of the postcodes' own values
    [[nodiscard]] bool any() const { return !list.empty(); }
    [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t record) const {
        return list.empty() ? std::span<const std::uint32_t>{} : of_list(list[record]);
    }
    [[nodiscard]] std::span<const std::uint32_t> of_list(std::uint32_t at) const {
        return {codes.data() + starts[at], starts[at + 1] - starts[at]};
    }
};
inline constexpr std::size_t most_former = 4;  // of one record, those that come first

class Table {
public:
    std::string name;
    std::size_t size = 0;
    std::vector<Field> fields;           // those that are compared
    FormerValues former;                 // postcodes; their values are among those of the first column of postcodes
    Strings ids;                         // by record
    std::vector<std::uint64_t> id_hash;  // orders what nothing else orders
    std::vector<std::uint64_t> truth;    // by record, a hash; empty where not known; 0: not known for this record
    std::vector<std::uint64_t> household;
    std::uint64_t refused_rows = 0;
    std::uint64_t repeated_rows = 0;
    bool numbered = false;  // there is no column of ids
    std::vector<Notice> notices;
};

// The form of one value in which it is compared; empty where it is none (`refused` says whether it said something).
// British postcodes only where `british`.
std::string normal_value(Kind, std::string_view raw, bool british, bool& refused);
// "2014-03-09", "2014-03", "2014"; eight digits that are no day are kept as written (their digits may tell), refused is
// set. Empty where it is no date at all.
std::string normal_date(std::string_view raw, std::string_view accuracy, bool& refused);

// The several of a cell of former postcodes, as written.
std::vector<std::string_view> former_in(std::string_view cell);

// An expected date of birth, as a value among those of dates of birth: "2014-03-09~".
std::string normal_expected(std::string_view raw, bool& refused);
inline constexpr char expected_mark = '~';
inline constexpr char source_ends = '/';  // in a number with its source: "mosaic/55"

}  // namespace waymark::people::batch
