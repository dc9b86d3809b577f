#include "exchange/linkage_examples.hpp"

#include <fmt/format.h>

#include <functional>

namespace waymark::exchange {

namespace batch = people::batch;

namespace {

void one_example(Page& page, const LinkageRun& run, ChartIds& ids, const batch::Example& example) {
    const auto& right = run.right != nullptr ? *run.right : run.left;
    const std::string id_l(batch::id_of(run.left, example.pair.l));
    const std::string id_r(batch::id_of(right, example.pair.r));
    const double weight = example.pair.weight;
    const double probability = probability_of(weight);
    page.open("<article class=\"pair\"><h4>" +
              escape_xml(
                  fmt::format("{} and {}: weight {:.2f}, probability {}", id_l, id_r, weight,
                              probability > 0.9999 ? std::string("over 0.9999") : fmt::format("{:.4f}", probability))) +
              "</h4><div class=\"sides\">");
    page.begin_table("The two records, as compared", {"Field", id_l, id_r, "Evidence"});
    const auto columns = batch::columns_of(run.left);
    for (const auto& each : example.evidence) {
        for (std::size_t c = 0; c < columns.size(); ++c) {
            if (columns[c].header != each.field) continue;
            const auto l = batch::shown_value_of(run.left, example.pair.l, c);
            const auto r = batch::shown_value_of(right, example.pair.r, c);
            const std::string words = l.empty() && r.empty() ? "Neither side has it" : each.words;
            page.row({each.field, l.empty() ? "–" : l, r.empty() ? "–" : r,
                      words + " (" + signed_weight(each.weight) + ")"});
        }
    }
    page.end_table();
    const auto& model = run.results.model;
    std::vector<Step> steps = {{"Two records taken at random", 0, model.prior, signed_weight(model.prior), false}};
    double at = model.prior;
    for (const auto& each : example.evidence) {
        if (each.level == "missing") continue;
        const std::string label = each.field.empty() ? each.words : each.field + ": " + each.words;
        steps.push_back({label, at, at + each.weight, signed_weight(each.weight), false});
        at += each.weight;
    }
    steps.push_back({"In all", 0, weight, signed_weight(weight), true});
    page.figure(
        signed_chart(ids, "Evidence for and against " + id_l + " and " + id_r,
                     "Waterfall of the weights in the table, from the odds of two records taken at random to the "
                     "odds of this pair.",
                     steps, {{"linked from", model.link_at}}),
        "Each field's evidence: solid speaks for one person, hatched against");
    page.close("</div></article>");
}

void group(Page& page, const LinkageRun& run, ChartIds& ids, const char* heading, const char* words,
           const std::function<bool(const batch::Pair&)>& belongs) {
    std::string told = "<h3>" + std::string(heading) + "</h3><p>" + words + "</p>";
    for (const auto& example : run.results.examples) {
        if (!belongs(example.pair)) continue;
        if (!told.empty()) page.open(told);
        told.clear();
        one_example(page, run, ids, example);
    }
}

}  // namespace

void linkage_examples(Page& page, const LinkageRun& run, ChartIds& ids) {
    page.section("examples", "Twins, siblings and pairs at the edge");
    page.paragraph(
        fmt::format("Offered and never linked by themselves: {} that may be twins or siblings, {} with two valid "
                    "numbers that differ.",
                    grouped(run.figures.twins), grouped(run.figures.contradicted)));
    if (!run.show_records) {
        page.paragraph("Examples are left out of this report.");
        page.end_section();
        return;
    }
    if (run.results.examples.empty()) page.paragraph("There is no example: no pair was linked or offered.");
    const auto single = [](const batch::Pair& pair) { return !pair.twin_or_sibling && !pair.contradicted; };
    group(page, run, ids, "Linked, but only just",
          "The weakest links. If these look wrong to you, raise the threshold.",
          [&](const batch::Pair& pair) { return single(pair) && pair.outcome == people::Outcome::linked; });
    group(page, run, ids, "Not linked, but only just, and the last that are looked at",
          "If most of these look right to you, lower the threshold.",
          [&](const batch::Pair& pair) { return single(pair) && pair.outcome != people::Outcome::linked; });
    group(page, run, ids, "Perhaps twins or siblings", "One birth date, family name and home, but another given name.",
          [](const batch::Pair& pair) { return pair.twin_or_sibling && !pair.contradicted; });
    group(page, run, ids, "Two valid numbers that differ",
          "A person has one such number, so one of them is wrong or these are two people.",
          [](const batch::Pair& pair) { return pair.contradicted; });
    page.end_section();
}

}  // namespace waymark::exchange
