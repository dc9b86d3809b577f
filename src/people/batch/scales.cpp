#include "people/batch/scales.hpp"

#include <algorithm>

#include "people/batch/linkage_model.hpp"

namespace waymark::people::batch {

namespace {

constexpr std::size_t not_a_name = 3;

std::size_t name_number(Kind kind) {
    switch (kind) {
        case Kind::given_name:
            return 0;
        case Kind::family_name:
            return 1;
        case Kind::other_names:
            return 2;
        default:
            return not_a_name;
    }
}

LooseValue loose(const Someone& who, std::size_t f, Kind kind) {
    LooseValue value;
    value.value = who.text(f);
    value.how_rare = who.rarity[f];
    value.letter_bits = who.letters[f];
    if (const auto n = name_number(kind); n != not_a_name) {
        value.first_sound = who.names[n].sound;
        value.sound_bits = who.names[n].sounds;
        value.variants = who.names[n].groups;
    }
    return value;
}

}  // namespace

Result<Scales> Scales::of(const LinkageModel& model, const NameVariants* given, const NameVariants* family) {
    if (model.fields.size() > most_compared)
        return invalid("fields", "There are too many fields", "Give a model of at most 12");
    for (const auto& field : model.fields) {
        const bool needed = graded_by_frequency(field.kind) || field.kind == Kind::date_of_birth;
        if (needed && !field.shares)
            return invalid("fields", "The model does not say how common the values of " + field.name + " are",
                           "Use a model with shares, see docs/formats/model.md");
    }
    auto all = prepare_none(model);
    const auto fit = TRY(to_fit(all, model));
    Weights weights(all, fit);
    return Scales(std::move(all), std::move(weights), given, family);
}

Someone Scales::someone(std::span<const std::string> values, std::span<const std::string> former) const {
    Someone who;
    who.former.assign(former.begin(), former.begin() + std::min<std::ptrdiff_t>(std::ssize(former), most_former));
    for (std::size_t f = 0; f < all_.fields.size(); ++f) {
        const auto& field = all_.fields[f];
        const std::string_view text = f < values.size() ? std::string_view(values[f]) : std::string_view();
        who.texts += text;
        who.ends[f] = static_cast<std::uint32_t>(who.texts.size());
        if (text.empty()) continue;
        who.letters[f] = letter_marks(text);
        bool has_forms = false;
        if (const auto n = name_number(field.kind); n != not_a_name) {
            auto& name = who.names[n];
            const auto* variants = field.kind == Kind::family_name ? family_ : given_;
            if (variants != nullptr) name.groups = variant_groups(*variants, text);
            name.sounds = sound_marks(text);
            name.sound = sound_number(text);
            has_forms = !name.groups.empty();
        }
        if (!field.shares) {
            who.same[f] = weights_.same_weight_of_share(f, 1);
            continue;
        }
        who.rarity[f] = rarity_in(*field.shares, field.kind, text, has_forms);
        who.same[f] = weights_.same_weight_of_share(f, field.shares->share(field.kind, text));
    }
    return who;
}

void Scales::levels(const Someone& a, const Someone& b, Levels& out) const {
    out.fill(0);
    for (std::size_t f = 0; f < all_.fields.size(); ++f) {
        const auto x = a.text(f);
        const auto y = b.text(f);
        if (x.empty() || y.empty()) continue;
        const auto kind = all_.fields[f].kind;
        if (x == y) {
            out[f] = graded_by_frequency(kind)
                         ? static_cast<LevelCode>(same_level + static_cast<LevelCode>(a.rarity[f]))
                         : same_level;
            continue;
        }
        // In the order of a table's values, so that the two may come in any.
        const auto of_x = hash_bytes(x, 1);
        const auto of_y = hash_bytes(y, 1);
        const bool first = of_x != of_y ? of_x < of_y : x < y;
        const auto& one = first ? a : b;
        const auto& other = first ? b : a;
        out[f] = compare_loose(kind, all_.fields[f].british, loose(one, f, kind), loose(other, f, kind));
    }
    const auto text = [&](const Someone& who, int f) {
        return f < 0 ? std::string_view() : who.text(static_cast<std::size_t>(f));
    };
    const auto names = [&](const Someone& who) {
        return NameTexts{all_, text(who, all_.given), text(who, all_.family), text(who, all_.other)};
    };
    look_across_names(all_, names(a), names(b), out);
    if (all_.postcode < 0 || (a.former.empty() && b.former.empty())) return;
    const auto f = static_cast<std::size_t>(all_.postcode);
    const auto holds = [](const std::vector<std::string>& former, std::string_view postcode) {
        return !postcode.empty() && std::find(former.begin(), former.end(), postcode) != former.end();
    };
    const bool in_common =
        holds(a.former, b.text(f)) || holds(b.former, a.text(f)) ||
        std::any_of(a.former.begin(), a.former.end(), [&](const auto& one) { return holds(b.former, one); });
    out[f] = with_former(out[f], in_common);
}

Scales::Sums Scales::sums(const Someone& a, const Levels& levels) const {
    Sums out{weights_.prior(), weights_.household_prior()};
    for (std::size_t f = 0; f < all_.fields.size(); ++f) {
        const auto level = levels[f];
        if (level == 0) continue;
        if (level <= same_codes(all_.fields[f].kind)) {
            out.strangers += a.same[f];
            out.household += weights_.household_of_same(f, a.same[f]);
        } else {
            out.strangers += weights_.field_weight(f, 0, level);
            out.household += weights_.household_weight(f, 0, level);
        }
    }
    return out;
}

double Scales::weigh(const Someone& a, const Someone&, const Levels& levels) const {
    const auto both = sums(a, levels);
    return Weights::combine(both.strangers, both.household);
}

double Scales::field_weight(std::size_t f, const Someone& a, LevelCode level) const {
    if (level == 0) return 0;
    return (level <= same_codes(all_.fields[f].kind) ? a.same[f] : weights_.field_weight(f, 0, level)) / unit;
}

double Scales::household_takes(const Someone& a, const Levels& levels) const {
    const auto both = sums(a, levels);
    return Weights::combine(both.strangers, both.household) - both.strangers / unit;
}

}  // namespace waymark::people::batch
