#include "people/similarity.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "people/letters.hpp"

namespace waymark::people {

namespace {

constexpr std::size_t longest = 64;  // matches are kept in one word; what lies beyond is not compared

double likeness(std::string_view a, std::string_view b, std::uint64_t taken_a, std::uint64_t taken_b) {
    if (taken_a == 0) return 0;
    const auto matches = std::popcount(taken_a);
    int swapped = 0;
    for (; taken_a != 0; taken_a &= taken_a - 1, taken_b &= taken_b - 1) {
        if (a[static_cast<std::size_t>(std::countr_zero(taken_a))] !=
            b[static_cast<std::size_t>(std::countr_zero(taken_b))])
            ++swapped;
    }
    const auto m = static_cast<double>(matches);
    return (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) +
            (m - static_cast<double>(swapped) / 2) / m) /
           3;
}

double jaro(std::string_view a, std::string_view b) {
    const std::size_t window = std::max<std::size_t>(std::max(a.size(), b.size()) / 2, 1) - 1;
    std::uint64_t taken_a = 0;
    std::uint64_t taken_b = 0;
    if (b.size() <= Letters::longest) {
        const Letters letters(b);
        for (std::size_t i = 0; i < a.size() && i < b.size() + window; ++i) {
            const auto before = i > window ? (std::uint64_t{1} << (i - window)) - 1 : 0;
            const auto within = ((std::uint64_t{1} << std::min<std::size_t>(i + window + 1, 63)) - 1) & ~before;
            const std::uint64_t free = letters.where(a[i]) & within & ~taken_b;
            if (free == 0) continue;
            taken_a |= std::uint64_t{1} << i;
            taken_b |= free & (0 - free);
        }
        return likeness(a, b, taken_a, taken_b);
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        const std::size_t from = i > window ? i - window : 0;
        const std::size_t to = std::min(i + window + 1, b.size());
        for (std::size_t j = from; j < to; ++j) {
            if (((taken_b >> j) & 1u) != 0 || a[i] != b[j]) continue;
            taken_a |= std::uint64_t{1} << i;
            taken_b |= std::uint64_t{1} << j;
            break;
        }
    }
    return likeness(a, b, taken_a, taken_b);
}

}  // namespace

double jaro_winkler(std::string_view a, std::string_view b) {
    a = a.substr(0, longest);
    b = b.substr(0, longest);
    if (a.empty() || b.empty()) return 0;
    const double base = jaro(a, b);
    std::size_t prefix = 0;
    while (prefix < 4 && prefix < a.size() && prefix < b.size() && a[prefix] == b[prefix]) ++prefix;
    return base + static_cast<double>(prefix) * 0.1 * (1 - base);
}

bool one_edit_apart(std::string_view a, std::string_view b) {
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > 1 || a == b) return false;
    std::size_t front = 0;
    while (front < a.size() && a[front] == b[front]) ++front;
    const auto rest_a = a.substr(front);
    const auto rest_b = b.substr(front);
    if (a.size() != b.size()) return rest_a == rest_b.substr(1);
    if (rest_a.substr(1) == rest_b.substr(1)) return true;
    return rest_a.size() >= 2 && rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0] &&
           rest_a.substr(2) == rest_b.substr(2);
}

double most_alike(std::string_view a, std::string_view b, int apart) {
    if (a.size() > longest || b.size() > longest || a.empty() || b.empty()) return 1;
    const auto x = static_cast<double>(a.size());
    const auto y = static_cast<double>(b.size());
    const double matched = std::min(std::floor((x + y - apart) / 2), std::min(x, y));
    if (matched <= 0) return 0;
    const double jaro = (matched / x + matched / y + 1) / 3;
    std::size_t prefix = 0;
    while (prefix < 4 && prefix < a.size() && prefix < b.size() && a[prefix] == b[prefix]) ++prefix;
    return jaro + static_cast<double>(prefix) * 0.1 * (1 - jaro) + 1e-9;
}

namespace {

// Hyyro (2003), "A bit-vector algorithm for computing Levenshtein and Damerau edit distances": a column of the table of
// distances in two words, as the steps up and down in it. `a` is the shorter and not empty.
unsigned edits_of_short(std::string_view a, std::string_view b) {
    const Letters letters(a);
    const std::uint32_t last = std::uint32_t{1} << (a.size() - 1);
    auto distance = static_cast<unsigned>(a.size());
    std::uint32_t up = 0xffffffffu;
    std::uint32_t down = 0;
    std::uint32_t diagonal = 0;
    std::uint32_t before = 0;
    for (const char letter : b) {
        const auto here = letters.where(letter);
        const auto swapped = ((~diagonal & here) << 1) & before;
        diagonal = (((here & up) + up) ^ up) | here | down | swapped;
        auto right = down | ~(diagonal | up);
        const auto left = diagonal & up;
        if ((right & last) != 0) ++distance;
        if ((left & last) != 0) --distance;
        right = (right << 1) | 1u;
        up = (left << 1) | ~(diagonal | right);
        down = right & diagonal;
        before = here;
    }
    return distance;
}

}  // namespace

unsigned edits(std::string_view a, std::string_view b, unsigned most) {
    // What is equal at both ends costs nothing.
    while (!a.empty() && !b.empty() && a.front() == b.front()) {
        a.remove_prefix(1);
        b.remove_prefix(1);
    }
    while (!a.empty() && !b.empty() && a.back() == b.back()) {
        a.remove_suffix(1);
        b.remove_suffix(1);
    }
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > most) return most + 1;
    if (a.empty()) return static_cast<unsigned>(b.size());
    if (a.size() <= Letters::longest) return std::min(edits_of_short(a, b), most + 1);
    if (b.size() > longest) return most + 1;  // beyond what a slip explains: the differing middle alone is this long
    std::array<std::array<unsigned, longest + 1>, 3> rows;
    auto* before = &rows[0];
    auto* last = &rows[1];
    auto* now = &rows[2];
    for (std::size_t j = 0; j <= a.size(); ++j) (*last)[j] = static_cast<unsigned>(j);
    for (std::size_t i = 1; i <= b.size(); ++i) {
        (*now)[0] = static_cast<unsigned>(i);
        unsigned least = (*now)[0];
        for (std::size_t j = 1; j <= a.size(); ++j) {
            const unsigned change = (*last)[j - 1] + (a[j - 1] == b[i - 1] ? 0u : 1u);
            unsigned best = std::min({change, (*last)[j] + 1, (*now)[j - 1] + 1});
            if (i > 1 && j > 1 && a[j - 1] == b[i - 2] && a[j - 2] == b[i - 1])
                best = std::min(best, (*before)[j - 2] + 1);
            (*now)[j] = best;
            least = std::min(least, best);
        }
        if (least > most) return most + 1;
        std::swap(before, last);
        std::swap(last, now);
    }
    return std::min((*last)[a.size()], most + 1);
}

}  // namespace waymark::people
