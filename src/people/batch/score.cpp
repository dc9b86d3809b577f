#include "people/batch/score.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include <fmt/core.h>

#include "people/batch/parallel.hpp"

namespace waymark::people::batch {

namespace {

struct Task {
    std::vector<Scored> pairs;
    std::array<std::uint64_t, bins> histogram{};
    std::array<std::uint64_t, bins> histogram_true{};
    std::uint64_t scored = 0;
    std::uint64_t true_scored = 0;
};

// Blocks shared out so that each task has about as many pairs.
std::vector<Range> share_out(const Grouping& blocks, std::size_t tasks) {
    std::vector<std::uint64_t> until(blocks.blocks() + 1, 0);
    for (std::size_t b = 0; b < blocks.blocks(); ++b) {
        const std::uint64_t n = blocks.block(b).size();
        until[b + 1] = until[b] + n * n;
    }
    std::vector<Range> out;
    std::size_t from = 0;
    for (std::size_t t = 1; t <= tasks; ++t) {
        const auto goal = until.back() / tasks * t;
        auto to = t == tasks ? blocks.blocks()
                             : static_cast<std::size_t>(std::upper_bound(until.begin(), until.end(), goal) -
                                                        until.begin()) -
                                   1;
        to = std::max(to, from);
        out.push_back({from, to});
        from = to;
    }
    return out;
}

}  // namespace

bool may_be_twins(const Prepared& all, const Levels& levels) {
    if (all.given < 0 || all.family < 0 || all.birth < 0) return false;
    // A number of the person's own that agrees, or all but one digit of it, is no twin's.
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        const auto kind = all.fields[f].kind;
        if (kind == Kind::nhs_number || kind == Kind::upn) {
            if (levels[f] == same_level) return false;
        } else if (kind == Kind::number && (levels[f] == same_level || levels[f] == same_level + 1)) {
            return false;
        }
    }
    if (!another_given_name(levels[static_cast<std::size_t>(all.given)])) return false;
    if (levels[static_cast<std::size_t>(all.birth)] != same_level) return false;
    // Slips in what a household shares do not make one child of two.
    const auto family = levels[static_cast<std::size_t>(all.family)];
    if (family == 0 || family == different_level(Kind::family_name) || far_level(Kind::family_name, family)) return false;
    const auto near = [&](int field) {
        if (field < 0) return false;
        const auto level = levels[static_cast<std::size_t>(field)];
        const auto kind = all.fields[static_cast<std::size_t>(field)].kind;
        return level != 0 && level != different_level(kind) && !far_level(kind, level);
    };
    return near(all.postcode) || near(all.address);
}

bool contradict(const Prepared& all, const Levels& levels) {
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        const auto kind = all.fields[f].kind;
        if ((kind == Kind::nhs_number || kind == Kind::upn) && levels[f] == different_level(kind)) return true;
    }
    return false;
}

Result<Scores> score(const Prepared& all, const Weights& weights, const std::vector<std::uint64_t>& truth, double keep,
                     const Options& options) {
    const unsigned threads = thread_count(options.threads);
    const auto rules = default_rules(all, options.effort);
    const auto count = rules.size();
    Scores out;
    const Bound bound(all, weights, static_cast<Weight>(std::floor(std::min(keep, 0.0) * unit)) - 1);
    auto keys = keys_of(all, rules, threads);  // by record, then by rule; 0: in no block
    std::vector<std::unique_ptr<Comparing>> comparing(threads);
    // What the wider rules may cost together: no more than is quick, or than the file is large.
    std::uint64_t budget = options.effort == Effort::quick ? 2'000'000 : 20'000'000;
    for (std::size_t r = 0; r < count; ++r) {
        RuleCost cost;
        cost.name = rules[r].name;
        const auto limit = rules[r].most_in_block == 0 ? options.most_in_block
                                                       : std::min(rules[r].most_in_block, options.most_in_block);
        const auto blocks = group(keys, r, count, threads);
        for (std::size_t b = 0; b < blocks.blocks(); ++b) {
            const auto block = blocks.block(b);
            const auto pairs = pairs_in(all, block);
            if (block.size() > limit) {
                ++cost.blocks_left_out;
                cost.pairs_left_out += pairs;
                for (const auto record : block) keys[record * count + r] = 0;
                continue;
            }
            ++cost.blocks;
            cost.pairs += pairs;
            cost.largest = std::max(cost.largest, static_cast<std::uint32_t>(block.size()));
        }
        if (rules[r].if_cheap && cost.pairs > budget) {
            // Left out whole; what would have been its blocks is said in the report.
            cost.blocks_left_out += cost.blocks;
            cost.pairs_left_out += cost.pairs;
            cost.blocks = cost.pairs = cost.largest = 0;
            for (std::size_t i = 0; i < all.size; ++i) keys[i * count + r] = 0;
            out.rules.push_back(std::move(cost));
            continue;
        }
        if (rules[r].if_cheap) budget -= cost.pairs;
        if (out.scored + cost.pairs > options.most_pairs) {
            return invalid(cost.name, fmt::format("this rule alone would compare {} pairs", cost.pairs),
                           "lower the limit of a block, or raise the limit of pairs");
        }
        const auto tasks = share_out(blocks, std::size_t{threads} * 16);
        std::vector<Task> done(tasks.size());
        parallel(tasks.size(), threads, [&](std::size_t t, unsigned w) {
            if (!comparing[w]) comparing[w] = std::make_unique<Comparing>(all);
            auto& compare = *comparing[w];
            auto& task = done[t];
            Levels levels{};
            for (auto b = tasks[t].from; b < tasks[t].to; ++b) {
                const auto block = blocks.block(b);
                if (block.size() > limit) continue;
                for (std::size_t i = 0; i < block.size(); ++i) {
                    const auto* const keys_i = &keys[std::size_t{block[i]} * count];
                    for (std::size_t j = i + 1; j < block.size(); ++j) {
                        if (!all.may_pair(block[i], block[j])) continue;
                        const auto* const keys_j = &keys[std::size_t{block[j]} * count];
                        bool found_before = false;
                        for (std::size_t e = 0; e < r; ++e) found_before |= keys_i[e] == keys_j[e] && keys_i[e] != 0;
                        if (found_before) continue;
                        const auto a = std::min(block[i], block[j]);
                        const auto c = std::max(block[i], block[j]);
                        ++task.scored;
                        const bool is_true = !truth.empty() && truth[a] != 0 && truth[a] == truth[c];
                        if (is_true) ++task.true_scored;
                        if (!bound.may_reach(a, c)) {
                            ++task.histogram[0];
                            if (is_true) ++task.histogram_true[0];
                            continue;
                        }
                        compare.levels(a, c, levels);
                        const double weight = weights.weigh(all.row(a), levels);
                        const auto bin = static_cast<std::size_t>(
                            std::clamp(static_cast<int>(std::floor(weight)) - lowest_bin, 0, bins - 1));
                        ++task.histogram[bin];
                        if (is_true) ++task.histogram_true[bin];
                        const bool twin = options.twins_apart && may_be_twins(all, levels);
                        if (weight >= keep || twin)
                            task.pairs.push_back({a, c, static_cast<float>(weight), twin, contradict(all, levels)});
                    }
                }
            }
        });
        for (auto& task : done) {
            out.pairs.insert(out.pairs.end(), task.pairs.begin(), task.pairs.end());
            for (std::size_t b = 0; b < bins; ++b) {
                out.histogram[b] += task.histogram[b];
                out.histogram_true[b] += task.histogram_true[b];
            }
            cost.scored += task.scored;
            out.true_scored += task.true_scored;
        }
        out.scored += cost.scored;
        out.rules.push_back(std::move(cost));
    }
    return out;
}

}  // namespace waymark::people::batch
