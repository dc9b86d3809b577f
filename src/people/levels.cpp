#include "people/levels.hpp"

namespace waymark::people {

namespace {

using Texts = std::array<LevelText, most_levels>;

constexpr Texts given_texts = {{
    {"missing", "Only one side has a given name"},
    {"same", "Same given name"},
    {"nickname", "A short form or another spelling of the same given name"},
    {"part", "One given name is a part of the other, or the same written together"},
    {"middle", "The given name of one is another name of the other"},
    {"initial", "Same initial; one side has no more than that"},
    {"one-letter", "Given names differ by one letter"},
    {"similar", "Given names are written much alike"},
    {"sounds-alike", "Given names sound alike"},
    {"swapped", "Given and family name stand in each other's place"},
    {"first-only", "Same first given name, but another after it"},
    {"two-names", "Given names are alike, but each is a name of its own"},
    {"different", "Another given name"},
}};
constexpr Texts family_texts = {{
    {"missing", "Only one side has a family name"},
    {"same", "Same family name"},
    {"variant", "Another spelling of the same family name"},
    {"part", "One family name is a part of the other"},
    {"one-letter", "Family names differ by one letter"},
    {"similar", "Family names are written much alike"},
    {"sounds-alike", "Family names sound alike"},
    {"previous", "The family name of one is another or earlier name of the other"},
    {"swapped", "Family and given name stand in each other's place"},
    {"different", "Another family name"},
}};
constexpr Texts birth_texts = {{
    {"missing", "Only one side has a date of birth"},
    {"same", "Same date of birth"},
    {"swapped-day-month", "Dates of birth with day and month in each other's place"},
    {"one-digit", "Dates of birth differ by one digit"},
    {"next-day", "Dates of birth are one day apart"},
    {"ten-days", "Dates of birth are within ten days"},
    {"same-month", "Same month and year of birth, another day"},
    {"same-day-of-year", "Same day and month of birth, another year"},
    {"same-day-and-year", "Same day and year of birth, another month"},
    {"year-only", "Same year of birth; one side has 1 January, as is written where only the year is known"},
    {"partial-month", "Same month and year of birth as far as they are known"},
    {"partial-year", "Same year of birth as far as it is known"},
    {"expected-near", "Date of birth within three weeks of the expected one"},
    {"expected-far", "Date of birth within ten weeks of the expected one"},
    {"different", "Another date of birth"},
}};
constexpr Texts address_texts = {{
    {"missing", "Only one side has an address"},
    {"same", "Same first line of the address"},
    {"similar", "First lines of the address are written much alike"},
    {"different", "Another address"},
}};
constexpr Texts postcode_texts = {{
    {"missing", "Only one side has a postcode"},
    {"same", "Same postcode"},
    {"one-letter", "Postcodes differ by one character"},
    {"sector", "Postcodes of the same neighbourhood"},
    {"outcode", "Postcodes of the same district"},
    {"different", "Postcodes of different districts"},
}};
constexpr Texts sex_texts = {
    {{"missing", "Only one side has a sex"}, {"same", "Same sex"}, {"different", "Another sex"}}};
constexpr Texts nhs_texts = {{{"missing", "Only one side has an NHS number"},
                              {"same", "Same NHS number"},
                              {"different", "Two different valid NHS numbers"}}};
constexpr Texts upn_texts = {{{"missing", "Only one side has a unique pupil number"},
                              {"same", "Same unique pupil number"},
                              {"different", "Two different valid unique pupil numbers"}}};
constexpr Texts la_texts = {
    {{"missing", "Only one side has a local authority's number of the child, or another authority's"},
     {"same", "Same local authority's number of the child"},
     {"different", "Two numbers of the same local authority"}}};
constexpr Texts phone_texts = {{{"missing", "Only one side has a telephone number"},
                                {"same", "Same telephone number"},
                                {"different", "Another telephone number"}}};
constexpr Texts email_texts = {{{"missing", "Only one side has an e-mail address"},
                                {"same", "Same e-mail address"},
                                {"different", "Another e-mail address"}}};

}  // namespace

const Texts& level_texts(Aspect aspect) {
    switch (aspect) {
        case Aspect::given_name:
            return given_texts;
        case Aspect::family_name:
            return family_texts;
        case Aspect::date_of_birth:
            return birth_texts;
        case Aspect::address:
            return address_texts;
        case Aspect::postcode:
            return postcode_texts;
        case Aspect::sex:
            return sex_texts;
        case Aspect::nhs_number:
            return nhs_texts;
        case Aspect::upn:
            return upn_texts;
        case Aspect::la_child_id:
            return la_texts;
        case Aspect::phone:
            return phone_texts;
        case Aspect::email:
            return email_texts;
    }
    return email_texts;
}

std::size_t find_level(Aspect aspect, std::string_view id) {
    const auto& texts = level_texts(aspect);
    for (std::size_t i = 0; i < texts.size() && !texts[i].id.empty(); ++i) {
        if (texts[i].id == id) return i;
    }
    return most_levels;
}

std::size_t level_count(Aspect aspect) {
    const auto& texts = level_texts(aspect);
    std::size_t count = 0;
    while (count < texts.size() && !texts[count].id.empty()) ++count;
    return count;
}

std::string_view to_string(Aspect aspect) {
    constexpr std::array<std::string_view, aspect_count> names = {
        "given_name", "family_name", "date_of_birth", "address", "postcode", "sex",
        "nhs_number", "upn",         "la_child_id",   "phone",   "email"};
    return names[static_cast<std::size_t>(aspect)];
}

}  // namespace waymark::people
