// How far two people's names agree. A given name that is clearly another is what tells twins apart, so every innocent
// reason for a difference is looked for first: short forms, merged or split parts, middle names, initials, slips of the
// pen.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "people/levels.hpp"
#include "people/similarity.hpp"

namespace waymark::people {

namespace {

using Parts = std::vector<std::string>;

constexpr double alike = 0.92;                // Jaro-Winkler
constexpr std::size_t shortest_telling = 3;   // letters of a part that says something by itself
constexpr std::size_t shortest_for_slip = 4;  // "Mia" and "Mya" may be two children

bool same_joined(const Parts& a, const Parts& b) {
    if (a.size() == b.size()) return a == b;
    std::size_t i = 0;
    std::size_t j = 0;
    std::size_t in_a = 0;
    std::size_t in_b = 0;
    while (i < a.size() && j < b.size()) {
        if (in_a == a[i].size()) {
            ++i;
            in_a = 0;
            continue;
        }
        if (in_b == b[j].size()) {
            ++j;
            in_b = 0;
            continue;
        }
        if (a[i][in_a++] != b[j][in_b++]) return false;
    }
    const auto rest = [](const Parts& parts, std::size_t at, std::size_t in) {
        return at >= parts.size() || (at + 1 == parts.size() && in == parts[at].size());
    };
    return rest(a, i, in_a) && rest(b, j, in_b);
}

std::string joined(const Parts& parts) {
    if (parts.size() == 1) return parts[0];
    std::string all;
    for (const auto& part : parts) all += part;
    return all;
}

bool share_part(const Parts& a, const Parts& b) {
    for (const auto& x : a) {
        if (x.size() >= shortest_telling && std::find(b.begin(), b.end(), x) != b.end()) return true;
    }
    return false;
}

// Whether the name stands as a word, or as the whole, among other and earlier names.
bool among_others(const std::string& name, const Parts& others) {
    if (name.size() < shortest_telling) return false;
    for (const auto& other : others) {
        auto at = other.find(name);
        while (at != std::string::npos) {
            const bool begins = at == 0 || other[at - 1] == ' ';
            const auto end = at + name.size();
            if (begins && (end == other.size() || other[end] == ' ')) return true;
            at = other.find(name, at + 1);
        }
    }
    return false;
}

bool short_form(const std::string& a, const std::string& b) {
    const auto& shorter = a.size() < b.size() ? a : b;
    const auto& longer = a.size() < b.size() ? b : a;
    if (shorter.size() < shortest_telling || longer.size() <= shorter.size() || !longer.starts_with(shorter))
        return false;
    // Joseph and Josephine, Paul and Paula are two names.
    constexpr std::array<std::string_view, 12> feminine = {"A",  "E",   "IA",  "INE",  "INA",  "LE",
                                                           "LA", "LLE", "LLA", "ETTE", "ETTA", "ELLE"};
    const auto ending = std::string_view(longer).substr(shorter.size());
    return shorter.size() == shortest_telling || std::find(feminine.begin(), feminine.end(), ending) == feminine.end();
}

bool slip(const std::string& a, const std::string& b) {
    return std::max(a.size(), b.size()) >= shortest_for_slip && one_edit_apart(a, b);
}

bool sound_alike(const std::string& a, const std::string& b) {
    const std::string key = phonetic(a);
    return key.size() >= 3 && key == phonetic(b);  // a shorter key joins Ivy and Ava
}

bool names_swapped(const Features& a, const Features& b) {
    if (a.given.empty() || a.family.empty() || b.given.empty() || b.family.empty() || a.given == a.family) return false;
    const auto alike_names = [](const std::string& x, const std::string& y) { return x == y || slip(x, y); };
    return alike_names(joined(a.given), joined(b.family)) && alike_names(joined(a.family), joined(b.given));
}

// "Mohammed Ali" and "Mohammed Hassan": where brothers share their first name, the second tells them apart.
bool second_names_part(const Parts& a, const Parts& b, const NameVariants& variants) {
    if (a.size() < 2 || b.size() < 2) return false;
    const auto& x = a[1];
    const auto& y = b[1];
    if (x == y || x[0] == y[0]) return false;  // the same, or an initial or short form as likely as not
    return !variants.related(x, y) && !one_edit_apart(x, y) && !sound_alike(x, y) &&
           !share_part(a, {b.begin() + 1, b.end()}) && !share_part({a.begin() + 1, a.end()}, b);
}

}  // namespace

GivenLevel given_level(const Features& a, const Features& b, const NameVariants& variants) {
    using enum GivenLevel;
    if (a.given.empty() || b.given.empty()) return missing;
    const auto& x = a.given.front();
    const auto& y = b.given.front();
    if (a.given == b.given) return x.size() == 1 ? initial : same;
    if (same_joined(a.given, b.given)) return part;
    if (x == y) {
        if (second_names_part(a.given, b.given, variants)) return first_only;
        return x.size() == 1 ? initial : same;
    }
    if (variants.related(x, y) || short_form(x, y)) return nickname;
    if (share_part(a.given, b.given)) return part;
    if (names_swapped(a, b)) return GivenLevel::swapped;
    // A slip of the pen seldom makes of one known name another: Jayden and Hayden may be twins.
    const bool both_known = variants.knows(x) && variants.knows(y);
    if (x.size() == 1 || y.size() == 1) {
        if (x[0] == y[0]) return initial;
    } else if (slip(x, y)) {
        return both_known ? two_names : one_letter;
    }
    if (among_others(x, b.other) || among_others(y, a.other)) return middle;
    if (std::min(x.size(), y.size()) > 1) {
        if (jaro_winkler(x, y) >= alike) return both_known ? two_names : similar;
        if (sound_alike(x, y)) return both_known ? two_names : sounds_alike;
    }
    return different;
}

FamilyLevel family_level(const Features& a, const Features& b, const NameVariants& variants) {
    using enum FamilyLevel;
    if (a.family.empty() || b.family.empty()) return missing;
    if (same_joined(a.family, b.family)) return same;
    const std::string x = joined(a.family);
    const std::string y = joined(b.family);
    if (variants.related(x, y)) return variant;
    if (share_part(a.family, b.family)) return part;
    if (slip(x, y)) return one_letter;
    if (among_others(join(a.family, " "), b.other) || among_others(join(b.family, " "), a.other)) return previous;
    if (names_swapped(a, b)) return FamilyLevel::swapped;
    if (jaro_winkler(x, y) >= alike) return similar;
    if (sound_alike(x, y)) return sounds_alike;
    return different;
}

}  // namespace waymark::people
