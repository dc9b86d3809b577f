// The cleaning vectors of the core person record of HMPPS (tests/data/person-match-cleaning), and what they do not
// cover.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "base/json.hpp"
#include "base/text.hpp"
#include "people/people.hpp"

using namespace waymark;
using namespace waymark::people;

namespace {

using Words = std::vector<std::string>;

const json::object& vectors() {
    static const json::value all = [] {
        std::ifstream in(std::string(WAYMARK_SOURCE_DIR) + "/tests/data/person-match-cleaning/vectors.json");
        std::ostringstream text;
        text << in.rdbuf();
        return parse_json(text.str()).value();
    }();
    return all.get_object();
}
const json::array& cases(const char* file) {
    return vectors().at(file).at("data").as_array();
}

Words strings(const json::value& value) {
    Words out;
    if (value.is_array()) {
        for (const auto& each : value.get_array()) {
            if (each.is_string()) out.emplace_back(each.get_string());
        }
    }
    return out;
}
std::string text(const json::value& value) {
    return value.is_string() ? std::string(value.get_string()) : std::string{};
}

// Postcodes as the vectors want them: valid ones, each once, in order.
Words clean_postcodes(const json::value& value) {
    std::set<std::string> out;
    for (const auto& each : strings(value)) {
        if (const auto postcode = normalise_postcode(each)) out.insert(*postcode);
    }
    return {out.begin(), out.end()};
}

// Names as the vectors want them. They drop names of one letter; features keep them, because an initial is evidence.
Words long_parts(const std::string& name) {
    Words parts = name_parts(name);
    std::erase_if(parts, [](const std::string& part) { return part.size() < 2; });
    return parts;
}
std::string at_or_empty(const Words& parts, std::size_t at) {
    return at < parts.size() ? parts[at] : std::string{};
}

void check_names(const json::value& input, const json::value& expected) {
    const auto given = long_parts(text(input.at("first_name")) + " " + text(input.at("middle_names")));
    const auto family = long_parts(text(input.at("last_name")));
    const std::string last = family.empty() ? std::string{} : family.back();
    CHECK(at_or_empty(given, 0) == text(expected.at("name_1_std")));
    CHECK(at_or_empty(given, 1) == text(expected.at("name_2_std")));
    CHECK(at_or_empty(given, 2) == text(expected.at("name_3_std")));
    CHECK(last == text(expected.at("last_name_std")));
    CHECK(std::string(trim(at_or_empty(given, 0) + " " + last)) == text(expected.at("first_and_last_name_std")));
    std::set<std::string> forenames;
    std::set<std::string> last_names;
    if (!given.empty()) forenames.insert(given[0]);
    if (!last.empty()) last_names.insert(last);
    for (const auto& alias : strings(input.at("first_name_aliases"))) {
        if (const auto parts = long_parts(alias); !parts.empty()) forenames.insert(parts[0]);
    }
    for (const auto& alias : strings(input.at("last_name_aliases"))) {
        if (const auto parts = long_parts(alias); !parts.empty()) last_names.insert(parts.back());
    }
    CHECK(Words(forenames.begin(), forenames.end()) == strings(expected.at("forename_std_arr")));
    CHECK(Words(last_names.begin(), last_names.end()) == strings(expected.at("last_name_std_arr")));
}

}  // namespace

// What of the vectors is not tested here, and why: list_append_from_scalar and list_transform_remove_all_spaces are
// operations of a data frame that this program does not have (an identity is one row, its spaces go in
// normalise_postcode); list_filter_problem_cros and the CRO and PNC numbers of all_cleaning are criminal record
// numbers, which are not kept; sentence_dates are dates of sentences, which are no part of an identity. The dates of
// dob_arr are tested one at a time: an identity has one date of birth, and its aliases are other views.

TEST_CASE("names are cleaned as the vectors say") {
    std::size_t tested = 0;
    for (const auto& each : cases("test_individual_names_cleaning")) {
        CHECK(normalise_name(text(each.at("input_value"))) == text(each.at("output_value")));
        ++tested;
    }
    for (const auto& each : cases("test_list_transform_name_cleaning")) {
        const auto input = strings(each.at("input_value"));
        const auto expected = strings(each.at("output_value"));
        REQUIRE(input.size() == expected.size());
        for (std::size_t i = 0; i < input.size(); ++i, ++tested) CHECK(normalise_name(input[i]) == expected[i]);
    }
    CHECK(tested == 13);
}

TEST_CASE("names are taken apart end to end as the vectors say") {
    std::size_t tested = 0;
    for (const auto& each : cases("test_names_end_to_end")) {
        check_names(each.at("input_table").at(0), each.at("cleaned_2").at(0));
        ++tested;
    }
    CHECK(tested == 6);
    const auto& whole = cases("test_all_cleaning")[0];
    check_names(whole.at("candidate_search_return_format").at(0), whole.at("splink_model_format").at(0));
}

TEST_CASE("names of one letter are no names where the vectors filter them, and initials where evidence is wanted") {
    for (const auto& each : cases("test_list_filter_out_strings_of_length_lt")) {
        Words kept = strings(each.at("input_value"));
        std::erase_if(
            kept, [](const std::string& word) { return name_parts(word).empty() || name_parts(word)[0].size() < 2; });
        CHECK(kept == strings(each.at("output_value")));
    }
    CHECK(name_parts("a") == Words{"A"});
}

TEST_CASE("postcodes are cleaned as the vectors say") {
    for (const auto& each : cases("test_individual_postcode_cleaning")) {
        CHECK(clean_postcodes(each.at("input_value")) == strings(each.at("output_value")));
    }
    for (const auto& each : cases("test_postcodes_end_to_end")) {
        const auto& expected = each.at("cleaned_2").at(0);
        const auto clean = clean_postcodes(each.at("input_table").at(0).at("postcodes"));
        CHECK(clean == strings(expected.at("postcode_arr")));
        Words out;
        for (const auto& postcode : clean) out.push_back(outcode(postcode));
        CHECK(out == strings(expected.at("postcode_outcode_arr")));
    }
    const auto& whole = cases("test_all_cleaning")[0];
    CHECK(clean_postcodes(whole.at("candidate_search_return_format").at(0).at("postcodes")) ==
          strings(whole.at("splink_model_format").at(0).at("postcode_arr")));
}

TEST_CASE("dates of birth that stand for not known are dropped as the vectors say") {
    const auto kept = [](const std::string& written) {
        record::Identity identity;
        identity.date_of_birth = parse_date(written).value();
        return features_of(identity).date_of_birth.has_value();
    };
    std::size_t tested = 0;
    for (const auto& each : cases("test_dob_arr_end_to_end")) {
        const auto& input = each.at("input_table").at(0);
        std::set<std::string> dates;
        if (const auto date = text(input.at("date_of_birth")); !date.empty() && kept(date)) dates.insert(date);
        for (const auto& alias : strings(input.at("date_of_birth_aliases"))) {
            if (kept(alias)) dates.insert(alias);
        }
        CHECK(Words(dates.begin(), dates.end()) == strings(each.at("cleaned_2").at(0).at("date_of_birth_arr")));
        ++tested;
    }
    CHECK(tested == 5);
}

TEST_CASE("letters of other alphabets keep their kind, diacritics go, wide apostrophes vanish") {
    CHECK(normalise_name("Zoë  Błaszczyk") == "ZOE BLASZCZYK");
    CHECK(normalise_name("O’Neill") == "ONEILL");
    CHECK(normalise_name("жанна") == "ЖАННА");
    CHECK(normalise_name("Anne–Marie") == "ANNE MARIE");
    CHECK(normalise_name("St. John") == "ST JOHN");
    CHECK(name_parts("Mc Kenzie") == Words{"MCKENZIE"});
}

TEST_CASE("a normalised name is its own normal form, whatever the bytes") {
    CHECK(rc::check("normalise_name is idempotent", [](const std::string& name) {
        const std::string once = normalise_name(name);
        RC_ASSERT(normalise_name(once) == once);
        RC_ASSERT(is_valid_utf8(once));
    }));
}

TEST_CASE("an NHS number needs ten digits, its check digit and more than one digit") {
    CHECK(normalise_nhs_number("943 476 5919") ==
          std::optional<std::string>("9434765919"));  // NHS Data Dictionary's example
    CHECK(normalise_nhs_number("943-476-5919").has_value());
    CHECK_FALSE(normalise_nhs_number("9434765918"));
    CHECK_FALSE(normalise_nhs_number("943476591"));
    CHECK_FALSE(normalise_nhs_number("94347659190"));
    CHECK_FALSE(normalise_nhs_number("0000000000"));
    CHECK_FALSE(normalise_nhs_number("9999999999"));
}

TEST_CASE("a unique pupil number needs its check letter; a temporary one ends in a letter") {
    CHECK(normalise_upn("a 1234 5678 9012") == std::optional<std::string>("A123456789012"));
    // 0 1 2 3 4 5 6 7 8 9 0 1 with weights 2 to 13: the sum of i * (i + 2) for i from 0 to 9, and 1 * 13 = 388; 388 mod
    // 23 is 20: X.
    CHECK(normalise_upn("x012345678901") == std::optional<std::string>("X012345678901"));
    CHECK(normalise_upn("A012345678901") == std::nullopt);
    CHECK(normalise_upn("X01234567890") == std::nullopt);
    int temporary = 0;
    for (const char check : std::string_view("ABCDEFGHJKLMNPQRTUVWXYZ")) {
        if (normalise_upn(std::string(1, check) + "01234567890A")) ++temporary;
    }
    CHECK(temporary == 1);
}

TEST_CASE("names that sound alike share a key and names that do not, do not") {
    const auto alike = [](const char* a, const char* b) {
        return phonetic(normalise_name(a)) == phonetic(normalise_name(b));
    };
    CHECK(alike("Stephen", "Steven"));
    CHECK(alike("Catherine", "Katharine"));
    CHECK(alike("Knight", "Night"));
    CHECK(alike("Geoffrey", "Jeffrey"));
    CHECK(alike("Mohammed", "Muhammad"));
    CHECK(alike("Wright", "Right"));
    CHECK(alike("Aisha", "Ayesha"));
    CHECK_FALSE(alike("Martin", "Damian"));
    CHECK_FALSE(alike("Smith", "Jones"));
    CHECK(phonetic("") == "");
}
