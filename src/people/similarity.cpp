#include "people/similarity.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace waymark::people {

namespace {

constexpr std::size_t longest = 64;  // matches are kept in one word; what lies beyond is not compared

double jaro(std::string_view a, std::string_view b) {
    const std::size_t window = std::max<std::size_t>(std::max(a.size(), b.size()) / 2, 1) - 1;
    std::uint64_t taken_a = 0;
    std::uint64_t taken_b = 0;
    std::size_t matches = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const std::size_t from = i > window ? i - window : 0;
        const std::size_t to = std::min(i + window + 1, b.size());
        for (std::size_t j = from; j < to; ++j) {
            if (((taken_b >> j) & 1u) != 0 || a[i] != b[j]) continue;
            taken_a |= std::uint64_t{1} << i;
            taken_b |= std::uint64_t{1} << j;
            ++matches;
            break;
        }
    }
    if (matches == 0) return 0;
    std::size_t swapped = 0;
    std::size_t j = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (((taken_a >> i) & 1u) == 0) continue;
        while (((taken_b >> j) & 1u) == 0) ++j;
        if (a[i] != b[j]) ++swapped;
        ++j;
    }
    const auto m = static_cast<double>(matches);
    return (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) +
            (m - static_cast<double>(swapped) / 2) / m) /
           3;
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
