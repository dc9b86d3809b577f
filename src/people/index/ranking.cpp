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

bool is_letter(std::uint64_t byte) {
    return byte >= 'A' && byte <= 'Z';
}

// Which letters and digits there are.
std::uint64_t letters_of(std::uint64_t postcode) {
    std::uint64_t out = 0;
    for (int i = 0; i < 64; i += 8) out |= std::uint64_t{1} << (postcode >> i & 63);
    return out & ~std::uint64_t{1};
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
        out.near = out.strangers[different];
        if (batch::may_say_nothing(out.kind)) out.near = std::max(out.near, Weight{0});
        for (auto l = static_cast<LevelCode>(out.same_codes + 1); l < levels; ++l) {
            if (is_name(out.kind) && (l == batch::swapped_level(out.kind) || l == batch::other_level(out.kind))) {
                out.across = std::max(out.across, out.strangers[l]);
                continue;
            }
            if (out.kind == Kind::postcode && l == batch::former_level) continue;
            out.near = std::max(out.near, out.strangers[l]);
        }
        out.name = weights.limits(f).name;
        fields.push_back(out);
    }
}

Weighing::Weighing(const batch::Prepared& all, const Columns& columns, const batch::Weights& weights,
                   const Scale& scale, std::span<const AskedField> asked, RowShape shape)
    : all_(all),
      columns_(columns),
      asked_(asked),
      prior_(scale.prior),
      household_prior_(scale.household_prior),
      asked_names_{all, {}, {}, {}},
      shape_(shape) {
    for (std::size_t f = 0; f < asked.size(); ++f) {
        auto& own = scale_[f];
        own = scale.fields[f];
        at_once_[f] = own.kind == Kind::date_of_birth || own.kind == Kind::sex || own.kind == Kind::nhs_number ||
                      own.kind == Kind::upn || own.kind == Kind::postcode;
        seen_[f].fill({});
        if (asked[f].text.empty()) continue;
        read_first_[f] = is_name(own.kind);
        const auto code = asked[f].code;
        // Marks tell variants apart only among the values that the register was built with.
        marks_tell_[f] = code < columns[f]->built() || asked[f].value.loose.variants.empty();
        if (code == unknown_code || code >= columns[f]->built()) {
            // The scale's own: a value of one record, unless the model says how common it is.
            const auto& field = columns[f]->field();
            if (!field.shares) continue;
            const auto share = field.shares->share(field.kind, asked[f].text);
            for (LevelCode l = 1; l <= own.same_codes; ++l) {
                own.strangers[l] = weights.same_weight_of_share(f, share);
                own.household[l] = weights.household_weight_of_share(f, share);
            }
            continue;
        }
        for (LevelCode l = 1; l <= own.same_codes; ++l) {
            own.strangers[l] = weights.field_weight(f, code, l);
            own.household[l] = weights.household_weight(f, code, l);
        }
    }
    const auto text = [&](int f) { return f < 0 ? std::string_view() : asked[static_cast<std::size_t>(f)].text; };
    asked_names_.given = text(all.given);
    asked_names_.family = text(all.family);
    asked_names_.other = text(all.other);
    if (all.birth >= 0) {
        birth_ = static_cast<std::size_t>(all.birth);
        date_ = brief_date(text(all.birth));
    }
    if (all.postcode < 0) return;
    postcode_ = static_cast<std::size_t>(all.postcode);
    unit_ = brief_postcode(text(all.postcode));
    unit_letters_ = letters_of(unit_);
}

// Year, month and day all differ, and it is not the turn of a year: no slip that has a level.
bool Weighing::birth_differs(const std::uint32_t* row) const {
    const auto theirs = shape_.date(row);
    const auto known = [](std::uint32_t date) { return (date & 0xff) != 0 && (date & 0xff00) != 0; };
    if (!known(theirs) || !known(date_)) return false;
    const auto turn = [](std::uint32_t date) { return (date & 0xff00) == 0x0100 || (date & 0xff00) == 0x1200; };
    const auto apart = theirs ^ date_;
    return (apart & 0xff) != 0 && (apart & 0xff00) != 0 && (apart & 0xffff0000u) != 0 && !(turn(theirs) && turn(date_));
}

// Another area, and more letters that only one of the two has than two slips put there. For codes of five letters and
// more: a district or a sector in common shows in the first two letters.
bool Weighing::postcode_differs(const std::uint32_t* row) const {
    const auto theirs = shape_.postcode(row);
    if (theirs >> 32 == 0 || unit_ >> 32 == 0) return false;
    if (all_.fields[postcode_].british) {
        const auto apart = theirs ^ unit_;
        if ((apart & 0xffff) == 0) return false;
        const auto short_area = [](std::uint64_t code) { return !is_letter(code >> 8 & 0xff); };
        if ((apart & 0xff) == 0 && short_area(theirs) && short_area(unit_)) return false;
        if (!is_letter(theirs & 0xff) && !is_letter(unit_ & 0xff)) return false;
    }
    return std::popcount(letters_of(theirs) ^ unit_letters_) > 4;
}

LevelCode Weighing::level(std::size_t f, const std::uint32_t* row) {
    const auto& asked = asked_[f];
    const auto code = row[f];
    const auto kind = scale_[f].kind;
    if (code == 0 || asked.text.empty()) return 0;
    if (code == asked.code)
        return batch::graded_by_frequency(kind)
                   ? static_cast<LevelCode>(batch::same_level + static_cast<LevelCode>(asked.value.marks.rarity))
                   : batch::same_level;
    if ((f == birth_ && birth_differs(row)) || (f == postcode_ && postcode_differs(row)))
        return batch::different_level(kind);
    auto& seen = seen_[f][code % remembered];
    if (seen.code == code) return seen.level;
    seen.code = code;
    const auto& column = *columns_[f];
    BriefText brief;
    batch::LooseValue theirs;
    if (f == birth_ && shape_.date(row) != 0) {
        brief = text_of_date(shape_.date(row));
        theirs.value = brief.text();
    } else if (f == postcode_ && shape_.postcode(row) != 0) {
        brief = text_of_postcode(shape_.postcode(row));
        theirs.value = brief.text();
    } else {
        theirs = column.value(code).loose;
    }
    const bool first = asked.code < column.built() && code < column.built() ? asked.code < code
                                                                            : stands_first(asked.text, theirs.text());
    seen.level = first ? batch::compare_loose(kind, column.field().british, asked.value.loose, theirs)
                       : batch::compare_loose(kind, column.field().british, theirs, asked.value.loose);
    return seen.level;
}

bool Weighing::had_before(const std::uint32_t* row) const {
    const auto list = shape_.former_list(row);
    if (list == 0 || asked_[postcode_].text.empty()) return false;
    const auto former = all_.former.of_list(list);
    return std::find(former.begin(), former.end(), asked_[postcode_].code) != former.end();
}

// Of two names that are not the same.
Weight Weighing::most_of_name(std::size_t f, std::uint32_t code) const {
    const auto& scale = scale_[f];
    if (!marks_tell_[f] || code >= columns_[f]->built()) return scale.near;
    const auto& own = asked_[f].value.marks;
    const auto theirs = columns_[f]->marks(code);
    return batch::most_of_name(scale.name, own, theirs, (own.sounds & theirs.sounds) != 0);
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
        if (f == postcode_ && had_before(row)) {
            most += scale_[f].strangers[batch::with_former(level(f, row), true)];
            continue;
        }
        if (code == 0 || asked_[f].text.empty()) continue;
        const auto& scale = scale_[f];
        if (code == asked_[f].code) {
            most += scale.strangers[batch::same_level];
            continue;
        }
        const auto& seen = seen_[f][code % remembered];
        if (!is_name(scale.kind)) {
            most += at_once_[f] || seen.code == code ? scale.strangers[level(f, row)] : scale.near;
            continue;
        }
        const auto own = seen.code == code ? scale.strangers[seen.level] : most_of_name(f, code);
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
    for (std::size_t f = 0; f < asked_.size(); ++f) levels[f] = level(f, row);
    // Codes up to 12 of a name are those that need no look across.
    const auto differs = [&](int f) { return f >= 0 && levels[static_cast<std::size_t>(f)] > 12; };
    if (differs(all_.given) || differs(all_.family)) batch::look_across_names(all_, asked_names_, names(row), levels);
    if (postcode_ < asked_.size() && had_before(row)) levels[postcode_] = batch::with_former(levels[postcode_], true);
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
        const auto& info = batch::info_of(all_, levels, f);
        const auto weight = scale_[f].strangers[levels[f]];
        strangers += weight;
        household += scale_[f].household[levels[f]];
        out.push_back({all_.fields[f].header, std::string(info.words), std::string(info.id), weight / batch::unit});
    }
    const double both = batch::Weights::combine(strangers, household);
    const double less = both - strangers / batch::unit;
    if (less < -0.05) out.push_back({"", "A household shares this, so it says less", "household", less});
    return out;
}

}  // namespace waymark::people::index
