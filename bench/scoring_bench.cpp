// Scoring pairs, measured on one core: all pairs of the blocks of one birth date, by the bound and then in full where
// they may reach the threshold; and the same pairs by the plain scorer, which must find the same above it.
//
//   scoring_bench FILE.csv [--columns header=kind,…] [--threshold WEIGHT] [--plain PAIRS]
#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <fstream>
#include <iostream>

#include <fmt/core.h>

#include "base/text.hpp"
#include "people/batch/batch.hpp"
#include "people/batch/blocking.hpp"
#include "people/batch/bound.hpp"
#include "people/batch/fit.hpp"
#include "people/batch/pattern.hpp"
#include "timing.hpp"

using namespace waymark;
using namespace waymark::people;
using namespace waymark::people::batch;
using bench::fail;
using bench::seconds_since;
using bench::Steady;

namespace {

std::vector<std::vector<std::uint32_t>> blocks_of_births(const Prepared& all) {
    const auto birth = static_cast<std::size_t>(all.birth);
    std::vector<std::vector<std::uint32_t>> blocks(all.fields[birth].values->size());
    for (std::uint32_t i = 0; i < all.size; ++i) {
        if (const auto code = all.row(i)[birth]; code != 0) blocks[code].push_back(i);
    }
    std::erase_if(blocks, [](const auto& block) { return block.size() < 2; });
    return blocks;
}

struct Tally {
    std::uint64_t pairs = 0;
    std::uint64_t passed = 0;  // by the bound
    std::uint64_t above = 0;
    std::uint64_t which = 0;  // a sum over the pairs above, in any order
};

std::uint64_t mark_of(std::uint32_t a, std::uint32_t b) {
    return mix(std::uint64_t{std::min(a, b)} << 32 | std::max(a, b));
}

}  // namespace

int main(int argc, char** argv) {
    std::string file;
    Options options;
    double keep = -4;
    std::uint64_t most_plain = 2'000'000;
    for (int i = 1; i < argc; ++i) {
        const std::string_view arg = argv[i];
        if (arg == "--threshold" && i + 1 < argc) {
            keep = std::atof(argv[++i]);
        } else if (arg == "--plain" && i + 1 < argc) {
            most_plain = std::strtoull(argv[++i], nullptr, 10);
        } else if (arg == "--columns" && i + 1 < argc) {
            for (const auto each : split(argv[++i], ',')) {
                const auto cut = each.find('=');
                const auto kind = kind_of(each.substr(cut + 1));
                if (!kind) return fail({FaultKind::invalid, std::string(each), "there is no such kind", ""});
                options.columns.push_back({std::string(each.substr(0, cut)), *kind});
            }
        } else {
            file = arg;
        }
    }
    Model variants;
    if (const auto loaded = load_name_variants(WAYMARK_SOURCE_DIR "/content", variants); !loaded)
        return fail(loaded.error());
    options.given_variants = &variants.given_variants;
    options.family_variants = &variants.family_variants;
    std::ifstream in(file, std::ios::binary);
    const auto table = batch::read(in, file, options);
    if (!table) return fail(table.error());
    const auto prepared = prepare(**table, nullptr, options);
    if (!prepared) return fail(prepared.error());
    const auto& all = *prepared;
    if (all.birth < 0) return fail({FaultKind::invalid, file, "there is no column of birth dates", ""});
    const Weights weights(all, fit_model(all, options));
    const auto least = static_cast<Weight>(std::floor(keep * unit)) - 1;
    const Bound bound(all, weights, least);
    const auto blocks = blocks_of_births(all);

    BlockMarks marks;
    std::vector<std::uint32_t> hits;
    // Every pair of the block that reaches `keep`, by the bound first; the block is loaded.
    const auto score_fast = [&](const std::vector<std::uint32_t>& block, Comparing& comparing, Tally& tally) {
        hits.resize(block.size());
        for (std::size_t i = 0; i < block.size(); ++i) {
            const auto found = Bound::reach(marks, i, hits.data());
            for (std::size_t h = 0; h < found; ++h) {
                const auto a = std::min(block[i], block[hits[h]]);
                const auto b = std::max(block[i], block[hits[h]]);
                Levels levels{};
                if (!comparing.levels_reaching(a, b, weights, least, levels)) continue;
                if (weights.weigh(all.row(a), levels) < keep) continue;
                ++tally.above;
                tally.which += mark_of(a, b);
            }
        }
    };
    std::vector<double> bound_alone;
    std::vector<double> whole;
    std::vector<double> whole_of_processor;  // what others do on the core does not count
    Tally fast;
    for (int round = 0; round < 5; ++round) {
        Tally counted;
        auto from = Steady::now();
        for (const auto& block : blocks) {
            bound.load(block, marks);
            hits.resize(block.size());
            counted.pairs += block.size() * (block.size() - 1) / 2;
            for (std::size_t i = 0; i < block.size(); ++i) counted.passed += Bound::reach(marks, i, hits.data());
        }
        bound_alone.push_back(static_cast<double>(counted.pairs) / seconds_since(from));
        Comparing comparing(all);
        from = Steady::now();
        const auto processor_from = std::clock();
        for (const auto& block : blocks) {
            bound.load(block, marks);
            score_fast(block, comparing, counted);
        }
        whole.push_back(static_cast<double>(counted.pairs) / seconds_since(from));
        const auto ticks = static_cast<double>(std::max<std::clock_t>(std::clock() - processor_from, 1));
        whole_of_processor.push_back(static_cast<double>(counted.pairs) * CLOCKS_PER_SEC / ticks);
        fast = counted;
    }
    std::sort(bound_alone.begin(), bound_alone.end());
    std::sort(whole.begin(), whole.end());
    std::sort(whole_of_processor.begin(), whole_of_processor.end());
    fmt::print("{}: {} records, {} blocks of one birth date, {} pairs; {} pass the bound ({:.3f}), {} reach {}\n",
               Bound::instructions(), all.size, blocks.size(), fast.pairs, fast.passed,
               static_cast<double>(fast.passed) / static_cast<double>(fast.pairs), fast.above, keep);
    fmt::print(
        "one core, million pairs/s, medians of 5 ({} to {} in full): bound alone {:.0f}, in full {:.1f}; by "
        "processor time {:.1f} ({:.1f} to {:.1f})\n",
        std::round(whole.front() / 1e5) / 10, std::round(whole.back() / 1e5) / 10, bound_alone[2] / 1e6, whole[2] / 1e6,
        whole_of_processor[2] / 1e6, whole_of_processor.front() / 1e6, whole_of_processor.back() / 1e6);

    // The plain scorer on the first blocks, and the fast way on the same.
    Tally plain;
    Tally same;
    Comparing comparing(all);
    double plain_took = 0;
    for (const auto& block : blocks) {
        if (plain.pairs >= most_plain) break;
        bound.load(block, marks);
        score_fast(block, comparing, same);
        const auto from = Steady::now();
        for (std::size_t i = 0; i < block.size(); ++i) {
            for (std::size_t j = i + 1; j < block.size(); ++j) {
                const auto a = std::min(block[i], block[j]);
                const auto b = std::max(block[i], block[j]);
                Levels levels{};
                plain_levels(all, a, b, levels);
                ++plain.pairs;
                if (weights.weigh(all.row(a), levels) < keep) continue;
                ++plain.above;
                plain.which += mark_of(a, b);
            }
        }
        plain_took += seconds_since(from);
    }
    fmt::print("plain scorer on {} of them: {:.2f} million/s, {} above; the fast way on those {} above: {}\n",
               plain.pairs, static_cast<double>(plain.pairs) / plain_took / 1e6, plain.above, same.above,
               plain.above == same.above && plain.which == same.which ? "the same pairs" : "OTHER PAIRS");
    return plain.above == same.above && plain.which == same.which ? 0 : 1;
}
