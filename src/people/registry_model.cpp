// The registry's model out of one that was made from a file: what the file's pairs say of its columns, and the shipped
// numbers for what it lacks.
#include <algorithm>

#include <fmt/core.h>

#include "people/registry_model.hpp"

namespace waymark::people {

namespace {

std::string listed(const std::vector<batch::FieldModel>& fields) {
    std::string names;
    for (const auto& field : fields) names += (names.empty() ? "" : ", ") + field.name;
    return names;
}

bool must_have(batch::Kind kind) {
    return kind == batch::Kind::given_name || kind == batch::Kind::family_name || kind == batch::Kind::date_of_birth;
}

}  // namespace

Result<Model> registry_model(const batch::LinkageModel& kept) {
    Model model = default_model();
    std::vector<bool> said(model.fields.size());
    for (std::size_t i = 0; i < kept.fields.size(); ++i) {
        const auto& field = kept.fields[i];
        const auto place = fmt::format("fields[{}]", i);
        const auto own = std::find_if(model.fields.begin(), model.fields.end(),
                                      [&](const auto& each) { return each.kind == field.kind; });
        if (own == model.fields.end()) {
            return invalid(place,
                           fmt::format("The model compares a column {} ({}), which the record of people has not",
                                       field.name, to_string(field.kind)),
                           fmt::format("Make the model from these alone, with --only: {}", listed(model.fields)));
        }
        const auto at = static_cast<std::size_t>(own - model.fields.begin());
        if (said[at]) {
            return invalid(place, fmt::format("The model has two columns of the kind {}", to_string(field.kind)),
                           "Make the model from a file with one");
        }
        said[at] = true;
        const auto name = std::move(own->name);
        const auto shares = std::move(own->shares);
        *own = field;
        own->name = name;
        if (!own->shares) own->shares = shares;
    }
    for (std::size_t f = 0; f < model.fields.size(); ++f) {
        if (said[f] || !must_have(model.fields[f].kind)) continue;
        return invalid("fields", fmt::format("The model has no column {}", model.fields[f].name),
                       "Make the model from a file with given name, family name and date of birth");
    }
    // Two records are not made one where it is likelier that they are two.
    if (kept.link_at < 0) {
        return invalid("link_at", "The model would link pairs that are likelier two people than one",
                       "Make it with --threshold 0.95, or a higher --precision");
    }
    model.prior = kept.prior;
    model.household_prior = kept.household_prior;
    model.link_at = kept.link_at;
    model.review_at = kept.review_at;
    model.expected_precision = kept.expected_precision;
    return model;
}

}  // namespace waymark::people
