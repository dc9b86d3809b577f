#include "people/batch/adjust.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

namespace waymark::people::batch {

void let_twins_compete(const Prepared& all, std::vector<Scored>& pairs) {
    std::vector<bool> has_twin(all.size);
    bool any = false;
    for (const auto& pair : pairs) {
        if (!pair.twin) continue;
        has_twin[pair.a] = has_twin[pair.b] = any = true;
    }
    if (!any) return;
    struct Near {
        std::uint32_t twin;   // a record that may have a twin
        std::uint32_t other;  // one that may be it
        std::uint32_t pair;
        bool operator<(const Near& n) const { return twin != n.twin ? twin < n.twin : other < n.other; }
    };
    std::vector<Near> near;
    for (std::uint32_t p = 0; p < pairs.size(); ++p) {
        const auto& pair = pairs[p];
        if (pair.twin) continue;
        if (has_twin[pair.a]) near.push_back({pair.a, pair.b, p});
        if (has_twin[pair.b]) near.push_back({pair.b, pair.a, p});
    }
    std::sort(near.begin(), near.end());
    const auto of = [&](std::uint32_t record) {
        return std::equal_range(near.begin(), near.end(), Near{record, 0, 0},
                                [](const Near& x, const Near& y) { return x.twin < y.twin; });
    };
    // The strongest rival alone, by the weights as they were: the same in any order. It counts as far as the two are
    // not one person after all: a record with a wrong given name is no rival of the child's others.
    const auto log2_of_one_and = [](double weight) { return weight > 30 ? weight : std::log2(1 + std::exp2(weight)); };
    std::unordered_map<std::uint32_t, double> rival;
    const auto rivals = [&](std::uint32_t pair, double weight) {
        const auto [at, is_new] = rival.try_emplace(pair, weight);
        if (!is_new) at->second = std::max(at->second, weight);
    };
    for (const auto& pair : pairs) {
        if (!pair.twin) continue;
        auto [x, x_end] = of(pair.a);
        auto [y, y_end] = of(pair.b);
        const double same = log2_of_one_and(static_cast<double>(pair.weight));
        while (x != x_end && y != y_end) {
            if (x->other == y->other) {
                rivals(x->pair, static_cast<double>(pairs[y->pair].weight) - same);
                rivals(y->pair, static_cast<double>(pairs[x->pair].weight) - same);
                ++x;
                ++y;
            } else if (x->other < y->other) {
                ++x;
            } else {
                ++y;
            }
        }
    }
    for (const auto& [pair, weight] : rival)
        pairs[pair].weight = static_cast<float>(pairs[pair].weight - log2_of_one_and(weight));
}

std::vector<JudgedPair> judged_pairs(const std::vector<Label>& labels, const Table& left, const Table* right) {
    std::vector<JudgedPair> out;
    if (labels.empty()) return out;
    std::unordered_map<std::string_view, std::uint32_t> in_left;
    std::unordered_map<std::string_view, std::uint32_t> in_right;
    for (std::uint32_t i = 0; i < left.size; ++i) in_left.emplace(left.ids[i], i);
    if (right != nullptr) {
        for (std::uint32_t i = 0; i < right->size; ++i)
            in_right.emplace(right->ids[i], i + static_cast<std::uint32_t>(left.size));
    }
    for (const auto& label : labels) {
        const auto& second = right == nullptr ? in_left : in_right;
        const auto a = in_left.find(label.id_l);
        const auto b = second.find(label.id_r);
        if (a == in_left.end() || b == second.end() || a->second == b->second) continue;
        out.push_back({std::min(a->second, b->second), std::max(a->second, b->second), label.same});
    }
    return out;
}

std::vector<Judged> patterns_of(const Prepared& all, const std::vector<JudgedPair>& pairs) {
    std::map<Pattern, Judged> by_pattern;  // the same in any order of the labels
    for (const auto& pair : pairs) {
        Levels levels{};
        plain_levels(all, pair.a, pair.b, levels);
        auto& judged = by_pattern[pack(levels, all.fields.size())];
        (pair.same ? judged.same : judged.not_same) += 1;
    }
    std::vector<Judged> out;
    for (auto& [pattern, judged] : by_pattern) {
        judged.pattern = pattern;
        out.push_back(judged);
    }
    return out;
}

double shift_from_labels(const Prepared& all, const Weights& weights, const std::vector<JudgedPair>& pairs) {
    struct Weighed {
        double weight;
        bool same;
    };
    std::vector<Weighed> judged;
    for (const auto& pair : pairs) {
        Levels levels{};
        plain_levels(all, pair.a, pair.b, levels);
        judged.push_back({weights.weigh(all.row(pair.a), levels), pair.same});
    }
    // Newton's steps on the logarithm of the likelihood; in any order of the labels, so sorted first.
    std::sort(judged.begin(), judged.end(), [](const Weighed& x, const Weighed& y) {
        return x.weight != y.weight ? x.weight < y.weight : x.same < y.same;
    });
    constexpr double natural = 0.6931471805599453;
    constexpr double deviation = 2;
    double shift = 0;
    for (int round = 0; round < 50 && !judged.empty(); ++round) {
        double slope = -shift / (deviation * deviation);
        double bend = -1 / (deviation * deviation);
        for (const auto& each : judged) {
            const double p = 1 / (1 + std::exp2(-(each.weight + shift)));
            slope += natural * ((each.same ? 1.0 : 0.0) - p);
            bend -= natural * natural * p * (1 - p);
        }
        const double step = std::clamp(-slope / bend, -2.0, 2.0);
        shift += step;
        if (std::abs(step) < 1e-9) break;
    }
    return std::clamp(shift, -20.0, 20.0);
}

}  // namespace waymark::people::batch
