// The report of a linkage: what was linked and how sure, in plain words first; then what an analyst asks.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "exchange/linkage.hpp"
#include "exchange/linkage_charts.hpp"
#include "exchange/linkage_examples.hpp"
#include "exchange/linkage_page.hpp"

namespace waymark::exchange {

namespace batch = people::batch;

namespace {

std::string share(double part) {
    return escape_xml(percent(part));
}
double ratio(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}
std::string sig(double x) {
    return x >= 0.001 ? fmt::format("{:.4f}", x) : fmt::format("{:.2e}", x);
}
std::string plural(std::uint64_t n, const char* one, const char* many) {
    return grouped(n) + " " + (n == 1 ? one : many);
}

// ---- in short -------------------------------------------------------------------------------------------------------

void in_short(Page& page, const LinkageRun& run) {
    const auto& f = run.figures;
    const auto& model = run.results.model;
    page.section("short", "In short");
    if (!f.two_files) {
        page.paragraph(fmt::format(
            "The file has {}. {} of them {} put together with at least one other, which leaves {} different people: "
            "{} known from several records and {} from one.",
            plural(f.records, "record", "records"), grouped(f.records_in_clusters),
            f.records_in_clusters == 1 ? "was" : "were", grouped(f.clusters), grouped(f.clusters_of_several),
            grouped(f.clusters - f.clusters_of_several)));
    } else {
        page.paragraph(fmt::format("The two files have {}. {} of them were linked to a record of the other file.",
                                   plural(f.records, "record", "records"), grouped(f.records_linked)));
    }
    const auto wrong = (1 - model.expected_precision) * static_cast<double>(f.linked);
    page.paragraph(fmt::format(
        "<strong>{}</strong> without asking anybody. By the model's own reckoning {} of these links are right: "
        "about {} may be wrong.{}",
        f.linked == 1 ? "1 pair was linked" : grouped(f.linked) + " pairs were linked", share(model.expected_precision),
        wrong < 0.5 ? std::string("none") : grouped(static_cast<std::uint64_t>(std::llround(wrong))),
        run.results.truth ? ""
                          : " That is the model's own word and no measurement: look at the examples, or have a "
                            "sample of links reviewed, before you rely on it."));
    page.paragraph(fmt::format(
        "<strong>{}</strong> for a person to look at. {}{}",
        f.offered == 1 ? "1 more pair was left" : grouped(f.offered) + " more pairs were left",
        f.twins == 0
            ? std::string("None of them looks like twins or siblings.")
            : fmt::format("{} may be twins or siblings: one birth date, family name and home, but another given "
                          "name. Such a pair is never linked without a person.",
                          grouped(f.twins)),
        f.contradicted == 0
            ? ""
            : fmt::format(" {} two valid NHS or pupil numbers that differ.",
                          f.contradicted == 1 ? std::string("1 has") : grouped(f.contradicted) + " have")));
    if (run.results.truth) {
        const auto& t = *run.results.truth;
        page.paragraph(fmt::format(
            "The truth is known for this file. Of the links made, {} are right. Of the {} there are to find, {} were "
            "found. {} wrongly linked.",
            share(t.linked.precision), plural(t.true_pairs, "true pair", "true pairs"), share(t.linked.recall),
            t.twins_linked == 0   ? std::string("No twin was")
            : t.twins_linked == 1 ? std::string("One pair of twins was")
                                  : grouped(t.twins_linked) + " pairs of twins were"));
    }
    std::uint64_t rows = 0;
    std::uint64_t refused = 0;
    std::uint64_t repeated = 0;
    for (const auto* table : {&run.left, run.right}) {
        if (table == nullptr) continue;
        const auto count = batch::rows_of(*table);
        rows += count.rows;
        refused += count.refused;
        repeated += count.repeated;
    }
    if (refused > 0)
        page.paragraph(
            fmt::format("<strong>{} of {} rows could not be taken</strong> and had no part in this: see "
                        "<a href=\"#values\">rows and values</a>.",
                        grouped(refused), grouped(rows)));
    if (repeated > 0)
        page.paragraph(fmt::format("{} rows stood in the file twice and were taken once.", grouped(repeated)));
    if (f.several_links > 0)
        page.paragraph(
            fmt::format("{} are linked to more than one record of the other file: there one of the files may "
                        "hold a person twice.",
                        plural(f.several_links, "record", "records")));
    page.end_section();
}

// ---- thresholds -----------------------------------------------------------------------------------------------------

void thresholds(Page& page, const LinkageRun& run) {
    const auto& model = run.results.model;
    page.section("thresholds", "Thresholds");
    page.paragraph(fmt::format(
        "A pair is <strong>linked</strong> from weight {:.2f}, which is a probability of {:.4f}; it is <strong>looked "
        "at</strong> "
        "from weight {:.2f}, a probability of {:.4f}. {}",
        model.link_at, probability_of(model.link_at), model.review_at, probability_of(model.review_at),
        run.threshold == LinkageRun::Threshold::by_probability ? "The linking threshold was given with the command."
        : run.threshold == LinkageRun::Threshold::of_model
            ? "The linking threshold is the one kept with the model."
            : fmt::format("The linking threshold was chosen so that, by the model, {} of the links are right.",
                          share(run.wanted_precision.value_or(model.expected_precision)))));
    page.paragraph(
        "The weight is the logarithm to base 2 of the odds that two records are one person: each 1 more doubles "
        "the odds, weight 0 is even odds, weight 10 is about 1,000 to 1.");
    struct At {
        double probability;
        std::uint64_t pairs = 0;
        double right = 0;
    };
    std::vector<At> levels;
    for (const double p : {0.5, 0.8, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999}) {
        if (p >= probability_of(model.review_at)) levels.push_back({p});
    }
    for (const auto& pair : run.results.pairs) {
        if (pair.twin_or_sibling || pair.contradicted) continue;
        const double p = probability_of(pair.weight);
        for (auto& level : levels) {
            if (p < level.probability) break;
            ++level.pairs;
            level.right += p;
        }
    }
    std::vector<std::string> header = {"Threshold", "Weight", "Pairs linked", "Wrong, by the model"};
    if (run.results.truth) header.insert(header.end(), {"Precision", "Recall"});
    page.begin_table("What another threshold would link (--threshold)", header);
    for (const auto& level : levels) {
        std::vector<std::string> row = {
            fmt::format("{:g}", level.probability),
            fmt::format("{:.2f}", std::log2(level.probability / (1 - level.probability))), grouped(level.pairs),
            grouped(static_cast<std::uint64_t>(std::llround(static_cast<double>(level.pairs) - level.right)))};
        if (run.results.truth) {
            const double weight = std::log2(level.probability / (1 - level.probability));
            const batch::AtThreshold* at = nullptr;
            for (const auto& point : run.results.truth->curve) {
                if (point.weight >= weight) at = &point;
            }
            row.push_back(at == nullptr ? "–" : fmt::format("{:.4f}", at->precision));
            row.push_back(at == nullptr ? "–" : fmt::format("{:.4f}", at->recall));
        }
        page.row(row);
    }
    page.end_table();
    page.end_section();
}

void pairs_by_weight(Page& page, const LinkageRun& run, ChartIds& ids) {
    page.section("weights", "Pairs by weight");
    page.paragraph(
        "Two heaps that stand well apart are a good sign: what is one person on the right, what is not on the left. "
        "Pairs between them are where mistakes are made. Solid bars are linked, hatched ones looked at, pale ones "
        "neither." +
        std::string(run.results.truth ? " The black lines show how many of each bar are truly one person." : ""));
    page.figure(histogram_chart(ids, run.results, false) + histogram_chart(ids, run.results, true),
                "Compared pairs by match weight, on a logarithmic scale");
    struct Range {
        std::uint64_t pairs = 0;
        std::uint64_t right = 0;
    };
    std::map<int, Range> ranges;
    constexpr int width = 5;
    for (const auto& bin : run.results.histogram) {
        auto& range = ranges[static_cast<int>(std::floor(bin.from / width)) * width];
        range.pairs += bin.pairs;
        range.right += bin.true_pairs;
    }
    std::vector<std::string> header = {"Weight", "Pairs"};
    if (run.results.truth) header.emplace_back("Truly one person");
    page.begin_table("Pairs by weight, as a table", header);
    for (const auto& [from, range] : ranges) {
        std::vector<std::string> row = {from <= -60 ? std::string("−60 and lower, or passed over as too unlike")
                                                    : fmt::format("{} to {}", from, from + width),
                                        grouped(range.pairs)};
        if (run.results.truth) row.push_back(grouped(range.right));
        page.row(row);
    }
    page.end_table();
    page.end_section();
}

void truth(Page& page, const LinkageRun& run, ChartIds& ids) {
    if (!run.results.truth) return;
    const auto& t = *run.results.truth;
    page.section("truth", "Precision and recall");
    page.figure(precision_recall_chart(ids, t), "Precision and recall at every threshold, by the known truth");
    page.begin_table("Against the known truth", {"Figure", "Value"});
    const auto row = [&](const char* what, const std::string& value) { page.row({what, value}); };
    row("True pairs in the data", grouped(t.true_pairs));
    row("Of these, found by blocking (no threshold can find the others)",
        percent(ratio(t.true_pairs_scored, t.true_pairs)));
    row("Precision of the links", fmt::format("{:.4f}", t.linked.precision));
    row("Precision that the model expected", fmt::format("{:.4f}", run.results.model.expected_precision));
    row("Recall of the links", fmt::format("{:.4f}", t.linked.recall));
    row("Best F1 at any threshold", fmt::format("{:.4f}, at weight {:.2f}", t.best_f1, t.best_f1_weight));
    row("Recall at precision 0.99", fmt::format("{:.4f}", t.recall_at_99));
    row("Recall at precision 0.999", fmt::format("{:.4f}", t.recall_at_999));
    row("Twins wrongly linked", grouped(t.twins_linked));
    if (!run.figures.two_files) {
        row("Precision of the pairs within clusters", fmt::format("{:.4f}", t.cluster_precision));
        row("Recall of the pairs within clusters", fmt::format("{:.4f}", t.cluster_recall));
        row("F1 of the pairs within clusters", fmt::format("{:.4f}", t.cluster_f1));
        row("People in truth, and found", grouped(t.clusters) + ", " + grouped(run.figures.clusters));
    }
    page.end_table();
    page.end_section();
}

// ---- the model ------------------------------------------------------------------------------------------------------

std::string one_in(double log2_odds) {
    return grouped(static_cast<std::uint64_t>(std::llround(std::exp2(std::min(-log2_odds, 62.0)) + 1)));
}

void the_model(Page& page, const LinkageRun& run, ChartIds& ids) {
    const auto& model = run.results.model;
    page.section("model", "The model");
    page.paragraph(
        run.results.model_given ? std::string("The model was read from a file; nothing was estimated from this data.")
        : run.labels > 0
            ? fmt::format("The model was estimated from this data and from {} reviewed pairs.", grouped(run.labels))
            : std::string("The model was estimated from this data, without knowing any answer."));
    page.paragraph(fmt::format(
        "Fellegi and Sunter's model with three sorts of pair: one person (<em>m</em>), two of one "
        "household (<em>h</em>), two "
        "strangers (<em>u</em>). Of pairs taken at random one in {} is one person{}. A field speaks for one person "
        "with the "
        "weight log<sub>2</sub>(<em>m</em>/<em>u</em>); what a household shares is taken back where the household "
        "explains it "
        "as well.",
        one_in(model.prior),
        model.household_prior <= -59 ? std::string("; households are not told apart in this data")
                                     : ", one in " + one_in(model.household_prior) + " two of one household"));
    page.open("<div class=\"charts\">");
    for (const auto& field : model.fields) {
        std::vector<Step> steps;
        for (const auto& level : field.levels)
            steps.push_back({level.words, 0, level.weight, signed_weight(level.weight), false});
        const auto title = fmt::format("Weights of {} ({})", field.name, batch::to_string(field.kind));
        page.figure(signed_chart(ids, title, "Weight of each level of agreement; the table below has the same figures.",
                                 steps, {}, scale_of(model)),
                    title);
    }
    page.close("</div>");
    for (const auto& field : model.fields) {
        page.begin_table(
            fmt::format("{} ({}){}", field.name, batch::to_string(field.kind),
                        field.by_frequency ? ": a value in common weighs more the rarer it is; the weight shown is "
                                             "the average"
                                           : ""),
            {"Level", "m", "h", "u", "Weight"});
        for (const auto& level : field.levels)
            page.row({level.words, sig(level.m), sig(level.h), sig(level.u), signed_weight(level.weight)});
        page.end_table();
    }
    page.end_section();
}

void blocking(Page& page, const LinkageRun& run, ChartIds& ids) {
    page.section("blocking", "Blocking: which pairs were compared");
    const auto possible = static_cast<double>(run.figures.pairs_possible);
    page.paragraph(
        fmt::format("Of {} possible pairs {} were compared ({}). A pair is compared where any of these rules finds it, "
                    "and once only.{}",
                    grouped(run.figures.pairs_possible), grouped(run.results.pairs_scored),
                    share(possible == 0 ? 0 : static_cast<double>(run.results.pairs_scored) / possible),
                    run.results.truth
                        ? fmt::format(" They find {} of the true pairs.",
                                      share(ratio(run.results.truth->true_pairs_scored, run.results.truth->true_pairs)))
                        : ""));
    std::vector<Bar> bars;
    std::uint64_t left_out = 0;
    for (const auto& rule : run.results.rules) {
        bars.push_back({rule.name, static_cast<double>(rule.scored), grouped(rule.scored)});
        left_out += rule.pairs_left_out;
    }
    page.figure(bar_chart(ids, "Pairs that each rule was the first to find",
                          "Bars on a logarithmic scale, in the order of the rules.", bars, true),
                "Pairs that each rule was the first to find (logarithmic scale)");
    page.begin_table("Cost of each rule", {"Rule", "Blocks", "Largest block", "Pairs", "First found", "Left out"});
    for (const auto& rule : run.results.rules)
        page.row({rule.name, grouped(rule.blocks), grouped(rule.largest), grouped(rule.pairs), grouped(rule.scored),
                  grouped(rule.pairs_left_out)});
    page.end_table();
    if (left_out > 0)
        page.paragraph(
            "“Left out” are pairs of blocks that are too large to be worth comparing: a value so common tells little. "
            "Other rules may find the same pairs.");
    page.end_section();
}

void clusters(Page& page, const LinkageRun& run, ChartIds& ids) {
    if (run.figures.two_files) return;
    page.section("clusters", "Clusters by size");
    page.paragraph(
        "A cluster is one person as far as the links say. Look first at the largest: a cluster much larger than the "
        "others is more often two people than one.");
    struct Range {
        std::string name;
        std::uint64_t clusters = 0;
        std::uint64_t records = 0;
    };
    std::vector<Range> ranges;
    for (const auto& [size, count] : run.figures.cluster_sizes) {
        std::string name = size <= 10    ? fmt::format("{} {}", size, size == 1 ? "record" : "records")
                           : size <= 20  ? "11 to 20 records"
                           : size <= 50  ? "21 to 50 records"
                           : size <= 100 ? "51 to 100 records"
                                         : "more than 100 records";
        if (ranges.empty() || ranges.back().name != name) ranges.push_back({std::move(name)});
        ranges.back().clusters += count;
        ranges.back().records += count * size;
    }
    std::vector<Bar> bars;
    bars.reserve(ranges.size());
    for (const auto& range : ranges)
        bars.push_back({range.name, static_cast<double>(range.clusters), grouped(range.clusters)});
    page.figure(bar_chart(ids, "Clusters by size", "Bars on a logarithmic scale, smallest clusters first.", bars, true),
                "Clusters by the number of their records (logarithmic scale)");
    page.begin_table("Clusters by size, as a table", {"Size", "Clusters", "Records"});
    for (const auto& range : ranges) page.row({range.name, grouped(range.clusters), grouped(range.records)});
    page.end_table();
    page.end_section();
}

// ---- rows, values, run ----------------------------------------------------------------------------------------------

void rows_and_values(Page& page, const LinkageRun& run) {
    page.section("values", "Rows and values");
    page.begin_table("Rows of each file", {"File", "Rows", "Taken", "Refused", "Repeated"});
    for (std::size_t i = 0; i < run.files.size(); ++i) {
        const auto count = batch::rows_of(i == 0 ? run.left : *run.right);
        page.row(
            {run.files[i], grouped(count.rows), grouped(count.taken), grouped(count.refused), grouped(count.repeated)});
    }
    page.end_table();
    for (std::size_t i = 0; i < run.files.size(); ++i) {
        const auto& table = i == 0 ? run.left : *run.right;
        std::vector<std::string> header = {"Column", "Used as", "Filled", "Different values"};
        if (run.show_records) header.emplace_back("Most common, with its share");
        page.begin_table("Columns compared in " + run.files[i], header);
        for (const auto& column : batch::profile(table, run.show_records ? 3 : 0)) {
            std::vector<std::string> row = {column.header, std::string(batch::to_string(column.kind)),
                                            percent(ratio(column.present, batch::records(table))),
                                            grouped(column.distinct)};
            if (run.show_records) {
                std::string common;
                for (const auto& [value, records] : column.commonest)
                    common +=
                        (common.empty() ? "" : "; ") + value + " (" + percent(ratio(records, column.present)) + ")";
                row.push_back(common);
            }
            page.row(row);
        }
        page.end_table();
    }
    page.paragraph(
        "A value that is far more common than the next often stands for “not known”, such as a birth date of 1 January "
        "1900. Empty it in the file: a missing value speaks neither for nor against.");
    if (run.results.notices.empty()) {
        page.paragraph("Nothing was refused and no value was taken as missing.");
    } else {
        page.begin_table("What was not taken", {"First place", "What", "Times", "What to do"});
        for (const auto& notice : run.results.notices)
            page.row({notice.fault.place,
                      notice.fault.reason + (notice.whole_row ? ": row refused" : ": taken as missing"),
                      grouped(notice.times), notice.fault.mend});
        page.end_table();
    }
    page.end_section();
}

void how_it_was_run(Page& page, const LinkageRun& run) {
    page.section("run", "How it was made");
    for (const auto& file : run.files) page.paragraph("Read: " + escape_xml(file));
    page.open(
        "<p>The command, which gives the same result again from the same files, whatever the number of "
        "threads:</p><pre "
        "tabindex=\"0\"><code>" +
        escape_xml(run.command) + "</code></pre>");
    page.begin_table("Time by stage", {"Stage", "Seconds", "Items"});
    double all = 0;
    for (const auto& stage : run.results.stages) {
        page.row({stage.name, fmt::format("{:.2f}", stage.seconds), grouped(stage.items)});
        all += stage.seconds;
    }
    page.row({"all", fmt::format("{:.2f}", all), ""});
    page.end_table();
    page.paragraph("Processor instructions used: " + escape_xml(run.results.engine) + ".");
    page.end_section();
}

}  // namespace

std::string linkage_report(const LinkageRun& run) {
    ChartIds ids;
    std::string files;
    for (const auto& file : run.files) files += (files.empty() ? "" : " and ") + file.substr(file.rfind('/') + 1);
    Page page(
        (run.figures.two_files ? "Who is in both " : "Who is who in ") + files, run.made,
        run.show_records
            ? "This report holds personal data: the examples show values of real records. Keep it where the files "
              "themselves "
              "may be kept. --no-examples makes one without."
            : "This report shows no single record. File names, places of refused rows and the command are shown.");
    in_short(page, run);
    thresholds(page, run);
    pairs_by_weight(page, run, ids);
    truth(page, run, ids);
    linkage_examples(page, run, ids);
    the_model(page, run, ids);
    blocking(page, run, ids);
    clusters(page, run, ids);
    rows_and_values(page, run);
    how_it_was_run(page, run);
    return page.finish();
}

}  // namespace waymark::exchange
