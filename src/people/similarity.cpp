#include "people/similarity.hpp"

#include <algorithm>
#include <bit>
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

}  // namespace waymark::people
