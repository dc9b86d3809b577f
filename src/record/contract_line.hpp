#pragma once
// Building the contract's line (section 2), member by member in the order of its table; what is empty is left out.
#include "record/entry.hpp"

namespace waymark::record {

struct LineSubject {
    Involvements involvement = 0;
    const Identity* identity = nullptr;
    const ProtectedAddress::Plain* revealed = nullptr;  // under a decision for whoever takes this line
    std::string person;
};
struct Line {
    std::string_view kind;
    When at;
    const std::optional<Happened>* happened = nullptr;
    std::optional<Instant> recorded;
    std::string_view agency;
    std::string_view author;
    std::vector<LineSubject> subjects;
    std::string_view incident;
    const json::object* body = nullptr;
    std::string_view about;
    std::string_view id;
    std::string_view case_key;
    std::string_view basis;
    std::string_view marking;
    std::string_view supersedes;
};
json::object write_line(const Line&);

}  // namespace waymark::record
