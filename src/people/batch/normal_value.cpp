// One value in the form in which it is compared. Runs once for each distinct value of a column.
#include <algorithm>
#include <chrono>

#include "base/text.hpp"
#include "people/batch/table.hpp"
#include "people/normal_parts.hpp"

namespace waymark::people::batch {

namespace {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

constexpr bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

std::string compact(std::string_view raw) {
    std::string out;
    for (const char c : raw) {
        if (c >= 'a' && c <= 'z') {
            out += static_cast<char>(c - 'a' + 'A');
        } else if (is_digit(c) || (c >= 'A' && c <= 'Z') || static_cast<signed char>(c) < 0) {
            out += c;
        }
    }
    return out;
}

// Words that stand for nothing known.
bool says_nothing(std::string_view upper) {
    for (const std::string_view word : {"", "NA", "NAN", "NULL", "NONE", "NIL", "UNKNOWN", "NOT KNOWN", "NK",
                                        "NOT STATED", "NOT ENTERED", "UNBORN"}) {
        if (upper == word) return true;
    }
    return false;
}

std::string normal_sex(std::string_view raw, bool& refused) {
    const std::string word = compact(raw);
    if (word.empty() || word == "U" || word == "UNKNOWN" || word == "X" || word == "0" || word == "9") return {};
    if (word == "F" || word == "FEMALE" || word == "GIRL" || word == "W" || word == "WOMAN" || word == "2") return "F";
    if (word == "M" || word == "MALE" || word == "BOY" || word == "MAN" || word == "1") return "M";
    refused = true;
    return {};
}

std::string normal_email(std::string_view raw, bool& refused) {
    std::string text = to_upper_ascii(trim(raw));
    if (says_nothing(text)) return {};
    const auto at = text.find('@');
    if (at == std::string::npos || at == 0 || at + 1 == text.size()) {
        refused = true;
        return {};
    }
    return text;
}

int number_of(std::string_view digits) {
    int number = 0;
    for (const char c : digits) number = number * 10 + (c - '0');
    return number;
}

struct Written {
    std::string_view year;
    std::string month;
    std::string day;
};

// Splits a date into year, month and day as they are written; nothing where it is written in no known way.
bool split_date(std::string_view text, Written& out) {
    std::vector<std::string_view> parts;
    std::size_t from = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i == text.size() || text[i] == '-' || text[i] == '/' || text[i] == '.') {
            parts.push_back(text.substr(from, i - from));
            from = i + 1;
        } else if (!is_digit(text[i])) {
            return false;
        }
    }
    const auto two = [](std::string_view digits) {
        return digits.size() == 1 ? "0" + std::string(digits) : std::string(digits);
    };
    if (parts.size() == 1 && (text.size() == 8 || text.size() == 6 || text.size() == 4)) {
        out = {text.substr(0, 4), text.size() >= 6 ? std::string(text.substr(4, 2)) : "",
               text.size() == 8 ? std::string(text.substr(6, 2)) : ""};
        return true;
    }
    const auto short_part = [](std::string_view part) { return part.size() == 1 || part.size() == 2; };
    if (parts.size() == 2 && parts[0].size() == 4 && short_part(parts[1])) {
        out = {parts[0], two(parts[1]), ""};
        return true;
    }
    if (parts.size() != 3 || !short_part(parts[1])) return false;
    if (parts[0].size() == 4 && short_part(parts[2])) {
        out = {parts[0], two(parts[1]), two(parts[2])};
        return true;
    }
    if (parts[2].size() == 4 && short_part(parts[0])) {  // day first, as is written in Britain
        out = {parts[2], two(parts[1]), two(parts[0])};
        return true;
    }
    return false;
}

std::string normal_name(Kind kind, std::string_view raw) {
    // One word of plain letters, as most are, is itself in capitals.
    if (std::all_of(raw.begin(), raw.end(), is_letter)) {
        std::string name = to_upper_ascii(raw);
        return names_nobody(name) ? std::string() : name;
    }
    std::string name = join(kind == Kind::given_name    ? given_parts(raw)
                            : kind == Kind::family_name ? family_parts(raw)
                                                        : name_parts(raw),
                            " ");
    return names_nobody(name) ? std::string() : name;
}

// "source/number": the source in small letters, the number as it is printed, in capitals.
std::string normal_number_of_source(std::string_view raw) {
    const auto text = trim(raw);
    const auto cut = text.find(source_ends);
    const auto number = trim(cut == std::string_view::npos ? text : text.substr(cut + 1));
    std::string code = to_upper_ascii(number);
    if (says_nothing(code)) return {};
    return cut == std::string_view::npos ? code : to_lower_ascii(text.substr(0, cut)) + source_ends + code;
}

}  // namespace

std::string normal_expected(std::string_view raw, bool& refused) {
    std::string date = normal_date(raw, {}, refused);
    return date.size() == 10 && !refused ? date + expected_mark : std::string();
}

std::string normal_date(std::string_view raw, std::string_view accuracy, bool& refused) {
    std::string_view text = trim(raw);
    if (says_nothing(to_upper_ascii(text))) return {};
    if (text.size() > 10 && (text[10] == 'T' || text[10] == ' ')) text = text.substr(0, 10);
    Written date;
    if (!split_date(text, date)) {
        refused = true;
        return {};
    }
    if ((date.year == "1900" || date.year == "1970") && date.month == "01" && date.day == "01") return {};
    // Day, month, year: an estimated part counts as not known.
    const auto known = [&](std::size_t letter) {
        return accuracy.size() != 3 || accuracy[letter] == 'A' || accuracy[letter] == 'a';
    };
    if (!known(2)) return {};
    std::string out(date.year);
    if (number_of(date.year) == 0) {
        refused = true;
        return {};
    }
    if (date.month.empty() || date.month == "00" || !known(1)) return out;
    out += "-" + date.month;
    if (date.day.empty() || date.day == "00" || !known(0)) {
        if (number_of(date.month) > 12) {
            refused = true;
            return std::string(date.year);
        }
        return out;
    }
    const std::chrono::year_month_day day{std::chrono::year(number_of(date.year)),
                                          std::chrono::month(static_cast<unsigned>(number_of(date.month))),
                                          std::chrono::day(static_cast<unsigned>(number_of(date.day)))};
    if (!day.ok()) refused = true;
    return out + "-" + date.day;
}

std::string normal_value(Kind kind, std::string_view raw, bool british, bool& refused) {
    refused = false;
    switch (kind) {
        case Kind::given_name:
        case Kind::family_name:
        case Kind::other_names:
            return normal_name(kind, raw);
        case Kind::date_of_birth:
            return raw.ends_with(expected_mark) ? normal_expected(raw.substr(0, raw.size() - 1), refused)
                                                : normal_date(raw, {}, refused);
        case Kind::sex:
            return normal_sex(raw, refused);
        case Kind::postcode: {
            if (!british) return compact(raw);
            if (auto code = normalise_postcode(raw)) return *code;
            std::string part = part_of_postcode(raw);
            refused = part.empty() && !says_nothing(to_upper_ascii(trim(raw)));
            return part;
        }
        case Kind::nhs_number: {
            auto number = normalise_nhs_number(trim(raw));
            refused = !number && !says_nothing(to_upper_ascii(trim(raw)));
            return number.value_or(std::string());
        }
        case Kind::upn: {
            auto upn = normalise_upn(raw);
            refused = !upn && !says_nothing(to_upper_ascii(trim(raw)));
            return upn.value_or(std::string());
        }
        case Kind::number: {
            std::string code = compact(raw);
            return says_nothing(code) ? std::string() : code;
        }
        case Kind::la_child_id:
            return normal_number_of_source(raw);
        case Kind::phone: {
            std::string digits = phone_digits(raw);
            refused = digits.empty() && !says_nothing(to_upper_ascii(trim(raw)));
            return digits;
        }
        case Kind::email:
            return normal_email(raw, refused);
        case Kind::address: {
            std::string line = address_first_line(raw);
            return says_nothing(line) ? std::string() : line;
        }
        case Kind::text: {
            std::string text = normalise_name(raw);
            return says_nothing(text) ? std::string() : text;
        }
        case Kind::accuracy:
        case Kind::expected_birth:
        case Kind::former_postcode:
        case Kind::id:
        case Kind::truth:
        case Kind::household:
            break;
    }
    return std::string(trim(raw));
}

std::vector<std::string_view> former_in(std::string_view cell) {
    std::vector<std::string_view> out;
    for (std::size_t from = 0; from <= cell.size();) {
        const auto to = std::min(cell.find_first_of(";|", from), cell.size());
        if (const auto one = trim(cell.substr(from, to - from)); !one.empty()) out.push_back(one);
        from = to + 1;
    }
    return out;
}

}  // namespace waymark::people::batch
