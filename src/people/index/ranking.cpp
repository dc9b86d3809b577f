#include "people/index/ranking.hpp"

#include <algorithm>
#include <bit>

#include "people/batch/score.hpp"

namespace waymark::people::index {

using batch::Kind;
using batch::LevelCode;
using batch::Weight;

namespace {

bool is_name(Kind kind) {
    return kind == Kind::given_name || kind == Kind::family_name;
}

}  // namespace

Scale::Scale(const batch::Prepared& all, const batch::Weights& weights)
    : prior(weights.prior()), household_prior(weights.household_prior()) {
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        OfField out;
        out.kind = all.fields[f].kind;
        out.same_codes = batch::same_codes(out.kind);
        const auto levels = static_cast<LevelCode>(batch::levels_of(out.kind).size());
        for (LevelCode l = 1; l < levels; ++l) {
            if (l <= out.same_codes) {
                out.strangers[l] = weights.field_weight_of_new(f);
                out.household[l] = weights.household_weight_of_new(f);
            } else {
                out.strangers[l] = weights.field_weight(f, 0, l);
                out.household[l] = weights.household_weight(f, 0, l);
            }
        }
        const auto different = batch::different_level(out.kind);
        out.near = out.far = out.strangers[different];
        for (auto l = static_cast<LevelCode>(out.same_codes + 1); l < levels; ++l) {
            if (is_name(out.kind) && (l == batch::swapped_level(out.kind) || l == batch::other_level(out.kind))) {
                out.across = std::max(out.across, out.strangers[l]);
                continue;
            }
            out.near = std::max(out.near, out.strangers[l]);
            if (batch::far_level(out.kind, l)) out.far = std::max(out.far, out.strangers[l]);
        }
        fields.push_back(out);
    }
}

Weighing::Weighing(const batch::Prepared& all, const Columns& columns, const batch::Weights& weights,
                   const Scale& scale, std::span<const AskedField> asked)
    : all_(all),
      columns_(columns),
      asked_(asked),
      prior_(scale.prior),
      household_prior_(scale.household_prior),
      asked_names_{all, {}, {}, {}} {
    for (std::size_t f = 0; f < asked.size(); ++f) {
        auto& own = scale_[f];
        own = scale.fields[f];
        at_once_[f] = own.kind == Kind::date_of_birth || own.kind == Kind::sex || own.kind == Kind::nhs_number ||
                      own.kind == Kind::upn || own.kind == Kind::postcode;
        seen_[f].fill({});
        if (asked[f].text.empty()) continue;
        read_first_[f] = is_name(own.kind) || (at_once_[f] && own.kind != Kind::sex);
        const auto code = asked[f].code;
        // Marks tell variants apart only among the values that the register was built with.
        may_be_far_[f] = code < columns[f]->built() || asked[f].value.loose.variants.empty();
        if (code == unknown_code || code >= columns[f]->built()) continue;  // the scale's own: a value of one record
        for (LevelCode l = 1; l <= own.same_codes; ++l) {
            own.strangers[l] = weights.field_weight(f, code, l);
            own.household[l] = weights.household_weight(f, code, l);
        }
    }
    const auto text = [&](int f) { return f < 0 ? std::string_view() : asked[static_cast<std::size_t>(f)].text; };
    asked_names_.given = text(all.given);
    asked_names_.family = text(all.family);
    asked_names_.other = text(all.other);
}

LevelCode Weighing::level(std::size_t f, std::uint32_t code) {
    const auto& asked = asked_[f];
    if (code == 0 || asked.text.empty()) return 0;
    if (code == asked.code)
        return batch::graded_by_frequency(scale_[f].kind)
                   ? static_cast<LevelCode>(batch::same_level + static_cast<LevelCode>(asked.value.marks.rarity))
                   : batch::same_level;
    auto& seen = seen_[f][code % remembered];
    if (seen.code == code) return seen.level;
    seen.code = code;
    const auto& column = *columns_[f];
    Column::Short letters;
    batch::LooseValue theirs;
    if (column.has_short(code)) {
        letters = column.short_text(code);
        theirs.value = letters.text();
    } else {
        theirs = column.value(code).loose;
    }
    const bool first = asked.code < column.built() && code < column.built() ? asked.code < code
                                                                            : stands_first(asked.text, theirs.text());
    seen.level = first ? batch::compare_loose(scale_[f].kind, column.field().british, asked.value.loose, theirs)
                       : batch::compare_loose(scale_[f].kind, column.field().british, theirs, asked.value.loose);
    return seen.level;
}

Weight Weighing::bound(const std::uint32_t* row) {
    Weight most = prior_;
    Weight names = 0;
    bool given_differs = false;
    bool family_differs = false;
    const auto given = static_cast<std::size_t>(all_.given);
    const auto family = static_cast<std::size_t>(all_.family);
    for (std::size_t f = 0; f < asked_.size(); ++f) {
        const auto code = row[f];
        if (code == 0 || asked_[f].text.empty()) continue;
        const auto& scale = scale_[f];
        if (code == asked_[f].code) {
            most += scale.strangers[batch::same_level];
            continue;
        }
        const auto& seen = seen_[f][code % remembered];
        if (!is_name(scale.kind)) {
            most += at_once_[f] || seen.code == code ? scale.strangers[level(f, code)] : scale.near;
            continue;
        }
        const bool apart = seen.code != code && may_be_far_[f] && code < columns_[f]->built() &&
                           batch::far(columns_[f]->field(), asked_[f].value.marks, columns_[f]->marks(code));
        const auto own = seen.code == code ? scale.strangers[seen.level] : apart ? scale.far : scale.near;
        most += own;
        if (f != given && f != family) continue;  // a second column of names
        names += own;
        (f == given ? given_differs : family_differs) = true;
    }
    if (!given_differs && !family_differs) return most;
    // Names among the other names, or in each other's place (then the family name says nothing).
    const auto other = static_cast<std::size_t>(all_.other);
    if (all_.other >= 0 && (row[other] != 0 || !asked_[other].text.empty())) {
        Weight across = 0;
        if (given_differs) across += std::max(scale_[given].across, scale_[given].near);
        if (family_differs) across += std::max(scale_[family].across, scale_[family].near);
        return most - names + std::max(names, across);
    }
    if (!given_differs || !family_differs) return most;
    const auto letters_apart = [&](std::size_t f, std::size_t g) {
        return std::popcount(
            static_cast<std::uint32_t>(asked_[f].value.marks.letters ^ columns_[g]->marks(row[g]).letters));
    };
    if (letters_apart(given, family) > 2 || letters_apart(family, given) > 2) return most;
    return most - names +
           std::max(names, std::max(scale_[given].across, scale_[given].near) + std::max(scale_[family].near, 0));
}

batch::NameTexts Weighing::names(const std::uint32_t* row) const {
    const auto text = [&](int f) {
        if (f < 0) return std::string_view();
        const auto code = row[static_cast<std::size_t>(f)];
        return code == 0 ? std::string_view() : columns_[static_cast<std::size_t>(f)]->text(code);
    };
    return {all_, text(all_.given), text(all_.family), text(all_.other)};
}

float Weighing::weight(const std::uint32_t* row, batch::Levels& levels) {
    levels.fill(0);
    for (std::size_t f = 0; f < asked_.size(); ++f) levels[f] = level(f, row[f]);
    // Codes up to 12 of a name are those that need no look across.
    const auto differs = [&](int f) { return f >= 0 && levels[static_cast<std::size_t>(f)] > 12; };
    if (differs(all_.given) || differs(all_.family)) batch::look_across_names(all_, asked_names_, names(row), levels);
    Weight strangers = prior_;
    Weight household = household_prior_;
    for (std::size_t f = 0; f < asked_.size(); ++f) {
        strangers += scale_[f].strangers[levels[f]];
        household += scale_[f].household[levels[f]];
    }
    return static_cast<float>(batch::Weights::combine(strangers, household));
}

std::vector<batch::ExampleEvidence> Weighing::evidence(const batch::Levels& levels) const {
    std::vector<batch::ExampleEvidence> out;
    out.reserve(asked_.size() + 1);
    Weight strangers = prior_;
    Weight household = household_prior_;
    for (std::size_t f = 0; f < asked_.size(); ++f) {
        const auto& info = batch::levels_of(scale_[f].kind)[levels[f]];
        const auto weight = scale_[f].strangers[levels[f]];
        strangers += weight;
        household += scale_[f].household[levels[f]];
        out.push_back({all_.fields[f].header, std::string(info.words), std::string(info.id), weight / batch::unit});
    }
    const double both = batch::Weights::combine(strangers, household);
    const double less = both - strangers / batch::unit;
    if (less < -0.05) out.push_back({"", "Shared by a household", "household", less});
    return out;
}

}  // namespace waymark::people::index
