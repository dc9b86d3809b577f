// Links a set end to end and says what each stage took, how well it went where the truth is known, and the most memory
// held. linkage_bench FILE.csv [SECOND.csv] [--columns header=kind,…] [--threads N] [--thorough] [--no-twin-rule]
// [--threshold P]
// [--precision P] [--pairs OUT.csv] [--linked OUT.csv] [--clusters OUT.csv] [--quiet]
#include <sys/resource.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>

#include <fmt/core.h>

#include "base/text.hpp"
#include "people/batch/batch.hpp"
#include "timing.hpp"

using namespace waymark;
using namespace waymark::people;
using bench::fail;

namespace {

void print_model(const batch::LinkageModel& model) {
    fmt::print("prior {:.2f} household {:.2f} link at {:.2f} review at {:.2f} expected precision {:.4f}\n", model.prior,
               model.household_prior, model.link_at, model.review_at, model.expected_precision);
    for (const auto& field : model.fields) {
        fmt::print("  {} ({})\n", field.name, to_string(field.kind));
        for (const auto& level : field.levels)
            fmt::print("    {:22} m {:.6f} h {:.6f} u {:.8f} weight {:+.2f}\n", level.id, level.m, level.h, level.u,
                       level.weight);
    }
}

void print_truth(const batch::Truth& truth) {
    fmt::print("true pairs {} scored {} ({:.4f})\n", truth.true_pairs, truth.true_pairs_scored,
               static_cast<double>(truth.true_pairs_scored) / static_cast<double>(truth.true_pairs));
    fmt::print("best F1 {:.4f} at {:.2f}; recall at P.99 {:.4f}, at P.999 {:.4f}\n", truth.best_f1,
               truth.best_f1_weight, truth.recall_at_99, truth.recall_at_999);
    fmt::print("linked: P {:.5f} R {:.4f} F1 {:.4f}; twins wrongly linked {}\n", truth.linked.precision,
               truth.linked.recall,
               2 * truth.linked.precision * truth.linked.recall / (truth.linked.precision + truth.linked.recall),
               truth.twins_linked);
    fmt::print("clusters: P {:.4f} R {:.4f} F1 {:.4f} ({} true)\n", truth.cluster_precision, truth.cluster_recall,
               truth.cluster_f1, truth.clusters);
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> files;
    batch::Options options;
    bool quiet = false;
    std::string pairs_file, linked_file, clusters_file;
    for (int i = 1; i < argc; ++i) {
        const std::string_view arg = argv[i];
        if (arg == "--thorough") {
            options.effort = batch::Effort::thorough;
        } else if (arg == "--no-twin-rule") {
            options.twins_apart = false;
        } else if (arg == "--quiet") {
            quiet = true;
        } else if (arg == "--pairs" && i + 1 < argc) {
            pairs_file = argv[++i];
        } else if (arg == "--linked" && i + 1 < argc) {
            linked_file = argv[++i];
        } else if (arg == "--clusters" && i + 1 < argc) {
            clusters_file = argv[++i];
        } else if (arg == "--threads" && i + 1 < argc) {
            options.threads = static_cast<unsigned>(std::atoi(argv[++i]));
        } else if (arg == "--threshold" && i + 1 < argc) {
            options.threshold = std::atof(argv[++i]);
        } else if (arg == "--precision" && i + 1 < argc) {
            options.precision = std::atof(argv[++i]);
        } else if (arg == "--columns" && i + 1 < argc) {
            for (const auto each : split(argv[++i], ',')) {
                const auto cut = each.find('=');
                const auto kind = batch::kind_of(each.substr(cut + 1));
                if (!kind) return fail({FaultKind::invalid, std::string(each), "there is no such kind", ""});
                options.columns.push_back({std::string(each.substr(0, cut)), *kind});
            }
        } else {
            files.emplace_back(arg);
        }
    }
    Model variants;
    if (const auto loaded = load_name_variants(WAYMARK_SOURCE_DIR "/content", variants); !loaded)
        return fail(loaded.error());
    options.given_variants = &variants.given_variants;
    options.family_variants = &variants.family_variants;
    std::vector<batch::TablePtr> tables;
    const auto from = bench::Steady::now();
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        auto table = batch::read(in, file, options);
        if (!table) return fail(table.error());
        tables.push_back(*table);
    }
    const double reading = bench::seconds_since(from);
    const auto results =
        tables.size() == 2 ? batch::link(tables[0], tables[1], options) : batch::dedupe(tables[0], options);
    const double whole = bench::seconds_since(from);
    if (!results) return fail(results.error());
    for (const auto& notice : results->notices)
        fmt::print("note: {} ({} times)\n", describe(notice.fault), notice.times);
    if (!quiet) {
        print_model(results->model);
        for (const auto& rule : results->rules)
            fmt::print("{:10} pairs {:10} scored {:8} true {:7} blocks {:6} largest {:5} left out ({} pairs)  {}\n",
                       rule.pairs, rule.scored, rule.true_scored, rule.blocks, rule.largest, rule.blocks_left_out,
                       rule.pairs_left_out, rule.name);
    }
    fmt::print("read {:.3f} s", reading);
    for (const auto& stage : results->stages) fmt::print(", {} {:.3f} s", stage.name, stage.seconds);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    fmt::print("\nwhole {:.3f} s (processor {:.3f} s), peak {:.0f} MiB, {} pairs scored, {} clusters, engine {}\n",
               whole,
               static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                   static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
               static_cast<double>(usage.ru_maxrss) / 1024, results->pairs_scored, results->clusters, results->engine);
    if (!pairs_file.empty()) {
        std::ofstream out(pairs_file, std::ios::binary);
        batch::write_pairs(out, *results, *tables.front(), *tables.back(), false);
    }
    if (!linked_file.empty()) {
        std::ofstream out(linked_file, std::ios::binary);
        batch::write_pairs(out, *results, *tables.front(), *tables.back(), true);
    }
    if (!clusters_file.empty() && !results->cluster_of.empty()) {
        std::ofstream out(clusters_file, std::ios::binary);
        batch::write_clusters(out, *results, *tables.front());
    }
    if (results->truth) print_truth(*results->truth);
    return 0;
}
