// Under what a view is found. Several rules, united: a true pair is missed only where it disagrees in all of them.
// Names enter by their sound; the order of given and family name does not matter, so swapped names find each other.
// token_scheme in people.hpp says which rules there are.
//
//   D  birth date and one name            P  postcode (else address), now or before, and one name, and birth date
//   Y  birth year and both names          N  both names (for a person's search; too many answers for an import)
//   I  birth date and first letter of the given name, F  family name and that letter: for a second look, where names
//   are
//      written otherwise and a date is wrong or missing
//   #  NHS number, UPN, the local authority's number of the child with its source
//   @  telephone, e-mail
#include <algorithm>
#include <array>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "people/people.hpp"

namespace waymark::people {

namespace {

constexpr std::size_t most_names = 4;  // sound keys of given and of family name, each

class Collector {
public:
    explicit Collector(const TokenKey& key) : key_(key) { value_.reserve(64); }

    void add(char rule, int alike, std::string_view first, std::string_view second = {}, std::string_view third = {}) {
        value_.assign(1, rule);
        for (const auto part : {first, second, third}) {
            value_ += '\x1f';
            value_ += part;
        }
        tags_.push_back({keyed_tag(key_, value_), static_cast<std::uint16_t>(alike)});
    }
    // In order and without repeats.
    std::vector<SearchTag> take() {
        std::sort(tags_.begin(), tags_.end(), [](const auto& x, const auto& y) { return x.token < y.token; });
        std::size_t kept = 0;
        for (const auto& tag : tags_) {
            if (kept != 0 && tags_[kept - 1].token == tag.token) {
                tags_[kept - 1].alike = static_cast<std::uint16_t>(tags_[kept - 1].alike | tag.alike);
            } else {
                tags_[kept++] = tag;
            }
        }
        tags_.resize(kept);
        return std::move(tags_);
    }

private:
    const TokenKey& key_;
    std::string value_;
    std::vector<SearchTag> tags_;
};

void add_sound(std::vector<std::string>& keys, const std::string& name) {
    std::string key = phonetic(name);
    if (key.empty() || keys.size() >= most_names || std::find(keys.begin(), keys.end(), key) != keys.end()) return;
    keys.push_back(std::move(key));
}

enum class Use : std::uint8_t { keep, import, search, wider };

// Day and month in each other's place, where that is a date too.
std::optional<Date> swapped(const Date& date) {
    const std::chrono::year_month_day d(date);
    const auto day = static_cast<unsigned>(d.day());
    const auto month = static_cast<unsigned>(d.month());
    if (day > 12 || day == month) return std::nullopt;
    return make_date(static_cast<int>(d.year()), day, month);
}

// Dates that a slip or a place-holder made of one another: a year more or less, the first day of the month or of the
// year for a day that is not known.
std::vector<Date> slips_of(const Date& date) {
    const std::chrono::year_month_day d(date);
    const auto year = static_cast<int>(d.year());
    const auto month = static_cast<unsigned>(d.month());
    const auto day = static_cast<unsigned>(d.day());
    std::vector<Date> out;
    for (const auto& slip : {make_date(year - 1, month, day), make_date(year + 1, month, day),
                             make_date(year, month, 1), make_date(year, 1, 1)}) {
        if (slip != date) out.push_back(slip);
    }
    return out;
}

// Of the first given name. Who asks may have written a letter before it, or its first two in each other's place: then
// the second is the first; and a second name may be the one that is kept.
std::string initials_of(const Features& f, Use use) {
    std::string out;
    if (f.given.empty()) return out;
    const auto& name = f.given.front();
    out += name[0];
    if (use != Use::wider) return out;
    if (name.size() > 1 && name[1] != out[0]) out += name[1];
    if (f.given.size() > 1 && out.find(f.given[1][0]) == std::string::npos) out += f.given[1][0];
    return out;
}

std::vector<SearchTag> tokens(const Features& f, const TokenKey& key, Use use) {
    Collector out(key);
    // The first two given names: a child may be known by either. Every part of a family name.
    std::vector<std::string> given;
    for (std::size_t i = 0; i < f.given.size() && i < 2; ++i) {
        if (f.given[i].size() > 1) add_sound(given, f.given[i]);
    }
    std::vector<std::string> family;
    for (const auto& part : f.family) add_sound(family, part);
    if (f.family.size() > 1) {
        std::string whole;
        for (const auto& part : f.family) whole += part;
        add_sound(family, whole);
    }
    for (const auto& part : f.former_family) add_sound(family, part);
    // A date known only in part is no date to look up, but its year may be; an expected date is neither.
    const bool dated = f.date_of_birth && !f.expected_birth && f.dob_accuracy == "AAA";
    const bool year_known = f.date_of_birth && !f.expected_birth && f.dob_accuracy[2] == 'A';
    const std::string date = dated ? format_date(*f.date_of_birth) : std::string{};
    const auto slip = dated && use == Use::search ? swapped(*f.date_of_birth) : std::nullopt;
    std::vector<std::string> years;
    if (year_known) {
        const auto year = static_cast<int>(std::chrono::year_month_day(*f.date_of_birth).year());
        years.push_back(std::to_string(year));
        // Who asks may be a year off; what is kept is not doubled for it.
        if (use == Use::search) years.insert(years.end(), {std::to_string(year - 1), std::to_string(year + 1)});
    }

    // Where no postcode is known the line of the address takes its place, if it tells more than a house number.
    const bool telling = std::any_of(f.address.begin(), f.address.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    const bool whole = f.postcode.size() >= 5 || (!f.postcode.empty() && f.postcode[0] >= '0' && f.postcode[0] <= '9');
    std::vector<std::string_view> places;
    if (whole || telling) places.push_back(whole ? f.postcode : f.address);
    places.insert(places.end(), f.former_postcodes.begin(), f.former_postcodes.end());

    if (use == Use::keep || use == Use::wider) {
        for (const char letter : initials_of(f, use)) {
            const std::string_view initial(&letter, 1);
            if (dated) out.add('I', alike_date, date, initial);
            for (const auto& name : family) out.add('F', alike_family, name, initial);
        }
    }
    struct Sounds {
        const std::vector<std::string>& keys;
        Alike alike;
    };
    const std::array<Sounds, 2> names{Sounds{given, alike_given}, Sounds{family, alike_family}};
    if (use == Use::wider) {
        for (const auto& other : dated ? slips_of(*f.date_of_birth) : std::vector<Date>{}) {
            const auto slipped = format_date(other);
            for (const auto& [keys, alike] : names) {
                for (const auto& name : keys) out.add('D', alike_slipped_date | alike, slipped, name);
            }
            for (const auto place : places) out.add('P', alike_place | alike_slipped_date, place, slipped);
        }
        for (const int days : {-1, 1}) {
            if (!dated) break;
            const auto next = format_date(*f.date_of_birth + std::chrono::days(days));
            for (const auto place : places) out.add('P', alike_place | alike_slipped_date, place, next);
        }
        if (const auto other = dated ? swapped(*f.date_of_birth) : std::nullopt) {
            for (const auto place : places) {
                out.add('P', alike_place | alike_slipped_date, place, format_date(*other));
            }
        }
        return out.take();
    }
    for (const auto& [keys, alike] : names) {
        for (const auto& name : keys) {
            if (dated) out.add('D', alike_date | alike, date, name);
            if (slip) out.add('D', alike_slipped_date | alike, format_date(*slip), name);
            for (const auto place : places) out.add('P', alike_place | alike, place, name);
        }
    }
    for (const auto place : places) {
        if (dated) out.add('P', alike_place | alike_date, place, date);
    }
    if (!given.empty()) {
        constexpr int both = alike_given | alike_family;
        for (const auto& name : family) {
            const auto& [first, second] = std::minmax(given.front(), name);
            for (const auto& year : years) {
                out.add('Y', year == years.front() ? both | alike_year : both, year, first, second);
            }
            if (use != Use::import) out.add('N', both, first, second);
        }
    }
    if (!f.nhs_number.empty()) out.add('#', alike_number, "nhs", f.nhs_number);
    if (!f.upn.empty()) out.add('#', alike_number, "upn", f.upn);
    if (!f.la_child_id.empty()) out.add('#', alike_number, "la", f.la_child_id);
    if (!f.phone.empty()) out.add('@', alike_contact, "phone", f.phone);
    if (!f.email.empty()) out.add('@', alike_contact, "email", to_lower_ascii(f.email));
    return out.take();
}

std::vector<std::uint64_t> tokens_alone(const std::vector<SearchTag>& tags) {
    std::vector<std::uint64_t> out;
    out.reserve(tags.size());
    for (const auto& tag : tags) out.push_back(tag.token);
    return out;
}

}  // namespace

std::vector<std::uint64_t> tokens_of(const Features& features, const TokenKey& key) {
    return tokens_alone(tokens(features, key, Use::keep));
}

std::vector<std::uint64_t> import_tokens_of(const Features& features, const TokenKey& key) {
    return tokens_alone(tokens(features, key, Use::import));
}

std::vector<SearchTag> search_tokens_of(const Features& features, const TokenKey& key) {
    return tokens(features, key, Use::search);
}

std::vector<SearchTag> wider_tokens_of(const Features& features, const TokenKey& key) {
    return tokens(features, key, Use::wider);
}

}  // namespace waymark::people
