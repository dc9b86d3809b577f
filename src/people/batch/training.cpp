#include "people/batch/training.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "people/batch/blocking.hpp"
#include "people/batch/parallel.hpp"

namespace waymark::people::batch {

namespace {

constexpr std::size_t most_training = 60'000;  // pairs of one training rule
constexpr std::uint32_t largest_trained = 2000;

void compare_blocks(const Prepared& all, const Grouping& blocks, double taken, Training& training, unsigned threads,
                    std::uint64_t salt) {
    // Blocks are taken by a hash of their key, about as many as are wanted.
    std::uint64_t pairs = 0;
    for (std::size_t b = 0; b < blocks.blocks(); ++b) {
        if (blocks.block(b).size() <= largest_trained) pairs += pairs_in(all, blocks.block(b));
    }
    training.pairs = static_cast<double>(pairs) / taken;
    const double share =
        pairs == 0 ? 0 : std::min(1.0, static_cast<double>(most_training) / static_cast<double>(pairs));
    const auto limit = static_cast<std::uint64_t>(share * 4294967296.0);
    const std::size_t tasks = std::size_t{threads} * 8;
    std::vector<std::vector<Pattern>> found(tasks);
    std::vector<std::unique_ptr<Comparing>> comparing(threads);
    parallel(tasks, threads, [&](std::size_t t, unsigned w) {
        if (!comparing[w]) comparing[w] = std::make_unique<Comparing>(all);
        const auto range = part(blocks.blocks(), tasks, t);
        Levels levels{};
        for (auto b = range.from; b < range.to; ++b) {
            const auto block = blocks.block(b);
            if (block.size() > largest_trained) continue;
            if ((mix(salt ^ blocks.keys[b]) >> 32) >= limit) continue;
            for (std::size_t i = 0; i < block.size(); ++i) {
                for (std::size_t j = i + 1; j < block.size(); ++j) {
                    if (!all.may_pair(block[i], block[j])) continue;
                    comparing[w]->levels(block[i], block[j], levels);
                    for (const auto f : training.fields) levels[f] = 0;
                    found[t].push_back(pack(levels, all.fields.size()));
                }
            }
        }
    });
    std::vector<Pattern> patterns;
    for (auto& each : found) patterns.insert(patterns.end(), each.begin(), each.end());
    std::sort(patterns.begin(), patterns.end());
    for (std::size_t i = 0; i < patterns.size();) {
        auto j = i;
        while (j < patterns.size() && patterns[j] == patterns[i]) ++j;
        training.patterns.push_back({patterns[i], static_cast<double>(j - i)});
        i = j;
    }
    training.sampled = static_cast<double>(patterns.size());
}

// How much a field tells: log2 of one in how many agree by chance, times how often it is there.
double telling(const Prepared& all, std::size_t f) {
    const auto& field = all.fields[f];
    const auto present = static_cast<double>(field.present) / static_cast<double>(std::max<std::size_t>(all.size, 1));
    return -std::log2(field.same_share) * present * present;
}

}  // namespace

std::vector<Training> train(const Prepared& all, const Options& options, unsigned threads) {
    std::vector<std::size_t> order(all.fields.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return telling(all, a) > telling(all, b); });
    constexpr std::size_t best = 4;
    std::vector<std::vector<std::size_t>> keys;
    const auto n = std::min(best, order.size());
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = i + 1; j < n; ++j)
            keys.push_back({std::min(order[i], order[j]), std::max(order[i], order[j])});
    }
    if (keys.empty()) keys.push_back({order[0]});
    std::vector<Rule> rules(keys.size());
    for (std::size_t k = 0; k < keys.size(); ++k) {
        for (const auto f : keys[k]) rules[k].parts.push_back({static_cast<int>(f), KeyPart::whole});
    }
    auto of_all = keys_of(all, rules, threads);
    std::vector<Training> out;
    for (std::size_t k = 0; k < keys.size(); ++k) {
        Training training;
        training.fields = keys[k];
        const auto of_records = std::span(of_all).subspan(k * all.size, all.size);
        double with = 0;
        for (const auto key : of_records) with += key != 0 ? 1 : 0;
        training.both = std::pow(with / static_cast<double>(std::max<std::size_t>(all.size, 1)), 2);
        // Of a large file some of the keys are enough.
        double taken = 1;
        if (all.size > 4 * most_training) {
            taken = 0.25;
            for (auto& key : of_records) key = (mix(key) >> 62) == 0 ? key : 0;
        }
        compare_blocks(all, group(of_records, threads), taken, training, threads, options.seed * 7919 + out.size());
        if (training.sampled >= 20) out.push_back(std::move(training));
    }
    return out;
}

}  // namespace waymark::people::batch
