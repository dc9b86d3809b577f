#include "cli/linkage_summary.hpp"

#include <fmt/format.h>

namespace waymark::cli {

namespace batch = people::batch;

namespace {

std::string grouped(std::uint64_t n) {
    std::string text = std::to_string(n);
    for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
    return text;
}

}  // namespace

using exchange::probability_of;

json::object to_json(const LinkageSummary& run, const batch::Results& results) {
    const auto& figures = run.figures;
    batch::RowCount all;
    json::array files;
    for (std::size_t i = 0; i < run.files.size(); ++i) {
        const auto& rows = run.rows[i];
        all.rows += rows.rows;
        all.taken += rows.taken;
        all.refused += rows.refused;
        all.repeated += rows.repeated;
        files.push_back(json::object{{"file", run.files[i]},
                                     {"rows", rows.rows},
                                     {"taken", rows.taken},
                                     {"refused", rows.refused},
                                     {"repeated", rows.repeated}});
    }
    json::array columns;
    for (const auto& column : run.columns)
        columns.push_back(json::object{{"column", column.header}, {"kind", batch::to_string(column.kind)}});
    json::array stages;
    for (const auto& stage : results.stages)
        stages.push_back(json::object{{"name", stage.name}, {"seconds", stage.seconds}, {"items", stage.items}});
    json::array rules;
    for (const auto& rule : results.rules) {
        rules.push_back(json::object{{"name", rule.name},
                                     {"blocks", rule.blocks},
                                     {"pairs", rule.pairs},
                                     {"scored", rule.scored},
                                     {"blocks_left_out", rule.blocks_left_out},
                                     {"pairs_left_out", rule.pairs_left_out},
                                     {"largest", rule.largest}});
    }
    json::array written;
    for (const auto& file : run.written) written.emplace_back(file);
    json::object out{{"rows", all.rows},
                     {"taken", all.taken},
                     {"refused", all.refused},
                     {"repeated", all.repeated},
                     {"linked", figures.linked},
                     {"to_review", figures.offered},
                     {"twins_or_siblings", figures.twins},
                     {"contradicted", figures.contradicted},
                     {"pairs_scored", results.pairs_scored},
                     {"pairs_possible", figures.pairs_possible},
                     {"link_at_weight", results.model.link_at},
                     {"link_at_probability", probability_of(results.model.link_at)},
                     {"review_at_weight", results.model.review_at},
                     {"expected_precision", results.model.expected_precision},
                     {"model", results.model_given ? "read" : "estimated"},
                     {"labels", run.labels},
                     {"files", std::move(files)},
                     {"columns", std::move(columns)},
                     {"rules", std::move(rules)},
                     {"stages", std::move(stages)},
                     {"engine", results.engine},
                     {"written", std::move(written)}};
    if (run.files.size() == 1) {
        out["clusters"] = figures.clusters;
        out["clusters_of_several"] = figures.clusters_of_several;
        out["largest_cluster"] = figures.largest_cluster;
    } else {
        out["records_with_several_links"] = figures.several_links;
    }
    if (results.truth) {
        const auto& truth = *results.truth;
        json::object known{{"true_pairs", truth.true_pairs},
                           {"true_pairs_scored", truth.true_pairs_scored},
                           {"precision", truth.linked.precision},
                           {"recall", truth.linked.recall},
                           {"best_f1", truth.best_f1},
                           {"best_f1_weight", truth.best_f1_weight},
                           {"recall_at_precision_0.99", truth.recall_at_99},
                           {"recall_at_precision_0.999", truth.recall_at_999},
                           {"twins_wrongly_linked", truth.twins_linked}};
        if (run.files.size() == 1) {
            known["cluster_precision"] = truth.cluster_precision;
            known["cluster_recall"] = truth.cluster_recall;
            known["cluster_f1"] = truth.cluster_f1;
            known["people"] = truth.clusters;
        }
        out["truth"] = std::move(known);
    }
    return out;
}

std::string in_words(const LinkageSummary& run, const batch::Results& results) {
    const auto& figures = run.figures;
    std::string out;
    const auto line = [&](std::string_view label, const std::string& text) {
        out += fmt::format("{:<14}{}\n", label, text);
    };
    for (std::size_t i = 0; i < run.files.size(); ++i) {
        const auto& rows = run.rows[i];
        line("read", fmt::format("{}: {} rows: {} taken, {} refused, {} repeated", run.files[i], grouped(rows.rows),
                                 grouped(rows.taken), grouped(rows.refused), grouped(rows.repeated)));
    }
    std::string columns;
    for (const auto& column : run.columns) {
        columns += columns.empty() ? "" : ", ";
        columns += column.header;
        std::string kind(batch::to_string(column.kind));
        if (kind != column.header) columns += " (" + kind + ")";
    }
    line("compared", columns);
    line("model", results.model_given ? "read; nothing was estimated"
                  : run.labels > 0 ? fmt::format("estimated from the data and {} reviewed pairs", grouped(run.labels))
                                   : "estimated from the data");
    line("pairs", fmt::format("{} compared, found by {} blocking rules, of {} that there are",
                              grouped(results.pairs_scored), results.rules.size(), grouped(figures.pairs_possible)));
    line("linked", fmt::format("{} pairs, from probability {:.4f} (weight {:.2f})", grouped(figures.linked),
                               probability_of(results.model.link_at), results.model.link_at));
    line("to look at",
         fmt::format("{} pairs; of these {} may be twins or siblings, {} have two valid numbers that differ",
                     grouped(figures.offered), grouped(figures.twins), grouped(figures.contradicted)));
    if (run.files.size() == 1) {
        line("clusters", fmt::format("{}: {} of two or more records, with {} records; the largest has {}",
                                     grouped(figures.clusters), grouped(figures.clusters_of_several),
                                     grouped(figures.records_in_clusters), grouped(figures.largest_cluster)));
    } else if (figures.several_links > 0) {
        line("", fmt::format("{} records have more than one link", grouped(figures.several_links)));
    }
    line("precision",
         fmt::format("{:.4f} of the links are right as the model itself expects", results.model.expected_precision));
    if (results.truth) {
        const auto& truth = *results.truth;
        line("truth", fmt::format("precision {:.4f}, recall {:.4f} of {} true pairs; {} twins wrongly linked",
                                  truth.linked.precision, truth.linked.recall, grouped(truth.true_pairs),
                                  grouped(truth.twins_linked)));
        line("",
             fmt::format("best F1 {:.4f}, recall {:.4f} at precision 0.99 and {:.4f} at 0.999; blocking keeps {:.4f}",
                         truth.best_f1, truth.recall_at_99, truth.recall_at_999,
                         truth.true_pairs == 0
                             ? 1.0
                             : static_cast<double>(truth.true_pairs_scored) / static_cast<double>(truth.true_pairs)));
        if (run.files.size() == 1)
            line("", fmt::format("within clusters: precision {:.4f}, recall {:.4f}, F1 {:.4f}", truth.cluster_precision,
                                 truth.cluster_recall, truth.cluster_f1));
    }
    double total = 0;
    std::string times;
    for (const auto& stage : results.stages) {
        total += stage.seconds;
        times += fmt::format("{}{} {:.2f}", times.empty() ? "" : ", ", stage.name, stage.seconds);
    }
    line("seconds", fmt::format("{:.2f}: {}", total, times));
    std::string written;
    for (const auto& file : run.written) written += (written.empty() ? "" : ", ") + file;
    line("written", written);
    return out;
}

}  // namespace waymark::cli
