// What each level is called in a model, and what is said of it to a reader. The words never hold a value.
#include "people/batch/levels.hpp"

namespace waymark::people::batch {

namespace {

const std::vector<LevelInfo> given_levels = {
    {"missing", "Only one side has a given name"},
    {"same", "Same given name, a rare one"},
    {"same", "Same given name, an uncommon one"},
    {"same", "Same given name, a common one"},
    {"same", "Same given name, a very common one"},
    {"nickname", "A short form or another spelling of the same given name"},
    {"one-letter", "Given names differ by one letter, as a slip would"},
    {"one-letter-uncommon", "Given names differ by one letter"},
    {"one-letter-common", "Given names differ by one letter, but both are common names"},
    {"similar", "Given names are written much alike, as a slip would"},
    {"similar-uncommon", "Given names are written much alike"},
    {"similar-common", "Given names are written much alike, but both are common names"},
    {"part", "One given name is a part of the other, or the same written together"},
    {"first-only", "One given name in common, but another after it"},
    {"initial", "Same initial; one side has no more than that"},
    {"begins", "One given name is the beginning of the other"},
    {"sounds-alike", "Given names sound alike"},
    {"sounds-alike-common", "Given names sound alike, but both are common names"},
    {"swapped", "Given and family name stand in each other's place"},
    {"other-name", "The given name of one is another name of the other"},
    {"loose", "Given names have some likeness, as several slips would"},
    {"loose-common", "Given names have some likeness, but both are common names"},
    {"different", "Another given name"},
};
const std::vector<LevelInfo> family_levels = {
    {"missing", "Only one side has a family name"},
    {"same", "Same family name, a rare one"},
    {"same", "Same family name, an uncommon one"},
    {"same", "Same family name, a common one"},
    {"same", "Same family name, a very common one"},
    {"variant", "Another spelling of the same family name"},
    {"one-letter", "Family names differ by one letter, as a slip would"},
    {"one-letter-uncommon", "Family names differ by one letter"},
    {"one-letter-common", "Family names differ by one letter, but both are common names"},
    {"similar", "Family names are written much alike, as a slip would"},
    {"similar-uncommon", "Family names are written much alike"},
    {"similar-common", "Family names are written much alike, but both are common names"},
    {"part", "One family name is a part of the other"},
    {"first-only", "One part of the family names in common"},
    {"initial", "Same initial; one side has no more than that"},
    {"begins", "One family name is the beginning of the other"},
    {"sounds-alike", "Family names sound alike"},
    {"sounds-alike-common", "Family names sound alike, but both are common names"},
    {"swapped", "Family and given name stand in each other's place"},
    {"other-name", "The family name of one is another or earlier name of the other"},
    {"loose", "Family names have some likeness, as several slips would"},
    {"loose-common", "Family names have some likeness, but both are common names"},
    {"different", "Another family name"},
};
const std::vector<LevelInfo> other_levels = {
    {"missing", "Only one side has other names"},
    {"same", "Same other names, rare ones"},
    {"same", "Same other names, uncommon ones"},
    {"same", "Same other names, common ones"},
    {"same", "Same other names, very common ones"},
    {"nickname", "A short form or another spelling of the same other name"},
    {"one-letter", "Other names differ by one letter, as a slip would"},
    {"one-letter-uncommon", "Other names differ by one letter"},
    {"one-letter-common", "Other names differ by one letter, but both are common names"},
    {"similar", "Other names are written much alike, as a slip would"},
    {"similar-uncommon", "Other names are written much alike"},
    {"similar-common", "Other names are written much alike, but both are common names"},
    {"part", "Other names have all of one side in common"},
    {"first-only", "One of several other names in common"},
    {"initial", "Same initial of the other name; one side has no more than that"},
    {"begins", "One other name is the beginning of the other"},
    {"sounds-alike", "Other names sound alike"},
    {"sounds-alike-common", "Other names sound alike, but both are common names"},
    {"swapped", "Other and given name stand in each other's place"},
    {"other-name", "The other name of one is a name of the other"},
    {"loose", "Other names have some likeness, as several slips would"},
    {"loose-common", "Other names have some likeness, but both are common names"},
    {"different", "Other names are different"},
};
const std::vector<LevelInfo> birth_levels = {
    {"missing", "Only one side has a date of birth"},
    {"same", "Same date of birth"},
    {"swapped-day-month", "Dates of birth with day and month in each other's place"},
    {"first-of-month", "Same month of birth; one side has its first day, as is written where the day is not known"},
    {"year-only", "Same year of birth; one side has 1 January, as is written where only the year is known"},
    {"next-year", "Same day and month of birth, one year apart"},
    {"same-day-of-year", "Same day and month of birth, another year"},
    {"next-day", "Dates of birth are one day apart"},
    {"one-digit", "Dates of birth differ by one digit"},
    {"digits-swapped", "Dates of birth differ by two digits in each other's place"},
    {"same-month", "Same month and year of birth, another day"},
    {"same-day-and-year", "Same day and year of birth, another month"},
    {"partial-month", "Same month and year of birth as far as they are known"},
    {"partial-year", "Same year of birth as far as it is known"},
    {"expected-near", "Date of birth within three weeks of the expected one"},
    {"expected-far", "Date of birth within ten weeks of the expected one"},
    {"two-digits", "Dates of birth differ by two digits"},
    {"same-year", "Same year of birth, another day and month"},
    {"different", "Another date of birth"},
};
const std::vector<LevelInfo> postcode_levels = {
    {"missing", "Only one side has a postcode"},
    {"same", "Same postcode, of few records"},
    {"same", "Same postcode"},
    {"same", "Same postcode, of many records"},
    {"same", "Same postcode, of very many records"},
    {"former", "The postcode of one is a former postcode of the other, or a former one of both is the same"},
    {"one-letter", "Postcodes differ by one character"},
    {"two-letters", "Postcodes differ by two characters"},
    {"sector", "Postcodes of the same neighbourhood"},
    {"district", "Postcodes of the same district"},
    {"area", "Postcodes of the same area"},
    {"different", "Postcodes of different areas"},
};
const std::vector<LevelInfo> text_levels = {
    {"missing", "Only one side says it"},
    {"same", "The same, and rare"},
    {"same", "The same, and uncommon"},
    {"same", "The same, and common"},
    {"same", "The same, and very common"},
    {"one-letter", "One letter is different"},
    {"similar", "Written much alike, as a slip would"},
    {"similar-common", "Written much alike, but both are common"},
    {"part", "All words of one side are there on the other"},
    {"some-words", "Some words in common"},
    {"loose", "Some likeness"},
    {"different", "Different"},
};
const std::vector<LevelInfo> number_levels = {
    {"missing", "Only one side has the number"},
    {"same", "Same number"},
    {"one-digit", "Numbers differ by one digit"},
    {"two-digits", "Numbers differ by two digits"},
    {"different", "Another number"},
};
const std::vector<LevelInfo> la_levels = {
    {"missing", "Only one side has a local authority's number of the child, or another authority's"},
    {"same", "Same local authority's number of the child"},
    {"one-digit", "Local authority's numbers of the child differ by one character"},
    {"two-digits", "Local authority's numbers of the child differ by two characters"},
    {"different", "Two numbers of the same local authority"},
};
const std::vector<LevelInfo> phone_levels = {
    {"missing", "Only one side has a telephone number"},
    {"same", "Same telephone number"},
    {"one-digit", "Telephone numbers differ by one digit"},
    {"two-digits", "Telephone numbers differ by two digits"},
    {"different", "Another telephone number"},
};
const std::vector<LevelInfo> address_levels = {
    {"missing", "Only one side has an address"},
    {"same", "Same first line of the address, of few records"},
    {"same", "Same first line of the address"},
    {"same", "Same first line of the address, of many records"},
    {"same", "Same first line of the address, of very many records"},
    {"one-letter", "First lines of the address differ by one letter"},
    {"similar", "First lines of the address are written much alike"},
    {"similar-common", "First lines of the address are written much alike, but both are common"},
    {"part", "All words of one first line of the address are there in the other"},
    {"some-words", "First lines of the address have some words in common"},
    {"loose", "First lines of the address have some likeness"},
    {"different", "Another address"},
};
const std::vector<LevelInfo> email_levels = {
    {"missing", "Only one side has an e-mail address"},
    {"same", "Same e-mail address, of few records"},
    {"same", "Same e-mail address"},
    {"same", "Same e-mail address, of many records"},
    {"same", "Same e-mail address, of very many records"},
    {"one-letter", "E-mail addresses differ by one letter"},
    {"similar", "E-mail addresses are written much alike"},
    {"similar-common", "E-mail addresses are written much alike, but both are common"},
    {"part", "All words of one e-mail address are there in the other"},
    {"some-words", "E-mail addresses have some words in common"},
    {"loose", "E-mail addresses have some likeness"},
    {"different", "Another e-mail address"},
};
const std::vector<LevelInfo> sex_levels = {
    {"missing", "Only one side has a sex"}, {"same", "Same sex"}, {"different", "Another sex"}};
const std::vector<LevelInfo> nhs_levels = {{"missing", "Only one side has an NHS number"},
                                           {"same", "Same NHS number"},
                                           {"different", "Two different valid NHS numbers"}};
const std::vector<LevelInfo> upn_levels = {{"missing", "Only one side has a unique pupil number"},
                                           {"same", "Same unique pupil number"},
                                           {"different", "Two different valid unique pupil numbers"}};

}  // namespace

const std::vector<LevelInfo>& levels_of(Kind kind) {
    switch (kind) {
        case Kind::given_name:
            return given_levels;
        case Kind::family_name:
            return family_levels;
        case Kind::other_names:
            return other_levels;
        case Kind::date_of_birth:
            return birth_levels;
        case Kind::sex:
            return sex_levels;
        case Kind::postcode:
            return postcode_levels;
        case Kind::nhs_number:
            return nhs_levels;
        case Kind::upn:
            return upn_levels;
        case Kind::number:
            return number_levels;
        case Kind::la_child_id:
            return la_levels;
        case Kind::phone:
            return phone_levels;
        case Kind::address:
            return address_levels;
        case Kind::email:
            return email_levels;
        default:
            return text_levels;
    }
}

const LevelInfo& info_of(const Prepared& all, const std::array<LevelCode, most_compared>& levels, std::size_t field) {
    const bool swapped = all.given >= 0 && static_cast<int>(field) == all.family &&
                         levels[static_cast<std::size_t>(all.given)] == swapped_level(Kind::given_name);
    const auto kind = all.fields[field].kind;
    return levels_of(kind)[swapped ? swapped_level(kind) : levels[field]];
}

}  // namespace waymark::people::batch
