// How common a value is where no file says it.
#include <algorithm>

#include "people/batch/model.hpp"

namespace waymark::people::batch {

namespace {

// Shared by one in a hundred homes, one in twenty-five postcodes of a partnership, the births of a year or a month.
constexpr double house_number = 0.01;
constexpr double district = 0.04;
constexpr double days_of_year = 365;
constexpr double days_of_month = 30.4;
constexpr double second_name = 0.1;

bool has_street(std::string_view line) {
    return std::count_if(line.begin(), line.end(), [](char c) { return c >= 'A' && c <= 'Z'; }) > 1;
}

}  // namespace

double ValueShares::share(Kind kind, std::string_view value) const {
    if (const auto found = of.find(std::string(value)); found != of.end()) return found->second;
    switch (kind) {
        case Kind::given_name:
        case Kind::family_name:
        case Kind::other_names: {
            const auto first = of.find(std::string(value.substr(0, value.find(' '))));
            return first == of.end() ? other : std::max(other, first->second * second_name);
        }
        case Kind::address:
            return has_street(value) ? other : std::max(other, house_number);
        case Kind::postcode:
            return value.size() >= 5 && value[0] >= 'A' ? other : std::max(other, district);
        case Kind::date_of_birth:
            return std::min(1.0, value.size() >= 10  ? other
                                 : value.size() >= 7 ? other * days_of_month
                                                     : other * days_of_year);
        default:
            return other;
    }
}

}  // namespace waymark::people::batch
