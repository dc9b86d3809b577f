// people dedupe and people link: bare files to pairs and clusters, with no store.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <unordered_set>

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
    const std::vector<Named> named = {
        {"--pairs", l.pairs_file},           {"--clusters", l.clusters_file},
        {"--offered", l.offered_file},       {"--model", model_is_read ? std::string() : l.model_file},
        {"--keep-model", l.keep_model_file}, {"--report", l.report_file},
        {"--weights", l.weights_file}};
    std::vector<std::pair<std::string, std::string>> taken;
    const auto canonical = [&](const std::string& file) {
        std::error_code ignored;
        return std::filesystem::weakly_canonical(std::filesystem::absolute(terminal.path(file), ignored), ignored)
            .string();
    };
    for (const auto& file : a.files) taken.emplace_back(canonical(file), "the input");
    if (!l.labels_file.empty()) taken.emplace_back(canonical(l.labels_file), "--labels");
    if (model_is_read) taken.emplace_back(canonical(l.model_file), "--model");
    for (const auto& [option, file] : named) {
        if (file.empty() || file == "/dev/stdout" || file == "/dev/null") continue;
        const std::string path = canonical(file);
        for (const auto& [other, whose] : taken) {
            if (other == path) return invalid(option, fmt::format("{} is {} too", file, whose), "name another file");
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

std::string_view reason_offered(const batch::Pair& pair) {
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
            << fmt::format(",{:.4f},{:.6f},{}\r\n", weight, exchange::probability_of(weight), reason_offered(pair));
    }
}

void write_tables(Outputs& out, const Linkage& linkage, const batch::Results& results) {
    const auto& left = *linkage.tables.front();
    const auto& right = *linkage.tables.back();
    if (out.pairs) batch::write_pairs(out.pairs->stream(), results, left, right, true);
    if (out.clusters) batch::write_clusters(out.clusters->stream(), results, left);
    if (out.offered) write_offered(out.offered->stream(), results, left, right);
    for (auto* to : {out.model.get(), out.kept_model.get()}) {
        if (to != nullptr) to->stream() << batch::write_linkage_model(results.model) << "\n";
    }
}

// A word as a shell takes it back.
std::string quoted_word(const std::string& word) {
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=,:+@";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
    std::string out = "'";
    for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

void write_report(Outputs& out, const World& world, const Arguments& a, const std::vector<std::string>& words,
                  const Linkage& linkage, const batch::Results& results, const LinkageSummary& summary) {
    if (out.weights) out.weights->stream() << exchange::weights_chart(results.model);
    if (!out.report) return;
    const bool two = linkage.tables.size() == 2;
    const Zone zone;
    const Instant now = world.clock.now();
    exchange::LinkageRun run{results, *linkage.tables.front(), two ? linkage.tables.back().get() : nullptr,
                             summary.figures, a.files};
    run.command = "waymark";
    for (const auto& word : words) run.command += " " + quoted_word(word);
    run.made = format_long(zone.day_of(now)) + ", " + zone.clock_time(now);
    using Threshold = exchange::LinkageRun::Threshold;
    run.threshold = a.linkage.threshold                     ? Threshold::by_probability
                    : a.linkage.precision || !linkage.model ? Threshold::by_precision
                                                            : Threshold::of_model;
    run.wanted_precision = a.linkage.precision;
    run.labels = summary.labels;
    run.show_records = !a.linkage.no_examples;
    out.report->stream() << exchange::linkage_report(run);
}

// What is no fault, but what an analyst wants to know before trusting the result.
void warn(const Arguments& a, Terminal& terminal, const Linkage& linkage) {
    for (std::size_t i = 0; i < linkage.tables.size(); ++i) {
        if (!batch::rows_of(*linkage.tables[i]).numbered) continue;
        terminal.err << a.files[i] << ": there is no column of ids, so records are named by their row. Say which with "
                     << "--columns id=HEADER\n";
    }
    if (linkage.options.labels.empty()) return;
    std::unordered_set<std::string_view> left;
    std::unordered_set<std::string_view> right;
    const auto take = [](const batch::Table& table, std::unordered_set<std::string_view>& ids) {
        for (std::uint32_t i = 0; i < batch::records(table); ++i) ids.insert(batch::id_of(table, i));
    };
    take(*linkage.tables.front(), left);
    const bool two = linkage.tables.size() == 2;
    if (two) take(*linkage.tables.back(), right);
    std::size_t unknown = 0;
    for (const auto& label : linkage.options.labels) {
        unknown += left.count(label.id_l) == 0 || (two ? right : left).count(label.id_r) == 0 ? 1u : 0u;
    }
    if (unknown > 0)
        terminal.err << fmt::format("{}: {} of {} reviewed pairs name a record that is not there and are left out\n",
                                    a.linkage.labels_file, unknown, linkage.options.labels.size());
}

Result<int> run(const World& world, const Arguments& a, const std::vector<std::string>& words, Terminal& terminal) {
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
    warn(a, terminal, linkage);
    LinkageSummary summary;
    summary.files = a.files;
    summary.columns = batch::columns_of(*linkage.tables.front());
    summary.figures =
        exchange::figures_of(results, *linkage.tables.front(), two ? linkage.tables.back().get() : nullptr);
    summary.labels = linkage.options.labels.size();
    bool refused = false;
    for (const auto& table : linkage.tables) {
        summary.rows.push_back(batch::rows_of(*table));
        refused |= summary.rows.back().refused > 0;
    }
    if (refused && a.strict) {
        return fault(FaultKind::conflict, "--strict", "rows were refused, so nothing is written",
                     "mend the rows named above");
    }
    results.stages.insert(results.stages.begin(), {"read", linkage.reading_seconds, summary.figures.records});
    const auto begin = std::chrono::steady_clock::now();
    write_tables(outputs, linkage, results);
    results.stages.push_back(
        {"write", Seconds(std::chrono::steady_clock::now() - begin).count(), results.pairs.size()});
    write_report(outputs, world, a, words, linkage, results, summary);
    for (auto* each : outputs.all()) {
        TRY_VOID(each->keep());
        summary.written.push_back(each->file());
    }
    if (a.json)
        terminal.out << write_json(to_json(summary, results)) << "\n";
    else
        terminal.out << in_words(summary, results);
    return refused ? fault_found : done;
}

}  // namespace

int run_people_linkage(const World& world, const Arguments& a, const std::vector<std::string>& words,
                       Terminal& terminal) {
    auto code = run(world, a, words, terminal);
    if (!code) return report(terminal.err, code.error());
    return *code;
}

}  // namespace waymark::cli
