#include "people/batch/score.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include <fmt/core.h>

#include "people/batch/blocking.hpp"
#include "people/batch/bound.hpp"
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
        auto to =
            t == tasks
                ? blocks.blocks()
                : static_cast<std::size_t>(std::upper_bound(until.begin(), until.end(), goal) - until.begin()) - 1;
        to = std::max(to, from);
        out.push_back({from, to});
        from = to;
    }
    return out;
}

}  // namespace

bool one_household(const Prepared& all, const Levels& levels, bool contacts) {
    if (all.family < 0) return false;
    // Slips in what a household shares do not make one child of two.
    const auto family = levels[static_cast<std::size_t>(all.family)];
    if (family == 0 || family == different_level(Kind::family_name) || far_level(Kind::family_name, family))
        return false;
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        const auto kind = all.fields[f].kind;
        const auto level = levels[f];
        if (level == 0 || level == different_level(kind)) continue;
        if (contacts && (kind == Kind::phone || kind == Kind::email) && level <= same_codes(kind)) return true;
        if ((kind == Kind::postcode || kind == Kind::address) && !far_level(kind, level)) return true;
    }
    return false;
}

bool may_be_twins(const Prepared& all, const Levels& levels) {
    if (all.given < 0 || all.birth < 0) return false;
    if (!another_given_name(levels[static_cast<std::size_t>(all.given)])) return false;
    if (levels[static_cast<std::size_t>(all.birth)] != same_level) return false;
    // A number of the person's own that agrees, or all but one digit of it, is no twin's.
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        const auto kind = all.fields[f].kind;
        if (kind == Kind::nhs_number || kind == Kind::upn || kind == Kind::la_child_id) {
            if (levels[f] == same_level) return false;
        } else if (kind == Kind::number && (levels[f] == same_level || levels[f] == same_level + 1)) {
            return false;
        }
    }
    return one_household(all, levels, false);
}

bool contradict(const Prepared& all, const Levels& levels) {
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        const auto kind = all.fields[f].kind;
        if ((kind == Kind::nhs_number || kind == Kind::upn) && levels[f] == different_level(kind)) return true;
    }
    return false;
}

namespace {

// Wider rules are taken in their order while what they cost is left of the budget.
std::vector<Rule> affordable(const Prepared& all, const Options& options, unsigned threads,
                             std::vector<RuleCost>& left_out) {
    std::uint64_t budget = options.effort == Effort::quick ? 1'300'000 : 4'000'000;
    std::vector<Rule> out;
    std::vector<Rule> wide;
    for (auto& rule : default_rules(all, options.effort)) (rule.if_cheap ? wide : out).push_back(std::move(rule));
    const auto costs = expected_pairs(all, wide, options.most_in_block, threads);
    for (std::size_t r = 0; r < wide.size(); ++r) {
        if (costs[r] <= budget) {
            budget -= costs[r];
            out.push_back(std::move(wide[r]));
            continue;
        }
        RuleCost cost;
        cost.name = wide[r].name;
        cost.pairs_left_out = costs[r];
        left_out.push_back(std::move(cost));
    }
    return out;
}

// A rule by which a record has several keys.
struct FormerRule {
    std::size_t rule = 0;
    std::vector<std::uint64_t> keys;  // as former_keys_of(); 0 where the block was left out

    // The least key that the two have in common; 0: none.
    [[nodiscard]] std::uint64_t least_common(std::size_t size, std::uint32_t a, std::uint32_t b) const {
        std::uint64_t least = 0;
        for (std::size_t s = 0; s < former_slots; ++s) {
            const auto key = keys[s * size + a];
            if (key == 0 || (least != 0 && key > least)) continue;
            for (std::size_t t = 0; t < former_slots; ++t) {
                if (keys[t * size + b] == key) least = key;
            }
        }
        return least;
    }
};

// Its blocks of records, each of them once in a block and in their order.
Grouping group_former(FormerRule& rule, const Prepared& all, std::uint32_t limit, unsigned threads) {
    auto blocks = group(rule.keys, threads);
    for (std::size_t b = 0; b < blocks.blocks(); ++b) {
        const auto from = blocks.records.begin() + blocks.starts[b];
        const auto to = blocks.records.begin() + blocks.starts[b + 1];
        const bool too_large = blocks.block(b).size() > limit;
        for (auto each = from; each != to; ++each) {
            if (too_large) rule.keys[*each] = 0;
            *each = static_cast<std::uint32_t>(*each % all.size);
        }
        std::sort(from, to);
    }
    return blocks;
}

// The records of all blocks of one rule, weighed. What a pair was found by before is told from short tags of the keys,
// record by record, and made sure of by the keys.
class RuleRun {
public:
    struct Shared {
        const Prepared& all;
        const Weights& weights;
        const Bound& bound;
        const std::vector<std::uint64_t>& truth;
        const std::vector<std::uint64_t>& keys;
        const std::vector<std::uint32_t>& tags;
        const std::vector<FormerRule>& former;
        std::size_t rules;
        double keep;
        Weight least;
        bool twins_apart;
    };
    RuleRun(const Shared& shared, std::size_t rule, Comparing& comparing, Task& task)
        : in_(shared), rule_(rule), comparing_(comparing), task_(task) {
        if (!in_.former.empty() && in_.former.back().rule == rule) own_former_ = &in_.former.back();
    }

    void run(std::span<const std::uint32_t> block, std::uint64_t key) {
        key_ = key;
        if (block.size() < small_block) {
            for (std::size_t i = 0; i < block.size(); ++i) {
                for (std::size_t j = i + 1; j < block.size(); ++j) {
                    if (counts(block[i], block[j])) weigh(block[i], block[j]);
                }
            }
            return;
        }
        in_.bound.load(block, marks_);
        hits_.resize(block.size());
        for (std::size_t i = 0; i < block.size(); ++i) {
            const bool all_count =
                rule_ == 0 && in_.all.left == in_.all.size && in_.truth.empty() && own_former_ == nullptr;
            if (all_count) {
                task_.scored += block.size() - i - 1;
                task_.histogram[0] += block.size() - i - 1;
            }
            const auto found = Bound::reach(marks_, i, hits_.data());
            std::size_t next = 0;
            if (all_count) {
                for (std::size_t h = 0; h < found; ++h) weigh(block[i], block[hits_[h]]);
                continue;
            }
            for (std::size_t j = i + 1; j < block.size(); ++j) {
                const bool hit = next < found && hits_[next] == j;
                if (hit) ++next;
                if (counts(block[i], block[j]) && hit) weigh(block[i], block[j]);
            }
        }
    }

private:
    static constexpr std::size_t small_block = 6;

    // Whether the pair is this rule's: counted then, below all weights until it is weighed.
    bool counts(std::uint32_t a, std::uint32_t b) {
        if (!in_.all.may_pair(a, b)) return false;
        const auto* const x = &in_.tags[std::size_t{a} * in_.rules];
        const auto* const y = &in_.tags[std::size_t{b} * in_.rules];
        for (std::size_t e = 0; e < rule_; ++e) {
            if (x[e] == y[e] && x[e] != 0 && in_.keys[e * in_.all.size + a] == in_.keys[e * in_.all.size + b])
                return false;
        }
        for (const auto& former : in_.former) {
            const auto common = former.least_common(in_.all.size, a, b);
            if (&former == own_former_ ? common != key_ : common != 0) return false;
        }
        ++task_.scored;
        ++task_.histogram[0];
        if (is_true(a, b)) {
            ++task_.true_scored;
            ++task_.histogram_true[0];
        }
        return true;
    }
    [[nodiscard]] bool is_true(std::uint32_t a, std::uint32_t b) const {
        return !in_.truth.empty() && in_.truth[a] != 0 && in_.truth[a] == in_.truth[b];
    }
    void weigh(std::uint32_t x, std::uint32_t y) {
        const auto a = std::min(x, y);
        const auto b = std::max(x, y);
        Levels levels{};
        if (!comparing_.levels_reaching(a, b, in_.weights, in_.least, levels)) return;
        const double weight = in_.weights.weigh(in_.all.row(a), levels);
        const auto bin =
            static_cast<std::size_t>(std::clamp(static_cast<int>(std::floor(weight)) - lowest_bin, 0, bins - 1));
        --task_.histogram[0];
        ++task_.histogram[bin];
        if (is_true(a, b)) {
            --task_.histogram_true[0];
            ++task_.histogram_true[bin];
        }
        const bool twin = in_.twins_apart && may_be_twins(in_.all, levels);
        if (weight >= in_.keep || twin)
            task_.pairs.push_back({a, b, static_cast<float>(weight), twin, contradict(in_.all, levels),
                                   mix(in_.all.id_hash[a]) + mix(in_.all.id_hash[b])});
    }

    const Shared& in_;
    std::size_t rule_;
    Comparing& comparing_;
    Task& task_;
    const FormerRule* own_former_ = nullptr;
    std::uint64_t key_ = 0;  // of the block
    BlockMarks marks_;
    std::vector<std::uint32_t> hits_;
};

}  // namespace

Result<Scores> score(const Prepared& all, const Weights& weights, const std::vector<std::uint64_t>& truth, double keep,
                     const Options& options) {
    const unsigned threads = thread_count(options.threads);
    Scores out;
    std::vector<RuleCost> left_out;
    const auto rules = affordable(all, options, threads, left_out);
    const auto count = rules.size();
    const auto least = static_cast<Weight>(std::floor(std::min(keep, 0.0) * unit)) - 1;
    const Bound bound(all, weights, least);
    std::vector<std::uint32_t> tags;  // by record, then by rule; 0: in no block
    const auto keys = keys_of(all, rules, threads, &tags);
    std::vector<FormerRule> former;  // of the rules up to the one that runs
    const RuleRun::Shared shared{
        all, weights, bound, truth, keys, tags, former, count, keep, least, options.twins_apart};
    std::vector<std::unique_ptr<Comparing>> comparing(threads);
    for (std::size_t r = 0; r < count; ++r) {
        RuleCost cost;
        cost.name = rules[r].name;
        const auto limit = limit_of(rules[r], options.most_in_block);
        if (rules[r].former) former.push_back({r, former_keys_of(all, rules[r], threads)});
        const auto blocks = rules[r].former ? group_former(former.back(), all, limit, threads)
                                            : group(std::span(keys).subspan(r * all.size, all.size), threads);
        for (std::size_t b = 0; b < blocks.blocks(); ++b) {
            const auto block = blocks.block(b);
            const auto pairs = pairs_in(all, block);
            if (block.size() > limit) {
                ++cost.blocks_left_out;
                cost.pairs_left_out += pairs;
                for (const auto record : block) tags[record * count + r] = 0;
                continue;
            }
            ++cost.blocks;
            cost.pairs += pairs;
            cost.largest = std::max(cost.largest, static_cast<std::uint32_t>(block.size()));
        }
        if (out.scored + cost.pairs > options.most_pairs) {
            return invalid(cost.name, fmt::format("this rule alone would compare {} pairs", cost.pairs),
                           "lower the limit of a block, or raise the limit of pairs");
        }
        const auto tasks = share_out(blocks, std::size_t{threads} * 16);
        std::vector<Task> done(tasks.size());
        parallel(tasks.size(), threads, [&](std::size_t t, unsigned w) {
            if (!comparing[w]) comparing[w] = std::make_unique<Comparing>(all);
            RuleRun run(shared, r, *comparing[w], done[t]);
            for (auto b = tasks[t].from; b < tasks[t].to; ++b) {
                // Records of a block lie anywhere: those of the blocks to come are asked for early.
                constexpr std::size_t ahead = 12;
                if (b + ahead < tasks[t].to && blocks.block(b + ahead).size() <= ahead) {
                    for (const auto record : blocks.block(b + ahead)) {
                        __builtin_prefetch(all.row(record).data());
                        __builtin_prefetch(&tags[std::size_t{record} * count]);
                    }
                }
                if (blocks.block(b).size() <= limit) run.run(blocks.block(b), blocks.keys[b]);
            }
        });
        for (auto& task : done) {
            out.pairs.insert(out.pairs.end(), task.pairs.begin(), task.pairs.end());
            for (std::size_t b = 0; b < bins; ++b) {
                out.histogram[b] += task.histogram[b];
                out.histogram_true[b] += task.histogram_true[b];
            }
            cost.scored += task.scored;
            cost.true_scored += task.true_scored;
        }
        out.scored += cost.scored;
        out.true_scored += cost.true_scored;
        out.rules.push_back(std::move(cost));
    }
    out.rules.insert(out.rules.end(), left_out.begin(), left_out.end());
    return out;
}

}  // namespace waymark::people::batch
