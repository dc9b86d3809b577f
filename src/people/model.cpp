// The model: m and u of every level, set by hand with the reason beside each, and its JSON (docs/formats/model.md).
#include <algorithm>
#include <cmath>
#include <map>

#include "people/levels.hpp"

namespace waymark::people {

namespace {

constexpr std::string_view format_id = "waymark-identity-model";
constexpr int format_version = 1;
constexpr std::size_t most_shares = 200'000;

// Children are born over about 17 years here: one day in 6,200.
constexpr double one_day = 1.0 / 6200;

std::unordered_map<std::string, std::vector<Level>> hand_set_levels() {
    // m: how often one child's two records show the level. u: how often two children's do. For a level that depends on
    // how the fields were filled (an initial, a partial date), both carry that chance, so that only their ratio speaks.
    return {
        {"given_name",
         {{"same", 0.80, 0.004},       // u here is an average; the name's own share is used instead
          {"nickname", 0.05, 0.0006},  // agencies write "Josh" and "Joshua" alike often
          {"part", 0.03, 0.0004},      // Mary-Jane, Mary, MaryJane
          {"middle", 0.02, 0.0020},    // known by a middle name; siblings are named after one another, so weak
          {"initial", 0.02, 0.0020},   // one in ten other children has the initial
          {"one-letter", 0.03, 0.0006},
          {"similar", 0.010, 0.0010},
          {"sounds-alike", 0.010, 0.0020},
          {"swapped", 0.004, 0.00004},    // with the family name's own: thirteen bits for the pair
          {"first-only", 0.004, 0.0040},  // says nothing; it never links
          {"two-names", 0.004, 0.0020},   // George and Georgia; it never links
          {"different", 0.022, 0.98}}},
        {"family_name",
         {{"same", 0.86, 0.001},
          {"variant", 0.012, 0.0003},
          {"part", 0.03, 0.0005},  // one of two joined names
          {"one-letter", 0.03, 0.0004},
          {"similar", 0.010, 0.0008},
          {"sounds-alike", 0.008, 0.0015},
          {"previous", 0.02, 0.0005},
          {"swapped", 0.004, 0.00004},
          {"different", 0.045, 0.99}}},  // children's family names do change
        {"date_of_birth",
         {{"same", 0.95, one_day},
          {"swapped-day-month", 0.006, one_day * 0.36},  // 132 days of a year can be swapped
          {"one-digit", 0.014, one_day * 12},
          {"next-day", 0.005, one_day * 2},
          {"ten-days", 0.003, one_day * 16},
          {"same-month", 0.005, one_day * 25},
          {"same-day-of-year", 0.005, one_day * 14},
          {"same-day-and-year", 0.004, one_day * 9},
          {"year-only", 0.004, one_day * 4},  // 1 January against any day of that year
          {"partial-month", 0.95, one_day * 30.4},
          {"partial-year", 0.95, one_day * 365},
          {"expected-near", 0.85, one_day * 43},  // 9 in 10 are born within three weeks of the date
          {"expected-far", 0.13, one_day * 98},
          {"different", 0.008, 0.96}}},  // wrong in about 1 of 1,000 hospital records (BMC Med Res Methodol 2017)
        {"address", {{"same", 0.45, 0.00002}, {"similar", 0.10, 0.00005}, {"different", 0.45, 0.9999}}},
        {"postcode",
         {{"same", 0.45, 0.0002},  // 5,000 postcodes hold most of a partnership's children
          {"one-letter", 0.02, 0.0015},
          {"sector", 0.06, 0.01},
          {"outcode", 0.10, 0.04},
          {"different", 0.37,
           0.95}}},  // half of children's hospital postcodes differ from the register's (same source)
        {"sex",
         {{"same", 0.97, 0.5}, {"different", 0.03, 0.5 * 0.24}}},  // deliberately worth two bits against, not five
        {"nhs_number",
         {{"same", 0.98, 1e-6}, {"different", 0.02, 1.0}}},  // u: a number written to the wrong child, not chance
        {"upn", {{"same", 0.97, 1e-6}, {"different", 0.03, 1.0}}},
        {"la_child_id", {{"same", 0.95, 1e-6}, {"different", 0.05, 1.0}}},  // one child in one system twice does happen
        {"phone", {{"same", 0.30, 0.00005}, {"different", 0.70, 0.99}}},
        {"email", {{"same", 0.30, 0.00002}, {"different", 0.70, 0.99}}},
    };
}

// ---- JSON ---------------------------------------------------------------------------------------------------------

Result<double> number_at(const json::object& object, std::string_view key, const std::string& place, double least,
                         double most) {
    const auto* value = find(object, key);
    const std::string where = place.empty() ? std::string(key) : place + "." + std::string(key);
    if (value == nullptr || !value->is_number()) return invalid(where, "A number is missing", "Write a number");
    const double number = value->to_number<double>();
    if (!(number >= least && number <= most)) {
        return invalid(where, "The number is out of range",
                       "Write one from " + std::to_string(least) + " to " + std::to_string(most));
    }
    return number;
}

Result<std::vector<Level>> levels_at(const json::value& value, Aspect aspect, const std::string& place) {
    if (!value.is_array()) return invalid(place, "The levels of an aspect are a list", "Write a list of {level, m, u}");
    std::vector<Level> levels;
    for (std::size_t i = 0; i < value.get_array().size(); ++i) {
        const std::string where = place + "[" + std::to_string(i) + "]";
        const auto& each = value.get_array()[i];
        if (!each.is_object())
            return invalid(where, "A level is an object", "Write {\"level\": …, \"m\": …, \"u\": …}");
        const std::string id(string_or(each.get_object(), "level", ""));
        if (find_level(aspect, id) >= level_count(aspect) || id == "missing") {
            return invalid(where + ".level", "This aspect has no such level", "Use a level of docs/formats/model.md");
        }
        for (const auto& other : levels) {
            if (other.id == id) return invalid(where + ".level", "The level is there twice", "Write each level once");
        }
        levels.push_back({id, TRY(number_at(each.get_object(), "m", where, 1e-9, 1)),
                          TRY(number_at(each.get_object(), "u", where, 1e-12, 1))});
    }
    if (levels.size() + 1 != level_count(aspect)) {
        return invalid(place, "A level of this aspect is missing", "Write every level of docs/formats/model.md");
    }
    return levels;
}

Result<std::unordered_map<std::string, double>> shares_at(const json::object& object, std::string_view key) {
    std::unordered_map<std::string, double> shares;
    const auto* value = find(object, key);
    if (value == nullptr) return shares;
    const std::string place(key);
    if (!value->is_object())
        return invalid(place, "The shares are an object of name and share", "Write {\"SMITH\": 0.011}");
    if (value->get_object().size() > most_shares)
        return invalid(place, "There are too many names", "Keep the common ones");
    for (const auto& each : value->get_object()) {
        const std::string name(each.key());
        if (normalise_name(name) != name || name.empty()) {
            return invalid(place, "A name is not in its normal form", "Write names in upper case without diacritics");
        }
        shares[name] = TRY(number_at(value->get_object(), name, place, 1e-9, 1));
    }
    return shares;
}

Result<std::unordered_map<std::string, std::vector<Level>>> all_levels_at(const json::object& object) {
    const auto* value = find(object, "levels");
    if (value == nullptr || !value->is_object())
        return invalid("levels", "The levels are missing", "Write an object of aspects");
    std::unordered_map<std::string, std::vector<Level>> levels;
    for (std::size_t i = 0; i < aspect_count; ++i) {
        const auto aspect = static_cast<Aspect>(i);
        const std::string name(to_string(aspect));
        const auto* of_aspect = find(value->get_object(), name);
        if (of_aspect == nullptr)
            return invalid("levels." + name, "The aspect is missing", "Write the levels of every aspect");
        levels[name] = TRY(levels_at(*of_aspect, aspect, "levels." + name));
    }
    if (value->get_object().size() != levels.size()) {
        return invalid("levels", "There is an aspect that is not known", "Use the aspects of docs/formats/model.md");
    }
    return levels;
}

json::object write_shares(const std::unordered_map<std::string, double>& shares) {
    json::object out;
    for (const auto& [name, share] : std::map<std::string, double>(shares.begin(), shares.end())) out[name] = share;
    return out;
}

}  // namespace

Model default_model() {
    Model model;
    // A partnership of some 130,000 children: of two views taken at random, one pair in 2^17 is one child. It counts
    // for every pair, because u is the chance among pairs taken at random, not among candidates.
    model.prior = -17;
    model.link_at = 8;     // 1 wrong in 250 at the threshold itself, far fewer on the average above it
    model.review_at = -1;  // one in three: worth a person's look where a child's safety hangs on it
    model.levels = hand_set_levels();
    for (const auto& each : common_family_names()) model.family_name_share[std::string(each.name)] = each.percent / 100;
    for (const auto& each : common_given_names()) model.given_name_share[std::string(each.name)] = each.percent / 100;
    model.rare_share = 2e-4;
    return model;
}

Result<Model> parse_model(std::string_view text) {
    const auto value = TRY(parse_json(text));
    if (!value.is_object()) return invalid("", "A model is a JSON object", "See docs/formats/model.md");
    const auto& object = value.get_object();
    if (string_or(object, "format", "") != format_id) {
        return invalid("format", "This is not an identity model", "Write \"" + std::string(format_id) + "\"");
    }
    if (TRY(number_at(object, "version", "", 1, 1e6)) != format_version) {
        return invalid("version", "The model is of a version that this program does not know",
                       "Use version 1, or a newer program");
    }
    Model model;
    model.prior = TRY(number_at(object, "prior", "", -60, 0));
    model.link_at = TRY(number_at(object, "link_at", "", -60, 60));
    model.review_at = TRY(number_at(object, "review_at", "", -60, 60));
    if (model.review_at > model.link_at)
        return invalid("review_at", "It is above link_at", "Write a number not above link_at");
    model.rare_share = TRY(number_at(object, "rare_share", "", 1e-9, 1));
    model.levels = TRY(all_levels_at(object));
    model.family_name_share = TRY(shares_at(object, "family_name_share"));
    model.given_name_share = TRY(shares_at(object, "given_name_share"));
    return model;
}

std::string write_model(const Model& model) {
    json::object levels;
    for (std::size_t i = 0; i < aspect_count; ++i) {
        const std::string name(to_string(static_cast<Aspect>(i)));
        json::array of_aspect;
        if (const auto found = model.levels.find(name); found != model.levels.end()) {
            for (const auto& level : found->second)
                of_aspect.push_back({{"level", level.id}, {"m", level.m}, {"u", level.u}});
        }
        levels[name] = std::move(of_aspect);
    }
    json::object out{{"format", format_id},
                     {"version", format_version},
                     {"prior", model.prior},
                     {"link_at", model.link_at},
                     {"review_at", model.review_at},
                     {"rare_share", model.rare_share},
                     {"levels", std::move(levels)},
                     {"family_name_share", write_shares(model.family_name_share)},
                     {"given_name_share", write_shares(model.given_name_share)}};
    return write_json(out);
}

}  // namespace waymark::people
