// From levels to odds. Two corrections to plain Fellegi and Sunter keep it honest about households, whose members share
// more than chance would have it:
// - Family name, address, postcode, telephone and e-mail together say which household, not which child: their sum can
// lift a
//   pair to even odds and no further. Given name, birth date, sex and numbers must do the rest.
// - Where one side has no given name nothing tells twins apart: the odds stop at the share of children who are no
// twins.
#include <algorithm>
#include <cmath>

#include "people/levels.hpp"
#include "people/similarity.hpp"

namespace waymark::people {

namespace {

// About 3 in 100 children are one of twins (multiple births, England and Wales): log2(0.97 / 0.03).
constexpr double odds_of_no_twin = 5.0;

constexpr std::size_t at(Aspect aspect) {
    return static_cast<std::size_t>(aspect);
}
template <class Level>
constexpr std::uint8_t code(Level level) {
    return static_cast<std::uint8_t>(level);
}

PlainLevel plain_level(const std::string& a, const std::string& b) {
    if (a.empty() || b.empty()) return PlainLevel::missing;
    return a == b ? PlainLevel::same : PlainLevel::different;
}

// Numbers of two authorities say nothing about one another.
PlainLevel la_level(const std::string& a, const std::string& b) {
    const auto source = [](const std::string& id) { return std::string_view(id).substr(0, id.find('/')); };
    if (a.empty() || b.empty() || source(a) != source(b)) return PlainLevel::missing;
    return a == b ? PlainLevel::same : PlainLevel::different;
}

std::string digits_of(const std::string& line) {
    std::string digits;
    for (const char c : line) {
        if (c >= '0' && c <= '9') digits += c;
    }
    return digits;
}

AddressLevel address_level(const std::string& a, const std::string& b, bool same_postcode) {
    if (a.empty() || b.empty()) return AddressLevel::missing;
    // A bare house number says something only within a postcode.
    const auto has_street = [](const std::string& line) {
        return std::count_if(line.begin(), line.end(), [](char c) { return c >= 'A' && c <= 'Z'; }) > 1;
    };
    const bool streets = has_street(a) && has_street(b);
    if (!streets && !same_postcode) return AddressLevel::missing;
    if (a == b) return AddressLevel::same;
    // "12 High St" and "14 High St" are one letter apart and two homes: the numbers must agree first.
    if (digits_of(a) != digits_of(b)) return AddressLevel::different;
    return !streets || jaro_winkler(a, b) >= 0.88 ? AddressLevel::similar : AddressLevel::different;
}

bool is_whole(const std::string& postcode) {
    return postcode.size() >= 5 || (postcode[0] >= '0' && postcode[0] <= '9');
}

PostcodeLevel postcode_level(const std::string& a, const std::string& b) {
    using enum PostcodeLevel;
    if (a.empty() || b.empty()) return missing;
    if (!is_whole(a) || !is_whole(b)) {
        const auto district = [](const std::string& code) {
            return is_whole(code) ? std::string_view(code).substr(0, code.size() - 3) : std::string_view(code);
        };
        return district(a) == district(b) ? PostcodeLevel::outcode : different;
    }
    if (a == b) return same;
    if (std::string_view(a).substr(0, a.size() - 2) == std::string_view(b).substr(0, b.size() - 2)) {
        return one_edit_apart(a, b) ? one_letter : PostcodeLevel::sector;
    }
    if (one_edit_apart(a, b)) return one_letter;
    const bool same_out = std::string_view(a).substr(0, a.size() - 3) == std::string_view(b).substr(0, b.size() - 3);
    return same_out ? PostcodeLevel::outcode : different;
}

const std::string& spelled(const std::vector<std::string>& parts, std::string& joined) {
    if (parts.size() == 1) return parts[0];
    joined.clear();
    for (const auto& part : parts) joined += part;
    return joined;
}

double share_of(const std::string& name, const std::unordered_map<std::string, double>& shares, double otherwise) {
    const auto found = shares.find(name);
    return found == shares.end() ? otherwise : found->second;
}

std::string_view rarity(double share, double rare) {
    if (share >= 0.003) return ", a common one";
    return share <= rare ? ", a rare one" : "";
}

// The identity before adoption and one that may be of now: what the two have in common is never looked at.
constexpr double least_weight = -1000;

bool is_household(Aspect aspect) {
    return aspect == Aspect::family_name || aspect == Aspect::address || aspect == Aspect::postcode ||
           aspect == Aspect::phone || aspect == Aspect::email;
}

}  // namespace

struct Comparer::Levels {
    std::array<std::uint8_t, aspect_count> level{};
    std::array<double, aspect_count> weight{};
    double given_share = 0;  // of the given name that both have
    double family_share = 0;

    [[nodiscard]] bool is(Aspect aspect, PlainLevel plain) const { return level[at(aspect)] == code(plain); }
    [[nodiscard]] GivenLevel given() const { return static_cast<GivenLevel>(level[at(Aspect::given_name)]); }
    [[nodiscard]] FamilyLevel family() const { return static_cast<FamilyLevel>(level[at(Aspect::family_name)]); }
    [[nodiscard]] BirthLevel birth() const { return static_cast<BirthLevel>(level[at(Aspect::date_of_birth)]); }
    [[nodiscard]] bool same_number() const {
        return is(Aspect::nhs_number, PlainLevel::same) || is(Aspect::upn, PlainLevel::same) ||
               is(Aspect::la_child_id, PlainLevel::same);
    }
    // Another given name; also one that is only alike where the sex differs too: George and Georgia may be twins.
    [[nodiscard]] bool another_given_name() const {
        switch (given()) {
            case GivenLevel::different:
            case GivenLevel::first_only:
            case GivenLevel::two_names:
                return true;
            case GivenLevel::nickname:
            case GivenLevel::middle:
            case GivenLevel::one_letter:
            case GivenLevel::similar:
            case GivenLevel::sounds_alike:
                return is(Aspect::sex, PlainLevel::different);
            default:
                return false;
        }
    }
    [[nodiscard]] bool like_family() const {
        return family() != FamilyLevel::missing && family() != FamilyLevel::different &&
               family() != FamilyLevel::swapped;
    }
    [[nodiscard]] bool one_household() const {
        const auto address = static_cast<AddressLevel>(level[at(Aspect::address)]);
        const auto postcode = static_cast<PostcodeLevel>(level[at(Aspect::postcode)]);
        return address == AddressLevel::same || address == AddressLevel::similar || postcode == PostcodeLevel::same ||
               is(Aspect::phone, PlainLevel::same) || is(Aspect::email, PlainLevel::same);
    }
    [[nodiscard]] bool siblings() const { return another_given_name() && like_family() && one_household(); }
    [[nodiscard]] bool twins() const { return siblings() && birth() == BirthLevel::same; }
};

Comparer::Comparer(const Model& model) : model_(model) {
    for (std::size_t aspect = 0; aspect < aspect_count; ++aspect) {
        const auto found = model.levels.find(std::string(to_string(static_cast<Aspect>(aspect))));
        if (found == model.levels.end()) continue;
        for (const auto& level : found->second) {
            const auto index = find_level(static_cast<Aspect>(aspect), level.id);
            if (index == most_levels || level.m <= 0 || level.u <= 0) continue;
            weights_[aspect][index] = std::log2(level.m / level.u);
            m_[aspect][index] = level.m;
        }
    }
}

void Comparer::find_levels(const Features& a, const Features& b, Levels& out) const {
    auto& level = out.level;
    level[at(Aspect::given_name)] = code(given_level(a, b, model_.given_variants));
    level[at(Aspect::family_name)] = code(family_level(a, b, model_.family_variants));
    level[at(Aspect::date_of_birth)] = code(birth_level(a, b));
    level[at(Aspect::address)] =
        code(address_level(a.address, b.address, !a.postcode.empty() && a.postcode == b.postcode));
    level[at(Aspect::postcode)] = code(postcode_level(a.postcode, b.postcode));
    level[at(Aspect::sex)] = code(plain_level(a.sex, b.sex));
    level[at(Aspect::nhs_number)] = code(plain_level(a.nhs_number, b.nhs_number));
    level[at(Aspect::upn)] = code(plain_level(a.upn, b.upn));
    level[at(Aspect::la_child_id)] = code(la_level(a.la_child_id, b.la_child_id));
    level[at(Aspect::phone)] = code(plain_level(a.phone, b.phone));
    level[at(Aspect::email)] = code(plain_level(a.email, b.email));
    for (std::size_t aspect = 0; aspect < aspect_count; ++aspect) out.weight[aspect] = weights_[aspect][level[aspect]];

    // A rare name that agrees says more: u is the name's own share, not an average.
    std::string joined;
    if (out.given() == GivenLevel::same) {
        out.given_share = share_of(a.given.front(), model_.given_name_share, model_.rare_share);
        out.weight[at(Aspect::given_name)] =
            std::log2(m_[at(Aspect::given_name)][code(GivenLevel::same)] / out.given_share);
    }
    if (out.family() == FamilyLevel::same) {
        out.family_share = share_of(spelled(a.family, joined), model_.family_name_share, model_.rare_share);
        out.weight[at(Aspect::family_name)] =
            std::log2(m_[at(Aspect::family_name)][code(FamilyLevel::same)] / out.family_share);
    }
    // Whoever moves changes both: it is said once.
    if (level[at(Aspect::postcode)] != code(PostcodeLevel::missing) &&
        level[at(Aspect::address)] == code(AddressLevel::different) &&
        level[at(Aspect::postcode)] != code(PostcodeLevel::same)) {
        out.weight[at(Aspect::address)] = 0;
    }
}

Weighed Comparer::judge(Levels& levels) const {
    auto& weight = levels.weight;
    double household = 0;
    for (std::size_t aspect = 0; aspect < aspect_count; ++aspect) {
        if (is_household(static_cast<Aspect>(aspect))) household += weight[aspect];
    }
    const double cap = -model_.prior;
    if (household > cap) {  // what speaks for is scaled so that the parts still add up to the whole
        double for_it = 0;
        for (std::size_t aspect = 0; aspect < aspect_count; ++aspect) {
            if (is_household(static_cast<Aspect>(aspect))) for_it += std::max(0.0, weight[aspect]);
        }
        const double scale = (for_it - (household - cap)) / for_it;
        for (std::size_t aspect = 0; aspect < aspect_count; ++aspect) {
            if (is_household(static_cast<Aspect>(aspect)) && weight[aspect] > 0) weight[aspect] *= scale;
        }
    }
    double sum = model_.prior;
    for (const double each : weight) sum += each;
    if (levels.given() == GivenLevel::missing && !levels.same_number() && sum > odds_of_no_twin) {
        weight[at(Aspect::date_of_birth)] -= sum - odds_of_no_twin;
        sum = odds_of_no_twin;
    }

    Weighed out;
    out.weight = sum;
    out.contradicted =
        levels.is(Aspect::nhs_number, PlainLevel::different) || levels.is(Aspect::upn, PlainLevel::different);
    out.twin_or_sibling = levels.siblings();
    const bool twins = levels.twins() && !out.contradicted;
    if (sum >= model_.link_at && !out.contradicted && !twins && !levels.another_given_name()) {
        out.outcome = Outcome::linked;
    } else if (sum >= model_.review_at || twins) {
        out.outcome = Outcome::review;
    }
    return out;
}

Weighed Comparer::weigh(const Features& a, const Features& b) const {
    if (a.former != b.former) return {least_weight, false, true, Outcome::not_linked};
    Levels levels;
    find_levels(a, b, levels);
    return judge(levels);
}

Comparison Comparer::compare(const Features& a, const Features& b) const {
    if (a.former != b.former) return {least_weight, 0, {}, false, true};
    Levels levels;
    find_levels(a, b, levels);
    const Weighed weighed = judge(levels);
    Comparison out;
    out.weight = weighed.weight;
    out.probability = 1 / (1 + std::exp2(-weighed.weight));
    out.twin_or_sibling = weighed.twin_or_sibling;
    out.contradicted = weighed.contradicted;
    const auto has = [](const Features& f, Aspect aspect) {
        switch (aspect) {
            case Aspect::given_name:
                return !f.given.empty();
            case Aspect::family_name:
                return !f.family.empty();
            case Aspect::date_of_birth:
                return f.date_of_birth.has_value();
            case Aspect::address:
                return !f.address.empty();
            case Aspect::postcode:
                return !f.postcode.empty();
            case Aspect::sex:
                return !f.sex.empty();
            case Aspect::nhs_number:
                return !f.nhs_number.empty();
            case Aspect::upn:
                return !f.upn.empty();
            case Aspect::la_child_id:
                return !f.la_child_id.empty();
            case Aspect::phone:
                return !f.phone.empty();
            case Aspect::email:
                return !f.email.empty();
        }
        return false;
    };
    for (std::size_t i = 0; i < aspect_count; ++i) {
        const auto aspect = static_cast<Aspect>(i);
        if (!has(a, aspect) && !has(b, aspect)) continue;
        const auto& text = level_texts(aspect)[levels.level[i]];
        std::string words(text.words);
        if (aspect == Aspect::given_name && levels.given() == GivenLevel::same)
            words += rarity(levels.given_share, model_.rare_share);
        if (aspect == Aspect::family_name && levels.family() == FamilyLevel::same)
            words += rarity(levels.family_share, model_.rare_share);
        out.evidence.push_back({aspect, std::string(text.id), std::move(words), levels.weight[i]});
    }
    return out;
}

Comparison compare(const Features& a, const Features& b, const Model& model) {
    return Comparer(model).compare(a, b);
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
    const bool only_alike = given == "nickname" || given == "middle" || given == "one-letter" || given == "similar" ||
                            given == "sounds-alike";
    const bool another_given_name =
        given == "different" || given == "first-only" || given == "two-names" || (only_alike && other_sex);
    if (comparison.twin_or_sibling && same_birth && !comparison.contradicted) return Outcome::review;
    if (comparison.weight >= model.link_at && !comparison.contradicted && !another_given_name &&
        !comparison.twin_or_sibling) {
        return Outcome::linked;
    }
    return comparison.weight >= model.review_at ? Outcome::review : Outcome::not_linked;
}

}  // namespace waymark::people
