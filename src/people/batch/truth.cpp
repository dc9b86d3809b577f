#include "people/batch/truth.hpp"

#include <algorithm>

namespace waymark::people::batch {

namespace {

std::uint64_t pairs_of(std::uint64_t n) {
    return n * (n - 1) / 2;
}

std::uint64_t all_true_pairs(const Prepared& all, const std::vector<std::uint64_t>& truth) {
    std::vector<std::pair<std::uint64_t, bool>> records;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        if (truth[i] != 0) records.emplace_back(truth[i], i >= all.left);
    }
    std::sort(records.begin(), records.end());
    std::uint64_t pairs = 0;
    for (std::size_t i = 0; i < records.size();) {
        std::uint64_t left = 0;
        std::uint64_t right = 0;
        auto j = i;
        for (; j < records.size() && records[j].first == records[i].first; ++j) ++(records[j].second ? right : left);
        pairs += all.left == all.size ? pairs_of(left) : left * right;
        i = j;
    }
    return pairs;
}

double f1(double precision, double recall) {
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
}

// Two children of one birth date and household: by the household's own column where there is one, else by family name
// and postcode or address.
bool are_twins(const Prepared& all, const std::vector<std::uint64_t>& household, std::uint32_t a, std::uint32_t b) {
    if (all.birth < 0) return false;
    const auto x = all.row(a);
    const auto y = all.row(b);
    const auto same = [&](int field) {
        return field >= 0 && x[static_cast<std::size_t>(field)] != 0 &&
               x[static_cast<std::size_t>(field)] == y[static_cast<std::size_t>(field)];
    };
    if (!same(all.birth)) return false;
    if (!household.empty()) return household[a] != 0 && household[a] == household[b];
    return same(all.family) && (same(all.postcode) || same(all.address));
}

void judge_clusters(const std::vector<std::uint64_t>& truth, const std::vector<std::uint32_t>& cluster_of, Truth& out) {
    std::vector<std::pair<std::uint32_t, std::uint64_t>> records;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        if (truth[i] != 0) records.emplace_back(cluster_of[i], truth[i]);
    }
    std::sort(records.begin(), records.end());
    std::uint64_t right = 0;
    std::uint64_t said = 0;
    std::uint64_t in_cluster = 0;
    std::uint64_t in_both = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
        ++in_cluster;
        ++in_both;
        const bool last = i + 1 == records.size();
        if (last || records[i + 1] != records[i]) {
            right += pairs_of(in_both);
            in_both = 0;
        }
        if (last || records[i + 1].first != records[i].first) {
            said += pairs_of(in_cluster);
            in_cluster = 0;
        }
    }
    out.cluster_precision = said == 0 ? 1 : static_cast<double>(right) / static_cast<double>(said);
    out.cluster_recall = out.true_pairs == 0 ? 1 : static_cast<double>(right) / static_cast<double>(out.true_pairs);
    out.cluster_f1 = f1(out.cluster_precision, out.cluster_recall);
}

}  // namespace

Truth judge(const Prepared& all, const std::vector<std::uint64_t>& truth, const std::vector<std::uint64_t>& household,
            const Scores& scores, const std::vector<Pair>& pairs, const std::vector<std::uint32_t>& cluster_of) {
    Truth out;
    out.true_pairs = all_true_pairs(all, truth);
    out.true_pairs_scored = scores.true_scored;
    const auto record_of = [&](const Pair& pair) {
        return all.left == all.size ? pair.r : pair.r + static_cast<std::uint32_t>(all.left);
    };
    struct Seen {
        double weight;
        bool right;
    };
    std::vector<Seen> ranked;
    std::uint64_t linked = 0;
    std::uint64_t linked_right = 0;
    for (const auto& pair : pairs) {
        const auto a = pair.l;
        const auto b = record_of(pair);
        if (truth[a] == 0 || truth[b] == 0) continue;
        const bool right = truth[a] == truth[b];
        // What is never linked by itself has no place on the curve of what a threshold would link.
        if (!pair.twin_or_sibling && !pair.contradicted) ranked.push_back({pair.weight, right});
        if (pair.outcome != Outcome::linked) continue;
        ++linked;
        linked_right += right ? 1u : 0u;
        if (!right && are_twins(all, household, a, b)) ++out.twins_linked;
        out.linked.weight = pair.weight;
    }
    const auto whole = static_cast<double>(std::max<std::uint64_t>(out.true_pairs, 1));
    out.linked.precision = linked == 0 ? 1 : static_cast<double>(linked_right) / static_cast<double>(linked);
    out.linked.recall = static_cast<double>(linked_right) / whole;
    std::stable_sort(ranked.begin(), ranked.end(), [](const Seen& x, const Seen& y) { return x.weight > y.weight; });
    const std::size_t step = ranked.size() / 399 + 1;
    std::size_t next = 0;
    std::uint64_t right = 0;
    for (std::size_t i = 0; i < ranked.size(); ++i) {
        right += ranked[i].right ? 1u : 0u;
        if (i + 1 < ranked.size() && ranked[i + 1].weight == ranked[i].weight) continue;
        const double precision = static_cast<double>(right) / static_cast<double>(i + 1);
        const double recall = static_cast<double>(right) / whole;
        if (f1(precision, recall) > out.best_f1) {
            out.best_f1 = f1(precision, recall);
            out.best_f1_weight = ranked[i].weight;
        }
        if (precision >= 0.99) out.recall_at_99 = std::max(out.recall_at_99, recall);
        if (precision >= 0.999) out.recall_at_999 = std::max(out.recall_at_999, recall);
        if (i >= next || i + 1 == ranked.size()) {
            out.curve.push_back({ranked[i].weight, precision, recall});
            next = i + step;
        }
    }
    if (!cluster_of.empty()) judge_clusters(truth, cluster_of, out);
    auto people = truth;
    std::sort(people.begin(), people.end());
    people.erase(std::unique(people.begin(), people.end()), people.end());
    out.clusters = people.size() - (people.empty() || people.front() != 0 ? 0 : 1);
    return out;
}

}  // namespace waymark::people::batch
