// How far two dates of birth agree: slips of typing, halves of a date, dates known only in part, and the expected date
// of a child not yet born. NHS and MAIS partial scores (two parts equal, day and month swapped, year only) are levels
// here.
#include <cstdlib>

#include "people/levels.hpp"

namespace waymark::people {

namespace {

struct Written {
    int year;
    unsigned month;
    unsigned day;
};
Written written(Date date) {
    const std::chrono::year_month_day ymd{date};
    return {static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day())};
}

int digits_apart(unsigned a, unsigned b) {
    int apart = 0;
    for (; a != 0 || b != 0; a /= 10, b /= 10) {
        if (a % 10 != b % 10) ++apart;
    }
    return apart;
}

bool known(const Features& f, std::size_t letter) {
    return f.dob_accuracy[letter] == 'A';
}

BirthLevel expected(int days) {
    if (days <= 21) return BirthLevel::expected_near;
    return days <= 70 ? BirthLevel::expected_far : BirthLevel::different;  // born early, or an early estimate
}

// The accuracy letters say day, month, year. An estimated part counts as not known.
BirthLevel partial(const Features& a, const Features& b, const Written& x, const Written& y) {
    if (!known(a, 2) || !known(b, 2)) {
        const int years = std::abs(x.year - y.year);
        return years <= 1 ? BirthLevel::missing
                          : BirthLevel::different;  // an estimated year that agrees says next to nothing
    }
    if (x.year != y.year) return BirthLevel::different;
    if (!known(a, 1) || !known(b, 1)) return BirthLevel::partial_year;
    return x.month == y.month ? BirthLevel::partial_month : BirthLevel::different;
}

}  // namespace

BirthLevel birth_level(const Features& a, const Features& b) {
    using enum BirthLevel;
    if (!a.date_of_birth || !b.date_of_birth) return missing;
    const int days = std::abs(static_cast<int>((*a.date_of_birth - *b.date_of_birth).count()));
    if (a.expected_birth != b.expected_birth) return expected(days);
    if (a.expected_birth) return days == 0 ? same : expected(days);
    const auto x = written(*a.date_of_birth);
    const auto y = written(*b.date_of_birth);
    if (a.dob_accuracy != "AAA" || b.dob_accuracy != "AAA") return partial(a, b, x, y);
    if (days == 0) return same;
    if (x.year == y.year && x.month == y.day && x.day == y.month) return swapped_day_month;
    if (days == 1) return next_day;
    const int digits = digits_apart(static_cast<unsigned>(x.year), static_cast<unsigned>(y.year)) +
                       digits_apart(x.month, y.month) + digits_apart(x.day, y.day);
    const bool new_year = (x.month == 1 && x.day == 1) || (y.month == 1 && y.day == 1);
    if (x.year == y.year && new_year) return year_only;
    if (digits == 1) return one_digit;
    if (days <= 10) return ten_days;
    if (x.year == y.year && x.month == y.month) return same_month;
    if (x.month == y.month && x.day == y.day) return same_day_of_year;
    if (x.year == y.year && x.day == y.day) return same_day_and_year;
    return different;
}

}  // namespace waymark::people
