// A run from table to results: prepare, fit, weigh, decide, cluster, and judge where the truth is known.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <ostream>
#include <set>

#include <fmt/core.h>
#include <fmt/ostream.h>

#include "base/csv.hpp"
#include "people/batch/adjust.hpp"
#include "people/batch/bound.hpp"
#include "people/batch/cluster.hpp"
#include "people/batch/linkage_model.hpp"
#include "people/batch/parallel.hpp"
#include "people/batch/truth.hpp"

namespace waymark::people::batch {

namespace {

class Clock {
public:
    explicit Clock(Results& results, const Options& options) : results_(results), options_(options) {}
    void begin(const char* stage) {
        stage_ = stage;
        from_ = std::chrono::steady_clock::now();
        if (options_.progress) options_.progress(stage, 0, 0);
    }
    void end(std::uint64_t items) {
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - from_;
        results_.stages.push_back({stage_, took.count(), items});
        if (options_.progress) options_.progress(stage_, items, items);
    }

private:
    Results& results_;
    const Options& options_;
    const char* stage_ = "";
    std::chrono::steady_clock::time_point from_{};
};

double probability(double weight) {
    return 1 / (1 + std::exp2(-weight));
}
double weight_of(double probability) {
    const double p = std::clamp(probability, 1e-12, 1 - 1e-12);
    return std::log2(p / (1 - p));
}

constexpr double most_weight = 60;

// From the weights alone: each pair is right with its own probability.
struct Thresholds {
    double link_at;
    double expected_precision;
};
Thresholds choose(const std::vector<Scored>& best_first, const Options& options) {
    const double wanted = options.precision.value_or(0.999);
    double right = 0;
    std::size_t n = 0;
    Thresholds out{weight_of(options.threshold.value_or(0.5)), 1};
    double at =
        options.threshold ? out.link_at : most_weight;  // where the best pair is not good enough, none is linked
    double precision_at = 1;
    for (const auto& pair : best_first) {
        if (pair.twin || pair.contradicted) continue;
        if (pair.weight < out.link_at) break;
        right += probability(pair.weight);
        ++n;
        const double precision = right / static_cast<double>(n);
        if (!options.threshold && precision < wanted) break;
        at = pair.weight;
        precision_at = precision;
    }
    if (!options.threshold) out.link_at = n == 0 ? weight_of(0.95) : at;
    out.expected_precision = precision_at;
    return out;
}

std::vector<std::uint64_t> both(const std::vector<std::uint64_t>& left, const std::vector<std::uint64_t>* right) {
    if (left.empty() || right == nullptr) return left;
    if (right->empty()) return {};
    std::vector<std::uint64_t> out = left;
    out.insert(out.end(), right->begin(), right->end());
    return out;
}

// What a reader wants to see: pairs on both sides of the threshold, the doubtful ones, twins, contradictions. By
// position in `pairs`, best first.
std::vector<std::size_t> choose_examples(const std::vector<Pair>& pairs, const LinkageModel& model,
                                         std::size_t wanted) {
    enum Group : std::size_t { above, below, doubtful, twin, contradicted, groups };
    constexpr std::array<std::size_t, groups> share = {4, 4, 2, 2, 1};
    std::array<std::vector<std::size_t>, groups> of_group;
    // No record twice in a group, as long as there are others.
    const auto nearest = [&](Group group, double to) {
        auto& all = of_group[group];
        const auto take = std::min(all.size(), std::max<std::size_t>(wanted * share[group] / 13, wanted == 0 ? 0 : 1));
        const auto seen = std::min(all.size(), take * 12);
        std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(seen), all.end(),
                          [&](std::size_t x, std::size_t y) {
                              const auto far_x = std::abs(pairs[x].weight - to);
                              const auto far_y = std::abs(pairs[y].weight - to);
                              return far_x != far_y ? far_x < far_y : x < y;
                          });
        std::set<std::uint32_t> left;
        std::set<std::uint32_t> right;
        std::vector<std::size_t> taken;
        for (std::size_t i = 0; i < seen && taken.size() < take; ++i) {
            const auto& pair = pairs[all[i]];
            if (left.count(pair.l) != 0 || right.count(pair.r) != 0) continue;
            left.insert(pair.l);
            right.insert(pair.r);
            taken.push_back(all[i]);
        }
        all = std::move(taken);
    };
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const auto& pair = pairs[i];
        if (pair.contradicted) {
            of_group[contradicted].push_back(i);
        } else if (pair.twin_or_sibling) {
            of_group[twin].push_back(i);
        } else if (pair.outcome == Outcome::linked) {
            of_group[above].push_back(i);
        } else {
            of_group[below].push_back(i);
        }
    }
    of_group[doubtful] = of_group[below];
    nearest(above, model.link_at);
    nearest(below, model.link_at);
    nearest(doubtful, model.review_at);
    nearest(twin, 60);
    nearest(contradicted, 60);
    std::vector<std::size_t> out;
    for (const auto& each : of_group) out.insert(out.end(), each.begin(), each.end());
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

std::vector<ExampleEvidence> evidence(const Prepared& all, const Weights& weights, std::uint32_t a, std::uint32_t b) {
    Levels levels{};
    plain_levels(all, a, b, levels);
    std::vector<ExampleEvidence> out;
    Weight strangers = weights.prior();
    Weight household = weights.household_prior();
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        const auto& info = info_of(all, levels, f);
        const auto code = all.row(a)[f];
        const auto weight = weights.field_weight(f, code, levels[f]);
        strangers += weight;
        household += weights.household_weight(f, code, levels[f]);
        out.push_back({all.fields[f].header, std::string(info.words), std::string(info.id), weight / unit});
    }
    const double both = Weights::combine(strangers, household);
    const double less = both - strangers / unit;
    if (less < -0.05) out.push_back({"", "A household shares this, so it says less", "household", less});
    return out;
}

Result<Results> run(const TablePtr& left, const TablePtr& right, const Options& options) {
    if (!left) return invalid("", "There is no table", "Read one first");
    Results results;
    results.engine = std::string(Bound::instructions());
    Clock clock(results, options);
    results.notices = left->notices;
    if (right) results.notices.insert(results.notices.end(), right->notices.begin(), right->notices.end());

    clock.begin("prepare");
    const auto all = TRY(prepare(*left, right.get(), options));
    clock.end(all.size);

    clock.begin("estimate");
    const auto judged = judged_pairs(options.labels, *left, right.get());
    Fit fit;
    if (options.model != nullptr) {
        fit = TRY(to_fit(all, *options.model));
        results.model_given = true;
    } else {
        fit = fit_model(all, options, patterns_of(all, judged));
    }
    if (const double shift = shift_from_labels(all, Weights(all, fit), judged); shift != 0) {
        fit.prior += shift;
        fit.household_prior += shift;
    }
    const Weights weights(all, fit);
    clock.end(all.size);

    clock.begin("compare");
    const auto truth = both(left->truth, right ? &right->truth : nullptr);
    const auto household = both(left->household, right ? &right->household : nullptr);
    const double keep =
        std::min(weight_of(options.review_probability), options.model != nullptr ? options.model->review_at : 60.0);
    auto scores = TRY(score(all, weights, truth, keep, options));
    clock.end(scores.scored);

    clock.begin("decide");
    let_twins_compete(all, scores.pairs);
    std::erase_if(scores.pairs, [&](const Scored& pair) { return !pair.twin && pair.weight < keep; });
    parallel_sort(scores.pairs, thread_count(options.threads), [](const Scored& x, const Scored& y) {
        if (x.weight != y.weight) return x.weight > y.weight;
        return x.tie != y.tie ? x.tie < y.tie : std::pair(x.a, x.b) < std::pair(y.a, y.b);
    });
    results.model = to_model(all, fit);
    const bool keeps_threshold = options.model != nullptr && !options.threshold && !options.precision;
    Options asked = options;
    if (keeps_threshold) asked.threshold = probability(options.model->link_at);
    const auto thresholds = choose(scores.pairs, asked);
    results.model.link_at = keeps_threshold ? options.model->link_at : thresholds.link_at;
    results.model.review_at = std::min(keep, results.model.link_at);
    results.model.expected_precision = thresholds.expected_precision;
    std::vector<Scored> linked;
    results.pairs.reserve(scores.pairs.size());
    for (const auto& each : scores.pairs) {
        Pair pair;
        pair.l = each.a;
        pair.r = right ? each.b - static_cast<std::uint32_t>(all.left) : each.b;
        pair.weight = each.weight;
        pair.twin_or_sibling = each.twin;
        pair.contradicted = each.contradicted;
        if (each.weight >= results.model.link_at && !each.twin && !each.contradicted) {
            pair.outcome = Outcome::linked;
        }
        if (each.weight >= std::min(0.0, results.model.link_at) && !each.twin && !each.contradicted)
            linked.push_back(each);
        results.pairs.push_back(pair);
    }
    clock.end(results.pairs.size());

    clock.begin("cluster");
    if (!right) {
        results.cluster_of = cluster(all, weights, linked, results.model.link_at, options);
        for (std::uint32_t i = 0; i < results.cluster_of.size(); ++i)
            results.clusters += results.cluster_of[i] == i ? 1u : 0u;
    }
    clock.end(all.size);

    results.rules = scores.rules;
    results.pairs_scored = scores.scored;
    for (std::size_t b = 0; b < bins; ++b) {
        if (scores.histogram[b] != 0)
            results.histogram.push_back(
                {static_cast<double>(lowest_bin + static_cast<int>(b)), scores.histogram[b], scores.histogram_true[b]});
    }
    for (const auto i : choose_examples(results.pairs, results.model, options.examples)) {
        const auto& pair = results.pairs[i];
        const auto b = right ? pair.r + static_cast<std::uint32_t>(all.left) : pair.r;
        results.examples.push_back({pair, evidence(all, weights, pair.l, b)});
        account_for_weight(results.examples.back(), results.model.prior);
    }
    if (!truth.empty()) {
        clock.begin("judge");
        results.truth = judge(all, truth, household, scores, results.pairs, results.cluster_of);
        clock.end(results.pairs.size());
    }
    return results;
}

}  // namespace

Result<Results> dedupe(const TablePtr& table, const Options& options) {
    return run(table, nullptr, options);
}

Result<Results> link(const TablePtr& left, const TablePtr& right, const Options& options) {
    if (!right) return invalid("", "There is no second table", "Read one first");
    return run(left, right, options);
}

Result<std::vector<ExampleEvidence>> explain(const TablePtr& left, std::uint32_t l, const TablePtr& right,
                                             std::uint32_t r, const LinkageModel& model, const Options& options) {
    const bool two = right && right != left;
    Options with_model = options;
    with_model.model = &model;
    const auto all = TRY(prepare(*left, two ? right.get() : nullptr, with_model));
    const auto fit = TRY(to_fit(all, model));
    const auto b = two ? r + static_cast<std::uint32_t>(all.left) : r;
    if (l >= all.left || b >= all.size) return invalid("", "There is no such record", "Give positions in the tables");
    return evidence(all, Weights(all, fit), l, b);
}

void account_for_weight(Example& example, double prior) {
    double sum = prior;
    for (const auto& each : example.evidence) sum += each.weight;
    const double less = static_cast<double>(example.pair.weight) - sum;
    if (less < -0.1)
        example.evidence.push_back({"", "Another child of the household may be meant as well", "rival", less});
}

Result<std::vector<Example>> explain_pairs(const TablePtr& left, const TablePtr& right,
                                           const std::vector<std::pair<std::uint32_t, std::uint32_t>>& pairs,
                                           const LinkageModel& model, const Options& options) {
    if (!left) return invalid("", "There is no table", "Read one first");
    const bool two = right && right != left;
    Options with_model = options;
    with_model.model = &model;
    const auto all = TRY(prepare(*left, two ? right.get() : nullptr, with_model));
    const auto fit = TRY(to_fit(all, model));
    const Weights weights(all, fit);
    std::vector<Example> out;
    for (const auto& [l, r] : pairs) {
        const auto b = two ? r + static_cast<std::uint32_t>(all.left) : r;
        if (l >= all.left || b >= all.size || l == b)
            return invalid("", "There is no such pair", "Give the positions of two records");
        Levels levels{};
        plain_levels(all, l, b, levels);
        Example example;
        example.evidence = evidence(all, weights, l, b);
        example.pair.l = l;
        example.pair.r = r;
        example.pair.weight = static_cast<float>(weights.weigh(all.row(l), levels));
        example.pair.twin_or_sibling = may_be_twins(all, levels);
        example.pair.contradicted = contradict(all, levels);
        const bool held = example.pair.twin_or_sibling || example.pair.contradicted;
        example.pair.outcome = example.pair.weight >= model.link_at && !held ? Outcome::linked
                               : example.pair.weight >= model.review_at || example.pair.twin_or_sibling
                                   ? Outcome::review
                                   : Outcome::not_linked;
        out.push_back(std::move(example));
    }
    return out;
}

void write_pairs(std::ostream& out, const Results& results, const Table& left, const Table& right, bool linked_only) {
    out << "id_l,id_r,match_weight,match_probability\r\n";
    for (const auto& pair : results.pairs) {
        if (linked_only && pair.outcome != Outcome::linked) continue;
        auto l = left.ids[pair.l];
        auto r = right.ids[pair.r];
        if (&left == &right && r < l) std::swap(l, r);
        fmt::print(out, "{},{},{:.4f},{:.6f}\r\n", csv_field(l), csv_field(r), pair.weight, probability(pair.weight));
    }
}

void write_clusters(std::ostream& out, const Results& results, const Table& table) {
    std::vector<std::uint32_t> name(results.cluster_of.size());
    for (std::uint32_t i = 0; i < name.size(); ++i) name[i] = i;
    for (std::uint32_t i = 0; i < name.size(); ++i) {
        auto& best = name[results.cluster_of[i]];
        if (table.ids[i] < table.ids[best]) best = i;
    }
    out << "id,cluster\r\n";
    for (std::uint32_t i = 0; i < name.size(); ++i)
        out << csv_field(table.ids[i]) << ',' << csv_field(table.ids[name[results.cluster_of[i]]]) << "\r\n";
}

}  // namespace waymark::people::batch
