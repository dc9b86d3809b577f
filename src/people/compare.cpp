// The registry's two people through the engine's levels and weights, and what is decided of a pair. A file's analyst
// may let the weight decide; in a record of children a given name that is another is never linked without a person.
//
// So is a form or slip of one where the sex is another: George and Georgia may be a brother and a sister. This stands
// here and not in the engine's rule for twins (batch/score.hpp). There the weight holds them apart already: with the
// rule, of a million records one wrong link of twins in 96 is spared and some 450 right links are lost (best F1 0.9564
// to 0.9558; of historical_50k, where the sex is written down less carefully, 0.849 to 0.844). In a record one wrong
// link of two children costs more than many questions to a person; in a file an analyst weighs the two.
#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include <fmt/core.h>

#include "base/text.hpp"
#include "people/batch/level_codes.hpp"
#include "people/batch/scales.hpp"
#include "people/batch/score.hpp"
#include "people/people.hpp"

namespace waymark::people {

namespace {

// The identity before adoption and one that may be of now: what the two have in common is never looked at.
constexpr double least_weight = -1000;

constexpr std::array<std::string_view, aspect_count> aspect_names = {
    "given_name", "family_name", "other_names", "date_of_birth", "address", "postcode", "sex",
    "nhs_number", "upn",         "la_child_id", "phone",         "email",   "household"};

std::string birth_text(const Features& f) {
    if (!f.date_of_birth) return {};
    if (f.expected_birth) return format_date(*f.date_of_birth) + batch::expected_mark;
    bool refused = false;
    return batch::normal_date(format_date(*f.date_of_birth), f.dob_accuracy, refused);
}

std::string text_of(const Features& f, Aspect aspect) {
    switch (aspect) {
        case Aspect::given_name:
            return join(f.given, " ");
        case Aspect::family_name:
            return join(f.family, " ");
        case Aspect::other_names:
            return join(f.other, " ");
        case Aspect::date_of_birth:
            return birth_text(f);
        case Aspect::address:
            return f.address;
        case Aspect::postcode:
            return f.postcode;
        case Aspect::sex:
            return f.sex;
        case Aspect::nhs_number:
            return f.nhs_number;
        case Aspect::upn:
            return f.upn;
        case Aspect::la_child_id:
            return f.la_child_id;
        case Aspect::phone:
            return f.phone;
        case Aspect::email:
            return f.email;
        case Aspect::household:
            break;
    }
    return {};
}

// Given names that are forms of one another, but may be a brother's and a sister's: George and Georgia.
bool only_alike(batch::LevelCode given) {
    using namespace batch;
    return given == name_variant || (given >= name_one_letter && given < name_part) ||
           (given >= name_begins && given < name_swapped) || given == name_other;
}

// One that has only some likeness speaks for nobody by itself.
bool merely_alike(batch::LevelCode given) {
    return given >= batch::name_loose;
}

}  // namespace

std::string_view to_string(Aspect aspect) {
    return aspect_names[static_cast<std::size_t>(aspect)];
}

struct Comparer::Body {
    batch::Scales scales;
    std::vector<std::optional<Aspect>> aspects;  // by field
    double link_at = 0;
    double review_at = 0;

    [[nodiscard]] bool another_given_name(const batch::Levels& levels) const {
        const auto& all = scales.fields();
        if (all.given < 0) return false;
        const auto given = levels[static_cast<std::size_t>(all.given)];
        if (batch::another_given_name(given) || merely_alike(given)) return true;
        const auto sex = all.sex < 0 ? batch::LevelCode{0} : levels[static_cast<std::size_t>(all.sex)];
        return sex == batch::plain_different && only_alike(given);
    }
    [[nodiscard]] Weighed judge(double weight, const batch::Levels& levels) const {
        const auto& all = scales.fields();
        Weighed out;
        out.weight = weight;
        out.contradicted = batch::contradict(all, levels);
        const bool another = another_given_name(levels);
        out.twin_or_sibling = another && batch::one_household(all, levels, true);
        const bool same_birth = all.birth >= 0 && levels[static_cast<std::size_t>(all.birth)] == batch::same_level;
        if (weight >= link_at && !out.contradicted && !another) {
            out.outcome = Outcome::linked;
        } else if (weight >= review_at || (out.twin_or_sibling && same_birth && !out.contradicted)) {
            out.outcome = Outcome::review;
        }
        return out;
    }
};

Comparer::Comparer(const Model& model) {
    auto scales = batch::Scales::of(model, &model.given_variants, &model.family_variants);
    if (!scales) throw std::invalid_argument(describe(scales.error()));
    auto body = std::make_shared<Body>(Body{std::move(*scales), {}, model.link_at, model.review_at});
    for (const auto& field : model.fields) {
        const auto* const at = std::find(aspect_names.begin(), aspect_names.end(), field.name);
        if (at == aspect_names.end()) {
            body->aspects.emplace_back();
        } else {
            body->aspects.emplace_back(static_cast<Aspect>(at - aspect_names.begin()));
        }
    }
    body_ = std::move(body);
}

Ready Comparer::ready(const Features& features) const {
    std::vector<std::string> values(body_->aspects.size());
    for (std::size_t f = 0; f < values.size(); ++f) {
        if (body_->aspects[f]) values[f] = text_of(features, *body_->aspects[f]);
    }
    return {std::make_shared<const batch::Someone>(body_->scales.someone(values, features.former_postcodes)),
            features.former};
}

Weighed Comparer::weigh(const Ready& a, const Ready& b) const {
    if (a.former != b.former) return {least_weight, false, true, Outcome::not_linked};
    batch::Levels levels{};
    body_->scales.levels(*a.someone, *b.someone, levels);
    return body_->judge(body_->scales.weigh(*a.someone, *b.someone, levels), levels);
}

Comparison Comparer::compare(const Ready& a, const Ready& b) const {
    if (a.former != b.former) return {least_weight, 0, {}, false, true};
    const auto& scales = body_->scales;
    const auto& fields = scales.fields().fields;
    batch::Levels levels{};
    scales.levels(*a.someone, *b.someone, levels);
    const auto weighed = body_->judge(scales.weigh(*a.someone, *b.someone, levels), levels);
    Comparison out;
    out.weight = weighed.weight;
    out.probability = 1 / (1 + std::exp2(-weighed.weight));
    out.twin_or_sibling = weighed.twin_or_sibling;
    out.contradicted = weighed.contradicted;
    for (std::size_t f = 0; f < fields.size(); ++f) {
        const bool said = levels[f] != 0 || !a.someone->text(f).empty() || !b.someone->text(f).empty();
        if (!said || !body_->aspects[f]) continue;
        const auto& info = batch::info_of(scales.fields(), levels, f);
        out.evidence.push_back({*body_->aspects[f], std::string(info.id), std::string(info.words),
                                scales.field_weight(f, *a.someone, levels[f])});
    }
    const double takes = scales.household_takes(*a.someone, levels);
    if (takes < -0.05) {
        out.evidence.push_back({Aspect::household, "household", "A household shares this, so it says less", takes});
    } else if (!out.evidence.empty()) {  // too little to speak of: the parts still add up to the whole
        std::max_element(out.evidence.begin(), out.evidence.end(), [](const Evidence& x, const Evidence& y) {
            return std::abs(x.weight) < std::abs(y.weight);
        })->weight += takes;
    }
    return out;
}

Weighed Comparer::weigh(const Features& a, const Features& b) const {
    return weigh(ready(a), ready(b));
}

Comparison Comparer::compare(const Features& a, const Features& b) const {
    return compare(ready(a), ready(b));
}

Comparison compare(const Features& a, const Features& b, const Model& model) {
    return Comparer(model).compare(a, b);
}

std::string_view to_string(Outcome outcome) {
    return outcome == Outcome::linked ? "linked" : outcome == Outcome::review ? "review" : "not-linked";
}

Outcome decide(const Comparison& comparison, const Model& model) {
    std::string_view given;
    bool same_birth = false;
    bool other_sex = false;
    for (const auto& each : comparison.evidence) {
        if (each.aspect == Aspect::given_name) given = each.level;
        if (each.aspect == Aspect::date_of_birth) same_birth = each.level == "same";
        if (each.aspect == Aspect::sex) other_sex = each.level == "different";
    }
    const auto& infos = batch::levels_of(batch::Kind::given_name);
    const auto code = static_cast<batch::LevelCode>(
        std::find_if(infos.begin(), infos.end(), [&](const auto& info) { return info.id == given; }) - infos.begin());
    const bool known = code < infos.size() && code != 0;
    const bool another_given_name =
        known && (batch::another_given_name(code) || merely_alike(code) || (other_sex && only_alike(code)));
    if (comparison.twin_or_sibling && same_birth && !comparison.contradicted) return Outcome::review;
    if (comparison.weight >= model.link_at && !comparison.contradicted && !another_given_name &&
        !comparison.twin_or_sibling) {
        return Outcome::linked;
    }
    return comparison.weight >= model.review_at ? Outcome::review : Outcome::not_linked;
}

}  // namespace waymark::people
