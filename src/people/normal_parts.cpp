#include "people/normal_parts.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "people/people.hpp"

namespace waymark::people {

namespace {

// What forms hold where no name is known. BABY and the like stand for a child who has no name yet.
constexpr std::string_view no_name[] = {
    "NA",        "N A",      "NAN",        "NK",          "NULL",      "NONE",           "NIL",  "UNKNOWN", "TBC",
    "NOT KNOWN", "NOTKNOWN", "NOT STATED", "NOT ENTERED", "NOT GIVEN", "NAME NOT KNOWN", "TEST", "XX",      "XXX",
    "BABY",      "BABE",     "INFANT",     "NEWBORN",     "UNBORN",    "UNBORN BABY",    "MALE", "FEMALE",  "BABY BOY",
    "BABY GIRL", "TWIN",     "TWIN 1",     "TWIN 2"};
// Particles of family names, joined to what follows them so that "de la Cruz" and "Delacruz" are one.
constexpr std::array<std::string_view, 22> particles = {"O",   "DE",  "DEL", "DELLA", "LA",  "LE",  "DU",  "DI",
                                                        "DA",  "DOS", "DAS", "VAN",   "VON", "DER", "DEN", "TER",
                                                        "TEN", "AL",  "EL",  "ST",    "BIN", "ABU"};
// What an address calls the same thing.
constexpr std::array<std::pair<std::string_view, std::string_view>, 20> address_words = {
    {{"ROAD", "RD"},   {"STREET", "ST"},      {"AVENUE", "AVE"},  {"AV", "AVE"},        {"CLOSE", "CL"},
     {"DRIVE", "DR"},  {"LANE", "LN"},        {"COURT", "CT"},    {"CRESCENT", "CRES"}, {"CR", "CRES"},
     {"PLACE", "PL"},  {"SQUARE", "SQ"},      {"TERRACE", "TER"}, {"GARDENS", "GDNS"},  {"GROVE", "GR"},
     {"HOUSE", "HSE"}, {"APARTMENT", "FLAT"}, {"APT", "FLAT"},    {"SAINT", "ST"},      {"MOUNT", "MT"}}};
// A first line that only says which dwelling of a building: the street is on the next.
constexpr std::array<std::string_view, 6> dwelling_words = {"FLAT", "STUDIO", "UNIT", "ROOM", "SUITE", "NO"};

bool has_digit(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}
template <class List>
bool contains(const List& list, std::string_view text) {
    return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

}  // namespace

bool names_nobody(std::string_view name) {
    return contains(no_name, name);
}

std::vector<std::string> given_parts(std::string_view name) {
    auto parts = name_parts(name);
    if (contains(no_name, join(parts, " "))) return {};
    // "Baby Smith", "Twin 1 Smith": the first word names nobody.
    if (!parts.empty() && (parts[0] == "BABY" || parts[0] == "UNBORN" || parts[0] == "TWIN")) return {};
    return parts;
}

std::vector<std::string> family_parts(std::string_view name) {
    const auto words = name_parts(name);
    if (contains(no_name, join(words, " "))) return {};
    std::vector<std::string> parts;
    std::string particle;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i + 1 < words.size() && contains(particles, words[i])) {
            particle += words[i];
            continue;
        }
        parts.push_back(particle + words[i]);
        particle.clear();
    }
    return parts;
}

namespace {

std::string address_line(std::string_view line) {
    const std::string normal = normalise_name(line);
    std::string out;
    for (const auto word : split(normal, ' ')) {
        if (word.empty()) continue;
        if (!out.empty()) out += ' ';
        const auto* known = std::find_if(address_words.begin(), address_words.end(),
                                         [&](const auto& pair) { return pair.first == word; });
        out += known == address_words.end() ? word : known->second;
    }
    return out;
}

bool names_dwelling_only(const std::string& line) {
    const auto words = split(line, ' ');
    if (words.size() == 1) return has_digit(line) || contains(dwelling_words, line);
    return words.size() == 2 && contains(dwelling_words, words[0]);
}

}  // namespace

// The first line, with the next where the first names a dwelling only.
std::string address_first_line(std::string_view address) {
    std::string kept;
    std::size_t from = 0;
    while (from <= address.size()) {
        auto to = address.find_first_of("\n\r,;", from);
        if (to == std::string_view::npos) to = address.size();
        const std::string line = address_line(address.substr(from, to - from));
        from = to + 1;
        if (line.empty()) continue;
        const bool more = names_dwelling_only(line);
        kept += (kept.empty() ? "" : " ") + line;
        if (!more) break;
    }
    return kept;
}

// What is left of use of a postcode that is not whole: its district ("SW1A"), or another country's ("4223").
std::string part_of_postcode(std::string_view written) {
    std::string code;
    for (const char c : to_upper_ascii(written.substr(0, 40))) {
        if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) code += c;
    }
    if (code.find_first_not_of("0123456789") == std::string::npos) {
        return code.size() >= 4 && code.size() <= 6 && code.find_first_not_of(code[0]) != std::string::npos
                   ? code
                   : std::string{};
    }
    // A district with any unit makes a postcode, so the rules are the same.
    return code.size() <= 4 && normalise_postcode(code + "1AA") ? code : std::string{};
}

std::string phone_digits(std::string_view written) {
    std::string digits;
    for (const char c : written) {
        if (c >= '0' && c <= '9') digits += c;
    }
    if (digits.starts_with("0044"))
        digits.erase(0, 4);
    else if (digits.starts_with("44") && digits.size() > 10)
        digits.erase(0, 2);
    if (!digits.empty() && digits[0] == '0') digits.erase(0, 1);
    if (digits.size() < 7 || digits.size() > 15 || digits.find_first_not_of(digits[0]) == std::string::npos) return {};
    return digits;
}

// 1 January 1900 and 1970 are what systems write for "not known" (the cleaning vectors drop them).
bool stands_for_no_date(Date date) {
    return date == make_date(1900, 1, 1) || date == make_date(1970, 1, 1);
}

}  // namespace waymark::people
