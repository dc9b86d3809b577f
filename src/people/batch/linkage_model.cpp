// The kept model, as JSON and as shares. Files and the registry have one format (docs/formats/model.md).
#include "people/batch/linkage_model.hpp"

#include <cmath>
#include <map>

#include <fmt/core.h>

#include "base/json.hpp"
#include "people/people.hpp"

namespace waymark::people::batch {

namespace {

constexpr std::string_view format_id = "waymark-identity-model";
constexpr int format_version = 4;
// 2: without the levels of expected dates, and without shares of values; 3: without the level of former postcodes
constexpr int oldest_version = 2;
constexpr std::size_t most_shares = 200'000;
constexpr double least_share = 1e-15;

Result<double> number_at(const json::object& object, std::string_view key, const std::string& where, double least,
                         double most) {
    const auto* value = find(object, key);
    const std::string place = where.empty() ? std::string(key) : where + "." + std::string(key);
    if (value == nullptr || !value->is_number()) return invalid(place, "A number is missing", "Write a number");
    const double number = value->to_number<double>();
    if (!(number >= least && number <= most))
        return invalid(place, "The number is out of range", fmt::format("Write one from {} to {}", least, most));
    return number;
}

// The version of the format in which the level came.
int since(const LevelInfo& info) {
    if (info.id == "former") return 4;
    return info.id == "expected-near" || info.id == "expected-far" ? 3 : oldest_version;
}

// As fit_model() fills in what a file has none of.
LevelWeight unseen_level(const LevelInfo& info) {
    if (info.id == "former")
        return {std::string(info.id), std::string(info.words),
                former_postcode_m,    0.97 * former_postcode_m + 0.03 * former_postcode_u,
                former_postcode_u,    std::log2(former_postcode_m / former_postcode_u)};
    const bool near = info.id == "expected-near";
    LevelWeight level{std::string(info.id), std::string(info.words), near ? 0.85 : 0.13, 0, near ? 0.0069 : 0.0158, 0};
    level.h = 0.03 * level.m + 0.97 * level.u;
    level.weight = std::log2(level.m / level.u);
    return level;
}

Result<LevelWeight> level_at(const json::value& value, const LevelInfo& known, const std::string& place) {
    if (!value.is_object()) return invalid(place, "A level is an object", "Write {level, m, h, u}");
    if (string_or(value.get_object(), "level", "") != known.id)
        return invalid(place + ".level", fmt::format("The level {} is expected here", known.id),
                       "Write the levels in the order of docs/formats/model.md");
    LevelWeight level;
    level.id = std::string(known.id);
    level.words = std::string(known.words);
    level.m = TRY(number_at(value.get_object(), "m", place, least_share, 1));
    level.h = TRY(number_at(value.get_object(), "h", place, least_share, 1));
    level.u = TRY(number_at(value.get_object(), "u", place, least_share, 1));
    level.weight = std::log2(level.m / level.u);
    return level;
}

Result<std::shared_ptr<const ValueShares>> shares_at(const json::object& object, const std::string& where) {
    const auto* of = find(object, "shares");
    if (of == nullptr && find(object, "other_share") == nullptr) return std::shared_ptr<const ValueShares>();
    auto shares = std::make_shared<ValueShares>();
    shares->other = TRY(number_at(object, "other_share", where, 1e-9, 1));
    if (of == nullptr) return std::shared_ptr<const ValueShares>(std::move(shares));
    const std::string place = where + ".shares";
    if (!of->is_object())
        return invalid(place, "The shares are an object of value and share", "Write {\"SMITH\": 0.011}");
    if (of->get_object().size() > most_shares)
        return invalid(place, "There are too many values", "Keep the common ones");
    for (const auto& each : of->get_object()) {
        const std::string value(each.key());
        if (value.empty() || normalise_name(value) != value)
            return invalid(place, "A value is not in its normal form", "Write values in upper case without diacritics");
        shares->of[value] = TRY(number_at(of->get_object(), value, place, 1e-9, 1));
    }
    return std::shared_ptr<const ValueShares>(std::move(shares));
}

Result<FieldModel> field_at(const json::value& value, int version, const std::string& where) {
    if (!value.is_object())
        return invalid(where, "A field is an object", "Write {\"column\": …, \"kind\": …, \"levels\": …}");
    const auto& object = value.get_object();
    FieldModel field;
    field.name = std::string(string_or(object, "column", ""));
    if (field.name.empty()) return invalid(where + ".column", "The column is missing", "Write its name in the header");
    const auto kind = kind_of(string_or(object, "kind", ""));
    if (!kind || *kind >= Kind::accuracy)
        return invalid(where + ".kind", "There is no such kind of column", "Use a kind of docs/formats/model.md");
    field.kind = *kind;
    field.by_frequency = graded_by_frequency(*kind) || *kind == Kind::date_of_birth;
    field.shares = TRY(shares_at(object, where));
    const auto* levels = find(object, "levels");
    if (levels == nullptr || !levels->is_array())
        return invalid(where + ".levels", "The levels are missing", "Write a list of {level, m, h, u}");
    const auto& list = levels->get_array();
    std::size_t next = 0;
    const auto& known = levels_of(*kind);
    for (std::size_t l = 1; l < known.size(); ++l) {
        if (version < since(known[l])) {
            field.levels.push_back(unseen_level(known[l]));
            continue;
        }
        if (next == list.size()) break;
        field.levels.push_back(TRY(level_at(list[next], known[l], fmt::format("{}.levels[{}]", where, next))));
        ++next;
    }
    if (next != list.size() || field.levels.size() + 1 != known.size())
        return invalid(where + ".levels", fmt::format("This kind has {} levels", known.size() - 1),
                       "Write every level of docs/formats/model.md, in its order");
    return field;
}

}  // namespace

LinkageModel to_model(const Prepared& all, const Fit& fit) {
    LinkageModel model;
    model.prior = fit.prior;
    model.household_prior = fit.household_prior;
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        FieldModel field;
        field.name = all.fields[f].header;
        field.kind = all.fields[f].kind;
        field.by_frequency = graded_by_frequency(field.kind) || field.kind == Kind::date_of_birth;
        field.shares = all.fields[f].shares;
        const auto& infos = levels_of(field.kind);
        for (std::size_t l = 1; l < infos.size(); ++l) {
            const auto& shares = fit.fields[f];
            field.levels.push_back({std::string(infos[l].id), std::string(infos[l].words), shares.m[l], shares.h[l],
                                    shares.u[l], std::log2(shares.m[l] / shares.u[l])});
        }
        model.fields.push_back(std::move(field));
    }
    return model;
}

Result<Fit> to_fit(const Prepared& all, const LinkageModel& model) {
    if (model.fields.size() != all.fields.size())
        return invalid("model",
                       fmt::format("The model is for {} columns, the file has {} to compare", model.fields.size(),
                                   all.fields.size()),
                       "Use the model with the columns that it was made for");
    Fit fit;
    fit.prior = model.prior;
    fit.household_prior = model.household_prior;
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        const auto& field = model.fields[f];
        if (field.kind != all.fields[f].kind || field.name != all.fields[f].header)
            return invalid("model",
                           fmt::format("The model is for a column {} ({}) where the file has {} ({})", field.name,
                                       to_string(field.kind), all.fields[f].header, to_string(all.fields[f].kind)),
                           "Use the model with the columns that it was made for, in their order");
        FieldShares shares;
        const auto levels = levels_of(field.kind).size();
        shares.m.assign(levels, 0);
        shares.h.assign(levels, 0);
        shares.u.assign(levels, 0);
        for (std::size_t l = 1; l < levels; ++l) {
            shares.m[l] = field.levels[l - 1].m;
            shares.h[l] = field.levels[l - 1].h;
            shares.u[l] = field.levels[l - 1].u;
        }
        fit.fields.push_back(std::move(shares));
    }
    return fit;
}

Result<LinkageModel> parse_linkage_model(std::string_view text) {
    const auto value = TRY(parse_json(text));
    if (!value.is_object()) return invalid("", "A model is a JSON object", "See docs/formats/model.md");
    const auto& object = value.get_object();
    if (string_or(object, "format", "") != format_id)
        return invalid("format", "This is not an identity model", "Write \"" + std::string(format_id) + "\"");
    const auto version = TRY(number_at(object, "version", "", 1, 1e6));
    if (version == 1)
        return invalid("version", "This model knows two classes of pair and is no more read",
                       "Use a model that was kept by this program");
    if (version < oldest_version || version > format_version)
        return invalid("version", "The model is of a version that this program does not know",
                       "Use version 2 to 4, or a newer program");
    LinkageModel model;
    model.prior = TRY(number_at(object, "prior", "", -100, 0));
    model.household_prior = TRY(number_at(object, "household_prior", "", -100, 0));
    model.link_at = TRY(number_at(object, "link_at", "", -60, 60));
    model.review_at = TRY(number_at(object, "review_at", "", -60, 60));
    if (model.review_at > model.link_at)
        return invalid("review_at", "It is above link_at", "Write a number not above link_at");
    model.expected_precision = TRY(number_at(object, "expected_precision", "", 0, 1));
    const auto* fields = find(object, "fields");
    if (fields == nullptr || !fields->is_array() || fields->get_array().empty())
        return invalid("fields", "The fields are missing", "Write a list of fields");
    if (fields->get_array().size() > most_compared)
        return invalid("fields", "There are too many fields", fmt::format("Write at most {}", most_compared));
    for (std::size_t i = 0; i < fields->get_array().size(); ++i)
        model.fields.push_back(
            TRY(field_at(fields->get_array()[i], static_cast<int>(version), fmt::format("fields[{}]", i))));
    return model;
}

std::string write_linkage_model(const LinkageModel& model) {
    json::array fields;
    for (const auto& field : model.fields) {
        json::array levels;
        for (const auto& level : field.levels)
            levels.push_back({{"level", level.id}, {"m", level.m}, {"h", level.h}, {"u", level.u}});
        json::object one{{"column", field.name}, {"kind", to_string(field.kind)}, {"levels", std::move(levels)}};
        if (field.shares) {
            one["other_share"] = field.shares->other;
            json::object shares;
            for (const auto& [value, share] :
                 std::map<std::string, double>(field.shares->of.begin(), field.shares->of.end()))
                shares[value] = share;
            if (!shares.empty()) one["shares"] = std::move(shares);
        }
        fields.push_back(std::move(one));
    }
    return write_json(json::object{{"format", format_id},
                                   {"version", format_version},
                                   {"prior", model.prior},
                                   {"household_prior", model.household_prior},
                                   {"link_at", model.link_at},
                                   {"review_at", model.review_at},
                                   {"expected_precision", model.expected_precision},
                                   {"fields", std::move(fields)}});
}

}  // namespace waymark::people::batch
