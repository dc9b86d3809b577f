// people dedupe and people link: bare files to pairs and clusters, with no store.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "base/csv.hpp"
#include "cli/linkage_run.hpp"
#include "cli/linkage_summary.hpp"

namespace waymark::cli {
namespace {

using Seconds = std::chrono::duration<double>;

struct Outputs {
    std::unique_ptr<Output> pairs, clusters, offered, model, kept_model, report, weights;

    [[nodiscard]] std::vector<Output*> all() const {
        std::vector<Output*> out;
        for (const auto* each : {&pairs, &clusters, &offered, &model, &kept_model, &report, &weights}) {
            if (*each) out.push_back(each->get());
        }
        return out;
    }
};

// Opened before the work begins, so that an hour's work is not lost to a name that cannot be written.
Result<Outputs> open_outputs(const Arguments& a, const Terminal& terminal, bool model_is_read) {
    const auto& l = a.linkage;
    struct Named {
        const char* option;
        const std::string& file;
    };
    const std::vector<Named> named = {{"--pairs", l.pairs_file},       {"--clusters", l.clusters_file},
                                      {"--offered", l.offered_file},   {"--model", model_is_read ? std::string() : l.model_file},
                                      {"--keep-model", l.keep_model_file}, {"--report", l.report_file},
                                      {"--weights", l.weights_file}};
    std::vector<std::pair<std::string, std::string>> taken;
    const auto canonical = [&](const std::string& file) {
        std::error_code ignored;
        return std::filesystem::weakly_canonical(std::filesystem::absolute(terminal.path(file), ignored), ignored).string();
    };
    for (const auto& file : a.files) taken.emplace_back(canonical(file), "the input");
    if (!l.labels_file.empty()) taken.emplace_back(canonical(l.labels_file), "--labels");
    if (model_is_read) taken.emplace_back(canonical(l.model_file), "--model");
    for (const auto& [option, file] : named) {
        if (file.empty() || file == "/dev/stdout" || file == "/dev/null") continue;
        const std::string path = canonical(file);
        for (const auto& [other, whose] : taken) {
            if (other == path) return invalid(option, file + " is " + whose + " too", "name another file");
        }
        taken.emplace_back(path, option);
    }
    Outputs out;
    const auto open = [&](std::unique_ptr<Output>& to, const char* option, const std::string& file) -> Result<void> {
        if (!file.empty()) to = TRY(Output::open(option, file, terminal));
        return {};
    };
    TRY_VOID(open(out.pairs, "--pairs", l.pairs_file));
    TRY_VOID(open(out.clusters, "--clusters", l.clusters_file));
    TRY_VOID(open(out.offered, "--offered", l.offered_file));
    if (!model_is_read) TRY_VOID(open(out.model, "--model", l.model_file));
    TRY_VOID(open(out.kept_model, "--keep-model", l.keep_model_file));
    TRY_VOID(open(out.report, "--report", l.report_file));
    TRY_VOID(open(out.weights, "--weights", l.weights_file));
    return out;
}

std::string_view why_offered(const batch::Pair& pair) {
    return pair.contradicted ? "contradicted" : pair.twin_or_sibling ? "twin-or-sibling" : "below-threshold";
}

void write_offered(std::ostream& out, const batch::Results& results, const batch::Table& left,
                   const batch::Table& right) {
    out << "id_l,id_r,match_weight,match_probability,why\r\n";
    for (const auto& pair : results.pairs) {
        if (pair.outcome == people::Outcome::linked) continue;
        auto l = batch::id_of(left, pair.l);
        auto r = batch::id_of(right, pair.r);
        if (&left == &right && r < l) std::swap(l, r);
        const double weight = pair.weight;
        out << csv_field(l) << ',' << csv_field(r)
            << fmt::format(",{:.4f},{:.6f},{}\r\n", weight, probability_of(weight), why_offered(pair));
    }
}

Result<void> write_outputs(Outputs& out, const Linkage& linkage, const batch::Results& results) {
    const auto& left = *linkage.tables.front();
    const auto& right = *linkage.tables.back();
    if (out.pairs) batch::write_pairs(out.pairs->stream(), results, left, right, true);
    if (out.clusters) batch::write_clusters(out.clusters->stream(), results, left);
    if (out.offered) write_offered(out.offered->stream(), results, left, right);
    for (auto* to : {out.model.get(), out.kept_model.get()}) {
        if (to != nullptr) to->stream() << batch::write_linkage_model(results.model) << "\n";
    }
    return {};
}

Result<int> run(const World& world, const Arguments& a, Terminal& terminal) {
    Linkage linkage;
    TRY_VOID(prepare_linkage(world, a, terminal, linkage));
    auto outputs = TRY(open_outputs(a, terminal, linkage.model.has_value()));
    for (const auto& file : a.files) TRY_VOID(read_table(file, terminal, linkage));
    const bool two = linkage.tables.size() == 2;
    auto found = two ? batch::link(linkage.tables[0], linkage.tables[1], linkage.options)
                     : batch::dedupe(linkage.tables[0], linkage.options);
    if (linkage.bar) linkage.bar->finish();
    if (!found) {
        Fault what = found.error();
        if (what.place == "model") what.place = "--model " + a.linkage.model_file;
        return tl::unexpected(std::move(what));
    }
    auto& results = *found;
    print_notices(a, terminal, results.notices);
    auto figures = figures_of(a.files, linkage.tables, results);
    figures.labels = linkage.options.labels.size();
    bool refused = false;
    std::uint64_t rows = 0;
    for (const auto& each : figures.rows) {
        refused |= each.refused > 0;
        rows += each.taken;
    }
    if (refused && a.strict) {
        return fault(FaultKind::conflict, "--strict", "rows were refused, so nothing is written",
                     "mend the rows named above");
    }
    results.stages.insert(results.stages.begin(), {"read", linkage.reading_seconds, rows});
    const auto begin = std::chrono::steady_clock::now();
    TRY_VOID(write_outputs(outputs, linkage, results));
    for (auto* each : outputs.all()) {
        TRY_VOID(each->keep());
        figures.written.push_back(each->file());
    }
    results.stages.push_back({"write", Seconds(std::chrono::steady_clock::now() - begin).count(), results.pairs.size()});
    if (a.json)
        terminal.out << write_json(to_json(figures, results)) << "\n";
    else
        terminal.out << in_words(figures, results);
    return refused ? fault_found : done;
}

int run_or_refuse(const World& world, const Arguments& a, Terminal& terminal) {
    auto code = run(world, a, terminal);
    if (!code) return report(terminal.err, code.error());
    return *code;
}

}  // namespace

int run_people_dedupe(const World& world, const Arguments& a, Terminal& terminal) {
    return run_or_refuse(world, a, terminal);
}

int run_people_link(const World& world, const Arguments& a, Terminal& terminal) {
    return run_or_refuse(world, a, terminal);
}

}  // namespace waymark::cli
